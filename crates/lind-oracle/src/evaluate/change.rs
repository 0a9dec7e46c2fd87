//! Change between two values (section 5).

use lind_model::protocol::{ChangeMode, ChangeTest, Direction, Measure, Selector, Shape, Subject};
use lind_model::{OpenKind, Truth};
use lind_time::Tri;
use lind_units::Exact;

use super::one_value::{exact_quantity, exact_score};
use super::values::{Candidate, Reading, Recorded, chosen};
use super::{Clauses, Gate, Run};
use crate::chart::tri;
use crate::reals::lies_in;

impl<'a> Run<'a> {
    pub(super) fn change(
        &self,
        change: &'a ChangeTest,
        clauses: &Clauses<'a>,
        gate: Gate,
    ) -> Truth {
        let windows =
            std::iter::once(&change.window).chain(clauses.samples.iter().map(|rule| &rule.window));
        if let Some(open) = self.not_anchored(windows) {
            return open;
        }
        let Subject::Measure(measure) = change.subject else {
            return Truth::Open(OpenKind::Unknown);
        };
        let Some(measure) = self.protocol.measures.get(measure.index()) else {
            return Truth::Open(OpenKind::Unknown);
        };
        let reading = Reading {
            selector: Selector::Latest,
            window: Some(&change.window),
            provenance: &[],
            time_of_day: None,
            evidence: None,
            samples: &clauses.samples,
            gate,
        };
        let candidates = self.candidates(&Recorded::of(measure), reading);
        Truth::from_tri(changed(change, measure, &candidates))
    }
}

fn changed(change: &ChangeTest, measure: &Measure, candidates: &[Candidate]) -> Tri {
    if candidates
        .iter()
        .filter(|candidate| candidate.is_sure())
        .count()
        < 2
    {
        return Tri::Maybe;
    }
    let differs = |earlier: &Candidate, later: &Candidate| match difference(
        change, measure, earlier, later,
    ) {
        Some(difference) => tri(lies_in(&difference, &change.by)),
        None => Tri::Maybe,
    };
    let later_ones = chosen(Selector::Latest, candidates);
    let surely_before = |later: &Candidate| -> Vec<&Candidate> {
        candidates
            .iter()
            .filter(|other| other.is_sure() && other.time.is_before(later.time) == Tri::Yes)
            .collect()
    };
    let certainly = later_ones.iter().all(|later| {
        surely_before(later)
            .into_iter()
            .any(|earlier| differs(earlier, later) == Tri::Yes)
    });
    if certainly {
        return Tri::Yes;
    }
    let each_has_an_earlier = later_ones
        .iter()
        .all(|later| !surely_before(later).is_empty());
    let possibly = later_ones.iter().any(|later| {
        candidates
            .iter()
            .filter(|other| !std::ptr::eq(*other, *later))
            .filter(|other| other.time.is_before(later.time) != Tri::No)
            .any(|earlier| differs(earlier, later) != Tri::No)
    });
    if each_has_an_earlier && !possibly {
        return Tri::No;
    }
    Tri::Maybe
}

/// By how much the value has changed in the direction asked for; none if it cannot be told.
fn difference(
    change: &ChangeTest,
    measure: &Measure,
    earlier: &Candidate,
    later: &Candidate,
) -> Option<Exact> {
    let (earlier, later) = (earlier.value.as_ref()?, later.value.as_ref()?);
    let (before, after) = match (&measure.shape, &change.mode) {
        (Shape::Quantity(shape), ChangeMode::Relative) => (
            exact_quantity(shape, earlier, &shape.unit)?,
            exact_quantity(shape, later, &shape.unit)?,
        ),
        (Shape::Quantity(shape), ChangeMode::Absolute(unit)) => (
            exact_quantity(shape, earlier, unit)?,
            exact_quantity(shape, later, unit)?,
        ),
        (shape @ Shape::Score { .. }, ChangeMode::Points | ChangeMode::Relative) => {
            (exact_score(shape, earlier)?, exact_score(shape, later)?)
        }
        _ => return None,
    };
    let mut fall = before.sub(&after);
    if change.mode == ChangeMode::Relative {
        if before <= Exact::zero() {
            return None;
        }
        fall = fall.mul(&Exact::from_integer(100)).checked_div(&before)?;
    }
    Some(match change.direction {
        Direction::Falls => fall,
        Direction::Rises => fall.neg(),
        Direction::Changes => fall.abs(),
    })
}
