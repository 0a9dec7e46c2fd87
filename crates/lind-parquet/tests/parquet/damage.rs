//! Whatever becomes of the bytes of a Parquet file: no panic leaves the reader, no row is lost
//! without a trace, and nobody is left out of the tables that are whole.

use std::fs;
use std::sync::Arc;

use lind_parquet::WithParquet;
use lind_records::{MemoryTables, Options, Table};

use crate::support::{Asked, WANTED};
use crate::writing::{STYLES, parquet, rows, zstd};

/// A small generator of numbers, so that every run makes the same changes.
pub(crate) struct Numbers(u64);

impl Numbers {
    pub(crate) fn new(seed: u64) -> Self {
        Numbers(seed)
    }

    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap() % limit
    }
}

pub(crate) fn damage(bytes: &mut Vec<u8>, numbers: &mut Numbers) {
    for _ in 0..=numbers.below(3) {
        if bytes.is_empty() {
            return;
        }
        let at = numbers.below(bytes.len());
        match numbers.below(12) {
            0..=4 => bytes[at] = u8::try_from(numbers.below(256)).unwrap(),
            5..=8 => bytes[at] ^= 1 << numbers.below(8),
            9 => bytes.insert(at, u8::try_from(numbers.below(256)).unwrap()),
            10 => drop(bytes.remove(at)),
            _ => bytes.truncate(at),
        }
    }
}

/// The tables of patients with rows in plenty, by name.
fn files() -> Vec<(String, Vec<u8>)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/cohorts/sle/");
    let mut files = Vec::new();
    for (at, table) in [
        Table::Patients,
        Table::Observations,
        Table::Treatments,
        Table::Visits,
    ]
    .into_iter()
    .enumerate()
    {
        let bytes = fs::read(format!("{folder}{}", table.file())).unwrap();
        let (names, rows) = rows(&bytes).unwrap();
        let mut style = STYLES[at % STYLES.len()];
        style.rows_of_group = 16;
        if at == 1 {
            style.compression = zstd();
            style.rows_of_group = 64;
        }
        let rows: Vec<_> = rows.into_iter().take(150).collect();
        files.push((table.parquet_file(), parquet(&names, &rows, style)));
    }
    files
}

#[test]
fn damaged_files_lose_no_row_and_nobody() {
    // What is caught must not fill the output of the test.
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if !lind_parquet::is_guarded() {
            usual(panic);
        }
    }));
    let files = files();
    let asked = Asked::read(WANTED);
    let mut numbers = Numbers(0x2024_0509);
    let (mut opened, mut told, mut unreadable) = (0, 0, 0);
    // As many as `LIND_RUNS` says, or few, so that all tests stay quick.
    let runs = std::env::var("LIND_RUNS").ok();
    let runs: u32 = runs.and_then(|runs| runs.parse().ok()).unwrap_or(500);
    for round in 0..runs {
        let damaged = numbers.below(files.len());
        let mut tables = MemoryTables::new();
        for (at, (name, bytes)) in files.iter().enumerate() {
            let mut bytes = bytes.clone();
            if at == damaged {
                damage(&mut bytes, &mut numbers);
            }
            tables = tables.with(name.clone(), bytes);
        }
        let tables = WithParquet(tables);
        let Ok(mut dataset) =
            lind_records::Dataset::open(&tables, &asked.wanted, Options::default())
        else {
            assert_eq!(damaged, 0, "round {round}: only patients are needed");
            unreadable += 1;
            continue;
        };
        opened += 1;
        let mut charts = 0;
        while dataset.next_chart().unwrap().is_some() {
            charts += 1;
        }
        if damaged != 0 {
            assert_eq!(charts, 12, "round {round}: nobody is left out");
        }
        for table in Table::ALL {
            let tally = dataset.tally(table);
            assert_eq!(
                tally.read,
                tally.accounted_for(),
                "round {round}, {table}: {tally:?}"
            );
        }
        for (rule, _) in dataset.problems().counts() {
            assert_ne!(
                rule.code, "D0763",
                "round {round}: both readings see the same"
            );
            told += u32::from(["D0800", "D0703"].contains(&rule.code));
        }
    }
    assert!(
        opened * 10 > runs * 8 && told * 10 > runs * 3,
        "{opened} opened, {told} told, {unreadable} unreadable"
    );
}

#[test]
fn a_page_that_claims_gigabytes_is_not_unpacked() {
    let (name, bytes) = files().remove(0);
    // Whatever a header of a page claims: no more memory than the file is worth.
    let mut numbers = Numbers(7);
    for _ in 0..200 {
        let mut bytes = bytes.clone();
        let at = 4 + numbers.below(40);
        for byte in bytes.iter_mut().skip(at).take(5) {
            *byte = 0xFE;
        }
        let bytes: Arc<[u8]> = bytes.into();
        let Ok(file) = lind_parquet::open(Arc::new(bytes)) else {
            panic!("{name}: its end is whole");
        };
        let columns: Vec<usize> = (0..file.columns().len()).collect();
        let mut batches = file.read(&columns).unwrap();
        let mut rows = 0;
        while let Some(batch) = batches.next_batch().unwrap() {
            rows += batch.row_count;
        }
        assert_eq!(rows as u64, file.row_count());
    }
}
