//! The standard library's page counts what the modules hold. That its definitions and sums of points are decided at
//! their boundaries (`library/*.lind`) is tested beside the corpus.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

use std::fs;
use std::path::{Path, PathBuf};

/// What an entry of a module begins with.
const ENTRIES: [&str; 15] = [
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
    "event ",
    "define ",
    "judgement ",
    "state ",
    "grading ",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
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
