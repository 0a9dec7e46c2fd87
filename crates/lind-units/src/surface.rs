//! From what clinicians write to a UCUM expression.
//!
//! The text is cut at its operators into parts; each part is looked up on its own
//! ([`crate::part`]), so that a mistake has its own place, and the UCUM expression is put together
//! again from their codes.

use core::ops::Range;

use crate::part::{self, Unreadable};
use crate::{UnitError, UnitErrorKind, aliases};

/// A UCUM expression, with the places its pieces come from.
#[derive(Debug, Default)]
pub(crate) struct Normalised {
    /// The expression.
    pub(crate) code: String,
    /// For each stretch of the expression, in order: where it ends, and where it comes from.
    origins: Vec<(usize, Range<usize>)>,
}

impl Normalised {
    fn push(&mut self, piece: &str, from: &Range<usize>) {
        self.code.push_str(piece);
        self.origins.push((self.code.len(), from.clone()));
    }

    /// Where a byte of the expression comes from; the whole text when it is not known.
    pub(crate) fn origin(&self, at: Option<usize>, text: &str) -> Range<usize> {
        at.and_then(|at| {
            self.origins
                .iter()
                .find(|(end, _)| at < *end)
                .or_else(|| self.origins.last())
        })
        .map_or(0..text.len(), |(_, from)| from.clone())
    }
}

/// A piece of the text between two others.
#[derive(Debug)]
enum Piece {
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

fn error(kind: UnitErrorKind, at: Range<usize>) -> UnitError {
    UnitError {
        kind,
        at,
        suggestion: None,
    }
}

fn syntax(reason: &str, at: Range<usize>) -> UnitError {
    error(UnitErrorKind::Syntax(reason.to_owned()), at)
}

/// How UCUM has to write the body surface of a standard person as a product.
const BODY_SURFACE_PRODUCT: &str = "173.10*-2.m2";

/// Cuts a text into pieces.
struct Cutter<'a> {
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
    fn new(text: &'a str) -> Self {
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

    fn cut(mut self) -> Result<Vec<(Piece, Range<usize>)>, UnitError> {
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

/// Where in the sequence of pieces we are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Expect {
    /// The first operand, which a solidus may precede.
    Start,
    /// An operand.
    Operand,
    /// An operator or an annotation.
    Operator,
    /// An operator; there is an annotation already.
    OperatorOnly,
}

/// The UCUM expression for a text.
pub(crate) fn normalise(text: &str) -> Result<Normalised, UnitError> {
    let mut result = Normalised::default();
    let shapeless = |c: char| c.is_whitespace() || is_invisible(c);
    let visible = text.trim_matches(shapeless);
    if visible.is_empty() {
        return Err(error(UnitErrorKind::Empty, 0..text.len()));
    }
    if let Some(aliases::Alias::Means(code)) = aliases::exact(visible) {
        result.push(code, &(0..text.len()));
        return Ok(result);
    }
    let pieces = Cutter::new(text.trim_end_matches(shapeless)).cut()?;
    let mut expect = Expect::Start;
    let mut open: Vec<Range<usize>> = Vec::new();
    let mut last_place = 0..text.len();
    let mut after_close = false;
    let mut after_integer = false;
    for (piece, place) in &pieces {
        let operand = matches!(expect, Expect::Start | Expect::Operand);
        match piece {
            Piece::Divide if expect == Expect::Start && open.is_empty() => {
                result.push("/", place);
                expect = Expect::Operand;
            }
            Piece::Divide | Piece::Multiply if operand => {
                return Err(syntax(
                    "a unit is missing before this operator",
                    place.clone(),
                ));
            }
            Piece::Divide => {
                result.push("/", place);
                expect = Expect::Operand;
            }
            Piece::Multiply => {
                result.push(".", place);
                expect = Expect::Operand;
            }
            Piece::Open if operand => {
                result.push("(", place);
                open.push(place.clone());
                expect = Expect::Operand;
            }
            Piece::Close if !operand => {
                if open.pop().is_none() {
                    return Err(syntax("this bracket was never opened", place.clone()));
                }
                result.push(")", place);
                expect = Expect::Operator;
                after_close = true;
                last_place = place.clone();
                continue;
            }
            Piece::Close => {
                return Err(syntax(
                    "a unit is missing before this bracket",
                    place.clone(),
                ));
            }
            Piece::Annotation(annotation) if expect == Expect::Operator && after_close => {
                // UCUM has no annotation after a bracket: it goes inside.
                result.code.pop();
                result.push(&format!(".{{{annotation}}})"), place);
                expect = Expect::OperatorOnly;
            }
            Piece::Annotation(annotation) if expect != Expect::OperatorOnly => {
                if annotation.is_empty() {
                    return Err(syntax(
                        "there is nothing in the curly braces",
                        place.clone(),
                    ));
                }
                result.push(&format!("{{{annotation}}}"), place);
                expect = Expect::OperatorOnly;
            }
            Piece::Annotation(_) => {
                return Err(syntax("two annotations in a row", place.clone()));
            }
            Piece::Part(part) if operand => {
                let code = part::code(part)
                    .map_err(|unreadable| unreadable_part(unreadable, part, place, text))?;
                let is_integer = code.bytes().all(|b| b.is_ascii_digit());
                if is_integer && after_integer && result.code.ends_with('.') {
                    return Err(syntax(
                        "write the product of two numbers as one number",
                        place.clone(),
                    ));
                }
                after_integer = is_integer;
                let compound = pieces.len() > 1 && is_compound(&code);
                if compound {
                    result.push(&format!("({code})"), place);
                } else {
                    result.push(&code, place);
                }
                expect = if code.ends_with('}') {
                    Expect::OperatorOnly
                } else {
                    Expect::Operator
                };
                after_close = compound;
                last_place = place.clone();
                continue;
            }
            Piece::Part(_) | Piece::Open => {
                return Err(syntax(
                    "an operator is missing before this; write `/` or `.` between units",
                    place.clone(),
                ));
            }
        }
        after_close = false;
        last_place = place.clone();
    }
    if let Some(place) = open.pop() {
        return Err(syntax("this bracket is not closed", place));
    }
    if matches!(expect, Expect::Start | Expect::Operand) {
        return Err(syntax("a unit is missing at the end", last_place));
    }
    Ok(result)
}

/// Whether operators stand in a code, outside its brackets.
fn is_compound(code: &str) -> bool {
    let mut depth = 0_usize;
    code.chars().any(|character| {
        match character {
            '{' | '[' => depth += 1,
            '}' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && matches!(character, '/' | '.')
    })
}

/// The error for a part, with the whole unit as it would read with the part replaced.
fn unreadable_part(
    unreadable: Unreadable,
    part: &str,
    place: &Range<usize>,
    text: &str,
) -> UnitError {
    let (kind, offered) = match unreadable {
        Unreadable::Unknown(offered) => (UnitErrorKind::Unknown(part.to_owned()), offered),
        Unreadable::Ambiguous(offered, readings) => (
            UnitErrorKind::Ambiguous(part.to_owned(), readings),
            Some(offered),
        ),
        Unreadable::DecimalNumber(number) => (UnitErrorKind::DecimalNumber(number), None),
        Unreadable::Character(character) => (UnitErrorKind::Character(character), None),
    };
    let suggestion = offered.and_then(|offered| {
        let (before, after) = (text.get(..place.start)?, text.get(place.end..)?);
        let whole = format!("{before}{offered}{after}");
        normalise(&whole).is_ok().then(|| whole.trim().to_owned())
    });
    UnitError {
        kind,
        at: place.clone(),
        suggestion,
    }
}
