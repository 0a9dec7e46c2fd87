//! Whatever becomes of the bytes of an OMOP database: no panic, no row that is lost without a trace,
//! nobody left out of the tables that are whole.

use std::fs;

use lind_records::{Dataset, MemoryTables, Options, Table};

use crate::mutations::{Numbers, mutate, runs};
use crate::support::Asked;

fn files() -> Vec<(String, Vec<u8>)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/omop-");
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    for case in [
        "drugs-their-ends-doses-and-ingredients",
        "conditions-and-their-status",
        "values-with-units-and-ranges",
        "births-and-deaths",
        "visits",
    ] {
        for entry in fs::read_dir(format!("{folder}{case}")).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            if !name.ends_with(".csv") {
                continue;
            }
            let bytes = fs::read(path).unwrap();
            match files.iter_mut().find(|(known, _)| *known == name) {
                // The concepts of all cases together.
                Some((_, concepts)) if name == "concept.csv" => {
                    let header = bytes.iter().position(|byte| *byte == b'\n').unwrap();
                    concepts.extend(&bytes[header + 1..]);
                }
                Some(_) => {}
                None => files.push((name, bytes)),
            }
        }
    }
    files.sort();
    files
}

#[test]
fn damaged_databases_lose_no_row_and_nobody() {
    let asked = Asked::read(
        "observations  hemoglobin  loinc|718-7
         conditions    asthma      snomed|195967001
         treatments    rituximab   atc|L01FA01
         treatments    any         *
         procedures    any         *
         visits        any         *",
    );
    let files = files();
    let mut numbers = Numbers(0x2024_0509);
    let (mut opened, mut rows) = (0, 0);
    let runs = runs(500);
    for round in 0..runs {
        let damaged = numbers.below(files.len());
        let mut tables = MemoryTables::new();
        for (at, (name, bytes)) in files.iter().enumerate() {
            let mut bytes = bytes.clone();
            if at == damaged {
                mutate(&mut bytes, &mut numbers);
            }
            tables = tables.with(name.clone(), bytes);
        }
        let mut dataset = Dataset::open(&tables, &asked.wanted, Options::default()).unwrap();
        opened += 1;
        let mut patients = Vec::new();
        while let Some(chart) = dataset.next_chart().unwrap() {
            patients.push(chart.patient.to_string());
        }
        if files[damaged].0 != "person.csv" {
            let missing = ["1", "2"]
                .iter()
                .find(|name| !patients.iter().any(|one| one == *name));
            assert_eq!(missing, None, "round {round}: {patients:?}");
        }
        for table in Table::ALL {
            let tally = dataset.tally(table);
            assert_eq!(
                tally.read,
                tally.accounted_for(),
                "round {round}, {table}: {tally:?}"
            );
            rows += tally.read;
        }
        for problem in dataset.problems().listed() {
            let message = &problem.message;
            assert!(
                !message.contains(char::is_control),
                "round {round}: {problem:?}"
            );
        }
    }
    assert!(
        opened == runs && rows > 30 * u64::try_from(runs).unwrap(),
        "{opened} databases, {rows} rows"
    );
}
