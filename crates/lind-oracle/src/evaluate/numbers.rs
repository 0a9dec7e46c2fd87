//! The number that a selector gives, between two bounds (section 4).

use lind_model::protocol::{Interval, Selector, Shape, Test};
use lind_time::Tri;
use lind_units::{Exact, Unit};

use super::one_value::{quantity, score};
use super::values::{Candidate, chosen};
use crate::reals::within;

/// An end of an interval, and whether it belongs; none if there is no end.
pub(super) type End = Option<(Exact, bool)>;

/// The numbers that a candidate can be; any number, if they cannot be told.
fn numbers(shape: &Shape, unit: Option<&Unit>, candidate: &Candidate) -> Interval {
    let read = candidate
        .value
        .as_ref()
        .and_then(|value| match (shape, unit) {
            (Shape::Quantity(shape), Some(unit)) => quantity(shape, value, unit),
            (shape @ Shape::Score { .. }, _) => score(shape, value),
            _ => None,
        });
    read.unwrap_or(Interval {
        low: None,
        high: None,
    })
}

/// Whether the mean passes a test.
pub(super) fn mean_passes(shape: &Shape, test: &Test, candidates: &[Candidate]) -> Tri {
    let (unit, interval) = match test {
        Test::Quantity(interval, unit) => (Some(unit), interval),
        Test::Score(interval) => (None, interval),
        _ => return Tri::Maybe,
    };
    match between(shape, unit, Selector::Mean, candidates) {
        Some(mean) => within(&mean, interval),
        None => Tri::Maybe,
    }
}

/// Between which numbers the value lies that a selector gives; none if there may be none.
pub(super) fn between(
    shape: &Shape,
    unit: Option<&Unit>,
    selector: Selector,
    candidates: &[Candidate],
) -> Option<Interval> {
    let of = |wanted: Tri| -> Vec<Interval> {
        candidates
            .iter()
            .filter(|candidate| candidate.membership == wanted)
            .map(|candidate| numbers(shape, unit, candidate))
            .collect()
    };
    let (sure, possible) = (of(Tri::Yes), of(Tri::Maybe));
    if sure.is_empty() {
        return None;
    }
    match selector {
        Selector::Latest | Selector::First => {
            let chosen: Vec<Interval> = chosen(selector, candidates)
                .into_iter()
                .map(|candidate| numbers(shape, unit, candidate))
                .collect();
            Some(Interval {
                low: outermost(chosen.iter().map(|one| one.low.clone()), false, true),
                high: outermost(chosen.iter().map(|one| one.high.clone()), true, true),
            })
        }
        Selector::Highest => {
            let lows = sure
                .iter()
                .map(|one| one.low.clone())
                .filter(Option::is_some);
            let highs = sure.iter().chain(&possible).map(|one| one.high.clone());
            Some(Interval {
                low: outermost(lows, true, false),
                high: outermost(highs, true, true),
            })
        }
        Selector::Lowest => {
            let lows = sure.iter().chain(&possible).map(|one| one.low.clone());
            let highs = sure
                .iter()
                .map(|one| one.high.clone())
                .filter(Option::is_some);
            Some(Interval {
                low: outermost(lows, false, true),
                high: outermost(highs, false, false),
            })
        }
        Selector::Mean => {
            let ends = |of: &[Interval], high: bool| -> Vec<End> {
                of.iter()
                    .map(|one| {
                        if high {
                            one.high.clone()
                        } else {
                            one.low.clone()
                        }
                    })
                    .collect()
            };
            Some(Interval {
                low: extreme_mean(&ends(&sure, false), &ends(&possible, false), false),
                high: extreme_mean(&ends(&sure, true), &ends(&possible, true), true),
            })
        }
        Selector::Worst | Selector::Any | Selector::Every => None,
    }
}

/// The highest (or lowest) of some ends; none if one of them has no end. Where several are equal, it belongs if
/// one of them does, or only if all of them do.
pub(super) fn outermost(
    ends: impl Iterator<Item = End>,
    highest: bool,
    one_is_enough: bool,
) -> End {
    let ends: Vec<(Exact, bool)> = ends.collect::<Option<_>>()?;
    let numbers = ends.iter().map(|(number, _)| number);
    let outermost = if highest {
        numbers.max()
    } else {
        numbers.min()
    }?
    .clone();
    let mut belongs = ends
        .iter()
        .filter(|(number, _)| *number == outermost)
        .map(|(_, belongs)| *belongs);
    let belongs = if one_is_enough {
        belongs.any(|one| one)
    } else {
        belongs.all(|one| one)
    };
    Some((outermost, belongs))
}

/// The highest (or lowest) mean of the sure ends with any of the possible ones: tried with none, with the
/// outermost, with the two outermost, and so on.
fn extreme_mean(sure: &[End], possible: &[End], highest: bool) -> End {
    let sure: Vec<(Exact, bool)> = sure.iter().cloned().collect::<Option<_>>()?;
    let mut possible: Vec<(Exact, bool)> = possible.iter().cloned().collect::<Option<_>>()?;
    possible.sort_by(|(one, one_belongs), (other, other_belongs)| {
        let by_number = if highest {
            other.cmp(one)
        } else {
            one.cmp(other)
        };
        by_number.then(other_belongs.cmp(one_belongs))
    });
    let means: Option<Vec<(Exact, bool)>> = (0..=possible.len())
        .map(|count| {
            let taken: Vec<&(Exact, bool)> =
                sure.iter().chain(possible.iter().take(count)).collect();
            let sum = taken
                .iter()
                .fold(Exact::zero(), |sum, (number, _)| sum.add(number));
            let mean = sum.checked_div(&Exact::from_integer(i64::try_from(taken.len()).ok()?))?;
            Some((mean, taken.iter().all(|(_, belongs)| *belongs)))
        })
        .collect();
    outermost(means?.into_iter().map(Some), highest, true)
}
