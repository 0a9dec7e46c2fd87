//! What the sets of codes that a protocol asks for stand for.

use lind_model::protocol::{CodeSet, FactTable};
use lind_model::{SetId, Uses};

use crate::doc::{Entry, Said, Teller};

/// How many codes are told of one set, and how many members.
const MOST_CODES: usize = 12;
const MOST_MEMBERS: usize = 12;

impl Teller<'_> {
    /// Every set that a criterion names.
    pub(super) fn sets(self) -> Vec<Entry> {
        let uses = Uses::of(self.protocol);
        let set = |id: &SetId| self.protocol.sets.get(id.index());
        let mut sets: Vec<&CodeSet> = uses.sets.keys().filter_map(set).collect();
        sets.sort_by(|one, other| (one.table, &one.name).cmp(&(other.table, &other.name)));
        // A union of sets that stands in a criterion has the same words wherever it stands.
        sets.dedup_by(|one, other| one.name == other.name);
        sets.into_iter().map(|set| self.code_set(set)).collect()
    }

    fn code_set(self, set: &CodeSet) -> Entry {
        let title = set
            .title
            .as_ref()
            .map_or_else(String::new, |title| format!(", {title}"));
        let mut said = Vec::new();
        let members: Vec<&str> = set
            .members
            .iter()
            .filter_map(|member| self.protocol.sets.get(member.index()))
            .map(|member| &*member.name)
            .filter(|name| *name != &*set.name)
            .collect();
        if !members.is_empty() {
            said.push(Said::new(format!(
                "includes {}",
                some_of(&members, MOST_MEMBERS)
            )));
        }
        let codes: Vec<&str> = set
            .codes
            .iter()
            .map(|code| &**code)
            .filter(|code| code.contains('|'))
            .collect();
        // `icd10|C50*` says nothing beside `icd10|C*`.
        let covered = |code: &str| {
            codes.iter().any(|other| {
                let start = other.strip_suffix('*');
                *other != code && start.is_some_and(|start| code.starts_with(start))
            })
        };
        let codes: Vec<&str> = codes
            .iter()
            .copied()
            .filter(|code| !covered(code))
            .collect();
        said.push(Said::new(if codes.is_empty() {
            "has no codes: only records under this name count".to_owned()
        } else {
            format!("codes {}", some_of(&codes, MOST_CODES))
        }));
        if let Some(what) = &set.unverified {
            said.push(Said::new(format!("not verified: {what}")));
        }
        Entry {
            head: format!("{}{title} ({})", set.name, table_word(set.table)),
            said,
        }
    }
}

/// The first of some words, and how many more there are.
fn some_of(words: &[&str], most: usize) -> String {
    let told = words
        .get(..most.min(words.len()))
        .unwrap_or_default()
        .join(", ");
    match words.len().saturating_sub(most) {
        0 => told,
        more => format!("{told} and {more} more"),
    }
}

fn table_word(table: FactTable) -> &'static str {
    match table {
        FactTable::Conditions => "conditions",
        FactTable::Treatments => "treatments",
        FactTable::Procedures => "procedures",
        FactTable::Allergies => "allergies",
        // No set has codes of results.
        FactTable::Results => "results",
        FactTable::AdverseEvents => "adverse events",
    }
}
