//! `lind escalate` as a reader of the literature would check it: every cell of the decision tables up to twelve
//! participants, from the design that is named and from a protocol that states it; the run of the lupus trial under
//! each design.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "tests fail by panicking"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn lind(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_lind"))
        .args(arguments)
        .current_dir(root())
        .output()
        .unwrap()
}

fn json(output: &Output) -> Vec<Value> {
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    let lines = text.lines().map(|line| serde_json::from_str(line).unwrap());
    lines.collect()
}

/// The lupus trial, whose escalation has another design.
fn trial_with(design: &str) -> tempfile::NamedTempFile {
    let text = fs::read_to_string(root().join("protocols/sle-nct05765006.lind")).unwrap();
    // However far its columns stand apart.
    let stated = "BOIN with target 30 %";
    assert_eq!(text.matches(stated).count(), 1);
    let file = tempfile::Builder::new().suffix(".lind").tempfile().unwrap();
    fs::write(file.path(), text.replace(stated, design)).unwrap();
    file
}

/// A letter for each number of toxicities from 0 on: E escalate, S stay, D de-escalate, U eliminate.
fn letters(row: &Value) -> String {
    let bound = |name: &str| row[name].as_u64();
    let evaluable = row["evaluable"].as_u64().unwrap();
    let letter = |dlts: u64| {
        if bound("eliminate_from").is_some_and(|from| dlts >= from) {
            'U'
        } else if bound("de_escalate_from").is_some_and(|from| dlts >= from) {
            'D'
        } else if bound("escalate_up_to").is_some_and(|to| dlts <= to) {
            'E'
        } else {
            'S'
        }
    };
    (0..=evaluable).map(letter).collect()
}

/// Bounds as the literature prints them, for 1 to 12 participants; 99 is none.
struct Bounds {
    escalate: [u32; 12],
    de_escalate: [u32; 12],
    eliminate: [u32; 12],
}

/// From which number on more than 95 % of the posterior lie above 30 %.
const ELIMINATE: [u32; 12] = [99, 99, 3, 3, 4, 4, 5, 5, 5, 6, 6, 7];

/// BOIN with 30 % (Liu and Yuan 2015), and mTPI-2 with 30 % and 5 % either side (Guo 2017).
const INTERVAL: Bounds = Bounds {
    escalate: [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2],
    de_escalate: [1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5],
    eliminate: ELIMINATE,
};

impl Bounds {
    fn letter(&self, dlts: u32, evaluable: u32) -> char {
        let place = evaluable as usize - 1;
        if dlts >= self.eliminate[place] {
            'U'
        } else if dlts >= self.de_escalate[place] {
            'D'
        } else if dlts <= self.escalate[place] {
            'E'
        } else {
            'S'
        }
    }
}

/// i3+3 with 30 % and 5 % either side (Liu, Wang and Ji 2020), in whole numbers: twentieths of participants.
fn i3_plus_3(dlts: u32, evaluable: u32) -> char {
    let is_below = |dlts: u32| 20 * dlts < 5 * evaluable;
    let is_above = 20 * dlts > 7 * evaluable;
    if dlts >= ELIMINATE[evaluable as usize - 1] {
        'U'
    } else if is_below(dlts) {
        'E'
    } else if !is_above || is_below(dlts - 1) {
        'S'
    } else {
        'D'
    }
}

/// 3+3 (Le Tourneau 2009): decided at three and at six; two toxicities are too many among however few.
fn three_plus_three(dlts: u32, evaluable: u32) -> char {
    match (evaluable, dlts) {
        (_, 2..) => 'U',
        (3..=5, 0) | (6.., 0 | 1) => 'E',
        _ => 'S',
    }
}

fn expected(design: &str, dlts: u32, evaluable: u32) -> char {
    match design {
        "boin" | "mtpi-2" => INTERVAL.letter(dlts, evaluable),
        "i3+3" => i3_plus_3(dlts, evaluable),
        "3+3" => three_plus_three(dlts, evaluable),
        _ => panic!("{design} is a design"),
    }
}

fn is_as_expected(design: &str, table: &Value) {
    let rows = table["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 12, "{design}");
    for (row, evaluable) in rows.iter().zip(1_u32..) {
        let letters = letters(row);
        let cells = (0..=evaluable).map(|dlts| expected(design, dlts, evaluable));
        assert_eq!(letters, cells.collect::<String>(), "{design}, {evaluable}");
    }
}

#[test]
fn every_cell_up_to_twelve_is_that_of_the_literature() {
    for design in ["boin", "mtpi-2", "i3+3"] {
        let output = lind(&[
            "escalate", "table", "--design", design, "--target", "30%", "--format", "json",
        ]);
        assert!(output.status.success());
        is_as_expected(design, &json(&output)[0]);
    }
    let output = lind(&["escalate", "table", "--design", "3+3", "--format", "json"]);
    is_as_expected("3+3", &json(&output)[0]);
}

#[test]
fn a_protocol_that_states_the_design_has_the_same_table() {
    for (design, stated) in [
        ("boin", "BOIN with target 30 %"),
        ("mtpi-2", "mTPI-2 with target 30 %"),
        ("i3+3", "i3+3 with target 30 %"),
        ("3+3", "3+3"),
    ] {
        let file = trial_with(stated);
        let path = file.path().to_str().unwrap();
        let output = lind(&["escalate", "table", path, "--format", "json"]);
        assert!(output.status.success());
        is_as_expected(design, &json(&output)[0]);
    }
}

#[test]
fn the_run_of_the_lupus_trial_violates_3_plus_3_and_conforms_to_the_others() {
    for (design, standing, verdicts, code) in [
        ("BOIN with target 30 %", "conforms", ["conforming"; 3], 0),
        ("mTPI-2 with target 30 %", "conforms", ["conforming"; 3], 0),
        ("i3+3 with target 30 %", "conforms", ["conforming"; 3], 0),
        (
            "3+3",
            "violates",
            ["conforming", "violation", "violation"],
            1,
        ),
    ] {
        let file = trial_with(design);
        let path = file.path().to_str().unwrap();
        let patients = "tests/cohorts/sle";
        let output = lind(&[
            "escalate",
            "replay",
            path,
            "--patients",
            patients,
            "--format",
            "json",
        ]);
        assert_eq!(output.status.code(), Some(code), "{design}");
        let replay = &json(&output)[0];
        assert_eq!(replay["standing"], standing, "{design}");
        let decisions = replay["decisions"].as_array().unwrap();
        assert_eq!(decisions.len(), 4, "three escalations, and the end");
        for ((decision, verdict), known) in decisions.iter().zip(verdicts).zip([3, 2, 2]) {
            assert_eq!(decision["verdict"], verdict, "{design}");
            let level = decision["known"].as_array().unwrap();
            let at = level.iter().find(|one| one["level"] == decision["level"]);
            assert_eq!(at.unwrap()["evaluable"], known);
            assert_eq!(at.unwrap()["dlts"], 0);
        }
        // As a part of a trial, others may have completed what is incomplete.
        let output = lind(&[
            "escalate",
            "replay",
            path,
            "--patients",
            patients,
            "--part",
            "--format",
            "json",
        ]);
        let expected = match design {
            "3+3" => "not_consistent_unless",
            _ => "consistent",
        };
        assert_eq!(json(&output)[0]["standing"], expected, "{design}");
    }
}
