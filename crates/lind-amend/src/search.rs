//! Asking whether there is a patient of one version for whom something holds.

use std::collections::BTreeSet;

use lind_model::{Effect, Verdict};

use crate::CannotCompare;
use crate::answered::Versions;
use crate::extent::Extent;
use crate::patient::Patient;
use crate::questions::{QuestionId, Questions, Side, Which};
use crate::sketch::Sketch;
use crate::solver::{Answer, Clauses, Literal};
use crate::universe::Universe;

/// How many patients are made up before a question is given up.
const MOST_TRIES: usize = 12;

/// What is known of whether there is such a patient.
#[derive(Debug)]
pub(crate) enum Found<S> {
    /// There is none: proved.
    None,
    /// Here is one; the interpreter was asked.
    Shown(S),
    /// Neither; these questions are the cause.
    Undecided(BTreeSet<QuestionId>),
}

/// Looks for a patient for whom these hold and of whom the interpreter says so. `simplify` may put a patient more
/// simply; `show` asks the interpreter, and says what it saw.
pub(crate) fn seek<S>(
    universe: &Universe,
    clauses: &mut Clauses,
    wanted: &[Literal],
    most_tries: usize,
    simplify: &mut dyn FnMut(&mut Sketch<'_>, &[Literal], &mut Clauses),
    show: &mut dyn FnMut(Patient) -> Result<Option<S>, CannotCompare>,
) -> Result<Found<S>, CannotCompare> {
    let is_exact = universe.realised().is_empty();
    let mut assumed = wanted.to_vec();
    assumed.extend(universe.realised());
    // What was tried is told apart by a literal of its own, so that other questions may try it again.
    let this = clauses.literal();
    assumed.push(this);
    let mut causes: BTreeSet<QuestionId> = BTreeSet::new();
    for _ in 0..most_tries {
        match clauses.ask(&assumed) {
            Answer::Possible => {}
            Answer::Impossible if is_exact => return Ok(Found::None),
            Answer::Impossible => {
                causes = universe.needed(clauses);
                break;
            }
            Answer::GivenUp => break,
        }
        let mut sketch = Sketch::of(universe, clauses);
        simplify(&mut sketch, &assumed, clauses);
        if let Some(shown) = show(sketch.patient())? {
            return Ok(Found::Shown(shown));
        }
        if is_exact {
            return Err(CannotCompare::Disagreement {
                what: "a made-up patient does not show what was found".to_owned(),
            });
        }
        // Together its examples are not what they are alone.
        let tried = sketch.examples().into_iter().map(|literal| !literal);
        clauses.any(std::iter::once(!this).chain(tried));
    }
    // Nobody who is put together of cases; and perhaps nobody at all.
    if clauses.ask(wanted) == Answer::Impossible {
        return Ok(Found::None);
    }
    Ok(Found::Undecided(causes))
}

/// What is known of whether there is such a patient, if that can be told without making one up.
pub(crate) fn foresee<S>(
    universe: &Universe,
    clauses: &mut Clauses,
    wanted: &[Literal],
) -> Option<Found<S>> {
    if clauses.ask(wanted) == Answer::Impossible {
        return Some(Found::None);
    }
    let mut assumed = wanted.to_vec();
    assumed.extend(universe.realised());
    let is_exact = assumed.len() == wanted.len();
    let nobody = !is_exact && clauses.ask(&assumed) == Answer::Impossible;
    nobody.then(|| Found::Undecided(universe.needed(clauses)))
}

/// What may be, of one version.
pub(crate) struct Search<'s> {
    pub(crate) side: &'s Side,
    pub(crate) questions: &'s Questions,
    pub(crate) versions: Versions<'s>,
    pub(crate) universe: Universe,
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
    ) -> Result<Found<Box<Patient>>, CannotCompare> {
        let versions = &mut self.versions;
        seek(
            &self.universe,
            &mut self.clauses,
            wanted,
            MOST_TRIES,
            &mut |sketch, assumed, clauses| sketch.simplify_by_solver(assumed, clauses),
            &mut |patient| {
                let verdict = versions.verdict(&patient)?;
                let shown = verdict.is_some_and(|verdict| shows(&verdict));
                Ok(shown.then(|| Box::new(patient)))
            },
        )
    }

    /// The questions that the criterion at a place asks.
    pub(crate) fn asked_by(&self, place: usize) -> BTreeSet<QuestionId> {
        self.questions.of_criterion(Which::New, self.side, place)
    }

    /// What of a made-up patient some questions read.
    pub(crate) fn read_by(&self, patient: &Patient, read: &BTreeSet<QuestionId>) -> Patient {
        Extent::of(self.questions, read).part(patient)
    }
}

/// What the criterion at a place does in a verdict.
pub(crate) fn effect_in(verdict: &Verdict, place: usize) -> Effect {
    let own = verdict.criteria.get(place).filter(|own| own.due);
    own.map_or(Effect::Pass, |own| own.effect)
}
