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

/// Designs side by side, in the same trials.
#[derive(Clone, Debug)]
pub struct Simulations {
    /// The trials.
    pub settings: Settings,
    /// The names of the dose levels, lowest first; without names they are counted.
    pub names: Vec<String>,
    /// The designs.
    pub designs: Vec<Simulated>,
}

impl Simulations {
    fn name(&self, level: usize) -> String {
        let name = self.names.get(level).cloned();
        name.unwrap_or_else(|| {
            let digits = self.settings.rates.len().to_string().len();
            format!("level {}", right(&(level + 1).to_string(), digits))
        })
    }
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

pub(super) fn rows(simulations: &Simulations) -> Vec<Row> {
    let (settings, simulated) = (&simulations.settings, &simulations.designs);
    let all = |of: OfDesign<'_>| -> Vec<String> {
        simulated
            .iter()
            .map(|simulated| of(&simulated.found))
            .collect()
    };
    let rates: Vec<String> = settings.rates.iter().map(percent_text).collect();
    let widest = rates.iter().map(|rate| width(rate)).max().unwrap_or(0);
    let named: Vec<String> = (0..rates.len())
        .map(|level| simulations.name(level))
        .collect();
    let longest = named.iter().map(|name| width(name)).max().unwrap_or(0);
    let names: Vec<String> = named
        .iter()
        .zip(&rates)
        .map(|(name, rate)| {
            let space = longest - width(name) + widest;
            format!("{name}, {}", right(rate, space))
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
pub(super) fn setting(simulations: &Simulations) -> String {
    let settings = &simulations.settings;
    let start = match settings.start {
        0 => String::new(),
        start => format!(" that begin at {}", simulations.name(start)),
    };
    let at_level = settings.most_at_level;
    let at_level = at_level.map_or_else(String::new, |most| format!(" ({most} at a level)"));
    format!(
        "{} of at most {}{at_level}{start}, in cohorts of {} (3+3 and accelerated titration have their own); target {}, seed {}",
        counted(u64::from(settings.trials), "trial", "trials"),
        counted(u64::from(settings.most), "participant", "participants"),
        settings.cohort,
        percent_text(&settings.target),
        settings.seed
    )
}

/// How much of a share is chance: twice its standard error is at most `1 / sqrt(trials)`.
pub(super) fn chance(settings: &Settings) -> String {
    let trials = u64::from(settings.trials.max(1));
    let below = (1_000_000 / trials).isqrt();
    // A bound is rounded up.
    let tenths = below + u64::from(below * below * trials < 1_000_000);
    format!(
        "By chance a share of the trials may be off by {}.{} percentage points",
        tenths / 10,
        tenths % 10
    )
}

/// Operating characteristics as a table of text, a column a design.
#[must_use]
pub fn simulation_text(simulations: &Simulations, style: Style) -> String {
    let (settings, simulated) = (&simulations.settings, &simulations.designs);
    let mut text = String::new();
    let paragraph = |text: &mut String, said: &str| {
        for line in wrap(said, style.columns()) {
            text.push_str(&format!("{line}\n"));
        }
    };
    paragraph(&mut text, &setting(simulations));
    for simulated in simulated {
        let said = in_words(&simulated.design);
        if !said.is_empty() {
            let said = format!("{}: {said}", simulated.design.name());
            paragraph(&mut text, &said);
        }
    }
    let rows = rows(simulations);
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
pub fn simulation_markdown(simulations: &Simulations) -> String {
    let (settings, simulated) = (&simulations.settings, &simulations.designs);
    let mut text = format!("{}.\n\n", setting(simulations));
    let mut line = |first: &str, cells: &[String]| {
        text.push_str(&format!("| {first} | {} |\n", cells.join(" | ")));
    };
    let names: Vec<String> = simulated
        .iter()
        .map(|simulated| simulated.design.name().to_owned())
        .collect();
    line("", &names);
    line("---", &vec!["---:".to_owned(); names.len()]);
    for row in rows(simulations) {
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
    #[serde(skip_serializing_if = "Option::is_none")]
    most_at_level: Option<u32>,
    cohort: u32,
    start: usize,
    target: String,
    seed: u64,
    designs: Vec<WireDesign<'a>>,
}

#[derive(Serialize)]
struct WireDesign<'a> {
    design: &'a str,
    levels: Vec<WireLevel<'a>>,
    none_selected: u64,
    too_toxic: u64,
    enough: u64,
    overdosed: u64,
}

/// Counts over all trials: whoever reads them divides.
#[derive(Serialize)]
struct WireLevel<'a> {
    level: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    rate: String,
    selected: u64,
    participants: u64,
    dlts: u64,
}

/// The same as one JSON object, schema `lind.operating-characteristics/1`, without a line break at its end.
#[must_use]
pub fn simulation_json(simulations: &Simulations) -> String {
    let (settings, simulated) = (&simulations.settings, &simulations.designs);
    line(&WireSimulation {
        schema: SCHEMA,
        trials: settings.trials,
        most: settings.most,
        most_at_level: settings.most_at_level,
        cohort: settings.cohort,
        start: settings.start + 1,
        target: settings.target.to_string(),
        seed: settings.seed,
        designs: simulated
            .iter()
            .map(|simulated| wire(simulations, simulated))
            .collect(),
    })
}

fn wire<'a>(simulations: &'a Simulations, simulated: &'a Simulated) -> WireDesign<'a> {
    let found = &simulated.found;
    let levels = (1_usize..).zip(simulations.settings.rates.iter().zip(&found.levels));
    WireDesign {
        design: simulated.design.name(),
        levels: levels
            .map(|(level, (rate, counts))| WireLevel {
                level,
                name: simulations.names.get(level - 1).map(String::as_str),
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
