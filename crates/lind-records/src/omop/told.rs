//! What is counted and told once.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::excerpt::{list, quoted};
use crate::intake::Intake;
use crate::rules;

/// How many distinct values, and distinct concepts, are remembered.
const MOST: usize = 1 << 16;

/// How many of them are shown.
const SHOWN: usize = 5;

/// What is told once of each file.
#[derive(Debug, Default)]
pub(super) struct Told {
    without_concept: BTreeMap<String, (u64, HashMap<Box<str>, u64>)>,
    unknown: BTreeMap<String, (u64, BTreeSet<i64>)>,
}

impl Told {
    /// A row that no standard concept was found for.
    pub(super) fn without_concept(&mut self, file: &str, source_value: &str) {
        let (rows, values) = entry(&mut self.without_concept, file);
        *rows += 1;
        if let Some(count) = values.get_mut(source_value) {
            *count += 1;
        } else if values.len() < MOST {
            values.insert(source_value.into(), 1);
        }
    }

    /// A row whose concept is not in the vocabulary.
    pub(super) fn unknown(&mut self, file: &str, id: i64) {
        let (rows, ids) = entry(&mut self.unknown, file);
        *rows += 1;
        if ids.len() < MOST {
            ids.insert(id);
        }
    }

    pub(super) fn tell(self, intake: &mut Intake) {
        for (file, (count, values)) in self.without_concept {
            let mut values: Vec<(Box<str>, u64)> = values.into_iter().collect();
            values.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
            let shown: Vec<String> = values
                .iter()
                .map(|(value, count)| {
                    let value = if value.is_empty() {
                        "nothing".to_owned()
                    } else {
                        quoted(value)
                    };
                    format!("{value} ({count})")
                })
                .collect();
            let message = format!(
                "{} of {} without a standard concept (0); what the source wrote: {}. Such rows count \
                 under their source concept, or under `omop_source|` and what the source wrote",
                rows(count),
                quoted(&file),
                list(&shown, SHOWN)
            );
            intake.remark(&rules::D0804_NO_CONCEPT, &file, 1, message);
        }
        for (file, (count, ids)) in self.unknown {
            let shown: Vec<String> = ids.iter().map(i64::to_string).collect();
            let message = format!(
                "{} of {} with a concept that the vocabulary given does not name: {}. Such rows count \
                 under `omop|` and the number alone",
                rows(count),
                quoted(&file),
                list(&shown, SHOWN)
            );
            intake.remark(&rules::D0805_CONCEPTS_UNKNOWN, &file, 1, message);
        }
    }
}

fn entry<'m, T: Default>(map: &'m mut BTreeMap<String, T>, file: &str) -> &'m mut T {
    if !map.contains_key(file) {
        map.insert(file.to_owned(), T::default());
    }
    map.entry(file.to_owned()).or_default()
}

pub(super) fn rows(count: u64) -> String {
    match count {
        1 => "1 row".to_owned(),
        count => format!("{count} rows"),
    }
}
