//! Tests and changes of measured values.

use std::sync::Arc;

use lind_diagnostics::{Diagnostic, Span};
use lind_model::protocol::{
    ChangeTest, Comparison, Condition, ConditionKind, Evidence, Interval, Provenance,
    QuantityShape, ResultField, Selector, Shape, Subject, Test, ValueTest,
};
use lind_syntax::tree::{self, Limit, Measured, Name, ReferenceRange, TestKind};
use lind_units::{Decimal, Exact, Unit};

use crate::analysis::Checker;
use crate::clauses::selector;
use crate::limits::{Stated, digits};
use crate::own_multiples::own_limits;
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
        let to_the_visit = self.to_the_visit(measured);
        let measured = to_the_visit.as_ref().unwrap_or(measured);
        if let Some((id, declared)) = self.points_named(&measured.measure) {
            return self.points_test(id, measured, declared, span);
        }
        if let TestKind::Becomes { test, ends } = &measured.test.kind {
            return self.becomes(measured, test, ends.as_ref(), span);
        }
        if let Some(line) = measured.without.first() {
            self.misplaced(line.span, "lines are left out of points, and this has none");
            return None;
        }
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
        let provenance = self.provenance(measured, &subject);
        let days = measured.never.is_some() || !measured.spells.is_empty();
        let evidence = if days {
            Some(None)
        } else {
            self.evidence(measured, &subject, inside)
        };
        let time_of_day = self.measured_at(measured, &subject);
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
        if measured.never.is_some() || !measured.spells.is_empty() {
            return self.spell(measured, &subject, (provenance, window), span);
        }
        let kind = if let TestKind::Change {
            direction,
            comparator,
            by,
            relative,
            ends,
        } = &measured.test.kind
        {
            if let Some((_, place)) = selector {
                self.misplaced(place, "a change is counted to the latest value");
                return None;
            }
            if let Some(time) = measured.times_of_day.first() {
                self.misplaced(
                    time.span,
                    "a change counts results of every time of the day",
                );
                return None;
            }
            if let Some(place) = measured.provenance.first() {
                self.misplaced(place.span, "a change counts results of every source");
                return None;
            }
            if let Some(evidence) = &measured.evidence {
                self.misplaced(
                    evidence.span,
                    "a change needs two values, and says so itself",
                );
                return None;
            }
            let change = self.change(&subject, measured, *direction, *comparator, by, *relative);
            let lasting = self.persistence(measured, *direction, *comparator, ends.as_ref());
            let between = self.compared(measured, ends.as_ref(), window, &subject, inside);
            let (direction, by, mode) = change?;
            ConditionKind::Change(Box::new(ChangeTest {
                subject: subject.subject,
                between: between?,
                direction,
                by,
                mode,
                lasting: lasting?,
            }))
        } else {
            if let Some(persistence) = &measured.persistence {
                self.persistence_does_not_fit(
                    persistence.span,
                    "only a change lasts, and is confirmed; this asks for one value",
                );
                return None;
            }
            let test = self
                .test(&measured.test, &subject, &measured.measure)
                .and_then(|test| self.mean_has_one_limit(test, selector, &measured.measure));
            if let Some(also) = &measured.also_stated {
                self.restated(&measured.test, &subject, &measured.measure, also);
            }
            ConditionKind::Value(Box::new(ValueTest {
                subject: subject.subject,
                selector: selector.map(|(chosen, _)| chosen),
                provenance: provenance?,
                time_of_day: time_of_day?,
                window,
                evidence: evidence?,
                test: test?,
            }))
        };
        Some(self.condition_at(kind, span))
    }

    pub(crate) fn subject(&mut self, name: &Name) -> Option<Subjected> {
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

    pub(crate) fn selector_fits(
        &mut self,
        chosen: Selector,
        place: Span,
        subject: &Subjected,
        name: &Name,
    ) -> Option<()> {
        if matches!(subject.subject, Subject::Formula(_))
            && !matches!(chosen, Selector::Latest | Selector::First)
        {
            self.sink.push(
                Diagnostic::new(
                    &rules::E0325_SELECTOR_OF_FORMULA,
                    place,
                    format!(
                        "`{}` is computed from values of several measures, and has one value",
                        name.text
                    ),
                )
                .label("of which values?")
                .also(subject.declared, "a formula")
                .note("a formula takes the latest value of each input, or the first of each; results that are recorded as such are a measure"),
            );
            return None;
        }
        let problem = match (&subject.shape, chosen) {
            (Shape::Coded(_) | Shape::Tags(_) | Shape::Ordinal(_), Selector::Mean) => {
                "it is not a number"
            }
            (
                Shape::Coded(_) | Shape::Tags(_),
                Selector::Highest | Selector::Lowest | Selector::Worst,
            ) => "its results have no order",
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

    /// The samples of a mean have limits of normal of their own, each its own.
    fn mean_has_one_limit(
        &mut self,
        test: Test,
        selector: Option<(Selector, Span)>,
        name: &Name,
    ) -> Option<Test> {
        match (selector, &test) {
            (
                Some((Selector::Mean, place)),
                Test::Multiple { .. } | Test::Reference { .. } | Test::Own { .. },
            ) => {
                self.sink.push(
                    Diagnostic::new(
                        &rules::E0311_TEST_DOES_NOT_FIT,
                        place,
                        format!("a mean of `{}` has no limits of normal", name.text),
                    )
                    .label("needs a limit in a unit")
                    .note("each result comes with limits of its own, which may differ"),
                );
                None
            }
            _ => Some(test),
        }
    }

    pub(crate) fn test(
        &mut self,
        test: &tree::Test,
        subject: &Subjected,
        name: &Name,
    ) -> Option<Test> {
        match &subject.shape {
            Shape::Quantity(_) if own_limits(test).is_some() => self.own_test(test, subject, name),
            Shape::Quantity(shape) => {
                let found = self.quantity_test(test, shape, subject.declared, name)?;
                self.exactly_equal(test, shape, subject, name);
                Some(found)
            }
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
            Shape::Tags(tags) => self.tag_test(test, tags, subject.declared, name),
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
                Limit::Level(level) => {
                    self.does_not_fit(
                        level.span,
                        format!("`{}` is a quantity; it has no levels", name.text),
                        "needs a number with its unit",
                        declared,
                        shape.kind.words(),
                    );
                    None
                }
                // Asked before.
                Limit::Own(_) => None,
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
            TestKind::Reference { place, negated } => {
                self.reference_test(*place, *negated, test.span, &target)
            }
            TestKind::OneOf { values, negated } if matches!(values.as_slice(), [only] if matches!(only.text.as_str(), "normal" | "abnormal")) =>
            {
                let outside = values.iter().any(|value| value.text == "abnormal") != *negated;
                let place = if outside {
                    ReferenceRange::Outside
                } else {
                    ReferenceRange::Within
                };
                self.reference_test(place, false, test.span, &target)
            }
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
            TestKind::Tags { .. } => {
                self.no_tags(test.span, declared, name);
                None
            }
            TestKind::Change { .. } | TestKind::Becomes { .. } => None,
        }
    }

    /// `is normal`, `is above the reference range`: multiples of 1 of the sample's own limits.
    fn reference_test(
        &mut self,
        place: ReferenceRange,
        negated: bool,
        span: Span,
        target: &Target<'_>,
    ) -> Option<Test> {
        let one = self.multiple(None, false, span, target)?;
        let beyond = |comparison: Comparison, upper: bool| Test::Multiple {
            interval: Interval::comparison(comparison, one.clone()),
            upper,
        };
        Some(match (place, negated) {
            (ReferenceRange::Above, false) => beyond(Comparison::MoreThan, true),
            (ReferenceRange::Above, true) => beyond(Comparison::AtMost, true),
            (ReferenceRange::Below, false) => beyond(Comparison::LessThan, false),
            (ReferenceRange::Below, true) => beyond(Comparison::AtLeast, false),
            (ReferenceRange::Within, _) => Test::Reference { outside: negated },
            (ReferenceRange::Outside, _) => Test::Reference { outside: !negated },
        })
    }

    pub(crate) fn no_reference_range(&mut self, span: Span, declared: Span, name: &Name) {
        self.does_not_fit(
            span,
            format!(
                "`{}` is no quantity, so it has no reference range",
                name.text
            ),
            "needs a quantity",
            declared,
            "declared here",
        );
    }

    /// `with source central_laboratory`
    fn provenance(&mut self, measured: &Measured, subject: &Subjected) -> Option<Vec<Provenance>> {
        let mut found: Vec<Provenance> = Vec::new();
        for written in &measured.provenance {
            if matches!(subject.subject, Subject::Formula(_)) {
                self.does_not_fit(
                    written.span,
                    format!(
                        "`{}` is computed from several results, each with its own source",
                        measured.measure.text
                    ),
                    "needs a measure",
                    subject.declared,
                    "a formula",
                );
                return None;
            }
            let field = match written.field.text.as_str() {
                "source" => ResultField::Source,
                "method" => ResultField::Method,
                "body_site" => ResultField::BodySite,
                _ => ResultField::Specimen,
            };
            if found.iter().any(|other| other.field == field) {
                self.misplaced(
                    written.span,
                    "this is said twice; several of one sort are joined by `or`",
                );
                return None;
            }
            for value in &written.values {
                self.tables.field_words.note(&written.field.text, value);
            }
            let values = written
                .values
                .iter()
                .map(|value| Arc::from(value.text.as_str()));
            found.push(Provenance {
                field,
                values: values.collect(),
            });
        }
        Some(found)
    }

    /// `with at least 2 values within 1 year before baseline`
    fn evidence(
        &mut self,
        measured: &Measured,
        subject: &Subjected,
        inside: Inside<'_>,
    ) -> Option<Option<Evidence>> {
        let Some(written) = &measured.evidence else {
            return Some(None);
        };
        // A change says so itself.
        if matches!(measured.test.kind, TestKind::Change { .. }) {
            return Some(None);
        }
        let selector = measured.selector.map(|(word, _)| word);
        if !matches!(
            selector,
            Some(tree::Selector::Any | tree::Selector::Every | tree::Selector::Mean)
        ) || matches!(subject.subject, Subject::Formula(_))
        {
            self.sink.push(
                Diagnostic::new(
                    &rules::E0322_EVIDENCE_OF_ONE_VALUE,
                    written.span,
                    "how many values there must be is asked only of `any` and `every` value of a measure, and of their mean",
                )
                .label("of one value")
                .also(measured.measure.span, "write `every` or `any` before this"),
            );
            return None;
        }
        let least = written
            .least
            .text
            .parse::<u32>()
            .ok()
            .filter(|least| *least >= 1);
        let Some(least) = least else {
            self.sink.push(
                Diagnostic::new(
                    &rules::E0322_EVIDENCE_OF_ONE_VALUE,
                    written.least.span,
                    "how many values there must be is a whole number of at least 1",
                )
                .label("not a count"),
            );
            return None;
        };
        let window = match &written.window {
            Some(window) => Some(self.window(window, inside)?),
            None => None,
        };
        Some(Some(Evidence { least, window }))
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

    pub(crate) fn restated(
        &mut self,
        test: &tree::Test,
        subject: &Subjected,
        name: &Name,
        also: &tree::AlsoStated,
    ) {
        let Shape::Quantity(shape) = &subject.shape else {
            self.misplaced(also.limit.span, "only a quantity is stated in two units");
            return;
        };
        let target = Target {
            name: &name.text,
            shape,
            declared: subject.declared,
        };
        if let TestKind::Compare(comparator, Limit::Quantity(first)) = &test.kind {
            self.compared_alike(*comparator, also, name);
            let unit = first
                .unit
                .as_ref()
                .and_then(|unit| Unit::parse(&unit.text).ok());
            let value = Decimal::parse(&first.number.text).ok();
            if let (Some(unit), Some(value)) = (unit, value) {
                let stated = Stated {
                    value: &value.to_exact(),
                    unit: &unit,
                    digits: digits(&first.number),
                    span: first.span,
                };
                self.also_stated(&stated, &also.limit, &target);
            }
        } else {
            self.misplaced(
                also.limit.span,
                "one limit is stated again, not a range or a multiple",
            );
        }
    }

    /// Remarks on two comparisons of one limit that are not the same: the first decides.
    fn compared_alike(&mut self, first: tree::Comparator, also: &tree::AlsoStated, name: &Name) {
        let Some(second) = also.comparator.filter(|second| second.kind != first.kind) else {
            return;
        };
        if self.in_reading {
            return;
        }
        self.sink.push(
            Diagnostic::new(
                &rules::W0641_COMPARED_IN_TWO_WAYS,
                second.span,
                format!("`{}` is compared with its limit in two ways", name.text),
            )
            .label("another comparison")
            .also(first.span, "this one decides")
            .note("of who has exactly this value the two say different things; a reading can say which is meant"),
        );
    }
}
