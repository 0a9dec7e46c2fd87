//! A row that is broken and still tells whose it is.

use lind_records::{Chart, ConceptId, Dataset, MemoryTables, Options, Table, Wanted};

const ANYTHING: ConceptId = ConceptId(0);

/// The charts of these tables, where everything is asked for.
fn charts(tables: &MemoryTables) -> Vec<Chart> {
    let mut wanted = Wanted::new();
    for table in Table::FACTS {
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
    for table in Table::FACTS {
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
    for table in Table::FACTS {
        let whole = |patient| row(table, patient, b"");
        for (rule, broken) in broken_rows(table, "p2") {
            let rows = [whole("p1"), broken, whole("p3")];
            assert_eq!(whom_it_costs(table, &rows, rule), ["p2"], "{table} {rule}");
        }
    }
}

#[test]
fn a_broken_row_with_a_slip_in_its_name_costs_the_patient_it_may_mean_too() {
    for table in Table::FACTS {
        let whole = |patient| row(table, patient, b"");
        for (rule, broken) in broken_rows(table, "P-01") {
            let rows = [whole("p2"), broken, whole("p3"), whole("p4")];
            let costs = whom_it_costs(table, &rows, rule);
            assert_eq!(costs, ["p1", "p2", "p3"], "{table} {rule}");
        }
    }
}

#[test]
fn a_patient_whose_own_row_is_broken_is_listed_and_nothing_is_known_of_him() {
    for (rule, broken) in broken_rows(Table::Patients, "p2") {
        let header = b"patient,sex,birth_date,death_date\np1,male,1980,\n";
        let rows = [&header[..], &broken, b"\np3,female,1990,\n"].concat();
        let tables = MemoryTables::new().with("patients.csv", rows).with(
            "conditions.csv",
            "patient,code\np1,asthma\np2,asthma\np3,asthma\n",
        );
        let charts = charts(&tables);
        let names: Vec<&str> = charts.iter().map(|chart| &*chart.patient).collect();
        assert_eq!(names, ["p1", "p2", "p3"], "{rule}");
        let chart = &charts[1];
        assert_eq!((chart.sex, chart.birth, chart.death), (None, None, None));
        assert_eq!(chart.conditions.len(), 1, "{rule}");
        let lost: Vec<_> = chart.set_aside.iter().map(|lost| lost.at.line).collect();
        assert_eq!(lost, [3], "{rule}");
        assert!(charts[0].sex.is_some() && charts[2].sex.is_some());
        assert!(charts[0].set_aside.is_empty() && charts[2].set_aside.is_empty());
    }
}

#[test]
fn a_broken_row_beside_a_whole_one_leaves_sex_and_birth_open_in_any_order() {
    let (whole, broken) = ("p1,male,1980", "p1,female");
    for rows in [[whole, broken], [broken, whole]] {
        let text = format!(
            "patient,sex,birth_date\n{}\np2,male,1990\n",
            rows.join("\n")
        );
        let charts = charts(&MemoryTables::new().with("patients.csv", text));
        assert_eq!(charts.len(), 2, "{rows:?}");
        assert_eq!((charts[0].sex, charts[0].birth), (None, None), "{rows:?}");
        assert!(charts[1].sex.is_some());
    }
}

#[test]
fn a_row_of_patients_that_names_nobody_readable_makes_no_patient() {
    let text = b"patient,sex\np1,male\n,\n\"p2\np\xFF3,male\np\x004,male\n";
    let charts = charts(&MemoryTables::new().with("patients.csv", &text[..]));
    assert_eq!(charts.len(), 1);
}
