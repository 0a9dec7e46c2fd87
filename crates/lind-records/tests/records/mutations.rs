//! Whatever becomes of the bytes: no panic, and no row that is lost without a trace.

use lind_records::{Dataset, MemoryTables, Options, Table};

use crate::support::{Asked, WANTED};

/// A small generator of numbers, so that every run makes the same changes.
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap() % limit
    }
}

/// How many sets are damaged: as many as `LIND_RUNS` says, or few, so that all tests stay quick.
pub(crate) fn runs(few: usize) -> usize {
    let told = std::env::var("LIND_RUNS").ok();
    told.and_then(|runs| runs.parse().ok()).unwrap_or(few)
}

/// Bytes that mean something to somebody.
const TELLING: &[u8] = b"\",\n\r\0\xFF\xC3|;\t -+.0123456789pTZ<>=*/\xEF\xBB\xBF[]{}";

pub(crate) fn mutate(bytes: &mut Vec<u8>, numbers: &mut Numbers) {
    for _ in 0..=numbers.below(3) {
        if bytes.is_empty() {
            return;
        }
        let at = numbers.below(bytes.len());
        match numbers.below(6) {
            0 => bytes[at] = u8::try_from(numbers.below(256)).unwrap(),
            1 => bytes[at] = TELLING[numbers.below(TELLING.len())],
            2 => bytes.insert(at, TELLING[numbers.below(TELLING.len())]),
            3 => drop(bytes.remove(at)),
            4 => bytes.truncate(at),
            _ => {
                let end = (at + numbers.below(40)).min(bytes.len());
                let copy = bytes[at..end].to_vec();
                let to = numbers.below(bytes.len());
                bytes.splice(to..to, copy);
            }
        }
    }
}

fn files() -> Vec<(String, Vec<u8>)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/");
    let mut files = Vec::new();
    for case in ["every-table-every-column", "dataset-settings"] {
        for entry in std::fs::read_dir(format!("{folder}{case}")).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            if name != "expected.txt" && !files.iter().any(|(known, _)| *known == name) {
                files.push((name, std::fs::read(path).unwrap()));
            }
        }
    }
    files.sort();
    files
}

/// The same rows, the last ones first.
fn reversed(bytes: &[u8]) -> Vec<u8> {
    let mut lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
    lines[1..].reverse();
    lines.concat()
}

#[test]
fn damaged_sets_in_the_order_of_patients_lose_no_row() {
    no_row_is_lost(&files(), 0x1747_0520);
}

#[test]
fn damaged_sets_in_another_order_lose_no_row() {
    let mut files = files();
    for (name, bytes) in &mut files {
        if name.ends_with(".csv") && name != "patients.csv" {
            *bytes = reversed(bytes);
        }
    }
    no_row_is_lost(&files, 0x1794_0713);
}

fn no_row_is_lost(files: &[(String, Vec<u8>)], seed: u64) {
    let asked = Asked::read(WANTED);
    let mut numbers = Numbers(seed);
    let (mut opened, mut rows) = (0, 0);
    let runs = runs(1_000);
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
        let Ok(mut dataset) = Dataset::open(&tables, &asked.wanted, Options::default()) else {
            continue;
        };
        opened += 1;
        while dataset.next_chart().unwrap().is_some() {}
        for table in Table::ALL {
            let tally = dataset.tally(table);
            assert_eq!(
                tally.read,
                tally.used
                    + tally.not_wanted
                    + tally.set_aside
                    + tally.withdrawn
                    + tally.later
                    + tally.duplicates,
                "round {round}, {table}: {tally:?}"
            );
            rows += tally.read;
        }
        let changed = lind_records::rules::D0763_CHANGED_WHILE_READ.code;
        assert!(
            dataset
                .problems()
                .counts()
                .all(|(rule, _)| rule.code != changed),
            "round {round}: both readings must see the same"
        );
        for problem in dataset.problems().listed() {
            assert!(
                !problem
                    .message
                    .contains(|character: char| character.is_control()),
                "round {round}: {problem:?}"
            );
        }
    }
    assert!(
        opened * 4 > runs * 3 && rows > 10 * u64::try_from(runs).unwrap(),
        "{opened} sets, {rows} rows"
    );
}
