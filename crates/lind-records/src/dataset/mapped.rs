//! What the mapping file says of a data set, and what came of it.

use std::sync::Arc;

use super::Dataset;
use crate::chart::{MilestoneRow, SetAside};
use crate::codes::{Lookup, Pattern};
use crate::feed::Feed;
use crate::mapping::{MappingUse, MilestoneRule, RuleId, Settled, Settling};
use crate::person::Person;
use crate::{Problem, Table, rules};

impl Dataset {
    /// A milestone that the mapping file takes from the patient's records.
    pub(super) fn settled(
        &mut self,
        rule: &MilestoneRule,
        settling: &Settling,
        person: &mut Person,
    ) -> Option<MilestoneRow> {
        let dictionary = &mut self.names.dictionary;
        let code = match self.feeds.get_mut(&Table::Milestones) {
            Some(feed) => feed.code(&rule.name, dictionary),
            None => match self.milestones.look_up(&rule.name, dictionary) {
                Lookup::Wanted(code) => Some(code),
                _ => None,
            },
        };
        let code = code?;
        for _ in 0..settling.count() {
            self.names.uses.count(rule.id);
        }
        match settling.settle(rule) {
            Settled::Nothing => None,
            Settled::At(found) => found.time().map(|time| MilestoneRow {
                code,
                time,
                at: found.place(),
            }),
            Settled::Unclear(at, message) => {
                let problem = Problem {
                    rule: &rules::D0768_UNSETTLED_MILESTONE,
                    file: person.sources.file(at).to_owned(),
                    line: at.line,
                    record: person.sources.record(at).map(str::to_owned),
                    column: None,
                    column_number: None,
                    message,
                };
                person.set_aside.push(SetAside {
                    table: Table::Milestones,
                    code: Some(code),
                    concepts: self.names.dictionary.concepts(code).into(),
                    column: None,
                    time: None,
                    problem: self.recorder.record(problem),
                    at,
                });
                None
            }
        }
    }

    /// Says which lines of the mapping file name what the data do not have. Nothing is said of those
    /// that serve other questions.
    pub(super) fn tell_unused(&mut self) {
        let books = || self.feeds.values().map(Feed::codes);
        let met = |rule: RuleId| books().any(|book| book.met().contains(&rule));
        let looks_for_system =
            |system: &str| books().any(|book| book.systems().iter().any(|other| other == system));
        let mapping = Arc::clone(&self.settings.mapping);
        let everything = self.looked_for.asks_for_everything();
        let is_asked = |code: Option<&Pattern>, tables: &[Table]| {
            tables.iter().any(|table| {
                everything
                    || code.is_some_and(|code| {
                        let asked = self.looked_for.codes.get(table).into_iter().flatten();
                        let mut asked = asked.map(|(pattern, _)| pattern);
                        asked.any(|asked| asked.covers(code) || code.covers(asked))
                    })
            })
        };
        let mut unused = Vec::new();
        for rule in mapping.systems.values() {
            let is_asked = everything || looks_for_system(&rule.other);
            unused.extend((is_asked && !met(rule.id)).then_some(rule.id));
        }
        for rule in &mapping.codes {
            let renamings = self.looked_for.renamings.values();
            let mut mapped = renamings.flat_map(|renaming| &renaming.mapped);
            let is_asked = mapped.any(|mapped| mapped.rule == rule.id && mapped.is_asked);
            unused.extend((is_asked && !met(rule.id)).then_some(rule.id));
        }
        let rows = [Table::Observations, Table::Treatments];
        for rule in &mapping.units {
            let is_used = self.names.uses.of(rule.id) > 0;
            let is_asked = is_asked(rule.code.as_ref(), &rows);
            unused.extend((is_asked && !is_used).then_some(rule.id));
        }
        for rule in &mapping.ranges {
            let is_used = self.names.uses.of(rule.id) > 0;
            let is_asked = is_asked(Some(&rule.code), &[Table::Observations]);
            unused.extend((is_asked && !is_used).then_some(rule.id));
        }
        for rule in &mapping.milestones {
            let is_used = self.names.uses.of(rule.id) > 0;
            let is_asked = !self.milestones.concepts(&rule.name).is_empty();
            unused.extend((is_asked && !is_used).then_some(rule.id));
        }
        for rule in &mapping.moves {
            let is_used = self.names.uses.of(rule.id) > 0;
            let is_asked = is_asked(Some(&rule.code), &[rule.to]);
            unused.extend((is_asked && !is_used).then_some(rule.id));
        }
        for rule in &mapping.columns {
            let is_used = self.names.uses.of(rule.id) > 0;
            unused.extend((!is_used).then_some(rule.id));
        }
        if let Some(rule) = mapping.supply {
            let is_used = self.names.uses.of(rule) > 0;
            let is_asked = !self.looked_for.book(Table::Treatments).is_empty();
            unused.extend((is_asked && !is_used).then_some(rule));
        }
        for (rule, told) in mapping.told(&self.names.uses) {
            if unused.contains(&rule) {
                let nothing = match told.section {
                    "columns" => "no record has it",
                    _ => "there is no such row",
                };
                let message = format!("{}, and {nothing}", told.says);
                self.recorder.record(Problem {
                    rule: &rules::D0764_UNUSED_MAPPING,
                    file: mapping.file.to_string(),
                    line: told.line,
                    record: None,
                    column: None,
                    column_number: None,
                    message,
                });
            }
        }
    }

    /// What the mapping file says, and for how many rows that was used until now. It is complete
    /// after the last chart.
    #[must_use]
    pub fn mapping_uses(&self) -> Vec<MappingUse> {
        let told = self.settings.mapping.told(&self.names.uses);
        told.into_iter().map(|(_, told)| told).collect()
    }
}
