//! Names under which records may be given: those of the sets of the files, and of the whole standard library.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

use lind_model::protocol::FactTable;
use lind_model::{Names, RecordName};

use crate::library::STANDARD_MODULES;

/// The names of the standard library. Its modules are read line by line, for few of them are used by a
/// protocol, and data may hold the names of any.
static LIBRARY: LazyLock<Vec<Arc<RecordName>>> = LazyLock::new(|| {
    let mut sets = Vec::new();
    for (_, _, text) in STANDARD_MODULES {
        declared(text, &mut sets);
    }
    named(&sets)
});

/// A set as a module declares it.
struct Declared<'t> {
    name: &'t str,
    table: FactTable,
    codes: Vec<&'t str>,
    includes: Vec<&'t str>,
}

/// The names of the files, and those of the standard library that the files declare nothing else under.
pub(crate) fn record_names(own: Vec<Arc<RecordName>>) -> Names {
    Names::with_library(own, || &LIBRARY)
}

/// The sets that a module declares. A list may go on in the next line behind a comma.
fn declared<'t>(text: &'t str, sets: &mut Vec<Declared<'t>>) {
    let mut field = "";
    let mut is_open = false;
    for line in text.lines() {
        let line = line.split('#').next().unwrap_or_default();
        if !line.starts_with(' ') {
            let mut words = line.split_whitespace();
            let table = words.next().and_then(table_of);
            field = "";
            if let (Some(table), Some(name)) = (table, words.next()) {
                field = "head";
                sets.push(Declared {
                    name,
                    table,
                    codes: Vec::new(),
                    includes: Vec::new(),
                });
            }
            continue;
        }
        let line = line.trim();
        if field.is_empty() || line.is_empty() {
            continue;
        }
        let list = if is_open {
            line
        } else {
            let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
            field = word;
            rest
        };
        let Some(set) = sets.last_mut() else { continue };
        let into = match field {
            "code" => &mut set.codes,
            "includes" => &mut set.includes,
            _ => continue,
        };
        into.extend(
            list.split(',')
                .map(str::trim)
                .filter(|item| !item.is_empty()),
        );
        is_open = list.ends_with(',');
    }
}

fn table_of(word: &str) -> Option<FactTable> {
    Some(match word {
        "condition" => FactTable::Conditions,
        "treatment" => FactTable::Treatments,
        "procedure" => FactTable::Procedures,
        "allergy" => FactTable::Allergies,
        "event" => FactTable::AdverseEvents,
        _ => return None,
    })
}

/// The sets with the names of all that they include, however deep. No two modules of the standard library
/// declare a set under the same name.
fn named(sets: &[Declared<'_>]) -> Vec<Arc<RecordName>> {
    let places: BTreeMap<(FactTable, &str), &Declared<'_>> = sets
        .iter()
        .map(|set| ((set.table, set.name), set))
        .collect();
    let texts = |texts: &[&str]| texts.iter().map(|text| Arc::from(*text)).collect();
    sets.iter()
        .map(|set| {
            let mut all: BTreeSet<&str> = BTreeSet::new();
            let mut open: Vec<&str> = set.includes.clone();
            while let Some(name) = open.pop() {
                if name != set.name
                    && all.insert(name)
                    && let Some(inner) = places.get(&(set.table, name))
                {
                    open.extend(&inner.includes);
                }
            }
            Arc::new(RecordName {
                name: Arc::from(set.name),
                table: set.table,
                codes: texts(&set.codes),
                includes: all.into_iter().map(Arc::from).collect(),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;
    use lind_syntax::tree::{FieldKind, Item};

    #[test]
    fn what_is_read_line_by_line_is_what_the_parser_reads() {
        for (path, file, text) in STANDARD_MODULES {
            let mut found = Vec::new();
            declared(text, &mut found);
            let mut files = lind_diagnostics::Files::default();
            let root = files.add(*file, *text);
            let tree = lind_syntax::parse(root, text).tree;
            let parsed: Vec<_> = tree
                .items
                .iter()
                .filter_map(|item| match item {
                    Item::CodeSet(set) => Some(set),
                    _ => None,
                })
                .collect();
            assert_eq!(parsed.len(), found.len(), "{path}");
            for (parsed, found) in parsed.iter().zip(&found) {
                let mut codes = Vec::new();
                let mut includes = Vec::new();
                for field in &parsed.fields {
                    match &field.kind {
                        FieldKind::Codes(list) => {
                            codes.extend(list.iter().map(|code| code.text.as_str()));
                        }
                        FieldKind::Includes(list) => {
                            includes.extend(list.iter().map(|name| name.text.as_str()));
                        }
                        _ => {}
                    }
                }
                assert_eq!(parsed.name.text, found.name);
                assert_eq!(crate::declarations::fact_table(parsed.kind), found.table);
                assert_eq!(codes, found.codes, "{path}: {}", found.name);
                assert_eq!(includes, found.includes, "{path}: {}", found.name);
            }
        }
    }

    #[test]
    fn no_name_of_a_set_is_declared_twice() {
        let mut names = BTreeSet::new();
        for entry in LIBRARY.iter() {
            assert!(names.insert((entry.table, &entry.name)), "{}", entry.name);
        }
        assert!(names.len() > 800);
    }
}
