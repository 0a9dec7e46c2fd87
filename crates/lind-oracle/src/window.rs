//! Windows, by trying every anchor that can be and every instant that a record can be.

use lind_model::protocol::MonthRule;
use lind_time::{Edge, Grain, Offset, Tri, Window};

use crate::calendar::{FAR, LAST_DAY, add_months};
use crate::time::{DAY, MINUTE, SECOND, Time, all_some_none, instants};

/// When something began and ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) begin: Time,
    pub(crate) end: End,
}

/// When something ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// The instant at which it began.
    AtOnce,
    /// At this time.
    At(Time),
    /// It has not.
    NotOver,
}

/// The offset as the chosen rule for months counts it.
pub(crate) fn counted(rule: MonthRule, offset: Offset) -> Offset {
    match (rule, offset) {
        (MonthRule::Fixed { month, year }, Offset::Calendar { months }) => {
            let (sign, months) = (months.signum(), months.abs());
            let mut days = 0;
            for _ in 0..months / 12 {
                days += year;
            }
            for _ in 0..months % 12 {
                days += month;
            }
            Offset::Days { days: sign * days }
        }
        _ => offset,
    }
}

/// The unit in which a window is tried: its own, or what its finest offset needs.
fn grain_of(window: &Window) -> i64 {
    let mut finest = match window.grain {
        Grain::Day => DAY,
        Grain::Minute => MINUTE,
        Grain::Second => SECOND,
    };
    for edge in [window.from, window.to] {
        if let Edge::At {
            offset: Offset::Clock { seconds },
            ..
        } = edge
        {
            finest = finest.min(if seconds % 60 == 0 { MINUTE } else { SECOND });
        }
    }
    finest
}

/// The unit that lies an offset later than another, both counted in `unit`.
pub(crate) fn shifted(at: i64, offset: Offset, unit: i64) -> i64 {
    let per_day = DAY / unit;
    let moved = match offset {
        Offset::Clock { seconds } => at.saturating_add(seconds.div_euclid(unit)),
        Offset::Days { days } => at.saturating_add(days.saturating_mul(per_day)),
        Offset::Calendar { months } => {
            let (day, rest) = (at.div_euclid(per_day), at.rem_euclid(per_day));
            if !(0..=LAST_DAY).contains(&day) {
                // Nothing is recorded there, and no calendar reaches it.
                return at;
            }
            match add_months(day, months) {
                far if far.abs() == FAR => far,
                target => target * per_day + rest,
            }
        }
    };
    moved.clamp(-FAR, FAR)
}

/// The first and the last unit of a window around one anchor; it is empty if they are out of order.
fn ends(window: &Window, rule: MonthRule, anchor: i64, unit: i64) -> (i64, i64) {
    let end = |edge: Edge, unbounded: i64, inwards: i64| match edge {
        Edge::Unbounded => unbounded,
        Edge::At { offset, closed } => {
            let at = shifted(anchor, counted(rule, offset), unit);
            if closed { at } else { at + inwards }
        }
    };
    (end(window.from, -FAR, 1), end(window.to, FAR, -1))
}

/// The anchors to try: of each day that the anchor can be, the first and last unit, and the units
/// whose window begins or ends at one of the `others`.
fn anchors(
    window: &Window,
    rule: MonthRule,
    anchor: (i64, i64),
    others: &[i64],
    unit: i64,
) -> Vec<i64> {
    let per_day = DAY / unit;
    let mut found = Vec::new();
    for day in anchor.0.div_euclid(per_day)..=anchor.1.div_euclid(per_day) {
        let first = (day * per_day).max(anchor.0);
        let last = (day * per_day + per_day - 1).min(anchor.1);
        // Within a day both ends of the window lie at the same distance from the anchor.
        let (from, to) = ends(window, rule, first, unit);
        let critical: Vec<i64> = others
            .iter()
            .flat_map(|other| [other - (from - first), other - (to - first)])
            .collect();
        found.extend(instants_sparsely((first, last), &critical));
    }
    found
}

/// As [`instants`], but of minutes and seconds only the telling ones.
fn instants_sparsely((first, last): (i64, i64), critical: &[i64]) -> Vec<i64> {
    let mut found = vec![first];
    if last != first {
        found.push(last);
    }
    for at in critical {
        for near in [at - 1, *at, at + 1] {
            if (first..=last).contains(&near) && !found.contains(&near) {
                found.push(near);
            }
        }
    }
    found
}

/// The first and the last day that a window by the day can have, whatever the day of its anchor.
pub(crate) fn day_range(window: &Window, rule: MonthRule, anchor: Time) -> Option<(i64, i64)> {
    let (first, last) = anchor.units(DAY);
    let ranges = (first..=last)
        .map(|day| ends(window, rule, day, DAY))
        .filter(|(from, to)| from <= to);
    ranges.reduce(|(first, last), (from, to)| (first.min(from), last.max(to)))
}

/// Whether a time lies in a window, for every anchor and every instant.
pub(crate) fn contains(window: &Window, rule: MonthRule, anchor: Time, time: Time) -> Tri {
    let unit = grain_of(window);
    let record = time.units(unit);
    let mut answers = Vec::new();
    for anchor in anchors(
        window,
        rule,
        anchor.units(unit),
        &[record.0, record.1],
        unit,
    ) {
        let (from, to) = ends(window, rule, anchor, unit);
        for at in instants(record, &[from, to]) {
            answers.push(from <= at && at <= to);
        }
    }
    all_some_none(answers)
}

/// Whether something that lasts has an instant in a window, for every anchor, beginning and end.
/// It ends when it begins or later; if it cannot, the record contradicts itself and it is Maybe.
pub(crate) fn overlaps(window: &Window, rule: MonthRule, anchor: Time, span: Span) -> Tri {
    let unit = grain_of(window);
    let begin = span.begin.units(unit);
    let end = match span.end {
        End::AtOnce => return contains(window, rule, anchor, span.begin),
        End::At(time) => time.units(unit),
        End::NotOver => (FAR, FAR),
    };
    let mut answers = Vec::new();
    let others = [begin.0, begin.1, end.0, end.1];
    for anchor in anchors(window, rule, anchor.units(unit), &others, unit) {
        let (from, to) = ends(window, rule, anchor, unit);
        let critical = [from, to, begin.0, begin.1, end.0, end.1];
        let ends = instants_sparsely(end, &critical);
        for begin in instants_sparsely(begin, &critical) {
            for end in &ends {
                if begin <= *end {
                    let first = begin.max(from);
                    let last = (*end).min(to);
                    answers.push(first <= last);
                }
            }
        }
    }
    all_some_none(answers)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    fn time(text: &str) -> Time {
        Time::parse(text).unwrap()
    }

    fn month_window() -> Window {
        Window::within_before(Offset::months(1), false)
    }

    #[test]
    fn months_are_calendar_months_or_as_the_reading_says() {
        let (anchor, record) = (time("2023-03-31"), time("2023-02-28"));
        let thirty = MonthRule::Fixed {
            month: 30,
            year: 365,
        };
        let window = month_window();
        assert_eq!(
            contains(&window, MonthRule::Calendar, anchor, record),
            Tri::Yes
        );
        assert_eq!(contains(&window, thirty, anchor, record), Tri::No);
    }

    #[test]
    fn months_from_beyond_the_calendar_lead_nowhere() {
        assert_eq!(shifted(FAR, Offset::months(-6), DAY), FAR);
        assert_eq!(shifted(-FAR, Offset::years(1), DAY), -FAR);
    }

    #[test]
    fn a_record_of_a_month_is_in_a_window_only_if_all_its_days_are() {
        let window = Window::within_before(Offset::days(31), false);
        let inside =
            |anchor, record| contains(&window, MonthRule::Calendar, time(anchor), time(record));
        assert_eq!(inside("2024-05-31", "2024-05"), Tri::Yes);
        assert_eq!(inside("2024-06-02", "2024-05"), Tri::Maybe);
        assert_eq!(inside("2024-07-03", "2024-05"), Tri::No);
        assert_eq!(inside("2024-06", "2024-05"), Tri::Maybe);
    }

    #[test]
    fn an_hour_in_the_middle_of_an_anchor_is_tried_too() {
        // Only an anchor in the middle of the day has the record exactly 10 hours before it.
        let window = Window::between(
            Edge::closed(Offset::hours(-10)),
            Edge::closed(Offset::hours(-10)),
        );
        let inside =
            |anchor, record| contains(&window, MonthRule::Calendar, time(anchor), time(record));
        assert_eq!(inside("2024-05-09", "2024-05-09T02:30"), Tri::Maybe);
        assert_eq!(inside("2024-05-09T12:30", "2024-05-09T02:30"), Tri::Yes);
        assert_eq!(inside("2024-05-09T12:31", "2024-05-09T02:30"), Tri::No);
    }

    #[test]
    fn what_lasts_overlaps_a_window_that_it_covers() {
        let window = Window::on_anchor();
        let lasting = |begin: &str, end: End| {
            let span = Span {
                begin: time(begin),
                end,
            };
            overlaps(&window, MonthRule::Calendar, time("2024-05-09"), span)
        };
        assert_eq!(lasting("2024-05-01", End::NotOver), Tri::Yes);
        assert_eq!(lasting("2024-05-01", End::At(time("2024-05-08"))), Tri::No);
        assert_eq!(lasting("2024-05-01", End::At(time("2024-05"))), Tri::Maybe);
        assert_eq!(
            lasting("2024-05-09", End::At(time("2024-05-01"))),
            Tri::Maybe
        );
        assert_eq!(lasting("2024-05-09", End::AtOnce), Tri::Yes);
        assert_eq!(lasting("2024-05", End::AtOnce), Tri::Maybe);
    }
}
