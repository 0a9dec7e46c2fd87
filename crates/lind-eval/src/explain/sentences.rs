//! One value in a sentence.

use lind_model::protocol::{Interval, Measure, Selector, Shape, Test};
use lind_records::Observation;
use lind_time::Tri;
use lind_units::{Exact, Unit};

use crate::explain::recorder::Telling;
use crate::explain::results::tags_asked;
use crate::explain::words::{number, on_or_undated, place, quantity, relation, spoken};
use crate::steps::{Target, TestStep};
use crate::values::Fault;
use crate::view::View;

/// What one test asks, for sentences.
pub(crate) struct Said<'s> {
    pub(crate) name: String,
    pub(crate) test: &'s Test,
    pub(crate) step: Option<&'s TestStep>,
    pub(crate) measure: Option<&'s Measure>,
    pub(crate) selector: Selector,
    pub(crate) phrase: String,
    /// Between which numbers the value lies of which multiples are asked.
    pub(crate) reference: Option<&'s Interval>,
}

/// A number of which nothing is asked.
static NUMBER: Test = Test::Score(Interval {
    low: None,
    high: None,
});

impl<'s> Said<'s> {
    /// A value that is only read.
    pub(crate) fn number(name: &str, measure: Option<&'s Measure>) -> Self {
        Self {
            name: name.to_owned(),
            test: &NUMBER,
            step: None,
            measure,
            selector: Selector::Latest,
            phrase: String::new(),
            reference: None,
        }
    }
}

/// The unit in which a value is compared; none if no number is.
fn target(said: &Said<'_>) -> Option<Target> {
    match said.step? {
        TestStep::Quantity { target, .. } => Some(*target),
        TestStep::Computed(computed) => Some(computed.target),
        TestStep::Results(_) | TestStep::Plain => None,
    }
}

impl View<'_> {
    /// `hemoglobin 85 g/L on 2024-05-02 is below 90 g/L`
    pub(crate) fn sentence(&self, said: &Said<'_>, row: &Observation, outcome: Tri) -> String {
        let failed = outcome == Tri::No;
        match said.test {
            Test::Quantity(interval, unit) => {
                let value = self.converted(said, row);
                let limit = |limit: &Exact| quantity(&number(limit), unit);
                let written = row.unit.and_then(|unit| self.context.units.get(unit));
                let beside = match (&value, written) {
                    (Some(value), Some(written)) if written.code() != unit.code() => {
                        format!(" (= {})", limit(value))
                    }
                    _ => String::new(),
                };
                format!(
                    "{} {}{beside} {} {}",
                    said.name,
                    self.result(said.measure, row),
                    on_or_undated(row.time),
                    related(interval, value.as_ref(), failed, &limit)
                )
            }
            Test::Multiple { interval, upper } => {
                let (word, bound) = if *upper {
                    ("ULN", row.high)
                } else {
                    ("LLN", row.low)
                };
                let multiple = |factor: &Exact| match bound {
                    Some(bound) if *factor == Exact::one() => format!("{word} {bound}"),
                    Some(bound) => format!(
                        "{} x {word} {bound} (= {})",
                        number(factor),
                        product(&factor.mul(&bound.to_exact()), bound.scale())
                    ),
                    None => format!("{} x {word}", number(factor)),
                };
                let ratio = row
                    .value
                    .zip(bound)
                    .and_then(|(value, bound)| value.to_exact().checked_div(&bound.to_exact()));
                format!(
                    "{} {}",
                    self.observed(&said.name, said.measure, row),
                    related(interval, ratio.as_ref(), failed, &multiple)
                )
            }
            Test::Own { interval, .. } => {
                let own = |value: &Exact| match said.measure.map(|measure| &measure.shape) {
                    Some(Shape::Quantity(shape)) => quantity(&number(value), &shape.unit),
                    _ => number(value),
                };
                let value = match said.reference {
                    Some(Interval {
                        low: Some((low, _)),
                        high: Some((high, _)),
                    }) if low == high => Some(low),
                    _ => None,
                };
                let multiple = |factor: &Exact| match value {
                    Some(value) => format!(
                        "{} x its value of {} (= {})",
                        number(factor),
                        own(value),
                        own(&factor.mul(value))
                    ),
                    None => format!("{} x its value there", number(factor)),
                };
                let ratio = value
                    .zip(self.own_value(said, row))
                    .and_then(|(value, tested)| tested.checked_div(value));
                format!(
                    "{} {}",
                    self.observed(&said.name, said.measure, row),
                    related(interval, ratio.as_ref(), failed, &multiple)
                )
            }
            Test::Reference { outside } => {
                let end = |limit: Option<lind_units::Decimal>| {
                    limit.map_or_else(|| "…".to_owned(), |limit| limit.to_string())
                };
                format!(
                    "{} lies {} its reference range {} to {}",
                    self.observed(&said.name, said.measure, row),
                    if *outside == failed {
                        "within"
                    } else {
                        "outside"
                    },
                    end(row.low),
                    end(row.high)
                )
            }
            Test::Score(interval) => format!(
                "{} {}",
                self.observed(&said.name, said.measure, row),
                related(
                    interval,
                    row.value.map(|value| value.to_exact()).as_ref(),
                    failed,
                    &number
                )
            ),
            Test::Levels(allowed) => {
                let names: Vec<&str> = match said.measure.map(|measure| &measure.shape) {
                    Some(Shape::Ordinal(levels)) => allowed
                        .iter()
                        .filter_map(|level| levels.get(*level))
                        .map(|level| &**level)
                        .collect(),
                    _ => Vec::new(),
                };
                self.one_of(said, row, &names, failed)
            }
            Test::Tags(rule, tags) => {
                let so = if failed { ", which is not so: " } else { ": " };
                format!(
                    "{}{so}{}",
                    self.observed(&said.name, said.measure, row),
                    tags_asked(*rule, tags)
                )
            }
            Test::Results(results) => {
                let names: Vec<&str> = results.iter().map(|result| &**result).collect();
                self.one_of(said, row, &names, failed)
            }
        }
    }

    fn one_of(&self, said: &Said<'_>, row: &Observation, names: &[&str], failed: bool) -> String {
        let not = if failed { "not " } else { "" };
        let among = match names {
            [only] => format!("is {not}{}", spoken(only)),
            names => format!("is {not}one of {}", spoken(&names.join(", "))),
        };
        format!("{} {among}", self.observed(&said.name, said.measure, row))
    }

    /// The value in the unit of its measure.
    fn own_value(&self, said: &Said<'_>, row: &Observation) -> Option<Exact> {
        let Some(Shape::Quantity(shape)) = said.measure.map(|measure| &measure.shape) else {
            return None;
        };
        let unit = self.context.units.get(row.unit?)?;
        let value = row.value?.to_exact();
        unit.convert(&value, &shape.unit, Some(&shape.analyte)).ok()
    }

    /// The value in the unit of the limit.
    fn converted(&self, said: &Said<'_>, row: &Observation) -> Option<Exact> {
        let conversion = self
            .context
            .conversion(self.program, target(said)?, row.unit?)?;
        Some(conversion.apply_decimal(&row.value?))
    }

    /// Which unit does not convert into which, and why: the value with what it was probably meant to
    /// be, or what keeps the two apart.
    fn unconverted(&self, said: &Said<'_>, row: &Observation) -> Option<String> {
        let target = self.program.compiled.targets.get(target(said)?.0)?;
        let unit = self.context.units.get(row.unit?)?;
        let fits = |unit: &Unit| unit.conversion(&target.unit, target.analyte.as_ref());
        let error = fits(unit).err()?;
        let why = unit.suspicious().map_or_else(
            || error.sentence(),
            |hint| {
                let meant = unit.probably_meant().filter(|meant| fits(meant).is_ok());
                let meant = meant.map(|meant| format!("`{}`", meant.code()));
                match meant.filter(|meant| !hint.contains(meant)) {
                    Some(meant) => format!("{hint}; {meant} was probably meant"),
                    None => hint,
                }
            },
        );
        Some(format!(
            "`{}` does not convert into `{}`, the unit of the limit: {why}",
            unit.written(),
            target.unit.code()
        ))
    }

    /// A value that cannot answer.
    pub(crate) fn faulty(
        &self,
        said: &Said<'_>,
        row: &Observation,
        fault: Option<Fault>,
    ) -> Telling {
        let text = self.observed(&said.name, said.measure, row);
        let here = place(self.chart, row.at);
        let name = &said.name;
        match fault {
            Some(Fault::NoNumber) => Telling::because(format!("{text} is no number"))
                .settled_by(format!("the number of the {name} in {here}")),
            Some(Fault::NoUnit) => Telling::because(format!("{text} has no unit"))
                .settled_by(format!("the unit of the {name} in {here}")),
            Some(Fault::Unit) => Telling::because(match self.unconverted(said, row) {
                Some(why) => format!("{text}: {why}"),
                None => format!("{text} does not convert into the unit of the limit"),
            })
            .settled_by(format!("the {name} of {here} in another unit")),
            Some(Fault::Implausible) => {
                let range = self.plausible_text(said);
                Telling::because(format!("{text} cannot be real{range}"))
                    .settled_by(format!("a correction of the {name} in {here}"))
            }
            Some(Fault::OffScale | Fault::OffStep) => {
                Telling::because(format!("{text} is no score of its scale"))
                    .settled_by(format!("a correction of the {name} in {here}"))
            }
            Some(Fault::Imprecise) => {
                Telling::because(format!("{text} may lie on either side of the limit"))
                    .settled_by(format!("the exact {name}"))
            }
            Some(Fault::NoLimit) => {
                let (short, long) = limit_words(said.test);
                Telling::because(format!("{text} comes without its {short}"))
                    .settled_by(format!("the laboratory's {long} for the {name} in {here}"))
            }
            Some(Fault::BadLimit) => {
                let (short, long) = limit_words(said.test);
                Telling::because(format!("the {short} of {text} is not above zero"))
                    .settled_by(format!("the laboratory's {long} for the {name} in {here}"))
            }
            Some(Fault::NoLevel) => Telling::because(format!("{text} is no level of its scale"))
                .settled_by(format!("the level of the {name} in {here}")),
            Some(Fault::NoResult) => {
                Telling::because(format!("{text} is none of the declared results"))
                    .settled_by(format!("the result of the {name} in {here}"))
            }
            Some(Fault::NoReference) => Telling::because(format!(
                "{text} cannot be compared: there is perhaps no {name} of which it would be a multiple"
            ))
            .settled_by(format!("the {name} that it is compared with")),
            Some(Fault::BadReference) => Telling::because(format!(
                "{text} cannot be compared: the {name} of which it would be a multiple is perhaps not above zero"
            ))
            .settled_by(format!("the {name} that it is compared with")),
            Some(Fault::NoTest) | None => Telling::because(format!("{text} cannot be tested"))
                .settled_by(format!("another {name}")),
        }
    }

    fn plausible_text(&self, said: &Said<'_>) -> String {
        match said.measure.map(|measure| &measure.shape) {
            Some(Shape::Quantity(shape)) => match &shape.plausible {
                Some((low, high)) => format!(
                    ": plausible is {} to {}",
                    number(low),
                    quantity(&number(high), &shape.unit)
                ),
                None => String::new(),
            },
            _ => String::new(),
        }
    }
}

/// The relation of a value to an interval, given whether it failed.
pub(crate) fn related(
    interval: &Interval,
    value: Option<&Exact>,
    failed: bool,
    limit: &dyn Fn(&Exact) -> String,
) -> String {
    let outside = |bound: &Option<(Exact, bool)>, beyond: fn(&Exact, &Exact) -> bool| {
        failed
            && bound.as_ref().is_some_and(|(bound, closed)| {
                value.is_none_or(|value| beyond(value, bound) || (value == bound && !closed))
            })
    };
    relation(
        interval,
        outside(&interval.low, |value, bound| value < bound),
        outside(&interval.high, |value, bound| value > bound),
        limit,
    )
}

/// A product, with at least as many digits after the point as the limit has.
fn product(value: &Exact, scale: u8) -> String {
    let text = number(value);
    let digits = text
        .split_once('.')
        .map_or(0, |(_, fraction)| fraction.len());
    if text.ends_with('…') || digits >= usize::from(scale) {
        text
    } else {
        value.rounded_text(usize::from(scale))
    }
}

const fn limit_words(test: &Test) -> (&'static str, &'static str) {
    match test {
        Test::Multiple { upper: false, .. } => ("LLN", "lower limit of normal"),
        Test::Reference { .. } => ("reference range", "whole reference range"),
        _ => ("ULN", "upper limit of normal"),
    }
}
