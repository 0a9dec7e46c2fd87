//! Rows of one kind of one patient, findable by concept without allocating.

use std::ops::Deref;

use crate::{ConceptId, Dictionary, Fact};

/// Rows of one kind of one patient, by time; rows without a time first. The order of rows of one
/// time depends on what they say alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timeline<R> {
    rows: Vec<R>,
    /// Sorted by concept; within a concept in the order of the rows.
    by_concept: Vec<(ConceptId, u32)>,
}

impl<R> Default for Timeline<R> {
    fn default() -> Self {
        Timeline {
            rows: Vec::new(),
            by_concept: Vec::new(),
        }
    }
}

impl<R: Fact> Timeline<R> {
    /// Sorts the rows by time and finds what each counts for.
    #[must_use]
    pub fn new(mut rows: Vec<R>, dictionary: &Dictionary) -> Self {
        let ends = |row: &R| row.time().map(|time| (time.start(), time.end()));
        rows.sort_by_key(ends);
        Timeline::of_sorted(rows, dictionary)
    }

    pub(crate) fn of_sorted(rows: Vec<R>, dictionary: &Dictionary) -> Self {
        let mut by_concept = Vec::with_capacity(rows.len());
        for (at, row) in (0_u32..).zip(&rows) {
            let concepts = dictionary.concepts(row.code());
            by_concept.extend(concepts.iter().map(|concept| (*concept, at)));
        }
        by_concept.sort_unstable();
        Timeline { rows, by_concept }
    }
}

impl<R> Timeline<R> {
    /// The rows that count for a concept, the earliest first.
    pub fn of(&self, concept: ConceptId) -> impl DoubleEndedIterator<Item = &R> + Clone {
        let from = self
            .by_concept
            .partition_point(|(other, _)| *other < concept);
        let to = self
            .by_concept
            .partition_point(|(other, _)| *other <= concept);
        self.by_concept
            .get(from..to)
            .unwrap_or_default()
            .iter()
            .filter_map(|(_, at)| self.rows.get(usize::try_from(*at).ok()?))
    }
}

impl<R> Deref for Timeline<R> {
    type Target = [R];

    fn deref(&self) -> &[R] {
        &self.rows
    }
}

impl<'a, R> IntoIterator for &'a Timeline<R> {
    type Item = &'a R;
    type IntoIter = std::slice::Iter<'a, R>;

    fn into_iter(self) -> Self::IntoIter {
        self.rows.iter()
    }
}
