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
