//! Rows for which memory has no place while data are ingested: they wait in a temporary file until
//! their patient comes up.
//!
//! What a table has grown to is sorted by patient and written as one run; when all rows are known the
//! runs are read along with each other, a piece of each at a time. So what is held does not grow with
//! the number of the rows, and they come out as they would have come out of memory: by patient, and
//! within a patient in the order in which they were found.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use crate::patients::Rank;

/// Stands for a temporary file, in which rows wait while data are ingested.
pub trait Scratch {
    /// Writes bytes at a place: behind all that was written, or over some of it.
    ///
    /// # Errors
    /// They cannot be written.
    fn write_at(&mut self, at: u64, bytes: &[u8]) -> io::Result<()>;

    /// Reads as many bytes as are asked for from a place. All of them were written.
    ///
    /// # Errors
    /// They cannot be read.
    fn read_at(&mut self, at: u64, bytes: &mut [u8]) -> io::Result<()>;

    /// How many bytes the rows of a table may take in memory before they are written here.
    fn room(&self) -> usize {
        16 << 20
    }
}

/// How many bytes of all runs of a table are read ahead, if each has a piece that is worth reading.
const AHEAD: usize = 8 << 20;

/// The least and the most bytes that are read of a run at a time.
const PIECE: Range<usize> = (4 << 10)..(256 << 10);

/// How many bytes are written at a time.
const WRITTEN: usize = 1 << 18;

/// What stands before each row: how long it is behind that, and its patient.
const LENGTH: usize = 8;
const HEAD: usize = LENGTH + 4;

/// A temporary file that the tables share.
#[derive(Clone)]
pub(crate) struct Spill(Arc<Mutex<Inner>>);

struct Inner {
    scratch: Box<dyn Scratch + Send>,
    /// How much was written.
    end: u64,
    /// Why rows were lost in it; the first reason.
    failure: Option<io::Error>,
}

impl Spill {
    pub(crate) fn new(scratch: Box<dyn Scratch + Send>) -> Self {
        Spill(Arc::new(Mutex::new(Inner {
            scratch,
            end: 0,
            failure: None,
        })))
    }

    fn with<T>(&self, act: impl FnOnce(&mut Inner) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn room(&self) -> usize {
        self.with(|inner| inner.scratch.room())
    }

    /// Fails if rows were lost: nothing that follows is of use.
    pub(crate) fn check(&self) -> io::Result<()> {
        match self.with(|inner| inner.failure.is_some()) {
            true => Err(failed()),
            false => Ok(()),
        }
    }

    /// Why rows were lost, if any were.
    pub(crate) fn failure(&self) -> Option<io::Error> {
        self.with(|inner| inner.failure.take())
    }

    fn fail(&self, error: io::Error) {
        self.with(|inner| {
            inner.failure.get_or_insert(error);
        });
    }

    fn read(&self, at: u64, bytes: &mut [u8]) -> io::Result<()> {
        self.with(|inner| {
            inner.scratch.read_at(at, bytes).map_err(|error| {
                inner.failure.get_or_insert(error);
                failed()
            })
        })
    }
}

/// What is said until somebody asks for the reason.
fn failed() -> io::Error {
    io::Error::other("the temporary file cannot be used")
}

/// The rows of one table that wait in a temporary file.
pub(crate) struct Spilled {
    spill: Spill,
    runs: Vec<Range<u64>>,
    /// The rows in order, once all are known.
    merged: Option<Merged>,
}

impl Spilled {
    pub(crate) fn new(spill: Spill) -> Self {
        Spilled {
            spill,
            runs: Vec::new(),
            merged: None,
        }
    }

    pub(crate) fn room(&self) -> usize {
        self.spill.room()
    }

    /// Whether nothing waits here.
    pub(crate) fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// Writes rows, which are in order, as a run.
    pub(crate) fn write(&mut self, rows: impl Iterator<Item = (Rank, impl Fn(&mut Vec<u8>))>) {
        let mut bytes = Vec::new();
        let written = self.spill.with(|inner| {
            let start = inner.end;
            let mut end = start;
            let mut flush = |bytes: &mut Vec<u8>, end: &mut u64| {
                inner.scratch.write_at(*end, bytes)?;
                *end += u64::try_from(bytes.len()).unwrap_or(u64::MAX);
                bytes.clear();
                io::Result::Ok(())
            };
            for (rank, write) in rows {
                let before = bytes.len();
                bytes.extend_from_slice(&[0; LENGTH]);
                bytes.extend_from_slice(&rank.0.to_le_bytes());
                write(&mut bytes);
                let length = u64::try_from(bytes.len() - before - LENGTH).unwrap_or(u64::MAX);
                if let Some(place) = bytes.get_mut(before..before + LENGTH) {
                    place.copy_from_slice(&length.to_le_bytes());
                }
                if bytes.len() >= WRITTEN {
                    flush(&mut bytes, &mut end)?;
                }
            }
            flush(&mut bytes, &mut end)?;
            inner.end = end;
            io::Result::Ok(start..end)
        });
        match written {
            Ok(run) => self.runs.push(run),
            Err(error) => self.spill.fail(error),
        }
    }

    /// Gives the patients of all rows another place, each row staying in its run.
    pub(crate) fn reorder(&mut self, rank: impl Fn(Rank) -> Rank) {
        for run in &self.runs {
            let reordered = self.reordered(run, &rank).map(|bytes| {
                self.spill
                    .with(|inner| inner.scratch.write_at(run.start, &bytes))
            });
            if let Err(error) | Ok(Err(error)) = reordered {
                self.spill.fail(error);
            }
        }
    }

    /// The bytes of a run, in the order of the new places.
    fn reordered(&self, run: &Range<u64>, rank: impl Fn(Rank) -> Rank) -> io::Result<Vec<u8>> {
        let length = usize::try_from(run.end - run.start).map_err(|_| failed())?;
        let mut bytes = vec![0; length];
        self.spill.read(run.start, &mut bytes)?;
        let mut rows: Vec<(Rank, &[u8])> = Vec::new();
        let mut rest = bytes.as_slice();
        while !rest.is_empty() {
            let (old, length) = head(rest).ok_or_else(failed)?;
            let (row, behind) = rest.split_at_checked(length).ok_or_else(failed)?;
            rows.push((rank(old), row));
            rest = behind;
        }
        rows.sort_by_key(|(rank, _)| *rank);
        let mut ordered = Vec::with_capacity(bytes.len());
        for (rank, row) in rows {
            ordered.extend_from_slice(row.get(..LENGTH).unwrap_or_default());
            ordered.extend_from_slice(&rank.0.to_le_bytes());
            ordered.extend_from_slice(row.get(HEAD..).unwrap_or_default());
        }
        Ok(ordered)
    }

    /// All rows were written and have their patients' last places.
    pub(crate) fn merge(&mut self) {
        let piece = AHEAD / self.runs.len().max(1);
        let piece = piece.clamp(PIECE.start, PIECE.end);
        let mut merged = Merged {
            pieces: Vec::new(),
            piece,
            next: BinaryHeap::new(),
            given: None,
        };
        for run in std::mem::take(&mut self.runs) {
            merged.pieces.push(Piece {
                rest: run,
                bytes: Vec::new(),
                at: 0,
            });
            let last = merged.pieces.len() - 1;
            // A failure is remembered, and told by whoever asks for a row.
            let _ = merged.look(last, &self.spill);
        }
        self.merged = Some(merged);
    }

    /// The next row of a patient; none after the last. Those of earlier patients are left out.
    pub(crate) fn next(&mut self, rank: Rank) -> io::Result<Option<&[u8]>> {
        self.spill.check()?;
        let Some(merged) = &mut self.merged else {
            return Ok(None);
        };
        let (run, row) = loop {
            if let Some(run) = merged.given.take() {
                merged.look(run, &self.spill)?;
            }
            let Some(&Reverse((first, run))) = merged.next.peek() else {
                return Ok(None);
            };
            if first > rank {
                return Ok(None);
            }
            merged.next.pop();
            merged.given = Some(run);
            let row = merged.take(run, &self.spill)?;
            if first == rank {
                break (run, row);
            }
        };
        let piece = merged.pieces.get(run);
        let row = piece.and_then(|piece| piece.bytes.get(row));
        row.map(Some).ok_or_else(failed)
    }
}

/// The patient of the row with which these bytes begin, and how long it is with its head.
fn head(bytes: &[u8]) -> Option<(Rank, usize)> {
    let (length, rest) = bytes.split_first_chunk::<LENGTH>()?;
    let (rank, _) = rest.split_first_chunk::<4>()?;
    let length = usize::try_from(u64::from_le_bytes(*length)).ok()?;
    Some((Rank(u32::from_le_bytes(*rank)), length.checked_add(LENGTH)?))
}

/// Runs that are read along with each other.
struct Merged {
    pieces: Vec<Piece>,
    /// How many bytes are read of a run at a time.
    piece: usize,
    /// Of each run that has rows left: the patient of the next one, and which run it is. A patient's
    /// rows come in the order of the runs, which is that in which they were found.
    next: BinaryHeap<Reverse<(Rank, usize)>>,
    /// The run of the row that was given last: what follows it was not looked at yet.
    given: Option<usize>,
}

/// The part of a run that is held.
struct Piece {
    /// What was not read yet.
    rest: Range<u64>,
    bytes: Vec<u8>,
    at: usize,
}

impl Merged {
    /// Looks whose the next row of a run is.
    fn look(&mut self, run: usize, spill: &Spill) -> io::Result<()> {
        let Some(piece) = self.pieces.get_mut(run) else {
            return Ok(());
        };
        if piece.is_over() {
            return Ok(());
        }
        piece.ensure(HEAD, self.piece, spill)?;
        let (rank, _) = piece.head()?;
        self.next.push(Reverse((rank, run)));
        Ok(())
    }

    /// Where the next row of a run stands among its bytes, without its head. The row is passed.
    fn take(&mut self, run: usize, spill: &Spill) -> io::Result<Range<usize>> {
        let piece = self.pieces.get_mut(run).ok_or_else(failed)?;
        let (_, length) = piece.head()?;
        piece.ensure(length, self.piece, spill)?;
        let row = piece.at + HEAD..piece.at + length;
        piece.at = row.end;
        Ok(row)
    }
}

impl Piece {
    fn is_over(&self) -> bool {
        self.rest.is_empty() && self.at >= self.bytes.len()
    }

    fn head(&self) -> io::Result<(Rank, usize)> {
        let bytes = self.bytes.get(self.at..);
        bytes.and_then(head).ok_or_else(failed)
    }

    /// Reads until so many bytes are there, a piece at a time.
    fn ensure(&mut self, wanted: usize, piece: usize, spill: &Spill) -> io::Result<()> {
        let there = self.bytes.len().saturating_sub(self.at);
        if there >= wanted {
            return Ok(());
        }
        self.bytes.drain(..self.at);
        self.at = 0;
        // A long row leaves its room to nobody.
        if wanted <= piece {
            self.bytes.shrink_to(2 * piece);
        }
        let left = usize::try_from(self.rest.end - self.rest.start).unwrap_or(usize::MAX);
        let more = (wanted - there).max(piece).min(left);
        self.bytes.resize(there + more, 0);
        let room = self.bytes.get_mut(there..).ok_or_else(failed)?;
        spill.read(self.rest.start, room)?;
        self.rest.start += u64::try_from(more).unwrap_or(u64::MAX);
        match there + more >= wanted {
            true => Ok(()),
            false => Err(failed()),
        }
    }
}
