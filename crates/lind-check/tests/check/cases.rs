//! Each file below `tests/cases` and what is said about it, side by side.

use std::collections::BTreeSet;

use crate::support::{cases, check_file, crate_folder, files_in};

#[test]
fn every_case_reads_as_it_should() {
    for path in cases() {
        let checked = check_file(&path);
        assert!(
            !checked.diagnostics().is_empty(),
            "{}: nothing is found here",
            path.display()
        );
        insta::with_settings!({
            snapshot_path => path.parent().unwrap(),
            prepend_module_to_snapshot => false,
            omit_expression => true,
        }, {
            insta::assert_snapshot!(path.file_stem().unwrap().to_str().unwrap(), checked.text());
        });
    }
}

#[test]
fn every_expectation_has_its_case() {
    for path in files_in(&crate_folder().join("tests/cases"), "snap") {
        let case = path.with_extension("lind");
        assert!(case.exists(), "{} has no case", path.display());
    }
}

#[test]
fn every_finding_of_the_checker_has_a_case() {
    let found: BTreeSet<&str> = cases()
        .iter()
        .flat_map(|path| {
            let checked = check_file(path);
            let codes: Vec<&str> = checked
                .diagnostics()
                .iter()
                .map(|diagnostic| diagnostic.rule.code)
                .collect();
            codes
        })
        .collect();
    let missing: Vec<&str> = lind_check::rules::ALL
        .iter()
        .map(|rule| rule.code)
        // What is too large for a page is too large for a case: `limits.rs` makes such files. What is told
        // only when asked for has a case of the command `lind check --unverified`.
        .filter(|code| !found.contains(code) && !["E0514", "W0606", "W0608"].contains(code))
        .collect();
    assert!(missing.is_empty(), "no case raises {missing:?}");
}
