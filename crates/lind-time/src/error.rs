//! What can be wrong with a time, as sentences for the person who wrote it.

use std::fmt;
use std::ops::Range;

use crate::civil::month_name;
use crate::offset::Offset;
use crate::when::Precision;

/// Why a text is no time, or a time cannot be computed.
///
/// `at` is a byte range of the text that was read, on character boundaries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TimeError {
    /// Nothing was written.
    Empty,
    /// The text is longer than any time can be.
    TooLong {
        /// Bytes of the text.
        length: usize,
    },
    /// The text has no form of a date at all.
    NotADate {
        /// The whole text.
        at: Range<usize>,
    },
    /// A complete date was needed and the text is coarser or carries a time of day.
    NotAnExactDay {
        /// The whole text.
        at: Range<usize>,
    },
    /// `24-05-09`.
    TwoDigitYear {
        /// The year.
        at: Range<usize>,
    },
    /// `2024-5-9`: a month, day, hour, minute or second that is not two digits.
    NotTwoDigits {
        /// The number.
        at: Range<usize>,
        /// The text that was probably meant, when it is a time.
        suggestion: Option<String>,
    },
    /// `31/12/2024`, `31.12.2024`, `2024/12/31`, `20241231`: a date in another notation.
    OtherNotation {
        /// The date.
        at: Range<usize>,
        /// The dates that can be meant; two if day and month can be swapped.
        suggestions: Vec<String>,
    },
    /// The month is not 1 to 12.
    NoSuchMonth {
        /// The month.
        at: Range<usize>,
        /// Its number.
        month: u8,
    },
    /// The month has no such day.
    NoSuchDay {
        /// The date.
        at: Range<usize>,
        /// The year.
        year: i32,
        /// The month, 1 to 12.
        month: u8,
        /// The day that does not exist.
        day: u8,
        /// How many days the month has.
        days_in_month: u8,
    },
    /// The hour is not 0 to 23.
    NoSuchHour {
        /// The hour.
        at: Range<usize>,
        /// Its number.
        hour: u8,
    },
    /// The minute is not 0 to 59.
    NoSuchMinute {
        /// The minute.
        at: Range<usize>,
        /// Its number.
        minute: u8,
    },
    /// The second is not 0 to 59.
    NoSuchSecond {
        /// The second.
        at: Range<usize>,
        /// Its number.
        second: u8,
    },
    /// A number is missing, or a word stands in its place: `2024-05-`, `2024-UNK-09`.
    MissingPart {
        /// From the sign before it to the end.
        at: Range<usize>,
        /// What is known before it, when that is a time.
        known: Option<String>,
    },
    /// Date and time of day are not joined by `T`.
    MissingT {
        /// What stands in its place.
        at: Range<usize>,
    },
    /// Something stands after the time.
    TrailingText {
        /// What stands there.
        at: Range<usize>,
    },
    /// A zone offset where only civil time is allowed.
    OffsetNotAllowed {
        /// The offset.
        at: Range<usize>,
    },
    /// A zone offset on a time without an hour.
    OffsetWithoutTime {
        /// The offset.
        at: Range<usize>,
    },
    /// A zone offset that is no offset, or beyond 14 hours.
    BadOffset {
        /// The offset.
        at: Range<usize>,
    },
    /// An hour without minutes, shifted by an offset that is no whole number of hours.
    OffsetNeedsMinutes {
        /// The offset.
        at: Range<usize>,
    },
    /// The time is outside the years 0001 to 9999.
    OutOfRange {
        /// The year, or the empty range if the time was computed.
        at: Range<usize>,
    },
    /// Some time between two times, of which the second is the earlier one.
    SpanBackwards {
        /// The whole text.
        at: Range<usize>,
    },
    /// An offset finer than the time it is added to: hours to a date, days to a month.
    TooCoarse {
        /// How exactly the time is known.
        precision: Precision,
        /// What was to be added.
        offset: Offset,
    },
    /// Study day 0 where days are counted from 1.
    NoStudyDayZero,
}

impl TimeError {
    /// What is wrong and what to write, in one or two sentences.
    #[must_use]
    pub fn message(&self) -> String {
        match self {
            TimeError::Empty => "a date is missing here; write it as 2024-05-09".to_owned(),
            TimeError::TooLong { length } => {
                format!("this is too long for a date ({length} bytes); write it as 2024-05-09")
            }
            TimeError::NotADate { .. } => {
                "this is not a date; write it as 2024-05-09, with a time as 2024-05-09T08:30, \
                 or as 2024-05 or 2024 if no more is known"
                    .to_owned()
            }
            TimeError::NotAnExactDay { .. } => {
                "a complete date without a time of day is needed here, such as 2024-05-09"
                    .to_owned()
            }
            TimeError::TwoDigitYear { .. } => {
                "the year needs four digits, as in 2024-05-09; two digits do not say the century"
                    .to_owned()
            }
            TimeError::NotTwoDigits { suggestion, .. } => match suggestion {
                Some(text) => {
                    format!("months, days and times of day have two digits; write {text}")
                }
                None => "months, days and times of day have two digits, as in 2024-05-09T08:30"
                    .to_owned(),
            },
            TimeError::OtherNotation { suggestions, .. } => match suggestions.as_slice() {
                [] => "dates are written year first, as in 2024-05-09".to_owned(),
                [one] => format!("dates are written year first; write {one}"),
                [first, second, ..] => format!(
                    "dates are written year first; this can be {first} or {second}, \
                     so write the one that is meant"
                ),
            },
            TimeError::NoSuchMonth { month, .. } => {
                format!("month {month:02} does not exist: months are 01 to 12")
            }
            TimeError::NoSuchDay {
                year,
                month,
                day,
                days_in_month,
                ..
            } => format!(
                "{year:04}-{month:02}-{day:02} is not a day: {} {year:04} has {days_in_month} days",
                month_name(*month)
            ),
            TimeError::NoSuchHour { hour: 24, .. } => {
                "hour 24 does not exist: hours are 00 to 23; midnight at the end of a day is 00:00 \
                 of the next day"
                    .to_owned()
            }
            TimeError::NoSuchHour { hour, .. } => {
                format!("hour {hour:02} does not exist: hours are 00 to 23")
            }
            TimeError::NoSuchMinute { minute, .. } => {
                format!("minute {minute:02} does not exist: minutes are 00 to 59")
            }
            TimeError::NoSuchSecond { second, .. } => {
                format!("second {second:02} does not exist: seconds are 00 to 59")
            }
            TimeError::MissingPart { known, .. } => match known {
                Some(text) => {
                    format!("a number is missing here; if no more is known, write {text}")
                }
                None => "a number is missing here; write dates as 2024-05-09".to_owned(),
            },
            TimeError::MissingT { .. } => {
                "a date and its time of day are joined by T, as in 2024-05-09T08:30".to_owned()
            }
            TimeError::TrailingText { .. } => {
                "the date ends before this; write it as 2024-05-09 or 2024-05-09T08:30".to_owned()
            }
            TimeError::OffsetNotAllowed { .. } => {
                "times here are the site's own; leave the offset from UTC out".to_owned()
            }
            TimeError::OffsetWithoutTime { .. } => {
                "an offset from UTC needs a time of day before it, as in 2024-05-09T08:30+08:00"
                    .to_owned()
            }
            TimeError::BadOffset { .. } => {
                "an offset from UTC is Z or hours and minutes such as +08:00, at most 14:00"
                    .to_owned()
            }
            TimeError::OffsetNeedsMinutes { .. } => {
                "this offset shifts the hour by a part of an hour; give the minutes of the time"
                    .to_owned()
            }
            TimeError::OutOfRange { .. } => "this is outside the years 0001 to 9999".to_owned(),
            TimeError::SpanBackwards { .. } => {
                "of two times with a slash between them the earlier one comes first".to_owned()
            }
            TimeError::TooCoarse { precision, offset } => {
                let length = offset.magnitude();
                let verb = if offset.is_negative() {
                    "taken from"
                } else {
                    "added to"
                };
                format!(
                    "{length} cannot be {verb} a time known only to the {precision}: nothing is \
                     rounded or cut off"
                )
            }
            TimeError::NoStudyDayZero => {
                "there is no day 0 where study days are counted from 1: day -1 is followed by day 1"
                    .to_owned()
            }
        }
    }

    /// The bytes of the text that are wrong; the empty range at 0 if the error is about no text.
    #[must_use]
    pub fn at(&self) -> Range<usize> {
        match self {
            TimeError::Empty | TimeError::TooCoarse { .. } | TimeError::NoStudyDayZero => 0..0,
            TimeError::TooLong { length } => 0..*length,
            TimeError::NotADate { at }
            | TimeError::NotAnExactDay { at }
            | TimeError::TwoDigitYear { at }
            | TimeError::NotTwoDigits { at, .. }
            | TimeError::OtherNotation { at, .. }
            | TimeError::NoSuchMonth { at, .. }
            | TimeError::NoSuchDay { at, .. }
            | TimeError::NoSuchHour { at, .. }
            | TimeError::NoSuchMinute { at, .. }
            | TimeError::NoSuchSecond { at, .. }
            | TimeError::MissingPart { at, .. }
            | TimeError::MissingT { at }
            | TimeError::TrailingText { at }
            | TimeError::OffsetNotAllowed { at }
            | TimeError::OffsetWithoutTime { at }
            | TimeError::BadOffset { at }
            | TimeError::OffsetNeedsMinutes { at }
            | TimeError::SpanBackwards { at }
            | TimeError::OutOfRange { at } => at.clone(),
        }
    }
}

impl fmt::Display for TimeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message())
    }
}

impl std::error::Error for TimeError {}
