//! From an assignment of the solver to a patient who is made up of cases.

use crate::patient::Patient;
use crate::solver::{Answer, Clauses, Literal};
use crate::universe::Universe;

impl Universe {
    /// What holds every group to its cases.
    pub(crate) fn realised(&self) -> Vec<Literal> {
        let members = self.members.iter();
        members.filter_map(|member| member.realised).collect()
    }

    /// Looks for a patient of whom less is recorded. Ends with an assignment that can be looked at.
    pub(crate) fn simplify(&self, assumed: &[Literal], clauses: &mut Clauses) {
        let mut assumed = assumed.to_vec();
        for simpler in self.members.iter().map(|member| &member.simpler) {
            for literal in simpler {
                assumed.push(*literal);
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
