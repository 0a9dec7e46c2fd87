//! What the rules of the mapping were used for.

use std::collections::BTreeMap;

use super::{Mapping, RuleId};
use crate::excerpt::{list, quoted};

/// A rule of the mapping file, and how many rows it was used for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MappingUse {
    /// The line on which it stands.
    pub line: u32,
    /// The section: `systems`, `codes`, `columns`, `units`, `ranges`, `milestones`, or that of a table
    /// into which rows are moved.
    pub section: &'static str,
    /// What it says, in words.
    pub says: String,
    /// For how many rows it was used.
    pub rows: u64,
}

/// How often each rule was used.
#[derive(Clone, Debug, Default)]
pub(crate) struct Uses {
    counts: BTreeMap<RuleId, u64>,
}

impl Uses {
    pub(crate) fn count(&mut self, rule: RuleId) {
        *self.counts.entry(rule).or_default() += 1;
    }

    /// Adds the uses that another reader of the same data counted.
    pub(crate) fn add(&mut self, other: &Uses) {
        for (rule, count) in &other.counts {
            *self.counts.entry(*rule).or_default() += count;
        }
    }

    pub(crate) fn count_rows(&mut self, rule: RuleId, rows: u64) {
        *self.counts.entry(rule).or_default() += rows;
    }

    pub(crate) fn of(&self, rule: RuleId) -> u64 {
        self.counts.get(&rule).copied().unwrap_or_default()
    }
}

impl Mapping {
    /// Every rule in the order of the file, with its number.
    pub(crate) fn told(&self, uses: &Uses) -> Vec<(RuleId, MappingUse)> {
        let told = |rule: RuleId, section: &'static str, says: String| {
            let told = MappingUse {
                line: self.line(rule),
                section,
                says,
                rows: uses.of(rule),
            };
            (rule, told)
        };
        let mut all = Vec::new();
        for (system, rule) in &self.systems {
            let says = format!(
                "codes of {} are read as {}",
                quoted(system),
                quoted(&rule.other)
            );
            all.push(told(rule.id, "systems", says));
        }
        for rule in &self.codes {
            let others: Vec<String> = rule.others.iter().map(|other| quoted(other)).collect();
            let says = format!(
                "rows of {} count as {}",
                quoted(&rule.code.written()),
                list(&others, 3)
            );
            all.push(told(rule.id, "codes", says));
        }
        for rule in &self.units {
            let of = match &rule.code {
                Some(code) => format!(" in rows of {}", quoted(&code.written())),
                None => String::new(),
            };
            let unit = quoted(&rule.unit);
            let says = match &*rule.spelling {
                "" => format!("no unit is read as {unit}{of}"),
                spelling => format!("{} is read as {unit}{of}", quoted(spelling)),
            };
            all.push(told(rule.id, "units", says));
        }
        for rule in &self.ranges {
            let limit = |limit: &Option<lind_units::Decimal>| match limit {
                Some(limit) => limit.to_string(),
                None => "no limit".to_owned(),
            };
            let unit = rule
                .unit
                .as_ref()
                .map_or(String::new(), |unit| format!(" {}", unit.written()));
            let whose = rule.sex.map_or(String::new(), |sex| format!(" ({sex})"));
            let says = format!(
                "rows of {} without limits have {} to {}{unit}{whose}",
                quoted(&rule.code.written()),
                limit(&rule.low),
                limit(&rule.high)
            );
            all.push(told(rule.id, "ranges", says));
        }
        for rule in &self.milestones {
            let tables: Vec<&str> = rule.from.iter().map(|table| table.name()).collect();
            let codes: Vec<String> = rule.codes.iter().map(|code| quoted(code)).collect();
            let says = format!(
                "{} is taken from {} of {}",
                quoted(&rule.name),
                list(&codes, 3),
                list(&tables, tables.len())
            );
            all.push(told(rule.id, "milestones", says));
        }
        for rule in &self.moves {
            let says = format!(
                "rows of {} in {} are rows of {}",
                quoted(&rule.code.written()),
                rule.from,
                rule.to
            );
            all.push(told(rule.id, rule.to.name(), says));
        }
        for rule in &self.columns {
            let says = format!(
                "{} is the column `{}` of the record that it is said of",
                quoted(&rule.said_in),
                rule.column
            );
            all.push(told(rule.id, "columns", says));
        }
        if let Some(rule) = self.supply {
            let says = "the dose is what was supplied, over the days that it was for";
            all.push(told(rule, "treatments", says.to_owned()));
        }
        all.sort_by_key(|(_, told)| told.line);
        all
    }
}
