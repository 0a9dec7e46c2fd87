//! What is special about a made-up patient, in words.

use std::sync::Arc;

use lind_model::plan::Plan;
use lind_records::Table;
use lind_time::Day;

use super::explore::Edit;
use crate::patient::{Patient, Row, fact_table};

/// What a row is about, by the name that the protocol has for it, or else its code.
pub(super) fn name(plan: &Plan, row: &Row) -> String {
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
pub(super) fn row(plan: &Plan, row: &Row) -> String {
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

/// What a column of a row says, in words.
pub(super) fn cell(plan: &Plan, row: &Row, column: &str) -> String {
    let name = name(plan, row);
    let text = row.text(column);
    let on = match row.text("time") {
        "" => String::new(),
        time => format!(" on {time}"),
    };
    match column {
        "value" => {
            let limit = match (row.text("low"), row.text("high")) {
                ("", "") => String::new(),
                (low, "") => format!(", where at least {low} is normal"),
                ("", high) => format!(", where at most {high} is normal"),
                (low, high) => format!(", where {low} to {high} is normal"),
            };
            let unit = row.text("unit");
            let unit = unit.split_once('{').map_or(unit, |(unit, _)| unit);
            let space = if unit.is_empty() { "" } else { " " };
            format!("{name} {text}{space}{unit}{on}{limit}")
        }
        "result" => format!("{name} {text}{on}"),
        "time" => format!("{name} on {text}"),
        "onset" | "start" => format!("{name} begins on {text}"),
        "abatement" | "end" => format!("{name} ends on {text}"),
        "code" => format!("{name} ({text})"),
        other => format!("{name}, {other} {text}"),
    }
}

/// A date of birth in words.
pub(super) fn born(born: Option<Day>, at: Day) -> String {
    born.map_or_else(
        || "no date of birth".to_owned(),
        |born| {
            let years = born.completed_years_until(at);
            format!("born on {born}, {years} years old on {at}")
        },
    )
}

/// In what the first of two patients differs from the second, in words.
pub(super) fn first_of(
    plan: &Plan,
    edits: &[Edit],
    patient: &Patient,
    at: Day,
    asked: Option<&str>,
) -> String {
    let said: Vec<String> = edits
        .iter()
        .map(|edit| match edit {
            Edit::Sex => patient
                .sex
                .map_or_else(|| "no sex is recorded".to_owned(), str::to_owned),
            Edit::Born => born(patient.born, at),
            Edit::Row(Some(own), _) => row(plan, own),
            Edit::Row(None, Some(other)) => not_recorded(plan, other, patient, asked),
            Edit::Row(None, None) => String::new(),
        })
        .collect();
    said.join("; ")
}

/// That a row is not there, of what is asked for by a name.
pub(super) fn not_recorded(
    plan: &Plan,
    other: &Row,
    patient: &Patient,
    asked: Option<&str>,
) -> String {
    let alike = |own: &Row| own.table == other.table && own.about() == other.about();
    if patient.rows.iter().any(alike) {
        return format!("without {}", row(plan, other));
    }
    let name = name(plan, other);
    match other.table {
        Table::Attestations => format!("{name}: no answer"),
        _ => format!("no {} is recorded", asked.unwrap_or(&name)),
    }
}
