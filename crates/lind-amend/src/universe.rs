//! What patients may be like, as clauses: the cases of groups, and the answers they give.

use std::collections::BTreeSet;
use std::sync::Arc;

use lind_model::{OpenKind, Truth};

use crate::CannotCompare;
use crate::answered::{Answered, Listed, Versions};
use crate::bounds::Bound;
use crate::cases::{Joined, Made, group, together};
use crate::formula::Choice;
use crate::patient::Patient;
use crate::questions::{QuestionId, Questions};
use crate::slices;
use crate::solver::{Clauses, Literal, Logic};

/// What patients may be like, as far as groups have been added.
pub(crate) struct Universe {
    pub(crate) members: Vec<Member>,
    /// By question.
    pub(crate) answers: Vec<Choice<Truth>>,
    /// By question: whether it has an answer already, or is taken to be unknown.
    is_answered: Vec<bool>,
    /// Whether the solver will be asked for simpler patients.
    is_simplified: bool,
    pub(crate) base: Patient,
    /// What answers say of each other, as far as nothing has been said of it yet.
    bounds: Vec<Bound>,
}

impl Universe {
    /// Nothing is known of anybody but what the base says.
    pub(crate) fn new(questions: &Questions, base: Patient, clauses: &Clauses) -> Self {
        let unknown = Choice::only(Truth::Open(OpenKind::Unknown), clauses);
        Self {
            members: Vec::new(),
            answers: vec![unknown; questions.all.len()],
            is_answered: vec![false; questions.all.len()],
            is_simplified: true,
            base,
            bounds: questions.bounds.clone(),
        }
    }

    /// The same, of which the solver is asked for no simpler patients: it need not know how.
    pub(crate) fn unsimplified(self) -> Self {
        Self {
            is_simplified: false,
            ..self
        }
    }

    /// A universe of all groups of one version, whose base is the calendar's.
    pub(crate) fn whole(
        made: &Made<'_>,
        versions: &mut Versions<'_>,
        clauses: &mut Clauses,
    ) -> Result<Self, CannotCompare> {
        let mut universe = Self::new(made.questions, made.calendar.patient(), clauses);
        for questions in together(made) {
            let answered = versions.answered(&group(made, questions), &universe.base)?;
            versions.exemplify(&answered, made, &universe.base)?;
            universe.add(&answered, clauses);
            universe.add_examples(&answered, clauses);
        }
        Ok(universe)
    }

    /// What holds every group to its cases.
    pub(crate) fn realised(&self) -> Vec<Literal> {
        let members = self.members.iter();
        members.filter_map(|member| member.realised).collect()
    }

    /// The questions of the groups that had to be held to their cases to say that there is nobody.
    pub(crate) fn needed(&self, clauses: &Clauses) -> BTreeSet<QuestionId> {
        let members = self.members.iter();
        let needed = members.filter(|member| {
            let realised = member.realised;
            realised.is_some_and(|literal| clauses.was_needed(literal))
        });
        needed
            .flat_map(|member| &member.questions)
            .copied()
            .collect()
    }

    /// Lets questions that have no answer yet have any, whatever a patient is like.
    pub(crate) fn free(
        &mut self,
        questions: impl IntoIterator<Item = QuestionId>,
        clauses: &mut Clauses,
    ) {
        for QuestionId(place) in questions {
            let slots = (self.answers.get_mut(place), self.is_answered.get_mut(place));
            if let (Some(answer), Some(is_answered @ false)) = slots {
                *answer = Choice::free(crate::formula::TRUTHS, clauses);
                *is_answered = true;
            }
        }
        self.bind(clauses);
    }

    /// Says what answers say of each other, once both are there.
    fn bind(&mut self, clauses: &mut Clauses) {
        let Self {
            bounds,
            answers,
            is_answered,
            ..
        } = self;
        bounds.retain(|bound| {
            let answer = |question: QuestionId| {
                let is_answered = is_answered.get(question.0) == Some(&true);
                answers.get(question.0).filter(|_| is_answered)
            };
            let Some((less, more)) = answer(bound.less).zip(answer(bound.more)) else {
                return true;
            };
            for (one, first) in less.options() {
                for (other, second) in more.options() {
                    if !bound.allows(*one, *other) {
                        clauses.any([!*first, !*second]);
                    }
                }
            }
            false
        });
    }

    /// Adds the cases of a group, and what they answer; but not its examples.
    pub(crate) fn add(&mut self, group: &Answered, clauses: &mut Clauses) {
        self.add_parts(group, |_| true, !group.has_examples, clauses);
        if let Some((listed, sure)) = &group.boxed {
            let mut member = self.encoding(clauses).exact(&group.questions, listed, true);
            if listed.cases.len() > *sure {
                let realised = clauses.literal();
                for perhaps in member.chosen.iter().skip(*sure) {
                    clauses.any([!realised, !*perhaps]);
                }
                member.realised = Some(realised);
            }
            self.members.push(member);
        }
    }

    /// Adds those exact parts of a group that ask something, as all that there is of it.
    pub(crate) fn add_alone(
        &mut self,
        group: &Answered,
        asked: &BTreeSet<QuestionId>,
        clauses: &mut Clauses,
    ) {
        let asks = |part: &[QuestionId]| part.iter().any(|id| asked.contains(id));
        self.add_parts(group, asks, true, clauses);
    }

    fn add_parts(
        &mut self,
        group: &Answered,
        wanted: impl Fn(&[QuestionId]) -> bool,
        is_whole: bool,
        clauses: &mut Clauses,
    ) {
        for (part, listed) in group.exact.iter().filter(|(part, _)| wanted(part)) {
            let member = self.encoding(clauses).exact(part, listed, is_whole);
            self.members.push(member);
        }
    }

    /// Adds the examples of a group, if there are any and they have been asked for.
    pub(crate) fn add_examples(&mut self, group: &Answered, clauses: &mut Clauses) {
        if let Some(listed) = group.examples() {
            let member = self.encoding(clauses).examples(&group.questions, listed);
            self.members.push(member);
            self.bind(clauses);
        }
    }

    fn encoding<'e>(&'e mut self, clauses: &'e mut Clauses) -> Encoding<'e> {
        Encoding {
            clauses,
            answers: &mut self.answers,
            is_answered: &mut self.is_answered,
            is_simplified: self.is_simplified,
        }
    }
}

/// How many simple cases are tried for each group.
const MOST_SIMPLER: usize = 12;

/// Some questions, and the literals of the cases that answer them.
pub(crate) struct Member {
    pub(crate) questions: Vec<QuestionId>,
    pub(crate) listed: Arc<Listed>,
    /// By case; of cases that may stand together, that of the first holds where no other is there.
    pub(crate) chosen: Vec<Literal>,
    /// Literals that would make the patient simpler, the simplest first.
    pub(crate) simpler: Vec<Literal>,
    /// Each says that something is not recorded: all of the group, or what may stand in one slice of time.
    pub(crate) without: Vec<Literal>,
    /// Whether the answers are those of a case; none if they always are.
    pub(crate) realised: Option<Literal>,
    /// Whether a patient is made of its cases; what is a part of a group with examples is not.
    is_whole: bool,
}

impl Member {
    /// Whether every patient answers as one of the cases.
    pub(crate) fn is_exact(&self) -> bool {
        self.realised.is_none()
    }

    /// Whether a patient is made of its cases; what is a part of a group with examples is not.
    pub(crate) fn is_whole(&self) -> bool {
        self.is_whole
    }
}

struct Encoding<'e> {
    clauses: &'e mut Clauses,
    answers: &'e mut Vec<Choice<Truth>>,
    is_answered: &'e mut Vec<bool>,
    is_simplified: bool,
}

impl Encoding<'_> {
    /// The patient is as the cases are.
    fn exact(&mut self, questions: &[QuestionId], listed: &Arc<Listed>, is_whole: bool) -> Member {
        let chosen = self.choose(listed);
        for (place, question) in questions.iter().enumerate() {
            let own = listed.answers(place, &chosen, self.clauses);
            match self.known(*question) {
                None => self.answer(*question, Choice::of(own)),
                // Whoever had any answer has that of the cases.
                Some(known) => {
                    for (truth, literal) in own {
                        let same = known.is(&truth, self.clauses);
                        self.clauses.any([!literal, same]);
                    }
                }
            }
        }
        self.member(questions, listed, chosen, None, is_whole)
    }

    /// What a question is answered, if anything is said of it yet.
    fn known(&self, question: QuestionId) -> Option<Choice<Truth>> {
        let is_answered = self.is_answered.get(question.0) == Some(&true);
        self.answers
            .get(question.0)
            .filter(|_| is_answered)
            .cloned()
    }

    fn answer(&mut self, question: QuestionId, answer: Choice<Truth>) {
        if let Some(slot) = self.answers.get_mut(question.0) {
            *slot = answer;
        }
        if let Some(is_answered) = self.is_answered.get_mut(question.0) {
            *is_answered = true;
        }
    }

    fn member(
        &mut self,
        questions: &[QuestionId],
        listed: &Arc<Listed>,
        chosen: Vec<Literal>,
        realised: Option<Literal>,
        is_whole: bool,
    ) -> Member {
        let simpler = match listed.joined {
            _ if !is_whole || !self.is_simplified => Vec::new(),
            Joined::OneOf => chosen.iter().take(MOST_SIMPLER).copied().collect(),
            Joined::Any => chosen.iter().take(1).copied().collect(),
            Joined::Slices(_) => {
                slices::simpler(&listed.places, &chosen, MOST_SIMPLER, self.clauses)
            }
        };
        let without = match listed.joined {
            _ if !is_whole || !self.is_simplified => Vec::new(),
            Joined::OneOf | Joined::Any => chosen.iter().take(1).copied().collect(),
            Joined::Slices(_) => slices::without(&listed.places, &chosen, self.clauses),
        };
        Member {
            questions: questions.to_vec(),
            listed: Arc::clone(listed),
            chosen,
            realised,
            is_whole,
            simpler,
            without,
        }
    }

    /// A literal for each case, so that those hold together that may.
    fn choose(&mut self, listed: &Arc<Listed>) -> Vec<Literal> {
        match listed.joined {
            Joined::OneOf if listed.cases.len() == 1 => vec![self.clauses.always()],
            Joined::OneOf => {
                let chosen: Vec<Literal> = listed
                    .cases
                    .iter()
                    .map(|_| self.clauses.literal())
                    .collect();
                self.clauses.at_most_one(&chosen);
                self.clauses.any(chosen.iter().copied());
                chosen
            }
            Joined::Any => {
                let rest = listed.cases.iter().skip(1);
                let rest: Vec<Literal> = rest.map(|_| self.clauses.literal()).collect();
                let none = !self.clauses.either(&rest);
                std::iter::once(none).chain(rest).collect()
            }
            Joined::Slices(_) => slices::choose(&listed.places, self.clauses),
        }
    }

    /// The patient is as one of the examples is, if this is asked for; else they answer anything that is not settled.
    fn examples(&mut self, questions: &[QuestionId], listed: &Arc<Listed>) -> Member {
        let realised = self.clauses.literal();
        let chosen = self.choose(listed);
        for (place, question) in questions.iter().enumerate() {
            let column = listed.column(place);
            let own = listed.answers(place, &chosen, self.clauses);
            let may_apply =
                |truth: &Truth| *truth != Truth::NotApplicable || column.contains(truth);
            let known = self.known(*question);
            if let Some(known) = known.as_ref().filter(|_| !may_apply(&Truth::NotApplicable)) {
                let applies = !known.is(&Truth::NotApplicable, self.clauses);
                self.clauses.any([applies]);
            }
            let answer = known.unwrap_or_else(|| {
                let free = crate::formula::TRUTHS.into_iter().filter(may_apply);
                Choice::free(free, self.clauses)
            });
            for (truth, literal) in own {
                let same = answer.is(&truth, self.clauses);
                self.clauses.any([!realised, !literal, same]);
            }
            self.answer(*question, answer);
        }
        self.member(questions, listed, chosen, Some(realised), true)
    }
}
