//! Lints: nothing is wrong, but probably something else was meant.

use lind_diagnostics::{Diagnostic, Sink};
use lind_model::ReadingId;
use lind_model::protocol::{Condition, HalfLife};
use lind_syntax::tree;

use crate::criteria::negated;
use crate::modules::{FileHead, Module, head};
use crate::rules;
use crate::scope::{Scope, Symbol};

/// Declared and never used. Only in protocols: a library declares for others; and only where all else is
/// understood. Readings that hold for the
/// whole protocol (how long months are) are used by being there.
pub(crate) fn unused(
    module: &Module,
    scope: &Scope,
    half_lives: &[HalfLife],
    whole_protocol: &[ReadingId],
    sink: &mut Sink,
) {
    let mut quiet = Sink::new();
    if !matches!(head(module, &mut quiet), Some(FileHead::Protocol(_))) {
        return;
    }
    for (name, entry) in &scope.entries {
        if entry.used {
            continue;
        }
        let (span, what) = match (entry.taken, entry.symbol) {
            (Some(span), symbol) if entry.by_name => {
                // A drug that is taken for its half-life is used by `any … treatment`.
                if matches!(symbol, Symbol::Set(_))
                    && half_lives
                        .iter()
                        .any(|half_life| half_life.codes.iter().any(|code| **code == **name))
                {
                    continue;
                }
                (span, "taken from a library")
            }
            (Some(_), _) => continue,
            (
                None,
                Symbol::Milestone(_)
                | Symbol::Assessment(_)
                | Symbol::Timeline(_)
                | Symbol::Visit(_),
            ) => continue,
            (None, Symbol::Reading(id)) if whole_protocol.contains(&id) => continue,
            (None, Symbol::Reading(_)) => (entry.declared, "a reading"),
            (None, Symbol::Definition(_)) => (entry.declared, "a defined term"),
            (None, Symbol::Judgement(_)) => (entry.declared, "a judgement"),
            (None, _) => (entry.declared, "declared"),
        };
        sink.push(
            Diagnostic::new(
                &rules::W0602_UNUSED_NAME,
                span,
                format!("`{name}` is {what}, and nothing uses it"),
            )
            .label("never used")
            .note("what stands in a protocol and has no effect is read as if it had"),
        );
    }
}

/// An exclusion states the excluded state; a negated one is read twice.
pub(crate) fn negated_exclusion(
    conditions: &[Condition],
    criterion: &tree::Criterion,
    sink: &mut Sink,
) {
    for condition in conditions.iter().filter(|condition| negated(condition)) {
        sink.push(
            Diagnostic::new(
                &rules::W0603_NEGATED_EXCLUSION,
                condition.span,
                format!(
                    "the exclusion `{}` is worded as a negation",
                    criterion.id.text
                ),
            )
            .label("whoever is so negated is excluded")
            .also(criterion.span, "an exclusion: it states what excludes")
            .note("make it an inclusion, or state the excluded state itself"),
        );
    }
}
