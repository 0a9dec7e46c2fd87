//! Limits against the plausible and usual range of what they limit.

use lind_diagnostics::{Diagnostic, Span};
use lind_model::protocol::{Interval, Test};
use lind_syntax::tree::{Ends, Limit, Number, Quantity};
use lind_units::{Exact, Unit};

use crate::analysis::Checker;
use crate::quantities::{Target, spelled};
use crate::rules;

/// Where a limit lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Lies {
    /// Where limits usually lie, or nothing is known of that.
    Usual,
    /// Where a value can lie and limits usually do not.
    Unusual,
    /// Where no value can lie.
    Implausible,
}

impl Checker<'_> {
    /// A limit with its unit. One that nothing can reach is refused, and one where limits do not usually lie
    /// is remarked on.
    ///
    /// Every order-of-magnitude slip found in registries is dimensionally right, so only this catches them.
    pub(crate) fn limit(
        &mut self,
        quantity: &Quantity,
        target: &Target<'_>,
    ) -> Option<(Exact, Unit)> {
        let (value, unit) = self.fitting_quantity(quantity, target)?;
        let lies = lies(&value, &unit, target);
        self.report_limit(lies, &[(&value, quantity)], &unit, quantity.span, target);
        (lies < Lies::Implausible).then_some((value, unit))
    }

    /// `3.5 to 5.0 mmol/L`: both ends, in the unit of the upper one. A slip in the unit that they share is one
    /// slip.
    pub(crate) fn limits(
        &mut self,
        low: &Quantity,
        high: &Quantity,
        ends: Ends,
        target: &Target<'_>,
    ) -> Option<Test> {
        let one_unit = match (&low.unit, &high.unit) {
            (Some(low), Some(high)) => low.span == high.span,
            _ => false,
        };
        let span = low.span.join(high.span);
        let ((lower, lower_unit), (upper, unit)) = if one_unit {
            let (upper, unit) = self.fitting_quantity(high, target)?;
            let (lower, _) = self.fitting_quantity(low, target)?;
            let (of_low, of_high) = (lies(&lower, &unit, target), lies(&upper, &unit, target));
            let values = [(&lower, low), (&upper, high)];
            let (worse, found) = match of_low.cmp(&of_high) {
                std::cmp::Ordering::Greater => (of_low, values.get(..1)),
                std::cmp::Ordering::Less => (of_high, values.get(1..)),
                std::cmp::Ordering::Equal => (of_low, Some(values.as_slice())),
            };
            let found = found.unwrap_or_default();
            let place = match found {
                [(_, only)] => only.span,
                _ => span,
            };
            self.report_limit(worse, found, &unit, place, target);
            if worse == Lies::Implausible {
                return None;
            }
            ((lower, unit.clone()), (upper, unit))
        } else {
            let (lower, upper) = (self.limit(low, target), self.limit(high, target));
            (lower?, upper?)
        };
        let lower = lower_unit
            .convert(&lower, &unit, Some(&target.shape.analyte))
            .ok()?;
        let interval = Interval {
            low: Some((lower, ends.low)),
            high: Some((upper, ends.high)),
        };
        self.not_empty(&interval, span, exchanged(low, high))?;
        Some(Test::Quantity(interval, unit))
    }

    /// The ends of a range the other way round: where they stand, and what to write there.
    pub(crate) fn exchange(&self, low: &Limit, high: &Limit) -> (Span, String) {
        if let (Limit::Quantity(low), Limit::Quantity(high)) = (low, high) {
            return exchanged(low, high);
        }
        let (first, second) = (self.files.slice(low.span()), self.files.slice(high.span()));
        (low.span().join(high.span()), format!("{second} to {first}"))
    }

    /// Reports one limit, or both ends of a range, by where they lie.
    fn report_limit(
        &mut self,
        lies: Lies,
        limits: &[(&Exact, &Quantity)],
        unit: &Unit,
        place: Span,
        target: &Target<'_>,
    ) {
        let Some(((value, quantity), others)) = limits.split_first() else {
            return;
        };
        let Some(written) = &quantity.unit else {
            return;
        };
        if lies == Lies::Usual {
            self.remark_on_unit(written, unit);
            return;
        }
        let declared_unit = target.shape.unit.written();
        let (rule, message, range) = if lies == Lies::Implausible {
            (
                &rules::E0308_IMPLAUSIBLE_LIMIT,
                format!("no `{}` can be measured near this limit", target.name),
                format!(
                    "plausible from {}",
                    shown(target.shape.plausible.as_ref(), declared_unit)
                ),
            )
        } else {
            (
                &rules::W0601_UNUSUAL_LIMIT,
                format!("limits for `{}` do not usually lie here", target.name),
                format!(
                    "limits usually lie from {}",
                    shown(target.shape.usual.as_ref(), declared_unit)
                ),
            )
        };
        let mut diagnostic = Diagnostic::new(rule, place, message)
            .label(converted(limits, unit, target))
            .also(target.declared, range);
        if let Some(hint) = unit.suspicious() {
            diagnostic = diagnostic.note(hint);
        }
        // The other unit in which all of these numbers are usual, if there is one.
        let likely = target.likely_unit(value).filter(|likely| {
            others
                .iter()
                .all(|(other, _)| target.likely_unit(other).as_ref() == Some(likely))
                && Unit::parse(likely).is_ok_and(|likely| likely != *unit)
        });
        if let Some(likely) = likely {
            let numbers: Vec<&str> = limits
                .iter()
                .map(|(_, quantity)| quantity.number.text.as_str())
                .collect();
            let text = format!("{} {likely}", numbers.join(" to "));
            // With one end of a range, the unit at the other end stays what it is.
            let (span, replacement) = if limits.len() == 1 {
                (quantity.span, text.clone())
            } else {
                (written.span, likely)
            };
            diagnostic = diagnostic.suggest(
                format!("write `{text}`, if the unit or a power of ten slipped"),
                span,
                replacement,
            );
        }
        self.sink.push(diagnostic);
    }

    /// `also stated as 25 umol/L`: the same limit in another unit. One of the two must be what the other one is when
    /// it is rounded to the digits that are written, and they may not be more than 3 % apart.
    pub(crate) fn also_stated(
        &mut self,
        first: &Stated<'_>,
        second: &Quantity,
        target: &Target<'_>,
    ) {
        let Some((value, unit)) = self.limit_quantity(second, target) else {
            return;
        };
        if lies(first.value, first.unit, target) == Lies::Implausible {
            // One of the two is a slip, and that the first is one was said.
            return;
        }
        let analyte = Some(&target.shape.analyte);
        let (Ok(expected), Ok(back)) = (
            first.unit.convert(first.value, &unit, analyte),
            unit.convert(&value, first.unit, analyte),
        ) else {
            return;
        };
        let digits = digits(&second.number);
        let rounds = |exact: &Exact, written: &Exact, digits: usize| {
            let half = Exact::from_scientific(
                5,
                -i32::try_from(digits).unwrap_or(i32::MAX).saturating_add(1),
            );
            exact.sub(written).abs() <= half
        };
        // 5 mmol/L is 4.66 mmol/L rounded, and still lets other patients in: rounding excuses little.
        let apart = expected.sub(&value).abs().mul(&Exact::from_integer(100));
        let is_near = apart <= expected.abs().mul(&Exact::from_integer(3));
        if is_near
            && (rounds(&expected, &value, digits) || rounds(&back, first.value, first.digits))
        {
            return;
        }
        let digits = if expected.abs() < Exact::from_integer(100) {
            digits.max(1)
        } else {
            digits
        };
        let expected_text = format!(
            "{} {}",
            expected.rounded_text(digits),
            spelled(unit.written())
        );
        self.sink.push(
            Diagnostic::new(
                &rules::E0312_STATEMENTS_DISAGREE,
                second.span,
                "the two statements of this limit are not the same",
            )
            .label(format!(
                "the first is {} {}",
                expected.to_decimal_text(4),
                unit.written()
            ))
            .also(first.span, "first stated here")
            .suggest(
                format!("write `{expected_text}`, if the first is right"),
                second.span,
                expected_text,
            ),
        );
    }
}

/// A limit as it was stated first.
pub(crate) struct Stated<'s> {
    /// The number.
    pub(crate) value: &'s Exact,
    /// Its unit.
    pub(crate) unit: &'s Unit,
    /// How many digits stand behind the point.
    pub(crate) digits: usize,
    /// Where it stands.
    pub(crate) span: Span,
}

/// How many digits stand behind the point.
pub(crate) fn digits(number: &Number) -> usize {
    let point = number.text.split_once('.');
    point.map_or(0, |(_, fraction)| fraction.len())
}

/// Where a limit lies in the ranges of its measure.
fn lies(value: &Exact, unit: &Unit, target: &Target<'_>) -> Lies {
    let Ok(own) = unit.convert(value, &target.shape.unit, Some(&target.shape.analyte)) else {
        return Lies::Usual;
    };
    let outside = |range: &Option<(Exact, Exact)>| {
        range
            .as_ref()
            .is_some_and(|(low, high)| own < *low || own > *high)
    };
    if outside(&target.shape.plausible) {
        Lies::Implausible
    } else if outside(&target.shape.usual) {
        Lies::Unusual
    } else {
        Lies::Usual
    }
}

/// `65 to 18 years` the other way round: where the two ends stand, and what to write there.
fn exchanged(low: &Quantity, high: &Quantity) -> (Span, String) {
    let with_unit = |quantity: &Quantity| match &quantity.unit {
        Some(unit) => format!("{} {}", quantity.number.text, unit.text.trim()),
        None => quantity.number.text.clone(),
    };
    let text = match (&low.unit, &high.unit) {
        (Some(first), Some(second)) if first.span == second.span => {
            format!("{} to {}", high.number.text, with_unit(low))
        }
        _ => format!("{} to {}", with_unit(high), with_unit(low)),
    };
    (low.span.join(high.span), text)
}

fn shown(range: Option<&(Exact, Exact)>, unit: &str) -> String {
    range
        .map(|(low, high)| {
            format!(
                "{} to {} {}",
                low.to_decimal_text(6),
                high.to_decimal_text(6),
                spelled(unit)
            )
        })
        .unwrap_or_default()
}

/// The limits in the unit of the declaration.
fn converted(limits: &[(&Exact, &Quantity)], unit: &Unit, target: &Target<'_>) -> String {
    if *unit == target.shape.unit || unit.written() == target.shape.unit.written() {
        return "this limit".to_owned();
    }
    let numbers: Vec<String> = limits
        .iter()
        .filter_map(|(value, _)| {
            unit.convert(value, &target.shape.unit, Some(&target.shape.analyte))
                .ok()
        })
        .map(|own| own.to_decimal_text(6))
        .collect();
    format!(
        "{} {}",
        numbers.join(" to "),
        spelled(target.shape.unit.written())
    )
}
