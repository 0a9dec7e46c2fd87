//! The comparison of two versions.

mod asked;
mod criteria;
mod days;
mod guesses;
mod near;
mod watch;

use std::collections::BTreeSet;
use std::sync::Arc;

use lind_model::difference::{Change, Status, Transition};
use lind_model::{Choices, Difference, MilestoneId, Plan, Protocol, TestCase};
use lind_time::Day;

use crate::CannotCompare;
use crate::calendar::{Arrangement, Calendar};
use crate::cases::{self, Made};
use crate::meaning::Meanings;
use crate::parts::compare_parts;
use crate::patient::Examples;
use crate::questions::{QuestionId, Questions, Side, Which, collect};
use asked::{Asked, Findings, ways};
use criteria::{Criteria, Meant, Pair, criteria_of, criterion_of, pairs};
use days::{Memory, OnDays, Pairwise};

/// A version of a protocol.
#[derive(Debug, Clone)]
pub struct Version {
    /// What it says.
    pub protocol: Arc<Protocol>,
    /// The tests in its file, whose patients serve as examples.
    pub tests: Vec<TestCase>,
}

/// Compares what two versions mean at the last gate that both have.
///
/// # Errors
/// A version is too large to be run, or the interpreter disagrees with the engine, which is an error of Lind.
pub fn compare(old: &Version, new: &Version) -> Result<Difference, CannotCompare> {
    let lower = |version: &Version| {
        Plan::lower(&version.protocol, Choices::chosen(&version.protocol))
            .map_err(|error| CannotCompare::TooLarge(error.to_string()))
    };
    let plans = [lower(old)?, lower(new)?];
    let gates = gates(&plans)?;
    let mut meanings = Meanings::default();
    let [old_plan, new_plan] = &plans;
    let meant = [
        criteria_of(old_plan, &mut meanings),
        criteria_of(new_plan, &mut meanings),
    ];
    let pairs = pairs(&plans);
    // Who is asked the same by both versions answers the same, whatever it is.
    let mut found = if pairs.iter().all(|pair| pair.is_same(&meant)) {
        unchanged([old_plan, new_plan], gates, &pairs, &meant)?
    } else {
        let criteria = Criteria {
            meant: &meant,
            pairs: &pairs,
        };
        changed([old, new], plans, gates, criteria, &mut meanings)?
    };
    found.parts = compare_parts(&old.protocol, &new.protocol)?;
    Ok(found)
}

/// Compares versions of which some criteria ask otherwise.
fn changed(
    versions: [&Version; 2],
    [old_plan, new_plan]: [Plan; 2],
    [old_gate, new_gate]: [MilestoneId; 2],
    criteria: Criteria<'_>,
    meanings: &mut Meanings,
) -> Result<Difference, CannotCompare> {
    let mut questions = Questions::default();
    let old_side = collect(Which::Old, old_plan, old_gate, &mut questions, meanings);
    let new_side = collect(Which::New, new_plan, new_gate, &mut questions, meanings);
    let sides = [&old_side, &new_side];
    // A Monday in the middle of a year; which day it is does not matter to what is exact.
    let gate = Day::from_ymd(2025, 6, 16).ok_or(CannotCompare::NoCriteria)?;
    let examples = |gate: Day| {
        let tests = versions.into_iter().zip(sides).rev();
        let tests = tests.flat_map(|(version, side)| {
            let name = name_of(&side.plan, side.gate);
            let own = version.tests.iter();
            own.map(move |test| (test, Arc::clone(&name)))
        });
        Examples::of_tests(tests, gate)
    };
    let usual = examples(gate);
    let first = Calendar::new(sides, gate, &usual);
    let pairwise = Pairwise::new(sides, &questions, criteria);
    let mut memory = Memory::of(sides);
    let mut found = Findings::none(Asked::all(criteria));
    let arrangements = arrangements(sides, &first, &questions, criteria);
    // Another day may show what this one does not, where months are exchanged for days.
    for gate in first.gates(&questions.changed_windows(sides)) {
        let open = found.open();
        if open.is_empty() {
            break;
        }
        let examples = examples(gate);
        let mut own = Findings::none(found.asked.clone());
        for arrangement in &arrangements {
            let calendar = Calendar::arranged(sides, gate, &examples, arrangement);
            let made = Made {
                sides,
                calendar: &calendar,
                questions: &questions,
                examples: &examples,
            };
            let mut days = OnDays::new(made, &pairwise, &mut memory);
            // Somebody who was found on other days is there, and what is undecided on some is not proved on others.
            for place in own.unseen() {
                if let Some(asked) = own.asked.get(place).filter(|_| open.contains(&place)) {
                    let status = days.status(*asked)?;
                    own.join(place, status);
                }
            }
        }
        found.learn(own);
    }
    let (transitions, changes) = found.into_parts(criteria);
    let of_pairs = criteria.pairs.iter().zip(changes).map(|(pair, change)| {
        criterion_of(
            *pair,
            [&old_side.plan, &new_side.plan],
            criteria.meant,
            change,
        )
    });
    Ok(Difference {
        gates: sides.map(|side| name_of(&side.plan, side.gate)),
        transitions,
        criteria: of_pairs.collect::<Result<_, _>>()?,
        parts: Vec::new(),
    })
}

/// The ways in which the milestones may lie that matter to criteria that are not the same.
fn arrangements(
    sides: [&Side; 2],
    calendar: &Calendar,
    questions: &Questions,
    criteria: Criteria<'_>,
) -> Vec<Arrangement> {
    let mut changed: BTreeSet<QuestionId> = BTreeSet::new();
    let [old, new] = criteria.meant;
    for (which, (side, (own, other))) in Which::BOTH
        .into_iter()
        .zip(sides.into_iter().zip([(old, new), (new, old)]))
    {
        for (place, meaning) in own.iter().enumerate() {
            if !other.contains(meaning) {
                changed.extend(questions.of_criterion(which, side, place));
            }
        }
    }
    let nobody = Examples::none();
    let made = Made {
        sides,
        calendar,
        questions,
        examples: &nobody,
    };
    cases::arrangements(&made, &changed)
}

pub(crate) fn name_of(plan: &Plan, id: MilestoneId) -> Arc<str> {
    let milestone = plan.protocol.milestones.get(id.index());
    milestone.map_or_else(|| Arc::from(""), |milestone| Arc::clone(&milestone.name))
}

/// The last milestone that both versions have and at which one of them decides something; or else the last gate of
/// each.
pub(crate) fn gates(plans: &[Plan; 2]) -> Result<[MilestoneId; 2], CannotCompare> {
    let [old, new] = plans;
    let place = |plan: &Plan, name: &str| {
        let milestones = plan.protocol.milestones.iter();
        let place = milestones.into_iter().position(|own| &*own.name == name)?;
        Some(MilestoneId::from_index(place))
    };
    let names = |plan: &Plan| -> Vec<Arc<str>> {
        plan.gates.iter().map(|gate| name_of(plan, *gate)).collect()
    };
    let both = names(old)
        .into_iter()
        .chain(names(new))
        .filter_map(|name| Some([place(old, &name)?, place(new, &name)?]))
        .max_by_key(|[_, new]| *new);
    match (both, old.gates.last(), new.gates.last()) {
        (Some(both), _, _) => Ok(both),
        (None, Some(old), Some(new)) => Ok([*old, *new]),
        (None, _, _) => Err(CannotCompare::NoCriteria),
    }
}

/// The difference of two versions whose criteria all ask the same: nobody stands elsewhere, whoever it is.
fn unchanged(
    plans: [&Plan; 2],
    gates: [MilestoneId; 2],
    pairs: &[Pair],
    meant: &[Vec<Meant>; 2],
) -> Result<Difference, CannotCompare> {
    let ([old, new], [old_gate, new_gate]) = (plans, gates);
    let criteria = pairs
        .iter()
        .map(|pair| criterion_of(*pair, plans, meant, Change::Same));
    Ok(Difference {
        gates: [name_of(old, old_gate), name_of(new, new_gate)],
        transitions: ways()
            .map(|(from, to)| Transition {
                from,
                to,
                status: Status::Impossible,
            })
            .collect(),
        criteria: criteria.collect::<Result<_, _>>()?,
        parts: Vec::new(),
    })
}
