//! What the criteria of a protocol lean on: measures, formulas, sets of codes, equivalences.

use std::collections::{BTreeMap, BTreeSet};

use lind_diagnostics::Span;

use crate::protocol::{
    AlternativeContent, Condition, ConditionKind, Fact, Filter, FormulaInput, RecordQuestion,
    SampleRule, Subject,
};
use crate::{DefinitionId, EquivalenceId, FormulaId, MeasureId, Protocol, SetId};

/// What is asked anywhere in a protocol, its definitions and its readings, each with the place of a condition
/// that asks it.
#[derive(Debug, Clone, Default)]
pub struct Uses {
    /// Measures, those that go into formulas included.
    pub measures: BTreeMap<MeasureId, Span>,
    /// Formulas.
    pub formulas: BTreeMap<FormulaId, Span>,
    /// Sets of codes, as they are named; what they include is not listed.
    pub sets: BTreeMap<SetId, Span>,
    /// Equivalences of doses.
    pub equivalences: BTreeMap<EquivalenceId, Span>,
}

impl Uses {
    /// Of all criteria, overrides, caps, anchors and alternatives of readings, and of the definitions that they name.
    #[must_use]
    pub fn of(protocol: &Protocol) -> Self {
        let mut walk = Walk {
            protocol,
            told: BTreeSet::new(),
            uses: Self::default(),
        };
        for criterion in &protocol.criteria {
            let guard = criterion.guard.as_ref();
            if let Some(condition) = guard.and_then(|guard| guard.condition.as_ref()) {
                walk.condition(condition);
            }
            criterion.parts.iter().for_each(|part| walk.condition(part));
        }
        for rule in &protocol.overrides {
            walk.condition(&rule.when);
        }
        for cap in &protocol.caps {
            walk.condition(&cap.condition);
        }
        for asked in &protocol.asked {
            walk.condition(&asked.condition);
        }
        for reading in &protocol.readings {
            for alternative in &reading.alternatives {
                if let AlternativeContent::Condition(condition) = &alternative.content {
                    walk.condition(condition);
                }
            }
        }
        for chosen in &protocol.chosen {
            for line in &chosen.lines {
                walk.fact(&line.fact, chosen.span);
            }
        }
        let mut uses = walk.uses;
        let formulas: Vec<(FormulaId, Span)> =
            uses.formulas.iter().map(|(id, at)| (*id, *at)).collect();
        for (id, at) in formulas {
            let formula = protocol.formulas.get(id.index());
            for input in formula.map_or(&[][..], |formula| &formula.inputs) {
                if let FormulaInput::Measure { measure, .. } = input {
                    uses.measures.entry(*measure).or_insert(at);
                }
            }
        }
        uses
    }
}

/// A walk through conditions; each definition is told once.
struct Walk<'p> {
    protocol: &'p Protocol,
    told: BTreeSet<DefinitionId>,
    uses: Uses,
}

impl Walk<'_> {
    fn definition(&mut self, id: DefinitionId) {
        if !self.told.insert(id) {
            return;
        }
        let protocol = self.protocol;
        if let Some(definition) = protocol.definitions.get(id.index()) {
            self.condition(&definition.condition);
        }
    }

    fn subject(&mut self, subject: Subject, at: Span) {
        match subject {
            Subject::Measure(id) => {
                self.uses.measures.entry(id).or_insert(at);
            }
            Subject::Formula(id) => {
                self.uses.formulas.entry(id).or_insert(at);
            }
        }
    }

    fn set(&mut self, set: SetId, at: Span) {
        self.uses.sets.entry(set).or_insert(at);
    }

    fn samples(&mut self, rules: &[SampleRule], at: Span) {
        for rule in rules {
            rule.without.iter().for_each(|set| self.set(*set, at));
        }
    }

    fn filter(&mut self, filter: &Filter, at: Span) {
        let equivalence = match filter {
            Filter::Dose { equivalence, .. } | Filter::TotalDose { equivalence, .. } => equivalence,
            Filter::Steady(steady) => &steady.equivalence,
            _ => return,
        };
        if let Some(id) = equivalence {
            self.uses.equivalences.entry(*id).or_insert(at);
        }
    }

    fn fact(&mut self, fact: &Fact, at: Span) {
        if let Some(set) = fact.set {
            self.set(set, at);
        }
        if let Some(measure) = fact.measure {
            self.subject(Subject::Measure(measure), at);
        }
        for filter in &fact.filters {
            self.filter(filter, at);
        }
        for exception in &fact.exceptions {
            self.set(exception.set, at);
        }
        if let Some(such_that) = &fact.such_that {
            self.condition(&such_that.condition);
        }
    }

    fn condition(&mut self, condition: &Condition) {
        let at = condition.span;
        match &condition.kind {
            ConditionKind::List(_, parts) | ConditionKind::Depending(_, parts) => {
                parts.iter().for_each(|part| self.condition(part));
            }
            ConditionKind::Guarded(guard, inner) => {
                if let Some(condition) = &guard.condition {
                    self.condition(condition);
                }
                self.condition(inner);
            }
            ConditionKind::At(_, inner) => self.condition(inner),
            ConditionKind::With(usage, inner) => {
                self.samples(&usage.samples, at);
                self.condition(inner);
            }
            ConditionKind::Value(value) => self.subject(value.subject, at),
            ConditionKind::Change(change) => self.subject(change.subject, at),
            ConditionKind::Points(points) => {
                if let Some(recorded) = &points.recorded {
                    self.subject(recorded.subject, at);
                }
                for line in &points.lines {
                    self.definition(line.condition);
                }
            }
            ConditionKind::Spell(spell) => self.subject(Subject::Measure(spell.measure), at),
            ConditionKind::PointsChange(change) => {
                if let Some(measure) = change.recorded {
                    self.subject(Subject::Measure(measure), at);
                }
                for line in &change.lines {
                    self.definition(line.condition);
                }
            }
            ConditionKind::Choice(choice) => {
                for case in &choice.cases {
                    self.condition(&case.when);
                    self.condition(&case.then);
                }
                if let Some(otherwise) = &choice.otherwise {
                    self.condition(otherwise);
                }
            }
            ConditionKind::IfUnknown(rule) => self.condition(&rule.condition),
            ConditionKind::Fact(fact) => self.fact(fact, at),
            ConditionKind::Record(test) => match &test.question {
                RecordQuestion::Member(set) => self.set(*set, at),
                RecordQuestion::Filter(filter) => self.filter(filter, at),
                RecordQuestion::Shares(..) | RecordQuestion::Same(_) => {}
            },
            ConditionKind::Defined(id) => self.definition(*id),
            // Every alternative of every reading is looked at.
            ConditionKind::AsRead(_)
            | ConditionKind::Judged(_)
            | ConditionKind::Happened(..)
            | ConditionKind::Age { .. }
            | ConditionKind::Settled(_)
            | ConditionKind::Nothing => {}
        }
    }
}
