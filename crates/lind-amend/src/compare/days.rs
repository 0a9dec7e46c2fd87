//! What is asked of two versions, with the milestones on given days.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use lind_model::Effect;
use lind_model::difference::{Because, MadeUpRow, Status, Witness};
use lind_records::Chart;
use lind_time::Day;

use super::asked::{Asked, effects_in};
use super::criteria::{Criteria, Pair, stated};
use super::near::Near;
use super::watch::Watch;
use crate::CannotCompare;
use crate::answered::{Answered, Versions};
use crate::answers::Interpreter;
use crate::cases::{Group, Made, group, together};
use crate::extent::Extent;
use crate::patient::{Patient, Row};
use crate::questions::{QuestionId, Questions, Side, Which};
use crate::search::{Found, foresee, seek};
use crate::words;

/// How many patients are made up before a question is given up.
const MOST_TRIES: usize = 40;

/// The pairs of criteria, with all that they ask.
pub(super) struct Pairwise<'c> {
    pub(super) criteria: Criteria<'c>,
    /// By pair: the questions of both.
    pub(super) asked_by: Vec<BTreeSet<QuestionId>>,
    /// By pair: whether what one version does the other does too.
    pub(super) is_shared: Vec<bool>,
}

impl<'c> Pairwise<'c> {
    pub(super) fn new(sides: [&Side; 2], questions: &Questions, criteria: Criteria<'c>) -> Self {
        let gates = sides.map(|side| super::name_of(&side.plan, side.gate));
        let [old_gate, new_gate] = &gates;
        let asked_by = |pair: &Pair| -> BTreeSet<QuestionId> {
            let of_both = Which::BOTH.into_iter().zip(sides).zip(pair.places);
            of_both
                .filter_map(|((which, side), place)| {
                    Some(questions.of_criterion(which, side, place?))
                })
                .flatten()
                .collect()
        };
        let is_shared = |pair: &Pair| old_gate == new_gate && criteria.is_shared(pair, sides);
        Self {
            criteria,
            asked_by: criteria.pairs.iter().map(asked_by).collect(),
            is_shared: criteria.pairs.iter().map(is_shared).collect(),
        }
    }

    pub(super) fn pair(&self, place: usize) -> Option<&Pair> {
        self.criteria.pairs.get(place)
    }

    pub(super) fn asks(&self, pair: usize) -> impl Iterator<Item = QuestionId> + '_ {
        self.asked_by.get(pair).into_iter().flatten().copied()
    }
}

/// A made-up patient of whom the interpreter was asked.
pub(super) struct Seen {
    pub(super) patient: Patient,
    charts: [Chart; 2],
    /// By version: what each pair does.
    pub(super) effects: [Vec<Effect>; 2],
    /// The pair, if nothing but what it asks about is recorded.
    pub(super) pair: Option<usize>,
}

/// Both versions, and what they have answered of groups of questions.
pub(super) struct Memory<'s> {
    versions: Versions<'s>,
    /// By group.
    answered: BTreeMap<usize, Remembered>,
}

struct Remembered {
    group: Group,
    days: Vec<Option<Day>>,
    answered: Rc<Answered>,
}

impl<'s> Memory<'s> {
    pub(super) fn of(sides: [&'s Side; 2]) -> Self {
        Self {
            versions: Versions::new(sides),
            answered: BTreeMap::new(),
        }
    }

    /// What the cases of a group answer. The same cases answer the same if the days are the same on which they are
    /// asked, and from which their windows reach.
    fn answered(
        &mut self,
        place: usize,
        made: &Made<'_>,
        questions: Vec<QuestionId>,
        base: &Patient,
    ) -> Result<Rc<Answered>, CannotCompare> {
        let days = made.days(&questions);
        let group = group(made, questions);
        let known = self.answered.get(&place);
        let same = |known: &&Remembered| {
            days.as_ref().is_some_and(|days| *days == known.days) && group == known.group
        };
        if let Some(known) = known.filter(same) {
            return Ok(Rc::clone(&known.answered));
        }
        let answered = Rc::new(self.versions.answered(&group, base)?);
        if let Some(days) = days {
            let remembered = Remembered {
                group,
                days,
                answered: Rc::clone(&answered),
            };
            self.answered.insert(place, remembered);
        }
        Ok(answered)
    }
}

/// Both versions, with the milestones on given days.
pub(super) struct OnDays<'d, 's> {
    pub(super) made: Made<'d>,
    pub(super) pairwise: &'d Pairwise<'d>,
    memory: &'d mut Memory<'s>,
    pub(super) base: Patient,
    /// Questions that read the same data.
    pub(super) groups: Vec<Vec<QuestionId>>,
    /// By question.
    group_of: BTreeMap<QuestionId, usize>,
    /// By group.
    answered: Vec<Option<Rc<Answered>>>,
    /// Everybody who showed something, by what was asked first.
    pub(super) seen: Vec<Seen>,
    /// Patients of tests, once they have been asked about.
    pub(super) typical: Option<Vec<Seen>>,
    /// Whether somebody of whom less is recorded has been looked for among them.
    pub(super) is_forgetful: bool,
    /// The pair that was asked about last, by itself.
    alone: Option<(usize, Near)>,
    near: Option<Near>,
}

impl<'d, 's> OnDays<'d, 's> {
    pub(super) fn new(
        made: Made<'d>,
        pairwise: &'d Pairwise<'d>,
        memory: &'d mut Memory<'s>,
    ) -> Self {
        let groups = together(&made);
        let group_of = groups
            .iter()
            .enumerate()
            .flat_map(|(place, own)| own.iter().map(move |id| (*id, place)))
            .collect();
        Self {
            base: made.calendar.patient(),
            answered: groups.iter().map(|_| None).collect(),
            made,
            pairwise,
            memory,
            groups,
            group_of,
            seen: Vec::new(),
            typical: None,
            is_forgetful: false,
            alone: None,
            near: None,
        }
    }

    /// Whether there is such a patient.
    pub(super) fn status(&mut self, asked: Asked) -> Result<Status, CannotCompare> {
        match asked {
            Asked::Alone(pair, ..) => self.alone(asked, pair),
            Asked::Transition(..) | Asked::InContext(_) => self.among_others(asked),
        }
    }

    /// Whether one criterion does this to anybody: of whom nothing is recorded but what it asks about.
    fn alone(&mut self, asked: Asked, pair: usize) -> Result<Status, CannotCompare> {
        let mut near = match self.alone.take() {
            Some((own, near)) if own == pair => near,
            _ => Near::alone(self, pair)?,
        };
        let wanted = near.wanted(asked);
        if near.is_impossible(&wanted) {
            self.alone = Some((pair, near));
            return Ok(Status::Impossible);
        }
        near.exemplify(self)?;
        let (universe, clauses) = near.solving();
        let found = seek(
            universe,
            clauses,
            &wanted,
            MOST_TRIES,
            &mut |sketch, assumed, clauses| sketch.simplify_by_solver(assumed, clauses),
            &mut |patient| self.show(asked, patient, Some(pair)),
        )?;
        self.alone = Some((pair, near));
        Ok(self.status_of(found))
    }

    fn status_of(&mut self, found: Found<Seen>) -> Status {
        match found {
            Found::Shown(seen) => self.witnessed(seen),
            Found::None => Status::Impossible,
            Found::Undecided(causes) => Status::Undecided(self.texts(&causes)),
        }
    }

    /// Whether there is such a patient, all criteria being asked.
    fn among_others(&mut self, asked: Asked) -> Result<Status, CannotCompare> {
        let mut seen = self.seen.iter();
        if let Some(place) = seen.position(|seen| asked.is_shown(&seen.effects)) {
            return Ok(self.witness(place));
        }
        if let Some(found) = self.foreseen(asked)? {
            return Ok(self.status_of(found));
        }
        if let Some(seen) = self.guessed(asked)? {
            return Ok(self.witnessed(seen));
        }
        let mut near = self.near()?;
        near.complete(self)?;
        let wanted = near.wanted(asked);
        let (universe, clauses) = near.solving();
        let mut watch = Watch::new(asked, self.made.sides, self.made.questions, self.pairwise);
        let found = seek(
            universe,
            clauses,
            &wanted,
            MOST_TRIES,
            &mut |sketch, _, clauses| watch.simplify(sketch, clauses),
            &mut |patient| self.show(asked, patient, None),
        )?;
        self.near = Some(near);
        Ok(self.status_of(found))
    }

    /// What can be told of it without making anybody up, from what stands near to what has changed.
    fn foreseen(&mut self, asked: Asked) -> Result<Option<Found<Seen>>, CannotCompare> {
        if let Asked::InContext(pair) = asked {
            let mut near = Near::to_pair(self, pair)?;
            return self.foreseen_by(&mut near, asked);
        }
        let mut near = self.near()?;
        let found = if near.is_complete() {
            None
        } else {
            self.foreseen_by(&mut near, asked)?
        };
        self.near = Some(near);
        Ok(found)
    }

    fn foreseen_by(
        &mut self,
        near: &mut Near,
        asked: Asked,
    ) -> Result<Option<Found<Seen>>, CannotCompare> {
        let wanted = near.wanted(asked);
        if near.is_impossible(&wanted) {
            return Ok(Some(Found::None));
        }
        near.exemplify(self)?;
        let (universe, clauses) = near.solving();
        Ok(foresee(universe, clauses, &wanted))
    }

    /// What stands near to all that has changed.
    fn near(&mut self) -> Result<Near, CannotCompare> {
        match self.near.take() {
            Some(near) => Ok(near),
            None => Near::to_changes(self),
        }
    }

    /// The groups of some questions.
    pub(super) fn groups_of(
        &self,
        questions: impl IntoIterator<Item = QuestionId>,
    ) -> BTreeSet<usize> {
        let questions = questions.into_iter();
        questions
            .filter_map(|id| self.group_of.get(&id).copied())
            .collect()
    }

    /// The same with examples, if it has any.
    pub(super) fn exemplified(&mut self, place: usize) -> Result<Rc<Answered>, CannotCompare> {
        let answered = self.answered(place)?;
        let versions = &mut self.memory.versions;
        versions.exemplify(&answered, &self.made, &self.base)?;
        Ok(answered)
    }

    /// The cases of a group with their answers.
    pub(super) fn answered(&mut self, place: usize) -> Result<Rc<Answered>, CannotCompare> {
        if let Some(Some(known)) = self.answered.get(place) {
            return Ok(Rc::clone(known));
        }
        let questions = self.groups.get(place).cloned().unwrap_or_default();
        let answered = self
            .memory
            .answered(place, &self.made, questions, &self.base)?;
        if let Some(slot) = self.answered.get_mut(place) {
            *slot = Some(Rc::clone(&answered));
        }
        Ok(answered)
    }

    /// Asks the interpreter whether a patient shows it.
    pub(super) fn show(
        &mut self,
        asked: Asked,
        patient: Patient,
        pair: Option<usize>,
    ) -> Result<Option<Seen>, CannotCompare> {
        let seen = self.see(patient, pair)?;
        Ok(seen.filter(|seen| asked.is_shown(&seen.effects)))
    }

    /// Asks the interpreter about a patient, in both versions.
    pub(super) fn see(
        &mut self,
        patient: Patient,
        pair: Option<usize>,
    ) -> Result<Option<Seen>, CannotCompare> {
        let Some(charts) = self.memory.versions.charts(&patient)? else {
            return Ok(None);
        };
        let Some([old, new]) = self.memory.versions.both() else {
            return Ok(None);
        };
        let [old_chart, new_chart] = &charts;
        let verdicts = [old.verdict(old_chart), new.verdict(new_chart)];
        let effects = effects_in(verdicts.each_ref(), self.pairwise.criteria.pairs);
        Ok(Some(Seen {
            patient,
            charts,
            effects,
            pair,
        }))
    }

    fn witnessed(&mut self, seen: Seen) -> Status {
        self.seen.push(seen);
        self.witness(self.seen.len() - 1)
    }

    /// A patient as a witness: with the criteria that do something else, and why.
    fn witness(&self, place: usize) -> Status {
        let nothing = Status::Undecided(Vec::new());
        let (Some(seen), Some([old, new])) = (self.seen.get(place), self.memory.versions.both())
        else {
            return nothing;
        };
        let [old_side, new_side] = self.made.sides;
        let [old_chart, new_chart] = &seen.charts;
        let [before, after] = &seen.effects;
        let mut because = Vec::new();
        let mut read: BTreeSet<QuestionId> = BTreeSet::new();
        let pairs = self.pairwise.criteria.pairs.iter().enumerate();
        for ((at, pair), (one, other)) in pairs.zip(before.iter().zip(after)) {
            if one == other {
                continue;
            }
            let [old_place, new_place] = pair.places;
            let id = old_place
                .and_then(|place| stated(&old_side.plan, place))
                .or_else(|| stated(&new_side.plan, new_place?))
                .map(|stated| Arc::clone(&stated.id));
            let why = |side: &Side, version: &Interpreter<'_>, chart: &Chart, place: usize| {
                let own = side.plan.criteria.get(place)?;
                Some(version.reason(chart, own.criterion))
            };
            let of_old = old_place.and_then(|place| why(old_side, old, old_chart, place));
            let of_new = new_place.and_then(|place| why(new_side, new, new_chart, place));
            because.extend(id.map(|criterion| Because {
                criterion,
                old: of_old.map(|why| (*one, why)),
                new: of_new.map(|why| (*other, why)),
            }));
            read.extend(self.pairwise.asks(at));
        }
        let extent = Extent::of(self.made.questions, &read);
        let rows = seen.patient.rows.iter().map(|row| MadeUpRow {
            table: row.table.name(),
            said: self.said(row),
            cells: row.cells.clone(),
            matters: extent.holds(row),
        });
        Status::Witnessed(Box::new(Witness {
            sex: seen.patient.sex,
            born: seen.patient.born,
            rows: rows.collect(),
            because,
        }))
    }

    /// A record in the words of the new version, or else of the old one.
    fn said(&self, row: &Row) -> String {
        let [old, new] = self.made.sides;
        let own = [new, old].map(|side| &side.plan);
        let named = own
            .into_iter()
            .find(|plan| words::name(plan, row) != row.about());
        words::row(named.unwrap_or(&new.plan), row)
    }

    /// What is asked by some questions, as written.
    fn texts(&self, questions: &BTreeSet<QuestionId>) -> Vec<Arc<str>> {
        let questions = questions.iter();
        let mut found: Vec<Arc<str>> = questions
            .filter_map(|id| self.made.questions.get(*id))
            .map(|question| Arc::clone(&question.text))
            .collect();
        found.sort_unstable();
        found.dedup();
        found
    }
}
