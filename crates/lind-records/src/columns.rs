//! Files that hold their tables by column, such as Parquet, as their readers see them.
//!
//! Nothing here knows a file format: whoever opens the files implements [`ColumnFile`]. A batch
//! lends its columns as they lie in memory, so that a reader that looks at numbers and at the keys
//! of dictionaries makes no texts; [`Column::write`] makes the text of a cell for all others.

use std::fmt::Write;
use std::io;

/// What the values of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ColumnKind {
    /// Texts, with or without a dictionary.
    Text,
    /// Whole numbers.
    Integer,
    /// Decimal numbers of a fixed scale.
    Decimal,
    /// Binary floating point, handed over as the shortest decimal text that means the same number.
    Float,
    /// Days.
    Date,
    /// Moments.
    Timestamp,
    /// Yes or no.
    Boolean,
    /// Anything else, of which no cell can be read: lists, structures, times of day.
    Other,
}

/// A column of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnInfo {
    /// The name as written.
    pub name: String,
    /// What its values are.
    pub kind: ColumnKind,
    /// Its type, in the words of the file format: for messages.
    pub written: String,
}

/// A file that holds one table by column.
pub trait ColumnFile: Send {
    /// The columns, in the order of the file.
    fn columns(&self) -> &[ColumnInfo];

    /// How many rows the file says it has.
    fn row_count(&self) -> u64;

    /// Begins to read these columns, by their places in [`ColumnFile::columns`], from the first row.
    ///
    /// # Errors
    /// The file cannot be read.
    fn read(&self, columns: &[usize]) -> io::Result<Box<dyn ColumnBatches>>;
}

/// The rows of some columns, in the order of the file.
pub trait ColumnBatches: Send {
    /// The next rows; none after the last. Every row that the file says it has comes exactly once:
    /// what cannot be read of it is lost in the batch ([`Column::is_lost`]) and not left out of it.
    ///
    /// # Errors
    /// The disk cannot be read. What is wrong in the bytes is no error but lost.
    fn next_batch(&mut self) -> io::Result<Option<ColumnBatch<'_>>>;
}

/// Some rows that follow each other.
#[derive(Clone, Debug)]
pub struct ColumnBatch<'b> {
    /// The number of the first row, from 1.
    pub first_row: u64,
    /// How many rows.
    pub row_count: usize,
    /// In the order in which they were asked for.
    pub columns: Vec<Column<'b>>,
}

/// A column of a batch.
#[derive(Clone, Copy, Debug)]
pub struct Column<'b> {
    /// What stands in it. Where a row is null or lost, the value means nothing.
    pub values: Values<'b>,
    /// Which rows have a value.
    pub present: Bits<'b>,
    /// Which rows could not be read.
    pub lost: Lost<'b>,
}

/// Which cells of a column could not be read.
#[derive(Clone, Copy, Debug)]
pub enum Lost<'b> {
    /// None: the rule.
    None,
    /// Those of which this is true.
    Some(&'b [bool]),
    /// All.
    All,
}

/// The values of a column.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Values<'b> {
    /// Texts by key.
    Dictionary {
        /// By row: which of the texts.
        keys: &'b [u32],
        /// The distinct texts.
        texts: Texts<'b>,
        /// Another number where the dictionary is another one: what was found out of a key holds
        /// as long as this stays.
        generation: u64,
    },
    /// Texts by row.
    Texts(Texts<'b>),
    /// Whole numbers.
    Integers32(&'b [i32]),
    /// Whole numbers.
    Integers64(&'b [i64]),
    /// Mantissas of decimal numbers.
    Decimals {
        /// By row.
        mantissas: &'b [i128],
        /// How many of their digits stand after the point.
        scale: u8,
    },
    /// Days since 1970-01-01.
    Days(&'b [i32]),
    /// Moments since 1970-01-01T00:00:00.
    Moments {
        /// By row.
        ticks: &'b [i64],
        /// How many ticks a second has: 1, or a power of ten up to a thousand million.
        per_second: i64,
        /// Whether they are of UTC, or of the clocks where they were taken down.
        is_utc: bool,
    },
    /// Yes or no.
    Booleans(Bits<'b>),
    /// Nothing.
    Nothing,
}

/// Texts that lie one after another.
#[derive(Clone, Copy, Debug)]
pub struct Texts<'b> {
    /// Where each begins, and where the last ends.
    pub offsets: &'b [i32],
    /// UTF-8, unless [`Column::lost`] says otherwise.
    pub bytes: &'b [u8],
}

impl<'b> Texts<'b> {
    /// A text; empty beyond the last.
    #[must_use]
    pub fn get(&self, at: usize) -> &'b [u8] {
        let bound = |at: usize| usize::try_from(*self.offsets.get(at)?).ok();
        let range = bound(at).zip(at.checked_add(1).and_then(bound));
        range
            .and_then(|(start, end)| self.bytes.get(start..end))
            .unwrap_or_default()
    }

    /// How many.
    #[must_use]
    pub fn len(&self) -> usize {
        self.offsets.len().saturating_sub(1)
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A row of bits, the lowest of each byte first.
#[derive(Clone, Copy, Debug)]
pub struct Bits<'b> {
    /// None: every bit is set.
    pub bytes: Option<&'b [u8]>,
    /// Where the first bit stands.
    pub offset: usize,
}

impl Bits<'_> {
    /// Every bit is set.
    pub const ALL: Bits<'static> = Bits {
        bytes: None,
        offset: 0,
    };

    /// Whether a bit is set; beyond the last, none is.
    #[must_use]
    pub fn get(&self, at: usize) -> bool {
        let Some(bytes) = self.bytes else {
            return true;
        };
        let at = self.offset.saturating_add(at);
        bytes
            .get(at / 8)
            .is_some_and(|byte| byte >> (at % 8) & 1 == 1)
    }
}

impl Column<'_> {
    /// Whether the cell of a row could not be read.
    #[must_use]
    pub fn is_lost(&self, row: usize) -> bool {
        match self.lost {
            Lost::None => false,
            Lost::Some(lost) => lost.get(row).copied().unwrap_or(true),
            Lost::All => true,
        }
    }

    /// Appends the cell of a row as it would stand in a file of texts; nothing where there is none.
    ///
    /// A decimal number is written without the zeros that only its column's scale asks for, a moment
    /// to the second or as far beyond as it goes, and a moment of UTC with `Z`.
    pub fn write(&self, row: usize, out: &mut Vec<u8>) {
        if !self.present.get(row) || self.is_lost(row) {
            return;
        }
        // Writing into a vector does not fail.
        let _ = match self.values {
            Values::Dictionary { keys, texts, .. } => {
                let key = keys.get(row).and_then(|key| usize::try_from(*key).ok());
                out.extend_from_slice(key.map(|key| texts.get(key)).unwrap_or_default());
                Ok(())
            }
            Values::Texts(texts) => {
                out.extend_from_slice(texts.get(row));
                Ok(())
            }
            Values::Integers32(numbers) => number(out, numbers.get(row).copied()),
            Values::Integers64(numbers) => number(out, numbers.get(row).copied()),
            Values::Decimals { mantissas, scale } => match mantissas.get(row) {
                Some(mantissa) => decimal(out, *mantissa, scale),
                None => Ok(()),
            },
            Values::Days(days) => match days.get(row) {
                Some(day) => date(out, i64::from(*day)),
                None => Ok(()),
            },
            Values::Moments {
                ticks,
                per_second,
                is_utc,
            } => match ticks.get(row) {
                Some(ticks) => moment(out, *ticks, per_second, is_utc),
                None => Ok(()),
            },
            Values::Booleans(bits) => {
                let word: &[u8] = if bits.get(row) { b"yes" } else { b"no" };
                out.extend_from_slice(word);
                Ok(())
            }
            Values::Nothing => Ok(()),
        };
    }
}

/// Bytes as something that can be formatted into.
struct Utf8<'o>(&'o mut Vec<u8>);

impl Write for Utf8<'_> {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        self.0.extend_from_slice(text.as_bytes());
        Ok(())
    }
}

fn number(out: &mut Vec<u8>, number: Option<impl std::fmt::Display>) -> std::fmt::Result {
    match number {
        Some(number) => write!(Utf8(out), "{number}"),
        None => Ok(()),
    }
}

fn decimal(out: &mut Vec<u8>, mantissa: i128, scale: u8) -> std::fmt::Result {
    let (mut digits, mut scale) = (mantissa.unsigned_abs(), usize::from(scale));
    while scale > 0 && digits.is_multiple_of(10) {
        digits /= 10;
        scale -= 1;
    }
    if mantissa < 0 {
        out.push(b'-');
    }
    let text = format!("{digits:0width$}", width = scale + 1);
    let (whole, part) = text
        .split_at_checked(text.len() - scale)
        .unwrap_or_default();
    out.extend_from_slice(whole.as_bytes());
    if !part.is_empty() {
        out.push(b'.');
        out.extend_from_slice(part.as_bytes());
    }
    Ok(())
}

const SECONDS_OF_DAY: i64 = 86_400;

fn moment(out: &mut Vec<u8>, ticks: i64, per_second: i64, is_utc: bool) -> std::fmt::Result {
    let per_second = per_second.max(1);
    let (seconds, part) = (ticks.div_euclid(per_second), ticks.rem_euclid(per_second));
    date(out, seconds.div_euclid(SECONDS_OF_DAY))?;
    let second = seconds.rem_euclid(SECONDS_OF_DAY);
    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    write!(Utf8(out), "T{hour:02}:{minute:02}:{second:02}")?;
    if part > 0 {
        let width = per_second.ilog10().try_into().unwrap_or(0);
        let text = format!("{part:0width$}");
        write!(Utf8(out), ".{}", text.trim_end_matches('0'))?;
    }
    if is_utc {
        out.push(b'Z');
    }
    Ok(())
}

/// The civil date of a day: the months are counted from March, so that the leap day is the last day
/// of its year (era by era of 400 years).
fn date(out: &mut Vec<u8>, day: i64) -> std::fmt::Result {
    const DAYS_OF_ERA: i64 = 146_097;
    // From 0000-03-01 to 1970-01-01.
    let day = day.saturating_add(719_468);
    let (era, of_era) = (day.div_euclid(DAYS_OF_ERA), day.rem_euclid(DAYS_OF_ERA));
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let of_month = of_year - (153 * month + 2) / 5 + 1;
    let (month, after) = if month < 10 {
        (month + 3, 0)
    } else {
        (month - 9, 1)
    };
    let year = era * 400 + year + after;
    write!(Utf8(out), "{year:04}-{month:02}-{of_month:02}")
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::{Bits, Column, Lost, Texts, Values};

    fn text(values: Values<'_>) -> String {
        let column = Column {
            values,
            present: Bits::ALL,
            lost: Lost::None,
        };
        let mut out = Vec::new();
        column.write(0, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn days_are_written_as_dates() {
        for (day, date) in [
            (0, "1970-01-01"),
            (-1, "1969-12-31"),
            (11_016, "2000-02-29"),
            (11_017, "2000-03-01"),
            (-25_509, "1900-02-28"),
            (-25_508, "1900-03-01"),
            (19_858, "2024-05-15"),
            (-719_528, "0000-01-01"),
        ] {
            assert_eq!(text(Values::Days(&[day])), date);
        }
    }

    #[test]
    fn any_day_is_a_date() {
        for day in [i32::MIN, i32::MAX] {
            assert!(text(Values::Days(&[day])).len() > 10);
        }
        for ticks in [i64::MIN, i64::MAX] {
            let moments = Values::Moments {
                ticks: &[ticks],
                per_second: 1,
                is_utc: true,
            };
            assert!(text(moments).ends_with('Z'));
        }
    }

    #[test]
    fn moments_are_written_as_far_as_they_go() {
        for (ticks, per_second, is_utc, expected) in [
            (0, 1, false, "1970-01-01T00:00:00"),
            (-1, 1_000, false, "1969-12-31T23:59:59.999"),
            (
                1_715_731_200_500_000,
                1_000_000,
                true,
                "2024-05-15T00:00:00.5Z",
            ),
        ] {
            let moments = Values::Moments {
                ticks: &[ticks],
                per_second,
                is_utc,
            };
            assert_eq!(text(moments), expected);
        }
    }

    #[test]
    fn decimals_are_exact_and_without_the_zeros_of_their_column() {
        for (mantissa, scale, expected) in [
            (48_100, 3, "48.1"),
            (0, 3, "0"),
            (-5, 3, "-0.005"),
            (1_000, 0, "1000"),
            (i128::MIN, 0, "-170141183460469231731687303715884105728"),
        ] {
            let mantissas = &[mantissa];
            assert_eq!(text(Values::Decimals { mantissas, scale }), expected);
        }
    }

    #[test]
    fn texts_and_keys_beyond_the_end_are_empty() {
        let texts = Texts {
            offsets: &[0, 2, 9],
            bytes: b"abc",
        };
        assert_eq!(texts.get(0), b"ab");
        assert_eq!((texts.get(1), texts.get(7)), (&b""[..], &b""[..]));
        let keys = Values::Dictionary {
            keys: &[5],
            texts,
            generation: 0,
        };
        assert_eq!(text(keys), "");
    }
}
