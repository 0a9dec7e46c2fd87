//! Any bytes as one of the tables: nothing panics, and every row is accounted for.
//!
//! The first byte says which table, the rest is its file.
#![no_main]
use lind_records::{ConceptId, Dataset, MemoryTables, Options, Table, Wanted};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Some((first, text)) = bytes.split_first() else { return };
    let Some(table) = Table::ALL.get(usize::from(*first) % Table::ALL.len()) else { return };
    let patients = &b"patient,sex,birth_date\np1,female,1980-02-29\np2,male,1990\n"[..];
    let tables = MemoryTables::new().with("patients.csv", patients).with(table.file(), text);
    let mut wanted = Wanted::new();
    for table in Table::FACTS {
        wanted.add_any(table, ConceptId(0));
    }
    wanted.add_code(Table::Observations, ConceptId(1), "hemoglobin");
    let Ok(mut dataset) = Dataset::open(&tables, &wanted, Options::default()) else { return };
    while let Ok(Some(_)) = dataset.next_chart() {}
    for table in Table::ALL {
        let tally = dataset.tally(table);
        assert_eq!(tally.read, tally.accounted_for(), "{table}");
    }
    let _ = (dataset.problems(), dataset.decisions());
});
