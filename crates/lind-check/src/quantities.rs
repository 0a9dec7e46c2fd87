//! Numbers and units of the source, and how a unit fits what is measured.

use lind_diagnostics::{Diagnostic, Span};
use lind_model::protocol::QuantityShape;
use lind_syntax::tree::{Name, Number, Quantity};
use lind_units::{Decimal, Exact, Unit, UnitError};

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

    /// A unit as written, with a remark if it is an odd one.
    pub(crate) fn unit(&mut self, name: &Name) -> Option<Unit> {
        let unit = self.known_unit(name, |_| true)?;
        self.remark_on_unit(name, &unit);
        Some(unit)
    }

    /// A unit as written. Of an unknown one, what may have been meant is offered if it fits.
    fn known_unit(&mut self, name: &Name, fits: impl Fn(&Unit) -> bool) -> Option<Unit> {
        let error = match Unit::parse(&name.text) {
            Ok(unit) => return Some(unit),
            Err(error) => error,
        };
        let place = place_in(name, &error);
        let suggestion = error
            .suggestion
            .clone()
            .filter(|suggestion| Unit::parse(suggestion).is_ok_and(|unit| fits(&unit)));
        let without = UnitError {
            suggestion: None,
            ..error
        };
        let mut diagnostic = Diagnostic::new(
            &rules::E0302_UNKNOWN_UNIT,
            place,
            format!("`{}` is not a unit that Lind knows", name.text),
        )
        .label(without.message());
        if let Some(suggestion) = suggestion {
            diagnostic = diagnostic.suggest(format!("write `{suggestion}`"), name.span, suggestion);
        }
        self.sink.push(diagnostic);
        None
    }

    /// Says that a unit is hardly the one that was meant, or that its annotation counts as nothing. The second
    /// is said once in a file.
    pub(crate) fn remark_on_unit(&mut self, name: &Name, unit: &Unit) {
        if let Some(hint) = unit.suspicious() {
            let mut diagnostic = Diagnostic::new(
                &rules::W0605_SUSPICIOUS_UNIT,
                name.span,
                format!("`{}` may not be the unit that was meant", name.text),
            )
            .label(hint);
            if let Some(meant) = unit.probably_meant() {
                let meant = spelled(meant.written());
                diagnostic = diagnostic.suggest(format!("write `{meant}`"), name.span, meant);
            }
            self.sink.push(diagnostic);
        }
        if let Some(annotation) = unit.unknown_annotations().first()
            && self
                .remarked_annotations
                .insert((self.module, annotation.to_string()))
        {
            self.sink.push(
                Diagnostic::new(&rules::W0604_UNKNOWN_ANNOTATION, name.span, format!("the annotation `{annotation}` is not known"))
                    .label("counts as nothing")
                    .note("UCUM lets anything stand in braces and ignores it; Lind keeps those apart that it knows (cells, copies, 1.73_m2), and an unknown one counts as nothing, here and wherever it stands in this file"),
            );
        }
    }

    /// A limit with its unit, as it fits a target; the unit is the one written.
    pub(crate) fn limit_quantity(
        &mut self,
        quantity: &Quantity,
        target: &Target<'_>,
    ) -> Option<(Exact, Unit)> {
        let (value, unit) = self.fitting_quantity(quantity, target)?;
        if let Some(written) = &quantity.unit {
            self.remark_on_unit(written, &unit);
        }
        Some((value, unit))
    }

    /// The same without a remark on the unit.
    pub(crate) fn fitting_quantity(
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
                .suggest(
                    "write `%`",
                    quantity.span,
                    format!("{} %", quantity.number.text),
                ),
            );
            return None;
        }
        let number = self.decimal(&quantity.number);
        let Some(written) = &quantity.unit else {
            // A plain number stands alone.
            if target.shape.unit.code() == "1" {
                return Some((number?.to_exact(), target.shape.unit.clone()));
            }
            self.missing_unit(quantity, number?, target);
            return None;
        };
        if is_multiple(&written.text) {
            self.does_not_fit(
                written.span,
                "a range has two ends of one sort".to_owned(),
                "a multiple of the laboratory's limit",
                target.declared,
                target.shape.kind.words(),
            );
            return None;
        }
        let analyte = Some(&target.shape.analyte);
        let unit = self.known_unit(written, |unit| {
            unit.conversion(&target.shape.unit, analyte).is_ok()
        })?;
        match unit.conversion(&target.shape.unit, analyte) {
            Ok(_) => Some((number?.to_exact(), unit)),
            Err(error) => {
                let value = number.map(|number| number.to_exact());
                self.mismatch(&error, written, &unit, value.as_ref(), quantity, target);
                None
            }
        }
    }

    /// Which unit was meant is not guessed: it is offered if the number lies where limits usually do.
    fn missing_unit(&mut self, quantity: &Quantity, number: Decimal, target: &Target<'_>) {
        let declared = target.shape.unit.written();
        let mut diagnostic = Diagnostic::new(
            &rules::E0301_MISSING_UNIT,
            quantity.span,
            format!("`{}` needs a unit", target.name),
        )
        .label("no unit")
        .also(
            target.declared,
            format!("{}, declared in {declared}", target.shape.kind.words()),
        );
        let text = &quantity.number.text;
        let value = number.to_exact();
        let likely = target.likely_unit(&value);
        if target.shape.has_limits {
            diagnostic = diagnostic.note(format!(
                "a multiple of the laboratory's own limit is another test, and is written `{text} x ULN`"
            ));
        }
        if let Some(unit) = likely {
            diagnostic = diagnostic.suggest(
                format!("write `{text} {unit}`, if that was meant"),
                quantity.span,
                format!("{text} {unit}"),
            );
        } else if target.shape.has_limits && value.signum() > 0 && value <= Exact::from_integer(20)
        {
            diagnostic = diagnostic.suggest(
                format!("write `{text} x ULN`, if a multiple was meant"),
                quantity.span,
                format!("{text} x ULN"),
            );
        }
        self.sink.push(diagnostic);
    }
}

impl Target<'_> {
    /// The unit in which a number lies where limits of this measure usually do: the declared one, or another
    /// that is often written.
    pub(crate) fn likely_unit(&self, value: &Exact) -> Option<String> {
        let Some((low, high)) = self.shape.usual.as_ref().or(self.shape.plausible.as_ref()) else {
            return Some(spelled(self.shape.unit.written()));
        };
        let fits = |own: &Exact| own >= low && own <= high;
        if fits(value) {
            return Some(spelled(self.shape.unit.written()));
        }
        let often = [
            "/uL", "x 10^9/L", "g/L", "g/dL", "mg/dL", "umol/L", "mmol/L", "mg/L", "ug/L", "ng/mL",
            "[degF]",
        ];
        often
            .into_iter()
            .find(|spelling| {
                Unit::parse(spelling).is_ok_and(|unit| {
                    unit.convert(value, &self.shape.unit, Some(&self.shape.analyte))
                        .is_ok_and(|own| fits(&own))
                })
            })
            .map(str::to_owned)
    }
}

/// A unit as people write it behind a number: `x 10^9/L` for `10*9/L`.
pub(crate) fn spelled(unit: &str) -> String {
    match unit.strip_prefix("10*") {
        Some(power) => format!("x 10^{power}"),
        None => unit.to_owned(),
    }
}

/// Whether a text behind a number is `x ULN`, which is no unit.
fn is_multiple(unit: &str) -> bool {
    let mut words = unit.split_whitespace();
    matches!(words.next(), Some("x" | "times" | "×"))
        && matches!(words.next(), Some("ULN" | "LLN"))
        && words.next().is_none()
}

/// The part of a unit that is not known.
fn place_in(name: &Name, error: &UnitError) -> Span {
    let at = |offset: usize| {
        name.span
            .start
            .saturating_add(u32::try_from(offset).unwrap_or(u32::MAX))
            .min(name.span.end)
    };
    let (start, end) = (at(error.at.start), at(error.at.end));
    if start < end {
        Span::new(name.span.file, start, end)
    } else {
        name.span
    }
}
