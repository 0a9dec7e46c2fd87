//! §5 Change.

use lind_model::Outcome;
use lind_model::protocol::{ChangeMode, Direction, Interval};
use lind_units::{Analyte, Kind};

use crate::build::*;
use crate::data::*;

/// FVC in litres changes by so much within 6 months before screening on 2024-05-09.
fn fvc(direction: Direction, by: Interval, mode: ChangeMode) -> Build {
    let mut build = Build::new();
    let fvc = build.quantity("fvc", Kind::Vol, "L", Some(("0.2", "10")));
    let window = months_before(SCREENING, 6);
    build.exclusion("E1", change(fvc, direction, by, mode, window));
    build
}

fn falls_10_percent() -> Build {
    fvc(Direction::Falls, more_than("10"), ChangeMode::Relative)
}

fn values(values: &[(&str, &str)]) -> Data {
    values.iter().fold(Data::new(), |data, (time, value)| {
        data.seen(&format!("fvc,{time},{value}"))
    })
}

fn falls(given: &[(&str, &str)]) -> Outcome {
    outcome(&falls_10_percent(), &values(given))
}

#[test]
fn from_2_10_to_1_89_litres_is_not_more_than_10_percent_and_to_1_889_is() {
    assert_eq!(
        falls(&[("2024-01-10", "2.10,L"), ("2024-05-01", "1.89,L")]),
        NOT_MET
    );
    assert_eq!(
        falls(&[("2024-01-10", "2.10,L"), ("2024-05-01", "1.889,L")]),
        MET
    );
    // In another unit it is the same.
    assert_eq!(
        falls(&[("2024-01-10", "2100,mL"), ("2024-05-01", "1.89,L")]),
        NOT_MET
    );
    assert_eq!(
        falls(&[("2024-01-10", "2100,mL"), ("2024-05-01", "1.889,L")]),
        MET
    );
    let data = values(&[("2024-01-10", "2.10,L"), ("2024-05-01", "1.89,L")]);
    assert_eq!(
        because(&falls_10_percent(), &data),
        "fvc from 2.10 L on 2024-01-10 to 1.89 L on 2024-05-01: a fall of 10 %, not more than 10 %"
    );
}

#[test]
fn both_values_lie_in_the_window() {
    assert_eq!(
        falls(&[("2023-11-08", "3.0,L"), ("2024-05-01", "2.0,L")]),
        UNKNOWN
    );
    assert_eq!(
        falls(&[("2023-11-09", "3.0,L"), ("2024-05-01", "2.0,L")]),
        MET
    );
    assert_eq!(
        falls(&[("2024-01-10", "3.0,L"), ("2024-05-10", "2.0,L")]),
        UNKNOWN
    );
}

#[test]
fn with_fewer_than_two_values_nothing_is_decided() {
    assert_eq!(falls(&[]), UNKNOWN);
    assert_eq!(falls(&[("2024-05-01", "2.0,L")]), UNKNOWN);
    assert_eq!(
        because(&falls_10_percent(), &values(&[("2024-05-01", "2.0,L")])),
        "fewer than two values of fvc between 2023-11-09 and 2024-05-09, both included: only fvc 2.0 L on 2024-05-01"
    );
}

#[test]
fn the_later_value_is_the_latest_and_the_earlier_any() {
    // It fell and rose again.
    assert_eq!(
        falls(&[
            ("2024-01-10", "3.0,L"),
            ("2024-02-10", "2.0,L"),
            ("2024-05-01", "2.9,L")
        ]),
        NOT_MET
    );
    // Between the highest and the latest it fell.
    assert_eq!(
        falls(&[
            ("2024-01-10", "2.0,L"),
            ("2024-02-10", "3.0,L"),
            ("2024-05-01", "2.0,L")
        ]),
        MET
    );
}

#[test]
fn every_possible_later_value_must_have_fallen() {
    let earlier = ("2024-01-10", "3.0,L");
    assert_eq!(
        falls(&[earlier, ("2024-05-01", "2.0,L"), ("2024-05-01", "2.1,L")]),
        MET
    );
    assert_eq!(
        falls(&[earlier, ("2024-05-01", "2.0,L"), ("2024-05-01", "2.9,L")]),
        UNKNOWN
    );
    assert_eq!(
        falls(&[earlier, ("2024-05-01", "2.9,L"), ("2024-05-01", "2.8,L")]),
        NOT_MET
    );
    // One that may be later than the sure one.
    assert_eq!(
        falls(&[earlier, ("2024-05-01", "2.0,L"), ("2024-05", "2.9,L")]),
        UNKNOWN
    );
}

#[test]
fn a_value_that_is_perhaps_earlier_makes_nothing_true_and_keeps_it_from_being_false() {
    // In January, or not in the window: November.
    assert_eq!(
        falls(&[
            ("2023-11", "3.0,L"),
            ("2024-01-10", "2.0,L"),
            ("2024-05-01", "2.0,L")
        ]),
        UNKNOWN
    );
    assert_eq!(
        falls(&[
            ("2023-11", "2.0,L"),
            ("2024-01-10", "2.0,L"),
            ("2024-05-01", "2.0,L")
        ]),
        NOT_MET
    );
    // On the same day nobody knows which was first.
    assert_eq!(
        falls(&[
            ("2024-01-10", "2.0,L"),
            ("2024-05-01", "3.0,L"),
            ("2024-05-01", "2.0,L")
        ]),
        UNKNOWN
    );
    assert_eq!(
        falls(&[("2024-05-01", "3.0,L"), ("2024-05-01", "2.0,L")]),
        UNKNOWN
    );
    assert_eq!(
        falls(&[("2024-05-01T08:00", "3.0,L"), ("2024-05-01T09:00", "2.0,L")]),
        MET
    );
}

#[test]
fn for_every_possible_later_value_there_must_be_a_sure_earlier_one() {
    // If the value of May was on the 1st, there was no earlier one that is sure.
    assert_eq!(
        falls(&[("2024-05-01", "2.0,L"), ("2024-05-02", "2.0,L")]),
        NOT_MET
    );
    assert_eq!(
        falls(&[("2024-05-01", "2.0,L"), ("2024-05", "2.0,L")]),
        UNKNOWN
    );
}

#[test]
fn rises_and_changes_look_the_other_way_and_both_ways() {
    let up = [("2024-01-10", "2.0,L"), ("2024-05-01", "2.3,L")];
    let down = [("2024-01-10", "2.3,L"), ("2024-05-01", "2.0,L")];
    let by = |direction: Direction, given: &[(&str, &str)]| {
        outcome(
            &fvc(direction, more_than("10"), ChangeMode::Relative),
            &values(given),
        )
    };
    assert_eq!(by(Direction::Rises, &up), MET);
    assert_eq!(by(Direction::Rises, &down), NOT_MET);
    assert_eq!(by(Direction::Falls, &down), MET);
    assert_eq!(by(Direction::Changes, &up), MET);
    assert_eq!(by(Direction::Changes, &down), MET);
}

#[test]
fn a_relative_change_of_zero_or_less_is_unknown() {
    let mut build = Build::new();
    let excess = build.quantity("base_excess", Kind::SCnc, "mmol/L", None);
    let window = months_before(SCREENING, 6);
    build.exclusion(
        "E1",
        change(
            excess,
            Direction::Rises,
            more_than("10"),
            ChangeMode::Relative,
            window,
        ),
    );
    for earlier in ["0", "-2"] {
        let data = Data::new()
            .seen(&format!("base_excess,2024-01-10,{earlier},mmol/L"))
            .seen("base_excess,2024-05-01,3,mmol/L");
        assert_eq!(outcome(&build, &data), UNKNOWN, "{earlier}");
    }
}

#[test]
fn an_absolute_change_is_counted_in_the_stated_unit() {
    let build = fvc(
        Direction::Falls,
        at_least("200"),
        ChangeMode::Absolute(unit("mL")),
    );
    assert_eq!(
        outcome(
            &build,
            &values(&[("2024-01-10", "2.2,L"), ("2024-05-01", "2.0,L")])
        ),
        MET
    );
    assert_eq!(
        outcome(
            &build,
            &values(&[("2024-01-10", "2.2,L"), ("2024-05-01", "2.001,L")])
        ),
        NOT_MET
    );
}

#[test]
fn percentage_points_are_not_per_cent() {
    // FVC 80 % of predicted to 75.2 %: 6 % relative, 4.8 points.
    let mut build = Build::new();
    let of_predicted = Analyte {
        entity: Some("predicted".into()),
        ..Analyte::default()
    };
    let predicted = build.quantity_of(
        "fvc_predicted",
        Kind::VFr,
        "%{predicted}",
        None,
        of_predicted,
    );
    let by = |mode: ChangeMode| {
        change(
            predicted,
            Direction::Falls,
            more_than("5"),
            mode,
            months_before(SCREENING, 6),
        )
    };
    build.exclusion("E1", by(ChangeMode::Relative));
    build.exclusion("E2", by(ChangeMode::Absolute(unit("%"))));
    let data = Data::new()
        .seen("fvc_predicted,2024-01-10,80,%")
        .seen("fvc_predicted,2024-05-01,75.2,%");
    let verdict = Run::new(&build, &data).verdict(SCREENING);
    assert_eq!(verdict.criteria[0].outcome, MET);
    assert_eq!(verdict.criteria[1].outcome, NOT_MET);
}

#[test]
fn a_score_changes_by_points() {
    let mut build = Build::new();
    let mrss = build.score("mrss", "0", "51", None);
    let window = months_before(SCREENING, 6);
    build.inclusion(
        "I4b",
        change(
            mrss,
            Direction::Rises,
            at_least("3"),
            ChangeMode::Points,
            window,
        ),
    );
    let rise = |later: &str| {
        let data = Data::new()
            .seen("mrss,2024-01-10,12")
            .seen(&format!("mrss,2024-05-01,{later}"));
        outcome(&build, &data)
    };
    assert_eq!(rise("15"), MET);
    assert_eq!(rise("14"), NOT_MET);
    assert_eq!(rise("52"), UNKNOWN);
}

#[test]
fn comparators_missing_units_and_rows_set_aside_make_a_value_unknown() {
    let earlier = ("2024-01-10", "3.0,L");
    assert_eq!(falls(&[earlier, ("2024-05-01", "2.0,L,<")]), UNKNOWN);
    assert_eq!(falls(&[earlier, ("2024-05-01", "2.0")]), UNKNOWN);
    assert_eq!(falls(&[earlier, ("2024-05-01", "2;0,L")]), UNKNOWN);
    // The unreadable one was earlier; the fall stands without it.
    assert_eq!(
        falls(&[("2024-01-05", "3;3,L"), earlier, ("2024-05-01", "2.0,L")]),
        MET
    );
    assert_eq!(
        falls(&[("2024-01-05", "3;3,L"), earlier, ("2024-05-01", "2.9,L")]),
        UNKNOWN
    );
    assert_eq!(
        falls(&[("2024-01-05", "3.3"), earlier, ("2024-05-01", "2.9,L")]),
        UNKNOWN
    );
}
