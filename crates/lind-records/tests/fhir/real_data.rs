//! The public data are read whole. The counts are those of `count.py` beside this file, which was
//! written from the page about FHIR and not from the reader:
//!
//! ```text
//! python3 crates/lind-records/tests/fhir/count.py ../shared/data/fhir/bundles
//! python3 crates/lind-records/tests/fhir/count.py ../shared/data/fhir/ndjson
//! python3 crates/lind-records/tests/fhir/count.py ../shared/data/fhir/bulk
//! python3 crates/lind-records/tests/fhir/count.py ../shared/data/fhir/hl7.fhir.r4.examples-4.0.1.tgz
//! ```

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use lind_records::{ConceptId, Dataset, Form, MemoryTables, Options, Table, Wanted};

/// Where the public data stand; none, after saying so, if they do not.
fn data(name: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("LIND_SHARED_DATA").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
        PathBuf::from,
    );
    let path = folder.join("fhir").join(name);
    if path.exists() {
        return Some(path);
    }
    println!("../shared/data is absent: {name} was not run");
    None
}

fn folder(path: &Path) -> MemoryTables {
    let mut tables = MemoryTables::new();
    for entry in fs::read_dir(path).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        tables = tables.with(name, fs::read(&path).unwrap());
    }
    tables
}

/// The files of a tar archive in gzip: each has a head of 512 bytes with its name and its size.
fn archive(path: &Path) -> MemoryTables {
    let mut bytes = Vec::new();
    flate2::read::GzDecoder::new(fs::File::open(path).unwrap())
        .read_to_end(&mut bytes)
        .unwrap();
    let mut tables = MemoryTables::new();
    let mut rest = &bytes[..];
    while rest.len() >= 512 && rest[0] != 0 {
        let text = |range: std::ops::Range<usize>| {
            let field = rest[range].split(|byte| *byte == 0).next().unwrap();
            String::from_utf8_lossy(field).trim().to_owned()
        };
        let size = usize::from_str_radix(&text(124..136), 8).unwrap();
        let name = text(0..100);
        let name = name.rsplit('/').next().unwrap();
        if name.ends_with(".json") && name != "package.json" {
            tables = tables.with(name, &rest[512..512 + size]);
        }
        rest = &rest[512 + size.next_multiple_of(512)..];
    }
    tables
}

/// Reads everything, asks for everything, and compares the rows of each table.
fn read(tables: &MemoryTables, expected: &[(Table, u64)]) -> Dataset {
    let mut wanted = Wanted::new();
    for table in Table::FACTS {
        wanted.add_any(table, ConceptId(0));
    }
    let mut dataset = Dataset::open(tables, &wanted, Options::default()).unwrap();
    assert_eq!(dataset.form(), Form::Fhir);
    while dataset.next_chart().unwrap().is_some() {}
    for table in Table::ALL {
        let tally = dataset.tally(table);
        let count = expected.iter().find(|(other, _)| *other == table);
        assert_eq!(tally.read, count.map_or(0, |(_, count)| *count), "{table}");
        assert_eq!(tally.read, tally.accounted_for(), "{table} {tally:?}");
    }
    dataset
}

fn problems(dataset: &Dataset) -> Vec<(&'static str, u64)> {
    let counts = dataset.problems().counts();
    counts.map(|(rule, count)| (rule.code, count)).collect()
}

#[test]
fn the_bundles_have_as_many_rows_as_python_counts() {
    let Some(path) = data("bundles") else { return };
    let dataset = read(
        &folder(&path),
        &[
            (Table::Patients, 25),
            (Table::Observations, 2720),
            (Table::Conditions, 134),
            (Table::Treatments, 377),
            (Table::Procedures, 416),
            (Table::Allergies, 7),
            (Table::Visits, 381),
        ],
    );
    println!("{:?}", problems(&dataset));
    assert_eq!(dataset.patient_count(), 25);
}

#[test]
fn the_export_in_gzip_has_as_many_rows_as_python_counts() {
    let Some(path) = data("ndjson") else { return };
    let dataset = read(
        &folder(&path),
        &[
            (Table::Patients, 381),
            (Table::Observations, 57_653),
            (Table::Conditions, 2813),
            (Table::Treatments, 7602),
            (Table::Procedures, 13_756),
            (Table::Allergies, 255),
            (Table::Visits, 11_176),
        ],
    );
    println!("{:?}", problems(&dataset));
    assert_eq!(dataset.patient_count(), 381);
    assert_eq!(dataset.tally(Table::Patients).used, 381);
}

#[test]
fn the_bulk_export_has_as_many_rows_as_python_counts() {
    let Some(path) = data("bulk") else { return };
    let dataset = read(
        &folder(&path),
        &[
            (Table::Patients, 13),
            (Table::Conditions, 555),
            (Table::Treatments, 1906),
            (Table::Procedures, 2217),
            (Table::Allergies, 11),
            (Table::Visits, 1215),
        ],
    );
    println!("{:?}", problems(&dataset));
    assert_eq!(dataset.patient_count(), 13);
}

#[test]
fn no_example_of_the_standard_makes_the_reader_stumble() {
    let Some(path) = data("hl7.fhir.r4.examples-4.0.1.tgz") else {
        return;
    };
    let tables = archive(&path);
    assert_eq!(lind_records::Tables::names(&tables).len(), 5306);
    let dataset = read(
        &tables,
        &[
            (Table::Patients, 52),
            (Table::Milestones, 12),
            (Table::Observations, 798),
            (Table::Conditions, 16),
            (Table::Treatments, 100),
            (Table::Procedures, 21),
            (Table::Allergies, 7),
            (Table::AdverseEvents, 1),
            (Table::Visits, 7),
        ],
    );
    println!("{:?}", problems(&dataset));
}
