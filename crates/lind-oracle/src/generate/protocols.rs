//! Random protocols.

use std::sync::Arc;

use lind_model::protocol::{
    Alternative, AlternativeContent, Chosen, Condition, ConditionKind, Criterion, CriterionKind,
    Definition, Formula, Judgement, Measure, Milestone, MonthRule, Override, Protocol, Quantifier,
    Reading, Selector, Term, Usage,
};
use lind_model::protocol::{CodeSet, FactTable};
use lind_model::trial::{Visit, VisitTime};
use lind_model::{Choices, CriterionId, MeasureId, MilestoneId, ReadingId};

use super::conditions::condition;
use super::library::{equivalences, formulas, half_lives, measures, nowhere, record_names, sets};
use super::random::Random;
use super::windows::{Kind, calendar_length};

/// What the alternatives of a reading are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Means {
    /// Of any sort.
    Anything,
    Label,
    Condition,
    Selector,
    Months,
}

/// A protocol in the making. What is made refers only to what was made before.
pub(crate) struct Maker {
    pub(super) random: Random,
    pub(super) milestones: Vec<Milestone>,
    pub(super) measures: Vec<Measure>,
    pub(super) formulas: Vec<Formula>,
    pub(super) sets: Vec<CodeSet>,
    pub(super) chosen: Vec<Chosen>,
    pub(super) judgements: Vec<Judgement>,
    pub(super) definitions: Vec<Definition>,
    pub(super) readings: Vec<(Reading, Means)>,
    /// The tables of the records that have a name where a condition is made.
    pub(super) named: Vec<FactTable>,
    /// Of which measure each record with a name is a result, as far as any was one.
    pub(super) measured: Vec<Option<MeasureId>>,
}

/// A random protocol such as the checker lets pass, but for what it says in words.
#[must_use]
pub fn protocol(random: &mut Random) -> Protocol {
    let mut milestones = milestones(random);
    let mut trial = lind_model::Trial::default();
    if random.percent(45) {
        super::visits::day_at_hand(&mut milestones, &mut trial, random);
    }
    let measures = measures(random);
    let mut maker = Maker {
        formulas: formulas(&measures),
        measures,
        milestones,
        sets: sets(),
        chosen: Vec::new(),
        judgements: ["unsuitable", "understands"].map(judgement).to_vec(),
        definitions: Vec::new(),
        readings: Vec::new(),
        named: Vec::new(),
        measured: Vec::new(),
        random: random.clone(),
    };
    for _ in 0..maker.random.below(3) {
        let chosen = maker.chosen();
        maker.chosen.push(chosen);
    }
    for _ in 0..maker.random.below(5) {
        maker.term();
    }
    let gates = maker.milestones.len();
    for place in 0..gates {
        if maker.random.percent(20) {
            let window = maker.window(Kind::Plain);
            if let Some(milestone) = maker.milestones.get_mut(place) {
                milestone.values = Some(window);
            }
        }
    }
    let criteria: Vec<Criterion> = (0..=maker.random.below(3))
        .map(|place| maker.criterion(place))
        .collect();
    let mut overrides = Vec::new();
    while overrides.len() < 2 && maker.random.percent(30) {
        overrides.push(maker.overriding(criteria.len()));
    }
    let mut asked = Vec::new();
    while let Some(visit) = trial.visit
        && asked.len() < 2
        && maker.random.percent(60)
    {
        asked.push(lind_model::trial::Asked {
            gate: visit,
            condition: maker.condition(2),
        });
    }
    let visits = visits(&mut maker);
    let Maker {
        random: used,
        milestones,
        measures,
        formulas,
        sets,
        chosen,
        judgements,
        definitions,
        readings,
        named: _,
        measured: _,
    } = maker;
    *random = used;
    Protocol {
        id: Arc::from("random"),
        title: Arc::from("random"),
        version: None,
        dated: None,
        about: lind_model::protocol::About::default(),
        milestones,
        unstated: Vec::new(),
        measures,
        formulas,
        sets,
        chosen,
        judgements,
        names: record_names(),
        half_lives: half_lives(),
        given_once: ["transfusion", "platelet_transfusion", "atc|L01AA*"]
            .map(Arc::from)
            .to_vec(),
        equivalences: equivalences(),
        definitions,
        readings: readings.into_iter().map(|(reading, _)| reading).collect(),
        criteria,
        overrides,
        caps: Vec::new(),
        asked,
        trial: lind_model::Trial { visits, ..trial },
        amendments: Vec::new(),
    }
}

/// Random choices among the readings of a protocol.
#[must_use]
pub fn choices(protocol: &Protocol, random: &mut Random) -> Choices {
    let mut choices = Choices::chosen(protocol);
    for (place, reading) in protocol.readings.iter().enumerate() {
        let alternative = random.below(reading.alternatives.len());
        choices = choices.with(ReadingId::from_index(place), alternative);
    }
    choices
}

/// Milestones in an order, of which only some are proven.
fn milestones(random: &mut Random) -> Vec<Milestone> {
    const NAMES: [&str; 5] = ["consent", "screening", "enrolment", "rescue", "infusion"];
    let names = random.some_of(&NAMES, 75);
    let names: Vec<&str> = if names.is_empty() {
        vec!["consent"]
    } else {
        names
    };
    let mut found: Vec<Milestone> = Vec::new();
    for (place, name) in names.iter().enumerate() {
        let mut not_later = vec![MilestoneId::from_index(place)];
        for (earlier, milestone) in found.iter().enumerate() {
            if random.percent(60) {
                not_later.push(MilestoneId::from_index(earlier));
                not_later.extend(&milestone.not_later);
            }
        }
        not_later.sort_unstable();
        not_later.dedup();
        found.push(Milestone {
            name: Arc::from(*name),
            title: None,
            timed: random.percent(30),
            not_later,
            days_earlier: Vec::new(),
            values: None,
            same_as: None,
            span: nowhere(),
        });
    }
    found
}

/// Some of the milestones are visits, whose times stand in a table of their own.
fn visits(maker: &mut Maker) -> Vec<Visit> {
    let mut visits = Vec::new();
    for (place, milestone) in maker.milestones.iter().enumerate() {
        if maker.random.percent(20) {
            visits.push(Visit {
                name: Arc::clone(&milestone.name),
                title: Arc::clone(&milestone.name),
                timeline: None,
                time: VisitTime::Unscheduled,
                planned: Vec::new(),
                until: Vec::new(),
                milestone: Some(MilestoneId::from_index(place)),
                assumed: None,
                span: nowhere(),
            });
        }
    }
    visits
}

fn judgement(name: &str) -> Judgement {
    Judgement {
        name: Arc::from(name),
        title: Arc::from(name),
        by: Arc::from("investigator"),
        span: nowhere(),
    }
}

impl Maker {
    /// Adds a defined term or a reading.
    fn term(&mut self) {
        if self.random.percent(40) {
            let condition = self.condition(1);
            self.definitions.push(Definition {
                name: Arc::from(format!("term_{}", self.definitions.len())),
                title: None,
                condition,
                span: nowhere(),
            });
            return;
        }
        let mut means = self.random.any(
            Means::Label,
            &[
                Means::Condition,
                Means::Selector,
                Means::Months,
                Means::Months,
            ],
        );
        let has_months = self
            .readings
            .iter()
            .any(|(_, means)| *means == Means::Months);
        if means == Means::Months && has_months {
            // The length of a month is one question.
            means = Means::Label;
        }
        let alternatives: Vec<AlternativeContent> = (0..2)
            .map(|place| match means {
                Means::Condition => AlternativeContent::Condition(self.condition(1)),
                Means::Selector => AlternativeContent::Selector(self.random.any(
                    Selector::Latest,
                    &[Selector::First, Selector::Any, Selector::Every],
                )),
                Means::Months if place == 0 => AlternativeContent::Months(MonthRule::Calendar),
                Means::Months => AlternativeContent::Months(MonthRule::Fixed {
                    month: self.random.any(30, &[28]),
                    year: self.random.any(365, &[360]),
                }),
                Means::Label | Means::Anything => AlternativeContent::Label,
            })
            .collect();
        let name = format!("reading_{}", self.readings.len());
        let reading = Reading {
            name: Arc::from(name),
            question: Arc::from(""),
            alternatives: alternatives
                .into_iter()
                .enumerate()
                .map(|(place, content)| Alternative {
                    name: Arc::from(format!("alternative_{place}")),
                    title: None,
                    content,
                })
                .collect(),
            chosen: self.random.below(2),
            reason: None,
            span: nowhere(),
        };
        self.readings.push((reading, means));
    }

    /// Where something is decided: rather late, so that something is known by then.
    fn gate(&mut self) -> MilestoneId {
        self.milestone().max(self.milestone())
    }

    /// Criteria that count as met, or as not met, for some.
    fn overriding(&mut self, criteria: usize) -> Override {
        let all: Vec<CriterionId> = (0..criteria).map(CriterionId::from_index).collect();
        Override {
            id: Arc::from("O1"),
            title: Arc::from(""),
            when: self.condition(1),
            criteria: self.random.some_of(&all, 60),
            met: self.random.percent(50),
            span: nowhere(),
        }
    }

    fn criterion(&mut self, place: usize) -> Criterion {
        let kind = self.random.any(
            CriterionKind::Inclusion,
            &[
                CriterionKind::Inclusion,
                CriterionKind::Exclusion,
                CriterionKind::Exclusion,
                CriterionKind::Commitment,
            ],
        );
        let term = (kind == CriterionKind::Commitment).then(|| {
            let from = self.milestone();
            Term {
                from,
                until: self.milestone().max(from),
                after: self
                    .random
                    .percent(50)
                    .then(|| calendar_length(&mut self.random)),
            }
        });
        let guard = self.random.percent(20).then(|| self.guard(1));
        let parts = if term.is_some() && self.random.percent(70) {
            Vec::new()
        } else {
            (0..=self.random.below(3)).map(|_| self.part(2)).collect()
        };
        Criterion {
            id: Arc::from(format!("C{}", place + 1)),
            title: Arc::from(""),
            kind,
            guard,
            gate: Some(self.gate()),
            parts,
            term,
            allowed: Vec::new(),
            source: None,
            span: nowhere(),
        }
    }

    /// A part of a criterion, which may name a gate of its own.
    fn part(&mut self, depth: usize) -> Condition {
        let choice = self.random.below(100);
        let made = match choice {
            0..=24 => {
                let gate = self.gate();
                ConditionKind::At(gate, Box::new(self.condition(depth)))
            }
            25..=30 if depth > 0 => match self.reading(&[Means::Anything]) {
                Some((reading, alternatives)) => {
                    let arms = (0..alternatives).map(|_| self.part(depth - 1)).collect();
                    ConditionKind::Depending(reading, arms)
                }
                None => return self.condition(depth),
            },
            31..=36 if depth > 0 => {
                let window = Some(self.window(Kind::Plain));
                let usage = Usage {
                    window,
                    ..Usage::default()
                };
                ConditionKind::With(Box::new(usage), Box::new(self.part(depth - 1)))
            }
            37..=40 if depth > 0 => {
                let parts = (0..2).map(|_| self.part(depth - 1)).collect();
                ConditionKind::List(Quantifier::All, parts)
            }
            _ => return self.condition(depth),
        };
        condition(made)
    }
}
