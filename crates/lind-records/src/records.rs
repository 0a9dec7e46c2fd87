//! The rows of one file, whatever the file is.

use std::io::{self, Read};
use std::sync::Arc;

use crate::Tables;
use crate::column_rows::ColumnRows;
use crate::columns::{ColumnFile, ColumnInfo};
use crate::record::{Lines, Step, without_blanks};

/// The rows of one file. The first of them are the names of its columns.
pub(crate) struct Records {
    /// The name under which the rows are shown.
    file: Arc<str>,
    rows: Rows,
}

enum Rows {
    Lines(Lines),
    Columns(ColumnRows),
    /// It cannot be read as what its name says; why, in words that follow its name.
    Unreadable(String),
}

impl Records {
    /// The rows of a file of lines.
    pub(crate) fn new(file: &str, source: Box<dyn Read + Send>) -> Self {
        Records {
            file: file.into(),
            rows: Rows::Lines(Lines::new(source)),
        }
    }

    /// The rows of a file that holds its table by column.
    pub(crate) fn of_columns(file: &str, columns: Box<dyn ColumnFile>) -> Self {
        Records {
            file: file.into(),
            rows: Rows::Columns(ColumnRows::new(columns)),
        }
    }

    /// Opens a file, by lines or by columns as its name tells; none: there is no such file.
    pub(crate) fn open(tables: &dyn Tables, file: &str) -> io::Result<Option<Self>> {
        if !is_columnar(file) {
            let source = tables.open(file)?;
            return Ok(source.map(|source| Records::new(file, source)));
        }
        match tables.open_columns(file) {
            Ok(columns) => Ok(columns.map(|columns| Records::of_columns(file, columns))),
            Err(error) if error.kind() == io::ErrorKind::InvalidData => Ok(Some(Records {
                file: file.into(),
                rows: Rows::Unreadable(error.to_string()),
            })),
            Err(error) => Err(error),
        }
    }

    /// The name of the file.
    pub(crate) fn file(&self) -> &Arc<str> {
        &self.file
    }

    /// Why nothing of the file can be read, if that is so; in words that follow its name.
    pub(crate) fn refusal(&self) -> Option<&str> {
        match &self.rows {
            Rows::Unreadable(why) => Some(why),
            _ => None,
        }
    }

    /// What the columns are, if the file says it.
    pub(crate) fn columns(&self) -> Option<&[ColumnInfo]> {
        match &self.rows {
            Rows::Columns(columns) => Some(columns.columns()),
            _ => None,
        }
    }

    /// From here on fields are separated by this byte, and quotes are letters like others. For files
    /// of lines alone.
    pub(crate) fn separate_by(&mut self, separator: u8) {
        if let Rows::Lines(lines) = &mut self.rows {
            lines.separate_by(separator);
        }
    }

    /// No other fields are asked for. To be said before the first row after the names.
    pub(crate) fn only(&mut self, fields: &[usize]) {
        if let Rows::Columns(columns) = &mut self.rows {
            columns.only(fields);
        }
    }

    /// From now on a row must have this many fields.
    pub(crate) fn expect_width(&mut self, width: usize) {
        if let Rows::Lines(lines) = &mut self.rows {
            lines.expect_width(width);
        }
    }

    /// The line on which the current row begins, or its number; from 1.
    pub(crate) fn line(&self) -> u32 {
        match &self.rows {
            Rows::Lines(lines) => lines.line(),
            Rows::Columns(columns) => columns.line(),
            Rows::Unreadable(_) => 0,
        }
    }

    /// How many fields of the current row could be told apart.
    pub(crate) fn field_count(&self) -> usize {
        match &self.rows {
            Rows::Lines(lines) => lines.field_count(),
            Rows::Columns(columns) => columns.field_count(),
            Rows::Unreadable(_) => 0,
        }
    }

    /// The current row as text, to be given to [`Records::field`]. Empty if it is not in UTF-8, or
    /// if the file is none of lines.
    pub(crate) fn text(&self) -> &str {
        match &self.rows {
            Rows::Lines(lines) => lines.text(),
            _ => "",
        }
    }

    /// A field of the current row, whose text is [`Records::text`].
    pub(crate) fn field<'t>(&'t self, text: &'t str, field: usize) -> &'t str {
        match &self.rows {
            Rows::Lines(lines) => lines.field(text, field),
            Rows::Columns(columns) => columns.field(field),
            Rows::Unreadable(_) => "",
        }
    }

    /// The bytes of a field of the current row, without blanks around them; empty if there is no
    /// such field.
    pub(crate) fn bytes(&self, field: usize) -> &[u8] {
        match &self.rows {
            Rows::Lines(lines) => lines.bytes(field),
            Rows::Columns(columns) => without_blanks(columns.bytes(field)),
            Rows::Unreadable(_) => &[],
        }
    }

    /// Goes on to the next row. Blank lines are no rows.
    pub(crate) fn step(&mut self) -> io::Result<Step> {
        match &mut self.rows {
            Rows::Lines(lines) => lines.step(),
            Rows::Columns(columns) => columns.step(),
            Rows::Unreadable(_) => Ok(Step::End),
        }
    }
}

/// Whether the name is one of a file that holds its table by column.
pub(crate) fn is_columnar(file: &str) -> bool {
    let ending = file.rsplit_once('.').map_or("", |(_, ending)| ending);
    ending.eq_ignore_ascii_case("parquet")
}
