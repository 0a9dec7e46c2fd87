//! Criteria and commitments.

use std::collections::BTreeMap;
use std::sync::Arc;

use lind_diagnostics::{Diagnostic, Span};
use lind_model::protocol::{Condition, ConditionKind, Criterion, CriterionKind, Term};
use lind_syntax::tree::{self, Item, Polarity};

use crate::analysis::Checker;
use crate::blocks::{Place, names_a_gate, settle_unknown, under};
use crate::modules::Module;
use crate::{choices, lints, rules};

impl Checker<'_> {
    /// Reads the criteria of a module. Those of a library are checked, and belong to no protocol.
    pub(crate) fn criteria(&mut self, module: &Module) {
        let mut numbers: BTreeMap<String, Span> = BTreeMap::new();
        for item in &module.tree.items {
            let (id, criterion) = match item {
                Item::Criterion(criterion) => (&criterion.id, self.criterion(criterion)),
                Item::Commitment(commitment) => (&commitment.id, self.commitment(commitment)),
                Item::Override(rule) | Item::Cap(rule) => (&rule.id, None),
                _ => continue,
            };
            let is_criterion = matches!(item, Item::Criterion(_) | Item::Commitment(_));
            if is_criterion && self.module == 0 {
                self.criterion_numbers.insert(id.text.clone());
            }
            if let Some(first) = numbers.get(&id.text) {
                self.sink.push(
                    Diagnostic::new(
                        &rules::E0501_NUMBER_USED_TWICE,
                        id.span,
                        format!("the number `{}` is used twice", id.text),
                    )
                    .label("used again")
                    .also(*first, "first used here")
                    .note(
                        "verdicts, attestations and amendments refer to a criterion by its number",
                    ),
                );
            } else {
                numbers.insert(id.text.clone(), id.span);
            }
            if let Some(criterion) = criterion
                && self.module == 0
            {
                self.tables.criteria.push(criterion);
            }
        }
    }

    fn criterion(&mut self, criterion: &tree::Criterion) -> Option<Criterion> {
        let guard = criterion
            .population
            .as_ref()
            .map(|population| self.guard(population));
        let polarity = match criterion.polarity {
            tree::Polarity::Inclusion => choices::Polarity::MustHold,
            tree::Polarity::Exclusion => choices::Polarity::MustNotHold,
        };
        let gathered = self.under_polarity(polarity, |checker| {
            checker.gather(&criterion.body, Place::Criterion)
        });
        let broken = gathered.broken;
        self.no_share(&gathered);
        let allowed = gathered.allowed;
        let unknown = gathered.unknown;
        let conditions: Vec<Condition> = gathered
            .conditions
            .into_iter()
            .map(|condition| settle_unknown(unknown.as_ref(), condition))
            .collect();
        if conditions.is_empty() {
            if !broken && !criterion.body.is_empty() {
                self.sink.push(
                    Diagnostic::new(
                        &rules::E0507_NO_CONDITION,
                        criterion.span,
                        format!("`{}` asks nothing", criterion.id.text),
                    )
                    .label("needs a condition")
                    .note("what no data can answer is put to a person: `investigator judges …`"),
                );
            }
            return None;
        }
        let unstaged: Vec<Condition> = conditions
            .iter()
            .filter(|condition| !names_a_gate(condition))
            .cloned()
            .collect();
        if unstaged.len() > 1 {
            if !broken {
                self.several(&unstaged);
            }
            return None;
        }
        if gathered.gate_lost && !unstaged.is_empty() {
            return None;
        }
        if let (None, Some(part)) = (gathered.gate, unstaged.first()) {
            let mut diagnostic = Diagnostic::new(
                &rules::E0502_MISSING_GATE,
                criterion.id.span,
                format!(
                    "`{}` does not say at which gate it is decided",
                    criterion.id.text
                ),
            )
            .label("no gate")
            .also(part.span, "decided when?")
            .note("a gate says what is known when the criterion is decided; nothing later is read");
            let elsewhere = conditions
                .iter()
                .find_map(|condition| match condition.kind {
                    ConditionKind::At(gate, _) => self.milestone(gate),
                    _ => None,
                });
            if let Some(gate) = elsewhere {
                // Another part has a gate of its own, so perhaps this one should.
                let start = Span::new(part.span.file, part.span.start, part.span.start);
                let gate = Arc::clone(&gate.name);
                diagnostic = diagnostic.note(format!(
                    "another part names a gate of its own: so can this one, behind its label if it has one: `label: at {gate}: …`"
                ));
                diagnostic = diagnostic.suggest(
                    format!("write `at {gate}:`"),
                    start,
                    format!("at {gate}: "),
                );
            } else if let Some(gate) = self.usual_milestone() {
                let end = Span::new(criterion.span.file, criterion.span.end, criterion.span.end);
                diagnostic =
                    diagnostic.suggest(format!("write `at {gate}`"), end, format!("\n  at {gate}"));
            }
            self.sink.push(diagnostic);
            return None;
        }
        if let (Some((_, place)), true) = (gathered.gate, unstaged.is_empty()) {
            self.sink.push(
                Diagnostic::new(
                    &rules::E0509_MISPLACED_CLAUSE,
                    place,
                    "every part of this criterion names its own gate",
                )
                .label("decides nothing"),
            );
        }
        let kind = match criterion.polarity {
            Polarity::Inclusion => CriterionKind::Inclusion,
            Polarity::Exclusion => CriterionKind::Exclusion,
        };
        if kind == CriterionKind::Exclusion {
            lints::negated_exclusion(&conditions, criterion, self.sink);
            if !conditions.iter().any(negated) {
                self.required_exclusion(&conditions, criterion);
            }
        }
        if broken {
            return None;
        }
        let usage = gathered.usage;
        Some(Criterion {
            id: Arc::from(criterion.id.text.as_str()),
            title: Arc::from(criterion.title.value.as_str()),
            kind,
            guard: guard.map_or(Some(None), |guard| guard.map(Some))?,
            gate: gathered.gate.map(|(gate, _)| gate),
            parts: conditions
                .into_iter()
                .map(|condition| under(usage.clone(), condition))
                .collect(),
            term: None,
            allowed,
            source: gathered.source,
            span: criterion.span,
        })
    }

    fn commitment(&mut self, commitment: &tree::Commitment) -> Option<Criterion> {
        let guard = commitment
            .population
            .as_ref()
            .map(|population| self.guard(population));
        let gathered = self.gather(&commitment.body, Place::Criterion);
        if let Some(condition) = gathered.conditions.first() {
            self.misplaced(
                condition.span,
                "a commitment is attested, not computed; a condition belongs to an inclusion",
            );
            return None;
        }
        if gathered.broken {
            return None;
        }
        let Some(term) = commitment.term.as_ref().or(gathered.term.as_ref()) else {
            self.sink.push(
                Diagnostic::new(
                    &rules::E0502_MISSING_GATE,
                    commitment.id.span,
                    format!(
                        "`{}` does not say from when until when it holds",
                        commitment.id.text
                    ),
                )
                .label("no span of time")
                .note("write `from enrolment until 2 years after end_of_study` behind the title"),
            );
            return None;
        };
        let from = self.find_milestone(&term.from);
        let until = self.find_milestone(&term.until);
        let after = match &term.length {
            Some(length) => Some(self.offset(length)?),
            None => None,
        };
        let (from, until) = (from?, until?);
        if from != until && self.never_later(until, from) && after.is_none() {
            self.sink.push(
                Diagnostic::new(
                    &rules::E0406_EMPTY_WINDOW,
                    term.span,
                    "this span ends before it begins",
                )
                .label("contains no time"),
            );
            return None;
        }
        Some(Criterion {
            id: Arc::from(commitment.id.text.as_str()),
            title: Arc::from(commitment.title.value.as_str()),
            kind: CriterionKind::Commitment,
            guard: guard.map_or(Some(None), |guard| guard.map(Some))?,
            gate: Some(from),
            parts: Vec::new(),
            term: Some(Term { from, until, after }),
            allowed: gathered.allowed,
            source: gathered.source,
            span: commitment.span,
        })
    }
}

/// Whether a condition is worded as a negation at its top.
pub(crate) fn negated(condition: &Condition) -> bool {
    match &condition.kind {
        ConditionKind::List(lind_model::protocol::Quantifier::None, _) => true,
        ConditionKind::Fact(fact) => fact.negated,
        ConditionKind::At(_, inner) | ConditionKind::With(_, inner) => negated(inner),
        ConditionKind::IfUnknown(rule) => negated(&rule.condition),
        _ => false,
    }
}
