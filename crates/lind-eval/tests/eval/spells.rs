//! §5 Days on which a value passes, §4 multiples of an own value, and what endpoints read.

use lind_model::protocol::{
    Condition, ConditionKind, Interval, Selector, Spell, SpellCount, Test, ValueAt, Window,
};
use lind_model::{MeasureId, Outcome};
use lind_time::Offset;
use lind_units::Kind;

use crate::build::*;
use crate::data::*;

/// Low on so many of the 14 days before screening on 2024-05-09, which count as the 15 days from 25 April on.
fn low(counted: SpellCount, gap: u32, days: Interval) -> (Build, MeasureId) {
    let mut build = Build::new();
    let anc = build.quantity("anc", Kind::NCnc, "10*9/L", Some(("0", "400")));
    build.measure_mut(anc).worst_is_highest = Some(false);
    build.exclusion("E1", spell(anc, counted, gap, days));
    (build, anc)
}

fn spell(measure: MeasureId, counted: SpellCount, gap: u32, days: Interval) -> Condition {
    condition(
        "low on some days",
        ConditionKind::Spell(Box::new(Spell {
            measure,
            provenance: Vec::new(),
            window: days_before(SCREENING, 14),
            test: in_unit(at_most("0.5"), "10*9/L"),
            counted,
            gap,
            evidence: None,
            days,
        })),
    )
}

const ROW: SpellCount = SpellCount::Longest { recovery: 1 };

fn seen(values: &[(&str, &str)]) -> Data {
    values.iter().fold(Data::new(), |data, (time, value)| {
        data.seen(&format!("anc,{time},{value},10*9/L"))
    })
}

/// Every day from 25 April to 9 May, low on these days of the month.
fn daily(low: &[u8]) -> Data {
    let days = (25..=30)
        .map(|day| (4, day))
        .chain((1..=9).map(|day| (5, day)));
    days.fold(Data::new(), |data, (month, day)| {
        let value = if low.contains(&day) { "0.4" } else { "2" };
        data.seen(&format!("anc,2024-{month:02}-{day:02},{value},10*9/L"))
    })
}

fn outcome_of((build, _): (Build, MeasureId), data: &Data) -> Outcome {
    outcome(&build, data)
}

#[test]
fn the_longest_stretch_counts_from_its_first_day_to_its_last() {
    let data = daily(&[26, 27, 28, 2, 3]);
    assert_eq!(outcome_of(low(ROW, 0, at_least("3")), &data), MET);
    assert_eq!(outcome_of(low(ROW, 0, at_least("4")), &data), NOT_MET);
    let total = SpellCount::Total;
    assert_eq!(outcome_of(low(total, 0, at_least("5")), &data), MET);
    assert_eq!(outcome_of(low(total, 0, at_least("6")), &data), NOT_MET);
    // Three days lie between the two stretches: the fourth would end them.
    let recovery = |recovery| SpellCount::Longest { recovery };
    assert_eq!(
        outcome_of(low(recovery(3), 0, at_least("4")), &data),
        NOT_MET
    );
    assert_eq!(
        outcome_of(low(recovery(4), 0, between("8", "8")), &data),
        MET
    );
}

#[test]
fn of_two_values_of_a_day_the_worse_counts_and_without_a_worse_they_must_agree() {
    let data = daily(&[26, 27]).seen("anc,2024-04-27,3,10*9/L");
    let (mut build, anc) = low(ROW, 0, between("2", "2"));
    assert_eq!(outcome(&build, &data), MET);
    build.measure_mut(anc).worst_is_highest = Some(true);
    assert_eq!(outcome(&build, &data), NOT_MET);
    build.measure_mut(anc).worst_is_highest = None;
    assert_eq!(outcome(&build, &data), UNKNOWN);
}

#[test]
fn days_without_a_value_are_open_unless_a_short_gap_is_filled() {
    let data = seen(&[
        ("2024-04-25", "2"),
        ("2024-04-28", "0.4"),
        ("2024-05-01", "0.4"),
        ("2024-05-04", "2"),
        ("2024-05-07", "2"),
    ]);
    // The last gap reaches to the 9th of May.
    assert_eq!(outcome_of(low(ROW, 2, between("6", "6")), &data), MET);
    assert_eq!(outcome_of(low(ROW, 1, at_least("6")), &data), UNKNOWN);
    assert_eq!(outcome_of(low(ROW, 0, at_least("1")), &data), MET);
    assert_eq!(outcome_of(low(ROW, 0, at_least("9")), &data), NOT_MET);
    // Before the first value nothing is filled.
    let late = seen(&[
        ("2024-04-28", "0.4"),
        ("2024-05-01", "2"),
        ("2024-05-04", "2"),
        ("2024-05-07", "2"),
    ]);
    assert_eq!(outcome_of(low(ROW, 7, at_least("4")), &late), UNKNOWN);
    assert_eq!(outcome_of(low(ROW, 7, at_least("7")), &late), NOT_MET);
}

#[test]
fn what_may_be_of_several_days_decides_none_of_them() {
    // A value of May may be of any day from the 1st to the 9th; no gap is filled behind it.
    let data = daily(&[26, 27, 28]).seen("anc,2024-05,0.1,10*9/L");
    assert_eq!(outcome_of(low(ROW, 0, at_least("3")), &data), MET);
    assert_eq!(outcome_of(low(ROW, 0, at_least("4")), &data), UNKNOWN);
    let data = daily(&[26, 27, 28]).seen("anc,2024-05-05,broken,10*9/L");
    assert_eq!(outcome_of(low(ROW, 0, at_least("4")), &data), NOT_MET);
}

#[test]
fn without_a_value_nothing_is_known_and_never_needs_one() {
    assert_eq!(
        outcome_of(low(ROW, 0, at_most("20")), &Data::new()),
        UNKNOWN
    );
    let never = low(SpellCount::WithValue, 0, at_most("0"));
    assert_eq!(
        outcome_of(never.clone(), &seen(&[("2024-05-01", "2")])),
        MET
    );
    assert_eq!(
        outcome_of(never.clone(), &seen(&[("2024-05-01", "0.5")])),
        NOT_MET
    );
    assert_eq!(outcome_of(never, &Data::new()), UNKNOWN);
}

#[test]
fn a_reason_tells_the_stretch() {
    let (build, _) = low(ROW, 0, at_least("7"));
    assert_eq!(
        because(&build, &daily(&[26, 27, 28])),
        "anc at most 0.5 10*9/L on 3 days in a row between 2024-04-25 and 2024-05-09, both included, not at least 7 days; from 2024-04-26 to 2024-04-28; measured on 15 of 15 days"
    );
}

/// More than 3 times the latest value of the 30 days before consent on 2024-05-01.
fn own(factors: Interval) -> Build {
    own_within(factors, None)
}

/// The same of a value in a window of its own.
fn own_within(factors: Interval, window: Option<Window>) -> Build {
    let mut build = Build::new();
    let alt = build.quantity("alt", Kind::CCnc, "U/L", Some(("0", "20000")));
    let test = Test::Own {
        interval: factors,
        reference: Box::new(ValueAt {
            selector: Selector::Latest,
            window: around(
                CONSENT,
                lind_time::Window::within_before(Offset::days(30), false),
            ),
        }),
    };
    let test = value(alt, test);
    let test = match window {
        Some(window) => test.within(window),
        None => test,
    };
    build.exclusion("E1", test.done());
    build
}

fn alt(values: &[(&str, &str)]) -> Data {
    values.iter().fold(Data::new(), |data, (time, value)| {
        data.seen(&format!("alt,{time},{value}"))
    })
}

#[test]
fn of_what_both_windows_wait_for_the_gravest_counts() {
    // The infusion is still to come; when consent was given is recorded twice, and not alike.
    let later = own_within(more_than("3"), Some(days_before(INFUSION, 14)));
    let values = alt(&[("2024-04-20", "40,U/L"), ("2024-05-08", "400,U/L")]);
    assert_eq!(outcome(&later, &values), PENDING);
    let twice = values.row("milestones", "consent,2024-04-02");
    assert_eq!(outcome(&later, &twice), UNKNOWN);
}

#[test]
fn a_multiple_of_an_own_value_is_exact_and_open_without_one() {
    let at = |now: &str| alt(&[("2024-04-20", "40,U/L"), ("2024-05-08", now)]);
    assert_eq!(outcome(&own(more_than("3")), &at("120,U/L")), NOT_MET);
    assert_eq!(outcome(&own(at_least("3")), &at("120,U/L")), MET);
    assert_eq!(outcome(&own(more_than("3")), &at("120.1,U/L")), MET);
    // In another unit it is the same.
    assert_eq!(outcome(&own(at_least("3")), &at("0.12,kU/L")), MET);
    assert_eq!(outcome(&own(between("1.5", "3")), &at("60,U/L")), MET);
    let none = alt(&[("2024-05-08", "400,U/L")]);
    assert_eq!(outcome(&own(more_than("3")), &none), UNKNOWN);
    let zero = alt(&[("2024-04-20", "0,U/L"), ("2024-05-08", "400,U/L")]);
    assert_eq!(outcome(&own(more_than("3")), &zero), UNKNOWN);
    // The value itself is once its own.
    let one = alt(&[("2024-04-20", "40,U/L")]);
    assert_eq!(outcome(&own(more_than("3")), &one), NOT_MET);
}

#[test]
fn a_reference_that_lies_below_a_number_decides_where_it_can() {
    let at = |now: &str| alt(&[("2024-04-20", "40,U/L,<"), ("2024-05-08", now)]);
    assert_eq!(outcome(&own(more_than("3")), &at("120,U/L")), MET);
    assert_eq!(outcome(&own(more_than("3")), &at("119,U/L")), UNKNOWN);
    assert_eq!(outcome(&own(below("3")), &at("120,U/L")), NOT_MET);
}
