//! The head of the protocol, milestones, commitments, enrolment caps and overrides.

use std::sync::Arc;

use lind_model::difference::{PairRule, PartSide};
use lind_model::protocol::{Cap, Criterion, CriterionKind, Milestone, Override, Term};
use lind_model::{CriterionId, MilestoneId, Protocol};

use super::conditions::{said, two_conditions};
use super::words::{listed, milestone, spoken, window};
use super::{Pairing, Thing, ThingRules, rules, two};
use crate::questions::Which;

/// A milestone is what its name says: whatever leans on it leans on the name.
const MILESTONES: ThingRules = ThingRules {
    added: &rules::MILESTONE_ADDED,
    removed: &rules::MILESTONE_REMOVED,
    renamed: None,
    reworded: Some(&rules::MILESTONE_REWORDED),
};

const CAPS: ThingRules = ThingRules {
    added: &rules::CAP_ADDED,
    removed: &rules::CAP_REMOVED,
    renamed: Some(&rules::CAP_RENAMED),
    reworded: Some(&rules::CAP_REWORDED),
};

const OVERRIDES: ThingRules = ThingRules {
    added: &rules::OVERRIDE_ADDED,
    removed: &rules::OVERRIDE_REMOVED,
    renamed: Some(&rules::OVERRIDE_RENAMED),
    reworded: Some(&rules::OVERRIDE_REWORDED),
};

impl Pairing<'_> {
    pub(super) fn others(&mut self) {
        self.head();
        self.milestones();
        self.criteria();
        self.caps();
        self.overrides();
    }

    fn head(&mut self) {
        let protocols = [self.protocol(Which::Old), self.protocol(Which::New)];
        let name: Arc<str> = Arc::from("protocol");
        let [_, new] = protocols;
        let title = Arc::clone(&new.title);
        let mut tell = |rule: &'static PairRule, words: [String; 2]| {
            let [old, new] = words;
            if old != new {
                self.tell(
                    rule,
                    (&name, &title),
                    Some(PartSide::of(&old, None)),
                    Some(PartSide::of(&new, None)),
                );
            }
        };
        tell(&rules::NUMBER, protocols.map(|own| own.id.to_string()));
        tell(&rules::VERSION, protocols.map(version));
        tell(&rules::TITLE, protocols.map(|own| own.title.to_string()));
        let stated = |own: &Option<Arc<str>>| {
            own.as_ref()
                .map_or_else(|| "not stated".to_owned(), ToString::to_string)
        };
        tell(&rules::PHASE, protocols.map(|own| stated(&own.about.phase)));
        tell(
            &rules::SPONSOR,
            protocols.map(|own| stated(&own.about.sponsor)),
        );
    }

    fn milestones(&mut self) {
        let protocols = [self.protocol(Which::Old), self.protocol(Which::New)];
        let [old_protocol, new_protocol] = protocols;
        let old = self.milestones_of(Which::Old, old_protocol, new_protocol);
        let new = self.milestones_of(Which::New, new_protocol, old_protocol);
        for both in self.things(&MILESTONES, &old, &new) {
            if let Some([old, new]) = two(&old, &new, both) {
                let words = [old.words.clone(), new.words.clone()];
                self.aspect(
                    &rules::MILESTONE_CHANGED,
                    [old, new],
                    [&old.content, &new.content],
                    words,
                );
            }
        }
    }

    /// Those that the protocol declares. Before which others one lies is told of those that both versions have: what
    /// came or went is told once.
    fn milestones_of(&mut self, which: Which, protocol: &Protocol, other: &Protocol) -> Vec<Thing> {
        let declared = declared_milestones(protocol);
        let in_other = declared_milestones(other);
        let in_both: Vec<usize> = declared
            .iter()
            .filter(|(_, own)| in_other.iter().any(|(_, other)| other.name == own.name))
            .map(|(place, _)| *place)
            .collect();
        let mut things = Vec::new();
        for (place, own) in &declared {
            let mut behind: Vec<String> = own
                .not_later
                .iter()
                .filter(|id| id.index() != *place)
                .filter(|id| in_both.contains(&id.index()))
                .map(|id| milestone(protocol, *id))
                .collect();
            behind.sort_unstable();
            let values = self.optional_window(which, own.values.as_ref());
            let same = own.same_as.map(|id| milestone(protocol, id));
            let mut words = vec![if behind.is_empty() {
                "not behind any other".to_owned()
            } else {
                format!("not before {}", behind.join(", "))
            }];
            words.extend(same.iter().map(|same| format!("the same as {same}")));
            if let Some(values) = &own.values {
                words.push(format!("values {}", window(protocol, values)));
            }
            if own.timed {
                words.push("with the time of day".to_owned());
            }
            things.push(Thing {
                name: Arc::clone(&own.name),
                title: own.title.clone().unwrap_or_else(|| Arc::from("")),
                content: format!("{behind:?} {values} {same:?} {}", own.timed),
                words: words.join("; "),
                span: Some(own.span),
            });
        }
        things
    }

    /// What of criteria no verdict shows.
    fn criteria(&mut self) {
        let protocols = [self.protocol(Which::Old), self.protocol(Which::New)];
        let [old_protocol, new_protocol] = protocols;
        for new in &new_protocol.criteria {
            let same = |old: &&Criterion| old.id == new.id && old.kind == new.kind;
            let Some(old) = old_protocol.criteria.iter().find(same) else {
                continue;
            };
            let thing = |own: &Criterion| Thing {
                name: Arc::clone(&own.id),
                title: Arc::clone(&own.title),
                content: String::new(),
                words: String::new(),
                span: Some(own.span),
            };
            let pair = [&thing(old), &thing(new)];
            self.aspect(
                &rules::CRITERION_REWORDED,
                pair,
                [&old.title, &new.title],
                [old.title.to_string(), new.title.to_string()],
            );
            let allowed = [old, new].map(|own| {
                let texts = own.allowed.iter().map(|allowed| spoken(&allowed.text));
                let mut texts: Vec<String> = texts.collect();
                texts.sort_unstable();
                listed(&texts, "nothing")
            });
            let [old_allowed, new_allowed] = &allowed;
            self.aspect(
                &rules::PERMISSION,
                pair,
                [old_allowed, new_allowed],
                allowed.clone(),
            );
            if old.kind == CriterionKind::Commitment {
                let terms = [
                    term(old_protocol, old.term.as_ref()),
                    term(new_protocol, new.term.as_ref()),
                ];
                let [old_term, new_term] = &terms;
                self.aspect(&rules::TERM, pair, [old_term, new_term], terms.clone());
            }
        }
    }

    fn caps(&mut self) {
        let protocols = [self.protocol(Which::Old), self.protocol(Which::New)];
        let [old_all, new_all] = protocols.map(|protocol| &protocol.caps);
        let old = self.caps_of(Which::Old, old_all);
        let new = self.caps_of(Which::New, new_all);
        for both in self.things(&CAPS, &old, &new) {
            let (Some([old, new]), Some([one, other])) =
                (two(&old, &new, both), two(old_all, new_all, both))
            else {
                continue;
            };
            let [old_words, new_words] =
                two_conditions(protocols, [Some(&one.condition), Some(&other.condition)]);
            let [old_protocol, new_protocol] = protocols;
            self.aspect(
                &rules::CAP_CHANGED,
                [old, new],
                [&old.content, &new.content],
                [
                    cap_words(old_protocol, one, &old_words),
                    cap_words(new_protocol, other, &new_words),
                ],
            );
        }
    }

    fn caps_of(&mut self, which: Which, caps: &[Cap]) -> Vec<Thing> {
        let protocol = self.protocol(which);
        let stages = &self.lowered(which).plan.caps;
        let mut things = Vec::new();
        for (cap, stage) in caps.iter().zip(stages) {
            let (reader, meanings) = self.reader(which);
            let meaning = reader.condition(stage.node, stage.gate, meanings);
            let gate = milestone(protocol, cap.gate);
            things.push(Thing {
                name: Arc::clone(&cap.id),
                title: Arc::clone(&cap.title),
                content: format!("{meaning:?} at {gate} {:?}", cap.at_most),
                words: cap_words(protocol, cap, &said(protocol, &cap.condition)),
                span: Some(cap.span),
            });
        }
        things
    }

    fn overrides(&mut self) {
        let protocols = [self.protocol(Which::Old), self.protocol(Which::New)];
        let [old_all, new_all] = protocols.map(|protocol| &protocol.overrides);
        let old = self.overrides_of(Which::Old, old_all);
        let new = self.overrides_of(Which::New, new_all);
        for both in self.things(&OVERRIDES, &old, &new) {
            let (Some([old, new]), Some([one, other])) =
                (two(&old, &new, both), two(old_all, new_all, both))
            else {
                continue;
            };
            let [old_words, new_words] =
                two_conditions(protocols, [Some(&one.when), Some(&other.when)]);
            let [old_protocol, new_protocol] = protocols;
            self.aspect(
                &rules::OVERRIDE_CHANGED,
                [old, new],
                [&old.content, &new.content],
                [
                    override_words(old_protocol, one, &old_words),
                    override_words(new_protocol, other, &new_words),
                ],
            );
        }
    }

    fn overrides_of(&mut self, which: Which, all: &[Override]) -> Vec<Thing> {
        let protocol = self.protocol(which);
        let first = self.lowered(which).overrides;
        let all = all.iter().enumerate().map(|(place, own)| {
            let meaning = self.meaning(which, first.saturating_add(place));
            let criteria = criteria_named(protocol, &own.criteria);
            Thing {
                name: Arc::clone(&own.id),
                title: Arc::clone(&own.title),
                content: format!("{meaning} {criteria:?} {}", own.met),
                words: override_words(protocol, own, &said(protocol, &own.when)),
                span: Some(own.span),
            }
        });
        all.collect()
    }
}

/// The milestones that a protocol declares, with their places: not its visits, the day at hand, or the end of the
/// data.
fn declared_milestones(protocol: &Protocol) -> Vec<(usize, &Milestone)> {
    let trial = &protocol.trial;
    let is_declared = |(place, own): &(usize, &Milestone)| {
        let id = MilestoneId::from_index(*place);
        let is_made = trial.baseline.is_none() && &*own.name == "baseline";
        let is_end = trial.end_of_data == Some(id);
        !is_made && !is_end && trial.visit_of(id).is_none() && !trial.is_of_the_day(id)
    };
    let milestones = protocol.milestones.iter().enumerate();
    milestones.filter(is_declared).collect()
}

fn version(protocol: &Protocol) -> String {
    let version = protocol.version.as_deref().unwrap_or("no version");
    match protocol.dated {
        Some(day) => format!("{version} ({day})"),
        None => version.to_owned(),
    }
}

fn term(protocol: &Protocol, own: Option<&Term>) -> String {
    let Some(own) = own else {
        return "not stated".to_owned();
    };
    let (from, until) = (
        milestone(protocol, own.from),
        milestone(protocol, own.until),
    );
    match own.after {
        Some(after) => format!("from {from} until {after} after {until}"),
        None => format!("from {from} until {until}"),
    }
}

fn cap_words(protocol: &Protocol, cap: &Cap, condition: &str) -> String {
    format!(
        "at most {} % of those at {}: {condition}",
        cap.at_most,
        milestone(protocol, cap.gate)
    )
}

fn criteria_named(protocol: &Protocol, ids: &[CriterionId]) -> Vec<String> {
    let criteria = ids
        .iter()
        .filter_map(|id| protocol.criteria.get(id.index()));
    let mut names: Vec<String> = criteria.map(|own| own.id.to_string()).collect();
    names.sort_unstable();
    names
}

fn override_words(protocol: &Protocol, own: &Override, condition: &str) -> String {
    format!(
        "{} {} for whom: {condition}",
        listed(&criteria_named(protocol, &own.criteria), "nothing"),
        if own.met { "met" } else { "not met" }
    )
}
