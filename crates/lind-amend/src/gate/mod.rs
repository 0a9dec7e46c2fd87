//! The gate: what a comparison found, held against what the author says of it, and against what was accepted.
//!
//! Every check always runs; a configuration may change how much a finding weighs, never whether it is looked for.

mod claims;
mod parts;
mod policy;
pub mod rules;
mod words;

use std::sync::Arc;

use lind_diagnostics::{Diagnostic, Rule, Severity, Span, closest};
use lind_model::difference::{Change, Cohort, CriterionDifference, Difference, Effects, Status};
use lind_model::protocol::{Amendment, Claim, ClaimKind, ClaimSubject, CriterionKind};
use lind_model::{Effect, Protocol};

pub use policy::{Acceptance, Policy};

/// Both versions, what a comparison found, and what was agreed beforehand.
#[derive(Debug, Clone, Copy)]
pub struct Gate<'g> {
    /// The old version.
    pub old: &'g Protocol,
    /// The new version.
    pub new: &'g Protocol,
    /// What was found.
    pub difference: &'g Difference,
    /// How much findings weigh.
    pub policy: &'g Policy,
    /// What people accepted.
    pub acceptances: &'g [Acceptance],
    /// The head of the new version, for what has no place of its own.
    pub head: Span,
    /// What the change means for patients of whom there are data, if they were asked about.
    pub cohort: Option<&'g Cohort>,
    /// Whether counts below five are told.
    pub small_counts: bool,
}

/// A finding of the gate.
#[derive(Debug, Clone)]
pub struct GateFinding {
    /// What was found, and where.
    pub diagnostic: Diagnostic,
    /// What it is about: the number of a criterion, or a word such as `doses`; empty if it is about the whole.
    pub subject: Arc<str>,
    /// Which claim or direction it is of, where there may be several such findings about one subject.
    pub aspect: Option<ClaimKind>,
    /// What its meaning is known by: if the change means something else, this differs.
    pub meaning: String,
    /// Who accepted it, and why.
    pub accepted: Option<Acceptance>,
}

impl GateFinding {
    /// How much it weighs: nothing that was accepted is more than a note.
    #[must_use]
    pub fn severity(&self) -> Severity {
        self.diagnostic.severity
    }

    /// What it is about, with the claim or the direction: together with the rule it is of one finding alone.
    #[must_use]
    pub fn topic(&self) -> String {
        match self.aspect {
            Some(aspect) => format!("{} {}", self.subject, aspect.words()),
            None => self.subject.to_string(),
        }
    }
}

impl Gate<'_> {
    /// All findings: what the author must mend first, then what changes, by criterion.
    #[must_use]
    pub fn findings(&self) -> Vec<GateFinding> {
        let mut found = Vec::new();
        let changed: Vec<&CriterionDifference> = self
            .difference
            .criteria
            .iter()
            .filter(|own| !matches!(own.change, Change::Same))
            .collect();
        let told = self.amendment();
        self.head_findings(told, &changed, &mut found);
        for own in &changed {
            self.criterion(own, told, &mut found);
        }
        self.parts(told, &mut found);
        if let Some(told) = told {
            self.told_in_vain(told, &mut found);
        }
        self.settings(&mut found);
        for finding in &mut found {
            self.weigh(finding);
        }
        self.stale(&mut found);
        found
    }

    /// What the author says of the step from the old version.
    fn amendment(&self) -> Option<&Amendment> {
        let mut all = self.new.amendments.iter();
        all.find(|own| Some(&own.version) == self.old.version.as_ref())
    }

    /// Findings about the amendment as a whole.
    fn head_findings(
        &self,
        told: Option<&Amendment>,
        changed: &[&CriterionDifference],
        found: &mut Vec<GateFinding>,
    ) {
        let mut names: Vec<&str> = changed.iter().map(|own| &*own.id).collect();
        names.extend(self.changed_parts().map(|(category, _)| category.heading()));
        if names.is_empty() {
            return;
        }
        let listed = names.join(", ");
        let same = self.new.version == self.old.version;
        if same {
            let (message, note) = match &self.new.version {
                Some(version) => (
                    format!("{listed} changed, and the version is still \"{version}\""),
                    "a new meaning needs a new version and a new date, so that a site can say which one it follows",
                ),
                None => (
                    format!("{listed} changed, and neither protocol has a version"),
                    "write `version \"2.0\" dated 2026-11-20` below the head of the protocol",
                ),
            };
            found.push(
                self.of_all(
                    Diagnostic::new(&rules::E0934_SAME_VERSION, self.head, message)
                        .label("the version of this protocol")
                        .note(note),
                ),
            );
        } else if let (Some(old), Some(new)) = (self.old.dated, self.new.dated)
            && new < old
        {
            let message = format!("the new version is dated {new}, before the old one ({old})");
            found.push(
                self.of_all(
                    Diagnostic::new(&rules::E0934_SAME_VERSION, self.head, message)
                        .label("the version of this protocol")
                        .note("a new version is dated later than the one that it amends"),
                ),
            );
        }
        match told {
            None => found.push(self.of_all(self.missing_amendment(changed, &listed))),
            Some(told) => self.reasons(told, found),
        }
    }

    fn missing_amendment(&self, changed: &[&CriterionDifference], listed: &str) -> Diagnostic {
        let version = self.old.version.as_deref().unwrap_or("1.0");
        let dated = self
            .old
            .dated
            .map_or_else(String::new, |day| format!(" dated {day}"));
        let mut block = format!("amendment of version \"{version}\"{dated}\n  reason …");
        for own in changed {
            let claims = claims::listed(&claims::suggested(own));
            block.push_str(&format!("\n  {} {claims} \"why\"", own.id));
        }
        for (category, _) in self.changed_parts() {
            if let Some(subject) = parts::subject(category) {
                block.push_str(&format!("\n  {} change \"why\"", subject.word()));
            }
        }
        let others: Vec<&str> = self
            .new
            .amendments
            .iter()
            .map(|own| &*own.version)
            .collect();
        let message = if others.is_empty() {
            format!("{listed} changed, and no `amendment` tells what and why")
        } else {
            format!("{listed} changed, and no `amendment` is of version \"{version}\"")
        };
        let diagnostic = Diagnostic::new(&rules::E0933_NO_AMENDMENT, self.head, message)
            .label("this protocol amends another version");
        let diagnostic = match self.new.amendments.first() {
            Some(other) => diagnostic.also(other.span, "an amendment of another version"),
            None => diagnostic,
        };
        let is_decided = |own: &&CriterionDifference| !claims::said_of(own).is_empty();
        let far = if changed.iter().all(is_decided) {
            ""
        } else {
            ", as far as it could be decided"
        };
        diagnostic.note(format!(
            "this would be true{far}; the reasons are yours:\n{block}"
        ))
    }

    fn reasons(&self, told: &Amendment, found: &mut Vec<GateFinding>) {
        if told.reasons.is_empty() {
            let diagnostic = Diagnostic::new(
                &rules::W0940_NO_REASON,
                told.span,
                "the amendment gives no reason",
            )
            .label("no line begins with `reason`")
            .note("`reason recruitment_difficulty` names one of the reasons of ICH M11");
            found.push(self.of_all(diagnostic));
        }
        for claim in &told.claims {
            if claims::says_nothing(&claim.rationale) {
                let message = format!(
                    "\"{}\" does not say why {} is changed",
                    claim.rationale,
                    claim.about.word()
                );
                let diagnostic =
                    Diagnostic::new(&rules::W0940_NO_REASON, claim.span, message)
                        .label("why this change is made")
                        .note(
                            "authorities do not take a clarification, or a request, for a reason by itself: say \
                             what was unclear, or what was asked and why",
                        );
                found.push(self.finding(diagnostic, claim.about.word(), String::new()));
            }
        }
    }

    /// Findings about one criterion that changed.
    fn criterion(
        &self,
        own: &CriterionDifference,
        told: Option<&Amendment>,
        found: &mut Vec<GateFinding>,
    ) {
        let Some(effects) = own.change.effects() else {
            return;
        };
        let claim = told.and_then(|told| {
            let mut claims = told.claims.iter();
            claims.find(|claim| claim.about == ClaimSubject::Criterion(Arc::clone(&own.id)))
        });
        if let Some(told) = told {
            match claim {
                None => found.push(self.about(own, self.not_told(own, told))),
                Some(claim) => {
                    let against = claims::held_against(own, effects, claim).into_iter();
                    found.extend(against.map(|(kind, diagnostic)| GateFinding {
                        aspect: Some(kind),
                        ..self.about(own, diagnostic)
                    }));
                }
            }
        }
        self.effects(own, effects, claim, found);
    }

    fn not_told(&self, own: &CriterionDifference, told: &Amendment) -> Diagnostic {
        let id = &own.id;
        let said = claims::listed(&claims::said_of(own));
        let message = if said.is_empty() {
            format!(
                "{id} changed, though it could not be decided how, and the amendment does not tell it"
            )
        } else {
            format!("{id} {said}, and the amendment does not tell it")
        };
        self.at(own, &rules::E0931_CHANGE_NOT_TOLD, message)
            .also(told.span, "this amendment")
            .note(format!(
                "below the amendment write `{id} {} \"why\"`",
                claims::listed(&claims::suggested(own))
            ))
    }

    /// What the change of a criterion does, one finding for each direction.
    fn effects(
        &self,
        own: &CriterionDifference,
        effects: &Effects,
        claim: Option<&Claim>,
        found: &mut Vec<GateFinding>,
    ) {
        let id = &own.id;
        if effects.is_same() {
            let message = format!("{id} is written otherwise and asks the same (proved)");
            let mut diagnostic = self.at(own, &rules::W0937_REWORDED, message);
            diagnostic.severity = Severity::Note;
            found.push(self.about(own, diagnostic));
            return;
        }
        let is_safety = self
            .policy
            .is_safety(id, own.kind == CriterionKind::Exclusion);
        if effects.is_masked() {
            let message = format!("{id} changed, and nobody stands elsewhere by it (proved)");
            let diagnostic = self.at(own, &rules::W0936_MASKED, message).note(
                "other criteria decide the same already; if patients were meant to change, these must change too",
            );
            found.push(self.about(own, diagnostic));
            return;
        }
        for direction in claims::DIRECTIONS {
            let of_it = claims::ways(effects, direction);
            let told = claim.is_some_and(|claim| claim.kinds.contains(&direction));
            let (patients, of_patients) = self.of_patients(id, effects, direction);
            match claims::shown(&of_it) {
                Some((way, witness)) => {
                    let sentence = words::of_way(way.from, way.to);
                    let message = format!("{id} {}: {sentence}", direction.words());
                    let mut diagnostic = self.at(own, words::of_direction(direction), message);
                    diagnostic.severity = severity_of(direction, is_safety, told);
                    if patients > 0 && direction == ClaimKind::Closes {
                        // Somebody who is being screened now is kept out.
                        diagnostic.severity = diagnostic.severity.min(Severity::Warning);
                    }
                    if let Some(note) = &of_patients {
                        diagnostic = diagnostic.note(note.clone());
                    }
                    for note in words::of_witness(witness, id) {
                        diagnostic = diagnostic.note(note);
                    }
                    for other in &of_it {
                        if matches!(other.status, Status::Undecided(_)) {
                            let sentence = words::of_way(other.from, other.to);
                            diagnostic = diagnostic.note(format!(
                                "and perhaps {sentence}: no patient was found, and it is not proved that there is none"
                            ));
                        }
                    }
                    if let Some(claim) = claim.filter(|_| told) {
                        diagnostic = diagnostic.also(claim.span, "told so by the amendment");
                    }
                    found.push(self.about(own, diagnostic));
                }
                None if !of_it.is_empty() => {
                    let message = format!(
                        "{id} perhaps {}: no patient was found, and it is not proved that there is none",
                        direction.words()
                    );
                    let mut diagnostic = self.at(own, &rules::W0935_UNDECIDED, message);
                    // What perhaps tightens lets in nobody.
                    if is_safety && lets_in(direction) {
                        diagnostic.severity = Severity::Error;
                    }
                    let mut causes: Vec<&str> = Vec::new();
                    for way in &of_it {
                        if let Status::Undecided(own) = way.status {
                            causes.extend(own.iter().map(|cause| &**cause));
                        }
                    }
                    causes.sort_unstable();
                    causes.dedup();
                    if let Some(note) = &of_patients {
                        diagnostic = diagnostic.note(note.clone());
                    }
                    for cause in causes.iter().take(3) {
                        diagnostic = diagnostic.note(format!("it hangs on: {cause}"));
                    }
                    found.push(GateFinding {
                        aspect: Some(direction),
                        ..self.about(own, diagnostic)
                    });
                }
                None => {}
            }
        }
    }

    /// How many patients of the data a criterion does this to who did not have it so, and what is said of them.
    fn of_patients(&self, id: &str, effects: &Effects, wanted: ClaimKind) -> (u64, Option<String>) {
        let Some(cohort) = self.cohort else {
            return (0, None);
        };
        let (mut patients, mut alone) = (0_u64, 0_u64);
        for from in [Effect::Pass, Effect::Fail, Effect::Open] {
            for to in [Effect::Pass, Effect::Fail, Effect::Open] {
                if claims::direction(effects, from, to) == Some(wanted) {
                    let own = cohort.of_criterion(id, from, to);
                    patients = patients.saturating_add(own.patients);
                    alone = alone.saturating_add(own.alone);
                }
            }
        }
        let said = words::of_patients(patients, alone, self.small_counts);
        (patients, Some(said))
    }

    /// Claims about what did not change.
    fn told_in_vain(&self, told: &Amendment, found: &mut Vec<GateFinding>) {
        for claim in &told.claims {
            let ClaimSubject::Criterion(id) = &claim.about else {
                self.part_in_vain(claim, found);
                continue;
            };
            let mut all = self.difference.criteria.iter();
            let own = all.find(|own| own.id == *id);
            let message = match own {
                Some(own) if matches!(own.change, Change::Same) => {
                    format!("{id} asks the same as before (proved)")
                }
                Some(_) => continue,
                None => format!("{id} is in neither version"),
            };
            let diagnostic = Diagnostic::new(&rules::E0932_CLAIM_REFUTED, claim.span, message)
                .label(format!(
                    "but the amendment says that it {}",
                    claims::listed(&claim.kinds)
                ))
                .note("leave this line out");
            let spans = own.and_then(|own| own.spans.last().copied().flatten());
            let diagnostic = match spans {
                Some(span) => diagnostic.also(span, "this criterion"),
                None => diagnostic,
            };
            found.push(self.finding(diagnostic, id, String::new()));
        }
    }

    /// Settings about criteria that there are not: whoever mistypes a number guards nothing.
    fn settings(&self, found: &mut Vec<GateFinding>) {
        let all = || self.difference.criteria.iter().map(|own| &*own.id);
        for (setting, id, span) in &self.policy.named {
            if all().any(|own| own == id) {
                continue;
            }
            let message = format!("`{setting}` names {id}, and neither version has this criterion");
            let mut diagnostic = Diagnostic::new(&rules::W0942_NO_SUCH_CRITERION, *span, message)
                .label("named here");
            if let Some(near) = closest(id, all()) {
                diagnostic = diagnostic.note(format!("perhaps `{near}` is meant"));
            }
            let diagnostic = diagnostic.note(
                "settings hold for all protocols of the folder and below; one whose criteria are others may have a \
                 `lind.toml` in a folder of its own",
            );
            found.push(self.finding(diagnostic, id, String::new()));
        }
    }

    /// A finding at a criterion, with both sides.
    fn at(&self, own: &CriterionDifference, rule: &'static Rule, message: String) -> Diagnostic {
        let [old, new] = own.spans;
        let diagnostic = Diagnostic::new(rule, new.unwrap_or(self.head), message);
        match (old, new) {
            (Some(old), Some(_)) => diagnostic.label("new version").also(old, "old version"),
            (Some(old), None) => diagnostic
                .label("the new version, in which it is no more")
                .also(old, "the criterion as it was"),
            (None, _) => diagnostic.label("not in the old version"),
        }
    }

    fn about(&self, own: &CriterionDifference, diagnostic: Diagnostic) -> GateFinding {
        let [old, new] = own.fingerprints;
        let of = |meaning: Option<u64>| match meaning {
            Some(meaning) => format!("{meaning:016x}"),
            None => "none".to_owned(),
        };
        self.finding(diagnostic, &own.id, format!("{}-{}", of(old), of(new)))
    }

    fn of_all(&self, diagnostic: Diagnostic) -> GateFinding {
        self.finding(diagnostic, "", String::new())
    }

    fn finding(&self, diagnostic: Diagnostic, subject: &str, meaning: String) -> GateFinding {
        GateFinding {
            diagnostic,
            subject: Arc::from(subject),
            aspect: None,
            meaning,
            accepted: None,
        }
    }

    /// Takes the configuration and what was accepted into account.
    fn weigh(&self, finding: &mut GateFinding) {
        let rule = finding.diagnostic.rule;
        if let Some(severity) = self.policy.severity(rule) {
            finding.diagnostic.severity = severity;
        }
        // What an author says wrongly is mended, not accepted.
        let may_be_accepted = rule.code.starts_with('W');
        if !may_be_accepted || finding.diagnostic.severity == Severity::Note {
            return;
        }
        let accepted = self
            .acceptances
            .iter()
            .find(|own| own.is_of(rule, &finding.subject, &finding.meaning));
        match accepted {
            Some(accepted) => {
                finding.diagnostic.severity = Severity::Note;
                finding
                    .diagnostic
                    .notes
                    .push(format!("accepted by {}: {}", accepted.by, accepted.because));
                finding.accepted = Some(accepted.clone());
            }
            None if finding.diagnostic.severity == Severity::Error
                && !finding.meaning.is_empty() =>
            {
                finding.diagnostic.notes.push(format!(
                    "a person may accept this, with a reason, in the file of acceptances:\n\
                     [[accept]]\nfinding = \"{}\"\nabout = \"{}\"\nmeaning = \"{}\"\nbecause = \"…\"\nby = \"…\"",
                    rule.name, finding.subject, finding.meaning
                ));
            }
            None => {}
        }
    }

    /// Acceptances of what is not so any more.
    fn stale(&self, found: &mut Vec<GateFinding>) {
        for acceptance in self.acceptances {
            let is_used = found
                .iter()
                .any(|finding| finding.accepted.as_ref() == Some(acceptance));
            if is_used {
                continue;
            }
            let same = found
                .iter()
                .find(|finding| acceptance.is_about(finding.diagnostic.rule, &finding.subject));
            let message = match same {
                Some(_) => format!(
                    "{} was accepted for {} by {}, and means something else now",
                    acceptance.finding, acceptance.about, acceptance.by
                ),
                None => format!(
                    "{} was accepted for {} by {}, and is not found any more",
                    acceptance.finding, acceptance.about, acceptance.by
                ),
            };
            let diagnostic = Diagnostic::new(
                &rules::W0939_STALE_ACCEPTANCE,
                acceptance.span,
                message,
            )
            .label("accepted here")
            .note(
                "whoever accepts a change accepts its meaning: look at it again, or take this out",
            );
            let mut finding = self.finding(diagnostic, &acceptance.about, String::new());
            if let Some(severity) = self.policy.severity(&rules::W0939_STALE_ACCEPTANCE) {
                finding.diagnostic.severity = severity;
            }
            found.push(finding);
        }
    }
}

/// Whether a direction lets somebody through who was not: by a criterion of safety, a person must say so.
const fn lets_in(direction: ClaimKind) -> bool {
    matches!(direction, ClaimKind::Opens | ClaimKind::WantsLess)
}

/// How much the effect of a change weighs: what lets in whom a criterion of safety kept out needs a person who says so.
const fn severity_of(direction: ClaimKind, is_safety: bool, told: bool) -> Severity {
    match direction {
        _ if is_safety && lets_in(direction) => Severity::Error,
        ClaimKind::Closes if !is_safety => Severity::Note,
        _ if told => Severity::Note,
        _ => Severity::Warning,
    }
}
