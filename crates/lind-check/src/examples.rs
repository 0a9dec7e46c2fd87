//! Lists of examples: what is on them counts, what is not is asked of a person.

use std::sync::Arc;

use lind_diagnostics::{Diagnostic, Span};
use lind_model::lower::anchors;
use lind_model::protocol::{Anchor, Condition, ConditionKind, Fact, Filter, Quantifier, Window};
use lind_model::{JudgementId, SetId};
use lind_syntax::tree::Name;

use crate::analysis::Checker;
use crate::rules;
use crate::scope::Symbol;

impl Checker<'_> {
    /// `not complete, else judged by …`
    pub(crate) fn judge_of_examples(&mut self, name: &Name) -> Option<JudgementId> {
        self.scopes.get_mut(self.module)?.resolve_as(
            name,
            "a judgement",
            |symbol| match symbol {
                Symbol::Judgement(id) => Some(id),
                _ => None,
            },
            self.sink,
        )
    }

    /// Sets that are joined by `or` are examples if one of them is.
    pub(crate) fn examples_of_union(&mut self, union: SetId, names: &[Name]) {
        if names.len() < 2 {
            return;
        }
        let mut judges: Vec<JudgementId> = Vec::new();
        for name in names {
            if let Some(id) = self.find_set(name) {
                judges.extend(self.tables.examples.get(&id.index()).into_iter().flatten());
            }
        }
        judges.sort_unstable();
        judges.dedup();
        if !judges.is_empty() {
            self.tables.examples.insert(union.index(), judges);
        }
    }

    /// A fact over a list of examples: what is on it, or else what a person says.
    pub(crate) fn else_judged(&mut self, fact: Fact, span: Span) -> Option<ConditionKind> {
        let judges = fact
            .set
            .and_then(|set| Some((set, self.tables.examples.get(&set.index())?.clone())));
        let Some((set, judges)) = judges else {
            return Some(ConditionKind::Fact(Box::new(fact)));
        };
        let sums =
            |filter: &Filter| matches!(filter, Filter::InTotal(_) | Filter::TotalDose { .. });
        if fact.frequency.is_some() || fact.filters.iter().any(sums) {
            self.refuse_examples(set, span, "counted or added up here");
            return None;
        }
        let of_a_record = |window: &Window| {
            anchors(window)
                .iter()
                .any(|anchor| matches!(anchor, Anchor::Record(..) | Anchor::Sample))
        };
        if fact.such_that.is_some() || fact.windows().any(of_a_record) {
            self.refuse_examples(set, span, "asked of one record here");
            return None;
        }
        let quantifier = if fact.negated {
            Quantifier::None
        } else {
            Quantifier::Any
        };
        let found = Fact {
            negated: false,
            ..fact
        };
        for judge in &judges {
            self.one_answer(*judge, &found, span);
        }
        let mut parts = vec![self.condition_at(ConditionKind::Fact(Box::new(found)), span)];
        for judge in judges {
            let asked = self
                .tables
                .judgements
                .get(judge.index())
                .and_then(Option::as_ref)
                .map(|judge| Arc::from(format!("{} judges {}", judge.by, judge.name)));
            let judged = self.condition_at(ConditionKind::Judged(judge), span);
            parts.push(Condition {
                text: asked.unwrap_or_else(|| Arc::clone(&judged.text)),
                ..judged
            });
        }
        Some(ConditionKind::List(quantifier, parts))
    }

    /// What leaves something out must know all of it.
    pub(crate) fn whole_list(&mut self, set: SetId, place: Span) -> Option<()> {
        if self.tables.examples.contains_key(&set.index()) {
            self.refuse_examples(set, place, "left out here");
            return None;
        }
        Some(())
    }

    fn refuse_examples(&mut self, set: SetId, place: Span, label: &str) {
        let Some(Some(set)) = self.tables.sets.get(set.index()) else {
            return;
        };
        let (name, declared) = (Arc::clone(&set.name), set.span);
        self.sink.push(
            Diagnostic::new(
                &rules::E0552_EXAMPLES_COUNTED,
                place,
                format!("`{name}` is a list of examples, which does not say what else there is"),
            )
            .label(label)
            .also(declared, "declared as not complete")
            .note("a person is asked whether there was another, not how many, how long, or of which record; use a list that is complete, or a judgement"),
        );
    }

    /// The answer is one for the whole protocol, so all facts that it completes must ask the same, of
    /// whatever list.
    fn one_answer(&mut self, judge: JudgementId, fact: &Fact, span: Span) {
        let asked = Fact {
            set: None,
            ..fact.clone()
        };
        match self.tables.asked_of_examples.get(&judge.index()) {
            None => {
                self.tables
                    .asked_of_examples
                    .insert(judge.index(), (asked, span));
            }
            Some((other, place)) if *other != asked => {
                let place = *place;
                self.sink.push(
                    Diagnostic::new(
                        &rules::W0616_ONE_ANSWER_FOR_TWO,
                        span,
                        "one answer about what is not listed stands for two questions",
                    )
                    .label("asks this")
                    .also(place, "asks that")
                    .note("declare a second list with a judgement of its own, whose question says when"),
                );
            }
            Some(_) => {}
        }
    }
}
