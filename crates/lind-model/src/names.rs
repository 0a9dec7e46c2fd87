//! Names under which records may be given, and whether such a record is of a set.
//!
//! A chart may say `multiple_myeloma` where another says `icd10|C90.0`. A name stands for the codes that its
//! set is declared with, so that a record under a name counts wherever its codes do.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::sync::{Arc, OnceLock};

use crate::protocol::FactTable;

/// A name under which records may be given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordName {
    /// The name.
    pub name: Arc<str>,
    /// Of which table.
    pub table: FactTable,
    /// The codes that it is declared with, those of what it includes left out. A trailing `*` stands for
    /// every code that begins so.
    pub codes: Vec<Arc<str>>,
    /// The names of all that it includes, however deep.
    pub includes: Vec<Arc<str>>,
}

/// All names under which records may be given, each once in its table.
#[derive(Debug, Clone, Default)]
pub struct Names {
    own: Vec<Arc<RecordName>>,
    library: Option<fn() -> &'static [Arc<RecordName>]>,
    /// Made once for all copies: the names never change.
    index: Arc<OnceLock<Index>>,
}

/// The names of records that are of a set, besides those that it includes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NamesOfSet {
    /// The set holds what they stand for.
    pub surely: Vec<Arc<str>>,
    /// The set holds a part of what they stand for.
    pub perhaps: Vec<Arc<str>>,
}

/// Where names and codes stand among the entries.
#[derive(Debug, Clone, Default)]
struct Index {
    names: BTreeMap<(FactTable, Arc<str>), usize>,
    codes: BTreeMap<(FactTable, Arc<str>), Vec<usize>>,
    /// By entry: itself and what it includes, of these such as are more than the sum of what they include.
    parts: BTreeMap<usize, Vec<usize>>,
    /// By such a part: the entries that it is a part of.
    holders: BTreeMap<usize, Vec<usize>>,
}

/// How much of what an entry itself is declared with a set holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Held {
    All,
    Some,
    None,
}

impl Names {
    /// These names. Of two entries for one name of a table, the first counts.
    #[must_use]
    pub fn new(own: Vec<Arc<RecordName>>) -> Self {
        Self {
            own,
            library: None,
            index: Arc::default(),
        }
    }

    /// These names, and behind them those of a library, which are asked for when they are first needed.
    #[must_use]
    pub fn with_library(
        own: Vec<Arc<RecordName>>,
        library: fn() -> &'static [Arc<RecordName>],
    ) -> Self {
        Self {
            library: Some(library),
            ..Self::new(own)
        }
    }

    /// The names; of several entries for one name the first counts.
    pub fn entries(&self) -> impl Iterator<Item = &Arc<RecordName>> {
        let library = self.library.map_or(&[][..], |library| library());
        self.own.iter().chain(library)
    }

    fn entry(&self, place: usize) -> Option<&Arc<RecordName>> {
        let behind = place.checked_sub(self.own.len());
        match behind {
            None => self.own.get(place),
            Some(behind) => self.library.and_then(|library| library().get(behind)),
        }
    }

    /// The names of records that are of a set with these codes, surely or perhaps. Those that stand among
    /// the codes are left out.
    #[must_use]
    pub fn of_set(&self, table: FactTable, codes: &[Arc<str>]) -> NamesOfSet {
        let index = self.index();
        let held = self.held(table, codes);
        let mut found = NamesOfSet::default();
        if held.is_empty() {
            return found;
        }
        let included: BTreeSet<&str> = codes.iter().map(|code| &**code).collect();
        // Of what holds nothing of the set nothing is said.
        let touched: BTreeSet<usize> = held
            .keys()
            .filter_map(|part| index.holders.get(part))
            .flatten()
            .copied()
            .collect();
        for place in touched {
            let Some(entry) = self.entry(place) else {
                continue;
            };
            if included.contains(&*entry.name) {
                continue;
            }
            let parts = index.parts.get(&place).into_iter().flatten();
            let mut parts = parts.map(|part| held.get(part).copied().unwrap_or(Held::None));
            let Some(first) = parts.next() else { continue };
            let all = parts.fold(
                first,
                |all, part| if all == part { all } else { Held::Some },
            );
            match all {
                Held::All => found.surely.push(Arc::clone(&entry.name)),
                Held::Some => found.perhaps.push(Arc::clone(&entry.name)),
                Held::None => {}
            }
        }
        found
    }

    /// Whether an entry is more than the sum of what it includes.
    fn stands_for_itself(&self, place: usize) -> bool {
        self.entry(place)
            .is_some_and(|entry| !entry.codes.is_empty() || entry.includes.is_empty())
    }

    /// The entries of which a set holds something, by their own codes alone.
    fn held(&self, table: FactTable, codes: &[Arc<str>]) -> BTreeMap<usize, Held> {
        let index = self.index();
        // By entry: its codes that are held. One that stands for more than the set's codes is not.
        let mut touched: BTreeMap<usize, BTreeSet<&str>> = BTreeMap::new();
        let mut named: Vec<usize> = Vec::new();
        for code in codes {
            if !code.contains('|') {
                named.extend(index.names.get(&(table, Arc::clone(code))).copied());
                continue;
            }
            let beginning = code.strip_suffix('*');
            let text = beginning.unwrap_or(code);
            let from = Bound::Included((table, Arc::from(text)));
            let inside =
                index
                    .codes
                    .range((from, Bound::Unbounded))
                    .take_while(|((of, other), _)| {
                        *of == table
                            && match beginning {
                                Some(beginning) => other.starts_with(beginning),
                                None => other == code,
                            }
                    });
            for ((_, other), places) in inside {
                for place in places {
                    touched.entry(*place).or_default().insert(other);
                }
            }
        }
        let mut held: BTreeMap<usize, Held> = touched
            .into_iter()
            .filter_map(|(place, codes)| Some((place, by_system(self.entry(place)?, &codes))))
            .collect();
        held.extend(named.into_iter().map(|place| (place, Held::All)));
        held
    }

    fn index(&self) -> &Index {
        self.index.get_or_init(|| {
            let mut index = Index::default();
            for (place, entry) in self.entries().enumerate() {
                let key = (entry.table, Arc::clone(&entry.name));
                if *index.names.entry(key).or_insert(place) != place {
                    continue;
                }
                for code in &entry.codes {
                    let key = (entry.table, Arc::clone(code));
                    index.codes.entry(key).or_default().push(place);
                }
            }
            for ((table, name), place) in &index.names {
                let Some(entry) = self.entry(*place) else {
                    continue;
                };
                let own = std::iter::once(name).chain(&entry.includes);
                let parts: Vec<usize> = own
                    .filter_map(|name| index.names.get(&(*table, Arc::clone(name))).copied())
                    .filter(|part| self.stands_for_itself(*part))
                    .collect();
                for part in &parts {
                    index.holders.entry(*part).or_default().push(*place);
                }
                index.parts.insert(*place, parts);
            }
            index
        })
    }
}

/// How much of an entry is held, of which these codes are: everything, if in one code system all of them are
/// held and in none only some.
fn by_system(entry: &RecordName, touched: &BTreeSet<&str>) -> Held {
    let mut systems: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for code in &entry.codes {
        let system = code.split_once('|').map_or("", |(system, _)| system);
        let (held, all) = systems.entry(system).or_default();
        *held += usize::from(touched.contains(&**code));
        *all += 1;
    }
    if systems.values().any(|(held, all)| *held > 0 && held < all) {
        Held::Some
    } else {
        Held::All
    }
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::indexing_slicing,
        reason = "tests fail by panicking"
    )]
    use super::*;

    fn name(name: &str, codes: &[&str], includes: &[&str]) -> Arc<RecordName> {
        Arc::new(RecordName {
            name: Arc::from(name),
            table: FactTable::Conditions,
            codes: texts(codes),
            includes: texts(includes),
        })
    }

    fn texts(texts: &[&str]) -> Vec<Arc<str>> {
        texts.iter().map(|text| Arc::from(*text)).collect()
    }

    /// The names of a set with these codes: `surely | perhaps`.
    fn of_set(names: &[Arc<RecordName>], codes: &[&str]) -> String {
        let found = Names::new(names.to_vec()).of_set(FactTable::Conditions, &texts(codes));
        format!("{} | {}", found.surely.join(" "), found.perhaps.join(" "))
    }

    fn tumours() -> Vec<Arc<RecordName>> {
        vec![
            name("myeloma", &["icd10|C90.0*", "snomed|109989006"], &[]),
            name("melanoma", &["icd10|C43*", "icd10|D03*"], &[]),
            name("goitre", &["icd10|E04*"], &[]),
            name("lymphoma", &["icd10|C8*"], &[]),
            name("blood", &[], &["myeloma", "lymphoma"]),
            name(
                "blood_or_goitre",
                &[],
                &["blood", "myeloma", "lymphoma", "goitre"],
            ),
            name("lump", &[], &[]),
        ]
    }

    #[test]
    fn a_name_is_of_a_set_that_holds_all_its_codes() {
        let names = tumours();
        assert_eq!(
            of_set(&names, &["malignancy", "icd10|C*"]),
            "myeloma lymphoma blood | melanoma blood_or_goitre"
        );
        assert_eq!(of_set(&names, &["icd10|C4*", "icd10|D0*"]), "melanoma | ");
        assert_eq!(of_set(&names, &["icd10|Z*"]), " | ");
        // A name that the set includes is no news, and what consists of it and of others may be of it.
        assert_eq!(of_set(&names, &["goitre"]), " | blood_or_goitre");
        assert_eq!(of_set(&names, &["lump"]), " | ");
    }

    #[test]
    fn a_set_that_holds_less_holds_a_part() {
        let names = tumours();
        assert_eq!(of_set(&names, &["icd10|C43*"]), " | melanoma");
        assert_eq!(
            of_set(&names, &["icd10|C8*"]),
            "lymphoma | blood blood_or_goitre"
        );
        // A more general code is not one of the more special, here as in a chart.
        assert_eq!(of_set(&names, &["icd10|C81*"]), " | ");
        // One system holds all of it, another nothing: the record could have been given in the first.
        assert_eq!(
            of_set(&names, &["icd10|C90*", "snomed|1"]),
            "myeloma | blood blood_or_goitre"
        );
    }

    #[test]
    fn of_two_entries_for_one_name_the_first_counts() {
        let names = [name("x", &["icd10|A*"], &[]), name("x", &["icd10|B*"], &[])];
        assert_eq!(of_set(&names, &["icd10|A*"]), "x | ");
        assert_eq!(of_set(&names, &["icd10|B*"]), " | ");
    }
}
