//! Which outcomes of which conditions the tests reach.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use lind_diagnostics::Span;
use lind_eval::Scratch;
use lind_model::cases::{Coverage, CoveredPlace};
use lind_model::plan::{NodeKind, Plan, PlanCriterion};
use lind_model::{CriterionId, Explanation, NodeId, Outcome, Truth};

use crate::suite::Suite;

/// What tells one condition of a criterion from another: where it stands, and its label.
type Key = (CriterionId, Span, Arc<str>);

/// Which tests reached which outcome.
#[derive(Default)]
struct Tests {
    met: BTreeSet<usize>,
    not_met: BTreeSet<usize>,
    open: BTreeSet<usize>,
    not_applicable: BTreeSet<usize>,
}

impl Tests {
    fn add(&mut self, case: usize, outcome: Outcome) {
        match outcome {
            Outcome::Met => &mut self.met,
            Outcome::NotMet => &mut self.not_met,
            Outcome::Unknown | Outcome::NeedsJudgement | Outcome::Pending => &mut self.open,
            Outcome::NotApplicable => &mut self.not_applicable,
        }
        .insert(case);
    }
}

impl Suite {
    /// For every criterion, labelled part and condition, which outcomes the tests' patients reach. What no
    /// test asks under the readings that it takes is not listed.
    #[must_use]
    pub fn coverage(&self) -> Coverage {
        let mut tests: BTreeMap<Key, Tests> = BTreeMap::new();
        let bound = self.bound(&self.programs);
        let mut scratch = Scratch::new();
        for (case, test) in self.cases.iter().enumerate() {
            let Some(patient) = self.patient(&bound, &self.programs, case) else {
                continue;
            };
            let mut gates = vec![patient.gate()];
            gates.extend(
                test.expectations
                    .iter()
                    .filter_map(|expected| expected.gate),
            );
            gates.sort_unstable();
            gates.dedup();
            for gate in gates {
                for verdict in patient.verdict(gate, &mut scratch).criteria {
                    let Some(explanation) = patient.explain(gate, verdict.criterion) else {
                        continue;
                    };
                    let root = (verdict.criterion, explanation.span, Arc::from(""));
                    tests.entry(root).or_default().add(case, verdict.outcome);
                    reached(&explanation, verdict.criterion, case, &mut tests);
                }
            }
        }
        let places = self
            .protocol()
            .criteria
            .iter()
            .enumerate()
            .flat_map(|(index, criterion)| {
                let id = CriterionId::from_index(index);
                let root = Listed {
                    depth: 0,
                    label: Arc::clone(&criterion.id),
                    text: Arc::clone(&criterion.title),
                    is_single: false,
                    key: (id, criterion.span, Arc::from("")),
                };
                std::iter::once(root).chain(self.listed(id))
            })
            .map(|listed| listed.covered(&tests))
            .collect();
        Coverage { places }
    }

    /// The labelled parts and the conditions of a criterion, under every choice of readings that a test takes.
    fn listed(&self, criterion: CriterionId) -> Vec<Listed> {
        let mut listed = Vec::new();
        let mut known = BTreeSet::new();
        for program in &self.programs {
            let plan = program.plan();
            let own = plan.criteria.iter().find(|own| own.criterion == criterion);
            for (node, depth) in own.into_iter().flat_map(|own| nodes_of(plan, own)) {
                let Some(found) = Listed::of(plan, criterion, node, depth) else {
                    continue;
                };
                if known.insert(found.key.clone()) {
                    listed.push(found);
                }
            }
        }
        listed
    }
}

/// The conditions of a criterion that are shown, with their depth: a list without a label is not.
fn nodes_of(plan: &Plan, criterion: &PlanCriterion) -> Vec<(NodeId, usize)> {
    let guard = criterion.guard.as_ref().and_then(|guard| guard.node);
    let roots = guard
        .into_iter()
        .chain(criterion.stages.iter().map(|stage| stage.node));
    let mut found = Vec::new();
    let mut below: Vec<(NodeId, usize)> = roots.map(|node| (node, 1)).collect();
    below.reverse();
    let mut seen = BTreeSet::new();
    while let Some((id, depth)) = below.pop() {
        let Some(node) = plan.node(id).filter(|_| seen.insert(id)) else {
            continue;
        };
        let parts = parts_of(&node.kind);
        let is_shown = node.label.is_some() || is_single(&node.kind);
        if is_shown {
            found.push((id, depth));
        }
        let inside = depth + usize::from(is_shown);
        below.extend(parts.into_iter().rev().map(|part| (part, inside)));
    }
    found
}

/// The parts of a condition.
pub(crate) fn parts_of(kind: &NodeKind) -> Vec<NodeId> {
    match kind {
        NodeKind::List(_, parts) => parts.clone(),
        NodeKind::Guarded(guard, body) => guard.node.into_iter().chain([*body]).collect(),
        NodeKind::Choice(choice) => choice
            .cases
            .iter()
            .flat_map(|(when, then)| [*when, *then])
            .chain(choice.otherwise)
            .collect(),
        NodeKind::Points(points) => points.parts.clone(),
        NodeKind::IfUnknown { node, .. } => vec![*node],
        NodeKind::Fact(fact) => fact
            .such_that
            .iter()
            .map(|such_that| such_that.node)
            .collect(),
        NodeKind::Judged(_)
        | NodeKind::Committed(_)
        | NodeKind::Happened(_)
        | NodeKind::Age { .. }
        | NodeKind::Record(_)
        | NodeKind::Value(_)
        | NodeKind::Change(_)
        | NodeKind::Settled(_)
        | NodeKind::Nothing => Vec::new(),
    }
}

/// Whether a condition asks something itself.
fn is_single(kind: &NodeKind) -> bool {
    match kind {
        NodeKind::List(..)
        | NodeKind::Guarded(..)
        | NodeKind::Choice(_)
        | NodeKind::IfUnknown { .. }
        | NodeKind::Settled(_)
        | NodeKind::Nothing => false,
        // Attested under the number of its criterion, which is shown already.
        NodeKind::Committed(_) => false,
        NodeKind::Judged(_)
        | NodeKind::Happened(_)
        | NodeKind::Age { .. }
        | NodeKind::Fact(_)
        | NodeKind::Record(_)
        | NodeKind::Value(_)
        | NodeKind::Points(_)
        | NodeKind::Change(_) => true,
    }
}

/// Notes what a test reached below the root of an explanation.
fn reached(
    root: &Explanation,
    criterion: CriterionId,
    case: usize,
    tests: &mut BTreeMap<Key, Tests>,
) {
    let applies = root.truth != Truth::NotApplicable;
    let mut below: Vec<(&Explanation, bool)> =
        root.parts.iter().map(|part| (part, applies)).collect();
    while let Some((at, applies)) = below.pop() {
        // Stages and guards stand where the criterion does, and are none of its conditions.
        if at.span != root.span {
            let outcome = if applies {
                Outcome::of(at.truth)
            } else {
                Outcome::NotApplicable
            };
            let key = (criterion, at.span, Arc::from(at.label.as_str()));
            tests.entry(key).or_default().add(case, outcome);
        }
        let applies = applies && at.truth != Truth::NotApplicable;
        below.extend(at.parts.iter().map(|part| (part, applies)));
    }
}

/// A condition that is listed.
struct Listed {
    depth: usize,
    label: Arc<str>,
    text: Arc<str>,
    is_single: bool,
    key: Key,
}

impl Listed {
    fn of(plan: &Plan, criterion: CriterionId, id: NodeId, depth: usize) -> Option<Self> {
        let node = plan.node(id)?;
        let label = node
            .label
            .as_ref()
            .map_or_else(|| Arc::from(""), |label| Arc::clone(&label.name));
        Some(Self {
            depth,
            label: Arc::clone(&label),
            text: Arc::clone(&node.text),
            is_single: is_single(&node.kind),
            key: (criterion, node.span, label),
        })
    }

    fn covered(self, tests: &BTreeMap<Key, Tests>) -> CoveredPlace {
        let nobody = Tests::default();
        let tests = tests.get(&self.key).unwrap_or(&nobody);
        let count = |tests: &BTreeSet<usize>| u32::try_from(tests.len()).unwrap_or(u32::MAX);
        let (criterion, span, _) = self.key;
        CoveredPlace {
            criterion,
            depth: self.depth,
            label: self.label,
            text: self.text,
            is_single: self.is_single,
            span,
            met: count(&tests.met),
            not_met: count(&tests.not_met),
            open: count(&tests.open),
            not_applicable: count(&tests.not_applicable),
        }
    }
}
