//! What is said about criteria and about the trial: overrides, enrolment caps, permissions.

use std::sync::Arc;

use lind_diagnostics::{Diagnostic, Span, closest};
use lind_model::CriterionId;
use lind_model::protocol::{Cap, CriterionKind, Override, Permission};
use lind_syntax::tree::{self, Allowed, EntryKind, Item, Name};
use lind_units::Exact;

use crate::analysis::Checker;
use crate::blocks::Place;
use crate::choices::Polarity;
use crate::modules::Module;
use crate::rules;
use crate::scope::Symbol;

impl Checker<'_> {
    /// Reads the overrides and the enrolment caps of a protocol, once its criteria are known.
    pub(crate) fn overrides_and_caps(&mut self, module: &Module) {
        for item in &module.tree.items {
            match item {
                Item::Override(rule) => self.overriding(rule),
                Item::Cap(rule) => {
                    if let Some(cap) = self.cap(rule) {
                        self.tables.caps.push(cap);
                    }
                }
                _ => {}
            }
        }
    }

    fn overriding(&mut self, rule: &tree::Rule) {
        let mut any = false;
        for entry in &rule.body {
            let counts = match &entry.kind {
                EntryKind::CountsAs(counts) => counts,
                EntryKind::Source(_) | EntryKind::Note(_) => continue,
                EntryKind::Broken => {
                    any = true;
                    continue;
                }
                _ => {
                    self.misplaced(
                        entry.span,
                        "an override says which criteria count as met: `when …: I2, I3 count as met`",
                    );
                    any = true;
                    continue;
                }
            };
            any = true;
            let when = self.under_polarity(Polarity::Undetermined, |checker| {
                checker.condition(&counts.when, &[])
            });
            let mut criteria = Vec::with_capacity(counts.criteria.len());
            for name in &counts.criteria {
                criteria.push(self.overridden(name, counts.met));
            }
            let criteria: Option<Vec<CriterionId>> = criteria.into_iter().collect();
            if let (Some(when), Some(criteria)) = (when, criteria) {
                self.tables.overrides.push(Override {
                    id: Arc::from(rule.id.text.as_str()),
                    title: Arc::from(rule.title.value.as_str()),
                    when,
                    criteria,
                    met: counts.met,
                    span: rule.span,
                });
            }
        }
        if !any && !rule.body.is_empty() {
            self.sink.push(
                Diagnostic::new(
                    &rules::E0507_NO_CONDITION,
                    rule.span,
                    format!("`{}` overrides nothing", rule.id.text),
                )
                .label("needs `when …: I2, I3 count as met`"),
            );
        }
    }

    /// A criterion that an override names.
    fn overridden(&mut self, name: &Name, met: bool) -> Option<CriterionId> {
        let place = self
            .tables
            .criteria
            .iter()
            .position(|criterion| *criterion.id == *name.text);
        let Some(place) = place else {
            // A criterion that could not be understood has its own message.
            if self.criterion_numbers.contains(&name.text) {
                return None;
            }
            let mut diagnostic = Diagnostic::new(
                &rules::E0534_UNKNOWN_CRITERION,
                name.span,
                format!("`{}` is no criterion of this protocol", name.text),
            )
            .label("unknown number")
            .note("where criteria are numbered anew, the numbers here must follow");
            let numbers = self.criterion_numbers.iter().map(String::as_str);
            if let Some(near) = closest(&name.text, numbers) {
                diagnostic = diagnostic.suggest(format!("write `{near}`"), name.span, near);
            }
            self.sink.push(diagnostic);
            return None;
        };
        let criterion = self.tables.criteria.get(place)?;
        let passes = met != (criterion.kind == CriterionKind::Exclusion);
        if !passes {
            let (message, note) = if met {
                (
                    format!(
                        "`{}` is an exclusion; counted as met, it excludes",
                        name.text
                    ),
                    "to let people pass an exclusion write `counts as not met`; whom it shall exclude, an exclusion of its own says",
                )
            } else {
                (
                    format!(
                        "`{}` must be met; counted as not met, it excludes",
                        name.text
                    ),
                    "to let people pass write `counts as met`; whom it shall exclude, an exclusion of its own says",
                )
            };
            self.sink.push(
                Diagnostic::new(&rules::E0535_OVERRIDE_EXCLUDES, name.span, message)
                    .label("would keep people out")
                    .also(criterion.span, "this criterion")
                    .note(note),
            );
            return None;
        }
        Some(CriterionId::from_index(place))
    }

    fn cap(&mut self, rule: &tree::Rule) -> Option<Cap> {
        let gathered = self.under_polarity(Polarity::Undetermined, |checker| {
            checker.gather(&rule.body, Place::Criterion)
        });
        if gathered.broken || gathered.gate_lost || rule.body.is_empty() {
            return None;
        }
        let Some((share, place)) = gathered.share.clone() else {
            self.sink.push(
                Diagnostic::new(
                    &rules::E0536_INCOMPLETE_CAP,
                    rule.span,
                    format!("`{}` does not say how many there may be", rule.id.text),
                )
                .label("needs `at most 50 % of participants`"),
            );
            return None;
        };
        let at_most = self.decimal(&share)?.to_exact();
        if at_most.signum() < 0 || at_most >= Exact::from_integer(100) {
            self.sink.push(
                Diagnostic::new(
                    &rules::E0536_INCOMPLETE_CAP,
                    place,
                    "this share caps nobody",
                )
                .label("from 0 to less than 100 %"),
            );
            return None;
        }
        let Some((gate, _)) = gathered.gate else {
            self.sink.push(
                Diagnostic::new(
                    &rules::E0536_INCOMPLETE_CAP,
                    rule.span,
                    format!(
                        "`{}` does not say at which gate participants are counted",
                        rule.id.text
                    ),
                )
                .label("needs a gate such as `at screening`"),
            );
            return None;
        };
        let mut inner = gathered;
        inner.share = None;
        let condition = self.one(inner, rule.span)?;
        Some(Cap {
            id: Arc::from(rule.id.text.as_str()),
            title: Arc::from(rule.title.value.as_str()),
            gate,
            condition,
            at_most,
            span: rule.span,
        })
    }

    /// `allowed "growth factor support"`, `allowed growth_factor`
    pub(crate) fn permission(&mut self, allowed: &Allowed, span: Span) -> Option<Permission> {
        match allowed {
            Allowed::Words(words) => Some(Permission {
                text: Arc::from(words.value.as_str()),
                set: None,
                span,
            }),
            Allowed::Set(name) => {
                let (symbol, declared) = self.resolve(name)?;
                let Symbol::Set(id) = symbol else {
                    self.needs(
                        name,
                        "a set of codes, or words in quotes,",
                        symbol,
                        declared,
                    );
                    return None;
                };
                let title = self
                    .tables
                    .sets
                    .get(id.index())
                    .and_then(Option::as_ref)
                    .and_then(|set| set.title.clone());
                Some(Permission {
                    text: title.unwrap_or_else(|| Arc::from(name.text.as_str())),
                    set: Some(id),
                    span,
                })
            }
        }
    }
}
