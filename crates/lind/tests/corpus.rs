//! Protocols that are checked without a finding and whose tests pass: the trials that come with Lind, the worked corpus
//! of whole trials, and the boundary examples of the library.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

use std::fs;
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
fn the_models_of_how_a_protocol_is_tested_reach_every_answer_and_notice_every_change() {
    for model in ["ssc-nct06414135.lind", "sle-nct05765006.lind"] {
        let file = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../protocols")
            .join(model);
        let output = Command::new(env!("CARGO_BIN_EXE_lind"))
            .args(["test", "--coverage", "--mutate", "--format", "json"])
            .arg(&file)
            .output()
            .expect("the command runs");
        let told: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let count = |part: &str, name: &str| told[part][name].as_u64().unwrap();
        let places = told["coverage"]["places"].as_array().unwrap();
        let never: Vec<&serde_json::Value> = places
            .iter()
            .filter(|place| place["under"].is_null() && place["never"] != serde_json::json!([]))
            .collect();
        assert!(never.is_empty(), "{model}: {never:#?}");
        assert!(
            count("mutations", "score") >= 90,
            "{model}: {}",
            told["mutations"]
        );
    }
}

#[test]
fn the_lupus_trial_and_its_earlier_version_are_checked_and_their_tests_pass() {
    is_checked_and_its_tests_pass("../../protocols/sle-nct05765006.lind");
    is_checked_and_its_tests_pass("../../protocols/history");
}

#[test]
fn the_lupus_trial_has_the_criteria_that_were_registered() {
    let protocols = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../protocols");
    let section = |file: &str, title: &str| {
        let text = fs::read_to_string(protocols.join(file)).unwrap();
        let heading = format!("# {} {title}\n", "-".repeat(64));
        let (_, behind) = text.split_once(&heading).expect(title);
        let body = behind.split("\n# ----").next().unwrap();
        body.trim_end().to_owned()
    };
    for title in [
        "milestones",
        "questions to people",
        "drugs",
        "interpretation register",
        "inclusion",
        "exclusion",
    ] {
        let reported = section("sle-nct05765006.lind", title);
        let registered = section("history/sle-nct05765006-registry-2023-03-15.lind", title);
        assert_eq!(reported, registered, "{title}");
    }
}

#[test]
fn every_trial_of_the_corpus_is_checked_and_its_tests_pass() {
    is_checked_and_its_tests_pass("../../protocols/corpus");
}

#[test]
fn what_the_library_defines_is_decided_at_its_boundaries() {
    is_checked_and_its_tests_pass("tests/library");
}

/// A protocol or a folder of them, from the folder of the command: nothing is found, and all tests pass.
fn is_checked_and_its_tests_pass(path: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    for command in ["check", "test"] {
        let output = Command::new(env!("CARGO_BIN_EXE_lind"))
            .args([command, "--quiet"])
            .arg(&path)
            .output()
            .expect("the command runs");
        let printed = String::from_utf8(output.stdout).unwrap();
        let problems = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{command}:\n{printed}{problems}");
        assert!(!printed.contains("warning"), "{command}:\n{printed}");
    }
}
