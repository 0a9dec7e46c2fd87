//! Decision tables: for each number of participants the numbers of toxicities that lead to each decision.

use lind_escalation::{Boundaries, Decision, DecisionTable, Design};
use lind_time::Day;
use serde::Serialize;

use super::in_words;
use crate::columns::{right, width, wrap};
use crate::json::line;
use crate::style::Style;

/// The name and version of the format.
const SCHEMA: &str = "lind.escalation-table/1";

/// The decisions in the order of the columns.
const DECISIONS: [Decision; 4] = [
    Decision::Escalate,
    Decision::Stay,
    Decision::DeEscalate,
    Decision::Eliminate,
];

/// The heads of the columns.
pub(super) const HEADS: [&str; 5] = [
    "participants",
    "escalate",
    "stay",
    "de-escalate",
    "eliminate",
];

/// The numbers of toxicities that lead to a decision: `0`, `2 to 3`, or `-`.
fn toxicities(row: &Boundaries, decision: Decision) -> String {
    let mut found = (0..=row.evaluable).filter(|&dlts| row.decision(dlts) == decision);
    match (found.next(), found.next_back()) {
        (None, _) => "-".to_owned(),
        (Some(first), None) => first.to_string(),
        (Some(first), Some(last)) => format!("{first} to {last}"),
    }
}

pub(super) fn cells(row: &Boundaries) -> Vec<String> {
    let mut cells = vec![row.evaluable.to_string()];
    cells.extend(DECISIONS.map(|decision| toxicities(row, decision)));
    cells
}

/// The decision table of a design.
#[derive(Clone, Copy, Debug)]
pub struct DesignTable<'a> {
    /// The day from which on the design holds, where an amendment of a protocol says one.
    pub from: Option<Day>,
    /// The design.
    pub design: &'a Design,
    /// What it decides.
    pub table: &'a DecisionTable,
}

impl DesignTable<'_> {
    /// The name of the design, and from when on it holds.
    pub(super) fn title(&self) -> String {
        let name = self.design.name();
        self.from
            .map_or_else(|| name.to_owned(), |day| format!("{name}, from {day} on"))
    }
}

/// A decision table as text.
#[must_use]
pub fn escalation_table_text(decided: &DesignTable<'_>, style: Style) -> String {
    let mut text = format!("{}\n", style.bold(&decided.title()));
    let (said, table) = (in_words(decided.design), decided.table);
    if !said.is_empty() {
        for line in wrap(&said, style.columns()) {
            text.push_str(&format!("{line}\n"));
        }
    }
    text.push('\n');
    let rows: Vec<Vec<String>> = table.rows().iter().map(cells).collect();
    let mut widths = HEADS.map(width);
    for row in &rows {
        for (column, cell) in widths.iter_mut().zip(row) {
            *column = (*column).max(width(cell));
        }
    }
    let laid_out = |cells: &mut dyn Iterator<Item = &str>| {
        let cells: Vec<String> = cells
            .zip(widths)
            .map(|(cell, column)| right(cell, column))
            .collect();
        cells.join("  ")
    };
    text.push_str(&style.bold(&laid_out(&mut HEADS.into_iter())));
    text.push('\n');
    for row in &rows {
        text.push_str(&laid_out(&mut row.iter().map(String::as_str)));
        text.push('\n');
    }
    text
}

/// The same for a page.
#[must_use]
pub fn escalation_table_markdown(decided: &DesignTable<'_>) -> String {
    let mut text = format!("## {}\n\n", decided.title());
    let (said, table) = (in_words(decided.design), decided.table);
    if !said.is_empty() {
        text.push_str(&format!("{said}.\n\n"));
    }
    text.push_str(&format!(
        "| {} |\n|---:|---:|---:|---:|---:|\n",
        HEADS.join(" | ")
    ));
    for row in table.rows() {
        text.push_str(&format!("| {} |\n", cells(row).join(" | ")));
    }
    text
}

#[derive(Serialize)]
struct WireTable<'a> {
    schema: &'static str,
    design: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<String>,
    target: Option<String>,
    rows: Vec<WireRow>,
}

#[derive(Serialize)]
struct WireRow {
    evaluable: u32,
    escalate_up_to: Option<u32>,
    de_escalate_from: Option<u32>,
    eliminate_from: Option<u32>,
}

/// The same as one JSON object, schema `lind.escalation-table/1`, without a line break at its end.
#[must_use]
pub fn escalation_table_json(decided: &DesignTable<'_>) -> String {
    let (design, table) = (decided.design, decided.table);
    line(&WireTable {
        schema: SCHEMA,
        design: design.name(),
        from: decided.from.map(|day| day.to_string()),
        target: design.target().map(ToString::to_string),
        rows: table
            .rows()
            .iter()
            .map(|row| WireRow {
                evaluable: row.evaluable,
                escalate_up_to: row.escalate_up_to,
                de_escalate_from: row.de_escalate_from,
                eliminate_from: row.eliminate_from,
            })
            .collect(),
    })
}
