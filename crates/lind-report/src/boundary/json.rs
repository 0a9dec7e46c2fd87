//! The lists as JSON, schema `lind.cases/1`.

use std::collections::BTreeMap;

use lind_model::boundary::{AbsentCase, BoundaryCase, NoPatient};
use serde::Serialize;

use super::{Boundaries, why_absent};
use crate::json::line;

/// The name and version of the format. The version rises when a field goes or changes its meaning; new fields may
/// come at any time.
const SCHEMA: &str = "lind.cases/1";

#[derive(Serialize)]
struct WireCases<'a> {
    schema: &'static str,
    protocol: &'a str,
    patients: Vec<WireCase<'a>>,
    absent: Vec<WireAbsent<'a>>,
}

#[derive(Serialize)]
struct WireCase<'a> {
    patient: &'a str,
    gate: &'a str,
    /// None for somebody typical.
    criterion: Option<&'a str>,
    case: &'static str,
    condition: &'a str,
    special: &'a str,
    /// The patient from whom this one differs in what is special alone.
    beside: Option<&'a str>,
    expected: WireExpected<'a>,
    sex: Option<&'a str>,
    birth_date: Option<String>,
    records: Vec<WireRecord<'a>>,
}

#[derive(Serialize)]
struct WireExpected<'a> {
    outcome: Option<&'static str>,
    effect: Option<&'static str>,
    verdict: &'static str,
    reason: Option<&'a str>,
}

#[derive(Serialize)]
struct WireRecord<'a> {
    table: &'a str,
    cells: BTreeMap<&'a str, &'a str>,
}

#[derive(Serialize)]
struct WireAbsent<'a> {
    gate: &'a str,
    criterion: Option<&'a str>,
    case: &'static str,
    condition: &'a str,
    status: &'static str,
    /// The criteria that cannot be passed besides.
    beside: Vec<&'a str>,
    reason: String,
}

/// Everything that was made, and what could not be, in one object in one line.
#[must_use]
pub fn boundary_json(cases: &Boundaries<'_>) -> String {
    line(&WireCases {
        schema: SCHEMA,
        protocol: &cases.protocol.id,
        patients: cases.made.cases.iter().map(case).collect(),
        absent: cases.made.absent.iter().map(absent).collect(),
    })
}

fn case(case: &BoundaryCase) -> WireCase<'_> {
    let expected = case.expected.as_ref();
    WireCase {
        patient: &case.name,
        gate: &case.gate,
        criterion: case.criterion.as_deref(),
        case: case.sort.word(),
        condition: &case.condition,
        special: &case.special,
        beside: case.beside.as_deref(),
        expected: WireExpected {
            outcome: expected.map(|(outcome, _, _)| outcome.word()),
            effect: expected.map(|(_, effect, _)| effect.word()),
            verdict: case.standing.word(),
            reason: expected.map(|(_, _, reason)| reason.as_str()),
        },
        sex: case.sex,
        birth_date: case.born.map(|born| born.to_string()),
        records: case
            .rows
            .iter()
            .map(|row| WireRecord {
                table: row.table,
                cells: row
                    .cells
                    .iter()
                    .filter(|(_, text)| !text.is_empty())
                    .map(|(column, text)| (*column, text.as_str()))
                    .collect(),
            })
            .collect(),
    }
}

fn absent(absent: &AbsentCase) -> WireAbsent<'_> {
    WireAbsent {
        gate: &absent.gate,
        criterion: absent.criterion.as_deref(),
        case: absent.sort.word(),
        condition: &absent.condition,
        status: absent.why.word(),
        beside: match &absent.why {
            NoPatient::Impossible { beside } => beside.iter().map(|id| &**id).collect(),
            _ => Vec::new(),
        },
        reason: why_absent(absent),
    }
}
