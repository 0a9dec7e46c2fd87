//! Lines of treatment: which one, and how many.

use lind_diagnostics::{Diagnostic, Span};
use lind_model::protocol::{Comparison, FactTable, Filter};
use lind_syntax::tree::Number;

use crate::analysis::Checker;
use crate::declarations::table_words;
use crate::rules;

/// The highest number that a line of treatment has.
const LAST: u32 = 99;

impl Checker<'_> {
    /// `with line >= 2`.
    pub(crate) fn line(
        &mut self,
        comparison: Comparison,
        number: &Number,
        table: FactTable,
        span: Span,
    ) -> Option<Filter> {
        self.lines_are_of_treatments(span, table)?;
        let line = self.whole_number(number)?;
        let (least, most) = match comparison {
            Comparison::AtLeast => (line, None),
            Comparison::MoreThan => (line.saturating_add(1), None),
            Comparison::AtMost => (1, Some(line)),
            Comparison::LessThan => (1, Some(line.saturating_sub(1))),
            Comparison::Equal => (line, Some(line)),
        };
        let is_a_line = |line: u32| (1..=LAST).contains(&line);
        if !is_a_line(least) || !most.is_none_or(is_a_line) {
            self.sink.push(
                Diagnostic::new(
                    &rules::E0308_IMPLAUSIBLE_LIMIT,
                    number.span,
                    "no line of treatment has such a number",
                )
                .label("the first line is line 1, and there are at most 99"),
            );
            return None;
        }
        let byte = |line: u32| u8::try_from(line).unwrap_or(u8::MAX);
        Some(Filter::Line(byte(least), most.map(byte)))
    }

    /// Only treatments have lines.
    pub(crate) fn lines_are_of_treatments(&mut self, span: Span, table: FactTable) -> Option<()> {
        if table == FactTable::Treatments {
            return Some(());
        }
        self.sink.push(
            Diagnostic::new(
                &rules::E0509_MISPLACED_CLAUSE,
                span,
                format!("{} have no lines", table_words(table)),
            )
            .label("recorded with treatments"),
        );
        None
    }
}
