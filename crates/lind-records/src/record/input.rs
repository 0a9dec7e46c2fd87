//! A part of a file that moves along it.

use std::io::{self, Read};

use memchr::{memchr, memchr2};

/// How much is read at first, and the most that is read at a time.
const FIRST_CHUNK: usize = 1 << 13;
const LARGEST_CHUNK: usize = 1 << 17;

/// A part of a file, from a place onward that only moves forward. Offsets are counted from there.
pub(crate) struct Input {
    source: Box<dyn Read + Send>,
    buffer: Vec<u8>,
    /// How much of the buffer has been read into.
    filled: usize,
    /// Where the place is in the buffer.
    start: usize,
    ended: bool,
}

impl Input {
    pub(crate) fn new(source: Box<dyn Read + Send>) -> Self {
        Input {
            source,
            buffer: Vec::new(),
            filled: 0,
            start: 0,
            ended: false,
        }
    }

    /// Moves the place forward, not beyond what has been read.
    pub(crate) fn advance(&mut self, count: usize) {
        self.start = self.start.saturating_add(count).min(self.filled);
    }

    /// What has been read from an offset onward.
    pub(crate) fn from(&self, offset: usize) -> &[u8] {
        self.buffer
            .get(self.start.saturating_add(offset)..self.filled)
            .unwrap_or_default()
    }

    /// The first bytes; empty if so many have not been read.
    pub(crate) fn first(&self, count: usize) -> &[u8] {
        self.from(0).get(..count).unwrap_or_default()
    }

    /// Bytes that can be changed; empty if they have not been read.
    pub(crate) fn between(&mut self, start: usize, end: usize) -> &mut [u8] {
        let filled = self.buffer.get_mut(self.start..self.filled);
        filled
            .and_then(|bytes| bytes.get_mut(start..end))
            .unwrap_or_default()
    }

    /// The byte at an offset; none at the end of the file.
    pub(crate) fn byte(&mut self, offset: usize) -> io::Result<Option<u8>> {
        while self.from(offset).is_empty() && !self.ended {
            self.fill()?;
        }
        Ok(self.from(offset).first().copied())
    }

    /// The offset of the first such byte from an offset onward, if it is within the first
    /// `most` bytes; else how many bytes there are, or `most` and a little more.
    pub(crate) fn find(
        &mut self,
        byte: u8,
        from: usize,
        most: usize,
    ) -> io::Result<Result<usize, usize>> {
        self.search(from, most, |rest| memchr(byte, rest))
    }

    /// The same for either of two bytes.
    pub(crate) fn find_either(
        &mut self,
        bytes: (u8, u8),
        from: usize,
        most: usize,
    ) -> io::Result<Result<usize, usize>> {
        self.search(from, most, |rest| memchr2(bytes.0, bytes.1, rest))
    }

    fn search(
        &mut self,
        from: usize,
        most: usize,
        find: impl Fn(&[u8]) -> Option<usize>,
    ) -> io::Result<Result<usize, usize>> {
        let mut searched = from;
        loop {
            if let Some(found) = find(self.from(searched)) {
                return Ok(match searched + found {
                    offset if offset <= most => Ok(offset),
                    offset => Err(offset),
                });
            }
            searched += self.from(searched).len();
            if self.ended || searched > most {
                return Ok(Err(searched));
            }
            self.fill()?;
        }
    }

    /// Moves the place behind the next such byte, or to the end of the file, and holds nothing of
    /// what lies between. Whether the byte was found.
    pub(crate) fn skip_past(&mut self, byte: u8) -> io::Result<bool> {
        loop {
            if let Some(found) = memchr(byte, self.from(0)) {
                self.advance(found + 1);
                return Ok(true);
            }
            self.advance(usize::MAX);
            if self.ended {
                return Ok(false);
            }
            self.fill()?;
        }
    }

    /// Reads more, after moving what is still needed to the beginning of the buffer.
    fn fill(&mut self) -> io::Result<()> {
        if self.start > 0 {
            self.buffer.copy_within(self.start..self.filled, 0);
            self.filled -= self.start;
            self.start = 0;
        }
        let chunk = self.buffer.len().clamp(FIRST_CHUNK, LARGEST_CHUNK);
        if self.buffer.len() < self.filled + chunk {
            self.buffer.resize(self.filled + chunk, 0);
        }
        let space = self.buffer.get_mut(self.filled..).unwrap_or_default();
        loop {
            match self.source.read(space) {
                Ok(0) => self.ended = true,
                // A reader that claims more than it was given room for is not believed.
                Ok(count) => self.filled += count.min(space.len()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            }
            return Ok(());
        }
    }
}
