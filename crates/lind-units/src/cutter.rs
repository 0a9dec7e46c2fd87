//! Cuts what clinicians write into the pieces of a unit: parts, operators, brackets, annotations.

use core::ops::Range;

use crate::{UnitError, UnitErrorKind};

/// A piece of the text between two others.
#[derive(Debug)]
pub(crate) enum Piece {
    Divide,
    Multiply,
    Open,
    Close,
    Annotation(String),
    /// With blanks joined, superscripts and µ replaced.
    Part(String),
}

/// Characters without a shape, which copying from web pages and PDF files leaves behind.
pub(crate) fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{00AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}'
    )
}

fn superscript(character: char) -> Option<char> {
    Some(match character {
        '⁰' => '0',
        '¹' => '1',
        '²' => '2',
        '³' => '3',
        '⁴' => '4',
        '⁵' => '5',
        '⁶' => '6',
        '⁷' => '7',
        '⁸' => '8',
        '⁹' => '9',
        '⁻' => '-',
        '⁺' => '+',
        _ => return None,
    })
}

/// An error without a suggestion.
pub(crate) fn error(kind: UnitErrorKind, at: Range<usize>) -> UnitError {
    UnitError {
        kind,
        at,
        suggestion: None,
    }
}

/// A mistake in how the parts are put together.
pub(crate) fn syntax(reason: &str, at: Range<usize>) -> UnitError {
    error(UnitErrorKind::Syntax(reason.to_owned()), at)
}

/// How UCUM has to write the body surface of a standard person as a product.
const BODY_SURFACE_PRODUCT: &str = "173.10*-2.m2";

/// Cuts a text into pieces.
pub(crate) struct Cutter<'a> {
    text: &'a str,
    characters: core::iter::Peekable<core::str::CharIndices<'a>>,
    pieces: Vec<(Piece, Range<usize>)>,
    /// The part being read, and where it stands.
    part: String,
    place: Range<usize>,
    /// Where the word before the last one ends, and where the last one begins.
    last_word: (usize, usize),
    in_superscript: bool,
}

impl<'a> Cutter<'a> {
    /// Before the first character.
    pub(crate) fn new(text: &'a str) -> Self {
        Self {
            text,
            characters: text.char_indices().peekable(),
            pieces: Vec::new(),
            part: String::new(),
            place: 0..0,
            last_word: (0, 0),
            in_superscript: false,
        }
    }

    fn push(&mut self, character: char, at: usize, width: usize) {
        if self.part.is_empty() {
            self.place = at..at;
            self.last_word = (at, at);
        } else if self.part.ends_with(' ') {
            self.last_word = (self.place.end, at);
        }
        self.part.push(character);
        self.place.end = at + width;
    }

    /// A blank ends a word; the word `per` is a division.
    fn blank(&mut self, at: usize) {
        if self.part == "per" || self.part.ends_with(" per") {
            let (before, per) = self.last_word;
            let kept = self.part.len() - "per".len();
            self.part.truncate(kept);
            self.place.end = before;
            self.end_part();
            // `mg/per day` divides once.
            if !matches!(self.pieces.last(), Some((Piece::Divide, _))) {
                self.pieces.push((Piece::Divide, per..at));
            }
        } else if !self.part.is_empty() && !self.part.ends_with([' ', '^']) {
            self.part.push(' ');
        }
    }

    /// Take the body surface as the reference that it is, not as an area.
    fn body_surface_product(&mut self, at: usize) -> bool {
        let here = self.part.is_empty()
            && self
                .text
                .get(at..)
                .is_some_and(|rest| rest.starts_with(BODY_SURFACE_PRODUCT));
        if here {
            let width = BODY_SURFACE_PRODUCT.len();
            "1.73 m2".chars().for_each(|c| self.push(c, at, width));
            self.characters
                .by_ref()
                .take(width - 1)
                .for_each(|_consumed| {});
        }
        here
    }

    fn end_part(&mut self) {
        self.in_superscript = false;
        let part = core::mem::take(&mut self.part);
        let part = part.trim_end();
        if !part.is_empty() {
            self.pieces
                .push((Piece::Part(part.to_owned()), self.place.clone()));
        }
    }

    fn single(&mut self, piece: Piece, at: usize, width: usize) {
        self.end_part();
        self.pieces.push((piece, at..at + width));
    }

    /// `1.73.m2` is the body surface, not a product.
    fn multiply(&mut self, at: usize, width: usize) {
        if self.part.trim_end() == "1.73" {
            self.blank(at);
        } else {
            self.single(Piece::Multiply, at, width);
        }
    }

    fn next_is(&mut self, wanted: fn(char) -> bool) -> bool {
        self.characters
            .peek()
            .is_some_and(|(_, next)| wanted(*next))
    }

    /// The pieces, each with its place in the text.
    pub(crate) fn cut(mut self) -> Result<Vec<(Piece, Range<usize>)>, UnitError> {
        while let Some((at, character)) = self.characters.next() {
            let width = character.len_utf8();
            if let Some(plain) = superscript(character) {
                if !self.in_superscript {
                    self.power(at, width);
                    self.in_superscript = true;
                }
                self.push(plain, at, width);
                continue;
            }
            self.in_superscript = false;
            if self.body_surface_product(at) {
                continue;
            }
            match character {
                _ if is_invisible(character) => {}
                _ if character.is_whitespace() => self.blank(at),
                '{' => {
                    self.end_part();
                    let (annotation, end) = self.enclosed(at, '}')?;
                    self.pieces.push((Piece::Annotation(annotation), at..end));
                }
                '[' => {
                    let (inside, end) = self.enclosed(at, ']')?;
                    let bracketed = format!("[{inside}]");
                    for character in bracketed.chars() {
                        self.push(character, at, end - at);
                    }
                }
                '/' | '∕' | '⁄' => self.single(Piece::Divide, at, width),
                '(' => self.single(Piece::Open, at, width),
                ')' => self.single(Piece::Close, at, width),
                '·' | '⋅' | '∙' | '•' => self.multiply(at, width),
                '.' => {
                    if self.is_decimal_point(at) {
                        self.push('.', at, width);
                    } else if self.characters.peek().is_some() {
                        self.multiply(at, width);
                    }
                    // A full stop at the very end belongs to the sentence.
                }
                '*' => self.star(at, width),
                '^' => self.power(at, width),
                '×' if !self.part.is_empty() => self.multiply(at, width),
                'µ' | 'μ' => self.push('u', at, width),
                '℃' => "°C".chars().for_each(|c| self.push(c, at, width)),
                '℉' => "°F".chars().for_each(|c| self.push(c, at, width)),
                '−' | '–' | '‐' | '‑' => self.push('-', at, width),
                _ if character.is_control() => {
                    return Err(error(UnitErrorKind::Character(character), at..at + width));
                }
                _ => self.push(character, at, width),
            }
        }
        self.end_part();
        Ok(self.pieces)
    }

    /// A point between digits, unless a power of ten follows (`4.10*-7`).
    fn is_decimal_point(&self, at: usize) -> bool {
        let before = self.part.rsplit(' ').next().unwrap_or_default();
        let after = self.text.get(at + 1..).unwrap_or_default();
        !before.is_empty()
            && before.bytes().all(|b| b.is_ascii_digit())
            && after.starts_with(|c: char| c.is_ascii_digit())
            && !after.starts_with("10*")
            && !after.starts_with("10^")
    }

    /// No blank belongs before the sign of a power.
    fn power(&mut self, at: usize, width: usize) {
        let kept = self.part.trim_end().len();
        self.part.truncate(kept);
        self.push('^', at, width);
    }

    /// `10*9` is a power of ten, `10**9` too, `* 10^9` a mark of multiplication, `a*b` a product.
    fn star(&mut self, at: usize, width: usize) {
        let doubled = self.next_is(|next| next == '*');
        if doubled {
            self.characters.next();
        }
        let before = self.part.trim_end();
        let is_ten = before.trim_start_matches(['x', 'X', '×', '*', ' ']) == "10";
        if doubled || is_ten {
            self.power(at, width + usize::from(doubled));
        } else if before.is_empty() {
            self.push('*', at, width);
        } else {
            self.multiply(at, width);
        }
    }

    /// What stands up to the closing bracket, without it, and where it ends.
    fn enclosed(&mut self, open: usize, close: char) -> Result<(String, usize), UnitError> {
        let mut inside = String::new();
        for (at, character) in self.characters.by_ref() {
            let width = character.len_utf8();
            if character == close {
                return Ok((inside, at + width));
            }
            if is_invisible(character) {
                continue;
            }
            let character = match character {
                'µ' | 'μ' => 'u',
                '²' => '2',
                '³' => '3',
                _ if character.is_whitespace() => '_',
                _ => character,
            };
            if !character.is_ascii_graphic() {
                return Err(error(UnitErrorKind::Character(character), at..at + width));
            }
            if matches!(character, '{' | '[') {
                return Err(syntax(
                    &format!("a bracket cannot stand inside another; `{close}` is missing"),
                    open..at,
                ));
            }
            inside.push(character);
        }
        Err(syntax(
            &format!("the closing bracket `{close}` is missing"),
            open..open + 1,
        ))
    }
}
