//! Where a row stands: its file, its line or row, and the name of its record.

use std::sync::Arc;

use crate::header::Columns;
use crate::{Problem, Table};

/// A file of the data; [`Sources`] has its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub(crate) u32);

impl FileId {
    /// No file.
    pub(crate) const NONE: FileId = FileId(u32::MAX);

    /// The file of one of Lind's own tables.
    pub(crate) const fn of(table: Table) -> FileId {
        FileId(table as u32)
    }
}

/// Where a row stands. [`Sources`] of the chart have the names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Provenance {
    /// Which table it belongs to.
    pub table: Table,
    /// Which file it was read from.
    pub file: FileId,
    /// The line of the file on which the row begins, from 1, where a header is line 1; of a file
    /// without lines the number of the row.
    pub line: u32,
    /// Which record of the line, from 1; 0 where a line has one record.
    pub entry: u32,
}

impl Provenance {
    /// A row of one of Lind's own tables.
    pub(crate) const fn in_table(table: Table, line: u32) -> Provenance {
        Provenance {
            table,
            file: FileId::of(table),
            line,
            entry: 0,
        }
    }
}

/// The names behind the [`Provenance`] of a chart's rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sources {
    files: Arc<[Arc<str>]>,
    /// The names of records, one after another.
    text: String,
    /// Sorted by place: where the name of a record stands in the text.
    records: Vec<(Provenance, u32, u32)>,
}

impl Sources {
    pub(crate) fn new(files: Arc<[Arc<str>]>) -> Self {
        Sources {
            files,
            text: String::new(),
            records: Vec::new(),
        }
    }

    /// Makes room for the names of so many more records.
    pub(crate) fn expect(&mut self, count: usize) {
        /// How long the name of a record is, for most.
        const LENGTH: usize = 24;
        self.records.reserve(count);
        self.text.reserve(count.saturating_mul(LENGTH));
    }

    /// Remembers the name of a record, unless it has none.
    pub(crate) fn name(&mut self, at: Provenance, record: &str) {
        if record.is_empty() {
            return;
        }
        let bounds = (
            u32::try_from(self.text.len()),
            u32::try_from(self.text.len() + record.len()),
        );
        if let (Ok(start), Ok(end)) = bounds {
            self.text.push_str(record);
            self.records.push((at, start, end));
        }
    }

    /// Puts the names in order, after the last of them.
    pub(crate) fn finish(&mut self) {
        self.records.sort_unstable();
    }

    /// The name of the file in which a row stands: `observations.csv`.
    #[must_use]
    pub fn file(&self, at: Provenance) -> &str {
        usize::try_from(at.file.0)
            .ok()
            .and_then(|file| self.files.get(file))
            .map_or("", |name| name)
    }

    /// The name of the record, if it has one: `Observation/f001`.
    #[must_use]
    pub fn record(&self, at: Provenance) -> Option<&str> {
        let found = self
            .records
            .binary_search_by(|(other, ..)| other.cmp(&at))
            .ok()?;
        let (_, start, end) = *self.records.get(found)?;
        let range = usize::try_from(start).ok()?..usize::try_from(end).ok()?;
        self.text.get(range)
    }
}

/// Where a row that is being read stands, with all that is said of it.
#[derive(Clone, Copy)]
pub(crate) struct Place<'c> {
    pub(crate) at: Provenance,
    /// The name of the file.
    pub(crate) file: &'c str,
    /// The name of the record; empty if it has none.
    pub(crate) record: &'c str,
    /// Where the columns stand in the file, if it has columns of these names.
    pub(crate) columns: Option<&'c Columns>,
}

impl<'c> Place<'c> {
    /// A row of one of Lind's own tables.
    pub(crate) fn in_table(table: Table, columns: &'c Columns, line: u32) -> Place<'c> {
        Place {
            at: Provenance::in_table(table, line),
            file: columns.file(),
            record: "",
            columns: Some(columns),
        }
    }

    /// What is wrong here.
    pub(crate) fn problem(
        &self,
        rule: &'static lind_diagnostics::Rule,
        column: Option<usize>,
        message: String,
    ) -> Problem {
        let name = column.and_then(|column| self.at.table.columns().get(column));
        let number = column.and_then(|column| self.columns?.position(column));
        Problem {
            rule,
            file: self.file.to_owned(),
            line: self.at.line,
            record: Some(self.record.to_owned()).filter(|record| !record.is_empty()),
            column: name.map(|name| (*name).to_owned()),
            column_number: number.and_then(|at| u32::try_from(at + 1).ok()),
            message,
        }
    }
}
