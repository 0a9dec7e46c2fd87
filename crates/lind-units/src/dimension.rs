//! What a unit measures: a sparse vector of exponents over physical and clinical generators.

use core::fmt;
use std::sync::Arc;

use crate::annotations;

/// A basis vector of the space of dimensions.
///
/// The first eight are physical; amount of substance is one of them, not a number. The last three
/// are clinical and keep apart what UCUM calls equal.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Generator {
    /// Length, in metres.
    Length,
    /// Time, in seconds.
    Time,
    /// Mass, in grams.
    Mass,
    /// Plane angle, in radians.
    PlaneAngle,
    /// Thermodynamic temperature, in kelvins.
    Temperature,
    /// Electric charge, in coulombs.
    Charge,
    /// Luminous intensity, in candelas.
    LuminousIntensity,
    /// Amount of substance, in moles.
    Amount,
    /// Things that are counted: `cell`, `copy`, `CAR+_cell`.
    Entity(Arc<str>),
    /// A unit defined by a laboratory procedure: `[IU]`, `[arb'U]`. Each is its own dimension.
    Procedure(Arc<str>),
    /// What a value is relative to: `1.73_m2`, `INR`, `ULN`, `equivalent`.
    Reference(Arc<str>),
}

impl Generator {
    /// The seven dimensions of UCUM, in the order of its tables.
    pub(crate) const UCUM_BASE: [Self; 7] = [
        Self::Length,
        Self::Time,
        Self::Mass,
        Self::PlaneAngle,
        Self::Temperature,
        Self::Charge,
        Self::LuminousIntensity,
    ];

    /// The generator in words, in the plural where it is counted.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Length => "length".to_owned(),
            Self::Time => "time".to_owned(),
            Self::Mass => "mass".to_owned(),
            Self::PlaneAngle => "angle".to_owned(),
            Self::Temperature => "temperature".to_owned(),
            Self::Charge => "electric charge".to_owned(),
            Self::LuminousIntensity => "luminous intensity".to_owned(),
            Self::Amount => "amount of substance".to_owned(),
            Self::Entity(name) => annotations::entity_words(name),
            Self::Procedure(code) => annotations::procedure_words(code),
            Self::Reference(name) => annotations::reference_words(name),
        }
    }
}

/// A dimension: generators with their exponents, none of them zero.
///
/// `Display` says it in words: `volume per time per 1.73 m² body surface`.
///
/// ```
/// use lind_units::{Dimension, Generator};
///
/// let volume = Dimension::of(Generator::Length, 3);
/// let rate = volume.divide(&Dimension::of(Generator::Time, 1));
/// assert_eq!(rate.to_string(), "volume per time");
/// assert!(rate.divide(&rate).is_none());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Dimension {
    /// Sorted by generator, without zero exponents.
    exponents: Vec<(Generator, i32)>,
}

impl Dimension {
    /// The dimension of a number.
    #[must_use]
    pub const fn none() -> Self {
        Self {
            exponents: Vec::new(),
        }
    }

    /// One generator raised to a power.
    #[must_use]
    pub fn of(generator: Generator, exponent: i32) -> Self {
        let mut result = Self::none();
        result.shift(&generator, exponent);
        result
    }

    /// Whether this is the dimension of a number.
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.exponents.is_empty()
    }

    /// The exponent of a generator; zero when it does not occur.
    #[must_use]
    pub fn exponent(&self, generator: &Generator) -> i32 {
        self.exponents
            .iter()
            .find(|(other, _)| other == generator)
            .map_or(0, |(_, exponent)| *exponent)
    }

    /// The generators that occur, with their exponents, in a fixed order.
    pub fn exponents(&self) -> impl Iterator<Item = (&Generator, i32)> {
        self.exponents
            .iter()
            .map(|(generator, exponent)| (generator, *exponent))
    }

    /// Add `by` to the exponent of a generator.
    pub(crate) fn shift(&mut self, generator: &Generator, by: i32) {
        match self
            .exponents
            .binary_search_by(|(other, _)| other.cmp(generator))
        {
            Ok(place) => {
                if let Some((_, exponent)) = self.exponents.get_mut(place) {
                    *exponent = exponent.saturating_add(by);
                    if *exponent == 0 {
                        self.exponents.remove(place);
                    }
                }
            }
            Err(place) if by != 0 => self.exponents.insert(place, (generator.clone(), by)),
            Err(_) => {}
        }
    }

    fn shifted_by(&self, other: &Self, times: i32) -> Self {
        let mut result = self.clone();
        for (generator, exponent) in other.exponents() {
            result.shift(generator, exponent.saturating_mul(times));
        }
        result
    }

    /// The dimension of a product.
    #[must_use]
    pub fn multiply(&self, other: &Self) -> Self {
        self.shifted_by(other, 1)
    }

    /// The dimension of a quotient.
    #[must_use]
    pub fn divide(&self, other: &Self) -> Self {
        self.shifted_by(other, -1)
    }

    /// The dimension of a power.
    #[must_use]
    pub fn power(&self, exponent: i32) -> Self {
        Self::none().shifted_by(self, exponent)
    }
}

impl fmt::Display for Dimension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&words(self))
    }
}

/// Combinations of length, time and mass that have a name of their own, as numerator and
/// denominators.
const NAMED: &[([i32; 3], &[&str], &[&str])] = &[
    ([-1, -2, 1], &["pressure"], &[]),
    ([1, 2, -1], &[], &["pressure"]),
    ([2, -2, 1], &["energy"], &[]),
    ([2, -3, 1], &["power"], &[]),
    ([1, -2, 1], &["force"], &[]),
    // Diffusing capacity of the lung, as volume and as amount of gas.
    ([4, 1, -1], &["volume"], &["time", "pressure"]),
    ([1, 1, -1], &[], &["time", "pressure"]),
    // Vascular resistance.
    ([-4, -1, 1], &["pressure", "time"], &["volume"]),
    ([-1, -1, 1], &["pressure", "time"], &[]),
];

fn words(dimension: &Dimension) -> String {
    let mut above: Vec<String> = Vec::new();
    let mut below: Vec<String> = Vec::new();
    let mut rest = dimension.clone();

    let triple =
        [Generator::Length, Generator::Time, Generator::Mass].map(|base| rest.exponent(&base));
    if let Some((_, numerator, denominator)) = NAMED.iter().find(|(named, ..)| *named == triple) {
        above.extend(numerator.iter().map(|&word| word.to_owned()));
        below.extend(denominator.iter().map(|&word| word.to_owned()));
        for (base, exponent) in Generator::UCUM_BASE.iter().zip(triple) {
            rest.shift(base, -exponent);
        }
    }
    name_special_references(&mut rest);
    if rest.exponent(&Generator::Amount) == 1 && rest.exponent(&Generator::Time) == -1 {
        above.push("catalytic activity".to_owned());
        rest.shift(&Generator::Amount, -1);
        rest.shift(&Generator::Time, 1);
    }

    // Time is said first among the denominators: "volume per time per body surface".
    let mut ordered: Vec<_> = rest.exponents().collect();
    ordered.sort_by_key(|(generator, _)| **generator != Generator::Time);
    for (generator, exponent) in ordered {
        let phrase = match generator {
            Generator::Entity(name) | Generator::Reference(name) if exponent == -1 => {
                annotations::singular_words(name)
            }
            _ => power_words(generator, exponent.unsigned_abs()),
        };
        if exponent > 0 {
            above.push(phrase);
        } else {
            below.push(phrase);
        }
    }
    let numerator = if above.is_empty() {
        "number".to_owned()
    } else {
        above.join(" times ")
    };
    below
        .into_iter()
        .fold(numerator, |text, phrase| format!("{text} per {phrase}"))
}

/// Equivalents and osmoles say that they are amounts, and a radiation dose that it is energy per
/// mass.
fn name_special_references(rest: &mut Dimension) {
    for (name, implied) in [
        ("equivalent", &[(Generator::Amount, 1)][..]),
        ("osmole", &[(Generator::Amount, 1)]),
        (
            "absorbed_dose",
            &[(Generator::Length, 2), (Generator::Time, -2)],
        ),
        (
            "dose_equivalent",
            &[(Generator::Length, 2), (Generator::Time, -2)],
        ),
    ] {
        if rest.exponent(&Generator::Reference(Arc::from(name))) == 1
            && implied
                .iter()
                .all(|(generator, exponent)| rest.exponent(generator) == *exponent)
        {
            for (generator, exponent) in implied {
                rest.shift(generator, -exponent);
            }
        }
    }
}

fn power_words(generator: &Generator, exponent: u32) -> String {
    match (generator, exponent) {
        (Generator::Length, 2) => "area".to_owned(),
        (Generator::Length, 3) => "volume".to_owned(),
        (_, 1) => generator.words(),
        (_, 2) => format!("{} squared", generator.words()),
        (_, 3) => format!("{} cubed", generator.words()),
        _ => format!("{} to the power {exponent}", generator.words()),
    }
}
