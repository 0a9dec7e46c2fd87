//! Comparing codes.
//!
//! A code is compared letter by letter, but for the capitals of its system: `ICD10|C44` is
//! `icd10|C44`. A code that is written nearly as one that is looked for (`icd10|c44`, `C44`,
//! `icd10|E804`) is neither taken for it nor passed over: a fact would silently be there or not.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use crate::defect::Defect;
use crate::excerpt::{list, quoted};
use crate::found::CODE_END;
use crate::mapping::{CodeRules, Mapped, Renaming, RuleId};
use crate::names::WordMap;
use crate::place::Place;
use crate::problem::{Once, Recorder};
use crate::table::CODE;
use crate::{CodeId, ConceptId, Dictionary, rules};

/// How many distinct codes that are of no use are remembered.
const MOST_REMEMBERED: usize = 1 << 16;

/// A code, or the beginning of codes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pattern {
    /// Folded; without the asterisk.
    text: String,
    is_prefix: bool,
}

impl Pattern {
    /// Reads `icd10|C44` or `icd10|C*`.
    pub(crate) fn new(written: &str) -> Self {
        let folded = fold(written);
        match folded.strip_suffix('*') {
            Some(prefix) => Pattern {
                text: prefix.trim_end().to_owned(),
                is_prefix: true,
            },
            None => Pattern {
                text: folded,
                is_prefix: false,
            },
        }
    }

    /// All codes.
    pub(crate) fn everything() -> Self {
        Pattern {
            text: String::new(),
            is_prefix: true,
        }
    }

    pub(crate) fn matches(&self, folded: &str) -> bool {
        if self.is_prefix {
            folded.starts_with(&self.text)
        } else {
            folded == self.text
        }
    }

    /// Whether every code of `other` is one of this.
    pub(crate) fn covers(&self, other: &Pattern) -> bool {
        (self.is_prefix || !other.is_prefix) && self.matches(&other.text)
    }

    /// How much of the code is fixed.
    pub(crate) fn precision(&self) -> (usize, bool) {
        (self.text.len(), !self.is_prefix)
    }

    pub(crate) fn written(&self) -> String {
        let asterisk = if self.is_prefix { "*" } else { "" };
        format!("{}{asterisk}", self.text)
    }
}

/// The code without blanks around its parts and with its system in lower case.
pub(crate) fn fold(code: &str) -> String {
    match code.split_once('|') {
        Some((system, code)) => {
            format!("{}|{}", system.trim().to_lowercase(), code.trim())
        }
        None => code.trim().to_owned(),
    }
}

/// The letters and digits alone, in lower case.
fn squeeze(text: &str) -> String {
    text.chars()
        .filter(|character| character.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// What a code of a row is.
#[derive(Clone, Debug)]
pub(crate) enum Lookup {
    /// No code.
    Missing,
    /// Nobody asked for it; nor, if a system is named, for any code of its system.
    NotWanted(Option<Arc<str>>),
    /// Somebody asked for it.
    Wanted(CodeId),
    /// It is nearly one that somebody asked for.
    Near(Arc<NearMiss>),
}

/// A code that is nearly one that is looked for.
#[derive(Clone, Debug)]
pub(crate) struct NearMiss {
    /// The code that was perhaps meant.
    pub(crate) meant: String,
    /// What it would count for.
    pub(crate) concepts: Box<[ConceptId]>,
}

/// What is looked for in one table, and what its codes turned out to be.
#[derive(Clone, Debug, Default)]
pub(crate) struct CodeBook {
    any: Vec<ConceptId>,
    exact: HashMap<String, Vec<ConceptId>>,
    prefixes: Vec<(Pattern, ConceptId)>,
    /// By squeezed text: a code that may be meant, and its concepts.
    squeezed: HashMap<String, (String, Vec<ConceptId>)>,
    /// The same by the code without its system, for codes that hold a digit.
    squeezed_codes: HashMap<String, (String, Vec<ConceptId>)>,
    systems: BTreeSet<String>,
    seen: WordMap<Box<str>, Lookup>,
    ids: HashMap<Box<str>, CodeId>,
    renaming: Renaming,
    /// Rules of the mapping of whose code or system there was a row.
    met: BTreeSet<RuleId>,
}

impl CodeBook {
    pub(crate) fn new(
        codes: &[(Pattern, ConceptId)],
        any: &[ConceptId],
        renaming: Renaming,
    ) -> Self {
        let mut book = CodeBook {
            any: any.to_vec(),
            renaming,
            ..CodeBook::default()
        };
        for (pattern, concept) in codes {
            let (system, code) = parts(&pattern.text);
            if let Some(system) = system {
                book.systems.insert(system.to_owned());
            }
            if pattern.is_prefix {
                book.prefixes.push((pattern.clone(), *concept));
                continue;
            }
            book.exact
                .entry(pattern.text.clone())
                .or_default()
                .push(*concept);
            let mut insert = |key: String, into_codes: bool| {
                let near = if into_codes {
                    &mut book.squeezed_codes
                } else {
                    &mut book.squeezed
                };
                near.entry(key)
                    .or_insert_with(|| (pattern.text.clone(), Vec::new()))
                    .1
                    .push(*concept);
            };
            insert(squeeze(&pattern.text), false);
            if system.is_some() && has_digit(code) {
                insert(squeeze(code), true);
            }
        }
        book
    }

    /// Whether nothing is looked for.
    pub(crate) fn is_empty(&self) -> bool {
        self.any.is_empty() && self.exact.is_empty() && self.prefixes.is_empty()
    }

    /// What the code of a row is: one look-up by its text after it was first seen.
    pub(crate) fn look_up(&mut self, written: &str, dictionary: &mut Dictionary) -> Lookup {
        if let Some(lookup) = self.seen.get(written) {
            return lookup.clone();
        }
        let lookup = self.judge(written, dictionary);
        let is_used = matches!(lookup, Lookup::Wanted(_));
        if is_used || self.seen.len() < MOST_REMEMBERED {
            self.seen.insert(written.into(), lookup.clone());
        }
        lookup
    }

    /// The code that is looked for and is nearly this one.
    pub(crate) fn nearly(&self, folded: &str) -> Option<String> {
        self.near_miss(folded).map(|near| near.meant)
    }

    /// Whether the code is one of those that are looked for.
    pub(crate) fn is_named(&self, folded: &str) -> bool {
        !self.named(folded).is_empty()
    }

    /// The codes that are looked for one by one.
    pub(crate) fn exact_codes(&self) -> impl Iterator<Item = &str> {
        self.exact.keys().map(String::as_str)
    }

    /// The rules of the mapping of whose code or system there was a row.
    pub(crate) fn met(&self) -> &BTreeSet<RuleId> {
        &self.met
    }

    /// Rules that another reader of the same data met.
    pub(crate) fn add_met(&mut self, met: &BTreeSet<RuleId>) {
        self.met.extend(met);
    }

    /// The systems of the codes that are looked for.
    pub(crate) fn systems(&self) -> Vec<String> {
        self.systems.iter().cloned().collect()
    }

    /// What a code counts for by what was asked, each once, in ascending order.
    pub(crate) fn concepts(&self, folded: &str) -> Vec<ConceptId> {
        let mut concepts = self.named(folded);
        concepts.extend(&self.any);
        sorted(concepts)
    }

    fn named(&self, folded: &str) -> Vec<ConceptId> {
        let mut concepts = self.exact.get(folded).cloned().unwrap_or_default();
        concepts.extend(
            self.prefixes
                .iter()
                .filter(|(pattern, _)| pattern.matches(folded))
                .map(|(_, concept)| *concept),
        );
        concepts
    }

    fn judge(&mut self, written: &str, dictionary: &mut Dictionary) -> Lookup {
        let folded: Vec<String> = written
            .split(CODE_END)
            .map(fold)
            .filter(|code| !code.is_empty())
            .collect();
        let Some(first) = folded.first() else {
            return Lookup::Missing;
        };
        // A code counts under its own name and, as the mapping says, under others.
        let (mut others, mut by) = (Vec::new(), Vec::new());
        for code in &folded {
            if let Some((other, rule)) = self.renaming.mapping.renamed(code) {
                others.push(Arc::from(other));
                by.push(rule);
            }
        }
        let renamed = others.len();
        let is_of_row = |rule: &&Mapped| {
            let mut codes = folded.iter().map(String::as_str);
            codes.any(|code| rule.code.matches(code))
                || others.iter().any(|other| rule.code.matches(other))
        };
        let mapped: Vec<&Mapped> = self.renaming.mapped.iter().filter(is_of_row).collect();
        others.extend(mapped.iter().flat_map(|rule| rule.others.iter().cloned()));
        by.extend(mapped.iter().map(|rule| rule.rule));
        self.met.extend(&by);

        let aliases: Vec<&str> = others.iter().take(renamed).map(|other| &**other).collect();
        let all = || {
            folded
                .iter()
                .map(String::as_str)
                .chain(aliases.iter().copied())
        };
        let named: Vec<ConceptId> = all().flat_map(|code| self.named(code)).collect();
        // One that is exactly looked for outweighs others that nearly are.
        if named.is_empty()
            && let Some(near) = all().find_map(|code| self.near_miss(code))
        {
            return Lookup::Near(Arc::new(near));
        }
        let concepts = sorted(named.iter().chain(&self.any).copied().collect());
        if concepts.is_empty() {
            // Other systems beside are no reason to wonder.
            let system = match (folded.as_slice(), aliases.as_slice()) {
                ([only], []) => self.unused_system(only),
                ([_], [alias]) => self.unused_system(alias),
                _ => None,
            };
            return Lookup::NotWanted(system.map(Arc::from));
        }
        let is_named = |code: &str| !self.named(code).is_empty();
        let renamed = |code: &str| self.renaming.mapping.renamed(code);
        let shown = folded.iter().find(|code| {
            is_named(code) || renamed(code).is_some_and(|(other, _)| is_named(&other))
        });
        let shown = shown.unwrap_or(first).clone();
        let key = folded.join(&CODE_END.to_string());
        if let Some(id) = self.ids.get(key.as_str()) {
            return Lookup::Wanted(*id);
        }
        // Everybody knows a code of a public system; one of the site's own is known by what it counts
        // as. Where everything is looked for, the mapping says no less what it is.
        let is_public = parts(&shown).0.is_some_and(crate::fhir::is_public);
        let by_itself = || folded.iter().any(|code| is_named(code));
        let meant = others.iter().find(|other| is_named(other));
        let meant = meant.or_else(|| others.first().filter(|_| !by_itself()));
        let meant = meant.filter(|_| !is_public).cloned();
        // The number of a code, by a key that is the same for the same concepts.
        let rules = CodeRules::of(&self.renaming.mapping, &folded, others, by);
        let id = dictionary.add(&shown, meant, &concepts, rules);
        self.ids.insert(key.into(), id);
        Lookup::Wanted(id)
    }

    fn near_miss(&self, folded: &str) -> Option<NearMiss> {
        let (system, code) = parts(folded);
        // The number of a concept stands beside its code and is like nobody else's.
        if system == Some("omop") && !self.systems.contains("omop") {
            return None;
        }
        let near = |meant: &str, concepts: &[ConceptId]| {
            let mut concepts = concepts.to_vec();
            concepts.extend(&self.any);
            Some(NearMiss {
                meant: meant.to_owned(),
                concepts: sorted(concepts).into(),
            })
        };
        let squeezed = squeeze(folded);
        if squeezed.is_empty() {
            return None;
        }
        if let Some((meant, concepts)) = self.squeezed.get(&squeezed) {
            return near(meant, concepts);
        }
        let squeezed_code = squeeze(code);
        let system_is_looked_for = system.is_some_and(|system| self.systems.contains(system));
        if !system_is_looked_for
            && let Some((meant, concepts)) = self.squeezed_codes.get(&squeezed_code)
        {
            return near(meant, concepts);
        }
        let squeezed_system = system.map(squeeze);
        self.prefixes.iter().find_map(|(pattern, concept)| {
            let (pattern_system, pattern_code) = parts(&pattern.text);
            let beginning = squeeze(pattern_code);
            if !squeezed_code.starts_with(&beginning) {
                return None;
            }
            let same_system = squeezed_system == pattern_system.map(squeeze);
            // Without its system, a beginning must be telling.
            let telling = pattern_system.is_some()
                && !system_is_looked_for
                && beginning.chars().count() >= 3
                && has_digit(&beginning);
            if same_system && !beginning.is_empty() || telling {
                near(&pattern.written(), &[*concept])
            } else {
                None
            }
        })
    }

    /// The system of a code, if no code of it is looked for, and codes of others are.
    fn unused_system<'f>(&self, folded: &'f str) -> Option<&'f str> {
        let system = parts(folded).0?;
        // Its reader counts them.
        if ["omop", "omop_source"].contains(&system) {
            return None;
        }
        (!self.systems.is_empty() && !self.systems.contains(system)).then_some(system)
    }
}

/// Says once of each system that none of its codes is looked for.
pub(crate) fn tell_unused_system(
    lookup: &Lookup,
    codes: &CodeBook,
    place: &Place<'_>,
    recorder: &mut Recorder,
) {
    let Lookup::NotWanted(Some(system)) = lookup else {
        return;
    };
    let table = place.at.table;
    recorder.once(Once::System(table, Arc::clone(system)), || {
        let systems: Vec<String> = codes.systems().iter().map(|name| quoted(name)).collect();
        let defect = Defect::new(
            &rules::D0724_UNUSED_SYSTEM,
            CODE,
            format!(
                "rows of {table} are coded in {}, and the codes that are looked for are in {}; such \
                 rows count for nothing",
                quoted(system),
                list(&systems, 5)
            ),
        );
        defect.at(place)
    });
}

fn has_digit(text: &str) -> bool {
    text.chars().any(|character| character.is_ascii_digit())
}

fn parts(folded: &str) -> (Option<&str>, &str) {
    match folded.split_once('|') {
        Some((system, code)) => (Some(system), code),
        None => (None, folded),
    }
}

fn sorted(mut concepts: Vec<ConceptId>) -> Vec<ConceptId> {
    concepts.sort_unstable();
    concepts.dedup();
    concepts
}
