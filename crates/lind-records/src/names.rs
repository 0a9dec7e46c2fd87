//! Texts that are kept once and named by a number: codes, units and symbols.

use std::collections::HashMap;
use std::sync::Arc;

use lind_units::Unit;

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
    pub(crate) entries: Vec<(Arc<str>, Box<[ConceptId]>)>,
}

impl Dictionary {
    /// The code as text; empty for a number that was never given.
    #[must_use]
    pub fn text(&self, code: CodeId) -> &str {
        self.entry(code).map_or("", |(text, _)| text)
    }

    /// What the code counts for, each once, in ascending order.
    #[must_use]
    pub fn concepts(&self, code: CodeId) -> &[ConceptId] {
        self.entry(code).map_or(&[], |(_, concepts)| concepts)
    }

    fn entry(&self, code: CodeId) -> Option<&(Arc<str>, Box<[ConceptId]>)> {
        self.entries.get(usize::try_from(code.0).ok()?)
    }
}

/// Words, each once, in lower case.
#[derive(Clone, Debug, Default)]
pub struct Symbols {
    pub(crate) texts: Vec<Arc<str>>,
    pub(crate) by_text: HashMap<Arc<str>, Symbol>,
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

    /// The symbol of a word (in any capitals) that was asked for or seen.
    #[must_use]
    pub fn get(&self, word: &str) -> Option<Symbol> {
        self.by_text
            .get(word.trim().to_lowercase().as_str())
            .copied()
    }
}

/// Units, each spelling resolved once.
#[derive(Clone, Debug, Default)]
pub struct Units {
    pub(crate) units: Vec<Unit>,
}

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
}
