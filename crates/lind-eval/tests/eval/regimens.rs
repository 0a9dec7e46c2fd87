//! §6 What several rows come to together: steady doses, total doses, stretches with gaps.

use lind_model::Outcome;
use lind_model::protocol::{Comparison, FactTable, Filter, Interval, Lasting, Steady};
use lind_time::Offset;
use lind_units::Exact;

use crate::build::*;
use crate::data::*;

const TREATMENTS: FactTable = FactTable::Treatments;

/// The outcome of an exclusion that asks for one drug that is taken, screened on 2024-05-09.
fn taking(filter: Filter, rows: &[&str]) -> Outcome {
    let mut build = Build::new();
    let set = build.set(TREATMENTS, "mtx");
    build.exclusion("E1", now(TREATMENTS, set).filter(filter).done());
    let data = rows
        .iter()
        .fold(Data::new(), |data, row| data.treatment(row));
    outcome(&build, &data)
}

fn steady(rows: &[&str]) -> Outcome {
    four_weeks(false, rows)
}

fn not_increased(rows: &[&str]) -> Outcome {
    four_weeks(true, rows)
}

fn four_weeks(may_fall: bool, rows: &[&str]) -> Outcome {
    let window = days_before(SCREENING, 28);
    taking(
        Filter::Steady(Steady {
            may_fall,
            window,
            and_day_before: false,
            equivalence: None,
        }),
        rows,
    )
}

#[test]
fn one_course_over_all_days_is_steady_whatever_its_dose() {
    assert_eq!(steady(&["mtx,2024-01-01,,15,mg,weekly"]), MET);
    assert_eq!(steady(&["mtx,2024-01-01,,,,"]), MET);
    assert_eq!(steady(&["mtx,2024-01-01,,15,mg,as needed"]), MET);
}

#[test]
fn another_dose_a_start_and_a_gap_are_changes() {
    assert_eq!(
        steady(&[
            "mtx,2024-01-01,2024-04-20,15,mg,weekly",
            "mtx,2024-04-21,,10,mg,weekly"
        ]),
        NOT_MET
    );
    assert_eq!(steady(&["mtx,2024-04-20,,15,mg,weekly"]), NOT_MET);
    assert_eq!(
        steady(&[
            "mtx,2024-01-01,2024-04-20,15,mg,weekly",
            "mtx,2024-04-22,,15,mg,weekly"
        ]),
        NOT_MET
    );
}

#[test]
fn the_first_day_of_the_window_may_be_the_first_of_the_dose() {
    assert_eq!(steady(&["mtx,2024-04-11,,15,mg,weekly"]), MET);
    assert_eq!(steady(&["mtx,2024-04-12,,15,mg,weekly"]), NOT_MET);
}

#[test]
fn the_same_dose_in_two_rows_and_in_two_units_is_steady() {
    let first = "mtx,2024-01-01,2024-04-20,15,mg,weekly";
    assert_eq!(steady(&[first, "mtx,2024-04-21,,15,mg,weekly"]), MET);
    // The day on which the one hands over to the other is not counted twice.
    assert_eq!(steady(&[first, "mtx,2024-04-20,,15,mg,weekly"]), MET);
    assert_eq!(steady(&[first, "mtx,2024-04-21,,15000,ug,weekly"]), MET);
    assert_eq!(steady(&[first, "mtx,2024-04-21,,15,[IU],weekly"]), UNKNOWN);
}

#[test]
fn what_is_not_known_to_the_day_may_have_changed_the_dose() {
    assert_eq!(steady(&["mtx,2024-04,,15,mg,weekly"]), UNKNOWN);
    assert_eq!(
        steady(&[
            "mtx,2024-01-01,2024-04,15,mg,weekly",
            "mtx,2024-04,,15,mg,weekly"
        ]),
        UNKNOWN
    );
    // Whenever it was in March and April, the one dose is not the other.
    assert_eq!(
        steady(&[
            "mtx,2024-01-01,2024-04,15,mg,weekly",
            "mtx,2024-04-20,,10,mg,weekly"
        ]),
        UNKNOWN
    );
    assert_eq!(steady(&[]), NOT_MET);
}

#[test]
fn a_dose_that_falls_is_not_increased() {
    let before = "mtx,2024-01-01,2024-04-20,15,mg,weekly";
    assert_eq!(
        not_increased(&[before, "mtx,2024-04-21,,10,mg,weekly"]),
        MET
    );
    assert_eq!(
        not_increased(&[before, "mtx,2024-04-21,,20,mg,weekly"]),
        NOT_MET
    );
    assert_eq!(not_increased(&["mtx,2024-04-21,,20,mg,weekly"]), NOT_MET);
    assert_eq!(not_increased(&["mtx,2024-01-01,,,,"]), MET);
}

/// At most 20 mg a week of all together.
fn total(rows: &[&str]) -> Outcome {
    let limit = Interval::comparison(Comparison::AtMost, Exact::from_integer(20));
    taking(
        Filter::TotalDose {
            interval: limit,
            unit: unit("mg/wk"),
            equivalence: None,
        },
        rows,
    )
}

#[test]
fn doses_of_the_day_are_added_up() {
    assert_eq!(total(&["mtx,2024-01-01,,20,mg,weekly"]), MET);
    assert_eq!(
        total(&[
            "mtx,2024-01-01,,10,mg,weekly",
            "mtx,2024-02-01,,10,mg,weekly"
        ]),
        MET
    );
    assert_eq!(
        total(&[
            "mtx,2024-01-01,,10,mg,weekly",
            "mtx,2024-02-01,,11,mg,weekly"
        ]),
        NOT_MET
    );
    assert_eq!(total(&["mtx,2024-01-01,,20/7,mg,daily"]), UNKNOWN);
    assert_eq!(total(&["mtx,2024-01-01,,3,mg,daily"]), NOT_MET);
    assert_eq!(
        total(&["mtx,2024-01-01,,10,mg,weekly", "mtx,2024-02-01,,,,"]),
        UNKNOWN
    );
    assert_eq!(
        total(&["mtx,2024-01-01,,21,mg,weekly", "mtx,2024-02-01,,,,"]),
        NOT_MET
    );
    // Nothing is taken.
    assert_eq!(total(&["mtx,2024-01-01,2024-05-08,10,mg,weekly"]), NOT_MET);
}

/// For at least three months, gaps up to 7 days.
fn three_months(rows: &[&str]) -> Outcome {
    taking(
        Filter::Stretch {
            lasting: Lasting {
                comparison: Comparison::AtLeast,
                length: Offset::Calendar { months: 3 },
            },
            gap: Offset::Days { days: 7 },
        },
        rows,
    )
}

#[test]
fn short_gaps_are_bridged() {
    let last = "mtx,2024-04-01,,10,mg,weekly";
    assert_eq!(three_months(&["mtx,2024-02-09,,10,mg,weekly"]), MET);
    assert_eq!(three_months(&["mtx,2024-02-10,,10,mg,weekly"]), NOT_MET);
    assert_eq!(
        three_months(&["mtx,2024-01-01,2024-03-24,10,mg,weekly", last]),
        MET
    );
    assert_eq!(
        three_months(&["mtx,2024-01-01,2024-03-23,10,mg,weekly", last]),
        NOT_MET
    );
    assert_eq!(
        three_months(&["mtx,2024-01-01,2024-03,10,mg,weekly", last]),
        UNKNOWN
    );
}

/// At least 10 mg a day for at least eight weeks, without gaps.
fn ten_for_eight_weeks(rows: &[&str]) -> Outcome {
    let mut build = Build::new();
    let set = build.set(TREATMENTS, "mtx");
    let asked = now(TREATMENTS, set)
        .filter(Filter::Dose {
            interval: Interval::comparison(Comparison::AtLeast, Exact::from_integer(10)),
            unit: unit("mg/d"),
            equivalence: None,
        })
        .filter(Filter::Stretch {
            lasting: Lasting {
                comparison: Comparison::AtLeast,
                length: Offset::Days { days: 56 },
            },
            gap: Offset::Days { days: 0 },
        });
    build.exclusion("E1", asked.done());
    let data = rows
        .iter()
        .fold(Data::new(), |data, row| data.treatment(row));
    outcome(&build, &data)
}

#[test]
fn the_dose_of_a_stretch_is_asked_of_each_of_its_days() {
    // Eight weeks before 9 May 2024 is 14 March.
    let lately = "mtx,2024-04-01,,10,mg,daily";
    let with = |first: &str| ten_for_eight_weeks(&[first, lately]);
    assert_eq!(with("mtx,2024-03-14,2024-03-31,10,mg,daily"), MET);
    assert_eq!(with("mtx,2024-03-15,2024-03-31,10,mg,daily"), NOT_MET);
    assert_eq!(with("mtx,2024-03-14,2024-03-31,20,mg,daily"), MET);
    assert_eq!(with("mtx,2024-03-14,2024-03-31,5,mg,bid"), MET);
    assert_eq!(with("mtx,2023-01-01,2024-03-31,9.9,mg,daily"), NOT_MET);
    assert_eq!(with("mtx,2023-01-01,2024-03-31,5,mg,daily"), NOT_MET);
    // Without a dose it may have been enough.
    assert_eq!(with("mtx,2023-01-01,2024-03-31,,,"), UNKNOWN);
    assert_eq!(with("mtx,2024-03-15,2024-03-31,,,"), NOT_MET);
    // Less beside it takes nothing away, less in between does.
    let beside = ["mtx,2024-03-01,,10,mg,daily", "mtx,2024-04-01,,5,mg,daily"];
    assert_eq!(ten_for_eight_weeks(&beside), MET);
    let between = [
        "mtx,2023-01-01,2024-03-31,10,mg,daily",
        "mtx,2024-04-01,2024-04-01,5,mg,daily",
        "mtx,2024-04-02,,10,mg,daily",
    ];
    assert_eq!(ten_for_eight_weeks(&between), NOT_MET);
}
