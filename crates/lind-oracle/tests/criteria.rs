//! Criteria of real trials as files, each with small patients and what comes out for them: the interpreter and
//! the oracle must both say what stands there.
//!
//! Behind the protocol stand its patients, as remarks. The outcomes are those of the last gate.
//!
//! ```text
//! # everyone
//! #   milestones screening: time 2024-06-01
//! # patient Ada: I1 met, E1 unknown
//! #   female 1980-02-03
//! #   observations alt: time 2024-05-02, value 16, unit U/L
//! ```
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    reason = "tests fail by panicking"
)]
#![allow(clippy::disallowed_methods, reason = "the cases are files")]

#[allow(dead_code, reason = "shared with the differential test")]
mod support;

use std::path::Path;

use lind_check::{Loader, check};
use lind_diagnostics::Files;
use lind_model::{Choices, Plan, Protocol, Verdict};
use lind_oracle::generate::{Case, Pair};
use lind_oracle::{Patient, PlainDataset, PlainTable, Row};

/// Only the library is used.
struct Nothing;

impl Loader for Nothing {
    fn load(&mut self, _: &str, _: &str) -> Result<(String, String), String> {
        Err("there is no such file".to_owned())
    }
}

/// A patient, and what is expected of each criterion.
struct Expected {
    name: String,
    outcomes: Vec<(String, String)>,
    patient: Patient,
}

#[test]
fn criteria_come_out_as_written() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/criteria");
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    assert!(!paths.is_empty());
    let mut wrong = Vec::new();
    for path in paths {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        let protocol = checked(&name, &text);
        let patients = patients(&text);
        assert!(!patients.is_empty(), "{name} has no patients");
        for expected in patients {
            wrong.extend(held_against(&name, &protocol, &expected));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The protocol of a file without findings.
fn checked(name: &str, text: &str) -> Protocol {
    let mut files = Files::new();
    let root = files.add(name, text);
    let analysis = check(&mut files, root, &mut Nothing);
    let said: String = analysis
        .diagnostics
        .iter()
        .map(|diagnostic| lind_render::to_text(&files, diagnostic, lind_render::Style::default()))
        .collect();
    assert!(said.is_empty(), "{name}\n{said}");
    (*analysis.protocol.expect("a protocol")).clone()
}

/// What comes out otherwise than it is written.
fn held_against(file: &str, protocol: &Protocol, expected: &Expected) -> Vec<String> {
    let choices = Choices::chosen(protocol);
    let shared = std::sync::Arc::new(protocol.clone());
    let plan = Plan::lower(&shared, choices.clone()).expect("a small protocol");
    let pair = Pair {
        protocol: protocol.clone(),
        choices,
        case: Case {
            patient: expected.patient.clone(),
            dataset: PlainDataset::default(),
            gate: *plan.gates.last().expect("a gate"),
            bound: Vec::new(),
        },
    };
    let (by_interpreter, by_oracle) = (support::interpreter(&pair), support::oracle(&pair));
    let mut wrong = Vec::new();
    for (id, outcome) in &expected.outcomes {
        let of = |verdict: &Verdict| {
            let place = protocol
                .criteria
                .iter()
                .position(|criterion| *criterion.id == **id)
                .unwrap_or_else(|| panic!("{file}: there is no {id}"));
            verdict.criteria[place].outcome.word().to_owned()
        };
        let (found, also) = (of(&by_interpreter), of(&by_oracle));
        if found != *outcome || also != *outcome {
            wrong.push(format!(
                "{file}, {}, {id}: {outcome} is expected, the interpreter says {found}, the oracle {also}",
                expected.name
            ));
        }
    }
    wrong
}

fn patients(text: &str) -> Vec<Expected> {
    let mut everyone: Vec<Row> = Vec::new();
    let mut found: Vec<Expected> = Vec::new();
    for line in text.lines() {
        if line.starts_with("# everyone") {
            continue;
        }
        if let Some(head) = line.strip_prefix("# patient ") {
            let (name, outcomes) = head.split_once(": ").expect("outcomes");
            let outcomes = outcomes.split(", ").map(|one| {
                let (id, outcome) = one.split_once(' ').expect("an outcome");
                (id.to_owned(), outcome.to_owned())
            });
            found.push(Expected {
                name: name.to_owned(),
                outcomes: outcomes.collect(),
                patient: Patient {
                    rows: everyone.clone(),
                    ..Patient::default()
                },
            });
        } else if let Some(fact) = line.strip_prefix("#   ") {
            let patient = found.last_mut().map(|last| &mut last.patient);
            match (fact.split_once(": "), patient) {
                (Some((about, fields)), patient) => {
                    let row = row(about, fields);
                    match patient {
                        Some(patient) => patient.rows.push(row),
                        None => everyone.push(row),
                    }
                }
                (None, Some(patient)) => {
                    let (sex, birth) = fact.split_once(' ').unwrap_or((fact, ""));
                    patient.sex = sex.to_owned();
                    patient.birth = birth.to_owned();
                }
                (None, None) => panic!("`{fact}` stands before the first patient"),
            }
        }
    }
    found
}

/// `observations alt`, `time 2024-05-02, value 16`
fn row(about: &str, fields: &str) -> Row {
    let (table, about) = about.split_once(' ').expect("a table and what it is about");
    let table = PlainTable::ALL
        .into_iter()
        .find(|known| known.name() == table)
        .unwrap_or_else(|| panic!("there is no table `{table}`"));
    let mut row = Row::new(table, about);
    for field in fields.split(", ") {
        let (column, text) = field.split_once(' ').expect("a column and its text");
        let column = table
            .columns()
            .iter()
            .find(|known| **known == column)
            .unwrap_or_else(|| panic!("{} has no column `{column}`", table.name()));
        row = row.with(column, text);
    }
    row
}
