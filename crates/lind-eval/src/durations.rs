//! How long something lasted, and for how long it has been over.

use std::cmp::Ordering;

use lind_model::protocol::{Comparison, Lasting};
use lind_time::{Day, MonthEnd, Offset, Precision, Tri};

use crate::moments::{Moment, tri};
use crate::rows::{End, Extent};

/// The seconds of the unit in which a length is counted: civil days for days and months, else as fine as
/// the length asks.
fn grain(length: Offset) -> i64 {
    match lind_time::Grain::of(length).precision() {
        Precision::Second => 1,
        Precision::Minute => 60,
        _ => 86_400,
    }
}

/// A time in units of the grain, so much later.
pub(crate) fn later(unit: i64, length: Offset, rule: MonthEnd) -> i64 {
    match length {
        Offset::Clock { seconds } => unit.saturating_add(seconds.div_euclid(grain(length))),
        Offset::Days { days } => unit.saturating_add(days),
        Offset::Calendar { months } => Day::from_number(unit)
            .and_then(|day| day.add_months(months, rule))
            .map_or(
                // Past everything that can be recorded.
                if months < 0 {
                    i64::MIN / 4
                } else {
                    i64::MAX / 4
                },
                |(day, _)| i64::from(day.number()),
            ),
    }
}

/// How two times that are known to an interval compare.
fn compare(comparison: Comparison, left: (i64, i64), right: (i64, i64)) -> Tri {
    let before = tri(left.1 < right.0, left.0 >= right.1);
    let after = tri(right.1 < left.0, right.0 >= left.1);
    match comparison {
        Comparison::MoreThan => before,
        Comparison::AtLeast => !after,
        Comparison::LessThan => after,
        Comparison::AtMost => !before,
        Comparison::Equal => (!before).and(!after),
    }
}

/// Whether something lasted so long, clipped at the gate: its begin and the length, compared with its end.
pub(crate) fn lasted(extent: &Extent, lasting: Lasting, gate: Moment, rule: MonthEnd) -> Tri {
    let length = lasting.length;
    if extent.end == End::AtOnce {
        // No time at all, whenever it was.
        let order = if length.is_positive() {
            Ordering::Less
        } else if length.is_negative() {
            Ordering::Greater
        } else {
            Ordering::Equal
        };
        return Tri::from(match lasting.comparison {
            Comparison::MoreThan => order.is_gt(),
            Comparison::AtLeast => order.is_ge(),
            Comparison::LessThan => order.is_lt(),
            Comparison::AtMost => order.is_le(),
            Comparison::Equal => order.is_eq(),
        });
    }
    let grain = grain(length);
    let (begin_first, begin_last) = extent.begin.units(grain);
    let end = extent.end().map_or(gate, |end| clipped(end, gate));
    let (end_first, end_last) = end.units(grain);
    if begin_first > end_last {
        return Tri::Maybe;
    }
    compare(
        lasting.comparison,
        (
            later(begin_first, length, rule),
            later(begin_last, length, rule),
        ),
        (end_first, end_last),
    )
}

/// Whether something lasted so long whose first and last day are known to ranges.
pub(crate) fn lasted_between(
    begin: (i64, i64),
    end: (i64, i64),
    lasting: Lasting,
    rule: MonthEnd,
) -> Tri {
    if begin.0 > end.1 {
        return Tri::Maybe;
    }
    let length = lasting.length;
    compare(
        lasting.comparison,
        (later(begin.0, length, rule), later(begin.1, length, rule)),
        end,
    )
}

/// Whether something has been over for so long at the gate: its end and the length, compared with the gate.
pub(crate) fn over_for(extent: &Extent, lasting: Lasting, gate: Moment, rule: MonthEnd) -> Tri {
    let Some(end) = extent.end() else {
        return Tri::No;
    };
    let length = lasting.length;
    let grain = grain(length);
    let (end_first, end_last) = end.units(grain);
    let gate_units = gate.units(grain);
    let (gate_first, gate_last) = gate_units;
    let over = tri(end_last <= gate_first, end_first > gate_last);
    over.and(compare(
        lasting.comparison,
        (
            later(end_first, length, rule),
            later(end_last, length, rule),
        ),
        gate_units,
    ))
}

/// The earlier of two times.
pub(crate) fn clipped(end: Moment, gate: Moment) -> Moment {
    Moment {
        first: end.first.min(gate.first),
        last: end.last.min(gate.last),
        when: None,
    }
}
