//! Tests and changes of measured values.

use std::sync::Arc;

use lind_diagnostics::{Diagnostic, Span};
use lind_model::protocol::{
    ChangeTest, Condition, ConditionKind, Interval, QuantityShape, Selector, Shape, Subject, Test,
    ValueTest,
};
use lind_syntax::tree::{self, Limit, Measured, Name, Quantity, TestKind};
use lind_units::{Decimal, Exact, Unit};

use crate::analysis::Checker;
use crate::clauses::selector;
use crate::quantities::Target;
use crate::rules;
use crate::scope::Symbol;
use crate::times::{Inside, comparison};

/// What is tested.
pub(crate) struct Subjected {
    pub(crate) subject: Subject,
    pub(crate) shape: Shape,
    pub(crate) timed: bool,
    pub(crate) worst: Option<bool>,
    pub(crate) declared: Span,
}

impl Checker<'_> {
    /// A test or change of a measure or formula.
    pub(crate) fn measured(&mut self, measured: &Measured, span: Span) -> Option<Condition> {
        let subject = self.subject(&measured.measure)?;
        let selector = measured
            .selector
            .map(|(word, place)| (selector(word), place));
        if let Some((chosen, place)) = selector {
            self.selector_fits(chosen, place, &subject, &measured.measure)?;
        }
        let inside = Inside {
            what: "recorded without the time of day",
            declared: Some(subject.declared),
            timed: subject.timed,
            has_sample: false,
            is_drug: false,
        };
        let mut windows = Vec::new();
        for window in &measured.windows {
            windows.push(self.window(window, inside));
        }
        if let [_, second, ..] = measured.windows.as_slice() {
            let first = measured.windows.first().map_or(span, |window| window.span);
            self.sink.push(
                Diagnostic::new(
                    &rules::E0509_MISPLACED_CLAUSE,
                    second.span,
                    "a value is looked for in one window",
                )
                .label("second window")
                .also(first, "first window"),
            );
            return None;
        }
        let window = match windows.pop() {
            Some(window) => Some(window?),
            None => None,
        };
        let kind = if let TestKind::Change {
            direction,
            comparator,
            by,
            relative,
        } = &measured.test.kind
        {
            if let Some((_, place)) = selector {
                self.misplaced(place, "a change is counted to the latest value");
                return None;
            }
            let change = self.change(&subject, measured, *direction, *comparator, by, *relative);
            let Some(window) = window else {
                let end = Span::new(span.file, measured.test.span.end, measured.test.span.end);
                let milestone = self
                    .usual_milestone()
                    .unwrap_or_else(|| Arc::from("screening"));
                self.sink.push(
                    Diagnostic::new(
                        &rules::E0402_WINDOW_WITHOUT_ANCHOR,
                        measured.test.span,
                        "a change needs a window in which both values lie",
                    )
                    .label("between when and when?")
                    .suggest(
                        format!("write `within 6 months before {milestone}`, with the length that is meant"),
                        end,
                        format!(" within 6 months before {milestone}"),
                    ),
                );
                return None;
            };
            let (direction, by, mode) = change?;
            ConditionKind::Change(Box::new(ChangeTest {
                subject: subject.subject,
                window,
                direction,
                by,
                mode,
            }))
        } else {
            let test = self.test(&measured.test, &subject, &measured.measure);
            if let Some(also) = &measured.also_stated {
                self.restated(&measured.test, &subject, &measured.measure, also);
            }
            ConditionKind::Value(Box::new(ValueTest {
                subject: subject.subject,
                selector: selector.map(|(chosen, _)| chosen),
                window,
                test: test?,
            }))
        };
        Some(self.condition_at(kind, span))
    }

    fn subject(&mut self, name: &Name) -> Option<Subjected> {
        let (symbol, declared) = self.resolve(name)?;
        match symbol {
            Symbol::Measure(id) => {
                let measure = self.measure(id)?;
                Some(Subjected {
                    subject: Subject::Measure(id),
                    shape: measure.shape.clone(),
                    timed: measure.timed,
                    worst: measure.worst_is_highest,
                    declared: measure.span,
                })
            }
            Symbol::Formula(id) => {
                let formula = self
                    .tables
                    .formulas
                    .get(id.index())
                    .and_then(Option::as_ref)?;
                Some(Subjected {
                    subject: Subject::Formula(id),
                    shape: Shape::Quantity(formula.result.clone()),
                    timed: false,
                    worst: None,
                    declared: formula.span,
                })
            }
            _ => {
                self.needs(name, "a measure", symbol, declared);
                None
            }
        }
    }

    fn selector_fits(
        &mut self,
        chosen: Selector,
        place: Span,
        subject: &Subjected,
        name: &Name,
    ) -> Option<()> {
        let problem = match (&subject.shape, chosen) {
            (Shape::Coded(_), Selector::Highest | Selector::Lowest | Selector::Worst) => {
                "its results have no order"
            }
            (_, Selector::Worst) if subject.worst.is_none() => {
                "its declaration does not say which side is the worse"
            }
            _ => return Some(()),
        };
        self.sink.push(
            Diagnostic::new(
                &rules::E0311_TEST_DOES_NOT_FIT,
                place,
                format!("`{}` has no such value", name.text),
            )
            .label(problem)
            .also(subject.declared, "declared here"),
        );
        None
    }

    fn test(&mut self, test: &tree::Test, subject: &Subjected, name: &Name) -> Option<Test> {
        match &subject.shape {
            Shape::Quantity(shape) => self.quantity_test(test, shape, subject.declared, name),
            Shape::Score {
                lowest,
                highest,
                step,
            } => self.score_test(
                test,
                (lowest, highest, step.as_ref()),
                subject.declared,
                name,
            ),
            Shape::Ordinal(levels) => self.level_test(test, levels, subject.declared, name),
            Shape::Coded(results) => self.result_test(test, results, subject.declared, name),
        }
    }

    pub(crate) fn does_not_fit(
        &mut self,
        span: Span,
        message: String,
        label: &str,
        declared: Span,
        what: &str,
    ) {
        self.sink.push(
            Diagnostic::new(&rules::E0311_TEST_DOES_NOT_FIT, span, message)
                .label(label)
                .also(declared, what),
        );
    }

    fn quantity_test(
        &mut self,
        test: &tree::Test,
        shape: &QuantityShape,
        declared: Span,
        name: &Name,
    ) -> Option<Test> {
        let target = Target {
            name: &name.text,
            shape,
            declared,
        };
        match &test.kind {
            TestKind::Compare(comparator, limit) => match limit {
                Limit::Quantity(quantity) => {
                    let (value, unit) = self.limit(quantity, &target)?;
                    Some(Test::Quantity(
                        Interval::comparison(comparison(*comparator), value),
                        unit,
                    ))
                }
                Limit::Multiple {
                    factor,
                    upper,
                    percent,
                    span,
                } => {
                    let factor = self.multiple(factor.as_ref(), *percent, *span, &target)?;
                    Some(Test::Multiple {
                        interval: Interval::comparison(comparison(*comparator), factor),
                        upper: *upper,
                    })
                }
            },
            TestKind::Between {
                low: low_limit,
                high: high_limit,
                ends,
            } => match (low_limit, high_limit) {
                (Limit::Quantity(low), Limit::Quantity(high)) => {
                    self.limits(low, high, *ends, &target)
                }
                (
                    Limit::Multiple {
                        factor: low_factor,
                        upper,
                        percent,
                        span,
                    },
                    Limit::Multiple {
                        factor: high_factor,
                        upper: also_upper,
                        percent: high_percent,
                        span: high_span,
                    },
                ) => {
                    if upper != also_upper {
                        self.does_not_fit(
                            *high_span,
                            "a range of multiples is of one limit".to_owned(),
                            "the other limit",
                            *span,
                            "this limit",
                        );
                        return None;
                    }
                    let low = self.multiple(low_factor.as_ref(), *percent, *span, &target);
                    let high =
                        self.multiple(high_factor.as_ref(), *high_percent, *high_span, &target);
                    let interval = Interval {
                        low: Some((low?, ends.low)),
                        high: Some((high?, ends.high)),
                    };
                    let exchanged = self.exchange(low_limit, high_limit);
                    self.not_empty(&interval, test.span, exchanged)?;
                    Some(Test::Multiple {
                        interval,
                        upper: *upper,
                    })
                }
                _ => {
                    self.does_not_fit(
                        test.span,
                        "a range has two ends of one sort".to_owned(),
                        "a quantity and a multiple",
                        declared,
                        "declared here",
                    );
                    None
                }
            },
            TestKind::OneOf { values, .. } => {
                let place = values.first().map_or(test.span, |value| value.span);
                self.does_not_fit(
                    place,
                    format!("`{}` is a quantity; it has no named results", name.text),
                    "needs a number with its unit",
                    declared,
                    shape.kind.words(),
                );
                None
            }
            TestKind::Change { .. } => None,
        }
    }

    fn multiple(
        &mut self,
        factor: Option<&tree::Number>,
        percent: bool,
        span: Span,
        target: &Target<'_>,
    ) -> Option<Exact> {
        if !target.shape.has_limits {
            let unit = target.shape.unit.written();
            let diagnostic = Diagnostic::new(
                &rules::E0307_NO_REFERENCE_LIMITS,
                span,
                format!("results of `{}` carry no limits of normal", target.name),
            )
            .label("a multiple of which limit?")
            .also(target.declared, "declared without `has reference limits`")
            .note(format!(
                "state the limit in {unit}; if its results do come with limits of normal, declare a measure that says so"
            ));
            self.sink.push(diagnostic);
            return None;
        }
        let value = match factor {
            Some(factor) => self.decimal(factor)?.to_exact(),
            None => Exact::one(),
        };
        let value = if percent {
            value.mul(&Exact::from_scientific(1, -2))
        } else {
            value
        };
        if value.signum() <= 0 || value > Exact::from_integer(1000) {
            self.sink.push(
                Diagnostic::new(
                    &rules::E0308_IMPLAUSIBLE_LIMIT,
                    span,
                    "no result lies near this multiple of a limit of normal",
                )
                .label("plausible from 0 to 1000 times")
                .also(target.declared, "declared here"),
            );
            return None;
        }
        Some(value)
    }

    fn restated(&mut self, test: &tree::Test, subject: &Subjected, name: &Name, also: &Quantity) {
        let Shape::Quantity(shape) = &subject.shape else {
            self.misplaced(also.span, "only a quantity is stated in two units");
            return;
        };
        let target = Target {
            name: &name.text,
            shape,
            declared: subject.declared,
        };
        if let TestKind::Compare(_, Limit::Quantity(first)) = &test.kind {
            let unit = first
                .unit
                .as_ref()
                .and_then(|unit| Unit::parse(&unit.text).ok());
            let value = Decimal::parse(&first.number.text).ok();
            if let (Some(unit), Some(value)) = (unit, value) {
                self.also_stated((&value.to_exact(), &unit, first.span), also, &target);
            }
        } else {
            self.misplaced(
                also.span,
                "one limit is stated again, not a range or a multiple",
            );
        }
    }
}
