//! Units that do not fit what they limit: what keeps the two apart, and what may have been meant.

use std::sync::Arc;

use lind_diagnostics::Diagnostic;
use lind_syntax::tree::{Name, Quantity};
use lind_units::{Decimal, Exact, Generator, Incommensurable, MismatchReason, Unit};

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
        let message = if error.reason == MismatchReason::Equivalents {
            format!(
                "`{}` declares no valence, so `{}` and `{}` do not convert",
                target.name,
                written.text,
                target.shape.unit.written()
            )
        } else if *rule == rules::E0305_MOLAR_MASS_MISSING {
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
        // What is counted slipped, and not how many of it: the rest of the unit must be of the same size.
        let same_size = |likely: &String| {
            !matches!(error.reason, MismatchReason::CountedThing { .. })
                || value.is_some_and(|value| {
                    let bare = bare(&written.text).zip(bare(likely));
                    bare.is_some_and(|(from, to)| {
                        from.convert(value, &to, None).as_ref() == Ok(value)
                    })
                })
        };
        let likely = value
            .and_then(|value| target.likely_unit(value))
            .filter(same_size);
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
            let condition = match body_surface(&target.shape.unit) {
                None => "if it is not meant per body surface".to_owned(),
                Some(area) => format!("if it is meant per {area} of body surface"),
            };
            // The rate itself keeps its size: 3 L/h are 50 mL/min.
            match value.and_then(|value| rate_in_own_unit(value, written, target)) {
                Some(number) if number == quantity.number.text => diagnostic.suggest(
                    format!("{}, {condition}", replaced(&own)),
                    written.span,
                    own,
                ),
                Some(number) => diagnostic.suggest(
                    format!("write `{number} {own}`, {condition}"),
                    quantity.span,
                    format!("{number} {own}"),
                ),
                None => diagnostic,
            }
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
        | MismatchReason::TwoSubstances => Some(
            "a mass becomes an amount of substance only with the molar mass of what is measured; declare `molar mass … g/mol` with its source, or state the limit in the declared unit".to_owned(),
        ),
        MismatchReason::Equivalents => Some(
            "an equivalent is a mole of charges: how many charges each ion carries is its valence, and a measure cannot declare that yet; state the limit in the declared unit".to_owned(),
        ),
        MismatchReason::BodySurface => Some(
            match (body_surface(unit), body_surface(&target.shape.unit)) {
                (Some(limit), None) => {
                    format!("the limit is per {limit} of body surface; `{name}` is not")
                }
                (limit, Some(own)) => format!(
                    "`{name}` is per {own} of body surface; the limit is {}",
                    limit.map_or_else(|| "not".to_owned(), |limit| format!("per {limit}"))
                ),
                (None, None) => error.sentence(),
            },
        ),
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

/// The body surface that a unit is per, if it is: the standard one, or one square metre.
fn body_surface(unit: &Unit) -> Option<&'static str> {
    let dimension = unit.dimension();
    let reference = Generator::Reference(Arc::from("1.73_m2"));
    if dimension.exponent(&reference) != 0 {
        Some("1.73 m²")
    } else if dimension.exponent(&Generator::Length) == 1 {
        Some("1 m²")
    } else {
        None
    }
}

/// The number that a rate has in the unit of the target, both without the body surface that they are per.
fn rate_in_own_unit(value: &Exact, written: &Name, target: &Target<'_>) -> Option<String> {
    let rate = |text: &str| {
        let cut = ["/1.73", "/{1.73", "/m2", "/m²", "/(1.73", "/m^2"]
            .into_iter()
            .filter_map(|area| text.find(area))
            .min();
        let bare = cut.map_or(Some(text), |cut| text.get(..cut));
        bare.and_then(|bare| Unit::parse(bare.trim()).ok())
    };
    let (from, to) = (rate(&written.text)?, rate(target.shape.unit.written())?);
    let own = from.convert(value, &to, None).ok()?;
    let number = own.to_decimal_text(6);
    // What has no end as a decimal would be another limit.
    let exact = Decimal::parse(&number).is_ok_and(|decimal| decimal.to_exact() == own);
    exact.then_some(number)
}

/// A unit without what it counts.
fn bare(unit: &str) -> Option<Unit> {
    let mut text = String::new();
    let mut inside = false;
    for character in unit.chars() {
        match character {
            '{' => inside = true,
            '}' => inside = false,
            _ if !inside => text.push(character),
            _ => {}
        }
    }
    let text = text.trim();
    Unit::parse(if text.is_empty() { "1" } else { text }).ok()
}

/// Whether a unit is `{ULN}` and nothing else.
fn is_multiple_of_limit(unit: &Unit) -> bool {
    let mut exponents = unit.dimension().exponents();
    matches!(
        (exponents.next(), exponents.next()),
        (Some((Generator::Reference(name), 1)), None) if &**name == "ULN"
    )
}
