//! Visits in the temporal network: circles, and visits that can change places.

use std::collections::BTreeSet;

use lind_diagnostics::{Diagnostic, Span};
use lind_model::VisitId;
use lind_model::trial::{VisitAnchor, VisitTime};
use lind_time::Offset;
use lind_time::network::{Network, NodeId};

use super::{Draft, Root, Time};
use crate::analysis::Checker;
use crate::milestones::bounds;
use crate::rules;

const MINUTES_A_DAY: i64 = 1440;

impl Root {
    fn visit(self) -> Option<VisitId> {
        match self {
            Root::Visit(id) => Some(id),
            Root::Milestone(_) => None,
        }
    }
}

impl Time {
    /// What it is counted from.
    pub(crate) fn roots(&self) -> impl Iterator<Item = Root> {
        let (one, other) = match self {
            Time::Planned { at, .. } => (Some(at.root), None),
            Time::Span(from, to) => (Some(from.root), Some(to.root)),
            Time::Unscheduled => (None, None),
        };
        one.into_iter().chain(other)
    }

    /// States it in the network. `node_of` gives the event that a root is.
    pub(crate) fn state(
        &self,
        network: &mut Network,
        node: NodeId,
        node_of: impl Fn(Root) -> Option<NodeId>,
        tag: usize,
    ) {
        match self {
            Time::Planned { at, earlier, later } => {
                if let Some(root) = node_of(at.root) {
                    let (least, most) = bounds(at.offset);
                    let least = least.saturating_sub(bounds(*earlier).1);
                    let most = most.saturating_add(bounds(*later).1);
                    network.add_constraint(root, node, Some(least), Some(most), tag);
                }
            }
            Time::Span(from, to) => {
                if let Some(root) = node_of(from.root) {
                    network.add_constraint(root, node, Some(bounds(from.offset).0), None, tag);
                }
                if let Some(root) = node_of(to.root) {
                    network.add_constraint(root, node, None, Some(bounds(to.offset).1), tag);
                }
            }
            Time::Unscheduled => {}
        }
    }

    /// The same with the final ids of milestones.
    pub(crate) fn renumbered(self, place: &impl Fn(usize) -> Option<usize>) -> Option<Self> {
        let point = |point: super::Point| {
            let root = match point.root {
                Root::Milestone(id) => Root::Milestone(place(id)?),
                visit @ Root::Visit(_) => visit,
            };
            Some(super::Point { root, ..point })
        };
        Some(match self {
            Time::Planned { at, earlier, later } => Time::Planned {
                at: point(at)?,
                earlier,
                later,
            },
            Time::Span(from, to) => Time::Span(point(from)?, point(to)?),
            Time::Unscheduled => Time::Unscheduled,
        })
    }
}

impl Checker<'_> {
    /// Visits that are counted from each other in a circle have no time.
    pub(crate) fn refuse_circles_of_visits(
        &mut self,
        drafts: &[Draft<'_>],
        times: &mut [Option<Time>],
    ) {
        let mut in_circle: BTreeSet<usize> = BTreeSet::new();
        for start in 0..times.len() {
            let mut waiting = vec![start];
            let mut seen = BTreeSet::new();
            while let Some(at) = waiting.pop() {
                let next = times.get(at).and_then(Option::as_ref);
                for other in next
                    .into_iter()
                    .flat_map(Time::roots)
                    .filter_map(Root::visit)
                {
                    if other.index() == start {
                        in_circle.insert(start);
                    }
                    if seen.insert(other.index()) {
                        waiting.push(other.index());
                    }
                }
            }
        }
        let mut told: BTreeSet<Span> = BTreeSet::new();
        for index in &in_circle {
            if let Some(draft) = drafts.get(*index)
                && told.insert(draft.visit.span)
            {
                self.sink.push(
                    Diagnostic::new(
                        &rules::E0429_VISIT_COUNTED_FROM_ITSELF,
                        draft.visit.span,
                        format!("the time of `{}` leads back to itself", draft.name.text),
                    )
                    .label("never begins")
                    .note("one of the visits must be counted from a milestone"),
                );
            }
            if let Some(time) = times.get_mut(*index) {
                *time = None;
            }
        }
    }

    /// What the times of visits say about each other.
    pub(super) fn compare_visits(&mut self, drafts: &[Draft<'_>]) {
        let early = self.visits_before_their_anchor(drafts);
        self.visits_out_of_order(drafts);
        let order = self.tables.trial.planned_order();
        let timelines: BTreeSet<_> = drafts.iter().map(|draft| draft.timeline).collect();
        let mut told: BTreeSet<(Span, Span)> = BTreeSet::new();
        for timeline in timelines {
            let own: Vec<VisitId> = order
                .iter()
                .copied()
                .filter(|id| drafts.get(id.index()).map(|draft| draft.timeline) == Some(timeline))
                .collect();
            for pair in own.windows(2) {
                if let [first, second] = pair
                    && let (Some(one), Some(other)) =
                        (drafts.get(first.index()), drafts.get(second.index()))
                    && !early.contains(&other.visit.span)
                    && let Some(diagnostic) = self.can_swap((*first, one), (*second, other))
                    && told.insert((one.visit.span, other.visit.span))
                {
                    self.sink.push(diagnostic);
                }
            }
        }
    }

    /// Whether the second of two neighbours can take place before the first.
    fn can_swap(
        &self,
        (first, one): (VisitId, &Draft<'_>),
        (second, other): (VisitId, &Draft<'_>),
    ) -> Option<Diagnostic> {
        let (name, next) = (&one.name.text, &other.name.text);
        let labels = |diagnostic: Diagnostic| {
            if one.visit.span == other.visit.span {
                diagnostic.label("two of these visits")
            } else {
                diagnostic
                    .label(format!("`{next}`"))
                    .also(one.visit.span, format!("`{name}`"))
            }
        };
        let swapped = || {
            let days = self.days_before(second, first)?;
            Some(labels(Diagnostic::new(
                &rules::W0650_VISITS_CAN_SWAP,
                other.visit.span,
                format!("`{next}` can take place {days} before `{name}`, each within its window"),
            )))
        };
        if self.is_span(first) || self.is_span(second) {
            // One that waits for something else, such as a withdrawal, has no place among the others.
            return self.share_a_root(first, second).then(swapped).flatten();
        }
        let place = |id: VisitId| match &self.tables.trial.visits.get(id.index())?.time {
            VisitTime::Planned {
                anchor,
                offset,
                earlier,
                later,
            } => Some((*anchor, *offset, *earlier, *later)),
            _ => None,
        };
        let (from_one, at_one, _, later) = place(first)?;
        let (from_other, at_other, earlier, _) = place(second)?;
        let day = |offset: Offset| offset.day_bounds();
        if from_one == from_other {
            if at_one.compare(at_other) == Some(std::cmp::Ordering::Equal) {
                return Some(labels(Diagnostic::new(
                    &rules::W0650_VISITS_CAN_SWAP,
                    other.visit.span,
                    format!("`{name}` and `{next}` are planned on the same day"),
                )));
            }
            let reaches_on = day(at_one).1.saturating_add(day(later).1) >= day(at_other).0;
            let reaches_back = day(at_other).0.saturating_sub(day(earlier).1) <= day(at_one).1;
            if reaches_on || reaches_back {
                let (whose, which) = if reaches_on {
                    (name, next)
                } else {
                    (next, name)
                };
                return Some(
                    labels(Diagnostic::new(
                        &rules::W0651_REACHES_NEIGHBOUR,
                        other.visit.span,
                        format!("the window of `{whose}` reaches the day of `{which}`"),
                    ))
                    .note("on that day nobody can tell which of the two a visit is; a window narrower than the distance says it"),
                );
            }
        }
        swapped()
    }

    /// How many days the second of two visits can be after the first, in words; none if it cannot, or if nothing says
    /// how many.
    fn days_before(&self, first: VisitId, second: VisitId) -> Option<String> {
        let (solved, _) = self.distances.as_ref()?;
        let nodes = &self.tables.timetable.nodes;
        let (a, b) = (nodes.get(second.index())?, nodes.get(first.index())?);
        let (least, _) = solved.bounds(*a, *b);
        let days = least
            .filter(|least| *least < 0)?
            .unsigned_abs()
            .div_ceil(MINUTES_A_DAY.unsigned_abs());
        Some(if days == 1 {
            "1 day".to_owned()
        } else {
            format!("{days} days")
        })
    }

    /// Whether a visit is on any day of a window.
    fn is_span(&self, visit: VisitId) -> bool {
        let time = self.tables.timetable.times.get(visit.index());
        matches!(time, Some(Some(Time::Span(..))))
    }

    /// Whether two visits are counted from one event, in part at least.
    fn share_a_root(&self, first: VisitId, second: VisitId) -> bool {
        let roots = |id: VisitId| {
            let time = self.tables.timetable.times.get(id.index());
            time.and_then(Option::as_ref)
                .into_iter()
                .flat_map(Time::roots)
        };
        roots(first).any(|root| roots(second).any(|other| other == root))
    }

    /// A visit that is counted from something cannot be planned once that has happened, if it may come before it.
    fn visits_before_their_anchor(&mut self, drafts: &[Draft<'_>]) -> BTreeSet<Span> {
        let mut told: BTreeSet<Span> = BTreeSet::new();
        for (index, draft) in drafts.iter().enumerate() {
            let Some(visit) = self.tables.trial.visits.get(index) else {
                continue;
            };
            let VisitTime::Planned {
                anchor,
                offset,
                earlier,
                ..
            } = &visit.time
            else {
                continue;
            };
            let least = bounds(*offset).0.saturating_sub(bounds(*earlier).1);
            if !offset.is_positive() || least >= 0 || !told.insert(draft.visit.span) {
                continue;
            }
            let name = match anchor {
                VisitAnchor::Milestone(id) => {
                    self.milestone(*id).map(|milestone| milestone.name.clone())
                }
                VisitAnchor::Visit(id) => self
                    .tables
                    .trial
                    .visits
                    .get(id.index())
                    .map(|visit| visit.name.clone()),
            };
            let name = name.unwrap_or_else(|| super::arc("it"));
            let place = draft
                .visit
                .margin
                .as_ref()
                .map_or(draft.visit.span, |margin| margin.span);
            self.sink.push(
                Diagnostic::new(
                    &rules::E0424_VISIT_BEFORE_ANCHOR,
                    place,
                    format!(
                        "`{}` is counted from `{name}`, and its window begins before that",
                        draft.name.text
                    ),
                )
                .label(format!("{earlier} earlier than {offset} after"))
                .note("a day that is counted from something is known when that has happened"),
            );
        }
        told
    }

    /// Lines whose visits all come before those of the line above.
    fn visits_out_of_order(&mut self, drafts: &[Draft<'_>]) {
        let Some((solved, _)) = self.distances.clone() else {
            return;
        };
        // The visits of each line, in the order of the source.
        let mut lines: Vec<(Span, Vec<usize>)> = Vec::new();
        for (index, draft) in drafts.iter().enumerate() {
            match lines.last_mut() {
                Some((span, visits)) if *span == draft.visit.span => visits.push(index),
                _ => lines.push((draft.visit.span, vec![index])),
            }
        }
        let nodes = self.tables.timetable.nodes.clone();
        for pair in lines.windows(2) {
            let [(above, first), (below, second)] = pair else {
                continue;
            };
            let timeline = |visits: &[usize]| {
                visits
                    .first()
                    .and_then(|index| drafts.get(*index))
                    .map(|draft| draft.timeline)
            };
            if timeline(first) != timeline(second) {
                continue;
            }
            let is_before = |late: usize, early: usize| match (nodes.get(early), nodes.get(late)) {
                (Some(early), Some(late)) => solved.strictly_precedes(*early, *late),
                _ => false,
            };
            let reversed = second
                .iter()
                .all(|early| first.iter().all(|late| is_before(*late, *early)));
            if reversed {
                let name = |visits: &[usize]| {
                    visits
                        .first()
                        .and_then(|index| drafts.get(*index))
                        .map_or_else(String::new, |draft| draft.name.text.clone())
                };
                self.sink.push(
                    Diagnostic::new(
                        &rules::E0423_VISITS_OUT_OF_ORDER,
                        *below,
                        format!(
                            "`{}` stands below `{}` and is planned before it",
                            name(second),
                            name(first)
                        ),
                    )
                    .label("earlier")
                    .also(*above, "later")
                    .note("visits stand in the order of their times, so that a slip in a number is seen"),
                );
            }
        }
    }
}
