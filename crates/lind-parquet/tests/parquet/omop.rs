//! A public OMOP database of 28 invented patients, as CSV and as Parquet.
//!
//! How many rows there are was counted by DuckDB, in the unpacked folder of the Parquet files:
//!
//! ```text
//! pip install duckdb; python -c "import duckdb
//! for table in ['person', 'death', 'measurement', 'observation', 'condition_occurrence',
//!               'drug_exposure', 'procedure_occurrence', 'visit_occurrence']:
//!     print(table, duckdb.sql(f\"select count(*) from '{table}.parquet'\").fetchall())"
//! ```

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::PathBuf;

use lind_parquet::WithParquet;
use lind_records::{ConceptId, Dataset, MemoryTables, Options, Table, Tables, Wanted};

use crate::support::{Asked, chart_text};

/// The shared data, if they are there.
fn folder() -> Option<PathBuf> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data");
    let folder = std::env::var_os("LIND_SHARED_DATA").map_or_else(|| beside.into(), PathBuf::from);
    let folder = folder.join("omop");
    if folder.is_dir() {
        return Some(folder);
    }
    println!("../shared/data is absent: the public OMOP database was not run");
    None
}

/// The files of an archive.
fn unpacked(archive: &str) -> Option<WithParquet<MemoryTables>> {
    let mut archive = zip::ZipArchive::new(File::open(folder()?.join(archive)).unwrap()).unwrap();
    let mut tables = MemoryTables::new();
    for at in 0..archive.len() {
        let mut entry = archive.by_index(at).unwrap();
        if entry.is_file() {
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).unwrap();
            tables = tables.with(entry.name().unwrap().into_owned(), bytes);
        }
    }
    Some(WithParquet(tables))
}

fn everything() -> Wanted {
    let mut wanted = Wanted::new();
    for (table, number) in Table::FACTS.into_iter().zip(0..) {
        wanted.add_any(table, ConceptId(number));
    }
    wanted
}

/// How many rows were read and used or found twice, by table, and how often each rule was broken.
type Counts = (
    BTreeMap<&'static str, (u64, u64)>,
    BTreeMap<&'static str, u64>,
);

fn counts(tables: &dyn Tables) -> (usize, Counts) {
    let mut dataset = Dataset::open(tables, &everything(), Options::default()).unwrap();
    let mut charts = 0;
    while dataset.next_chart().unwrap().is_some() {
        charts += 1;
    }
    let mut rows = BTreeMap::new();
    for table in Table::ALL {
        let tally = dataset.tally(table);
        assert_eq!(tally.read, tally.accounted_for(), "{table}: {tally:?}");
        if tally.read > 0 {
            rows.insert(table.name(), (tally.read, tally.used + tally.duplicates));
        }
    }
    let problems = dataset.problems().counts();
    (
        charts,
        (
            rows,
            problems.map(|(rule, count)| (rule.code, count)).collect(),
        ),
    )
}

#[test]
fn both_archives_are_read_whole() {
    for archive in ["Synthea27Nj_5.4.zip", "Synthea27NjParquet_5.4.zip"] {
        let Some(tables) = unpacked(archive) else {
            return;
        };
        let (charts, (rows, problems)) = counts(&tables);
        assert_eq!(charts, 28, "{archive}");
        let expected = BTreeMap::from([
            ("patients", (28, 28)),
            ("observations", (10_040 + 8_099, 10_040 + 8_099)),
            ("conditions", (470, 470)),
            ("treatments", (883, 883)),
            ("procedures", (1_649, 1_649)),
            ("visits", (1_791, 1_791)),
        ]);
        assert_eq!(rows, expected, "{archive}");
        // One device, which is no table of ours.
        assert_eq!(problems, BTreeMap::from([("D0803", 1)]), "{archive}");
    }
}

#[test]
fn both_archives_give_the_same_charts() {
    let asked = Asked::read(
        "observations  weight       loinc|29463-7
         observations  creatinine   loinc|38483-4
         observations  any          *
         conditions    any          *
         treatments    any          *
         procedures    any          *
         visits        any          *",
    );
    let charts = |archive| {
        let tables = unpacked(archive)?;
        let mut dataset = asked.open(&tables, None).unwrap();
        let mut charts = Vec::new();
        while let Some(chart) = dataset.next_chart().unwrap() {
            let text = chart_text(&dataset, &asked, &chart, false);
            let mut lines: Vec<String> = text.lines().map(crate::cases::plain).collect();
            lines.sort();
            charts.push(lines);
        }
        Some(charts)
    };
    let Some(from_csv) = charts("Synthea27Nj_5.4.zip") else {
        return;
    };
    let from_parquet = charts("Synthea27NjParquet_5.4.zip").unwrap();
    assert_eq!(from_csv.len(), from_parquet.len());
    for (one, other) in from_csv.iter().zip(&from_parquet) {
        assert_eq!(one, other);
    }
    // What the data taught: scores without a unit concept, and results that only the source wrote.
    let all: String = from_csv.concat().join("\n");
    assert!(all.contains("loinc|72514-3 [any] ") && all.contains(" {score}"));
    assert!(all.contains(" -2.7 {T-score}") && all.contains(" result not_detected"));
    assert!(all.contains("loinc|29463-7 [weight, any] 2013-05-17 48.1 kg"));
}
