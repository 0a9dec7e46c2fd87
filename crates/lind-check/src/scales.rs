//! Tests of scores, ordinal levels and coded results.

use std::sync::Arc;

use lind_diagnostics::{Diagnostic, Span};
use lind_model::protocol::{Interval, Test};
use lind_syntax::tree::{self, Limit, Name, Quantity, TestKind};
use lind_units::{Decimal, Exact};

use crate::analysis::Checker;
use crate::rules;
use crate::times::comparison;

impl Checker<'_> {
    pub(crate) fn score_test(
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
                Limit::Own(multiple) => {
                    checker.does_not_fit(
                        multiple.span,
                        format!("`{}` is a score, of which nothing is a multiple", name.text),
                        "needs points",
                        declared,
                        "declared here",
                    );
                    None
                }
                Limit::Level(level) => {
                    checker.does_not_fit(
                        level.span,
                        format!("`{}` is a score; it has no levels", name.text),
                        "needs a number of points",
                        declared,
                        "declared here",
                    );
                    None
                }
            }
        };
        match &test.kind {
            TestKind::Compare(comparator, value) => {
                let value = limit(self, value)?;
                let interval = Interval::comparison(comparison(*comparator), value);
                self.tells_scores_apart(&interval, test.span, scale, declared, name)?;
                Some(Test::Score(interval))
            }
            TestKind::Between { low, high, ends } => {
                let (lower, upper) = (limit(self, low), limit(self, high));
                let interval = Interval {
                    low: Some((lower?, ends.low)),
                    high: Some((upper?, ends.high)),
                };
                let exchanged = self.exchange(low, high);
                self.not_empty(&interval, test.span, exchanged)?;
                self.tells_scores_apart(&interval, test.span, scale, declared, name)?;
                Some(Test::Score(interval))
            }
            TestKind::OneOf { values, negated } => {
                let place = values.first().map_or(test.span, |value| value.span);
                let points: Option<Vec<Quantity>> = values.iter().map(points).collect();
                let Some(points) = points.filter(|_| !negated) else {
                    self.does_not_fit(
                        place,
                        format!("`{}` is a score", name.text),
                        "needs a number of points",
                        declared,
                        "declared here",
                    );
                    return None;
                };
                let mut numbers = Vec::new();
                for quantity in &points {
                    numbers.push(self.score(quantity, scale, declared, name, true)?);
                }
                let interval = self.steps_in_a_row(numbers, test.span, scale, declared, name)?;
                self.tells_scores_apart(&interval, test.span, scale, declared, name)?;
                Some(Test::Score(interval))
            }
            TestKind::Tags { .. } => {
                self.no_tags(test.span, declared, name);
                None
            }
            TestKind::Reference { .. } => {
                self.no_reference_range(test.span, declared, name);
                None
            }
            TestKind::Change { .. } | TestKind::Becomes { .. } => None,
        }
    }

    /// `ecog is 0 or 1`: points that follow each other on the scale are a range of it.
    fn steps_in_a_row(
        &mut self,
        mut numbers: Vec<Exact>,
        span: Span,
        (_, _, step): (&Decimal, &Decimal, Option<&Decimal>),
        declared: Span,
        name: &Name,
    ) -> Option<Interval> {
        numbers.sort();
        let step = step.map(Decimal::to_exact);
        let in_a_row = numbers
            .iter()
            .zip(numbers.iter().skip(1))
            .all(|(one, next)| {
                one == next || step.as_ref().is_some_and(|step| one.add(step) == *next)
            });
        let (low, high) = (numbers.first()?.clone(), numbers.last()?.clone());
        if !in_a_row {
            self.does_not_fit(
                span,
                format!("these points of `{}` do not follow each other", name.text),
                "between them other values can lie; below `any of` each stands on a line of its own",
                declared,
                &step.map_or_else(
                    || "a score without a step".to_owned(),
                    |step| format!("a score in steps of {step}"),
                ),
            );
            return None;
        }
        Some(Interval {
            low: Some((low, true)),
            high: Some((high, true)),
        })
    }

    /// Refuses what no value of the scale can be, `mrss > 51`, and remarks on what every value is, `mrss >= 0`. The
    /// limit itself lies on the scale.
    fn tells_scores_apart(
        &mut self,
        interval: &Interval,
        span: Span,
        (lowest, highest, _): (&Decimal, &Decimal, Option<&Decimal>),
        declared: Span,
        name: &Name,
    ) -> Option<()> {
        let (low, high) = (lowest.to_exact(), highest.to_exact());
        if low >= high {
            return Some(());
        }
        let scale = || format!("a score from {lowest} to {highest}");
        if interval.contains(&low) && interval.contains(&high) {
            self.decides_nothing(span, declared, name, scale());
            return Some(());
        }
        let above = interval
            .low
            .as_ref()
            .is_some_and(|(end, closed)| *end >= high && !closed);
        let below = interval
            .high
            .as_ref()
            .is_some_and(|(end, closed)| *end <= low && !closed);
        if !above && !below {
            return Some(());
        }
        self.sink.push(
            Diagnostic::new(
                &rules::E0309_LIMIT_OUTSIDE_SCALE,
                span,
                format!("no value of `{}` is so", name.text),
            )
            .label("tells no two patients apart")
            .also(declared, scale()),
        );
        None
    }

    /// Remarks on a limit that every value meets, unless a reading already says that the text can be understood in
    /// several ways.
    fn decides_nothing(&mut self, span: Span, declared: Span, name: &Name, scale: String) {
        if self.in_reading {
            return;
        }
        self.sink.push(
            Diagnostic::new(
                &rules::W0640_DECIDES_NOTHING,
                span,
                format!("every value of `{}` is so", name.text),
            )
            .label("asks only whether a value is known")
            .also(declared, scale)
            .note("if the trial's own text says so, a reading can say how that is understood"),
        );
    }

    /// A number of points. `on_scale`: it must be a value that the score can have.
    pub(crate) fn score(
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

    pub(crate) fn level_test(
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
                Limit::Level(name) => place(checker, name),
                Limit::Quantity(quantity)
                    if quantity.unit.is_none()
                        || levels.iter().any(|level| **level == *quantity.as_level()) =>
                {
                    place(
                        checker,
                        &Name {
                            text: quantity.as_level(),
                            span: quantity.span,
                        },
                    )
                }
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
                let exchanged = self.exchange(low, high);
                let (low, high) = (of_limit(self, low), of_limit(self, high));
                let interval = Interval {
                    low: Some((index_exact(low?), ends.low)),
                    high: Some((index_exact(high?), ends.high)),
                };
                self.not_empty(&interval, test.span, exchanged)?;
                (0..levels.len())
                    .filter(|index| interval.contains(&index_exact(*index)))
                    .collect()
            }
            TestKind::Tags { .. } => {
                self.no_tags(test.span, declared, name);
                return None;
            }
            TestKind::Reference { .. } => {
                self.no_reference_range(test.span, declared, name);
                return None;
            }
            TestKind::Change { .. } | TestKind::Becomes { .. } => return None,
        };
        let scale = || format!("levels: {}", levels.join(", "));
        if indices.is_empty() {
            self.sink.push(
                Diagnostic::new(&rules::E0313_EMPTY_RANGE, test.span, "this is never so")
                    .label("tells no two patients apart")
                    .also(declared, scale()),
            );
            return None;
        }
        if indices.len() == levels.len() {
            self.decides_nothing(test.span, declared, name, scale());
        }
        Some(Test::Levels(indices))
    }

    pub(crate) fn unknown_level(
        &mut self,
        value: &Name,
        levels: &[Arc<str>],
        declared: Span,
        name: &Name,
    ) {
        let mut diagnostic = Diagnostic::new(
            &rules::E0310_UNKNOWN_LEVEL,
            value.span,
            format!("`{}` is no result of `{}`", value.text, name.text),
        )
        .label(format!("one of {}", levels.join(", ")))
        .also(declared, "declared here");
        // Among one-letter words every one is near every other.
        let near = numeral(&value.text)
            .filter(|numeral| levels.iter().any(|level| level.as_ref() == *numeral))
            .or_else(|| {
                lind_diagnostics::closest(&value.text, levels.iter().map(|level| &**level))
                    .filter(|_| value.text.len() > 2)
            });
        if let Some(near) = near {
            diagnostic = diagnostic.suggest(format!("write `{near}`"), value.span, near);
        }
        self.sink.push(diagnostic);
    }

    pub(crate) fn result_test(
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
}

/// `1` or `1 point` as a number of points.
fn points(written: &Name) -> Option<Quantity> {
    let digits = written
        .text
        .trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = written.text.strip_prefix(digits)?;
    Decimal::parse(digits).ok()?;
    Some(Quantity {
        number: tree::Number {
            text: digits.to_owned(),
            span: written.span,
        },
        unit: (!unit.is_empty()).then(|| Name {
            text: unit.to_owned(),
            span: written.span,
        }),
        percent_points: false,
        span: written.span,
    })
}

/// The place of a level, to compare places exactly.
fn index_exact(index: usize) -> Exact {
    Exact::from_integer(i64::try_from(index).unwrap_or(i64::MAX))
}

/// The Roman numeral of a small number, in which classes are often written.
fn numeral(number: &str) -> Option<&'static str> {
    let numerals = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X"];
    let place = number.parse::<usize>().ok()?.checked_sub(1)?;
    numerals.get(place).copied()
}
