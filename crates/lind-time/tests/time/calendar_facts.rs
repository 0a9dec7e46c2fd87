//! Facts of the calendar, against the slow one, and the laws of days and offsets.

use std::cmp::Ordering;

use lind_time::{Day, MonthEnd, Offset, OffsetClass, OffsetUnit, Precision, When};
use proptest::prelude::*;

use crate::naive;

#[test]
fn months_have_these_bounds_in_days() {
    let bounds = |months| Offset::months(months).day_bounds();
    assert_eq!(bounds(0), (0, 0));
    assert_eq!(bounds(1), (28, 31));
    assert_eq!(bounds(2), (59, 62));
    assert_eq!(bounds(3), (89, 92));
    assert_eq!(bounds(4), (120, 123));
    assert_eq!(bounds(6), (181, 184));
    assert_eq!(bounds(9), (273, 276));
    assert_eq!(bounds(12), (365, 366));
    assert_eq!(bounds(18), (546, 550));
    assert_eq!(bounds(24), (730, 731));
    assert_eq!(bounds(36), (1095, 1096));
    assert_eq!(bounds(60), (1825, 1827));
    assert_eq!(bounds(-6), (-184, -181));
    assert_eq!(bounds(4800), (146_097, 146_097));
    assert_eq!(bounds(-4800), (-146_097, -146_097));
}

#[test]
fn hours_have_the_bounds_of_the_days_they_touch() {
    assert_eq!(Offset::hours(48).day_bounds(), (2, 2));
    assert_eq!(Offset::hours(36).day_bounds(), (1, 2));
    assert_eq!(Offset::hours(-36).day_bounds(), (-2, -1));
    assert_eq!(Offset::weeks(4).day_bounds(), (28, 28));
}

#[test]
fn month_bounds_are_those_of_every_day_of_400_years() {
    // First days and lengths of the months of the cycle and of five years on either side.
    let mut months = Vec::new();
    let mut first = 0;
    for year in 1995..2405 {
        for month in 1..=12 {
            let length = naive::days_in_month(year, month);
            months.push((first, length));
            first += length;
        }
    }
    for step in [-18_i32, -6, -1, 1, 2, 3, 6, 7, 11, 13, 18, 60] {
        for up in [false, true] {
            let mut bounds = (i64::MAX, i64::MIN);
            for index in 60..60 + 4800 {
                let (first, length) = months[index];
                let (target_first, target_length) = months[index.strict_add_signed(step as isize)];
                for day in 0..length {
                    let target = if day < target_length {
                        day
                    } else {
                        target_length - i64::from(!up)
                    };
                    let between = target_first + target - first - day;
                    bounds = (bounds.0.min(between), bounds.1.max(between));
                }
            }
            let stated = Offset::months(step).day_bounds();
            assert_eq!(stated, bounds, "{step} months, up: {up}");
        }
    }
}

#[test]
fn one_point_two_percent_of_month_additions_depend_on_the_rule() {
    // All dates of 2020 to 2023, 1 to 24 months: as often as was measured for the month-end rule,
    // and every one of them from day 29, 30 or 31.
    let (mut all, mut clamped) = (0, 0);
    let mut day = Day::from_ymd(2020, 1, 1).unwrap();
    while day.year() < 2024 {
        for months in 1..=24 {
            let (down, moved) = day.add_months(months, MonthEnd::LastDay).unwrap();
            let (up, _) = day.add_months(months, MonthEnd::NextFirst).unwrap();
            assert_eq!(moved, up != down);
            assert!(!moved || day.day_of_month() >= 29);
            all += 1;
            clamped += i32::from(moved);
        }
        day = day.add_days(1).unwrap();
    }
    assert_eq!((all, clamped * 10_000 / all), (35_064, 124));
}

#[test]
fn unit_words() {
    let unit = Offset::parse_unit;
    assert_eq!(unit("hours"), Some(OffsetUnit::Hours));
    assert_eq!(unit("h"), Some(OffsetUnit::Hours));
    assert_eq!(unit("min"), Some(OffsetUnit::Minutes));
    assert_eq!(unit("d"), Some(OffsetUnit::Days));
    assert_eq!(unit("wk"), Some(OffsetUnit::Weeks));
    assert_eq!(unit("mo"), Some(OffsetUnit::Months));
    assert_eq!(unit("years"), Some(OffsetUnit::Years));
    assert_eq!(unit("m"), None, "a metre, a minute or a month");
    assert_eq!(unit("M"), None);
    assert_eq!(unit("fortnight"), None);
    assert_eq!(OffsetUnit::Weeks.times(4), Some(Offset::days(28)));
    assert_eq!(OffsetUnit::Years.times(2), Some(Offset::months(24)));
    assert_eq!(OffsetUnit::Hours.times(i64::MAX), None);
    assert_eq!(OffsetUnit::Weeks.class(), OffsetClass::Day);
}

#[test]
fn offsets_print_in_their_largest_whole_unit() {
    let text = |offset: Offset| offset.to_string();
    assert_eq!(text(Offset::months(6)), "6 months");
    assert_eq!(text(Offset::months(1)), "1 month");
    assert_eq!(text(Offset::years(2)), "2 years");
    assert_eq!(text(Offset::weeks(2)), "14 days");
    assert_eq!(text(Offset::hours(48)), "48 hours");
    assert_eq!(text(Offset::minutes(90)), "90 minutes");
    assert_eq!(text(Offset::Clock { seconds: 1 }), "1 second");
    assert_eq!(text(Offset::days(-1)), "-1 day");
}

#[test]
fn offsets_of_different_classes_are_never_compared_or_added() {
    let six_months = Offset::months(6);
    let days = Offset::days(180);
    assert_eq!(six_months.compare(days), None);
    assert_eq!(six_months.checked_add(days), None);
    assert_eq!(Offset::days(2).compare(Offset::hours(48)), None);
    assert_eq!(
        Offset::weeks(4).compare(Offset::days(30)),
        Some(Ordering::Less)
    );
    assert_eq!(
        Offset::years(1).compare(Offset::months(12)),
        Some(Ordering::Equal)
    );
}

fn any_day() -> impl Strategy<Value = Day> {
    (i64::from(Day::MIN.number())..=i64::from(Day::MAX.number()))
        .prop_map(|number| Day::from_number(number).unwrap())
}

fn any_when() -> impl Strategy<Value = When> {
    let precision = prop_oneof![
        Just(Precision::Year),
        Just(Precision::Month),
        Just(Precision::Day),
        Just(Precision::Hour),
        Just(Precision::Minute),
        Just(Precision::Second),
    ];
    (any_day(), 0..86_400_i64, precision).prop_map(|(day, second, precision)| {
        let instant = lind_time::Instant::start_of(day)
            .checked_add_seconds(second)
            .unwrap();
        When::from_instant(instant, precision)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn adding_days_and_taking_them_away(day in any_day(), days in -4_000_000_i64..4_000_000) {
        if let Some(moved) = day.add_days(days) {
            prop_assert_eq!(moved.add_days(-days), Some(day));
            prop_assert_eq!(day.days_until(moved), days);
        }
    }

    #[test]
    fn months_added_as_the_slow_calendar_adds_them(
        number in 3_653_i64..40_000, months in -96_i64..=96, up in any::<bool>(),
    ) {
        let rule = if up { MonthEnd::NextFirst } else { MonthEnd::LastDay };
        let (moved, _) = Day::from_number(number).unwrap().add_months(months, rule).unwrap();
        prop_assert_eq!(i64::from(moved.number()), naive::add_months(number, months, up));
    }

    #[test]
    fn a_moved_day_is_not_moved_again(day in any_day(), months in -240_i64..=240) {
        // The clamp is idempotent: the last day of a short month stays where it is.
        if let Some((moved, true)) = day.add_months(months, MonthEnd::LastDay) {
            prop_assert_eq!(moved, moved.last_of_month());
            prop_assert_eq!(moved.add_months(0, MonthEnd::LastDay), Some((moved, false)));
            let (up, _) = day.add_months(months, MonthEnd::NextFirst).unwrap();
            prop_assert_eq!(moved.add_days(1), Some(up));
        }
    }

    #[test]
    fn days_of_any_month_step_lie_within_its_bounds(day in any_day(), months in -600_i32..=600) {
        let (low, high) = Offset::months(months).day_bounds();
        for rule in [MonthEnd::LastDay, MonthEnd::NextFirst] {
            if let Some((moved, _)) = day.add_months(months, rule) {
                let days = day.days_until(moved);
                prop_assert!(low <= days && days <= high, "{} not in {}..{}", days, low, high);
            }
        }
    }

    #[test]
    fn age_grows_by_one_a_birthday(birth in any_day(), years in 0_i32..120) {
        let (year, month, day) = birth.year_month_day();
        let birthday = match Day::from_ymd(year + years, month, day) {
            Some(day) => Some(day),
            None => Day::from_ymd(year + years, 3, 1),
        };
        if let Some(birthday) = birthday.filter(|_| year + years <= 9999) {
            prop_assert_eq!(birth.completed_years_until(birthday), i64::from(years));
            if let Some(eve) = birthday.add_days(-1) {
                prop_assert_eq!(birth.completed_years_until(eve), i64::from(years) - 1);
            }
        }
    }

    #[test]
    fn what_is_printed_is_read_back(when in any_when()) {
        prop_assert_eq!(When::parse(&when.to_string()), Ok(when));
    }

    #[test]
    fn an_interval_starts_and_ends_where_its_neighbours_do(when in any_when()) {
        prop_assert!(when.start() < when.end());
        prop_assert_eq!(When::from_instant(when.start(), when.precision()), when);
        let last = when.end().checked_add_seconds(-1).unwrap();
        prop_assert_eq!(When::from_instant(last, when.precision()), when);
    }

}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn extreme_offsets_never_panic(day in any_when(), count in any::<i64>(), closed in any::<bool>()) {
        for offset in [
            Offset::Clock { seconds: count },
            Offset::Days { days: count },
            Offset::Calendar { months: count },
        ] {
            let _ = offset.day_bounds();
            let _ = (offset.negate(), offset.magnitude(), offset.to_string());
            let _ = day.checked_add(offset, MonthEnd::NextFirst);
            let edge = lind_time::Edge::At { offset, closed };
            for window in [
                lind_time::Window::between(edge, lind_time::Edge::Unbounded),
                lind_time::Window::between(lind_time::Edge::Unbounded, edge),
                lind_time::Window::either_side(offset),
            ] {
                let resolved = window.resolve(&day);
                let _ = (resolved.contains(&day), resolved.to_string(), resolved.hull());
                let _ = (window.limits_in_minutes(), window.undecided_day_differences());
            }
        }
    }
}
