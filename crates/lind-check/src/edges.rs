//! When records begin and end: `begun within 6 months before screening`, `C ended before infusion`.

use lind_diagnostics::{Diagnostic, Span};
use lind_model::protocol::{FactTable, Filter, RecordEdge};
use lind_syntax::tree::{self, FilterKind, Length, LengthUnit, Lengths, WindowKind};

use crate::analysis::Checker;
use crate::declarations::table_words;
use crate::rules;
use crate::times::Inside;

impl Checker<'_> {
    /// The filter of a fact that asks when its record begins or ends.
    pub(crate) fn edge_filter(
        &mut self,
        filter: &tree::Filter,
        end: bool,
        window: &tree::Window,
        (table, timed): (FactTable, bool),
    ) -> Option<Filter> {
        if matches!(table, FactTable::Procedures | FactTable::Results) {
            let word = Span::new(filter.span.file, filter.span.start, window.span.start);
            let written = if end { "ended" } else { "begun" };
            self.sink.push(
                Diagnostic::new(
                    &rules::E0560_NO_SUCH_EDGE,
                    word,
                    match table {
                        FactTable::Results => "a result is of one moment",
                        _ => "a procedure takes place at one time",
                    },
                )
                .label("neither begins nor ends")
                .note("the window of the fact itself says when")
                .fix(format!("leave out `{written}`"), word, ""),
            );
            return None;
        }
        self.edge(filter, end, window, (table, timed))
    }

    /// When a record begins or ends. `timed`: the time of day is recorded.
    pub(crate) fn edge(
        &mut self,
        filter: &tree::Filter,
        end: bool,
        window: &tree::Window,
        (table, timed): (FactTable, bool),
    ) -> Option<Filter> {
        if end && table == FactTable::Allergies {
            self.sink.push(
                Diagnostic::new(
                    &rules::E0560_NO_SUCH_EDGE,
                    filter.span,
                    "an allergy does not end",
                )
                .label("never so"),
            );
            return None;
        }
        if let Some(length) = half_lives(window) {
            self.sink.push(
                Diagnostic::new(
                    &rules::E0409_NO_HALF_LIFE,
                    length,
                    "half-lives cannot be counted here",
                )
                .label("counted from when it was last given")
                .note("the window of a treatment counts them: `has received any investigational treatment less than 5 half-lives before enrolment`"),
            );
            return None;
        }
        let what = format!("{} are recorded by day", table_words(table));
        let inside = Inside {
            what: &what,
            declared: None,
            timed,
            has_sample: false,
            is_drug: false,
        };
        let window = self.window(window, inside)?;
        let edge = if end {
            RecordEdge::End
        } else {
            RecordEdge::Begin
        };
        Some(Filter::Edge(edge, window))
    }
}

/// Whether a fact says by itself when its record begins or ends.
pub(crate) fn says_when(fact: &tree::Fact) -> bool {
    fact.filters
        .iter()
        .any(|filter| matches!(filter.kind, FilterKind::Edge { .. }))
}

/// A fact with another window: in place of its own, or else of that of its only beginning or end.
pub(crate) fn with_window(fact: &tree::Fact, window: &tree::Window) -> tree::Fact {
    let mut fact = fact.clone();
    let mut edges = fact
        .filters
        .iter_mut()
        .filter_map(|filter| match &mut filter.kind {
            FilterKind::Edge { window, .. } => Some(window),
            _ => None,
        });
    match (fact.window.is_some(), edges.next(), edges.next()) {
        (false, Some(only), None) => *only = window.clone(),
        _ => fact.window = Some(window.clone()),
    }
    fact
}

/// The first length of a window that is counted in half-lives.
fn half_lives(window: &tree::Window) -> Option<Span> {
    let lengths: Vec<&Length> = match &window.kind {
        WindowKind::Within { lengths, .. } | WindowKind::Beyond { lengths, .. } => match lengths {
            Lengths::One(length) => vec![length],
            Lengths::Longer(one, other) | Lengths::Shorter(one, other) => vec![one, other],
        },
        WindowKind::Between { near, far, .. } => vec![near, far],
        _ => Vec::new(),
    };
    lengths
        .into_iter()
        .find(|length| matches!(length.unit, LengthUnit::HalfLives(_)))
        .map(|length| length.span)
}
