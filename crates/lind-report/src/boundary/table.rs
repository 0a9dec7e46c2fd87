//! The lists as CSV, for spreadsheets.

use lind_model::boundary::{BoundaryCases, NoPatient};

use super::why_absent;
use crate::screen::csv_row;

/// One row a patient: who, at which gate, of which criterion, which case of it, the condition, what is special, from
/// whom they differ in that alone, what is to be expected of the criterion and of the patient, and why.
#[must_use]
pub fn boundary_csv(made: &BoundaryCases) -> String {
    let mut text = csv_row([
        "patient",
        "gate",
        "criterion",
        "case",
        "condition",
        "special",
        "beside",
        "outcome",
        "effect",
        "verdict",
        "reason",
    ]);
    for case in &made.cases {
        let expected = case.expected.as_ref();
        text.push_str(&csv_row([
            &case.name,
            &case.gate,
            case.criterion.as_deref().unwrap_or_default(),
            case.sort.word(),
            &case.condition,
            &case.special,
            case.beside.as_deref().unwrap_or_default(),
            expected.map_or("", |(outcome, _, _)| outcome.word()),
            expected.map_or("", |(_, effect, _)| effect.word()),
            case.standing.word(),
            expected.map_or("", |(_, _, reason)| reason),
        ]));
    }
    text
}

/// One row for each patient whom there is not, and why.
#[must_use]
pub fn absent_csv(made: &BoundaryCases) -> String {
    let mut text = csv_row([
        "gate",
        "criterion",
        "case",
        "condition",
        "status",
        "beside",
        "reason",
    ]);
    for absent in &made.absent {
        let beside = match &absent.why {
            NoPatient::Impossible { beside } => beside.join(" "),
            _ => String::new(),
        };
        text.push_str(&csv_row([
            &absent.gate,
            absent.criterion.as_deref().unwrap_or_default(),
            absent.sort.word(),
            &absent.condition,
            absent.why.word(),
            &beside,
            &why_absent(absent),
        ]));
    }
    text
}
