//! Numbers as they are written.

use core::cmp::Ordering;
use core::fmt;

use crate::Exact;

/// Digits that a written number may have, leading zeros not counted.
pub const MAX_DIGITS: usize = 38;

/// The largest power of ten that a written number may carry (`1e30`), either way.
pub const MAX_EXPONENT: i16 = 30;

/// The longest text that is read as a number, in bytes.
const MAX_LENGTH: usize = 128;

/// A decimal exactly as written: `1.80` keeps its zero.
///
/// `==` and hashing compare the writing (`1.8` is not `1.80`). To compare values use
/// [`Decimal::same_value`] and [`Decimal::compare_value`].
///
/// ```
/// use lind_units::Decimal;
///
/// let written = Decimal::parse("1.80").expect("a number");
/// assert_eq!(written.to_string(), "1.80");
/// assert!(written.same_value(&Decimal::parse("1.8").expect("a number")));
/// assert_eq!(
///     Decimal::parse("1,000").expect_err("a comma").to_string(),
///     "`1,000` has a comma: write `1000`, or `1.000` if the comma is a decimal point",
/// );
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Decimal {
    /// The digits without the point; at most [`MAX_DIGITS`] of them.
    mantissa: i128,
    /// Digits after the point.
    scale: u8,
    /// The written power of ten, `3` in `1e3`.
    exponent: i8,
}

/// Why a text is not a number.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NumberError {
    /// Nothing, or only blanks.
    Empty,
    /// A comma, which is a thousands separator to some and a decimal point to others.
    Comma {
        /// The text as written.
        written: String,
    },
    /// Blanks, underscores or apostrophes between digits.
    Separator {
        /// The text as written.
        written: String,
    },
    /// A point without a digit after it (`5.`).
    TrailingPoint {
        /// The text as written.
        written: String,
    },
    /// More digits than are kept exactly.
    TooManyDigits {
        /// The digits found.
        digits: usize,
    },
    /// A power of ten beyond [`MAX_EXPONENT`].
    ExponentTooLarge {
        /// The text as written.
        written: String,
    },
    /// A text longer than any number.
    TooLong {
        /// Its length in bytes.
        length: usize,
    },
    /// Anything else.
    NotANumber {
        /// The text as written.
        written: String,
    },
}

impl fmt::Display for NumberError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("a number is missing"),
            Self::Comma { written } => {
                let joined = written.replace(',', "");
                match written.split_once(',') {
                    Some((integer, fraction)) if !fraction.contains(',') => write!(
                        f,
                        "`{written}` has a comma: write `{joined}`, or `{integer}.{fraction}` if the comma is a decimal point"
                    ),
                    _ => write!(f, "`{written}` has commas: write `{joined}`"),
                }
            }
            Self::Separator { written } => {
                let joined: String = written.chars().filter(|&c| !is_separator(c)).collect();
                write!(
                    f,
                    "`{written}` has separators between its digits: write `{joined}`"
                )
            }
            Self::TrailingPoint { written } => write!(
                f,
                "`{written}` ends in a point: write `{}`",
                written.trim_end_matches('.')
            ),
            Self::TooManyDigits { digits } => write!(
                f,
                "a number may have at most {MAX_DIGITS} digits, this one has {digits}"
            ),
            Self::ExponentTooLarge { written } => write!(
                f,
                "`{written}` is out of range: a power of ten may be at most {MAX_EXPONENT}"
            ),
            Self::TooLong { length } => {
                write!(f, "a text of {length} bytes is too long to be a number")
            }
            Self::NotANumber { written } => write!(f, "`{written}` is not a number"),
        }
    }
}

impl core::error::Error for NumberError {}

fn is_separator(c: char) -> bool {
    c == '_' || c == '\'' || c == '’' || c.is_whitespace()
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

impl Decimal {
    /// Read a number: digits with an optional sign, point and power of ten (`-3`, `1.80`, `.5`,
    /// `1e3`). Blanks around it are not part of it; the minus sign may be the typographic one.
    ///
    /// # Errors
    ///
    /// [`NumberError`]: separators of thousands are refused, since `1,000` is a thousand to some
    /// and one to others; so is anything longer than [`MAX_DIGITS`] digits, which would not be kept
    /// exactly.
    pub fn parse(text: &str) -> Result<Self, NumberError> {
        match Self::plain(text) {
            Some(number) => Ok(number),
            None => Self::parse_patiently(text),
        }
    }

    /// `40` and `1215.1`: digits, and a point between them, as nearly every number is written. None: it is
    /// to be read with more patience.
    fn plain(text: &str) -> Option<Self> {
        // No more digits than a word holds.
        const LONGEST: usize = 19;
        let digits = text.as_bytes();
        if digits.is_empty() || digits.len() > LONGEST {
            return None;
        }
        let (mut magnitude, mut scale) = (0_u64, None);
        for (at, digit) in digits.iter().enumerate() {
            match digit {
                b'0'..=b'9' => magnitude = magnitude * 10 + u64::from(digit - b'0'),
                b'.' if at > 0 && scale.is_none() => scale = Some(digits.len() - at - 1),
                _ => return None,
            }
        }
        let scale = match scale {
            None => 0,
            Some(0) => return None,
            Some(scale) => u8::try_from(scale).ok()?,
        };
        Some(Self {
            mantissa: i128::from(magnitude),
            scale,
            exponent: 0,
        })
    }

    fn parse_patiently(text: &str) -> Result<Self, NumberError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(NumberError::Empty);
        }
        if text.len() > MAX_LENGTH {
            return Err(NumberError::TooLong { length: text.len() });
        }
        let written = || text.to_owned();
        let unsigned = text.strip_prefix(['-', '\u{2212}']);
        let negative = unsigned.is_some();
        let body = unsigned.or_else(|| text.strip_prefix('+')).unwrap_or(text);
        let (number, power) = match body.split_once(['e', 'E']) {
            Some((number, power)) => (number, Some(power)),
            None => (body, None),
        };
        let (integer, fraction) = match number.split_once('.') {
            Some((integer, fraction)) => (integer, Some(fraction)),
            None => (number, None),
        };
        let whole = is_digits(integer) || (integer.is_empty() && fraction.is_some_and(is_digits));
        if !whole || fraction.is_some_and(|fraction| !is_digits(fraction)) {
            return Err(Self::explain(text, integer, fraction));
        }
        let exponent = match power {
            None => 0,
            Some(power) => {
                let digits = power.strip_prefix(['-', '+']).unwrap_or(power);
                if !is_digits(digits) {
                    return Err(NumberError::NotANumber { written: written() });
                }
                power
                    .parse::<i16>()
                    .ok()
                    .filter(|exponent| exponent.abs() <= MAX_EXPONENT)
                    .and_then(|exponent| i8::try_from(exponent).ok())
                    .ok_or_else(|| NumberError::ExponentTooLarge { written: written() })?
            }
        };
        let fraction = fraction.unwrap_or_default();
        let all = || integer.bytes().chain(fraction.bytes());
        let digits = all().skip_while(|&b| b == b'0').count();
        let scale = u8::try_from(fraction.len())
            .ok()
            .filter(|&scale| usize::from(scale) <= MAX_DIGITS);
        let (Some(scale), true) = (scale, digits <= MAX_DIGITS) else {
            return Err(NumberError::TooManyDigits {
                digits: digits.max(fraction.len()),
            });
        };
        let magnitude = all().fold(0_i128, |sum, digit| sum * 10 + i128::from(digit - b'0'));
        Ok(Self {
            mantissa: if negative { -magnitude } else { magnitude },
            scale,
            exponent,
        })
    }

    /// The most helpful error for a text whose digits are not in order.
    fn explain(text: &str, integer: &str, fraction: Option<&str>) -> NumberError {
        let written = text.to_owned();
        let digits_and = |separator: fn(char) -> bool| {
            text.contains(separator)
                && text.starts_with(|c: char| c.is_ascii_digit() || c == '-' || c == '+')
                && text
                    .chars()
                    .all(|c| c.is_ascii_digit() || separator(c) || matches!(c, '.' | '-' | '+'))
        };
        if digits_and(|c| c == ',') {
            NumberError::Comma { written }
        } else if digits_and(is_separator) {
            NumberError::Separator { written }
        } else if is_digits(integer) && fraction == Some("") {
            NumberError::TrailingPoint { written }
        } else {
            NumberError::NotANumber { written }
        }
    }

    /// An integer.
    #[must_use]
    pub const fn from_integer(value: i64) -> Self {
        Self {
            mantissa: value as i128,
            scale: 0,
            exponent: 0,
        }
    }

    /// The digits without the point: `180` for `1.80`.
    #[must_use]
    pub const fn mantissa(&self) -> i128 {
        self.mantissa
    }

    /// How many digits are written after the point: 2 for `1.80`.
    #[must_use]
    pub const fn scale(&self) -> u8 {
        self.scale
    }

    /// The power of ten of the last digit: the value is `mantissa × 10^power`.
    #[must_use]
    pub const fn power(&self) -> i32 {
        self.exponent as i32 - self.scale as i32
    }

    /// The value.
    #[must_use]
    pub fn to_exact(&self) -> Exact {
        Exact::from_scientific(self.mantissa, self.power())
    }

    /// Whether two numbers have the same value, however written: `1.8` and `1.80` do.
    #[must_use]
    pub fn same_value(&self, other: &Self) -> bool {
        self.compare_value(other) == Ordering::Equal
    }

    /// The order of the values.
    #[must_use]
    pub fn compare_value(&self, other: &Self) -> Ordering {
        if self.power() == other.power() {
            self.mantissa.cmp(&other.mantissa)
        } else {
            self.to_exact().cmp(&other.to_exact())
        }
    }

    /// Whether the value is below zero.
    #[must_use]
    pub const fn is_negative(&self) -> bool {
        self.mantissa < 0
    }

    /// Whether the value is an integer.
    #[must_use]
    pub fn is_integer(&self) -> bool {
        self.to_exact().is_integer()
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scale = usize::from(self.scale);
        let digits = self.mantissa.unsigned_abs().to_string();
        let padded = format!("{digits:0>width$}", width = scale + 1);
        let (integer, fraction) = padded.split_at(padded.len() - scale);
        let mut text = String::with_capacity(padded.len() + 2);
        if self.mantissa < 0 {
            text.push('-');
        }
        text.push_str(integer);
        if scale > 0 {
            text.push('.');
            text.push_str(fraction);
        }
        if self.exponent != 0 {
            text.push('e');
            text.push_str(&self.exponent.to_string());
        }
        f.pad(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::Decimal;

    #[test]
    fn what_is_read_without_patience_is_what_patience_reads() {
        let letters = ["0", "1", "9", ".", "-", "+", "e", " "];
        let mut texts = vec![String::new()];
        let mut plain = 0;
        for _ in 0..5 {
            let longer = |text: &String| letters.map(|letter| format!("{text}{letter}"));
            texts = texts.iter().flat_map(longer).collect();
            for text in &texts {
                if let Some(number) = Decimal::plain(text) {
                    assert_eq!(Decimal::parse_patiently(text), Ok(number), "{text}");
                    plain += 1;
                }
            }
        }
        assert!(plain > 300, "{plain}");
        for text in [
            "9999999999999999999",
            "99999999.9999999999",
            "18446744073709551616",
        ] {
            let patiently = Decimal::parse_patiently(text);
            assert_eq!(Decimal::parse(text), patiently, "{text}");
        }
    }
}
