//! A civil time as it was written: an interval of instants.

use std::fmt;

use crate::day::{Day, MonthEnd};
use crate::error::TimeError;
use crate::instant::{Instant, SECONDS_PER_DAY};
use crate::offset::Offset;
use crate::parse;
use crate::tri::Tri;

/// How exactly a time is known. Coarser is less than finer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Precision {
    /// `2024`
    Year,
    /// `2024-05`
    Month,
    /// `2024-05-09`
    Day,
    /// `2024-05-09T08`
    Hour,
    /// `2024-05-09T08:30`
    Minute,
    /// `2024-05-09T08:30:15`
    Second,
}

impl fmt::Display for Precision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Precision::Year => "year",
            Precision::Month => "month",
            Precision::Day => "day",
            Precision::Hour => "hour",
            Precision::Minute => "minute",
            Precision::Second => "second",
        })
    }
}

/// A civil time of known precision: the half-open interval `[start, end)` of one calendar unit.
///
/// `2024-05` is "some second of May 2024". Comparisons take each time as any second of its
/// interval, independently of the other, and answer [`Tri::Maybe`] when that leaves both open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct When {
    start: Instant,
    end: Instant,
    precision: Precision,
}

impl When {
    /// Reads a time as written: `2024`, `2024-05`, `2024-05-09`, `2024-05-09T08`, `…T08:30`,
    /// `…T08:30:15`. A fraction of a second is dropped.
    ///
    /// # Errors
    /// Everything else, with a sentence that says what to write. A zone offset is refused here.
    pub fn parse(text: &str) -> Result<When, TimeError> {
        parse::civil_time(text)
    }

    /// Reads a time of the data: one as for [`When::parse`], or two with a slash between them for some
    /// time from the one to the other (`2024-05-09/2024-05-11`, `2024-05-09/`, `/2024-05-11`). It may
    /// carry a zone offset (`Z`, `+08:00`), and turns it into the
    /// civil time of a site whose clocks are `site_offset_minutes` ahead of UTC. A space may stand for
    /// the `T`, as databases write it.
    ///
    /// The second value is true if an offset was seen but the site's is unknown: then the time is
    /// returned as written and the caller should say so.
    ///
    /// # Errors
    /// As [`When::parse`], or the shifted time does not fit its precision or the calendar.
    pub fn parse_at_site(
        text: &str,
        site_offset_minutes: Option<i32>,
    ) -> Result<(When, bool), TimeError> {
        parse::civil_time_at_site(text, site_offset_minutes)
    }

    /// The whole day.
    #[must_use]
    pub fn from_day(day: Day) -> When {
        When {
            start: Instant::start_of(day),
            end: Instant::end_of(day),
            precision: Precision::Day,
        }
    }

    /// The calendar unit of this precision that holds the instant.
    #[must_use]
    pub fn from_instant(instant: Instant, precision: Precision) -> When {
        // `Instant::END` is a second of no day; the last second stands in for it.
        let second = instant.seconds().min(Instant::END.seconds() - 1);
        let day = || Instant::saturating_from_seconds(second).day();
        let within_day = |length: i64| {
            let start = second - second.rem_euclid(length);
            When {
                start: Instant::saturating_from_seconds(start),
                end: Instant::saturating_from_seconds(start + length),
                precision,
            }
        };
        let days = |first: Day, last: Day| When {
            start: Instant::start_of(first),
            end: Instant::end_of(last),
            precision,
        };
        match precision {
            Precision::Year => {
                let day = day();
                let year = day.year();
                days(
                    Day::from_ymd(year, 1, 1).unwrap_or(day),
                    Day::from_ymd(year, 12, 31).unwrap_or(day),
                )
            }
            Precision::Month => days(day().first_of_month(), day().last_of_month()),
            Precision::Day => When::from_day(day()),
            Precision::Hour => within_day(3600),
            Precision::Minute => within_day(60),
            Precision::Second => within_day(1),
        }
    }

    /// Whether it is a span of time other than one calendar unit: some time between two others.
    #[must_use]
    pub fn is_span(&self) -> bool {
        let unit = When::from_instant(self.start, self.precision);
        (unit.start, unit.end) != (self.start, self.end)
    }

    /// The first time it can be, as far as it is bounded; to the day, or to the second.
    #[must_use]
    pub fn earliest(&self) -> Option<When> {
        let precision = self.precision_of_bounds();
        (self.start > Instant::MIN).then(|| When::from_instant(self.start, precision))
    }

    /// The last time it can be, as far as it is bounded; to the day, or to the second.
    #[must_use]
    pub fn latest(&self) -> Option<When> {
        let last = Instant::saturating_from_seconds(self.end.seconds() - 1);
        let precision = self.precision_of_bounds();
        (self.end < Instant::END).then(|| When::from_instant(last, precision))
    }

    fn precision_of_bounds(&self) -> Precision {
        let at_midnight = |instant: Instant| instant.second_of_day() == 0;
        if at_midnight(self.start) && (self.end == Instant::END || at_midnight(self.end)) {
            Precision::Day
        } else {
            Precision::Second
        }
    }

    /// Some time from the second `first` to the second `last`, both included, counted as
    /// [`Instant::seconds`] counts them. It is as precise as the unit in which both lie, and prints as
    /// `2024-05-09/2024-05-11`. None if they are out of order or out of the calendar.
    #[must_use]
    pub fn spanning(first: i64, last: i64) -> Option<When> {
        let start = Instant::from_seconds(first)?;
        let end = Instant::from_seconds(last.checked_add(1)?)?;
        if first > last {
            return None;
        }
        let precision = [
            Precision::Second,
            Precision::Minute,
            Precision::Hour,
            Precision::Day,
            Precision::Month,
        ]
        .into_iter()
        .find(|precision| {
            let unit = When::from_instant(start, *precision);
            end <= unit.end
        })
        .unwrap_or(Precision::Year);
        Some(When {
            start,
            end,
            precision,
        })
    }

    /// The first instant it can be.
    #[must_use]
    pub fn start(&self) -> Instant {
        self.start
    }

    /// The first instant after it (exclusive end).
    #[must_use]
    pub fn end(&self) -> Instant {
        self.end
    }

    /// How exactly it is known.
    #[must_use]
    pub fn precision(&self) -> Precision {
        self.precision
    }

    /// The first day it can be.
    #[must_use]
    pub fn first_day(&self) -> Day {
        self.start.day()
    }

    /// The last day it can be.
    #[must_use]
    pub fn last_day(&self) -> Day {
        Instant::saturating_from_seconds(self.end.seconds() - 1).day()
    }

    /// Whether the day is known, with or without a time of day.
    #[must_use]
    pub fn is_exact_day(&self) -> bool {
        self.precision >= Precision::Day
    }

    /// The same time known only to `precision`; itself if that is finer than what is known.
    #[must_use]
    pub fn widened_to(&self, precision: Precision) -> When {
        if precision >= self.precision {
            *self
        } else {
            When::from_instant(self.start, precision)
        }
    }

    /// Whether it is earlier than `other`.
    #[must_use]
    pub fn before(&self, other: &When) -> Tri {
        self.before_at(other, Precision::Second)
    }

    /// Whether it is earlier than `other` or the same second.
    #[must_use]
    pub fn at_or_before(&self, other: &When) -> Tri {
        other.before(self).negate()
    }

    /// Whether it is later than `other`.
    #[must_use]
    pub fn after(&self, other: &When) -> Tri {
        other.before(self)
    }

    /// Whether it is later than `other` or the same second.
    #[must_use]
    pub fn at_or_after(&self, other: &When) -> Tri {
        self.before(other).negate()
    }

    /// Whether it is the same second as `other`.
    #[must_use]
    pub fn same(&self, other: &When) -> Tri {
        self.same_at(other, Precision::Second)
    }

    /// Whether its year, month, day … (`unit`) is earlier than that of `other`.
    ///
    /// Two dates without a time of day are decided at [`Precision::Day`], but not by [`When::before`].
    #[must_use]
    pub fn before_at(&self, other: &When, unit: Precision) -> Tri {
        let (first, last) = self.units(unit);
        let (other_first, other_last) = other.units(unit);
        Tri::from_extremes(last < other_first, first >= other_last)
    }

    /// Whether its year, month, day … (`unit`) is that of `other` or earlier.
    #[must_use]
    pub fn at_or_before_at(&self, other: &When, unit: Precision) -> Tri {
        other.before_at(self, unit).negate()
    }

    /// Whether it falls in the same year, month, day … (`unit`) as `other`.
    #[must_use]
    pub fn same_at(&self, other: &When, unit: Precision) -> Tri {
        let (first, last) = self.units(unit);
        let (other_first, other_last) = other.units(unit);
        Tri::from_extremes(
            first == last && other_first == other_last && first == other_first,
            last < other_first || other_last < first,
        )
    }

    /// The numbers of the first and the last unit it can fall in: years, months since year 0,
    /// and days, hours, minutes or seconds since 1970.
    pub(crate) fn units(&self, unit: Precision) -> (i64, i64) {
        let first = self.start.seconds();
        let last = self.end.seconds() - 1;
        let by_length = |length: i64| (first.div_euclid(length), last.div_euclid(length));
        let month = |day: Day| i64::from(day.year()) * 12 + i64::from(day.month()) - 1;
        match unit {
            Precision::Year => (
                i64::from(self.first_day().year()),
                i64::from(self.last_day().year()),
            ),
            Precision::Month => (month(self.first_day()), month(self.last_day())),
            Precision::Day => by_length(SECONDS_PER_DAY),
            Precision::Hour => by_length(3600),
            Precision::Minute => by_length(60),
            Precision::Second => (first, last),
        }
    }

    /// The time `offset` later (earlier if negative) at the same precision.
    ///
    /// # Errors
    /// The time is not known finely enough for the offset (hours on a date without a time of day,
    /// days on a month): nothing is truncated. Or the result leaves the years 0001 to 9999.
    pub fn checked_add(&self, offset: Offset, rule: MonthEnd) -> Result<When, TimeError> {
        let too_coarse = || TimeError::TooCoarse {
            precision: self.precision,
            offset,
        };
        let shifted = match offset {
            Offset::Clock { seconds } => {
                let unit = match self.precision {
                    Precision::Hour => 3600,
                    Precision::Minute => 60,
                    Precision::Second => 1,
                    _ => return Err(too_coarse()),
                };
                if seconds.rem_euclid(unit) != 0 {
                    return Err(too_coarse());
                }
                self.start.checked_add_seconds(seconds)
            }
            Offset::Days { days } => {
                if self.precision < Precision::Day {
                    return Err(too_coarse());
                }
                self.first_day()
                    .add_days(days)
                    .map(|day| self.at_same_time_of(day))
            }
            Offset::Calendar { months } => {
                if self.precision == Precision::Year && months.rem_euclid(12) != 0 {
                    return Err(too_coarse());
                }
                self.first_day()
                    .add_months(months, rule)
                    .map(|(day, _)| self.at_same_time_of(day))
            }
        };
        match shifted {
            Some(instant) if instant < Instant::END => {
                Ok(When::from_instant(instant, self.precision))
            }
            _ => Err(TimeError::OutOfRange { at: 0..0 }),
        }
    }

    fn at_same_time_of(&self, day: Day) -> Instant {
        let midnight = Instant::start_of(day).seconds();
        Instant::saturating_from_seconds(midnight + self.start.second_of_day())
    }
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_span() {
            let side = |side: Option<When>| side.map_or_else(String::new, |side| side.to_string());
            return write!(f, "{}/{}", side(self.earliest()), side(self.latest()));
        }
        let (year, month, _) = self.first_day().year_month_day();
        let second = self.start.second_of_day();
        let (hour, minute) = (second / 3600, second / 60 % 60);
        match self.precision {
            Precision::Year => write!(f, "{year:04}"),
            Precision::Month => write!(f, "{year:04}-{month:02}"),
            Precision::Day => write!(f, "{}", self.first_day()),
            Precision::Hour => write!(f, "{}T{hour:02}", self.first_day()),
            Precision::Minute => write!(f, "{}T{hour:02}:{minute:02}", self.first_day()),
            Precision::Second => write!(f, "{}", self.start),
        }
    }
}

impl std::str::FromStr for When {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<When, TimeError> {
        When::parse(text)
    }
}
