//! SAS transport files, versions 5 and 8.
//!
//! By our own hand, for the reason for which [`crate::record`] is: a library reads good files well,
//! and here a file may be cut short, damaged or sent through a program that turned its line ends. The
//! one there is panics on a number of more than eight bytes, drops a record that is cut short without
//! a word, and reads nothing of a file whose date of creation is wrong. On good files the texts are
//! those of `sas_xport`; a test holds it to that.
//!
//! A file is a row of cards of 80 bytes: headers, one descriptor of 140 bytes for each variable, then
//! the records one after another, filled with blanks to a whole card.

use std::io;
use std::ops::Range;

use super::encoding::Decoder;
use super::ibm;
use super::row::{Broken, DataSet, Opened, Row, Rows, Step, Unopened};
use crate::record::LONGEST_ROW;
use crate::record::input::Input;
use crate::rules;
use crate::settings::Encoding;

const CARD: usize = 80;

/// Every header begins so.
const HEADER: &[u8] = b"HEADER RECORD*******";

/// The most variables that a data set may have.
const MOST_VARIABLES: usize = 10_000;

#[derive(Clone, Copy, Debug)]
struct Variable {
    is_number: bool,
    start: usize,
    length: usize,
}

struct XptRows {
    input: Input,
    decoder: Decoder,
    variables: Vec<Variable>,
    /// How many bytes a record has.
    length: usize,
    /// What the container says the name of the data set is.
    name: String,
    /// How many bytes at the beginning are the study and the domain.
    anchor: usize,
    /// Which of them are the domain, which is the same in every record.
    domain: Range<usize>,
    /// How the last record begins.
    known_anchor: Vec<u8>,
    number: u32,
    /// Where the input stands in the file.
    position: usize,
    /// How many records version 8 says there are.
    promised: Option<u64>,
    seen: u64,
    ended: bool,
}

/// Opens a file.
pub(crate) fn open(source: Box<dyn io::Read + Send>, encoding: Encoding) -> io::Result<Opened> {
    let mut cards = Cards {
        input: Input::new(source),
        position: 0,
    };
    let (schema, cards) = match cards.schema(encoding)? {
        Ok(schema) => (schema, cards),
        Err(why) => return Ok(Err(why)),
    };
    let length = schema
        .variables
        .iter()
        .map(|variable| variable.length)
        .sum();
    if length == 0 || length > LONGEST_ROW {
        let why = format!("its records would have {length} bytes");
        return Ok(Err(Unopened::Unreadable(why)));
    }
    let mut anchor = 0;
    let mut domain = 0..0;
    for (name, variable) in schema.names.iter().zip(&schema.variables) {
        let is_domain = name == "DOMAIN"
            || (name == "RDOMAIN" && schema.names.iter().any(|name| name == "QNAM"));
        if variable.is_number || !(is_domain || name == "STUDYID") {
            break;
        }
        if is_domain {
            domain = anchor..anchor + variable.length;
        }
        anchor += variable.length;
    }
    let numbers = schema.variables.iter().map(|variable| variable.is_number);
    Ok(Ok(DataSet {
        numbers: numbers.collect(),
        names: schema.names,
        name: schema.name.clone(),
        rows: Box::new(XptRows {
            name: schema.name.to_ascii_uppercase(),
            input: cards.input,
            decoder: Decoder::new(encoding),
            variables: schema.variables,
            length,
            anchor,
            domain,
            known_anchor: Vec::new(),
            number: 0,
            position: cards.position,
            promised: schema.promised,
            seen: 0,
            ended: false,
        }),
    }))
}

struct Cards {
    input: Input,
    position: usize,
}

#[derive(Default)]
struct Schema {
    name: String,
    names: Vec<String>,
    variables: Vec<Variable>,
    promised: Option<u64>,
}

impl Cards {
    /// The next bytes; none if the file ends before.
    fn take(&mut self, count: usize) -> io::Result<Option<Vec<u8>>> {
        let Some(last) = count.checked_sub(1) else {
            return Ok(Some(Vec::new()));
        };
        if self.input.byte(last)?.is_none() {
            return Ok(None);
        }
        let bytes = self.input.first(count).to_vec();
        self.input.advance(count);
        self.position += count;
        Ok(Some(bytes))
    }

    fn schema(&mut self, encoding: Encoding) -> io::Result<Result<Schema, Unopened>> {
        let unreadable = |why: &str| Ok(Err(Unopened::Unreadable(why.to_owned())));
        let Some(first) = self.take(CARD)? else {
            return unreadable("the file has no header of a SAS transport file");
        };
        let is_8 = match header_name(&first) {
            Some(b"LIBRARY ") => false,
            Some(b"LIBV8   ") => true,
            _ => return unreadable("the file has no header of a SAS transport file"),
        };
        let mut schema = Schema::default();
        let mut descriptor = 140;
        let mut decoder = Decoder::new(encoding);
        loop {
            let Some(card) = self.take(CARD)? else {
                return unreadable("the file ends within its headers");
            };
            match header_name(&card) {
                Some(b"MEMBER  " | b"MEMBV8  ") => {
                    descriptor = number(card.get(74..78)).unwrap_or(0);
                    if !(88..=1000).contains(&descriptor) {
                        return unreadable("the header of the data set is damaged");
                    }
                }
                Some(b"DSCRPTR " | b"DSCPTV8 ") => {
                    let Some(card) = self.take(CARD)? else {
                        return unreadable("the file ends within its headers");
                    };
                    let name = card.get(8..if is_8 { 40 } else { 16 }).unwrap_or_default();
                    decoder.decode(name).trim().clone_into(&mut schema.name);
                }
                Some(b"NAMESTR " | b"NAMSTV8 ") => {
                    let count = number(card.get(54..58)).unwrap_or(0);
                    if count == 0 || count > MOST_VARIABLES {
                        return unreadable("the number of variables in the header is damaged");
                    }
                    if let Err(why) =
                        self.variables(count, descriptor, is_8, &mut decoder, &mut schema)?
                    {
                        return unreadable(why);
                    }
                }
                Some(b"LABELV8 " | b"LABELV9 ") => {
                    let count =
                        number(card.get(48..80).map(|digits| digits.trim_ascii())).unwrap_or(0);
                    let is_9 = header_name(&card) == Some(b"LABELV9 ");
                    if self.labels(count, is_9)?.is_none() {
                        return unreadable("the file ends within its headers");
                    }
                }
                Some(b"OBS     ") => break,
                Some(b"OBSV8   ") => {
                    let count = card.get(48..63).unwrap_or_default().trim_ascii();
                    schema.promised = std::str::from_utf8(count)
                        .ok()
                        .and_then(|count| count.parse().ok())
                        .filter(|count| *count > 0);
                    break;
                }
                // The lines of SAS itself, and of the dates of the file.
                None if schema.variables.is_empty() => {}
                _ => return unreadable("the headers of the file are damaged"),
            }
        }
        if schema.variables.is_empty() {
            return unreadable("the headers of the file name no variables");
        }
        Ok(Ok(schema))
    }

    fn variables(
        &mut self,
        count: usize,
        length: usize,
        is_8: bool,
        decoder: &mut Decoder,
        schema: &mut Schema,
    ) -> io::Result<Result<(), &'static str>> {
        const DAMAGED: &str = "the description of the variables is damaged";
        let mut start: usize = 0;
        let mut positions = Vec::new();
        for _ in 0..count {
            let Some(card) = self.take(length)? else {
                return Ok(Err("the file ends within its headers"));
            };
            let is_number = match short(&card, 0) {
                1 => true,
                2 => false,
                _ => return Ok(Err(DAMAGED)),
            };
            let bytes = short(&card, 4);
            if bytes == 0 || (is_number && !(2..=8).contains(&bytes)) {
                return Ok(Err(DAMAGED));
            }
            let long = card.get(88..120).filter(|_| is_8).unwrap_or_default();
            let name = if long.trim_ascii().is_empty() || long.starts_with(b"\0") {
                card.get(8..16).unwrap_or_default()
            } else {
                long
            };
            let name = decoder.decode(name.trim_ascii()).to_ascii_uppercase();
            let plain = |character: char| character.is_ascii_alphanumeric() || character == '_';
            if name.is_empty() || !name.chars().all(plain) {
                return Ok(Err(DAMAGED));
            }
            schema.names.push(name);
            schema.variables.push(Variable {
                is_number,
                start,
                length: bytes,
            });
            positions.push((short(&card, 84) << 16) | short(&card, 86));
            start += bytes;
        }
        // Some programs leave the positions out. Where they stand, they must fit.
        let fits = positions
            .iter()
            .zip(&schema.variables)
            .all(|(position, variable)| *position == variable.start);
        if !fits && positions.iter().any(|position| *position != 0) {
            return Ok(Err(DAMAGED));
        }
        let filling = (CARD - (count * length) % CARD) % CARD;
        Ok(self
            .take(filling)?
            .map(|_| ())
            .ok_or("the file ends within its headers"))
    }

    /// Passes over names and labels that are too long for the descriptors.
    fn labels(&mut self, count: usize, is_9: bool) -> io::Result<Option<()>> {
        let mut taken = 0;
        for _ in 0..count.min(MOST_VARIABLES) {
            let lengths = if is_9 { 10 } else { 6 };
            let Some(head) = self.take(lengths)? else {
                return Ok(None);
            };
            let rest: usize = (2..lengths).step_by(2).map(|at| short(&head, at)).sum();
            if self.take(rest)?.is_none() {
                return Ok(None);
            }
            taken += lengths + rest;
        }
        let filling = (CARD - taken % CARD) % CARD;
        Ok(self.take(filling)?.map(|_| ()))
    }
}

/// What a card is the header of.
fn header_name(card: &[u8]) -> Option<&[u8; 8]> {
    let name = card.strip_prefix(HEADER)?;
    let (name, rest) = name.split_first_chunk::<8>()?;
    rest.starts_with(b"HEADER RECORD!!!!!!!").then_some(name)
}

fn number(digits: Option<&[u8]>) -> Option<usize> {
    std::str::from_utf8(digits?).ok()?.trim().parse().ok()
}

fn short(bytes: &[u8], at: usize) -> usize {
    match bytes.get(at..at.saturating_add(2)) {
        Some([high, low]) => usize::from(u16::from_be_bytes([*high, *low])),
        _ => 0,
    }
}

impl XptRows {
    fn advance(&mut self, count: usize) {
        self.input.advance(count);
        self.position += count;
    }

    fn broken(message: impl Into<String>) -> Step {
        Step::Broken(Broken {
            rule: &rules::D0784_BROKEN_RECORD,
            message: message.into(),
            is_aligned: false,
        })
    }

    /// Whether a record may begin at an offset, as far as its beginning tells.
    fn fits_at(&mut self, offset: usize) -> io::Result<bool> {
        if self.anchor == 0 || self.known_anchor.is_empty() {
            return Ok(true);
        }
        // At the end there is nothing but blanks.
        if self.input.byte(offset + self.anchor - 1)?.is_none() {
            return Ok(true);
        }
        let begins = self
            .input
            .from(offset)
            .get(..self.anchor)
            .unwrap_or_default();
        if begins == self.known_anchor.as_slice() || begins.iter().all(|byte| *byte == b' ') {
            return Ok(true);
        }
        let header = begins.len().min(HEADER.len());
        if begins.get(..header) == HEADER.get(..header) {
            return Ok(true);
        }
        // Another study may be pooled with this one, but not another domain.
        let is_text = |byte: &u8| byte.is_ascii_graphic() || *byte == b' ';
        let known = self.known_anchor.get(self.domain.clone());
        let is_same_domain = begins.get(self.domain.clone()) == known;
        Ok(is_same_domain
            && !begins.starts_with(b" ")
            && begins.iter().all(is_text)
            && !self.is_shifted(begins))
    }

    /// Whether the beginning is the known one, moved by a few bytes.
    fn is_shifted(&self, begins: &[u8]) -> bool {
        let study = self.known_anchor.trim_ascii_end();
        let Some(tail) = study.get(1..).filter(|tail| tail.len() > 2) else {
            return false;
        };
        memchr::memmem::find(begins, tail).is_some_and(|at| at != 1)
    }

    /// Where a record begins after the one at hand, which does not fit or is not followed by one.
    fn next_beginning(&mut self) -> io::Result<Option<usize>> {
        let most = 2 * self.length + CARD;
        self.input.byte(most + self.anchor)?;
        let window = self.input.from(0);
        let window = window
            .get(1..window.len().min(most + self.anchor))
            .unwrap_or_default();
        Ok(memchr::memmem::find(window, &self.known_anchor).map(|at| at + 1))
    }

    /// How the records begin. The first may be the damaged one, so it is the first text that comes
    /// again and whose domain is that by which the data set is named; else what comes first.
    fn learn_anchor(&mut self) -> io::Result<()> {
        self.input.byte(4 * self.length)?;
        let window = self.input.from(0);
        let is_text = |byte: &u8| byte.is_ascii_graphic() || *byte == b' ';
        let is_of_name = |begin: &[u8]| {
            let domain = begin.get(self.domain.clone()).unwrap_or_default();
            let domain = domain.trim_ascii_end();
            domain.len() >= 2 && self.name.as_bytes().starts_with(domain)
        };
        let chosen = (0..2 * self.length).find_map(|at| {
            let rest = window.get(at..)?;
            let (begin, rest) = rest.split_at_checked(self.anchor)?;
            let fits = !begin.starts_with(b" ") && begin.iter().all(is_text) && is_of_name(begin);
            (fits && memchr::memmem::find(rest, begin).is_some()).then_some(begin)
        });
        let first = window.get(..self.anchor);
        let first = first.filter(|begin| begin.iter().all(is_text));
        self.known_anchor = chosen.or(first).unwrap_or_default().to_vec();
        Ok(())
    }

    /// After the last record: whether there were as many as promised.
    fn end(&mut self) -> Step {
        match self
            .promised
            .take()
            .filter(|promised| *promised != self.seen)
        {
            Some(promised) => Self::broken(format!(
                "{promised} records are announced, and {} are there",
                self.seen
            )),
            None => Step::End,
        }
    }

    fn read(&mut self, row: &mut Row) -> Result<(), &'static str> {
        row.begin(self.number);
        for variable in &self.variables {
            let end = variable.start + variable.length;
            let bytes = self.input.first(self.length).get(variable.start..end);
            let bytes = bytes.unwrap_or_default();
            if variable.is_number {
                row.push(&ibm::decimal(bytes).ok_or("a number of the record cannot be read")?);
            } else {
                row.push(&self.decoder.decode(bytes));
            }
        }
        Ok(())
    }
}

impl Rows for XptRows {
    fn step(&mut self, row: &mut Row) -> io::Result<Step> {
        row.begin(self.number);
        loop {
            if self.ended {
                return Ok(self.end());
            }
            let has_record = self.input.byte(self.length - 1)?.is_some();
            let rest = self.input.from(0);
            let rest = rest.get(..self.length).unwrap_or(rest);
            if rest.iter().all(|byte| *byte == b' ') {
                // Blanks fill the last card, and a blank record says nothing.
                let count = rest.len();
                self.advance(count);
                self.ended = !has_record;
                if self.ended && !self.position.is_multiple_of(CARD) {
                    self.number += 1;
                    row.begin(self.number);
                    return Ok(Self::broken(
                        "the file is not a whole number of cards: it was cut short or damaged",
                    ));
                }
                continue;
            }
            self.number = self.number.saturating_add(1);
            row.begin(self.number);
            if !has_record {
                self.ended = true;
                return Ok(Self::broken("the file ends within this record"));
            }
            // The last card is filled before the next header.
            let filling = (CARD - self.position % CARD) % CARD;
            let (before, after) = rest.split_at_checked(filling).unwrap_or((rest, &[]));
            if after.starts_with(HEADER) && before.iter().all(|byte| *byte == b' ') {
                self.ended = true;
                return Ok(Self::broken(
                    "another data set begins here; a file with several is read up to the second",
                ));
            }
            break;
        }
        if self.known_anchor.is_empty() {
            self.learn_anchor()?;
        }
        if !self.fits_at(0)? {
            let next = self.next_beginning()?;
            let skip = next.unwrap_or(self.length);
            self.advance(skip);
            return Ok(Self::broken(
                "the record does not begin with its study and its domain: the file is damaged here",
            ));
        }
        if !self.fits_at(self.length)?
            && let Some(next) = self.next_beginning()?
            && next % self.length != 0
        {
            // Something was put in or left out within this record, and nothing tells where. It may
            // still tell whose it is, which is believed of somebody who is known.
            let _ = self.read(row);
            self.advance(next);
            return Ok(Self::broken(
                "the record has more or fewer bytes than the others: the file is damaged here",
            ));
        }
        let read = self.read(row);
        self.advance(self.length);
        self.seen = self.seen.saturating_add(1);
        match read {
            Ok(()) => Ok(Step::Row),
            Err(message) => Ok(Step::Broken(Broken {
                rule: &rules::D0784_BROKEN_RECORD,
                message: message.to_owned(),
                is_aligned: false,
            })),
        }
    }

    fn guessed(&self) -> u64 {
        self.decoder.guessed
    }
}

#[cfg(test)]
mod tests;
