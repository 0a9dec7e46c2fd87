//! Whether somebody still shows something, while what is recorded of them is taken away.

use std::collections::{BTreeMap, BTreeSet};

use lind_model::{Effect, Truth};

use super::asked::Asked;
use super::days::Pairwise;
use crate::formula::{Choice, Formula};
use crate::questions::{QuestionId, Questions, Side, Which};
use crate::sketch::Sketch;
use crate::solver::Clauses;

/// What every pair of criteria does to somebody, and what they are to show.
pub(super) struct Watch<'w> {
    asked: Asked,
    sides: [&'w Side; 2],
    questions: &'w Questions,
    pairwise: &'w Pairwise<'w>,
    /// The pairs that ask a question.
    asking: BTreeMap<QuestionId, Vec<usize>>,
    /// By version, by pair.
    effects: [Vec<Effect>; 2],
}

impl<'w> Watch<'w> {
    pub(super) fn new(
        asked: Asked,
        sides: [&'w Side; 2],
        questions: &'w Questions,
        pairwise: &'w Pairwise<'w>,
    ) -> Self {
        let mut asking: BTreeMap<QuestionId, Vec<usize>> = BTreeMap::new();
        for (pair, questions) in pairwise.asked_by.iter().enumerate() {
            for question in questions {
                asking.entry(*question).or_default().push(pair);
            }
        }
        let pass = vec![Effect::Pass; pairwise.criteria.pairs.len()];
        Self {
            asked,
            sides,
            questions,
            pairwise,
            asking,
            effects: [pass.clone(), pass],
        }
    }

    /// Takes away of somebody what they can show it without.
    pub(super) fn simplify(&mut self, sketch: &mut Sketch<'_>, clauses: &mut Clauses) {
        let all: BTreeSet<usize> = (0..self.pairwise.criteria.pairs.len()).collect();
        let mut is_first = true;
        sketch.simplify(clauses, &mut |answers, changed, clauses| {
            let asking = changed
                .iter()
                .filter_map(|question| self.asking.get(question));
            let own: BTreeSet<usize> = asking.flatten().copied().collect();
            // What asks nothing does what it does.
            let own = if std::mem::take(&mut is_first) {
                &all
            } else {
                &own
            };
            self.is_shown(answers, own, clauses)
        });
    }

    /// Whether it is still shown with these answers; some pairs may do something else then.
    fn is_shown(
        &mut self,
        answers: &[Choice<Truth>],
        pairs: &BTreeSet<usize>,
        clauses: &mut Clauses,
    ) -> bool {
        let mut formula = Formula::new(self.questions, answers);
        let mut before: Vec<(usize, usize, Effect)> = Vec::new();
        for place in pairs {
            let Some(pair) = self.pairwise.pair(*place) else {
                continue;
            };
            let mut effect = |which: Which| {
                let side = self.sides.get(which.index())?;
                let own = (*pair.places.get(which.index())?)?;
                let criterion = side.plan.criteria.get(own)?;
                let effect = formula.effect(which, &side.plan, criterion, side.gate, clauses)?;
                Some(effect.options().first()?.0)
            };
            let of_old = effect(Which::Old);
            let of_new = if self.pairwise.is_shared.get(*place) == Some(&true) {
                of_old
            } else {
                effect(Which::New)
            };
            for (version, own) in [of_old, of_new].into_iter().enumerate() {
                let effects = self.effects.get_mut(version);
                if let Some(slot) = effects.and_then(|effects| effects.get_mut(*place)) {
                    before.push((version, *place, *slot));
                    *slot = own.unwrap_or(Effect::Pass);
                }
            }
        }
        let is_shown = self.asked.is_shown(&self.effects);
        if !is_shown {
            for (version, place, effect) in before {
                let effects = self.effects.get_mut(version);
                if let Some(slot) = effects.and_then(|effects| effects.get_mut(place)) {
                    *slot = effect;
                }
            }
        }
        is_shown
    }
}
