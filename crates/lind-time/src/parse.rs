//! Reading a civil time. ISO 8601 and nothing else is read; other notations are recognised only to
//! say what to write instead.

use std::ops::Range;

use crate::civil;
use crate::day::Day;
use crate::error::TimeError;
use crate::instant::Instant;
use crate::parse_hint::other_notation;
use crate::when::{Precision, When};

/// Longer than any time this crate reads, with a long fraction of a second.
const MAX_BYTES: usize = 64;

/// The largest offset from UTC in use is 14 hours.
const MAX_OFFSET_MINUTES: i32 = 14 * 60;

/// An offset from UTC as it was written.
struct ZoneOffset {
    minutes: i32,
    at: Range<usize>,
}

/// What may stand between a date and its time of day.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Separator {
    /// As people write it for Lind.
    T,
    /// As databases write it too.
    TOrSpace,
}

pub(crate) fn civil_time(text: &str) -> Result<When, TimeError> {
    match read(text, Separator::T)? {
        (when, None) => Ok(when),
        (_, Some(offset)) => Err(TimeError::OffsetNotAllowed { at: offset.at }),
    }
}

pub(crate) fn civil_time_at_site(
    text: &str,
    site_offset_minutes: Option<i32>,
) -> Result<(When, bool), TimeError> {
    let (when, offset) = match plain(text) {
        Some(read) => read,
        None => match span_at_site(text, site_offset_minutes) {
            Some(span) => return span,
            None => read(text, Separator::TOrSpace)?,
        },
    };
    let Some(offset) = offset else {
        return Ok((when, false));
    };
    let Some(site) = site_offset_minutes else {
        return Ok((when, true));
    };
    let minutes = i64::from(site) - i64::from(offset.minutes);
    if minutes == 0 {
        return Ok((when, false));
    }
    if when.precision() == Precision::Hour && minutes % 60 != 0 {
        return Err(TimeError::OffsetNeedsMinutes { at: offset.at });
    }
    when.start()
        .checked_add_seconds(minutes * 60)
        .filter(|instant| *instant < Instant::END)
        .map(|instant| (When::from_instant(instant, when.precision()), false))
        .ok_or(TimeError::OutOfRange { at: 0..text.len() })
}

/// `2024-05-09/2024-05-11`, `2024-05-09/`, `/2024-05-11`: some time between the two. None if it is not
/// written so: a slash stands in other notations as well.
fn span_at_site(
    text: &str,
    site_offset_minutes: Option<i32>,
) -> Option<Result<(When, bool), TimeError>> {
    let (from, to) = text.split_once('/')?;
    if to.contains('/') || (from.is_empty() && to.is_empty()) || text.len() > 2 * MAX_BYTES {
        return None;
    }
    let side = |text: &str| match text {
        "" => Some(None),
        _ => read_iso(text, Separator::TOrSpace)
            .is_ok()
            .then(|| Some(civil_time_at_site(text, site_offset_minutes))),
    };
    let (from, to) = (side(from)?, side(to)?);
    let mut ignored = false;
    let mut bound = |side: Option<Result<(When, bool), TimeError>>| {
        side.transpose().map(|side| {
            side.map(|(when, offset_ignored)| {
                ignored |= offset_ignored;
                when
            })
        })
    };
    let bounds = bound(from).and_then(|from| Ok((from, bound(to)?)));
    Some(bounds.and_then(|(from, to)| {
        let first = from.map_or(Instant::MIN, |from| from.start()).seconds();
        let last = to.map_or(Instant::END, |to| to.end()).seconds() - 1;
        When::spanning(first, last)
            .map(|when| (when, ignored))
            .ok_or(TimeError::SpanBackwards { at: 0..text.len() })
    }))
}

fn read(text: &str, separator: Separator) -> Result<(When, Option<ZoneOffset>), TimeError> {
    if text.len() > MAX_BYTES {
        return Err(TimeError::TooLong { length: text.len() });
    }
    if text.trim().is_empty() {
        return Err(TimeError::Empty);
    }
    // What is read is the rule, so other notations are looked for only when it fails.
    read_iso(text, separator).map_err(|error| other_notation(text).unwrap_or(error))
}

/// Two digits of a text.
fn pair(text: &[u8; 2]) -> Option<u8> {
    let [tens, ones] = text.map(|digit| digit.wrapping_sub(b'0'));
    (tens <= 9 && ones <= 9).then(|| tens * 10 + ones)
}

/// `2024-05-09`, or `2024-05-09T16:12:00` with no offset or one in hours and minutes: what systems write
/// nearly always, without a step for each character. None: it is to be read with more patience.
fn plain(text: &str) -> Option<(When, Option<ZoneOffset>)> {
    let (date, rest) = text.as_bytes().split_first_chunk::<10>()?;
    let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = date else {
        return None;
    };
    let year = i32::from(pair(&[y1, y2])?) * 100 + i32::from(pair(&[y3, y4])?);
    let day = Day::from_ymd(year, pair(&[m1, m2])?, pair(&[d1, d2])?)?;
    if rest.is_empty() {
        return Some((When::from_day(day), None));
    }
    let (time, zone) = rest.split_first_chunk::<9>()?;
    let &[b'T', h1, h2, b':', m1, m2, b':', s1, s2] = time else {
        return None;
    };
    let (hour, minute) = (pair(&[h1, h2])?, pair(&[m1, m2])?);
    let second = pair(&[s1, s2])?;
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let minutes = match *zone {
        [] => None,
        [b'Z'] => Some(0),
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => {
            let (hours, minutes) = (pair(&[h1, h2])?, pair(&[m1, m2])?);
            let total = i32::from(hours) * 60 + i32::from(minutes);
            if minutes > 59 || total > MAX_OFFSET_MINUTES {
                return None;
            }
            Some(if sign == b'-' { -total } else { total })
        }
        _ => return None,
    };
    let second = (i64::from(hour) * 60 + i64::from(minute)) * 60 + i64::from(second);
    let offset = minutes.map(|minutes| ZoneOffset {
        minutes,
        at: 19..text.len(),
    });
    Some((at(day, second, Precision::Second), offset))
}

fn read_iso(text: &str, separator: Separator) -> Result<(When, Option<ZoneOffset>), TimeError> {
    match plain(text) {
        Some(read) => Ok(read),
        None => read_slowly(text, separator),
    }
}

fn read_slowly(text: &str, separator: Separator) -> Result<(When, Option<ZoneOffset>), TimeError> {
    let mut cursor = Cursor { text, at: 0 };
    let year = cursor.year()?;
    let no_such_year = TimeError::OutOfRange { at: 0..4 };
    if cursor.ended() {
        let first = Day::from_ymd(year, 1, 1).ok_or(no_such_year)?;
        return Ok((at(first, 0, Precision::Year), None));
    }
    if year == 0 {
        return Err(no_such_year);
    }
    cursor.separator("-")?;

    let (month, month_at) = cursor.two_digits()?;
    let no_such_month = TimeError::NoSuchMonth {
        at: month_at,
        month,
    };
    if cursor.ended() {
        let first = Day::from_ymd(year, month, 1).ok_or(no_such_month)?;
        return Ok((at(first, 0, Precision::Month), None));
    }
    if !(1..=12).contains(&month) {
        return Err(no_such_month);
    }
    cursor.separator("-")?;

    let (number, _) = cursor.two_digits()?;
    let day = Day::from_ymd(year, month, number).ok_or_else(|| TimeError::NoSuchDay {
        at: 0..cursor.at,
        year,
        month,
        day: number,
        days_in_month: civil::days_in_month(year, month).unwrap_or(31),
    })?;
    if cursor.ended() {
        return Ok((at(day, 0, Precision::Day), None));
    }
    cursor.time_separator(separator)?;
    let (second, precision) = cursor.time_of_day()?;
    let offset = cursor.zone_offset()?;
    if !cursor.ended() {
        return Err(TimeError::TrailingText { at: cursor.rest() });
    }
    Ok((at(day, second, precision), offset))
}

fn at(day: Day, second_of_day: i64, precision: Precision) -> When {
    let start = Instant::start_of(day).seconds() + second_of_day;
    When::from_instant(Instant::saturating_from_seconds(start), precision)
}

struct Cursor<'t> {
    text: &'t str,
    /// Always on a character boundary.
    at: usize,
}

impl Cursor<'_> {
    fn remaining(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn rest(&self) -> Range<usize> {
        self.at..self.text.len()
    }

    fn ended(&self) -> bool {
        self.at >= self.text.len()
    }

    fn next(&self) -> Option<char> {
        self.remaining().chars().next()
    }

    fn accept(&mut self, wanted: char) -> bool {
        let found = self.next() == Some(wanted);
        if found {
            self.at += wanted.len_utf8();
        }
        found
    }

    /// A run of ASCII digits, which may be empty.
    fn digits(&mut self) -> (&str, Range<usize>) {
        let start = self.at;
        let length = self
            .remaining()
            .bytes()
            .take_while(u8::is_ascii_digit)
            .count();
        self.at += length;
        let range = start..self.at;
        (self.text.get(range.clone()).unwrap_or_default(), range)
    }

    fn year(&mut self) -> Result<i32, TimeError> {
        let whole = 0..self.text.len();
        let (digits, at) = self.digits();
        match (digits.len(), digits.parse()) {
            (4, Ok(year)) => Ok(year),
            (2, _) => Err(TimeError::TwoDigitYear { at }),
            _ => Err(TimeError::NotADate { at: whole }),
        }
    }

    fn two_digits(&mut self) -> Result<(u8, Range<usize>), TimeError> {
        let text = self.text;
        let rest = self.rest();
        let (digits, at) = self.digits();
        match (digits.len(), digits.parse()) {
            (2, Ok(number)) => Ok((number, at)),
            (0, _) => {
                // The sign before is a single byte: `-`, `T` or `:`.
                let before = rest.start.saturating_sub(1);
                let known = text.get(..before).unwrap_or_default();
                Err(TimeError::MissingPart {
                    at: before..text.len(),
                    known: read(known, Separator::T).is_ok().then(|| known.to_owned()),
                })
            }
            _ => Err(TimeError::NotTwoDigits {
                at,
                suggestion: padded(text),
            }),
        }
    }

    fn separator(&mut self, wanted: &str) -> Result<(), TimeError> {
        if wanted.chars().all(|character| self.accept(character)) {
            Ok(())
        } else {
            Err(TimeError::TrailingText { at: self.rest() })
        }
    }

    /// The `T` between a date and its time of day.
    fn time_separator(&mut self, allowed: Separator) -> Result<(), TimeError> {
        if self.accept('T') {
            return Ok(());
        }
        let rest = self.remaining();
        let mut after = rest.chars();
        let separator = after.next();
        let then_digit = after.next().is_some_and(|c| c.is_ascii_digit());
        if allowed == Separator::TOrSpace && separator == Some(' ') && then_digit {
            self.at += 1;
            return Ok(());
        }
        Err(match separator {
            Some(' ' | 't' | '_') if then_digit => TimeError::MissingT {
                at: self.at..self.at + 1,
            },
            Some('Z' | 'z' | '+') => TimeError::OffsetWithoutTime { at: self.rest() },
            Some('-') if rest.contains(':') => TimeError::OffsetWithoutTime { at: self.rest() },
            _ => TimeError::TrailingText { at: self.rest() },
        })
    }

    fn time_of_day(&mut self) -> Result<(i64, Precision), TimeError> {
        let (hour, at) = self.two_digits()?;
        if hour > 23 {
            return Err(TimeError::NoSuchHour { at, hour });
        }
        let hours = i64::from(hour) * 3600;
        if !self.accept(':') {
            return Ok((hours, Precision::Hour));
        }
        let (minute, at) = self.two_digits()?;
        if minute > 59 {
            return Err(TimeError::NoSuchMinute { at, minute });
        }
        let minutes = hours + i64::from(minute) * 60;
        if !self.accept(':') {
            return Ok((minutes, Precision::Minute));
        }
        let (second, at) = self.two_digits()?;
        if second > 59 {
            return Err(TimeError::NoSuchSecond { at, second });
        }
        let before_fraction = self.at;
        if (self.accept('.') || self.accept(',')) && self.digits().0.is_empty() {
            return Err(TimeError::TrailingText {
                at: before_fraction..self.text.len(),
            });
        }
        Ok((minutes + i64::from(second), Precision::Second))
    }

    fn zone_offset(&mut self) -> Result<Option<ZoneOffset>, TimeError> {
        let start = self.at;
        if self.accept('Z') {
            return Ok(Some(ZoneOffset {
                minutes: 0,
                at: start..self.at,
            }));
        }
        let sign = match self.next() {
            Some('+') => 1,
            Some('-') => -1,
            Some('z') => return Err(TimeError::BadOffset { at: self.rest() }),
            _ => return Ok(None),
        };
        self.at += 1;
        let bad = TimeError::BadOffset {
            at: start..self.text.len(),
        };
        let (digits, _) = self.digits();
        let (hours, minutes) = match (digits.len(), digits.parse::<i32>()) {
            (2, Ok(hours)) => (hours, None),
            (4, Ok(both)) => (both / 100, Some(both % 100)),
            _ => return Err(bad),
        };
        let minutes = match minutes {
            Some(minutes) => minutes,
            None if self.accept(':') => {
                let (digits, _) = self.digits();
                match (digits.len(), digits.parse::<i32>()) {
                    (2, Ok(minutes)) => minutes,
                    _ => return Err(bad),
                }
            }
            None => 0,
        };
        let total = hours * 60 + minutes;
        if minutes > 59 || total > MAX_OFFSET_MINUTES {
            return Err(bad);
        }
        Ok(Some(ZoneOffset {
            minutes: sign * total,
            at: start..self.at,
        }))
    }
}

/// The text with every single digit padded to two, if that is a time.
fn padded(text: &str) -> Option<String> {
    let mut result = String::with_capacity(text.len() + 8);
    let mut run = String::new();
    let flush = |run: &mut String, result: &mut String| {
        if run.len() == 1 {
            result.push('0');
        }
        result.push_str(run);
        run.clear();
    };
    for character in text.chars() {
        if character.is_ascii_digit() {
            run.push(character);
        } else {
            flush(&mut run, &mut result);
            result.push(character);
        }
    }
    flush(&mut run, &mut result);
    if result == text {
        return None;
    }
    // Without single digits left this cannot come back here.
    read(&result, Separator::T).is_ok().then_some(result)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::panic, reason = "tests fail by panicking")]

    use super::{Separator, plain, read_slowly};

    #[test]
    fn what_is_read_at_once_is_what_is_read_step_by_step() {
        let dates = [
            "2024-05-09",
            "2024-02-29",
            "2023-02-29",
            "0000-01-01",
            "0001-01-01",
            "9999-12-31",
            "2024-13-01",
            "2024-00-10",
            "2024-05-00",
            "2024-05-9",
            "2o24-05-09",
            "-024-05-09",
            "2024/05/09",
            "2024-05-32",
            "~~~~-~~-~~",
        ];
        let times = [
            "",
            "T16:12:00",
            "T00:00:00",
            "T23:59:59",
            "T24:00:00",
            "T16:60:00",
            "T16:12:60",
            "T16:12",
            "T16",
            "T16:12:00.5",
            " 16:12:00",
            "t16:12:00",
            "T1:12:00",
        ];
        let zones = [
            "", "Z", "z", "+00:00", "-00:00", "+14:00", "-14:01", "+05:60", "+0530", "+05",
            "+5:30", " ", "é",
        ];
        let mut at_once = 0;
        for date in dates {
            for time in times {
                for zone in zones {
                    let text = format!("{date}{time}{zone}");
                    let Some((when, offset)) = plain(&text) else {
                        continue;
                    };
                    at_once += 1;
                    let Ok((slow, slow_offset)) = read_slowly(&text, Separator::TOrSpace) else {
                        panic!("{text} is no time");
                    };
                    assert_eq!(when, slow, "{text}");
                    let parts = |offset: Option<super::ZoneOffset>| {
                        offset.map(|offset| (offset.minutes, offset.at))
                    };
                    assert_eq!(parts(offset), parts(slow_offset), "{text}");
                }
            }
        }
        assert!(at_once > 50, "{at_once}");
    }
}
