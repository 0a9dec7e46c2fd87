//! Each folder under `tests/cases` is a set of tables and what comes out of it.
//!
//! `wanted.txt`, if there is one, says what is asked for, `as-of.txt` as of when. To accept what
//! comes out now: `LIND_BLESS=1 cargo nextest run -p lind-records`.

use std::fs;
use std::path::{Path, PathBuf};

use lind_records::MemoryTables;
use lind_time::When;

use crate::support::{Asked, WANTED, everything};

fn folders() -> Vec<PathBuf> {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut folders: Vec<PathBuf> = fs::read_dir(cases)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    folders
}

fn tables(folder: &Path) -> MemoryTables {
    let mut tables = MemoryTables::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if !["wanted.txt", "as-of.txt", "expected.txt", "why.md"].contains(&name.as_str()) {
            tables = tables.with(name, fs::read(path).unwrap());
        }
    }
    tables
}

fn outcome(folder: &Path) -> String {
    let wanted = fs::read_to_string(folder.join("wanted.txt"));
    let asked = Asked::read(wanted.as_deref().unwrap_or(WANTED));
    let as_of = fs::read_to_string(folder.join("as-of.txt"))
        .ok()
        .map(|text| When::parse(text.trim()).unwrap());
    everything(&asked, &tables(folder), as_of)
}

#[test]
fn every_case_comes_out_as_expected() {
    let bless = std::env::var_os("LIND_BLESS").is_some();
    let mut differing = Vec::new();
    for folder in folders() {
        let outcome = outcome(&folder);
        let file = folder.join("expected.txt");
        if fs::read_to_string(&file).is_ok_and(|expected| expected == outcome) {
            continue;
        }
        if bless {
            fs::write(file, outcome).unwrap();
        } else {
            let name = folder.file_name().unwrap().to_string_lossy().into_owned();
            differing.push(format!("{name} comes out as\n{outcome}"));
        }
    }
    assert!(differing.is_empty(), "{}", differing.join("\n"));
}

#[test]
fn every_rule_has_a_case() {
    let all: String = folders()
        .iter()
        .map(|folder| fs::read_to_string(folder.join("expected.txt")).unwrap_or_default())
        .collect();
    // A file cannot change while a case is read: tests/records/endless.rs does that. Files by column,
    // archives and links of folders have their tests where they are opened; limits, where they are reached.
    let elsewhere = [
        "D0714", "D0763", "D0775", "D0776", "D0792", "D0800", "D0802", "D0806",
    ];
    for rule in lind_records::rules::ALL {
        assert!(
            all.contains(rule.code) || elsewhere.contains(&rule.code),
            "no case shows {} {}",
            rule.code,
            rule.name
        );
    }
}
