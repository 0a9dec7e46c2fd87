//! How long rows lasted together: overlapping days count once.

use lind_model::protocol::{Comparison, Lasting};
use lind_time::{Day, MonthEnd, Offset, Tri};

use crate::durations::later;
use crate::moments::tri;
use crate::rows::Extent;

const SECONDS_PER_DAY: i64 = 86_400;

/// The days on which a row certainly lasted, clipped at the gate; none if there is no such day.
pub(crate) fn certain_days(extent: &Extent, gate: Day) -> Option<(i64, i64)> {
    let gate = i64::from(gate.number());
    let (_, begin) = extent.begin.days();
    let (end_first, end_last) = extent.end().map_or((gate, gate), |end| end.days());
    let begin = begin.min(end_last);
    let end = end_first.min(gate);
    (begin <= end).then_some((begin, end))
}

/// The days on which a row possibly lasted, clipped at the gate.
pub(crate) fn possible_days(extent: &Extent, gate: Day) -> Option<(i64, i64)> {
    let gate = i64::from(gate.number());
    let (begin, _) = extent.begin.days();
    let end = extent.end().map_or(gate, |end| end.days().1.min(gate));
    (begin <= end).then_some((begin, end))
}

/// How many days a list of stretches covers, both ends included; overlaps count once.
pub(crate) fn covered(days: &mut [(i64, i64)]) -> i64 {
    days.sort_unstable();
    let mut sum: i64 = 0;
    let mut reached = i64::MIN;
    for (first, last) in days.iter() {
        let first = (*first).max(reached.saturating_add(1));
        if *last >= first {
            sum = sum.saturating_add(last.saturating_sub(first).saturating_add(1));
            reached = *last;
        }
    }
    sum
}

/// A sum of days, known to a range, compared with the days of a length counted back from the gate, both
/// ends included.
pub(crate) fn compare_total(least: i64, most: i64, lasting: Lasting, gate: Day) -> Tri {
    let seconds = |days: i64| days.saturating_mul(SECONDS_PER_DAY);
    let length = match lasting.length {
        Offset::Clock { seconds } => seconds,
        Offset::Days { days } => seconds(days),
        Offset::Calendar { .. } => {
            let gate = i64::from(gate.number());
            let begin = later(gate, lasting.length.negate(), MonthEnd::LastDay);
            seconds(gate.saturating_sub(begin))
        }
    };
    let length = length.saturating_add(SECONDS_PER_DAY);
    let (least, most) = (seconds(least), seconds(most));
    let more = tri(least > length, most <= length);
    let less = tri(most < length, least >= length);
    match lasting.comparison {
        Comparison::MoreThan => more,
        Comparison::AtMost => !more,
        Comparison::LessThan => less,
        Comparison::AtLeast => !less,
        Comparison::Equal => (!more).and(!less),
    }
}
