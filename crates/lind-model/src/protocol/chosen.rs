//! Records that the data choose, as anchors.

use std::sync::Arc;

use lind_diagnostics::Span;

use super::{Fact, RecordEdge};

/// A record that the data choose: the first line that finds one gives it.
#[derive(Debug, Clone)]
pub struct Chosen {
    /// Its name; the phrase, where it is written in its place.
    pub name: Arc<str>,
    /// In words.
    pub title: Option<Arc<str>>,
    /// It is declared, rather than written where it is leant on.
    pub declared: bool,
    /// The lines, in order.
    pub lines: Vec<ChosenLine>,
    /// Where the public text states it.
    pub source: Option<Arc<str>>,
    /// Where it stands.
    pub span: Span,
}

/// One way to choose a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChosenLine {
    /// The one that began first, rather than the one that began last.
    pub first: bool,
    /// Which end of it is meant.
    pub edge: RecordEdge,
    /// Which records: up to the gate, or in a window. Nothing is negated, counted, added up or named.
    pub fact: Fact,
}
