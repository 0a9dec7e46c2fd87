//! A window around a given anchor, and what it contains.
//!
//! Everything is counted in units of the window's grain (days, minutes or seconds since 1970), so
//! an end that is open becomes the next unit and every interval is closed. An anchor known to a
//! month has one interval for each unit it can be; their intersection is what is certainly in the
//! window, their union what is possibly in it. Within one civil day the ends keep a fixed distance
//! from the anchor, so a day's worth of intervals is summed up by its first and its last.

use std::fmt;

use crate::day::{Day, MonthEnd};
use crate::instant::{Instant, SECONDS_PER_DAY};
use crate::offset::Offset;
use crate::tri::Tri;
use crate::when::{Precision, When};
use crate::window::{Edge, Grain, Window};

/// No bound on this side.
const EVER_BEFORE: i64 = i64::MIN;
/// No bound on this side.
const EVER_AFTER: i64 = i64::MAX;

/// A stretch of civil time `[start, end)`; `None` is unbounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Interval {
    /// The first instant in it.
    pub start: Option<Instant>,
    /// The first instant after it.
    pub end: Option<Instant>,
}

/// A window around a given anchor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResolvedWindow {
    grain: Grain,
    /// With the month-end rule of the language: the last day of a short month.
    ruled: Region,
    /// With the other rule, if it gives other ends.
    rolled: Option<Box<Region>>,
}

impl ResolvedWindow {
    pub(crate) fn new(window: &Window, anchor: &When) -> ResolvedWindow {
        let grain = window.effective_grain();
        let (ruled, clamped) = Region::new(window, anchor, grain, MonthEnd::LastDay);
        let rolled = clamped
            .then(|| Region::new(window, anchor, grain, MonthEnd::NextFirst).0)
            .filter(|rolled| *rolled != ruled)
            .map(Box::new);
        ResolvedWindow {
            grain,
            ruled,
            rolled,
        }
    }

    /// Whether a time is in the window: `Yes` if every instant it can be is, for every instant the
    /// anchor can be; `No` if none is for none.
    #[must_use]
    pub fn contains(&self, time: &When) -> Tri {
        self.ruled.contains(units(time, self.grain))
    }

    /// Whether something that lasts from `start` to `end`, both included, has an instant in common
    /// with the window. `None` is open: it has always been so, or still is.
    ///
    /// A start that may lie after the end is taken to lie at or before it. If it must lie after the
    /// end the record contradicts itself and the answer is `Maybe`.
    #[must_use]
    pub fn overlaps(&self, start: Option<&When>, end: Option<&When>) -> Tri {
        let ends = lasting(start, end, self.grain);
        self.ruled.overlaps(ends)
    }

    /// Whether a short month moved an end of the window, so that the other month-end rule (on to
    /// the first of the next month) gives another window.
    #[must_use]
    pub fn boundary_sensitive(&self) -> bool {
        self.rolled.is_some()
    }

    /// Whether [`ResolvedWindow::contains`] would answer otherwise under the other month-end rule.
    #[must_use]
    pub fn boundary_sensitive_for(&self, time: &When) -> bool {
        self.rolled
            .as_ref()
            .is_some_and(|rolled| rolled.contains(units(time, self.grain)) != self.contains(time))
    }

    /// Whether [`ResolvedWindow::overlaps`] would answer otherwise under the other month-end rule.
    #[must_use]
    pub fn boundary_sensitive_for_lasting(&self, start: Option<&When>, end: Option<&When>) -> bool {
        let ends = lasting(start, end, self.grain);
        self.rolled
            .as_ref()
            .is_some_and(|rolled| rolled.overlaps(ends) != self.ruled.overlaps(ends))
    }

    /// The unit in which times are compared with this window.
    #[must_use]
    pub fn grain(&self) -> Grain {
        self.grain
    }

    /// The stretch that is in the window whatever the anchor was; `None` if there is none.
    #[must_use]
    pub fn certain(&self) -> Option<Interval> {
        self.ruled.certain().map(|span| span.interval(self.grain))
    }

    /// The stretches that may be in the window, in order. Outside them nothing is.
    pub fn possible(&self) -> impl Iterator<Item = Interval> + '_ {
        self.ruled
            .possible
            .as_slice()
            .iter()
            .map(|span| span.interval(self.grain))
    }

    /// The one stretch from the first to the last possible instant, for a search in sorted records;
    /// `None` if the window is empty.
    #[must_use]
    pub fn hull(&self) -> Option<Interval> {
        let spans = self.ruled.possible.as_slice();
        let (first, last) = (spans.first()?, spans.last()?);
        Some(
            Span {
                first: first.first,
                last: last.last,
            }
            .interval(self.grain),
        )
    }

    /// Whether nothing can be in it, whatever the anchor was.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ruled.possible.as_slice().is_empty()
    }
}

/// Units of the grain, both included. Never empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Span {
    first: i64,
    last: i64,
}

impl Span {
    fn meets(self, other: Span) -> bool {
        self.first <= other.last && other.first <= self.last
    }

    fn interval(self, grain: Grain) -> Interval {
        let instant =
            |unit: i64| Instant::saturating_from_seconds(unit.saturating_mul(grain.seconds()));
        Interval {
            start: (self.first != EVER_BEFORE).then(|| instant(self.first)),
            end: (self.last != EVER_AFTER).then(|| instant(self.last.saturating_add(1))),
        }
    }
}

fn units(time: &When, grain: Grain) -> Span {
    let (first, last) = time.units(match grain {
        Grain::Day => Precision::Day,
        Grain::Minute => Precision::Minute,
        Grain::Second => Precision::Second,
    });
    Span { first, last }
}

/// What the start and the end of something that lasts can be, given that it starts before it ends.
#[derive(Debug, Clone, Copy)]
struct Lasting {
    start: Span,
    end: Span,
}

/// `None` if it must start after it ends.
fn lasting(start: Option<&When>, end: Option<&When>, grain: Grain) -> Option<Lasting> {
    let start = start.map_or(
        Span {
            first: EVER_BEFORE,
            last: EVER_BEFORE,
        },
        |time| units(time, grain),
    );
    let end = end.map_or(
        Span {
            first: EVER_AFTER,
            last: EVER_AFTER,
        },
        |time| units(time, grain),
    );
    (start.first <= end.last).then_some(Lasting {
        start: Span {
            first: start.first,
            last: start.last.min(end.last),
        },
        end: Span {
            first: end.first.max(start.first),
            last: end.last,
        },
    })
}

/// All the windows that the instants of an anchor give, summed up.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Region {
    /// The latest start and the earliest end of any of them.
    latest_first: i64,
    earliest_last: i64,
    /// Whether any of them is empty.
    some_empty: bool,
    /// Their union.
    possible: Spans,
}

/// Ordered, disjoint and not adjacent. One is the rule and needs no allocation.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Spans {
    None,
    One([Span; 1]),
    Many(Vec<Span>),
}

impl Spans {
    fn as_slice(&self) -> &[Span] {
        match self {
            Spans::None => &[],
            Spans::One(span) => span,
            Spans::Many(spans) => spans,
        }
    }

    fn add(&mut self, span: Span) {
        *self = match std::mem::replace(self, Spans::None) {
            Spans::None => Spans::One([span]),
            Spans::One([only]) => match joined(only, span) {
                Some(both) => Spans::One([both]),
                None => Spans::Many(merged(vec![only, span])),
            },
            Spans::Many(mut spans) => {
                spans.push(span);
                match merged(spans) {
                    spans if spans.len() == 1 => {
                        spans.first().map_or(Spans::None, |s| Spans::One([*s]))
                    }
                    spans => Spans::Many(spans),
                }
            }
        };
    }
}

fn joined(a: Span, b: Span) -> Option<Span> {
    (a.first.saturating_sub(1) <= b.last && b.first.saturating_sub(1) <= a.last).then(|| Span {
        first: a.first.min(b.first),
        last: a.last.max(b.last),
    })
}

fn merged(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_by_key(|span| span.first);
    let mut result: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match result.last_mut() {
            Some(previous) => match joined(*previous, span) {
                Some(both) => *previous = both,
                None => result.push(span),
            },
            None => result.push(span),
        }
    }
    result
}

impl Region {
    /// Also answers whether a month was too short for an end.
    fn new(window: &Window, anchor: &When, grain: Grain, rule: MonthEnd) -> (Region, bool) {
        let mut region = Region {
            latest_first: EVER_BEFORE,
            earliest_last: EVER_AFTER,
            some_empty: false,
            possible: Spans::None,
        };
        let mut clamped = false;
        let all = units(anchor, grain);
        let per_day = SECONDS_PER_DAY / grain.seconds();
        let mut day = anchor.first_day();
        loop {
            let midnight = i64::from(day.number()) * per_day;
            let from = shift(window.from, day, grain, rule, &mut clamped);
            let to = shift(window.to, day, grain, rule, &mut clamped);
            region.add_day(
                Span {
                    first: all.first.max(midnight),
                    last: all.last.min(midnight + per_day - 1),
                },
                from.map(|(units, closed)| units.saturating_add(i64::from(!closed))),
                to.map(|(units, closed)| units.saturating_sub(i64::from(!closed))),
            );
            if day >= anchor.last_day() {
                return (region, clamped);
            }
            match day.add_days(1) {
                Some(next) => day = next,
                None => return (region, clamped),
            }
        }
    }

    /// Adds the windows of the anchors of one civil day, whose ends are `from` and `to` units away.
    fn add_day(&mut self, anchors: Span, from: Option<i64>, to: Option<i64>) {
        let first = |anchor: i64| from.map_or(EVER_BEFORE, |units| anchor.saturating_add(units));
        let last = |anchor: i64| to.map_or(EVER_AFTER, |units| anchor.saturating_add(units));
        if first(anchors.first) > last(anchors.first) {
            self.some_empty = true;
            return;
        }
        self.latest_first = self.latest_first.max(first(anchors.last));
        self.earliest_last = self.earliest_last.min(last(anchors.first));
        // Neighbouring anchors have windows one unit apart, so their union has no gap.
        self.possible.add(Span {
            first: first(anchors.first),
            last: last(anchors.last),
        });
    }

    fn certain(&self) -> Option<Span> {
        (!self.some_empty && self.latest_first <= self.earliest_last).then_some(Span {
            first: self.latest_first,
            last: self.earliest_last,
        })
    }

    fn contains(&self, time: Span) -> Tri {
        Tri::from_extremes(
            self.certain()
                .is_some_and(|certain| certain.first <= time.first && time.last <= certain.last),
            !self.may_meet(time),
        )
    }

    fn overlaps(&self, ends: Option<Lasting>) -> Tri {
        let Some(Lasting { start, end }) = ends else {
            return Tri::Maybe;
        };
        Tri::from_extremes(
            !self.some_empty && start.last <= self.earliest_last && end.first >= self.latest_first,
            !self.may_meet(Span {
                first: start.first,
                last: end.last,
            }),
        )
    }

    fn may_meet(&self, time: Span) -> bool {
        let spans = self.possible.as_slice();
        let candidate = spans.partition_point(|span| span.last < time.first);
        spans.get(candidate).is_some_and(|span| span.meets(time))
    }
}

/// How many units an end lies from an anchor on `day`, and whether it is closed.
fn shift(
    edge: Edge,
    day: Day,
    grain: Grain,
    rule: MonthEnd,
    clamped: &mut bool,
) -> Option<(i64, bool)> {
    let Edge::At { offset, closed } = edge else {
        return None;
    };
    let per_day = SECONDS_PER_DAY / grain.seconds();
    let units = match offset {
        // Whole: the grain is at least as fine as the offset.
        Offset::Clock { seconds } => seconds.div_euclid(grain.seconds()),
        Offset::Days { days } => days.saturating_mul(per_day),
        Offset::Calendar { months } => match day.add_months(months, rule) {
            Some((target, moved)) => {
                *clamped |= moved;
                day.days_until(target).saturating_mul(per_day)
            }
            // Beyond the calendar: past everything that can be recorded.
            None if months < 0 => i64::MIN / 4,
            None => i64::MAX / 4,
        },
    };
    Some((units, closed))
}

impl fmt::Display for ResolvedWindow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let certain = self.ruled.certain();
        let possible = self.ruled.possible.as_slice();
        if let (Some(certain), [only]) = (certain, possible)
            && certain == *only
        {
            return f.write_str(&self.phrase(certain));
        }
        let listed: Vec<String> = possible.iter().map(|span| self.phrase(*span)).collect();
        match (certain, listed.is_empty()) {
            (_, true) => f.write_str("empty"),
            (Some(certain), false) => write!(
                f,
                "certainly {}; possibly {}",
                self.phrase(certain),
                listed.join(" or ")
            ),
            (None, false) => write!(f, "possibly {}; certain of no time", listed.join(" or ")),
        }
    }
}

impl ResolvedWindow {
    fn phrase(&self, span: Span) -> String {
        let unit = |number: i64| {
            let instant =
                Instant::saturating_from_seconds(number.saturating_mul(self.grain.seconds()));
            let precision = match self.grain {
                Grain::Day => Precision::Day,
                Grain::Minute => Precision::Minute,
                Grain::Second => Precision::Second,
            };
            When::from_instant(instant, precision).to_string()
        };
        match (span.first == EVER_BEFORE, span.last == EVER_AFTER) {
            (true, true) => "any time".to_owned(),
            (true, false) => format!("up to and including {}", unit(span.last)),
            (false, true) => format!("from {} on", unit(span.first)),
            (false, false) if span.first == span.last => format!("{} only", unit(span.first)),
            (false, false) => format!("{} to {}, both included", unit(span.first), unit(span.last)),
        }
    }
}
