//! Tests of values, and the intervals that they ask for.

use std::sync::Arc;

use lind_units::{Exact, Unit};

use super::{Selector, TagRule, TimeOfDay, ValueAt, Window};
use crate::ids::{FormulaId, MeasureId};

/// The five comparisons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// `>=`
    AtLeast,
    /// `<=`
    AtMost,
    /// `>`
    MoreThan,
    /// `<`
    LessThan,
    /// `=`
    Equal,
}

/// An interval of exact numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interval {
    /// The lower end and whether it belongs.
    pub low: Option<(Exact, bool)>,
    /// The upper end and whether it belongs.
    pub high: Option<(Exact, bool)>,
}

impl Interval {
    /// The interval that a comparison with one limit describes.
    #[must_use]
    pub fn comparison(comparison: Comparison, limit: Exact) -> Self {
        match comparison {
            Comparison::AtLeast => Self {
                low: Some((limit, true)),
                high: None,
            },
            Comparison::MoreThan => Self {
                low: Some((limit, false)),
                high: None,
            },
            Comparison::AtMost => Self {
                low: None,
                high: Some((limit, true)),
            },
            Comparison::LessThan => Self {
                low: None,
                high: Some((limit, false)),
            },
            Comparison::Equal => Self {
                low: Some((limit.clone(), true)),
                high: Some((limit, true)),
            },
        }
    }

    /// Whether a number lies in it.
    #[must_use]
    pub fn contains(&self, value: &Exact) -> bool {
        let above = self
            .low
            .as_ref()
            .is_none_or(|(low, closed)| if *closed { value >= low } else { value > low });
        let below = self
            .high
            .as_ref()
            .is_none_or(|(high, closed)| if *closed { value <= high } else { value < high });
        above && below
    }
}

/// The value of a measure or formula passes a test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueTest {
    /// What is measured.
    pub subject: Subject,
    /// Which value, if said here.
    pub selector: Option<Selector>,
    /// Where the values must come from; all of these must hold.
    pub provenance: Vec<Provenance>,
    /// At which time of the day.
    pub time_of_day: Option<TimeOfDay>,
    /// When, if said here.
    pub window: Option<Window>,
    /// How many values there must be before their absence says something.
    pub evidence: Option<Evidence>,
    /// The test.
    pub test: Test,
}

/// Where results come from: a field of theirs has one of these values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provenance {
    /// The field.
    pub field: ResultField,
    /// Its values.
    pub values: Vec<Arc<str>>,
}

/// A field of a result that says where it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ResultField {
    /// `source`
    Source,
    /// `method`
    Method,
    /// `specimen`
    Specimen,
    /// `body_site`
    BodySite,
}

/// How many values there must be, so that what none or all of them show is more than silence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// How many, at different times.
    pub least: u32,
    /// When; none means the window of the test.
    pub window: Option<Window>,
}

/// A measure or a formula.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Subject {
    /// A measure.
    Measure(MeasureId),
    /// A formula.
    Formula(FormulaId),
}

/// What is asked of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    /// A quantity lies in an interval in a unit.
    Quantity(Interval, Unit),
    /// A quantity lies in an interval of multiples of the laboratory's own limit for that sample.
    Multiple {
        /// The factors.
        interval: Interval,
        /// The upper limit of normal, or the lower.
        upper: bool,
    },
    /// A quantity lies between both limits of the laboratory's own range for that sample, both included, or
    /// outside.
    Reference {
        /// Outside is asked.
        outside: bool,
    },
    /// A score lies in an interval.
    Score(Interval),
    /// A level lies between two places of its scale, both included; an excluded level is left out of the list.
    Levels(Vec<usize>),
    /// A coded result is one of these.
    Results(Vec<Arc<str>>),
    /// The tags that a result carries.
    Tags(TagRule, Vec<Arc<str>>),
    /// A quantity lies in an interval of multiples of another value of the same patient.
    Own {
        /// The factors.
        interval: Interval,
        /// The value that is multiplied.
        reference: Box<ValueAt>,
    },
}
