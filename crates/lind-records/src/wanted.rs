//! What the caller looks for.

use std::collections::BTreeMap;

use crate::codes::{CodeBook, Pattern};
use crate::{ConceptId, Symbol, Symbols, Table};

/// What the caller looks for. Rows of other codes are not decoded.
///
/// ```
/// use lind_records::{ConceptId, Table, Wanted};
///
/// let (hemoglobin, cancer) = (ConceptId(0), ConceptId(1));
/// let mut wanted = Wanted::new();
/// wanted
///     .add_code(Table::Observations, hemoglobin, "loinc|718-7")
///     .add_code(Table::Observations, hemoglobin, "hemoglobin")
///     .add_code(Table::Conditions, cancer, "icd10|C*");
///
/// assert_eq!(wanted.resolve(Table::Conditions, "ICD10|C44.9"), [cancer]);
/// assert_eq!(wanted.resolve(Table::Conditions, "icd10|E80.4"), []);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    codes: BTreeMap<Table, Vec<(Pattern, ConceptId)>>,
    any: BTreeMap<Table, Vec<ConceptId>>,
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
    ///
    /// Codes are compared letter by letter, but for the capitals of the system.
    pub fn add_code(&mut self, table: Table, concept: ConceptId, code: &str) -> &mut Self {
        self.codes
            .entry(table)
            .or_default()
            .push((Pattern::new(code), concept));
        self
    }

    /// Every row of `table` counts for `concept`.
    pub fn add_any(&mut self, table: Table, concept: ConceptId) -> &mut Self {
        self.any.entry(table).or_default().push(concept);
        self
    }

    /// The number that a word will have in the charts, so that a caller can compare numbers.
    pub fn symbol(&mut self, word: &str) -> Symbol {
        self.symbols.intern(word)
    }

    /// What a code of a table counts for, each once, in ascending order.
    #[must_use]
    pub fn resolve(&self, table: Table, code: &str) -> Vec<ConceptId> {
        self.book(table).concepts(&crate::codes::fold(code))
    }

    pub(crate) fn book(&self, table: Table) -> CodeBook {
        let codes = self.codes.get(&table).map(Vec::as_slice);
        let any = self.any.get(&table).map(Vec::as_slice);
        CodeBook::new(codes.unwrap_or_default(), any.unwrap_or_default())
    }

    /// What counts for a concept in a table.
    pub(crate) fn patterns(&self, table: Table, concept: ConceptId) -> Vec<Pattern> {
        let mut patterns: Vec<Pattern> = self
            .codes
            .get(&table)
            .into_iter()
            .flatten()
            .filter(|(_, other)| *other == concept)
            .map(|(pattern, _)| pattern.clone())
            .collect();
        if self
            .any
            .get(&table)
            .is_some_and(|any| any.contains(&concept))
        {
            patterns.push(Pattern::everything());
        }
        patterns
    }
}
