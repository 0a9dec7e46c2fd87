//! Operating characteristics of one design, or of several side by side.

use lind_escalation::{Design, OperatingCharacteristics, Settings, percent_text};
use lind_units::Exact;
use serde::Serialize;

use super::in_words;
use crate::columns::{left, right, width, wrap};
use crate::json::line;
use crate::names::counted;
use crate::style::Style;

/// The name and version of the format.
const SCHEMA: &str = "lind.operating-characteristics/1";

/// A design and what it did.
#[derive(Clone, Debug)]
pub struct Simulated {
    /// The design.
    pub design: Design,
    /// What it did.
    pub found: OperatingCharacteristics,
}

/// A row of the comparison.
pub(super) enum Row {
    Head(&'static str),
    Line(String, Vec<String>),
}

/// What a row says of each design.
type OfDesign<'a> = &'a dyn Fn(&OperatingCharacteristics) -> String;

fn in_percent(share: &Exact) -> String {
    share.mul(&Exact::from(100)).rounded_text(1)
}

pub(super) fn rows(settings: &Settings, simulated: &[Simulated]) -> Vec<Row> {
    let all = |of: OfDesign<'_>| -> Vec<String> {
        simulated
            .iter()
            .map(|simulated| of(&simulated.found))
            .collect()
    };
    let rates: Vec<String> = settings.rates.iter().map(percent_text).collect();
    let widest = rates.iter().map(|rate| width(rate)).max().unwrap_or(0);
    let digits = rates.len().to_string().len();
    let names: Vec<String> = (1_usize..)
        .zip(&rates)
        .map(|(number, rate)| {
            let number = right(&number.to_string(), digits);
            format!("level {number}, {}", right(rate, widest))
        })
        .collect();
    let levels = |rows: &mut Vec<Row>, of: &dyn Fn(&OperatingCharacteristics, usize) -> String| {
        for (level, name) in names.iter().enumerate() {
            rows.push(Row::Line(name.clone(), all(&|found| of(found, level))));
        }
    };
    let mut rows = vec![Row::Head(
        "Selected as the maximum tolerated dose, % of the trials",
    )];
    levels(&mut rows, &|found, level| {
        in_percent(&found.share_selected(level))
    });
    rows.push(Row::Line(
        "none".to_owned(),
        all(&|found| in_percent(&found.share_none())),
    ));
    rows.push(Row::Head("Participants of a trial, on average"));
    levels(&mut rows, &|found, level| {
        found.mean_participants(level).rounded_text(1)
    });
    rows.push(Row::Line(
        "all".to_owned(),
        all(&|found| found.mean_size().rounded_text(1)),
    ));
    rows.push(Row::Head("Dose-limiting toxicities of a trial, on average"));
    levels(&mut rows, &|found, level| {
        found.mean_dlts(level).rounded_text(1)
    });
    rows.push(Row::Line(
        "all".to_owned(),
        all(&|found| found.mean_toxicities().rounded_text(1)),
    ));
    rows.push(Row::Head("Safety"));
    rows.push(Row::Line(
        "treated above the target, %".to_owned(),
        all(&|found| in_percent(&found.share_overdosed())),
    ));
    rows.push(Row::Line(
        "stopped as too toxic, %".to_owned(),
        all(&|found| in_percent(&found.share_too_toxic())),
    ));
    if simulated.iter().any(|simulated| simulated.found.enough > 0) {
        rows.push(Row::Line(
            "stopped with enough at a level, %".to_owned(),
            all(&|found| in_percent(&found.share_enough())),
        ));
    }
    rows
}

/// What was simulated, in one sentence without a full stop.
pub(super) fn setting(settings: &Settings) -> String {
    let start = match settings.start {
        0 => String::new(),
        start => format!(" that begin at level {}", start + 1),
    };
    format!(
        "{} of at most {}{start}, in cohorts of {} (3+3 and accelerated titration have their own); target {}, seed {}",
        counted(u64::from(settings.trials), "trial", "trials"),
        counted(u64::from(settings.most), "participant", "participants"),
        settings.cohort,
        percent_text(&settings.target),
        settings.seed
    )
}

/// How much of a share is chance: twice its standard error is at most `1 / sqrt(trials)`.
pub(super) fn chance(settings: &Settings) -> String {
    let tenths = (1_000_000 / u64::from(settings.trials.max(1)))
        .isqrt()
        .max(1);
    format!(
        "By chance a share of the trials may be off by {}.{} percentage points",
        tenths / 10,
        tenths % 10
    )
}

/// Operating characteristics as a table of text, a column a design.
#[must_use]
pub fn simulation_text(settings: &Settings, simulated: &[Simulated], style: Style) -> String {
    let mut text = String::new();
    let paragraph = |text: &mut String, said: &str| {
        for line in wrap(said, style.columns()) {
            text.push_str(&format!("{line}\n"));
        }
    };
    paragraph(&mut text, &setting(settings));
    for simulated in simulated {
        let said = in_words(&simulated.design);
        if !said.is_empty() {
            let said = format!("{}: {said}", simulated.design.name());
            paragraph(&mut text, &said);
        }
    }
    let rows = rows(settings, simulated);
    let first = rows.iter().map(|row| match row {
        Row::Head(_) => 0,
        Row::Line(name, _) => width(name) + 2,
    });
    let first = first.max().unwrap_or(0);
    let names = simulated.iter().map(|simulated| simulated.design.name());
    let columns: Vec<usize> = names.clone().map(|name| width(name).max(6)).collect();
    let mut head = " ".repeat(first);
    for (name, column) in names.zip(&columns) {
        head.push_str(&format!("  {}", right(name, *column)));
    }
    text.push_str(&format!("\n{}\n", style.bold(&head)));
    for row in rows {
        match row {
            Row::Head(head) => text.push_str(&format!("{}\n", style.bold(head))),
            Row::Line(name, cells) => {
                let mut line = left(&format!("  {name}"), first);
                for (cell, column) in cells.iter().zip(&columns) {
                    line.push_str(&format!("  {}", right(cell, *column)));
                }
                text.push_str(&format!("{line}\n"));
            }
        }
    }
    text.push('\n');
    paragraph(&mut text, &format!("{}.", chance(settings)));
    text
}

/// The same for a page.
#[must_use]
pub fn simulation_markdown(settings: &Settings, simulated: &[Simulated]) -> String {
    let mut text = format!("{}.\n\n", setting(settings));
    let mut line = |first: &str, cells: &[String]| {
        text.push_str(&format!("| {first} | {} |\n", cells.join(" | ")));
    };
    let names: Vec<String> = simulated
        .iter()
        .map(|simulated| simulated.design.name().to_owned())
        .collect();
    line("", &names);
    line("---", &vec!["---:".to_owned(); names.len()]);
    for row in rows(settings, simulated) {
        match row {
            Row::Head(head) => line(&format!("**{head}**"), &vec![String::new(); names.len()]),
            Row::Line(name, cells) => line(&name, &cells),
        }
    }
    text.push_str(&format!("\n{}.\n", chance(settings)));
    text
}

#[derive(Serialize)]
struct WireSimulation<'a> {
    schema: &'static str,
    trials: u32,
    most: u32,
    cohort: u32,
    start: usize,
    target: String,
    seed: u64,
    designs: Vec<WireDesign<'a>>,
}

#[derive(Serialize)]
struct WireDesign<'a> {
    design: &'a str,
    levels: Vec<WireLevel>,
    none_selected: u64,
    too_toxic: u64,
    enough: u64,
    overdosed: u64,
}

/// Counts over all trials: whoever reads them divides.
#[derive(Serialize)]
struct WireLevel {
    level: usize,
    rate: String,
    selected: u64,
    participants: u64,
    dlts: u64,
}

/// The same as one JSON object, schema `lind.operating-characteristics/1`, without a line break at its end.
#[must_use]
pub fn simulation_json(settings: &Settings, simulated: &[Simulated]) -> String {
    line(&WireSimulation {
        schema: SCHEMA,
        trials: settings.trials,
        most: settings.most,
        cohort: settings.cohort,
        start: settings.start + 1,
        target: settings.target.to_string(),
        seed: settings.seed,
        designs: simulated
            .iter()
            .map(|simulated| wire(settings, simulated))
            .collect(),
    })
}

fn wire<'a>(settings: &Settings, simulated: &'a Simulated) -> WireDesign<'a> {
    let found = &simulated.found;
    let levels = (1_usize..).zip(settings.rates.iter().zip(&found.levels));
    WireDesign {
        design: simulated.design.name(),
        levels: levels
            .map(|(level, (rate, counts))| WireLevel {
                level,
                rate: rate.to_string(),
                selected: counts.selected,
                participants: counts.participants,
                dlts: counts.dlts,
            })
            .collect(),
        none_selected: found.none_selected,
        too_toxic: found.too_toxic,
        enough: found.enough,
        overdosed: found.overdosed,
    }
}
