//! What an author says of a change, held against what is known of it.

use lind_diagnostics::Diagnostic;
use lind_model::Effect;
use lind_model::difference::{Change, CriterionDifference, Effects, Status};
use lind_model::protocol::{Claim, ClaimKind};

use super::{rules, words};

/// The ways in which a change may go; more than one may be.
pub(super) const DIRECTIONS: [ClaimKind; 4] = [
    ClaimKind::Opens,
    ClaimKind::WantsLess,
    ClaimKind::Closes,
    ClaimKind::WantsMore,
];

/// The direction of a change of what a criterion does to somebody.
pub(super) const fn direction(from: Effect, to: Effect) -> Option<ClaimKind> {
    match (from, to) {
        (Effect::Fail, Effect::Pass) => Some(ClaimKind::Opens),
        (Effect::Pass, Effect::Fail) => Some(ClaimKind::Closes),
        (Effect::Open, Effect::Pass | Effect::Fail) => Some(ClaimKind::WantsLess),
        (Effect::Pass | Effect::Fail, Effect::Open) => Some(ClaimKind::WantsMore),
        _ => None,
    }
}

/// What is known of a direction: nothing if it is proved that nobody changes so.
pub(super) fn statuses(effects: &Effects, wanted: ClaimKind) -> impl Iterator<Item = &Status> {
    let alone = effects.alone.iter();
    alone
        .filter(move |(from, to, _)| direction(*from, *to) == Some(wanted))
        .map(|(_, _, status)| status)
}

/// What can truly be said of a change.
pub(super) fn said_of(own: &CriterionDifference) -> Vec<ClaimKind> {
    let mut said = Vec::new();
    match &own.change {
        Change::Added(_) => said.push(ClaimKind::Added),
        Change::Removed(_) => said.push(ClaimKind::Removed),
        Change::Same | Change::Changed(_) => {}
    }
    if let (Change::Changed(effects), true) = (&own.change, said.is_empty()) {
        let shown = DIRECTIONS.into_iter().filter(|direction| {
            statuses(effects, *direction).any(|status| status.witness().is_some())
        });
        said.extend(shown);
        if effects.is_same() {
            said.push(ClaimKind::Reworded);
        }
    }
    said
}

/// What of a claim is not so, or could not be decided.
pub(super) fn held_against(
    own: &CriterionDifference,
    effects: &Effects,
    claim: &Claim,
) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let id = &own.id;
    let claims = |kind: ClaimKind| claim.kinds.contains(&kind);
    let at = |diagnostic: Diagnostic| {
        let [old, new] = own.spans;
        let diagnostic = match new {
            Some(new) => diagnostic.also(new, "the criterion now"),
            None => diagnostic,
        };
        match old {
            Some(old) => diagnostic.also(old, "the criterion before"),
            None => diagnostic,
        }
    };
    let refuted = |message: String| {
        at(
            Diagnostic::new(&rules::E0932_CLAIM_REFUTED, claim.span, message)
                .label(format!("the amendment says: {}", listed(&claim.kinds))),
        )
    };
    let was = match own.change {
        Change::Added(_) => Some(ClaimKind::Added),
        Change::Removed(_) => Some(ClaimKind::Removed),
        Change::Same | Change::Changed(_) => None,
    };
    for kind in [ClaimKind::Added, ClaimKind::Removed] {
        if claims(kind) && was != Some(kind) {
            found.push(refuted(match kind {
                ClaimKind::Added => format!("{id} is not added: the old version has it"),
                _ => format!("{id} is not removed"),
            }));
        }
    }
    if let Some(was) = was.filter(|was| !claims(*was)) {
        let message = format!("{id} {}, which the amendment does not say", was.words());
        found.push(refuted(message).note(format!("write `{id} {} \"why\"`", was.words())));
    }
    if claims(ClaimKind::Reworded) && !effects.is_same() {
        let first = effects
            .alone
            .iter()
            .find_map(|(from, to, status)| Some((direction(*from, *to)?, status.witness()?)));
        match first {
            Some((direction, witness)) => {
                let mut diagnostic = refuted(format!(
                    "{id} is not only reworded: it {}",
                    direction.words()
                ));
                for note in words::of_witness(witness, id) {
                    diagnostic = diagnostic.note(note);
                }
                found.push(diagnostic);
            }
            None => found.push(at(Diagnostic::new(
                &rules::W0938_CLAIM_UNDECIDED,
                claim.span,
                format!("whether {id} is only reworded could not be decided"),
            )
            .label("said here"))),
        }
        return found;
    }
    for direction in DIRECTIONS {
        let mut of_it = statuses(effects, direction).peekable();
        let is_possible = of_it.peek().is_some();
        let witness = of_it.find_map(Status::witness);
        match (claims(direction), witness) {
            (true, None) if !is_possible => {
                let message = match direction {
                    ClaimKind::Opens => format!("nobody passes {id} who failed it (proved)"),
                    ClaimKind::Closes => format!("nobody fails {id} who passed it (proved)"),
                    ClaimKind::WantsMore => {
                        format!("{id} leaves nothing open that it decided (proved)")
                    }
                    _ => format!("{id} decides nothing that it left open (proved)"),
                };
                found.push(refuted(message).note(match said_of(own).as_slice() {
                    [] => "leave it out".to_owned(),
                    said => format!("true would be: {id} {}", listed(said)),
                }));
            }
            (true, None) => found.push(at(Diagnostic::new(
                &rules::W0938_CLAIM_UNDECIDED,
                claim.span,
                format!("whether {id} {} could not be decided", direction.words()),
            )
            .label("said here"))),
            // Who adds or removes a criterion says enough by that.
            (false, Some(witness)) if was.is_none() && !effects.is_same() => {
                let mut diagnostic = refuted(format!(
                    "{id} {}, which the amendment does not say",
                    direction.words()
                ));
                for note in words::of_witness(witness, id) {
                    diagnostic = diagnostic.note(note);
                }
                found.push(
                    diagnostic.note(format!("true would be: {id} {}", listed(&said_of(own)))),
                );
            }
            _ => {}
        }
    }
    found
}

/// Some claims as one would write them.
pub(super) fn listed(kinds: &[ClaimKind]) -> String {
    let words: Vec<&str> = kinds.iter().map(|kind| kind.words()).collect();
    words.join(", ")
}

/// Reasons that say nothing: authorities send them back.
const EMPTY_REASONS: [&str; 12] = [
    "",
    "clarification",
    "clarified",
    "for clarification",
    "for clarity",
    "correction",
    "update",
    "updated",
    "request",
    "authority request",
    "regulatory request",
    "requested by the authority",
];

/// Whether a rationale says nothing.
pub(super) fn says_nothing(rationale: &str) -> bool {
    let plain: String = rationale.trim().trim_end_matches('.').to_lowercase();
    EMPTY_REASONS.contains(&plain.as_str())
}
