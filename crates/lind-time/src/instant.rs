//! Civil seconds.

use std::fmt;

use crate::day::Day;

pub(crate) const SECONDS_PER_DAY: i64 = 86_400;

/// A civil second: seconds since 1970-01-01T00:00:00 in the site's own time, without time zones or
/// leap seconds. From 0001-01-01T00:00:00 to 10000-01-01T00:00:00, the exclusive end of the year 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(i64);

impl Instant {
    /// 0001-01-01T00:00:00.
    pub const MIN: Instant = Instant(crate::civil::FIRST_DAY as i64 * SECONDS_PER_DAY);
    /// 10000-01-01T00:00:00: no second of any day, only the exclusive end of the last one.
    pub const END: Instant = Instant((crate::civil::LAST_DAY as i64 + 1) * SECONDS_PER_DAY);

    /// The instant `seconds` after 1970-01-01T00:00:00; `None` outside the years 0001 to 9999.
    #[must_use]
    pub fn from_seconds(seconds: i64) -> Option<Instant> {
        let instant = Instant(seconds);
        (Instant::MIN..=Instant::END)
            .contains(&instant)
            .then_some(instant)
    }

    /// The nearest instant in range.
    pub(crate) fn saturating_from_seconds(seconds: i64) -> Instant {
        Instant(seconds).clamp(Instant::MIN, Instant::END)
    }

    /// Midnight at the start of the day.
    #[must_use]
    pub fn start_of(day: Day) -> Instant {
        Instant(i64::from(day.number()) * SECONDS_PER_DAY)
    }

    /// Midnight at the end of the day, which is the start of the next.
    #[must_use]
    pub fn end_of(day: Day) -> Instant {
        Instant((i64::from(day.number()) + 1) * SECONDS_PER_DAY)
    }

    /// Seconds since 1970-01-01T00:00:00.
    #[must_use]
    pub fn seconds(self) -> i64 {
        self.0
    }

    /// The day this second belongs to. [`Instant::END`] belongs to none and answers the last day.
    #[must_use]
    pub fn day(self) -> Day {
        Day::from_number(self.0.div_euclid(SECONDS_PER_DAY)).unwrap_or(Day::MAX)
    }

    /// Seconds since midnight, 0 to 86 399.
    #[must_use]
    pub fn second_of_day(self) -> i64 {
        self.0.rem_euclid(SECONDS_PER_DAY)
    }

    /// The instant `seconds` later (earlier if negative); `None` outside the years 0001 to 9999.
    #[must_use]
    pub fn checked_add_seconds(self, seconds: i64) -> Option<Instant> {
        Instant::from_seconds(self.0.checked_add(seconds)?)
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Instant::END {
            return f.write_str("10000-01-01T00:00:00");
        }
        let second = self.second_of_day();
        write!(
            f,
            "{}T{:02}:{:02}:{:02}",
            self.day(),
            second / 3600,
            second / 60 % 60,
            second % 60
        )
    }
}
