//! What an author says of an amendment.

use lind_diagnostics::Span;

use super::{Name, Text};

/// `amendment of version "1.0" dated 2026-05-09 "after cohort 3"`
#[derive(Debug, Clone, PartialEq)]
pub struct AmendmentDeclaration {
    /// The version that is amended.
    pub version: Text,
    /// The date of that version.
    pub dated: Option<Name>,
    /// In words.
    pub title: Option<Text>,
    /// The lines below it.
    pub lines: Vec<AmendmentLine>,
    /// The head line.
    pub span: Span,
}

/// A line below an amendment.
#[derive(Debug, Clone, PartialEq)]
pub enum AmendmentLine {
    /// `reason recruitment_difficulty, new_data_available`; the first is the primary one.
    Reasons(Vec<Name>, Span),
    /// `I7 opens "…"`
    Claim(AmendmentClaim),
    /// `source "…"`
    Source(Text),
    /// `note "…"`
    Note(Text),
    /// A line that could not be read.
    Broken(Span),
}

/// `I4 opens, wants newer or more evidence "…"`: what the author says a change does, and why it is made.
#[derive(Debug, Clone, PartialEq)]
pub struct AmendmentClaim {
    /// The number of a criterion, or what else is changed (`doses`).
    pub about: Name,
    /// What is said of it.
    pub claims: Vec<(ClaimWord, Span)>,
    /// Why it is changed.
    pub rationale: Text,
    /// The line.
    pub span: Span,
}

/// What may be said of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ClaimWord {
    /// `opens`
    Opens,
    /// `closes`
    Closes,
    /// `wants newer or more evidence`
    WantsMore,
    /// `wants less evidence`
    WantsLess,
    /// `is added`
    Added,
    /// `is removed`
    Removed,
    /// `is reworded`
    Reworded,
    /// `change`, of the schedule, doses, toxicity or endpoints
    Changes,
}
