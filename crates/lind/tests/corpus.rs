//! The worked corpus: whole trials, each checked without a finding, each with tests that pass.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "tests fail by panicking"
)]

use std::path::Path;
use std::process::Command;

#[test]
fn every_trial_of_the_corpus_is_checked_and_its_tests_pass() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../protocols/corpus");
    for command in ["check", "test"] {
        let output = Command::new(env!("CARGO_BIN_EXE_lind"))
            .args([command, "--quiet"])
            .arg(&corpus)
            .output()
            .expect("the command runs");
        let printed = String::from_utf8(output.stdout).unwrap();
        let problems = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{command}:\n{printed}{problems}");
        assert!(!printed.contains("warning"), "{command}:\n{printed}");
    }
}
