//! Which level is the maximum tolerated dose, by isotonic regression.

use lind_units::Exact;

use crate::ratio;
use crate::table::Tally;

/// Levels whose rates would fall from one to the next are estimated together.
struct Pool {
    first: usize,
    last: usize,
    /// The sum of the weights.
    weight: Exact,
    /// The sum of the rates, each times its weight.
    total: Exact,
}

impl Pool {
    fn rate(&self) -> Exact {
        self.total.checked_div(&self.weight).unwrap_or_default()
    }
}

/// The level whose rate of toxicities, made rising from level to level, is nearest the target; none if nobody
/// counts at any level that may be used.
///
/// A level's rate is `(x + 0.05) / (n + 0.1)`, weighted by the inverse of the variance that a prior
/// `Beta(0.05, 0.05)` leaves, as the authors of BOIN do it (`select.mtd` of their package). Levels with the same
/// estimate: the highest if it is below the target, else the lowest. Of two estimates as far from the target: the
/// lower.
///
/// ```
/// use lind_escalation::{Tally, select_by_isotonic_regression};
/// use lind_units::Exact;
///
/// let tallies = [Tally::new(0, 3), Tally::new(0, 3), Tally::new(4, 15), Tally::new(4, 9)];
/// let target = Exact::from_ratio(30, 100).expect("100 is not zero");
/// assert_eq!(select_by_isotonic_regression(&tallies, None, &target), Some(2));
/// // The highest level was eliminated together with the one below.
/// assert_eq!(select_by_isotonic_regression(&tallies, Some(2), &target), Some(1));
/// ```
#[must_use]
pub fn select_by_isotonic_regression(
    tallies: &[Tally],
    eliminated_from: Option<usize>,
    target: &Exact,
) -> Option<usize> {
    let usable = eliminated_from.unwrap_or(usize::MAX);
    let mut pools: Vec<Pool> = Vec::new();
    let counted = tallies.iter().enumerate().take(usable);
    for (level, tally) in counted.filter(|(_, tally)| tally.evaluable > 0) {
        let mut pool = pool_of(level, *tally)?;
        while let Some(below) = pools.pop_if(|below| below.rate() >= pool.rate()) {
            pool = Pool {
                first: below.first,
                last: pool.last,
                weight: below.weight.add(&pool.weight),
                total: below.total.add(&pool.total),
            };
        }
        pools.push(pool);
    }
    let mut nearest: Option<(Exact, usize)> = None;
    for pool in &pools {
        let rate = pool.rate();
        let level = if rate < *target {
            pool.last
        } else {
            pool.first
        };
        let distance = rate.sub(target).abs();
        if nearest.as_ref().is_none_or(|(least, _)| distance < *least) {
            nearest = Some((distance, level));
        }
    }
    nearest.map(|(_, level)| level)
}

fn pool_of(level: usize, tally: Tally) -> Option<Pool> {
    let with = Exact::from(i64::from(tally.dlts)).add(&ratio(1, 20));
    let without =
        Exact::from(i64::from(tally.evaluable.saturating_sub(tally.dlts))).add(&ratio(1, 20));
    let all = with.add(&without);
    // The variance of Beta(a, b) is ab / ((a + b)^2 (a + b + 1)).
    let weight = all
        .mul(&all)
        .mul(&all.add(&Exact::one()))
        .checked_div(&with.mul(&without))?;
    Some(Pool {
        first: level,
        last: level,
        total: weight.mul(&with).checked_div(&all)?,
        weight,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use super::select_by_isotonic_regression;
    use crate::Tally;
    use lind_units::Exact;

    fn select(tallies: &[(u32, u32)]) -> Option<usize> {
        let tallies: Vec<Tally> = tallies
            .iter()
            .map(|&(dlts, evaluable)| Tally::new(dlts, evaluable))
            .collect();
        select_by_isotonic_regression(&tallies, None, &Exact::from_ratio(30, 100).unwrap())
    }

    #[test]
    fn rates_that_rise_are_left_alone() {
        assert_eq!(select(&[(0, 3), (1, 6), (3, 6)]), Some(1));
        assert_eq!(select(&[(0, 3), (2, 6), (3, 6)]), Some(1));
    }

    #[test]
    fn rates_that_fall_are_estimated_together() {
        // 2/6 and 1/6 make about 1/4 of both, which is below the target: the higher of the two.
        assert_eq!(select(&[(0, 3), (2, 6), (1, 6)]), Some(2));
        // 3/6 and 2/6 make about 5/12, which is above: the lower of the two.
        assert_eq!(select(&[(3, 6), (2, 6)]), Some(0));
    }

    #[test]
    fn levels_that_nobody_was_treated_at_are_not_selected() {
        assert_eq!(select(&[(0, 3), (0, 3), (0, 0), (0, 0)]), Some(1));
        assert_eq!(select(&[(0, 0)]), None);
        assert_eq!(select(&[]), None);
    }
}
