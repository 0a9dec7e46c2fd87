//! Lengths of time in three classes that never convert into each other.

use std::fmt;

use crate::civil;

/// A signed length of time, in the class it was written in.
///
/// Hours are elapsed time, days are steps on the calendar, months are steps whose length in days
/// depends on where they start. There is no comparison between classes on purpose: "6 months" is
/// 181 to 184 days, never 180.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Offset {
    /// Seconds, minutes and hours.
    Clock {
        /// Its length in seconds.
        seconds: i64,
    },
    /// Days and weeks.
    Days {
        /// Its length in civil days.
        days: i64,
    },
    /// Months and years.
    Calendar {
        /// Its length in calendar months.
        months: i64,
    },
}

/// The class of an [`Offset`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OffsetClass {
    /// Elapsed time: seconds, minutes, hours.
    Clock,
    /// Civil days: days, weeks.
    Day,
    /// Calendar steps: months, years.
    Calendar,
}

/// A unit word of an offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OffsetUnit {
    /// 1 second.
    Seconds,
    /// 60 seconds.
    Minutes,
    /// 3600 seconds.
    Hours,
    /// 1 civil day.
    Days,
    /// 7 civil days.
    Weeks,
    /// 1 calendar month.
    Months,
    /// 12 calendar months.
    Years,
}

impl OffsetUnit {
    /// The class the unit belongs to.
    #[must_use]
    pub fn class(self) -> OffsetClass {
        match self {
            OffsetUnit::Seconds | OffsetUnit::Minutes | OffsetUnit::Hours => OffsetClass::Clock,
            OffsetUnit::Days | OffsetUnit::Weeks => OffsetClass::Day,
            OffsetUnit::Months | OffsetUnit::Years => OffsetClass::Calendar,
        }
    }

    /// `count` of this unit; `None` if that is beyond any calendar.
    #[must_use]
    pub fn times(self, count: i64) -> Option<Offset> {
        let scaled = |factor: i64| count.checked_mul(factor);
        Some(match self {
            OffsetUnit::Seconds => Offset::Clock { seconds: count },
            OffsetUnit::Minutes => Offset::Clock {
                seconds: scaled(60)?,
            },
            OffsetUnit::Hours => Offset::Clock {
                seconds: scaled(3600)?,
            },
            OffsetUnit::Days => Offset::Days { days: count },
            OffsetUnit::Weeks => Offset::Days { days: scaled(7)? },
            OffsetUnit::Months => Offset::Calendar { months: count },
            OffsetUnit::Years => Offset::Calendar {
                months: scaled(12)?,
            },
        })
    }
}

impl Offset {
    /// Hours of elapsed time.
    #[must_use]
    pub fn hours(hours: i32) -> Offset {
        Offset::Clock {
            seconds: i64::from(hours) * 3600,
        }
    }

    /// Minutes of elapsed time.
    #[must_use]
    pub fn minutes(minutes: i32) -> Offset {
        Offset::Clock {
            seconds: i64::from(minutes) * 60,
        }
    }

    /// Civil days.
    #[must_use]
    pub fn days(days: i32) -> Offset {
        Offset::Days {
            days: i64::from(days),
        }
    }

    /// Weeks of 7 civil days.
    #[must_use]
    pub fn weeks(weeks: i32) -> Offset {
        Offset::Days {
            days: i64::from(weeks) * 7,
        }
    }

    /// Calendar months.
    #[must_use]
    pub fn months(months: i32) -> Offset {
        Offset::Calendar {
            months: i64::from(months),
        }
    }

    /// Calendar years of 12 months.
    #[must_use]
    pub fn years(years: i32) -> Offset {
        Offset::Calendar {
            months: i64::from(years) * 12,
        }
    }

    /// Which of the three classes it is.
    #[must_use]
    pub fn class(self) -> OffsetClass {
        match self {
            Offset::Clock { .. } => OffsetClass::Clock,
            Offset::Days { .. } => OffsetClass::Day,
            Offset::Calendar { .. } => OffsetClass::Calendar,
        }
    }

    /// The unit a word or an abbreviation of a protocol names: `hours`, `h`, `min`, `d`, `wk`, `mo` …
    /// UCUM's `m` (metre) and a bare `M` name none.
    #[must_use]
    pub fn parse_unit(word: &str) -> Option<OffsetUnit> {
        Some(match word {
            "second" | "seconds" | "sec" | "secs" | "s" => OffsetUnit::Seconds,
            "minute" | "minutes" | "min" | "mins" => OffsetUnit::Minutes,
            "hour" | "hours" | "h" | "hr" | "hrs" => OffsetUnit::Hours,
            "day" | "days" | "d" => OffsetUnit::Days,
            "week" | "weeks" | "wk" | "wks" => OffsetUnit::Weeks,
            "month" | "months" | "mo" => OffsetUnit::Months,
            "year" | "years" | "yr" | "yrs" | "a" => OffsetUnit::Years,
            _ => return None,
        })
    }

    /// The same length in the other direction.
    #[must_use]
    pub fn negate(self) -> Offset {
        self.map(i64::saturating_neg)
    }

    /// The length without its direction.
    #[must_use]
    pub fn magnitude(self) -> Offset {
        self.map(i64::saturating_abs)
    }

    /// Nothing, in the same class.
    #[must_use]
    pub fn zero(self) -> Offset {
        self.map(|_| 0)
    }

    /// Whether it is no time at all.
    #[must_use]
    pub fn is_zero(self) -> bool {
        self.count() == 0
    }

    /// Whether it points backwards.
    #[must_use]
    pub fn is_negative(self) -> bool {
        self.count() < 0
    }

    /// Whether it points forwards.
    #[must_use]
    pub fn is_positive(self) -> bool {
        self.count() > 0
    }

    /// The sum of two offsets of the same class; `None` if the classes differ or it overflows.
    #[must_use]
    pub fn checked_add(self, other: Offset) -> Option<Offset> {
        if self.class() != other.class() {
            return None;
        }
        let sum = self.count().checked_add(other.count())?;
        Some(self.map(|_| sum))
    }

    /// The offset `factor` times; `None` if it overflows.
    #[must_use]
    pub fn checked_mul(self, factor: i64) -> Option<Offset> {
        let product = self.count().checked_mul(factor)?;
        Some(self.map(|_| product))
    }

    /// The order of two offsets of the same class; `None` if the classes differ.
    #[must_use]
    pub fn compare(self, other: Offset) -> Option<std::cmp::Ordering> {
        (self.class() == other.class()).then(|| self.count().cmp(&other.count()))
    }

    /// Seconds, days or months, by class.
    fn count(self) -> i64 {
        match self {
            Offset::Clock { seconds } => seconds,
            Offset::Days { days } => days,
            Offset::Calendar { months } => months,
        }
    }

    fn map(self, change: impl Fn(i64) -> i64) -> Offset {
        match self {
            Offset::Clock { seconds } => Offset::Clock {
                seconds: change(seconds),
            },
            Offset::Days { days } => Offset::Days { days: change(days) },
            Offset::Calendar { months } => Offset::Calendar {
                months: change(months),
            },
        }
    }

    /// The smallest and the largest number of civil days between a time and that time plus this offset.
    ///
    /// Exact over the whole calendar: for months, over every day of the 400-year cycle, with the
    /// month-end rule either way (1 month: 28 to 31; 6 months: 181 to 184; 12 months: 365 to 366).
    #[must_use]
    pub fn day_bounds(self) -> (i64, i64) {
        match self {
            Offset::Clock { seconds } => {
                let whole = seconds.div_euclid(86_400);
                let part = seconds.rem_euclid(86_400);
                (whole, if part == 0 { whole } else { whole + 1 })
            }
            Offset::Days { days } => (days, days),
            Offset::Calendar { months } => calendar_day_bounds(months),
        }
    }
}

/// The Gregorian calendar repeats after this many months and days.
const CYCLE_MONTHS: i64 = 4800;
const CYCLE_DAYS: i64 = 146_097;

fn calendar_day_bounds(months: i64) -> (i64, i64) {
    let cycles = months.div_euclid(CYCLE_MONTHS);
    let rest = usize::try_from(months.rem_euclid(CYCLE_MONTHS)).unwrap_or(0);
    let lengths = lengths_of_cycle();
    // Days from the first of a month to the first of the month `rest` later, moved along the cycle.
    // A day that goes back to the last of a shorter month is as far from it as the first of the
    // next month is from its own; one that goes on to the next first lies between these.
    let mut between_firsts: i64 = lengths.iter().take(rest).sum();
    let (mut low, mut high) = (between_firsts, between_firsts);
    for (length, target) in lengths.iter().zip(lengths.iter().cycle().skip(rest)) {
        between_firsts += target - length;
        low = low.min(between_firsts);
        high = high.max(between_firsts);
    }
    let whole = cycles.saturating_mul(CYCLE_DAYS);
    (whole.saturating_add(low), whole.saturating_add(high))
}

/// Days in each month of the cycle, from January 2000.
fn lengths_of_cycle() -> Vec<i64> {
    (2000..2400)
        .flat_map(|year| (1..=12).filter_map(move |month| civil::days_in_month(year, month)))
        .map(i64::from)
        .collect()
}

impl fmt::Display for Offset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (count, unit) = match *self {
            Offset::Clock { seconds } if seconds % 3600 == 0 => (seconds / 3600, "hour"),
            Offset::Clock { seconds } if seconds % 60 == 0 => (seconds / 60, "minute"),
            Offset::Clock { seconds } => (seconds, "second"),
            Offset::Days { days } => (days, "day"),
            Offset::Calendar { months } if months % 12 == 0 && months != 0 => (months / 12, "year"),
            Offset::Calendar { months } => (months, "month"),
        };
        let plural = if count.unsigned_abs() == 1 { "" } else { "s" };
        write!(f, "{count} {unit}{plural}")
    }
}
