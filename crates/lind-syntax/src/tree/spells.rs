//! Days on which a value passes a test, and multiples of an earlier value.

use lind_diagnostics::Span;

use super::{Comparator, Length, Name, Number, ValueAt};

/// `for at least 14 days, ended by 3 days of recovery, gaps up to 7 days`
#[derive(Debug, Clone, PartialEq)]
pub struct Spell {
    /// How many days; none where only a clause was written.
    pub days: Option<SpellDays>,
    /// `in total`: days that need not follow each other.
    pub in_total: Option<Span>,
    /// `, ended by 3 days of recovery`
    pub ended_by: Option<Length>,
    /// `, gaps up to 7 days`
    pub gaps: Option<Length>,
    /// The phrase.
    pub span: Span,
}

/// How many days.
#[derive(Debug, Clone, PartialEq)]
pub enum SpellDays {
    /// `at least 14 days`
    Compare(Comparator, Length),
    /// `7 to 13 days`
    Between(Number, Length),
}

/// A multiple of an earlier value of the same measure.
#[derive(Debug, Clone, PartialEq)]
pub struct OwnMultiple {
    /// How many times.
    pub factor: Number,
    /// Of which value.
    pub reference: OwnReference,
    /// The phrase.
    pub span: Span,
}

/// Which earlier value is meant.
#[derive(Debug, Clone, PartialEq)]
pub enum OwnReference {
    /// `baseline`: the one that counts there.
    Baseline(Name),
    /// `the latest value within 28 days before infusion`
    Value(Box<ValueAt>),
}
