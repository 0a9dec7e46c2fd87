//! All the windows that the instants of an uncertain anchor give.
//!
//! Everything is counted in units of the window's grain (days, minutes or seconds since 1970), so
//! an end that is open becomes the next unit and every interval is closed. An anchor known to a
//! month has one interval for each unit it can be; their intersection is what is certainly in the
//! window, their union what is possibly in it. Within one civil day the ends keep a fixed distance
//! from the anchor, so a day's worth of intervals is summed up by its first and its last.

use crate::day::{Day, MonthEnd};
use crate::instant::SECONDS_PER_DAY;
use crate::offset::{Offset, OffsetClass};
use crate::span::{EVER_AFTER, EVER_BEFORE, Extremes, Span, Spans};
use crate::tri::Tri;
use crate::when::When;
use crate::window::{Edge, Grain, Window};

/// Anchors in a row whose windows start and end the same number of units away from them.
#[derive(Debug, Clone, Copy)]
struct Run {
    anchors: Span,
    /// The first unit of the window, from the anchor; `None` is unbounded.
    from: Option<i64>,
    /// The last unit of the window, from the anchor; `None` is unbounded.
    to: Option<i64>,
    /// Whether a month was too short for an end.
    clamped: bool,
}

impl Run {
    fn is_empty(self) -> bool {
        matches!((self.from, self.to), (Some(from), Some(to)) if from > to)
    }

    fn first(self, anchor: i64) -> i64 {
        self.from
            .map_or(EVER_BEFORE, |units| anchor.saturating_add(units))
    }

    fn last(self, anchor: i64) -> i64 {
        self.to
            .map_or(EVER_AFTER, |units| anchor.saturating_add(units))
    }

    /// Whether a window of the run lies within the span.
    fn some_within(self, span: Span) -> bool {
        let earliest = match self.from {
            Some(units) if span.first != EVER_BEFORE => span.first.saturating_sub(units),
            None if span.first != EVER_BEFORE => return false,
            _ => EVER_BEFORE,
        };
        let latest = match self.to {
            Some(units) if span.last != EVER_AFTER => span.last.saturating_sub(units),
            None if span.last != EVER_AFTER => return false,
            _ => EVER_AFTER,
        };
        !self.is_empty() && self.anchors.first.max(earliest) <= self.anchors.last.min(latest)
    }
}

/// The runs of an anchor, in order. Only calendar offsets depend on the day they start from, so
/// without them the whole anchor is one run.
fn runs(window: Window, anchor: When, grain: Grain, rule: MonthEnd) -> impl Iterator<Item = Run> {
    let (first, last) = anchor.units(grain.precision());
    let per_day = SECONDS_PER_DAY / grain.seconds();
    let by_day = window.uses(OffsetClass::Calendar);
    let next = move |day: &Day| {
        if by_day && *day < anchor.last_day() {
            day.add_days(1)
        } else {
            None
        }
    };
    std::iter::successors(Some(anchor.first_day()), next).map(move |day| {
        let midnight = i64::from(day.number()) * per_day;
        let last_of_run = if by_day { midnight + per_day - 1 } else { last };
        let mut clamped = false;
        let mut end = |edge: Edge, inwards: i64| match edge {
            Edge::Unbounded => None,
            Edge::At { offset, closed } => {
                let (units, moved) = units_away(offset, day, grain, rule);
                clamped |= moved;
                Some(if closed {
                    units
                } else {
                    units.saturating_add(inwards)
                })
            }
        };
        let (from, to) = (end(window.from, 1), end(window.to, -1));
        Run {
            anchors: Span {
                first: first.max(midnight),
                last: last.min(last_of_run),
            },
            from,
            to,
            clamped,
        }
    })
}

/// How many units an offset leads away from an anchor on `day`, and whether a month was too short.
fn units_away(offset: Offset, day: Day, grain: Grain, rule: MonthEnd) -> (i64, bool) {
    let per_day = SECONDS_PER_DAY / grain.seconds();
    match offset {
        // Nothing is cut off: the grain is at least as fine as the offset.
        Offset::Clock { seconds } => (seconds.div_euclid(grain.seconds()), false),
        Offset::Days { days } => (days.saturating_mul(per_day), false),
        Offset::Calendar { months } => match day.add_months(months, rule) {
            Some((target, moved)) => (day.days_until(target).saturating_mul(per_day), moved),
            // Beyond the calendar: past everything that can be recorded.
            None if months < 0 => (i64::MIN / 4, false),
            None => (i64::MAX / 4, false),
        },
    }
}

/// The windows of all anchors, summed up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Region {
    /// The latest start and the earliest end of any of them.
    latest_first: i64,
    earliest_last: i64,
    /// Whether any of them is empty.
    some_empty: bool,
    /// Their union.
    pub(crate) possible: Spans,
}

impl Region {
    /// Also answers whether a month was too short for an end.
    pub(crate) fn new(
        window: Window,
        anchor: When,
        grain: Grain,
        rule: MonthEnd,
    ) -> (Region, bool) {
        let mut region = Region {
            latest_first: EVER_BEFORE,
            earliest_last: EVER_AFTER,
            some_empty: false,
            possible: Spans::None,
        };
        let mut clamped = false;
        for run in runs(window, anchor, grain, rule) {
            clamped |= run.clamped;
            region.add(run);
        }
        (region, clamped)
    }

    fn add(&mut self, run: Run) {
        if run.is_empty() {
            self.some_empty = true;
            return;
        }
        let anchors = run.anchors;
        self.latest_first = self.latest_first.max(run.first(anchors.last));
        self.earliest_last = self.earliest_last.min(run.last(anchors.first));
        // Neighbouring anchors have windows one unit apart, so their union has no gap.
        self.possible.add(Span {
            first: run.first(anchors.first),
            last: run.last(anchors.last),
        });
    }

    pub(crate) fn certain(&self) -> Option<Span> {
        (!self.some_empty && self.latest_first <= self.earliest_last).then_some(Span {
            first: self.latest_first,
            last: self.earliest_last,
        })
    }

    pub(crate) fn contains(&self, time: Span) -> Tri {
        Tri::from_extremes(
            self.certain().is_some_and(|certain| certain.includes(time)),
            !self.possible.meets(time),
        )
    }

    pub(crate) fn overlaps(&self, extremes: Option<Extremes>) -> Tri {
        let Some(Extremes { start, end }) = extremes else {
            return Tri::Maybe;
        };
        // It meets every window if it starts before the earliest end and ends after the latest
        // start; some start and end meet some window if the longest it can last does.
        Tri::from_extremes(
            !self.some_empty && start.last <= self.earliest_last && end.first >= self.latest_first,
            !self.possible.meets(Span {
                first: start.first,
                last: end.last,
            }),
        )
    }

    /// Whether something lasts through the whole window. Which starts and ends belong together
    /// matters here, so the runs are gone through again. Nothing lasts through an empty window.
    pub(crate) fn covered(
        &self,
        window: Window,
        anchor: When,
        grain: Grain,
        rule: MonthEnd,
        extremes: Option<Extremes>,
    ) -> Tri {
        let (Some(Extremes { start, end }), Some(hull)) = (extremes, self.possible.hull()) else {
            return if extremes.is_none() {
                Tri::Maybe
            } else {
                Tri::No
            };
        };
        if !self.some_empty && start.last <= hull.first && hull.last <= end.first {
            return Tri::Yes;
        }
        let longest = Span {
            first: start.first,
            last: end.last,
        };
        let possible = runs(window, anchor, grain, rule).any(|run| run.some_within(longest));
        Tri::from_extremes(false, !possible)
    }
}
