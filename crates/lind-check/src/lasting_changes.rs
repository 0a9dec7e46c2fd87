//! Between which values a change is counted, and for how long it must last.

use std::sync::Arc;

use lind_diagnostics::{Diagnostic, Span};
use lind_model::protocol::{Compared, Lasting, Persistence, Selector, ValueAt, Window};
use lind_syntax::tree::{self, ChangeEnds, Comparator, ComparatorKind, Measured};
use lind_time::Offset;

use crate::analysis::Checker;
use crate::clauses::selector;
use crate::measured::Subjected;
use crate::rules;
use crate::times::{Inside, comparison};

impl Checker<'_> {
    /// Which two values a change compares.
    pub(crate) fn compared(
        &mut self,
        measured: &Measured,
        ends: Option<&ChangeEnds>,
        window: Option<Window>,
        subject: &Subjected,
        inside: Inside<'_>,
    ) -> Option<Compared> {
        let Some(ends) = ends else {
            return match window {
                Some(window) => Some(Compared::Within(window)),
                None => {
                    self.change_without_window(measured);
                    None
                }
            };
        };
        if let Some(other) = measured.windows.first() {
            self.sink.push(
                Diagnostic::new(
                    &rules::E0326_INCOMPLETE_CHANGE,
                    other.span,
                    "a change is counted within one window, or from a value of one to a value of another",
                )
                .label("a further window")
                .also(ends.span, "says from which value to which"),
            );
            return None;
        }
        let from = self.value_at(&ends.from, subject, measured, inside);
        let Some(to) = &ends.to else {
            let milestone = self
                .usual_milestone()
                .unwrap_or_else(|| Arc::from("screening"));
            let end = Span::new(ends.span.file, ends.span.end, ends.span.end);
            self.sink.push(
                Diagnostic::new(
                    &rules::E0326_INCOMPLETE_CHANGE,
                    ends.span,
                    "this change does not say to which value it is counted",
                )
                .label("from this value, to which?")
                .suggest(
                    "write to which value, with the length that is meant",
                    end,
                    format!(" to the latest value within 14 days before {milestone}"),
                ),
            );
            return None;
        };
        let to = self.value_at(to, subject, measured, inside);
        Some(Compared::FromTo(from?, to?))
    }

    fn value_at(
        &mut self,
        value: &tree::ValueAt,
        subject: &Subjected,
        measured: &Measured,
        inside: Inside<'_>,
    ) -> Option<ValueAt> {
        let (word, place) = value.selector;
        let chosen = selector(word);
        let window = self.window(&value.window, inside);
        if matches!(chosen, Selector::Any | Selector::Every) {
            self.sink.push(
                Diagnostic::new(
                    &rules::E0326_INCOMPLETE_CHANGE,
                    place,
                    "a change is counted from one value to one other",
                )
                .label("several values")
                .note("`latest`, `first`, `highest`, `lowest`, `worst` and `mean` give one; a change from any earlier value to the latest is written with one window"),
            );
            return None;
        }
        self.selector_fits(chosen, place, subject, &measured.measure)?;
        let selector = match (chosen, subject.worst) {
            (Selector::Worst, Some(true)) => Selector::Highest,
            (Selector::Worst, _) => Selector::Lowest,
            (chosen, _) => chosen,
        };
        Some(ValueAt {
            selector,
            window: window?,
        })
    }

    fn change_without_window(&mut self, measured: &Measured) {
        let span = measured.test.span;
        let end = Span::new(span.file, span.end, span.end);
        let milestone = self
            .usual_milestone()
            .unwrap_or_else(|| Arc::from("screening"));
        self.sink.push(
            Diagnostic::new(
                &rules::E0402_WINDOW_WITHOUT_ANCHOR,
                span,
                "a change needs a window in which both values lie",
            )
            .label("between when and when?")
            .suggest(
                format!(
                    "write `within 6 months before {milestone}`, with the length that is meant"
                ),
                end,
                format!(" within 6 months before {milestone}"),
            ),
        );
    }

    /// For how long a change must last; none if nothing is said of it.
    pub(crate) fn persistence(
        &mut self,
        measured: &Measured,
        direction: tree::Direction,
        by: Comparator,
        ends: Option<&ChangeEnds>,
    ) -> Option<Option<Persistence>> {
        let Some(written) = &measured.persistence else {
            return Some(None);
        };
        let length = self.offset(&written.length);
        let problem = if ends.is_some() {
            Some(
                "a change between two stated values is over with the second; what lasts is a change within one window",
            )
        } else if direction == tree::Direction::Changes {
            Some(
                "a change in either direction may turn round and would still be one; say whether the value falls or rises",
            )
        } else if !matches!(by.kind, ComparatorKind::AtLeast | ComparatorKind::MoreThan) {
            Some("what lasts is a change by at least so much, or by more")
        } else if !matches!(
            written.comparator.kind,
            ComparatorKind::AtLeast | ComparatorKind::MoreThan
        ) {
            Some("a change lasts at least so long, or longer")
        } else if matches!(length, Some(Offset::Clock { .. })) {
            Some("how long a change lasts is counted in days, weeks, months or years")
        } else {
            None
        };
        if let Some(problem) = problem {
            self.persistence_does_not_fit(written.span, problem);
            return None;
        }
        Some(Some(Persistence {
            throughout: written.throughout,
            lasting: Lasting {
                comparison: comparison(written.comparator),
                length: length?,
            },
        }))
    }

    pub(crate) fn persistence_does_not_fit(&mut self, span: Span, problem: &str) {
        self.sink.push(
            Diagnostic::new(&rules::E0327_CHANGE_CANNOT_LAST, span, problem)
                .label("does not fit here"),
        );
    }
}
