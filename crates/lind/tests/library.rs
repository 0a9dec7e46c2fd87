//! The standard library: boundary examples, which are protocols that use its definitions and sums of points, each with
//! tests that pass; and its page, which counts what the modules hold.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What an entry of a module begins with.
const ENTRIES: [&str; 12] = [
    "measure ",
    "score ",
    "ordinal ",
    "formula ",
    "points ",
    "treatment ",
    "equivalence ",
    "condition ",
    "allergy ",
    "procedure ",
    "define ",
    "judgement ",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

#[test]
fn what_the_library_defines_is_decided_at_its_boundaries() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/library");
    for command in ["check", "test"] {
        let output = Command::new(env!("CARGO_BIN_EXE_lind"))
            .args([command, "--quiet"])
            .arg(&examples)
            .output()
            .expect("the command runs");
        let printed = String::from_utf8(output.stdout).unwrap();
        let problems = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{command}:\n{printed}{problems}");
        assert!(!printed.contains("warning"), "{command}:\n{printed}");
    }
}

#[test]
fn the_page_of_the_library_counts_what_the_modules_hold() {
    let page = fs::read_to_string(root().join("docs/library.md")).unwrap();
    let mut modules = 0;
    let mut all = 0;
    for file in fs::read_dir(root().join("protocols/std")).unwrap() {
        let path = file.unwrap().path();
        let module = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let text = fs::read_to_string(&path).unwrap();
        let entries = text
            .lines()
            .filter(|line| ENTRIES.iter().any(|head| line.starts_with(*head)))
            .count();
        let start = format!("| `std.{module}` |");
        let end = format!("| {entries} |");
        let row = page.lines().find(|line| line.starts_with(start.as_str()));
        let row = row.unwrap_or_else(|| panic!("no row for std.{module}"));
        assert!(
            row.ends_with(end.as_str()),
            "{entries} entries in std.{module}: {row}"
        );
        modules += 1;
        all += entries;
    }
    let sum = format!(
        "Together {},{:03} entries in {modules} modules:",
        all / 1000,
        all % 1000
    );
    assert!(page.contains(sum.as_str()), "{sum}");
}
