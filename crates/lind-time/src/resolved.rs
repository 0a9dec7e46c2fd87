//! A window around a given anchor, and what it contains.

use std::fmt;

use crate::day::MonthEnd;
use crate::instant::Instant;
use crate::period::Period;
use crate::region::Region;
use crate::span::{EVER_AFTER, EVER_BEFORE, Extremes, Span};
use crate::tri::Tri;
use crate::when::When;
use crate::window::{Grain, Window};

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
    window: Window,
    anchor: When,
    grain: Grain,
    /// With the month-end rule of the language: the last day of a short month.
    ruled: Region,
    /// With the other rule, if it gives other ends.
    rolled: Option<Box<Region>>,
}

impl ResolvedWindow {
    pub(crate) fn new(window: &Window, anchor: &When) -> ResolvedWindow {
        let grain = window.effective_grain();
        let (ruled, clamped) = Region::new(*window, *anchor, grain, MonthEnd::LastDay);
        let rolled = clamped
            .then(|| Region::new(*window, *anchor, grain, MonthEnd::NextFirst).0)
            .filter(|rolled| *rolled != ruled)
            .map(Box::new);
        ResolvedWindow {
            window: *window,
            anchor: *anchor,
            grain,
            ruled,
            rolled,
        }
    }

    /// Whether a time lies in it that is some second from `first` to `last`, both included, counted as
    /// [`Instant::seconds`] counts them.
    #[must_use]
    pub fn contains_one_of(&self, first: i64, last: i64) -> Tri {
        let unit = |second: i64| second.div_euclid(self.grain.seconds());
        self.ruled.contains(Span {
            first: unit(first),
            last: unit(last),
        })
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

    /// Whether something that lasts from `start` to `end`, both included, lasts through the whole
    /// window: "on a stable dose for the 28 days before". `None` is open, as for
    /// [`ResolvedWindow::overlaps`]. Nothing lasts through an empty window.
    #[must_use]
    pub fn covered_by(&self, start: Option<&When>, end: Option<&When>) -> Tri {
        self.covered(&self.ruled, MonthEnd::LastDay, start, end)
    }

    fn covered(
        &self,
        region: &Region,
        rule: MonthEnd,
        start: Option<&When>,
        end: Option<&When>,
    ) -> Tri {
        let extremes = self.extremes(start, end);
        region.covered(self.window, self.anchor, self.grain, rule, extremes)
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
