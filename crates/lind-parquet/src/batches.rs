//! The rows of some columns, batch by batch.
//!
//! Each column of each group of rows is read by itself, so that what is damaged in one costs no
//! other. Where a batch of a column cannot be read as a whole, it is read in halves and halves of
//! halves, so that a text that is none costs its own row; where that does not help, the rest of the
//! column in this group of rows is lost.

use std::io;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef};
use lind_records::{Column, ColumnBatch, ColumnBatches};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder, RowSelection, RowSelector,
};

use crate::file::Known;
use crate::guard::guarded;
use crate::values::{Loaded, OwnTexts};

/// How many rows a batch has.
const ROWS_OF_BATCH: usize = 8_192;

/// How often the rows of a column in a group are tried again before the rest is given up.
const MOST_TRIES: u32 = 96;

pub(crate) struct Batches {
    known: Arc<Known>,
    columns: Vec<Reader>,
    group: usize,
    /// How many rows of the group have been handed over.
    done: u64,
    /// How many rows have been handed over.
    before: u64,
    loaded: Vec<Loaded>,
}

/// A column in the group that is being read.
struct Reader {
    column: usize,
    state: State,
    tries: u32,
    /// The dictionary of the batch before.
    dictionary: Option<ArrayRef>,
    generation: u64,
}

enum State {
    /// Not begun, or begun again after what could not be read.
    Closed,
    Open(Box<ParquetRecordBatchReader>),
    /// Nothing stands in this group.
    Empty,
    /// The rest of the group is lost.
    Lost,
}

impl Batches {
    pub(crate) fn new(known: Arc<Known>, columns: &[usize]) -> Self {
        Batches {
            known,
            columns: columns
                .iter()
                .map(|column| Reader {
                    column: *column,
                    state: State::Closed,
                    tries: 0,
                    dictionary: None,
                    generation: 0,
                })
                .collect(),
            group: 0,
            done: 0,
            before: 0,
            loaded: Vec::new(),
        }
    }

    /// Goes on to the next group that has rows left; how many it has left.
    fn left(&mut self) -> Option<u64> {
        loop {
            let rows = self.known.groups.get(self.group)?.rows;
            if self.done == 0 {
                let mut any_sound = self.columns.is_empty();
                for reader in &mut self.columns {
                    let sound = rows > 0 && self.known.is_sound(self.group, reader.column);
                    any_sound |= sound;
                    let is_empty = sound && self.known.is_empty(self.group, reader.column);
                    reader.begin(sound, is_empty);
                }
                if rows > 0 && !any_sound {
                    // How many rows there are is not known either: the group counts as one.
                    self.done = rows;
                    return Some(0);
                }
            }
            match rows.checked_sub(self.done) {
                Some(left) if left > 0 => return Some(left),
                _ => {
                    self.group += 1;
                    self.done = 0;
                }
            }
        }
    }

    fn next(&mut self) -> io::Result<Option<(u64, usize)>> {
        let Some(left) = self.left() else {
            self.loaded.clear();
            self.known.source.check()?;
            return Ok(None);
        };
        let first = self.before.saturating_add(1);
        if left == 0 {
            self.loaded = self.columns.iter().map(|_| Loaded::lost()).collect();
            self.before = self.before.saturating_add(self.done);
            self.known.source.check()?;
            return Ok(Some((first, 1)));
        }
        let count = usize::try_from(left).unwrap_or(usize::MAX);
        let count = count.min(ROWS_OF_BATCH);
        let place = Place {
            known: &self.known,
            group: self.group,
            start: usize::try_from(self.done).unwrap_or(usize::MAX),
            count,
        };
        self.loaded = self
            .columns
            .iter_mut()
            .map(|reader| reader.load(&place))
            .collect();
        self.known.source.check()?;
        let counted = u64::try_from(count).unwrap_or(u64::MAX);
        self.done = self.done.saturating_add(counted);
        self.before = self.before.saturating_add(counted);
        Ok(Some((first, count)))
    }
}

impl ColumnBatches for Batches {
    fn next_batch(&mut self) -> io::Result<Option<ColumnBatch<'_>>> {
        let Some((first_row, row_count)) = self.next()? else {
            return Ok(None);
        };
        Ok(Some(ColumnBatch {
            first_row,
            row_count,
            columns: self.loaded.iter().map(Loaded::column).collect(),
        }))
    }
}

/// Some rows of a group.
#[derive(Clone, Copy)]
struct Place<'k> {
    known: &'k Known,
    group: usize,
    start: usize,
    count: usize,
}

impl Place<'_> {
    /// Begins to read a column at these rows; all that follow in the group, or these alone.
    fn open(&self, column: usize, alone: bool) -> Option<ParquetRecordBatchReader> {
        let known = self.known;
        let metadata = if known.has_dictionary(self.group, column) {
            &known.by_key
        } else {
            &known.plain
        };
        guarded(|| {
            let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(
                known.source.clone(),
                metadata.clone(),
            );
            let mask = ProjectionMask::roots(metadata.parquet_schema(), [column]);
            let builder = builder
                .with_row_groups(vec![self.group])
                .with_projection(mask)
                .with_batch_size(if alone { self.count } else { ROWS_OF_BATCH });
            let rows = known.groups.get(self.group).map_or(0, |group| group.rows);
            let rows = usize::try_from(rows).unwrap_or(usize::MAX);
            let wanted = if alone {
                self.count
            } else {
                rows.saturating_sub(self.start)
            };
            let builder = if self.start > 0 || wanted < rows {
                builder.with_row_selection(RowSelection::from(vec![
                    RowSelector::skip(self.start),
                    RowSelector::select(wanted),
                    RowSelector::skip(rows.saturating_sub(self.start).saturating_sub(wanted)),
                ]))
            } else {
                builder
            };
            builder.build().ok()
        })
        .flatten()
    }

    fn half(&self, second: bool) -> Self {
        let middle = self.count / 2;
        Place {
            start: self.start + if second { middle } else { 0 },
            count: if second { self.count - middle } else { middle },
            ..*self
        }
    }
}

/// The next rows of a column, if they can all be read.
fn next_array(reader: &mut ParquetRecordBatchReader, count: usize) -> Option<ArrayRef> {
    let batch = guarded(|| reader.next())??.ok()?;
    let array = batch.columns().first()?;
    (array.len() == count).then(|| Arc::clone(array))
}

impl Reader {
    fn begin(&mut self, is_sound: bool, is_empty: bool) {
        self.state = match (is_sound, is_empty) {
            (false, _) => State::Lost,
            (true, true) => State::Empty,
            (true, false) => State::Closed,
        };
        self.tries = 0;
    }

    fn load(&mut self, place: &Place<'_>) -> Loaded {
        if matches!(self.state, State::Closed) {
            self.state = match place.open(self.column, false) {
                Some(reader) => State::Open(Box::new(reader)),
                None => State::Lost,
            };
        }
        let reader = match &mut self.state {
            State::Open(reader) => reader,
            State::Empty => return Loaded::empty(),
            State::Closed | State::Lost => return Loaded::lost(),
        };
        match next_array(reader, place.count) {
            Some(array) => {
                let generation = self.generation_of(&array);
                Loaded::of(array, generation)
            }
            None => {
                let rescued = self.rescue(place);
                self.state = if self.tries < MOST_TRIES {
                    State::Closed
                } else {
                    State::Lost
                };
                rescued
            }
        }
    }

    /// Counts the dictionaries, so that each has a number of its own.
    fn generation_of(&mut self, array: &ArrayRef) -> u64 {
        let dictionary = array
            .as_any_dictionary_opt()
            .map(|dictionary| Arc::clone(dictionary.values()));
        let is_same = match (&self.dictionary, &dictionary) {
            (Some(before), Some(now)) => Arc::ptr_eq(before, now),
            (None, None) => true,
            _ => false,
        };
        if !is_same {
            self.generation += 1;
            self.dictionary = dictionary;
        }
        self.generation
    }

    /// Reads what can be read of rows that cannot be read together.
    fn rescue(&mut self, place: &Place<'_>) -> Loaded {
        let mut texts = OwnTexts::new();
        let mut lost = Vec::with_capacity(place.count);
        let mut parts = vec![place.half(true), place.half(false)];
        while let Some(part) = parts.pop() {
            if part.count == 0 {
                continue;
            }
            let read = if self.tries < MOST_TRIES {
                self.tries += 1;
                part.open(self.column, true)
                    .and_then(|mut reader| next_array(&mut reader, part.count))
            } else {
                None
            };
            match read {
                Some(array) => {
                    let loaded = Loaded::of(array, 0);
                    append(&loaded.column(), part.count, &mut texts, &mut lost);
                }
                None if part.count > 1 && self.tries < MOST_TRIES => {
                    parts.push(part.half(true));
                    parts.push(part.half(false));
                }
                None => {
                    for _ in 0..part.count {
                        texts.close();
                    }
                    lost.extend(std::iter::repeat_n(true, part.count));
                }
            }
        }
        Loaded::rescued(texts, lost)
    }
}

fn append(column: &Column<'_>, count: usize, texts: &mut OwnTexts, lost: &mut Vec<bool>) {
    for row in 0..count {
        column.write(row, &mut texts.bytes);
        let has_room = texts.close();
        lost.push(!has_room);
    }
}
