//! Which measures and formulas the criteria of a protocol ask.

use std::collections::BTreeSet;

use lind_model::MeasureId;
use lind_model::Protocol;
use lind_model::protocol::{AlternativeContent, Condition, ConditionKind, FormulaInput, Subject};

/// Measures and formulas, by their places.
#[derive(Default)]
pub(super) struct Subjects {
    pub(super) measures: BTreeSet<usize>,
    pub(super) formulas: BTreeSet<usize>,
}

/// What is asked anywhere in a protocol, its definitions and its readings.
pub(super) fn subjects(protocol: &Protocol) -> Subjects {
    let mut used = Subjects::default();
    for criterion in &protocol.criteria {
        criterion.parts.iter().for_each(|part| used.of(part));
        if let Some(condition) = criterion
            .guard
            .as_ref()
            .and_then(|guard| guard.condition.as_ref())
        {
            used.of(condition);
        }
    }
    for rule in &protocol.overrides {
        used.of(&rule.when);
    }
    for cap in &protocol.caps {
        used.of(&cap.condition);
    }
    for definition in &protocol.definitions {
        used.of(&definition.condition);
    }
    for alternative in protocol
        .readings
        .iter()
        .flat_map(|reading| &reading.alternatives)
    {
        if let AlternativeContent::Condition(condition) = &alternative.content {
            used.of(condition);
        }
    }
    let inputs: Vec<usize> = used
        .formulas
        .iter()
        .filter_map(|formula| protocol.formulas.get(*formula))
        .flat_map(|formula| &formula.inputs)
        .filter_map(|input| match input {
            FormulaInput::Measure { measure, .. } => Some(measure.index()),
            FormulaInput::Age => None,
        })
        .collect();
    used.measures.extend(inputs);
    used
}

impl Subjects {
    fn add(&mut self, subject: Subject) {
        match subject {
            Subject::Measure(id) => self.measures.insert(id.index()),
            Subject::Formula(id) => self.formulas.insert(id.index()),
        };
    }

    fn of(&mut self, condition: &Condition) {
        match &condition.kind {
            ConditionKind::List(_, parts) | ConditionKind::Depending(_, parts) => {
                parts.iter().for_each(|part| self.of(part));
            }
            ConditionKind::Guarded(guard, inner) => {
                if let Some(condition) = &guard.condition {
                    self.of(condition);
                }
                self.of(inner);
            }
            ConditionKind::At(_, inner) | ConditionKind::With(_, inner) => self.of(inner),
            ConditionKind::Value(value) => self.add(value.subject),
            ConditionKind::Change(change) => self.add(change.subject),
            ConditionKind::Points(points) => {
                if let Some(recorded) = &points.recorded {
                    self.add(recorded.subject);
                }
            }
            ConditionKind::Choice(choice) => {
                for case in &choice.cases {
                    self.of(&case.when);
                    self.of(&case.then);
                }
                if let Some(otherwise) = &choice.otherwise {
                    self.of(otherwise);
                }
            }
            ConditionKind::IfUnknown(rule) => self.of(&rule.condition),
            // What they stand for is looked at for itself.
            ConditionKind::AsRead(_) | ConditionKind::Defined(_) => {}
            ConditionKind::Fact(fact) => {
                self.measures.extend(fact.measure.map(MeasureId::index));
                if let Some(such_that) = &fact.such_that {
                    self.of(&such_that.condition);
                }
            }
            ConditionKind::Judged(_)
            | ConditionKind::Happened(_)
            | ConditionKind::Age { .. }
            | ConditionKind::Record(_)
            | ConditionKind::Settled(_)
            | ConditionKind::Nothing => {}
        }
    }
}
