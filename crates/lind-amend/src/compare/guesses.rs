//! Patients who may show something, guessed: like somebody who is eligible, but for what a changed criterion reads.
//!
//! A guess proves nothing. The interpreter is asked of each, and where none shows it, somebody is looked for.

use lind_model::{Effect, Standing};
use lind_records::Table;

use super::asked::Asked;
use super::days::{OnDays, Seen};
use crate::CannotCompare;
use crate::extent::Extent;
use crate::patient::Patient;
use crate::questions::QuestionId;

/// How many guesses are asked of the interpreter.
const MOST_GUESSES: usize = 12;

/// How many patients of tests are asked whether they are eligible, until so many are found.
const MOST_TESTS: usize = 12;
const MOST_TYPICAL: usize = 2;

impl OnDays<'_, '_> {
    /// Somebody who was guessed and shows it.
    pub(super) fn guessed(&mut self, asked: Asked) -> Result<Option<Seen>, CannotCompare> {
        for patient in self.guesses(asked)? {
            let seen = self.show(asked, patient, None)?;
            if seen.is_some() {
                return Ok(seen);
            }
        }
        Ok(None)
    }

    /// Who may show something: whoever is eligible, but for what shows that a criterion does something else.
    fn guesses(&mut self, asked: Asked) -> Result<Vec<Patient>, CannotCompare> {
        let mut bases = self.typical()?;
        let eligible = self.seen.iter().filter(|seen| is_eligible(seen));
        bases.extend(eligible.map(|seen| seen.patient.clone()));
        let mut found = Vec::new();
        for base in &bases {
            for seen in &self.seen {
                let Some(place) = seen.pair.filter(|pair| self.suits(asked, *pair, seen)) else {
                    continue;
                };
                let own: Vec<QuestionId> = self.pairwise.asks(place).collect();
                let mut rest = Extent::of(self.made.questions, &own).rest(base);
                // When the milestones are is known of both.
                let is_course = |table| matches!(table, Table::Milestones | Table::Visits);
                rest.rows.retain(|row| !is_course(row.table));
                let mut patient = seen.patient.clone();
                patient.join(&rest);
                found.push(patient);
                if found.len() == MOST_GUESSES {
                    return Ok(found);
                }
            }
        }
        Ok(found)
    }

    /// Whether what a pair does to somebody is what is asked for, if all else passes.
    fn suits(&self, asked: Asked, place: usize, seen: &Seen) -> bool {
        match asked {
            Asked::InContext(own) | Asked::Alone(own, ..) => own == place,
            Asked::Transition(from, to) => {
                let stands = |own: &Vec<Effect>| Standing::of(own.get(place).copied());
                seen.effects.each_ref().map(stands) == [from, to]
            }
        }
    }

    /// Patients of tests who are eligible in one of the versions.
    fn typical(&mut self) -> Result<Vec<Patient>, CannotCompare> {
        if let Some(known) = &self.typical {
            return Ok(known.clone());
        }
        let mut found = Vec::new();
        for patient in self
            .made
            .examples
            .expected(Standing::Eligible)
            .take(MOST_TESTS)
        {
            let seen = self.see(patient.clone(), None)?;
            found.extend(seen.filter(is_eligible).map(|seen| seen.patient));
            if found.len() == MOST_TYPICAL {
                break;
            }
        }
        self.typical = Some(found.clone());
        Ok(found)
    }
}

fn is_eligible(seen: &Seen) -> bool {
    let mut effects = seen.effects.iter();
    effects.any(|own| Standing::of(own.iter().copied()) == Standing::Eligible)
}
