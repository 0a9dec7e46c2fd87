//! Units of measurement.

use core::fmt;
use core::hash::{Hash, Hasher};
use std::sync::Arc;

use crate::meaning::{Meaning, Meaningless, Reading, Scale};
use crate::suspicion::{self, Suspicion};
use crate::ucum::{self, NotUcum, NotUcumReason};
use crate::{
    Analyte, Conversion, Dimension, Exact, Incommensurable, UnitError, UnitErrorKind,
    commensurable, cutter, surface,
};

/// The longest text that is read as a unit, in bytes.
pub const MAX_LENGTH: usize = 256;

/// A unit of measurement. Cheap to clone.
///
/// Two units are equal when their codes are: `mmHg` and `mm[Hg]` are, `g/dL` and `10.g/L` are not
/// (they convert into each other by a factor of one).
///
/// ```
/// use lind_units::{Exact, Unit};
///
/// let written = Unit::parse("x 10^9/L").expect("a unit");
/// assert_eq!(written.code(), "10*9/L");
/// let per_microlitre = Unit::parse("/µL").expect("a unit");
/// let limit = written.convert(&Exact::from_integer(75), &per_microlitre, None);
/// assert_eq!(limit.expect("commensurable"), Exact::from_integer(75_000));
///
/// let molar = Unit::parse("mmol/L").expect("a unit");
/// let refused = molar.convert(&Exact::one(), &written, None).expect_err("moles are no number");
/// assert_eq!(
///     refused.sentence(),
///     "one side is amount of substance per volume, the other number per volume",
/// );
/// ```
#[derive(Clone)]
pub struct Unit(Arc<Data>);

struct Data {
    code: String,
    written: String,
    meaning: Meaning,
    suspicion: Option<Suspicion>,
}

impl Unit {
    /// Read a unit: UCUM, or what clinicians write for it (`x 10^9/L`, `mL/min/1.73 m2`, `°C`).
    ///
    /// # Errors
    ///
    /// [`UnitError`], with the place in `text` and, where there is a good guess, the unit that may
    /// have been meant. A spelling with more than one reading is an error, never a guess.
    pub fn parse(text: &str) -> Result<Self, UnitError> {
        Self::read(text).map_err(|error| UnitError {
            // What is offered can be taken: `10e410` is no reason to offer a number that is too large.
            suggestion: error
                .suggestion
                .filter(|offered| Self::read(offered).is_ok()),
            ..error
        })
    }

    fn read(text: &str) -> Result<Self, UnitError> {
        if text.len() > MAX_LENGTH {
            return Err(UnitError {
                kind: UnitErrorKind::TooLong(text.len()),
                at: 0..text.len(),
                suggestion: None,
            });
        }
        let normalised = surface::normalise(text)?;
        let fail = |kind, at| UnitError {
            kind,
            at: normalised.origin(at, text),
            suggestion: None,
        };
        let (term, code) = ucum::parse(&normalised.code).map_err(|NotUcum { reason, at }| {
            let kind = match reason {
                NotUcumReason::UnknownSymbol(symbol) => UnitErrorKind::Unknown(symbol),
                NotUcumReason::Syntax(reason) => UnitErrorKind::Syntax(reason),
            };
            fail(kind, at)
        })?;
        let meaning = Meaning::of(&term, Reading::Typed).map_err(|meaningless| {
            let kind = match meaningless {
                Meaningless::SpecialInProduct(code) => UnitErrorKind::SpecialInProduct(code),
                Meaningless::TooLarge => UnitErrorKind::TooLarge,
            };
            fail(kind, None)
        })?;
        let shapeless = |c: char| c.is_whitespace() || cutter::is_invisible(c);
        Ok(Self(Arc::new(Data {
            suspicion: suspicion::of(&term, &meaning, &code),
            code,
            written: text.trim_matches(shapeless).to_owned(),
            meaning,
        })))
    }

    /// The unit of a number: UCUM's `1`.
    #[must_use]
    pub fn one() -> Self {
        Self(Arc::new(Data {
            code: "1".to_owned(),
            written: "1".to_owned(),
            meaning: Meaning::number(Exact::one()),
            suspicion: None,
        }))
    }

    /// The canonical UCUM code: `10*9/L`.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.0.code
    }

    /// The unit as a person reads it: `cells/uL` for `{cells}/uL`, `CAR+ cells` for `{CAR+_cells}`.
    #[must_use]
    pub fn read_aloud(&self) -> String {
        read_aloud(self.written())
    }

    /// The unit as it was written, without blanks around it: `x 10^9/L`.
    #[must_use]
    pub fn written(&self) -> &str {
        &self.0.written
    }

    /// What the unit measures.
    #[must_use]
    pub fn dimension(&self) -> &Dimension {
        &self.0.meaning.dimension
    }

    /// Whether the unit is a mere number, such as `%` or `10*3`.
    #[must_use]
    pub fn is_dimensionless(&self) -> bool {
        self.dimension().is_none() && self.0.meaning.scale == Scale::Ratio
    }

    /// The magnitude in base units (metre, second, gram, radian, kelvin, coulomb, candela, mole,
    /// and one of each clinical generator); of a scale, that of one step on it.
    #[must_use]
    pub fn factor(&self) -> &Exact {
        &self.0.meaning.factor
    }

    /// Annotations whose meaning is in no table; they count as 1.
    #[must_use]
    pub fn unknown_annotations(&self) -> &[Arc<str>] {
        &self.0.meaning.unknown_annotations
    }

    /// Whether `mo` or `a` stands in the unit: a month or a year, which has no fixed number of
    /// days. UCUM takes the mean of the Julian calendar; windows of time must not.
    #[must_use]
    pub fn is_calendar_average(&self) -> bool {
        self.0.meaning.calendar != 0
    }

    /// Whether the unit is a logarithmic or other non-linear scale (`[pH]`, `dB`).
    #[must_use]
    pub fn is_logarithmic(&self) -> bool {
        matches!(self.0.meaning.scale, Scale::Function(..))
    }

    /// Whether the unit is a scale with a zero of its own, such as °C, so that its values cannot
    /// be added or multiplied.
    #[must_use]
    pub fn has_offset(&self) -> bool {
        matches!(self.0.meaning.scale, Scale::Offset(_))
    }

    /// What a number in this unit is a ratio of, when the unit says so: `mass` for `mg/g`,
    /// `amount of substance` for `mmol/mol`, nothing for `%`.
    #[must_use]
    pub fn ratio_of(&self) -> Option<&'static str> {
        self.0.meaning.cancelled.ratio_of()
    }

    /// A hint when the unit is valid, yet reads as something that was hardly meant: `G/L` is gauss
    /// per litre.
    #[must_use]
    pub fn suspicious(&self) -> Option<String> {
        self.0
            .suspicion
            .as_ref()
            .map(|suspicion| suspicion.hint.clone())
    }

    /// The unit that was probably meant by a suspicious one: `10*9/L` for `G/L`. For a fix to offer,
    /// never to apply unasked.
    #[must_use]
    pub fn probably_meant(&self) -> Option<Self> {
        let code = self.0.suspicion.as_ref()?.meant.as_deref()?;
        Self::parse(code).ok()
    }

    /// Convert one value. Resolve a [`Conversion`] instead when there are many.
    ///
    /// # Errors
    ///
    /// [`Incommensurable`], as for [`Unit::conversion`].
    pub fn convert(
        &self,
        value: &Exact,
        to: &Self,
        analyte: Option<&Analyte>,
    ) -> Result<Exact, Incommensurable> {
        Ok(self.conversion(to, analyte)?.apply(value))
    }

    /// The conversion into another unit, resolved once. What is known about the analyte allows
    /// conversions between mass, amount and equivalents, and lets a number that does not say what
    /// it counts count the analyte.
    ///
    /// # Errors
    ///
    /// [`Incommensurable`] when the units measure different things, with the differences and the
    /// reason.
    pub fn conversion(
        &self,
        to: &Self,
        analyte: Option<&Analyte>,
    ) -> Result<Conversion, Incommensurable> {
        commensurable::conversion(&self.0.meaning, &to.0.meaning, analyte)
    }
}

impl PartialEq for Unit {
    fn eq(&self, other: &Self) -> bool {
        self.0.code == other.0.code
    }
}

impl Eq for Unit {}

impl Hash for Unit {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.code.hash(state);
    }
}

impl fmt::Debug for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Unit({})", self.code())
    }
}

/// A unit, or a quantity with one, as people write it: without the marks of annotations and of arbitrary units, and
/// with `10^9` for `10*9`.
///
/// ```
/// assert_eq!(lind_units::read_aloud("25 x 10^6 {CAR+_cells}"), "25 x 10^6 CAR+ cells");
/// assert_eq!(lind_units::read_aloud("mL/min/{1.73_m2}"), "mL/min/1.73 m2");
/// assert_eq!(lind_units::read_aloud("10*9/L"), "10^9/L");
/// assert_eq!(lind_units::read_aloud("[IU]/mL"), "IU/mL");
/// ```
#[must_use]
pub fn read_aloud(text: &str) -> String {
    let mut inside = false;
    let mut read = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '{' => inside = true,
            '}' => inside = false,
            '[' | ']' => {}
            '_' if inside => read.push(' '),
            '*' if read.ends_with("10") => read.push('^'),
            other => read.push(other),
        }
    }
    read
}

/// As written.
impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.written())
    }
}
