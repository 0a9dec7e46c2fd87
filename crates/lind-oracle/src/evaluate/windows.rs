//! What is known by the gate, and what lies in a window (sections 2 and 3).

use lind_model::protocol::{Anchor, Fact, Filter, Window};
use lind_model::{OpenKind, Truth};
use lind_time::{Edge, Tri};

use super::records::{Named, Placed};
use super::{Gate, Reached, Run};
use crate::chart::{Record, tri};
use crate::time::{DAY, MINUTE, Time};
use crate::window::{Span, contains, overlaps};

/// What a window may lean on where something is read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Here {
    /// The sample: none where there is no sample, and none inside if it has no time.
    sample: Option<Option<Time>>,
    records: Named,
    gate: Gate,
}

impl Here {
    /// Where there is no sample.
    pub(super) fn at(gate: Gate) -> Self {
        Self {
            sample: None,
            records: gate.records,
            gate,
        }
    }

    /// Around a sample.
    pub(super) fn around(sample: Option<Time>, gate: Gate) -> Self {
        Self {
            sample: Some(sample),
            records: gate.records,
            gate,
        }
    }
}

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
                let milestone = match anchor {
                    Anchor::Milestone(milestone) => milestone,
                    Anchor::Chosen(id) => {
                        let chosen = self.protocol.chosen.get(id.index());
                        let lines = chosen.into_iter().flat_map(|chosen| &chosen.lines);
                        for line in lines {
                            if let Some(Truth::Open(kind)) =
                                self.not_anchored(windows_of(&line.fact))
                            {
                                worst = worst.max(Some(kind));
                            }
                        }
                        continue;
                    }
                    Anchor::Sample | Anchor::Record(..) | Anchor::Date(_) => continue,
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

    pub(super) fn anchor(&self, anchor: Anchor, here: Here) -> Placed {
        let recorded = |time: Option<Time>| time.map_or(Placed::Unknown, Placed::At);
        match anchor {
            Anchor::Sample => recorded(here.sample.flatten()),
            Anchor::Milestone(milestone) => match self.reached(milestone) {
                Reached::At(time) => Placed::At(time),
                Reached::Not | Reached::Unclear => Placed::Unknown,
            },
            Anchor::Record(record, edge) => self.edge(record, edge, &here.records),
            Anchor::Date(day) => recorded(Time::parse(&day.to_string())),
            Anchor::Chosen(id) => self.chosen(id, here.gate),
        }
    }

    /// Whether a time lies in a window.
    pub(super) fn time_in(&self, window: &Window, time: Time, here: Here) -> Tri {
        match window {
            Window::Around { anchor, window, .. } => match self.anchor(*anchor, here) {
                Placed::At(anchor) => contains(window, self.months(), anchor, time),
                // What has a beginning lies after everything that is known.
                Placed::Endless => tri(window.from == Edge::Unbounded),
                Placed::Nothing => Tri::No,
                Placed::Unknown => Tri::Maybe,
            },
            Window::Between { from, to } => {
                let from = match self.anchor(*from, here) {
                    Placed::At(from) => time.compare(from, DAY, |time, from| time >= from),
                    Placed::Endless | Placed::Nothing => Tri::No,
                    Placed::Unknown => Tri::Maybe,
                };
                from.and(match self.anchor(*to, here) {
                    Placed::At(to) => time.compare(to, DAY, |time, to| time <= to),
                    Placed::Endless => Tri::Yes,
                    Placed::Nothing => Tri::No,
                    Placed::Unknown => Tri::Maybe,
                })
            }
            Window::HalfLives { anchor, .. } => match self.anchor(*anchor, here) {
                Placed::Nothing => Tri::No,
                // Only drugs have half-lives.
                _ => Tri::Maybe,
            },
            Window::Either(a, b) => {
                let (a, b) = (self.time_in(a, time, here), self.time_in(b, time, here));
                a.or(b)
            }
            Window::Both(a, b) => {
                let (a, b) = (self.time_in(a, time, here), self.time_in(b, time, here));
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
        here: Here,
    ) -> Tri {
        match window {
            Window::Around { anchor, window, .. } => match self.anchor(*anchor, here) {
                Placed::At(anchor) => overlaps(window, self.months(), anchor, span),
                Placed::Endless => tri(window.from == Edge::Unbounded),
                Placed::Nothing => Tri::No,
                Placed::Unknown => Tri::Maybe,
            },
            Window::Between { from, to } => {
                let from = match self.anchor(*from, here) {
                    Placed::At(from) => self.end_compared(span, from, DAY, |end, from| end >= from),
                    Placed::Endless | Placed::Nothing => Tri::No,
                    Placed::Unknown => Tri::Maybe,
                };
                from.and(match self.anchor(*to, here) {
                    Placed::At(to) => self.begin_compared(span, to, DAY, |begin, to| begin <= to),
                    Placed::Endless => Tri::Yes,
                    Placed::Nothing => Tri::No,
                    Placed::Unknown => Tri::Maybe,
                })
            }
            Window::HalfLives {
                anchor,
                count,
                closed,
                beyond,
            } => match (self.anchor(*anchor, here), record) {
                (Placed::At(anchor), Some(record)) => {
                    self.in_half_lives(record, anchor, count, *closed, *beyond)
                }
                // Whatever the drug is, it was not given before the anchor.
                (Placed::At(anchor), None) if anchor.is_before(span.begin) == Tri::Yes => Tri::No,
                (Placed::Nothing, _) => Tri::No,
                _ => Tri::Maybe,
            },
            Window::Either(a, b) => {
                let a = self.span_in(a, span, record, here);
                a.or(self.span_in(b, span, record, here))
            }
            Window::Both(a, b) => {
                let a = self.span_in(a, span, record, here);
                a.and(self.span_in(b, span, record, here))
            }
        }
    }
}

/// The windows of a fact, those of its filters included.
pub(super) fn windows_of(fact: &Fact) -> Vec<&Window> {
    let of_filters = fact.filters.iter().filter_map(|filter| match filter {
        Filter::Steady(steady) => Some(&steady.window),
        Filter::Edge(_, window) => Some(window),
        _ => None,
    });
    fact.window.iter().chain(of_filters).collect()
}

/// The anchors of a window.
pub(super) fn anchors(window: &Window) -> Vec<Anchor> {
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
