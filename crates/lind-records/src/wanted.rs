//! What the caller looks for.

use std::collections::BTreeMap;

use crate::codes::{CodeBook, Pattern};
use crate::mapping::Renaming;
use crate::reach::{Limits, Reaches};
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
    pub(crate) codes: BTreeMap<Table, Vec<(Pattern, ConceptId)>>,
    pub(crate) any: BTreeMap<Table, Vec<ConceptId>>,
    pub(crate) symbols: Symbols,
    /// What the mapping file says of the codes of each table.
    pub(crate) renamings: BTreeMap<Table, Renaming>,
    /// What need not be read, though its code is looked for.
    pub(crate) limits: Limits,
}

impl Wanted {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Every row of every table counts for one concept.
    #[must_use]
    pub fn everything(concept: ConceptId) -> Self {
        let mut wanted = Self::default();
        wanted.add_everything(concept);
        wanted
    }

    /// Every row of every table counts for a concept, besides what it counts for otherwise.
    pub fn add_everything(&mut self, concept: ConceptId) -> &mut Self {
        for table in Table::FACTS {
            self.add_any(table, concept);
        }
        self
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

    /// Observations that count for `concept` alone, or for others with limits too, matter only so far back.
    ///
    /// A reader may leave out what is certainly older, and what certainly comes after every gate of
    /// [`Wanted::decides_at`], where nothing can be wrong with it. Of the older ones of a code it keeps the
    /// latest that was certainly known at every gate, unless a younger one was: who finds nothing can say what
    /// the last one was. Nothing is left out of a chart whose milestones do not tell how far is meant.
    pub fn looks_back(&mut self, concept: ConceptId, reaches: Reaches) -> &mut Self {
        self.limits.reaches.insert(concept, reaches);
        self
    }

    /// The milestones at which something is decided. `may_be_assumed`: also where a chart does not hold them.
    pub fn decides_at(&mut self, gates: &[ConceptId], may_be_assumed: bool) -> &mut Self {
        self.limits.gates = gates.to_vec();
        self.limits.may_be_assumed = may_be_assumed;
        self
    }

    /// Whether every row of every table is asked for.
    pub(crate) fn asks_for_everything(&self) -> bool {
        let mut tables = Table::FACTS.iter();
        tables.all(|table| self.any.contains_key(table))
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
        let renaming = self.renamings.get(&table).cloned().unwrap_or_default();
        CodeBook::new(codes.unwrap_or_default(), any.unwrap_or_default(), renaming)
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
