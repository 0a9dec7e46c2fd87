//! Days of the civil calendar, by counting.

use std::fmt;

/// A day, counted from 1 January 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Date(i64);

impl Date {
    /// A day of the Gregorian calendar.
    pub(super) const fn of(year: i64, month: i64, day: i64) -> Self {
        // Years that begin in March, so that the leap day is the last one.
        let year = if month <= 2 { year - 1 } else { year };
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        Self(era * 146_097 + day_of_era - 719_468)
    }

    /// So many days later; earlier if negative.
    pub(super) const fn plus(self, days: i64) -> Self {
        Self(self.0 + days)
    }

    /// How many days this is after another.
    pub(super) const fn since(self, other: Self) -> i64 {
        self.0 - other.0
    }

    /// So many calendar months later; the last day of a month that is too short.
    pub(super) fn plus_months(self, months: i64) -> Self {
        let (year, month, day) = self.parts();
        let count = year * 12 + month - 1 + months;
        let (year, month) = (count.div_euclid(12), count.rem_euclid(12) + 1);
        let length = Self::of(year + month / 12, month % 12 + 1, 1).since(Self::of(year, month, 1));
        Self::of(year, month, day.min(length))
    }

    /// Monday is 0.
    pub(super) const fn weekday(self) -> i64 {
        (self.0 + 3).rem_euclid(7)
    }

    /// The next weekday on which an outpatient department sees patients: this one, or the Friday or Monday beside it.
    pub(super) const fn office_day(self) -> Self {
        match self.weekday() {
            5 => self.plus(-1),
            6 => self.plus(1),
            _ => self,
        }
    }

    const fn parts(self) -> (i64, i64, i64) {
        let days = self.0 + 719_468;
        let era = days.div_euclid(146_097);
        let day_of_era = days.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * from_march + 2) / 5 + 1;
        let month = if from_march < 10 {
            from_march + 3
        } else {
            from_march - 9
        };
        let year = year_of_era + era * 400 + if month <= 2 { 1 } else { 0 };
        (year, month, day)
    }

    /// A day as tables write it; none if it is no such text.
    pub(super) fn read(text: &str) -> Option<Self> {
        let mut parts = text.split_once('T').map_or(text, |(day, _)| day).split('-');
        let mut next = || parts.next()?.parse::<i64>().ok();
        let (year, month, day) = (next()?, next()?, next()?);
        Some(Self::of(year, month, day))
    }
}

impl fmt::Display for Date {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.parts();
        write!(formatter, "{year:04}-{month:02}-{day:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::Date;

    #[test]
    fn a_day_is_read_as_it_is_written() {
        for count in 0..40_000 {
            let date = Date::of(1970, 1, 1).plus(count);
            assert_eq!(Date::read(&date.to_string()), Some(date));
        }
        assert_eq!(Date::of(2023, 3, 28).weekday(), 1);
    }

    #[test]
    fn months_end_with_the_month() {
        let last = Date::of(2023, 8, 31);
        assert_eq!(last.plus_months(6).to_string(), "2024-02-29");
        assert_eq!(last.plus_months(4).to_string(), "2023-12-31");
    }
}
