//! Asking whether there is a patient of one version for whom something holds.

use std::collections::BTreeSet;

use lind_model::{Effect, Verdict};

use crate::CannotCompare;
use crate::patient::Patient;
use crate::questions::{QuestionId, Questions, Side, Which};
use crate::solver::{Answer, Clauses, Literal};
use crate::universe::Universe;

/// How many patients are made up before a question is given up.
const MOST_TRIES: usize = 12;

/// What is known of whether there is such a patient.
#[derive(Debug)]
pub(crate) enum Found {
    /// There is none: proved.
    None,
    /// Here is one; the interpreter was asked.
    Shown(Box<Patient>),
    /// Neither.
    Undecided,
}

/// What may be, of one version.
pub(crate) struct Search<'s> {
    pub(crate) side: &'s Side,
    pub(crate) questions: &'s Questions,
    pub(crate) universe: Universe<'s>,
    pub(crate) clauses: Clauses,
}

impl Search<'_> {
    /// Whether it is proved that these do not hold together.
    pub(crate) fn is_impossible(&mut self, wanted: &[Literal]) -> bool {
        self.clauses.ask(wanted) == Answer::Impossible
    }

    /// Whether these hold together for somebody who is put together of cases, as far as can be told without asking.
    pub(crate) fn seems_possible(&mut self, wanted: &[Literal]) -> bool {
        let mut assumed = wanted.to_vec();
        assumed.extend(self.universe.realised());
        self.clauses.ask(&assumed) == Answer::Possible
    }

    /// Of some assumptions that cannot hold beside others, a set of which none can be left out; as few as can be found
    /// by trying single ones first. None if they can hold.
    pub(crate) fn core(
        &mut self,
        fixed: &[Literal],
        candidates: &[(usize, Literal)],
    ) -> Option<Vec<usize>> {
        let with = |chosen: &[(usize, Literal)]| -> Vec<Literal> {
            let own = chosen.iter().map(|(_, literal)| *literal);
            fixed.iter().copied().chain(own).collect()
        };
        if self.is_impossible(fixed) {
            return Some(Vec::new());
        }
        if !self.is_impossible(&with(candidates)) {
            return None;
        }
        let mut core: Vec<(usize, Literal)> = candidates
            .iter()
            .copied()
            .filter(|(_, literal)| self.clauses.was_needed(*literal))
            .collect();
        for one in candidates {
            if self.is_impossible(&with(&[*one])) {
                return Some(vec![one.0]);
            }
        }
        let mut place = 0;
        while place < core.len() {
            let mut fewer = core.clone();
            fewer.remove(place);
            if self.is_impossible(&with(&fewer)) {
                core = fewer;
            } else {
                place = place.saturating_add(1);
            }
        }
        Some(core.into_iter().map(|(tag, _)| tag).collect())
    }

    /// Whether there is a patient for whom these hold, and who shows it when the interpreter is asked.
    pub(crate) fn find(
        &mut self,
        wanted: &[Literal],
        shows: &dyn Fn(&Verdict) -> bool,
    ) -> Result<Found, CannotCompare> {
        let realised = self.universe.realised();
        let mut assumed = wanted.to_vec();
        assumed.extend(&realised);
        // What was tried is told apart by a literal of its own, so that other questions may try it again.
        let this = self.clauses.literal();
        assumed.push(this);
        for _ in 0..MOST_TRIES {
            if self.clauses.ask(&assumed) != Answer::Possible {
                break;
            }
            self.universe.simplify(&assumed, &mut self.clauses);
            let patient = self.universe.patient(&self.clauses);
            let verdict = self.universe.verdict(&patient)?;
            if verdict.is_some_and(|verdict| shows(&verdict)) {
                return Ok(Found::Shown(Box::new(patient)));
            }
            if realised.is_empty() {
                return Err(CannotCompare::Disagreement {
                    what: "a made-up patient does not show what was found".to_owned(),
                });
            }
            self.universe.rule_out(this, &mut self.clauses);
        }
        if self.is_impossible(wanted) {
            Ok(Found::None)
        } else {
            Ok(Found::Undecided)
        }
    }

    /// The questions that the criterion at a place asks.
    pub(crate) fn asked_by(&self, place: usize) -> BTreeSet<QuestionId> {
        self.questions.of_criterion(Which::New, self.side, place)
    }

    /// What of a made-up patient some questions read.
    pub(crate) fn read_by(&self, patient: &Patient, read: &BTreeSet<QuestionId>) -> Patient {
        let mut codes: BTreeSet<&(lind_records::Table, std::sync::Arc<str>)> = BTreeSet::new();
        let mut whole: BTreeSet<lind_records::Table> = BTreeSet::new();
        let (mut sex, mut age) = (false, false);
        for question in read.iter().filter_map(|id| self.questions.get(*id)) {
            sex |= question.reads.sex;
            age |= question.reads.age;
            codes.extend(&question.reads.codes);
            whole.extend(&question.reads.whole);
        }
        let is_read = |row: &&crate::patient::Row| {
            whole.contains(&row.table)
                || codes.iter().any(|(table, code)| {
                    *table == row.table
                        && code
                            .strip_suffix('*')
                            .map_or(&**code == row.about(), |own| row.about().starts_with(own))
                })
        };
        Patient {
            sex: patient.sex.filter(|_| sex),
            born: patient.born.filter(|_| age),
            rows: patient.rows.iter().filter(is_read).cloned().collect(),
        }
    }
}

/// What the criterion at a place does in a verdict.
pub(crate) fn effect_in(verdict: &Verdict, place: usize) -> Effect {
    let own = verdict.criteria.get(place).filter(|own| own.due);
    own.map_or(Effect::Pass, |own| own.effect)
}
