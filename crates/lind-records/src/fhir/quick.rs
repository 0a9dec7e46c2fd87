//! JSON that is as it should be, read quickly.
//!
//! What is read here is read into the same structures, by the same declarations, as `serde_json`
//! reads it. Whatever is in the least unusual is not read here: then `serde_json` reads the text
//! again, and says what is wrong with it, if anything is. So this may accept less than JSON, and
//! never more.

use std::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::elements::RAW;

/// How deep values may stand in values.
const DEEPEST: u8 = 64;

/// Something is unusual.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unusual;

impl fmt::Display for Unusual {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("something is unusual")
    }
}

impl std::error::Error for Unusual {}

impl de::Error for Unusual {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Unusual
    }
}

type Read<T> = Result<T, Unusual>;

/// A text, and how far it was read.
#[derive(Clone)]
pub(super) struct Quick<'a> {
    text: &'a str,
    at: usize,
    depth: u8,
}

const ONES: u64 = u64::from_ne_bytes([1; 8]);
const HIGHS: u64 = u64::from_ne_bytes([0x80; 8]);

/// Which of eight bytes end a plain run of a string; the lowest is exact.
fn ends(word: u64) -> u64 {
    let none = |word: u64| word.wrapping_sub(ONES) & !word;
    let quote = none(word ^ (ONES * u64::from(b'"')));
    let escape = none(word ^ (ONES * u64::from(b'\\')));
    let control = word.wrapping_sub(ONES * 0x20) & !word;
    (quote | escape | control) & HIGHS
}

impl<'a> Quick<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Quick {
            text,
            at: 0,
            depth: 0,
        }
    }

    /// How far the text was read.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// What was read since.
    pub(super) fn since(&self, at: usize) -> Read<&'a str> {
        self.text.get(at..self.at).ok_or(Unusual)
    }

    fn byte(&self) -> u8 {
        self.text.as_bytes().get(self.at).copied().unwrap_or(0)
    }

    /// Passes over blanks and gives the byte behind them; 0: there is none.
    pub(super) fn next(&mut self) -> u8 {
        loop {
            match self.byte() {
                b' ' | b'\n' | b'\r' | b'\t' => self.at += 1,
                byte => return byte,
            }
        }
    }

    /// Passes over this byte.
    pub(super) fn expect(&mut self, byte: u8) -> Read<()> {
        if self.next() != byte {
            return Err(Unusual);
        }
        self.at += 1;
        Ok(())
    }

    /// Nothing but blanks follow.
    pub(super) fn end(&mut self) -> Read<()> {
        self.next();
        if self.at == self.text.len() {
            Ok(())
        } else {
            Err(Unusual)
        }
    }

    fn word(&mut self, word: &str) -> Read<()> {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        if !rest.starts_with(word.as_bytes()) {
            return Err(Unusual);
        }
        self.at += word.len();
        Ok(())
    }

    /// To the quotation mark or the escape that ends a plain run of a string.
    fn run(&mut self) -> Read<u8> {
        let bytes = self.text.as_bytes();
        while let Some(Ok(word)) = bytes.get(self.at..self.at + 8).map(<[u8; 8]>::try_from) {
            let ends = ends(u64::from_le_bytes(word));
            if ends != 0 {
                self.at += (ends.trailing_zeros() / 8) as usize;
                return self.run_end();
            }
            self.at += 8;
        }
        while !matches!(self.byte(), 0..0x20 | b'"' | b'\\') {
            self.at += 1;
        }
        self.run_end()
    }

    fn run_end(&mut self) -> Read<u8> {
        match self.byte() {
            byte @ (b'"' | b'\\') => Ok(byte),
            _ => Err(Unusual),
        }
    }

    /// A string without escapes.
    pub(super) fn string(&mut self) -> Read<&'a str> {
        self.expect(b'"')?;
        let start = self.at;
        if self.run()? != b'"' {
            return Err(Unusual);
        }
        let string = self.since(start)?;
        self.at += 1;
        Ok(string)
    }

    /// A key, up to the value.
    pub(super) fn key(&mut self) -> Read<&'a str> {
        let key = self.string()?;
        self.expect(b':')?;
        Ok(key)
    }

    /// Passes over a string that nobody asks for.
    fn skip_string(&mut self) -> Read<()> {
        self.expect(b'"')?;
        loop {
            if self.run()? == b'"' {
                self.at += 1;
                return Ok(());
            }
            self.at += 1;
            match self.byte() {
                b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => self.at += 1,
                b'u' => {
                    for _ in 0..4 {
                        self.at += 1;
                        if !self.byte().is_ascii_hexdigit() {
                            return Err(Unusual);
                        }
                    }
                    self.at += 1;
                }
                _ => return Err(Unusual),
            }
        }
    }

    fn digits(&mut self) -> Read<()> {
        let start = self.at;
        while self.byte().is_ascii_digit() {
            self.at += 1;
        }
        if self.at == start {
            Err(Unusual)
        } else {
            Ok(())
        }
    }

    fn skip_number(&mut self) -> Read<()> {
        if self.byte() == b'-' {
            self.at += 1;
        }
        if self.byte() == b'0' {
            self.at += 1;
            if self.byte().is_ascii_digit() {
                return Err(Unusual);
            }
        } else {
            self.digits()?;
        }
        if self.byte() == b'.' {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.byte(), b'e' | b'E') {
            self.at += 1;
            if matches!(self.byte(), b'+' | b'-') {
                self.at += 1;
            }
            self.digits()?;
        }
        Ok(())
    }

    /// Goes into a value that holds others.
    pub(super) fn enter(&mut self, open: u8) -> Read<()> {
        self.expect(open)?;
        if self.depth >= DEEPEST {
            return Err(Unusual);
        }
        self.depth += 1;
        Ok(())
    }

    /// Whether another value follows in the one that was entered; if not, it is left.
    pub(super) fn another(&mut self, is_first: bool, close: u8) -> Read<bool> {
        let byte = self.next();
        if byte == close {
            self.at += 1;
            self.depth -= 1;
            return Ok(false);
        }
        if !is_first {
            if byte != b',' {
                return Err(Unusual);
            }
            self.at += 1;
        }
        Ok(true)
    }

    /// Passes over a value that nobody asks for.
    pub(super) fn skip(&mut self) -> Read<()> {
        match self.next() {
            b'"' => self.skip_string(),
            b'{' => {
                self.enter(b'{')?;
                let mut is_first = true;
                while self.another(is_first, b'}')? {
                    is_first = false;
                    self.next();
                    self.skip_string()?;
                    self.expect(b':')?;
                    self.skip()?;
                }
                Ok(())
            }
            b'[' => {
                self.enter(b'[')?;
                let mut is_first = true;
                while self.another(is_first, b']')? {
                    is_first = false;
                    self.skip()?;
                }
                Ok(())
            }
            b't' => self.word("true"),
            b'f' => self.word("false"),
            b'n' => self.word("null"),
            _ => self.skip_number(),
        }
    }

    /// The value as it is written.
    pub(super) fn raw(&mut self) -> Read<&'a str> {
        self.next();
        let start = self.at;
        self.skip()?;
        self.since(start)
    }
}

impl<'de> Deserializer<'de> for &mut Quick<'de> {
    type Error = Unusual;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Read<V::Value> {
        Err(Unusual)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        visitor.visit_borrowed_str(self.string()?)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        if self.next() == b't' {
            self.word("true")?;
            visitor.visit_bool(true)
        } else {
            self.word("false")?;
            visitor.visit_bool(false)
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        if self.next() == b'n' {
            self.word("null")?;
            return visitor.visit_none();
        }
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Read<V::Value> {
        if name == RAW {
            return visitor.visit_borrowed_str(self.raw()?);
        }
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        self.enter(b'[')?;
        let mut list = Inside {
            quick: self,
            is_first: true,
            has_ended: false,
        };
        let value = visitor.visit_seq(&mut list)?;
        if list.has_ended {
            Ok(value)
        } else {
            Err(Unusual)
        }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        self.enter(b'{')?;
        let mut object = Inside {
            quick: self,
            is_first: true,
            has_ended: false,
        };
        let value = visitor.visit_map(&mut object)?;
        if object.has_ended {
            Ok(value)
        } else {
            Err(Unusual)
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Read<V::Value> {
        self.deserialize_map(visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        self.skip()?;
        visitor.visit_unit()
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        self.deserialize_str(visitor)
    }

    serde::forward_to_deserialize_any! {
        i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char string bytes byte_buf unit unit_struct
        tuple tuple_struct enum
    }
}

/// The inside of a list or an object.
struct Inside<'q, 'a> {
    quick: &'q mut Quick<'a>,
    is_first: bool,
    has_ended: bool,
}

impl Inside<'_, '_> {
    fn another(&mut self, close: u8) -> Read<bool> {
        let another = self.quick.another(self.is_first, close)?;
        self.is_first = false;
        self.has_ended = !another;
        Ok(another)
    }
}

impl<'a> SeqAccess<'a> for &mut Inside<'_, 'a> {
    type Error = Unusual;

    fn next_element_seed<T: DeserializeSeed<'a>>(&mut self, seed: T) -> Read<Option<T::Value>> {
        if !self.another(b']')? {
            return Ok(None);
        }
        seed.deserialize(&mut *self.quick).map(Some)
    }

    /// Nearly every list has one element.
    fn size_hint(&self) -> Option<usize> {
        Some(1)
    }
}

impl<'a> MapAccess<'a> for &mut Inside<'_, 'a> {
    type Error = Unusual;

    fn next_key_seed<K: DeserializeSeed<'a>>(&mut self, seed: K) -> Read<Option<K::Value>> {
        if !self.another(b'}')? {
            return Ok(None);
        }
        seed.deserialize(&mut *self.quick).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'a>>(&mut self, seed: V) -> Read<V::Value> {
        self.quick.expect(b':')?;
        seed.deserialize(&mut *self.quick)
    }
}
