//! The protocol of the CDISC pilot on the data of the CDISC pilot: SDTM as its authors publish it, and
//! a mapping file that says what its codes mean in the protocol (`tests/data/lzzt/mapping.toml`).
//!
//! Nobody comes out eligible, and most undetermined, as it should be: of the 31 criteria
//!
//! - 13 ask a person, and SDTM has no record of what was answered (I6 to I8, E9, E12, E18 to E22, E24, E26,
//!   and the last part of E31); so does E17 after its other parts;
//! - 8 ask for what the published data do not hold: MMSE, Hachinski scale, scan and ECG (I3 to I5, E16),
//!   stays in hospital (E11), folate (E28), syphilis tests (E29), and whether a woman is past menopause (I1);
//! - the full laboratory is published of 18 subjects, the example, where E27 and E30 are decided; of the
//!   pilot there are 5 subjects with a part of it;
//! - I2 is unknown by the mapping file, which says why;
//! - E10 is unknown for whoever takes any drug: CM does not say whether one was under investigation.
//!
//! Who is out is out by a drug that the protocol names, taken up to the first dose (E31, E10: ginkgo), or
//! by a diagnosis (E12, E15, E18). These subjects were enrolled nevertheless, with the monitor's
//! exceptions for some of the drugs; the protocol's text is what is checked here. The 52 who failed
//! screening have no first dose, so what is decided at enrolment is pending for them.
//!
//! What comes out is kept in `tests/data/lzzt`. To accept what comes out now:
//! `LIND_BLESS=1 cargo nextest run -p lind --test lzzt`.
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
use std::path::{Path, PathBuf};
use std::process::Command;

fn shared(folder: &str) -> Option<PathBuf> {
    let root = std::env::var_os("LIND_SHARED_DATA").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
        PathBuf::from,
    );
    let path = root.join(folder);
    if path.is_dir() {
        return Some(path);
    }
    println!("../shared/data is absent: LZZT on {folder} was not run");
    None
}

/// How many patients come out how, by criterion; and of those who are out, by what.
fn outcome(patients: &Path) -> String {
    let crate_folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let output = Command::new(env!("CARGO_BIN_EXE_lind"))
        .arg("screen")
        .arg(crate_folder.join("../../protocols/corpus/lzzt.lind"))
        .arg("--patients")
        .arg(patients)
        .arg("--mapping")
        .arg(crate_folder.join("tests/data/lzzt/mapping.toml"))
        .args(["--at", "enrolment", "--format", "json"])
        .output()
        .expect("the command runs");
    let printed = String::from_utf8(output.stdout).unwrap();
    let (mut verdicts, mut criteria, mut out) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    for line in printed.lines() {
        let told: serde_json::Value = serde_json::from_str(line).unwrap();
        let Some(verdict) = told["verdict"].as_str() else {
            continue;
        };
        *verdicts.entry(verdict.to_owned()).or_insert(0) += 1;
        let mut failed = Vec::new();
        for criterion in told["criteria"].as_array().unwrap() {
            let text = |name: &str| criterion[name].as_str().unwrap_or_default().to_owned();
            let counts: &mut BTreeMap<String, u32> = criteria.entry(text("id")).or_default();
            *counts.entry(text("outcome")).or_default() += 1;
            if text("effect") == "fail" {
                failed.push(text("id"));
            }
        }
        if !failed.is_empty() {
            *out.entry(failed.join(" ")).or_insert(0) += 1;
        }
    }
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(!verdicts.is_empty(), "{stderr}");
    let mut text = String::new();
    for (verdict, count) in verdicts {
        writeln!(text, "{count} {verdict}").unwrap();
    }
    text.push_str("\nby criterion\n");
    for (id, counts) in criteria {
        let counts: Vec<String> = counts
            .iter()
            .map(|(what, count)| format!("{count} {what}"))
            .collect();
        writeln!(text, "{id}: {}", counts.join(", ")).unwrap();
    }
    text.push_str("\nout by\n");
    for (failed, count) in out {
        writeln!(text, "{failed}: {count}").unwrap();
    }
    text
}

fn comes_out_as_kept(folder: &str, kept: &str) {
    let Some(patients) = shared(folder) else {
        return;
    };
    let outcome = outcome(&patients);
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data/lzzt")
        .join(kept);
    if std::env::var_os("LIND_BLESS").is_some() {
        fs::write(&file, &outcome).unwrap();
    }
    let expected = fs::read_to_string(&file).unwrap_or_default();
    assert_eq!(outcome, expected, "{}", file.display());
}

#[test]
fn the_pilot_as_csv_comes_out_as_kept() {
    comes_out_as_kept("sdtm/csv", "pilot.txt");
}

#[test]
fn the_example_in_its_four_containers_comes_out_as_kept() {
    comes_out_as_kept("sdtm/example", "example.txt");
}
