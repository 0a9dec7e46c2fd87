//! Criteria with one of their terms taken out: whoever they answer alike does not need the term.
//!
//! A variant is a criterion of the plan like any other, so that what it says comes from the interpreter and from the
//! truth tables as for the others.

use std::sync::Arc;

use lind_diagnostics::Span;
use lind_model::plan::{ChoicePlan, Node, NodeKind, Plan, PlanCriterion, Stage};
use lind_model::protocol::{Interval, Quantifier, Test};
use lind_model::{MilestoneId, NodeId};

use crate::questions::is_due;

/// How deep terms are looked for below a criterion.
const DEEPEST: usize = 24;

/// How many terms of one criterion are tried.
const MOST_TERMS: usize = 60;

/// A criterion without one of its terms.
pub(super) struct Variant {
    /// The place of the criterion.
    pub(super) of: usize,
    /// Its own place.
    pub(super) place: usize,
    /// What was taken out.
    pub(super) term: Term,
}

/// Something that can be taken out of a criterion.
#[derive(Debug, Clone)]
pub(super) struct Term {
    pub(super) sort: TermSort,
    pub(super) text: Arc<str>,
    pub(super) span: Span,
    /// The condition that it is, or belongs to.
    pub(super) node: NodeId,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TermSort {
    /// A part of a list of alternatives, or of a list all of which must hold.
    Part,
    /// What a fact leaves out, or somebody for whom another condition holds, or none.
    Exception,
    /// One of the limits that hold for some.
    LimitForSome,
    /// The lower of two limits.
    LowerLimit,
    /// The upper of two limits.
    UpperLimit,
}

/// Adds a criterion for every term of the criteria that are decided at a gate.
pub(super) fn add(plan: &mut Plan, gate: MilestoneId) -> Vec<Variant> {
    let mut found = Vec::new();
    for (of, criterion) in plan.criteria.clone().into_iter().enumerate() {
        let mut count = 0_usize;
        for (at, stage) in criterion.stages.iter().enumerate() {
            if !is_due(plan, stage.gate, gate) {
                continue;
            }
            for (term, node) in without(plan, stage.node, 0) {
                count = count.saturating_add(1);
                if count > MOST_TERMS {
                    break;
                }
                let mut stages = criterion.stages.clone();
                if let Some(stage) = stages.get_mut(at) {
                    stage.node = node;
                }
                found.push(Variant {
                    of,
                    place: plan.criteria.len(),
                    term,
                });
                plan.criteria.push(PlanCriterion {
                    criterion: criterion.criterion,
                    guard: criterion.guard.clone(),
                    stages,
                });
            }
        }
    }
    found
}

/// A part of a criterion that joins others, as a criterion of its own.
pub(super) struct Alone {
    /// The place of the criterion.
    pub(super) of: usize,
    /// Its own place.
    pub(super) place: usize,
    pub(super) node: NodeId,
    pub(super) span: Span,
}

/// Adds a criterion for every list within the first criteria that are decided at a gate; outer ones come first.
pub(super) fn alone(plan: &mut Plan, gate: MilestoneId, count: usize) -> Vec<Alone> {
    let mut found = Vec::new();
    let criteria: Vec<PlanCriterion> = plan.criteria.iter().take(count).cloned().collect();
    for (of, criterion) in criteria.into_iter().enumerate() {
        let mut own = 0_usize;
        for stage in &criterion.stages {
            if !is_due(plan, stage.gate, gate) {
                continue;
            }
            let mut open: Vec<(NodeId, usize)> = vec![(stage.node, 0)];
            while let Some((id, depth)) = open.pop() {
                let Some(node) = plan.node(id).filter(|_| depth < DEEPEST) else {
                    continue;
                };
                let NodeKind::List(_, parts) = &node.kind else {
                    continue;
                };
                let deeper = depth.saturating_add(1);
                open.extend(parts.iter().rev().map(|part| (*part, deeper)));
                let span = node.span;
                own = own.saturating_add(1);
                if depth == 0 || own > MOST_TERMS {
                    continue;
                }
                found.push(Alone {
                    of,
                    place: plan.criteria.len(),
                    node: id,
                    span,
                });
                plan.criteria.push(PlanCriterion {
                    criterion: criterion.criterion,
                    guard: None,
                    stages: vec![Stage {
                        gate: stage.gate,
                        node: id,
                    }],
                });
            }
        }
    }
    found
}

/// A node like another one that asks something else.
fn like(plan: &mut Plan, node: &Node, kind: NodeKind) -> NodeId {
    let id = NodeId::from_index(plan.nodes.len());
    plan.nodes.push(Node {
        kind,
        ..node.clone()
    });
    id
}

/// The condition without each of its terms: outer ones before what is in them, later ones before others.
fn without(plan: &mut Plan, id: NodeId, depth: usize) -> Vec<(Term, NodeId)> {
    let Some(node) = plan.node(id).cloned().filter(|_| depth < DEEPEST) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let deeper = depth.saturating_add(1);
    match &node.kind {
        NodeKind::List(quantifier, parts) => {
            let may_leave = matches!(quantifier, Quantifier::All | Quantifier::Any);
            for (place, part) in parts.iter().enumerate().rev() {
                let with = |other: Option<NodeId>| {
                    let own = parts.iter().enumerate();
                    let others = own.filter_map(
                        |(own, part)| {
                            if own == place { other } else { Some(*part) }
                        },
                    );
                    NodeKind::List(*quantifier, others.collect())
                };
                if may_leave && parts.len() > 1 {
                    let rest = like(plan, &node, with(None));
                    found.extend(
                        plan.node(*part)
                            .map(|own| Term {
                                sort: TermSort::Part,
                                text: Arc::clone(&own.text),
                                span: own.span,
                                node: *part,
                            })
                            .map(|term| (term, rest)),
                    );
                }
                for (term, other) in without(plan, *part, deeper) {
                    let whole = like(plan, &node, with(Some(other)));
                    found.push((term, whole));
                }
            }
        }
        NodeKind::Guarded(guard, body) => {
            for (term, other) in without(plan, *body, deeper) {
                let whole = like(plan, &node, NodeKind::Guarded(guard.clone(), other));
                found.push((term, whole));
            }
        }
        NodeKind::Choice(choice) => {
            for (place, (when, then)) in choice.cases.iter().enumerate().rev() {
                if let Some(otherwise) = choice.otherwise
                    && !settles_others(plan, choice, place)
                {
                    let mut cases = choice.cases.clone();
                    cases.remove(place);
                    let rest = if cases.is_empty() {
                        otherwise
                    } else {
                        let kind = NodeKind::Choice(ChoicePlan {
                            cases,
                            otherwise: choice.otherwise,
                        });
                        like(plan, &node, kind)
                    };
                    found.extend(case(plan, &node, (*when, *then), otherwise).zip(Some(rest)));
                }
                for (term, other) in without(plan, *then, deeper) {
                    let mut cases = choice.cases.clone();
                    if let Some(slot) = cases.get_mut(place) {
                        *slot = (*when, other);
                    }
                    let kind = NodeKind::Choice(ChoicePlan {
                        cases,
                        otherwise: choice.otherwise,
                    });
                    found.push((term, like(plan, &node, kind)));
                }
            }
            if let Some(otherwise) = choice.otherwise {
                for (term, other) in without(plan, otherwise, deeper) {
                    let kind = NodeKind::Choice(ChoicePlan {
                        cases: choice.cases.clone(),
                        otherwise: Some(other),
                    });
                    found.push((term, like(plan, &node, kind)));
                }
            }
        }
        NodeKind::IfUnknown {
            node: inner,
            met,
            why,
        } => {
            for (term, other) in without(plan, *inner, deeper) {
                let kind = NodeKind::IfUnknown {
                    node: other,
                    met: *met,
                    why: Arc::clone(why),
                };
                found.push((term, like(plan, &node, kind)));
            }
        }
        NodeKind::Fact(fact) if fact.such_that.is_none() => {
            for (place, (set, _)) in fact.exceptions.iter().enumerate().rev() {
                let mut other = fact.clone();
                other.exceptions.remove(place);
                let set = plan.protocol.sets.get(set.index());
                let term = Term {
                    sort: TermSort::Exception,
                    text: set.map_or_else(|| Arc::from(""), |set| Arc::clone(&set.name)),
                    span: node.span,
                    node: id,
                };
                found.push((term, like(plan, &node, NodeKind::Fact(other))));
            }
        }
        NodeKind::Age { at, interval } => {
            for (sort, one) in with_one_limit(interval) {
                let kind = NodeKind::Age {
                    at: *at,
                    interval: one,
                };
                found.push((limit(sort, &node, id), like(plan, &node, kind)));
            }
        }
        NodeKind::Value(value) => {
            let tests: Vec<(TermSort, Test)> = match &value.test {
                Test::Quantity(interval, unit) => with_one_limit(interval)
                    .map(|(sort, one)| (sort, Test::Quantity(one, unit.clone())))
                    .collect(),
                Test::Score(interval) => with_one_limit(interval)
                    .map(|(sort, one)| (sort, Test::Score(one)))
                    .collect(),
                _ => Vec::new(),
            };
            for (sort, test) in tests {
                let mut other = value.clone();
                other.test = test;
                let other = like(plan, &node, NodeKind::Value(other));
                found.push((limit(sort, &node, id), other));
            }
        }
        _ => {}
    }
    found
}

fn limit(sort: TermSort, node: &Node, id: NodeId) -> Term {
    Term {
        sort,
        text: Arc::clone(&node.text),
        span: node.span,
        node: id,
    }
}

/// A case of a choice, as it is told: `except with …`, `unless …`, or a limit that holds for some.
fn case(
    plan: &Plan,
    choice: &Node,
    (when, then): (NodeId, NodeId),
    otherwise: NodeId,
) -> Option<Term> {
    let condition = plan.node(when)?;
    let consequence = plan.node(then)?;
    // An exception stands at the condition that it is an exception to; each limit for some stands on its own line.
    let is_exception = matches!(consequence.kind, NodeKind::Settled(_))
        || plan.node(otherwise)?.span == choice.span;
    Some(Term {
        sort: if is_exception {
            TermSort::Exception
        } else {
            TermSort::LimitForSome
        },
        text: Arc::clone(&condition.text),
        span: condition.span.join(consequence.span),
        node: when,
    })
}

/// Whether a case says what holds for those to whom two later ones apply: without it the text would be refused, so that
/// it is needed even if one of them says the same.
fn settles_others(plan: &Plan, choice: &ChoicePlan, place: usize) -> bool {
    let mut when = choice.cases.get(place).map(|(when, _)| *when);
    let mut joins_several = false;
    // The name of a term is a list of one.
    while let Some(NodeKind::List(Quantifier::All, parts)) =
        when.and_then(|when| plan.node(when)).map(|node| &node.kind)
    {
        joins_several |= parts.len() > 1;
        when = parts.first().copied().filter(|_| !joins_several);
    }
    joins_several && choice.cases.len().saturating_sub(place) > 2
}

/// An interval with two ends, without each of them.
fn with_one_limit(interval: &Interval) -> impl Iterator<Item = (TermSort, Interval)> + use<> {
    let both = interval.low.is_some() && interval.high.is_some();
    let low = Interval {
        low: interval.low.clone(),
        high: None,
    };
    let high = Interval {
        low: None,
        high: interval.high.clone(),
    };
    [(TermSort::UpperLimit, low), (TermSort::LowerLimit, high)]
        .into_iter()
        .filter(move |_| both)
}
