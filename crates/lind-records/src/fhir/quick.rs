//! JSON that is as it should be, read quickly.
//!
//! What is read here is read into the same structures, by the same declarations, as `serde_json`
//! reads it; but in place, so that nothing is moved. Whatever is in the least unusual is not read here: then `serde_json` reads the text
//! again, and says what is wrong with it, if anything is. So this may accept less than JSON, and
//! never more.

use super::elements::{Quantity, Reference};
use super::lexicon::{self, KnownConcept, Learned, Lexicon};

/// How deep values may stand in values.
const DEEPEST: u8 = 64;

/// Something is unusual.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unusual;

type Read<T> = Result<T, Unusual>;

/// A text, and how far it was read.
pub(super) struct Quick<'a> {
    text: &'a str,
    at: usize,
    depth: u8,
    /// What was met in other texts.
    lexicon: &'a Lexicon,
    /// What was met in this one.
    pub(super) learned: Learned,
    /// The reference that was read last, and how it is written.
    pub(super) last_reference: Option<(&'a str, Reference<'a>)>,
}

const ONES: u64 = u64::from_ne_bytes([1; 8]);
const HIGHS: u64 = u64::from_ne_bytes([0x80; 8]);

/// Which of eight bytes end a plain run of a string; the lowest is exact.
fn ends(word: u64) -> u64 {
    // What is less than a blank stays so, and the quotation mark comes to be the blank.
    let low = word ^ (ONES * 0x02);
    let quote_or_control = low.wrapping_sub(ONES * 0x21) & !low;
    let back = word ^ (ONES * u64::from(b'\\'));
    let escape = back.wrapping_sub(ONES) & !back;
    (quote_or_control | escape) & HIGHS
}

impl<'a> Quick<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Quick::knowing(text, &lexicon::NOTHING)
    }

    /// A text, and what was met in other texts.
    pub(super) fn knowing(text: &'a str, lexicon: &'a Lexicon) -> Self {
        Quick {
            text,
            at: 0,
            depth: 0,
            lexicon,
            learned: Learned::default(),
            last_reference: None,
        }
    }

    /// What stands here, if it is a concept that was met before.
    pub(super) fn known_concept(&mut self) -> Option<&'a KnownConcept> {
        self.next();
        let known = self.lexicon.concept(self.ahead())?;
        self.at += known.length();
        Some(known)
    }

    /// What stands here, if it is the reference that was read last.
    pub(super) fn known_reference(&mut self) -> Option<Reference<'a>> {
        self.next();
        let (written, reference) = self.last_reference.as_ref()?;
        if !self.ahead().starts_with(written.as_bytes()) {
            return None;
        }
        self.at += written.len();
        Some(reference.clone())
    }

    /// Leaves a quantity of which the value was read, if what follows was met before.
    pub(super) fn tell_known_unit(&mut self, quantity: &mut Quantity<'a>) -> bool {
        let Some(known) = self.lexicon.unit(self.ahead()) else {
            return false;
        };
        known.tell(quantity);
        self.at += known.length();
        self.depth -= 1;
        true
    }

    fn ahead(&self) -> &'a [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
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
    #[inline]
    pub(super) fn next(&mut self) -> u8 {
        let byte = self.byte();
        if byte > b' ' {
            return byte;
        }
        self.behind_blanks()
    }

    #[cold]
    fn behind_blanks(&mut self) -> u8 {
        while matches!(self.byte(), b' ' | b'\n' | b'\r' | b'\t') {
            self.at += 1;
        }
        self.byte()
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
        if !self.ahead().starts_with(word.as_bytes()) {
            return Err(Unusual);
        }
        self.at += word.len();
        Ok(())
    }

    /// To the quotation mark or the escape that ends a plain run of a string.
    #[inline]
    fn run(&mut self) -> Read<u8> {
        let bytes = self.text.as_bytes();
        let mut rest = self.ahead();
        while let Some((word, behind)) = rest.split_first_chunk() {
            let ends = ends(u64::from_le_bytes(*word));
            if ends != 0 {
                self.at = bytes.len() - rest.len() + (ends.trailing_zeros() / 8) as usize;
                return self.run_end();
            }
            rest = behind;
        }
        self.at = bytes.len() - rest.len();
        while !matches!(self.byte(), 0..0x20 | b'"' | b'\\') {
            self.at += 1;
        }
        self.run_end()
    }

    #[inline]
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
                self.skip_rest(true)
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

    /// Passes over what follows in an object that was entered.
    pub(super) fn skip_rest(&mut self, mut is_first: bool) -> Read<()> {
        while self.another(is_first, b'}')? {
            is_first = false;
            self.next();
            self.skip_string()?;
            self.expect(b':')?;
            self.skip()?;
        }
        Ok(())
    }

    /// The value as it is written.
    pub(super) fn raw(&mut self) -> Read<&'a str> {
        self.next();
        let start = self.at;
        self.skip()?;
        self.since(start)
    }
}

/// What can be read quickly into the place where it is to stand.
pub(super) trait Fill<'a> {
    /// Reads what comes next.
    fn fill(&mut self, quick: &mut Quick<'a>) -> Read<()>;
}

/// What is read from an object.
pub(super) trait Object<'a>: Default {
    /// Reads what follows in an object that was entered.
    fn rest(&mut self, quick: &mut Quick<'a>, is_first: bool) -> Read<()>;
}

impl<'a> Fill<'a> for bool {
    fn fill(&mut self, quick: &mut Quick<'a>) -> Read<()> {
        *self = quick.next() == b't';
        quick.word(if *self { "true" } else { "false" })
    }
}

impl<'a, T: Fill<'a> + Default> Fill<'a> for Option<T> {
    fn fill(&mut self, quick: &mut Quick<'a>) -> Read<()> {
        if quick.next() == b'n' {
            return quick.word("null");
        }
        self.insert(T::default()).fill(quick)
    }
}

impl<'a, T: Fill<'a>> Fill<'a> for Box<T> {
    fn fill(&mut self, quick: &mut Quick<'a>) -> Read<()> {
        T::fill(self, quick)
    }
}

impl<'a, T: Fill<'a> + Default> Fill<'a> for Vec<T> {
    fn fill(&mut self, quick: &mut Quick<'a>) -> Read<()> {
        quick.enter(b'[')?;
        while quick.another(self.is_empty(), b']')? {
            if self.is_empty() {
                // Nearly every list has one element.
                *self = Vec::with_capacity(1);
            }
            self.push(T::default());
            if let Some(last) = self.last_mut() {
                last.fill(quick)?;
            }
        }
        Ok(())
    }
}

/// The longest name of an element, in bytes.
const LONGEST_NAME: usize = 32;

/// The name of an element as FHIR writes it.
pub(super) struct Name {
    bytes: [u8; LONGEST_NAME],
    length: usize,
}

impl Name {
    /// Of a field `birth_date` it is `birthDate`, of `r#type` it is `type`.
    #[allow(
        clippy::indexing_slicing,
        reason = "names are made when Lind is compiled: one that is too long does not compile"
    )]
    pub(super) const fn of(field: &str) -> Self {
        let field = field.as_bytes();
        let mut name = Name {
            bytes: [0; LONGEST_NAME],
            length: 0,
        };
        let is_raw = field.len() > 2 && field[0] == b'r' && field[1] == b'#';
        let mut at = if is_raw { 2 } else { 0 };
        let mut is_capital = false;
        while at < field.len() {
            if field[at] == b'_' {
                is_capital = true;
            } else {
                name.bytes[name.length] = if is_capital {
                    field[at].to_ascii_uppercase()
                } else {
                    field[at]
                };
                name.length += 1;
                is_capital = false;
            }
            at += 1;
        }
        name
    }

    pub(super) const fn bytes(&self) -> &[u8] {
        match self.bytes.split_at_checked(self.length) {
            Some((name, _)) => name,
            None => &[],
        }
    }
}
