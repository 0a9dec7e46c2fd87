//! Results that follow each other in time with no other between them.

use lind_model::Truth;

use crate::moments::Moment;

/// A result that may be there.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Neighbour {
    moment: Moment,
    /// It is certainly there.
    sure: bool,
    /// Whether it passes, if it is there.
    passes: Truth,
}

impl Neighbour {
    pub(crate) const fn new(moment: Moment, sure: bool, passes: Truth) -> Self {
        Self {
            moment,
            sure,
            passes,
        }
    }

    fn surely_counts(&self) -> bool {
        self.sure && self.passes == Truth::True
    }

    fn possibly_counts(&self) -> bool {
        self.passes != Truth::False
    }

    fn surely_breaks(&self) -> bool {
        self.sure && self.passes == Truth::False
    }

    fn possibly_breaks(&self) -> bool {
        self.passes != Truth::True
    }
}

/// How long the longest run is at least, and at most.
pub(crate) fn bounds(results: &[Neighbour]) -> (u64, u64) {
    let sure = results.iter().filter(|one| one.surely_counts());
    let possible = results.iter().filter(|one| one.possibly_counts());
    (
        sure.map(|one| surely_around(results, one))
            .max()
            .unwrap_or(0),
        possible
            .map(|one| possibly_from(results, one))
            .max()
            .unwrap_or(0),
    )
}

/// How many results certainly count that have no result that may break the run between them and this one.
fn surely_around(results: &[Neighbour], one: &Neighbour) -> u64 {
    let (mut after, mut before) = (i64::MIN, i64::MAX);
    for other in results.iter().filter(|other| other.possibly_breaks()) {
        if other.moment.surely_before(one.moment) {
            after = after.max(other.moment.last);
        } else if one.moment.surely_before(other.moment) {
            before = before.min(other.moment.first);
        } else {
            return 1;
        }
    }
    number(results.iter().filter(|other| {
        other.surely_counts() && after < other.moment.first && other.moment.last < before
    }))
}

/// How many results that may count can form a run of which this one is over first: none of them lies
/// certainly behind a result that certainly breaks the run after it.
fn possibly_from(results: &[Neighbour], one: &Neighbour) -> u64 {
    let breaks = results.iter().filter(|other| other.surely_breaks());
    let end = breaks
        .filter(|other| one.moment.surely_before(other.moment))
        .map(|other| other.moment.last)
        .min()
        .unwrap_or(i64::MAX);
    number(results.iter().filter(|other| {
        other.possibly_counts() && one.moment.last <= other.moment.last && other.moment.first <= end
    }))
}

fn number<T>(found: impl Iterator<Item = T>) -> u64 {
    u64::try_from(found.count()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use lind_model::OpenKind;

    const UNKNOWN: Truth = Truth::Open(OpenKind::Unknown);

    fn at(first: i64, last: i64, sure: bool, passes: Truth) -> Neighbour {
        let when = None;
        Neighbour::new(Moment { first, last, when }, sure, passes)
    }

    #[test]
    fn a_value_that_fails_breaks_the_run() {
        let of = |values: &[bool]| {
            let results: Vec<Neighbour> = values
                .iter()
                .zip(0..)
                .map(|(passes, time)| at(time, time, true, Truth::of(*passes)))
                .collect();
            bounds(&results)
        };
        assert_eq!(of(&[]), (0, 0));
        assert_eq!(of(&[false]), (0, 0));
        assert_eq!(of(&[true, true, false, true]), (2, 2));
        assert_eq!(of(&[true, false, true, false, true]), (1, 1));
        assert_eq!(of(&[true, true, true]), (3, 3));
    }

    #[test]
    fn a_value_that_may_lie_between_makes_the_run_uncertain() {
        let ends = [at(0, 0, true, Truth::True), at(100, 100, true, Truth::True)];
        let with = |between: Neighbour| bounds(&[ends[0], between, ends[1]]);
        // Known by its month alone, it may have been taken before, between or behind.
        assert_eq!(with(at(-50, 150, true, Truth::False)), (1, 2));
        // It may not count at all, or pass.
        assert_eq!(with(at(50, 50, false, Truth::False)), (1, 2));
        assert_eq!(with(at(50, 50, true, UNKNOWN)), (1, 3));
        // One that passes does not break the run, whether it counts or not.
        assert_eq!(with(at(50, 50, false, Truth::True)), (2, 3));
        // Taken at the same time, nobody knows which came first.
        assert_eq!(with(at(100, 100, true, Truth::False)), (1, 2));
    }
}
