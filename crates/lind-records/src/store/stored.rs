//! A file of a store, batch by batch.

use std::io;

use super::keyed::KeyedColumn;
use crate::Tables;
use crate::columns::{Column, ColumnBatches, Lost, Values};

/// A file of a store: its columns of texts by key, its columns of whole numbers as they are.
pub(super) struct Stored {
    batches: Box<dyn ColumnBatches>,
    /// In the order in which they were asked for.
    pub(super) texts: Vec<KeyedColumn>,
    integers: Vec<Integers>,
    /// Where the columns stand in the file: those of texts, then those of whole numbers.
    fields: Vec<usize>,
    /// The number of the first row of the batch at hand, from 1; 0 before the first.
    first: u64,
    rows: usize,
    /// How many rows of the batch are behind.
    pub(super) row: usize,
    /// Which columns of texts have other texts than in the batch before.
    renewed: Vec<bool>,
    /// How often each column of texts got other texts.
    renewals: Vec<u64>,
    /// Which columns of texts have cells in the batch that cannot be read.
    pub(super) unsound: Vec<usize>,
}

/// A column of whole numbers.
#[derive(Debug, Default)]
struct Integers {
    numbers: Vec<i64>,
    /// By row: whether a number stands there that can be read; empty if one does in all of them.
    present: Vec<bool>,
}

impl Integers {
    fn fill(&mut self, column: &Column<'_>, rows: usize) {
        self.numbers.clear();
        self.present.clear();
        match column.values {
            Values::Integers64(numbers) => {
                self.numbers.extend(numbers.iter().take(rows));
            }
            Values::Integers32(numbers) => {
                let numbers = numbers.iter().take(rows);
                self.numbers
                    .extend(numbers.map(|number| i64::from(*number)));
            }
            _ => return,
        }
        if column.present.bytes.is_some() || !matches!(column.lost, Lost::None) {
            let is_there = |row: usize| column.present.get(row) && !column.is_lost(row);
            self.present.extend((0..rows).map(is_there));
        }
    }

    /// The number of a row. None: nothing stands there, or it cannot be read.
    fn get(&self, row: usize) -> Option<i64> {
        let is_there = self.present.is_empty() || self.present.get(row) == Some(&true);
        self.numbers.get(row).copied().filter(|_| is_there)
    }
}

impl Stored {
    /// Opens a file for some of its columns. It must have as many rows as the store says.
    ///
    /// # Errors
    /// The file is not there, or is none of a store as it says of itself.
    pub(super) fn open(
        tables: &dyn Tables,
        file: &str,
        (texts, integers): (&[&str], &[&str]),
        rows: u64,
    ) -> io::Result<Stored> {
        let Some(columns) = tables.open_columns(file)? else {
            return Err(damaged("it is not there"));
        };
        if columns.row_count() != rows {
            return Err(damaged(&format!(
                "it has {} rows and should have {rows}",
                columns.row_count()
            )));
        }
        let mut fields = Vec::new();
        for name in texts.iter().chain(integers) {
            let mut infos = columns.columns().iter();
            match infos.position(|info| info.name == **name) {
                Some(field) => fields.push(field),
                None => return Err(damaged(&format!("it has no column `{name}`"))),
            }
        }
        Ok(Stored {
            batches: columns.read(&fields)?,
            texts: texts.iter().map(|_| KeyedColumn::default()).collect(),
            integers: integers.iter().map(|_| Integers::default()).collect(),
            renewed: vec![false; texts.len()],
            renewals: vec![0; texts.len()],
            unsound: Vec::new(),
            fields,
            first: 0,
            rows: 0,
            row: 0,
        })
    }

    /// How many rows of the batch at hand are left; where there is none, of the next. None after the
    /// last row.
    pub(super) fn left(&mut self) -> io::Result<usize> {
        while self.row >= self.rows {
            let Some(batch) = self.batches.next_batch()? else {
                return Ok(0);
            };
            (self.first, self.rows, self.row) = (batch.first_row, batch.row_count, 0);
            let mut columns = batch.columns.iter();
            let renewed = self.renewed.iter_mut().zip(&mut self.renewals);
            let places = self.texts.iter_mut().zip(renewed);
            for (((text, (renewed, renewals)), field), column) in
                places.zip(&self.fields).zip(&mut columns)
            {
                if text.fill(column, batch.row_count, *field) {
                    *renewed = true;
                    *renewals += 1;
                }
            }
            self.unsound.clear();
            let unsound = self.texts.iter().enumerate();
            let unsound = unsound.filter(|(_, text)| text.has_values() && !text.is_sound());
            self.unsound.extend(unsound.map(|(at, _)| at));
            for (integers, column) in self.integers.iter_mut().zip(columns) {
                integers.fill(column, batch.row_count);
            }
        }
        Ok(self.rows - self.row)
    }

    /// Goes on to the next row; whether there is one.
    pub(super) fn step(&mut self) -> io::Result<bool> {
        Ok(self.left()? > 0)
    }

    /// Whether a column of texts has others than when this was last asked.
    pub(super) fn take_renewed(&mut self, column: usize) -> bool {
        self.renewed.get_mut(column).is_some_and(std::mem::take)
    }

    /// How often a column of texts got others.
    pub(super) fn renewals(&self, column: usize) -> u64 {
        self.renewals.get(column).copied().unwrap_or_default()
    }

    /// Where a column of texts stands in the file.
    pub(super) fn field(&self, column: usize) -> usize {
        self.fields.get(column).copied().unwrap_or(usize::MAX)
    }

    /// The number of the current row, from 1.
    pub(super) fn line(&self) -> u32 {
        let row = u64::try_from(self.row).unwrap_or(u64::MAX);
        u32::try_from(self.first.saturating_add(row)).unwrap_or(u32::MAX)
    }

    /// A text of the current row; none: it cannot be read.
    pub(super) fn text(&self, column: usize) -> Option<&str> {
        let keyed = self.texts.get(column)?;
        if !keyed.has_values() {
            return Some("");
        }
        let key = keyed.key(self.row);
        if keyed.breakage(key, 0).is_some() {
            return None;
        }
        Some(keyed.text(key))
    }

    /// A number of the current row, if there is one that can be read.
    pub(super) fn integer(&self, column: usize) -> Option<i64> {
        self.integers.get(column)?.get(self.row)
    }
}

/// A file is not what the store says of it.
pub(super) fn damaged(what: &str) -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        format!("{what}: the charts were changed since they were written; ingest the data again"),
    )
}
