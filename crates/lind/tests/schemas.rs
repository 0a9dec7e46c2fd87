//! What `lind diff` and `lind amend` print for programs is what the schemas in `docs/schemas` say.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests fail by panicking"
)]

use std::fs;
use std::path::Path;
use std::process::Command;

use boon::{Compiler, SchemaIndex, Schemas};
use serde_json::Value;

fn schema(name: &str) -> (Schemas, SchemaIndex) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/schemas");
    let mut compiler = Compiler::new();
    for name in ["lind.diff-1.schema.json", "lind.amend-1.schema.json"] {
        let schema = serde_json::from_str(&fs::read_to_string(root.join(name)).unwrap()).unwrap();
        compiler
            .add_resource(&format!("http://lind/{name}"), schema)
            .unwrap();
    }
    let mut schemas = Schemas::new();
    let index = compiler
        .compile(&format!("http://lind/{name}"), &mut schemas)
        .unwrap();
    (schemas, index)
}

fn printed(arguments: &[&str]) -> Value {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    let output = Command::new(env!("CARGO_BIN_EXE_lind"))
        .args(arguments)
        .args(["--format", "json"])
        .current_dir(data)
        .output()
        .unwrap();
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{arguments:?}: {error}: {output:?}"))
}

#[test]
fn differences_are_as_their_schema_says() {
    let (schemas, index) = schema("lind.diff-1.schema.json");
    let flips = ["diff", "flips/old.lind", "flips/new.lind"];
    let patients = ["--patients", "flips/cohort", "--show-ids"];
    let with_names = printed(&[&flips[..], &patients[..]].concat());
    for value in [
        printed(&flips),
        with_names.clone(),
        printed(&["diff", "escalation/three.lind", "escalation/trial.lind"]),
        printed(&["diff", "deviations/trial.lind", "deviations/tolerant.lind"]),
    ] {
        let valid = schemas.validate(&value, index);
        assert!(valid.is_ok(), "{:#}\n{value:#}", valid.unwrap_err());
    }
    // Whoever is enrolled stands nowhere in the new version.
    let named = with_names["cohort"]["named"].as_array().unwrap();
    let place = named.iter().position(|own| own["enrolled"] == true);
    let place = place.unwrap();
    let mut wrong = with_names.clone();
    wrong["cohort"]["named"][place]["to"] = "ineligible".into();
    assert!(schemas.validate(&wrong, index).is_err());
}

#[test]
fn what_the_gate_finds_is_as_its_schema_says() {
    let (schemas, index) = schema("lind.amend-1.schema.json");
    let gate = ["amend", "flips/new.lind", "--against", "flips/old.lind"];
    let patients = ["--patients", "flips/cohort"];
    for value in [
        printed(&gate),
        printed(&[&gate[..], &patients[..]].concat()),
        serde_json::from_str(&lind_report::new_protocol_json()).unwrap(),
    ] {
        let valid = schemas.validate(&value, index);
        assert!(valid.is_ok(), "{:#}\n{value:#}", valid.unwrap_err());
    }
}
