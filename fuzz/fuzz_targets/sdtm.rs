//! Any bytes as a data set of SDTM in any container: nothing panics, every row is accounted for, and
//! who stands in DM is not lost.
//!
//! The first byte says which container and whether it is DM or LB, the rest is the file. The other
//! data set is whole.
#![no_main]
use libfuzzer_sys::fuzz_target;
use lind_records::{ConceptId, Dataset, MemoryTables, Options, Table, Wanted};

const SUBJECTS: &str = "STUDYID,DOMAIN,USUBJID,SEX,BRTHDTC,RFSTDTC\nS,DM,p1,F,1980-02-29,2014-01-02\nS,DM,p2,M,1990,2014-01\n";

fuzz_target!(|bytes: &[u8]| {
    let Some((first, file)) = bytes.split_first() else { return };
    let containers = ["xpt", "json", "ndjson", "dsjc", "csv"];
    let container = containers[usize::from(first >> 1) % containers.len()];
    let is_of_subjects = first & 1 == 1;
    let name = if is_of_subjects { "dm" } else { "lb" };
    let mut tables = MemoryTables::new().with(format!("{name}.{container}"), file);
    if !is_of_subjects {
        tables = tables.with("dm_whole.csv", SUBJECTS.as_bytes());
    }
    let mut wanted = Wanted::new();
    for table in Table::FACTS {
        wanted.add_any(table, ConceptId(0));
    }
    let Ok(mut dataset) = Dataset::open(&tables, &wanted, Options::default()) else { return };
    let mut patients = 0;
    while let Ok(Some(_)) = dataset.next_chart() {
        patients += 1;
    }
    assert!(is_of_subjects || patients >= 2, "{patients} patients");
    for table in Table::ALL {
        let tally = dataset.tally(table);
        assert_eq!(tally.read, tally.accounted_for(), "{table}");
    }
});
