//! What `lind cases` writes of the shipped protocols is what `lind screen` says of it, read as tables and as bundles.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests fail by panicking"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use lind_forms::Row;

fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.ancestors().nth(2).unwrap().to_owned()
}

/// Runs the command at the root of the tree.
fn lind(arguments: &[&str]) {
    let output = Command::new(env!("CARGO_BIN_EXE_lind"))
        .args(arguments)
        .current_dir(root())
        .output()
        .unwrap();
    assert_eq!(
        output.status.code(),
        Some(0),
        "{arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// The rows of a table in CSV.
fn rows(path: &Path) -> Vec<Row> {
    let text = fs::read_to_string(path).unwrap();
    let sheets = lind_forms::Sheets::new([("rows.csv", text.as_str())]).unwrap();
    sheets.rows("rows").to_vec()
}

fn cell<'r>(row: &'r Row, column: &str) -> &'r str {
    row.get(column).map_or("", String::as_str)
}

/// What is screened of the patients is what their lists expect; and of the criteria of somebody inside none stands
/// in the way, of somebody outside that one alone.
fn is_as_expected(protocol: &str) {
    let folder = tempfile::tempdir().unwrap();
    let made = folder.path().join("made");
    lind(&["cases", protocol, "-o", made.to_str().unwrap(), "--quiet"]);
    let cases = rows(&made.join("cases.csv"));
    assert!(cases.len() > 10);
    for form in ["tables", "fhir"] {
        let patients = made.join(form);
        let verdicts = folder.path().join(format!("{form}.csv"));
        lind(&[
            "screen",
            protocol,
            "--patients",
            patients.to_str().unwrap(),
            "--format",
            "csv",
            "--output",
            verdicts.to_str().unwrap(),
            "--quiet",
        ]);
        let mut screened: BTreeMap<String, Vec<Row>> = BTreeMap::new();
        for row in rows(&verdicts) {
            let patient = cell(&row, "patient").to_owned();
            screened.entry(patient).or_default().push(row);
        }
        assert_eq!(screened.len(), cases.len(), "{protocol} as {form}");
        for case in &cases {
            let patient = cell(case, "patient");
            let own = &screened[patient];
            let at = format!("{protocol} as {form}: {patient}");
            for row in own {
                assert_eq!(cell(row, "verdict"), cell(case, "verdict"), "{at}");
                assert_eq!(cell(row, "gate"), cell(case, "gate"), "{at}");
            }
            let criterion = cell(case, "criterion");
            let in_the_way: Vec<&str> = own
                .iter()
                .filter(|row| cell(row, "due") == "yes" && cell(row, "effect") != "pass")
                .map(|row| cell(row, "criterion"))
                .collect();
            match cell(case, "case") {
                "outside" => assert_eq!(in_the_way, [criterion], "{at}"),
                "missing" => assert!(
                    in_the_way.iter().all(|own| *own == criterion),
                    "{at}: {in_the_way:?}"
                ),
                _ => assert!(in_the_way.is_empty(), "{at}: {in_the_way:?}"),
            }
            if let Some(row) = own.iter().find(|row| cell(row, "criterion") == criterion) {
                for column in ["outcome", "effect"] {
                    assert_eq!(cell(row, column), cell(case, column), "{at}");
                }
            }
        }
    }
    // Nothing is passed over: for every criterion there is somebody of each sort, or it is said why not.
    let absent = rows(&made.join("no-patient.csv"));
    let told: BTreeSet<(&str, &str, &str)> = cases
        .iter()
        .chain(&absent)
        .map(|row| (cell(row, "gate"), cell(row, "criterion"), cell(row, "case")))
        .collect();
    for (gate, criterion, _) in &told {
        if criterion.is_empty() {
            continue;
        }
        for sort in ["inside", "outside", "missing", "guarded"] {
            assert!(
                told.contains(&(*gate, *criterion, sort)),
                "{protocol}: {criterion} at {gate} has nobody {sort}, and no reason"
            );
        }
    }
}

#[test]
fn what_is_made_for_lupus_is_screened_as_expected() {
    is_as_expected("protocols/sle-nct05765006.lind");
}

#[test]
fn what_is_made_for_systemic_sclerosis_is_screened_as_expected() {
    is_as_expected("protocols/ssc-nct06414135.lind");
}

/// Every file below a folder, with its text.
fn texts(folder: &Path) -> BTreeMap<PathBuf, String> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(own) = open.pop() {
        for entry in fs::read_dir(own).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_owned();
                found.insert(name, fs::read_to_string(&path).unwrap());
            }
        }
    }
    found
}

#[test]
fn the_same_protocol_gives_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let protocol = "crates/lind/tests/data/boundaries/whole.lind";
    let made = ["one", "two"].map(|name| {
        let made = folder.path().join(name);
        lind(&["cases", protocol, "-o", made.to_str().unwrap(), "--quiet"]);
        texts(&made)
    });
    assert!(made[0].len() > 40);
    assert_eq!(made[0], made[1]);
}
