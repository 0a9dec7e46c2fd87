//! What is proven to mean the same for every patient.

use lind_model::plan::{FactPlan, Plan};
use lind_model::protocol::{FactTable, Frequency, Interval, Quantifier, Shape, Subject, Tense};
use lind_units::{Exact, Unit};

/// Whether two intervals hold the same of all values between two bounds, both included: they can only differ
/// at their ends and between those.
pub(super) fn same_between(bounds: &(Exact, Exact), one: &Interval, other: &Interval) -> bool {
    let (first, last) = bounds;
    let mut marks: Vec<Exact> = [one, other]
        .into_iter()
        .flat_map(|interval| [&interval.low, &interval.high])
        .flatten()
        .map(|(end, _)| end.clone())
        .filter(|end| first < end && end < last)
        .chain([first.clone(), last.clone()])
        .collect();
    marks.sort();
    let two = Exact::from_integer(2);
    let between: Vec<Exact> = marks
        .windows(2)
        .filter_map(|pair| match pair {
            [low, high] => low.add(high).checked_div(&two),
            _ => None,
        })
        .collect();
    marks
        .iter()
        .chain(&between)
        .all(|value| one.contains(value) == other.contains(value))
}

/// The values that can be real of what is measured, in a unit.
pub(super) fn plausible(plan: &Plan, subject: Subject, unit: &Unit) -> Option<(Exact, Exact)> {
    let shape = match subject {
        Subject::Measure(id) => match &plan.protocol.measures.get(id.index())?.shape {
            Shape::Quantity(shape) => shape,
            Shape::Score { .. } | Shape::Ordinal(_) | Shape::Coded(_) | Shape::Tags(_) => {
                return None;
            }
        },
        Subject::Formula(id) => &plan.protocol.formulas.get(id.index())?.result,
    };
    let (low, high) = shape.plausible.as_ref()?;
    let convert = |end: &Exact| shape.unit.convert(end, unit, Some(&shape.analyte)).ok();
    let (low, high) = (convert(low)?, convert(high)?);
    (low <= high).then_some((low, high))
}

/// Whether a fact means the same now and ever: an allergy does not end.
pub(super) fn never_ends(fact: &FactPlan) -> bool {
    fact.table == FactTable::Allergies && matches!(fact.tense, Tense::Now | Tense::Ever)
}

/// Whether it does not matter how records are counted: of one or none there is nothing to tell apart.
pub(super) fn counts_any(frequency: Frequency) -> bool {
    matches!(
        frequency.quantifier,
        Quantifier::AtLeast(0 | 1) | Quantifier::AtMost(0) | Quantifier::Exactly(0)
    )
}

/// Whether two counts say the same, however many records there are.
pub(super) fn same_count(one: Frequency, other: Frequency) -> bool {
    one.quantifier == other.quantifier && (one.counted == other.counted || counts_any(one))
}

#[cfg(test)]
mod tests {
    use lind_model::protocol::{Comparison, Interval};
    use lind_units::Exact;

    use super::same_between;

    #[test]
    fn a_bound_beyond_what_can_be_real_is_none() {
        let number = Exact::from_integer;
        let at_most = |limit| Interval::comparison(Comparison::AtMost, number(limit));
        let below = |limit| Interval::comparison(Comparison::LessThan, number(limit));
        let real = (number(0), number(100));
        assert!(same_between(&real, &at_most(100), &at_most(101)));
        assert!(same_between(&real, &at_most(100), &below(101)));
        assert!(!same_between(&real, &at_most(100), &below(100)));
        assert!(!same_between(&real, &at_most(99), &at_most(100)));
    }
}
