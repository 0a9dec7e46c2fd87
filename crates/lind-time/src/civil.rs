//! The proleptic Gregorian calendar: the only module that names `jiff`.
//!
//! Days are counted from 1970-01-01. Only checked operations of `jiff` are used: its operators
//! panic, and adding hours to one of its dates drops them.

use jiff::SignedDuration;
use jiff::civil::Date;

const EPOCH: Date = Date::constant(1970, 1, 1);
const SECONDS_PER_DAY: i64 = 86_400;

/// 0001-01-01.
pub(crate) const FIRST_DAY: i32 = -719_162;
/// 9999-12-31.
pub(crate) const LAST_DAY: i32 = 2_932_896;

/// The number of the day, or `None` if the calendar has no such day in the years 0001 to 9999.
pub(crate) fn day_number(year: i32, month: u8, day: u8) -> Option<i32> {
    let date = Date::new(
        i16::try_from(year).ok()?,
        i8::try_from(month).ok()?,
        i8::try_from(day).ok()?,
    )
    .ok()?;
    let seconds = date.duration_since(EPOCH).as_secs();
    i32::try_from(seconds.div_euclid(SECONDS_PER_DAY))
        .ok()
        .filter(|number| (FIRST_DAY..=LAST_DAY).contains(number))
}

/// Year, month and day of a day number; `None` outside the years 0001 to 9999.
pub(crate) fn year_month_day(number: i32) -> Option<(i32, u8, u8)> {
    if !(FIRST_DAY..=LAST_DAY).contains(&number) {
        return None;
    }
    let seconds = i64::from(number).checked_mul(SECONDS_PER_DAY)?;
    let date = EPOCH.checked_add(SignedDuration::from_secs(seconds)).ok()?;
    Some((
        i32::from(date.year()),
        u8::try_from(date.month()).ok()?,
        u8::try_from(date.day()).ok()?,
    ))
}

/// How many days the month has; `None` if there is no such month.
pub(crate) fn days_in_month(year: i32, month: u8) -> Option<u8> {
    let first = Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, 1).ok()?;
    u8::try_from(first.days_in_month()).ok()
}

/// The English name of a month, for messages.
pub(crate) fn month_name(month: u8) -> &'static str {
    match month {
        1 => "January",
        2 => "February",
        3 => "March",
        4 => "April",
        5 => "May",
        6 => "June",
        7 => "July",
        8 => "August",
        9 => "September",
        10 => "October",
        11 => "November",
        12 => "December",
        _ => "that month",
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::*;

    #[test]
    fn the_range_is_the_years_0001_to_9999() {
        assert_eq!(day_number(1, 1, 1), Some(FIRST_DAY));
        assert_eq!(day_number(9999, 12, 31), Some(LAST_DAY));
        assert_eq!(day_number(0, 12, 31), None);
        assert_eq!(day_number(10_000, 1, 1), None);
        assert_eq!(year_month_day(FIRST_DAY), Some((1, 1, 1)));
        assert_eq!(year_month_day(LAST_DAY), Some((9999, 12, 31)));
        assert_eq!(year_month_day(FIRST_DAY - 1), None);
        assert_eq!(year_month_day(LAST_DAY + 1), None);
    }

    #[test]
    fn every_day_of_four_centuries_comes_back() {
        let first = day_number(1899, 12, 31).unwrap();
        for number in first..first + 146_097 {
            let (year, month, day) = year_month_day(number).unwrap();
            assert_eq!(day_number(year, month, day), Some(number));
            assert!(day <= days_in_month(year, month).unwrap());
        }
    }
}
