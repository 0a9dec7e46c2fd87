//! What `lind data map --suggest` proposes can be passed with `--mapping` as it stands: it is a mapping file
//! without a slip, and what is commented out in it is not in force.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests fail by panicking"
)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .unwrap()
        .to_owned()
}

fn lind(arguments: &[&Path]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_lind"))
        .args(arguments)
        .output()
        .unwrap()
}

/// What a proposal for these data and this protocol is, and what `check` finds wrong with it.
fn proposed(data: &Path, protocol: Option<&Path>) -> (String, Vec<serde_json::Value>) {
    let mut arguments = ["data", "map", "--suggest"].map(Path::new).to_vec();
    arguments.push(data);
    if let Some(protocol) = protocol {
        arguments.extend([Path::new("--protocol"), protocol]);
    }
    let output = lind(&arguments);
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("proposed.toml");
    std::fs::write(&file, &text).unwrap();
    let mut arguments = ["data", "check", "--format", "json", "--mapping"]
        .map(Path::new)
        .to_vec();
    arguments.extend([&*file, data]);
    if let Some(protocol) = protocol {
        arguments.extend([Path::new("--protocol"), protocol]);
    }
    let output = lind(&arguments);
    assert!(
        output.status.code().is_some_and(|code| code < 2),
        "{output:?}\n{text}"
    );
    let told: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(told["schema"], "lind.data-check/1");
    let kinds = told["problems"].as_array().unwrap().iter();
    let places = kinds.flat_map(|kind| kind["places"].as_array().unwrap().clone());
    let name = file.display().to_string();
    let wrong = places.filter(|place| place["file"] == *name).collect();
    (text, wrong)
}

#[test]
fn what_is_proposed_is_a_mapping_file_without_a_slip() {
    let root = root();
    let examples = root.join("docs/commands/examples");
    let site = examples.join("site");
    let protocol = examples.join("site.lind");
    let cohort = root.join("tests/cohorts/ssc");
    let trial = root.join("protocols/ssc-nct06414135.lind");
    for (data, protocol) in [
        (&site, Some(&*protocol)),
        (&site, None),
        (&cohort, Some(&*trial)),
        (&cohort, None),
    ] {
        let (text, wrong) = proposed(data, protocol);
        assert!(wrong.is_empty(), "{wrong:?}\n{text}");
    }
}

#[test]
fn nothing_in_the_data_ends_a_comment_or_a_key_of_a_proposal() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("patients.csv"), "patient\np1\n").unwrap();
    std::fs::write(
        folder.path().join("observations.csv"),
        "patient,code,time,value,unit\n\
         p1,\"a\"\"b\\|\n[codes]\nx\",2024,1,\"no\"\"unit\nx = 1\"\n\
         p1,\"c\u{202e}'''|\t1\",2024,1,\u{200b}x\n",
    )
    .unwrap();
    let protocol = root().join("docs/commands/examples/site.lind");
    let (text, wrong) = proposed(folder.path(), Some(&protocol));
    assert!(wrong.is_empty(), "{wrong:?}\n{text}");
    assert!(!text.contains("\u{202e}"), "{text}");
}

#[test]
fn a_wrong_label_is_seen_by_the_plausible_range_and_proposed_for_review() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("patients.csv"), "patient\np1\n").unwrap();
    let mut rows = "patient,code,time,value,unit\n".to_owned();
    for day in 1..=9 {
        rows.push_str(&format!("p1,albumin,2024-05-0{day},2.{day},g/L\n"));
    }
    std::fs::write(folder.path().join("observations.csv"), rows).unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let protocol = elsewhere.path().join("trial.lind");
    let source = "protocol T1\n  title \"Albumin\"\n\nuse std.labs: albumin\n\nmilestone screening\n\n\
                  inclusion I1 \"Albumin\"\n  at screening\n  albumin >= 30 g/L\n";
    std::fs::write(&protocol, source).unwrap();
    let (text, wrong) = proposed(folder.path(), Some(&protocol));
    assert!(wrong.is_empty(), "{wrong:?}\n{text}");
    assert!(
        text.contains("\n# \"g/L\" = \"g/dL\"    # 9 values from 2.1 to 2.9"),
        "{text}"
    );
}
