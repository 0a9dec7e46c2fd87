//! A record of a made-up patient in words.

use std::sync::Arc;

use lind_model::plan::Plan;
use lind_records::Table;

use crate::patient::{Row, fact_table};

/// What a row is about, by the name that the protocol has for it, or else its code.
pub(crate) fn name(plan: &Plan, row: &Row) -> String {
    let protocol = &plan.protocol;
    let is_own = |codes: &[Arc<str>]| {
        codes.iter().any(|code| {
            code.strip_suffix('*')
                .map_or(&**code == row.about(), |own| row.about().starts_with(own))
        })
    };
    let name = match row.table {
        Table::Observations => protocol
            .measures
            .iter()
            .find(|measure| &*measure.name == row.about() || is_own(&measure.codes))
            .map(|measure| &measure.name)
            .or_else(|| {
                let mut formulas = protocol.formulas.iter();
                let own = formulas.find(|formula| is_own(&formula.codes));
                own.map(|formula| &formula.name)
            }),
        Table::Milestones | Table::Attestations | Table::Visits => None,
        // Of the sets that have it the smallest says the most.
        table => protocol
            .sets
            .iter()
            .filter(|set| fact_table(set.table) == table && is_own(&set.codes))
            .min_by_key(|set| set.codes.len())
            .map(|set| &set.name),
    };
    name.map_or_else(|| row.about().to_owned(), ToString::to_string)
}

/// A row in words.
pub(crate) fn row(plan: &Plan, row: &Row) -> String {
    let mut text = name(plan, row);
    let cells = row.cells.iter().skip(1);
    for (column, cell) in cells.filter(|(_, cell)| !cell.is_empty()) {
        match *column {
            "value" | "result" => text.push_str(&format!(" {cell}")),
            "unit" => {
                let unit = cell.split_once('{').map_or(&**cell, |(unit, _)| unit);
                if !unit.is_empty() {
                    text.push_str(&format!(" {unit}"));
                }
            }
            "answer" => text.push_str(&format!(": {cell}")),
            "time" => text.push_str(&format!(" on {cell}")),
            "onset" | "start" => text.push_str(&format!(" from {cell}")),
            "abatement" | "end" => text.push_str(&format!(" until {cell}")),
            "low" | "high" | "specimen" | "status" | "investigational" => {}
            other => text.push_str(&format!(", {other} {cell}")),
        }
    }
    text
}
