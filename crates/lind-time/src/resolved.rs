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
use crate::offset::{Offset, OffsetClass};
use crate::period::Period;
use crate::span::{EVER_AFTER, EVER_BEFORE, Extremes, Span, Spans};
use crate::tri::Tri;
use crate::when::When;
use crate::window::{Edge, Grain, Window};

/// A stretch of civil time `[start, end)`; `None` is unbounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Interval {
    /// The first instant in it.
    pub start: Option<Instant>,
    /// The first instant after it.
    pub end: Option<Instant>,
}

/// A window around a given anchor. It prints as an explicit interval,
/// `2024-02-29 to 2024-08-31, both included`.
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
        self.ruled.contains(self.units(time))
    }

    /// Whether something that lasts from `start` to `end`, both included, has an instant in common
    /// with the window. `None` is open: it has always been so, or still is.
    ///
    /// A start that may lie after the end is taken to lie at or before it. If it must lie after the
    /// end the record contradicts itself and the answer is `Maybe`.
    #[must_use]
    pub fn overlaps(&self, start: Option<&When>, end: Option<&When>) -> Tri {
        self.ruled.overlaps(self.extremes(start, end))
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
            .is_some_and(|rolled| rolled.contains(self.units(time)) != self.contains(time))
    }

    /// Whether [`ResolvedWindow::overlaps`] would answer otherwise under the other month-end rule.
    #[must_use]
    pub fn boundary_sensitive_for_lasting(&self, start: Option<&When>, end: Option<&When>) -> bool {
        self.rolled.as_ref().is_some_and(|rolled| {
            rolled.overlaps(self.extremes(start, end)) != self.overlaps(start, end)
        })
    }

    /// The unit in which times are compared with this window.
    #[must_use]
    pub fn grain(&self) -> Grain {
        self.grain
    }

    /// The stretch that is in the window whatever the anchor was; `None` if there is none.
    #[must_use]
    pub fn certain(&self) -> Option<Interval> {
        self.ruled.certain().map(|span| self.interval(span))
    }

    /// The stretches that may be in the window, in order. Nothing outside them is.
    pub fn possible(&self) -> impl Iterator<Item = Interval> + '_ {
        let spans = self.ruled.possible.as_slice();
        spans.iter().map(|span| self.interval(*span))
    }

    /// The one stretch from the first to the last possible instant, for a search in sorted records;
    /// `None` if the window is empty.
    #[must_use]
    pub fn hull(&self) -> Option<Interval> {
        self.ruled.possible.hull().map(|span| self.interval(span))
    }

    /// Whether nothing can be in it, whatever the anchor was.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ruled.possible.as_slice().is_empty()
    }

    fn units(&self, time: &When) -> Span {
        let (first, last) = time.units(self.grain.precision());
        Span { first, last }
    }

    fn extremes(&self, start: Option<&When>, end: Option<&When>) -> Option<Extremes> {
        Period::new(start.copied(), end.copied()).extremes(self.grain.precision())
    }

    fn instant(&self, unit: i64) -> Instant {
        Instant::saturating_from_seconds(unit.saturating_mul(self.grain.seconds()))
    }

    fn interval(&self, span: Span) -> Interval {
        Interval {
            start: (span.first != EVER_BEFORE).then(|| self.instant(span.first)),
            end: (span.last != EVER_AFTER).then(|| self.instant(span.last.saturating_add(1))),
        }
    }

    fn phrase(&self, span: Span) -> String {
        let unit = |number: i64| When::from_instant(self.instant(number), self.grain.precision());
        match (span.first == EVER_BEFORE, span.last == EVER_AFTER) {
            (true, true) => "any time".to_owned(),
            (true, false) => format!("up to and including {}", unit(span.last)),
            (false, true) => format!("from {} on", unit(span.first)),
            (false, false) if span.first == span.last => format!("{} only", unit(span.first)),
            (false, false) => {
                format!("{} to {}, both included", unit(span.first), unit(span.last))
            }
        }
    }
}

impl fmt::Display for ResolvedWindow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let certain = self.ruled.certain();
        let possible = self.ruled.possible.as_slice();
        let listed = || {
            let phrases: Vec<String> = possible.iter().map(|span| self.phrase(*span)).collect();
            phrases.join(" or ")
        };
        match (certain, possible) {
            (_, []) => f.write_str("no time at all"),
            (Some(certain), [only]) if certain == *only => f.write_str(&self.phrase(certain)),
            (Some(certain), _) => {
                write!(
                    f,
                    "certainly {}; possibly {}",
                    self.phrase(certain),
                    listed()
                )
            }
            (None, _) => write!(f, "possibly {}; nothing is certain", listed()),
        }
    }
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
        let (first, last) = anchor.units(grain.precision());
        let per_day = SECONDS_PER_DAY / grain.seconds();
        // Only calendar offsets depend on the day they start from.
        let by_day = window.uses(OffsetClass::Calendar);
        let mut next = Some(anchor.first_day());
        while let Some(day) = next {
            let midnight = i64::from(day.number()) * per_day;
            let anchors = Span {
                first: first.max(midnight),
                last: if by_day {
                    last.min(midnight + per_day - 1)
                } else {
                    last
                },
            };
            let from = shift(window.from, day, grain, rule, &mut clamped);
            let to = shift(window.to, day, grain, rule, &mut clamped);
            region.add(
                anchors,
                from.map(|(units, closed)| units.saturating_add(i64::from(!closed))),
                to.map(|(units, closed)| units.saturating_sub(i64::from(!closed))),
            );
            next = if by_day && day < anchor.last_day() {
                day.add_days(1)
            } else {
                None
            };
        }
        (region, clamped)
    }

    /// Adds the windows of anchors whose ends are all `from` and `to` units away.
    fn add(&mut self, anchors: Span, from: Option<i64>, to: Option<i64>) {
        if let (Some(from), Some(to)) = (from, to)
            && from > to
        {
            self.some_empty = true;
            return;
        }
        let first = |anchor: i64| from.map_or(EVER_BEFORE, |units| anchor.saturating_add(units));
        let last = |anchor: i64| to.map_or(EVER_AFTER, |units| anchor.saturating_add(units));
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
            self.certain().is_some_and(|certain| certain.includes(time)),
            !self.possible.meets(time),
        )
    }

    fn overlaps(&self, extremes: Option<Extremes>) -> Tri {
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
        // Nothing is cut off: the grain is at least as fine as the offset.
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
