//! From what clinicians write to a UCUM expression.
//!
//! The text is cut at its operators into parts; each part is looked up on its own
//! ([`crate::part`]), so that a mistake has its own place, and the UCUM expression is put together
//! again from their codes.

use core::ops::Range;

use crate::cutter::{Cutter, Piece, error, is_invisible, syntax};
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
    match aliases::exact(&visible.replace(['µ', 'μ'], "u")) {
        Some(aliases::Alias::Means(code)) => {
            result.push(code, &(0..text.len()));
            return Ok(result);
        }
        Some(aliases::Alias::Ambiguous(offered, readings)) => {
            return Err(UnitError {
                kind: UnitErrorKind::Ambiguous(visible.to_owned(), readings.to_owned()),
                at: 0..text.len(),
                suggestion: Some(offered.to_owned()),
            });
        }
        None => {}
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
                if longest_number(part) > MAX_INTEGER_DIGITS {
                    return Err(error(UnitErrorKind::TooLarge, place.clone()));
                }
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

/// An integer with more digits than this would be rounded by the UCUM library.
const MAX_INTEGER_DIGITS: usize = 27;

/// How many digits the longest number in a part has.
fn longest_number(part: &str) -> usize {
    part.split(|c: char| !c.is_ascii_digit())
        .map(str::len)
        .max()
        .unwrap_or(0)
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
