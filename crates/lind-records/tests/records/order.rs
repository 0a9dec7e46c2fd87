//! The same rows in any order give the same charts.

use lind_records::{MemoryTables, Table};
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::support::{Asked, WANTED, chart_text};

/// Some rows of each table, good and bad, for four patients, a slip in a name and a stranger.
fn row(table: Table) -> impl Strategy<Value = String> {
    let patient = select(vec!["p1", "p2", "p3", "p4", "P-2", "stranger"]);
    let time = select(vec![
        "",
        "2024",
        "2024-05",
        "2024-05-01",
        "2024-05-01T08:30",
        "2024-13",
        "2023-02-28",
        "2024-05-01T10:00+02:00",
    ]);
    let status = select(vec!["", "entered-in-error", "final", "active"]);
    let code = select(vec![
        "hemoglobin",
        "loinc|718-7",
        "LOINC|718-7",
        "serum_hcg",
        "icd10|E80.4",
        "icd10|C44",
        "icd10|c44",
        "atc|L01FA01",
        "other",
        "snomed|23719005",
        "consent",
        "enrolment",
        "E14",
        "day_28",
        "DL1",
        "",
        "cytokine_release_syndrome",
    ]);
    let value = select(vec![
        "", "1", "1.0", "2.5", "1,5", "yes", "no", "mg/dL", "g/L", "bad unit",
    ]);
    (
        patient,
        code,
        time,
        status,
        proptest::collection::vec(value, 3),
    )
        .prop_map(move |(patient, code, time, status, values)| {
            let cells: Vec<&str> = table
                .columns()
                .iter()
                .enumerate()
                .map(|(at, column)| match *column {
                    "patient" => patient,
                    "code" | "milestone" | "term" | "item" | "visit" | "assigned" => code,
                    "time" | "onset" | "start" => time,
                    "status" => status,
                    _ => values[at % 3],
                })
                .map(|cell| if cell == "1,5" { "\"1,5\"" } else { cell })
                .collect();
            cells.join(",")
        })
}

fn rows() -> impl Strategy<Value = Vec<(Table, Vec<String>)>> {
    let tables = Table::FACTS.into_iter();
    tables
        .map(|table| {
            proptest::collection::vec(row(table), 0..12).prop_map(move |rows| (table, rows))
        })
        .collect::<Vec<_>>()
}

fn tables(rows: &[(Table, Vec<String>)]) -> MemoryTables {
    let patients = "patient,sex\np1,female\np2,male\np3,\np4,other\n";
    rows.iter().fold(
        MemoryTables::new().with("patients.csv", patients),
        |tables, (table, rows)| {
            let header = table.columns().join(",");
            let text = format!("{header}\n{}\n", rows.join("\n"));
            tables.with(table.file(), text)
        },
    )
}

/// The charts without the lines they come from, and how often each rule was broken.
fn charts(rows: &[(Table, Vec<String>)]) -> (String, Vec<(&'static str, u64)>, bool) {
    let asked = Asked::read(WANTED);
    let mut dataset = asked.open(&tables(rows), None).unwrap();
    let mut out = String::new();
    while let Some(chart) = dataset.next_chart().unwrap() {
        out.push_str(&chart_text(&dataset, &asked, &chart, false));
    }
    for table in Table::ALL {
        let tally = dataset.tally(table);
        assert_eq!(tally.read, tally.accounted_for(), "{table} {tally:?}");
    }
    let counts = dataset.problems().counts();
    let counts = counts.map(|(rule, count)| (rule.code, count)).collect();
    let in_order = Table::FACTS
        .into_iter()
        .all(|table| dataset.is_in_order(table));
    (out, counts, in_order)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn charts_do_not_depend_on_the_order_of_rows(
        mut rows in rows(),
        swaps in proptest::collection::vec((any::<Index>(), any::<Index>()), 20),
    ) {
        let shuffled: Vec<(Table, Vec<String>)> = rows
            .iter()
            .map(|(table, rows)| {
                let mut rows = rows.clone();
                for (one, other) in &swaps {
                    if !rows.is_empty() {
                        let (one, other) = (one.index(rows.len()), other.index(rows.len()));
                        rows.swap(one, other);
                    }
                }
                (*table, rows)
            })
            .collect();
        // Names sort as `patients` does, and the stranger last.
        for (_, rows) in &mut rows {
            rows.sort_by_key(|row| {
                let patient = row.split(',').next().unwrap().to_lowercase();
                patient.replace('-', "")
            });
        }
        let (clustered, clustered_counts, in_order) = charts(&rows);
        let (scattered, scattered_counts, _) = charts(&shuffled);
        prop_assert!(in_order);
        prop_assert_eq!(clustered, scattered);
        prop_assert_eq!(clustered_counts, scattered_counts);
    }
}
