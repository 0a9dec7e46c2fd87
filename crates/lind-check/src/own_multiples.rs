//! Limits that are multiples of another value of the same patient: `> 3 x baseline`.

use lind_diagnostics::Diagnostic;
use lind_model::protocol::{Interval, Selector, Subject, Test, ValueAt, Window};
use lind_syntax::tree::{self, Limit, Name, OwnMultiple, OwnReference, TestKind};
use lind_units::Exact;

use crate::analysis::Checker;
use crate::clauses::selector;
use crate::measured::Subjected;
use crate::rules;
use crate::times::{Inside, comparison};

/// The multiple that a test compares with: of a range, its upper end.
pub(crate) fn own_limits(test: &tree::Test) -> Option<&OwnMultiple> {
    match &test.kind {
        TestKind::Compare(_, Limit::Own(multiple)) => Some(multiple),
        TestKind::Between {
            high: Limit::Own(multiple),
            ..
        } => Some(multiple),
        _ => None,
    }
}

impl Checker<'_> {
    /// `> 3 x baseline`, `1.5 to 3 x the latest value within 28 days before infusion`
    pub(crate) fn own_test(
        &mut self,
        test: &tree::Test,
        subject: &Subjected,
        name: &Name,
    ) -> Option<Test> {
        let multiple = own_limits(test)?;
        if matches!(subject.subject, Subject::Formula(_)) {
            self.does_not_fit(
                multiple.span,
                format!("`{}` is computed, and is no multiple of a value", name.text),
                "a multiple needs a measure",
                subject.declared,
                "a formula",
            );
            return None;
        }
        let reference = self.reference(&multiple.reference, subject, name);
        let interval = match &test.kind {
            TestKind::Compare(comparator, Limit::Own(multiple)) => {
                Interval::comparison(comparison(*comparator), self.own_factor(multiple, subject)?)
            }
            TestKind::Between {
                low: Limit::Own(low),
                high: Limit::Own(high),
                ends,
            } => {
                let (lower, upper) = (
                    self.own_factor(low, subject),
                    self.own_factor(high, subject),
                );
                let interval = Interval {
                    low: Some((lower?, ends.low)),
                    high: Some((upper?, ends.high)),
                };
                let (first, second) = (&low.factor, &high.factor);
                let exchanged = (
                    first.span.join(second.span),
                    format!("{} to {}", second.text, first.text),
                );
                self.not_empty(&interval, test.span, exchanged)?;
                interval
            }
            _ => return None,
        };
        Some(Test::Own {
            interval,
            reference: Box::new(reference?),
        })
    }

    fn own_factor(&mut self, multiple: &OwnMultiple, subject: &Subjected) -> Option<Exact> {
        let factor = self.decimal(&multiple.factor)?.to_exact();
        if factor.signum() <= 0 || factor > Exact::from_integer(1000) {
            self.sink.push(
                Diagnostic::new(
                    &rules::E0308_IMPLAUSIBLE_LIMIT,
                    multiple.factor.span,
                    "no result lies near this multiple of an earlier one",
                )
                .label("plausible from 0 to 1000 times")
                .also(subject.declared, "declared here"),
            );
            return None;
        }
        Some(factor)
    }

    /// The value that is multiplied.
    fn reference(
        &mut self,
        reference: &OwnReference,
        subject: &Subjected,
        name: &Name,
    ) -> Option<ValueAt> {
        match reference {
            OwnReference::Baseline(baseline) => Some(ValueAt {
                selector: Selector::Latest,
                window: self.values_at_baseline(baseline)?,
            }),
            OwnReference::Value(value) => {
                let (word, place) = value.selector;
                let chosen = selector(word);
                if matches!(chosen, Selector::Any | Selector::Every) {
                    self.sink.push(
                        Diagnostic::new(
                            &rules::E0326_INCOMPLETE_CHANGE,
                            place,
                            "a limit is a multiple of one value",
                        )
                        .label("several values"),
                    );
                    return None;
                }
                self.selector_fits(chosen, place, subject, name)?;
                let selector = match (chosen, subject.worst) {
                    (Selector::Worst, Some(true)) => Selector::Highest,
                    (Selector::Worst, _) => Selector::Lowest,
                    (chosen, _) => chosen,
                };
                let inside = Inside {
                    what: "recorded without the time of day",
                    declared: Some(subject.declared),
                    timed: subject.timed,
                    has_sample: false,
                    is_drug: false,
                };
                Some(ValueAt {
                    selector,
                    window: self.window(&value.window, inside)?,
                })
            }
        }
    }

    /// Which values count at the milestone `baseline`.
    fn values_at_baseline(&mut self, name: &Name) -> Option<Window> {
        let id = self.find_milestone(name)?;
        // A library leans on the baseline of the protocol that will use it.
        if self.made_baseline == Some(id) {
            return Some(self.window_of_values(id));
        }
        let milestone = self.tables.milestones.get(id.index())?.as_ref()?;
        if let Some(window) = &milestone.values {
            return Some(window.clone());
        }
        let declared = milestone.span;
        // A library of grades asks it in every line; what lacks stands in one place.
        if std::mem::replace(&mut self.tables.baseline_values_missed, true) {
            return None;
        }
        let is_own = name.span.file == declared.file;
        let (place, other) = if is_own {
            (
                (name.span, "of which value?"),
                (declared, "declared without `values`"),
            )
        } else {
            (
                (declared, "declared without `values`"),
                (name.span, "of which value?"),
            )
        };
        self.sink.push(
            Diagnostic::new(
                &rules::E0331_NO_BASELINE_VALUES,
                place.0,
                "nothing says which values count at `baseline`",
            )
            .label(place.1)
            .also(other.0, other.1)
            .note("write below the milestone from when to when values count, as `values from screening to infusion`"),
        );
        None
    }
}
