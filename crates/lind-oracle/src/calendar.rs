//! A calendar of its own, so that a mistake in `lind-time` cannot hide behind itself.
//!
//! Days are counted from 0001-01-01, which is day 0.

/// Further away than any time that can be recorded, in any unit of this crate.
pub(crate) const FAR: i64 = 1 << 50;

/// The last day, 9999-12-31.
pub(crate) const LAST_DAY: i64 = 3_652_058;

pub(crate) const SECONDS_PER_DAY: i64 = 86_400;

fn is_leap_year(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// How many days a month (1 to 12) has.
pub(crate) fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if is_leap_year(year) => 29,
        2 => 28,
        _ => 31,
    }
}

fn days_before_year(year: i64) -> i64 {
    let years = year - 1;
    years * 365 + years / 4 - years / 100 + years / 400
}

/// The number of a day, if the calendar has it in the years 0001 to 9999.
pub(crate) fn day_number(year: i64, month: i64, day: i64) -> Option<i64> {
    if !(1..=9999).contains(&year) || !(1..=12).contains(&month) {
        return None;
    }
    if !(1..=days_in_month(year, month)).contains(&day) {
        return None;
    }
    let months: i64 = (1..month).map(|month| days_in_month(year, month)).sum();
    Some(days_before_year(year) + months + day - 1)
}

/// Year, month and day of the month of a day.
pub(crate) fn date_of(number: i64) -> (i64, i64, i64) {
    // Never too late a year; the loops go on to the right one.
    let mut year = number / 366 + 1;
    while days_before_year(year + 1) <= number {
        year += 1;
    }
    let mut left = number - days_before_year(year);
    let mut month = 1;
    while left >= days_in_month(year, month) {
        left -= days_in_month(year, month);
        month += 1;
    }
    (year, month, left + 1)
}

/// The same day of the month so many months later, or the last day of a month that is too short;
/// beyond the calendar, further than anything.
pub(crate) fn add_months(day: i64, months: i64) -> i64 {
    let (year, month, day_of_month) = date_of(day);
    let index = (year * 12 + month - 1).saturating_add(months);
    let (year, month) = (index.div_euclid(12), index.rem_euclid(12) + 1);
    if year < 1 {
        return -FAR;
    }
    let day_of_month = day_of_month.min(days_in_month(year, month));
    day_number(year, month, day_of_month).unwrap_or(FAR)
}

/// Completed calendar years between two days; negative if the second is earlier.
pub(crate) fn completed_years(birth: i64, at: i64) -> i64 {
    let (birth_year, birth_month, birth_day) = date_of(birth);
    let (year, month, day) = date_of(at);
    let birthday_to_come = (month, day) < (birth_month, birth_day);
    year - birth_year - i64::from(birthday_to_come)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    #[test]
    fn days_follow_each_other_and_come_back() {
        let mut expected = 0;
        for year in 1..=9999 {
            for month in 1..=12 {
                for day in [1, days_in_month(year, month)] {
                    let number = day_number(year, month, day).unwrap();
                    assert_eq!(date_of(number), (year, month, day));
                    if day == 1 {
                        assert_eq!(number, expected);
                    } else {
                        expected = number + 1;
                    }
                }
            }
        }
        assert_eq!(expected - 1, LAST_DAY);
    }

    #[test]
    fn the_calendar_is_that_of_lind_time() {
        for text in ["0001-01-01", "1970-01-01", "2024-02-29", "9999-12-31"] {
            let theirs = lind_time::Day::parse(text).unwrap();
            let (year, month, day) = theirs.year_month_day();
            let ours = day_number(year.into(), month.into(), day.into()).unwrap();
            assert_eq!(ours - 719_162, i64::from(theirs.number()));
        }
    }

    #[test]
    fn months_end_on_the_last_day() {
        let day = |year, month, day| day_number(year, month, day).unwrap();
        assert_eq!(add_months(day(2023, 8, 31), -6), day(2023, 2, 28));
        assert_eq!(add_months(day(2024, 8, 31), -6), day(2024, 2, 29));
        assert_eq!(add_months(day(2024, 2, 29), 12), day(2025, 2, 28));
        assert!(add_months(day(1, 1, 1), -1) < 0);
        assert!(add_months(day(9999, 12, 31), 1) > LAST_DAY);
    }

    #[test]
    fn a_birthday_on_29_february_is_1_march_in_common_years() {
        let day = |year, month, day| day_number(year, month, day).unwrap();
        let birth = day(2000, 2, 29);
        assert_eq!(completed_years(birth, day(2018, 2, 28)), 17);
        assert_eq!(completed_years(birth, day(2018, 3, 1)), 18);
        assert_eq!(completed_years(birth, day(2020, 2, 29)), 20);
    }
}
