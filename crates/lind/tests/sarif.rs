//! What Lind writes as SARIF is SARIF 2.1.0, by the schema of the standard.
//!
//! The schema is that of OASIS, which `LIND_SARIF_SCHEMA` names, or `sarif-schema-2.1.0.json` in the folder that
//! `LIND_SHARED_DATA` names. Where it is absent, that is said, and only the references within a log are looked at.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests fail by panicking"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use boon::{Compiler, SchemaIndex, Schemas};
use serde_json::Value;

/// The schema; none, said aloud, where it is absent.
fn schema() -> Option<(Schemas, SchemaIndex)> {
    let named = std::env::var_os("LIND_SARIF_SCHEMA").map(PathBuf::from);
    let beside = std::env::var_os("LIND_SHARED_DATA").map(PathBuf::from);
    let path = named.or_else(|| Some(beside?.join("sarif-schema-2.1.0.json")));
    let Some(path) = path.filter(|path| path.is_file()) else {
        println!("the schema of SARIF is absent: no log was held against it");
        return None;
    };
    let schema: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let mut schemas = Schemas::new();
    let mut compiler = Compiler::new();
    compiler.add_resource("sarif.json", schema).unwrap();
    let index = compiler.compile("sarif.json", &mut schemas).unwrap();
    Some((schemas, index))
}

fn log(arguments: &[&str]) -> Value {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    let output = Command::new(env!("CARGO_BIN_EXE_lind"))
        .args(arguments)
        .args(["--format", "sarif"])
        .current_dir(data)
        .output()
        .unwrap();
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{arguments:?}: {error}: {output:?}"))
}

#[test]
fn every_log_is_sarif() {
    let schema = schema();
    let logs = [
        log(&["amend", "flips/new.lind", "--against", "flips/old.lind"]),
        log(&[
            "amend",
            "flips/new.lind",
            "--against",
            "flips/old.lind",
            "--patients",
            "flips/cohort",
        ]),
        log(&["amend", "flips/old.lind", "--against", "flips/old.lind"]),
        log(&["lint", "lints"]),
        log(&["lint", "lints/clean.lind"]),
        log(&["check", "broken.lind", "untidy.lind", "unusual.lind"]),
        log(&["check", "trial.lind"]),
    ];
    let mut results = 0;
    for log in &logs {
        assert_eq!(log["version"], "2.1.0");
        let run = &log["runs"][0];
        for result in run["results"].as_array().unwrap() {
            results += 1;
            let rule = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
            assert_eq!(run["tool"]["driver"]["rules"][rule]["id"], result["ruleId"]);
        }
        if let Some((schemas, index)) = &schema {
            let valid = schemas.validate(log, *index);
            assert!(valid.is_ok(), "{:#}\n{log:#}", valid.unwrap_err());
        }
    }
    assert!(results > 10, "{results} findings");
    if let Some((schemas, index)) = &schema {
        // A schema that takes everything would show nothing.
        let mut wrong = logs[0].clone();
        wrong["runs"][0]["results"][0]["level"] = "fatal".into();
        assert!(schemas.validate(&wrong, *index).is_err());
    }
}
