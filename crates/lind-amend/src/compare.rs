//! The comparison of two versions.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use lind_model::difference::{
    Because, Change, CriterionDifference, Effects, MadeUpRow, Status, Transition, Witness,
};
use lind_model::plan::PlanCriterion;
use lind_model::protocol::Criterion;
use lind_model::{
    Choices, Difference, Effect, MilestoneId, NodeId, Plan, Protocol, Standing, TestCase, Verdict,
};
use lind_time::Day;

use crate::CannotCompare;
use crate::answers::Interpreter;
use crate::calendar::{Arrangement, Calendar};
use crate::cases::{self, Made};
use crate::formula::{Choice, Formula, standing};
use crate::meaning::{Meaning, Meanings, Reader};
use crate::parts::compare_parts;
use crate::patient::{Patient, Row, of_test};
use crate::questions::{QuestionId, Questions, Side, Which, collect};
use crate::solver::{Answer, Clauses, Literal};
use crate::universe::{Universe, universe};
use crate::words;
use lind_records::Chart;

/// How many patients are made up before a question is given up.
const MOST_TRIES: usize = 40;

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

/// The criteria of both versions.
#[derive(Clone, Copy)]
struct Criteria<'c> {
    meant: &'c [Vec<Meant>; 2],
    pairs: &'c [Pair],
}

/// Compares versions of which some criteria ask otherwise.
fn changed(
    [old, new]: [&Version; 2],
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
    let examples = |gate: Day| -> Vec<Patient> {
        let versions = [(new, &new_side), (old, &old_side)];
        let tests = versions.into_iter().flat_map(|(version, side)| {
            let name = name_of(&side.plan, side.gate);
            let own = version.tests.iter();
            own.filter_map(move |test| of_test(test, &name, gate))
        });
        tests.collect()
    };
    let first = Calendar::new(sides, gate, &examples(gate));
    let mut found: Option<Difference> = None;
    // Another day may show what this one does not, where months are exchanged for days.
    let arrangements = arrangements(sides, &first, &questions, criteria.meant);
    for gate in first.gates(&questions.changed_windows(sides)) {
        let examples = examples(gate);
        let mut own: Option<Difference> = None;
        for arrangement in &arrangements {
            let calendar = Calendar::arranged(sides, gate, &examples, arrangement);
            let other = on(sides, &questions, &calendar, &examples, criteria)?;
            match &mut own {
                None => own = Some(other),
                Some(own) => own.join(other),
            }
        }
        let own = own.ok_or(CannotCompare::NoCriteria)?;
        match &mut found {
            None => found = Some(own),
            Some(found) => found.learn(own),
        }
        if !found.as_ref().is_some_and(Difference::is_open) {
            break;
        }
    }
    found.ok_or(CannotCompare::NoCriteria)
}

/// The ways in which the milestones may lie that matter to criteria that are not the same.
fn arrangements(
    sides: [&Side; 2],
    calendar: &Calendar,
    questions: &Questions,
    meant: &[Vec<Meant>; 2],
) -> Vec<Arrangement> {
    let mut changed: BTreeSet<QuestionId> = BTreeSet::new();
    let [old, new] = meant;
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
    let made = Made {
        sides,
        calendar,
        questions,
        examples: &[],
    };
    cases::arrangements(&made, &changed)
}

/// Compares with the milestones on given days.
fn on(
    sides: [&Side; 2],
    questions: &Questions,
    calendar: &Calendar,
    examples: &[Patient],
    criteria: Criteria<'_>,
) -> Result<Difference, CannotCompare> {
    let mut clauses = Clauses::new();
    let universe = universe(sides, calendar, questions, examples, &mut clauses)?;
    let [old, new] = sides;
    let mut formula = Formula::new(questions, &universe.answers);
    let mut effect = |which: Which, side: &Side, criterion: &PlanCriterion| {
        formula.effect(which, &side.plan, criterion, side.gate, &mut clauses)
    };
    let of_old: Vec<Option<Choice<Effect>>> = old
        .plan
        .criteria
        .iter()
        .map(|criterion| effect(Which::Old, old, criterion))
        .collect();
    let is_one_gate = name_of(&old.plan, old.gate) == name_of(&new.plan, new.gate);
    let same: BTreeMap<usize, usize> = criteria
        .pairs
        .iter()
        .filter(|pair| is_one_gate && pair.is_same(criteria.meant))
        .filter_map(|pair| match pair.places {
            [Some(old), Some(new)] => Some((new, old)),
            _ => None,
        })
        .collect();
    let of_new = new.plan.criteria.iter().enumerate().map(|(place, own)| {
        // What asks the same does the same.
        let known = same.get(&place).and_then(|old| of_old.get(*old));
        known
            .cloned()
            .unwrap_or_else(|| effect(Which::New, new, own))
    });
    let of_new = of_new.collect();
    let effects = [of_old, of_new];
    let mut engine = Engine {
        sides,
        questions,
        universe,
        clauses,
        effects,
        criteria,
    };
    engine.difference()
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

/// What each criterion means, by its number.
/// What a criterion means, in this run and in every run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Meant {
    meaning: Meaning,
    fingerprint: u64,
}

fn criteria_of(plan: &Plan, meanings: &mut Meanings) -> Vec<Meant> {
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
struct Pair {
    places: [Option<usize>; 2],
}

impl Pair {
    /// Whether a criterion asks the same in both versions, piece by piece.
    fn is_same(self, [old, new]: &[Vec<Meant>; 2]) -> bool {
        match self.places {
            [Some(one), Some(other)] => old.get(one) == new.get(other),
            _ => false,
        }
    }
}

/// The criteria of the new version in their order, each with that of the old one of the same number; and what the old
/// one has besides.
fn pairs([old, new]: &[Plan; 2]) -> Vec<Pair> {
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
fn stated(plan: &Plan, place: usize) -> Option<&Criterion> {
    let own = plan.criteria.get(place)?;
    plan.protocol.criteria.get(own.criterion.index())
}

/// A criterion with what became of it, in words only where it changed.
fn criterion_of(
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

/// Every way in which a patient's standing may change.
fn ways() -> impl Iterator<Item = (Standing, Standing)> {
    let all = [
        Standing::Ineligible,
        Standing::Undetermined,
        Standing::Eligible,
    ];
    let both = all
        .into_iter()
        .flat_map(move |from| all.map(|to| (from, to)));
    both.filter(|(from, to)| from != to)
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

struct Engine<'e> {
    sides: [&'e Side; 2],
    questions: &'e Questions,
    universe: Universe<'e>,
    clauses: Clauses,
    /// By version and criterion; none if nothing of it is due.
    effects: [Vec<Option<Choice<Effect>>>; 2],
    criteria: Criteria<'e>,
}

/// What a made-up patient must show when the interpreter is asked.
type Shows<'s> = &'s dyn Fn(&Verdict, &Verdict) -> bool;

impl Engine<'_> {
    fn difference(&mut self) -> Result<Difference, CannotCompare> {
        let [old, new] = &self.effects;
        let due = |list: &[Option<Choice<Effect>>]| -> Vec<Choice<Effect>> {
            list.iter().flatten().cloned().collect()
        };
        let (old, new) = (due(old), due(new));
        let old = standing(&old, &mut self.clauses);
        let new = standing(&new, &mut self.clauses);
        let mut transitions = Vec::new();
        for (from, to) in ways() {
            let wanted = [old.is(&from, &self.clauses), new.is(&to, &self.clauses)];
            let status = self.status(&wanted, None, &|old, new| {
                old.standing == from && new.standing == to
            })?;
            transitions.push(Transition { from, to, status });
        }
        let pairs = self.criteria.pairs;
        let mut criteria = Vec::with_capacity(pairs.len());
        for pair in pairs {
            criteria.push(self.criterion(pair)?);
        }
        let [old_side, new_side] = self.sides;
        Ok(Difference {
            gates: [
                name_of(&old_side.plan, old_side.gate),
                name_of(&new_side.plan, new_side.gate),
            ],
            transitions,
            criteria,
            parts: Vec::new(),
        })
    }

    fn effect(&self, which: Which, place: Option<usize>) -> Choice<Effect> {
        let list = self.effects.get(which.index());
        let own = place.and_then(|place| list?.get(place)?.clone());
        // What is not there, and what is not due yet, does not stand in the way.
        own.unwrap_or_else(|| Choice::only(Effect::Pass, &self.clauses))
    }

    fn criterion(&mut self, pair: &Pair) -> Result<CriterionDifference, CannotCompare> {
        let [old, new] = pair.places;
        let change = if pair.is_same(self.criteria.meant) {
            Change::Same
        } else {
            let effects = self.effects_of(pair)?;
            match (old, new) {
                (None, _) => Change::Added(effects),
                (_, None) => Change::Removed(effects),
                _ => Change::Changed(effects),
            }
        };
        let [old, new] = self.sides;
        criterion_of(*pair, [&old.plan, &new.plan], self.criteria.meant, change)
    }

    fn effects_of(&mut self, pair: &Pair) -> Result<Effects, CannotCompare> {
        let [old_place, new_place] = pair.places;
        let old = self.effect(Which::Old, old_place);
        let new = self.effect(Which::New, new_place);
        let mut asked: BTreeSet<QuestionId> = BTreeSet::new();
        for (which, place) in Which::BOTH.into_iter().zip(pair.places) {
            asked.extend(
                place
                    .into_iter()
                    .flat_map(|place| self.asked_by(which, place)),
            );
        }
        let mut alone = Vec::new();
        let all = [Effect::Fail, Effect::Open, Effect::Pass];
        for from in all {
            for to in all {
                if from == to {
                    continue;
                }
                let wanted = [old.is(&from, &self.clauses), new.is(&to, &self.clauses)];
                let status = self.status(&wanted, Some(&asked), &|old, new| {
                    effect_in(old, old_place) == from && effect_in(new, new_place) == to
                })?;
                if !matches!(status, Status::Impossible) {
                    alone.push((from, to, status));
                }
            }
        }
        let in_context = self.in_context(pair, &new)?;
        Ok(Effects { alone, in_context })
    }

    /// Whether anybody stands otherwise if this one criterion alone is changed.
    fn in_context(&mut self, pair: &Pair, new: &Choice<Effect>) -> Result<Status, CannotCompare> {
        let [old_place, new_place] = pair.places;
        let [of_old, _] = &self.effects;
        let before: Vec<Choice<Effect>> = of_old.iter().flatten().cloned().collect();
        let mut after: Vec<Choice<Effect>> = of_old
            .iter()
            .enumerate()
            .filter(|(place, _)| Some(*place) != old_place)
            .filter_map(|(_, effect)| effect.clone())
            .collect();
        after.push(new.clone());
        let before = standing(&before, &mut self.clauses);
        let after = standing(&after, &mut self.clauses);
        let differs: Vec<Literal> = before
            .options()
            .iter()
            .map(|(standing, literal)| {
                let other = after.is(standing, &self.clauses);
                (*literal, other)
            })
            .collect::<Vec<_>>()
            .into_iter()
            .map(|(one, other)| self.clauses.both(&[one, !other]))
            .collect();
        let differs = self.clauses.either(&differs);
        self.status(&[differs], None, &|old, new| {
            let own = Standing::of(
                old.criteria
                    .iter()
                    .enumerate()
                    .filter(|(place, own)| own.due && Some(*place) != old_place)
                    .map(|(_, own)| own.effect)
                    .chain([effect_in(new, new_place)]),
            );
            own != old.standing
        })
    }

    /// Whether there is a patient for whom these hold. `own`: the questions on which that hangs; none: all of them.
    fn status(
        &mut self,
        wanted: &[Literal],
        own: Option<&BTreeSet<QuestionId>>,
        shows: Shows<'_>,
    ) -> Result<Status, CannotCompare> {
        if self.clauses.ask(wanted) == Answer::Impossible {
            return Ok(Status::Impossible);
        }
        let realised = self.universe.realised();
        let mut assumed: Vec<Literal> = wanted.to_vec();
        assumed.extend(&realised);
        // What was tried is told apart by a literal of its own, so that other questions may try it again.
        let this = self.clauses.literal();
        assumed.push(this);
        // First somebody of whom nothing else is recorded.
        let loud = assumed.len();
        assumed.extend(
            own.into_iter()
                .flat_map(|own| self.universe.nothing_but(own)),
        );
        let mut causes: BTreeSet<usize> = BTreeSet::new();
        for _ in 0..MOST_TRIES {
            match self.clauses.ask(&assumed) {
                Answer::Possible => {}
                Answer::Impossible if assumed.len() > loud => {
                    assumed.truncate(loud);
                    continue;
                }
                Answer::Impossible => {
                    for (place, member) in self.universe.members.iter().enumerate() {
                        if member
                            .realised
                            .is_some_and(|literal| self.clauses.was_needed(literal))
                        {
                            causes.insert(place);
                        }
                    }
                    break;
                }
                Answer::GivenUp => break,
            }
            self.universe.simplify(&assumed, &mut self.clauses);
            let patient = self.universe.patient(&self.clauses);
            match self.replay(&patient, shows)? {
                Some(witness) => return Ok(Status::Witnessed(Box::new(witness))),
                None if realised.is_empty() => {
                    return Err(CannotCompare::Disagreement {
                        what: "a made-up patient does not show what was found".to_owned(),
                    });
                }
                None => self.universe.rule_out(this, &mut self.clauses),
            }
        }
        Ok(Status::Undecided(self.texts(&causes)))
    }

    /// Asks the interpreter.
    fn replay(
        &mut self,
        patient: &Patient,
        shows: Shows<'_>,
    ) -> Result<Option<Witness>, CannotCompare> {
        let Some([old_chart, new_chart]) = self.universe.charts(patient)? else {
            return Ok(None);
        };
        let Some([old, new]) = self.universe.versions() else {
            return Ok(None);
        };
        let (before, after) = (old.verdict(&old_chart), new.verdict(&new_chart));
        if !shows(&before, &after) {
            return Ok(None);
        }
        let mut because = Vec::new();
        let mut read: BTreeSet<QuestionId> = BTreeSet::new();
        for pair in self.criteria.pairs {
            let [old_place, new_place] = pair.places;
            let (one, other) = (effect_in(&before, old_place), effect_in(&after, new_place));
            if one == other {
                continue;
            }
            let id = old_place
                .and_then(|place| stated(&self.sides.first()?.plan, place))
                .or_else(|| stated(&self.sides.last()?.plan, new_place?))
                .map(|stated| Arc::clone(&stated.id));
            let own = |(verdict, version, chart): (&Verdict, &Interpreter<'_>, &Chart),
                       place: Option<usize>| {
                let own = verdict.criteria.get(place?)?;
                Some((own.effect, version.reason(chart, own.criterion)))
            };
            because.extend(id.map(|criterion| Because {
                criterion,
                old: own((&before, old, &old_chart), old_place),
                new: own((&after, new, &new_chart), new_place),
            }));
            for (which, place) in Which::BOTH.into_iter().zip(pair.places) {
                if let Some(place) = place {
                    read.extend(self.asked_by(which, place));
                }
            }
        }
        let mut matter: BTreeSet<&Row> = BTreeSet::new();
        let parts: Vec<(bool, Patient)> = self
            .universe
            .members
            .iter()
            .map(|member| {
                let matters = member.questions.iter().any(|id| read.contains(id));
                (matters, member.patient(&self.clauses))
            })
            .collect();
        for (_, part) in parts.iter().filter(|(matters, _)| *matters) {
            matter.extend(&part.rows);
        }
        let rows = patient.rows.iter().map(|row| MadeUpRow {
            table: row.table.name(),
            said: self.said(row),
            cells: row.cells.clone(),
            matters: matter.contains(row),
        });
        Ok(Some(Witness {
            sex: patient.sex,
            born: patient.born,
            rows: rows.collect(),
            because,
        }))
    }

    /// A record in the words of the new version, or else of the old one.
    fn said(&self, row: &Row) -> String {
        let [old, new] = self.sides;
        let own = [new, old].map(|side| &side.plan);
        let named = own
            .into_iter()
            .find(|plan| words::name(plan, row) != row.about());
        words::row(named.unwrap_or(&new.plan), row)
    }

    /// The questions that a criterion asks.
    fn asked_by(&self, which: Which, place: usize) -> BTreeSet<QuestionId> {
        let side = self.sides.get(which.index());
        side.map_or_else(BTreeSet::new, |side| {
            self.questions.of_criterion(which, side, place)
        })
    }

    /// What is asked in some groups, as written.
    fn texts(&self, groups: &BTreeSet<usize>) -> Vec<Arc<str>> {
        let mut found: Vec<Arc<str>> = groups
            .iter()
            .filter_map(|place| self.universe.members.get(*place))
            .flat_map(|member| &member.questions)
            .filter_map(|id| self.questions.get(*id))
            .map(|question| Arc::clone(&question.text))
            .collect();
        found.sort_unstable();
        found.dedup();
        found
    }
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

/// What a criterion does in a verdict.
fn effect_in(verdict: &Verdict, place: Option<usize>) -> Effect {
    place
        .and_then(|place| verdict.criteria.get(place))
        .filter(|own| own.due)
        .map_or(Effect::Pass, |own| own.effect)
}
