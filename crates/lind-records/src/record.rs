//! Cutting a table's bytes into rows and fields.
//!
//! RFC 4180, by our own hand. What a general reader of CSV does is right for good files; here a
//! broken row must cost itself alone. A quote that is never closed must not swallow the rows
//! after it, a line of a gigabyte must not be held, and each row must know its line. So the rows
//! are cut strictly, and after a broken one reading goes on with the next line of the file.
//! On well-formed input the fields are those of the `csv` crate; a test holds it to that.

pub(crate) mod input;

use std::io::{self, Read};

use memchr::{memchr, memchr_iter};

use input::Input;

pub(crate) use crate::records::Records;

/// The longest row, in bytes. Longer ones are passed over without being held.
pub(crate) const LONGEST_ROW: usize = 1 << 20;

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
    /// A cell that stands in a part of the file that cannot be read.
    Lost { field: u32 },
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

    /// As bytes, which [`Breakage::of_numbers`] reads.
    pub(crate) fn as_numbers(self) -> [u8; 9] {
        let (kind, first, second) = match self {
            Breakage::FieldCount { found, expected } => (0, found, expected),
            Breakage::OpenQuote => (1, 0, 0),
            Breakage::TextAfterQuote => (2, 0, 0),
            Breakage::NotUtf8 { field, byte } => (3, field, u32::from(byte)),
            Breakage::Nul { field } => (4, field, 0),
            Breakage::TooLong => (5, 0, 0),
            Breakage::Lost { field } => (6, field, 0),
            Breakage::NoPatient => (7, 0, 0),
            Breakage::NearPatient => (8, 0, 0),
        };
        let mut bytes = [kind; 9];
        let numbers = first.to_le_bytes().into_iter().chain(second.to_le_bytes());
        for (place, byte) in bytes.iter_mut().skip(1).zip(numbers) {
            *place = byte;
        }
        bytes
    }

    /// What [`Breakage::as_numbers`] has written; none: it has not written this.
    pub(crate) fn of_numbers(bytes: &[u8]) -> Option<Self> {
        let (kind, rest) = bytes.split_first()?;
        let (first, rest) = rest.split_first_chunk::<4>()?;
        let (second, _) = rest.split_first_chunk::<4>()?;
        let (field, second) = (u32::from_le_bytes(*first), u32::from_le_bytes(*second));
        Some(match kind {
            0 => Breakage::FieldCount {
                found: field,
                expected: second,
            },
            1 => Breakage::OpenQuote,
            2 => Breakage::TextAfterQuote,
            3 => Breakage::NotUtf8 {
                field,
                byte: u8::try_from(second).ok()?,
            },
            4 => Breakage::Nul { field },
            5 => Breakage::TooLong,
            6 => Breakage::Lost { field },
            7 => Breakage::NoPatient,
            8 => Breakage::NearPatient,
            _ => return None,
        })
    }

    /// Whether it lies in this field of the file.
    pub(crate) fn is_in(self, position: Option<usize>) -> bool {
        match self {
            Breakage::NotUtf8 { field, .. }
            | Breakage::Nul { field }
            | Breakage::Lost { field } => position == usize::try_from(field).ok(),
            _ => false,
        }
    }

    /// Whether the fields of the row can still be told apart.
    pub(crate) fn leaves_fields(self) -> bool {
        matches!(
            self,
            Breakage::NotUtf8 { .. }
                | Breakage::Nul { .. }
                | Breakage::Lost { .. }
                | Breakage::NearPatient
        )
    }
}

/// A range of bytes, counted from the beginning of its row.
#[derive(Clone, Copy, Debug)]
struct Field {
    start: usize,
    end: usize,
}

/// The rows of one file of lines.
pub(crate) struct Lines {
    /// Stands at the beginning of the current row.
    input: Input,
    /// How many bytes the current row has, without the end of its line.
    length: usize,
    /// Where the next row begins.
    next: usize,
    line: u32,
    next_line: u32,
    begun: bool,
    /// The current row is too long, and its rest has not been read.
    is_too_long: bool,
    /// What stands between fields.
    separator: u8,
    /// Whether quotes may stand around fields.
    has_quotes: bool,
    /// How many fields a row has; not known before the header.
    width: Option<usize>,
    fields: Vec<Field>,
}

/// How far a row reaches, in bytes: without the end of its line and with it.
#[derive(Clone, Copy)]
struct Extent {
    length: usize,
    end: usize,
}

impl Lines {
    pub(crate) fn new(source: Box<dyn Read + Send>) -> Self {
        Lines {
            input: Input::new(source),
            length: 0,
            next: 0,
            line: 0,
            next_line: 1,
            begun: false,
            is_too_long: false,
            separator: b',',
            has_quotes: true,
            width: None,
            fields: Vec::new(),
        }
    }

    /// From here on fields are separated by this byte, and quotes are letters like others.
    pub(crate) fn separate_by(&mut self, separator: u8) {
        self.separator = separator;
        self.has_quotes = false;
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

    /// The current row as text, to be given to [`Lines::field`]. Empty if it is not in UTF-8.
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(self.row()).unwrap_or_default()
    }

    /// A field of the current row, whose text is [`Lines::text`].
    pub(crate) fn field<'t>(&self, text: &'t str, field: usize) -> &'t str {
        self.fields
            .get(field)
            .and_then(|field| text.get(field.start..field.end))
            .unwrap_or_default()
    }

    /// Whether a field of the current row stands in quotes.
    pub(crate) fn is_quoted(&self, field: usize) -> bool {
        let before = self
            .fields
            .get(field)
            .and_then(|field| field.start.checked_sub(1));
        before.and_then(|at| self.row().get(at)) == Some(&b'"')
    }

    /// The bytes of a field of the current row, without blanks around them; empty if there is no
    /// such field.
    pub(crate) fn bytes(&self, field: usize) -> &[u8] {
        let field = self.fields.get(field);
        let bytes = field.and_then(|field| self.row().get(field.start..field.end));
        without_blanks(bytes.unwrap_or_default())
    }

    fn row(&self) -> &[u8] {
        self.input.first(self.length)
    }

    /// Goes on to the next row. Blank lines are no rows.
    pub(crate) fn step(&mut self) -> io::Result<Step> {
        self.begin()?;
        loop {
            self.fields.clear();
            self.length = 0;
            if self.is_too_long {
                self.is_too_long = false;
                self.input.skip_past(b'\n')?;
            } else {
                self.input.advance(self.next);
            }
            self.next = 0;
            self.line = self.next_line;
            let line = match self.input.find(b'\n', 0, LONGEST_ROW)? {
                Ok(newline) => Extent {
                    length: self.without_carriage_return(newline),
                    end: newline + 1,
                },
                Err(0) => return Ok(Step::End),
                Err(length) if length <= LONGEST_ROW => Extent {
                    length,
                    end: length,
                },
                Err(_) => {
                    self.is_too_long = true;
                    self.next_line = self.line.saturating_add(1);
                    // The beginning is enough to tell whose row it is.
                    self.length = LONGEST_ROW;
                    self.cut_at_commas();
                    return Ok(Step::Broken(Breakage::TooLong));
                }
            };
            self.next = line.end;
            self.next_line = self.line.saturating_add(1);
            self.length = line.length;
            if !self.row().trim_ascii().is_empty() {
                return self.cut();
            }
        }
    }

    /// A mark of the byte order may stand at the beginning.
    fn begin(&mut self) -> io::Result<()> {
        const MARK: &[u8] = b"\xEF\xBB\xBF";
        if !self.begun {
            self.begun = true;
            self.input.byte(MARK.len() - 1)?;
            if self.input.first(MARK.len()) == MARK {
                self.next = MARK.len();
            }
        }
        Ok(())
    }

    fn without_carriage_return(&self, newline: usize) -> usize {
        let before = self.input.first(newline).last();
        newline - usize::from(before == Some(&b'\r'))
    }

    /// Cuts the current line, and the lines that belong to it, into fields.
    fn cut(&mut self) -> io::Result<Step> {
        if !self.has_quotes || memchr(b'"', self.row()).is_none() {
            self.cut_at_commas();
            let found = self.fields.len();
            if let Some(expected) = self.width.filter(|expected| *expected != found) {
                return Ok(Step::Broken(Breakage::field_count(found, expected)));
            }
            return Ok(self.check_characters());
        }
        let mut doubled = Vec::new();
        let extent = match self.cut_with_quotes(&mut doubled)? {
            Ok(extent) => extent,
            Err(breakage) => return Ok(Step::Broken(breakage)),
        };
        let found = self.fields.len();
        let is_one_line = extent.length == self.length;
        self.length = extent.length;
        if let Some(expected) = self.width.filter(|expected| *expected != found) {
            // Over several lines it is the quote that is wrong, and the lines after the first
            // are rows of their own.
            return Ok(Step::Broken(if is_one_line {
                Breakage::field_count(found, expected)
            } else {
                Breakage::OpenQuote
            }));
        }
        self.next = extent.end;
        let more_lines = memchr_iter(b'\n', self.row()).count();
        let more_lines = u32::try_from(more_lines).unwrap_or(u32::MAX);
        self.next_line = self.next_line.saturating_add(more_lines);
        self.undouble_quotes(&doubled);
        Ok(self.check_characters())
    }

    /// The row has no quotes.
    fn cut_at_commas(&mut self) {
        let row = self.input.first(self.length);
        let mut start = 0;
        for end in memchr_iter(self.separator, row) {
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
    fn cut_with_quotes(
        &mut self,
        doubled: &mut Vec<usize>,
    ) -> io::Result<Result<Extent, Breakage>> {
        let mut at = 0;
        loop {
            let end = if self.input.byte(at)? == Some(b'"') {
                let start = at + 1;
                let Some(end) = self.closing_quote(start, doubled)? else {
                    return Ok(Err(Breakage::OpenQuote));
                };
                self.fields.push(Field { start, end });
                end + 1
            } else {
                let most = 2 * LONGEST_ROW;
                let found = self.input.find_either((b',', b'\n'), at, most)?;
                let end = found.unwrap_or_else(|end| end);
                self.fields.push(Field { start: at, end });
                end
            };
            match self.input.byte(end)? {
                Some(b',') => at = end + 1,
                Some(b'\n') => {
                    let length = self.without_carriage_return(end);
                    if let Some(last) = self.fields.last_mut() {
                        last.end = last.end.min(length);
                    }
                    return Ok(Ok(Extent {
                        length,
                        end: end + 1,
                    }));
                }
                Some(b'\r') if self.input.byte(end + 1)? == Some(b'\n') => {
                    return Ok(Ok(Extent {
                        length: end,
                        end: end + 2,
                    }));
                }
                None => return Ok(Ok(Extent { length: end, end })),
                // A quote on a later line closes nothing: it opens a field of its own.
                Some(_) if end > self.length => return Ok(Err(Breakage::OpenQuote)),
                Some(_) => return Ok(Err(Breakage::TextAfterQuote)),
            }
        }
    }

    /// Where the field that begins at `start`, after its quote, is closed.
    fn closing_quote(
        &mut self,
        start: usize,
        doubled: &mut Vec<usize>,
    ) -> io::Result<Option<usize>> {
        let mut from = start;
        loop {
            let Ok(quote) = self.input.find(b'"', from, LONGEST_ROW)? else {
                return Ok(None);
            };
            if self.input.byte(quote + 1)? != Some(b'"') {
                return Ok(Some(quote));
            }
            let field = self.fields.len();
            if doubled.last() != Some(&field) {
                doubled.push(field);
            }
            from = quote + 2;
        }
    }

    /// Within the fields noted, two quotes become one.
    fn undouble_quotes(&mut self, doubled: &[usize]) {
        for index in doubled {
            let Some(field) = self.fields.get_mut(*index) else {
                continue;
            };
            let cell = self.input.between(field.start, field.end);
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
}

/// The bytes without blanks around them: those of all alphabets, as where the same field is read as text, or a patient
/// would have two names.
pub(crate) fn without_blanks(bytes: &[u8]) -> &[u8] {
    let is_bare = |byte: Option<&u8>| byte.is_none_or(u8::is_ascii_graphic);
    if is_bare(bytes.first()) && is_bare(bytes.last()) {
        return bytes;
    }
    std::str::from_utf8(bytes).map_or(bytes.trim_ascii(), |text| text.trim().as_bytes())
}

#[cfg(test)]
mod tests;
