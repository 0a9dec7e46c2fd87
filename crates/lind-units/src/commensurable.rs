//! Whether two units convert into each other, and by what.

use std::sync::Arc;

use crate::meaning::{Meaning, Scale};
use crate::{
    Analyte, Conversion, Difference, Dimension, Exact, Generator, Incommensurable, MismatchReason,
};

/// The reference that stands for indexing to body surface.
const BODY_SURFACE: &str = "1.73_m2";

/// One side of a conversion: what is left of its unit after completing it.
#[derive(Clone)]
struct Side {
    factor: Exact,
    dimension: Dimension,
}

/// The conversion from one unit into another, with what is known about the analyte.
pub(crate) fn conversion(
    from: &Meaning,
    to: &Meaning,
    analyte: Option<&Analyte>,
) -> Result<Conversion, Incommensurable> {
    if let Some(answer) = between_functions(from, to) {
        return answer;
    }
    let mut left = Side {
        factor: from.factor.clone(),
        dimension: from.dimension.clone(),
    };
    let mut right = Side {
        factor: to.factor.clone(),
        dimension: to.dimension.clone(),
    };
    if let Some(analyte) = analyte {
        complete(&mut left, &mut right, analyte);
        left.factor = match bridge(&left, &right, analyte) {
            Some(bridge) => {
                right.dimension = left.dimension.clone();
                left.factor.mul(&bridge)
            }
            None => left.factor,
        };
    }
    if left.dimension != right.dimension {
        return Err(explain(&left.dimension, &right.dimension));
    }
    if from.calendar != to.calendar {
        return Err(refusal(MismatchReason::CalendarUnit));
    }
    if let (Some(left), Some(right)) = (from.cancelled.ratio_of(), to.cancelled.ratio_of())
        && left != right
        && from.dimension == to.dimension
    {
        return Err(refusal(MismatchReason::RatioOf { left, right }));
    }
    let zero = |scale: &Scale| match scale {
        Scale::Offset(offset) => offset.clone(),
        Scale::Ratio | Scale::Function(..) => Exact::zero(),
    };
    let offset = zero(&from.scale).sub(&zero(&to.scale));
    // The magnitude of a unit is never zero.
    match (
        left.factor.checked_div(&right.factor),
        offset.checked_div(&right.factor),
    ) {
        (Some(factor), Some(offset)) => Ok(Conversion::new(factor, offset)),
        _ => Err(explain(&left.dimension, &right.dimension)),
    }
}

fn refusal(reason: MismatchReason) -> Incommensurable {
    Incommensurable {
        differences: Vec::new(),
        reason,
    }
}

/// A logarithmic scale converts into itself with another prefix (`dB` and `B`), else not at all.
fn between_functions(from: &Meaning, to: &Meaning) -> Option<Result<Conversion, Incommensurable>> {
    match (&from.scale, &to.scale) {
        (Scale::Function(left, before_left), Scale::Function(right, before_right))
            if left == right =>
        {
            let factor = before_left.checked_div(before_right)?;
            Some(Ok(Conversion::new(factor, Exact::zero())))
        }
        (Scale::Function(..), _) | (_, Scale::Function(..)) => Some(Err(Incommensurable {
            differences: differences(&from.dimension, &to.dimension),
            reason: MismatchReason::Logarithmic,
        })),
        _ => None,
    }
}

/// Let the analyte complete what a side leaves open: what is counted, and which unit an
/// "international unit" is.
fn complete(left: &mut Side, right: &mut Side, analyte: &Analyte) {
    if analyte.enzyme {
        for side in [&mut *left, &mut *right] {
            international_to_enzyme_unit(side);
        }
    }
    if let Some(name) = &analyte.entity {
        let generators = [
            Generator::Entity(Arc::clone(name)),
            Generator::Reference(Arc::clone(name)),
        ];
        for generator in generators {
            let (there, here) = (
                left.dimension.exponent(&generator),
                right.dimension.exponent(&generator),
            );
            if there == 0 && here != 0 && counts_nothing(&left.dimension) {
                left.dimension.shift(&generator, here);
            } else if here == 0 && there != 0 && counts_nothing(&right.dimension) {
                right.dimension.shift(&generator, there);
            }
        }
    }
}

/// Whether a side leaves open what it counts or refers to.
fn counts_nothing(dimension: &Dimension) -> bool {
    dimension.exponents().all(|(generator, _)| {
        !matches!(
            generator,
            Generator::Entity(_) | Generator::Procedure(_) | Generator::Reference(_)
        )
    })
}

/// For an enzyme, an international unit is 1 µmol per minute.
fn international_to_enzyme_unit(side: &mut Side) {
    let international = Generator::Procedure(Arc::from("[IU]"));
    let exponent = side.dimension.exponent(&international);
    let unit = Exact::from_ratio(1, 60_000_000).and_then(|unit| unit.checked_power(exponent));
    if let Some(unit) = unit.filter(|_| exponent != 0) {
        side.factor = side.factor.mul(&unit);
        side.dimension
            .shift(&international, exponent.saturating_neg());
        side.dimension.shift(&Generator::Amount, exponent);
        side.dimension
            .shift(&Generator::Time, exponent.saturating_neg());
    }
}

/// The factor from the left to the right dimension by the molar mass and the valence, if these are
/// all that keeps the sides apart.
fn bridge(left: &Side, right: &Side, analyte: &Analyte) -> Option<Exact> {
    let mut difference = left.dimension.divide(&right.dimension);
    if difference.is_none() {
        return None;
    }
    let mut factor = Exact::one();
    let equivalent = Generator::Reference(Arc::from("equivalent"));
    let equivalents = difference.exponent(&equivalent);
    if equivalents != 0 {
        // A mole is `valence` equivalents: leaving an equivalent divides by the valence.
        let valence = Exact::from_integer(i64::from(analyte.valence?));
        factor = factor.mul(&valence.checked_power(equivalents.saturating_neg())?);
        difference.shift(&equivalent, equivalents.saturating_neg());
    }
    let masses = difference.exponent(&Generator::Mass);
    if masses != 0 {
        let swapped = difference.exponent(&Generator::Amount) == -masses;
        if !swapped || relates_two_substances(&left.dimension, &right.dimension) {
            return None;
        }
        let molar_mass = analyte
            .molar_mass
            .as_ref()
            .filter(|mass| mass.signum() > 0)?;
        // A gram is 1 / molar mass moles.
        factor = factor.mul(&molar_mass.checked_power(-masses)?);
        difference.shift(&Generator::Mass, -masses);
        difference.shift(&Generator::Amount, masses);
    }
    difference.is_none().then_some(factor)
}

/// `mg/mmol` weighs one substance and counts the moles of another: the molar mass of the first does
/// not convert the second. (`mmol/kg` is the amount of one substance in a mass of something.)
fn relates_two_substances(left: &Dimension, right: &Dimension) -> bool {
    [left, right]
        .into_iter()
        .any(|side| side.exponent(&Generator::Amount) < 0 && side.exponent(&Generator::Mass) > 0)
}

fn differences(left: &Dimension, right: &Dimension) -> Vec<Difference> {
    left.divide(right)
        .exponents()
        .map(|(generator, _)| Difference {
            generator: generator.clone(),
            left: left.exponent(generator),
            right: right.exponent(generator),
        })
        .collect()
}

/// Why two dimensions differ, with the most telling reason.
fn explain(left: &Dimension, right: &Dimension) -> Incommensurable {
    let differences = differences(left, right);
    let reason = reason(left, right, &differences);
    Incommensurable {
        differences,
        reason,
    }
}

fn reason(left: &Dimension, right: &Dimension, differences: &[Difference]) -> MismatchReason {
    let step = |wanted: &Generator| {
        differences
            .iter()
            .find(|difference| difference.generator == *wanted)
            .map_or(0, |difference| difference.left - difference.right)
    };
    let is_physical = |generator: &Generator| {
        !matches!(
            generator,
            Generator::Entity(_) | Generator::Procedure(_) | Generator::Reference(_)
        )
    };
    let physical: Vec<&Generator> = differences
        .iter()
        .map(|difference| &difference.generator)
        .filter(|generator| is_physical(generator))
        .collect();
    let mass_amount = step(&Generator::Mass) != 0
        && step(&Generator::Mass) == -step(&Generator::Amount)
        && physical.len() == 2;
    let named = |of: fn(&Generator) -> Option<&Arc<str>>| {
        let on = |exponent: fn(&Difference) -> i32| {
            differences
                .iter()
                .filter(|difference| exponent(difference) != 0)
                .find_map(|difference| of(&difference.generator))
                .cloned()
        };
        (
            on(|difference| difference.left),
            on(|difference| difference.right),
        )
    };
    let references = |wanted: &str| {
        differences.iter().any(|difference| {
            matches!(&difference.generator, Generator::Reference(name) if &**name == wanted)
        })
    };
    let by_area = physical == [&Generator::Length]
        && step(&Generator::Length).abs() == 2
        && left.exponent(&Generator::Time) < 0;
    if references(BODY_SURFACE) && (physical.is_empty() || by_area)
        || (by_area && differences.len() == 1)
    {
        return MismatchReason::BodySurface;
    }
    if references("logarithm") {
        return MismatchReason::Logarithmic;
    }
    if !physical.is_empty() && !mass_amount {
        return MismatchReason::Dimension {
            left: left.to_string(),
            right: right.to_string(),
        };
    }
    let procedures = named(|generator| match generator {
        Generator::Procedure(code) => Some(code),
        _ => None,
    });
    if procedures != (None, None) {
        return MismatchReason::Arbitrary {
            left: procedures.0,
            right: procedures.1,
        };
    }
    if references("equivalent") {
        return MismatchReason::Equivalents;
    }
    if references("osmole") {
        return MismatchReason::Osmoles;
    }
    let relative = named(|generator| match generator {
        Generator::Reference(name) => Some(name),
        _ => None,
    });
    if relative != (None, None) {
        return MismatchReason::RatioAgainstLimit {
            left: relative.0,
            right: relative.1,
        };
    }
    if mass_amount {
        return if relates_two_substances(left, right) {
            MismatchReason::TwoSubstances
        } else {
            MismatchReason::MassAgainstAmount
        };
    }
    let entity = |generator: &Generator| match generator {
        Generator::Entity(name) => Some(Arc::clone(name)),
        _ => None,
    };
    let counted = |side: &Dimension| {
        side.exponents()
            .find_map(|(generator, _)| entity(generator))
    };
    MismatchReason::CountedThing {
        left: counted(left),
        right: counted(right),
    }
}
