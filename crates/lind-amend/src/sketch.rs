//! A made-up patient, case by case, and what they answer: who can be changed a little without asking the solver.

use lind_model::{OpenKind, Truth};

use crate::cases::Joined;
use crate::formula::Choice;
use crate::patient::Patient;
use crate::questions::QuestionId;
use crate::solver::{Answer, Clauses, Known, Literal};
use crate::universe::{Member, Universe};

/// How often the solver is asked for a simpler patient, times the number of groups: more than a real protocol needs.
const MOST_TRIES: usize = 4_000;

/// How many simple cases are tried for each group of which something must be recorded.
const MOST_SIMPLER: usize = 12;

/// Whether it still holds with these answers, of which some have changed.
type Holds<'h> = &'h mut dyn FnMut(&[Choice<Truth>], &[QuestionId], &mut Clauses) -> bool;

/// Who is made of cases: every group is as some of its cases are.
pub(crate) struct Sketch<'u> {
    universe: &'u Universe,
    /// By group, by case: whether it is chosen.
    chosen: Vec<Vec<bool>>,
    /// By question.
    answers: Vec<Choice<Truth>>,
}

impl<'u> Sketch<'u> {
    /// The patient of the assignment at hand.
    pub(crate) fn of(universe: &'u Universe, clauses: &Clauses) -> Self {
        let members = universe.members.iter();
        let chosen = members.map(|member| {
            let literals = member.chosen.iter();
            literals.map(|literal| clauses.holds(*literal)).collect()
        });
        Self {
            universe,
            chosen: chosen.collect(),
            answers: Vec::new(),
        }
    }

    /// The patient.
    pub(crate) fn patient(&self) -> Patient {
        let mut patient = self.universe.base.clone();
        for (member, chosen) in self.members() {
            for (case, _) in member
                .listed
                .cases
                .iter()
                .zip(chosen)
                .filter(|(_, own)| **own)
            {
                patient.join(case);
            }
        }
        patient
    }

    /// The literals of the examples that were chosen.
    pub(crate) fn examples(&self) -> Vec<Literal> {
        let inexact = self.members().filter(|(member, _)| !member.is_exact());
        inexact
            .flat_map(|(member, chosen)| member.chosen.iter().zip(chosen))
            .filter(|(_, own)| **own)
            .map(|(literal, _)| *literal)
            .collect()
    }

    /// The groups of which a patient is made.
    fn members(&self) -> impl Iterator<Item = (&'u Member, &Vec<bool>)> {
        let members = self.universe.members.iter().zip(&self.chosen);
        members.filter(|(member, _)| member.is_whole())
    }

    /// Has the solver look for a patient of whom less is recorded, from the assignment at hand, whatever else becomes of
    /// them. Ends with an assignment that can be looked at.
    pub(crate) fn simplify_by_solver(&mut self, assumed: &[Literal], clauses: &mut Clauses) {
        let mut tries = MOST_TRIES / self.universe.members.len().max(40);
        let mut assumed = assumed.to_vec();
        let without = self
            .universe
            .members
            .iter()
            .flat_map(|member| &member.without);
        let (mut spared, mut open): (Vec<Literal>, Vec<Literal>) = without
            .copied()
            .partition(|literal| clauses.holds(*literal));
        // What is recorded is spared too, where it can be: one thing after another.
        while let Some(literal) = open.pop().filter(|_| tries > 0) {
            tries -= 1;
            let mut fewer = assumed.clone();
            fewer.extend(spared.iter().copied().chain([literal]));
            if clauses.ask(&fewer) == Answer::Possible {
                spared.push(literal);
                let (more, rest): (Vec<Literal>, Vec<Literal>) =
                    open.into_iter().partition(|own| clauses.holds(*own));
                spared.extend(more);
                open = rest;
            }
        }
        assumed.extend(&spared);
        // Of what is recorded, the simplest.
        for member in &self.universe.members {
            if member.without.iter().all(|own| spared.contains(own)) {
                continue;
            }
            for literal in member.simpler.iter().copied() {
                if member.without.contains(&literal) || tries == 0 {
                    continue;
                }
                tries -= 1;
                assumed.push(literal);
                if clauses.ask(&assumed) == Answer::Possible {
                    break;
                }
                assumed.pop();
            }
        }
        let _ = clauses.ask(&assumed);
        *self = Self::of(self.universe, clauses);
    }

    /// Takes one thing after another out of what is recorded, and puts what must be there more simply, as long as it
    /// still holds: `holds` is told all answers and which of them have changed, and takes them over if it says yes.
    pub(crate) fn simplify(&mut self, clauses: &mut Clauses, holds: Holds<'_>) {
        let unknown = Choice::only(Truth::Open(OpenKind::Unknown), clauses);
        self.answers = vec![unknown; self.universe.answers.len()];
        for place in 0..self.chosen.len() {
            self.answer(place, clauses);
        }
        let all: Vec<QuestionId> = (0..self.answers.len()).map(QuestionId).collect();
        if !holds(&self.answers, &all, clauses) {
            return;
        }
        for (place, member) in self.universe.members.iter().enumerate() {
            if !member.is_whole() {
                continue;
            }
            for simpler in self.simpler(place, member) {
                if self.put(place, simpler, clauses, holds) {
                    break;
                }
            }
            // Of several things each by itself.
            if member.listed.joined != Joined::OneOf {
                for case in (1..member.chosen.len()).rev() {
                    let Some(own) = self
                        .chosen
                        .get(place)
                        .filter(|own| own.get(case) == Some(&true))
                    else {
                        continue;
                    };
                    let mut without = own.clone();
                    if let Some(slot) = without.get_mut(case) {
                        *slot = false;
                    }
                    let is_nothing = !without.iter().skip(1).any(|own| *own);
                    if let Some(first) = without.first_mut() {
                        *first = is_nothing;
                    }
                    self.put(place, without, clauses, holds);
                }
            }
        }
    }

    /// Nothing, and one case alone: those that are simpler than what is there.
    fn simpler(&self, place: usize, member: &Member) -> Vec<Vec<bool>> {
        let count = member.chosen.len();
        let alone = |case: usize| (0..count).map(|own| own == case).collect::<Vec<bool>>();
        let mut order: Vec<usize> = (0..count).collect();
        if let Joined::Slices(_) = member.listed.joined {
            let slice = |case: &usize| member.listed.places.get(*case).map(|place| place.slice);
            let is_possible = |case: &usize| {
                let own = member.listed.places.get(*case);
                *case == 0 || own.is_some_and(|place| place.is_possible)
            };
            order.retain(is_possible);
            order.sort_by_key(|case| (*case > 0, slice(case)));
        }
        let own = self.chosen.get(place);
        let simpler = order.into_iter().take(MOST_SIMPLER).map(alone);
        simpler.take_while(|simpler| Some(simpler) != own).collect()
    }

    /// Puts a group otherwise, if it still holds.
    fn put(
        &mut self,
        place: usize,
        otherwise: Vec<bool>,
        clauses: &mut Clauses,
        holds: Holds<'_>,
    ) -> bool {
        let Some(slot) = self.chosen.get_mut(place) else {
            return false;
        };
        let before = std::mem::replace(slot, otherwise);
        let changed = self.answer(place, clauses);
        if changed.is_empty() || holds(&self.answers, &changed, clauses) {
            return true;
        }
        if let Some(slot) = self.chosen.get_mut(place) {
            *slot = before;
        }
        self.answer(place, clauses);
        false
    }

    /// Has a group answered, and says which answers have changed.
    fn answer(&mut self, place: usize, clauses: &Clauses) -> Vec<QuestionId> {
        let mut changed = Vec::new();
        let own = self.universe.members.get(place).zip(self.chosen.get(place));
        let Some((member, chosen)) = own.filter(|(member, _)| member.is_whole()) else {
            return changed;
        };
        for (at, question) in member.questions.iter().enumerate() {
            let answers = member.listed.answers(at, chosen, &mut Known);
            let own = answers.into_iter().find(|(_, own)| *own);
            if let (Some((truth, _)), Some(slot)) = (own, self.answers.get_mut(question.0))
                && slot
                    .options()
                    .first()
                    .is_none_or(|(known, _)| *known != truth)
            {
                *slot = Choice::only(truth, clauses);
                changed.push(*question);
            }
        }
        changed
    }
}
