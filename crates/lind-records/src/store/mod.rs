//! Charts kept ready: what a source of any form says, once put in the order of its patients.
//!
//! A store is a folder of Lind's tables as Parquet. Its rows are texts as the source's reader handed
//! them over, before anything is looked up or decoded: a mapping or a protocol that is written later
//! reads them as it would read the source. Beside its columns each row has its place in the source.
//! [`ingest`] writes a store; [`Dataset::open`](crate::Dataset::open) reads it like any other source,
//! patient by patient, holding no names and no rows.

mod keyed;
mod lane;
mod losses;
mod manifest;
mod people;
mod reading;
mod sieve;
mod stored;
mod writing;

use std::io;

use crate::Scratch;

pub(crate) use keyed::{Known, RowKeys};
pub(crate) use lane::Lane;
pub(crate) use losses::LostRow;
pub use manifest::FILE;
pub(crate) use manifest::{KeptPresence, KeptProblem};
pub(crate) use people::StoredPeople;
pub(crate) use reading::open;
pub use writing::{IngestError, Ingested, ingest};
pub(crate) use writing::{WriteError, Writing};

/// Stands for a folder that is being written.
pub trait Store {
    /// Begins a file that holds a table by column.
    ///
    /// # Errors
    /// It cannot be written.
    fn table(&mut self, file: &str, columns: &[NewColumn]) -> io::Result<Box<dyn RowWriter>>;

    /// Writes a file as a whole.
    ///
    /// # Errors
    /// It cannot be written.
    fn file(&mut self, name: &str, bytes: &[u8]) -> io::Result<()>;

    /// A temporary file for rows that come before their patient does, of which nothing is left behind
    /// in the store. None: memory has room for all of them.
    fn scratch(&mut self) -> Option<Box<dyn Scratch + Send>> {
        None
    }
}

/// A column of a file that is being written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewColumn {
    /// Its name.
    pub name: &'static str,
    /// Whether it holds whole numbers; else it holds texts.
    pub is_integer: bool,
}

impl NewColumn {
    const fn text(name: &'static str) -> Self {
        NewColumn {
            name,
            is_integer: false,
        }
    }

    const fn integer(name: &'static str) -> Self {
        NewColumn {
            name,
            is_integer: true,
        }
    }
}

/// A cell of a row that is being written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NewCell<'c> {
    /// Nothing stands in it.
    Empty,
    /// A text; an empty one is nothing.
    Text(&'c str),
    /// A whole number.
    Integer(i64),
}

/// Takes the rows of a file.
pub trait RowWriter {
    /// Takes the next row: a cell for each column.
    ///
    /// # Errors
    /// It cannot be written.
    fn row(&mut self, cells: &[NewCell<'_>]) -> io::Result<()>;

    /// Writes what is left.
    ///
    /// # Errors
    /// It cannot be written.
    fn finish(self: Box<Self>) -> io::Result<()>;
}

/// The columns that tell where a row of the source stands, behind those of its table.
const PLACE: [NewColumn; 4] = [
    NewColumn::text("source_file"),
    NewColumn::integer("source_line"),
    NewColumn::integer("source_entry"),
    NewColumn::text("source_record"),
];
