//! Times that are stated as an age: `at 45 years`.

use lind_time::{Day, MonthEnd, When};

/// An age, in completed units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct AtAge {
    count: u32,
    unit: AgeUnit,
}

/// What an age is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum AgeUnit {
    Months(u32),
    Days(u32),
}

/// How the units are written, the first of each as Lind writes it; those of UCUM are among them.
const UNITS: [(&[&str], AgeUnit); 4] = [
    (&["years", "year", "a", "yr", "y"], AgeUnit::Months(12)),
    (&["months", "month", "mo"], AgeUnit::Months(1)),
    (&["weeks", "week", "wk"], AgeUnit::Days(7)),
    (&["days", "day", "d"], AgeUnit::Days(1)),
];

impl AtAge {
    /// Reads `at 45 years`; none: the text says something else.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (count, unit) = text.strip_prefix("at ")?.trim().split_once(' ')?;
        Self::of(count, unit.trim())
    }

    /// An age as a number of a unit. Parts of a unit do not count: at 45.5 years somebody is 45.
    pub(crate) fn of(count: &str, unit: &str) -> Option<Self> {
        let (whole, parts) = count.split_once('.').unwrap_or((count, ""));
        let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let unit = UNITS.iter().find(|(words, _)| {
            let mut words = words.iter();
            words.any(|word| word.eq_ignore_ascii_case(unit))
        });
        (are_digits(whole) && are_digits(parts)).then_some(())?;
        Some(AtAge {
            count: whole.parse().ok()?,
            unit: unit?.1,
        })
    }

    /// From the day on which somebody of this birth reached the age to the last on which they had it. A
    /// birth of which a part is known may have been on any of its days. None: it is beyond the calendar.
    pub(crate) fn after(self, birth: &When) -> Option<When> {
        let (born_first, born_last) = (birth.first_day(), birth.last_day());
        let (count, next) = (i64::from(self.count), i64::from(self.count) + 1);
        let later = |day: Day, count: i64, rule| match self.unit {
            AgeUnit::Months(months) => {
                let later = day.add_months(count * i64::from(months), rule);
                later.map(|(day, _)| day)
            }
            AgeUnit::Days(days) => day.add_days(count * i64::from(days)),
        };
        // Whoever is born on a 29 February may count birthdays either way.
        let first = later(born_first, count, MonthEnd::LastDay)?;
        let last = later(born_last, next, MonthEnd::NextFirst)?.add_days(-1)?;
        When::spanning(
            When::from_day(first).start().seconds(),
            When::from_day(last).end().seconds() - 1,
        )
    }
}

impl std::fmt::Display for AtAge {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let unit = UNITS.iter().find(|(_, unit)| *unit == self.unit);
        let word = unit.and_then(|(words, _)| words.first());
        write!(formatter, "at {} {}", self.count, word.unwrap_or(&"years"))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use super::*;

    fn told(text: &str, birth: &str) -> String {
        let birth = When::parse(birth).unwrap();
        AtAge::parse(text)
            .unwrap()
            .after(&birth)
            .unwrap()
            .to_string()
    }

    #[test]
    fn an_age_lasts_from_a_birthday_to_the_day_before_the_next() {
        assert_eq!(told("at 45 years", "1960-05-09"), "2005-05-09/2006-05-08");
        assert_eq!(told("at 0 years", "1960-05-09"), "1960-05-09/1961-05-08");
        assert_eq!(told("at 3 months", "2020-01-31"), "2020-04-30/2020-05-30");
        assert_eq!(told("at 2 weeks", "2020-01-31"), "2020-02-14/2020-02-20");
        assert_eq!(told("at 1 day", "2020-01-31"), "2020-02-01");
    }

    #[test]
    fn what_is_not_known_of_the_birth_is_not_known_of_the_age() {
        assert_eq!(told("at 45 years", "1960"), "2005-01-01/2006-12-30");
        assert_eq!(told("at 45 years", "1960-05"), "2005-05-01/2006-05-30");
        assert_eq!(told("at 1 year", "1960-02-29"), "1961-02-28/1962-02-28");
    }

    #[test]
    fn units_are_those_of_ucum_or_words() {
        assert_eq!(AtAge::of("45.5", "a").unwrap().to_string(), "at 45 years");
        assert_eq!(AtAge::of("7", "wk").unwrap().to_string(), "at 7 weeks");
        for (count, unit) in [("-1", "a"), ("1e2", "a"), ("", "a"), ("1", "h"), ("1", "")] {
            assert_eq!(AtAge::of(count, unit), None, "{count} {unit}");
        }
        assert_eq!(AtAge::parse("45 years"), None);
        assert_eq!(
            AtAge::parse("at 99999999 years")
                .unwrap()
                .after(&When::parse("1960").unwrap()),
            None
        );
    }
}
