//! Limits against the plausible and usual range of what they limit.

use lind_diagnostics::{Diagnostic, Span};
use lind_syntax::tree::Quantity;
use lind_units::{Exact, Unit};

use crate::analysis::Checker;
use crate::quantities::Target;
use crate::rules;

impl Checker<'_> {
    /// Refuses a limit that nothing can reach, and wonders at one where limits do not usually lie.
    ///
    /// Every order-of-magnitude slip found in registries is dimensionally right, so only this catches them.
    pub(crate) fn plausible(
        &mut self,
        value: &Exact,
        unit: &Unit,
        quantity: &Quantity,
        target: &Target<'_>,
    ) {
        let Ok(own) = unit.convert(value, &target.shape.unit, Some(&target.shape.analyte)) else {
            return;
        };
        let outside = |range: &Option<(Exact, Exact)>| {
            range
                .as_ref()
                .is_some_and(|(low, high)| own < *low || own > *high)
        };
        let declared_unit = target.shape.unit.written();
        if outside(&target.shape.plausible) {
            let range = shown(target.shape.plausible.as_ref(), declared_unit);
            let mut diagnostic = Diagnostic::new(
                &rules::E0308_IMPLAUSIBLE_LIMIT,
                quantity.span,
                format!("no `{}` can be measured near this limit", target.name),
            )
            .label(converted(&own, unit, target))
            .also(target.declared, format!("plausible from {range}"));
            if let Some(text) = slip(value, quantity, target) {
                diagnostic = diagnostic.suggest(
                    format!("if a unit or a power of ten slipped: {text}"),
                    quantity.span,
                    text,
                );
            }
            self.sink.push(diagnostic);
        } else if outside(&target.shape.usual) {
            let range = shown(target.shape.usual.as_ref(), declared_unit);
            let mut diagnostic = Diagnostic::new(
                &rules::W0601_UNUSUAL_LIMIT,
                quantity.span,
                format!("limits for `{}` do not usually lie here", target.name),
            )
            .label(converted(&own, unit, target))
            .also(target.declared, format!("limits usually lie from {range}"));
            if let Some(text) = slip(value, quantity, target) {
                diagnostic =
                    diagnostic.note(format!("If a unit or a power of ten slipped: {text}."));
            }
            self.sink.push(diagnostic);
        }
    }

    /// `also stated as 25 umol/L`: the same limit in another unit, as exactly as it was written.
    pub(crate) fn also_stated(
        &mut self,
        first: (&Exact, &Unit, Span),
        second: &Quantity,
        target: &Target<'_>,
    ) {
        let Some((value, unit)) = self.limit_quantity(second, target) else {
            return;
        };
        let (stated, stated_unit, stated_span) = first;
        let analyte = Some(&target.shape.analyte);
        let Ok(expected) = stated_unit.convert(stated, &unit, analyte) else {
            return;
        };
        let difference = expected.sub(&value).abs();
        // Either rounding of what was written, or two per cent, whichever is more.
        let digits = second
            .number
            .text
            .split_once('.')
            .map_or(0, |(_, fraction)| fraction.len());
        let last_place = Exact::from_scientific(
            5,
            -i32::try_from(digits).unwrap_or(i32::MAX).saturating_add(1),
        );
        let two_percent = expected.abs().mul(&Exact::from_scientific(2, -2));
        if difference <= last_place || difference <= two_percent {
            return;
        }
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
            .also(stated_span, "first stated here")
            .suggest(
                "make the second equal to the first",
                second.span,
                format!(
                    "{} {}",
                    expected.rounded_text(digits.max(1)),
                    unit.written()
                ),
            ),
        );
    }
}

fn shown(range: Option<&(Exact, Exact)>, unit: &str) -> String {
    range
        .map(|(low, high)| {
            format!(
                "{} to {} {unit}",
                low.to_decimal_text(6),
                high.to_decimal_text(6)
            )
        })
        .unwrap_or_default()
}

fn converted(own: &Exact, unit: &Unit, target: &Target<'_>) -> String {
    if *unit == target.shape.unit || unit.written() == target.shape.unit.written() {
        "this limit".to_owned()
    } else {
        format!("{} {}", own.to_decimal_text(6), target.shape.unit.written())
    }
}

/// What may have been meant: the same number in the declared unit or in another that is often written, if
/// that lies where limits usually do.
fn slip(value: &Exact, quantity: &Quantity, target: &Target<'_>) -> Option<String> {
    let (low, high) = target
        .shape
        .usual
        .as_ref()
        .or(target.shape.plausible.as_ref())?;
    let fits = |own: &Exact| own >= low && own <= high;
    if fits(value) {
        return Some(format!(
            "{} {}",
            quantity.number.text,
            target.shape.unit.written()
        ));
    }
    for spelling in [
        "/uL", "10^9/L", "g/L", "g/dL", "mg/dL", "umol/L", "mmol/L", "mg/L",
    ] {
        let Ok(unit) = Unit::parse(spelling) else {
            continue;
        };
        if let Ok(own) = unit.convert(value, &target.shape.unit, Some(&target.shape.analyte))
            && fits(&own)
        {
            return Some(format!("{} {spelling}", quantity.number.text));
        }
    }
    None
}
