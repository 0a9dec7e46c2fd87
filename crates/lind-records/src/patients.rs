//! Who is in `patients`, and in which order.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::OnceLock;

/// The place of a patient in `patients`, from 0. Rows that repeat a patient have no place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Rank(pub(crate) u32);

/// The patients by name. All that is kept in memory for each of them is this name.
#[derive(Debug, Default)]
pub(crate) struct Patients {
    ranks: HashMap<Box<[u8]>, Rank>,
    /// By the name without what slips most easily. Made when the first stranger is met; nobody,
    /// where two patients would have the same name.
    nearly: OnceLock<HashMap<Box<[u8]>, Option<Rank>>>,
}

impl Patients {
    /// Adds a patient; none if there is one of this name.
    pub(crate) fn add(&mut self, patient: &[u8]) -> Option<Rank> {
        if self.ranks.contains_key(patient) {
            return None;
        }
        Some(self.insert(patient))
    }

    /// Adds a patient of whose name there is none.
    fn insert(&mut self, patient: &[u8]) -> Rank {
        let rank = Rank(u32::try_from(self.ranks.len()).unwrap_or(u32::MAX));
        self.ranks.insert(patient.into(), rank);
        rank
    }

    /// The place of a patient, who is added unless there is one of this name.
    pub(crate) fn add_or_find(&mut self, patient: &[u8]) -> Rank {
        match self.rank(patient) {
            Some(rank) => rank,
            None => self.insert(patient),
        }
    }

    pub(crate) fn rank(&self, patient: &[u8]) -> Option<Rank> {
        self.ranks.get(patient).copied()
    }

    /// Of a name that is in nobody's row, whose name differs from it only in capitals, in signs
    /// or in zeros before a number.
    pub(crate) fn nearly(&self, stranger: &[u8]) -> Option<Rank> {
        let nearly = self.nearly.get_or_init(|| {
            let mut nearly = HashMap::with_capacity(self.ranks.len());
            for (patient, rank) in &self.ranks {
                match nearly.entry(bare(patient)) {
                    Entry::Vacant(entry) => drop(entry.insert(Some(*rank))),
                    Entry::Occupied(mut entry) => drop(entry.insert(None)),
                }
            }
            nearly
        });
        let bare = bare(stranger);
        nearly
            .get(&bare)
            .copied()
            .flatten()
            .filter(|_| !bare.is_empty())
    }

    /// Gives every patient another place.
    pub(crate) fn reorder(&mut self, rank: impl Fn(Rank) -> Rank) {
        for place in self.ranks.values_mut() {
            *place = rank(*place);
        }
    }

    /// Lets go of all of them and keeps the room for others.
    pub(crate) fn clear(&mut self) {
        self.ranks.clear();
        self.nearly = OnceLock::new();
    }

    pub(crate) fn len(&self) -> usize {
        self.ranks.len()
    }
}

/// The name in lower case, without signs and without zeros before a number. Characters beyond
/// ASCII stay as they are.
fn bare(name: &[u8]) -> Box<[u8]> {
    let mut bare = Vec::with_capacity(name.len());
    let mut in_number = false;
    let mut rest = name.iter().copied().peekable();
    while let Some(byte) = rest.next() {
        let more_digits = rest.peek().is_some_and(u8::is_ascii_digit);
        let is_leading_zero = byte == b'0' && !in_number && more_digits;
        if !is_leading_zero && (byte.is_ascii_alphanumeric() || !byte.is_ascii()) {
            in_number = byte.is_ascii_digit();
            bare.push(byte.to_ascii_lowercase());
        } else if !byte.is_ascii_digit() {
            in_number = false;
        }
    }
    bare.into()
}

#[cfg(test)]
mod tests {
    use super::{Patients, bare};

    #[test]
    fn names_that_slip_easily_are_nearly_the_same() {
        for (one, other) in [
            ("001", "1"),
            ("S-0012", "s12"),
            ("P1", "p1"),
            ("10-001", "10-1"),
            ("0", "0"),
            ("000", "0"),
            ("a0b", "A0B"),
        ] {
            assert_eq!(
                bare(one.as_bytes()),
                bare(other.as_bytes()),
                "{one} {other}"
            );
        }
        for (one, other) in [("10", "1"), ("p10", "p1"), ("0", ""), ("1-1", "1")] {
            assert_ne!(
                bare(one.as_bytes()),
                bare(other.as_bytes()),
                "{one} {other}"
            );
        }
    }

    #[test]
    fn a_name_that_is_near_to_two_patients_is_nobodys() {
        let mut patients = Patients::default();
        let first = patients.add(b"001");
        patients.add(b"1");
        let third = patients.add(b"7");
        assert_eq!(patients.nearly(b"01"), None);
        assert_eq!(patients.nearly(b"007"), third);
        assert_eq!(patients.rank(b"001"), first);
        assert_eq!(patients.nearly(b"--"), None);
    }
}
