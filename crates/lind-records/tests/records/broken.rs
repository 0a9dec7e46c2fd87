//! A row that is broken and still tells whose it is.

use lind_records::{Chart, ConceptId, Dataset, MemoryTables, Options, Table, Wanted};

const ANYTHING: ConceptId = ConceptId(0);

/// The charts of these tables, where everything is asked for.
fn charts(tables: &MemoryTables) -> Vec<Chart> {
    let mut wanted = Wanted::new();
    for table in Table::ALL.into_iter().skip(1) {
        wanted.add_any(table, ANYTHING);
    }
    let mut dataset = Dataset::open(tables, &wanted, Options::default()).unwrap();
    let charts = dataset.charts().collect::<Result<Vec<_>, _>>().unwrap();
    for table in Table::ALL {
        let tally = dataset.tally(table);
        assert_eq!(tally.read, tally.accounted_for(), "{table} {tally:?}");
    }
    charts
}

/// A row of as many fields as the table has, with this in its last.
fn row(table: Table, patient: &str, last: &[u8]) -> Vec<u8> {
    let mut row = patient.as_bytes().to_vec();
    row.resize(row.len() + table.columns().len() - 1, b',');
    row.extend_from_slice(last);
    row
}

/// A row of this patient for every way in which a row breaks behind its first field.
fn broken_rows(table: Table, patient: &str) -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("D0710", row(table, patient, b",")),
        ("D0710", format!("{patient},x").into_bytes()),
        ("D0711", row(table, patient, b"\"never closed")),
        ("D0711", row(table, patient, b"\"closed\" too early")),
        ("D0712", row(table, patient, b"M\xFCller")),
        ("D0713", row(table, patient, b"a\0b")),
    ]
}

fn whom_it_costs(table: Table, rows: &[Vec<u8>], rule: &str) -> Vec<String> {
    let mut text = table.columns().join(",").into_bytes();
    for row in rows {
        text.push(b'\n');
        text.extend_from_slice(row);
    }
    text.push(b'\n');
    let tables = MemoryTables::new()
        .with("patients.csv", "patient\np1\np2\np3\np4\np5\n")
        .with(table.file(), text);
    charts(&tables)
        .iter()
        .filter(|chart| {
            let lost = chart.set_aside_of(table, ANYTHING);
            let lost = lost.filter(|lost| lost.problem.rule.code == rule).count();
            assert!(lost < 2, "the row is charged once");
            lost == 1
        })
        .map(|chart| chart.patient.to_string())
        .collect()
}

#[test]
fn a_broken_row_out_of_order_costs_the_patient_it_names_and_those_it_stands_between() {
    for table in Table::ALL.into_iter().skip(1) {
        let whole = |patient| row(table, patient, b"");
        for (rule, broken) in broken_rows(table, "p1") {
            let rows = [whole("p2"), broken, whole("p3"), whole("p4")];
            let costs = whom_it_costs(table, &rows, rule);
            assert_eq!(costs, ["p1", "p2", "p3"], "{table} {rule}");
        }
        for (rule, broken) in broken_rows(table, "p4") {
            let rows = [whole("p1"), broken, whole("p2"), whole("p4")];
            let costs = whom_it_costs(table, &rows, rule);
            assert_eq!(costs, ["p1", "p2", "p4"], "{table} {rule}");
        }
        for (rule, broken) in broken_rows(table, "p1") {
            let rows = [whole("p2"), whole("p4"), broken];
            let costs = whom_it_costs(table, &rows, rule);
            assert_eq!(costs, ["p1", "p4", "p5"], "{table} {rule}");
        }
    }
}

#[test]
fn a_broken_row_in_order_costs_the_patient_it_names_alone() {
    for table in Table::ALL.into_iter().skip(1) {
        let whole = |patient| row(table, patient, b"");
        for (rule, broken) in broken_rows(table, "p2") {
            let rows = [whole("p1"), broken, whole("p3")];
            assert_eq!(whom_it_costs(table, &rows, rule), ["p2"], "{table} {rule}");
        }
    }
}
