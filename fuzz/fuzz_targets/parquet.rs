//! Any bytes as a Parquet file: no panic leaves the reader, every row that the file says it has is accounted for,
//! and who stands in another table is not lost.
//!
//! The first byte says which table, the rest is its file.
#![no_main]
use libfuzzer_sys::fuzz_target;
use lind_parquet::WithParquet;
use lind_records::{ConceptId, Dataset, MemoryTables, Options, Table, Wanted};

const NAMES: [&str; 4] =
    ["observations.parquet", "patients.parquet", "treatments.parquet", "measurement.parquet"];

fuzz_target!(
    init: {
        // A panic of the crate that reads Parquet ends in `lind-parquet`, and is none for us.
        let aborts = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if !lind_parquet::is_guarded() {
                aborts(panic);
            }
        }));
    },
    |bytes: &[u8]| {
        let Some((first, file)) = bytes.split_first() else { return };
        let Some(name) = NAMES.get(usize::from(*first) % NAMES.len()) else { return };
        let tables = if *name == "measurement.parquet" {
            MemoryTables::new().with("person.csv", "person_id,year_of_birth\np1,1980\np2,1990\n")
        } else {
            MemoryTables::new().with("conditions.csv", "patient,code,onset\np1,icd10|C44.9,2016\n")
        };
        let tables = match *name {
            "observations.parquet" | "treatments.parquet" => {
                tables.with("patients.csv", "patient,sex\np1,female\np2,male\n")
            }
            _ => tables,
        };
        let tables = WithParquet(tables.with(*name, file));
        let mut wanted = Wanted::new();
        for table in Table::FACTS {
            wanted.add_any(table, ConceptId(0));
        }
        wanted.add_code(Table::Observations, ConceptId(1), "hemoglobin");
        let Ok(mut dataset) = Dataset::open(&tables, &wanted, Options::default()) else { return };
        let mut patients = 0;
        while let Ok(Some(_)) = dataset.next_chart() {
            patients += 1;
        }
        assert!(*name == "patients.parquet" || patients >= 2, "{patients} patients");
        for table in Table::ALL {
            let tally = dataset.tally(table);
            assert_eq!(tally.read, tally.accounted_for(), "{table}");
        }
    }
);
