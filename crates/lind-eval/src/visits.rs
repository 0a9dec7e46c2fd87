//! What each condition of a criterion comes to, without a word about why.

use lind_model::plan::{NodeKind, PlanCriterion};
use lind_model::{CriterionId, MilestoneId, NodeId, OpenKind, Truth};
use lind_records::Chart;

use crate::context::Context;
use crate::milestones::Reached;
use crate::program::Program;
use crate::scratch::Scratch;
use crate::trace::{Note, Trace};
use crate::verdict::{Run, begin};

/// How deep and how many conditions are visited. What lies beyond is decided all the same.
const DEEPEST: usize = 64;
const MOST_VISITS: usize = 20_000;

/// Something that has a value on the way to the value of a criterion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// The criterion itself. It has a value only where the gates of all its due parts have been reached.
    Criterion,
    /// To whom the criterion applies.
    Guard,
    /// A condition.
    Node(NodeId),
    /// To whom the body of this condition applies.
    GuardOf(NodeId),
}

/// What each condition of a criterion comes to at a gate. A condition that is asked several times, of records
/// or at several gates, is told as often; what stands behind a guard that is false does not apply; a branch
/// that is not taken is not told at all.
///
/// It is the same evaluation that gives the verdict, with every part of a list visited. A criterion that the
/// plan does not have gives nothing.
#[must_use]
pub fn visits(
    program: &Program,
    context: &Context<'_>,
    chart: &Chart,
    gate: MilestoneId,
    criterion: CriterionId,
) -> Vec<(Place, Truth)> {
    let plan = program
        .plan()
        .criteria
        .iter()
        .find(|plan| plan.criterion == criterion);
    let Some(plan) = plan else {
        return Vec::new();
    };
    let run = Run {
        program,
        context,
        chart,
        asked: gate,
        times: None,
    };
    let mut scratch = Scratch::new();
    begin(program, &mut scratch);
    let mut visitor = Visitor {
        program,
        plan,
        found: Vec::new(),
        frames: Vec::new(),
        stage: 0,
        guard: None,
        is_waiting: false,
    };
    let value = run.criterion(plan, &mut scratch, &mut visitor);
    let waits = visitor.is_waiting && value.truth == Truth::Open(OpenKind::Pending);
    if value.due && !waits {
        visitor.found.push((Place::Criterion, value.truth));
    }
    visitor.found
}

/// A condition that is being evaluated.
struct Frame {
    node: NodeId,
    /// How many values were known when it began.
    start: usize,
    /// What its guard says of the sex.
    sex: Truth,
    /// The value of its first part, and how many values were known then.
    first: Option<(Truth, usize)>,
}

struct Visitor<'p> {
    program: &'p Program,
    plan: &'p PlanCriterion,
    found: Vec<(Place, Truth)>,
    frames: Vec<Frame>,
    /// How many values were known when the stage began, or its guard had a value.
    stage: usize,
    guard: Option<Truth>,
    /// The gate of a due stage has not been reached.
    is_waiting: bool,
}

impl Visitor<'_> {
    /// What was found from here on does not apply.
    fn does_not_apply(&mut self, from: usize) {
        for (_, truth) in self.found.iter_mut().skip(from) {
            *truth = Truth::NotApplicable;
        }
    }
}

impl<'c> Trace<'c> for Visitor<'_> {
    const ON: bool = true;

    fn enter(&mut self, node: NodeId) {
        self.frames.push(Frame {
            node,
            start: self.found.len(),
            sex: Truth::NotApplicable,
            first: None,
        });
    }

    fn leave(&mut self, truth: Truth) {
        let Some(frame) = self.frames.pop() else {
            return;
        };
        let kind = self.program.plan().node(frame.node).map(|node| &node.kind);
        if let Some(NodeKind::Guarded(guard, _)) = kind {
            let (condition, body) = match (&guard.node, frame.first) {
                (Some(_), Some((condition, body))) => (condition, body),
                _ => (Truth::NotApplicable, frame.start),
            };
            let value = frame.sex.and(condition);
            if value == Truth::False {
                self.does_not_apply(body);
            }
            self.found.push((Place::GuardOf(frame.node), value));
        }
        self.found.push((Place::Node(frame.node), truth));
        let count = self.found.len();
        if let Some(above) = self.frames.last_mut() {
            above.first.get_or_insert((truth, count));
        }
    }

    fn note(&mut self, note: impl FnOnce() -> Note<'c>) {
        match note() {
            Note::Stage(_, reached) => {
                self.stage = self.found.len();
                self.guard = None;
                self.is_waiting |= !matches!(reached, Reached::At(_));
            }
            Note::Guard { sex } => {
                if let Some(frame) = self.frames.last_mut() {
                    frame.sex = sex;
                }
            }
            Note::GuardValue(value) => {
                if self.plan.guard.is_some() {
                    self.found.push((Place::Guard, value));
                }
                self.guard = Some(value);
                self.stage = self.found.len();
            }
            Note::StageValue(_) if self.guard == Some(Truth::False) => {
                self.does_not_apply(self.stage);
            }
            _ => {}
        }
    }

    fn is_full(&self) -> bool {
        self.frames.len() >= DEEPEST || self.found.len() >= MOST_VISITS
    }
}
