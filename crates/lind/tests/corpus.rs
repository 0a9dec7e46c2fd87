//! Protocols that are checked without a finding and whose tests pass: the worked corpus of whole trials, and the
//! boundary examples of the library.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

use std::path::Path;
use std::process::Command;

/// The least share of the answers of a trial that its own tests reach, in per cent.
const COVERED: u64 = 89;

#[test]
fn the_tests_of_every_trial_reach_nearly_every_answer() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../protocols/corpus");
    let output = Command::new(env!("CARGO_BIN_EXE_lind"))
        .args(["test", "--coverage", "--format", "json"])
        .arg(&corpus)
        .output()
        .expect("the command runs");
    let printed = String::from_utf8(output.stdout).unwrap();
    let mut trials = 0;
    for line in printed.lines() {
        let told: serde_json::Value = serde_json::from_str(line).unwrap();
        let coverage = &told["coverage"];
        let count = |name: &str| coverage[name].as_u64().unwrap();
        let (reached, possible) = (count("reached"), count("possible"));
        let file = &told["file"];
        assert!(
            reached * 100 >= possible * COVERED,
            "{file}: {reached} of {possible} answers"
        );
        trials += 1;
    }
    assert!(trials > 10, "{printed}");
}

#[test]
fn the_model_of_how_a_protocol_is_tested_reaches_every_answer_and_notices_every_change() {
    let model = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../protocols/ssc-nct06414135.lind");
    let output = Command::new(env!("CARGO_BIN_EXE_lind"))
        .args(["test", "--coverage", "--mutate", "--format", "json"])
        .arg(&model)
        .output()
        .expect("the command runs");
    let told: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let count = |part: &str, name: &str| told[part][name].as_u64().unwrap();
    let places = told["coverage"]["places"].as_array().unwrap();
    let never: Vec<&serde_json::Value> = places
        .iter()
        .filter(|place| place["under"].is_null() && place["never"] != serde_json::json!([]))
        .collect();
    assert!(never.is_empty(), "{never:#?}");
    assert!(count("mutations", "score") >= 90, "{}", told["mutations"]);
}

#[test]
fn every_trial_of_the_corpus_is_checked_and_its_tests_pass() {
    is_checked_and_its_tests_pass("../../protocols/corpus");
}

#[test]
fn what_the_library_defines_is_decided_at_its_boundaries() {
    is_checked_and_its_tests_pass("tests/library");
}

/// A folder of protocols, below that of the command: nothing is found in them, and all their tests pass.
fn is_checked_and_its_tests_pass(folder: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    for command in ["check", "test"] {
        let output = Command::new(env!("CARGO_BIN_EXE_lind"))
            .args([command, "--quiet"])
            .arg(&folder)
            .output()
            .expect("the command runs");
        let printed = String::from_utf8(output.stdout).unwrap();
        let problems = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{command}:\n{printed}{problems}");
        assert!(!printed.contains("warning"), "{command}:\n{printed}");
    }
}
