//! Units that do not fit what they limit: what keeps the two apart, and what may have been meant.

use std::sync::Arc;

use lind_diagnostics::Diagnostic;
use lind_syntax::tree::{Name, Quantity};
use lind_units::{Exact, Generator, Incommensurable, MismatchReason, Unit};

use crate::analysis::Checker;
use crate::quantities::{Target, spelled};
use crate::rules;

impl Checker<'_> {
    /// Reports a unit that does not convert into that of the target, with both sides and their kinds.
    pub(crate) fn mismatch(
        &mut self,
        error: &Incommensurable,
        written: &Name,
        unit: &Unit,
        value: Option<&Exact>,
        quantity: &Quantity,
        target: &Target<'_>,
    ) {
        let own = spelled(target.shape.unit.written());
        let rule = match &error.reason {
            MismatchReason::MassAgainstAmount
            | MismatchReason::TwoSubstances
            | MismatchReason::Equivalents => &rules::E0305_MOLAR_MASS_MISSING,
            MismatchReason::BodySurface
            | MismatchReason::CountedThing { .. }
            | MismatchReason::Arbitrary { .. }
            | MismatchReason::RatioAgainstLimit { .. }
            | MismatchReason::RatioOf { .. }
            | MismatchReason::Osmoles => &rules::E0304_KIND_MISMATCH,
            _ => &rules::E0303_DIMENSION_MISMATCH,
        };
        let message = if *rule == rules::E0305_MOLAR_MASS_MISSING {
            format!(
                "`{}` has no molar mass, so `{}` and `{}` do not convert",
                target.name,
                written.text,
                target.shape.unit.written()
            )
        } else if *rule == rules::E0304_KIND_MISMATCH {
            format!("the limit is of another kind than `{}`", target.name)
        } else {
            format!("`{}` is no unit for `{}`", written.text, target.name)
        };
        let mut diagnostic = Diagnostic::new(rule, written.span, message)
            .label(unit.dimension().to_string())
            .also(
                target.declared,
                format!(
                    "{}, declared in {}",
                    target.shape.kind.words(),
                    target.shape.unit.written()
                ),
            );
        if let Some(note) = note(error, unit, target) {
            diagnostic = diagnostic.note(note);
        }
        // What the unit was probably meant to be, if that fits; else the unit in which the number is usual.
        let fits = |unit: &Unit| {
            unit.conversion(&target.shape.unit, Some(&target.shape.analyte))
                .is_ok()
        };
        if let Some(hint) = unit.suspicious() {
            diagnostic = diagnostic.note(hint);
        }
        let meant = unit.probably_meant().filter(fits);
        let likely = value.and_then(|value| target.likely_unit(value));
        let replaced = |with: &str| {
            if quantity.number.span == written.span {
                format!("write `{with}`")
            } else {
                format!("write `{} {with}`", quantity.number.text)
            }
        };
        diagnostic = if self.files.slice(written.span).starts_with("1:") {
            // A titre has no unit to replace.
            diagnostic
        } else if let Some(meant) = meant {
            let meant = spelled(meant.written());
            diagnostic.suggest(replaced(&meant), written.span, meant)
        } else if quantity.number.span == written.span {
            // The unit of an input, without a number.
            diagnostic.suggest(replaced(&own), written.span, own)
        } else if is_multiple_of_limit(unit) && target.shape.has_limits {
            diagnostic.suggest(
                format!("write `{} x ULN`", quantity.number.text),
                written.span,
                "x ULN",
            )
        } else if error.reason == MismatchReason::BodySurface {
            let condition = if per_body_surface(unit) {
                "if it is not meant per body surface"
            } else {
                "if it is meant per 1.73 m² of body surface"
            };
            diagnostic.suggest(
                format!("{}, {condition}", replaced(&own)),
                written.span,
                own,
            )
        } else if *rule == rules::E0305_MOLAR_MASS_MISSING {
            // Grams for moles would be another limit: which one holds is a decision.
            diagnostic
        } else if let Some(likely) = likely {
            diagnostic.suggest(
                format!("{}, if that was meant", replaced(&likely)),
                written.span,
                likely,
            )
        } else {
            diagnostic
        };
        self.sink.push(diagnostic);
    }
}

/// What keeps the limit and the measure apart, in words that name both.
fn note(error: &Incommensurable, unit: &Unit, target: &Target<'_>) -> Option<String> {
    let name = target.name;
    let counts = |thing: &Option<Arc<str>>| match thing {
        Some(thing) => format!("counts {}", Generator::Entity(Arc::clone(thing)).words()),
        None => "does not say what it counts".to_owned(),
    };
    let procedure = |code: &Option<Arc<str>>| match code {
        Some(code) => format!("in {}", Generator::Procedure(Arc::clone(code)).words()),
        None => "in no such unit".to_owned(),
    };
    let relative = |reference: &Option<Arc<str>>| match reference {
        Some(reference) => format!("in {}", Generator::Reference(Arc::clone(reference)).words()),
        None => "a plain number".to_owned(),
    };
    match &error.reason {
        MismatchReason::MassAgainstAmount
        | MismatchReason::TwoSubstances
        | MismatchReason::Equivalents => Some(
            "a mass becomes an amount of substance only with the molar mass of what is measured; declare `molar mass … g/mol` with its source, or state the limit in the declared unit".to_owned(),
        ),
        MismatchReason::BodySurface => Some(if per_body_surface(unit) {
            format!("the limit is per 1.73 m² of body surface; `{name}` is not")
        } else {
            format!("`{name}` is per 1.73 m² of body surface; the limit is not")
        }),
        MismatchReason::CountedThing { left, right } => Some(format!(
            "the limit {}; `{name}` {}",
            counts(left),
            counts(right)
        )),
        MismatchReason::Arbitrary { left, right } => Some(format!(
            "the limit is {}, `{name}` {}; units that a laboratory procedure defines convert only into themselves",
            procedure(left),
            procedure(right)
        )),
        MismatchReason::RatioAgainstLimit { left, right } => Some(format!(
            "the limit is {}, `{name}` {}",
            relative(left),
            relative(right)
        )),
        MismatchReason::RatioOf { left, right } => Some(format!(
            "the limit is a ratio of {left}, `{name}` one of {right}"
        )),
        MismatchReason::Dimension { .. } if unit.code() == "%" => Some(format!(
            "`{name}` is not a percentage; if per cent of the predicted value is meant, use the measure that is declared so"
        )),
        MismatchReason::Dimension { .. } => None,
        _ => Some(error.sentence()),
    }
}

/// Whether a unit is indexed to body surface.
fn per_body_surface(unit: &Unit) -> bool {
    let dimension = unit.dimension();
    let reference = Generator::Reference(Arc::from("1.73_m2"));
    dimension.exponent(&reference) != 0 || dimension.exponent(&Generator::Length) == 1
}

/// Whether a unit is `{ULN}` and nothing else.
fn is_multiple_of_limit(unit: &Unit) -> bool {
    let mut exponents = unit.dimension().exponents();
    matches!(
        (exponents.next(), exponents.next()),
        (Some((Generator::Reference(name), 1)), None) if &**name == "ULN"
    )
}
