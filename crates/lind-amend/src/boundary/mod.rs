//! Patients just inside and just outside of each criterion, near a typical one.
//!
//! What the cases are and how they are found stands in `docs/cases.md`. The engine says which patients there can be
//! at all; from there on the interpreter is asked, step by step, and every verdict that is told is its own.

mod axes;
mod collected;
mod explore;
mod leaves;
mod maker;
mod models;
mod walks;
mod words;

use std::sync::Arc;

use lind_model::boundary::{BoundaryCases, CaseSort, NoPatient};
use lind_model::{Choices, Effect, MilestoneId, Plan, Standing, Truth};
use lind_records::Table;
use lind_time::Day;

use crate::CannotCompare;
use crate::answered::Versions;
use crate::answers::Read;
use crate::calendar::Calendar;
use crate::cases::Made;
use crate::compare::Version;
use crate::formula::Formula;
use crate::meaning::Meanings;
use crate::patient::{Examples, Patient, Row};
use crate::questions::{Questions, Sort, Which, collect};
use crate::search::{Search, effect_in};
use crate::solver::{Clauses, Literal};
use crate::universe::Universe;
use axes::Axes;
use collected::{Collected, Place};
use explore::{Edit, Explorer, Pair, edits};
use leaves::{Leaf, leaves};
use maker::{Class, Found, Maker};

/// Makes patients on both sides of every limit of every criterion, one who is typical at each gate, and says where
/// there are none. Of criteria that are named only these.
///
/// # Errors
/// The protocol is too large to be run, or the interpreter disagrees with the engine, which is an error of Lind.
pub fn boundary_cases(
    version: &Version,
    only: &[Arc<str>],
) -> Result<BoundaryCases, CannotCompare> {
    let protocol = &version.protocol;
    let plan = Plan::lower(protocol, Choices::chosen(protocol))
        .map_err(|error| CannotCompare::TooLarge(error.to_string()))?;
    let mut collected = Collected::default();
    let stages = plan.criteria.iter().filter(|criterion| {
        let stated = protocol.criteria.get(criterion.criterion.index());
        only.is_empty() || stated.is_some_and(|stated| only.contains(&stated.id))
    });
    let mut gates: Vec<MilestoneId> = stages
        .flat_map(|criterion| &criterion.stages)
        .map(|stage| stage.gate)
        .collect();
    gates.sort_unstable();
    gates.dedup();
    for gate in gates {
        at_gate(version, plan.clone(), gate, only, &mut collected)?;
    }
    Ok(collected.finished())
}

/// Makes the patients of one gate.
fn at_gate(
    version: &Version,
    plan: Plan,
    gate: MilestoneId,
    only: &[Arc<str>],
    collected: &mut Collected,
) -> Result<(), CannotCompare> {
    let mut questions = Questions::default();
    let mut meanings = Meanings::default();
    let side = collect(Which::New, plan, gate, &mut questions, &mut meanings);
    // A Monday in the middle of a year; which day it is does not matter to what is exact.
    let day = Day::from_ymd(2025, 6, 16).ok_or(CannotCompare::NoCriteria)?;
    let milestone = version.protocol.milestones.get(gate.index());
    let name = milestone.map_or_else(|| Arc::from(""), |own| Arc::clone(&own.name));
    let tests = version.tests.iter();
    let tests = tests.map(|test| (test, Arc::clone(&name)));
    let mut examples = Examples::of_tests(tests, day);
    let sides = [&side, &side];
    let calendar = Calendar::new(sides, day, &examples);
    examples.extend(models::models(&side, &questions, &calendar));
    let mut clauses = Clauses::new();
    let made = Made {
        sides,
        calendar: &calendar,
        questions: &questions,
        examples: &examples,
    };
    let mut versions = Versions::new(sides);
    let universe = Universe::whole(&made, &mut versions, &mut clauses)?;
    let mut effects = Vec::new();
    {
        let mut formula = Formula::new(&questions, &universe.answers);
        for criterion in &side.plan.criteria {
            effects.push(formula.effect(Which::New, &side.plan, criterion, gate, &mut clauses));
        }
    }
    let mut gate_work = AtGate {
        maker: Maker {
            search: Search {
                side: &side,
                questions: &questions,
                versions,
                universe,
                clauses,
            },
            effects,
        },
        calendar: &calendar,
        name,
        typical: Vec::new(),
        typical_patient: None,
        collected,
    };
    gate_work.typical(&examples)?;
    for place in 0..side.plan.criteria.len() {
        let is_due = |stage: &lind_model::plan::Stage| stage.gate == gate;
        let criterion = side.plan.criteria.get(place);
        let id = gate_work.maker.id(place);
        let (Some(criterion), Some(id)) = (criterion, id) else {
            continue;
        };
        let is_wanted = only.is_empty() || only.contains(&id);
        if is_wanted && criterion.stages.iter().any(is_due) {
            gate_work.criterion(place, &id, gate)?;
        }
    }
    gate_work.collected.ask(&side)
}

/// What is made at one gate.
struct AtGate<'g> {
    maker: Maker<'g>,
    calendar: &'g Calendar,
    name: Arc<str>,
    /// Which cases the typical patient is made of.
    typical: maker::Choices,
    typical_patient: Option<Patient>,
    collected: &'g mut Collected,
}

/// What is known of one condition of a criterion.
struct OfLeaf<'l> {
    axes: Axes<'l>,
    place: Place,
}

impl<'g> AtGate<'g> {
    /// Somebody who passes everything, of whom little is recorded.
    fn typical(&mut self, examples: &Examples<'_>) -> Result<(), CannotCompare> {
        let passes = self.maker.passes(None);
        let wanted: Vec<Literal> = passes.iter().map(|(_, literal)| *literal).collect();
        let none = std::collections::BTreeSet::new();
        let found = self.maker.find(&wanted, &Vec::new(), &none, &|verdict| {
            verdict.standing == Standing::Eligible
        })?;
        let place = Place::typical(&self.name);
        match found {
            Found::Somebody(patient, choices) => {
                self.typical = choices;
                self.typical_patient = Some((*patient).clone());
                let special = "every criterion passes".to_owned();
                self.collected
                    .add(&place, CaseSort::Typical, &patient, special);
            }
            Found::Nobody => {
                let beside = self.maker.beside(&[], None);
                let why = NoPatient::Impossible { beside };
                self.collected.lacks(&place, CaseSort::Typical, why);
            }
            Found::Unseen => match self.of_tests(examples)? {
                // Not put together of cases: who is near them is looked for by steps alone.
                Some(patient) => {
                    let special = "every criterion passes; from a test".to_owned();
                    self.collected
                        .add(&place, CaseSort::Typical, &patient, special);
                    self.typical_patient = Some(patient);
                }
                None => self
                    .collected
                    .lacks(&place, CaseSort::Typical, NoPatient::NotFound),
            },
        }
        Ok(())
    }

    /// The first patient of a test who is eligible, as far as the gate.
    fn of_tests(&self, examples: &Examples<'_>) -> Result<Option<Patient>, CannotCompare> {
        let side = self.maker.search.side;
        let base = &self.maker.search.universe.base;
        let course = [Table::Milestones, Table::Visits];
        let is_due = |row: &Row| {
            let mut rows = base.rows.iter();
            !course.contains(&row.table)
                || rows.any(|own| own.table == row.table && own.about() == row.about())
        };
        let mut patients: Vec<Patient> = examples.iter().cloned().collect();
        for patient in &mut patients {
            patient.rows.retain(is_due);
        }
        let read = Read::new(side, patients.iter())?;
        let is_eligible = |place: usize| {
            let verdict = read.verdict(place);
            verdict.is_some_and(|own| own.standing == Standing::Eligible)
        };
        let first = (0..patients.len()).find(|place| is_eligible(*place));
        Ok(first.and_then(|place| patients.get(place).cloned()))
    }

    fn criterion(
        &mut self,
        place: usize,
        id: &Arc<str>,
        gate: MilestoneId,
    ) -> Result<(), CannotCompare> {
        let side = self.maker.search.side;
        let questions = self.maker.search.questions;
        let own = leaves(side, questions, place, gate);
        for leaf in &own {
            let text = match leaf.node {
                Some(node) => self.maker.text(node),
                None => side
                    .plan
                    .criteria
                    .get(place)
                    .and_then(|criterion| criterion.guard.as_ref())
                    .map_or_else(|| Arc::from("sex"), |guard| Arc::clone(&guard.text)),
            };
            let of_leaf = OfLeaf {
                axes: Axes {
                    explorer: Explorer { side, place },
                    questions,
                    calendar: self.calendar,
                    leaf: *leaf,
                },
                place: Place {
                    gate: Arc::clone(&self.name),
                    criterion: Some((place, Arc::clone(id))),
                    condition: text,
                },
            };
            self.leaf(place, *leaf, &of_leaf)?;
        }
        let whole = Place {
            gate: Arc::clone(&self.name),
            criterion: Some((place, Arc::clone(id))),
            condition: Arc::from(""),
        };
        for sort in CaseSort::OF_CRITERIA {
            if self.collected.has(&whole, sort) {
                continue;
            }
            let asks_course = own.iter().any(|leaf| {
                let question = questions.get(leaf.question);
                question.is_some_and(|own| own.sort == Sort::Happened)
            });
            let why = match sort {
                _ if own.is_empty() => "it asks nothing of the patient at this gate",
                CaseSort::Guarded => "it has no guard and no exception",
                _ if asks_course => "whoever reached the gate has it",
                CaseSort::Missing => "what is not recorded did not happen",
                _ => "every condition of it is a guard",
            };
            self.collected.lacks(&whole, sort, NoPatient::Needless(why));
        }
        Ok(())
    }

    /// Makes the patients of one condition.
    fn leaf(
        &mut self,
        place: usize,
        leaf: Leaf,
        of_leaf: &OfLeaf<'_>,
    ) -> Result<(), CannotCompare> {
        let Some((near, far)) = self.both_sides(place, leaf, of_leaf)? else {
            return Ok(());
        };
        let axes = &of_leaf.axes;
        let (near, far) = match far {
            Some(far) => {
                let (near, far) = axes.explorer.narrowed(&near, &far)?;
                (near, Some(far))
            }
            None => (near, None),
        };
        let pairs = self.pairs(axes, &near, far.as_ref())?;
        let inside = leaf.inside();
        for pair in pairs.plain {
            self.pair(of_leaf, inside, pair);
        }
        for pair in pairs.of_exceptions {
            self.pair(of_leaf, CaseSort::Guarded, pair);
        }
        self.missing(place, leaf, of_leaf, &near, far.as_ref())
    }

    /// Somebody for whom everything passes and the criterion hangs on the condition; and, as near as can be,
    /// somebody who is kept out by it alone. None if there is not even the first.
    fn both_sides(
        &mut self,
        place: usize,
        leaf: Leaf,
        of_leaf: &OfLeaf<'_>,
    ) -> Result<Option<(Patient, Option<Patient>)>, CannotCompare> {
        if let Some(near) = self.typical_patient.clone()
            && let Some((far, says)) = of_leaf.axes.without_milestone(&near)
        {
            return self.unreached(of_leaf, &near, &far, says).map(|()| None);
        }
        let inside = leaf.inside();
        let loose = self.maker.groups_of(leaf.question);
        let truths = self.maker.truths(leaf.question);
        let settled = [Truth::False, Truth::True, Truth::NotApplicable];
        let typical = self.typical.clone();
        let mut is_proved = true;
        let mut wanted = Vec::new();
        for out in settled.into_iter().filter(|own| truths.contains(own)) {
            let Some(would) = self.maker.would(place, leaf.question, out) else {
                continue;
            };
            let hangs = vec![
                !self.maker.answers(leaf.question, out),
                would.is(&Effect::Fail, &self.maker.search.clauses),
                self.maker.does(place, Effect::Pass),
            ];
            let others = self.maker.passes(Some(place));
            let all: Vec<Literal> = hangs
                .iter()
                .copied()
                .chain(others.iter().map(|(_, literal)| *literal))
                .collect();
            wanted = hangs;
            let found = self.maker.find(&all, &typical, &loose, &|verdict| {
                verdict.standing == Standing::Eligible
            })?;
            let (near, choices) = match found {
                Found::Somebody(near, choices) => (near, choices),
                Found::Nobody => continue,
                Found::Unseen => {
                    is_proved = false;
                    continue;
                }
            };
            let own = truths.iter().copied().find(|truth| {
                let literal = self.maker.answers(leaf.question, *truth);
                self.maker.search.clauses.holds(literal)
            });
            let would = own.and_then(|truth| self.maker.would(place, leaf.question, truth));
            let mut hangs = vec![
                self.maker.answers(leaf.question, out),
                self.maker.does(place, Effect::Fail),
            ];
            if let Some(would) = would {
                hangs.push(would.is(&Effect::Pass, &self.maker.search.clauses));
            }
            let all: Vec<Literal> = hangs
                .iter()
                .copied()
                .chain(others.iter().map(|(_, literal)| *literal))
                .collect();
            let found = self.maker.find(&all, &choices, &loose, &|verdict| {
                Class::of(verdict, place) == Class::Fail
            })?;
            let far = match found {
                Found::Somebody(far, _) => Some(*far),
                Found::Nobody => {
                    let beside = self.maker.beside(&hangs, Some(place));
                    let why = NoPatient::Impossible { beside };
                    self.lacks(of_leaf, &[inside, CaseSort::Outside], &why);
                    None
                }
                Found::Unseen => {
                    self.lacks(of_leaf, &[inside, CaseSort::Outside], &NoPatient::NotFound);
                    None
                }
            };
            return Ok(Some((*near, far)));
        }
        let why = if is_proved {
            let beside = self.maker.beside(&wanted, Some(place));
            NoPatient::Impossible { beside }
        } else {
            NoPatient::NotFound
        };
        let sorts = [inside, CaseSort::Outside, CaseSort::Missing];
        self.lacks(of_leaf, &sorts, &why);
        Ok(self
            .typical_patient
            .clone()
            .filter(|_| self.typical.is_empty() && !is_proved)
            .map(|near| (near, None)))
    }

    /// Remembers that there is nobody of some sorts.
    fn lacks(&mut self, of_leaf: &OfLeaf<'_>, sorts: &[CaseSort], why: &NoPatient) {
        for sort in sorts {
            self.collected.lacks(&of_leaf.place, *sort, why.clone());
        }
    }

    /// A milestone that was reached, and one that was not.
    fn unreached(
        &mut self,
        of_leaf: &OfLeaf<'_>,
        near: &Patient,
        far: &Patient,
        says: String,
    ) -> Result<(), CannotCompare> {
        let explorer = &of_leaf.axes.explorer;
        let class = explorer.class(far)?;
        let place = &of_leaf.place;
        let special = "it has taken place".to_owned();
        let name = self.collected.add(place, CaseSort::Inside, near, special);
        if matches!(class, Class::Fail | Class::Open) {
            let other = self.collected.add(place, CaseSort::Outside, far, says);
            self.collected.join(&name, &other);
        } else {
            let why = NoPatient::Needless(
                "whoever has not reached it does not pass other criteria either",
            );
            self.collected.lacks(place, CaseSort::Outside, why);
        }
        Ok(())
    }

    /// All steps between the two sides of a condition.
    fn pairs(
        &self,
        axes: &Axes<'_>,
        near: &Patient,
        far: Option<&Patient>,
    ) -> Result<Pairs, CannotCompare> {
        let plan = &self.maker.search.side.plan;
        let mut pairs = Pairs::default();
        pairs.plain.extend(axes.ages(near)?);
        let rows = axes.read(near);
        let between = far.map_or_else(Vec::new, |far| edits(near, far));
        let mut probes = Vec::new();
        for row in &rows {
            probes.extend(axes.row(near, Class::Pass, row));
        }
        let Some(far) = far else {
            pairs.plain.extend(axes.explorer.probe(&probes)?);
            return Ok(pairs);
        };
        let class = Class::Fail;
        for edit in &between {
            if let Edit::Row(None, Some(row)) = edit {
                probes.extend(axes.row(far, class, row));
            }
        }
        pairs.plain.extend(axes.explorer.probe(&probes)?);
        for edit in &between {
            let Edit::Row(_, Some(row)) = edit else {
                continue;
            };
            pairs.of_exceptions.extend(axes.exceptions(far, row)?);
            pairs.plain.extend(axes.other_codes(far, row)?);
        }
        for edit in &between {
            if let Edit::Row(Some(row), None) = edit {
                pairs.plain.extend(axes.other_codes(near, row)?);
            }
        }
        // Where a step of the same datum was found, two that are further apart show nothing more.
        let is_answer = |row: &Row| row.table == Table::Attestations;
        let is_shown = match between.as_slice() {
            [Edit::Born] => !pairs.plain.is_empty(),
            [Edit::Row(Some(one), Some(_))] => {
                !is_answer(one) && pairs.plain.iter().any(|pair| !pair.opens)
            }
            _ => false,
        };
        if !is_shown {
            let at = self.calendar.gate;
            let turned: Vec<Edit> = edits(far, near);
            let pair = Pair {
                says: [
                    words::first_of(plan, &between, near, at, axes.asked()),
                    words::first_of(plan, &turned, far, at, axes.asked()),
                ],
                inside: near.clone(),
                outside: far.clone(),
                opens: false,
            };
            pairs.plain.insert(0, pair);
        }
        Ok(pairs)
    }

    fn pair(&mut self, of_leaf: &OfLeaf<'_>, inside: CaseSort, pair: Pair) {
        let place = &of_leaf.place;
        let [first, second] = pair.says;
        let one = self.collected.add(place, inside, &pair.inside, first);
        let outside = CaseSort::Outside;
        let other = self.collected.add(place, outside, &pair.outside, second);
        self.collected.join(&one, &other);
    }

    /// Somebody of whom that is not recorded which the condition asks for.
    fn missing(
        &mut self,
        place: usize,
        leaf: Leaf,
        of_leaf: &OfLeaf<'_>,
        near: &Patient,
        far: Option<&Patient>,
    ) -> Result<(), CannotCompare> {
        let without = of_leaf.axes.without(near, far);
        let patients: Vec<Patient> = without.iter().map(|(own, _)| own.clone()).collect();
        let classes = of_leaf.axes.explorer.classes(&patients)?;
        // Of much that may be missing only what matters; or else the first.
        let matters = classes
            .iter()
            .any(|class| matches!(class, Class::Fail | Class::Open));
        let mut is_found = false;
        for ((patient, says), class) in without.iter().zip(classes) {
            let is_told = match class {
                Class::Other => false,
                Class::Pass => !matters && !is_found,
                Class::Fail | Class::Open => true,
            };
            if is_told {
                is_found = true;
                let sort = CaseSort::Missing;
                self.collected
                    .add(&of_leaf.place, sort, patient, says.clone());
            }
        }
        if is_found || without.is_empty() {
            return Ok(());
        }
        // What is left out opens others too: perhaps somebody else is open in this alone.
        let hangs = vec![
            self.maker.leaves_open(leaf.question),
            self.maker.does(place, Effect::Open),
        ];
        let others = self.maker.passes(Some(place));
        let all: Vec<Literal> = hangs
            .iter()
            .copied()
            .chain(others.iter().map(|(_, literal)| *literal))
            .collect();
        let loose = self.maker.groups_of(leaf.question);
        let typical = self.typical.clone();
        let found = self.maker.find(&all, &typical, &loose, &|verdict| {
            Class::of(verdict, place) == Class::Open && effect_in(verdict, place) == Effect::Open
        })?;
        let why = match found {
            Found::Somebody(patient, _) => {
                let says = "what is asked for is not known".to_owned();
                let sort = CaseSort::Missing;
                self.collected.add(&of_leaf.place, sort, &patient, says);
                return Ok(());
            }
            Found::Nobody => NoPatient::Impossible {
                beside: self.maker.beside(&hangs, Some(place)),
            },
            Found::Unseen => NoPatient::NotFound,
        };
        self.collected.lacks(&of_leaf.place, CaseSort::Missing, why);
        Ok(())
    }
}

/// The steps between the two sides of a condition.
#[derive(Default)]
struct Pairs {
    plain: Vec<Pair>,
    of_exceptions: Vec<Pair>,
}
