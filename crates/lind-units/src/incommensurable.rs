//! Why two units do not convert, generator by generator, and in a sentence.

use core::fmt;
use std::sync::Arc;

use crate::Generator;

/// Two units that do not convert into each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incommensurable {
    /// Every generator whose exponents differ, in a fixed order.
    pub differences: Vec<Difference>,
    /// What the differences mean.
    pub reason: MismatchReason,
}

/// A generator with different exponents on the two sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The generator.
    pub generator: Generator,
    /// Its exponent on the left, the unit converted from.
    pub left: i32,
    /// Its exponent on the right, the unit converted to.
    pub right: i32,
}

/// What keeps two units apart.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MismatchReason {
    /// A mass against an amount of substance, and no molar mass is declared.
    MassAgainstAmount,
    /// A mass against an amount of substance in a unit that relates two substances (`mg/mmol`), so
    /// that one molar mass cannot say which is meant.
    TwoSubstances,
    /// Equivalents against an amount or a mass, and no valence is declared.
    Equivalents,
    /// Osmoles against an amount or a mass: particles in solution are not molecules.
    Osmoles,
    /// Indexed to body surface on one side only.
    BodySurface,
    /// Different things are counted; `None` is a number that does not say what it counts.
    CountedThing {
        /// What the left side counts.
        left: Option<Arc<str>>,
        /// What the right side counts.
        right: Option<Arc<str>>,
    },
    /// Units defined by a procedure convert only into themselves.
    Arbitrary {
        /// The procedure-defined unit of the left side.
        left: Option<Arc<str>>,
        /// The procedure-defined unit of the right side.
        right: Option<Arc<str>>,
    },
    /// A multiple of a reference (`ULN`, percent predicted, `INR`) against something else.
    RatioAgainstLimit {
        /// The reference of the left side.
        left: Option<Arc<str>>,
        /// The reference of the right side.
        right: Option<Arc<str>>,
    },
    /// Two ratios of different things: `mg/g` is one of masses, `mmol/mol` one of amounts.
    RatioOf {
        /// What the left side is a ratio of.
        left: &'static str,
        /// What the right side is a ratio of.
        right: &'static str,
    },
    /// A logarithmic scale against a quantity or another scale.
    Logarithmic,
    /// A month or a year against days or hours: they have no fixed length.
    CalendarUnit,
    /// Different dimensions.
    Dimension {
        /// The left dimension in words.
        left: String,
        /// The right dimension in words.
        right: String,
    },
}

fn counted(thing: Option<&Arc<str>>) -> String {
    match thing {
        Some(name) => format!("counts {}", Generator::Entity(Arc::clone(name)).words()),
        None => "does not say what it counts".to_owned(),
    }
}

fn relative(reference: Option<&Arc<str>>) -> String {
    match reference {
        Some(name) => format!("is in {}", Generator::Reference(Arc::clone(name)).words()),
        None => "is not".to_owned(),
    }
}

fn procedure(code: Option<&Arc<str>>) -> String {
    match code {
        Some(code) => format!("is in {}", Generator::Procedure(Arc::clone(code)).words()),
        None => "is not in a unit defined by a laboratory procedure".to_owned(),
    }
}

/// A dimension in words, for a sentence.
fn plain(words: &str) -> &str {
    if words == "number" {
        "a plain number"
    } else {
        words
    }
}

impl Incommensurable {
    /// The reason as a sentence for people.
    #[must_use]
    pub fn sentence(&self) -> String {
        match &self.reason {
            MismatchReason::MassAgainstAmount => {
                "a mass and an amount of substance convert only with the molar mass of what is measured".to_owned()
            }
            MismatchReason::TwoSubstances => {
                "the unit relates two substances, and a molar mass does not say which of them is meant".to_owned()
            }
            MismatchReason::Equivalents => {
                "equivalents convert only with the valence of what is measured".to_owned()
            }
            MismatchReason::Osmoles => {
                "osmoles count particles in solution and do not convert into moles or grams".to_owned()
            }
            MismatchReason::BodySurface => {
                "one side is indexed to body surface, the other is not".to_owned()
            }
            MismatchReason::CountedThing { left, right } => format!(
                "one side {}, the other {}",
                counted(left.as_ref()),
                counted(right.as_ref())
            ),
            MismatchReason::Arbitrary { left, right } => format!(
                "one side {}, the other {}; such units convert only into themselves",
                procedure(left.as_ref()),
                procedure(right.as_ref())
            ),
            MismatchReason::RatioAgainstLimit { left, right } => format!(
                "one side {}, the other {}",
                relative(left.as_ref()),
                relative(right.as_ref())
            ),
            MismatchReason::RatioOf { left, right } => {
                format!("one side is a ratio of {left}, the other a ratio of {right}")
            }
            MismatchReason::Logarithmic => {
                "a logarithmic scale does not convert into anything but itself".to_owned()
            }
            MismatchReason::CalendarUnit => {
                "a month or a year has no fixed number of days".to_owned()
            }
            MismatchReason::Dimension { left, right } => {
                format!("one side is {}, the other {}", plain(left), plain(right))
            }
        }
    }
}

impl fmt::Display for Incommensurable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence())
    }
}

impl core::error::Error for Incommensurable {}
