//! What is known by the gate, and what lies in a window (sections 2 and 3).

use lind_model::protocol::{Anchor, Window};
use lind_model::{OpenKind, Truth};
use lind_time::Tri;

use super::{Gate, Reached, Run};
use crate::chart::Record;
use crate::time::{DAY, MINUTE, Time};
use crate::window::{Span, contains, overlaps};

/// The sample that a window may lean on: none where there is no sample, and none inside if it has
/// no time.
pub(super) type Sample = Option<Option<Time>>;

impl Run<'_> {
    /// Whether something is not after the gate.
    pub(super) fn known(&self, time: Time, gate: Gate) -> Tri {
        let both_to_the_minute = time.to_the_minute && gate.time.to_the_minute;
        let unit = if both_to_the_minute { MINUTE } else { DAY };
        time.compare(gate.time, unit, |time, gate| time <= gate)
    }

    /// What a test comes to if an anchor of one of its windows has not been reached, or is unclear.
    pub(super) fn not_anchored<'w>(
        &self,
        windows: impl IntoIterator<Item = &'w Window>,
    ) -> Option<Truth> {
        let mut worst: Option<OpenKind> = None;
        for window in windows {
            for anchor in anchors(window) {
                let Anchor::Milestone(milestone) = anchor else {
                    continue;
                };
                let kind = match self.reached(milestone) {
                    Reached::At(_) => continue,
                    Reached::Not => OpenKind::Pending,
                    Reached::Unclear => OpenKind::Unknown,
                };
                worst = worst.max(Some(kind));
            }
        }
        worst.map(Truth::Open)
    }

    pub(super) fn anchor(&self, anchor: Anchor, sample: Sample) -> Option<Time> {
        match anchor {
            Anchor::Sample => sample.flatten(),
            Anchor::Milestone(milestone) => match self.reached(milestone) {
                Reached::At(time) => Some(time),
                Reached::Not | Reached::Unclear => None,
            },
        }
    }

    /// Whether a time lies in a window.
    pub(super) fn time_in(&self, window: &Window, time: Time, sample: Sample) -> Tri {
        match window {
            Window::Around { anchor, window, .. } => match self.anchor(*anchor, sample) {
                Some(anchor) => contains(window, self.months(), anchor, time),
                None => Tri::Maybe,
            },
            Window::Between { from, to } => {
                let from = self.anchor(*from, sample).map_or(Tri::Maybe, |from| {
                    time.compare(from, DAY, |time, from| time >= from)
                });
                let to = self.anchor(*to, sample).map_or(Tri::Maybe, |to| {
                    time.compare(to, DAY, |time, to| time <= to)
                });
                from.and(to)
            }
            // Only drugs have half-lives.
            Window::HalfLives { .. } => Tri::Maybe,
            Window::Either(a, b) => {
                let (a, b) = (self.time_in(a, time, sample), self.time_in(b, time, sample));
                a.or(b)
            }
            Window::Both(a, b) => {
                let (a, b) = (self.time_in(a, time, sample), self.time_in(b, time, sample));
                a.and(b)
            }
        }
    }

    /// Whether a span has an instant in a window. Half-lives are those of the record's drug.
    pub(super) fn span_in(
        &self,
        window: &Window,
        span: Span,
        record: Option<&Record>,
        sample: Sample,
    ) -> Tri {
        match window {
            Window::Around { anchor, window, .. } => match self.anchor(*anchor, sample) {
                Some(anchor) => overlaps(window, self.months(), anchor, span),
                None => Tri::Maybe,
            },
            Window::Between { from, to } => {
                let from = self.anchor(*from, sample).map_or(Tri::Maybe, |from| {
                    self.end_compared(span, from, DAY, |end, from| end >= from)
                });
                let to = self.anchor(*to, sample).map_or(Tri::Maybe, |to| {
                    self.begin_compared(span, to, DAY, |begin, to| begin <= to)
                });
                from.and(to)
            }
            Window::HalfLives {
                anchor,
                count,
                closed,
                beyond,
            } => match (self.anchor(*anchor, sample), record) {
                (Some(anchor), Some(record)) => {
                    self.in_half_lives(record, anchor, count, *closed, *beyond)
                }
                // Whatever the drug is, it was not given before the anchor.
                (Some(anchor), None) if anchor.is_before(span.begin) == Tri::Yes => Tri::No,
                _ => Tri::Maybe,
            },
            Window::Either(a, b) => {
                let a = self.span_in(a, span, record, sample);
                a.or(self.span_in(b, span, record, sample))
            }
            Window::Both(a, b) => {
                let a = self.span_in(a, span, record, sample);
                a.and(self.span_in(b, span, record, sample))
            }
        }
    }
}

/// The anchors of a window.
fn anchors(window: &Window) -> Vec<Anchor> {
    match window {
        Window::Around { anchor, .. } | Window::HalfLives { anchor, .. } => vec![*anchor],
        Window::Between { from, to } => vec![*from, *to],
        Window::Either(a, b) | Window::Both(a, b) => {
            let mut both = anchors(a);
            both.extend(anchors(b));
            both
        }
    }
}
