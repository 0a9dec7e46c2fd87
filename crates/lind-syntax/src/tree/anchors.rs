//! Anchors that the data choose.

use lind_diagnostics::Span;

use super::{Fact, Name, Text};

/// `anchor index_biopsy "…"`
#[derive(Debug, Clone, PartialEq)]
pub struct AnchorDeclaration {
    /// Its name.
    pub name: Name,
    /// In words.
    pub title: Option<Text>,
    /// The lines below it.
    pub lines: Vec<AnchorLine>,
    /// The head line.
    pub span: Span,
}

/// A line below an anchor.
#[derive(Debug, Clone, PartialEq)]
pub enum AnchorLine {
    /// `source "…"`
    Source(Text),
    /// `note "…"`
    Note(Text),
    /// One way to choose it.
    Choice(AnchorChoice),
    /// A line that could not be read.
    Broken(Span),
}

/// `otherwise the latest liver_biopsy`
#[derive(Debug, Clone, PartialEq)]
pub struct AnchorChoice {
    /// `otherwise`, with which every line but the first begins.
    pub otherwise: Option<Span>,
    /// The end of the record rather than its beginning.
    pub end: bool,
    /// The first rather than the latest.
    pub first: bool,
    /// Which records.
    pub fact: Fact,
    /// The phrase.
    pub span: Span,
}
