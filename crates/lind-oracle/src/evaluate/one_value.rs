//! The test of one candidate (section 4).

use std::sync::Arc;

use lind_model::protocol::{Interval, QuantityShape, Shape, TagRule, Test};
use lind_time::Tri;
use lind_units::{Decimal, Exact, Unit};

use crate::chart::{Observation, tri, word};
use crate::reals::{closed, lies_in, meet, point, within};

/// Whether a value passes a test; Maybe is unknown.
pub(super) fn passes(shape: &Shape, test: &Test, value: &Observation) -> Tri {
    match (shape, test) {
        (Shape::Quantity(shape), Test::Quantity(interval, unit)) => {
            match quantity(shape, value, unit) {
                Some(numbers) => within(&numbers, interval),
                None => Tri::Maybe,
            }
        }
        (Shape::Quantity(shape), Test::Multiple { interval, upper }) => {
            multiple(shape, interval, *upper, value)
        }
        (Shape::Quantity(shape), Test::Reference { outside }) => {
            let within = multiple(shape, &at_least_one(), false, value).and(multiple(
                shape,
                &at_most_one(),
                true,
                value,
            ));
            if *outside { within.negate() } else { within }
        }
        (Shape::Score { .. }, Test::Score(interval)) => match score(shape, value) {
            Some(numbers) => within(&numbers, interval),
            None => Tri::Maybe,
        },
        (Shape::Ordinal(levels), Test::Levels(wanted)) => match level(levels, value) {
            Some(level) => tri(wanted.contains(&level)),
            None => Tri::Maybe,
        },
        (Shape::Coded(results), Test::Results(wanted)) => coded(results, wanted, value),
        (Shape::Tags(tags), Test::Tags(rule, asked)) => tagged(tags, *rule, asked, value),
        // The checker lets no such test pass.
        _ => Tri::Maybe,
    }
}

/// Whether a value lies between two multiples of a reference: the difference of both is above or below zero,
/// whatever they are.
pub(super) fn is_multiple(
    shape: &QuantityShape,
    factors: &Interval,
    reference: &Interval,
    value: &Observation,
) -> Tri {
    let zero = Exact::zero();
    let Some(numbers) = quantity(shape, value, &shape.unit) else {
        return Tri::Maybe;
    };
    let negative = reference.low.as_ref().is_none_or(|(low, _)| *low < zero);
    let nothing = reference
        .high
        .as_ref()
        .is_some_and(|(high, _)| *high <= zero);
    if negative || nothing {
        return Tri::Maybe;
    }
    let difference = |factor: &Exact| {
        let less = |one: &Option<(Exact, bool)>, other: &Option<(Exact, bool)>| {
            let ((one, one_belongs), (other, other_belongs)) = (one.as_ref()?, other.as_ref()?);
            Some((one.sub(&other.mul(factor)), *one_belongs && *other_belongs))
        };
        Interval {
            low: less(&numbers.low, &reference.high),
            high: less(&numbers.high, &reference.low),
        }
    };
    let mut answer = Tri::Yes;
    if let Some((factor, belongs)) = &factors.low {
        let above = Interval {
            low: Some((zero.clone(), *belongs)),
            high: None,
        };
        answer = answer.and(within(&difference(factor), &above));
    }
    if let Some((factor, belongs)) = &factors.high {
        let below = Interval {
            low: None,
            high: Some((zero.clone(), *belongs)),
        };
        answer = answer.and(within(&difference(factor), &below));
    }
    answer
}

/// The numbers that a recorded quantity can be, in a unit; none if it cannot be used.
pub(super) fn quantity(
    shape: &QuantityShape,
    value: &Observation,
    wanted: &Unit,
) -> Option<Interval> {
    let unit = value.unit.as_ref()?;
    let analyte = Some(&shape.analyte);
    let number = unit
        .convert(&value.value.as_ref()?.to_exact(), wanted, analyte)
        .ok()?;
    let plausible = match &shape.plausible {
        None => closed(None, None),
        Some((low, high)) => closed(
            Some(shape.unit.convert(low, wanted, analyte).ok()?),
            Some(shape.unit.convert(high, wanted, analyte).ok()?),
        ),
    };
    let numbers = compared(&value.comparator, number, &plausible);
    meet(&numbers, &plausible).then_some(numbers)
}

/// The one number that a recorded quantity is, in a unit.
pub(super) fn exact_quantity(
    shape: &QuantityShape,
    value: &Observation,
    wanted: &Unit,
) -> Option<Exact> {
    if !value.comparator.is_empty() {
        return None;
    }
    let (number, _) = quantity(shape, value, wanted)?.low?;
    Some(number)
}

/// The one number that a score is.
pub(super) fn exact_score(shape: &Shape, value: &Observation) -> Option<Exact> {
    if !value.comparator.is_empty() {
        return None;
    }
    let (number, _) = score(shape, value)?.low?;
    Some(number)
}

/// The numbers that a value with a comparator can be.
fn compared(comparator: &str, number: Exact, range: &Interval) -> Interval {
    let (low, high) = (range.low.clone(), range.high.clone());
    match comparator {
        "<" => Interval {
            low,
            high: Some((number, false)),
        },
        "<=" => Interval {
            low,
            high: Some((number, true)),
        },
        ">" => Interval {
            low: Some((number, false)),
            high,
        },
        ">=" => Interval {
            low: Some((number, true)),
            high,
        },
        _ => point(&number),
    }
}

/// From the limit on.
pub(super) fn at_least_one() -> Interval {
    closed(Some(Exact::one()), None)
}

/// Up to the limit.
pub(super) fn at_most_one() -> Interval {
    closed(None, Some(Exact::one()))
}

/// Value and limit are of one unit, whatever it is.
fn multiple(shape: &QuantityShape, interval: &Interval, upper: bool, value: &Observation) -> Tri {
    let limit = if upper { &value.high } else { &value.low };
    let (Some(number), Some(limit)) = (&value.value, limit) else {
        return Tri::Maybe;
    };
    let limit = limit.to_exact();
    if limit <= Exact::zero() {
        return Tri::Maybe;
    }
    let can_be = |number: Exact| {
        let unit = value.unit.as_ref()?;
        let (low, high) = shape.plausible.as_ref()?;
        let number = unit
            .convert(&number, &shape.unit, Some(&shape.analyte))
            .ok()?;
        Some(*low <= number && number <= *high)
    };
    if value.comparator.is_empty()
        && can_be(number.to_exact()) == Some(false)
        && can_be(limit.clone()) == Some(true)
    {
        return Tri::Maybe;
    }
    let numbers = compared(&value.comparator, number.to_exact(), &closed(None, None));
    let times_limit = |end: &Option<(Exact, bool)>| {
        end.as_ref()
            .map(|(factor, closed)| (factor.mul(&limit), *closed))
    };
    let wanted = Interval {
        low: times_limit(&interval.low),
        high: times_limit(&interval.high),
    };
    within(&numbers, &wanted)
}

/// The numbers that a recorded score can be.
pub(super) fn score(shape: &Shape, value: &Observation) -> Option<Interval> {
    let Shape::Score {
        lowest,
        highest,
        step,
    } = shape
    else {
        return None;
    };
    // `points` is read as `{score}`.
    if let Some(unit) = &value.unit
        && !matches!(unit.code(), "{score}" | "1")
    {
        return None;
    }
    let number = value.value.as_ref()?.to_exact();
    let scale = closed(Some(lowest.to_exact()), Some(highest.to_exact()));
    if value.comparator.is_empty() {
        let on_step = match step {
            Some(step) => is_on_step(&number, lowest, step),
            None => true,
        };
        return (lies_in(&number, &scale) && on_step).then(|| point(&number));
    }
    let numbers = compared(&value.comparator, number, &scale);
    meet(&numbers, &scale).then_some(numbers)
}

fn is_on_step(number: &Exact, lowest: &Decimal, step: &Decimal) -> bool {
    number
        .sub(&lowest.to_exact())
        .checked_div(&step.to_exact())
        .is_some_and(|steps| steps.is_integer())
}

/// The place of a recorded level on its scale.
pub(super) fn level(levels: &[Arc<str>], value: &Observation) -> Option<usize> {
    let written = if value.result.is_empty() {
        if !value.comparator.is_empty() {
            return None;
        }
        value.value.as_ref()?.to_string()
    } else {
        value.result.clone()
    };
    levels.iter().position(|level| word(level) == written)
}

/// What is asked of the tags that a result carries. A tag that nobody declared may be any.
fn tagged(tags: &[Arc<str>], rule: TagRule, asked: &[Arc<str>], value: &Observation) -> Tri {
    if value.result.is_empty() {
        return Tri::Maybe;
    }
    let among = |list: &[Arc<str>], tag: &str| list.iter().any(|known| word(known) == tag);
    let of_tag: Vec<Tri> = value
        .result
        .split('+')
        .map(|tag| {
            let tag = word(tag);
            if among(tags, &tag) {
                tri(among(asked, &tag))
            } else {
                Tri::Maybe
            }
        })
        .collect();
    let any = of_tag.iter().fold(Tri::No, |any, one| any.or(*one));
    match rule {
        TagRule::Includes => any,
        TagRule::IncludesNone => any.negate(),
        TagRule::Only => of_tag.iter().fold(Tri::Yes, |all, one| all.and(*one)),
    }
}

fn coded(results: &[Arc<str>], wanted: &[Arc<str>], value: &Observation) -> Tri {
    let is_among = |list: &[Arc<str>]| list.iter().any(|result| word(result) == value.result);
    if value.result.is_empty() || !is_among(results) {
        Tri::Maybe
    } else {
        tri(is_among(wanted))
    }
}
