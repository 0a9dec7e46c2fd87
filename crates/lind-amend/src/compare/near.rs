//! Both versions as clauses: first what stands near to what has changed, then all of it.
//!
//! Criteria that neither changed nor read what a changed one reads do the same in both versions. As long as they may do
//! anything, what cannot be is proved without them; only to find somebody do they have to be known.

use std::collections::{BTreeMap, BTreeSet};

use lind_model::{Effect, Standing};

use super::asked::Asked;
use super::days::OnDays;
use crate::CannotCompare;
use crate::formula::{Choice, Formula, standing};
use crate::questions::{QuestionId, Side, Which};
use crate::solver::{Answer, Clauses, Literal, Logic};
use crate::universe::Universe;

/// Of how many pairs it takes longer to search twice than to add the others at once.
const MANY: usize = 100;

/// Both versions as clauses, as far as they are known.
pub(super) struct Near {
    clauses: Clauses,
    universe: Universe,
    /// By version: what each pair that is near does, where it is due.
    effects: [BTreeMap<usize, Choice<Effect>>; 2],
    /// What all pairs that are not near do together in either version.
    others: Option<Choice<Effect>>,
    /// Those of them of which nothing is known.
    left_out: Vec<usize>,
    /// By version.
    standings: [Choice<Standing>; 2],
    /// The groups of which examples are needed for somebody to show a change, and have not been added: a proof does
    /// without.
    unexemplified: BTreeSet<usize>,
    /// The groups that have not been added, and those of which other examples have not.
    missing: BTreeSet<usize>,
    without_examples: BTreeSet<usize>,
}

impl Near {
    /// All that has changed, and what reads the same data.
    pub(super) fn to_changes(days: &mut OnDays<'_, '_>) -> Result<Self, CannotCompare> {
        let pairs = days.pairwise.is_shared.iter().enumerate();
        let changed = pairs.filter(|(_, is_shared)| !**is_shared);
        Self::to(days, &changed.map(|(pair, _)| pair).collect(), MANY)
    }

    /// One pair, and what reads the same data. Who stands elsewhere if it alone is changed can be told from that.
    pub(super) fn to_pair(days: &mut OnDays<'_, '_>, pair: usize) -> Result<Self, CannotCompare> {
        Self::to(days, &BTreeSet::from([pair]), usize::MAX)
    }

    /// Some pairs, and what reads the same data; or all, if these are too many.
    fn to(
        days: &mut OnDays<'_, '_>,
        pairs: &BTreeSet<usize>,
        many: usize,
    ) -> Result<Self, CannotCompare> {
        let pairwise = days.pairwise;
        let changed = pairs.iter().flat_map(|pair| pairwise.asks(*pair));
        let changed: BTreeSet<QuestionId> = changed.collect();
        let groups = days.groups_of(changed.iter().copied());
        let reads_near = |pair: &usize| {
            let own = days.groups_of(pairwise.asks(*pair));
            !own.is_disjoint(&groups)
        };
        let all = 0..pairwise.criteria.pairs.len();
        let (mut near, mut left_out): (Vec<usize>, Vec<usize>) =
            all.partition(|pair| pairs.contains(pair) || reads_near(pair));
        let groups = if near.len() > many {
            near.append(&mut left_out);
            (0..days.groups.len()).collect()
        } else {
            groups
        };
        let mut clauses = Clauses::new();
        let universe = Universe::new(days.made.questions, days.base.clone(), &clauses);
        let mut universe = universe.unsimplified();
        let (mut without_examples, mut unexemplified) = (BTreeSet::new(), BTreeSet::new());
        for place in &groups {
            let group = days.answered(*place)?;
            universe.add(&group, &mut clauses);
            if group.has_examples {
                let is_exact = group.holds_exactly(&changed);
                let those = if is_exact {
                    &mut without_examples
                } else {
                    &mut unexemplified
                };
                those.insert(*place);
            }
        }
        let missing = (0..days.groups.len()).filter(|group| !groups.contains(group));
        Ok(Self {
            missing: missing.collect(),
            without_examples,
            unexemplified,
            ..Self::of(days, &near, left_out, universe, clauses)
        })
    }

    /// One pair alone, with nothing recorded but what it asks about.
    pub(super) fn alone(days: &mut OnDays<'_, '_>, pair: usize) -> Result<Self, CannotCompare> {
        let mut clauses = Clauses::new();
        let mut universe = Universe::new(days.made.questions, days.base.clone(), &clauses);
        let asked: BTreeSet<QuestionId> = days.pairwise.asks(pair).collect();
        let mut unexemplified = BTreeSet::new();
        for place in days.groups_of(asked.iter().copied()) {
            let group = days.answered(place)?;
            if group.has_examples && group.holds_exactly(&asked) {
                universe.add_alone(&group, &asked, &mut clauses);
            } else {
                universe.add(&group, &mut clauses);
                unexemplified.extend(group.has_examples.then_some(place));
            }
        }
        Ok(Self {
            unexemplified,
            ..Self::of(days, &[pair], Vec::new(), universe, clauses)
        })
    }

    fn of(
        days: &OnDays<'_, '_>,
        near: &[usize],
        left_out: Vec<usize>,
        mut universe: Universe,
        mut clauses: Clauses,
    ) -> Self {
        let asked = near.iter().flat_map(|pair| days.pairwise.asks(*pair));
        universe.free(asked, &mut clauses);
        let effects = effects(days, near, &universe, &mut clauses);
        let any = [Effect::Fail, Effect::Open, Effect::Pass];
        let others = (!left_out.is_empty()).then(|| Choice::free(any, &mut clauses));
        let standings = effects.each_ref().map(|own| {
            let own = own.values().chain(&others);
            let own: Vec<Choice<Effect>> = own.cloned().collect();
            standing(&own, &mut clauses)
        });
        Self {
            unexemplified: BTreeSet::new(),
            missing: BTreeSet::new(),
            without_examples: BTreeSet::new(),
            clauses,
            universe,
            effects,
            others,
            left_out,
            standings,
        }
    }

    /// Whether nothing is left out.
    pub(super) fn is_complete(&self) -> bool {
        let groups = [&self.unexemplified, &self.missing, &self.without_examples];
        groups.iter().all(|own| own.is_empty()) && self.left_out.is_empty()
    }

    /// Whether it is proved already that nobody shows something.
    pub(super) fn is_impossible(&mut self, wanted: &[Literal]) -> bool {
        self.clauses.ask(wanted) == Answer::Impossible
    }

    /// Adds the examples without which nobody shows a change.
    pub(super) fn exemplify(&mut self, days: &mut OnDays<'_, '_>) -> Result<(), CannotCompare> {
        for group in std::mem::take(&mut self.unexemplified) {
            let answered = days.exemplified(group)?;
            self.universe.add_examples(&answered, &mut self.clauses);
        }
        Ok(())
    }

    /// Adds what was left out.
    pub(super) fn complete(&mut self, days: &mut OnDays<'_, '_>) -> Result<(), CannotCompare> {
        if self.is_complete() {
            return Ok(());
        }
        self.exemplify(days)?;
        for group in std::mem::take(&mut self.missing) {
            let answered = days.exemplified(group)?;
            self.universe.add(&answered, &mut self.clauses);
            self.universe.add_examples(&answered, &mut self.clauses);
        }
        for group in std::mem::take(&mut self.without_examples) {
            let answered = days.exemplified(group)?;
            self.universe.add_examples(&answered, &mut self.clauses);
        }
        let left_out = std::mem::take(&mut self.left_out);
        if let Some(any) = &self.others {
            // They do the same in both versions.
            let [own, _] = effects(days, &left_out, &self.universe, &mut self.clauses);
            let own: Vec<Choice<Effect>> = own.into_values().collect();
            let together = standing(&own, &mut self.clauses);
            let does = [
                (Standing::Ineligible, Effect::Fail),
                (Standing::Undetermined, Effect::Open),
                (Standing::Eligible, Effect::Pass),
            ];
            for (standing, effect) in does {
                let literal = together.is(&standing, &self.clauses);
                let same = any.is(&effect, &self.clauses);
                self.clauses.any([!literal, same]);
            }
        }
        Ok(())
    }

    /// What must hold of a patient who shows something.
    pub(super) fn wanted(&mut self, asked: Asked) -> Vec<Literal> {
        let [old, new] = &self.standings;
        match asked {
            Asked::Transition(from, to) => {
                vec![old.is(&from, &self.clauses), new.is(&to, &self.clauses)]
            }
            Asked::InContext(pair) => vec![self.in_context(pair)],
            Asked::Alone(pair, from, to) => {
                let [old, new] = &self.effects;
                let does = |own: &BTreeMap<usize, Choice<Effect>>, effect| {
                    // What is not there, and what is not due yet, does not stand in the way.
                    let own = own.get(&pair);
                    let passes = || Choice::only(Effect::Pass, &self.clauses);
                    let own = own.cloned().unwrap_or_else(passes);
                    own.is(&effect, &self.clauses)
                };
                vec![does(old, from), does(new, to)]
            }
        }
    }

    /// Whether anybody stands otherwise if this one pair alone is changed.
    fn in_context(&mut self, pair: usize) -> Literal {
        let [old, new] = &self.effects;
        let others = old.iter().filter(|(own, _)| **own != pair);
        let others = others.map(|(_, effect)| effect);
        let others = others.chain(&self.others);
        let after: Vec<Choice<Effect>> = others.chain(new.get(&pair)).cloned().collect();
        let after = standing(&after, &mut self.clauses);
        let [before, _] = &self.standings;
        let mut differs = Vec::new();
        for (standing, literal) in before.options() {
            let same = after.is(standing, &self.clauses);
            differs.push(self.clauses.both(&[*literal, !same]));
        }
        self.clauses.either(&differs)
    }

    pub(super) fn solving(&mut self) -> (&Universe, &mut Clauses) {
        (&self.universe, &mut self.clauses)
    }
}

/// By version: what some pairs do. What both versions do is made once.
fn effects(
    days: &OnDays<'_, '_>,
    pairs: &[usize],
    universe: &Universe,
    clauses: &mut Clauses,
) -> [BTreeMap<usize, Choice<Effect>>; 2] {
    let mut formula = Formula::new(days.made.questions, &universe.answers);
    let [mut of_old, mut of_new] = [BTreeMap::new(), BTreeMap::new()];
    let [old, new] = days.made.sides;
    for place in pairs {
        let Some(pair) = days.pairwise.pair(*place) else {
            continue;
        };
        let [old_place, new_place] = pair.places;
        let mut effect = |which, side: &Side, own: Option<usize>| {
            let criterion = side.plan.criteria.get(own?)?;
            formula.effect(which, &side.plan, criterion, side.gate, clauses)
        };
        let before = effect(Which::Old, old, old_place);
        let after = if days.pairwise.is_shared.get(*place) == Some(&true) {
            before.clone()
        } else {
            effect(Which::New, new, new_place)
        };
        of_old.extend(before.map(|own| (*place, own)));
        of_new.extend(after.map(|own| (*place, own)));
    }
    [of_old, of_new]
}
