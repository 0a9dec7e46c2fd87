//! Lists, guards, terms and readings (sections 1 and 7).

use lind_model::protocol::{AlternativeContent, Condition, ConditionKind, Guard, Quantifier, Sex};
use lind_model::{OpenKind, Truth};

use super::{Clauses, Gate, Run};

impl<'a> Run<'a> {
    /// The value of a condition.
    ///
    /// `passing` is the value that makes no difference where it stands, if there is one: then a body
    /// with this value passes behind a guard that is open.
    pub(super) fn condition(
        &self,
        condition: &'a Condition,
        clauses: &Clauses<'a>,
        gate: Gate,
        passing: Option<Truth>,
    ) -> Truth {
        match &condition.kind {
            ConditionKind::List(quantifier, parts) => {
                self.list(*quantifier, parts, clauses, gate, passing)
            }
            ConditionKind::Guarded(guard, body) => {
                let body = self.condition(body, clauses, gate, passing);
                let guard = self.guard(guard, clauses, gate);
                match (guard, passing) {
                    (_, Some(passing)) => body.guarded(guard, passing),
                    // Behind an open guard it may be its body or not apply, and these differ here.
                    (Truth::Open(kind), None) => match body {
                        Truth::NotApplicable => Truth::NotApplicable,
                        Truth::Open(other) => Truth::Open(kind.max(other)),
                        Truth::True | Truth::False => Truth::Open(kind),
                    },
                    (_, None) => body.guarded(guard, Truth::True),
                }
            }
            ConditionKind::At(_, inner) => self.condition(inner, clauses, gate, passing),
            ConditionKind::Depending(reading, arms) => match arms.get(self.choices.of(*reading)) {
                Some(arm) => self.condition(arm, clauses, gate, passing),
                None => Truth::NotApplicable,
            },
            ConditionKind::AsRead(reading) => match self.read_as(*reading) {
                Some(AlternativeContent::Condition(meaning)) => {
                    self.condition(meaning, clauses, gate, passing)
                }
                _ => Truth::NotApplicable,
            },
            ConditionKind::Defined(definition) => {
                match self.protocol.definitions.get(definition.index()) {
                    Some(term) => self.condition(&term.condition, clauses, gate, passing),
                    None => Truth::NotApplicable,
                }
            }
            ConditionKind::Judged(judgement) => self.judged(*judgement, gate),
            ConditionKind::Happened(milestone) => self.happened(*milestone, gate),
            ConditionKind::Age { at, interval } => self.age(*at, interval, gate),
            ConditionKind::Fact(fact) => self.fact(fact, gate),
            ConditionKind::Value(test) => self.value(test, clauses, gate),
            ConditionKind::Change(change) => self.change(change, clauses, gate),
            ConditionKind::With(usage, inner) => {
                self.condition(inner, &self.with(usage, clauses), gate, passing)
            }
            ConditionKind::Nothing => Truth::NotApplicable,
        }
    }

    fn list(
        &self,
        quantifier: Quantifier,
        parts: &'a [Condition],
        clauses: &Clauses<'a>,
        gate: Gate,
        passing: Option<Truth>,
    ) -> Truth {
        let inside = match (quantifier, passing) {
            (Quantifier::All, Some(Truth::True)) => Some(Truth::True),
            (Quantifier::Any, Some(Truth::False)) | (Quantifier::None, Some(Truth::True)) => {
                Some(Truth::False)
            }
            _ => None,
        };
        let values: Vec<Truth> = parts
            .iter()
            .map(|part| self.condition(part, clauses, gate, inside))
            .collect();
        let any = || {
            values
                .iter()
                .fold(Truth::NotApplicable, |any, value| any.or(*value))
        };
        match quantifier {
            Quantifier::All => values
                .iter()
                .fold(Truth::NotApplicable, |all, value| all.and(*value)),
            Quantifier::Any => any(),
            Quantifier::None => any().not(),
            Quantifier::AtLeast(n) => counted(&values, |holding| holding >= n),
            Quantifier::AtMost(n) => counted(&values, |holding| holding <= n),
            Quantifier::Exactly(n) => counted(&values, |holding| holding == n),
        }
    }

    /// Whether a guard lets its body apply.
    pub(super) fn guard(&self, guard: &'a Guard, clauses: &Clauses<'a>, gate: Gate) -> Truth {
        let sex = guard
            .sex
            .map_or(Truth::NotApplicable, |sex| self.is_of(sex));
        match &guard.condition {
            Some(condition) => sex.and(self.condition(condition, clauses, gate, None)),
            None => sex,
        }
    }

    /// Whether the patient is of a sex.
    pub(super) fn is_of(&self, sex: Sex) -> Truth {
        match (self.chart.sex.as_str(), sex) {
            ("female", Sex::Female) | ("male", Sex::Male) => Truth::True,
            ("female", Sex::Male) | ("male", Sex::Female) => Truth::False,
            _ => Truth::Open(OpenKind::Unknown),
        }
    }
}

/// Whether the number of parts that hold is right, whatever the open parts come to.
fn counted(values: &[Truth], is_right: impl Fn(u32) -> bool) -> Truth {
    let count = |wanted: fn(&Truth) -> bool| {
        values
            .iter()
            .filter(|value| wanted(value))
            .fold(0_u32, |sum, _| sum + 1)
    };
    let holding = count(|value| *value == Truth::True);
    let open = count(|value| value.is_open());
    if values.iter().all(|value| *value == Truth::NotApplicable) {
        return Truth::NotApplicable;
    }
    let answers: Vec<bool> = (holding..=holding + open).map(is_right).collect();
    if answers.iter().all(|answer| *answer) {
        return Truth::True;
    }
    if !answers.contains(&true) {
        return Truth::False;
    }
    let mut kind = OpenKind::Pending;
    for value in values {
        if let Truth::Open(other) = value {
            kind = kind.max(*other);
        }
    }
    Truth::Open(kind)
}
