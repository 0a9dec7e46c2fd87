//! Tables that are not written in UTF-8.

use std::io::{self, Read};

use crate::Tables;
use crate::columns::ColumnFile;
use crate::sdtm::encoding::windows_1252;

/// How many bytes are read at a time.
const BLOCK: usize = 8 << 10;

/// Files in Windows-1252, read as if they were in UTF-8.
pub(crate) struct InUtf8<'t>(pub(crate) &'t dyn Tables);

impl Tables for InUtf8<'_> {
    fn names(&self) -> Vec<String> {
        self.0.names()
    }

    fn open(&self, name: &str) -> io::Result<Option<Box<dyn Read + Send>>> {
        let file = self.0.open(name)?;
        Ok(file.map(|file| {
            Box::new(FromWindows1252 {
                file,
                ready: Vec::new(),
                next: 0,
            }) as Box<dyn Read + Send>
        }))
    }

    fn open_columns(&self, name: &str) -> io::Result<Option<Box<dyn ColumnFile>>> {
        self.0.open_columns(name)
    }

    fn refused(&self) -> Vec<(String, &'static str)> {
        self.0.refused()
    }

    fn left_alone(&self) -> Vec<(String, String)> {
        self.0.left_alone()
    }
}

struct FromWindows1252 {
    file: Box<dyn Read + Send>,
    /// Bytes of UTF-8, of which the first were taken.
    ready: Vec<u8>,
    next: usize,
}

impl Read for FromWindows1252 {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.next >= self.ready.len() {
            let mut block = [0; BLOCK];
            let count = self.file.read(&mut block)?;
            let text = windows_1252(block.get(..count).unwrap_or_default());
            self.ready.clear();
            self.ready.extend_from_slice(text.as_bytes());
            self.next = 0;
        }
        let mut ready = self.ready.get(self.next..).unwrap_or_default();
        let count = ready.read(buffer)?;
        self.next += count;
        Ok(count)
    }
}
