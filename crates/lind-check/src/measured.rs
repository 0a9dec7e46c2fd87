//! Tests and changes of measured values.

use std::sync::Arc;

use lind_diagnostics::{Diagnostic, Span};
use lind_model::protocol::{
    ChangeMode, ChangeTest, Condition, ConditionKind, Direction, Interval, QuantityShape, Selector,
    Shape, Subject, Test, TestException, ValueTest,
};
use lind_syntax::tree::{self, Comparator, Limit, Measured, Name, Quantity, Replacement, TestKind};
use lind_units::{Decimal, Exact, Unit};

use crate::analysis::Checker;
use crate::clauses::selector;
use crate::quantities::Target;
use crate::rules;
use crate::scope::Symbol;
use crate::times::{Inside, comparison};

/// What is tested.
struct Subjected {
    subject: Subject,
    shape: Shape,
    timed: bool,
    worst: Option<bool>,
    declared: Span,
}

impl Checker<'_> {
    /// A test or change of a measure or formula, with the exceptions below it.
    pub(crate) fn measured(
        &mut self,
        measured: &Measured,
        exceptions: &[&tree::Except],
        span: Span,
    ) -> Option<Condition> {
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
            if let Some(except) = exceptions.first() {
                self.misplaced(
                    except.span,
                    "an exception to a change is not known; write it as a guard or a definition",
                );
                return None;
            }
            if let Some((_, place)) = selector {
                self.misplaced(place, "a change is counted to the latest value");
                return None;
            }
            let change = self.change(&subject, measured, *direction, *comparator, by, *relative);
            let Some(window) = window else {
                let end = Span::new(span.file, measured.test.span.end, measured.test.span.end);
                self.sink.push(
                    Diagnostic::new(
                        &rules::E0402_WINDOW_WITHOUT_ANCHOR,
                        measured.test.span,
                        "a change needs a window in which both values lie",
                    )
                    .label("between when and when?")
                    .suggest(
                        "name the window",
                        end,
                        " within 6 months before screening",
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
            let mut replaced = Vec::new();
            for except in exceptions {
                replaced.push(self.test_exception(except, &subject, &measured.measure));
            }
            let exceptions = replaced.into_iter().collect::<Option<Vec<_>>>()?;
            if let [first, second, ..] = exceptions.as_slice() {
                self.sink.push(
                    Diagnostic::new(
                        &rules::W0606_OVERLAPPING_EXCEPTIONS,
                        second.condition.span,
                        "a patient may fall under two exceptions; the first one counts",
                    )
                    .label("second exception")
                    .also(first.condition.span, "first exception"),
                );
            }
            ConditionKind::Value(Box::new(ValueTest {
                subject: subject.subject,
                selector: selector.map(|(chosen, _)| chosen),
                window,
                test: test?,
                exceptions,
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

    fn does_not_fit(
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
                    let (value, unit) = self.limit_quantity(quantity, &target)?;
                    self.plausible(&value, &unit, quantity, &target);
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
            TestKind::Between { low, high, ends } => match (low, high) {
                (Limit::Quantity(low), Limit::Quantity(high)) => {
                    let (lower, upper) = (
                        self.limit_quantity(low, &target),
                        self.limit_quantity(high, &target),
                    );
                    let ((lower, lower_unit), (upper, unit)) = (lower?, upper?);
                    self.plausible(&lower, &lower_unit, low, &target);
                    self.plausible(&upper, &unit, high, &target);
                    let lower = lower_unit
                        .convert(&lower, &unit, Some(&shape.analyte))
                        .ok()?;
                    let interval = Interval {
                        low: Some((lower, ends.low)),
                        high: Some((upper, ends.high)),
                    };
                    self.not_empty(&interval, test.span)?;
                    Some(Test::Quantity(interval, unit))
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
                    self.not_empty(&interval, test.span)?;
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
            let mut diagnostic = Diagnostic::new(
                &rules::E0307_NO_REFERENCE_LIMITS,
                span,
                format!("results of `{}` carry no limits of normal", target.name),
            )
            .label("a multiple of which limit?")
            .also(target.declared, "declared without `has reference limits`");
            if let Some(factor) = factor {
                diagnostic = diagnostic.suggest(
                    format!("write a limit in {unit}, if that was meant"),
                    span,
                    format!("{} {unit}", factor.text),
                );
            }
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

    fn score_test(
        &mut self,
        test: &tree::Test,
        scale: (&Decimal, &Decimal, Option<&Decimal>),
        declared: Span,
        name: &Name,
    ) -> Option<Test> {
        let limit = |checker: &mut Self, limit: &Limit| -> Option<Exact> {
            match limit {
                Limit::Quantity(quantity) => checker.score(quantity, scale, declared, name, true),
                Limit::Multiple { span, .. } => {
                    checker.does_not_fit(
                        *span,
                        format!("`{}` is a score; it has no limits of normal", name.text),
                        "needs points",
                        declared,
                        "declared here",
                    );
                    None
                }
            }
        };
        match &test.kind {
            TestKind::Compare(comparator, value) => limit(self, value)
                .map(|value| Test::Score(Interval::comparison(comparison(*comparator), value))),
            TestKind::Between { low, high, ends } => {
                let (lower, upper) = (limit(self, low), limit(self, high));
                let interval = Interval {
                    low: Some((lower?, ends.low)),
                    high: Some((upper?, ends.high)),
                };
                self.not_empty(&interval, test.span)?;
                Some(Test::Score(interval))
            }
            TestKind::OneOf { values, .. } => {
                let place = values.first().map_or(test.span, |value| value.span);
                self.does_not_fit(
                    place,
                    format!("`{}` is a score", name.text),
                    "needs a number of points",
                    declared,
                    "declared here",
                );
                None
            }
            TestKind::Change { .. } => None,
        }
    }

    /// A number of points. `on_scale`: it must be a value that the score can have.
    fn score(
        &mut self,
        quantity: &Quantity,
        scale: (&Decimal, &Decimal, Option<&Decimal>),
        declared: Span,
        name: &Name,
        on_scale: bool,
    ) -> Option<Exact> {
        let (lowest, highest, step) = scale;
        match quantity.unit.as_ref().map(|unit| unit.text.trim()) {
            None | Some("points" | "point" | "{score}" | "{points}")
                if !quantity.percent_points => {}
            _ => {
                self.sink.push(
                    Diagnostic::new(
                        &rules::E0304_KIND_MISMATCH,
                        quantity.span,
                        format!("`{}` is a score and is counted in points", name.text),
                    )
                    .label("another unit")
                    .also(declared, format!("a score from {lowest} to {highest}"))
                    .suggest(
                        "count in points",
                        quantity.span,
                        format!("{} points", quantity.number.text),
                    ),
                );
                return None;
            }
        }
        let value = self.decimal(&quantity.number)?.to_exact();
        let (low, high) = (lowest.to_exact(), highest.to_exact());
        if on_scale && (value < low || value > high) {
            self.sink.push(
                Diagnostic::new(
                    &rules::E0309_LIMIT_OUTSIDE_SCALE,
                    quantity.span,
                    format!("`{}` never reaches this limit", name.text),
                )
                .label("outside the scale")
                .also(declared, format!("a score from {lowest} to {highest}")),
            );
            return None;
        }
        if let Some(step) = step {
            let from_low = if on_scale {
                value.sub(&low)
            } else {
                value.clone()
            };
            if from_low
                .checked_div(&step.to_exact())
                .is_some_and(|steps| !steps.is_integer())
            {
                self.sink.push(
                    Diagnostic::new(
                        &rules::E0309_LIMIT_OUTSIDE_SCALE,
                        quantity.span,
                        format!("`{}` never has this value", name.text),
                    )
                    .label("between two steps of the scale")
                    .also(declared, format!("in steps of {step}")),
                );
                return None;
            }
        }
        Some(value)
    }

    fn level_test(
        &mut self,
        test: &tree::Test,
        levels: &[Arc<str>],
        declared: Span,
        name: &Name,
    ) -> Option<Test> {
        let place = |checker: &mut Self, value: &Name| -> Option<usize> {
            let found = levels.iter().position(|level| **level == *value.text);
            if found.is_none() {
                checker.unknown_level(value, levels, declared, name);
            }
            found
        };
        let of_limit = |checker: &mut Self, limit: &Limit| -> Option<usize> {
            match limit {
                Limit::Quantity(quantity) if quantity.unit.is_none() => place(
                    checker,
                    &Name {
                        text: quantity.number.text.clone(),
                        span: quantity.span,
                    },
                ),
                _ => {
                    checker.does_not_fit(
                        limit.span(),
                        format!("`{}` has levels, not quantities", name.text),
                        "needs a level",
                        declared,
                        "declared here",
                    );
                    None
                }
            }
        };
        let indices: Vec<usize> = match &test.kind {
            TestKind::OneOf { values, negated } => {
                let mut chosen = Vec::new();
                for value in values {
                    chosen.push(place(self, value));
                }
                let chosen = chosen.into_iter().collect::<Option<Vec<_>>>()?;
                (0..levels.len())
                    .filter(|index| chosen.contains(index) != *negated)
                    .collect()
            }
            TestKind::Compare(comparator, limit) => {
                let at = of_limit(self, limit)?;
                let interval = Interval::comparison(comparison(*comparator), index_exact(at));
                (0..levels.len())
                    .filter(|index| interval.contains(&index_exact(*index)))
                    .collect()
            }
            TestKind::Between { low, high, ends } => {
                let (low, high) = (of_limit(self, low), of_limit(self, high));
                let interval = Interval {
                    low: Some((index_exact(low?), ends.low)),
                    high: Some((index_exact(high?), ends.high)),
                };
                self.not_empty(&interval, test.span)?;
                (0..levels.len())
                    .filter(|index| interval.contains(&index_exact(*index)))
                    .collect()
            }
            TestKind::Change { .. } => return None,
        };
        if indices.is_empty() || indices.len() == levels.len() {
            self.sink.push(
                Diagnostic::new(
                    &rules::E0313_EMPTY_RANGE,
                    test.span,
                    format!(
                        "this is {} so",
                        if indices.is_empty() {
                            "never"
                        } else {
                            "always"
                        }
                    ),
                )
                .label("tells no two patients apart")
                .also(declared, format!("levels: {}", levels.join(", "))),
            );
            return None;
        }
        Some(Test::Levels(indices))
    }

    fn unknown_level(&mut self, value: &Name, levels: &[Arc<str>], declared: Span, name: &Name) {
        let mut diagnostic = Diagnostic::new(
            &rules::E0310_UNKNOWN_LEVEL,
            value.span,
            format!("`{}` is no result of `{}`", value.text, name.text),
        )
        .label(format!("one of {}", levels.join(", ")))
        .also(declared, "declared here");
        if let Some(near) =
            lind_diagnostics::closest(&value.text, levels.iter().map(|level| &**level))
        {
            diagnostic = diagnostic.suggest(format!("write `{near}`"), value.span, near);
        }
        self.sink.push(diagnostic);
    }

    fn result_test(
        &mut self,
        test: &tree::Test,
        results: &[Arc<str>],
        declared: Span,
        name: &Name,
    ) -> Option<Test> {
        let TestKind::OneOf { values, negated } = &test.kind else {
            self.does_not_fit(
                test.span,
                format!(
                    "`{}` has coded results; it has no order and no unit",
                    name.text
                ),
                "write `is` and a result",
                declared,
                "declared here",
            );
            return None;
        };
        let mut whole = true;
        for value in values {
            if !results.iter().any(|result| **result == *value.text) {
                self.unknown_level(value, results, declared, name);
                whole = false;
            }
        }
        if !whole {
            return None;
        }
        let chosen = results
            .iter()
            .filter(|result| values.iter().any(|value| *value.text == ***result) != *negated);
        Some(Test::Results(chosen.map(Arc::clone).collect()))
    }

    fn test_exception(
        &mut self,
        except: &tree::Except,
        subject: &Subjected,
        name: &Name,
    ) -> Option<TestException> {
        let Some(Replacement::Limit(comparator, limit)) = &except.replacement else {
            self.sink.push(
                Diagnostic::new(
                    &rules::E0509_MISPLACED_CLAUSE,
                    except.span,
                    "below a test an exception says which limit holds instead",
                )
                .label("write `except with …: <= 3 x ULN`")
                .also(name.span, "of this value"),
            );
            return None;
        };
        let condition = self.named(&except.name);
        let test = tree::Test {
            kind: TestKind::Compare(*comparator, limit.clone()),
            span: comparator.span.join(limit.span()),
        };
        let test = self.test(&test, subject, name);
        Some(TestException {
            condition: condition?,
            test: test?,
            text: self.text(except.span),
        })
    }

    fn change(
        &mut self,
        subject: &Subjected,
        measured: &Measured,
        direction: tree::Direction,
        comparator: Comparator,
        by: &Quantity,
        relative: Option<Span>,
    ) -> Option<(Direction, Interval, ChangeMode)> {
        let direction = match direction {
            tree::Direction::Falls => Direction::Falls,
            tree::Direction::Rises => Direction::Rises,
            tree::Direction::Changes => Direction::Changes,
        };
        let name = &measured.measure;
        let written_percent = by.unit.as_ref().is_some_and(|unit| unit.text.trim() == "%");
        let (amount, mode) = match &subject.shape {
            Shape::Ordinal(_) | Shape::Coded(_) => {
                self.does_not_fit(
                    measured.test.span,
                    format!("`{}` has no differences", name.text),
                    "a change needs numbers",
                    subject.declared,
                    "declared here",
                );
                return None;
            }
            Shape::Score {
                lowest,
                highest,
                step,
            } if relative.is_none() => (
                self.score(
                    by,
                    (lowest, highest, step.as_ref()),
                    subject.declared,
                    name,
                    false,
                )?,
                ChangeMode::Points,
            ),
            Shape::Quantity(shape) if relative.is_none() && written_percent => {
                let is_percentage =
                    shape.unit.is_dimensionless() && shape.unit.written().contains('%');
                let mut diagnostic = Diagnostic::new(
                    &rules::E0306_PERCENT_MEANING,
                    by.span,
                    format!(
                        "`{} %` of what? A change in per cent is relative or absolute",
                        by.number.text
                    ),
                )
                .label("relative, or in percentage points?")
                .also(
                    subject.declared,
                    format!("{}, in {}", shape.kind.words(), shape.unit.written()),
                );
                diagnostic = if is_percentage {
                    diagnostic.note(format!(
                        "`{0} % relative` is a share of the earlier value; `{0} %pt` is a difference of percentages. From 80 %, a fall of 10 % relative ends at 72 %, one of 10 %pt at 70 %.",
                        by.number.text
                    ))
                } else {
                    diagnostic.note("A share of the earlier value is written `relative`.")
                };
                self.sink.push(diagnostic.suggest(
                    "write `relative`, if a share of the earlier value is meant",
                    by.span,
                    format!("{} % relative", by.number.text),
                ));
                return None;
            }
            Shape::Quantity(shape) if by.percent_points => {
                if !(shape.unit.is_dimensionless() && shape.unit.written().contains('%')) {
                    self.sink.push(
                        Diagnostic::new(
                            &rules::E0306_PERCENT_MEANING,
                            by.span,
                            format!(
                                "`{}` is no percentage, so it has no percentage points",
                                name.text
                            ),
                        )
                        .label("percentage points")
                        .also(
                            subject.declared,
                            format!("{}, in {}", shape.kind.words(), shape.unit.written()),
                        )
                        .suggest(
                            "write `relative`, if a share of the earlier value is meant",
                            by.span,
                            format!("{} % relative", by.number.text),
                        ),
                    );
                    return None;
                }
                if let Some(relative) = relative {
                    self.sink.push(
                        Diagnostic::new(
                            &rules::E0306_PERCENT_MEANING,
                            relative,
                            "percentage points are absolute",
                        )
                        .label("relative")
                        .also(by.span, "percentage points")
                        .note("Write `%` with `relative`, or `%pt` without it."),
                    );
                    return None;
                }
                (
                    self.decimal(&by.number)?.to_exact(),
                    ChangeMode::Absolute(Unit::parse("%").ok()?),
                )
            }
            _ if relative.is_some() => {
                if !written_percent {
                    self.sink.push(
                        Diagnostic::new(
                            &rules::E0306_PERCENT_MEANING,
                            by.span,
                            "a relative change is stated in per cent",
                        )
                        .label("no per cent sign")
                        .suggest(
                            "write per cent",
                            by.span,
                            format!("{} %", by.number.text),
                        ),
                    );
                    return None;
                }
                (
                    self.decimal(&by.number)?
                        .to_exact()
                        .mul(&Exact::from_scientific(1, -2)),
                    ChangeMode::Relative,
                )
            }
            Shape::Quantity(shape) => {
                let target = Target {
                    name: &name.text,
                    shape,
                    declared: subject.declared,
                };
                let (value, unit) = self.limit_quantity(by, &target)?;
                (value, ChangeMode::Absolute(unit))
            }
            Shape::Score { .. } => return None,
        };
        if amount.signum() < 0 {
            self.sink.push(
                Diagnostic::new(
                    &rules::E0313_EMPTY_RANGE,
                    by.span,
                    "by how much a value changes is not negative",
                )
                .label("negative"),
            );
            return None;
        }
        Some((
            direction,
            Interval::comparison(comparison(comparator), amount),
            mode,
        ))
    }
}

/// The place of a level, to compare places exactly.
fn index_exact(index: usize) -> Exact {
    Exact::from_integer(i64::try_from(index).unwrap_or(i64::MAX))
}
