//! §5 Change.

use lind_model::Outcome;
use lind_model::protocol::{
    ChangeMode, ChangeTest, Compared, Comparison, Direction, Interval, Lasting, Persistence,
    Selector, Subject, ValueAt, Window,
};
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

/// EDSS from the value of one window to that of another.
fn from_to(
    from: (Selector, Window),
    to: (Selector, Window),
    direction: Direction,
    by: Interval,
    mode: ChangeMode,
) -> Build {
    let mut build = Build::new();
    let edss = build.score("edss", "0", "10", Some("0.5"));
    let at = |(selector, window)| ValueAt { selector, window };
    build.inclusion(
        "I1",
        change_test(ChangeTest {
            subject: Subject::Measure(edss),
            between: Compared::FromTo(at(from), at(to)),
            direction,
            by,
            mode,
            lasting: None,
        }),
    );
    build
}

fn scores(given: &[(&str, &str)]) -> Data {
    given.iter().fold(Data::new(), |data, (time, value)| {
        data.seen(&format!("edss,{time},{value}"))
    })
}

/// A rise by at least one point from the highest of the half-year before the last month to the latest of that month.
fn rises(given: &[(&str, &str)]) -> Outcome {
    outcome(&from_the_highest(), &scores(given))
}

fn from_the_highest() -> Build {
    let earlier = around(
        SCREENING,
        lind_time::Window::between(
            lind_time::Edge::closed(lind_time::Offset::months(-6)),
            lind_time::Edge::closed(lind_time::Offset::months(-1)),
        ),
    );
    from_to(
        (Selector::Highest, earlier),
        (Selector::Latest, days_before(SCREENING, 14)),
        Direction::Rises,
        at_least("1"),
        ChangeMode::Points,
    )
}

#[test]
fn a_change_goes_from_the_value_of_one_window_to_that_of_another() {
    let before = [("2023-12-01", "3"), ("2024-02-01", "3.5")];
    let with = |last: &'static str| [before[0], before[1], ("2024-05-02", last)];
    assert_eq!(rises(&with("4.5")), MET);
    assert_eq!(rises(&with("4")), NOT_MET);
    // Nothing in the one window, or in the other.
    assert_eq!(rises(&before), UNKNOWN);
    assert_eq!(rises(&[("2024-05-02", "4.5")]), UNKNOWN);
    // One that lies between the windows is in neither.
    assert_eq!(
        rises(&[
            ("2024-02-01", "3"),
            ("2024-04-20", "9"),
            ("2024-05-02", "4")
        ]),
        MET
    );
    // Perhaps there was a higher one: it may only be less of a rise.
    assert_eq!(
        rises(&[("2024-02-01", "3"), ("2024", "4.5"), ("2024-05-02", "5")]),
        UNKNOWN
    );
    assert_eq!(
        rises(&[("2024-02-01", "3"), ("2024", "2"), ("2024-05-02", "5")]),
        UNKNOWN
    );
    assert_eq!(
        because(&from_the_highest(), &scores(&with("4"))),
        "edss from 3.5 points (the highest of 2 values between 2023-11-09 and 2024-04-09, both included) to 4 on 2024-05-02: a rise of 0.5 points, not at least 1 point"
    );
    assert_eq!(
        because(&from_the_highest(), &scores(&before)),
        "no edss between 2024-04-25 and 2024-05-09, both included"
    );
}

#[test]
fn a_change_of_a_mean_is_exact() {
    let build = |by: &str| {
        from_to(
            (Selector::Mean, months_before(SCREENING, 6)),
            (Selector::Lowest, days_before(SCREENING, 14)),
            Direction::Falls,
            at_least(by),
            ChangeMode::Relative,
        )
    };
    let given = scores(&[
        ("2024-02-01", "3"),
        ("2024-03-01", "4"),
        ("2024-05-02", "3"),
    ]);
    // From ten thirds to three: a tenth.
    assert_eq!(outcome(&build("10"), &given), MET);
    assert_eq!(outcome(&build("10.0001"), &given), NOT_MET);
}

/// A rise by at least one point within two years, that lasts for half a year.
fn lasting(throughout: bool) -> Build {
    let mut build = Build::new();
    let edss = build.score("edss", "0", "10", Some("0.5"));
    build.inclusion(
        "I1",
        change_test(ChangeTest {
            subject: Subject::Measure(edss),
            between: Compared::Within(months_before(SCREENING, 24)),
            direction: Direction::Rises,
            by: at_least("1"),
            mode: ChangeMode::Points,
            lasting: Some(Persistence {
                throughout,
                lasting: Lasting {
                    comparison: Comparison::AtLeast,
                    length: lind_time::Offset::months(6),
                },
            }),
        }),
    );
    build
}

fn sustained(given: &[(&str, &str)]) -> Outcome {
    outcome(&lasting(true), &scores(given))
}

#[test]
fn a_change_lasts_if_no_value_falls_back_before_one_confirms_it() {
    let rise = [("2023-01-10", "3"), ("2023-06-10", "4")];
    let then = |more: &[(&'static str, &'static str)]| {
        let mut given = rise.to_vec();
        given.extend(more);
        sustained(&given)
    };
    assert_eq!(then(&[("2023-12-10", "4")]), MET);
    // A day too early, and nothing later.
    assert_eq!(then(&[("2023-12-09", "4")]), UNKNOWN);
    assert_eq!(then(&[]), UNKNOWN);
    assert_eq!(then(&[("2023-09-01", "4.5"), ("2024-01-10", "5")]), MET);
    // It falls back on the way, at the end, or behind the end before anything confirms it.
    assert_eq!(then(&[("2023-09-01", "3.5"), ("2024-01-10", "4")]), NOT_MET);
    assert_eq!(then(&[("2023-12-10", "3.5")]), NOT_MET);
    assert_eq!(then(&[("2024-01-10", "3"), ("2024-03-10", "4")]), NOT_MET);
    // After it was confirmed it may fall.
    assert_eq!(then(&[("2024-01-10", "4"), ("2024-03-10", "3")]), MET);
    // The second rise lasts, though the first did not.
    assert_eq!(
        then(&[
            ("2023-07-10", "3"),
            ("2023-08-10", "5"),
            ("2024-03-10", "4.5")
        ]),
        MET
    );
    // It began too late to be confirmed by screening.
    assert_eq!(
        sustained(&[
            ("2023-06-10", "3"),
            ("2024-01-10", "4"),
            ("2024-03-10", "4")
        ]),
        NOT_MET
    );
    // Without two values nothing is decided.
    assert_eq!(sustained(&[("2023-06-10", "3")]), UNKNOWN);
    assert_eq!(
        sustained(&[("2023-06-10", "3"), ("2024-01-10", "3")]),
        NOT_MET
    );
}

#[test]
fn a_value_confirms_a_change_whatever_lies_between() {
    let confirmed = |given: &[(&str, &str)]| outcome(&lasting(false), &scores(given));
    let fell_back = [
        ("2023-01-10", "3"),
        ("2023-06-10", "4"),
        ("2023-09-01", "3"),
        ("2024-01-10", "4"),
    ];
    assert_eq!(confirmed(&fell_back), MET);
    assert_eq!(sustained(&fell_back), NOT_MET);
    assert_eq!(
        because(&lasting(false), &scores(&fell_back)),
        "edss from 3 on 2023-01-10 to 4 on 2023-06-10, at least 1 point, and confirmed at least 6 months later: 4 on 2024-01-10"
    );
    assert_eq!(
        because(&lasting(true), &scores(&fell_back)),
        "edss has no rise that is at least 1 point between 2022-05-09 and 2024-05-09, both included and sustained for at least 6 months"
    );
}

#[test]
fn what_would_confirm_a_change_is_said() {
    let given = scores(&[("2023-01-10", "3"), ("2023-06-10", "4")]);
    assert_eq!(
        because(&lasting(true), &given),
        "edss from 3 on 2023-01-10 to 4 on 2023-06-10, at least 1 point, but no later value shows whether it was sustained for at least 6 months"
    );
    let unsure = scores(&[("2023-01-10", "3"), ("2023-06-10", "4"), ("2023-12", "4")]);
    assert_eq!(outcome(&lasting(true), &unsure), UNKNOWN);
    let aside = given.seen("edss,2024-01-10,4").seen("edss,,x");
    assert_eq!(outcome(&lasting(true), &aside), UNKNOWN);
}
