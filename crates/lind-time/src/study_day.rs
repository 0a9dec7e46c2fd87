//! Study days: the two ways protocols count days from an anchor.

use crate::day::Day;
use crate::error::TimeError;
use crate::offset::Offset;
use crate::window::Window;

/// How study days are numbered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StudyDays {
    /// The anchor is day 1 and the day before it day -1; there is no day 0 (CDISC, SDTM `--DY`).
    FromOne,
    /// The anchor is day 0.
    FromZero,
}

impl StudyDays {
    /// The study day of a date.
    #[must_use]
    pub fn number(self, anchor: Day, day: Day) -> i64 {
        let days = anchor.days_until(day);
        match self {
            StudyDays::FromOne if days >= 0 => days + 1,
            StudyDays::FromOne | StudyDays::FromZero => days,
        }
    }

    /// How far a study day lies from the anchor.
    ///
    /// # Errors
    /// Day 0 where days are counted from 1.
    pub fn offset(self, number: i64) -> Result<Offset, TimeError> {
        self.days_from_anchor(number)
            .map(|days| Offset::Days { days })
    }

    fn days_from_anchor(self, number: i64) -> Result<i64, TimeError> {
        match self {
            StudyDays::FromOne if number == 0 => Err(TimeError::NoStudyDayZero),
            StudyDays::FromOne if number > 0 => Ok(number - 1),
            StudyDays::FromOne | StudyDays::FromZero => Ok(number),
        }
    }

    /// The date of a study day.
    ///
    /// # Errors
    /// Day 0 where days are counted from 1, or a date outside the years 0001 to 9999.
    pub fn date(self, anchor: Day, number: i64) -> Result<Day, TimeError> {
        anchor
            .add_days(self.days_from_anchor(number)?)
            .ok_or(TimeError::OutOfRange { at: 0..0 })
    }

    /// `day 28 +/- 3 days`: the window from 3 days before to 3 days after that study day.
    ///
    /// # Errors
    /// Day 0 where days are counted from 1, or a tolerance that is no number of days.
    pub fn window(self, number: i64, tolerance: Offset) -> Result<Window, TimeError> {
        let offset = self.offset(number)?;
        Window::around(offset, tolerance).ok_or(TimeError::TooCoarse {
            precision: crate::Precision::Day,
            offset: tolerance,
        })
    }

    /// How many civil days the study days `first` to `last` are, both included: under counting from
    /// 1, day -1 to day 1 is 2 days. Zero or negative if they are in the wrong order.
    ///
    /// # Errors
    /// Day 0 where days are counted from 1.
    pub fn count(self, first: i64, last: i64) -> Result<i64, TimeError> {
        let (from, to) = (self.days_from_anchor(first)?, self.days_from_anchor(last)?);
        Ok(to.saturating_sub(from).saturating_add(1))
    }
}
