//! Numbers and units of the source, and how a unit fits what is measured.

use lind_diagnostics::{Diagnostic, Span};
use lind_model::protocol::QuantityShape;
use lind_syntax::tree::{Name, Number, Quantity};
use lind_units::{Decimal, Exact, Incommensurable, MismatchReason, Unit};

use crate::analysis::Checker;
use crate::rules;

/// What a limit is compared with: for the label on the other side.
pub(crate) struct Target<'s> {
    /// Its name.
    pub(crate) name: &'s str,
    /// What it is.
    pub(crate) shape: &'s QuantityShape,
    /// Where it is declared.
    pub(crate) declared: Span,
}

impl Checker<'_> {
    /// A number as written; one with too many digits is reported.
    pub(crate) fn decimal(&mut self, number: &Number) -> Option<Decimal> {
        match Decimal::parse(&number.text) {
            Ok(decimal) => Some(decimal),
            Err(error) => {
                self.sink.push(
                    Diagnostic::new(
                        &rules::E0315_NUMBER_TOO_LARGE,
                        number.span,
                        "this number cannot be kept exactly",
                    )
                    .label(error.to_string()),
                );
                None
            }
        }
    }

    /// A whole number within 32 bits, such as a count.
    pub(crate) fn whole_number(&mut self, number: &Number) -> Option<u32> {
        let parsed = number.text.parse::<u32>().ok();
        if parsed.is_none() {
            self.sink.push(
                Diagnostic::new(
                    &rules::E0315_NUMBER_TOO_LARGE,
                    number.span,
                    "a whole number is needed here",
                )
                .label("not a whole number from 0 to 4294967295"),
            );
        }
        parsed
    }

    /// A unit as written.
    pub(crate) fn unit(&mut self, name: &Name) -> Option<Unit> {
        match Unit::parse(&name.text) {
            Ok(unit) => {
                self.remark_on_unit(name, &unit);
                Some(unit)
            }
            Err(error) => {
                let start = name
                    .span
                    .start
                    .saturating_add(u32::try_from(error.at.start).unwrap_or(0));
                let end = name
                    .span
                    .start
                    .saturating_add(u32::try_from(error.at.end).unwrap_or(0))
                    .min(name.span.end)
                    .max(start);
                let place = Span::new(name.span.file, start, end);
                let place = if place.is_empty() { name.span } else { place };
                let mut diagnostic = Diagnostic::new(
                    &rules::E0302_UNKNOWN_UNIT,
                    place,
                    format!("`{}` is not a unit that Lind knows", name.text),
                )
                .label(error.message());
                if let Some(suggestion) = &error.suggestion {
                    diagnostic = diagnostic.suggest(
                        format!("write `{suggestion}`"),
                        name.span,
                        suggestion.clone(),
                    );
                }
                self.sink.push(diagnostic);
                None
            }
        }
    }

    fn remark_on_unit(&mut self, name: &Name, unit: &Unit) {
        if let Some(hint) = unit.suspicious() {
            self.sink.push(
                Diagnostic::new(
                    &rules::W0605_SUSPICIOUS_UNIT,
                    name.span,
                    format!("`{}` may not be the unit that was meant", name.text),
                )
                .label(hint),
            );
        }
        if let Some(annotation) = unit.unknown_annotations().first() {
            self.sink.push(
                Diagnostic::new(&rules::W0604_UNKNOWN_ANNOTATION, name.span, format!("the annotation `{annotation}` is not known"))
                    .label("counts as nothing")
                    .note("UCUM lets anything stand in braces and ignores it; Lind keeps the known ones apart (cells, copies, 1.73_m2) and says so where it cannot."),
            );
        }
    }

    /// A limit with its unit, as it fits a target; the unit is the one written.
    pub(crate) fn limit_quantity(
        &mut self,
        quantity: &Quantity,
        target: &Target<'_>,
    ) -> Option<(Exact, Unit)> {
        if quantity.percent_points {
            self.sink.push(
                Diagnostic::new(
                    &rules::E0306_PERCENT_MEANING,
                    quantity.span,
                    format!(
                        "percentage points are a difference; `{}` itself is limited here",
                        target.name
                    ),
                )
                .label("percentage points")
                .also(
                    target.declared,
                    format!(
                        "{}, in {}",
                        target.shape.kind.words(),
                        target.shape.unit.written()
                    ),
                )
                .fix(
                    "write `%`",
                    quantity.span,
                    format!("{} %", quantity.number.text),
                ),
            );
            return None;
        }
        let number = self.decimal(&quantity.number);
        let Some(written) = &quantity.unit else {
            let unit = target.shape.unit.written().to_owned();
            let mut diagnostic = Diagnostic::new(
                &rules::E0301_MISSING_UNIT,
                quantity.span,
                format!("`{}` needs a unit", target.name),
            )
            .label("no unit")
            .also(
                target.declared,
                format!("{}, declared in {unit}", target.shape.kind.words()),
            )
            .suggest(
                format!(
                    "write the unit it is declared in, if that was meant: {} {unit}",
                    quantity.number.text
                ),
                quantity.span,
                format!("{} {unit}", quantity.number.text),
            );
            if target.shape.has_limits {
                diagnostic = diagnostic.note(format!("A multiple of the laboratory's limit is written `{} x ULN`; that is another test than a plain number.", quantity.number.text));
            }
            self.sink.push(diagnostic);
            return None;
        };
        let unit = self.unit(written)?;
        match unit.conversion(&target.shape.unit, Some(&target.shape.analyte)) {
            Ok(_) => Some((number?.to_exact(), unit)),
            Err(error) => {
                self.mismatch(&error, written, &unit, quantity, target);
                None
            }
        }
    }

    fn mismatch(
        &mut self,
        error: &Incommensurable,
        written: &Name,
        unit: &Unit,
        quantity: &Quantity,
        target: &Target<'_>,
    ) {
        let declared = format!(
            "{}: {}, declared in {}",
            target.name,
            target.shape.kind.words(),
            target.shape.unit.written()
        );
        let limit = format!("{}: {}", unit.written(), unit.dimension());
        let own = target.shape.unit.written();
        let diagnostic = match &error.reason {
            MismatchReason::MassAgainstAmount | MismatchReason::TwoSubstances | MismatchReason::Equivalents => {
                Diagnostic::new(&rules::E0305_MOLAR_MASS_MISSING, written.span, format!("`{}` has no molar mass, so {} and {own} do not convert", target.name, unit.written()))
                    .label(limit)
                    .also(target.declared, declared)
                    .note("A mass becomes an amount of substance only with the molar mass of what is measured. Declare `molar mass … g/mol` with its source, or state the limit in the declared unit.")
            }
            MismatchReason::BodySurface
            | MismatchReason::CountedThing { .. }
            | MismatchReason::Arbitrary { .. }
            | MismatchReason::RatioAgainstLimit { .. }
            | MismatchReason::RatioOf { .. }
            | MismatchReason::Osmoles => {
                let mut diagnostic = Diagnostic::new(&rules::E0304_KIND_MISMATCH, written.span, format!("the limit is of another kind than `{}`", target.name))
                    .label(limit)
                    .also(target.declared, declared)
                    .note(sentence(&error.sentence()));
                if error.reason == MismatchReason::BodySurface {
                    diagnostic = diagnostic.suggest(
                        format!("write the limit in {own}, if the value is not indexed to body surface"),
                        quantity.span,
                        format!("{} {own}", quantity.number.text),
                    );
                }
                diagnostic
            }
            _ => {
                let mut diagnostic = Diagnostic::new(&rules::E0303_DIMENSION_MISMATCH, written.span, format!("{} is no unit for `{}`", unit.written(), target.name))
                    .label(limit)
                    .also(target.declared, declared);
                if !matches!(error.reason, MismatchReason::Dimension { .. }) {
                    diagnostic = diagnostic.note(sentence(&error.sentence()));
                }
                if unit.written().trim() == "%" {
                    diagnostic = diagnostic.note(format!("`{}` is not a percentage. If per cent of the predicted value is meant, use the measure that is declared so.", target.name));
                }
                diagnostic.suggest(format!("write the limit in {own}"), quantity.span, format!("{} {own}", quantity.number.text))
            }
        };
        self.sink.push(diagnostic);
    }
}

/// A sentence begins with a capital and ends with a full stop.
pub(crate) fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    let mut result: String = characters
        .next()
        .map(|first| first.to_uppercase().chain(characters).collect())
        .unwrap_or_default();
    if !result.ends_with(['.', '?', '!']) {
        result.push('.');
    }
    result
}
