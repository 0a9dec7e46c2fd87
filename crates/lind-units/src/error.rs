//! Why a text is not a unit.

use core::fmt;
use core::ops::Range;

/// Why a text is not a unit, where, and what may have been meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitError {
    /// What is wrong.
    pub kind: UnitErrorKind,
    /// Where, as a range of bytes of the text that was given.
    pub at: Range<usize>,
    /// A whole unit to write instead, when there is a good guess.
    pub suggestion: Option<String>,
}

/// What is wrong with a text that should be a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum UnitErrorKind {
    /// Nothing, or only blanks.
    Empty,
    /// Longer than any unit: its length in bytes.
    TooLong(usize),
    /// A word or symbol that is no unit.
    Unknown(String),
    /// A word that has several readings, with the sentence that names them.
    Ambiguous(String, String),
    /// A character that cannot stand in a unit.
    Character(char),
    /// A decimal number inside a unit, which UCUM would read as a product.
    DecimalNumber(String),
    /// The parts are units, but they are not put together as a unit, with the reason.
    Syntax(String),
    /// A unit on a scale of its own (a temperature in °C, pH, decibel) inside a product.
    SpecialInProduct(String),
    /// A magnitude beyond what is computed exactly.
    TooLarge,
}

impl UnitError {
    /// The error as a sentence, without its place.
    #[must_use]
    pub fn message(&self) -> String {
        let sentence = match &self.kind {
            UnitErrorKind::Empty => "a unit is missing".to_owned(),
            UnitErrorKind::TooLong(length) => format!(
                "a text of {length} bytes is too long to be a unit (at most {})",
                crate::unit::MAX_LENGTH
            ),
            UnitErrorKind::Unknown(name) => format!("`{name}` is not a known unit"),
            UnitErrorKind::Ambiguous(name, readings) => {
                format!("`{name}` is not clear ({readings})")
            }
            UnitErrorKind::Character(character) => {
                format!("the character {character:?} cannot stand in a unit")
            }
            UnitErrorKind::DecimalNumber(number) => format!(
                "a unit cannot contain the decimal number `{number}`: a point between digits means a product"
            ),
            UnitErrorKind::Syntax(reason) => reason.clone(),
            UnitErrorKind::SpecialInProduct(code) => format!(
                "`{code}` is a scale with its own zero or a logarithm, so it cannot be multiplied or divided"
            ),
            UnitErrorKind::TooLarge => {
                "the unit is too large or too small to be computed exactly".to_owned()
            }
        };
        match &self.suggestion {
            Some(suggestion) => format!("{sentence}; did you mean `{suggestion}`?"),
            None => sentence,
        }
    }
}

impl fmt::Display for UnitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message())
    }
}

impl core::error::Error for UnitError {}
