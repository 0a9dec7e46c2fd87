//! Dataset-JSON 1.1: one object with its rows in it, or a line of its own for each row (NDJSON).
//!
//! The rows are cut out one by one, so that a damaged one costs itself: after it reading goes on at
//! the next bracket that begins a row. Numbers are taken as they are written.

use std::borrow::Cow;
use std::io;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::encoding::Decoder;
use super::row::{Broken, DataSet, Opened, Row, Rows, Step, Unopened};
use crate::record::LONGEST_ROW;
use crate::record::input::Input;
use crate::rules;
use crate::settings::Encoding;

/// The most bytes before the rows.
const LONGEST_HEAD: usize = 1 << 22;

/// How many closing brackets are tried as the end of a row: a text may hold some.
const MOST_ENDS: usize = 32;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Head<'h> {
    #[serde(borrow, rename = "datasetJSONVersion")]
    version: Option<Cow<'h, str>>,
    records: Option<u64>,
    #[serde(borrow)]
    name: Option<Cow<'h, str>>,
    #[serde(borrow)]
    columns: Option<Vec<Column<'h>>>,
}

#[derive(Deserialize)]
struct Column<'h> {
    #[serde(borrow)]
    name: Cow<'h, str>,
}

/// What is between the rows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// The rows are an element of the object.
    Object,
    /// Each row stands on its line.
    Lines,
}

struct JsonRows {
    input: Input,
    decoder: Decoder,
    shape: Shape,
    width: usize,
    /// The line that is being read; of an object the number of the row before.
    line: u32,
    promised: Option<u64>,
    seen: u64,
    /// Reading stands within a damaged row of which it was told.
    is_lost: bool,
    ended: bool,
}

/// Opens a file whose rows are in one object.
pub(crate) fn open(source: Box<dyn io::Read + Send>, encoding: Encoding) -> io::Result<Opened> {
    let mut input = Input::new(source);
    skip_mark(&mut input)?;
    let Some(length) = head_length(&mut input)? else {
        let why = "no list of rows is found in it".to_owned();
        return Ok(Err(Unopened::Foreign(why)));
    };
    let mut text = Decoder::new(encoding)
        .decode(input.first(length))
        .into_owned();
    text.push_str("]}");
    input.advance(length);
    opened(input, &text, encoding, Shape::Object, 0)
}

/// Opens a file of lines, of which the first describes the others.
pub(crate) fn open_lines(
    source: Box<dyn io::Read + Send>,
    encoding: Encoding,
) -> io::Result<Opened> {
    let mut input = Input::new(source);
    skip_mark(&mut input)?;
    let Ok(length) = input.find(b'\n', 0, LONGEST_HEAD)?.or_else(|end| {
        if end <= LONGEST_HEAD {
            Ok(end)
        } else {
            Err(())
        }
    }) else {
        let why = "its first line does not end".to_owned();
        return Ok(Err(Unopened::Unreadable(why)));
    };
    let text = Decoder::new(encoding)
        .decode(input.first(length))
        .into_owned();
    input.advance(length);
    opened(input, &text, encoding, Shape::Lines, 1)
}

fn skip_mark(input: &mut Input) -> io::Result<()> {
    const MARK: &[u8] = b"\xEF\xBB\xBF";
    input.byte(MARK.len() - 1)?;
    if input.first(MARK.len()) == MARK {
        input.advance(MARK.len());
    }
    Ok(())
}

fn opened(
    input: Input,
    head: &str,
    encoding: Encoding,
    shape: Shape,
    line: u32,
) -> io::Result<Opened> {
    let head: Head<'_> = match serde_json::from_str(head) {
        Ok(head) => head,
        Err(_) if head.contains("datasetJSONVersion") => {
            let why = "the description before its rows is damaged".to_owned();
            return Ok(Err(Unopened::Unreadable(why)));
        }
        Err(_) => {
            let why = "it is no Dataset-JSON".to_owned();
            return Ok(Err(Unopened::Foreign(why)));
        }
    };
    let Some(columns) = head.columns.filter(|columns| !columns.is_empty()) else {
        return Ok(Err(if head.version.is_some() {
            Unopened::Unreadable("it does not name its variables before its rows".to_owned())
        } else {
            Unopened::Foreign("it is no Dataset-JSON".to_owned())
        }));
    };
    let names: Vec<String> = columns
        .iter()
        .map(|column| column.name.trim().to_ascii_uppercase())
        .collect();
    Ok(Ok(DataSet {
        numbers: Vec::new(),
        name: head.name.unwrap_or_default().trim().to_owned(),
        rows: Box::new(JsonRows {
            input,
            decoder: Decoder::new(encoding),
            shape,
            width: names.len(),
            line,
            promised: head.records,
            seen: 0,
            is_lost: false,
            ended: false,
        }),
        names,
    }))
}

/// How many bytes come before the rows, the bracket that opens them included; none: there are none.
fn head_length(input: &mut Input) -> io::Result<Option<usize>> {
    const ROWS: &[u8] = b"\"rows\"";
    let (mut at, mut depth) = (0, 0_u32);
    while at <= LONGEST_HEAD {
        let Some(byte) = input.byte(at)? else {
            return Ok(None);
        };
        match byte {
            b'{' | b'[' => depth = depth.saturating_add(1),
            b'}' | b']' => depth = depth.saturating_sub(1),
            b'"' => {
                let end = text_end(input, at)?;
                let Some(end) = end else {
                    return Ok(None);
                };
                let is_rows = depth == 1 && input.from(at).get(..end - at) == Some(ROWS);
                at = end;
                if is_rows {
                    let mut next = blanks_end(input, at)?;
                    if input.byte(next)? == Some(b':') {
                        next = blanks_end(input, next + 1)?;
                        if input.byte(next)? == Some(b'[') {
                            return Ok(Some(next + 1));
                        }
                    }
                }
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    Ok(None)
}

/// Where a text ends whose quote stands at an offset.
fn text_end(input: &mut Input, start: usize) -> io::Result<Option<usize>> {
    let mut at = start + 1;
    while let Ok(found) = input.find_either((b'"', b'\\'), at, start + LONGEST_HEAD)? {
        if input.byte(found)? == Some(b'"') {
            return Ok(Some(found + 1));
        }
        at = found + 2;
    }
    Ok(None)
}

fn blanks_end(input: &mut Input, start: usize) -> io::Result<usize> {
    let mut at = start;
    while input
        .byte(at)?
        .is_some_and(|byte| byte.is_ascii_whitespace())
    {
        at += 1;
    }
    Ok(at)
}

impl JsonRows {
    /// Goes over what may stand between two rows. The byte that comes next.
    fn between(&mut self) -> io::Result<Option<u8>> {
        loop {
            match self.input.byte(0)? {
                Some(b'\n') => {
                    if self.shape == Shape::Lines {
                        self.line = self.line.saturating_add(1);
                    }
                    self.input.advance(1);
                }
                Some(b',' | b' ' | b'\t' | b'\r') => self.input.advance(1),
                other => return Ok(other),
            }
        }
    }

    /// Whether the rows end here: at a bracket that is not followed by another row.
    fn closes(&mut self) -> io::Result<bool> {
        if self.shape == Shape::Lines {
            return Ok(false);
        }
        let next = blanks_end(&mut self.input, 1)?;
        Ok(match self.input.byte(next)? {
            None | Some(b'}') => true,
            Some(b',') => {
                // The name of another element of the object.
                let next = blanks_end(&mut self.input, next + 1)?;
                let is_text = self.input.byte(next)? == Some(b'"');
                let end = if is_text {
                    text_end(&mut self.input, next)?
                } else {
                    None
                };
                match end {
                    Some(end) => {
                        let next = blanks_end(&mut self.input, end)?;
                        self.input.byte(next)? == Some(b':')
                    }
                    None => false,
                }
            }
            Some(_) => false,
        })
    }

    /// Reads the row that begins here. How many bytes it has; none: it is damaged.
    fn cut(&mut self, row: &mut Row, line: u32) -> io::Result<Option<usize>> {
        let mut from = 1;
        for _ in 0..MOST_ENDS {
            let Ok(end) = self.input.find(b']', from, LONGEST_ROW)? else {
                return Ok(None);
            };
            let text = self.decoder.decode(self.input.first(end + 1));
            row.begin(line);
            let mut json = serde_json::Deserializer::from_str(&text);
            let read = Texts(row).deserialize(&mut json).and_then(|()| json.end());
            if read.is_ok() && row.len() == self.width {
                return Ok(Some(end + 1));
            }
            from = end + 1;
        }
        Ok(None)
    }

    fn broken(&mut self, row: &mut Row, message: &str) -> Step {
        row.begin(self.line);
        Step::Broken(Broken {
            rule: &rules::D0784_BROKEN_RECORD,
            message: message.to_owned(),
            is_aligned: false,
        })
    }

    /// After the last row: whether there were as many as promised.
    fn end(&mut self, row: &mut Row) -> Step {
        if std::mem::replace(&mut self.ended, true) {
            return Step::End;
        }
        match self.promised.filter(|promised| *promised != self.seen) {
            Some(promised) => {
                let message = format!("{promised} rows are announced, and {} are there", self.seen);
                self.broken(row, &message)
            }
            None => Step::End,
        }
    }
}

impl Rows for JsonRows {
    fn step(&mut self, row: &mut Row) -> io::Result<Step> {
        if self.ended {
            return Ok(Step::End);
        }
        loop {
            let next = self.between()?;
            let line = match self.shape {
                Shape::Object => self.line.saturating_add(1),
                Shape::Lines => self.line,
            };
            match next {
                None if self.shape == Shape::Object => {
                    self.ended = true;
                    return Ok(self.broken(row, "the file ends before its list of rows does"));
                }
                None => return Ok(self.end(row)),
                Some(b']') if self.closes()? => return Ok(self.end(row)),
                Some(b'[') => {
                    if let Some(length) = self.cut(row, line)? {
                        self.is_lost = false;
                        self.seen = self.seen.saturating_add(1);
                        let lines = memchr::memchr_iter(b'\n', self.input.first(length)).count();
                        let lines = u32::try_from(lines).unwrap_or(u32::MAX);
                        self.line = match self.shape {
                            Shape::Object => line,
                            Shape::Lines => line.saturating_add(lines),
                        };
                        self.input.advance(length);
                        return Ok(Step::Row);
                    }
                }
                Some(_) => {}
            }
            // Something that is no row: reading goes on at the next bracket.
            let was_lost = std::mem::replace(&mut self.is_lost, true);
            self.input.advance(1);
            let told = (!was_lost).then(|| {
                self.line = line;
                self.broken(row, "what stands here is no row of values")
            });
            self.pass_over()?;
            if let Some(broken) = told {
                return Ok(broken);
            }
        }
    }

    fn guessed(&self) -> u64 {
        self.decoder.guessed
    }
}

impl JsonRows {
    /// Goes to the next bracket that opens, and counts the lines.
    fn pass_over(&mut self) -> io::Result<()> {
        loop {
            match self.input.byte(0)? {
                None | Some(b'[' | b']') => return Ok(()),
                Some(byte) => {
                    if byte == b'\n' && self.shape == Shape::Lines {
                        self.line = self.line.saturating_add(1);
                    }
                    self.input.advance(1);
                }
            }
        }
    }
}

/// Reads the values of a row into the row.
struct Texts<'r>(&'r mut Row);

impl<'de> DeserializeSeed<'de> for Texts<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Texts<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a row of values")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut row: A) -> Result<(), A::Error> {
        while let Some(value) = row.next_element::<&RawValue>()? {
            let value = value.get();
            match value.as_bytes().first() {
                Some(b'"') => {
                    let text: Cow<'_, str> = match plain(value) {
                        Some(text) => Cow::Borrowed(text),
                        None => serde_json::from_str(value).map_err(serde::de::Error::custom)?,
                    };
                    self.0.push(&text);
                }
                Some(b'n') => self.0.push(""),
                Some(b'[' | b'{') | None => {
                    return Err(serde::de::Error::custom("a value within a value"));
                }
                Some(_) => self.0.push(value),
            }
        }
        Ok(())
    }
}

/// The text between the quotes, if it is written without escapes.
fn plain(value: &str) -> Option<&str> {
    let text = value.strip_prefix('"')?.strip_suffix('"')?;
    (!text.contains('\\')).then_some(text)
}
