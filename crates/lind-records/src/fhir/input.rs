//! The bytes of a file, out of gzip if they are in it, within limits.

use std::io::{self, BufRead, BufReader, Cursor, Read};

use flate2::bufread::MultiGzDecoder;

use crate::packed::{Counted, Handed};

/// The longest line of an NDJSON file, and so the largest resource in one: 64 MiB.
pub(super) const LONGEST_LINE: usize = 1 << 26;

/// The largest file that is one JSON text: 512 MiB. It is held in memory.
pub(super) const LARGEST_DOCUMENT: u64 = 1 << 29;

/// How large a buffer is.
const BUFFER: usize = 1 << 17;

/// Why a file cannot be read any further.
#[derive(Debug)]
pub(super) enum Stop {
    /// The disk or whatever hands over the bytes.
    Failed(io::Error),
    /// The archive is damaged or cut.
    Damaged,
    /// The archive expands beyond all measure.
    Bomb,
}

/// A line.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// A whole line.
    Ended,
    /// The last one, which has no end.
    Unended,
    /// One that is longer than [`LONGEST_LINE`]: only its beginning is there.
    TooLong,
    /// There is none.
    None,
}

/// The bytes, from their beginning.
type Bytes = io::Chain<Cursor<Vec<u8>>, Box<dyn Read + Send>>;

enum Body {
    Plain(BufReader<Bytes>),
    Gzip(BufReader<MultiGzDecoder<BufReader<Counted<Bytes>>>>, Handed),
}

/// The bytes of a file.
pub(super) struct Input {
    body: Body,
    /// How many bytes came out.
    given: u64,
}

impl Input {
    /// Looks at the first bytes for what the file is: its name may be wrong.
    pub(super) fn new(mut file: Box<dyn Read + Send>) -> Result<Input, Stop> {
        let mut first = Vec::new();
        file.by_ref()
            .take(2)
            .read_to_end(&mut first)
            .map_err(Stop::Failed)?;
        let is_gzip = first == [0x1f, 0x8b];
        let bytes = Cursor::new(first).chain(file);
        let body = if is_gzip {
            let handed = Handed::default();
            let packed = BufReader::with_capacity(BUFFER, handed.of(bytes));
            Body::Gzip(
                BufReader::with_capacity(BUFFER, MultiGzDecoder::new(packed)),
                handed,
            )
        } else {
            Body::Plain(BufReader::with_capacity(BUFFER, bytes))
        };
        Ok(Input { body, given: 0 })
    }

    fn fill(&mut self) -> Result<&[u8], Stop> {
        match &mut self.body {
            Body::Plain(plain) => loop {
                match plain.fill_buf() {
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    Err(error) => return Err(Stop::Failed(error)),
                    // Asked for again, as the borrow checker wants it: nothing is read twice.
                    Ok(_) => return Ok(plain.buffer()),
                }
            },
            Body::Gzip(gzip, handed) => {
                loop {
                    match gzip.fill_buf() {
                        Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                        Err(error) => {
                            return Err(if handed.has_failed() {
                                Stop::Failed(error)
                            } else {
                                Stop::Damaged
                            });
                        }
                        Ok(_) => break,
                    }
                }
                if handed.is_bomb(self.given) {
                    return Err(Stop::Bomb);
                }
                Ok(gzip.buffer())
            }
        }
    }

    fn consume(&mut self, count: usize) {
        self.given += u64::try_from(count).unwrap_or(u64::MAX);
        match &mut self.body {
            Body::Plain(plain) => plain.consume(count),
            Body::Gzip(gzip, _) => gzip.consume(count),
        }
    }

    /// Adds the next line, without its end.
    pub(super) fn line(&mut self, line: &mut Vec<u8>) -> Result<Line, Stop> {
        let start = line.len();
        let mut is_too_long = false;
        loop {
            let bytes = self.fill()?;
            if bytes.is_empty() {
                return Ok(match (is_too_long, line.len() == start) {
                    (true, _) => Line::TooLong,
                    (_, true) => Line::None,
                    _ => Line::Unended,
                });
            }
            let end = memchr::memchr(b'\n', bytes);
            let part = bytes.get(..end.unwrap_or(bytes.len())).unwrap_or_default();
            if line.len() - start + part.len() > LONGEST_LINE {
                is_too_long = true;
            }
            if !is_too_long {
                line.extend_from_slice(part);
            }
            let count = part.len() + usize::from(end.is_some());
            self.consume(count);
            if end.is_some() {
                return Ok(if is_too_long {
                    Line::TooLong
                } else {
                    Line::Ended
                });
            }
        }
    }

    /// Adds everything to the text that begins at `start`; false: it is more than
    /// [`LARGEST_DOCUMENT`].
    pub(super) fn all(&mut self, all: &mut Vec<u8>, start: usize) -> Result<bool, Stop> {
        loop {
            if u64::try_from(all.len() - start).unwrap_or(u64::MAX) > LARGEST_DOCUMENT {
                return Ok(false);
            }
            let bytes = self.fill()?;
            if bytes.is_empty() {
                return Ok(true);
            }
            all.extend_from_slice(bytes);
            let count = bytes.len();
            self.consume(count);
        }
    }
}
