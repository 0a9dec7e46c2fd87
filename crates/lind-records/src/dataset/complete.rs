//! Whether all rows are there: whether one that is not means that the fact is not, and whether those
//! that were there were read.

use super::{Dataset, Presence, file_of};
use crate::codes::Pattern;
use crate::{Completeness, ConceptId, Incompleteness, Problem, Table, rules};

impl Dataset {
    /// Whether a missing row of this code (or of all codes that begin so: `icd10|C*`) means that
    /// the fact is not there.
    #[must_use]
    pub fn complete(&self, table: Table, code: &str) -> Completeness {
        self.complete_pattern(table, &Pattern::new(code))
    }

    /// [`Dataset::complete`] for everything that counts for a concept.
    #[must_use]
    pub fn complete_for(&self, table: Table, concept: ConceptId) -> Completeness {
        let patterns = self.wanted.patterns(table, concept);
        if patterns.is_empty() {
            return self.without_declaration(table);
        }
        patterns
            .iter()
            .map(|pattern| self.complete_pattern(table, pattern))
            .find(|complete| *complete != Completeness::Complete)
            .unwrap_or(Completeness::Complete)
    }

    fn complete_pattern(&self, table: Table, pattern: &Pattern) -> Completeness {
        let declared = self.settings.declared(table, pattern);
        match (self.without_declaration(table), declared) {
            // No declaration brings back rows that cannot be read.
            (
                lost @ Completeness::Incomplete(
                    Incompleteness::TableUnreadable | Incompleteness::RowsOfUnknownPatients,
                ),
                _,
            ) => lost,
            (_, Some(declared)) => declared,
            (undeclared, None) => undeclared,
        }
    }

    fn without_declaration(&self, table: Table) -> Completeness {
        Completeness::Incomplete(match self.presence.get(&table) {
            _ if table == Table::Patients => return Completeness::Complete,
            None | Some(Presence::Absent) => Incompleteness::TableAbsent,
            Some(Presence::Unreadable) => Incompleteness::TableUnreadable,
            Some(Presence::Readable {
                lacks_rows: true, ..
            }) => Incompleteness::RowsOfUnknownPatients,
            Some(Presence::Readable {
                is_complete: false, ..
            }) => Incompleteness::NotDeclared,
            Some(Presence::Readable { .. }) => return Completeness::Complete,
        })
    }

    /// A file that changed between its two readings has rows whose fate is not known.
    pub(super) fn check_all_was_read(&mut self) {
        for (table, tally) in &mut self.tallies {
            let missing = tally.read.abs_diff(tally.accounted_for());
            if missing > 0 {
                tally.set_aside += tally.read.saturating_sub(tally.accounted_for());
                self.recorder.record(Problem {
                    rule: &rules::D0763_CHANGED_WHILE_READ,
                    file: file_of(&self.files, *table).to_string(),
                    line: 1,
                    record: None,
                    column: None,
                    column_number: None,
                    message: format!(
                        "{table} had other rows when it was opened than when it was read: it \
                         changed while it was read"
                    ),
                });
            }
        }
    }
}
