//! What some questions read of a patient.

use std::collections::BTreeSet;

use lind_records::Table;

use crate::patient::{Patient, Row};
use crate::questions::{QuestionId, Questions};

/// What some questions read of a patient.
pub(crate) struct Extent<'q> {
    sex: bool,
    age: bool,
    codes: BTreeSet<(Table, &'q str)>,
    /// Codes that are read by how they begin.
    beginnings: Vec<(Table, &'q str)>,
    whole: BTreeSet<Table>,
}

impl<'q> Extent<'q> {
    /// What these questions read.
    pub(crate) fn of<'i>(
        questions: &'q Questions,
        own: impl IntoIterator<Item = &'i QuestionId>,
    ) -> Self {
        let mut extent = Self {
            sex: false,
            age: false,
            codes: BTreeSet::new(),
            beginnings: Vec::new(),
            whole: BTreeSet::new(),
        };
        for question in own.into_iter().filter_map(|id| questions.get(*id)) {
            let reads = &question.reads;
            extent.sex |= reads.sex;
            extent.age |= reads.age;
            for (table, code) in &reads.codes {
                let beginning = code.strip_suffix('*');
                let beginning = beginning.map(|beginning| (*table, beginning));
                extent.beginnings.extend(beginning);
                extent.codes.insert((*table, code));
            }
            extent.whole.extend(&reads.whole);
        }
        extent
    }

    /// Whether a row is read.
    pub(crate) fn holds(&self, row: &Row) -> bool {
        let begins = |(table, beginning): &(Table, &str)| {
            *table == row.table && row.about().starts_with(beginning)
        };
        self.whole.contains(&row.table)
            || self.codes.contains(&(row.table, row.about()))
            || self.beginnings.iter().any(begins)
    }

    /// What of a patient is read.
    pub(crate) fn part(&self, patient: &Patient) -> Patient {
        let rows = patient.rows.iter().filter(|row| self.holds(row));
        Patient {
            sex: patient.sex.filter(|_| self.sex),
            born: patient.born.filter(|_| self.age),
            rows: rows.cloned().collect(),
        }
    }

    /// What of a patient is not read.
    pub(crate) fn rest(&self, patient: &Patient) -> Patient {
        let rows = patient.rows.iter().filter(|row| !self.holds(row));
        Patient {
            sex: patient.sex.filter(|_| !self.sex),
            born: patient.born.filter(|_| !self.age),
            rows: rows.cloned().collect(),
        }
    }
}
