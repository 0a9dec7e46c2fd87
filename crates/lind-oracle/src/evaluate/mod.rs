//! The evaluator: `docs/language/semantics.md`, section by section, as slowly as it reads.

mod change;
mod chosen;
mod conditions;
mod counts;
mod facts;
mod formulas;
mod names;
mod numbers;
mod one_value;
mod people;
mod periods;
mod records;
mod regimens;
mod results;
mod spells;
mod sums;
mod values;
mod windows;

pub use conditions::SORTS_OF_CONDITIONS;

use std::cell::RefCell;
use std::collections::BTreeMap;

use lind_model::protocol::{
    AlternativeContent, Condition, ConditionKind, Criterion, CriterionKind, MonthRule, Override,
    Quantifier, SampleRule, Selector, Take, Usage, Window,
};
use lind_model::{
    AskedId, Choices, CriterionId, CriterionVerdict, MilestoneId, OpenKind, Outcome, Protocol,
    ReadingId, Standing, Truth, Verdict,
};

use self::records::Named;
use crate::chart::Chart;
use crate::tables::{Patient, PlainDataset};
use crate::time::Time;

/// One evaluation: a protocol, one choice of its readings, and one patient's chart.
pub(crate) struct Run<'a> {
    protocol: &'a Protocol,
    choices: &'a Choices,
    dataset: &'a PlainDataset,
    chart: Chart,
    /// The days that milestones of the day at hand are bound to.
    bound: Vec<(MilestoneId, Time)>,
    tally: RefCell<Tally>,
}

/// How often a condition of a sort had an outcome.
pub type Tally = BTreeMap<(&'static str, &'static str), u64>;

/// The gate at which something is read, and its time.
#[derive(Debug, Clone, Copy)]
struct Gate {
    id: MilestoneId,
    time: Time,
    /// The records that have a name where something is read.
    records: Named,
}

/// What the chart says of a milestone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reached {
    Not,
    /// Rows contradict each other, or one could not be read.
    Unclear,
    At(Time),
}

/// The clauses in force where a condition stands.
#[derive(Debug, Clone, Default)]
struct Clauses<'a> {
    selector: Option<Selector>,
    window: Option<&'a Window>,
    samples: Vec<&'a SampleRule>,
}

/// What a criterion asks at one gate.
struct Stage<'a> {
    gate: MilestoneId,
    parts: Vec<(Option<&'a Condition>, Clauses<'a>)>,
}

/// What a criterion comes to at a gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CriterionTruth {
    /// Its value; open (pending) if nothing of it is due.
    pub truth: Truth,
    /// Whether a part of it is decided at this gate or before.
    pub due: bool,
}

impl<'a> Run<'a> {
    pub(crate) fn new(
        protocol: &'a Protocol,
        choices: &'a Choices,
        patient: &Patient,
        dataset: &'a PlainDataset,
    ) -> Self {
        Self {
            protocol,
            choices,
            dataset,
            chart: Chart::read(patient, dataset),
            bound: Vec::new(),
            tally: RefCell::default(),
        }
    }

    /// The same with a day at hand.
    pub(crate) fn on(mut self, bound: &[(MilestoneId, String)]) -> Self {
        let times = bound.iter();
        let times = times.filter_map(|(id, text)| Some((*id, Time::parse(text)?)));
        self.bound = times.collect();
        self
    }

    /// What is asked outside the criteria, at its own gate.
    pub(crate) fn asked_outside(&self, asked: AskedId) -> Truth {
        let Some(question) = self.protocol.asked.get(asked.index()) else {
            return Truth::Open(OpenKind::Unknown);
        };
        match self.gate_reached(question.gate) {
            Reached::At(time) => {
                let gate = Gate {
                    id: question.gate,
                    time,
                    records: Named::default(),
                };
                self.condition(&question.condition, &Clauses::default(), gate, None)
            }
            Reached::Not => Truth::Open(OpenKind::Pending),
            Reached::Unclear => Truth::Open(OpenKind::Unknown),
        }
    }

    /// When a gate is: of a visit, its last day.
    fn gate_reached(&self, gate: MilestoneId) -> Reached {
        let trial = &self.protocol.trial;
        match trial.visit_end {
            Some(end) if trial.visit == Some(gate) => self.reached(end),
            _ => self.reached(gate),
        }
    }

    /// The day that a milestone is bound to.
    fn bound_to(&self, milestone: MilestoneId) -> Option<Time> {
        let mut bound = self.bound.iter();
        bound
            .find(|(id, _)| *id == milestone)
            .map(|(_, time)| *time)
    }

    pub(crate) fn verdict(&self, gate: MilestoneId) -> Verdict {
        let criteria: Vec<CriterionVerdict> = self
            .truths(gate)
            .iter()
            .zip(&self.protocol.criteria)
            .enumerate()
            .map(|(index, (value, criterion))| {
                let outcome = Outcome::of(value.truth);
                CriterionVerdict {
                    criterion: CriterionId::from_index(index),
                    outcome,
                    effect: outcome.effect(criterion.kind),
                    due: value.due,
                }
            })
            .collect();
        let counting = criteria.iter().filter(|criterion| criterion.due);
        Verdict {
            gate,
            standing: Standing::of(counting.map(|criterion| criterion.effect)),
            criteria,
        }
    }

    /// How often conditions had their outcomes until now.
    pub(crate) fn tally(self) -> Tally {
        self.tally.into_inner()
    }

    pub(crate) fn truths(&self, gate: MilestoneId) -> Vec<CriterionTruth> {
        self.protocol
            .criteria
            .iter()
            .map(|criterion| self.criterion(criterion, gate))
            .collect()
    }

    fn criterion(&self, criterion: &'a Criterion, asked: MilestoneId) -> CriterionTruth {
        let not_later = self
            .protocol
            .milestones
            .get(asked.index())
            .map(|milestone| milestone.not_later.clone())
            .unwrap_or_default();
        let due: Vec<Stage<'a>> = self
            .stages(criterion)
            .into_iter()
            .filter(|stage| not_later.contains(&stage.gate))
            .collect();
        if due.is_empty() {
            return CriterionTruth {
                truth: Truth::Open(OpenKind::Pending),
                due: false,
            };
        }
        let excludes = criterion.kind == CriterionKind::Exclusion;
        let mut truth = Truth::NotApplicable;
        for stage in due {
            let value = self.stage(criterion, &stage);
            truth = if excludes {
                truth.or(value)
            } else {
                truth.and(value)
            };
        }
        CriterionTruth { truth, due: true }
    }

    /// The value of a stage behind the criterion's guard.
    fn stage(&self, criterion: &'a Criterion, stage: &Stage<'a>) -> Truth {
        let excludes = criterion.kind == CriterionKind::Exclusion;
        let passing = Truth::of(!excludes);
        let open = match self.gate_reached(stage.gate) {
            Reached::At(time) => {
                let gate = Gate {
                    id: stage.gate,
                    time,
                    records: Named::default(),
                };
                let mut value = Truth::NotApplicable;
                for (part, clauses) in &stage.parts {
                    let part = match part {
                        Some(part) => self.condition(part, clauses, gate, Some(passing)),
                        None => self.committed(criterion, gate),
                    };
                    value = if excludes {
                        value.or(part)
                    } else {
                        value.and(part)
                    };
                }
                let value = self.overridden(criterion, value, gate, passing);
                return match &criterion.guard {
                    Some(guard) => {
                        value.guarded(self.guard(guard, &Clauses::default(), gate), passing)
                    }
                    None => value,
                };
            }
            Reached::Not => Truth::Open(OpenKind::Pending),
            Reached::Unclear => Truth::Open(OpenKind::Unknown),
        };
        match &criterion.guard {
            Some(guard) => {
                let mut value = guard
                    .sex
                    .map_or(Truth::NotApplicable, |sex| self.is_of(sex));
                if guard.condition.is_some() {
                    value = value.and(open);
                }
                open.guarded(value, passing)
            }
            None => open,
        }
    }

    /// What a criterion comes to where an override may settle it.
    fn overridden(
        &self,
        criterion: &'a Criterion,
        value: Truth,
        gate: Gate,
        passing: Truth,
    ) -> Truth {
        let names = |rule: &&'a Override| {
            rule.criteria.iter().any(|id| {
                let named = self.protocol.criteria.get(id.index());
                named.is_some_and(|named| std::ptr::eq(named, criterion))
            })
        };
        let cases: Vec<(Truth, Truth)> = self
            .protocol
            .overrides
            .iter()
            .filter(names)
            .map(|rule| {
                let clauses = Clauses::default();
                let when = self.condition(&rule.when, &clauses, gate, Some(Truth::False));
                (when, Truth::of(rule.met))
            })
            .collect();
        conditions::chosen(&cases, value, Some(passing))
    }

    /// The parts of a criterion by gate.
    fn stages(&self, criterion: &'a Criterion) -> Vec<Stage<'a>> {
        let mut parts: Vec<(Option<MilestoneId>, Option<&'a Condition>, Clauses<'a>)> = Vec::new();
        for part in &criterion.parts {
            self.split(part, &Clauses::default(), None, &mut parts);
        }
        if let Some(term) = &criterion.term {
            parts.push((Some(term.from), None, Clauses::default()));
        }
        let mut stages: Vec<Stage<'a>> = Vec::new();
        for (gate, part, clauses) in parts {
            let Some(gate) = gate.or(criterion.gate) else {
                continue;
            };
            match stages.iter_mut().find(|stage| stage.gate == gate) {
                Some(stage) => stage.parts.push((part, clauses)),
                None => stages.push(Stage {
                    gate,
                    parts: vec![(part, clauses)],
                }),
            }
        }
        stages
    }

    /// Finds the `at` of a part, which may stand behind clauses, in the arm that is read, or in a
    /// list of parts that must all hold.
    fn split(
        &self,
        condition: &'a Condition,
        clauses: &Clauses<'a>,
        gate: Option<MilestoneId>,
        parts: &mut Vec<(Option<MilestoneId>, Option<&'a Condition>, Clauses<'a>)>,
    ) {
        match &condition.kind {
            ConditionKind::At(gate, inner) => self.split(inner, clauses, Some(*gate), parts),
            _ if gate.is_some() || !names_a_gate(condition) => {
                parts.push((gate, Some(condition), clauses.clone()));
            }
            ConditionKind::Depending(reading, arms) => {
                if let Some(arm) = arms.get(self.choices.of(*reading)) {
                    self.split(arm, clauses, gate, parts);
                }
            }
            ConditionKind::With(usage, inner) => {
                self.split(inner, &self.with(usage, clauses), gate, parts);
            }
            ConditionKind::List(_, inner) => {
                for part in inner {
                    self.split(part, clauses, gate, parts);
                }
            }
            _ => parts.push((gate, Some(condition), clauses.clone())),
        }
    }

    /// The clauses inside a `with`.
    fn with(&self, usage: &'a Usage, outside: &Clauses<'a>) -> Clauses<'a> {
        let mut inside = outside.clone();
        match usage.take {
            Some(Take::Selector(selector)) => inside.selector = Some(selector),
            Some(Take::AsRead(reading)) => {
                if let Some(AlternativeContent::Selector(selector)) = self.read_as(reading) {
                    inside.selector = Some(*selector);
                }
            }
            None => {}
        }
        if let Some(window) = &usage.window {
            inside.window = Some(window);
        }
        for rule in &usage.samples {
            let holds = match rule.only_under {
                Some((reading, alternative)) => self.choices.of(reading) == alternative,
                None => true,
            };
            if holds {
                inside.samples.push(rule);
            }
        }
        inside
    }

    /// What a reading means under the choices.
    fn read_as(&self, reading: ReadingId) -> Option<&'a AlternativeContent> {
        let alternatives = &self.protocol.readings.get(reading.index())?.alternatives;
        Some(&alternatives.get(self.choices.of(reading))?.content)
    }

    /// How long months are for the whole protocol.
    fn months(&self) -> MonthRule {
        for index in 0..self.protocol.readings.len() {
            if let Some(AlternativeContent::Months(rule)) =
                self.read_as(ReadingId::from_index(index))
            {
                return *rule;
            }
        }
        MonthRule::Calendar
    }

    fn reached(&self, id: MilestoneId) -> Reached {
        if let Some(day) = self.bound_to(id) {
            return Reached::At(day);
        }
        let mut id = id;
        let Some(mut milestone) = self.protocol.milestones.get(id.index()) else {
            return Reached::Not;
        };
        if let Some(other) = milestone.same_as {
            if let Some(day) = self.bound_to(other) {
                return Reached::At(day);
            }
            id = other;
            match self.protocol.milestones.get(other.index()) {
                Some(other) => milestone = other,
                None => return Reached::Not,
            }
        }
        let names = [&*milestone.name];
        let mut times: Vec<Time> = Vec::new();
        let mut visits = self.protocol.trial.visits.iter();
        let is_visit = visits.any(|visit| visit.milestone == Some(id));
        let (table, rows) = if is_visit {
            (crate::PlainTable::Visits, &self.chart.visits)
        } else {
            (crate::PlainTable::Milestones, &self.chart.milestones)
        };
        for (name, time) in rows {
            if name == &*milestone.name && !times.contains(time) {
                times.push(*time);
            }
        }
        let mut aside = self.chart.aside.iter();
        if aside.any(|row| row.may_be_one_of(table, &names)) {
            return Reached::Unclear;
        }
        match times.as_slice() {
            // Where visits are not recorded completely, one without a row may have taken place.
            [] if is_visit && !crate::chart::is_complete(self.dataset, table, Some(&names)) => {
                Reached::Unclear
            }
            [] => Reached::Not,
            [time] => Reached::At(*time),
            _ => Reached::Unclear,
        }
    }
}

/// Whether `at` stands where a part of a criterion may have it.
fn names_a_gate(condition: &Condition) -> bool {
    match &condition.kind {
        ConditionKind::At(..) => true,
        ConditionKind::Depending(_, parts) | ConditionKind::List(Quantifier::All, parts) => {
            parts.iter().any(names_a_gate)
        }
        ConditionKind::With(_, inner) => names_a_gate(inner),
        _ => false,
    }
}
