//! Input that is too large, too deep or meant to do harm: a clear message at its place, the right exit code,
//! nothing lost, no panic.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests fail by panicking"
)]

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// How long the longest line is. `LIND_LONGEST_LINE_MIB=1024` tries a gigabyte.
fn longest_line_mib() -> usize {
    std::env::var("LIND_LONGEST_LINE_MIB").map_or(64, |number| number.parse().unwrap())
}

fn lind(arguments: &[&str], folder: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_lind"))
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let copied = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &copied);
        } else {
            fs::copy(&path, &copied).unwrap();
        }
    }
}

/// A copy of the small trial and its patients.
fn small_trial() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data"),
        folder.path(),
    );
    folder
}

fn write_long_line(path: &Path, begin: &str, mebibytes: usize, end: &str) {
    let mut writer = BufWriter::new(File::create(path).unwrap());
    writer.write_all(begin.as_bytes()).unwrap();
    let piece = "x".repeat(1 << 20);
    for _ in 0..mebibytes {
        writer.write_all(piece.as_bytes()).unwrap();
    }
    writer.write_all(end.as_bytes()).unwrap();
    writer.flush().unwrap();
}

#[test]
fn a_protocol_with_an_endless_line_is_refused_unread() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("long.lind");
    write_long_line(
        &path,
        "protocol NCT1\n  title \"",
        longest_line_mib().max(129),
        "\"\n",
    );
    for command in ["check", "fmt"] {
        let output = lind(&[command, "long.lind"], folder.path());
        assert_eq!(output.status.code(), Some(2));
        assert!(text(&output.stderr).contains("`long.lind` is larger than 128 MiB"));
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn a_long_line_that_may_be_read_is_told_in_a_few_lines() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("long.lind");
    write_long_line(&path, "protocol NCT1\n  title \"", 15, "\"\n");
    let output = lind(&["check", "long.lind"], folder.path());
    assert_eq!(output.status.code(), Some(1));
    let shown = text(&output.stdout);
    assert!(shown.contains("error[E0109]"), "{shown}");
    assert!(shown.lines().count() < 40);
    assert!(shown.lines().all(|line| line.chars().count() < 200));
}

#[test]
fn a_row_of_a_table_without_an_end_costs_itself_alone() {
    let folder = small_trial();
    let path = folder.path().join("cohort/observations.csv");
    let whole = fs::read_to_string(&path).unwrap();
    let (header, rows) = whole.split_once('\n').unwrap();
    let begin = format!("{header}\nP01,loinc|718-7,2025-03-07,");
    write_long_line(&path, &begin, longest_line_mib(), &format!(",g/L\n{rows}"));
    let output = lind(
        &["screen", "trial.lind", "--patients", "cohort"],
        folder.path(),
    );
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    let errors = text(&output.stderr);
    assert!(
        errors.contains("cohort/observations.csv:2: error[D0714]"),
        "{errors}"
    );
    assert!(errors.contains("1 of 37 records set aside"), "{errors}");
    let verdicts = text(&output.stdout);
    assert!(verdicts.contains("6 patients: "), "{verdicts}");
    assert!(
        verdicts.contains("P06      screening  ineligible"),
        "{verdicts}"
    );
}

#[test]
fn nesting_of_ten_thousand_levels_is_told_at_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let head = "protocol NCT1\nmilestone screening\ninclusion I1 \"deep\"\n  at screening\n";
    let parentheses = format!("{head}  {}a{}\n", "(".repeat(10_000), ")".repeat(10_000));
    fs::write(folder.path().join("parentheses.lind"), parentheses).unwrap();
    let mut lines = head.to_owned();
    for depth in 0..2_000 {
        lines.push_str(&" ".repeat(2 + depth));
        lines.push_str("all of\n");
    }
    fs::write(folder.path().join("lines.lind"), lines).unwrap();
    for name in ["parentheses.lind", "lines.lind"] {
        for command in ["check", "fmt"] {
            let output = lind(&[command, name], folder.path());
            let code = i32::from(command == "check");
            assert_eq!(output.status.code(), Some(code), "{}", text(&output.stderr));
        }
        let output = lind(&["check", name, "--format", "short"], folder.path());
        let found = text(&output.stdout);
        assert!(found.contains("error[E01"), "{found}");
        assert!(found.lines().count() < 20, "{found}");
    }
}

#[test]
fn nothing_acts_on_the_terminal() {
    let folder = small_trial();
    let path = folder.path().join("cohort/patients.csv");
    let patients = fs::read_to_string(&path).unwrap();
    fs::write(&path, patients.replace("P01", "P\u{1b}[2J\u{202e}01")).unwrap();
    fs::write(
        folder.path().join("cohort/conditions.csv"),
        "patient,code,onset,abatement,status\nP02,icd10|C\u{1b}[31m,2012,2013,resolved\n",
    )
    .unwrap();
    let name = "\u{1b}]0;title\u{7}.lind";
    fs::copy(folder.path().join("broken.lind"), folder.path().join(name)).unwrap();
    let runs: &[&[&str]] = &[
        &["screen", "trial.lind", "--patients", "cohort"],
        &[
            "screen",
            "trial.lind",
            "--patients",
            "cohort",
            "--format",
            "json",
        ],
        &[
            "screen",
            "trial.lind",
            "--patients",
            "cohort",
            "--format",
            "markdown",
        ],
        &[
            "why",
            "trial.lind",
            "--patients",
            "cohort",
            "--patient",
            "P02",
        ],
        &[
            "why",
            "trial.lind",
            "--patients",
            "cohort",
            "--patient",
            "\u{1b}[2J",
        ],
        &["readings", "trial.lind", "--patients", "cohort"],
        &["check", name],
        &["check", name, "--format", "short"],
        &["check", name, "--format", "json"],
        &["fmt", "--check", "--diff", name],
        &["check", "\u{1b}[2Jmissing.lind"],
        &["explain", "\u{1b}[2J"],
    ];
    for run in runs {
        let output = lind(run, folder.path());
        for stream in [&output.stdout, &output.stderr] {
            let shown = text(stream);
            let acts = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
            assert!(!shown.contains(acts), "{run:?}: {shown:?}");
        }
        assert_ne!(output.status.code(), Some(101), "{run:?}");
    }
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let folder = small_trial();
    for run in [
        &["explain"] as &[&str],
        &["screen", "trial.lind", "--patients", "cohort"],
        &["completions", "bash"],
    ] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_lind"))
            .args(run)
            .current_dir(folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{run:?}");
        assert_eq!(text(&output.stderr), "", "{run:?}");
    }
}

#[test]
fn a_file_that_cannot_be_replaced_stays_as_it_was() {
    let folder = small_trial();
    let before = fs::read_to_string(folder.path().join("untidy.lind")).unwrap();
    let output = lind(
        &[
            "screen",
            "broken.lind",
            "--patients",
            "cohort",
            "--output",
            "untidy.lind",
        ],
        folder.path(),
    );
    assert_eq!(output.status.code(), Some(1));
    let output = lind(
        &[
            "screen",
            "trial.lind",
            "--patients",
            "no-cohort",
            "--output",
            "untidy.lind",
        ],
        folder.path(),
    );
    assert_eq!(output.status.code(), Some(2));
    let output = lind(
        &[
            "screen",
            "trial.lind",
            "--patients",
            "cohort",
            "--output",
            "common",
        ],
        folder.path(),
    );
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        fs::read_to_string(folder.path().join("untidy.lind")).unwrap(),
        before
    );
    let left: Vec<String> = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".new"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

#[cfg(unix)]
#[test]
fn a_link_to_a_file_that_is_read_is_not_written() {
    let folder = small_trial();
    let path = |name: &str| folder.path().join(name);
    std::os::unix::fs::symlink("cohort/conditions.csv", path("soft.csv")).unwrap();
    fs::hard_link(path("trial.lind"), path("hard.txt")).unwrap();
    std::os::unix::fs::symlink("cohort", path("same")).unwrap();
    let targets = [
        ("--output", "soft.csv", "one of the files of the patients"),
        ("--problems", "hard.txt", "the protocol"),
        (
            "--output",
            "same/allergies.csv",
            "one of the files of the patients",
        ),
    ];
    for (option, target, what) in targets {
        let arguments = [
            "screen",
            "trial.lind",
            "--patients",
            "cohort",
            option,
            target,
        ];
        let output = lind(&arguments, folder.path());
        assert_eq!(output.status.code(), Some(2), "{target}");
        let said = text(&output.stderr).replace("\n  │", "");
        assert!(said.contains(&format!("`{target}` is {what}")), "{said}");
    }
    assert!(text(&fs::read(path("soft.csv")).unwrap()).starts_with("patient,"));
    assert!(!path("cohort/allergies.csv").exists());
    let output = lind(
        &[
            "screen",
            "trial.lind",
            "--patients",
            "cohort",
            "--output",
            "/dev/null",
            "--problems",
            "/dev/null",
        ],
        folder.path(),
    );
    assert_eq!(output.status.code(), Some(0));
}
