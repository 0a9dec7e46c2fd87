//! Dose escalation: decision tables and operating characteristics.

mod page;
mod replay;
mod simulation;
mod table;

use lind_escalation::{Boin, Design, EquivalenceInterval, Safety, percent_text};

pub(crate) use page::decision_figure;
pub use page::{escalation_tables_html, simulation_html};
pub use replay::{Replayed, replay_json, replay_markdown, replay_text};
pub use simulation::{
    Simulated, Simulations, simulation_json, simulation_markdown, simulation_text,
};
pub use table::{
    DesignTable, escalation_table_json, escalation_table_markdown, escalation_table_text,
};

/// A design with its parameters, in one sentence without a full stop.
pub(crate) fn in_words(design: &Design) -> String {
    let mut parts = Vec::new();
    match design {
        Design::ThreePlusThree(variant) => {
            if !variant.de_escalates {
                parts.push("without de-escalation".to_owned());
            }
            if !variant.six_at_mtd {
                parts.push("three are enough at the maximum tolerated dose".to_owned());
            }
        }
        Design::Boin(boin) => parts.extend(boin_in_words(boin)),
        Design::Mtpi2(interval) | Design::Mtpi(interval) | Design::I3Plus3(interval) => {
            parts.extend(interval_in_words(interval));
        }
        Design::AcceleratedTitration(variant) => parts.push(format!(
            "single participants until the first toxicity or {} moderate ones, then 3+3 as below; not verified against \
             the paper",
            variant.moderate
        )),
        Design::Table(_) => {}
    }
    if let Some(safety) = design.safety() {
        parts.extend(safety_in_words(safety));
    }
    parts.join("; ")
}

fn boin_in_words(boin: &Boin) -> Vec<String> {
    let mut parts = vec![format!("target {}", percent_text(&boin.target))];
    if let (Some(up), Some(down)) = (boin.escalation_rate(96), boin.de_escalation_rate(96)) {
        // The bounds are far closer than the digits shown.
        parts.push(format!(
            "the dose goes up with a share of toxicities of at most {}, down with at least {}",
            up.low().to_decimal_text(6),
            down.low().to_decimal_text(6)
        ));
    }
    let usual = Boin::new(boin.target.clone());
    if boin.too_low != usual.too_low || boin.too_toxic != usual.too_toxic {
        parts.push(format!(
            "too low is {}, too toxic {}",
            percent_text(&boin.too_low),
            percent_text(&boin.too_toxic)
        ));
    }
    parts
}

fn interval_in_words(interval: &EquivalenceInterval) -> Vec<String> {
    vec![
        format!("target {}", percent_text(&interval.target)),
        format!(
            "near enough from {} to {}",
            percent_text(&interval.target.sub(&interval.below)),
            percent_text(&interval.target.add(&interval.above))
        ),
    ]
}

fn safety_in_words(safety: &Safety) -> Vec<String> {
    let mut parts = vec![format!(
        "a level is eliminated where, among at least {}, it is above the target with more than {} probability",
        safety.least,
        percent_text(&safety.cut_off)
    )];
    if let Some(offset) = &safety.extra_safe {
        parts.push(format!(
            "the trial also stops where the lowest level is so with more than {}",
            percent_text(&safety.cut_off.sub(offset))
        ));
    }
    if let Some(enough) = safety.stops_at {
        parts.push(format!(
            "the trial stops where it stays at a level with {enough}"
        ));
    }
    parts
}
