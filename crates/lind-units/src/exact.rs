//! An exact rational number: machine integers as long as they fit, unbounded ones beyond.

use core::cmp::Ordering;
use core::fmt;

use dashu_int::{IBig, UBig};
use dashu_ratio::RBig;

/// An exact rational number. Never a float, never rounded.
///
/// Arithmetic runs on `i128` and moves to unbounded integers when a step does not fit; the result
/// comes back to `i128` as soon as it fits again, so that two equal numbers are always the same
/// value for `==` and for hashing.
///
/// `Display` writes the decimal when it ends within 40 fraction digits (`0.125`), else the fraction
/// in lowest terms (`1/3`).
///
/// ```
/// use lind_units::Exact;
///
/// let third = Exact::from_ratio(1, 3).expect("3 is not zero");
/// let sum = third.add(&third).add(&third);
/// assert_eq!(sum, Exact::one());
/// assert_eq!(third.to_string(), "1/3");
/// assert_eq!(third.to_decimal_text(4), "0.3333…");
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Exact(Repr);

/// Invariant: `Small` whenever numerator and denominator, in lowest terms, both fit.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Repr {
    /// In lowest terms; `denominator > 0`; `numerator != i128::MIN`, so that it can be negated.
    Small { numerator: i128, denominator: i128 },
    /// In lowest terms, and too large for `Small`.
    Big(Box<RBig>),
}

fn greatest_common_divisor(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// `value` as a machine integer if its negation is one too.
fn fits(value: &IBig) -> Option<i128> {
    i128::try_from(value)
        .ok()
        .filter(|&small| small != i128::MIN)
}

impl Exact {
    const fn small(numerator: i128, denominator: i128) -> Self {
        Self(Repr::Small {
            numerator,
            denominator,
        })
    }

    /// Zero.
    #[must_use]
    pub const fn zero() -> Self {
        Self::small(0, 1)
    }

    /// One.
    #[must_use]
    pub const fn one() -> Self {
        Self::small(1, 1)
    }

    /// An integer.
    #[must_use]
    pub const fn from_integer(value: i64) -> Self {
        Self::small(value as i128, 1)
    }

    /// `numerator / denominator`; `None` when the denominator is zero.
    #[must_use]
    pub fn from_ratio(numerator: i64, denominator: i64) -> Option<Self> {
        Self::from_parts(i128::from(numerator), i128::from(denominator))
    }

    /// `numerator / denominator` in lowest terms; `None` when the denominator is zero.
    #[must_use]
    pub fn from_parts(numerator: i128, denominator: i128) -> Option<Self> {
        if denominator == 0 {
            return None;
        }
        let divisor = greatest_common_divisor(numerator.unsigned_abs(), denominator.unsigned_abs());
        let negative = (numerator < 0) != (denominator < 0);
        let (above, below) = (
            numerator.unsigned_abs() / divisor,
            denominator.unsigned_abs() / divisor,
        );
        Some(match (i128::try_from(above), i128::try_from(below)) {
            (Ok(above), Ok(below)) => Self::small(if negative { -above } else { above }, below),
            // Only ±2^127 does not fit.
            _ => {
                let above = IBig::from(above);
                Self::from_big(RBig::from_parts(
                    if negative { -above } else { above },
                    UBig::from(below),
                ))
            }
        })
    }

    /// `mantissa × 10^exponent`.
    #[must_use]
    pub fn from_scientific(mantissa: i128, exponent: i32) -> Self {
        let power = Self::power_of_ten(exponent.unsigned_abs());
        let mantissa = Self::from_parts(mantissa, 1).unwrap_or_else(Self::zero);
        if exponent < 0 {
            // A power of ten is not zero.
            mantissa.checked_div(&power).unwrap_or_else(Self::zero)
        } else {
            mantissa.mul(&power)
        }
    }

    fn power_of_ten(exponent: u32) -> Self {
        match 10_i128.checked_pow(exponent) {
            Some(power) => Self::small(power, 1),
            None => Self::from_big(RBig::from(IBig::from(10).pow(exponent as usize))),
        }
    }

    /// Back to machine integers when they suffice.
    pub(crate) fn from_big(value: RBig) -> Self {
        match (fits(value.numerator()), i128::try_from(value.denominator())) {
            (Some(numerator), Ok(denominator)) => Self::small(numerator, denominator),
            _ => Self(Repr::Big(Box::new(value))),
        }
    }

    fn to_big(&self) -> RBig {
        match &self.0 {
            Repr::Small {
                numerator,
                denominator,
            } => RBig::from_parts(
                IBig::from(*numerator),
                UBig::from(denominator.unsigned_abs()),
            ),
            Repr::Big(value) => (**value).clone(),
        }
    }

    /// Numerator and denominator in lowest terms, when both are machine integers.
    #[must_use]
    pub fn small_parts(&self) -> Option<(i128, i128)> {
        match self.0 {
            Repr::Small {
                numerator,
                denominator,
            } => Some((numerator, denominator)),
            Repr::Big(_) => None,
        }
    }

    /// Numerator and denominator in lowest terms.
    pub(crate) fn parts(&self) -> (IBig, UBig) {
        self.to_big().into_parts()
    }

    /// The sum.
    #[must_use]
    pub fn add(&self, other: &Self) -> Self {
        self.add_small(other)
            .unwrap_or_else(|| Self::from_big(self.to_big() + other.to_big()))
    }

    fn add_small(&self, other: &Self) -> Option<Self> {
        let ((a, b), (c, d)) = (self.small_parts()?, other.small_parts()?);
        if b == d {
            return Self::from_parts(a.checked_add(c)?, b);
        }
        let shared = i128::try_from(greatest_common_divisor(b.unsigned_abs(), d.unsigned_abs()))
            .ok()
            .filter(|&shared| shared != 0)?;
        let numerator = a
            .checked_mul(d / shared)?
            .checked_add(c.checked_mul(b / shared)?)?;
        Self::from_parts(numerator, (b / shared).checked_mul(d)?)
    }

    /// The difference.
    #[must_use]
    pub fn sub(&self, other: &Self) -> Self {
        self.add(&other.neg())
    }

    /// The product.
    #[must_use]
    pub fn mul(&self, other: &Self) -> Self {
        self.mul_small(other)
            .unwrap_or_else(|| Self::from_big(self.to_big() * other.to_big()))
    }

    fn mul_small(&self, other: &Self) -> Option<Self> {
        let ((a, b), (c, d)) = (self.small_parts()?, other.small_parts()?);
        // Cancelling first keeps the products small, and the result in lowest terms.
        let across = |above: i128, below: i128| {
            i128::try_from(greatest_common_divisor(
                above.unsigned_abs(),
                below.unsigned_abs(),
            ))
            .ok()
            .filter(|&shared| shared != 0)
        };
        let (first, second) = (across(a, d)?, across(c, b)?);
        let numerator = (a / first).checked_mul(c / second)?;
        let denominator = (b / second).checked_mul(d / first)?;
        (numerator != i128::MIN).then(|| Self::small(numerator, denominator))
    }

    /// The quotient; `None` when `other` is zero.
    #[must_use]
    pub fn checked_div(&self, other: &Self) -> Option<Self> {
        Some(self.mul(&other.reciprocal()?))
    }

    /// One divided by the number; `None` for zero.
    #[must_use]
    pub fn reciprocal(&self) -> Option<Self> {
        match &self.0 {
            Repr::Small {
                numerator,
                denominator,
            } => Self::from_parts(*denominator, *numerator),
            Repr::Big(value) => {
                let (numerator, denominator) = (value.numerator(), value.denominator());
                (!numerator.is_zero()).then(|| {
                    Self::from_big(RBig::from_parts_signed(
                        IBig::from(denominator.clone()),
                        numerator.clone(),
                    ))
                })
            }
        }
    }

    /// The number raised to an integer power; `None` for a negative power of zero.
    ///
    /// The size of the result grows with the power: bound it before calling with input from
    /// outside.
    #[must_use]
    pub fn checked_power(&self, exponent: i32) -> Option<Self> {
        let mut base = if exponent < 0 {
            self.reciprocal()?
        } else {
            self.clone()
        };
        let mut left = exponent.unsigned_abs();
        let mut result = Self::one();
        while left > 0 {
            if left & 1 == 1 {
                result = result.mul(&base);
            }
            left >>= 1;
            if left > 0 {
                base = base.mul(&base);
            }
        }
        Some(result)
    }

    /// The number with the other sign.
    #[must_use]
    pub fn neg(&self) -> Self {
        match &self.0 {
            Repr::Small {
                numerator,
                denominator,
            } => Self::small(-numerator, *denominator),
            Repr::Big(value) => Self::from_big(-(**value).clone()),
        }
    }

    /// The number without its sign.
    #[must_use]
    pub fn abs(&self) -> Self {
        if self.signum() < 0 {
            self.neg()
        } else {
            self.clone()
        }
    }

    /// -1 below zero, 0 for zero, 1 above.
    #[must_use]
    pub fn signum(&self) -> i32 {
        let order = match &self.0 {
            Repr::Small { numerator, .. } => numerator.cmp(&0),
            Repr::Big(value) => value.numerator().cmp(&IBig::ZERO),
        };
        match order {
            Ordering::Less => -1,
            Ordering::Equal => 0,
            Ordering::Greater => 1,
        }
    }

    /// Whether the number is zero.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.signum() == 0
    }

    /// Whether the number is an integer.
    #[must_use]
    pub fn is_integer(&self) -> bool {
        match &self.0 {
            Repr::Small { denominator, .. } => *denominator == 1,
            Repr::Big(value) => value.denominator().is_one(),
        }
    }

    /// The greatest integer not above the number; `None` when it does not fit 64 bits.
    #[must_use]
    pub fn floor(&self) -> Option<i64> {
        match &self.0 {
            Repr::Small {
                numerator,
                denominator,
            } => i64::try_from(numerator.div_euclid(*denominator)).ok(),
            Repr::Big(value) => i64::try_from(&value.floor()).ok(),
        }
    }

    /// How many bits numerator and denominator take together: a measure of size for limits.
    pub(crate) fn size_in_bits(&self) -> u32 {
        let bits = |value: u128| u128::BITS - value.leading_zeros();
        match &self.0 {
            Repr::Small {
                numerator,
                denominator,
            } => bits(numerator.unsigned_abs()) + bits(denominator.unsigned_abs()),
            Repr::Big(value) => {
                let (numerator, denominator) = (**value).clone().into_parts();
                let (_, magnitude) = numerator.into_parts();
                let bits =
                    |value: &UBig| u32::try_from(value.to_le_bytes().len()).unwrap_or(u32::MAX);
                bits(&magnitude)
                    .saturating_add(bits(&denominator))
                    .saturating_mul(8)
            }
        }
    }
}

impl Ord for Exact {
    fn cmp(&self, other: &Self) -> Ordering {
        if let (Some((a, b)), Some((c, d))) = (self.small_parts(), other.small_parts()) {
            if b == d {
                return a.cmp(&c);
            }
            if let (Some(left), Some(right)) = (a.checked_mul(d), c.checked_mul(b)) {
                return left.cmp(&right);
            }
        }
        self.to_big().cmp(&other.to_big())
    }
}

impl PartialOrd for Exact {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Default for Exact {
    fn default() -> Self {
        Self::zero()
    }
}

impl From<i64> for Exact {
    fn from(value: i64) -> Self {
        Self::from_integer(value)
    }
}

impl fmt::Debug for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Exact({self})")
    }
}
