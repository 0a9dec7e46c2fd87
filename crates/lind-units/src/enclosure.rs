//! A real number between two exact ones: what roots, powers and logarithms give.
//!
//! Every operation rounds outwards on a grid of `2^-bits`, so the number asked for always lies between the
//! bounds; more bits bring them closer. What is rational comes out exact: `4 ^ 0.5`, `log10(100)`.

use dashu_int::{IBig, UBig};
use dashu_ratio::RBig;

use crate::exact::Exact;

/// Powers with a larger exponent, and exponentials of a larger number, are not computed.
const GREATEST_EXPONENT: i64 = 1000;
/// Exact powers take at most so many binary digits.
const GREATEST_SIZE: u32 = 1 << 16;

/// A number that lies between two exact bounds, both included; exact if they are the same.
///
/// ```
/// use lind_units::{Enclosure, Exact};
///
/// let half = Enclosure::exact(Exact::from_ratio(1, 2).expect("2 is not zero"));
/// let root = |value| Enclosure::exact(Exact::from_integer(value)).power(&half, 60);
/// assert_eq!(root(4), Some(Enclosure::exact(Exact::from_integer(2))));
/// let of_two = root(2).expect("a root");
/// assert!(of_two.low().mul(of_two.low()) < Exact::from_integer(2));
/// assert!(of_two.high().mul(of_two.high()) > Exact::from_integer(2));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enclosure {
    low: Exact,
    high: Exact,
}

impl Enclosure {
    /// One exact number.
    #[must_use]
    pub fn exact(value: Exact) -> Self {
        Self {
            low: value.clone(),
            high: value,
        }
    }

    /// A number that is not below the one and not above the other; none if the first lies above the second.
    #[must_use]
    pub fn between(low: Exact, high: Exact) -> Option<Self> {
        (low <= high).then_some(Self { low, high })
    }

    /// The number is not below this.
    #[must_use]
    pub const fn low(&self) -> &Exact {
        &self.low
    }

    /// The number is not above this.
    #[must_use]
    pub const fn high(&self) -> &Exact {
        &self.high
    }

    /// Whether it is one exact number.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        self.low == self.high
    }

    /// The sum.
    #[must_use]
    pub fn add(&self, other: &Self) -> Self {
        Self {
            low: self.low.add(&other.low),
            high: self.high.add(&other.high),
        }
    }

    /// The difference.
    #[must_use]
    pub fn sub(&self, other: &Self) -> Self {
        Self {
            low: self.low.sub(&other.high),
            high: self.high.sub(&other.low),
        }
    }

    /// The product.
    #[must_use]
    pub fn mul(&self, other: &Self) -> Self {
        if self.is_exact() && other.is_exact() {
            return Self::exact(self.low.mul(&other.low));
        }
        let ends = [
            self.low.mul(&other.low),
            self.low.mul(&other.high),
            self.high.mul(&other.low),
            self.high.mul(&other.high),
        ];
        Self::around(ends)
    }

    /// The quotient; none if the divisor may be zero.
    #[must_use]
    pub fn checked_div(&self, other: &Self) -> Option<Self> {
        if other.low.signum() <= 0 && other.high.signum() >= 0 {
            return None;
        }
        let inverse = Self {
            low: other.high.reciprocal()?,
            high: other.low.reciprocal()?,
        };
        Some(self.mul(&inverse))
    }

    /// The smaller of two.
    #[must_use]
    pub fn min(self, other: Self) -> Self {
        Self {
            low: self.low.min(other.low),
            high: self.high.min(other.high),
        }
    }

    /// The greater of two.
    #[must_use]
    pub fn max(self, other: Self) -> Self {
        Self {
            low: self.low.max(other.low),
            high: self.high.max(other.high),
        }
    }

    /// The natural logarithm; none if the number may be zero or negative.
    #[must_use]
    pub fn ln(&self, bits: usize) -> Option<Self> {
        let low = ln(&self.low, bits)?;
        if self.is_exact() {
            return Some(low);
        }
        Some(Self {
            low: low.low,
            high: ln(&self.high, bits)?.high,
        })
    }

    /// The logarithm to the base of ten; none if the number may be zero or negative.
    #[must_use]
    pub fn log10(&self, bits: usize) -> Option<Self> {
        if self.is_exact()
            && let Some(power) = power_of_ten(&self.low)
        {
            return Some(Self::exact(Exact::from_integer(power)));
        }
        self.ln(bits)?
            .checked_div(&ln(&Exact::from_integer(10), bits)?)
    }

    /// The exponential function; none beyond `exp(1000)`.
    #[must_use]
    pub fn exp(&self, bits: usize) -> Option<Self> {
        let low = exp(&self.low, bits)?;
        if self.is_exact() {
            return Some(low);
        }
        Some(Self {
            low: low.low,
            high: exp(&self.high, bits)?.high,
        })
    }

    /// The power. None for a zero to a power that may not be positive, for a number that may be negative to
    /// a power that is no integer, and beyond a power of 1000 either way.
    #[must_use]
    pub fn power(&self, exponent: &Self, bits: usize) -> Option<Self> {
        if self.is_exact() && exponent.is_exact() {
            return power(&self.low, &exponent.low, bits);
        }
        if self.low.signum() > 0 {
            // One way in each of the two, so the corners hold the extremes.
            let corner = |base: &Exact, exponent: &Exact| power(base, exponent, bits);
            let corners = [
                corner(&self.low, &exponent.low)?,
                corner(&self.low, &exponent.high)?,
                corner(&self.high, &exponent.low)?,
                corner(&self.high, &exponent.high)?,
            ];
            let mut hull: Option<Self> = None;
            for corner in corners {
                hull = Some(match hull {
                    None => corner,
                    Some(hull) => Self {
                        low: hull.low.min(corner.low),
                        high: hull.high.max(corner.high),
                    },
                });
            }
            return hull;
        }
        // Of a negative number only integer powers exist.
        if self.high.signum() < 0 && exponent.is_exact() && exponent.low.is_integer() {
            let positive = Self {
                low: self.high.neg(),
                high: self.low.neg(),
            };
            let power = positive.power(exponent, bits)?;
            let odd = exponent.low.floor()?.rem_euclid(2) == 1;
            return Some(if odd {
                Self {
                    low: power.high.neg(),
                    high: power.low.neg(),
                }
            } else {
                power
            });
        }
        None
    }

    fn around(ends: [Exact; 4]) -> Self {
        let [first, others @ ..] = ends;
        let mut around = Self::exact(first);
        for end in others {
            if end < around.low {
                around.low = end;
            } else if end > around.high {
                around.high = end;
            }
        }
        around
    }

    /// Both bounds in units of `2^-bits`.
    fn of_grid(low: UBig, high: UBig, bits: usize) -> Self {
        Self {
            low: of_grid(low, bits),
            high: of_grid(high, bits),
        }
    }
}

fn of_grid(value: UBig, bits: usize) -> Exact {
    Exact::from_big(RBig::from_parts(IBig::from(value), UBig::ONE << bits))
}

/// Numerator and denominator of a number that is not negative.
fn fraction(value: &Exact) -> Option<(UBig, UBig)> {
    let (numerator, denominator) = value.parts();
    Some((UBig::try_from(numerator).ok()?, denominator))
}

/// The power of ten that a number is.
fn power_of_ten(value: &Exact) -> Option<i64> {
    let (numerator, denominator) = fraction(value)?;
    let exponent_of = |of: &UBig| {
        let ten = UBig::from(10_u8);
        let exponent = (*of > UBig::ZERO).then(|| of.ilog(&ten))?;
        (ten.pow(exponent) == *of)
            .then(|| i64::try_from(exponent).ok())
            .flatten()
    };
    Some(exponent_of(&numerator)? - exponent_of(&denominator)?)
}

fn ln(value: &Exact, bits: usize) -> Option<Enclosure> {
    if value.signum() <= 0 {
        return None;
    }
    let one = Exact::one();
    match value.cmp(&one) {
        core::cmp::Ordering::Equal => Some(Enclosure::exact(Exact::zero())),
        core::cmp::Ordering::Greater => ln_above_one(value, bits),
        core::cmp::Ordering::Less => {
            let inverse = ln_above_one(&value.reciprocal()?, bits)?;
            Some(Enclosure {
                low: inverse.high.neg(),
                high: inverse.low.neg(),
            })
        }
    }
}

/// `ln(m 2^k) = 2 artanh((m - 1) / (m + 1)) + k ln 2`, with m from 1 to below 2.
fn ln_above_one(value: &Exact, bits: usize) -> Option<Enclosure> {
    let (above, mut below) = fraction(value)?;
    let mut doublings = bit_length(&above).saturating_sub(bit_length(&below));
    if (&below << doublings) > above {
        doublings = doublings.saturating_sub(1);
    }
    below <<= doublings;
    if below > above {
        return None;
    }
    let (mut low, mut high) = twice_artanh(&(&above - &below), &(&above + &below), bits);
    if doublings > 0 {
        let (two_low, two_high) = twice_artanh(&UBig::ONE, &UBig::from(3_u8), bits);
        low += two_low * UBig::from(doublings);
        high += two_high * UBig::from(doublings);
    }
    Some(Enclosure::of_grid(low, high, bits))
}

/// `2 (z + z^3/3 + z^5/5 + …)` for z from 0 to a third, in units of `2^-bits`.
fn twice_artanh(above: &UBig, below: &UBig, bits: usize) -> (UBig, UBig) {
    let one = UBig::ONE;
    let mut power_low = (above << bits) / below;
    let mut power_high = &power_low + &one;
    let square_low = (&power_low * &power_low) >> bits;
    let square_high = ((&power_high * &power_high) >> bits) + &one;
    let (mut low, mut high) = (power_low.clone(), power_high.clone());
    let mut divisor = 1_u32;
    while power_high > one {
        power_low = (power_low * &square_low) >> bits;
        power_high = ((power_high * &square_high) >> bits) + &one;
        divisor = divisor.saturating_add(2);
        low += &power_low / divisor;
        high += &power_high / divisor + &one;
    }
    // What is left out is less than an eighth of the last power, which is less than one unit.
    high += one;
    (low << 1_usize, high << 1_usize)
}

fn exp(value: &Exact, bits: usize) -> Option<Enclosure> {
    match value.signum() {
        0 => Some(Enclosure::exact(Exact::one())),
        1.. => exp_above_zero(value, bits),
        _ => {
            let inverse = exp_above_zero(&value.neg(), bits)?;
            Some(Enclosure {
                low: outwards(&inverse.high.reciprocal()?, bits)?.0,
                high: outwards(&inverse.low.reciprocal()?, bits)?.1,
            })
        }
    }
}

/// The neighbours of a number on the grid.
fn outwards(value: &Exact, bits: usize) -> Option<(Exact, Exact)> {
    let (above, below) = fraction(value)?;
    let low = (above << bits) / below;
    let high = &low + UBig::ONE;
    Some((of_grid(low, bits), of_grid(high, bits)))
}

/// `exp(x) = exp(x / 2^s)^(2^s)`, with `x / 2^s` of at most a half.
fn exp_above_zero(value: &Exact, bits: usize) -> Option<Enclosure> {
    if *value > Exact::from_integer(GREATEST_EXPONENT) {
        return None;
    }
    let whole = u64::try_from(value.floor()?.saturating_add(1)).ok()?;
    let halvings = usize::try_from(u64::BITS - whole.leading_zeros())
        .ok()?
        .saturating_add(1);
    // Every squaring doubles the relative error.
    let bits = bits.saturating_add(halvings);
    let one = UBig::ONE;
    let (above, below) = fraction(value)?;
    let small_low = (above << bits) / (below << halvings);
    let small_high = &small_low + &one;
    let mut term_low = &one << bits;
    let mut term_high = term_low.clone();
    let (mut low, mut high) = (term_low.clone(), term_high.clone());
    let mut divisor = 1_u32;
    while term_high > one {
        term_low = ((term_low * &small_low) >> bits) / divisor;
        term_high = ((term_high * &small_high) >> bits) / divisor + &one;
        low += &term_low;
        high += &term_high;
        divisor = divisor.saturating_add(1);
    }
    // What is left out is less than the last term.
    high += &one;
    for _ in 0..halvings {
        low = (&low * &low) >> bits;
        high = ((&high * &high) >> bits) + &one;
    }
    Some(Enclosure::of_grid(low, high, bits))
}

fn power(base: &Exact, exponent: &Exact, bits: usize) -> Option<Enclosure> {
    if exponent.abs() > Exact::from_integer(GREATEST_EXPONENT) {
        return None;
    }
    match (base.signum(), exponent.signum()) {
        (0, 1..) => return Some(Enclosure::exact(Exact::zero())),
        (0, _) => return None,
        (_, 0) => return Some(Enclosure::exact(Exact::one())),
        _ => {}
    }
    if let Some(exact) = rational_power(base, exponent) {
        return Some(Enclosure::exact(exact));
    }
    if base.signum() < 0 {
        return None;
    }
    let (times, root) = exponent.small_parts()?;
    if times == 1 && (root == 2 || root == 3) {
        let root = usize::try_from(root).ok()?;
        let (above, below) = fraction(base)?;
        let low = ((above << bits.saturating_mul(root)) / below).nth_root(root);
        let high = &low + UBig::ONE;
        return Some(Enclosure::of_grid(low, high, bits));
    }
    let exponent = Enclosure::exact(exponent.clone());
    ln(base, bits)?.mul(&exponent).exp(bits)
}

/// The power, if it is a fraction: an integer power, or one of a number that has that root.
fn rational_power(base: &Exact, exponent: &Exact) -> Option<Exact> {
    if *base == Exact::one() {
        return Some(Exact::one());
    }
    let (times, root) = exponent.small_parts()?;
    let times = i32::try_from(times).ok()?;
    let root = usize::try_from(root).ok()?;
    let base = if root == 1 {
        base.clone()
    } else {
        let (above, below) = fraction(base)?;
        let of = |value: &UBig| {
            if value.is_one() {
                return Some(UBig::ONE);
            }
            // Two to the power of the root is too large already.
            if bit_length(value) <= root {
                return None;
            }
            let found = value.nth_root(root);
            (found.pow(root) == *value).then_some(found)
        };
        Exact::from_big(RBig::from_parts(IBig::from(of(&above)?), of(&below)?))
    };
    (base.size_in_bits().saturating_mul(times.unsigned_abs()) <= GREATEST_SIZE)
        .then(|| base.checked_power(times))
        .flatten()
}

fn bit_length(value: &UBig) -> usize {
    use dashu_int::ops::BitTest as _;
    value.bit_len()
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::string_slice,
        clippy::panic,
        reason = "tests fail by panicking"
    )]

    use super::*;
    use crate::Decimal;

    fn number(text: &str) -> Exact {
        Decimal::parse(text).expect("a number").to_exact()
    }

    fn of(text: &str) -> Enclosure {
        Enclosure::exact(number(text))
    }

    /// Whether a value lies between a decimal of the books, cut off, and the next one.
    fn begins(value: &Enclosure, digits: &str) -> bool {
        let places = digits.split_once('.').map_or(0, |(_, places)| places.len());
        let step = Exact::from_scientific(1, -i32::try_from(places).unwrap());
        let (from, to) = if digits.starts_with('-') {
            (number(digits).sub(&step), number(digits))
        } else {
            (number(digits), number(digits).add(&step))
        };
        from <= *value.low() && *value.high() <= to && value.low() < value.high()
    }

    #[test]
    fn known_constants_lie_inside_and_more_bits_come_closer() {
        let mut last: Option<Enclosure> = None;
        for bits in [60, 120, 240] {
            for (value, digits) in [
                (of("2").ln(bits), "0.69314718055994"),
                (of("10").ln(bits), "2.30258509299404"),
                (of("0.5").ln(bits), "-0.69314718055994"),
                (of("1").exp(bits), "2.71828182845904"),
                (of("-1").exp(bits), "0.36787944117144"),
                (of("20.5").exp(bits), "799902177.4755"),
                (of("2").log10(bits), "0.30102999566398"),
                (of("2").power(&of("0.5"), bits), "1.41421356237309"),
                (of("0.5").power(&of("-1.209"), bits), "2.311773413109"),
                (of("70").power(&of("0.425"), bits), "6.083684269728"),
            ] {
                let value = value.expect("a value");
                assert!(begins(&value, digits), "{digits}: {value:?}");
            }
            let root = of("3").power(&of("0.5"), bits).expect("a root");
            if let Some(wider) = &last {
                assert!(wider.low() <= root.low() && root.high() <= wider.high());
            }
            last = Some(root);
        }
    }

    #[test]
    fn what_is_rational_is_exact() {
        let third = Enclosure::exact(Exact::from_ratio(1, 3).expect("a fraction"));
        for (value, exact) in [
            (of("4").power(&of("0.5"), 60), "2"),
            (of("0.25").power(&of("0.5"), 60), "0.5"),
            (of("0.25").power(&of("-1.5"), 60), "8"),
            (of("0.027").power(&third, 60), "0.3"),
            (of("1").power(&of("-1.209"), 60), "1"),
            (of("-2").power(&of("3"), 60), "-8"),
            (of("0").power(&of("0.425"), 60), "0"),
            (of("0.993").power(&of("2"), 60), "0.986049"),
            (of("1000").log10(60), "3"),
            (of("0.01").log10(60), "-2"),
            (of("1").ln(60), "0"),
            (of("0").exp(60), "1"),
        ] {
            assert_eq!(value, Some(of(exact)));
        }
    }

    #[test]
    fn what_has_no_value_has_none() {
        for value in [
            of("0").ln(60),
            of("-1").log10(60),
            of("-4").power(&of("0.5"), 60),
            of("0").power(&of("-1"), 60),
            of("0").power(&of("0"), 60),
            of("2").power(&of("1001"), 60),
            of("1001").exp(60),
            of("1").checked_div(&of("0")),
        ] {
            assert_eq!(value, None);
        }
    }

    #[test]
    fn intervals_hold_the_images_of_their_members() {
        let wide = Enclosure {
            low: number("0.5"),
            high: number("3"),
        };
        let negative = Enclosure {
            low: number("-3"),
            high: number("-0.5"),
        };
        for inside in ["0.5", "1", "2.2", "3"] {
            let holds = |image: Option<Enclosure>, one: Option<Enclosure>| {
                let (image, one) = (image.expect("a value"), one.expect("a value"));
                image.low() <= one.low() && one.high() <= image.high()
            };
            let one = of(inside);
            assert!(holds(wide.ln(60), one.ln(60)));
            assert!(holds(wide.exp(60), one.exp(60)));
            for exponent in ["-1.5", "0.4", "2"] {
                assert!(holds(
                    wide.power(&of(exponent), 60),
                    one.power(&of(exponent), 60)
                ));
            }
            assert!(holds(of("0.7").power(&wide, 60), of("0.7").power(&one, 60)));
            let minus = of(inside).mul(&of("-1"));
            for exponent in ["2", "3"] {
                assert!(holds(
                    negative.power(&of(exponent), 60),
                    minus.power(&of(exponent), 60)
                ));
            }
            assert!(holds(Some(wide.mul(&negative)), Some(one.mul(&negative))));
        }
    }
}
