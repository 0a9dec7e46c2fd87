//! The criteria of both versions, in pairs.

use std::collections::BTreeMap;
use std::sync::Arc;

use lind_model::NodeId;
use lind_model::difference::{Change, CriterionDifference};
use lind_model::plan::Plan;
use lind_model::protocol::Criterion;

use crate::CannotCompare;
use crate::meaning::{Meaning, Meanings, Reader};
use crate::questions::{Side, is_due};

/// The criteria of both versions.
#[derive(Clone, Copy)]
pub(super) struct Criteria<'c> {
    pub(super) meant: &'c [Vec<Meant>; 2],
    pub(super) pairs: &'c [Pair],
}

impl Criteria<'_> {
    /// The pairs that ask something else, or are not there in one version.
    pub(super) fn changed(&self) -> impl Iterator<Item = usize> {
        let pairs = self.pairs.iter().enumerate();
        pairs
            .filter(|(_, pair)| !pair.is_same(self.meant))
            .map(|(place, _)| place)
    }

    /// Whether what one version does of a pair the other does too: it asks the same, and as much of it is due.
    pub(super) fn is_shared(&self, pair: &Pair, sides: [&Side; 2]) -> bool {
        let due = |side: &Side, place: Option<usize>| -> Option<Vec<bool>> {
            let criterion = side.plan.criteria.get(place?)?;
            let stages = criterion.stages.iter();
            let due = stages.map(|stage| is_due(&side.plan, stage.gate, side.gate));
            Some(due.collect())
        };
        let ([old, new], [old_place, new_place]) = (sides, pair.places);
        pair.is_same(self.meant) && due(old, old_place) == due(new, new_place)
    }
}

/// What a criterion means, in this run and in every run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Meant {
    meaning: Meaning,
    fingerprint: u64,
}

/// What each criterion means, by its place.
pub(super) fn criteria_of(plan: &Plan, meanings: &mut Meanings) -> Vec<Meant> {
    let mut reader = Reader::new(plan);
    plan.criteria
        .iter()
        .map(|criterion| {
            let stated = plan.protocol.criteria.get(criterion.criterion.index());
            let mut text = format!("{:?}", stated.map(|stated| stated.kind));
            if let Some(guard) = &criterion.guard {
                text.push_str(&format!(" for {:?}", guard.sex));
                if let (Some(node), Some(stage)) = (guard.node, criterion.stages.first()) {
                    let node = reader.condition(node, stage.gate, meanings);
                    text.push_str(&format!(" if {node}"));
                }
            }
            for stage in &criterion.stages {
                let node = reader.condition(stage.node, stage.gate, meanings);
                text.push_str(&format!(" at {} {node}", reader.milestone(stage.gate)));
            }
            let meaning = meanings.number(text);
            Meant {
                meaning,
                fingerprint: meanings.fingerprint(meaning),
            }
        })
        .collect()
}

/// A criterion of both versions, or of one of them: its place in each.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pair {
    pub(super) places: [Option<usize>; 2],
}

impl Pair {
    /// Whether a criterion asks the same in both versions, piece by piece.
    pub(super) fn is_same(self, [old, new]: &[Vec<Meant>; 2]) -> bool {
        match self.places {
            [Some(one), Some(other)] => old.get(one) == new.get(other),
            _ => false,
        }
    }
}

/// The criteria of the new version in their order, each with that of the old one of the same number; and what the old
/// one has besides.
pub(super) fn pairs([old, new]: &[Plan; 2]) -> Vec<Pair> {
    fn ids(plan: &Plan) -> impl Iterator<Item = Option<&Arc<str>>> {
        (0..plan.criteria.len()).map(|place| stated(plan, place).map(|stated| &stated.id))
    }
    let mut rest: BTreeMap<Option<&Arc<str>>, usize> = ids(old).zip(0..).collect();
    let mut pairs: Vec<Pair> = ids(new)
        .zip(0..)
        .map(|(id, place)| Pair {
            places: [rest.remove(&id), Some(place)],
        })
        .collect();
    let mut rest: Vec<usize> = rest.into_values().collect();
    rest.sort_unstable();
    pairs.extend(rest.into_iter().map(|place| Pair {
        places: [Some(place), None],
    }));
    pairs
}

/// What the criterion at a place is in the protocol.
pub(super) fn stated(plan: &Plan, place: usize) -> Option<&Criterion> {
    let own = plan.criteria.get(place)?;
    plan.protocol.criteria.get(own.criterion.index())
}

/// A criterion with what became of it, in words only where it changed.
pub(super) fn criterion_of(
    pair: Pair,
    plans: [&Plan; 2],
    [meant_old, meant_new]: &[Vec<Meant>; 2],
    change: Change,
) -> Result<CriterionDifference, CannotCompare> {
    let ([old, new], [old_plan, new_plan]) = (pair.places, plans);
    let of_old = old.and_then(|place| stated(old_plan, place));
    let of_new = new.and_then(|place| stated(new_plan, place));
    let stated = of_new.or(of_old).ok_or(CannotCompare::NoCriteria)?;
    let fingerprint = |meant: &[Meant], place: Option<usize>| Some(meant.get(place?)?.fingerprint);
    Ok(CriterionDifference {
        id: Arc::clone(&stated.id),
        title: Arc::clone(&stated.title),
        kind: stated.kind,
        spans: [of_old.map(|own| own.span), of_new.map(|own| own.span)],
        fingerprints: [fingerprint(meant_old, old), fingerprint(meant_new, new)],
        texts: match change {
            Change::Same => [Vec::new(), Vec::new()],
            _ => told_apart([texts_of(old_plan, old), texts_of(new_plan, new)]),
        },
        change,
    })
}

/// What a criterion says, condition by condition, as written.
fn texts_of(plan: &Plan, place: Option<usize>) -> Vec<Arc<str>> {
    let Some(criterion) = place.and_then(|place| plan.criteria.get(place)) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let guard = criterion.guard.as_ref();
    found.extend(guard.map(|guard| Arc::clone(&guard.text)));
    for stage in &criterion.stages {
        let mut open = vec![stage.node];
        while let Some(node) = open.pop().and_then(|id| plan.node(id)) {
            if crate::questions::joins(&node.kind) {
                let parts: Vec<NodeId> = node.kind.parts().collect();
                open.extend(parts.into_iter().rev());
            } else if !found.contains(&node.text) {
                found.push(Arc::clone(&node.text));
            }
        }
    }
    found
}

/// What one text says alone, and what the other.
fn told_apart([old, new]: [Vec<Arc<str>>; 2]) -> [Vec<Arc<str>>; 2] {
    let without = |one: &[Arc<str>], other: &[Arc<str>]| {
        let own = one.iter().filter(|text| !other.contains(text));
        own.cloned().collect()
    };
    [without(&old, &new), without(&new, &old)]
}
