//! Any bytes as data of FHIR: nothing panics, and every row is accounted for.
//!
//! The first byte says what the file is called, the rest is the file.
#![no_main]
use lind_records::{ConceptId, Dataset, MemoryTables, Options, Table, Wanted};
use libfuzzer_sys::fuzz_target;

const NAMES: [&str; 4] = ["data.json", "data.ndjson", "Observation.ndjson.gz", "MedicationRequest.jsonl"];
const PATIENT: &[u8] = b"{\"resourceType\":\"Patient\",\"id\":\"p1\",\"gender\":\"female\"}\n";

fuzz_target!(|bytes: &[u8]| {
    let Some((first, text)) = bytes.split_first() else { return };
    let Some(name) = NAMES.get(usize::from(*first) % NAMES.len()) else { return };
    let tables = MemoryTables::new().with("Patient.ndjson", PATIENT).with(*name, text);
    let mut wanted = Wanted::new();
    for table in Table::FACTS {
        wanted.add_any(table, ConceptId(0));
    }
    wanted.add_code(Table::Observations, ConceptId(1), "loinc|718-7");
    let Ok(mut dataset) = Dataset::open(&tables, &wanted, Options::default()) else { return };
    let mut is_there = false;
    while let Ok(Some(chart)) = dataset.next_chart() {
        is_there |= &*chart.patient == "p1";
    }
    assert!(is_there, "a patient in another file was lost");
    for table in Table::ALL {
        let tally = dataset.tally(table);
        assert_eq!(tally.read, tally.accounted_for(), "{table}");
    }
});
