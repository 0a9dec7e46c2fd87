//! When a record begins and ends, as a condition on it: `begun within …`, `ended before …`.

use lind_model::plan::{FactPlan, FilterPlan};
use lind_model::protocol::{RecordEdge, Window};
use lind_time::Tri;

use crate::moments::Moment;
use crate::rows::{End, Extent};
use crate::view::View;
use crate::windows::Prepared;

/// So many windows of a fact's beginnings and ends are looked up once, and not again for every row. Facts
/// have one of them, or two.
const PREPARED: usize = 2;

/// The windows of the beginnings and ends that a fact asks for.
#[derive(Default)]
pub(crate) struct Edges<'p>([Option<Prepared<'p>>; PREPARED]);

impl<'p> Edges<'p> {
    pub(crate) fn new(view: &View<'_>, plan: &'p FactPlan) -> Self {
        if plan.filters.iter().all(|filter| edge(filter).is_none()) {
            return Self::default();
        }
        let mut windows = plan.filters.iter().filter_map(edge);
        let mut next = || Some(view.prepare(windows.next()?.1, None));
        Self(std::array::from_fn(|_| next()))
    }

    /// Whether the `place`-th beginning or end that is asked for lies in its window.
    pub(crate) fn lies_in(
        &self,
        view: &View<'_>,
        place: usize,
        edge: RecordEdge,
        window: &Window,
        extent: &Extent,
    ) -> Tri {
        match self.0.get(place) {
            Some(Some(prepared)) => view.edge_lies_in(extent, edge, prepared),
            _ => view.edge_lies_in(extent, edge, &view.prepare(window, None)),
        }
    }
}

/// The edge and the window of a filter that asks for one.
pub(crate) fn edge(filter: &FilterPlan) -> Option<(RecordEdge, &Window)> {
    match filter {
        FilterPlan::Edge(edge, window) => Some((*edge, window)),
        _ => None,
    }
}

impl View<'_> {
    /// Whether the beginning or the end of a row lies in a window and is known by the gate. What is not over
    /// has no end; nothing ends before it begins.
    pub(crate) fn edge_lies_in(
        &self,
        extent: &Extent,
        edge: RecordEdge,
        window: &Prepared<'_>,
    ) -> Tri {
        let Some(at) = self.edge_of(extent, edge) else {
            return Tri::No;
        };
        let Some(at) = at else {
            return Tri::Maybe;
        };
        self.contains(window, at, None).and(self.known(at))
    }

    /// When a row begins or ends: nothing outside if it does not end, nothing inside if it contradicts
    /// itself.
    #[expect(
        clippy::option_option,
        reason = "nothing outside is no end, nothing inside a contradiction"
    )]
    pub(crate) fn edge_of(&self, extent: &Extent, edge: RecordEdge) -> Option<Option<Moment>> {
        let begin = extent.begin;
        if extent.end == End::AtOnce {
            return Some(Some(begin));
        }
        let end = extent.end();
        if end.is_some_and(|end| begin.first > end.last) {
            return Some(None);
        }
        match edge {
            RecordEdge::Begin => Some(Some(Moment {
                last: end.map_or(begin.last, |end| begin.last.min(end.last)),
                ..begin
            })),
            RecordEdge::End => end.map(Some),
        }
    }
}
