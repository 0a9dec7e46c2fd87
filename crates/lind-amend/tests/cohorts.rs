//! Patients of whom there are data, asked about by both versions: the counts, who is enrolled, and what happens if a
//! patient changes in a way that was proved to be impossible.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests fail by panicking"
)]

use lind_amend::cohort::{Cohorts, Counts, Wishes};
use lind_amend::{CannotCompare, Version, compare};
use lind_check::{NoModules, check};
use lind_diagnostics::Files;
use lind_eval::{Bindings, Context};
use lind_model::difference::{Beyond, Cohort, Difference, Status};
use lind_model::{MilestoneId, Standing};
use lind_records::{Dataset, Options, Sheets, Table};

fn version(criteria: &str) -> Version {
    let mut files = Files::new();
    let text = format!(
        "protocol NCT00000000\n\nuse std.labs: platelets\n\nmilestone screening\nmilestone enrolment from screening on\n\n{criteria}"
    );
    let root = files.add("trial.lind", text);
    let analysis = check(&mut files, root, &mut NoModules);
    assert!(analysis.protocol.is_some(), "{:#?}", analysis.diagnostics);
    Version {
        protocol: analysis.protocol.unwrap(),
        tests: analysis.tests,
    }
}

fn of_age(oldest: u32) -> Version {
    version(&format!(
        "inclusion I1 \"Of age\"\n  at screening\n  age is 18 to {oldest} years\n"
    ))
}

/// Patients by name, with the date of birth and whether they are enrolled.
fn patients(all: &[(&str, &str, bool)]) -> Sheets {
    let mut sheets = Sheets::new();
    for (name, born, is_enrolled) in all {
        sheets.add(Table::Patients, name, &[("birth_date", born)]);
        let mut reached = vec!["screening"];
        if *is_enrolled {
            reached.push("enrolment");
        }
        for milestone in reached {
            let cells = [("milestone", milestone), ("time", "2025-06-16")];
            sheets.add(Table::Milestones, name, &cells);
        }
    }
    sheets
}

fn asked(
    versions: [&Version; 2],
    difference: &Difference,
    sheets: Sheets,
    wishes: &Wishes,
) -> Result<Cohort, CannotCompare> {
    let cohorts = Cohorts::new(versions, difference, wishes)?;
    let tables = sheets.into_tables();
    let mut dataset = Dataset::open(&tables, &cohorts.wanted(), Options::default()).unwrap();
    let charts = dataset.next_batch(100).unwrap();
    let [of_old, of_new] = cohorts.programs();
    let (of_old, of_new) = (
        Bindings::new(of_old, &dataset),
        Bindings::new(of_new, &dataset),
    );
    let old = Context::new(&dataset, &of_old);
    let new = Context::new(&dataset, &of_new);
    let is_complete = cohorts.is_complete(&dataset);
    let mut counts = Counts::new();
    for chart in &charts {
        counts.add(&cohorts, cohorts.ask([&old, &new], chart, is_complete))?;
    }
    Ok(counts.end(&cohorts, 0))
}

#[test]
fn whoever_is_enrolled_is_counted_apart_and_named_only_if_that_was_asked_for() {
    let (old, new) = (of_age(65), of_age(60));
    let difference = compare(&old, &new).unwrap();
    let all = [
        ("P1", "1990-01-01", false),
        ("P2", "1962-01-01", false),
        ("P3", "1962-01-01", true),
        ("P4", "1940-01-01", false),
    ];
    let cohort = asked(
        [&old, &new],
        &difference,
        patients(&all),
        &Wishes::default(),
    )
    .unwrap();
    assert_eq!(cohort.enrolment.as_deref(), Some("enrolment"));
    assert_eq!((cohort.patients, cohort.elsewhere()), (4, 1));
    assert_eq!(cohort.enrolled(), 1);
    assert!(cohort.named.is_empty());
    let gate = &cohort.gates[0];
    assert_eq!(gate.standings, [[1, 1, 0], [0, 1, 0], [0, 0, 0]]);
    let of_it = &gate.moves[0].criteria[0];
    assert_eq!(
        (&*of_it.criterion, of_it.patients, of_it.alone),
        ("I1", 1, 1)
    );
    assert_eq!((gate.enrolled.patients, gate.enrolled.otherwise), (1, 1));

    let wishes = Wishes {
        // Behind screening, which everybody has reached.
        enrolment: Some(MilestoneId::from_index(0)),
        names: true,
        ..Wishes::default()
    };
    let cohort = asked([&old, &new], &difference, patients(&all), &wishes).unwrap();
    assert_eq!(cohort.elsewhere(), 0);
    let named: Vec<(&str, bool)> = cohort
        .named
        .iter()
        .map(|own| (&*own.patient, own.is_enrolled))
        .collect();
    assert_eq!(named, [("P2", true), ("P3", true)]);
}

#[test]
fn what_was_proved_to_be_impossible_and_is_so_is_an_error_of_lind() {
    let (old, new) = (of_age(65), of_age(60));
    let mut difference = compare(&old, &new).unwrap();
    for transition in &mut difference.transitions {
        transition.status = Status::Impossible;
    }
    let one = patients(&[("P1", "1990-01-01", false), ("P2", "1962-01-01", false)]);
    let wishes = Wishes::default();
    let error = asked([&old, &new], &difference, one, &wishes).unwrap_err();
    let CannotCompare::Disagreement { what } = error else {
        panic!("{error}");
    };
    assert_eq!(
        what,
        "patient 2 of the data was eligible and is ineligible at screening by I1, which was proved to be impossible"
    );

    // The proof does not speak of those who are born in some month, and of nobody whose data it does not know.
    let one = patients(&[("P1", "1962-01", false)]);
    let cohort = asked([&old, &new], &difference, one, &wishes).unwrap();
    assert_eq!(cohort.beyond, [(Beyond::Dates, 1)]);
    assert_eq!(cohort.gates[0].moves[0].to, Standing::Ineligible);
}

#[test]
fn versions_that_read_different_tables_share_charts() {
    let old = of_age(65);
    let new = version(
        "procedure transplant\n  code local|transplant\n\ninclusion I1 \"Of age\"\n  at screening\n  age is 18 to 65 years\n\n\
         exclusion E1 \"Few platelets\"\n  at screening\n  platelets < 50 x 10^9/L within 7 days before screening\n\n\
         exclusion E2 \"Transplanted\"\n  at screening\n  has ever undergone transplant\n",
    );
    let difference = compare(&old, &new).unwrap();
    let mut sheets = patients(&[
        ("P1", "1990-01-01", false),
        ("P2", "1990-01-01", false),
        ("P3", "1990-01-01", false),
    ]);
    for (name, value) in [("P1", "40"), ("P2", "150"), ("P3", "150")] {
        let cells = [
            ("code", "loinc|777-3"),
            ("time", "2025-06-15"),
            ("value", value),
            ("unit", "10*9/L"),
        ];
        sheets.add(Table::Observations, name, &cells);
    }
    let cells = [("code", "local|transplant"), ("time", "2020-01-01")];
    sheets.add(Table::Procedures, "P2", &cells);
    let cohort = asked([&old, &new], &difference, sheets, &Wishes::default()).unwrap();
    let gate = &cohort.gates[0];
    assert_eq!(gate.standings[0], [1, 2, 0]);
    let ids: Vec<&str> = gate.moves[0]
        .criteria
        .iter()
        .map(|own| &*own.criterion)
        .collect();
    assert_eq!(ids, ["E1", "E2"]);
}
