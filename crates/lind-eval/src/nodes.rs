//! The walk over the conditions of a plan.

use lind_model::logic::{Branches, Count, Passing, behind};
use lind_model::plan::{ChoicePlan, ConceptKind, NodeKind, PlanGuard, ValuePlan};
use lind_model::protocol::{Quantifier, ResultField, Selector, Subject, Test, Window};
use lind_model::{MilestoneId, NodeId, OpenKind, Truth};

use crate::answers::wanted_sex;
use crate::candidates::{Candidates, Rules};
use crate::facts::waits;
use crate::formulas;
use crate::moments::Moment;
use crate::own;
use crate::scratch::Scratch;
use crate::steps::{Step, TestStep, ValueStep, Word};
use crate::trace::{Note, Silent, Trace};
use crate::values::Question;
use crate::view::View;
use crate::windows::Prepared;

/// A walk over the conditions of a plan, for one chart at one gate.
pub(crate) struct Walk<'w, 'c, T> {
    pub(crate) view: View<'c>,
    /// Which of the plan's gates it is.
    pub(crate) gate_index: usize,
    pub(crate) scratch: &'w mut Scratch,
    pub(crate) trace: &'w mut T,
}

/// Which of the places of a remembered node is for this way of passing.
const fn place_of(passing: Passing) -> usize {
    match passing {
        Passing::True => 0,
        Passing::False => 1,
        Passing::Neither => 2,
    }
}

/// How many places the values of one remembered node take: one for each gate and way of passing.
pub(crate) fn places(gates: usize) -> usize {
    gates.saturating_mul(3)
}

impl<'c, T: Trace<'c>> Walk<'_, 'c, T> {
    /// The value of a stage's condition.
    pub(crate) fn stage(&mut self, node: NodeId, passing: Passing) -> Truth {
        // Deep chains are decided from the bottom up, so that recursion stays shallow.
        let program = self.view.program;
        for checkpoint in program.checkpoints.iter().take_while(|id| **id < node) {
            for passing in [Passing::True, Passing::False, Passing::Neither] {
                self.silently(*checkpoint, passing);
            }
        }
        self.node(node, passing)
    }

    /// The value of a condition.
    pub(crate) fn node(&mut self, id: NodeId, passing: Passing) -> Truth {
        let program = self.view.program;
        let Some(node) = program.plan().node(id) else {
            return Truth::Open(OpenKind::Unknown);
        };
        let place = program.memory(id).map(|slot| {
            (slot as usize)
                .saturating_mul(places(program.plan().gates.len()))
                .saturating_add(self.gate_index.saturating_mul(3))
                .saturating_add(place_of(passing))
        });
        if !T::ON
            && let Some(place) = place
            && let Some(known) = self.scratch.recall(place)
        {
            return known;
        }
        if self.trace.is_full() {
            let truth = self.silently(id, passing);
            self.trace.enter(id);
            self.trace.note(|| Note::Abridged);
            self.trace.leave(truth);
            return truth;
        }
        self.trace.enter(id);
        let truth = match &node.kind {
            NodeKind::List(quantifier, parts) => self.list(*quantifier, parts, passing),
            NodeKind::Guarded(guard, body) => self.guarded(guard, *body, passing),
            NodeKind::Judged(judgement) => self
                .view
                .answer(ConceptKind::Judgement(*judgement), self.trace),
            NodeKind::Committed(criterion) => self
                .view
                .answer(ConceptKind::Commitment(*criterion), self.trace),
            NodeKind::Happened(milestone, window) => self.happened(*milestone, window.as_ref()),
            NodeKind::Age { at, interval } => self.view.age(*at, interval, self.trace),
            NodeKind::Fact(fact) => match program.step(id) {
                Step::Fact(step) => self.fact(fact, step),
                _ => Truth::Open(OpenKind::Unknown),
            },
            NodeKind::Record(record) => match program.step(id) {
                Step::Record(step) => self.record(record, step),
                _ => Truth::Open(OpenKind::Unknown),
            },
            NodeKind::Value(value) => match program.step(id) {
                Step::Value(step) => self.value(value, step),
                _ => Truth::Open(OpenKind::Unknown),
            },
            NodeKind::Change(change) => match program.step(id) {
                Step::Change(step) => {
                    let rules = Rules {
                        plans: &change.samples,
                        sources: &step.samples,
                    };
                    let mut windows = change.between.windows();
                    match self.blocked(&[windows.next(), windows.next()], rules) {
                        Some(kind) => waits(kind),
                        None => Truth::from_tri(self.view.change(
                            change,
                            step,
                            &mut self.scratch.lasting,
                            self.trace,
                        )),
                    }
                }
                _ => Truth::Open(OpenKind::Unknown),
            },
            NodeKind::Points(points) => self.points(points),
            NodeKind::Choice(choice) => self.choice(choice, passing),
            NodeKind::IfUnknown { node, met, .. } => match self.node(*node, passing) {
                Truth::Open(OpenKind::Unknown) => Truth::of(*met),
                decided => decided,
            },
            NodeKind::Settled(met) => Truth::of(*met),
            NodeKind::Nothing => Truth::NotApplicable,
            NodeKind::Spell(spell) => match program.step(id) {
                Step::Spell(step) => self.spell(spell, step),
                _ => Truth::Open(OpenKind::Unknown),
            },
            NodeKind::PointsChange(change) => match program.step(id) {
                Step::PointsChange(samples) => self.points_change(change, samples),
                _ => Truth::Open(OpenKind::Unknown),
            },
        };
        self.trace.leave(truth);
        if let Some(place) = place {
            self.scratch.remember(place, truth);
        }
        truth
    }

    /// The value of a condition, without a word about it.
    pub(crate) fn silently(&mut self, id: NodeId, passing: Passing) -> Truth {
        Walk {
            view: self.view,
            gate_index: self.gate_index,
            scratch: self.scratch,
            trace: &mut Silent,
        }
        .node(id, passing)
    }

    fn list(&mut self, quantifier: Quantifier, parts: &[NodeId], passing: Passing) -> Truth {
        let inside = passing.within(quantifier, parts.len());
        match quantifier {
            Quantifier::All => self.fold(parts, inside, Truth::False, Truth::and),
            Quantifier::Any => self.fold(parts, inside, Truth::True, Truth::or),
            Quantifier::None => self.fold(parts, inside, Truth::True, Truth::or).not(),
            Quantifier::AtLeast(n) => self.count(parts, inside).at_least(n),
            Quantifier::AtMost(n) => self.count(parts, inside).at_most(n),
            Quantifier::Exactly(n) => self.count(parts, inside).exactly(n),
        }
    }

    fn fold(
        &mut self,
        parts: &[NodeId],
        inside: Passing,
        settled: Truth,
        join: fn(Truth, Truth) -> Truth,
    ) -> Truth {
        let mut sum = Truth::NotApplicable;
        for part in parts {
            sum = join(sum, self.node(*part, inside));
            if sum == settled && !T::ON {
                break;
            }
        }
        sum
    }

    fn count(&mut self, parts: &[NodeId], inside: Passing) -> Count {
        let mut count = Count::default();
        for part in parts {
            count.add(self.node(*part, inside));
        }
        count
    }

    fn guarded(&mut self, guard: &'c PlanGuard, body: NodeId, passing: Passing) -> Truth {
        let guard = self.guard(guard);
        if guard == Truth::False && !T::ON {
            return Truth::NotApplicable;
        }
        let body = self.node(body, Passing::Neither);
        behind(body, guard, passing)
    }

    /// Whether a milestone has been reached, in a window if there is one.
    fn happened(&mut self, milestone: MilestoneId, window: Option<&'c Window>) -> Truth {
        let reached = self.view.happened(milestone);
        let Some(window) = window else {
            return reached;
        };
        let rules = Rules {
            plans: &[],
            sources: &[],
        };
        if let Some(kind) = self.blocked(&[Some(window)], rules) {
            return reached.and(waits(kind));
        }
        let Ok(time) = self.view.anchor(milestone) else {
            return reached;
        };
        let prepared = self.view.prepare(window, None);
        let inside = self.view.contains(&prepared, Moment::at(time), None);
        reached.and(Truth::from_tri(inside))
    }

    /// Conditions in order, until one is sure to hold; the consequence of each that may hold may apply.
    fn choice(&mut self, choice: &ChoicePlan, passing: Passing) -> Truth {
        let mut branches = Branches::default();
        for (when, then) in &choice.cases {
            let truth = self.node(*when, Passing::False);
            match truth {
                Truth::True | Truth::Open(_) => {
                    let value = self.node(*then, passing);
                    branches.may_apply(value);
                }
                Truth::False | Truth::NotApplicable => {}
            }
            match truth {
                Truth::True => return branches.value(passing.truth()),
                Truth::Open(kind) => branches.doubt(kind),
                Truth::False | Truth::NotApplicable => {}
            }
        }
        let otherwise = match choice.otherwise {
            Some(node) => self.node(node, passing),
            None => Truth::NotApplicable,
        };
        branches.may_apply(otherwise);
        branches.value(passing.truth())
    }

    /// The value of a guard.
    pub(crate) fn guard(&mut self, guard: &'c PlanGuard) -> Truth {
        let sex = guard.sex.map_or(Truth::NotApplicable, |wanted| {
            wanted_sex(wanted, self.view.chart)
        });
        self.trace.note(|| Note::Guard { sex });
        if sex == Truth::False && !T::ON {
            return sex;
        }
        match guard.node {
            Some(node) => sex.and(self.node(node, Passing::Neither)),
            None => sex,
        }
    }

    /// What a test waits for whose windows lean on a milestone without a time: of several things the gravest.
    pub(crate) fn blocked(
        &mut self,
        windows: &[Option<&'c lind_model::protocol::Window>],
        rules: Rules<'_>,
    ) -> Option<OpenKind> {
        let view = &self.view;
        let mut gravest: Option<(MilestoneId, OpenKind)> = None;
        let of_windows = windows.iter().flatten().map(|window| view.blocked(window));
        for one in of_windows.chain(std::iter::once_with(|| rules.blocked(view))) {
            // Of two that are as grave the later one is named.
            if let Some((_, kind)) = one
                && gravest.is_none_or(|(_, known)| kind >= known)
            {
                gravest = one;
            }
        }
        let (milestone, kind) = gravest?;
        self.trace
            .note(|| Note::Blocked(milestone, view.reached(milestone)));
        Some(kind)
    }

    fn value(&mut self, value: &'c ValuePlan, step: &'c ValueStep) -> Truth {
        let program = self.view.program;
        let window = value
            .window
            .as_ref()
            .or_else(|| program.gate_window(self.view.gate));
        let rules = Rules {
            plans: &value.samples,
            sources: &step.samples,
        };
        let of_evidence = value.evidence.as_ref();
        let second = of_evidence.and_then(|evidence| evidence.window.as_ref());
        if let Some(kind) = self.blocked(&[window, second, value.test.window()], rules) {
            return waits(kind);
        }
        self.trace.note(|| Note::Window(window));
        let prepared = window.map_or(Prepared::Everything, |window| {
            self.view.prepare(window, None)
        });
        let second = second.map(|window| self.view.prepare(window, None));
        let from = Looked {
            rules,
            window: &prepared,
            provenance: &step.provenance,
            evidence: of_evidence
                .map(|evidence| (evidence.least, second.as_ref().unwrap_or(&prepared))),
        };
        self.test(value, &value.test, &step.test, from)
    }

    /// Whether the value that counts passes a test.
    fn test(
        &mut self,
        value: &'c ValuePlan,
        test: &'c Test,
        step: &'c TestStep,
        from: Looked<'_, 'c>,
    ) -> Truth {
        let program = self.view.program;
        let outcome = match value.subject {
            Subject::Measure(id) => {
                let (Some(measure), Some(declared)) = (
                    program.measure(id),
                    program.protocol().measures.get(id.index()),
                ) else {
                    return Truth::Open(OpenKind::Unknown);
                };
                let candidates = Candidates {
                    view: self.view,
                    concept: measure.concept,
                    specimen: measure.specimen,
                    window: from.window,
                    rules: from.rules,
                    provenance: from.provenance,
                    time_of_day: value.time_of_day,
                    evidence: from.evidence,
                    repeats_count: value.selector == Selector::Mean,
                };
                let reference = own::reference(test, measure, &candidates, self.trace);
                candidates.select(
                    value.selector,
                    declared.worst_is_highest,
                    &Question::of(test, step, measure).of_reference(reference.as_ref()),
                    self.trace,
                )
            }
            Subject::Formula(formula) => self.view.formula(
                formulas::Asked {
                    formula,
                    test,
                    step,
                },
                value,
                from.rules,
                from.window,
                self.scratch,
                self.trace,
            ),
        };
        self.trace.note(|| Note::Tested(outcome));
        Truth::from_tri(outcome)
    }
}

/// Which values a test looks at.
#[derive(Clone, Copy)]
struct Looked<'w, 'c> {
    rules: Rules<'c>,
    window: &'w Prepared<'w>,
    provenance: &'w [(ResultField, Vec<Word>)],
    evidence: Option<(u32, &'w Prepared<'w>)>,
}
