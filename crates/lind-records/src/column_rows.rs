//! Rows of a file that holds its table by column, cut into fields like those of a file of lines.

use std::io;

use memchr::memchr;

use crate::columns::{ColumnBatches, ColumnFile, ColumnInfo};
use crate::record::{Breakage, LONGEST_ROW, Step};

/// The rows of one file. The names of its columns come first, as row 0.
pub(crate) struct ColumnRows {
    file: Box<dyn ColumnFile>,
    /// None before the first row.
    batches: Option<Box<dyn ColumnBatches>>,
    /// Which fields are read; none: all.
    only: Option<Vec<usize>>,
    /// The cells of a batch, row by row, one after another.
    text: Vec<u8>,
    /// Where each cell ends.
    ends: Vec<usize>,
    states: Vec<Option<Breakage>>,
    /// Where in the row each of the columns that are read stands.
    fields: Vec<usize>,
    /// The first row of the batch, from 1.
    first: u64,
    row: usize,
    begun: bool,
}

impl ColumnRows {
    pub(crate) fn new(file: Box<dyn ColumnFile>) -> Self {
        ColumnRows {
            file,
            batches: None,
            only: None,
            text: Vec::new(),
            ends: Vec::new(),
            states: Vec::new(),
            fields: Vec::new(),
            first: 0,
            row: 0,
            begun: false,
        }
    }

    pub(crate) fn columns(&self) -> &[ColumnInfo] {
        self.file.columns()
    }

    /// Reads no other fields from now on. What is asked for is asked before the first row.
    pub(crate) fn only(&mut self, fields: &[usize]) {
        self.only = Some(fields.to_vec());
    }

    /// The number of the current row, from 1; 0: the names of the columns.
    pub(crate) fn line(&self) -> u32 {
        let row = u64::try_from(self.row).unwrap_or(u64::MAX);
        u32::try_from(self.first.saturating_add(row)).unwrap_or(u32::MAX)
    }

    pub(crate) fn field_count(&self) -> usize {
        self.file.columns().len()
    }

    fn cell(&self, at: usize) -> &[u8] {
        let start = match at.checked_sub(1) {
            Some(before) => self.ends.get(before).copied(),
            None => Some(0),
        };
        let end = self.ends.get(at).copied();
        start
            .zip(end)
            .and_then(|(start, end)| self.text.get(start..end))
            .unwrap_or_default()
    }

    /// The bytes of a field of the current row.
    pub(crate) fn bytes(&self, field: usize) -> &[u8] {
        if self.first == 0 {
            let column = self.file.columns().get(field);
            return column.map_or(&[], |column| column.name.as_bytes());
        }
        let Some(at) = self.fields.iter().position(|other| *other == field) else {
            return &[];
        };
        self.cell(self.row * self.fields.len() + at)
    }

    /// A field of the current row as text; empty if it is none.
    pub(crate) fn field(&self, field: usize) -> &str {
        std::str::from_utf8(self.bytes(field)).unwrap_or_default()
    }

    /// Goes on to the next row.
    pub(crate) fn step(&mut self) -> io::Result<Step> {
        if !self.begun {
            self.begun = true;
            return Ok(Step::Row);
        }
        if self.first > 0 {
            self.row += 1;
        }
        while self.row >= self.states.len() {
            if !self.fill()? {
                // Where the last row was read stays where it is.
                return Ok(Step::End);
            }
        }
        Ok(match self.states.get(self.row) {
            Some(Some(breakage)) => Step::Broken(*breakage),
            _ => Step::Row,
        })
    }

    /// Takes the next batch; whether there is one.
    fn fill(&mut self) -> io::Result<bool> {
        if self.batches.is_none() {
            self.fields = match self.only.take() {
                Some(fields) => fields,
                None => (0..self.field_count()).collect(),
            };
            self.batches = Some(self.file.read(&self.fields)?);
        }
        let Some(batches) = &mut self.batches else {
            return Ok(false);
        };
        let Some(batch) = batches.next_batch()? else {
            return Ok(false);
        };
        (self.first, self.row) = (batch.first_row, 0);
        self.text.clear();
        self.ends.clear();
        self.states.clear();
        for row in 0..batch.row_count {
            let begin = self.text.len();
            let mut state = None;
            for (column, field) in batch.columns.iter().zip(&self.fields) {
                let start = self.text.len();
                column.write(row, &mut self.text);
                let field = u32::try_from(*field).unwrap_or(u32::MAX);
                let cell = self.text.get(start..).unwrap_or_default();
                let breakage = if column.is_lost(row) {
                    Some(Breakage::Lost { field })
                } else if let Err(error) = std::str::from_utf8(cell) {
                    let byte = cell.get(error.valid_up_to());
                    Some(Breakage::NotUtf8 {
                        field,
                        byte: byte.copied().unwrap_or_default(),
                    })
                } else if memchr(0, cell).is_some() {
                    Some(Breakage::Nul { field })
                } else {
                    None
                };
                state = state.or(breakage);
                if self.text.len() - begin > LONGEST_ROW {
                    // What is too long is not held.
                    self.text.truncate(start);
                    state = Some(Breakage::TooLong);
                }
                self.ends.push(self.text.len());
            }
            self.states.push(state);
        }
        Ok(true)
    }
}
