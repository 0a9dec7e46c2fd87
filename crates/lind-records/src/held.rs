//! The wanted rows of a table in any other order than that of `patients`, or of a source of another
//! form: held as they stand in the file, which is the smallest form they have, until their patient
//! comes up. While data are ingested, what memory has no place for waits in a temporary file.

use std::io;
use std::mem::size_of;
use std::sync::Arc;

use crate::cells::Cells;
use crate::codes::{CodeBook, Lookup};
use crate::feed::Item;
use crate::found::Found;
use crate::patients::Rank;
use crate::place::{FileId, Provenance};
use crate::record::Breakage;
use crate::spill::{Spill, Spilled};
use crate::store::KeptProblem;
use crate::table::{CODE, MOST_COLUMNS, PATIENT};
use crate::{Dictionary, Problem, Table};

/// The wanted rows of a table in any other order, or of a source of another form.
#[derive(Default)]
pub(crate) struct Held {
    text: String,
    /// The cells of the rows that are not empty, one after another: see [`Held::push`].
    cells: Vec<u32>,
    /// Sorted by patient; within a patient in the order of the file.
    rows: Vec<HeldRow>,
    next: usize,
    lost: Vec<Arc<Problem>>,
    /// The names of the files; empty if all rows are of the table's own.
    files: Arc<[Arc<str>]>,
    /// Where rows wait for which there is no room here; none: there is room for all.
    spilled: Option<Spilled>,
}

struct HeldRow {
    rank: Rank,
    at: Provenance,
    /// Where its texts begin, and where its cells do: of a whole row all of them and the name of its
    /// record, of any other its code alone.
    start: usize,
    first: usize,
    count: u8,
    state: HeldState,
}

pub(crate) enum HeldState {
    /// With what its code is.
    Whole(Lookup),
    Broken(Breakage),
    /// Which of the problems.
    Lost(usize),
}

/// In a cell that is held: which column it is of stands above its length.
const LENGTH_BITS: u32 = 28;

/// The column of the name of the record.
const RECORD: usize = MOST_COLUMNS;

/// About how many bytes a problem takes.
const SIZE_OF_PROBLEM: usize = 400;

/// What is held of one cell is cut here: nothing that can be read is as long.
const LONGEST_CELL: u32 = (1 << LENGTH_BITS) - 1;
impl Held {
    /// Where the row begins that is written next.
    pub(crate) fn mark(&self) -> (usize, usize) {
        (self.text.len(), self.cells.len())
    }

    /// Adds a cell to the row that is being written.
    pub(crate) fn push(&mut self, column: usize, text: &str) {
        if text.is_empty() {
            return;
        }
        let mut end = text.len().min(LONGEST_CELL as usize);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let text = text.get(..end).unwrap_or_default();
        let length = u32::try_from(end).unwrap_or_default();
        let column = u32::try_from(column).unwrap_or_default();
        self.text.push_str(text);
        self.cells.push(column << LENGTH_BITS | length);
    }

    /// Ends the row that begins at the mark.
    #[inline]
    pub(crate) fn close(
        &mut self,
        rank: Rank,
        at: Provenance,
        (start, first): (usize, usize),
        state: HeldState,
    ) {
        self.rows.push(HeldRow {
            rank,
            at,
            start,
            first,
            count: u8::try_from(self.cells.len() - first).unwrap_or(u8::MAX),
            state,
        });
        self.spill_if_full();
    }

    /// Takes a row of a source of another form.
    pub(crate) fn add(&mut self, rank: Rank, at: Provenance, found: &Found<'_>, lookup: Lookup) {
        let mark = self.mark();
        for (column, text) in found.cells.texts.iter().enumerate() {
            if column != PATIENT {
                self.push(column, text);
            }
        }
        self.push(RECORD, found.origin.record);
        self.close(rank, at, mark, HeldState::Whole(lookup));
    }

    /// Takes a record that could not be read.
    pub(crate) fn add_lost(
        &mut self,
        rank: Rank,
        at: Provenance,
        codes: &str,
        problem: Arc<Problem>,
    ) {
        let mark = self.mark();
        self.push(CODE, codes);
        self.lost.push(problem);
        self.close(rank, at, mark, HeldState::Lost(self.lost.len() - 1));
    }

    /// Lets go of all rows and keeps the room for others.
    pub(crate) fn clear(&mut self) {
        self.text.clear();
        self.cells.clear();
        self.rows.clear();
        self.lost.clear();
        self.next = 0;
    }

    /// Rows for which there is no room wait here.
    pub(crate) fn spill_to(&mut self, spill: &Spill) {
        self.spilled = Some(Spilled::new(spill.clone()));
    }

    /// Lets the rows wait elsewhere if they have grown beyond their room.
    fn spill_if_full(&mut self) {
        let Some(spilled) = &self.spilled else {
            return;
        };
        let size = self.text.len()
            + self.cells.len() * size_of::<u32>()
            + self.rows.len() * size_of::<HeldRow>()
            + self.lost.len() * SIZE_OF_PROBLEM;
        if size > spilled.room() {
            self.spill();
        }
    }

    /// Lets the rows wait elsewhere.
    fn spill(&mut self) {
        self.sort();
        if let Some(mut spilled) = self.spilled.take() {
            let rows = self.rows.iter();
            spilled.write(rows.map(|row| (row.rank, |bytes: &mut Vec<u8>| self.write(row, bytes))));
            self.spilled = Some(spilled);
        }
        self.clear();
    }

    /// Puts the rows in the order of the patients. `rank`: the new place of a patient; none: it is the
    /// old one.
    pub(crate) fn finish(&mut self, files: &Arc<[Arc<str>]>, rank: Option<&dyn Fn(Rank) -> Rank>) {
        if !Arc::ptr_eq(&self.files, files) {
            self.files = Arc::clone(files);
        }
        if let Some(rank) = rank {
            for row in &mut self.rows {
                row.rank = rank(row.rank);
            }
            if let Some(spilled) = &mut self.spilled {
                spilled.reorder(rank);
            }
        }
        self.sort();
        if self
            .spilled
            .as_ref()
            .is_some_and(|spilled| !spilled.is_empty())
        {
            self.spill();
            if let Some(spilled) = &mut self.spilled {
                spilled.merge();
            }
            // Their room is not needed any more.
            self.text = String::new();
            self.cells = Vec::new();
            self.rows = Vec::new();
        } else {
            self.spilled = None;
        }
    }

    fn sort(&mut self) {
        if !self.rows.is_sorted_by_key(|row| row.rank) {
            self.rows.sort_by_key(|row| row.rank);
        }
    }

    /// How many rows of a patient are here; those that wait elsewhere are not counted.
    pub(crate) fn count(&self, rank: Rank) -> usize {
        let behind = self.rows.get(self.next..).unwrap_or_default();
        behind.iter().take_while(|row| row.rank <= rank).count()
    }

    /// The next row of a patient, and its cells; none after the last. Patients come in order.
    pub(crate) fn next_row<'h>(
        &'h mut self,
        (table, rank): (Table, Rank),
        (codes, dictionary): (&mut CodeBook, &mut Dictionary),
        cells: &mut Cells<'h>,
    ) -> io::Result<Option<Given<'h>>> {
        if self.spilled.is_some() {
            return self.next_waiting((table, rank), (codes, dictionary), cells);
        }
        let behind = self.rows.get(self.next..).unwrap_or_default();
        self.next += behind.iter().take_while(|row| row.rank < rank).count();
        let Some(row) = self.rows.get(self.next).filter(|row| row.rank == rank) else {
            return Ok(None);
        };
        self.next += 1;
        let text = self.text.get(row.start..).unwrap_or_default();
        let record = spread(self.cells_of(row).iter().copied(), text, cells);
        Ok(Some(Given {
            kind: self.kind(row, cells, codes, dictionary),
            record,
            at: row.at,
            file: file_of(&self.files, row.at),
        }))
    }

    /// The next row of a patient that waited elsewhere.
    fn next_waiting<'h>(
        &'h mut self,
        (table, rank): (Table, Rank),
        (codes, dictionary): (&mut CodeBook, &mut Dictionary),
        cells: &mut Cells<'h>,
    ) -> io::Result<Option<Given<'h>>> {
        let Some(spilled) = &mut self.spilled else {
            return Ok(None);
        };
        let Some(bytes) = spilled.next(rank)? else {
            return Ok(None);
        };
        let waiting = Waiting::read(bytes).ok_or_else(|| {
            io::Error::new(io::ErrorKind::InvalidData, "the temporary file was changed")
        })?;
        let at = waiting.at(table);
        let record = spread(numbers_of(waiting.cells), waiting.text, cells);
        Ok(Some(Given {
            kind: waiting.kind(cells, codes, dictionary),
            record,
            at,
            file: file_of(&self.files, at),
        }))
    }

    fn cells_of(&self, row: &HeldRow) -> &[u32] {
        let end = row.first.saturating_add(usize::from(row.count));
        self.cells.get(row.first..end).unwrap_or_default()
    }

    /// What a row of these cells is.
    fn kind(
        &self,
        row: &HeldRow,
        cells: &Cells<'_>,
        codes: &mut CodeBook,
        dictionary: &mut Dictionary,
    ) -> GivenKind {
        match &row.state {
            HeldState::Whole(lookup) => GivenKind::Row(lookup.clone()),
            HeldState::Broken(breakage) => {
                GivenKind::Broken(*breakage, lookup_alone(cells, codes, dictionary))
            }
            HeldState::Lost(at) => {
                let lookup = lookup_alone(cells, codes, dictionary);
                match self.lost.get(*at) {
                    Some(problem) => GivenKind::Lost(Arc::clone(problem), lookup),
                    None => GivenKind::Broken(Breakage::NoPatient, lookup),
                }
            }
        }
    }

    /// Writes a row as [`Waiting`] reads it.
    fn write(&self, row: &HeldRow, bytes: &mut Vec<u8>) {
        for number in [row.at.file.0, row.at.line, row.at.entry] {
            bytes.extend_from_slice(&number.to_le_bytes());
        }
        let (state, extra) = match &row.state {
            HeldState::Whole(_) => (WHOLE, Vec::new()),
            HeldState::Broken(breakage) => (BROKEN, breakage.as_numbers().to_vec()),
            HeldState::Lost(at) => {
                let problem = self
                    .lost
                    .get(*at)
                    .map(|problem| KeptProblem::from(&**problem));
                let problem = problem.and_then(|problem| serde_json::to_vec(&problem).ok());
                (LOST, problem.unwrap_or_default())
            }
        };
        let cells = self.cells_of(row);
        bytes.push(state);
        bytes.push(row.count);
        let mut length = 0;
        for cell in cells {
            bytes.extend_from_slice(&cell.to_le_bytes());
            length += length_of(*cell);
        }
        let text = self.text.get(row.start..row.start + length);
        bytes.extend_from_slice(text.unwrap_or_default().as_bytes());
        bytes.extend_from_slice(&extra);
    }
}

/// A row that is handed over.
pub(crate) struct Given<'h> {
    kind: GivenKind,
    /// The name of its record.
    pub(crate) record: &'h str,
    pub(crate) at: Provenance,
    /// The name of its file.
    pub(crate) file: &'h str,
}

enum GivenKind {
    Row(Lookup),
    Broken(Breakage, Option<Lookup>),
    Lost(Arc<Problem>, Option<Lookup>),
}

impl Given<'_> {
    /// What it is, with its cells.
    pub(crate) fn item<'c>(self, cells: &'c Cells<'c>) -> Item<'c> {
        match self.kind {
            GivenKind::Row(lookup) => Item::Row { lookup, cells },
            GivenKind::Broken(breakage, lookup) => Item::Broken { breakage, lookup },
            GivenKind::Lost(problem, lookup) => Item::Lost {
                problem,
                lookup,
                column: None,
            },
        }
    }
}

/// A row that waited in a temporary file.
struct Waiting<'b> {
    numbers: [u32; 3],
    cells: &'b [u8],
    text: &'b str,
    breakage: Option<Breakage>,
    problem: Option<Problem>,
}

const WHOLE: u8 = 0;
const BROKEN: u8 = 1;
const LOST: u8 = 2;

impl<'b> Waiting<'b> {
    fn read(bytes: &'b [u8]) -> Option<Self> {
        let mut rest = bytes;
        let mut number = || {
            let (number, behind) = rest.split_first_chunk::<4>()?;
            rest = behind;
            Some(u32::from_le_bytes(*number))
        };
        let numbers = [number()?, number()?, number()?];
        let ([state, count], rest) = rest.split_first_chunk::<2>()?;
        let (cells, rest) = rest.split_at_checked(usize::from(*count) * size_of::<u32>())?;
        let length = numbers_of(cells).map(length_of).sum();
        let (text, extra) = rest.split_at_checked(length)?;
        let mut waiting = Waiting {
            numbers,
            cells,
            text: std::str::from_utf8(text).ok()?,
            breakage: None,
            problem: None,
        };
        match *state {
            BROKEN => waiting.breakage = Some(Breakage::of_numbers(extra)?),
            LOST => {
                let problem: KeptProblem = serde_json::from_slice(extra).ok()?;
                waiting.problem = Some(problem.problem()?);
            }
            _ => {}
        }
        Some(waiting)
    }

    fn at(&self, table: Table) -> Provenance {
        let [file, line, entry] = self.numbers;
        Provenance {
            table,
            file: FileId(file),
            line,
            entry,
        }
    }

    fn kind(
        self,
        cells: &Cells<'_>,
        codes: &mut CodeBook,
        dictionary: &mut Dictionary,
    ) -> GivenKind {
        match (self.problem, self.breakage) {
            (Some(problem), _) => {
                let lookup = lookup_alone(cells, codes, dictionary);
                GivenKind::Lost(Arc::new(problem), lookup)
            }
            (None, Some(breakage)) => {
                GivenKind::Broken(breakage, lookup_alone(cells, codes, dictionary))
            }
            (None, None) => GivenKind::Row(codes.look_up(cells.text(CODE), dictionary)),
        }
    }
}

fn numbers_of(cells: &[u8]) -> impl Iterator<Item = u32> + '_ {
    cells
        .as_chunks::<4>()
        .0
        .iter()
        .map(|cell| u32::from_le_bytes(*cell))
}

fn length_of(cell: u32) -> usize {
    usize::try_from(cell & LONGEST_CELL).unwrap_or(usize::MAX)
}

/// Writes the texts of a row's cells, each into its column; gives the name of its record.
fn spread<'t>(places: impl Iterator<Item = u32>, text: &'t str, cells: &mut Cells<'t>) -> &'t str {
    let mut record = "";
    let mut rest = text;
    for place in places {
        let (text, behind) = rest.split_at_checked(length_of(place)).unwrap_or_default();
        rest = behind;
        match cells.texts.get_mut((place >> LENGTH_BITS) as usize) {
            Some(cell) => *cell = text,
            None => record = text,
        }
    }
    record
}

/// What the code of a record is that cannot be read; none: that much cannot be read either.
fn lookup_alone(
    cells: &Cells<'_>,
    codes: &mut CodeBook,
    dictionary: &mut Dictionary,
) -> Option<Lookup> {
    let code = Some(cells.text(CODE)).filter(|code| !code.is_empty());
    code.map(|code| codes.look_up(code, dictionary))
}

fn file_of(files: &[Arc<str>], at: Provenance) -> &str {
    let file = usize::try_from(at.file.0).ok();
    file.and_then(|file| files.get(file))
        .map_or(at.table.file(), |name| name)
}
