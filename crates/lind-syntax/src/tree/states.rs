//! States that hold at visits, and gradings.

use super::{Entry, Name, Text};
use lind_diagnostics::Span;

/// `state sri_4 "SLE Responder Index"`
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    /// Its name.
    pub name: Name,
    /// In words.
    pub title: Text,
    /// When it is asked, and its condition.
    pub body: Vec<Entry>,
    /// The head line.
    pub span: Span,
}

/// `grading alt_increased "ALT increased" of CTCAE version "5.0"`
#[derive(Debug, Clone, PartialEq)]
pub struct Grading {
    /// Its name.
    pub name: Name,
    /// In words.
    pub title: Text,
    /// The scale that it belongs to, and its version.
    pub scale: Scale,
    /// Its grades.
    pub body: Vec<Entry>,
    /// The head line.
    pub span: Span,
}

/// A scale of grades, and its version if it has one.
#[derive(Debug, Clone, PartialEq)]
pub struct Scale {
    /// The scale: `CTCAE`.
    pub name: Name,
    /// Its version.
    pub version: Option<Text>,
}

/// `toxicity is graded by CTCAE version "5.0"`
#[derive(Debug, Clone, PartialEq)]
pub struct GradedBy {
    /// Which scale.
    pub scale: Scale,
    /// The line.
    pub span: Span,
}
