//! Exact confidence bounds of a share (Clopper and Pearson 1934).

use core::cmp::Ordering;
use core::fmt;

use lind_units::Exact;

use crate::binomial::Cumulative;
use crate::ratio;

/// The most of which a share is asked for.
const MOST: u32 = 2000;
/// The most fraction digits.
const MOST_DIGITS: u32 = 12;

/// Why a share has no bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IntervalError {
    /// More were counted than there are, or there is nobody.
    Count,
    /// There are too many for an exact answer in good time.
    TooMany,
    /// The confidence is not between 0 and 1.
    Confidence,
    /// More than 12 digits were asked for.
    Digits,
}

impl fmt::Display for IntervalError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count => {
                formatter.write_str("more are counted than there are, or there is nobody")
            }
            Self::TooMany => write!(formatter, "exact bounds are computed for at most {MOST}"),
            Self::Confidence => formatter.write_str("the confidence is not between 0 % and 100 %"),
            Self::Digits => write!(
                formatter,
                "bounds are computed to at most {MOST_DIGITS} digits"
            ),
        }
    }
}

impl core::error::Error for IntervalError {}

/// A confidence bound, which is seldom a fraction: it lies between two that are `10^-digits` apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bound {
    /// It is not below this.
    pub low: Exact,
    /// It is not above this.
    pub high: Exact,
    /// It, rounded to the digits that were asked for, halves up. No second rounding is in it.
    pub rounded: Exact,
}

impl Bound {
    fn exactly(value: Exact) -> Self {
        Self {
            low: value.clone(),
            high: value.clone(),
            rounded: value,
        }
    }
}

/// A confidence interval of a share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExactInterval {
    /// Its lower end.
    pub lower: Bound,
    /// Its upper end.
    pub upper: Bound,
}

/// The exact two-sided interval of `events` of `of`, its bounds to so many fraction digits of the share.
///
/// ```
/// use lind_escalation::clopper_pearson;
/// use lind_units::Exact;
///
/// let confidence = Exact::from_ratio(95, 100).expect("100 is not zero");
/// let interval = clopper_pearson(7, 8, &confidence, 3)?;
/// assert_eq!(interval.lower.rounded.to_string(), "0.473");
/// assert_eq!(interval.upper.rounded.to_string(), "0.997");
/// # Ok::<(), lind_escalation::IntervalError>(())
/// ```
///
/// # Errors
/// More events than there are, nobody, more than 2000, a confidence that is not between 0 and 1, more than 12 digits.
pub fn clopper_pearson(
    events: u32,
    of: u32,
    confidence: &Exact,
    digits: u32,
) -> Result<ExactInterval, IntervalError> {
    let one_sided = Exact::one().add(confidence).mul(&ratio(1, 2));
    Ok(ExactInterval {
        lower: lower_bound(events, of, &one_sided, digits)?,
        upper: upper_bound(events, of, &one_sided, digits)?,
    })
}

/// The exact one-sided upper bound: the share under which as few events have the probability `1 − confidence`.
///
/// ```
/// use lind_escalation::upper_bound;
/// use lind_units::Exact;
///
/// let confidence = Exact::from_ratio(95, 100).expect("100 is not zero");
/// assert_eq!(upper_bound(0, 3, &confidence, 2)?.rounded.to_string(), "0.63");
/// # Ok::<(), lind_escalation::IntervalError>(())
/// ```
///
/// # Errors
/// As for [`clopper_pearson`].
pub fn upper_bound(
    events: u32,
    of: u32,
    confidence: &Exact,
    digits: u32,
) -> Result<Bound, IntervalError> {
    check(events, of, confidence, digits)?;
    if events == of {
        return Ok(Bound::exactly(Exact::one()));
    }
    let limit = Exact::one().sub(confidence);
    // The probability falls as the share rises; the bound is where it meets the limit.
    Ok(crossing(digits, &|share| {
        Cumulative::new(of, share).at_most(events).cmp(&limit)
    }))
}

/// The exact one-sided lower bound: the share under which as many events have the probability `1 − confidence`.
///
/// # Errors
/// As for [`clopper_pearson`].
pub fn lower_bound(
    events: u32,
    of: u32,
    confidence: &Exact,
    digits: u32,
) -> Result<Bound, IntervalError> {
    check(events, of, confidence, digits)?;
    let Some(fewer) = events.checked_sub(1) else {
        return Ok(Bound::exactly(Exact::zero()));
    };
    Ok(crossing(digits, &|share| {
        Cumulative::new(of, share).at_most(fewer).cmp(confidence)
    }))
}

fn check(events: u32, of: u32, confidence: &Exact, digits: u32) -> Result<(), IntervalError> {
    if events > of || of == 0 {
        return Err(IntervalError::Count);
    }
    if of > MOST {
        return Err(IntervalError::TooMany);
    }
    if *confidence <= Exact::zero() || *confidence >= Exact::one() {
        return Err(IntervalError::Confidence);
    }
    if digits > MOST_DIGITS {
        return Err(IntervalError::Digits);
    }
    Ok(())
}

/// Where a probability that falls as the share rises meets its limit, on a grid of `10^-digits`. It is told by how
/// the probability compares with the limit.
fn crossing(digits: u32, compared: &dyn Fn(&Exact) -> Ordering) -> Bound {
    let parts = 10_i64.pow(digits);
    let at = |place: i64| ratio(place, parts);
    let (mut low, mut high) = (0, parts);
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        match compared(&at(middle)) {
            Ordering::Greater => low = middle,
            Ordering::Equal => return Bound::exactly(at(middle)),
            Ordering::Less => high = middle,
        }
    }
    let is_nearer_high = compared(&ratio(2 * low + 1, 2 * parts)).is_ge();
    Bound {
        low: at(low),
        high: at(high),
        rounded: at(if is_nearer_high { high } else { low }),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use super::{IntervalError, clopper_pearson, upper_bound};
    use crate::ratio;

    fn in_percent(events: u32, of: u32) -> (String, String) {
        let interval = clopper_pearson(events, of, &ratio(95, 100), 3).unwrap();
        let shown = |bound: &lind_units::Exact| bound.mul(&ratio(100, 1)).rounded_text(1);
        (
            shown(&interval.lower.rounded),
            shown(&interval.upper.rounded),
        )
    }

    fn pair(low: &str, high: &str) -> (String, String) {
        (low.to_owned(), high.to_owned())
    }

    #[test]
    fn intervals_are_those_of_the_tables() {
        assert_eq!(in_percent(8, 8), pair("63.1", "100.0"));
        assert_eq!(in_percent(7, 8), pair("47.3", "99.7"));
        assert_eq!(in_percent(4, 8), pair("15.7", "84.3"));
        assert_eq!(in_percent(0, 8), pair("0.0", "36.9"));
    }

    #[test]
    fn upper_bounds_of_the_first_cohorts() {
        for (of, percent) in [(3, "63"), (2, "78"), (1, "95")] {
            let bound = upper_bound(0, of, &ratio(95, 100), 2).unwrap();
            assert_eq!(bound.rounded.mul(&ratio(100, 1)).to_string(), percent);
        }
    }

    #[test]
    fn a_bound_lies_between_its_fractions() {
        // The upper bound of none of two is 1 - 0.05^(1/2) = 0.77639320225…
        let bound = upper_bound(0, 2, &ratio(95, 100), 9).unwrap();
        assert_eq!(bound.low.to_string(), "0.776393202");
        assert_eq!(bound.high.to_string(), "0.776393203");
        assert_eq!(bound.rounded, bound.low);
    }

    #[test]
    fn what_has_no_bounds_says_why() {
        let confidence = ratio(95, 100);
        let error = |events, of, digits| clopper_pearson(events, of, &confidence, digits).err();
        assert_eq!(error(9, 8, 3), Some(IntervalError::Count));
        assert_eq!(error(0, 0, 3), Some(IntervalError::Count));
        assert_eq!(error(0, 2001, 3), Some(IntervalError::TooMany));
        assert_eq!(error(0, 8, 13), Some(IntervalError::Digits));
        assert_eq!(
            clopper_pearson(0, 8, &ratio(1, 1), 3).err(),
            Some(IntervalError::Confidence)
        );
    }
}
