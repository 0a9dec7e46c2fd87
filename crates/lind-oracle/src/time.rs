//! Times as intervals of seconds, compared by trying instants.

use lind_time::Tri;

use crate::calendar::{LAST_DAY, SECONDS_PER_DAY, date_of, day_number, days_in_month};

/// A time: any second from `first` to `last`, both included, counted from 0001-01-01T00:00:00.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Time {
    pub(crate) first: i64,
    pub(crate) last: i64,
    /// Whether hour and minute were recorded.
    pub(crate) to_the_minute: bool,
}

/// The last second of the calendar.
pub(crate) const END_OF_TIME: i64 = (LAST_DAY + 1) * SECONDS_PER_DAY - 1;

/// In what times are counted when they are compared: seconds in a day, a minute, a second.
pub(crate) const DAY: i64 = SECONDS_PER_DAY;
pub(crate) const MINUTE: i64 = 60;
pub(crate) const SECOND: i64 = 1;

/// Intervals of at most so many units are tried unit by unit; of longer ones, only the instants at
/// which an answer can change.
const TRIED_ONE_BY_ONE: i64 = 62;

impl Time {
    /// Reads `2024`, `2024-05`, `2024-05-09`, `2024-05-09T08`, `…T08:30`, `…T08:30:15`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (date, clock) = match text.split_once('T') {
            Some((date, clock)) => (date, Some(clock)),
            None => (text, None),
        };
        let mut date_parts = date.split('-');
        let year = number(date_parts.next()?, 4)?;
        let month = date_parts.next().map(|part| number(part, 2));
        let day = date_parts.next().map(|part| number(part, 2));
        if date_parts.next().is_some() {
            return None;
        }
        let (first_day, last_day) = match (month, day) {
            (None, _) => (day_number(year, 1, 1)?, day_number(year, 12, 31)?),
            (Some(month), None) => {
                let month = month?;
                let first = day_number(year, month, 1)?;
                (first, first + days_in_month(year, month) - 1)
            }
            (Some(month), Some(day)) => {
                let day = day_number(year, month?, day?)?;
                (day, day)
            }
        };
        let Some(clock) = clock else {
            return Some(Self {
                first: first_day * DAY,
                last: (last_day + 1) * DAY - 1,
                to_the_minute: false,
            });
        };
        day?;
        let mut clock_parts = clock.split(':');
        let hour = number(clock_parts.next()?, 2).filter(|hour| *hour < 24)?;
        let minute = clock_parts.next().map(|part| number(part, 2));
        let second = clock_parts.next().map(|part| number(part, 2));
        if clock_parts.next().is_some() {
            return None;
        }
        let below_sixty = |part: Option<i64>| part.filter(|part| *part < 60);
        let (first, width) = match (minute, second) {
            (None, _) => (hour * 3600, 3600),
            (Some(minute), None) => (hour * 3600 + below_sixty(minute)? * 60, 60),
            (Some(minute), Some(second)) => (
                hour * 3600 + below_sixty(minute)? * 60 + below_sixty(second)?,
                1,
            ),
        };
        let first = first_day * DAY + first;
        Some(Self {
            first,
            last: first + width - 1,
            to_the_minute: width <= 60,
        })
    }

    /// A time of which nothing is known but that it is not after `last`.
    pub(crate) fn missing(last: i64) -> Self {
        Self {
            first: 0,
            last,
            to_the_minute: false,
        }
    }

    /// The first and the last unit that it can fall in.
    pub(crate) fn units(self, unit: i64) -> (i64, i64) {
        (self.first.div_euclid(unit), self.last.div_euclid(unit))
    }

    /// Whether `holds` of all instants of two independent times, of none or of some, counted in
    /// `unit`. `holds` may depend only on the order of the two.
    pub(crate) fn compare(self, other: Self, unit: i64, holds: impl Fn(i64, i64) -> bool) -> Tri {
        let (mine, theirs) = (self.units(unit), other.units(unit));
        let mut answers = Vec::new();
        for a in instants(mine, &[theirs.0, theirs.1]) {
            for b in instants(theirs, &[mine.0, mine.1]) {
                answers.push(holds(a, b));
            }
        }
        all_some_none(answers)
    }

    /// Whether it is earlier, to the second.
    pub(crate) fn is_before(self, other: Self) -> Tri {
        self.compare(other, SECOND, |a, b| a < b)
    }
}

fn number(text: &str, digits: usize) -> Option<i64> {
    if text.len() != digits || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

/// Yes if all are true, No if none is; nothing to go by is Maybe.
pub(crate) fn all_some_none(answers: impl IntoIterator<Item = bool>) -> Tri {
    let (mut yes, mut no) = (false, false);
    for answer in answers {
        if answer {
            yes = true;
        } else {
            no = true;
        }
    }
    match (yes, no) {
        (true, false) => Tri::Yes,
        (false, true) => Tri::No,
        _ => Tri::Maybe,
    }
}

/// The units of an interval to try: all of a short one; of a long one its ends and the `critical`
/// units with their neighbours.
pub(crate) fn instants((first, last): (i64, i64), critical: &[i64]) -> Vec<i64> {
    if last - first <= TRIED_ONE_BY_ONE {
        return (first..=last).collect();
    }
    let mut found = vec![first, last];
    for at in critical {
        for near in [at - 1, *at, at + 1] {
            if (first..=last).contains(&near) && !found.contains(&near) {
                found.push(near);
            }
        }
    }
    found
}

/// Completed years of age, for every pair of days that the data allow and that is in order.
pub(crate) fn ages(birth: Time, at: Time) -> Vec<i64> {
    let (births, days) = (birth.units(DAY), at.units(DAY));
    let mut found = Vec::new();
    let mut add = |age: i64| {
        if !found.contains(&age) {
            found.push(age);
        }
    };
    // The age changes on birthdays alone, and a birthday needs two neighbouring days.
    let ends = [
        (births.0, days.0),
        (births.0, days.1),
        (births.1, days.0),
        (births.1, days.1),
    ];
    for (birth, day) in ends {
        if birth <= day || births.0 > days.1 {
            add(crate::calendar::completed_years(birth, day));
        }
    }
    if births.1 > days.0 && births.0 <= days.1 {
        add(0);
    }
    let (lowest, highest) = (
        found.iter().copied().min().unwrap_or_default(),
        found.iter().copied().max().unwrap_or_default(),
    );
    (lowest..=highest).collect()
}

/// A day as it is written.
pub(crate) fn day_text(day: i64) -> String {
    let (year, month, day) = date_of(day.clamp(0, LAST_DAY));
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    fn time(text: &str) -> Time {
        Time::parse(text).unwrap()
    }

    #[test]
    fn times_are_as_wide_as_they_are_written() {
        for (text, width) in [
            ("2024", 366 * DAY),
            ("2023-02", 28 * DAY),
            ("2024-02-29", DAY),
            ("2024-02-29T23", 3600),
            ("2024-02-29T23:59", 60),
            ("2024-02-29T23:59:59", 1),
        ] {
            let time = time(text);
            assert_eq!(time.last - time.first + 1, width, "{text}");
        }
        for text in [
            "",
            "2023-02-29",
            "2024-13",
            "24-01-01",
            "2024-1-1",
            "2024-01-01T24",
            "soon",
        ] {
            assert_eq!(Time::parse(text), None, "{text}");
        }
    }

    #[test]
    fn comparisons_are_decided_only_by_all_pairs() {
        assert_eq!(time("2024-05-09").is_before(time("2024-05-10")), Tri::Yes);
        assert_eq!(time("2024-05-09").is_before(time("2024-05-09")), Tri::Maybe);
        assert_eq!(time("2024-05").is_before(time("2024-05-10")), Tri::Maybe);
        assert_eq!(time("2024-06").is_before(time("2024-05-10")), Tri::No);
        let by_day = |a: &str, b: &str| time(a).compare(time(b), DAY, |a, b| a <= b);
        assert_eq!(by_day("2024-05-09", "2024-05-09"), Tri::Yes);
        assert_eq!(by_day("2024-05", "2024-05-31"), Tri::Yes);
        assert_eq!(by_day("2024-05", "2024-05-30"), Tri::Maybe);
    }

    #[test]
    fn ages_are_all_that_some_pair_of_days_gives() {
        assert_eq!(ages(time("1970"), time("2024-05-09")), [53, 54]);
        assert_eq!(ages(time("1970-05-09"), time("2024-05-09")), [54]);
        assert_eq!(ages(time("2024"), time("2024")), [0]);
        let mut tried = Vec::new();
        let (birth, at) = (time("2000-02"), time("2018"));
        for born in birth.units(DAY).0..=birth.units(DAY).1 {
            for day in at.units(DAY).0..=at.units(DAY).1 {
                let age = crate::calendar::completed_years(born, day);
                if !tried.contains(&age) {
                    tried.push(age);
                }
            }
        }
        tried.sort_unstable();
        assert_eq!(ages(birth, at), tried);
    }
}
