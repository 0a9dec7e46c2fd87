//! What an author says of a change, held against what is known of it.

use lind_diagnostics::Diagnostic;
use lind_model::Effect;
use lind_model::difference::{Change, CriterionDifference, Effects, Status, Witness};
use lind_model::protocol::{Claim, ClaimKind};

use super::{rules, words};

/// The ways in which a change may go; more than one may be.
pub(super) const DIRECTIONS: [ClaimKind; 4] = [
    ClaimKind::Opens,
    ClaimKind::WantsLess,
    ClaimKind::Closes,
    ClaimKind::WantsMore,
];

/// The direction of a way in which what a criterion does to somebody changes.
///
/// What loosens opens, what tightens closes: from fail to pass and from fail to open, and back. Only where nobody
/// is known who failed and passes now, and somebody is who passed and is open now (a shorter window for a result), it
/// is newer evidence that is wanted of all of them alike; so too for less evidence.
pub(super) fn direction(effects: &Effects, from: Effect, to: Effect) -> Option<ClaimKind> {
    let plainly = |claim| {
        let plainest = ways_of(claim).first();
        let own = plainest.and_then(|(from, to)| way(effects, *from, *to));
        own.is_some_and(|own| own.witness().is_some())
    };
    let either = |evidence, moved| {
        let only_evidence = plainly(evidence) && !plainly(moved);
        Some(if only_evidence { evidence } else { moved })
    };
    match (from, to) {
        (Effect::Fail, Effect::Pass) => Some(ClaimKind::Opens),
        (Effect::Pass, Effect::Fail) => Some(ClaimKind::Closes),
        (Effect::Pass, Effect::Open) => Some(ClaimKind::WantsMore),
        (Effect::Open, Effect::Pass) => Some(ClaimKind::WantsLess),
        (Effect::Fail, Effect::Open) => either(ClaimKind::WantsMore, ClaimKind::Opens),
        (Effect::Open, Effect::Fail) => either(ClaimKind::WantsLess, ClaimKind::Closes),
        _ => None,
    }
}

/// The ways that make a claim true: it is so if somebody changes in one of them. The first is the plainest.
const fn ways_of(claim: ClaimKind) -> &'static [(Effect, Effect)] {
    match claim {
        ClaimKind::Opens => &[(Effect::Fail, Effect::Pass), (Effect::Fail, Effect::Open)],
        ClaimKind::Closes => &[(Effect::Pass, Effect::Fail), (Effect::Open, Effect::Fail)],
        ClaimKind::WantsMore => &[(Effect::Pass, Effect::Open)],
        ClaimKind::WantsLess => &[(Effect::Open, Effect::Pass)],
        ClaimKind::Added | ClaimKind::Removed | ClaimKind::Reworded | ClaimKind::Changes => &[],
    }
}

/// A way in which a criterion changes, from what it did to somebody to what it does.
#[derive(Debug, Clone, Copy)]
pub(super) struct Way<'e> {
    pub(super) from: Effect,
    pub(super) to: Effect,
    pub(super) status: &'e Status,
}

/// What is known of one way: nothing if it is proved that nobody changes so.
fn way(effects: &Effects, from: Effect, to: Effect) -> Option<&Status> {
    let mut alone = effects.alone.iter();
    let own = alone.find(|own| (own.0, own.1) == (from, to));
    own.map(|(_, _, status)| status)
}

/// The ways of a direction that are not proved to be impossible, the plainest first: whoever is shown for a
/// direction changes in the way that its words say, if anybody does.
pub(super) fn ways(effects: &Effects, wanted: ClaimKind) -> Vec<Way<'_>> {
    let mut found: Vec<Way<'_>> = effects
        .alone
        .iter()
        .map(|(from, to, status)| Way {
            from: *from,
            to: *to,
            status,
        })
        .filter(|own| direction(effects, own.from, own.to) == Some(wanted))
        .collect();
    let plainest = ways_of(wanted).first().copied();
    found.sort_by_key(|own| Some((own.from, own.to)) != plainest);
    found
}

/// The first of some ways that is shown, with the patient who shows it.
pub(super) fn shown<'e>(ways: &[Way<'e>]) -> Option<(Way<'e>, &'e Witness)> {
    let mut ways = ways.iter();
    ways.find_map(|own| Some((*own, own.status.witness()?)))
}

/// Whether claims tell a way. Who says that newer evidence is wanted says it of those who failed too.
fn tells(effects: &Effects, kinds: &[ClaimKind], own: &Way<'_>) -> bool {
    let evidence = match (own.from, own.to) {
        (Effect::Fail, Effect::Open) => Some(ClaimKind::WantsMore),
        (Effect::Open, Effect::Fail) => Some(ClaimKind::WantsLess),
        _ => None,
    };
    let says_so = |kind: &ClaimKind| {
        ways_of(*kind).contains(&(own.from, own.to))
            || (Some(*kind) == evidence && is_possible(effects, *kind))
    };
    kinds.iter().any(says_so)
}

/// Whether a claim may be true: none of its ways is proved to be impossible.
fn is_possible(effects: &Effects, claim: ClaimKind) -> bool {
    let mut ways = ways_of(claim).iter();
    ways.any(|(from, to)| way(effects, *from, *to).is_some())
}

/// Whether a claim is shown to be true.
fn is_shown(effects: &Effects, claim: ClaimKind) -> bool {
    let mut ways = ways_of(claim).iter();
    ways.any(|(from, to)| way(effects, *from, *to).is_some_and(|own| own.witness().is_some()))
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
        let all = DIRECTIONS.into_iter();
        said.extend(all.filter(|direction| shown(&ways(effects, *direction)).is_some()));
        if effects.is_same() {
            said.push(ClaimKind::Reworded);
        }
    }
    said
}

/// What an author may write of a change: what is true, or else, where nothing could be decided, what may be.
pub(super) fn suggested(own: &CriterionDifference) -> Vec<ClaimKind> {
    let mut said = said_of(own);
    if let (Change::Changed(effects), true) = (&own.change, said.is_empty()) {
        let all = DIRECTIONS.into_iter();
        said.extend(all.filter(|direction| !ways(effects, *direction).is_empty()));
    }
    said
}

/// What of a claim is not so, or could not be decided, each with the kind of claim that it is about; no two of one
/// rule are about the same.
pub(super) fn held_against(
    own: &CriterionDifference,
    effects: &Effects,
    claim: &Claim,
) -> Vec<(ClaimKind, Diagnostic)> {
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
    let undecided = |message: String| {
        at(Diagnostic::new(&rules::W0938_CLAIM_UNDECIDED, claim.span, message).label("said here"))
    };
    let was = match own.change {
        Change::Added(_) => Some(ClaimKind::Added),
        Change::Removed(_) => Some(ClaimKind::Removed),
        Change::Same | Change::Changed(_) => None,
    };
    for kind in [ClaimKind::Added, ClaimKind::Removed] {
        if claims(kind) && was != Some(kind) {
            let message = match kind {
                ClaimKind::Added => format!("{id} is not added: the old version has it"),
                _ => format!("{id} is not removed"),
            };
            found.push((kind, refuted(message)));
        }
    }
    if let Some(was) = was.filter(|was| !claims(*was)) {
        let message = format!("{id} {}, which the amendment does not say", was.words());
        let note = format!("write `{id} {} \"why\"`", was.words());
        found.push((was, refuted(message).note(note)));
    }
    if claims(ClaimKind::Reworded) && !effects.is_same() {
        let mut all = DIRECTIONS.into_iter();
        let first = all.find_map(|direction| {
            let (_, witness) = shown(&ways(effects, direction))?;
            Some((direction, witness))
        });
        match first {
            Some((direction, witness)) => {
                let message = format!("{id} is not only reworded: it {}", direction.words());
                let diagnostic = of_witness(refuted(message), witness, id);
                found.push((ClaimKind::Reworded, diagnostic));
            }
            None => {
                let message = format!("whether {id} is only reworded could not be decided");
                found.push((ClaimKind::Reworded, undecided(message)));
            }
        }
        return found;
    }
    for direction in DIRECTIONS {
        if claims(direction) && !is_possible(effects, direction) {
            let message = format!("{} (proved)", never(direction, id));
            let note = match said_of(own).as_slice() {
                [] => "leave it out".to_owned(),
                said => format!("true would be: {id} {}", listed(said)),
            };
            found.push((direction, refuted(message).note(note)));
        } else if claims(direction) && !is_shown(effects, direction) {
            let message = format!("whether {id} {} could not be decided", direction.words());
            found.push((direction, undecided(message)));
        }
        // Who adds or removes a criterion says enough by that.
        if was.is_some() {
            continue;
        }
        let mut untold = ways(effects, direction);
        untold.retain(|own| !tells(effects, &claim.kinds, own));
        if let Some((_, witness)) = shown(&untold) {
            let message = format!(
                "{id} {}, which the amendment does not say",
                direction.words()
            );
            let note = format!("true would be: {id} {}", listed(&said_of(own)));
            let diagnostic = of_witness(refuted(message), witness, id).note(note);
            found.push((direction, diagnostic));
        }
    }
    found
}

/// A finding with the patient who shows it.
fn of_witness(diagnostic: Diagnostic, witness: &Witness, id: &str) -> Diagnostic {
    let notes = words::of_witness(witness, id).into_iter();
    notes.fold(diagnostic, Diagnostic::note)
}

/// What is so if a claim is not.
fn never(claim: ClaimKind, id: &str) -> String {
    match claim {
        ClaimKind::Opens => format!("everybody who failed {id} still fails it"),
        ClaimKind::Closes => format!("everybody who fails {id} now failed it before"),
        ClaimKind::WantsMore => format!("nobody who passed {id} is open under it now"),
        _ => format!("nobody who passes {id} now was open under it before"),
    }
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

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]
mod tests {
    use std::sync::Arc;

    use lind_model::Effect::{Fail, Open, Pass};
    use lind_model::protocol::CriterionKind;

    use super::*;

    fn shown_patient() -> Status {
        Status::Witnessed(Box::new(Witness {
            sex: None,
            born: None,
            rows: Vec::new(),
            because: Vec::new(),
        }))
    }

    fn unknown() -> Status {
        Status::Undecided(vec![Arc::from("a sum of doses")])
    }

    fn effects(alone: Vec<(Effect, Effect, Status)>) -> Effects {
        Effects {
            alone,
            in_context: shown_patient(),
        }
    }

    fn all(ways: &[(Effect, Effect)]) -> Effects {
        effects(
            ways.iter()
                .map(|(from, to)| (*from, *to, shown_patient()))
                .collect(),
        )
    }

    /// What would be true of a criterion that changes in some ways.
    fn told(effects: &Effects) -> String {
        let shown: Vec<ClaimKind> = DIRECTIONS
            .into_iter()
            .filter(|direction| shown(&ways(effects, *direction)).is_some())
            .collect();
        listed(&shown)
    }

    #[test]
    fn what_loosens_opens_and_what_tightens_closes() {
        for (ways, said) in [
            (vec![(Fail, Pass)], "opens"),
            (vec![(Fail, Open)], "opens"),
            (vec![(Fail, Open), (Fail, Pass)], "opens"),
            (vec![(Pass, Fail)], "closes"),
            (vec![(Open, Fail)], "closes"),
            (vec![(Open, Fail), (Pass, Fail)], "closes"),
            (vec![(Pass, Open)], "wants newer or more evidence"),
            (vec![(Open, Pass)], "wants less evidence"),
            (
                vec![(Fail, Open), (Pass, Open)],
                "wants newer or more evidence",
            ),
            (vec![(Open, Fail), (Open, Pass)], "wants less evidence"),
            (
                vec![(Fail, Open), (Fail, Pass), (Pass, Open)],
                "opens, wants newer or more evidence",
            ),
            (
                vec![(Open, Fail), (Open, Pass), (Pass, Fail)],
                "wants less evidence, closes",
            ),
        ] {
            assert_eq!(told(&all(&ways)), said, "{ways:?}");
        }
    }

    #[test]
    fn whoever_is_shown_changes_as_it_is_told() {
        let both = all(&[(Fail, Open), (Pass, Open)]);
        let (way, _) = shown(&ways(&both, ClaimKind::WantsMore)).unwrap();
        assert_eq!((way.from, way.to), (Pass, Open));
        let both = all(&[(Fail, Open), (Fail, Pass)]);
        let (way, _) = shown(&ways(&both, ClaimKind::Opens)).unwrap();
        assert_eq!((way.from, way.to), (Fail, Pass));
    }

    #[test]
    fn what_is_not_known_takes_nobody_from_those_who_are() {
        // Nobody is known who failed and passes; whoever failed and is open now still shows that it opens.
        let own = effects(vec![
            (Fail, Pass, unknown()),
            (Fail, Open, shown_patient()),
            (Pass, Open, unknown()),
        ]);
        assert_eq!(told(&own), "opens");
        let way = ways(&own, ClaimKind::Opens);
        assert!(tells(&own, &[ClaimKind::Opens], way.last().unwrap()));
        assert!(tells(&own, &[ClaimKind::WantsMore], way.last().unwrap()));
        assert!(!tells(&own, &[ClaimKind::Closes], way.last().unwrap()));
    }

    #[test]
    fn where_nothing_is_decided_what_may_be_is_suggested() {
        let own = CriterionDifference {
            id: Arc::from("I1"),
            title: Arc::from("Enough platelets"),
            kind: CriterionKind::Inclusion,
            change: Change::Changed(effects(vec![
                (Fail, Pass, unknown()),
                (Open, Fail, unknown()),
            ])),
            spans: [None; 2],
            fingerprints: [None; 2],
            texts: [Vec::new(), Vec::new()],
        };
        assert!(said_of(&own).is_empty());
        assert_eq!(listed(&suggested(&own)), "opens, closes");
    }
}
