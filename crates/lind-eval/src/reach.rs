//! How far from the milestones values of measures can matter: to verdicts, and to their reasons.
//!
//! A value that lies before every window in which its measure is tested counts in none of them. A reason
//! may cite it all the same, as the last one there is; readers keep that one
//! ([`lind_records::Wanted::looks_back`]). Whatever looks at values in another way than by a test of one of
//! them in a window has no limit here: counted results, changes, spells, records with a name.

use std::collections::BTreeMap;

use lind_model::plan::{
    ConceptKind, FactPlan, FilterPlan, NodeKind, RecordQuestionPlan, ValuePlan,
};
use lind_model::protocol::{Anchor, FormulaInput, Subject, Test, Window};
use lind_model::{MeasureId, MilestoneId};
use lind_records::{ConceptId, Reach, Reaches, Wanted};
use lind_time::Edge;

use crate::program::Program;

/// How far back: so many days before each of some milestones, the furthest of which counts. None: without
/// limit.
type Back = Option<BTreeMap<MilestoneId, u32>>;

/// One day more than a window has, since a day is not always as long, and an end may lie within one.
const SLACK: u32 = 1;

/// Tells a reader what it may leave out if verdicts and reasons alone are asked for.
pub(crate) fn limit(program: &Program, may_be_assumed: bool, wanted: &mut Wanted) {
    let plan = program.plan();
    // Its parts take their windows from it.
    let is_open = |node: &lind_model::plan::Node| matches!(node.kind, NodeKind::PointsChange(_));
    if plan.nodes.iter().any(is_open) {
        return;
    }
    let mut found = Found {
        program,
        by_concept: BTreeMap::new(),
    };
    for node in &plan.nodes {
        match &node.kind {
            NodeKind::Value(value) => found.value(value),
            NodeKind::Fact(fact) => found.fact(fact),
            NodeKind::Record(record) => {
                if let RecordQuestionPlan::Filter(filter) = &record.question {
                    found.filter(filter);
                }
            }
            NodeKind::Change(change) => found.subject(change.subject, &None),
            NodeKind::Spell(spell) => found.measure(spell.spell.measure, &None),
            NodeKind::PointsChange(_)
            | NodeKind::List(..)
            | NodeKind::Guarded(..)
            | NodeKind::Judged(_)
            | NodeKind::Committed(_)
            | NodeKind::Happened(..)
            | NodeKind::Age { .. }
            | NodeKind::Points(_)
            | NodeKind::Choice(_)
            | NodeKind::IfUnknown { .. }
            | NodeKind::Settled(_)
            | NodeKind::Nothing => {}
        }
    }
    for line in plan.chosen.iter().flatten() {
        found.fact(&line.fact);
    }
    let mut decides_at = Vec::new();
    for gate in gates(program) {
        let until = program.protocol().trial.known_until(gate);
        // When it was is not in the rows of milestones alone.
        let Some(milestone) = told_by_milestones(program, until) else {
            decides_at.clear();
            break;
        };
        decides_at.push(milestone);
    }
    wanted.decides_at(&decides_at, may_be_assumed);
    for (concept, (back, by_specimen)) in found.by_concept {
        let reach = |(milestone, days): (MilestoneId, u32)| {
            let milestone = told_by_milestones(program, milestone)?;
            Some(Reach { milestone, days })
        };
        let back: Option<Vec<Reach>> = back.and_then(|back| back.into_iter().map(reach).collect());
        if let Some(back) = back.filter(|back| !back.is_empty()) {
            wanted.looks_back(concept, Reaches { back, by_specimen });
        }
    }
}

/// Every gate at which a condition of the plan may be decided.
fn gates(program: &Program) -> impl Iterator<Item = MilestoneId> {
    let plan = program.plan();
    let others = plan.caps.iter().chain(&plan.asked).map(|stage| stage.gate);
    plan.gates.iter().copied().chain(others)
}

/// The concept of a milestone whose time stands in the rows of milestones, and nowhere else.
fn told_by_milestones(program: &Program, milestone: MilestoneId) -> Option<ConceptId> {
    let protocol = program.protocol();
    let declared = protocol.milestones.get(milestone.index())?;
    let is_told = declared.same_as.is_none()
        && !protocol.trial.is_of_the_day(milestone)
        && !program.is_visit(milestone);
    is_told.then(|| program.concept(ConceptKind::Milestone(milestone)))
}

/// How far back the values of each measure can matter.
struct Found<'p> {
    program: &'p Program,
    /// With whether they count with a specimen of their own alone.
    by_concept: BTreeMap<ConceptId, (Back, bool)>,
}

impl Found<'_> {
    fn value(&mut self, value: &ValuePlan) {
        let mut back = match &value.window {
            Some(window) => of_window(window),
            None => self.of_gates(),
        };
        let of_evidence = value.evidence.as_ref().and_then(|one| one.window.as_ref());
        for window in of_evidence.into_iter().chain(value.test.window()) {
            back = joined(back, &of_window(window));
        }
        self.subject(value.subject, &back);
    }

    /// Of the windows that count where a condition names none.
    fn of_gates(&self) -> Back {
        let mut back = Some(BTreeMap::new());
        for gate in gates(self.program) {
            let window = self.program.gate_window(gate);
            back = joined(back, &window.and_then(of_window));
        }
        back
    }

    /// Its rows are records that are looked at one by one.
    fn fact(&mut self, fact: &FactPlan) {
        if let Some(measure) = fact.measure {
            self.measure(measure, &None);
        }
        for filter in &fact.filters {
            self.filter(filter);
        }
    }

    fn filter(&mut self, filter: &FilterPlan) {
        if let FilterPlan::Value { measure, test } = filter {
            self.measure(*measure, &None);
            self.test(test);
        }
    }

    /// A test of records leans on no value besides theirs.
    fn test(&mut self, test: &Test) {
        if test.window().is_some() {
            for index in 0..self.program.protocol().measures.len() {
                self.measure(MeasureId::from_index(index), &None);
            }
        }
    }

    fn subject(&mut self, subject: Subject, back: &Back) {
        match subject {
            Subject::Measure(measure) => self.measure(measure, back),
            Subject::Formula(id) => {
                let concept = self.program.concept(ConceptKind::Formula(id));
                self.concept(concept, false, back);
                let formulas = &self.program.protocol().formulas;
                let inputs = formulas.get(id.index()).map(|formula| &formula.inputs);
                for input in inputs.into_iter().flatten() {
                    if let FormulaInput::Measure { measure, .. } = input {
                        self.measure(*measure, back);
                    }
                }
            }
        }
    }

    fn measure(&mut self, measure: MeasureId, back: &Back) {
        let step = self.program.measure(measure);
        let by_specimen = step.is_none_or(|step| step.specimen.is_some());
        let concept = self.program.concept(ConceptKind::Measure(measure));
        self.concept(concept, by_specimen, back);
    }

    fn concept(&mut self, concept: ConceptId, by_specimen: bool, back: &Back) {
        let new = || (Some(BTreeMap::new()), false);
        let known = self.by_concept.entry(concept).or_insert_with(new);
        known.0 = joined(known.0.take(), back);
        known.1 |= by_specimen;
    }
}

/// As far as the further of two.
fn joined(one: Back, other: &Back) -> Back {
    let (mut one, other) = (one?, other.as_ref()?);
    for (milestone, days) in other {
        let known = one.entry(*milestone).or_insert(*days);
        *known = (*known).max(*days);
    }
    Some(one)
}

/// How far back a window reaches: what certainly ended so many days before lies in no case in it.
fn of_window(window: &Window) -> Back {
    let days_before = |anchor: &Anchor, days: u32| match anchor {
        Anchor::Milestone(milestone) => Some([(*milestone, days)].into()),
        // When they are is known with the rest of the chart, or not of each patient.
        Anchor::Sample | Anchor::Record(..) | Anchor::Date(_) | Anchor::Chosen(_) => None,
    };
    match window {
        Window::Around { anchor, window, .. } => {
            let Edge::At { offset, .. } = window.from else {
                return None;
            };
            let (earliest, _) = offset.day_bounds();
            let days = u32::try_from(earliest.min(0).unsigned_abs()).ok()?;
            days_before(anchor, days.checked_add(SLACK)?)
        }
        Window::Between { from, .. } => days_before(from, SLACK),
        Window::HalfLives { .. } => None,
        Window::Either(a, b) => joined(of_window(a), &of_window(b)),
        // What lies before one of them does not lie in both.
        Window::Both(a, b) => of_window(a).or_else(|| of_window(b)),
    }
}
