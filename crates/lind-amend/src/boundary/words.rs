//! What is special about a made-up patient, in words.

use lind_model::plan::Plan;
use lind_records::Table;
use lind_time::Day;

use super::explore::Edit;
use crate::patient::{Patient, Row};
pub(super) use crate::words::{name, row};

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
