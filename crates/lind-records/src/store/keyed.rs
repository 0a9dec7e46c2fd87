//! Columns of few distinct texts: each text is read once, whatever the number of its rows.

use std::cell::Cell;

use lind_time::When;
use lind_units::Decimal;

use crate::columns::{Bits, Column, Texts, Values};
use crate::excerpt::trimmed;
use crate::names::{Symbol, UnitId};
use crate::record::Breakage;

/// Nothing stands in the cell.
pub(crate) const EMPTY: u32 = u32::MAX;

/// The cell stands in a part of the file that cannot be read.
const LOST: u32 = u32::MAX - 1;

/// What a text was read as. A text that is wrong is read again, for its message.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) enum Known {
    /// Not read yet, or wrong.
    #[default]
    No,
    /// A time; whether its offset from UTC was not applied.
    Time(When, bool),
    Number(Decimal),
    /// A unit; whether it was hardly meant.
    Unit(UnitId, bool),
    Symbol(Symbol),
    /// A status.
    Status {
        /// The row was taken back.
        is_withdrawn: bool,
        /// It is that of a result that will not change.
        is_final: bool,
    },
}

/// A column of the batch at hand, and its distinct texts.
#[derive(Debug, Default)]
pub(crate) struct KeyedColumn {
    /// By row of the batch.
    keys: Vec<u32>,
    /// Whether any row of the batch has a value.
    has_values: bool,
    has_lost: bool,
    /// Whether every text is one.
    is_text: bool,
    generation: Option<u64>,
    text: String,
    /// Where each text ends.
    ends: Vec<usize>,
    /// Which of them are none, and why, in the order of their keys.
    broken: Vec<(u32, Breakage)>,
    /// By key; empty where each text is that of its row alone.
    known: Vec<Cell<Known>>,
}

impl KeyedColumn {
    /// Takes the column of the next batch; whether its texts are others than before. `field` is its
    /// place in the file.
    pub(crate) fn fill(&mut self, column: &Column<'_>, rows: usize, field: usize) -> bool {
        self.keys.clear();
        self.has_lost = !matches!(column.lost, crate::columns::Lost::None);
        let is_new = match column.values {
            Values::Nothing if !self.has_lost => {
                self.has_values = false;
                return false;
            }
            Values::Dictionary {
                keys,
                texts,
                generation,
            } => {
                self.keys
                    .extend_from_slice(keys.get(..rows).unwrap_or(keys));
                self.keys.resize(rows, EMPTY);
                let is_new = self.generation != Some(generation);
                if is_new {
                    self.begin();
                    self.generation = Some(generation);
                    for at in 0..texts.len() {
                        self.add(texts.get(at), field);
                    }
                }
                is_new
            }
            Values::Texts(texts) => {
                self.begin();
                self.add_all(texts, rows, field);
                true
            }
            _ => {
                self.begin();
                let mut cell = Vec::new();
                for row in 0..rows {
                    cell.clear();
                    column.write(row, &mut cell);
                    let key = match cell.is_empty() {
                        true => EMPTY,
                        false => self.add(&cell, field),
                    };
                    self.keys.push(key);
                }
                true
            }
        };
        let any = self.empty_absent(column.present);
        if self.has_lost {
            for (row, key) in self.keys.iter_mut().enumerate() {
                if column.is_lost(row) {
                    *key = LOST;
                }
            }
        }
        self.has_values = any || self.has_lost;
        is_new
    }

    /// Empties the cells that have no value; whether there are others.
    fn empty_absent(&mut self, present: Bits<'_>) -> bool {
        let Some(bytes) = present.bytes else {
            return true;
        };
        let mut any = false;
        // A byte at a time: most are of rows that all have a value, or all have none.
        let first = present.offset % 8;
        let mut bytes = bytes.iter().skip(present.offset / 8);
        let of_first = self.keys.len().min(8 - first);
        let (head, rest) = self.keys.split_at_mut(of_first);
        let chunks = std::iter::once((head, first)).chain(rest.chunks_mut(8).map(|keys| (keys, 0)));
        for (keys, from) in chunks {
            // Beyond the last, none has a value.
            let byte = bytes.next().copied().unwrap_or(0) >> from;
            any |= byte != 0;
            match byte {
                u8::MAX => {}
                0 => keys.fill(EMPTY),
                _ => {
                    for (bit, key) in keys.iter_mut().enumerate() {
                        if byte >> bit & 1 == 0 {
                            *key = EMPTY;
                        }
                    }
                }
            }
        }
        any
    }

    /// Whether every cell of the batch can be read.
    pub(crate) fn is_sound(&self) -> bool {
        self.is_text && !self.has_lost
    }

    fn begin(&mut self) {
        self.generation = None;
        self.is_text = true;
        self.text.clear();
        self.ends.clear();
        self.broken.clear();
        self.known.clear();
    }

    /// Takes texts of which each is the text of its row.
    fn add_all(&mut self, texts: Texts<'_>, rows: usize, field: usize) {
        let bounds = texts.offsets.get(..=rows).unwrap_or_default();
        let first = bounds
            .first()
            .and_then(|first| usize::try_from(*first).ok());
        let last = bounds.last().and_then(|last| usize::try_from(*last).ok());
        let bytes = first
            .zip(last)
            .and_then(|(first, last)| texts.bytes.get(first..last));
        let text = bytes.and_then(|bytes| std::str::from_utf8(bytes).ok());
        let Some((text, first)) = text.filter(|text| !text.contains('\0')).zip(first) else {
            // Which of them is none is told one by one.
            for row in 0..rows {
                let key = self.add(texts.get(row), field);
                self.keys.push(key);
            }
            return;
        };
        self.text.push_str(text);
        for (key, end) in (0..).zip(bounds.iter().skip(1)) {
            let end = usize::try_from(*end).unwrap_or(first).saturating_sub(first);
            self.ends.push(end);
            self.keys.push(key);
        }
    }

    fn add(&mut self, bytes: &[u8], field: usize) -> u32 {
        let key = u32::try_from(self.ends.len()).unwrap_or(LOST);
        let field = u32::try_from(field).unwrap_or(u32::MAX);
        let breakage = match std::str::from_utf8(bytes) {
            Ok(text) if text.contains('\0') => Some(Breakage::Nul { field }),
            Ok(text) => {
                self.text.push_str(text);
                None
            }
            Err(error) => Some(Breakage::NotUtf8 {
                field,
                byte: bytes.get(error.valid_up_to()).copied().unwrap_or_default(),
            }),
        };
        self.is_text &= breakage.is_none();
        self.broken.extend(breakage.map(|breakage| (key, breakage)));
        self.ends.push(self.text.len());
        self.known.push(Cell::default());
        key
    }

    pub(crate) fn has_values(&self) -> bool {
        self.has_values
    }

    /// The key of a row of the batch.
    pub(crate) fn key(&self, row: usize) -> u32 {
        self.keys.get(row).copied().unwrap_or(EMPTY)
    }

    /// How many distinct texts there are.
    pub(crate) fn text_count(&self) -> usize {
        self.ends.len()
    }

    /// The distinct texts, in the order of their keys.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &str> {
        let keys = 0..u32::try_from(self.ends.len()).unwrap_or(u32::MAX);
        keys.map(|key| self.text(key))
    }

    /// The text of a key; empty where there is none.
    pub(crate) fn text(&self, key: u32) -> &str {
        let Ok(key) = usize::try_from(key) else {
            return "";
        };
        let Some(end) = self.ends.get(key) else {
            return "";
        };
        let before = key.checked_sub(1).and_then(|before| self.ends.get(before));
        let start = before.copied().unwrap_or_default();
        trimmed(self.text.get(start..*end).unwrap_or_default())
    }

    /// Why a cell cannot be read, if it cannot. `field` is the column's place in the file.
    pub(crate) fn breakage(&self, key: u32, field: usize) -> Option<Breakage> {
        match key {
            EMPTY => None,
            LOST => Some(Breakage::Lost {
                field: u32::try_from(field).unwrap_or(u32::MAX),
            }),
            key => {
                let of_key = |(broken, _): &(u32, Breakage)| *broken;
                let at = self.broken.binary_search_by_key(&key, of_key).ok()?;
                self.broken.get(at).map(|(_, breakage)| *breakage)
            }
        }
    }

    fn known(&self, key: u32) -> Option<&Cell<Known>> {
        self.known.get(usize::try_from(key).ok()?)
    }
}

/// One row, by the columns of its table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RowKeys<'k> {
    /// Those of the table but for its first, the patient, and perhaps more behind them.
    pub(crate) columns: &'k [KeyedColumn],
    /// How many are the table's own, the patient's among them.
    pub(crate) own: usize,
    pub(crate) row: usize,
}

impl<'k> RowKeys<'k> {
    fn column(&self, column: usize) -> Option<(&'k KeyedColumn, u32)> {
        let keyed = self.columns.get(column.checked_sub(1)?)?;
        (column < self.own).then(|| (keyed, keyed.key(self.row)))
    }

    /// The text of a cell; empty where there is none.
    pub(crate) fn text(&self, column: usize) -> &'k str {
        match self.column(column) {
            Some((_, EMPTY)) | None => "",
            Some((keyed, key)) => keyed.text(key),
        }
    }

    fn cell(&self, column: usize) -> Option<&'k Cell<Known>> {
        let (keyed, key) = self.column(column)?;
        keyed.known(key)
    }

    /// What the cell was read as before.
    pub(crate) fn known(&self, column: usize) -> Known {
        self.cell(column).map(Cell::get).unwrap_or_default()
    }

    /// Remembers what the cell was read as.
    pub(crate) fn remember(&self, column: usize, known: Known) {
        if let Some(cell) = self.cell(column) {
            cell.set(known);
        }
    }
}
