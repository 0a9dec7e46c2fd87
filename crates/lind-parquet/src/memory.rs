//! Parquet out of files that can only be read from their beginning.

use std::io::{self, Read};
use std::sync::Arc;

use lind_records::{ColumnFile, Tables};

/// A folder whose Parquet files are read into memory as a whole: for archives and for tests. Of
/// other files nothing is held.
#[derive(Clone, Debug)]
pub struct WithParquet<T>(pub T);

impl<T: Tables> Tables for WithParquet<T> {
    fn names(&self) -> Vec<String> {
        self.0.names()
    }

    fn open(&self, name: &str) -> io::Result<Option<Box<dyn Read + Send>>> {
        self.0.open(name)
    }

    fn open_columns(&self, name: &str) -> io::Result<Option<Box<dyn ColumnFile>>> {
        let Some(mut file) = self.0.open(name)? else {
            return Ok(None);
        };
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        let bytes: Arc<[u8]> = bytes.into();
        crate::open(Arc::new(bytes)).map(Some)
    }

    fn left_alone(&self) -> Vec<(String, String)> {
        self.0.left_alone()
    }
}
