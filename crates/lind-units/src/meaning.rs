//! What a UCUM expression means: its magnitude, its dimension, and the scale of its numbers.

use std::sync::Arc;

use crate::annotations::{self, AnnotationMeaning};
use crate::atoms;
use crate::ucum::{Symbol, SymbolScale, Term};
use crate::{Dimension, Exact, Generator};

/// Which reading of UCUM.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    /// Ours: amount of substance is a dimension, annotations count and refer.
    Typed,
    /// The letter of UCUM: a mole is a number, an annotation is 1.
    Plain,
}

/// The meaning of an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Meaning {
    /// Magnitude in base units (m, s, g, rad, K, C, cd, mol).
    pub(crate) factor: Exact,
    /// What it measures.
    pub(crate) dimension: Dimension,
    /// How its numbers relate to magnitudes.
    pub(crate) scale: Scale,
    /// Months and years without a fixed length, as an exponent.
    pub(crate) calendar: i32,
    /// What cancels out: `mg/g` is a ratio of masses.
    pub(crate) cancelled: Cancelled,
    /// Annotations that are in no table.
    pub(crate) unknown_annotations: Vec<Arc<str>>,
}

/// How the numbers of a unit relate to magnitudes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Scale {
    /// In proportion.
    Ratio,
    /// With a zero of its own, in base units.
    Offset(Exact),
    /// By a function of this atom; a number in it is scaled by the factor before.
    Function(&'static str, Exact),
}

/// The exponents of mass, amount and length above the fraction bar, and those below.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) struct Cancelled {
    above: [i32; 3],
    below: [i32; 3],
}

impl Cancelled {
    /// What is left of a dimension when it cancels: "mass", "amount of substance" or "volume".
    pub(crate) fn ratio_of(&self) -> Option<&'static str> {
        let words = [("mass", 1), ("amount of substance", 1), ("volume", 3)];
        words
            .iter()
            .zip(self.above.iter().zip(&self.below))
            .find(|((_, step), (above, below))| {
                **above > 0 && above == below && **above % step == 0
            })
            .map(|((word, _), _)| *word)
    }

    fn of(dimension: &Dimension) -> Self {
        let mut result = Self::default();
        let exponents = [
            dimension.exponent(&Generator::Mass),
            dimension.exponent(&Generator::Amount),
            dimension.exponent(&Generator::Length),
        ];
        for ((above, below), exponent) in result
            .above
            .iter_mut()
            .zip(&mut result.below)
            .zip(exponents)
        {
            *above = exponent.max(0);
            *below = exponent.saturating_neg().max(0);
        }
        result
    }

    fn join(mut self, other: Self) -> Self {
        for (mine, theirs) in self.above.iter_mut().zip(other.above) {
            *mine = mine.saturating_add(theirs);
        }
        for (mine, theirs) in self.below.iter_mut().zip(other.below) {
            *mine = mine.saturating_add(theirs);
        }
        self
    }

    fn invert(self) -> Self {
        Self {
            above: self.below,
            below: self.above,
        }
    }
}

/// Why a well-formed expression has no meaning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Meaningless {
    /// A scale with its own zero, or a logarithm, in a product.
    SpecialInProduct(String),
    /// Beyond the magnitudes that are computed.
    TooLarge,
}

/// Bits of numerator and denominator together beyond which a magnitude is refused.
const MAX_BITS: u32 = 4_096;

/// The largest power a unit may be raised to, either way. (Powers of ten in real units stay below
/// 30, all others below 10.)
const MAX_POWER: u32 = 300;

impl Meaning {
    /// A number.
    pub(crate) fn number(factor: Exact) -> Self {
        Self {
            factor,
            dimension: Dimension::none(),
            scale: Scale::Ratio,
            calendar: 0,
            cancelled: Cancelled::default(),
            unknown_annotations: Vec::new(),
        }
    }

    fn generator(generator: Generator) -> Self {
        Self {
            dimension: Dimension::of(generator, 1),
            ..Self::number(Exact::one())
        }
    }

    fn is_number(&self) -> bool {
        self.scale == Scale::Ratio && self.dimension.is_none()
    }

    fn bounded(self) -> Result<Self, Meaningless> {
        if self.factor.size_in_bits() > MAX_BITS {
            Err(Meaningless::TooLarge)
        } else {
            Ok(self)
        }
    }

    /// The meaning of a term.
    pub(crate) fn of(term: &Term, reading: Reading) -> Result<Self, Meaningless> {
        match term {
            Term::Symbol(symbol) => Self::of_symbol(symbol, reading).bounded(),
            Term::Integer(value) => Self::number(value.clone()).bounded(),
            Term::Power(base, exponent) => Self::of(base, reading)?.power(*exponent, special(base)),
            Term::Annotation(text) => Ok(Self::of_annotation(text, reading)),
            Term::Annotated(inner, text) => Self::of(inner, reading)?.times(
                Self::of_annotation(text, reading),
                special(inner),
                text,
            ),
            Term::Product(terms) => {
                let mut product = Self::number(Exact::one());
                let mut name = String::new();
                for term in terms {
                    let factor_name = special(term);
                    product = product.times(Self::of(term, reading)?, &name, factor_name)?;
                    if name.is_empty() {
                        name = factor_name.to_owned();
                    }
                }
                Ok(product)
            }
            Term::Quotient(above, below) => {
                let divisor = Self::of(below, reading)?.inverted(special(below))?;
                Self::of(above, reading)?.times(divisor, special(above), special(below))
            }
            Term::Reciprocal(inner) => Self::of(inner, reading)?.inverted(special(inner)),
        }
    }

    fn of_symbol(symbol: &Symbol, reading: Reading) -> Self {
        let atom = atoms::typed(symbol, reading);
        let (factor, scale) = match &symbol.scale {
            SymbolScale::Ratio => (symbol.prefix.mul(&atom.factor), Scale::Ratio),
            SymbolScale::Offset(offset) => (
                symbol.prefix.mul(&atom.factor),
                Scale::Offset(offset.mul(&atom.factor)),
            ),
            SymbolScale::Function => (
                atom.factor.clone(),
                Scale::Function(symbol.atom, symbol.prefix.clone()),
            ),
        };
        Self {
            cancelled: Cancelled::of(&atom.dimension),
            factor,
            dimension: atom.dimension,
            scale,
            calendar: i32::from(matches!(symbol.atom, "mo" | "a")),
            unknown_annotations: Vec::new(),
        }
    }

    fn of_annotation(text: &str, reading: Reading) -> Self {
        if reading == Reading::Plain {
            return Self::number(Exact::one());
        }
        match annotations::meaning(text) {
            AnnotationMeaning::Entity(name) => Self::generator(Generator::Entity(name)),
            AnnotationMeaning::Reference(name) => Self::generator(Generator::Reference(name)),
            AnnotationMeaning::Description => Self::number(Exact::one()),
            AnnotationMeaning::Unknown => Self {
                unknown_annotations: vec![Arc::from(text)],
                ..Self::number(Exact::one())
            },
        }
    }

    /// The product. The names are those of the scales in the factors, for the error.
    fn times(mut self, mut other: Self, name: &str, other_name: &str) -> Result<Self, Meaningless> {
        if self.scale != Scale::Ratio || other.scale != Scale::Ratio {
            // Only a number may scale a scale.
            let special_first = self.scale != Scale::Ratio;
            let (mut scale, number, name) = if special_first {
                (self, other, name)
            } else {
                (other, self, other_name)
            };
            if !number.is_number() {
                return Err(Meaningless::SpecialInProduct(name.to_owned()));
            }
            match &mut scale.scale {
                Scale::Function(_, before) => *before = before.mul(&number.factor),
                Scale::Offset(_) | Scale::Ratio => {
                    scale.factor = scale.factor.mul(&number.factor);
                }
            }
            scale.unknown_annotations.extend(number.unknown_annotations);
            return scale.bounded();
        }
        self.factor = self.factor.mul(&other.factor);
        self.dimension = self.dimension.multiply(&other.dimension);
        self.calendar = self.calendar.saturating_add(other.calendar);
        self.cancelled = self.cancelled.join(other.cancelled);
        self.unknown_annotations
            .append(&mut other.unknown_annotations);
        self.bounded()
    }

    fn inverted(self, name: &str) -> Result<Self, Meaningless> {
        self.power(-1, name)
    }

    fn power(self, exponent: i32, name: &str) -> Result<Self, Meaningless> {
        if exponent == 1 {
            return Ok(self);
        }
        if self.scale != Scale::Ratio {
            return Err(Meaningless::SpecialInProduct(name.to_owned()));
        }
        let bits = u64::from(self.factor.size_in_bits());
        let times = exponent.unsigned_abs();
        if times > MAX_POWER || bits.saturating_mul(u64::from(times)) > u64::from(MAX_BITS) {
            return Err(Meaningless::TooLarge);
        }
        let factor = self
            .factor
            .checked_power(exponent)
            .ok_or(Meaningless::TooLarge)?;
        let cancelled = if exponent < 0 {
            self.cancelled.invert()
        } else {
            self.cancelled
        };
        let cancelled = (1..times).fold(
            if times == 0 {
                Cancelled::default()
            } else {
                cancelled
            },
            |sum, _| sum.join(cancelled),
        );
        Self {
            factor,
            dimension: self.dimension.power(exponent),
            scale: Scale::Ratio,
            calendar: self.calendar.saturating_mul(exponent),
            cancelled,
            unknown_annotations: self.unknown_annotations,
        }
        .bounded()
    }
}

/// The scale that stands in a term, as written, for an error; empty if there is none.
fn special(term: &Term) -> &str {
    match term {
        Term::Symbol(symbol) if symbol.scale != SymbolScale::Ratio => &symbol.written,
        Term::Symbol(_) | Term::Integer(_) | Term::Annotation(_) => "",
        Term::Power(inner, _) | Term::Annotated(inner, _) | Term::Reciprocal(inner) => {
            special(inner)
        }
        Term::Product(terms) => terms
            .iter()
            .map(special)
            .find(|name| !name.is_empty())
            .unwrap_or(""),
        Term::Quotient(above, below) => match special(above) {
            "" => special(below),
            name => name,
        },
    }
}
