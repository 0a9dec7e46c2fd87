//! The example of CDISC in four containers, and the pilot trial as CSV.
//!
//! The counts were made by Python, without Lind, in the folder `../shared/data/sdtm`:
//!
//! ```text
//! python3 - <<'END'
//! import csv, glob, json
//! def example():
//!     for file in sorted(glob.glob('example/*.json')):
//!         data = json.load(open(file))
//!         names = [column['name'] for column in data['columns']]
//!         yield file, [dict(zip(names, row)) for row in data['rows']]
//! def pilot():
//!     for file in sorted(glob.glob('csv/*.csv')):
//!         rows = list(csv.DictReader(open(file)))
//!         yield file, [{k: '' if v == 'NA' else v for k, v in row.items()} for row in rows]
//! for source in (example, pilot):
//!     count = {}
//!     def add(table, rows): count[table] = count.get(table, 0) + rows
//!     for file, rows in source():
//!         domain = rows[0].get('DOMAIN', '')
//!         if domain == 'DM':
//!             add('patients', len(rows))
//!             for name in 'RFICDTC RFSTDTC RFENDTC RFXSTDTC RFXENDTC'.split():
//!                 add('milestones', sum(bool(row[name]) for row in rows))
//!         elif domain == 'DS': add('milestones', len(rows))
//!         elif domain in 'LB VS EG QS FT RS SC OE PE TR PC'.split(): add('observations', len(rows))
//!         elif domain == 'MH': add('conditions', len(rows))
//!         elif domain in ('CM', 'EX', 'EC'):
//!             add('treatments', sum(row.get(domain + 'OCCUR') != 'N' for row in rows))
//!         elif domain == 'AE': add('adverse_events', len(rows))
//!         elif domain == 'SV': add('visits', len(rows))
//!     print(source.__name__, count)
//! END
//! ```

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use lind_records::{Dataset, Table};

use crate::support::{charts, files, open, shared, summary, tables};

const CONTAINERS: [&str; 4] = ["xpt", "json", "ndjson", "dsjc"];

fn read(dataset: &Dataset) -> Vec<(Table, u64)> {
    Table::ALL
        .into_iter()
        .map(|table| (table, dataset.tally(table).read))
        .filter(|(_, read)| *read > 0)
        .collect()
}

#[test]
fn the_example_gives_the_same_charts_in_every_container() {
    let Some(folder) = shared("sdtm/example", "the SDTM example") else {
        return;
    };
    let mut first: Option<Vec<(String, String)>> = None;
    for container in CONTAINERS {
        let mut files = files(&folder, container);
        // There is no ft.xpt.
        files.retain(|(name, _)| !name.starts_with("ft."));
        let mut dataset = open(&tables(&files));
        let charts = charts(&mut dataset);
        assert_eq!(charts.len(), 18, "{container}");
        let first = first.get_or_insert_with(|| charts.clone());
        for ((patient, one), (_, other)) in first.iter().zip(&charts) {
            for (one, other) in one.lines().zip(other.lines()) {
                assert_eq!(one, other, "{container}, {patient}");
            }
            assert_eq!(one, other, "{container}, {patient}");
        }
    }
}

#[test]
fn the_example_gives_the_same_charts_when_its_files_are_compressed_besides() {
    let Some(folder) = shared("sdtm/example", "the SDTM example") else {
        return;
    };
    for container in ["xpt", "json"] {
        let mut files = files(&folder, container);
        let whole = charts(&mut open(&tables(&files)));
        for (name, bytes) in &mut files {
            name.push_str(".gz");
            let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
            packed.write_all(bytes).unwrap();
            *bytes = packed.finish().unwrap();
        }
        assert_eq!(charts(&mut open(&tables(&files))), whole, "{container}");
    }
}

#[test]
fn the_example_has_as_many_rows_as_python_counts() {
    let Some(folder) = shared("sdtm/example", "the SDTM example") else {
        return;
    };
    for container in CONTAINERS {
        let mut dataset = open(&tables(&files(&folder, container)));
        assert_eq!(charts(&mut dataset).len(), 18);
        let observations = if container == "xpt" { 6027 } else { 10515 };
        let expected = [
            (Table::Patients, 18),
            (Table::Milestones, 139),
            (Table::Observations, observations),
            (Table::Conditions, 17),
            (Table::Treatments, 3234),
            (Table::AdverseEvents, 74),
            (Table::Visits, 164),
            (Table::Assignments, 17),
        ];
        assert_eq!(read(&dataset), expected, "{container}");
        println!("{container}\n{}", summary(&dataset));
    }
}

#[test]
fn the_pilot_has_as_many_rows_as_python_counts() {
    let Some(folder) = shared("sdtm/csv", "the SDTM pilot") else {
        return;
    };
    let mut dataset = open(&tables(&files(&folder, "csv")));
    assert_eq!(charts(&mut dataset).len(), 306);
    let expected = [
        (Table::Patients, 326),
        (Table::Milestones, 1949),
        (Table::Observations, 13071),
        (Table::Conditions, 1818),
        (Table::Treatments, 8101),
        (Table::AdverseEvents, 1191),
        (Table::Visits, 3559),
        (Table::Assignments, 257),
    ];
    assert_eq!(read(&dataset), expected);
    println!("{}", summary(&dataset));
}
