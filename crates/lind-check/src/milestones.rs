//! Milestones: their order, as a simple temporal network, and the values that count at each.

use std::collections::BTreeSet;
use std::sync::Arc;

use lind_diagnostics::{Diagnostic, Span};
use lind_model::protocol::Milestone;
use lind_model::{MilestoneId, VisitId};
use lind_syntax::tree::{self, FieldKind, Item, RelationKind};
use lind_time::network::{Contradiction, Network, NodeId, Solved};
use lind_time::{Offset, OffsetClass};

use crate::analysis::Checker;
use crate::modules::Module;
use crate::rules;
use crate::schedule::{self, Draft, Root};
use crate::times::Inside;

/// The most milestones that are put in an order: solving the network takes time with the cube of them.
const MOST: usize = 500;

const MINUTES_OF_A_DAY: i64 = 1440;

/// Reads the milestones of all modules, orders them, and gives them their final ids.
pub(crate) fn elaborate(checker: &mut Checker<'_>, modules: &[Module]) {
    let mut declared: Vec<(usize, &tree::Milestone)> = Vec::new();
    for (index, module) in modules.iter().enumerate() {
        declared.extend(module.tree.items.iter().filter_map(|item| {
            if let Item::Milestone(milestone) = item {
                Some((index, milestone))
            } else {
                None
            }
        }));
    }
    let (made, of_the_day) = checker.day_at_hand(modules, declared.len());
    declared.extend(made.iter().map(|milestone| (0, milestone)));
    checker.order_known = true;
    if let Some((_, milestone)) = declared.get(MOST) {
        checker.sink.push(
            Diagnostic::new(
                &rules::E0514_TOO_LARGE,
                milestone.name.span,
                format!("a protocol has at most {MOST} milestones, and this one has {}", declared.len()),
            )
            .label("one milestone too many")
            .note("milestones are the moments on which criteria and windows lean; repeated visits that nothing leans on need none"),
        );
        checker.order_known = false;
        declared.truncate(MOST);
    }
    let mut network = Network::new();
    let nodes: Vec<NodeId> = declared
        .iter()
        .map(|(_, milestone)| network.add_node(milestone.name.text.clone()))
        .collect();
    let count = declared.len();
    let drafts = visits_of(checker, modules);
    let words = schedule::words(checker.files, modules);
    let leant_on: Vec<usize> = drafts
        .iter()
        .enumerate()
        .filter(|(_, draft)| schedule::is_leant_on(draft, &words))
        .map(|(index, _)| index)
        .collect();
    let visit_nodes: Vec<NodeId> = drafts
        .iter()
        .map(|draft| network.add_node(draft.name.text.clone()))
        .collect();
    let nodes: Vec<NodeId> = nodes
        .into_iter()
        .chain(
            leant_on
                .iter()
                .filter_map(|visit| visit_nodes.get(*visit).copied()),
        )
        .collect();
    let mut relations: Vec<Span> = Vec::new();
    for ((module, milestone), node) in declared.iter().zip(&nodes) {
        checker.module = *module;
        let mut is_named = false;
        for relation in &milestone.relations {
            // A second name has its own message.
            if relation.kind == RelationKind::Is && std::mem::replace(&mut is_named, true) {
                continue;
            }
            let other = checker
                .find_milestone(&relation.other)
                .and_then(|id| nodes.get(id.index()));
            let (Some(other), Some((least, most))) = (other, checker.minutes(relation)) else {
                checker.order_known = false;
                continue;
            };
            network.add_constraint(*other, *node, least, most, relations.len());
            relations.push(relation.span);
        }
    }
    checker.study_day_count(modules);
    let is_visit = |place: usize| {
        let visit = leant_on.get(place.checked_sub(count)?)?;
        Some(VisitId::from_index(*visit))
    };
    let mut times = checker.visit_times(modules, &drafts, &is_visit);
    checker.refuse_circles_of_visits(&drafts, &mut times);
    for ((draft, time), node) in drafts.iter().zip(&times).zip(&visit_nodes) {
        let node_of = |root: Root| match root {
            Root::Milestone(id) => nodes.get(id).copied(),
            Root::Visit(id) => visit_nodes.get(id.index()).copied(),
        };
        if let Some(time) = time {
            time.state(&mut network, *node, node_of, relations.len());
        }
        relations.push(draft.visit.span);
    }
    let solved = match network.solve() {
        Ok(solved) => Some(solved),
        Err(contradiction) => {
            report_contradiction(checker, &network, &contradiction, &relations);
            checker.order_known = false;
            None
        }
    };
    let order = order(&nodes, solved.as_ref());
    let place = |id: usize| {
        order
            .iter()
            .position(|other| other.index() == id)
            .map(MilestoneId::from_index)
    };
    let mut table: Vec<Option<Milestone>> = Vec::new();
    for id in &order {
        let node = nodes.get(id.index());
        let mut not_later: Vec<MilestoneId> = nodes
            .iter()
            .enumerate()
            .filter(|(other, other_node)| *other == id.index() || matches!((node, &solved), (Some(node), Some(solved)) if solved.precedes(**other_node, *node)))
            .filter_map(|(other, _)| place(other))
            .collect();
        not_later.sort_unstable();
        let is_days_earlier = |earlier: &MilestoneId| {
            let other = order
                .get(earlier.index())
                .and_then(|id| nodes.get(id.index()));
            matches!((node, other, &solved), (Some(node), Some(other), Some(solved))
                if solved.bounds(*other, *node).0.is_some_and(|least| least >= MINUTES_OF_A_DAY))
        };
        let days_earlier = not_later.iter().copied().filter(is_days_earlier).collect();
        let visit = is_visit(id.index()).and_then(|visit| drafts.get(visit.index()));
        let entry = match (declared.get(id.index()), visit) {
            (Some((_, milestone)), _) => Milestone {
                name: Arc::from(milestone.name.text.as_str()),
                title: milestone
                    .title
                    .as_ref()
                    .map(|text| Arc::from(text.value.as_str())),
                timed: milestone.with_time.is_some(),
                not_later,
                days_earlier,
                values: None,
                same_as: None,
                span: milestone.name.span,
            },
            (None, Some(visit)) => Milestone {
                name: Arc::from(visit.name.text.as_str()),
                title: Some(Arc::from(visit.title.as_str())),
                timed: false,
                not_later,
                days_earlier,
                values: None,
                same_as: None,
                span: visit.name.span,
            },
            (None, None) => continue,
        };
        table.push(Some(entry));
    }
    checker.tables.milestones = table;
    let events = order
        .iter()
        .filter_map(|id| nodes.get(id.index()).copied())
        .collect();
    checker.distances = solved.map(|solved| (solved, events));
    checker.renumber_milestones(&order);
    checker.tables.trial.study_days = checker.tables.timetable.count(place);
    let timetable = &mut checker.tables.timetable;
    timetable.times = times
        .into_iter()
        .map(|time| time?.renumbered(&|id| place(id).map(MilestoneId::index)))
        .collect();
    timetable.nodes = visit_nodes;
    timetable.milestones = vec![None; drafts.len()];
    for (at, visit) in leant_on.iter().enumerate() {
        if let Some(slot) = timetable.milestones.get_mut(*visit) {
            *slot = place(count + at);
        }
    }
    for (new, id) in order.iter().enumerate() {
        let Some((module, milestone)) = declared.get(id.index()) else {
            continue;
        };
        checker.module = *module;
        for field in &milestone.fields {
            match &field.kind {
                FieldKind::Values(window) => {
                    let inside = Inside {
                        what: "values",
                        declared: None,
                        timed: true,
                        has_sample: false,
                        is_drug: false,
                    };
                    let window = checker.window(window, inside);
                    if let Some(Some(entry)) = checker.tables.milestones.get_mut(new) {
                        entry.values = window;
                    }
                }
                FieldKind::Source(_) | FieldKind::Note(_) | FieldKind::Broken => {}
                _ => checker.misplaced_field(field.span, "a milestone"),
            }
        }
    }
    checker.same_moments(&declared, &order);
    checker.settle_the_day(of_the_day.renumbered(&order));
}

/// The visits of all modules; none if there are too many.
fn visits_of<'t>(checker: &mut Checker<'_>, modules: &'t [Module]) -> Vec<Draft<'t>> {
    let drafts = schedule::drafts(modules);
    match drafts.get(schedule::MOST_VISITS) {
        None => drafts,
        Some(visit) => {
            checker.sink.push(
                Diagnostic::new(
                    &rules::E0514_TOO_LARGE,
                    visit.visit.span,
                    format!(
                        "a schedule has at most {} visits, and this one has more",
                        schedule::MOST_VISITS
                    ),
                )
                .label("too many visits"),
            );
            Vec::new()
        }
    }
}

/// Each stated limit on the circle, with what it says.
fn report_contradiction(
    checker: &mut Checker<'_>,
    network: &Network,
    contradiction: &Contradiction,
    relations: &[Span],
) {
    let mut seen = BTreeSet::new();
    let mut diagnostic: Option<Diagnostic> = None;
    for (step, clause) in contradiction
        .cycle
        .iter()
        .zip(contradiction.explain(network))
    {
        let Some(span) = relations.get(step.tag).filter(|_| seen.insert(step.tag)) else {
            continue;
        };
        let clause = if step.minutes == -1 {
            format!(
                "{} is before {}",
                network.name(step.to),
                network.name(step.from)
            )
        } else {
            clause
        };
        diagnostic = Some(match diagnostic {
            None => Diagnostic::new(
                &rules::E0407_MILESTONES_CONTRADICT,
                *span,
                "these milestones cannot all be in the order that is stated",
            )
            .label(clause),
            Some(diagnostic) => diagnostic.also(*span, clause),
        });
    }
    if let Some(diagnostic) = diagnostic {
        checker.sink.push(diagnostic.note(
            "going round through the marked lines leads back to an earlier time than it started from; a month counts as 28 to 31 days",
        ));
    }
}

/// Earlier milestones first; those without an order keep the order of the source.
fn order(nodes: &[NodeId], solved: Option<&Solved>) -> Vec<MilestoneId> {
    let mut left: Vec<usize> = (0..nodes.len()).collect();
    let mut order = Vec::with_capacity(nodes.len());
    while !left.is_empty() {
        let comes_before = |a: usize, b: usize| match (nodes.get(a), nodes.get(b), solved) {
            // Two that may fall together are kept in the order of the source.
            (Some(a_node), Some(b_node), Some(solved)) => {
                solved.precedes(*a_node, *b_node) && !(solved.precedes(*b_node, *a_node) && a > b)
            }
            _ => false,
        };
        let next = left
            .iter()
            .position(|b| !left.iter().any(|a| a != b && comes_before(*a, *b)))
            .unwrap_or(0);
        order.push(MilestoneId::from_index(left.remove(next)));
    }
    order
}

impl Checker<'_> {
    /// A relation as least and most minutes from the other milestone to this one.
    fn minutes(&mut self, relation: &tree::Relation) -> Option<(Option<i64>, Option<i64>)> {
        let flip = |earlier: bool, least: Option<i64>, most: Option<i64>| {
            if earlier {
                (most.map(|most| -most), least.map(|least| -least))
            } else {
                (least, most)
            }
        };
        Some(match &relation.kind {
            RelationKind::Is => (Some(0), Some(0)),
            RelationKind::FromOn => (Some(0), None),
            RelationKind::After => (Some(1), None),
            RelationKind::Before => (None, Some(-1)),
            RelationKind::AtMost { length, earlier } => {
                let (_, most) = bounds(self.offset(length)?);
                flip(*earlier, Some(0), Some(most))
            }
            RelationKind::AtLeast { length, earlier } => {
                let (least, _) = bounds(self.offset(length)?);
                flip(*earlier, Some(least), None)
            }
            RelationKind::Between {
                shortest,
                longest,
                earlier,
            } => {
                let near = tree::Length {
                    number: shortest.clone(),
                    unit: longest.unit.clone(),
                    span: shortest.span,
                };
                let (near, far) = (self.offset(&near), self.offset(longest));
                let (least, _) = bounds(near?);
                let (_, most) = bounds(far?);
                if least > most {
                    self.sink.push(
                        Diagnostic::new(
                            &rules::E0406_EMPTY_WINDOW,
                            relation.span,
                            "this window contains no time",
                        )
                        .label("the first length is more than the second"),
                    );
                    return None;
                }
                flip(*earlier, Some(least), Some(most))
            }
        })
    }
}

/// Sound bounds of an offset in minutes: a month is 28 to 31 days.
pub(crate) fn bounds(offset: Offset) -> (i64, i64) {
    match offset {
        Offset::Clock { seconds } => (seconds / 60, seconds.saturating_add(59) / 60),
        _ => {
            let (least, most) = offset.day_bounds();
            debug_assert!(offset.class() != OffsetClass::Clock);
            (
                least.saturating_mul(MINUTES_OF_A_DAY),
                most.saturating_mul(MINUTES_OF_A_DAY),
            )
        }
    }
}
