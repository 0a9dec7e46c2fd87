//! Which values decide the lines of points, and how their sum changes.

use std::sync::Arc;

use lind_diagnostics::{Diagnostic, Span};
use lind_model::protocol::{
    ChangeMode, Compared, Condition, ConditionKind, PointsChange, Selector, Shape, Subject, Take,
    Usage,
};
use lind_syntax::tree::{Measured, TestKind};
use lind_units::Decimal;

use crate::analysis::Checker;
use crate::clauses::selector;
use crate::measured::Subjected;
use crate::points::PointsTable;
use crate::rules;
use crate::times::Inside;

impl Checker<'_> {
    /// Refuses what is asked of one result, and not of a sum.
    pub(crate) fn nothing_of_one_value(&mut self, measured: &Measured) -> Option<()> {
        let clause = (measured.provenance.first().map(|from| from.span))
            .or(measured.times_of_day.first().map(|time| time.span))
            .or(measured.evidence.as_ref().map(|evidence| evidence.span))
            .or(measured.persistence.as_ref().map(|lasting| lasting.span))
            .or(measured.spells.first().map(|spell| spell.span))
            .or(measured.never);
        if let Some(place) = clause {
            self.misplaced(
                place,
                "points are added up; where the values of their lines come from stands in the lines",
            );
            return None;
        }
        Some(())
    }

    /// `the latest sledai within 14 days before screening`: which values decide the lines.
    pub(crate) fn values_of_lines(
        &mut self,
        measured: &Measured,
        declared: Span,
    ) -> Option<Option<Usage>> {
        let take = match measured.selector {
            Some((word, place)) => {
                let chosen = selector(word);
                self.one_for_all_lines(chosen, place, measured, declared)?;
                Some(Take::Selector(chosen))
            }
            None => None,
        };
        let mut window = None;
        for written in &measured.windows {
            if let Some((_, first)) = &window {
                self.sink.push(
                    Diagnostic::new(
                        &rules::E0509_MISPLACED_CLAUSE,
                        written.span,
                        "values are looked for in one window",
                    )
                    .label("second window")
                    .also(*first, "first window"),
                );
                return None;
            }
            window = Some((self.window(written, of_points(declared))?, written.span));
        }
        let window = window.map(|(window, _)| window);
        Some((take.is_some() || window.is_some()).then_some(Usage {
            take,
            window,
            samples: Vec::new(),
        }))
    }

    /// A sum has a latest and a first value: those of its lines. It has no highest: each line would take it from
    /// another day.
    fn one_for_all_lines(
        &mut self,
        chosen: Selector,
        place: Span,
        measured: &Measured,
        declared: Span,
    ) -> Option<()> {
        if matches!(chosen, Selector::Latest | Selector::First) {
            return Some(());
        }
        self.sink.push(
            Diagnostic::new(
                &rules::E0330_SELECTOR_OF_POINTS,
                place,
                format!(
                    "`{}` is added up from several results, and has no such value",
                    measured.measure.text
                ),
            )
            .label("each line would take it from another day")
            .also(declared, "points")
            .note("a sum is that of the latest result of each line, or of the first of each; totals that are recorded as such are a score"),
        );
        None
    }

    /// `sledai falls by at least 4 points from the latest value … to the latest value …`
    pub(crate) fn points_change(
        &mut self,
        table: &PointsTable,
        measured: &Measured,
        declared: Span,
        span: Span,
    ) -> Option<Condition> {
        let TestKind::Change {
            direction,
            comparator,
            by,
            relative,
            ends,
        } = &measured.test.kind
        else {
            return None;
        };
        self.nothing_of_one_value(measured)?;
        if let Some((_, place)) = measured.selector {
            self.misplaced(
                place,
                "which values are compared stands behind `from` and `to`",
            );
            return None;
        }
        let whole = measured.without.is_empty();
        let zero = Decimal::from_integer(0);
        let subject = Subjected {
            subject: Subject::Measure(table.measure),
            shape: Shape::Score {
                lowest: if whole { table.lowest } else { zero },
                highest: table.highest,
                step: None,
            },
            timed: false,
            worst: None,
            declared,
        };
        let lines = self.counted_lines(table, &measured.without, declared);
        let change = self.change(&subject, measured, *direction, *comparator, by, *relative);
        let Some(ends) = ends else {
            self.sum_needs_two_times(measured);
            return None;
        };
        let between = self.compared(measured, Some(ends), None, &subject, of_points(declared))?;
        let Compared::FromTo(from, to) = between else {
            return None;
        };
        let written = [Some(&ends.from), ends.to.as_ref()];
        for (end, written) in [&from, &to].into_iter().zip(written.into_iter().flatten()) {
            self.one_for_all_lines(end.selector, written.selector.1, measured, declared)?;
        }
        let (direction, by, mode) = change?;
        let change = PointsChange {
            name: Arc::clone(&table.name),
            lines: lines?,
            scale: whole.then(|| (table.lowest.to_exact(), table.highest.to_exact())),
            recorded: whole.then_some(table.measure),
            from,
            to,
            direction,
            by,
            relative: mode == ChangeMode::Relative,
        };
        Some(self.condition_at(ConditionKind::PointsChange(Box::new(change)), span))
    }

    fn sum_needs_two_times(&mut self, measured: &Measured) {
        let span = measured.test.span;
        let place = measured.windows.first().map_or(span, |window| window.span);
        let milestone = self
            .usual_milestone()
            .unwrap_or_else(|| Arc::from("screening"));
        self.sink.push(
            Diagnostic::new(
                &rules::E0326_INCOMPLETE_CHANGE,
                place,
                "a sum changes from the results of one time to those of another",
            )
            .label("from which values to which?")
            .suggest(
                "write from which values to which, with the lengths that are meant",
                Span::new(span.file, span.end, span.end),
                format!(
                    " from the latest value at least 1 month before {milestone} to the latest value within 14 days before {milestone}"
                ),
            ),
        );
    }
}

/// Where the lines of points are read: by the day.
fn of_points(declared: Span) -> Inside<'static> {
    Inside {
        what: "added up from several results",
        declared: Some(declared),
        timed: false,
        has_sample: false,
        is_drug: false,
    }
}
