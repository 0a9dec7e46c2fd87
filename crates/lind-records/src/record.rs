//! Splitting a table's bytes into rows and fields.
//!
//! RFC 4180, by our own hand. What a general reader of CSV does is right for good files; here a
//! broken row must cost itself alone. A quote that is never closed must not swallow the rows
//! after it, a line of a gigabyte must not be held, and each row must know its line. So the rows
//! are cut out strictly, and after a broken one reading goes on with the next line of the file.
//! On well-formed input the fields are those of the `csv` crate; a test holds it to that.

use std::io::{self, Read};

use memchr::{memchr, memchr_iter, memchr2};

/// The longest row, in bytes. Longer ones are passed over without being held.
pub(crate) const LONGEST_ROW: usize = 1 << 20;

/// How much is read at first, and the most that is read at a time.
const FIRST_CHUNK: usize = 1 << 13;
const LARGEST_CHUNK: usize = 1 << 17;

/// What comes next in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// A row of the right number of fields, in UTF-8.
    Row,
    /// A row that cannot be used. Its first fields may be readable.
    Broken(Breakage),
    /// The end of the file.
    End,
}

/// What is wrong with a row as such. Fields are counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Breakage {
    /// Too few or too many fields.
    FieldCount { found: u32, expected: u32 },
    /// A quoted field is not closed.
    OpenQuote,
    /// A quoted field is followed by something else than a comma.
    TextAfterQuote,
    /// A byte that is no UTF-8.
    NotUtf8 { field: u32, byte: u8 },
    /// A NUL character.
    Nul { field: u32 },
    /// More than [`LONGEST_ROW`] bytes.
    TooLong,
    /// No patient is named.
    NoPatient,
    /// A patient is named whose name is nearly that of one who is known.
    NearPatient,
}

impl Breakage {
    fn field_count(found: usize, expected: usize) -> Self {
        let count = |fields| u32::try_from(fields).unwrap_or(u32::MAX);
        Breakage::FieldCount {
            found: count(found),
            expected: count(expected),
        }
    }
}

/// A range of bytes, counted from the beginning of its row.
#[derive(Clone, Copy, Debug)]
struct Field {
    start: usize,
    end: usize,
}

/// The rows of one file.
pub(crate) struct Records {
    source: Box<dyn Read + Send>,
    buffer: Vec<u8>,
    /// How much of the buffer has been read into.
    filled: usize,
    /// Where the current row begins in the buffer.
    start: usize,
    /// How many bytes the current row has, without the end of its line.
    length: usize,
    /// Where the next row begins in the buffer.
    next: usize,
    line: u32,
    next_line: u32,
    begun: bool,
    ended: bool,
    /// The rest of a line that is too long is still to come.
    skipping: bool,
    /// How many fields a row has; not known before the header.
    width: Option<usize>,
    fields: Vec<Field>,
}

/// A line of the file, up to and with its end.
enum Line {
    Whole { length: usize, end: usize },
    TooLong,
    End,
}

/// How the cutting of a row with quotes went.
enum Cut {
    /// Bytes of the row, and of the row with the end of its line.
    Whole {
        length: usize,
        end: usize,
    },
    Broken(Breakage),
}

impl Records {
    pub(crate) fn new(source: Box<dyn Read + Send>) -> Self {
        Records {
            source,
            buffer: Vec::new(),
            filled: 0,
            start: 0,
            length: 0,
            next: 0,
            line: 0,
            next_line: 1,
            begun: false,
            ended: false,
            skipping: false,
            width: None,
            fields: Vec::new(),
        }
    }

    /// From now on a row must have this many fields.
    pub(crate) fn expect_width(&mut self, width: usize) {
        self.width = Some(width);
    }

    /// The line on which the current row begins, from 1.
    pub(crate) fn line(&self) -> u32 {
        self.line
    }

    /// How many fields of the current row could be told apart.
    pub(crate) fn field_count(&self) -> usize {
        self.fields.len()
    }

    /// The current row as text, to be given to [`Records::field`]. Empty if it is not in UTF-8.
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(self.row()).unwrap_or_default()
    }

    /// A field of the current row, whose text is [`Records::text`].
    pub(crate) fn field<'t>(&self, text: &'t str, field: usize) -> &'t str {
        self.fields
            .get(field)
            .and_then(|field| text.get(field.start..field.end))
            .unwrap_or_default()
    }

    /// The bytes of a field of the current row, without blanks around them; empty if there is no
    /// such field.
    pub(crate) fn bytes(&self, field: usize) -> &[u8] {
        self.fields
            .get(field)
            .and_then(|field| self.row().get(field.start..field.end))
            .unwrap_or_default()
            .trim_ascii()
    }

    /// Whether the fields of a broken row can still be told apart.
    pub(crate) fn has_fields(breakage: Breakage) -> bool {
        matches!(
            breakage,
            Breakage::NotUtf8 { .. } | Breakage::Nul { .. } | Breakage::NearPatient
        )
    }

    fn row(&self) -> &[u8] {
        self.buffer
            .get(self.start..self.start + self.length)
            .unwrap_or_default()
    }

    /// Goes on to the next row. Blank lines are no rows.
    pub(crate) fn step(&mut self) -> io::Result<Step> {
        self.begin()?;
        self.skip_rest_of_line()?;
        loop {
            self.start = self.next;
            self.line = self.next_line;
            self.length = 0;
            self.fields.clear();
            let (length, end) = match self.line_ahead()? {
                Line::Whole { length, end } => (length, end),
                Line::TooLong => {
                    // What is in the buffer is enough to tell whose row it is.
                    self.length = self.filled - self.start;
                    self.cut_at_commas();
                    return Ok(Step::Broken(Breakage::TooLong));
                }
                Line::End => return Ok(Step::End),
            };
            self.next = self.start + end;
            self.next_line = self.line.saturating_add(1);
            self.length = length;
            if self.row().trim_ascii().is_empty() {
                continue;
            }
            return self.cut();
        }
    }

    /// Cuts the current line, and the lines that belong to it, into fields.
    fn cut(&mut self) -> io::Result<Step> {
        if memchr(b'"', self.row()).is_none() {
            self.cut_at_commas();
            let found = self.fields.len();
            if let Some(expected) = self.width.filter(|expected| *expected != found) {
                return Ok(Step::Broken(Breakage::field_count(found, expected)));
            }
        } else {
            let mut doubled = Vec::new();
            match self.cut_with_quotes(&mut doubled)? {
                Cut::Broken(breakage) => return Ok(Step::Broken(breakage)),
                Cut::Whole { length, end } => {
                    let found = self.fields.len();
                    let expected = self.width.unwrap_or(found);
                    if found != expected {
                        let one_line = length == self.length;
                        self.length = length;
                        // Over several lines it is the quote that is wrong, and the lines after
                        // the first are rows of their own.
                        return Ok(Step::Broken(if one_line {
                            Breakage::field_count(found, expected)
                        } else {
                            Breakage::OpenQuote
                        }));
                    }
                    self.length = length;
                    self.next = self.start + end;
                    let lines = memchr_iter(b'\n', self.row()).count();
                    let lines = u32::try_from(lines).unwrap_or(u32::MAX);
                    self.next_line = self.line.saturating_add(lines).saturating_add(1);
                }
            }
            self.undouble_quotes(&doubled);
        }
        Ok(self.check_characters())
    }

    /// The row has no quotes.
    fn cut_at_commas(&mut self) {
        let row = self
            .buffer
            .get(self.start..self.start + self.length)
            .unwrap_or_default();
        let mut start = 0;
        for end in memchr_iter(b',', row) {
            self.fields.push(Field { start, end });
            start = end + 1;
        }
        self.fields.push(Field {
            start,
            end: row.len(),
        });
    }

    /// The row has quotes, and may run over several lines. The fields with doubled quotes are
    /// noted.
    fn cut_with_quotes(&mut self, doubled: &mut Vec<usize>) -> io::Result<Cut> {
        let mut at = 0;
        loop {
            let end = if self.byte(at)? == Some(b'"') {
                let start = at + 1;
                let end = match self.closing_quote(start, doubled)? {
                    Ok(end) => end,
                    Err(breakage) => return Ok(Cut::Broken(breakage)),
                };
                self.fields.push(Field { start, end });
                end + 1
            } else {
                let end = self.end_of_plain_field(at)?;
                let mut field = Field { start: at, end };
                if self.byte(end)? != Some(b',') && end > at && self.byte(end - 1)? == Some(b'\r') {
                    field.end = end - 1;
                }
                self.fields.push(field);
                end
            };
            match self.byte(end)? {
                Some(b',') => at = end + 1,
                Some(b'\n') => {
                    return Ok(Cut::Whole {
                        length: end,
                        end: end + 1,
                    });
                }
                Some(b'\r') if self.byte(end + 1)? == Some(b'\n') => {
                    return Ok(Cut::Whole {
                        length: end,
                        end: end + 2,
                    });
                }
                None => return Ok(Cut::Whole { length: end, end }),
                // A quote on a later line closes nothing: it opens a field of its own.
                Some(_) if end > self.length => return Ok(Cut::Broken(Breakage::OpenQuote)),
                Some(_) => return Ok(Cut::Broken(Breakage::TextAfterQuote)),
            }
        }
    }

    /// Where the field that begins at `start`, after its quote, is closed.
    fn closing_quote(
        &mut self,
        start: usize,
        doubled: &mut Vec<usize>,
    ) -> io::Result<Result<usize, Breakage>> {
        let mut from = start;
        loop {
            let rest = self
                .buffer
                .get(self.start + from..self.filled)
                .unwrap_or_default();
            let Some(found) = memchr(b'"', rest) else {
                from += rest.len();
                if from > LONGEST_ROW || self.ended {
                    return Ok(Err(Breakage::OpenQuote));
                }
                self.fill()?;
                continue;
            };
            let quote = from + found;
            if quote > LONGEST_ROW {
                return Ok(Err(Breakage::OpenQuote));
            }
            if self.byte(quote + 1)? != Some(b'"') {
                return Ok(Ok(quote));
            }
            let field = self.fields.len();
            if doubled.last() != Some(&field) {
                doubled.push(field);
            }
            from = quote + 2;
        }
    }

    /// Where the comma or the end of the line after `start` is.
    fn end_of_plain_field(&mut self, start: usize) -> io::Result<usize> {
        let mut from = start;
        loop {
            let rest = self
                .buffer
                .get(self.start + from..self.filled)
                .unwrap_or_default();
            if let Some(found) = memchr2(b',', b'\n', rest) {
                return Ok(from + found);
            }
            from += rest.len();
            if self.ended || from > 2 * LONGEST_ROW {
                return Ok(from);
            }
            self.fill()?;
        }
    }

    /// Within the fields noted, two quotes become one.
    fn undouble_quotes(&mut self, doubled: &[usize]) {
        for index in doubled {
            let Some(field) = self.fields.get_mut(*index) else {
                continue;
            };
            let range = self.start + field.start..self.start + field.end;
            let Some(cell) = self.buffer.get_mut(range) else {
                continue;
            };
            let mut single = Vec::with_capacity(cell.len());
            let mut after_quote = false;
            for byte in cell.iter() {
                after_quote = *byte == b'"' && !after_quote;
                if !after_quote {
                    single.push(*byte);
                }
            }
            // What is left over belongs to no field, and must not hold half a character.
            cell.fill(b' ');
            for (place, byte) in cell.iter_mut().zip(&single) {
                *place = *byte;
            }
            field.end = field.start + single.len();
        }
    }

    fn check_characters(&self) -> Step {
        let row = self.row();
        if let Err(error) = std::str::from_utf8(row) {
            let at = error.valid_up_to();
            return Step::Broken(Breakage::NotUtf8 {
                field: self.field_at(at),
                byte: row.get(at).copied().unwrap_or_default(),
            });
        }
        match memchr(0, row) {
            Some(at) => Step::Broken(Breakage::Nul {
                field: self.field_at(at),
            }),
            None => Step::Row,
        }
    }

    fn field_at(&self, at: usize) -> u32 {
        let before = self.fields.iter().take_while(|field| field.end <= at);
        u32::try_from(before.count()).unwrap_or(u32::MAX)
    }

    /// The byte at an offset of the current row; none at the end of the file.
    fn byte(&mut self, at: usize) -> io::Result<Option<u8>> {
        while self.start + at >= self.filled && !self.ended {
            self.fill()?;
        }
        Ok(self
            .buffer
            .get(self.start + at)
            .filter(|_| self.start + at < self.filled)
            .copied())
    }

    fn line_ahead(&mut self) -> io::Result<Line> {
        let mut searched = 0;
        loop {
            let rest = self
                .buffer
                .get(self.start + searched..self.filled)
                .unwrap_or_default();
            if let Some(found) = memchr(b'\n', rest) {
                let newline = searched + found;
                if newline > LONGEST_ROW {
                    self.skipping = true;
                    return Ok(Line::TooLong);
                }
                let carriage_return = newline
                    .checked_sub(1)
                    .and_then(|at| self.buffer.get(self.start + at))
                    == Some(&b'\r');
                return Ok(Line::Whole {
                    length: newline - usize::from(carriage_return),
                    end: newline + 1,
                });
            }
            searched = self.filled - self.start;
            if searched > LONGEST_ROW {
                self.skipping = true;
                return Ok(Line::TooLong);
            }
            if self.ended {
                return Ok(match searched {
                    0 => Line::End,
                    length => Line::Whole {
                        length,
                        end: length,
                    },
                });
            }
            self.fill()?;
        }
    }

    /// A mark of the byte order may stand at the beginning.
    fn begin(&mut self) -> io::Result<()> {
        if self.begun {
            return Ok(());
        }
        self.begun = true;
        if self.byte(2)?.is_some() && self.buffer.starts_with(b"\xEF\xBB\xBF") {
            self.next = 3;
        }
        Ok(())
    }

    /// Passes over the rest of a line without holding it.
    fn skip_rest_of_line(&mut self) -> io::Result<()> {
        if !self.skipping {
            return Ok(());
        }
        self.skipping = false;
        self.fields.clear();
        self.length = 0;
        loop {
            let rest = self.buffer.get(self.start..self.filled).unwrap_or_default();
            if let Some(newline) = memchr(b'\n', rest) {
                self.next = self.start + newline + 1;
                self.next_line = self.line.saturating_add(1);
                return Ok(());
            }
            self.start = self.filled;
            self.next = self.filled;
            if self.ended {
                return Ok(());
            }
            self.fill()?;
        }
    }

    /// Reads more, after moving the current row to the beginning of the buffer.
    fn fill(&mut self) -> io::Result<()> {
        let moved = self.start;
        if moved > 0 {
            self.buffer.copy_within(moved..self.filled, 0);
            self.filled -= moved;
            self.next = self.next.saturating_sub(moved);
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

#[cfg(test)]
mod tests;
