//! What is asked of adverse events.

use super::{Comparator, Number};

/// Which grades.
#[derive(Debug, Clone, PartialEq)]
pub enum GradeLimit {
    /// `at least 3`
    Compare(Comparator, Number),
    /// `3 to 4`
    Between(Number, Number),
    /// `4`, `3 or 4`
    OneOf(Vec<Number>),
}

/// What somebody judges of an adverse event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Attribute {
    /// `related to treatment`
    Related,
    /// `serious`
    Serious,
    /// `dose-limiting`
    DoseLimiting,
}

impl Attribute {
    /// The words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Related => "related to treatment",
            Self::Serious => "serious",
            Self::DoseLimiting => "dose-limiting",
        }
    }
}
