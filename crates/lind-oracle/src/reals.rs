//! Intervals of exact numbers, compared by trying points.

use lind_model::protocol::Interval;
use lind_time::Tri;
use lind_units::Exact;

use crate::time::all_some_none;

/// One number.
pub(crate) fn point(value: &Exact) -> Interval {
    closed(Some(value.clone()), Some(value.clone()))
}

/// Every number between two, both included.
pub(crate) fn closed(low: Option<Exact>, high: Option<Exact>) -> Interval {
    Interval {
        low: low.map(|end| (end, true)),
        high: high.map(|end| (end, true)),
    }
}

/// Whether a number lies in an interval.
pub(crate) fn lies_in(value: &Exact, interval: &Interval) -> bool {
    if let Some((low, is_closed)) = &interval.low
        && !(value > low || (*is_closed && value == low))
    {
        return false;
    }
    if let Some((high, is_closed)) = &interval.high
        && !(value < high || (*is_closed && value == high))
    {
        return false;
    }
    true
}

/// Every end of the intervals, a number between each two neighbours, and one beyond either side: if
/// an answer is the same for all of these, it is the same for all numbers.
fn telling_points(intervals: &[&Interval]) -> Vec<Exact> {
    let mut ends: Vec<Exact> = intervals
        .iter()
        .flat_map(|interval| [&interval.low, &interval.high])
        .flatten()
        .map(|(end, _)| end.clone())
        .collect();
    ends.push(Exact::zero());
    ends.sort();
    let two = Exact::from_integer(2);
    let mut points = ends.clone();
    for pair in ends.windows(2) {
        if let [a, b] = pair
            && let Some(middle) = a.add(b).checked_div(&two)
        {
            points.push(middle);
        }
    }
    points.extend(ends.first().map(|first| first.sub(&Exact::one())));
    points.extend(ends.last().map(|last| last.add(&Exact::one())));
    points
}

/// Whether all numbers of `values` lie in `wanted`, none, or some; none at all is Maybe.
pub(crate) fn within(values: &Interval, wanted: &Interval) -> Tri {
    all_some_none(
        telling_points(&[values, wanted])
            .iter()
            .filter(|point| lies_in(point, values))
            .map(|point| lies_in(point, wanted)),
    )
}

/// Whether two intervals have a number in common.
pub(crate) fn meet(one: &Interval, other: &Interval) -> bool {
    telling_points(&[one, other])
        .iter()
        .any(|point| lies_in(point, one) && lies_in(point, other))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn interval(low: Option<(i64, bool)>, high: Option<(i64, bool)>) -> Interval {
        let end = |(at, closed): (i64, bool)| (Exact::from_integer(at), closed);
        Interval {
            low: low.map(end),
            high: high.map(end),
        }
    }

    #[test]
    fn an_interval_passes_if_all_of_it_does_and_fails_if_none_does() {
        let at_most_3 = interval(None, Some((3, true)));
        let below = |high| interval(Some((0, true)), Some((high, false)));
        assert_eq!(within(&below(3), &at_most_3), Tri::Yes);
        assert_eq!(within(&below(4), &at_most_3), Tri::Maybe);
        let above_3 = interval(Some((3, false)), None);
        assert_eq!(within(&below(3), &above_3), Tri::No);
        assert_eq!(within(&interval(None, Some((3, true))), &above_3), Tri::No);
        assert_eq!(
            within(&interval(Some((3, false)), None), &above_3),
            Tri::Yes
        );
        assert_eq!(
            within(&interval(Some((3, true)), None), &above_3),
            Tri::Maybe
        );
        assert_eq!(within(&below(0), &above_3), Tri::Maybe);
        assert_eq!(
            within(&point(&Exact::from_integer(3)), &at_most_3),
            Tri::Yes
        );
    }

    #[test]
    fn intervals_that_touch_meet_only_if_both_ends_belong() {
        let to = |closed| interval(None, Some((3, closed)));
        let from = |closed| interval(Some((3, closed)), None);
        assert!(meet(&to(true), &from(true)));
        assert!(!meet(&to(true), &from(false)));
        assert!(!meet(&to(false), &from(true)));
        assert!(meet(&interval(None, None), &to(false)));
    }
}
