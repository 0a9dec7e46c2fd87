//! The tree this test is compiled from is tidy, and its generated documents are up to date.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

use std::path::Path;

use xtask::{Finding, Tree, Weight, docs, tidy};

fn tree() -> Tree {
    Tree::open(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..")).unwrap()
}

fn assert_no_failures(findings: Vec<Finding>) {
    let failures: Vec<String> = findings
        .iter()
        .filter(|finding| finding.weight == Weight::Failure)
        .map(Finding::to_string)
        .collect();
    assert!(failures.is_empty(), "\n{}\n", failures.join("\n"));
}

#[test]
fn is_tidy() {
    assert_no_failures(tidy(&tree()).unwrap());
}

#[test]
fn has_generated_documents_that_are_up_to_date() {
    assert_no_failures(docs::check(&tree()).unwrap());
}
