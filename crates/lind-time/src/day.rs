//! Civil days, and adding months to them.

use std::fmt;

use crate::civil;
use crate::error::TimeError;
use crate::when::When;

/// A civil day of the years 0001 to 9999, counted from 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(i32);

/// Where a day goes that the target month does not have (31 August minus 6 months).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MonthEnd {
    /// Back to the last day of the target month. The rule of Lind, of CQL and of ISO calendars.
    LastDay,
    /// On to the first day of the month after the target month.
    NextFirst,
}

impl Day {
    /// 0001-01-01.
    pub const MIN: Day = Day(civil::FIRST_DAY);
    /// 1970-01-01, where days are counted from.
    pub const EPOCH: Day = Day(0);
    /// 9999-12-31.
    pub const MAX: Day = Day(civil::LAST_DAY);

    /// Reads a complete date, `2024-05-09`.
    ///
    /// # Errors
    /// The text is no date, or a date that names no exact day (`2024-05`), or carries a time.
    pub fn parse(text: &str) -> Result<Day, TimeError> {
        let when = When::parse(text)?;
        match when.precision() {
            crate::Precision::Day => Ok(when.first_day()),
            _ => Err(TimeError::NotAnExactDay { at: 0..text.len() }),
        }
    }

    /// The day with this year, month (1 to 12) and day of the month, if the calendar has it.
    #[must_use]
    pub fn from_ymd(year: i32, month: u8, day: u8) -> Option<Day> {
        civil::day_number(year, month, day).map(Day)
    }

    /// The day that is `number` days after 1970-01-01, if it is in the years 0001 to 9999.
    #[must_use]
    pub fn from_number(number: i64) -> Option<Day> {
        let day = Day(i32::try_from(number).ok()?);
        (Day::MIN..=Day::MAX).contains(&day).then_some(day)
    }

    /// Days since 1970-01-01.
    #[must_use]
    pub fn number(self) -> i32 {
        self.0
    }

    /// Year, month (1 to 12) and day of the month.
    #[must_use]
    pub fn year_month_day(self) -> (i32, u8, u8) {
        // A `Day` is within the calendar's range by construction.
        civil::year_month_day(self.0).unwrap_or((1, 1, 1))
    }

    /// The year, 1 to 9999.
    #[must_use]
    pub fn year(self) -> i32 {
        self.year_month_day().0
    }

    /// The month, 1 to 12.
    #[must_use]
    pub fn month(self) -> u8 {
        self.year_month_day().1
    }

    /// The day of the month, 1 to 31.
    #[must_use]
    pub fn day_of_month(self) -> u8 {
        self.year_month_day().2
    }

    /// The first day of this day's month.
    #[must_use]
    pub fn first_of_month(self) -> Day {
        let (year, month, _) = self.year_month_day();
        Day::from_ymd(year, month, 1).unwrap_or(self)
    }

    /// The last day of this day's month.
    #[must_use]
    pub fn last_of_month(self) -> Day {
        let (year, month, _) = self.year_month_day();
        civil::days_in_month(year, month)
            .and_then(|last| Day::from_ymd(year, month, last))
            .unwrap_or(self)
    }

    /// The day `days` civil days later (earlier if negative); `None` outside the years 0001 to 9999.
    #[must_use]
    pub fn add_days(self, days: impl Into<i64>) -> Option<Day> {
        Day::from_number(i64::from(self.0).checked_add(days.into())?)
    }

    /// Civil days from this day until `other`; negative if `other` is earlier.
    #[must_use]
    pub fn days_until(self, other: Day) -> i64 {
        i64::from(other.0) - i64::from(self.0)
    }

    /// The same day of the month `months` later (earlier if negative), and whether the target month
    /// was too short and `rule` had to choose; `None` outside the years 0001 to 9999.
    #[must_use]
    pub fn add_months(self, months: impl Into<i64>, rule: MonthEnd) -> Option<(Day, bool)> {
        let (year, month, day) = self.year_month_day();
        let index = i64::from(year)
            .checked_mul(12)?
            .checked_add(i64::from(month) - 1)?
            .checked_add(months.into())?;
        let target_year = i32::try_from(index.div_euclid(12)).ok()?;
        let target_month = u8::try_from(index.rem_euclid(12) + 1).ok()?;
        let last = civil::days_in_month(target_year, target_month)?;
        if day <= last {
            return Day::from_ymd(target_year, target_month, day).map(|found| (found, false));
        }
        let clamped = Day::from_ymd(target_year, target_month, last)?;
        match rule {
            MonthEnd::LastDay => Some((clamped, true)),
            MonthEnd::NextFirst => clamped.add_days(1).map(|found| (found, true)),
        }
    }

    /// Completed calendar years from this day until `other`: the age of a person born this day.
    ///
    /// The anniversary of 29 February is 1 March in common years. Negative if `other` is earlier.
    #[must_use]
    pub fn completed_years_until(self, other: Day) -> i64 {
        let (year, month, day) = self.year_month_day();
        let (other_year, other_month, other_day) = other.year_month_day();
        let before_anniversary = (other_month, other_day) < (month, day);
        i64::from(other_year) - i64::from(year) - i64::from(before_anniversary)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.year_month_day();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl std::str::FromStr for Day {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Day, TimeError> {
        Day::parse(text)
    }
}
