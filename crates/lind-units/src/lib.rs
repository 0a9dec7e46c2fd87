//! Units of measurement for clinical trials: UCUM's notation, read as clinicians write it, with a
//! meaning of our own. A unit has a dimension in which a mole is not a number, a copy is not a cell
//! and a clearance indexed to body surface is not a clearance; its magnitude is an exact fraction.
//!
//! ```
//! use lind_units::{Analyte, Decimal, Exact, Kind, Unit};
//!
//! let data = Unit::parse("umol/L").expect("a unit");
//! let limit = Unit::parse("mg/dL").expect("a unit");
//! let creatinine = Analyte {
//!     molar_mass: Some(Decimal::parse("113.12").expect("a number").to_exact()),
//!     ..Analyte::default()
//! };
//! // Without the molar mass the two do not compare; with it they do, exactly.
//! assert!(data.conversion(&limit, None).is_err());
//! let conversion = data.conversion(&limit, Some(&creatinine)).expect("the same substance");
//! let value = Decimal::parse("132.6").expect("a number");
//! assert!(conversion.compare(&value, &Exact::from_ratio(15, 10).expect("10 is not zero")).is_lt());
//! assert!(Kind::MCnc.dimension_ok(limit.dimension()));
//! ```
//!
//! **Invariants**
//! * Nothing is a float and nothing is rounded. A value exactly on a threshold is on it in every
//!   commensurable unit. (π is a decimal of 28 digits, as UCUM has it.) Roots, powers and logarithms
//!   are held between two exact bounds ([`Enclosure`]).
//! * Units convert only if their dimensions agree, generator by generator; what UCUM calls equal by
//!   dropping annotations and moles is refused with the reason.
//! * A spelling with more than one reading is an error, never a guess. A spelling that UCUM reads as
//!   something rare is taken as UCUM says, with a hint ([`Unit::suspicious`]).
//! * Every function is total on every text: bounded in length, depth and magnitude.
//! * One module, `ucum`, names the UCUM library; none of its types leaves it.

mod aliases;
mod annotations;
mod atoms;
mod commensurable;
mod conversion;
mod cutter;
mod decimal;
mod dimension;
mod enclosure;
mod error;
mod exact;
mod exact_text;
mod incommensurable;
mod kind;
mod meaning;
mod part;
pub mod plain_ucum;
mod similar;
mod surface;
mod suspicion;
mod ucum;
mod unit;

pub use conversion::{Analyte, Conversion};
pub use decimal::{Decimal, MAX_DIGITS, MAX_EXPONENT, NumberError};
pub use dimension::{Dimension, Generator};
pub use enclosure::Enclosure;
pub use error::{UnitError, UnitErrorKind};
pub use exact::Exact;
pub use incommensurable::{Difference, Incommensurable, MismatchReason};
pub use kind::Kind;
pub use unit::{MAX_LENGTH, Unit, read_aloud};

use std::borrow::Cow;

/// The UCUM code of a spelling that clinicians use; `None` when it is no unit.
///
/// ```
/// use lind_units::canonical_spelling;
///
/// assert_eq!(canonical_spelling("mcg/day").as_deref(), Some("ug/d"));
/// assert_eq!(canonical_spelling("g/dL").as_deref(), Some("g/dL"));
/// assert_eq!(canonical_spelling("and/or"), None);
/// ```
#[must_use]
pub fn canonical_spelling(text: &str) -> Option<Cow<'_, str>> {
    let unit = Unit::parse(text).ok()?;
    Some(if unit.code() == text {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(unit.code().to_owned())
    })
}
