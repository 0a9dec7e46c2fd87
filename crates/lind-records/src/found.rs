//! What a reader of another form hands over: rows of Lind's tables as texts, with their places.
//!
//! Every form of data comes to the same waist: one row of one of Lind's tables, each cell a text as
//! it would stand in the table's file. What follows (codes looked up, units and times read, bad rows
//! set aside, repetitions found) is the same for all of them and stands once.

use lind_diagnostics::Rule;

use crate::Table;
use crate::cells::Cells;
use crate::place::FileId;
use crate::table::MOST_COLUMNS;

/// Stands between the codes of a row that has several: it counts for each of them.
pub(crate) const CODE_END: char = '\u{1f}';

/// Where a row stands in a source.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Origin<'t> {
    pub(crate) file: FileId,
    /// The line or the row, from 1.
    pub(crate) line: u32,
    /// Which record of the line, from 1; 0 where a line has one record.
    pub(crate) entry: u32,
    /// The name of the record: `Observation/f001`; empty if it has none.
    pub(crate) record: &'t str,
}

/// A row of one of Lind's tables, as it was found.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Found<'t> {
    pub(crate) table: Table,
    pub(crate) cells: Cells<'t>,
    pub(crate) origin: Origin<'t>,
    /// Whether a cell may hold a NUL character; if not, its reader looked.
    pub(crate) may_hold_nul: bool,
}

impl<'t> Found<'t> {
    /// An empty row of a patient.
    pub(crate) fn new(table: Table, patient: &'t str, origin: Origin<'t>) -> Self {
        let mut texts = [""; MOST_COLUMNS];
        if let Some(first) = texts.first_mut() {
            *first = patient;
        }
        Found {
            table,
            cells: Cells::of(texts),
            origin,
            may_hold_nul: true,
        }
    }

    /// Whether a cell holds a NUL character, which no text has.
    pub(crate) fn holds_nul(&self) -> bool {
        let mut texts = self.cells.texts.iter().filter(|text| !text.is_empty());
        self.may_hold_nul && texts.any(|text| memchr::memchr(0, text.as_bytes()).is_some())
    }

    /// Writes a cell. The column is one of [`Table::column`].
    pub(crate) fn set(&mut self, column: usize, text: &'t str) -> &mut Self {
        self.cells.set(column, text);
        self
    }
}

/// A record that cannot be read.
#[derive(Clone, Debug)]
pub(crate) struct Lost<'t> {
    /// Which tables it may have been a row of; none: of any.
    pub(crate) tables: &'t [Table],
    /// Whose it is; none: it may be anybody's.
    pub(crate) patient: Option<&'t str>,
    /// Its codes, if that much is readable; else empty.
    pub(crate) codes: &'t str,
    pub(crate) rule: &'static Rule,
    /// The element or variable that is wrong, if it is one: `valueQuantity.value`, `LBSTRESN`.
    pub(crate) column: Option<&'t str>,
    pub(crate) message: String,
    pub(crate) origin: Origin<'t>,
}
