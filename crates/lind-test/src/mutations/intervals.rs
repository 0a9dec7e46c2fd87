//! Limits: the comparison, its direction, and a step up or down.

use lind_model::protocol::Interval;
use lind_units::Exact;

use crate::mutations::becomes;

/// The most digits behind the point that a limit is told to have.
const MOST_DIGITS: u32 = 12;
/// The most values of a scale that two intervals are compared on.
const MOST_VALUES: usize = 10_000;

/// An interval in place of another.
pub(super) struct Changed {
    pub(super) change: String,
    pub(super) interval: Interval,
    pub(super) is_equivalent: bool,
}

/// The values that something can have, if they can be counted: the first, the last, and the step between.
#[derive(Clone)]
pub(super) struct Scale {
    pub(super) first: Exact,
    pub(super) last: Exact,
    pub(super) step: Exact,
}

/// The step in which a limit is written: 1 for 90, 0.1 for 1.5.
pub(super) fn step_of(limit: &Exact) -> Exact {
    let mut step = Exact::one();
    let ten = Exact::from_integer(10);
    for _ in 0..MOST_DIGITS {
        if limit
            .checked_div(&step)
            .is_none_or(|steps| steps.is_integer())
        {
            break;
        }
        step = step.checked_div(&ten).unwrap_or(step);
    }
    step
}

/// The interval with each end open in place of closed or the reverse, each end a step further, and, if it has
/// one end, on the other side of it.
pub(super) fn intervals(
    interval: &Interval,
    step: Option<&Exact>,
    scale: Option<&Scale>,
    unit: &str,
) -> Vec<Changed> {
    let mut others: Vec<Interval> = Vec::new();
    let exchanged =
        |end: &Option<(Exact, bool)>| end.as_ref().map(|(limit, closed)| (limit.clone(), !closed));
    let moved = |end: &(Exact, bool), up: bool| {
        let step = step.cloned().unwrap_or_else(|| step_of(&end.0));
        let limit = if up {
            end.0.add(&step)
        } else {
            end.0.sub(&step)
        };
        Some((limit, end.1))
    };
    let is_point =
        matches!((&interval.low, &interval.high), (Some(low), Some(high)) if low.0 == high.0);
    if is_point {
        // `= 3`: a step up or down keeps it a point.
        for up in [true, false] {
            if let (Some(low), Some(high)) = (&interval.low, &interval.high) {
                others.push(Interval {
                    low: moved(low, up),
                    high: moved(high, up),
                });
            }
        }
    } else {
        if let Some(low) = &interval.low {
            others.push(Interval {
                low: exchanged(&interval.low),
                ..interval.clone()
            });
            others.extend([true, false].map(|up| Interval {
                low: moved(low, up),
                ..interval.clone()
            }));
        }
        if let Some(high) = &interval.high {
            others.push(Interval {
                high: exchanged(&interval.high),
                ..interval.clone()
            });
            others.extend([true, false].map(|up| Interval {
                high: moved(high, up),
                ..interval.clone()
            }));
        }
        if interval.low.is_none() != interval.high.is_none() {
            others.push(Interval {
                low: interval.high.clone(),
                high: interval.low.clone(),
            });
        }
    }
    others
        .into_iter()
        .map(|other| Changed {
            change: becomes(&words(interval, unit), &words(&other, unit)),
            is_equivalent: scale.is_some_and(|scale| same_on(scale, interval, &other)),
            interval: other,
        })
        .collect()
}

/// Whether two intervals hold the same values of a scale.
fn same_on(scale: &Scale, one: &Interval, other: &Interval) -> bool {
    let mut value = scale.first.clone();
    for _ in 0..MOST_VALUES {
        if value > scale.last {
            return true;
        }
        if one.contains(&value) != other.contains(&value) {
            return false;
        }
        value = value.add(&scale.step);
    }
    false
}

/// An interval as it is written in a protocol.
pub(super) fn words(interval: &Interval, unit: &str) -> String {
    let blank = if unit.is_empty() { "" } else { " " };
    match (&interval.low, &interval.high) {
        (None, None) => "anything".to_owned(),
        (Some((low, closed)), None) => {
            format!("{} {low}{blank}{unit}", if *closed { ">=" } else { ">" })
        }
        (None, Some((high, closed))) => {
            format!("{} {high}{blank}{unit}", if *closed { "<=" } else { "<" })
        }
        (Some((low, true)), Some((high, true))) if low == high => format!("= {low}{blank}{unit}"),
        (Some((low, low_in)), Some((high, high_in))) => {
            let ends = match (low_in, high_in) {
                (true, true) => "",
                (false, false) => ", both excluded",
                (true, false) => ", upper end excluded",
                (false, true) => ", lower end excluded",
            };
            format!("{low} to {high}{blank}{unit}{ends}")
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use lind_model::protocol::{Comparison, Interval};
    use lind_units::Exact;

    use super::{Scale, intervals, step_of};

    #[test]
    fn a_limit_moves_by_the_last_digit_it_is_written_with() {
        assert_eq!(step_of(&Exact::from_integer(90)), Exact::one());
        let one_and_a_half = Exact::from_ratio(3, 2).unwrap();
        assert_eq!(step_of(&one_and_a_half), Exact::from_ratio(1, 10).unwrap());
        // A third is never written out; its step is small, and it ends.
        assert!(step_of(&Exact::from_ratio(1, 3).unwrap()) < one_and_a_half);
    }

    #[test]
    fn more_than_eight_of_whole_points_is_at_least_nine() {
        let scale = Scale {
            first: Exact::zero(),
            last: Exact::from_integer(22),
            step: Exact::one(),
        };
        let above = Interval::comparison(Comparison::MoreThan, Exact::from_integer(22));
        let changed = intervals(&above, Some(&Exact::one()), Some(&scale), "points");
        let equivalent: Vec<&str> = changed
            .iter()
            .filter(|changed| changed.is_equivalent)
            .map(|changed| changed.change.as_str())
            .collect();
        // Nobody has more than 22 points of 22.
        assert_eq!(equivalent, ["`> 22 points` becomes `> 23 points`"]);
    }
}
