//! The conditions of a criterion, one by one.

use std::collections::BTreeSet;

use lind_model::boundary::CaseSort;
use lind_model::plan::{NodeKind, PlanGuard};
use lind_model::{MilestoneId, NodeId};

use crate::questions::{QuestionId, Questions, Side, Which, joins};

/// A condition of a criterion that has no parts, or is not taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Leaf {
    pub(super) question: QuestionId,
    /// None for the sex of a guard.
    pub(super) node: Option<NodeId>,
    /// Whether it says to whom something applies, rather than what must hold.
    pub(super) is_guard: bool,
}

impl Leaf {
    /// What somebody is who passes because of it.
    pub(super) const fn inside(self) -> CaseSort {
        if self.is_guard {
            CaseSort::Guarded
        } else {
            CaseSort::Inside
        }
    }
}

/// The conditions that a criterion asks at a gate, in the order of the source.
pub(super) fn leaves(
    side: &Side,
    questions: &Questions,
    place: usize,
    gate: MilestoneId,
) -> Vec<Leaf> {
    let mut found = Finding {
        side,
        questions,
        gate,
        seen: BTreeSet::new(),
        leaves: Vec::new(),
    };
    if let Some(criterion) = side.plan.criteria.get(place) {
        let own = criterion.stages.iter().filter(|stage| stage.gate == gate);
        for stage in own {
            if let Some(guard) = &criterion.guard {
                found.guard(guard);
            }
            found.node(stage.node, false);
        }
    }
    found.leaves
}

struct Finding<'f> {
    side: &'f Side,
    questions: &'f Questions,
    gate: MilestoneId,
    seen: BTreeSet<QuestionId>,
    leaves: Vec<Leaf>,
}

impl Finding<'_> {
    fn guard(&mut self, guard: &PlanGuard) {
        let sex = guard
            .sex
            .and_then(|sex| self.questions.of_sex(Which::New, sex));
        if let Some(question) = sex {
            self.add(question, None, true);
        }
        if let Some(node) = guard.node {
            self.node(node, true);
        }
    }

    fn node(&mut self, id: NodeId, is_guard: bool) {
        let side = self.side;
        let Some(node) = side.plan.node(id) else {
            return;
        };
        if !joins(&node.kind) {
            if let Some(question) = self.questions.at(Which::New, id, self.gate) {
                self.add(question, Some(id), is_guard);
            }
            return;
        }
        match &node.kind {
            NodeKind::Guarded(guard, body) => {
                self.guard(guard);
                self.node(*body, is_guard);
            }
            NodeKind::Choice(choice) => {
                for (when, then) in &choice.cases {
                    self.node(*when, true);
                    self.node(*then, is_guard);
                }
                if let Some(otherwise) = choice.otherwise {
                    self.node(otherwise, is_guard);
                }
            }
            kind => {
                for part in kind.parts() {
                    self.node(part, is_guard);
                }
            }
        }
    }

    fn add(&mut self, question: QuestionId, node: Option<NodeId>, is_guard: bool) {
        if self.seen.insert(question) {
            self.leaves.push(Leaf {
                question,
                node,
                is_guard,
            });
        }
    }
}
