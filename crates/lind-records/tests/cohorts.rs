//! The invented patients of `tests/cohorts`: whatever is asked of them, every row can be read.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "tests fail by panicking, and read files"
)]

use std::fs;
use std::path::Path;

use lind_records::{ConceptId, Dataset, MemoryTables, Options, Table, Wanted};

/// The files of a cohort, but for its README.
fn tables(cohort: &str) -> MemoryTables {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/cohorts")
        .join(cohort);
    let mut tables = MemoryTables::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if path.is_file() && name != "README.md" {
            tables = tables.with(name, fs::read(&path).unwrap());
        }
    }
    tables
}

/// Every row of every table is asked for.
fn everything() -> Wanted {
    let mut wanted = Wanted::new();
    for (table, number) in Table::ALL.into_iter().zip(0..) {
        wanted.add_any(table, ConceptId(number));
    }
    wanted
}

#[test]
fn every_row_of_the_lupus_cohort_is_read_and_none_is_set_aside() {
    let mut dataset = Dataset::open(&tables("sle"), &everything(), Options::default()).unwrap();
    let mut charts = Vec::new();
    while let Some(chart) = dataset.next_chart().unwrap() {
        charts.push(chart);
    }
    let problems: Vec<String> = dataset
        .problems()
        .listed()
        .iter()
        .map(|problem| format!("{problem:?}"))
        .collect();
    assert!(problems.is_empty(), "{problems:#?}");
    assert_eq!(charts.len(), 12);
    assert_eq!(dataset.decisions().rows.len(), 4);
    for table in Table::ALL {
        let tally = dataset.tally(table);
        assert_eq!(tally.read, tally.accounted_for(), "{table:?}");
        let left_out = tally.set_aside + tally.withdrawn + tally.later + tally.duplicates;
        assert_eq!(left_out, 0, "{table:?}: {tally:?}");
        // Nobody was asked about allergies.
        let is_asked = table != Table::Allergies;
        assert_eq!(dataset.is_present(table), is_asked, "{table:?}");
        assert_eq!(dataset.is_in_order(table), is_asked, "{table:?}");
    }
    let visits: usize = charts.iter().map(|chart| chart.visits.len()).sum();
    let assignments: usize = charts.iter().map(|chart| chart.assignments.len()).sum();
    // Twenty visits of each of the eight, one missed and one unscheduled, and a screening of each of the four.
    assert_eq!((visits, assignments), (8 * 20 - 1 + 1 + 4, 8));
}
