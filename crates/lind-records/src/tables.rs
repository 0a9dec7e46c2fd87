//! Where the bytes come from.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use crate::columns::ColumnFile;

/// A folder of tables, or whatever stands for one.
pub trait Tables {
    /// The names of all files.
    fn names(&self) -> Vec<String>;

    /// Opens a file at its beginning; none if there is no file of this name. A file is opened
    /// twice: once to see its order, once for what it says.
    ///
    /// # Errors
    /// The file is there and cannot be opened.
    fn open(&self, name: &str) -> io::Result<Option<Box<dyn io::Read + Send>>>;

    /// Opens a file that holds its table by column; none if there is no file of this name. Who does
    /// not read such files says so by an error.
    ///
    /// # Errors
    /// The file is there and cannot be opened. [`io::ErrorKind::InvalidData`]: its bytes are not
    /// what its name says; the text of the error follows the name of the file in a sentence.
    fn open_columns(&self, name: &str) -> io::Result<Option<Box<dyn ColumnFile>>> {
        if !self.names().iter().any(|other| other == name) {
            return Ok(None);
        }
        Err(io::Error::new(
            io::ErrorKind::InvalidData,
            "holds its table by column, and such files are not read here",
        ))
    }

    /// The same files, to be opened later, when this reference is gone. None: each that may be needed
    /// then is opened at once.
    fn lasting(&self) -> Option<Arc<dyn Tables + Send + Sync>> {
        None
    }

    /// What stands where the files stand and is not read, each with the reason as a sentence.
    fn left_alone(&self) -> Vec<(String, String)> {
        Vec::new()
    }

    /// What is there and must not be opened, with the reason as a clause: a link that leads elsewhere.
    fn refused(&self) -> Vec<(String, &'static str)> {
        Vec::new()
    }
}

/// Tables in memory.
#[derive(Clone, Debug, Default)]
pub struct MemoryTables {
    files: BTreeMap<String, Arc<[u8]>>,
}

impl MemoryTables {
    /// No file.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file, or puts it in place of the one of that name.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        self.files.insert(name.into(), bytes.into().into());
        self
    }
}

impl Tables for MemoryTables {
    fn names(&self) -> Vec<String> {
        self.files.keys().cloned().collect()
    }

    fn open(&self, name: &str) -> io::Result<Option<Box<dyn io::Read + Send>>> {
        Ok(self
            .files
            .get(name)
            .map(|bytes| Box::new(io::Cursor::new(Arc::clone(bytes))) as Box<dyn io::Read + Send>))
    }

    fn lasting(&self) -> Option<Arc<dyn Tables + Send + Sync>> {
        Some(Arc::new(self.clone()))
    }
}
