//! Who is in `patients`, and in which order.

use std::collections::HashMap;

/// The place of a patient in `patients`, from 0. Rows that repeat a patient have no place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Rank(pub(crate) u32);

/// The patients by name. All that is kept in memory for each of them is this name.
#[derive(Debug, Default)]
pub(crate) struct Patients {
    ranks: HashMap<Box<[u8]>, Rank>,
}

impl Patients {
    /// Adds a patient; none if there is one of this name.
    pub(crate) fn add(&mut self, patient: &[u8]) -> Option<Rank> {
        if self.ranks.contains_key(patient) {
            return None;
        }
        let rank = Rank(u32::try_from(self.ranks.len()).unwrap_or(u32::MAX));
        self.ranks.insert(patient.into(), rank);
        Some(rank)
    }

    pub(crate) fn rank(&self, patient: &[u8]) -> Option<Rank> {
        self.ranks.get(patient).copied()
    }

    pub(crate) fn len(&self) -> usize {
        self.ranks.len()
    }
}
