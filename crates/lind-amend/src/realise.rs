//! From an assignment of the solver to a patient who is made up of cases.

use std::collections::BTreeSet;

use crate::patient::Patient;
use crate::questions::QuestionId;
use crate::solver::{Answer, Clauses, Literal};
use crate::universe::Universe;

/// How often a simpler patient is looked for, times the number of groups: more than a real protocol needs.
const MOST_TRIES: usize = 4_000;

impl Universe<'_> {
    /// What holds every group to its cases.
    pub(crate) fn realised(&self) -> Vec<Literal> {
        let members = self.members.iter();
        members.filter_map(|member| member.realised).collect()
    }

    /// Nothing is recorded but what these questions read.
    pub(crate) fn nothing_but(&self, questions: &BTreeSet<QuestionId>) -> Vec<Literal> {
        let members = self.members.iter();
        let others = members.filter(|own| !own.questions.iter().any(|id| questions.contains(id)));
        others.flat_map(|member| &member.without).copied().collect()
    }

    /// Looks for a patient of whom less is recorded, from the assignment at hand. Ends with one that can be looked at.
    pub(crate) fn simplify(&self, assumed: &[Literal], clauses: &mut Clauses) {
        let mut tries = MOST_TRIES / self.members.len().max(40);
        let mut assumed = assumed.to_vec();
        let without = self.members.iter().flat_map(|member| &member.without);
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
        for member in &self.members {
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
    }

    /// The patient of the assignment at hand.
    pub(crate) fn patient(&self, clauses: &Clauses) -> Patient {
        let mut patient = self.base.clone();
        for member in &self.members {
            patient.join(&member.patient(clauses));
        }
        patient
    }

    /// Takes the examples of the assignment at hand out of a question: together they are not what they are alone.
    pub(crate) fn rule_out(&self, question: Literal, clauses: &mut Clauses) {
        let inexact = self.members.iter().filter(|own| !own.is_exact());
        let chosen: Vec<Literal> = inexact
            .flat_map(|member| &member.chosen)
            .copied()
            .filter(|literal| clauses.holds(*literal))
            .collect();
        let tried = chosen.into_iter().map(|literal| !literal);
        clauses.any(std::iter::once(!question).chain(tried));
    }
}
