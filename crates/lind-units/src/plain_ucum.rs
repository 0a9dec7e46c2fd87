//! UCUM to the letter: a mole is a number, an annotation is 1, and no spelling but UCUM's is known.
//!
//! For conformance tests and for exchange with systems that follow UCUM literally. Nothing in a
//! protocol is checked this way: use [`crate::Unit`]. Magnitudes are exact here too. Logarithmic
//! scales are valid, but they do not convert, since their values are not rational.
//!
//! ```
//! use lind_units::{Exact, plain_ucum};
//!
//! assert!(plain_ucum::validate("10*9/L").is_ok());
//! assert!(plain_ucum::validate("IU/L").is_err());
//! assert_eq!(plain_ucum::display_name("mm[Hg]").expect("valid"), "(millimeter of mercury column)");
//! let grams = plain_ucum::convert(&Exact::from_integer(9), "g/dL", "g/L").expect("commensurable");
//! assert_eq!(grams, Exact::from_integer(90));
//! ```

use core::fmt;

use crate::meaning::{Meaning, Meaningless, Reading, Scale};
use crate::ucum::{self, NotUcum, NotUcumReason};
use crate::{Dimension, Exact, Generator, UnitError, UnitErrorKind};

/// A value in UCUM's base units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseQuantity {
    /// The value.
    pub value: Exact,
    /// The unit: a product of powers of base units, `g.m-1`; `1` for a number.
    pub unit: String,
}

/// Why a calculation by the letter of UCUM is not possible.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PlainError {
    /// A text that is not UCUM.
    Unit(UnitError),
    /// Two units of different dimensions.
    Incommensurable,
    /// A logarithmic or other non-linear scale.
    NotLinear,
    /// A division by zero.
    DivisionByZero,
}

impl fmt::Display for PlainError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unit(error) => error.fmt(f),
            Self::Incommensurable => f.write_str("the units have different dimensions"),
            Self::NotLinear => f.write_str("a logarithmic scale is not converted"),
            Self::DivisionByZero => f.write_str("the divisor is zero"),
        }
    }
}

impl core::error::Error for PlainError {}

impl From<UnitError> for PlainError {
    fn from(error: UnitError) -> Self {
        Self::Unit(error)
    }
}

/// What the notation says about a text that is not UCUM.
pub(crate) fn unit_error(error: NotUcum, length: usize) -> UnitError {
    let at = match (error.at, &error.reason) {
        (Some(start), NotUcumReason::UnknownSymbol(symbol)) => start..start + symbol.len(),
        (Some(start), NotUcumReason::Syntax(_)) => start..length.min(start + 1),
        (None, _) => 0..length,
    };
    UnitError {
        kind: match error.reason {
            NotUcumReason::UnknownSymbol(symbol) => UnitErrorKind::Unknown(symbol),
            NotUcumReason::Syntax(reason) => UnitErrorKind::Syntax(reason),
        },
        at,
        suggestion: None,
    }
}

fn meaning(text: &str) -> Result<Meaning, UnitError> {
    if text.len() > crate::MAX_LENGTH {
        return Err(UnitError {
            kind: UnitErrorKind::TooLong(text.len()),
            at: 0..text.len(),
            suggestion: None,
        });
    }
    let (term, _) = ucum::parse(text).map_err(|error| unit_error(error, text.len()))?;
    Meaning::of(&term, Reading::Plain).map_err(|meaningless| UnitError {
        kind: match meaningless {
            Meaningless::SpecialInProduct(code) => UnitErrorKind::SpecialInProduct(code),
            Meaningless::TooLarge => UnitErrorKind::TooLarge,
        },
        at: 0..text.len(),
        suggestion: None,
    })
}

/// Whether a text is a UCUM unit: its syntax, its symbols, and that scales stand in no product.
///
/// # Errors
///
/// [`UnitError`], with the place. A unit whose magnitude is beyond the limits of exact calculation
/// is valid all the same.
pub fn validate(text: &str) -> Result<(), UnitError> {
    match meaning(text) {
        Err(error) if error.kind != UnitErrorKind::TooLarge => Err(error),
        _ => Ok(()),
    }
}

/// The name of a unit in the form of UCUM's functional tests; `(unity)` for the empty text.
///
/// # Errors
///
/// [`UnitError`] when the text is not a UCUM unit.
pub fn display_name(text: &str) -> Result<String, UnitError> {
    if !text.is_empty() {
        validate(text)?;
    }
    ucum::display_name(text).map_err(|error| unit_error(error, text.len()))
}

/// Convert a value; temperatures by their offsets.
///
/// # Errors
///
/// [`PlainError`].
pub fn convert(value: &Exact, from: &str, to: &str) -> Result<Exact, PlainError> {
    let (from, to) = (meaning(from)?, meaning(to)?);
    if from.dimension != to.dimension {
        return Err(PlainError::Incommensurable);
    }
    let base = value.mul(&from.factor).add(&offset(&from.scale)?);
    base.sub(&offset(&to.scale)?)
        .checked_div(&to.factor)
        .ok_or(PlainError::DivisionByZero)
}

/// Whether two units convert into each other by the letter of UCUM. A scale is commensurable with
/// its proper unit.
///
/// # Errors
///
/// [`UnitError`] when one of them is not UCUM.
pub fn commensurable(left: &str, right: &str) -> Result<bool, UnitError> {
    Ok(meaning(left)?.dimension == meaning(right)?.dimension)
}

fn offset(scale: &Scale) -> Result<Exact, PlainError> {
    match scale {
        Scale::Ratio => Ok(Exact::zero()),
        Scale::Offset(offset) => Ok(offset.clone()),
        Scale::Function(..) => Err(PlainError::NotLinear),
    }
}

/// The product of two quantities, in base units.
///
/// # Errors
///
/// [`PlainError`]; scales take no part in products.
pub fn multiply(left: (&Exact, &str), right: (&Exact, &str)) -> Result<BaseQuantity, PlainError> {
    let (a, b) = (proportional(left.1)?, proportional(right.1)?);
    Ok(BaseQuantity {
        value: left.0.mul(&a.factor).mul(&right.0.mul(&b.factor)),
        unit: base_unit(&a.dimension.multiply(&b.dimension)),
    })
}

/// The quotient of two quantities, in base units.
///
/// # Errors
///
/// [`PlainError`]; scales take no part in quotients.
pub fn divide(left: (&Exact, &str), right: (&Exact, &str)) -> Result<BaseQuantity, PlainError> {
    let (a, b) = (proportional(left.1)?, proportional(right.1)?);
    Ok(BaseQuantity {
        value: left
            .0
            .mul(&a.factor)
            .checked_div(&right.0.mul(&b.factor))
            .ok_or(PlainError::DivisionByZero)?,
        unit: base_unit(&a.dimension.divide(&b.dimension)),
    })
}

fn proportional(text: &str) -> Result<Meaning, PlainError> {
    let meaning = meaning(text)?;
    match meaning.scale {
        Scale::Ratio => Ok(meaning),
        Scale::Offset(_) | Scale::Function(..) => Err(PlainError::Unit(UnitError {
            kind: UnitErrorKind::SpecialInProduct(text.to_owned()),
            at: 0..text.len(),
            suggestion: None,
        })),
    }
}

fn base_unit(dimension: &Dimension) -> String {
    let symbols: Vec<String> = dimension
        .exponents()
        .map(|(generator, exponent)| {
            let symbol = match generator {
                Generator::Length => "m",
                Generator::Time => "s",
                Generator::Mass => "g",
                Generator::PlaneAngle => "rad",
                Generator::Temperature => "K",
                Generator::Charge => "C",
                Generator::LuminousIntensity => "cd",
                Generator::Amount => "mol",
                Generator::Entity(code)
                | Generator::Procedure(code)
                | Generator::Reference(code) => code,
            };
            if exponent == 1 {
                symbol.to_owned()
            } else {
                format!("{symbol}{exponent}")
            }
        })
        .collect();
    if symbols.is_empty() {
        "1".to_owned()
    } else {
        symbols.join(".")
    }
}
