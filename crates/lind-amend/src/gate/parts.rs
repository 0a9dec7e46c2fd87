//! Doses, toxicity, endpoints and the schedule at the gate.

use lind_diagnostics::{Diagnostic, Severity};
use lind_model::difference::{Category, PartDifference};
use lind_model::protocol::{Amendment, Claim, ClaimSubject};
use twox_hash::XxHash64;

use super::{Gate, GateFinding, rules};

/// How many changes of a category are written out.
const MOST_SHOWN: usize = 8;

/// What an author calls a category; none if nothing is said of it.
pub(super) const fn subject(category: Category) -> Option<ClaimSubject> {
    match category {
        Category::Dose => Some(ClaimSubject::Doses),
        Category::Toxicity => Some(ClaimSubject::Toxicity),
        Category::Endpoint => Some(ClaimSubject::Endpoints),
        Category::Schedule => Some(ClaimSubject::Schedule),
        Category::Other => None,
    }
}

impl Gate<'_> {
    /// The categories that an author must tell of in which something means something else now, with what.
    pub(super) fn changed_parts(&self) -> impl Iterator<Item = (Category, Vec<&PartDifference>)> {
        Category::ALL.into_iter().filter_map(|category| {
            subject(category)?;
            let all = self.difference.parts.iter();
            let own: Vec<&PartDifference> = all
                .filter(|own| own.rule.category == category && own.rule.change.is_of_meaning())
                .collect();
            (!own.is_empty()).then_some((category, own))
        })
    }

    /// Findings about categories that changed.
    pub(super) fn parts(&self, told: Option<&Amendment>, found: &mut Vec<GateFinding>) {
        for (category, changed) in self.changed_parts() {
            let Some(subject) = subject(category) else {
                continue;
            };
            let claim = told.and_then(|told| {
                let mut claims = told.claims.iter();
                claims.find(|claim| claim.about == subject)
            });
            let place = |own: &&PartDifference| own.new.as_ref().and_then(|side| side.span);
            let span = changed.iter().find_map(place).unwrap_or(self.head);
            if let (Some(told), None) = (told, claim) {
                let message = format!(
                    "{} changed, and the amendment does not tell it",
                    category.heading()
                );
                let diagnostic = Diagnostic::new(&rules::E0931_CHANGE_NOT_TOLD, span, message)
                    .label("the first change")
                    .also(told.span, "this amendment")
                    .note(format!(
                        "below the amendment write `{} change \"why\"`",
                        subject.word()
                    ));
                found.push(self.finding(diagnostic, subject.word(), String::new()));
            }
            let count = changed.len();
            let message = match count {
                1 => format!("{} changed", category.heading()),
                _ => format!("{} changed in {count} places", category.heading()),
            };
            let mut diagnostic = Diagnostic::new(&rules::W0941_PART_CHANGED, span, message)
                .label("the first change");
            if let Some(old) = changed
                .iter()
                .find_map(|own| own.old.as_ref().and_then(|side| side.span))
            {
                diagnostic = diagnostic.also(old, "in the old version");
            }
            if let Some(claim) = claim {
                diagnostic = diagnostic.also(claim.span, "told by the amendment");
            }
            for own in changed.iter().take(MOST_SHOWN) {
                diagnostic = diagnostic.note(words(own));
            }
            if let Some(more) = count.checked_sub(MOST_SHOWN).filter(|more| *more > 0) {
                diagnostic = diagnostic.note(format!("and {more} more"));
            }
            // What is given, what stops it and what is concluded are the trial; when a visit takes place is its care.
            diagnostic.severity = match category {
                Category::Dose | Category::Toxicity | Category::Endpoint => Severity::Error,
                Category::Schedule | Category::Other => Severity::Warning,
            };
            found.push(self.finding(diagnostic, subject.word(), meaning(&changed)));
        }
    }

    /// A claim about a category in which nothing changed.
    pub(super) fn part_in_vain(&self, claim: &Claim, found: &mut Vec<GateFinding>) {
        if self
            .changed_parts()
            .any(|(category, _)| subject(category).as_ref() == Some(&claim.about))
        {
            return;
        }
        let word = claim.about.word();
        let diagnostic = Diagnostic::new(
            &rules::E0932_CLAIM_REFUTED,
            claim.span,
            format!("`{word}` says that something changes, and nothing does"),
        )
        .label("said here")
        .note("leave this line out");
        found.push(self.finding(diagnostic, word, String::new()));
    }
}

fn words(own: &PartDifference) -> String {
    let side = |side: &Option<lind_model::difference::PartSide>| {
        side.as_ref().map(|side| side.words.clone())
    };
    // What there is one of has no name besides.
    let name = match &*own.id {
        id if id == own.rule.thing => String::new(),
        id => format!(" {id}"),
    };
    let what = format!("{}{name}: {}", own.rule.thing, own.rule.said);
    match (side(&own.old), side(&own.new)) {
        (Some(old), Some(new)) => format!("{what}: {old} → {new}"),
        (Some(one), None) | (None, Some(one)) => format!("{what}: {one}"),
        (None, None) => what,
    }
}

/// What some changes are known by: rules, names and both sides.
fn meaning(changed: &[&PartDifference]) -> String {
    let mut lines: Vec<String> = changed
        .iter()
        .map(|own| {
            let sides = [&own.old, &own.new];
            let words = sides.map(|side| side.as_ref().map_or("", |side| &*side.words));
            format!("{}\n{}\n{}", own.rule.id, own.id, words.join("\n"))
        })
        .collect();
    lines.sort();
    format!(
        "{:016x}",
        XxHash64::oneshot(0, lines.join("\n\n").as_bytes())
    )
}
