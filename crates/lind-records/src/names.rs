//! Texts that are kept once and named by a number: codes, units and symbols.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use lind_units::{Unit, UnitError, UnitErrorKind};

use crate::mapping::CodeRules;

/// For the few words that every row repeats; its seed differs from run to run.
pub(crate) type WordMap<K, V> = HashMap<K, V, foldhash::fast::RandomState>;

/// What the caller looks for: a measure, a code set, a milestone, an attested item. The number is
/// the caller's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConceptId(pub u32);

/// One distinct code of one table that was wanted and seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CodeId(pub u32);

/// One distinct word: a coded result, a specimen, a method, a route …
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Symbol(pub u32);

/// One distinct spelling of a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnitId(pub u32);

/// The codes that were wanted and seen.
#[derive(Clone, Debug, Default)]
pub struct Dictionary {
    entries: Vec<Entry>,
}

#[derive(Clone, Debug)]
struct Entry {
    text: Arc<str>,
    /// What it is by the mapping file, of a code that none but the source knows; none: itself.
    meant: Option<Arc<str>>,
    concepts: Box<[ConceptId]>,
    rules: Option<Arc<CodeRules>>,
}

impl Dictionary {
    /// The code by which people know it: the one that stands in the row if it is of a public system, else
    /// the one that it counts as by the mapping file. Empty for a number that was never given.
    #[must_use]
    pub fn meant(&self, code: CodeId) -> &str {
        let entry = self.entry(code);
        entry.map_or("", |entry| entry.meant.as_ref().unwrap_or(&entry.text))
    }

    /// The code as text; empty for a number that was never given.
    #[must_use]
    pub fn text(&self, code: CodeId) -> &str {
        self.entry(code).map_or("", |entry| &entry.text)
    }

    /// What the code counts for, each once, in ascending order.
    #[must_use]
    pub fn concepts(&self, code: CodeId) -> &[ConceptId] {
        self.entry(code).map_or(&[], |entry| &entry.concepts)
    }

    /// The other codes under which rows of this code count, as the mapping file says.
    pub fn others(&self, code: CodeId) -> impl Iterator<Item = &str> {
        let rules = self.entry(code).and_then(|entry| entry.rules.as_deref());
        let others = rules.map_or(&[][..], |rules| rules.others.as_slice());
        others.iter().map(|other| &**other)
    }

    /// What the mapping file says of the rows of this code.
    pub(crate) fn rules(&self, code: CodeId) -> Option<&Arc<CodeRules>> {
        self.entry(code)?.rules.as_ref()
    }

    /// How many codes were seen.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether no code was seen.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub(crate) fn add(
        &mut self,
        text: &str,
        meant: Option<Arc<str>>,
        concepts: &[ConceptId],
        rules: Option<Arc<CodeRules>>,
    ) -> CodeId {
        let id = CodeId(u32::try_from(self.entries.len()).unwrap_or(u32::MAX));
        self.entries.push(Entry {
            text: text.into(),
            meant,
            concepts: concepts.into(),
            rules,
        });
        id
    }

    /// The number of a code that counts for these concepts, which is added unless it is there.
    pub(crate) fn add_or_find(&mut self, text: &str, concepts: &[ConceptId]) -> CodeId {
        let is_it = |entry: &Entry| &*entry.text == text && &*entry.concepts == concepts;
        match self.entries.iter().position(is_it) {
            Some(at) => CodeId(u32::try_from(at).unwrap_or(u32::MAX)),
            None => self.add(text, None, concepts, None),
        }
    }

    fn entry(&self, code: CodeId) -> Option<&Entry> {
        self.entries.get(usize::try_from(code.0).ok()?)
    }
}

/// Words, each once: in lower case, with underscores for blanks and hyphens.
#[derive(Clone, Debug, Default)]
pub struct Symbols {
    texts: Vec<Arc<str>>,
    /// By every spelling that was seen.
    by_spelling: HashMap<Arc<str>, Symbol>,
}

impl Symbols {
    /// The word; empty for a number that was never given.
    #[must_use]
    pub fn text(&self, symbol: Symbol) -> &str {
        usize::try_from(symbol.0)
            .ok()
            .and_then(|at| self.texts.get(at))
            .map_or("", |text| text)
    }

    /// The symbol of a word that was asked for or seen, however it is spelt.
    #[must_use]
    pub fn get(&self, word: &str) -> Option<Symbol> {
        self.by_spelling
            .get(word)
            .or_else(|| self.by_spelling.get(one_spelling(word).as_str()))
            .copied()
    }

    pub(crate) fn intern(&mut self, word: &str) -> Symbol {
        if let Some(symbol) = self.by_spelling.get(word) {
            return *symbol;
        }
        let spelling: Arc<str> = one_spelling(word).into();
        let symbol = match self.by_spelling.get(&spelling) {
            Some(symbol) => *symbol,
            None => {
                let symbol = Symbol(u32::try_from(self.texts.len()).unwrap_or(u32::MAX));
                self.texts.push(Arc::clone(&spelling));
                self.by_spelling.insert(spelling, symbol);
                symbol
            }
        };
        self.by_spelling.insert(word.into(), symbol);
        symbol
    }
}

/// `Not detected` and `not-detected` are `not_detected`; what has no letters stays as it is, for
/// `-` is a result.
fn one_spelling(word: &str) -> String {
    let word = word.trim().to_lowercase();
    if !word.chars().any(char::is_alphanumeric) {
        return word;
    }
    word.split([' ', '-', '_'])
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("_")
}

/// Units, each spelling resolved once.
#[derive(Clone, Debug, Default)]
pub struct Units {
    units: Vec<Unit>,
    unlikely: BTreeSet<UnitId>,
    by_spelling: WordMap<Box<str>, Result<UnitId, Arc<UnitError>>>,
    /// Spellings that mean another unit in the form of the data than in UCUM.
    of_form: &'static [(&'static str, &'static str)],
}

/// How many spellings that are no unit are remembered.
const MOST_UNKNOWN: usize = 1 << 12;

impl Units {
    /// The unit; none for a number that was never given.
    #[must_use]
    pub fn get(&self, unit: UnitId) -> Option<&Unit> {
        self.units.get(usize::try_from(unit.0).ok()?)
    }

    /// How many distinct spellings were seen.
    #[must_use]
    pub fn len(&self) -> usize {
        self.units.len()
    }

    /// Whether no unit was seen.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.units.is_empty()
    }

    /// Whether a unit reads as something that was hardly meant.
    pub(crate) fn is_unlikely(&self, unit: UnitId) -> bool {
        self.unlikely.contains(&unit)
    }

    /// Says which spellings mean another unit in the form of the data than in UCUM; the mapping file speaks of them
    /// as they stand in the data.
    pub(crate) fn read_as(&mut self, of_form: &'static [(&'static str, &'static str)]) {
        self.of_form = of_form;
    }

    pub(crate) fn intern(&mut self, spelling: &str) -> Result<UnitId, Arc<UnitError>> {
        if let Some(known) = self.by_spelling.get(spelling) {
            return known.clone();
        }
        let own = self.of_form.iter().find(|(other, _)| *other == spelling);
        let resolved = match Unit::parse(own.map_or(spelling, |(_, meant)| meant)) {
            // Any number is a unit to UCUM; in a column of units it is a code that strayed.
            Ok(_) if is_stray_number(spelling) => Err(Arc::new(UnitError {
                kind: UnitErrorKind::Unknown(spelling.to_owned()),
                at: 0..spelling.len(),
                suggestion: None,
            })),
            Ok(unit) => {
                let id = UnitId(u32::try_from(self.units.len()).unwrap_or(u32::MAX));
                if unit.suspicious().is_some() {
                    self.unlikely.insert(id);
                }
                self.units.push(unit);
                Ok(id)
            }
            Err(error) => Err(Arc::new(error)),
        };
        if resolved.is_ok() || self.by_spelling.len() < MOST_UNKNOWN {
            self.by_spelling.insert(spelling.into(), resolved.clone());
        }
        resolved
    }
}

fn is_stray_number(spelling: &str) -> bool {
    spelling != "1" && spelling.bytes().all(|byte| byte.is_ascii_digit())
}
