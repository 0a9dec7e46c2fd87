//! Looking for patients near a typical one.

use std::collections::BTreeSet;

use lind_model::{Effect, NodeId, OpenKind, Truth, Verdict};

use crate::CannotCompare;
use crate::cases::Joined;
use crate::formula::{Choice, Formula};
use crate::patient::Patient;
use crate::questions::{QuestionId, Which};
use crate::search::{Search, effect_in};
use crate::sketch::Sketch;
use crate::solver::{Answer, Literal, Logic};

/// How many patients are made up before a question is given up.
const MOST_TRIES: usize = 12;

/// Which cases a patient is made of: for each group the literals that say so.
pub(super) type Choices = Vec<Vec<Literal>>;

/// What was found.
pub(super) enum Found {
    /// Somebody; the interpreter was asked.
    Somebody(Box<Patient>, Choices),
    /// There is nobody: proved.
    Nobody,
    /// Neither.
    Unseen,
}

/// What patients are made from, at one gate.
pub(super) struct Maker<'s> {
    pub(super) search: Search<'s>,
    /// By criterion; none if nothing of it is due.
    pub(super) effects: Vec<Option<Choice<Effect>>>,
}

impl Maker<'_> {
    /// The literal that says that a criterion does this.
    pub(super) fn does(&self, place: usize, effect: Effect) -> Literal {
        let clauses = &self.search.clauses;
        match self.effects.get(place).and_then(Option::as_ref) {
            Some(own) => own.is(&effect, clauses),
            // What is not due does not stand in the way.
            None if effect == Effect::Pass => clauses.always(),
            None => !clauses.always(),
        }
    }

    /// All criteria that are due but one, each with the literal that says that it is passed.
    pub(super) fn passes(&self, but: Option<usize>) -> Vec<(usize, Literal)> {
        (0..self.effects.len())
            .filter(|place| Some(*place) != but)
            .filter(|place| self.effects.get(*place).is_some_and(Option::is_some))
            .map(|place| (place, self.does(place, Effect::Pass)))
            .collect()
    }

    /// The answers that a question can have.
    pub(super) fn truths(&self, question: QuestionId) -> Vec<Truth> {
        let own = self.search.universe.answers.get(question.0);
        let options = own.map(Choice::options).unwrap_or_default();
        options.iter().map(|(truth, _)| *truth).collect()
    }

    /// The literal that says what the answer to a question is.
    pub(super) fn answers(&self, question: QuestionId, truth: Truth) -> Literal {
        let clauses = &self.search.clauses;
        let own = self.search.universe.answers.get(question.0);
        own.map_or(!clauses.always(), |own| own.is(&truth, clauses))
    }

    /// The literal that says what a question leaves open.
    pub(super) fn leaves_open(&mut self, question: QuestionId) -> Literal {
        let open = [
            Truth::Open(OpenKind::Unknown),
            Truth::Open(OpenKind::NeedsJudgement),
            Truth::Open(OpenKind::Pending),
        ];
        let open = open.map(|truth| self.answers(question, truth));
        self.search.clauses.either(&open)
    }

    /// What a criterion would do if one question had another answer.
    pub(super) fn would(
        &mut self,
        place: usize,
        question: QuestionId,
        truth: Truth,
    ) -> Option<Choice<Effect>> {
        let side = self.search.side;
        let mut answers = self.search.universe.answers.clone();
        if let Some(slot) = answers.get_mut(question.0) {
            *slot = Choice::only(truth, &self.search.clauses);
        }
        let mut formula = Formula::new(self.search.questions, &answers);
        let criterion = side.plan.criteria.get(place)?;
        let clauses = &mut self.search.clauses;
        formula.effect(Which::New, &side.plan, criterion, side.gate, clauses)
    }

    /// The groups that a question belongs to.
    pub(super) fn groups_of(&self, question: QuestionId) -> BTreeSet<usize> {
        let members = self.search.universe.members.iter().enumerate();
        members
            .filter(|(_, member)| member.questions.contains(&question))
            .map(|(place, _)| place)
            .collect()
    }

    /// Looks for somebody for whom these hold, made of as many of the cases that are wished for as can be; of the
    /// groups that may be otherwise those that are named come first.
    pub(super) fn find(
        &mut self,
        wanted: &[Literal],
        near: &Choices,
        loose: &BTreeSet<usize>,
        shows: &dyn Fn(&Verdict) -> bool,
    ) -> Result<Found, CannotCompare> {
        let realised = self.search.universe.realised();
        let mut fixed = wanted.to_vec();
        fixed.extend(&realised);
        // What was tried is told apart by a literal of its own, so that other questions may try it again.
        let this = self.search.clauses.literal();
        fixed.push(this);
        for _ in 0..MOST_TRIES {
            if self.search.clauses.ask(&fixed) != Answer::Possible {
                break;
            }
            self.approach(&fixed, near, loose);
            let sketch = Sketch::of(&self.search.universe, &self.search.clauses);
            let patient = sketch.patient();
            let choices = self.choices();
            let verdict = self.search.versions.verdict(&patient)?;
            if verdict.is_some_and(|verdict| shows(&verdict)) {
                return Ok(Found::Somebody(Box::new(patient), choices));
            }
            if realised.is_empty() {
                return Err(CannotCompare::Disagreement {
                    what: "a made-up patient does not show what was looked for".to_owned(),
                });
            }
            let tried = sketch.examples().into_iter().map(|literal| !literal);
            self.search.clauses.any(std::iter::once(!this).chain(tried));
        }
        Ok(if self.search.is_impossible(wanted) {
            Found::Nobody
        } else {
            Found::Unseen
        })
    }

    /// Goes from any assignment to one that is as near as can be to what is wished for.
    fn approach(&mut self, fixed: &[Literal], near: &Choices, loose: &BTreeSet<usize>) {
        let clauses = &mut self.search.clauses;
        let mut kept: Vec<(usize, Literal)> = near
            .iter()
            .enumerate()
            .flat_map(|(place, own)| own.iter().map(move |literal| (place, *literal)))
            .collect();
        let mut dropped: BTreeSet<usize> = BTreeSet::new();
        let mut assumed: Vec<Literal>;
        loop {
            assumed = fixed.to_vec();
            assumed.extend(kept.iter().map(|(_, literal)| *literal));
            match clauses.ask(&assumed) {
                Answer::Possible => break,
                Answer::Impossible => {}
                // What was needed is known of contradictions alone.
                Answer::GivenUp => {
                    dropped.extend(kept.drain(..).map(|(place, _)| place));
                    assumed = fixed.to_vec();
                    break;
                }
            }
            // Of what was needed for the contradiction one thing is given up.
            let needed = |own: &(usize, (usize, Literal))| clauses.was_needed(own.1.1);
            let last = kept
                .iter()
                .copied()
                .enumerate()
                .filter(needed)
                .max_by_key(|(at, (place, _))| (loose.contains(place), *at))
                .map(|(at, _)| at)
                .or(kept.len().checked_sub(1));
            let Some(at) = last else { break };
            let (place, _) = kept.remove(at);
            dropped.insert(place);
        }
        let members = self.search.universe.members.iter().enumerate();
        for (place, member) in members {
            if near.get(place).is_some_and(|own| !own.is_empty()) && !dropped.contains(&place) {
                continue;
            }
            for literal in &member.simpler {
                assumed.push(*literal);
                if clauses.ask(&assumed) == Answer::Possible {
                    break;
                }
                assumed.pop();
            }
        }
        let _ = clauses.ask(&assumed);
    }

    /// Which cases the patient of the assignment at hand is made of.
    fn choices(&self) -> Choices {
        let clauses = &self.search.clauses;
        let members = self.search.universe.members.iter();
        members
            .map(|member| {
                // What no patient is made of needs no wish.
                if member.simpler.is_empty() {
                    return Vec::new();
                }
                match member.listed.joined {
                    Joined::OneOf => {
                        let chosen = member.chosen.iter().copied();
                        chosen.filter(|own| clauses.holds(*own)).collect()
                    }
                    Joined::Any | Joined::Slices(_) => {
                        let records = member.chosen.iter().skip(1);
                        let signed = |own: &Literal| if clauses.holds(*own) { *own } else { !*own };
                        records.map(signed).collect()
                    }
                }
            })
            .collect()
    }

    /// The criteria that cannot all be passed beside these, by their numbers.
    pub(super) fn beside(
        &mut self,
        wanted: &[Literal],
        but: Option<usize>,
    ) -> Vec<std::sync::Arc<str>> {
        let others = self.passes(but);
        let core = self.search.core(wanted, &others).unwrap_or_default();
        core.into_iter()
            .filter_map(|place| self.id(place))
            .collect()
    }

    /// The number of a criterion.
    pub(super) fn id(&self, place: usize) -> Option<std::sync::Arc<str>> {
        let plan = &self.search.side.plan;
        let own = plan.criteria.get(place)?;
        let stated = plan.protocol.criteria.get(own.criterion.index())?;
        Some(std::sync::Arc::clone(&stated.id))
    }

    /// As a condition is written.
    pub(super) fn text(&self, node: NodeId) -> std::sync::Arc<str> {
        let node = self.search.side.plan.node(node);
        node.map_or_else(
            || std::sync::Arc::from(""),
            |node| std::sync::Arc::clone(&node.text),
        )
    }
}

/// Where a patient stands, as far as one criterion is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// Every criterion passes.
    Pass,
    /// This one fails, and every other passes.
    Fail,
    /// This one is open, and every other passes.
    Open,
    /// Another does not pass.
    Other,
}

impl Class {
    pub(super) fn of(verdict: &Verdict, place: usize) -> Self {
        let mut others = verdict.criteria.iter().enumerate();
        let others_pass =
            others.all(|(own, other)| own == place || !other.due || other.effect == Effect::Pass);
        match effect_in(verdict, place) {
            _ if !others_pass => Self::Other,
            Effect::Pass => Self::Pass,
            Effect::Fail => Self::Fail,
            Effect::Open => Self::Open,
        }
    }
}
