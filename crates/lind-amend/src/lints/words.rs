//! A made-up patient in plain words.

use lind_model::plan::Plan;

use crate::patient::Patient;
use crate::words::row;

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
