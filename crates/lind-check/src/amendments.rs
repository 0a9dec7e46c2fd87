//! What the author says of an amendment, as far as one version alone can tell whether it can be so.
//! Whether it is so is held against the older version by another crate.

use std::collections::BTreeMap;
use std::sync::Arc;

use lind_diagnostics::{Diagnostic, Span, closest};
use lind_model::protocol::{Amendment, AmendmentReason, Claim, ClaimKind, ClaimSubject};
use lind_syntax::tree::{
    AmendmentClaim, AmendmentDeclaration, AmendmentLine, ClaimWord, Item, Name,
};
use lind_time::Day;

use crate::analysis::Checker;
use crate::modules::Module;
use crate::rules;

impl Checker<'_> {
    /// The amendments of the root file.
    pub(crate) fn amendments(
        &mut self,
        modules: &[Module],
        version: Option<&str>,
    ) -> Vec<Amendment> {
        let items = modules.iter().take(1).flat_map(|module| &module.tree.items);
        let mut found: Vec<Amendment> = Vec::new();
        for item in items {
            let Item::Amendment(declared) = item else {
                continue;
            };
            if let Some(first) = found
                .iter()
                .find(|other| *other.version == *declared.version.value)
            {
                let diagnostic = wrong(
                    declared.version.span,
                    "the amendment of this version is told already",
                    "told again",
                );
                self.sink.push(diagnostic.also(first.span, "told here"));
                continue;
            }
            if version == Some(declared.version.value.as_str()) {
                self.sink.push(
                    wrong(
                        declared.version.span,
                        "a version cannot amend itself",
                        "the version of this protocol",
                    )
                    .note("name the version that was in force before this one"),
                );
                continue;
            }
            found.push(self.amendment(declared));
        }
        found
    }

    fn amendment(&mut self, declared: &AmendmentDeclaration) -> Amendment {
        let dated = declared.dated.as_ref().and_then(|date| {
            Day::parse(&date.text)
                .map_err(|error| {
                    self.sink.push(wrong(
                        date.span,
                        "this date does not exist",
                        error.message(),
                    ));
                })
                .ok()
        });
        let mut reasons = Vec::new();
        let mut claims: Vec<Claim> = Vec::new();
        for line in &declared.lines {
            match line {
                AmendmentLine::Reasons(names, _) => {
                    reasons.extend(names.iter().filter_map(|name| self.reason(name)));
                }
                AmendmentLine::Claim(claim) => {
                    let Some(claim) = self.claim(claim) else {
                        continue;
                    };
                    let first = claims.iter().find(|other| other.about == claim.about);
                    if let Some(first) = first {
                        let message = format!("`{}` is told of twice", claim.about.word());
                        let diagnostic = wrong(claim.span, message, "told again");
                        let diagnostic = diagnostic
                            .also(first.span, "told here")
                            .note("say on one line all that changes, with commas between");
                        self.sink.push(diagnostic);
                        continue;
                    }
                    claims.push(claim);
                }
                AmendmentLine::Source(_) | AmendmentLine::Note(_) | AmendmentLine::Broken(_) => {}
            }
        }
        Amendment {
            version: Arc::from(declared.version.value.as_str()),
            dated,
            title: declared
                .title
                .as_ref()
                .map(|title| Arc::from(title.value.as_str())),
            reasons,
            claims,
            span: declared.span,
        }
    }

    fn reason(&mut self, name: &Name) -> Option<AmendmentReason> {
        let all = AmendmentReason::ALL;
        let known = all.iter().find(|reason| reason.word() == name.text);
        if known.is_none() {
            let words = all.iter().map(|reason| reason.word());
            let listed: Vec<String> = words.clone().map(|word| format!("`{word}`")).collect();
            let mut diagnostic = wrong(
                name.span,
                format!("`{}` is no reason for an amendment", name.text),
                "not among the reasons",
            )
            .note(format!("the reasons of ICH M11 are {}", listed.join(", ")));
            if let Some(near) = closest(&name.text, words) {
                diagnostic = diagnostic.suggest(format!("write `{near}`"), name.span, near);
            }
            self.sink.push(diagnostic);
        }
        known.copied()
    }

    fn claim(&mut self, declared: &AmendmentClaim) -> Option<Claim> {
        let part = ClaimSubject::PARTS
            .into_iter()
            .find(|(word, _)| *word == declared.about.text);
        let about = match part {
            Some((_, part)) => part,
            None => ClaimSubject::Criterion(Arc::from(declared.about.text.as_str())),
        };
        let mut kinds: BTreeMap<ClaimKind, Span> = BTreeMap::new();
        for (word, span) in &declared.claims {
            kinds.insert(kind(*word), *span);
        }
        let is_criterion = matches!(about, ClaimSubject::Criterion(_));
        for (kind, span) in &kinds {
            if is_criterion == (*kind == ClaimKind::Changes) {
                let (message, note) = if is_criterion {
                    (
                        format!("what changes in `{}` is not said", declared.about.text),
                        "of a criterion say `opens`, `closes`, `wants newer or more evidence`, \
                         `wants less evidence`, `is added`, `is removed` or `is reworded`",
                    )
                } else {
                    (
                        format!("`{}` can only `change`", declared.about.text),
                        "what opens or closes is a criterion",
                    )
                };
                let diagnostic = wrong(*span, message, "says this");
                self.sink
                    .push(diagnostic.also(declared.about.span, "of this").note(note));
                return None;
            }
        }
        if let Some((one, other)) = contradiction(&kinds) {
            let message = format!(
                "`{}` cannot be what {} and what {}",
                declared.about.text,
                one.0.words(),
                other.0.words()
            );
            let diagnostic = wrong(one.1, message, "this");
            self.sink
                .push(diagnostic.also(other.1, "and this cannot both be"));
            return None;
        }
        let is_there = self.criterion_numbers.contains(&declared.about.text);
        let removed = kinds.get(&ClaimKind::Removed);
        if is_criterion && is_there != removed.is_none() {
            let message = if is_there {
                format!(
                    "`{}` is said to be removed and is there",
                    declared.about.text
                )
            } else {
                format!("no criterion has the number `{}`", declared.about.text)
            };
            let mut diagnostic = wrong(declared.about.span, message, "this number");
            if !is_there {
                diagnostic = diagnostic.note("of a criterion that is gone say `is removed`");
                let numbers = self.criterion_numbers.iter().map(String::as_str);
                if let Some(near) = closest(&declared.about.text, numbers).map(str::to_owned) {
                    let title = format!("write `{near}`");
                    diagnostic = diagnostic.suggest(title, declared.about.span, near);
                }
            }
            self.sink.push(diagnostic);
            return None;
        }
        Some(Claim {
            about,
            kinds: kinds.into_keys().collect(),
            rationale: Arc::from(declared.rationale.value.as_str()),
            span: declared.span,
        })
    }
}

fn wrong(span: Span, message: impl Into<String>, label: impl Into<String>) -> Diagnostic {
    Diagnostic::new(&rules::E0930_WRONG_AMENDMENT, span, message).label(label)
}

const fn kind(word: ClaimWord) -> ClaimKind {
    match word {
        ClaimWord::Opens => ClaimKind::Opens,
        ClaimWord::Closes => ClaimKind::Closes,
        ClaimWord::WantsMore => ClaimKind::WantsMore,
        ClaimWord::WantsLess => ClaimKind::WantsLess,
        ClaimWord::Added => ClaimKind::Added,
        ClaimWord::Removed => ClaimKind::Removed,
        ClaimWord::Reworded => ClaimKind::Reworded,
        ClaimWord::Changes => ClaimKind::Changes,
    }
}

type Said<'k> = (&'k ClaimKind, Span);

/// Two things that cannot be said of one criterion.
fn contradiction(kinds: &BTreeMap<ClaimKind, Span>) -> Option<(Said<'_>, Said<'_>)> {
    let said = |kind: &ClaimKind| kinds.get_key_value(kind).map(|(kind, span)| (kind, *span));
    if let (Some(one), Some(other)) = (said(&ClaimKind::Added), said(&ClaimKind::Removed)) {
        return Some((one, other));
    }
    let reworded = said(&ClaimKind::Reworded)?;
    let other = kinds
        .iter()
        .find(|(kind, _)| **kind != ClaimKind::Reworded)?;
    Some((reworded, (other.0, *other.1)))
}
