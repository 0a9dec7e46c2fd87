//! The 46 hard criteria of real trials, each encoded whole, with tests that reach both sides of what it is about.
//!
//! `stress/hNN-name.lind` is criterion HNN; `stress/README.md` says what of it a person decides and what is missing.
//! `stress/findings/hNN-name.lind` is what a source says wrongly, as it says it, beside what `lind check` prints of
//! it (`BLESS=1` writes that).

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "tests fail by panicking"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// How many criteria there are.
const CRITERIA: usize = 46;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stress")
}

/// The protocols of a folder, in the order of their names.
fn protocols(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "lind"))
        .collect();
    found.sort();
    found
}

fn name(path: &Path) -> &str {
    path.file_name().unwrap().to_str().unwrap()
}

/// Runs a command on a file, from the folder of that file: whether it succeeded, and what it printed.
fn run(command: &[&str], path: &Path) -> (bool, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_lind"))
        .args(command)
        .arg("--quiet")
        .arg(name(path))
        .current_dir(path.parent().unwrap())
        .env("NO_COLOR", "1")
        .env_remove("CLICOLOR_FORCE")
        .output()
        .expect("the command runs");
    let printed = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(printed).unwrap())
}

/// What is wrong, file by file, in one message.
fn report(wrong: &[String]) {
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_criterion_has_one_file() {
    let files = protocols(&folder());
    let numbers: Vec<String> = files
        .iter()
        .map(|path| name(path).split('-').next().unwrap().to_owned())
        .collect();
    let expected: Vec<String> = (1..=CRITERIA)
        .map(|number| format!("h{number:02}"))
        .collect();
    assert_eq!(numbers, expected);
    let table = fs::read_to_string(folder().join("README.md")).unwrap();
    for number in 1..=CRITERIA {
        assert!(
            table.contains(&format!("| H{number} |")),
            "H{number} stands in the table of README.md"
        );
    }
}

#[test]
fn every_criterion_is_checked_without_a_finding_and_its_tests_pass() {
    let commands: [&[&str]; 3] = [&["check"], &["fmt", "--check"], &["test"]];
    let mut wrong = Vec::new();
    for path in protocols(&folder()) {
        for command in commands {
            let (is_right, printed) = run(command, &path);
            if !is_right || printed.contains("warning[") {
                wrong.push(format!("==> {}, {command:?}\n{printed}", name(&path)));
            }
        }
    }
    report(&wrong);
}

#[test]
fn every_criterion_is_reached_on_both_sides_and_left_open() {
    let mut wrong = Vec::new();
    for path in protocols(&folder()) {
        let text = fs::read_to_string(&path).unwrap();
        let mut outcomes = [("met", false), ("not met", false), ("left open", false)];
        for line in text.lines().map(str::trim) {
            let Some(expected) = line.strip_prefix("expect ") else {
                continue;
            };
            // `expect I1 met at screening`: the gate does not matter here.
            let expected = expected.split(" at ").next().unwrap();
            let [met, not_met, open] = &mut outcomes;
            if expected.ends_with(" not met") {
                not_met.1 = true;
            } else if expected.ends_with(" met") {
                met.1 = true;
            } else if expected.ends_with(" unknown") || expected.ends_with(" needs judgement") {
                open.1 = true;
            }
        }
        for (outcome, is_reached) in outcomes {
            if !is_reached {
                wrong.push(format!("{}: no test expects {outcome}", name(&path)));
            }
        }
    }
    report(&wrong);
}

#[test]
fn every_finding_reads_as_it_did() {
    let findings = protocols(&folder().join("findings"));
    assert!(!findings.is_empty(), "the findings are found");
    let mut wrong = Vec::new();
    for path in findings {
        let (_, printed) = run(&["check"], &path);
        let beside = path.with_extension("txt");
        if std::env::var_os("BLESS").is_some() {
            fs::write(&beside, &printed).unwrap();
            continue;
        }
        if printed.is_empty() {
            wrong.push(format!("{}: nothing is found any more", name(&path)));
        }
        let expected = fs::read_to_string(&beside).unwrap_or_default();
        if printed != expected {
            wrong.push(format!(
                "==> {}\n{printed}--- expected\n{expected}BLESS=1 writes what was printed beside the file.",
                name(&path)
            ));
        }
    }
    report(&wrong);
}
