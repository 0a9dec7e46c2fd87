//! Files cut into the texts that are each read by themselves: a line, or a file that is one JSON text.

use std::io;

use super::input::{Input, Line, Stop};
use super::without_mark;
use crate::place::FileId;

/// A text, or what stands in place of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// A line; the last one of a file may lack its end.
    Line { is_last: bool },
    /// A file that is one JSON text, if all of it is there.
    Document { is_whole: bool },
    /// The file holds nothing.
    Nothing,
    /// A line that is too long to be read.
    TooLong,
    /// The archive is damaged from here on.
    Damaged,
    /// The archive expands beyond all measure.
    Bomb,
}

/// Where a text stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    pub(super) what: What,
    pub(super) file: FileId,
    pub(super) line: u32,
    start: usize,
    end: usize,
}

/// Texts one after another.
#[derive(Debug, Default)]
pub(crate) struct Pieces {
    bytes: Vec<u8>,
    pieces: Vec<Piece>,
}

impl Pieces {
    pub(super) fn get(&self, at: usize) -> Option<(Piece, &[u8])> {
        let piece = *self.pieces.get(at)?;
        let bytes = self.bytes.get(piece.start..piece.end).unwrap_or_default();
        Some((piece, bytes))
    }

    /// How many bytes the texts have.
    pub(crate) fn size(&self) -> usize {
        self.bytes.len()
    }

    pub(crate) fn clear(&mut self) {
        self.bytes.clear();
        self.pieces.clear();
    }
}

/// Cuts a file.
pub(super) struct FilePieces {
    input: Input,
    file: FileId,
    line: u32,
    by_line: bool,
    has_ended: bool,
}

impl FilePieces {
    /// `by_line`: it has a text on each line.
    pub(super) fn new(
        file: Box<dyn io::Read + Send>,
        id: FileId,
        by_line: bool,
    ) -> io::Result<Self> {
        let input = match Input::new(file) {
            Ok(input) => input,
            Err(Stop::Failed(cause)) => return Err(cause),
            Err(Stop::Damaged | Stop::Bomb) => return Err(io::ErrorKind::InvalidData.into()),
        };
        Ok(FilePieces {
            input,
            file: id,
            line: 1,
            by_line,
            has_ended: false,
        })
    }

    /// Adds the next text. False: there is none.
    pub(super) fn add_next(&mut self, pieces: &mut Pieces) -> io::Result<bool> {
        if self.has_ended {
            return Ok(false);
        }
        let start = pieces.bytes.len();
        let cut = if self.by_line {
            self.line(&mut pieces.bytes)
        } else {
            self.rest(&mut pieces.bytes, start)
        };
        let what = match cut {
            Ok(Some(what)) => what,
            Ok(None) => {
                self.has_ended = true;
                return Ok(false);
            }
            Err(Stop::Failed(cause)) => return Err(cause),
            Err(stop) => {
                self.has_ended = true;
                match stop {
                    Stop::Bomb => What::Bomb,
                    _ => What::Damaged,
                }
            }
        };
        if !matches!(what, What::Line { .. } | What::Document { is_whole: true }) {
            pieces.bytes.truncate(start);
        }
        pieces.pieces.push(Piece {
            what,
            file: self.file,
            line: self.line,
            start,
            end: pieces.bytes.len(),
        });
        self.line = self.line.saturating_add(1);
        Ok(true)
    }

    fn line(&mut self, bytes: &mut Vec<u8>) -> Result<Option<What>, Stop> {
        let start = bytes.len();
        Ok(Some(match self.input.line(bytes)? {
            Line::None if self.line > 1 => return Ok(None),
            Line::None => {
                self.has_ended = true;
                What::Nothing
            }
            Line::TooLong => What::TooLong,
            kind => {
                let line = bytes.get(start..).unwrap_or_default();
                if self.line == 1 && without_mark(line, 1).trim_ascii() == b"{" {
                    // One JSON text over many lines, whatever the file is called.
                    bytes.push(b'\n');
                    return self.rest(bytes, start);
                }
                What::Line {
                    is_last: kind == Line::Unended,
                }
            }
        }))
    }

    fn rest(&mut self, bytes: &mut Vec<u8>, start: usize) -> Result<Option<What>, Stop> {
        self.has_ended = true;
        let is_whole = self.input.all(bytes, start)?;
        Ok(Some(What::Document { is_whole }))
    }
}
