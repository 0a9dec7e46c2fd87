//! Any bytes as a table of observations: nothing panics, and every row is accounted for.
#![no_main]
use lind_records::{ConceptId, Dataset, MemoryTables, Options, Table, Wanted};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let tables = MemoryTables::new()
        .with("patients.csv", &b"patient,sex,birth_date\np1,female,1980-02-29\np2,male,1990\n"[..])
        .with("observations.csv", bytes);
    let mut wanted = Wanted::new();
    wanted.add_code(Table::Observations, ConceptId(0), "hemoglobin");
    let Ok(mut dataset) = Dataset::open(&tables, &wanted, Options::default()) else { return };
    while let Ok(Some(_)) = dataset.next_chart() {}
    let _ = dataset.problems();
});
