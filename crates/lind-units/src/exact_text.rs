//! Exact numbers as text.

use core::fmt;

use dashu_int::{IBig, UBig};

use crate::Exact;

/// Fraction digits after which `Display` prefers the fraction to the decimal.
const DISPLAYED_FRACTION_DIGITS: usize = 40;

/// How many times `factor` divides `value`, and what is left.
fn divide_out(mut value: UBig, factor: u8) -> (usize, UBig) {
    let factor = UBig::from(factor);
    let mut times = 0;
    while !value.is_zero() && (&value % &factor).is_zero() {
        value /= &factor;
        times += 1;
    }
    (times, value)
}

/// `digits` with the decimal point before its last `fraction_digits` digits.
fn with_point(magnitude: &UBig, fraction_digits: usize, negative: bool) -> String {
    let digits = magnitude.to_string();
    let padded = format!("{digits:0>width$}", width = fraction_digits + 1);
    let (integer, fraction) = padded.split_at(padded.len() - fraction_digits);
    let sign = if negative && !magnitude.is_zero() {
        "-"
    } else {
        ""
    };
    if fraction.is_empty() {
        format!("{sign}{integer}")
    } else {
        format!("{sign}{integer}.{fraction}")
    }
}

impl Exact {
    /// The number of fraction digits of the decimal, if it ends.
    fn fraction_digits(&self) -> Option<usize> {
        let (_, denominator) = self.parts();
        let (twos, rest) = divide_out(denominator, 2);
        let (fives, rest) = divide_out(rest, 5);
        rest.is_one().then(|| twos.max(fives))
    }

    /// The decimal, cut after `max_fraction_digits` digits. A decimal that was cut ends in `…`; it
    /// is never rounded, so the text never reaches past the number.
    ///
    /// ```
    /// use lind_units::Exact;
    ///
    /// let two_thirds = Exact::from_ratio(2, 3).expect("3 is not zero");
    /// assert_eq!(two_thirds.to_decimal_text(2), "0.66…");
    /// assert_eq!(Exact::from_ratio(1, 8).expect("8 is not zero").to_decimal_text(3), "0.125");
    /// ```
    #[must_use]
    pub fn to_decimal_text(&self, max_fraction_digits: usize) -> String {
        if let Some(digits) = self.fraction_digits()
            && digits <= max_fraction_digits
        {
            return self.rounded_text(digits);
        }
        let (numerator, denominator) = self.parts();
        let (_, magnitude) = numerator.into_parts();
        let cut = magnitude * ten_to(max_fraction_digits) / denominator;
        let sign = if self.signum() < 0 { "-" } else { "" };
        format!("{sign}{}…", with_point(&cut, max_fraction_digits, false))
    }

    /// The decimal rounded to exactly `fraction_digits` digits, halves away from zero.
    ///
    /// ```
    /// use lind_units::Exact;
    ///
    /// let value = Exact::from_ratio(25, 10).expect("10 is not zero");
    /// assert_eq!(value.rounded_text(0), "3");
    /// assert_eq!(value.neg().rounded_text(0), "-3");
    /// assert_eq!(value.rounded_text(2), "2.50");
    /// ```
    #[must_use]
    pub fn rounded_text(&self, fraction_digits: usize) -> String {
        let (numerator, denominator) = self.parts();
        let (_, magnitude) = numerator.into_parts();
        // floor(x + 1/2) of the magnitude: (2n + d) / 2d
        let twice = UBig::from(2_u8) * magnitude * ten_to(fraction_digits);
        let rounded = (twice + &denominator) / (UBig::from(2_u8) * denominator);
        with_point(&rounded, fraction_digits, self.signum() < 0)
    }
}

fn ten_to(exponent: usize) -> UBig {
    UBig::from(10_u8).pow(exponent)
}

impl fmt::Display for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.fraction_digits() {
            Some(digits) if digits <= DISPLAYED_FRACTION_DIGITS => {
                f.pad(&self.rounded_text(digits))
            }
            _ => {
                let (numerator, denominator): (IBig, UBig) = self.parts();
                f.pad(&format!("{numerator}/{denominator}"))
            }
        }
    }
}
