//! How much time lies between two times.
//!
//! Every answer is a range whose two ends are reached by some instants that the data allow.

use crate::day::Day;
use crate::offset::OffsetUnit;
use crate::when::{Precision, When};

/// The least and the greatest number of civil days from `from` to `to`; negative backwards.
#[must_use]
pub fn elapsed_days(from: &When, to: &When) -> (i64, i64) {
    calendar_difference(from, to, Precision::Day)
}

/// The least and the greatest number of seconds from `from` to `to`; negative backwards.
///
/// For lengths that are compared with half-lives: the exact range, with nothing rounded.
#[must_use]
pub fn elapsed_seconds_range(from: &When, to: &When) -> (i64, i64) {
    calendar_difference(from, to, Precision::Second)
}

/// The least and the greatest number of calendar units from `from` to `to`: how many years are
/// begun, how many midnights are passed. From 31 December to 1 January it is one year.
///
/// Negative backwards. CQL calls it `difference in … between`.
#[must_use]
pub fn calendar_difference(from: &When, to: &When, unit: Precision) -> (i64, i64) {
    let (from_first, from_last) = from.units(unit);
    let (to_first, to_last) = to.units(unit);
    (to_first - from_last, to_last - from_first)
}

/// The least and the greatest number of whole units completed from `from` to `to`; negative
/// backwards. Part of a unit does not count.
///
/// Years, months, weeks and days are counted in civil days, so times of day do not matter; a month
/// is complete on the same day of a later month, and if that month has no such day, on the first of
/// the next (from 31 January to 28 February no month is complete). Hours, minutes and seconds are
/// counted in seconds.
///
/// This is for reporting a length. Whether a limit such as "at least 6 months" is kept is asked of a
/// [`Window`](crate::Window), whose ends move to the last day of a short month.
#[must_use]
pub fn completed_units(from: &When, to: &When, unit: OffsetUnit) -> (i64, i64) {
    let whole = |range: (i64, i64), length: i64| (range.0 / length, range.1 / length);
    match unit {
        OffsetUnit::Years | OffsetUnit::Months => {
            let length = if unit == OffsetUnit::Years { 12 } else { 1 };
            let range = (
                completed_months(from.last_day(), to.first_day()),
                completed_months(from.first_day(), to.last_day()),
            );
            whole(range, length)
        }
        OffsetUnit::Weeks => whole(elapsed_days(from, to), 7),
        OffsetUnit::Days => elapsed_days(from, to),
        OffsetUnit::Hours => whole(elapsed_seconds_range(from, to), 3600),
        OffsetUnit::Minutes => whole(elapsed_seconds_range(from, to), 60),
        OffsetUnit::Seconds => elapsed_seconds_range(from, to),
    }
}

fn completed_months(from: Day, to: Day) -> i64 {
    if to < from {
        return -completed_months(to, from);
    }
    let (from_year, from_month, from_day) = from.year_month_day();
    let (to_year, to_month, to_day) = to.year_month_day();
    let months = (i64::from(to_year) - i64::from(from_year)) * 12 + i64::from(to_month)
        - i64::from(from_month);
    months - i64::from(to_day < from_day)
}
