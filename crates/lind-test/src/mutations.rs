//! Small changes of a protocol that its tests should notice.

mod choices;
mod intervals;
mod lists;
mod values;
mod windows;

use std::collections::{BTreeMap, BTreeSet};

use lind_diagnostics::Span;
use lind_eval::{Program, Scratch};
use lind_model::cases::{Fate, Mutant};
use lind_model::plan::{NodeKind, Plan};
use lind_model::{MilestoneId, NodeId};

use crate::parts::parts_of;
use crate::suite::Suite;

/// A change of one condition, wherever it was put in place.
#[derive(Debug, Clone)]
pub struct Mutation {
    span: Span,
    change: String,
    /// It means the same for every patient.
    is_equivalent: bool,
    /// By program.
    edits: Vec<(usize, Edit)>,
}

impl Mutation {
    /// Where the changed condition stands.
    #[must_use]
    pub fn span(&self) -> Span {
        self.span
    }

    /// What is changed, in words.
    #[must_use]
    pub fn change(&self) -> &str {
        &self.change
    }
}

/// A change of a plan.
#[derive(Debug, Clone)]
enum Edit {
    /// Another condition in the place of one.
    Node(NodeId, NodeKind),
    /// A criterion applies to everybody.
    WithoutGuard(usize),
    /// Other values count at a gate.
    Values(MilestoneId, lind_model::protocol::Window),
}

impl Edit {
    fn apply(&self, plan: &mut Plan) {
        match self {
            Self::Node(id, kind) => {
                if let Some(node) = plan.nodes.get_mut(id.index()) {
                    node.kind = kind.clone();
                }
            }
            Self::WithoutGuard(criterion) => {
                if let Some(criterion) = plan.criteria.get_mut(*criterion) {
                    criterion.guard = None;
                }
            }
            Self::Values(milestone, window) => {
                if let Some(values) = plan.values.get_mut(milestone.index()) {
                    *values = Some(window.clone());
                }
            }
        }
    }
}

/// Another way to write a condition.
pub(crate) struct Variant {
    change: String,
    kind: NodeKind,
    is_equivalent: bool,
}

impl Variant {
    pub(crate) fn new(change: String, kind: NodeKind) -> Self {
        Self {
            change,
            kind,
            is_equivalent: false,
        }
    }
}

/// `` `>= 90` becomes `> 90` ``
pub(crate) fn becomes(before: &str, after: &str) -> String {
    format!("`{before}` becomes `{after}`")
}

impl Suite {
    /// Every mutation of what the tests' readings put in place, in the order of the source.
    #[must_use]
    pub fn mutations(&self) -> Vec<Mutation> {
        let mut found: BTreeMap<(Span, String), Mutation> = BTreeMap::new();
        let mut add =
            |span: Span, change: String, is_equivalent: bool, program: usize, edit: Edit| {
                let mutation = found
                    .entry((span, change.clone()))
                    .or_insert_with(|| Mutation {
                        span,
                        change,
                        is_equivalent,
                        edits: Vec::new(),
                    });
                // A condition that stands in several places is one condition, changed in all of them.
                mutation.is_equivalent &= is_equivalent;
                mutation.edits.push((program, edit));
            };
        for (index, program) in self.programs.iter().enumerate() {
            let plan = program.plan();
            for (place, criterion) in plan.criteria.iter().enumerate() {
                let stated = plan.protocol.criteria.get(criterion.criterion.index());
                if let (Some(guard), Some(stated)) = (&criterion.guard, stated) {
                    let change = format!("`{}` is left out", guard.text);
                    add(stated.span, change, false, index, Edit::WithoutGuard(place));
                }
            }
            for (place, values) in plan.values.iter().enumerate() {
                let milestone = plan.protocol.milestones.get(place);
                if let (Some(window), Some(milestone)) = (values, milestone) {
                    for (change, window) in windows::windows(plan, window) {
                        let edit = Edit::Values(MilestoneId::from_index(place), window);
                        add(milestone.span, change, false, index, edit);
                    }
                }
            }
            for id in reachable(plan) {
                let Some(node) = plan.node(id) else { continue };
                for variant in values::variants(plan, &node.kind) {
                    let edit = Edit::Node(id, variant.kind);
                    add(
                        node.span,
                        variant.change,
                        variant.is_equivalent,
                        index,
                        edit,
                    );
                }
            }
        }
        found.into_values().collect()
    }

    /// Runs the tests with a mutation in place, until one fails.
    #[must_use]
    pub fn try_out(&self, mutation: &Mutation) -> Mutant {
        let fate = if mutation.is_equivalent {
            Fate::Equivalent
        } else {
            self.noticed_by(mutation)
                .map_or(Fate::Survived, Fate::Killed)
        };
        Mutant {
            span: mutation.span,
            change: mutation.change.clone(),
            fate,
        }
    }

    /// The first test that notices a mutation.
    fn noticed_by(&self, mutation: &Mutation) -> Option<usize> {
        let touched: BTreeSet<usize> = mutation.edits.iter().map(|(program, _)| *program).collect();
        let changed: Vec<Program> = self
            .programs
            .iter()
            .enumerate()
            .map(|(index, program)| {
                if !touched.contains(&index) {
                    return program.clone();
                }
                let mut plan = program.plan().clone();
                for (_, edit) in mutation.edits.iter().filter(|(own, _)| *own == index) {
                    edit.apply(&mut plan);
                }
                Program::new(plan)
            })
            .collect();
        let bound = self.bound(&changed);
        let mut scratch = Scratch::new();
        (0..self.cases.len()).find(|case| {
            let is_touched = self
                .runs
                .get(*case)
                .is_some_and(|run| touched.contains(&run.program));
            is_touched && self.fails(&bound, &changed, *case, &mut scratch)
        })
    }
}

/// The conditions that a criterion leans on, in their order.
fn reachable(plan: &Plan) -> BTreeSet<NodeId> {
    let mut found = BTreeSet::new();
    let mut below: Vec<NodeId> = plan
        .criteria
        .iter()
        .flat_map(|criterion| {
            let guard = criterion.guard.as_ref().and_then(|guard| guard.node);
            criterion.stages.iter().map(|stage| stage.node).chain(guard)
        })
        .collect();
    while let Some(id) = below.pop() {
        if let (true, Some(node)) = (found.insert(id), plan.node(id)) {
            below.extend(parts_of(&node.kind));
        }
    }
    found
}
