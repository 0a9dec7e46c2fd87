//! What tests expect: criteria and parts that exist, and nothing that contradicts itself.

use std::collections::BTreeSet;
use std::sync::Arc;

use lind_diagnostics::{Diagnostic, Span, closest};
use lind_model::cases::{Expectation, Expected};
use lind_model::protocol::{AlternativeContent, Condition, ConditionKind, PointsLine};
use lind_model::{CriterionId, DefinitionId, Effect, Outcome, ReadingId, Standing};
use lind_syntax::tree::{ExpectedPart, Item, Name};

use crate::analysis::Checker;
use crate::modules::Module;
use crate::rules;

impl Checker<'_> {
    pub(super) fn expected_standing(
        &mut self,
        standing: &Name,
        at: Option<&Name>,
        span: Span,
    ) -> Option<Expectation> {
        let gate = at.map(|name| self.find_milestone(name));
        let expected = Expected::Standing(match standing.text.as_str() {
            "eligible" => Standing::Eligible,
            "ineligible" => Standing::Ineligible,
            _ => Standing::Undetermined,
        });
        let gate = match gate {
            Some(found) => Some(found?),
            None => None,
        };
        Some(Expectation {
            expected,
            gate,
            day: None,
            span,
        })
    }

    pub(super) fn expected_outcomes(
        &mut self,
        parts: &[ExpectedPart],
        outcome: &Name,
        (at, on): (Option<&Name>, Option<&Name>),
        module: &Module,
    ) -> Vec<Expectation> {
        let day = match on {
            Some(on) => match self.expected_day(on) {
                Some(day) => Some(day),
                None => return Vec::new(),
            },
            None => None,
        };
        let gate = match at {
            Some(name) => match self.find_milestone(name) {
                Some(gate) => Some(gate),
                None => return Vec::new(),
            },
            None => None,
        };
        let word = outcome.text.replace(' ', "_");
        let outcome = [
            Outcome::Met,
            Outcome::NotMet,
            Outcome::Unknown,
            Outcome::NeedsJudgement,
            Outcome::NotApplicable,
            Outcome::Pending,
        ]
        .into_iter()
        .find(|outcome| outcome.word() == word);
        let mut expectations = Vec::new();
        for part in parts {
            let found = self.expected_part(part, module);
            if let (Some((criterion, label)), Some(outcome)) = (found, outcome) {
                let Some(gate) = self.asked_when(criterion, gate, day, part.name.span) else {
                    continue;
                };
                expectations.push(Expectation {
                    expected: Expected::Outcome {
                        criterion,
                        part: label,
                        outcome,
                    },
                    gate,
                    day,
                    span: part.name.span,
                });
            }
        }
        expectations
    }

    /// The criterion, and the label of its part if a part is meant.
    fn expected_part(
        &mut self,
        part: &ExpectedPart,
        module: &Module,
    ) -> Option<(CriterionId, Option<Arc<str>>)> {
        let number = |checker: &Self, name: &Name| {
            let mut criteria = checker.tables.criteria.iter();
            let stated = criteria.position(|criterion| *criterion.id == *name.text);
            let stated = stated.map(CriterionId::from_index);
            stated.or_else(|| checker.tested_state(&name.text))
        };
        if let Some(of) = &part.of {
            let Some(criterion) = number(self, of) else {
                self.unknown_part(of, module, "criterion");
                return None;
            };
            let label = self.labels(criterion).get(part.name.text.as_str()).cloned();
            if label.is_none() {
                self.unknown_part(&part.name, module, "part of that criterion");
            }
            return Some((criterion, Some(label?)));
        }
        if let Some(criterion) = number(self, &part.name) {
            return Some((criterion, None));
        }
        let mut with_label = Vec::new();
        let states = self.tables.trial.states.len();
        for index in 0..self.tables.criteria.len().saturating_add(states) {
            let criterion = CriterionId::from_index(index);
            if let Some(label) = self.labels(criterion).get(part.name.text.as_str()) {
                with_label.push((criterion, Arc::clone(label)));
            }
        }
        match with_label.as_slice() {
            [(criterion, label)] => Some((*criterion, Some(Arc::clone(label)))),
            [] => {
                self.unknown_part(&part.name, module, "criterion and no labelled part");
                None
            }
            [(first, label), ..] => {
                let ids: Vec<&str> = with_label
                    .iter()
                    .filter_map(|(id, _)| self.name_of(*id))
                    .collect();
                let first = self.name_of(*first);
                let example = first.map_or(String::new(), |first| format!("{label} of {first}"));
                self.sink.push(
                    Diagnostic::new(
                        &rules::E0541_UNKNOWN_PART,
                        part.name.span,
                        format!("`{label}` is a part of several criteria"),
                    )
                    .label(format!("of {}?", ids.join(", ")))
                    .suggest(
                        format!("write `{example}`"),
                        part.name.span,
                        example,
                    ),
                );
                None
            }
        }
    }

    fn unknown_part(&mut self, name: &Name, module: &Module, what: &str) {
        // A criterion with an error has its own message.
        let is_written = module.tree.items.iter().any(|item| match item {
            Item::Criterion(criterion) => criterion.id.text == name.text,
            Item::Commitment(commitment) => commitment.id.text == name.text,
            _ => false,
        });
        if is_written || self.sink.has_errors() {
            return;
        }
        let mut known: BTreeSet<Arc<str>> = BTreeSet::new();
        for (index, criterion) in self.tables.criteria.iter().enumerate() {
            known.insert(Arc::clone(&criterion.id));
            known.extend(self.labels(CriterionId::from_index(index)));
        }
        let states = self.tables.trial.states.iter();
        known.extend(states.map(|state| Arc::clone(&state.name)));
        let mut diagnostic = Diagnostic::new(
            &rules::E0541_UNKNOWN_PART,
            name.span,
            format!("no {what} is called `{}`", name.text),
        )
        .label("expected of what?");
        diagnostic = match closest(&name.text, known.iter().map(|known| &**known)) {
            Some(near) => diagnostic.suggest(format!("write `{near}`"), name.span, near),
            None => diagnostic.note("a test names a criterion by its number, or a part by its label: `I7`, `renal of I7`"),
        };
        self.sink.push(diagnostic);
    }

    /// The labels in a criterion, and in the definitions and readings that it uses.
    fn labels(&self, criterion: CriterionId) -> BTreeSet<Arc<str>> {
        let mut labels = Labels {
            checker: self,
            found: BTreeSet::new(),
            definitions: BTreeSet::new(),
            readings: BTreeSet::new(),
        };
        if let Some(criterion) = self.tables.criteria.get(criterion.index()) {
            criterion.parts.iter().for_each(|part| labels.of(part));
        } else if let Some(state) = self.tested_as(criterion)
            && let Some(Some(term)) = self.tables.definitions.get(state.term.index())
        {
            labels.of(&term.condition);
        }
        labels.found
    }

    /// Two outcomes of one thing at one gate, and a standing that an outcome rules out.
    pub(super) fn expectations_agree(&mut self, expectations: &[Expectation]) {
        for (index, second) in expectations.iter().enumerate() {
            let clash = expectations
                .iter()
                .take(index)
                .filter(|first| first.gate == second.gate && first.day == second.day)
                .find_map(|first| {
                    self.contradiction(&first.expected, &second.expected)
                        .map(|message| (first.span, message))
                });
            if let Some((first, message)) = clash {
                self.sink.push(
                    Diagnostic::new(&rules::E0542_EXPECTATIONS_CONTRADICT, second.span, message)
                        .label("and this")
                        .also(first, "this"),
                );
            }
        }
    }

    fn contradiction(&self, one: &Expected, other: &Expected) -> Option<String> {
        match (one, other) {
            (Expected::Standing(one), Expected::Standing(other)) => (one != other)
                .then(|| format!("a patient is not {} and {}", one.word(), other.word())),
            (
                Expected::Outcome {
                    criterion,
                    part,
                    outcome,
                },
                Expected::Outcome {
                    criterion: second,
                    part: second_part,
                    outcome: second_outcome,
                },
            ) => (criterion == second && part == second_part && outcome != second_outcome).then(
                || {
                    let number = self.name_of(*criterion).unwrap_or_default();
                    let name = part.as_deref().unwrap_or(number);
                    format!(
                        "`{name}` is not both {} and {}",
                        words(*outcome),
                        words(*second_outcome)
                    )
                },
            ),
            (Expected::Standing(standing), Expected::Outcome { .. }) => {
                self.rules_out(other, *standing)
            }
            (Expected::Outcome { .. }, Expected::Standing(standing)) => {
                self.rules_out(one, *standing)
            }
            (
                Expected::Grade {
                    grading,
                    least,
                    most,
                    ..
                },
                Expected::Grade {
                    grading: second,
                    least: second_least,
                    most: second_most,
                    ..
                },
            ) => (grading == second && (least, most) != (second_least, second_most))
                .then(|| "a finding has one grade on a day".to_owned()),
            (Expected::Grade { .. }, _) | (_, Expected::Grade { .. }) => None,
        }
    }

    /// Whether the outcome of a criterion rules a standing out.
    fn rules_out(&self, outcome: &Expected, standing: Standing) -> Option<String> {
        let Expected::Outcome {
            criterion,
            part: None,
            outcome,
        } = outcome
        else {
            return None;
        };
        // What is pending may not be due, and then it does not count.
        if *outcome == Outcome::Pending {
            return None;
        }
        let criterion = self.tables.criteria.get(criterion.index())?;
        let possible = match outcome.effect(criterion.kind) {
            Effect::Pass => true,
            Effect::Open => standing != Standing::Eligible,
            Effect::Fail => standing == Standing::Ineligible,
        };
        (!possible).then(|| {
            format!(
                "with `{}` {}, a patient is not {}",
                criterion.id,
                words(*outcome),
                standing.word()
            )
        })
    }
}

/// An outcome in words.
fn words(outcome: Outcome) -> String {
    outcome.word().replace('_', " ")
}

/// Gathers labels, each definition and reading once.
struct Labels<'a, 'c> {
    checker: &'a Checker<'c>,
    found: BTreeSet<Arc<str>>,
    definitions: BTreeSet<DefinitionId>,
    readings: BTreeSet<ReadingId>,
}

impl Labels<'_, '_> {
    fn of(&mut self, condition: &Condition) {
        if let Some(label) = &condition.label {
            self.found.insert(Arc::clone(&label.name));
        }
        match &condition.kind {
            ConditionKind::List(_, parts) => parts.iter().for_each(|part| self.of(part)),
            ConditionKind::Depending(_, arms) => arms.iter().for_each(|arm| self.of(arm)),
            ConditionKind::Guarded(guard, inner) => {
                if let Some(condition) = &guard.condition {
                    self.of(condition);
                }
                self.of(inner);
            }
            ConditionKind::At(_, inner) | ConditionKind::With(_, inner) => self.of(inner),
            ConditionKind::AsRead(id) => {
                let checker = self.checker;
                let reading = checker.tables.readings.get(id.index());
                if let (true, Some(Some(reading))) = (self.readings.insert(*id), reading) {
                    for alternative in &reading.alternatives {
                        if let AlternativeContent::Condition(condition) = &alternative.content {
                            self.of(condition);
                        }
                    }
                }
            }
            ConditionKind::Defined(id) => {
                let checker = self.checker;
                let definition = checker.tables.definitions.get(id.index());
                if let (true, Some(Some(definition))) = (self.definitions.insert(*id), definition) {
                    self.of(&definition.condition);
                }
            }
            ConditionKind::Points(points) => self.lines(&points.lines),
            ConditionKind::PointsChange(change) => self.lines(&change.lines),
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
            ConditionKind::Fact(fact) => {
                if let Some(such_that) = &fact.such_that {
                    self.of(&such_that.condition);
                }
            }
            ConditionKind::Judged(_)
            | ConditionKind::Happened(..)
            | ConditionKind::Age { .. }
            | ConditionKind::Record(_)
            | ConditionKind::Value(_)
            | ConditionKind::Change(_)
            | ConditionKind::Spell(_)
            | ConditionKind::Settled(_)
            | ConditionKind::Nothing => {}
        }
    }

    /// The conditions of lines of points.
    fn lines(&mut self, lines: &[PointsLine]) {
        let checker = self.checker;
        for line in lines {
            let definition = checker.tables.definitions.get(line.condition.index());
            if let (true, Some(Some(definition))) =
                (self.definitions.insert(line.condition), definition)
            {
                self.of(&definition.condition);
            }
        }
    }
}
