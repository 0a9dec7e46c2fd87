//! A row while it is being written: its texts stand one after another in a buffer that is used again.

use std::ops::Range;
use std::sync::Arc;

use super::elements::{Extension, Period, Text, text};
use crate::Table;
use crate::cells::Cells;
use crate::found::{Found, Origin};
use crate::mapping::{Mapping, RuleId};
use crate::table::MOST_COLUMNS;

/// The extensions in which a resource says what FHIR has no element for: `urn:lind:column:line`.
const COLUMN: &str = "urn:lind:column:";

/// A row while it is being written.
pub(super) struct Draft {
    table: Table,
    text: String,
    /// The cell that is being written.
    cell: String,
    cells: [Range<usize>; MOST_COLUMNS],
    mapping: Arc<Mapping>,
    /// The lines of the mapping by which cells were written.
    pub(super) by_mapping: Vec<RuleId>,
}

impl Draft {
    pub(super) fn new(mapping: &Arc<Mapping>) -> Self {
        Draft {
            mapping: Arc::clone(mapping),
            by_mapping: Vec::new(),
            table: Table::Patients,
            text: String::new(),
            cell: String::new(),
            cells: [const { 0..0 }; MOST_COLUMNS],
        }
    }

    /// Begins a row of a patient.
    pub(super) fn begin(&mut self, table: Table, patient: &str) -> &mut Self {
        self.table = table;
        self.text.clear();
        self.by_mapping.clear();
        self.cells = [const { 0..0 }; MOST_COLUMNS];
        self.set(crate::table::PATIENT, patient)
    }

    /// Writes a cell.
    pub(super) fn set(&mut self, column: usize, text: &str) -> &mut Self {
        let start = self.text.len();
        self.text.push_str(text);
        if let Some(place) = self.cells.get_mut(column) {
            *place = start..self.text.len();
        }
        self
    }

    /// Writes a cell.
    pub(super) fn write(&mut self, column: usize, write: impl FnOnce(&mut String)) -> &mut Self {
        self.cell.clear();
        write(&mut self.cell);
        self.close(column)
    }

    /// Ends the cell that was written.
    fn close(&mut self, column: usize) -> &mut Self {
        let start = self.text.len();
        self.text.push_str(&self.cell);
        if let Some(place) = self.cells.get_mut(column) {
            *place = start..self.text.len();
        }
        self
    }

    /// Writes cells that the resource states in extensions: in those of Lind's own, and in those that
    /// the mapping names.
    pub(super) fn extensions(&mut self, extensions: &[Extension<'_>]) -> &mut Self {
        for extension in extensions {
            let url = text(&extension.url);
            let (name, by) = match url.strip_prefix(COLUMN) {
                Some(name) => (name, None),
                None => match self.mapping.column_said_in(url) {
                    Some((name, rule)) => (name, Some(rule)),
                    None => continue,
                },
            };
            let columns = self.table.columns().iter();
            if let Some(column) = columns.enumerate().find(|(_, other)| **other == name) {
                self.set(column.0, extension.value());
                self.by_mapping.extend(by);
            }
        }
        self
    }

    /// What a cell says until now.
    pub(super) fn cell(&self, column: usize) -> &str {
        self.cells
            .get(column)
            .and_then(|place| self.text.get(place.clone()))
            .unwrap_or_default()
    }

    /// The row.
    pub(super) fn found<'t>(&'t self, origin: Origin<'t>) -> Found<'t> {
        let mut found = Found {
            table: self.table,
            cells: Cells::empty(),
            origin,
            // All cells stand in this text.
            may_hold_nul: memchr::memchr(0, self.text.as_bytes()).is_some(),
        };
        for (text, place) in found.cells.texts.iter_mut().zip(&self.cells) {
            if !place.is_empty() {
                *text = self.text.get(place.clone()).unwrap_or_default();
            }
        }
        found
    }
}

/// Writes a time that is stated in one of two ways: as a time, or as a period in which it lies.
pub(super) fn write_time(out: &mut String, time: &Option<Text<'_>>, period: &Option<Period<'_>>) {
    match (text(time), period) {
        ("", Some(period)) => write_between(out, text(&period.start), text(&period.end)),
        (time, _) => out.push_str(time),
    }
}

/// Writes some time between two times.
pub(super) fn write_between(out: &mut String, start: &str, end: &str) {
    out.push_str(start);
    if start != end {
        out.push('/');
        out.push_str(end);
    }
}
