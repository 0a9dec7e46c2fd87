//! Closed intervals of whole units, counted from 1970, and sets of them.

/// No bound on this side.
pub(crate) const EVER_BEFORE: i64 = i64::MIN;
/// No bound on this side.
pub(crate) const EVER_AFTER: i64 = i64::MAX;

/// Units of a grain, both included. Never empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) first: i64,
    pub(crate) last: i64,
}

impl Span {
    pub(crate) fn meets(self, other: Span) -> bool {
        self.first <= other.last && other.first <= self.last
    }

    pub(crate) fn includes(self, other: Span) -> bool {
        self.first <= other.first && other.last <= self.last
    }

    /// One span for both, if there is no gap between them.
    fn joined(self, other: Span) -> Option<Span> {
        let adjacent = self.first.saturating_sub(1) <= other.last
            && other.first.saturating_sub(1) <= self.last;
        adjacent.then(|| Span {
            first: self.first.min(other.first),
            last: self.last.max(other.last),
        })
    }
}

/// What the start and the end of something that lasts can be.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Extremes {
    pub(crate) start: Span,
    pub(crate) end: Span,
}

/// A set of units: spans in order, with gaps between them. One span is the rule and needs no
/// allocation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Spans {
    None,
    One([Span; 1]),
    Many(Vec<Span>),
}

impl Spans {
    pub(crate) fn as_slice(&self) -> &[Span] {
        match self {
            Spans::None => &[],
            Spans::One(span) => span,
            Spans::Many(spans) => spans,
        }
    }

    pub(crate) fn add(&mut self, span: Span) {
        *self = match std::mem::replace(self, Spans::None) {
            Spans::None => Spans::One([span]),
            Spans::One([only]) => match only.joined(span) {
                Some(both) => Spans::One([both]),
                None => Spans::from_list(vec![only, span]),
            },
            Spans::Many(mut spans) => {
                spans.push(span);
                Spans::from_list(spans)
            }
        };
    }

    /// Whether a unit of `span` is in the set.
    pub(crate) fn meets(&self, span: Span) -> bool {
        let spans = self.as_slice();
        let candidate = spans.partition_point(|own| own.last < span.first);
        spans.get(candidate).is_some_and(|own| own.meets(span))
    }

    /// From the first to the last unit of the set.
    pub(crate) fn hull(&self) -> Option<Span> {
        let spans = self.as_slice();
        Some(Span {
            first: spans.first()?.first,
            last: spans.last()?.last,
        })
    }

    fn from_list(mut spans: Vec<Span>) -> Spans {
        spans.sort_by_key(|span| span.first);
        let mut merged: Vec<Span> = Vec::with_capacity(spans.len());
        for span in spans {
            match merged.last_mut().map(|last| (last.joined(span), last)) {
                Some((Some(both), last)) => *last = both,
                _ => merged.push(span),
            }
        }
        match merged.as_slice() {
            [only] => Spans::One([*only]),
            _ => Spans::Many(merged),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Span, Spans};

    fn set(spans: &[(i64, i64)]) -> Vec<(i64, i64)> {
        let mut set = Spans::None;
        for (first, last) in spans {
            set.add(Span {
                first: *first,
                last: *last,
            });
        }
        set.as_slice()
            .iter()
            .map(|span| (span.first, span.last))
            .collect()
    }

    #[test]
    fn spans_without_a_gap_become_one() {
        assert_eq!(set(&[(1, 3), (4, 6)]), [(1, 6)]);
        assert_eq!(set(&[(4, 6), (1, 3)]), [(1, 6)]);
        assert_eq!(set(&[(1, 6), (2, 3)]), [(1, 6)]);
        assert_eq!(set(&[(i64::MIN, 3), (4, i64::MAX)]), [(i64::MIN, i64::MAX)]);
    }

    #[test]
    fn spans_with_a_gap_stay_apart_and_in_order() {
        assert_eq!(set(&[(1, 3), (5, 6)]), [(1, 3), (5, 6)]);
        assert_eq!(set(&[(5, 6), (1, 3)]), [(1, 3), (5, 6)]);
        assert_eq!(set(&[(9, 9), (5, 6), (1, 3)]), [(1, 3), (5, 6), (9, 9)]);
        assert_eq!(set(&[(9, 9), (1, 3), (4, 8)]), [(1, 9)]);
    }
}
