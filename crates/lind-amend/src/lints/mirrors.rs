//! Limits that two lists state: an inclusion and an exclusion that ask about one thing.

use std::collections::BTreeSet;

use lind_diagnostics::Span;
use lind_model::plan::NodeKind;
use lind_model::protocol::{CriterionKind, Interval, Quantifier, Test};
use lind_model::{Effect, MilestoneId, NodeId, Truth};

use super::Looking;
use crate::CannotCompare;
use crate::patient::Patient;
use crate::questions::{Which, is_due};
use crate::search::{Found, effect_in};
use crate::solver::Literal;

/// What stands in the other list about the same thing.
pub(super) enum Mirror {
    /// Another number, at a place; somebody passes the one and is kept out by the other.
    Drifted(Span, Box<Patient>),
    /// The same number. That both lists say it is a matter of taste.
    Same,
    /// Nothing, or it was not found out.
    None,
}

/// A condition without parts, and its gate.
type Leaf = (NodeId, MilestoneId);

impl Looking<'_> {
    /// How another criterion limits what a condition of a criterion limits.
    pub(super) fn mirror(
        &mut self,
        (place, own): (usize, Leaf),
        other: usize,
    ) -> Result<Mirror, CannotCompare> {
        let mut mirror = Mirror::None;
        for counterpart in self.leaves_about(other, own) {
            if !self.is_one_limit((place, own.0), (other, counterpart.0)) {
                continue;
            }
            match self.passes_and_fails((place, own), (other, counterpart))? {
                Found::Shown(patient) => {
                    if let Some(span) = self.span_of(counterpart.0) {
                        return Ok(Mirror::Drifted(span, patient));
                    }
                }
                Found::None => mirror = Mirror::Same,
                Found::Undecided(_) => return Ok(Mirror::None),
            }
        }
        Ok(mirror)
    }

    /// Looks for somebody who passes one criterion and is kept out by another, by a condition of
    /// each.
    fn passes_and_fails(
        &mut self,
        (one, passing): (usize, Leaf),
        (other, failing): (usize, Leaf),
    ) -> Result<Found<Box<Patient>>, CannotCompare> {
        let (Some(passed), Some(failed)) = (self.effects(one), self.effects(other)) else {
            return Ok(Found::Undecided(BTreeSet::new()));
        };
        let answers = (
            self.passes_with(one, passing.0)
                .and_then(|passes| self.answers(passing, passes)),
            self.passes_with(other, failing.0)
                .and_then(|passes| self.answers(failing, !passes)),
        );
        let (Some(first), Some(second)) = answers else {
            return Ok(Found::Undecided(BTreeSet::new()));
        };
        let wanted = [passed.pass, failed.fail, first, second];
        self.search.find(&wanted, &|verdict| {
            effect_in(verdict, one) == Effect::Pass && effect_in(verdict, other) == Effect::Fail
        })
    }

    /// The literal that says that a condition without parts holds, or that it does not.
    fn answers(&self, (node, gate): Leaf, holds: bool) -> Option<Literal> {
        let question = self.search.questions.at(Which::New, node, gate)?;
        let answer = self.search.universe.answers.get(question.0)?;
        Some(answer.is(&Truth::of(holds), &self.search.clauses))
    }

    /// What a condition on one value is about, apart from its limits. Where it names no window, that of its gate counts.
    fn about(&self, (node, gate): Leaf) -> Option<String> {
        let plan = &self.search.side.plan;
        match &plan.node(node)?.kind {
            NodeKind::Age { at, .. } => Some(format!("age {at:?}")),
            NodeKind::Value(value) => {
                let sort = match &value.test {
                    Test::Quantity(..) => "number",
                    Test::Score(_) => "score",
                    Test::Multiple { upper: true, .. } => "times the upper limit",
                    Test::Multiple { upper: false, .. } => "times the lower limit",
                    _ => return None,
                };
                let of_gate = plan.values.get(gate.index()).and_then(Option::as_ref);
                let window = value.window.as_ref().or(of_gate);
                Some(format!(
                    "{sort} of {:?} {:?} {window:?}",
                    value.subject, value.selector
                ))
            }
            _ => None,
        }
    }

    /// Where a criterion asks about the same thing as a condition of another.
    fn leaves_about(&self, place: usize, own: Leaf) -> Vec<Leaf> {
        let Some(wanted) = self.about(own) else {
            return Vec::new();
        };
        let leaves = self.leaves(place).into_iter();
        leaves
            .filter(|leaf| self.about(*leaf).as_ref() == Some(&wanted))
            .collect()
    }

    /// Whether two conditions about one thing let the same end of it pass. Of a range each end is a limit of its own,
    /// if whoever is in it passes.
    fn is_one_limit(
        &self,
        (place, own): (usize, NodeId),
        (other, counterpart): (usize, NodeId),
    ) -> bool {
        let ends = (
            self.passing_end(place, own),
            self.passing_end(other, counterpart),
        );
        match ends {
            (Some(one), Some(other)) => one == other,
            _ => self.passes_with(place, own) == Some(true),
        }
    }

    /// Whether higher values pass a condition with one limit.
    pub(super) fn passing_end(&self, place: usize, node: NodeId) -> Option<bool> {
        let is_above = match &self.search.side.plan.node(node)?.kind {
            NodeKind::Age { interval, .. } => is_above(interval),
            NodeKind::Value(value) => match &value.test {
                Test::Quantity(interval, _)
                | Test::Score(interval)
                | Test::Multiple { interval, .. } => is_above(interval),
                _ => None,
            },
            _ => None,
        };
        Some(is_above? == self.passes_with(place, node)?)
    }

    /// Whether a criterion is passed where a condition in it holds, rather than where it does not; none where it
    /// depends on how many hold.
    fn passes_with(&self, place: usize, node: NodeId) -> Option<bool> {
        let side = self.search.side;
        let (_, kind) = self.name(place)?;
        let stages = &side.plan.criteria.get(place)?.stages;
        let due = stages
            .iter()
            .filter(|stage| is_due(&side.plan, stage.gate, side.gate));
        let mut open: Vec<(NodeId, bool)> = due
            .map(|stage| (stage.node, kind != CriterionKind::Exclusion))
            .collect();
        while let Some((id, passes)) = open.pop() {
            if id == node {
                return Some(passes);
            }
            match &side.plan.node(id)?.kind {
                NodeKind::List(Quantifier::Exactly(_), _) => {}
                NodeKind::List(Quantifier::None | Quantifier::AtMost(_), parts) => {
                    open.extend(parts.iter().map(|part| (*part, !passes)));
                }
                NodeKind::List(_, parts) => open.extend(parts.iter().map(|part| (*part, passes))),
                NodeKind::Guarded(_, body) => open.push((*body, passes)),
                NodeKind::Choice(choice) => {
                    let then = choice.cases.iter().map(|(_, then)| *then);
                    open.extend(then.chain(choice.otherwise).map(|part| (part, passes)));
                }
                NodeKind::IfUnknown { node, .. } => open.push((*node, passes)),
                _ => {}
            }
        }
        None
    }
}

/// Whether an interval with one end is all above it, rather than below.
fn is_above(interval: &Interval) -> Option<bool> {
    match (&interval.low, &interval.high) {
        (Some(_), None) => Some(true),
        (None, Some(_)) => Some(false),
        _ => None,
    }
}
