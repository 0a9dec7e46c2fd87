//! Something that lasts: a treatment, a condition.

use crate::span::{EVER_AFTER, EVER_BEFORE, Extremes, Span};
use crate::tri::Tri;
use crate::when::{Precision, When};

/// Something that lasts from a start to an end, both included. `None` is open: it has always been
/// so, or it still is.
///
/// A start that may lie after the end is taken to lie at or before it. If it must lie after the end
/// the record contradicts itself, and every question about it is answered `Maybe`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Period {
    /// When it starts.
    pub start: Option<When>,
    /// When it ends.
    pub end: Option<When>,
}

impl Period {
    /// From `start` to `end`.
    #[must_use]
    pub fn new(start: Option<When>, end: Option<When>) -> Period {
        Period { start, end }
    }

    /// Whether it must end before it starts, so that the record contradicts itself.
    #[must_use]
    pub fn is_contradictory(&self) -> bool {
        self.extremes(Precision::Second).is_none()
    }

    /// Whether it includes the day, month … (`unit`) of a time.
    #[must_use]
    pub fn contains(&self, time: &When, unit: Precision) -> Tri {
        self.overlaps(&Period::new(Some(*time), Some(*time)), unit)
    }

    /// Whether it has a day, month … (`unit`) in common with `other`.
    #[must_use]
    pub fn overlaps(&self, other: &Period, unit: Precision) -> Tri {
        let (Some(this), Some(other)) = (self.extremes(unit), other.extremes(unit)) else {
            return Tri::Maybe;
        };
        Tri::from_extremes(
            this.start.last <= other.end.first && other.start.last <= this.end.first,
            this.start.first > other.end.last || other.start.first > this.end.last,
        )
    }

    /// What start and end can be, given that it starts before it ends; `None` if it cannot.
    pub(crate) fn extremes(&self, unit: Precision) -> Option<Extremes> {
        let open = |at: i64| Span {
            first: at,
            last: at,
        };
        let span = |time: When| {
            let (first, last) = time.units(unit);
            Span { first, last }
        };
        let start = self.start.map_or(open(EVER_BEFORE), span);
        let end = self.end.map_or(open(EVER_AFTER), span);
        (start.first <= end.last).then_some(Extremes {
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
}
