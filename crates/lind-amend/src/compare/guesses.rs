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

/// How many patients of tests serve, of those who are expected to stand so.
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

    /// Who may show something: whoever stands near to that, but for what shows that a criterion does something else.
    fn guesses(&mut self, asked: Asked) -> Result<Vec<Patient>, CannotCompare> {
        self.meet_typical()?;
        if matches!(asked, Asked::Transition(from, to) if is_open(from) || is_open(to)) {
            self.forget_some()?;
        }
        let typical = self.typical.iter().flatten();
        let others = self.seen.iter().filter(|seen| seen.pair.is_none());
        let mut found = Vec::new();
        for base in typical.chain(others) {
            for seen in &self.seen {
                let suits = |pair: &usize| self.suits(asked, *pair, seen, base);
                let Some(place) = seen.pair.filter(suits) else {
                    continue;
                };
                let own: Vec<QuestionId> = self.pairwise.asks(place).collect();
                let mut rest = Extent::of(self.made.questions, &own).rest(&base.patient);
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

    /// Whether what a pair does to somebody is what is asked for, if all else does what it does to another.
    fn suits(&self, asked: Asked, place: usize, seen: &Seen, base: &Seen) -> bool {
        if matches!(asked, Asked::InContext(own) if own != place) {
            return false;
        }
        let put = |of_base: &Vec<Effect>, of_seen: &Vec<Effect>| {
            let mut effects = of_base.clone();
            if let (Some(slot), Some(own)) = (effects.get_mut(place), of_seen.get(place)) {
                *slot = *own;
            }
            effects
        };
        let ([old_base, new_base], [old, new]) = (&base.effects, &seen.effects);
        asked.is_shown(&[put(old_base, old), put(new_base, new)])
    }

    /// Asks about the patients of some tests, once: who is expected to be eligible, and whose eligibility is not known.
    fn meet_typical(&mut self) -> Result<(), CannotCompare> {
        if self.typical.is_some() {
            return Ok(());
        }
        let mut found = Vec::new();
        let examples = self.made.examples;
        for standing in [Standing::Eligible, Standing::Undetermined] {
            for patient in examples.expected(standing).take(MOST_TYPICAL) {
                found.extend(self.see(patient.clone(), None)?);
            }
        }
        self.typical = Some(found);
        Ok(())
    }

    /// Adds somebody whose eligibility is not known: a patient of a test who is eligible, of whom nothing is recorded
    /// that an unchanged criterion asks about. Who got as far as the gate is near to everybody who did.
    fn forget_some(&mut self) -> Result<(), CannotCompare> {
        let standing = |seen: &Seen| {
            let [old, _] = &seen.effects;
            Standing::of(old.iter().copied())
        };
        let typical = || self.typical.iter().flatten();
        if std::mem::replace(&mut self.is_forgetful, true) {
            return Ok(());
        }
        let mut eligible = typical().filter(|seen| standing(seen) == Standing::Eligible);
        let Some(eligible) = eligible.next().map(|seen| seen.patient.clone()) else {
            return Ok(());
        };
        let pairs = self.pairwise.asked_by.iter().zip(&self.pairwise.is_shared);
        let unchanged = pairs.filter(|(_, is_shared)| **is_shared);
        for (asked_by, _) in unchanged.take(MOST_GUESSES) {
            let forgetful = Extent::of(self.made.questions, asked_by).rest(&eligible);
            let seen = self.see(forgetful, None)?;
            let open = seen.filter(|seen| is_open(standing(seen)));
            if let (Some(open), Some(typical)) = (open, &mut self.typical) {
                typical.push(open);
                break;
            }
        }
        Ok(())
    }
}

fn is_open(standing: Standing) -> bool {
    standing == Standing::Undetermined
}
