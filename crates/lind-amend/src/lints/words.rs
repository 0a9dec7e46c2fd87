//! A made-up patient in plain words.

use std::sync::Arc;

use lind_model::plan::Plan;
use lind_records::Table;

use crate::patient::{Patient, Row};

/// How many records are told.
const MOST_ROWS: usize = 8;

/// Who a made-up patient is and what is recorded of them.
pub(super) fn patient(plan: &Plan, patient: &Patient) -> String {
    let mut said = vec!["a made-up patient".to_owned()];
    said.extend(patient.sex.map(str::to_owned));
    said.extend(patient.born.map(|born| format!("born {born}")));
    let told = patient.rows.iter().take(MOST_ROWS);
    said.extend(told.map(|own| row(plan, own)));
    let more = patient.rows.len().saturating_sub(MOST_ROWS);
    if more > 0 {
        said.push(format!("and {more} more such records"));
    }
    said.join(", ")
}

fn row(plan: &Plan, row: &Row) -> String {
    let protocol = &plan.protocol;
    let is_own = |codes: &[Arc<str>]| codes.iter().any(|code| &**code == row.about());
    let name = match row.table {
        Table::Observations => protocol
            .measures
            .iter()
            .find(|measure| &*measure.name == row.about() || is_own(&measure.codes))
            .map(|measure| measure.name.to_string())
            .or_else(|| {
                let formulas = protocol.formulas.iter();
                let mut own = formulas.filter(|formula| is_own(&formula.codes));
                own.next().map(|formula| formula.name.to_string())
            }),
        _ => None,
    };
    let mut text = name.unwrap_or_else(|| row.about().to_owned());
    let rest = row
        .cells
        .iter()
        .skip(1)
        .filter(|(_, text)| !text.is_empty());
    for (column, cell) in rest {
        match *column {
            "value" | "unit" | "result" | "answer" => text.push_str(&format!(" {cell}")),
            "time" => text.push_str(&format!(" on {cell}")),
            "specimen" => {}
            other => text.push_str(&format!(" {other} {cell}")),
        }
    }
    text
}
