//! Lints over one version of a protocol that are proved, or shown on a patient whom the interpreter was asked about.
//!
//! Which lints there are and what each promises stands in `docs/lints.md`. Nothing else is told: what could not be
//! decided is counted.

mod aged;
mod findings;
mod gates;
mod mirrors;
mod places;
mod settled;
mod terms;
mod variants;
mod words;

use std::collections::BTreeSet;
use std::sync::Arc;

use lind_diagnostics::{Diagnostic, Sink};
use lind_model::protocol::Criterion;
use lind_model::{Choices, Effect, NodeId, Plan};
use lind_time::Day;

use crate::CannotCompare;
use crate::answered::Versions;
use crate::calendar::Calendar;
use crate::cases::Made;
use crate::compare::Version;
use crate::formula::{Choice, Formula};
use crate::meaning::Meanings;
use crate::patient::Examples;
use crate::questions::{Questions, Which, collect};
use crate::search::Search;
use crate::solver::{Clauses, Literal, Logic};
use crate::universe::Universe;
use places::Places;
use variants::{Alone, Variant};

/// What the lints found.
#[derive(Debug, Clone)]
pub struct Lints {
    /// The findings, in the order of the source.
    pub diagnostics: Vec<Diagnostic>,
    /// The criteria, by their numbers, of which it was neither proved that something changes nothing nor found that it
    /// changes something.
    pub undecided: Vec<Arc<str>>,
    /// Whether somebody was found who is eligible, or it was proved that nobody is.
    pub is_eligibility_decided: bool,
}

/// Looks for what a protocol says that nobody can have meant: criteria that nobody passes together, criteria and terms
/// that change nothing for anybody, limits that have drifted apart. `said` is what was found in it already: none of
/// that is told once more.
///
/// # Errors
/// The protocol is too large to be run, or the interpreter disagrees with the engine, which is an error of Lind.
pub fn lint(version: &Version, said: &[Diagnostic]) -> Result<Lints, CannotCompare> {
    let protocol = &version.protocol;
    let mut plan = Plan::lower(protocol, Choices::chosen(protocol))
        .map_err(|error| CannotCompare::TooLarge(error.to_string()))?;
    let stages = || plan.criteria.iter().flat_map(|own| &own.stages);
    let Some(gate) = stages().map(|stage| stage.gate).max() else {
        return Ok(Lints {
            diagnostics: Vec::new(),
            undecided: Vec::new(),
            is_eligibility_decided: true,
        });
    };
    let count = plan.criteria.len();
    let variants = variants::add(&mut plan, gate);
    let alone = variants::alone(&mut plan, gate, count);
    let mut questions = Questions::default();
    let mut meanings = Meanings::default();
    let side = collect(Which::New, plan, gate, &mut questions, &mut meanings);
    // A Monday in the middle of a year; which day it is does not matter to what is exact.
    let day = Day::from_ymd(2025, 6, 16).ok_or(CannotCompare::NoCriteria)?;
    let name = protocol.milestones.get(gate.index());
    let name = name.map_or_else(|| Arc::from(""), |milestone| Arc::clone(&milestone.name));
    let tests = version.tests.iter();
    let tests = tests.map(|test| (test, Arc::clone(&name)));
    let examples = Examples::of_tests(tests, day);
    let sides = [&side, &side];
    let calendar = Calendar::new(sides, day, &examples);
    let mut clauses = Clauses::new();
    let made = Made {
        sides,
        calendar: &calendar,
        questions: &questions,
        examples: &examples,
    };
    let mut versions = Versions::new(sides);
    let universe = Universe::whole(&made, &mut versions, &mut clauses)?;
    let mut effects: Vec<Option<Choice<Effect>>> = Vec::new();
    let mut parts: Vec<Vec<(NodeId, Literal)>> = Vec::new();
    {
        let mut formula = Formula::new(&questions, &universe.answers);
        for criterion in &side.plan.criteria {
            effects.push(formula.effect(Which::New, &side.plan, criterion, gate, &mut clauses));
        }
        for criterion in side.plan.criteria.iter().take(count) {
            parts.push(formula.parts(Which::New, &side.plan, criterion, gate, &mut clauses));
        }
    }
    let effects: Vec<Effects> = effects
        .into_iter()
        .map(|effect| Effects::of(effect.as_ref(), &clauses))
        .collect();
    let mut looking = Looking {
        search: Search {
            side: &side,
            questions: &questions,
            versions,
            universe,
            clauses,
        },
        effects,
        parts,
        count,
        variants,
        alone,
        places: Places::of(protocol),
        said,
        sink: Sink::new(),
        undecided: BTreeSet::new(),
        is_somebody_eligible: true,
    };
    if looking.look()? {
        gates::on_one_day(version, day, &mut looking.sink)?;
    }
    let undecided = looking.undecided.iter();
    let ids = undecided.filter_map(|place| Some(Arc::clone(&looking.stated(*place)?.id)));
    Ok(Lints {
        undecided: ids.collect(),
        is_eligibility_decided: looking.is_somebody_eligible,
        diagnostics: looking.sink.into_sorted(),
    })
}

/// What a criterion does.
#[derive(Debug, Clone, Copy)]
struct Effects {
    /// Whether anything of it is due at the gate that is asked.
    due: bool,
    pass: Literal,
    fail: Literal,
    open: Literal,
}

impl Effects {
    fn of(effect: Option<&Choice<Effect>>, clauses: &Clauses) -> Self {
        let is = |wanted: Effect| match effect {
            Some(effect) => effect.is(&wanted, clauses),
            // What is not due does not stand in the way.
            None if wanted == Effect::Pass => clauses.always(),
            None => !clauses.always(),
        };
        Self {
            due: effect.is_some(),
            pass: is(Effect::Pass),
            fail: is(Effect::Fail),
            open: is(Effect::Open),
        }
    }
}

/// What is looked for in a protocol, and what was found.
struct Looking<'s> {
    search: Search<'s>,
    /// By criterion, and behind the criteria of the protocol by variant.
    effects: Vec<Effects>,
    /// By criterion: the parts that must all pass, each with the literal that says that it does.
    parts: Vec<Vec<(NodeId, Literal)>>,
    /// How many criteria the protocol has.
    count: usize,
    variants: Vec<Variant>,
    alone: Vec<Alone>,
    places: Places,
    said: &'s [Diagnostic],
    sink: Sink,
    /// Criteria of which something was neither proved nor found.
    undecided: BTreeSet<usize>,
    /// Nobody who is eligible was found, and it was not proved that there is none, if this is false.
    is_somebody_eligible: bool,
}

impl Looking<'_> {
    /// Whether somebody may be eligible: what is redundant among criteria that nobody passes means nothing.
    fn look(&mut self) -> Result<bool, CannotCompare> {
        if self.unsatisfiable()? {
            return Ok(false);
        }
        let vacuous = self.vacuous();
        let left_out = self.redundant(&vacuous)?;
        let told: Vec<bool> = vacuous
            .iter()
            .zip(&left_out)
            .map(|(one, other)| *one || *other)
            .collect();
        self.dead_terms(&told, &left_out)?;
        self.settled(&told)?;
        self.aged(&told)?;
        Ok(true)
    }

    fn stated(&self, place: usize) -> Option<&Criterion> {
        let plan = &self.search.side.plan;
        let own = plan.criteria.get(place)?;
        plan.protocol.criteria.get(own.criterion.index())
    }

    fn effects(&self, place: usize) -> Option<Effects> {
        self.effects.get(place).copied().filter(|own| own.due)
    }

    /// The criteria of the protocol that are due, each with the literal that says that it is passed.
    fn passes(&self, wanted: impl Fn(usize) -> bool) -> Vec<(usize, Literal)> {
        (0..self.count)
            .filter(|place| wanted(*place))
            .filter_map(|place| Some((place, self.effects(place)?.pass)))
            .collect()
    }

    /// Remembers a criterion of which something is neither proved nor seen in any case.
    fn weigh(&mut self, place: usize, wanted: &[Literal]) {
        if !self.search.seems_possible(wanted) {
            self.undecided.insert(place);
        }
    }
}
