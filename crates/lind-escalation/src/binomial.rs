//! Binomial probabilities, exactly.

use lind_units::Exact;

/// The probabilities of a binomial distribution, added up: for each count the probability of at most so many.
///
/// They are held as integers over one denominator, so that adding them up needs no common one.
pub(crate) struct Cumulative {
    /// For each count from zero on.
    sums: Vec<Exact>,
    /// What they are parts of.
    whole: Exact,
}

impl Cumulative {
    /// Of `number` trials that succeed with probability `share`; a share outside 0 to 1 counts as the nearer end.
    pub(crate) fn new(number: u32, share: &Exact) -> Self {
        let counts = number as usize + 1;
        if *share <= Exact::zero() {
            return Self {
                sums: vec![Exact::one(); counts],
                whole: Exact::one(),
            };
        }
        if *share >= Exact::one() {
            let mut sums = vec![Exact::zero(); counts - 1];
            sums.push(Exact::one());
            return Self {
                sums,
                whole: Exact::one(),
            };
        }
        // With odds r = p / (1 - p), the probability of k is C(n, k) r^k over (1 + r)^n. The integers below are
        // these terms without the denominators.
        let (above, below) = odds(share);
        let mut term = power(&below, number);
        let whole = power(&above.add(&below), number);
        let mut sum = term.clone();
        let mut sums = Vec::with_capacity(counts);
        sums.push(sum.clone());
        for count in 0..number {
            term = term
                .mul(&above)
                .mul(&Exact::from(i64::from(number - count)));
            term = term
                .checked_div(&below.mul(&Exact::from(i64::from(count) + 1)))
                .unwrap_or_default();
            sum = sum.add(&term);
            sums.push(sum.clone());
        }
        Self { sums, whole }
    }

    /// The probability of at most `count`.
    pub(crate) fn at_most(&self, count: u32) -> Exact {
        match self.sums.get(count as usize) {
            Some(sum) => sum.checked_div(&self.whole).unwrap_or_default(),
            None => Exact::one(),
        }
    }

    /// Whether the probability of at most `count` is above a limit.
    pub(crate) fn is_above(&self, count: u32, limit: &Exact) -> bool {
        match self.sums.get(count as usize) {
            Some(sum) => *sum > limit.mul(&self.whole),
            None => Exact::one() > *limit,
        }
    }
}

/// A share as whole odds: how many for, how many against.
fn odds(share: &Exact) -> (Exact, Exact) {
    match share.small_parts() {
        Some((above, below)) => (
            Exact::from_parts(above, 1).unwrap_or_default(),
            Exact::from_parts(below - above, 1).unwrap_or_default(),
        ),
        None => (share.clone(), Exact::one().sub(share)),
    }
}

fn power(base: &Exact, exponent: u32) -> Exact {
    i32::try_from(exponent)
        .ok()
        .and_then(|exponent| base.checked_power(exponent))
        .unwrap_or_default()
}

/// The probability that at most `count` of `number` trials succeed, each with probability `share`.
///
/// ```
/// use lind_escalation::binomial_at_most;
/// use lind_units::Exact;
///
/// let half = Exact::from_ratio(1, 2).expect("2 is not zero");
/// assert_eq!(binomial_at_most(1, 3, &half), half);
/// ```
#[must_use]
pub fn binomial_at_most(count: u32, number: u32, share: &Exact) -> Exact {
    Cumulative::new(number, share).at_most(count)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use super::{Cumulative, binomial_at_most};
    use lind_units::Exact;

    fn ratio(above: i64, below: i64) -> Exact {
        Exact::from_ratio(above, below).unwrap()
    }

    #[test]
    fn probabilities_are_those_of_the_definition() {
        // Three throws of a die: no six 125/216, at most one 200/216, at most two 215/216.
        let six = ratio(1, 6);
        assert_eq!(binomial_at_most(0, 3, &six), ratio(125, 216));
        assert_eq!(binomial_at_most(1, 3, &six), ratio(200, 216));
        assert_eq!(binomial_at_most(2, 3, &six), ratio(215, 216));
        assert_eq!(binomial_at_most(3, 3, &six), Exact::one());
        assert_eq!(binomial_at_most(9, 3, &six), Exact::one());
    }

    #[test]
    fn the_ends_are_certain() {
        assert_eq!(binomial_at_most(0, 5, &Exact::zero()), Exact::one());
        assert_eq!(binomial_at_most(4, 5, &Exact::one()), Exact::zero());
        assert_eq!(binomial_at_most(5, 5, &Exact::one()), Exact::one());
        assert_eq!(binomial_at_most(0, 0, &ratio(1, 3)), Exact::one());
    }

    #[test]
    fn a_probability_equal_to_the_limit_is_not_above_it() {
        let sums = Cumulative::new(3, &ratio(1, 2));
        assert!(!sums.is_above(1, &ratio(1, 2)));
        assert!(sums.is_above(1, &ratio(49, 100)));
    }
}
