//! Groups of questions that read the same data, and the cases that answer them.

mod boxes;
mod examples;
mod facts;
mod people;
mod results;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use lind_model::MilestoneId;
use lind_model::plan::{NodeKind, Plan};
use lind_records::Table;
use lind_time::Day;

use crate::calendar::{Arrangement, Calendar};
use crate::patient::{Examples, Patient};
use crate::questions::{Leant, QuestionId, Questions, Side, Sort, Which};
pub(crate) use boxes::Boxed;

/// How many steps from one milestone to the next are arranged in every way: on one day, and apart.
const MOST_STEPS: usize = 4;

/// The most cases that a group is given.
const MOST_CASES: usize = 3_000;

/// Questions that read the same data.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Group {
    pub(crate) questions: Vec<QuestionId>,
    /// Some of the questions, with all cases there are of them. No question stands in two.
    pub(crate) exact: Vec<(Vec<QuestionId>, Cases)>,
    /// Whether the exact parts are not all of the group, or the whole is not all that they are, so that there are
    /// [`examples`] of it.
    pub(crate) has_examples: bool,
    /// All cases of the whole, where values are computed from others.
    pub(crate) boxed: Option<Boxed>,
}

/// What patients are like, as far as the questions of a group go.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Cases {
    pub(crate) cases: Vec<Patient>,
    pub(crate) joined: Joined,
    /// Whether every patient answers as one of these does, or as several of them together.
    pub(crate) exact: bool,
    /// Of results in slices of time: what each case holds.
    pub(crate) places: Vec<Place>,
}

/// What a case of results holds: one slice of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Place {
    /// Which slice; the newest is the first.
    pub(crate) slice: usize,
    /// The place of its value among the values; of several, the last counts.
    pub(crate) rank: Option<usize>,
    /// Whether it holds a result without a limit, beside which no other is sure to count.
    pub(crate) is_without: bool,
    /// Whether there is such a slice; or it only says what its results answer together.
    pub(crate) is_possible: bool,
}

/// Which result of several counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Counting {
    /// That of the newest slice.
    Newest,
    /// That of the oldest slice.
    Oldest,
    /// The highest, or the lowest.
    Extreme,
}

/// How the cases of a group make a patient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Joined {
    /// One of them is the patient.
    OneOf,
    /// The first is a patient without any; of the others any may be there, each by itself.
    Any,
    /// The first is a patient without any; of the others one of each slice may be there, and of all that lie in a
    /// window one result counts.
    Slices(Counting),
}

/// What cases are made for.
pub(crate) struct Made<'m> {
    pub(crate) sides: [&'m Side; 2],
    pub(crate) calendar: &'m Calendar,
    pub(crate) questions: &'m Questions,
    /// Patients of tests, on the same calendar.
    pub(crate) examples: &'m Examples<'m>,
}

impl Made<'_> {
    /// The nodes that ask a question, each with its plan and gate.
    fn nodes(&self, id: QuestionId) -> impl Iterator<Item = (&Plan, &NodeKind, MilestoneId)> {
        Which::BOTH.into_iter().filter_map(move |which| {
            let question = self.questions.get(id)?;
            let (node, gate) = (*question.nodes.get(which.index())?)?;
            let plan = &self.sides.get(which.index())?.plan;
            Some((plan, &plan.node(node)?.kind, gate))
        })
    }

    /// Whether the slices of time are the same for every patient: either all questions are asked at one gate and lean
    /// on it alone, or no window has a length, so that milestones alone cut the time, whose order is known.
    fn has_one_calendar(&self, questions: &[QuestionId], windows_have_lengths: bool) -> bool {
        self.moments(questions).is_some_and(|moments| {
            moments.len() <= 1 || self.calendar.is_fixed || !windows_have_lengths
        })
    }

    /// The milestones at which some questions are asked and on which their windows lean. None if they lean on more, or
    /// if there are several and their order is not known.
    fn moments(&self, questions: &[QuestionId]) -> Option<BTreeSet<&str>> {
        let mut moments: BTreeSet<&str> = BTreeSet::new();
        let mut is_ordered = true;
        for question in questions.iter().filter_map(|id| self.questions.get(*id)) {
            for which in Which::BOTH {
                let side = self.sides.get(which.index());
                let asked = question.nodes.get(which.index()).copied().flatten();
                let (Some(side), Some((_, gate))) = (side, asked) else {
                    continue;
                };
                moments.insert(self.calendar.name(&side.plan, gate)?);
                for anchor in question.leans_on(which) {
                    let Leant::Milestone(id) = anchor else {
                        return None;
                    };
                    moments.insert(self.calendar.name(&side.plan, *id)?);
                    is_ordered &= self.calendar.day(&side.plan, *id).is_some()
                        && self.is_ordered(&side.plan, *id);
                }
            }
        }
        (moments.len() <= 1 || self.calendar.is_fixed || is_ordered).then_some(moments)
    }

    /// The days on which some questions are asked and on which their windows lean. None if they lean on more.
    pub(crate) fn days(&self, questions: &[QuestionId]) -> Option<Vec<Option<Day>>> {
        let mut days = Vec::new();
        for question in questions.iter().filter_map(|id| self.questions.get(*id)) {
            for (which, side) in Which::BOTH.into_iter().zip(self.sides) {
                let asked = question.nodes.get(which.index()).copied().flatten();
                days.extend(asked.map(|(_, gate)| self.calendar.day(&side.plan, gate)));
                for anchor in question.leans_on(which) {
                    let Leant::Milestone(id) = anchor else {
                        return None;
                    };
                    days.push(self.calendar.day(&side.plan, *id));
                }
            }
        }
        Some(days)
    }

    /// Whether it is known of a milestone which others come before it, of all that the calendar has.
    fn is_ordered(&self, plan: &Plan, id: MilestoneId) -> bool {
        let milestones = &plan.protocol.milestones;
        let precedes = |one: MilestoneId, other: MilestoneId| {
            milestones
                .get(other.index())
                .is_some_and(|other| other.not_later.contains(&one))
        };
        (0..milestones.len())
            .map(MilestoneId::from_index)
            .filter(|other| self.calendar.day(plan, *other).is_some())
            .all(|other| precedes(id, other) || precedes(other, id))
    }
}

/// Makes the cases of questions that read the same data.
pub(crate) fn group(made: &Made<'_>, questions: Vec<QuestionId>) -> Group {
    if let Some(cases) = exact(made, &questions) {
        return Group {
            exact: vec![(questions.clone(), cases)],
            has_examples: false,
            boxed: None,
            questions,
        };
    }
    if let Some(boxed) = boxes::cases(made, &questions) {
        return Group {
            exact: Vec::new(),
            has_examples: false,
            boxed: Some(boxed),
            questions,
        };
    }
    // What is simple in it is exact by itself.
    let simple: Vec<QuestionId> = questions
        .iter()
        .copied()
        .filter(|id| exact(made, &[*id]).is_some())
        .collect();
    Group {
        exact: those_together(made, &simple)
            .into_iter()
            .filter_map(|part| Some((exact(made, &part)?, part)))
            .map(|(cases, part)| (part, cases))
            .collect(),
        has_examples: true,
        boxed: None,
        questions,
    }
}

/// Examples of what patients are like, as far as some questions go.
pub(crate) fn examples(made: &Made<'_>, questions: &[QuestionId]) -> Cases {
    examples::cases(made, questions)
}

/// All questions, those that read the same data together.
pub(crate) fn together(made: &Made<'_>) -> Vec<Vec<QuestionId>> {
    let all: Vec<QuestionId> = (0..made.questions.all.len()).map(QuestionId).collect();
    those_together(made, &all)
}

/// How the milestones may lie that matter to anything that is asked; or if these are too many, that matter to what has
/// changed and to what reads the same data; or else only as they do usually.
pub(crate) fn arrangements(made: &Made<'_>, changed: &BTreeSet<QuestionId>) -> Vec<Arrangement> {
    let all: BTreeSet<QuestionId> = (0..made.questions.all.len()).map(QuestionId).collect();
    // Where nothing has changed, nothing is asked.
    let own = if changed.is_empty() { changed } else { &all };
    Arrangement::all(&arranged(made, own), MOST_STEPS)
        .or_else(|| Arrangement::all(&arranged(made, changed), MOST_STEPS))
        .unwrap_or_else(|| vec![Arrangement::default()])
}

/// The milestones whose arrangement matters to some questions and to what reads the same data, in their order.
fn arranged(made: &Made<'_>, asked: &BTreeSet<QuestionId>) -> Vec<Arc<str>> {
    let mut found: BTreeSet<&str> = BTreeSet::new();
    for questions in together(made) {
        let is_of_time = |id: &QuestionId| {
            let sort = made.questions.get(*id).map(|question| question.sort);
            matches!(sort, Some(Sort::Result | Sort::Fact))
        };
        if questions.iter().any(|id| asked.contains(id)) && questions.iter().all(is_of_time) {
            let moments = made.moments(&questions).unwrap_or_default();
            if moments.len() > 1 {
                found.extend(moments);
            }
        }
    }
    made.calendar.in_order(&found)
}

/// Puts questions that read the same data together.
fn those_together(made: &Made<'_>, questions: &[QuestionId]) -> Vec<Vec<QuestionId>> {
    let mut together = Together::new(questions.len());
    let mut first: BTreeMap<(Table, &str), usize> = BTreeMap::new();
    let mut person: [Option<usize>; 2] = [None; 2];
    let own = || {
        let own = questions.iter().enumerate();
        own.filter_map(|(index, id)| Some((index, &made.questions.get(*id)?.reads)))
    };
    for (index, reads) in own() {
        for (table, code) in &reads.codes {
            together.join(*first.entry((*table, code)).or_insert(index), index);
        }
        let [sex, age] = &mut person;
        for (slot, is_read) in [(sex, reads.sex), (age, reads.age)] {
            if is_read {
                together.join(*slot.get_or_insert(index), index);
            }
        }
    }
    // Codes that another question asks for by their beginning.
    for ((table, code), at) in &first {
        if let Some(prefix) = code.strip_suffix('*') {
            for (_, other) in first
                .range((*table, prefix)..)
                .take_while(|((other, code), _)| other == table && code.starts_with(prefix))
            {
                together.join(*at, *other);
            }
        }
    }
    for (index, reads) in own() {
        for table in &reads.whole {
            for ((other, _), at) in &first {
                if other == table {
                    together.join(*at, index);
                }
            }
        }
    }
    let mut groups: BTreeMap<usize, Vec<QuestionId>> = BTreeMap::new();
    for (index, id) in questions.iter().enumerate() {
        groups.entry(together.root(index)).or_default().push(*id);
    }
    groups.into_values().collect()
}

/// All cases there are of some questions, if they can be listed.
fn exact(made: &Made<'_>, questions: &[QuestionId]) -> Option<Cases> {
    let sorts: Vec<Sort> = questions
        .iter()
        .filter_map(|id| Some(made.questions.get(*id)?.sort))
        .collect();
    let all = |wanted: &[Sort]| sorts.iter().all(|sort| wanted.contains(sort));
    let found = if all(&[Sort::Sex, Sort::Age]) {
        Some(people::cases(made, questions))
    } else if all(&[Sort::Answer]) {
        people::answers(made, questions)
    } else if all(&[Sort::Happened]) {
        let is_sure = questions.iter().all(|id| {
            made.nodes(*id).all(|(plan, kind, _)| match kind {
                NodeKind::Happened(milestone, None) => {
                    made.calendar.day(plan, *milestone).is_some()
                }
                _ => false,
            })
        });
        is_sure.then(|| Cases {
            cases: vec![Patient::nothing()],
            joined: Joined::OneOf,
            exact: true,
            places: Vec::new(),
        })
    } else if all(&[Sort::Result]) {
        results::cases(made, questions)
    } else if all(&[Sort::Fact]) {
        facts::cases(made, questions)
    } else {
        None
    };
    found.filter(|cases| cases.exact)
}

/// What stands together.
struct Together {
    parents: Vec<usize>,
}

impl Together {
    fn new(count: usize) -> Self {
        Self {
            parents: (0..count).collect(),
        }
    }

    fn root(&self, mut index: usize) -> usize {
        while let Some(parent) = self.parents.get(index).copied()
            && parent != index
        {
            index = parent;
        }
        index
    }

    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.root(one), self.root(other));
        if let Some(slot) = self.parents.get_mut(one.max(other)) {
            *slot = one.min(other);
        }
    }
}

/// The codes of a table that stand for all codes that are asked for: one for each way in which the sets of the
/// questions hold a code or do not.
fn regions(made: &Made<'_>, questions: &[QuestionId], table: Table) -> Vec<Arc<str>> {
    let sets: Vec<Vec<&Arc<str>>> = questions
        .iter()
        .filter_map(|id| made.questions.get(*id))
        .flat_map(|question| &question.reads.sets)
        .map(|set| {
            let own = set.iter().filter(|(other, _)| *other == table);
            own.map(|(_, code)| code).collect()
        })
        .collect();
    let mut seen: BTreeSet<Vec<bool>> = BTreeSet::new();
    let mut found = Vec::new();
    // Codes first: a name stands for a set where no code does.
    let candidates: BTreeSet<(bool, &str)> = sets
        .iter()
        .flatten()
        .map(|code| code.strip_suffix('*').unwrap_or(code))
        .map(|code| (!code.contains('|'), code))
        .collect();
    for (_, candidate) in candidates {
        let holds = |code: &str| {
            code.strip_suffix('*')
                .map_or(code == candidate, |prefix| candidate.starts_with(prefix))
        };
        let held: Vec<bool> = sets
            .iter()
            .map(|set| set.iter().any(|code| holds(code)))
            .collect();
        if seen.insert(held) {
            found.push(Arc::from(candidate));
        }
    }
    found
}
