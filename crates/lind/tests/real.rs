//! Public data sets, each with a protocol that runs on them to verdicts that are kept.
//!
//! A folder of `tests/real` holds `protocol.lind`, `mapping.toml`, `data.txt` and `expected.txt`. A line of `data.txt`
//! names a data set below `../shared/data`; several on a line, with ` = ` between them, hold the same data and come
//! out the same. A line `at GATE` screens at this gate too. What of it was counted apart from Lind, and by which
//! command, stands in `docs/data/real-data.md`.
//!
//! To accept what comes out now: `LIND_BLESS=1 cargo nextest run -p lind --test real`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests fail by panicking"
)]

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/real");
    let mut cases: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    cases.sort();
    cases
}

/// Where the public data stand; none, after saying so, if they do not.
fn shared() -> Option<PathBuf> {
    let folder = std::env::var_os("LIND_SHARED_DATA").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
        PathBuf::from,
    );
    if folder.is_dir() {
        return Some(folder);
    }
    println!("../shared/data is absent: no protocol was run on real data");
    None
}

/// Runs a command of which the last argument is the data.
fn lind(case: &Path, arguments: &[&str], data: &Path) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_lind"))
        .args(arguments)
        .arg(data)
        .args(["--mapping".as_ref(), case.join("mapping.toml").as_os_str()])
        .args(["--format", "json"])
        .output()
        .expect("the command runs");
    let printed = String::from_utf8(output.stdout).unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code().is_some_and(|code| code < 2), "{told}");
    printed
}

/// How many patients come out how, and how many rows and problems there are.
fn outcome(case: &Path, data: &Path, gates: &[&str]) -> String {
    let protocol = case.join("protocol.lind");
    let protocol = protocol.to_str().unwrap();
    let mut text = String::new();
    for gate in gates {
        let screen = ["screen", protocol, "--at", gate, "--patients"];
        let printed = lind(case, &screen, data);
        let (mut verdicts, mut criteria) = (BTreeMap::new(), BTreeMap::new());
        for line in printed.lines() {
            let told: serde_json::Value = serde_json::from_str(line).unwrap();
            let Some(verdict) = told["verdict"].as_str() else {
                continue;
            };
            *verdicts.entry(verdict.to_owned()).or_insert(0) += 1;
            for (place, criterion) in told["criteria"].as_array().unwrap().iter().enumerate() {
                let word = |name: &str| criterion[name].as_str().unwrap_or_default().to_owned();
                let counts: &mut BTreeMap<String, u32> =
                    criteria.entry((place, word("id"))).or_default();
                *counts.entry(word("outcome")).or_default() += 1;
            }
        }
        assert!(!verdicts.is_empty(), "{}: {gate}", data.display());
        let verdicts = verdicts
            .iter()
            .map(|(word, count)| format!("{count} {word}"));
        let verdicts: Vec<String> = verdicts.collect();
        writeln!(text, "at {gate}: {}", verdicts.join(", ")).unwrap();
        for ((_, id), counts) in criteria {
            if counts.keys().all(|outcome| outcome == "pending") {
                // It is of a later gate.
                continue;
            }
            let counts = counts.iter().map(|(what, count)| format!("{count} {what}"));
            let counts: Vec<String> = counts.collect();
            writeln!(text, "  {id}: {}", counts.join(", ")).unwrap();
        }
    }
    let check = ["data", "check", "--protocol", protocol];
    let told: serde_json::Value = serde_json::from_str(&lind(case, &check, data)).unwrap();
    for kind in told["kinds"].as_array().unwrap() {
        if kind["read"] != 0 {
            let (table, read, used) = (&kind["table"], &kind["read"], &kind["used"]);
            let table = table.as_str().unwrap();
            writeln!(text, "{table}: {read} rows, {used} used").unwrap();
        }
    }
    for problem in told["problems"].as_array().unwrap() {
        let (code, count) = (problem["code"].as_str().unwrap(), &problem["count"]);
        writeln!(text, "{code}: {count}").unwrap();
    }
    text
}

/// The data as `lind` takes them: a tar archive in gzip is unpacked first.
fn at_hand(path: &Path) -> (PathBuf, Option<tempfile::TempDir>) {
    if path.extension().is_none_or(|ending| ending != "tgz") {
        return (path.to_owned(), None);
    }
    let mut bytes = Vec::new();
    let packed = fs::File::open(path).unwrap();
    flate2::read::GzDecoder::new(packed)
        .read_to_end(&mut bytes)
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    // Each file has a head of 512 bytes with its name and its size.
    let mut rest = &bytes[..];
    while rest.len() >= 512 && rest[0] != 0 {
        let field = |range: std::ops::Range<usize>| {
            let field = rest[range].split(|byte| *byte == 0).next().unwrap();
            String::from_utf8_lossy(field).trim().to_owned()
        };
        let size = usize::from_str_radix(&field(124..136), 8).unwrap();
        let name = field(0..100);
        let name = name.rsplit('/').next().unwrap();
        if name.ends_with(".json") && !name.starts_with('.') && name != "package.json" {
            fs::write(folder.path().join(name), &rest[512..512 + size]).unwrap();
        }
        rest = &rest[512 + size.next_multiple_of(512)..];
    }
    (folder.path().to_owned(), Some(folder))
}

#[test]
fn protocols_on_public_data_come_out_as_kept() {
    let Some(shared) = shared() else { return };
    let mut wrong = Vec::new();
    for case in cases() {
        let listed = fs::read_to_string(case.join("data.txt")).unwrap();
        let (gates, sets): (Vec<&str>, Vec<&str>) =
            listed.lines().partition(|line| line.starts_with("at "));
        let gates: Vec<&str> = gates
            .iter()
            .filter_map(|line| line.strip_prefix("at "))
            .collect();
        let mut text = String::new();
        for set in sets {
            let mut first: Option<String> = None;
            for name in set.split(" = ") {
                let (data, _held) = at_hand(&shared.join(name));
                let outcome = outcome(&case, &data, &gates);
                let first = first.get_or_insert_with(|| outcome.clone());
                assert_eq!(*first, outcome, "{name}: the same as others");
            }
            let separator = if text.is_empty() { "" } else { "\n" };
            write!(text, "{separator}{set}\n{}", first.unwrap()).unwrap();
        }
        let file = case.join("expected.txt");
        if std::env::var_os("LIND_BLESS").is_some() {
            fs::write(&file, &text).unwrap();
        }
        let expected = fs::read_to_string(&file).unwrap_or_default();
        if text != expected {
            wrong.push(format!("{}\n{text}", file.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn their_protocols_are_checked_without_a_finding() {
    for case in cases() {
        let output = Command::new(env!("CARGO_BIN_EXE_lind"))
            .arg("check")
            .arg(case.join("protocol.lind"))
            .output()
            .unwrap();
        let printed = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{printed}");
        assert!(printed.contains("nothing found"), "{printed}");
    }
}
