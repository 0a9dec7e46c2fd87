//! What a change means for patients of whom there are data: both versions are asked about each chart.
//!
//! Whoever changes in a way that was proved to be impossible, and is of the patients of whom the proof speaks, shows
//! that the engine and the interpreter disagree.

mod beyond;
mod counts;

use std::sync::Arc;

use lind_eval::{Context, Program, evaluate};
use lind_model::difference::{Beyond, Change, Difference, Status};
use lind_model::{Choices, Effect, MilestoneId, Plan, Standing, Verdict};
use lind_records::{Chart, Dataset, Wanted};
use lind_time::When;

use crate::CannotCompare;
use crate::compare::{Version, gates, name_of};

pub use counts::Counts;

/// What a milestone is called behind which somebody is enrolled, where nothing else is said.
const ENROLMENTS: [&str; 5] = [
    "enrolment",
    "enrollment",
    "randomisation",
    "randomization",
    "registration",
];

/// Who is asked where.
#[derive(Debug, Clone, Default)]
pub struct Wishes {
    /// The milestone of the old version behind which somebody is enrolled; none: the one that is called so.
    pub enrolment: Option<MilestoneId>,
    /// The gates at which everybody is asked, in the old and in the new version; none: each at the furthest that was
    /// reached.
    pub at: Vec<[MilestoneId; 2]>,
    /// Whether everybody who is answered otherwise is kept by name.
    pub names: bool,
}

/// Two versions that are asked about the same charts.
#[derive(Debug)]
pub struct Cohorts<'d> {
    difference: &'d Difference,
    programs: [Program; 2],
    gates: Vec<[MilestoneId; 2]>,
    /// Whether everybody is asked at all of them.
    is_everywhere: bool,
    /// The place of the gate of which the difference speaks.
    compared: Option<usize>,
    enrolment: Option<MilestoneId>,
    /// By the criteria of the difference.
    pairs: Vec<Pair>,
    names: bool,
}

/// A criterion of both versions, or of one of them.
#[derive(Debug)]
struct Pair {
    id: Arc<str>,
    places: [Option<usize>; 2],
}

/// What both versions say of a patient.
#[derive(Debug, Clone)]
pub struct Answered {
    patient: Arc<str>,
    is_enrolled: bool,
    gates: Vec<AtGate>,
}

#[derive(Debug, Clone)]
struct AtGate {
    gate: usize,
    from: Standing,
    to: Standing,
    turned: Vec<Turned>,
    /// Whether this was proved to be impossible, and if so why the proof does not speak of this patient.
    excluded: Option<Option<Beyond>>,
}

#[derive(Debug, Clone, Copy)]
struct Turned {
    pair: usize,
    from: Effect,
    to: Effect,
    /// Whether the patient stands there by this alone.
    alone: bool,
}

impl<'d> Cohorts<'d> {
    /// Makes two versions ready to be asked about the same charts.
    ///
    /// # Errors
    /// A version is too large to be run, or has no criteria.
    pub fn new(
        [old, new]: [&Version; 2],
        difference: &'d Difference,
        wishes: &Wishes,
    ) -> Result<Self, CannotCompare> {
        let lower = |version: &Version| {
            Plan::lower(&version.protocol, Choices::chosen(&version.protocol))
                .map_err(|error| CannotCompare::TooLarge(error.to_string()))
        };
        let plans = [lower(old)?, lower(new)?];
        let last = gates(&plans)?;
        let common = common(&plans, last);
        let [old_plan, new_plan] = plans;
        let old = Program::new(old_plan);
        let new = Program::beside(new_plan, &old);
        let is_everywhere = !wishes.at.is_empty();
        let gates = match is_everywhere {
            true => wishes.at.clone(),
            false => common,
        };
        let enrolment = wishes.enrolment.or_else(|| {
            let milestones = &old.plan().protocol.milestones;
            let called = |name: &&str| milestones.iter().position(|own| &*own.name == *name);
            let place = ENROLMENTS.iter().find_map(called);
            place.map(MilestoneId::from_index)
        });
        Ok(Self {
            difference,
            compared: gates.iter().position(|own| *own == last),
            pairs: pairs(&old, &new, difference),
            programs: [old, new],
            gates,
            is_everywhere,
            enrolment,
            names: wishes.names,
        })
    }

    /// The old and the new version, ready to be run.
    #[must_use]
    pub fn programs(&self) -> &[Program; 2] {
        &self.programs
    }

    /// What a reader must deliver for both.
    #[must_use]
    pub fn wanted(&self) -> Wanted {
        Program::wanted_by(&self.programs)
    }

    /// Whether the tables of a data set say all there is to say, as a proof supposes.
    #[must_use]
    pub fn is_complete(&self, dataset: &Dataset) -> bool {
        beyond::is_complete(&self.programs, dataset)
    }

    /// What both versions say of a patient; `is_complete` as [`Cohorts::is_complete`] says.
    #[must_use]
    pub fn ask(&self, contexts: [&Context<'_>; 2], chart: &Chart, is_complete: bool) -> Answered {
        let [old, new] = &self.programs;
        let [old_context, new_context] = contexts;
        let reached = |[one, other]: [MilestoneId; 2]| -> Option<[When; 2]> {
            Some([
                old.reached_at(one, chart, old_context)?,
                new.reached_at(other, chart, new_context)?,
            ])
        };
        let asked: Vec<usize> = if self.is_everywhere {
            (0..self.gates.len()).collect()
        } else {
            let furthest = self.gates.iter().rposition(|own| reached(*own).is_some());
            vec![furthest.unwrap_or(0)]
        };
        let mut gates = Vec::with_capacity(asked.len());
        for place in asked {
            let Some([one, other]) = self.gates.get(place).copied() else {
                continue;
            };
            let before = evaluate(old, old_context, chart, one);
            let after = evaluate(new, new_context, chart, other);
            let turned = self.turned(&before, &after);
            let (from, to) = (before.standing, after.standing);
            let is_excluded = self.compared == Some(place)
                && reached([one, other]).is_some()
                && self.is_excluded(from, to, &turned);
            gates.push(AtGate {
                gate: place,
                from,
                to,
                excluded: is_excluded
                    .then(|| beyond::beyond(self, contexts, chart, [one, other], is_complete)),
                turned,
            });
        }
        let enrolled = self
            .enrolment
            .and_then(|id| old.reached_at(id, chart, old_context));
        Answered {
            patient: Arc::clone(&chart.patient),
            is_enrolled: enrolled.is_some(),
            gates,
        }
    }

    /// The criteria that do something else to a patient.
    fn turned(&self, before: &Verdict, after: &Verdict) -> Vec<Turned> {
        let mut turned = Vec::new();
        for (place, pair) in self.pairs.iter().enumerate() {
            let [one, other] = pair.places;
            let (from, to) = (effect_in(before, one), effect_in(after, other));
            if from != to {
                let others = before
                    .criteria
                    .iter()
                    .enumerate()
                    .filter(|(own, criterion)| criterion.due && Some(*own) != one)
                    .map(|(_, criterion)| criterion.effect);
                let by_it = Standing::of(others.chain([to]));
                turned.push(Turned {
                    pair: place,
                    from,
                    to,
                    alone: before.standing != after.standing && by_it == after.standing,
                });
            }
        }
        turned
    }

    /// Whether a change was proved to be impossible.
    fn is_excluded(&self, from: Standing, to: Standing, turned: &[Turned]) -> bool {
        let of_standing = self.difference.transitions.iter().any(|own| {
            (own.from, own.to) == (from, to) && matches!(own.status, Status::Impossible)
        });
        of_standing
            || turned.iter().any(|own| {
                let known = self.difference.criteria.get(own.pair);
                match known.map(|known| &known.change) {
                    None => false,
                    Some(Change::Same) => true,
                    Some(change) => change.effects().is_some_and(|effects| {
                        let mut alone = effects.alone.iter();
                        !alone.any(|(a, b, _)| (*a, *b) == (own.from, own.to))
                    }),
                }
            })
    }

    fn gate_name(&self, place: usize) -> Arc<str> {
        let [_, new] = &self.programs;
        let gate = self.gates.get(place).map(|[_, new]| *new);
        gate.map_or_else(|| Arc::from(""), |gate| name_of(new.plan(), gate))
    }
}

/// The gates that both versions have, and at which one of them decides something; in the order of the new one.
fn common(plans: &[Plan; 2], last: [MilestoneId; 2]) -> Vec<[MilestoneId; 2]> {
    let [old, new] = plans;
    let mut found: Vec<[MilestoneId; 2]> = Vec::new();
    for (place, milestone) in new.protocol.milestones.iter().enumerate() {
        let id = MilestoneId::from_index(place);
        let mut others = old.protocol.milestones.iter();
        let other = others.position(|own| own.name == milestone.name);
        if let Some(other) = other.map(MilestoneId::from_index)
            && (old.gates.contains(&other) || new.gates.contains(&id))
        {
            found.push([other, id]);
        }
    }
    if found.is_empty() {
        found.push(last);
    }
    found
}

fn pairs(old: &Program, new: &Program, difference: &Difference) -> Vec<Pair> {
    let place = |program: &Program, id: &Arc<str>| {
        let plan = program.plan();
        let mut criteria = plan.criteria.iter();
        criteria.position(|own| {
            let stated = plan.protocol.criteria.get(own.criterion.index());
            stated.is_some_and(|stated| stated.id == *id)
        })
    };
    let all = difference.criteria.iter();
    all.map(|own| Pair {
        id: Arc::clone(&own.id),
        places: [place(old, &own.id), place(new, &own.id)],
    })
    .collect()
}

/// What a criterion does in a verdict; what is not there, and what is not due, does not stand in the way.
fn effect_in(verdict: &Verdict, place: Option<usize>) -> Effect {
    let own = place.and_then(|place| verdict.criteria.get(place));
    own.filter(|own| own.due)
        .map_or(Effect::Pass, |own| own.effect)
}
