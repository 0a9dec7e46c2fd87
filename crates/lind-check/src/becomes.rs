//! What a value becomes: a test that it passes at one time, and did not at an earlier one.

use std::sync::Arc;

use lind_diagnostics::{Diagnostic, Span};
use lind_model::protocol::{Condition, ConditionKind, Quantifier};
use lind_syntax::tree::{ChangeEnds, Measured, Test, ValueAt};

use crate::analysis::Checker;
use crate::rules;

impl Checker<'_> {
    /// `bilag_renal becomes A from the latest value … to the latest value …`: the same as two tests.
    pub(crate) fn becomes(
        &mut self,
        measured: &Measured,
        test: &Test,
        ends: Option<&ChangeEnds>,
        span: Span,
    ) -> Option<Condition> {
        if let Some((_, place)) = measured.selector {
            self.misplaced(
                place,
                "which values are compared stands behind `from` and `to`",
            );
            return None;
        }
        let Some((from, to)) = ends.and_then(|ends| Some((&ends.from, ends.to.as_ref()?))) else {
            self.becomes_from_when(measured, ends, span);
            return None;
        };
        if let Some(other) = measured.windows.first() {
            self.sink.push(
                Diagnostic::new(
                    &rules::E0326_INCOMPLETE_CHANGE,
                    other.span,
                    "a value becomes something from one time to another, each with its window",
                )
                .label("a further window")
                .also(from.span, "says from which value"),
            );
            return None;
        }
        let after = self.value_then(measured, test, to, "", span)?;
        let before = self.value_then(measured, test, from, "", span)?;
        let not_before = Condition {
            text: self.then_text(measured, test, from, "not "),
            ..self.condition_at(ConditionKind::List(Quantifier::None, vec![before]), span)
        };
        let parts = vec![after, not_before];
        Some(self.condition_at(ConditionKind::List(Quantifier::All, parts), span))
    }

    /// Whether the value of one time passes.
    fn value_then(
        &mut self,
        measured: &Measured,
        test: &Test,
        at: &ValueAt,
        not: &str,
        span: Span,
    ) -> Option<Condition> {
        let value = Measured {
            selector: Some(at.selector),
            windows: vec![at.window.clone()],
            test: test.clone(),
            ..measured.clone()
        };
        let condition = self.measured(&value, span)?;
        let text = self.then_text(measured, test, at, not);
        Some(Condition { text, ..condition })
    }

    /// `bilag_renal: A, of the latest value within 14 days before screening`
    fn then_text(&self, measured: &Measured, test: &Test, at: &ValueAt, not: &str) -> Arc<str> {
        let (name, asked) = (&measured.measure.text, self.text(test.span));
        Arc::from(format!("{name}: {not}{asked}, of {}", self.text(at.span)))
    }

    fn becomes_from_when(&mut self, measured: &Measured, ends: Option<&ChangeEnds>, span: Span) {
        let milestone = self
            .usual_milestone()
            .unwrap_or_else(|| Arc::from("screening"));
        let test = measured.test.span;
        let place = ends.map_or(test, |ends| ends.span);
        let to = format!(" to the latest value within 14 days before {milestone}");
        let missing = match ends {
            Some(_) => to,
            None => format!(" from the latest value at least 1 month before {milestone}{to}"),
        };
        self.sink.push(
            Diagnostic::new(
                &rules::E0326_INCOMPLETE_CHANGE,
                place,
                format!(
                    "`{}` becomes something from one value to another",
                    measured.measure.text
                ),
            )
            .label("from which value, to which?")
            .suggest(
                "write from which value to which, with the lengths that are meant",
                Span::new(span.file, test.end, test.end),
                missing,
            ),
        );
    }
}
