//! Rows of one kind of one patient, findable by concept without allocating.

use std::ops::Deref;

use crate::{ConceptId, Dictionary, Fact};

/// Rows of one kind of one patient.
///
/// As a slice: by code, then by time. By concept ([`Timeline::of`]): by time, rows without a time
/// first; rows of one time stand in an order that depends on what they say alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timeline<R> {
    rows: Vec<R>,
    /// Sorted by concept; within a concept in the order of time.
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
    /// Sorts the rows and finds what each counts for.
    #[must_use]
    pub fn new(rows: Vec<R>, dictionary: &Dictionary) -> Self {
        let mut by_concept = Vec::with_capacity(rows.len());
        for (at, row) in rows.iter().enumerate() {
            let at = u32::try_from(at).unwrap_or(u32::MAX);
            by_concept.extend(
                dictionary
                    .concepts(row.code())
                    .iter()
                    .map(|concept| (*concept, at)),
            );
        }
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
