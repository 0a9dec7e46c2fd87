//! How many participants the rows of a decision table are about.

use lind_diagnostics::{Diagnostic, Span};
use lind_model::trial::Cohorts;

use crate::analysis::Checker;
use crate::rules;

impl Checker<'_> {
    /// Numbers of participants that a trial can stop at, and of which no row says what to do: two rows lie further
    /// apart than the largest cohort, or a level may have more than the last row knows.
    ///
    /// `rows` are the numbers with their places; `goes_on` tells whether a row may send the trial on at its level.
    pub(crate) fn rows_that_lack(
        &mut self,
        rows: &[(u32, Span)],
        goes_on: impl Fn(u32) -> bool,
        cohorts: Option<(Cohorts, Span)>,
        most_at_level: Option<(u32, Span)>,
    ) {
        let Some((Cohorts { least, most }, cohorts)) = cohorts else {
            return;
        };
        let mut rows = rows.to_vec();
        rows.sort_unstable_by_key(|(number, _)| *number);
        let mut before: u32 = 0;
        for (number, span) in &rows {
            let reach = before.saturating_add(most);
            if reach < *number && (before == 0 || goes_on(before)) {
                let first = before.saturating_add(least.max(1)).min(reach);
                let which = if first == reach {
                    format!("{reach}")
                } else {
                    format!("{first} to {reach}")
                };
                self.sink.push(
                    Diagnostic::new(
                        &rules::E0594_WRONG_DECISION_TABLE,
                        *span,
                        format!("no row says what to do after {which} participants"),
                    )
                    .label("the next row")
                    .also(cohorts, "a cohort ends before it")
                    .note("after each cohort the table decides; where it has no row, nobody knows how the trial goes on"),
                );
                return;
            }
            before = *number;
        }
        if let Some((limit, limit_span)) = most_at_level
            && before > 0
            && before.saturating_add(least.max(1)) <= limit
            && goes_on(before)
            && let Some((_, span)) = rows.last()
        {
            self.sink.push(
                Diagnostic::new(
                    &rules::E0594_WRONG_DECISION_TABLE,
                    *span,
                    format!("no row says what to do after more than {before} participants"),
                )
                .label("the last row, which may let a level go on")
                .also(limit_span, format!("a level may have {limit}")),
            );
        }
    }
}
