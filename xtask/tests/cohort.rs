//! The cohort in the tree is the one that the generator writes.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::path::Path;

use xtask::{Tree, cohort};

#[test]
fn the_cohort_is_what_the_generator_writes() {
    let tree = Tree::open(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..")).unwrap();
    let findings = cohort::check_ssc(&tree).unwrap();
    assert!(findings.is_empty(), "{findings:#?}");
}

#[test]
fn a_file_that_was_changed_by_hand_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let tree = Tree::open(folder.path()).unwrap();
    cohort::write_ssc(&tree).unwrap();
    assert!(cohort::check_ssc(&tree).unwrap().is_empty());
    let path = folder
        .path()
        .join("tests/cohorts/ssc/expected/verdicts.csv");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replacen("eligible", "ineligible", 1)).unwrap();
    let findings = cohort::check_ssc(&tree).unwrap();
    assert_eq!(findings.len(), 1, "{findings:#?}");
}

#[test]
fn the_lupus_cohort_is_what_the_generator_writes() {
    let tree = Tree::open(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..")).unwrap();
    let findings = cohort::check_sle(&tree).unwrap();
    assert!(findings.is_empty(), "{findings:#?}");
}

#[test]
fn the_published_results_come_out_of_the_lupus_cohort() {
    let folder = tempfile::tempdir().unwrap();
    let tree = Tree::open(folder.path()).unwrap();
    let results = cohort::write_sle(&tree).unwrap();
    for line in [
        "infused at DL1, DL2, DL3, DL4: 3/2/2/1",
        "Tmax, days: 9.5 (8-22)",
        "Cmax by flow cytometry, cells/uL: 18.74 (7.94-228.36)",
        "Cmax by qPCR, copies/ug: 81766.5 (50979-1140893)",
    ] {
        assert!(results.lines().any(|result| result == line), "{results}");
    }
    assert!(cohort::check_sle(&tree).unwrap().is_empty());
    let path = folder.path().join("tests/cohorts/sle/observations.csv");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replacen("10.52", "10.53", 1)).unwrap();
    assert_eq!(cohort::check_sle(&tree).unwrap().len(), 1);
}
