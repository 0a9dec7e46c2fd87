//! Readings, judgements, definitions, and what the source leaves out.

use std::sync::Arc;

use lind_model::Protocol;
use lind_model::protocol::{
    Alternative, AlternativeContent, Definition, Judgement, MonthRule, Reading,
};

use super::conditions::{said, two_conditions};
use super::words::spoken;
use super::{Pairing, Thing, ThingRules, rules, two};
use crate::questions::Which;

const READINGS: ThingRules = ThingRules {
    added: &rules::READING_ADDED,
    removed: &rules::READING_REMOVED,
    renamed: Some(&rules::READING_RENAMED),
    reworded: Some(&rules::READING_REWORDED),
};

const JUDGEMENTS: ThingRules = ThingRules {
    added: &rules::JUDGEMENT_ADDED,
    removed: &rules::JUDGEMENT_REMOVED,
    renamed: Some(&rules::JUDGEMENT_RENAMED),
    reworded: Some(&rules::JUDGEMENT_REWORDED),
};

const DEFINITIONS: ThingRules = ThingRules {
    added: &rules::DEFINITION_ADDED,
    removed: &rules::DEFINITION_REMOVED,
    renamed: Some(&rules::DEFINITION_RENAMED),
    reworded: Some(&rules::DEFINITION_REWORDED),
};

/// A topic is what its name says.
const UNSTATED: ThingRules = ThingRules {
    added: &rules::UNSTATED_ADDED,
    removed: &rules::UNSTATED_REMOVED,
    renamed: None,
    reworded: Some(&rules::UNSTATED_REWORDED),
};

impl<'p> Pairing<'p> {
    pub(super) fn readings(&mut self) {
        self.all_readings();
        self.judgements();
        self.unstated();
    }

    fn all_readings(&mut self) {
        let [old_all, new_all] =
            [Which::Old, Which::New].map(|which| &self.protocol(which).readings);
        let old = self.readings_of(Which::Old, old_all);
        let new = self.readings_of(Which::New, new_all);
        for both in self.things(&READINGS, &old, &new) {
            let (Some(pair), Some(readings)) = (two(&old, &new, both), two(old_all, new_all, both))
            else {
                continue;
            };
            let chosen = readings.map(chosen);
            let [old_chosen, new_chosen] = &chosen;
            self.aspect(
                &rules::READING_CHOICE,
                pair,
                [old_chosen, new_chosen],
                chosen.clone(),
            );
            let keys = [
                self.alternatives(Which::Old, both.old),
                self.alternatives(Which::New, both.new),
            ];
            let [old_keys, new_keys] = &keys;
            let words = self.alternative_words(readings, [old_keys, new_keys]);
            self.aspect(
                &rules::READING_ALTERNATIVES,
                pair,
                [&old_keys.join("; "), &new_keys.join("; ")],
                words,
            );
        }
    }

    fn readings_of(&mut self, which: Which, all: &[Reading]) -> Vec<Thing> {
        let all = all.iter().enumerate().map(|(place, own)| {
            let alternatives = self.alternatives(which, place).join("; ");
            let names: Vec<String> = own
                .alternatives
                .iter()
                .map(|own| spoken(&own.name))
                .collect();
            Thing {
                name: Arc::clone(&own.name),
                title: Arc::clone(&own.question),
                content: format!("{alternatives} chosen {}", chosen(own)),
                words: format!("{}; chosen: {}", names.join(" or "), chosen(own)),
                span: Some(own.span),
            }
        });
        all.collect()
    }

    /// What each alternative means, by its name; their order does not matter.
    fn alternatives(&mut self, which: Which, place: usize) -> Vec<String> {
        let Some(reading) = self.protocol(which).readings.get(place) else {
            return Vec::new();
        };
        let mut keys: Vec<String> = Vec::new();
        for (number, own) in reading.alternatives.iter().enumerate() {
            let content = match &own.content {
                AlternativeContent::Label => "label".to_owned(),
                AlternativeContent::Condition(_) => {
                    let known = self.lowered(which).alternatives.get(&(place, number));
                    known.map_or_else(String::new, |known| self.meaning(which, *known))
                }
                AlternativeContent::Selector(selector) => format!("{selector:?}"),
                AlternativeContent::Months(rule) => format!("{rule:?}"),
            };
            keys.push(format!("{}: {content}", own.name));
        }
        keys.sort_unstable();
        keys
    }

    /// The alternatives that are not the same in both versions.
    fn alternative_words(&self, readings: [&Reading; 2], keys: [&Vec<String>; 2]) -> [String; 2] {
        let [old, new] = readings;
        let [old_keys, new_keys] = keys;
        let side = |which, own: &Reading, keys: &[String], others: &[String]| {
            let protocol = self.protocol(which);
            let told: Vec<String> = own
                .alternatives
                .iter()
                .filter(|own| {
                    let begins = format!("{}: ", own.name);
                    let key = keys.iter().find(|key| key.starts_with(&begins));
                    key.is_some_and(|key| !others.contains(key))
                })
                .map(|own| alternative(protocol, own))
                .collect();
            if told.is_empty() {
                "nothing besides".to_owned()
            } else {
                told.join("; ")
            }
        };
        [
            side(Which::Old, old, old_keys, new_keys),
            side(Which::New, new, new_keys, old_keys),
        ]
    }

    fn judgements(&mut self) {
        let [old_all, new_all] =
            [Which::Old, Which::New].map(|which| &self.protocol(which).judgements);
        let things = |all: &[Judgement]| -> Vec<Thing> {
            let all = all.iter().map(|own| Thing {
                name: Arc::clone(&own.name),
                title: Arc::clone(&own.title),
                content: format!("{} by {}", own.title, own.by),
                words: format!("{} (answered by {})", own.title, spoken(&own.by)),
                span: Some(own.span),
            });
            all.collect()
        };
        let (old, new) = (things(old_all), things(new_all));
        for both in self.own_things(&JUDGEMENTS, &old, &new) {
            if let (Some(pair), Some([one, other])) =
                (two(&old, &new, both), two(old_all, new_all, both))
            {
                self.aspect(
                    &rules::JUDGEMENT_CHANGED,
                    pair,
                    [&one.by, &other.by],
                    [spoken(&one.by), spoken(&other.by)],
                );
            }
        }
    }

    fn unstated(&mut self) {
        let things = |topics: &[(Arc<str>, Arc<str>)]| -> Vec<Thing> {
            let topics = topics.iter().map(|(topic, why)| Thing {
                name: Arc::clone(topic),
                title: Arc::clone(why),
                content: String::new(),
                words: why.to_string(),
                span: None,
            });
            topics.collect()
        };
        let [old, new] =
            [Which::Old, Which::New].map(|which| things(&self.protocol(which).unstated));
        self.things(&UNSTATED, &old, &new);
    }

    /// The protocol's own terms. What a library defines is told by what leans on it.
    pub(super) fn definitions(&mut self) {
        let protocols = [self.protocol(Which::Old), self.protocol(Which::New)];
        let (old_all, old) = self.definitions_of(Which::Old);
        let (new_all, new) = self.definitions_of(Which::New);
        for both in self.own_things(&DEFINITIONS, &old, &new) {
            let (Some(pair), Some([one, other])) =
                (two(&old, &new, both), two(&old_all, &new_all, both))
            else {
                continue;
            };
            let [old, new] = pair;
            self.aspect(
                &rules::DEFINITION_CHANGED,
                pair,
                [&old.content, &new.content],
                two_conditions(protocols, [Some(&one.condition), Some(&other.condition)]),
            );
        }
    }

    fn definitions_of(&mut self, which: Which) -> (Vec<&'p Definition>, Vec<Thing>) {
        let protocol = self.protocol(which);
        let first = self.lowered(which).definitions;
        let home = self.home(which);
        let states = &protocol.trial.states;
        let mut all = Vec::new();
        let mut things = Vec::new();
        for (place, own) in protocol.definitions.iter().enumerate() {
            // A state is told as such, and so is a line of a sum by whatever takes the sum.
            let is_state = states.iter().any(|state| state.term.index() == place);
            if is_state || Some(own.span.file) != home {
                continue;
            }
            all.push(own);
            things.push(Thing {
                name: Arc::clone(&own.name),
                title: own.title.clone().unwrap_or_else(|| Arc::from("")),
                content: self.meaning(which, first.saturating_add(place)),
                words: said(protocol, &own.condition),
                span: Some(own.span),
            });
        }
        (all, things)
    }
}

fn chosen(reading: &Reading) -> String {
    let own = reading.alternatives.get(reading.chosen);
    own.map_or_else(|| "none".to_owned(), |own| spoken(&own.name))
}

fn alternative(protocol: &Protocol, own: &Alternative) -> String {
    let name = spoken(&own.name);
    match &own.content {
        AlternativeContent::Label => {
            let title = own.title.as_ref();
            title.map_or_else(|| name.clone(), |title| format!("{name}: {title}"))
        }
        AlternativeContent::Condition(condition) => {
            format!("{name}: {}", said(protocol, condition))
        }
        AlternativeContent::Selector(selector) => {
            format!("{name}: the {} value", selected(*selector))
        }
        AlternativeContent::Months(MonthRule::Calendar) => format!("{name}: by the calendar"),
        AlternativeContent::Months(MonthRule::Fixed { month, year }) => {
            format!("{name}: a month is {month} days and a year {year}")
        }
    }
}

fn selected(selector: lind_model::protocol::Selector) -> &'static str {
    use lind_model::protocol::Selector;
    match selector {
        Selector::Latest => "latest",
        Selector::First => "first",
        Selector::Highest => "highest",
        Selector::Lowest => "lowest",
        Selector::Worst => "worst",
        Selector::Any => "any",
        Selector::Every => "every",
        Selector::Mean => "mean",
    }
}
