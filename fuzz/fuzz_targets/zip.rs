//! Any bytes as a zip archive of patients: nothing panics, each of its files is read as it was packed or refused, no
//! name leads out of it, and every row that was read is accounted for.
#![no_main]
use std::io::Read;
use std::sync::Arc;

use libfuzzer_sys::fuzz_target;
use lind_records::{ConceptId, Dataset, Options, Table, Tables, Wanted};

fuzz_target!(
    init: {
        let aborts = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if !lind_parquet::is_guarded() {
                aborts(panic);
            }
        }));
    },
    |bytes: &[u8]| {
        let bytes: Arc<[u8]> = bytes.into();
        let Ok(tables) = lind_archive::open(Arc::new(bytes)) else { return };
        for name in tables.names() {
            let is_within = !name.starts_with('/') && name.split(['/', '\\']).all(|part| part != "..");
            assert!(is_within, "{name}");
            let Ok(Some(file)) = tables.open(&name) else { panic!("{name} is there") };
            // Not to its end: what a file unpacks to is nobody's to hold.
            let _ = std::io::copy(&mut file.take(1 << 22), &mut std::io::sink());
        }
        let mut wanted = Wanted::new();
        for table in Table::FACTS {
            wanted.add_any(table, ConceptId(0));
        }
        let Ok(mut dataset) = Dataset::open(&tables, &wanted, Options::default()) else { return };
        while let Ok(Some(_)) = dataset.next_chart() {}
        for table in Table::ALL {
            let tally = dataset.tally(table);
            assert_eq!(tally.read, tally.accounted_for(), "{table}");
        }
    }
);
