//! Escalation, dose-limiting toxicity and gradings.

use std::sync::Arc;

use lind_escalation::replay::UnderDosed;
use lind_escalation::{DecisionTable, Design};
use lind_model::difference::PartSide;
use lind_model::trial::{Escalation, Grading, Scale, Stagger};
use lind_time::Day;

use super::conditions::{asked_condition, said, two_conditions};
use super::words::{design, row, spoken, stopping, window};
use super::{Pairing, Thing, ThingRules, rules, two};
use crate::questions::Which;

const GRADINGS: ThingRules = ThingRules {
    added: &rules::GRADING_ADDED,
    removed: &rules::GRADING_REMOVED,
    renamed: Some(&rules::GRADING_RENAMED),
    reworded: Some(&rules::GRADING_REWORDED),
};

const ROWS: ThingRules = ThingRules {
    added: &rules::ROW_ADDED,
    removed: &rules::ROW_REMOVED,
    renamed: None,
    reworded: None,
};

impl Pairing<'_> {
    pub(super) fn escalation(&mut self) {
        let old = self.protocol(Which::Old).trial.escalation.as_ref();
        let new = self.protocol(Which::New).trial.escalation.as_ref();
        match (old, new) {
            (Some(old), Some(new)) => self.both_escalations(old, new),
            (Some(old), None) => {
                let (thing, words) = self.escalation_thing(Which::Old, old);
                let side = PartSide::of(&words, Some(old.span));
                self.tell(
                    &rules::ESCALATION_REMOVED,
                    (&thing.name, &thing.title),
                    Some(side),
                    None,
                );
            }
            (None, Some(new)) => {
                let (thing, words) = self.escalation_thing(Which::New, new);
                let side = PartSide::of(&words, Some(new.span));
                self.tell(
                    &rules::ESCALATION_ADDED,
                    (&thing.name, &thing.title),
                    None,
                    Some(side),
                );
            }
            (None, None) => {}
        }
    }

    fn product(&self, which: Which, rule: &Escalation) -> Arc<str> {
        let set = self.protocol(which).sets.get(rule.product.index());
        set.map_or_else(|| Arc::from(""), |set| Arc::clone(&set.name))
    }

    fn escalation_thing(&self, which: Which, rule: &Escalation) -> (Thing, String) {
        let product = self.product(which, rule);
        let mut words: Vec<String> = designs(rule);
        if let Some(cohorts) = rule.cohorts {
            words.push(cohort_words(cohorts.least, cohorts.most));
        }
        let protocol = self.protocol(which);
        if let Some(own) = &rule.window {
            words.push(format!("toxicities count {}", window(protocol, own)));
        }
        let thing = Thing {
            name: product,
            title: Arc::clone(&rule.title),
            content: String::new(),
            words: String::new(),
            span: Some(rule.span),
        };
        (thing, words.join("; "))
    }

    fn both_escalations(&mut self, old: &Escalation, new: &Escalation) {
        let (old_thing, _) = self.escalation_thing(Which::Old, old);
        let (new_thing, _) = self.escalation_thing(Which::New, new);
        let things = [&old_thing, &new_thing];
        if old.title != new.title {
            self.tell(
                &rules::ESCALATION_REWORDED,
                (&new_thing.name, &new_thing.title),
                Some(PartSide::of(&old.title, Some(old.span))),
                Some(PartSide::of(&new.title, Some(new.span))),
            );
        }
        self.aspect(
            &rules::ESCALATION_PRODUCT,
            things,
            [&old_thing.name, &new_thing.name],
            [spoken(&old_thing.name), spoken(&new_thing.name)],
        );
        self.designs(things, [old, new]);
        let cohorts = [old, new].map(|rule| match rule.cohorts {
            Some(own) => cohort_words(own.least, own.most),
            None => "not stated".to_owned(),
        });
        self.plain(&rules::COHORT_SIZE, things, cohorts);
        self.toxicity(things, [old, new]);
        let other_doses = [old, new].map(|rule| match rule.other_doses {
            UnderDosed::NotCounted => "do not count",
            UnderDosed::AsAssigned => "count at the assigned level",
            UnderDosed::AsReceived => "count at the level of the dose",
        });
        self.plain(&rules::OTHER_DOSES, things, other_doses.map(str::to_owned));
        self.plain(
            &rules::STAGGER,
            things,
            [old, new].map(|rule| stagger(&rule.stagger)),
        );
        let most = |most: Option<u32>| match most {
            Some(most) => format!("at most {most} participants"),
            None => "no limit stated".to_owned(),
        };
        self.plain(
            &rules::LEVEL_LIMIT,
            things,
            [old, new].map(|rule| most(rule.most_at_level)),
        );
        self.plain(
            &rules::TRIAL_LIMIT,
            things,
            [old, new].map(|rule| most(rule.most_in_all)),
        );
        self.assumed(
            &rules::ESCALATION_ASSUMED,
            things,
            [&old.assumed, &new.assumed],
        );
    }

    /// What is said in words says all of it.
    fn plain(
        &mut self,
        rule: &'static lind_model::difference::PairRule,
        things: [&Thing; 2],
        words: [String; 2],
    ) {
        let [old, new] = &words;
        self.aspect(rule, things, [old, new], words.clone());
    }

    fn toxicity(&mut self, things: [&Thing; 2], rules_of: [&Escalation; 2]) {
        let [old, new] = rules_of;
        let protocols = [self.protocol(Which::Old), self.protocol(Which::New)];
        let [old_protocol, new_protocol] = protocols;
        let windows = [
            self.optional_window(Which::Old, old.window.as_ref()),
            self.optional_window(Which::New, new.window.as_ref()),
        ];
        let said_window = |protocol, rule: &Escalation| match &rule.window {
            Some(own) => window(protocol, own),
            None => "not stated".to_owned(),
        };
        let [old_window, new_window] = &windows;
        self.aspect(
            &rules::DLT_WINDOW,
            things,
            [old_window, new_window],
            [
                said_window(old_protocol, old),
                said_window(new_protocol, new),
            ],
        );
        let meaning = |this: &mut Self, which, rule: &Escalation| {
            let asked = rule.toxicity.map(|id| this.asked(which, id));
            asked.unwrap_or_default()
        };
        let keys = [
            meaning(self, Which::Old, old),
            meaning(self, Which::New, new),
        ];
        let conditions = [
            asked_condition(old_protocol, old.toxicity),
            asked_condition(new_protocol, new.toxicity),
        ];
        let [old_key, new_key] = &keys;
        self.aspect(
            &rules::DLT_DEFINITION,
            things,
            [old_key, new_key],
            two_conditions(protocols, conditions),
        );
        let population = |this: &Self, which, rule: &Escalation| {
            let populations = &this.protocol(which).trial.populations;
            let own = rule.evaluable.and_then(|id| populations.get(id.index()));
            own.map(|own| this.key(which, "population", &own.name).to_string())
        };
        let words = |name: Option<String>| {
            name.map_or_else(|| "not stated".to_owned(), |name| spoken(&name))
        };
        let keys = [
            population(self, Which::Old, old),
            population(self, Which::New, new),
        ];
        self.plain(&rules::DLT_EVALUABILITY, things, keys.map(words));
    }

    /// Designs of the same day are compared, table with table row by row; what else there is, as a whole.
    fn designs(&mut self, things: [&Thing; 2], both: [&Escalation; 2]) {
        let [old, new] = both;
        let days = |rule: &Escalation| -> Vec<Option<Day>> {
            rule.designs.iter().map(|(from, _)| *from).collect()
        };
        let names = |rule: &Escalation| -> Vec<&'static str> {
            let designs = rule.designs.iter();
            designs.map(|(_, design)| design.name()).collect()
        };
        if days(old) != days(new) || names(old) != names(new) {
            let words = [designs(old).join("; "), designs(new).join("; ")];
            self.plain(&rules::ESCALATION_DESIGN, things, words);
            return;
        }
        for ((from, one), (_, other)) in old.designs.iter().zip(&new.designs) {
            if let (Design::Table(one), Design::Table(other)) = (one, other) {
                self.rows(*from, things, [one, other]);
                continue;
            }
            self.plain(
                &rules::ESCALATION_DESIGN,
                things,
                [dated(*from, design(one)), dated(*from, design(other))],
            );
            let safety = |own: &Design| own.safety().map(stopping).unwrap_or_default();
            self.plain(
                &rules::ESCALATION_STOPPING,
                things,
                [dated(*from, safety(one)), dated(*from, safety(other))],
            );
        }
    }

    fn rows(&mut self, from: Option<Day>, things: [&Thing; 2], tables: [&DecisionTable; 2]) {
        let [old_thing, new_thing] = things;
        let rows = |table: &DecisionTable, thing: &Thing| -> Vec<Thing> {
            let rows = table.rows().iter().map(|own| Thing {
                name: dated(from, format!("after {}", own.evaluable)).into(),
                title: Arc::clone(&new_thing.title),
                content: String::new(),
                words: row(own),
                span: thing.span,
            });
            rows.collect()
        };
        let [old, new] = tables;
        let (old, new) = (rows(old, old_thing), rows(new, new_thing));
        for both in self.things(&ROWS, &old, &new) {
            if let Some([old, new]) = two(&old, &new, both) {
                let words = [old.words.clone(), new.words.clone()];
                self.plain(&rules::ROW_CHANGED, [old, new], words);
            }
        }
    }

    pub(super) fn gradings(&mut self) {
        self.toxicity_scale();
        let old_gradings = &self.protocol(Which::Old).trial.gradings;
        let new_gradings = &self.protocol(Which::New).trial.gradings;
        let old = self.gradings_of(Which::Old, old_gradings);
        let new = self.gradings_of(Which::New, new_gradings);
        for both in self.own_things(&GRADINGS, &old, &new) {
            let (Some(pair), Some([old_grading, new_grading])) =
                (two(&old, &new, both), two(old_gradings, new_gradings, both))
            else {
                continue;
            };
            let [old, new] = pair;
            self.plain(
                &rules::GRADING_SCALE,
                pair,
                [scale_of(old_grading), scale_of(new_grading)],
            );
            let words = [old.words.clone(), new.words.clone()];
            self.aspect(
                &rules::GRADING_CHANGED,
                pair,
                [&old.content, &new.content],
                words,
            );
        }
    }

    fn gradings_of(&mut self, which: Which, gradings: &[Grading]) -> Vec<Thing> {
        let protocol = self.protocol(which);
        let gradings = gradings.iter().map(|grading| {
            let mut content = Vec::new();
            let mut words = Vec::new();
            for line in &grading.lines {
                content.push(format!("{} {}", line.grade, self.asked(which, line.asked)));
                if let Some(asked) = protocol.asked.get(line.asked.index()) {
                    let said = said(protocol, &asked.condition);
                    words.push(format!("grade {}: {said}", line.grade));
                }
            }
            Thing {
                name: Arc::clone(&grading.name),
                title: Arc::clone(&grading.title),
                content: content.join("; "),
                words: words.join("; "),
                span: Some(grading.span),
            }
        });
        gradings.collect()
    }

    fn toxicity_scale(&mut self) {
        let of = |which| self.protocol(which).trial.toxicity_scale.as_ref();
        let (old, new) = (of(Which::Old), of(Which::New));
        let words = |scale: Option<&Scale>| match scale {
            Some(scale) => scale_words(&scale.name, scale.version.as_ref()),
            None => "not stated".to_owned(),
        };
        let name: Arc<str> = new
            .or(old)
            .map_or_else(|| Arc::from(""), |own| Arc::clone(&own.name));
        let thing = |scale: Option<&Scale>| Thing {
            name: Arc::clone(&name),
            title: Arc::clone(&name),
            content: String::new(),
            words: String::new(),
            span: scale.map(|scale| scale.span),
        };
        let things = [&thing(old), &thing(new)];
        self.plain(&rules::TOXICITY_SCALE, things, [words(old), words(new)]);
    }
}

fn scale_of(grading: &Grading) -> String {
    scale_words(&grading.scale, grading.version.as_ref())
}

fn scale_words(name: &str, version: Option<&Arc<str>>) -> String {
    match version {
        Some(version) => format!("{name} version {version}"),
        None => name.to_owned(),
    }
}

fn dated(from: Option<Day>, words: String) -> String {
    match from {
        Some(from) => format!("from {from} on: {words}"),
        None => words,
    }
}

/// Each design with its parameters and when it stops.
fn designs(rule: &Escalation) -> Vec<String> {
    rule.designs
        .iter()
        .map(|(from, own)| dated(*from, design(own)))
        .collect()
}

fn cohort_words(least: u32, most: u32) -> String {
    if least == most {
        format!("cohorts of {least}")
    } else {
        format!("cohorts of {least} to {most}")
    }
}

fn stagger(own: &Stagger) -> String {
    let mut parts = Vec::new();
    if let Some(offset) = own.first_of_level {
        parts.push(format!(
            "at least {offset} between the first two of a level"
        ));
    }
    if let Some(offset) = own.others {
        parts.push(format!("at least {offset} between any two"));
    }
    if own.after_window {
        parts.push("a level opens after the window of the last participant below".to_owned());
    }
    if parts.is_empty() {
        "none stated".to_owned()
    } else {
        parts.join("; ")
    }
}
