//! Criteria of two gates that nobody passes if both gates are on one day, since the same results count for both.

use std::collections::BTreeSet;
use std::sync::Arc;

use lind_diagnostics::{Diagnostic, Sink};
use lind_model::plan::Plan;
use lind_model::protocol::Criterion;
use lind_model::{Choices, Effect, MilestoneId};
use lind_records::Table;
use lind_time::Day;

use super::{Effects, words};
use crate::CannotCompare;
use crate::answered::Versions;
use crate::calendar::Calendar;
use crate::cases::Made;
use crate::compare::Version;
use crate::formula::Formula;
use crate::meaning::Meanings;
use crate::patient::Examples;
use crate::patient::Patient;
use crate::questions::{Questions, Which, collect, is_due};
use crate::rules;
use crate::search::{Found, Search, effect_in};
use crate::solver::{Clauses, Literal};
use crate::universe::Universe;

/// Looks for them at the last gate that can be on one day with all milestones before it.
pub(super) fn on_one_day(
    version: &Version,
    day: Day,
    sink: &mut Sink,
) -> Result<(), CannotCompare> {
    let protocol = &version.protocol;
    let plan = Plan::lower(protocol, Choices::chosen(protocol))
        .map_err(|error| CannotCompare::TooLarge(error.to_string()))?;
    let stages = plan.criteria.iter().flat_map(|own| &own.stages);
    let all: BTreeSet<MilestoneId> = stages.map(|stage| stage.gate).collect();
    let milestones = &protocol.milestones;
    let is_of_one_day = |gate: &&MilestoneId| {
        let before = milestones.get(gate.index()).map(|own| &own.not_later);
        let mut before = before.into_iter().flatten();
        before.all(|id| {
            let own = milestones.get(id.index());
            own.is_some_and(|own| own.days_earlier.is_empty())
        })
    };
    let Some(gate) = all.iter().rev().find(is_of_one_day).copied() else {
        return Ok(());
    };
    if all.iter().filter(|own| is_due(&plan, **own, gate)).count() < 2 {
        return Ok(());
    }
    let mut questions = Questions::default();
    let side = collect(
        Which::New,
        plan,
        gate,
        &mut questions,
        &mut Meanings::default(),
    );
    let plan = &side.plan;
    let gates = |place: usize| -> BTreeSet<MilestoneId> {
        let own = plan.criteria.get(place);
        let stages = own.into_iter().flat_map(|own| &own.stages);
        stages
            .map(|stage| stage.gate)
            .filter(|own| is_due(plan, *own, gate))
            .collect()
    };
    let calendar = Calendar::of_one_day(&side, day);
    let mut clauses = Clauses::new();
    let nobody = Examples::none();
    let made = Made {
        sides: [&side, &side],
        calendar: &calendar,
        questions: &questions,
        examples: &nobody,
    };
    let mut versions = Versions::new([&side, &side]);
    let universe = Universe::whole(&made, &mut versions, &mut clauses)?;
    let mut effects: Vec<Effects> = Vec::new();
    {
        let mut formula = Formula::new(&questions, &universe.answers);
        for criterion in &plan.criteria {
            let own = formula.effect(Which::New, plan, criterion, gate, &mut clauses);
            effects.push(Effects::of(own.as_ref(), &clauses));
        }
    }
    let mut search = Search {
        side: &side,
        questions: &questions,
        versions,
        universe,
        clauses,
    };
    let due = effects.iter().enumerate().filter(|(_, own)| own.due);
    let passes: Vec<(usize, Literal)> = due.map(|(place, own)| (place, own.pass)).collect();
    let Some(core) = search.core(&[], &passes) else {
        return Ok(());
    };
    // The last of them is at the later gate; what the others ask must be of the same data.
    let last_gate = |place: &usize| gates(*place).into_iter().next_back();
    let Some(later) = core.iter().filter_map(last_gate).max() else {
        return Ok(());
    };
    let (late, early): (Vec<usize>, Vec<usize>) = core
        .iter()
        .partition(|place| last_gate(place) == Some(later));
    let Some(earlier) = early.iter().filter_map(last_gate).max() else {
        return Ok(());
    };
    if !share_results(&search, &late, &early) {
        return Ok(());
    }
    let wanted: Vec<Literal> = early
        .iter()
        .filter_map(|place| Some(effects.get(*place)?.pass))
        .collect();
    let found = search.find(&wanted, &|verdict| {
        let effect = |place: &usize| effect_in(verdict, *place);
        early.iter().all(|place| effect(place) == Effect::Pass)
            && late.iter().any(|place| effect(place) != Effect::Pass)
    })?;
    if let Found::Shown(patient) = found {
        tell(&search, (&late, later), (&early, earlier), &patient, sink);
    }
    Ok(())
}

/// Whether criteria of both gates ask about the results of one code.
fn share_results(search: &Search<'_>, late: &[usize], early: &[usize]) -> bool {
    let codes = |places: &[usize]| -> BTreeSet<Arc<str>> {
        let asked = places.iter().flat_map(|place| search.asked_by(*place));
        let reads = asked.filter_map(|id| search.questions.get(id));
        let codes = reads.flat_map(|question| &question.reads.codes);
        let results = codes.filter(|(table, _)| *table == Table::Observations);
        results.map(|(_, code)| Arc::clone(code)).collect()
    };
    !codes(late).is_disjoint(&codes(early))
}

fn tell(
    search: &Search<'_>,
    (late, later): (&[usize], MilestoneId),
    (early, earlier): (&[usize], MilestoneId),
    patient: &Patient,
    sink: &mut Sink,
) {
    let plan = &search.side.plan;
    let stated = |place: &usize| -> Option<&Criterion> {
        let own = plan.criteria.get(*place)?;
        plan.protocol.criteria.get(own.criterion.index())
    };
    let ids = |places: &[usize]| -> String {
        let ids: Vec<String> = places
            .iter()
            .filter_map(|place| Some(format!("`{}`", stated(place)?.id)))
            .collect();
        super::findings::listed(&ids)
    };
    let gate = |id: MilestoneId| {
        let own = plan.protocol.milestones.get(id.index());
        own.map_or("", |own| &own.name)
    };
    let Some(first) = late.first().and_then(stated) else {
        return;
    };
    let span = |own: &Criterion| own.parts.first().map_or(own.span, |part| part.span);
    let mut diagnostic = Diagnostic::new(
        &rules::W0906_GATES_CONFLICT,
        span(first),
        format!(
            "nobody passes {} at {} and {} at {} on one day",
            ids(early),
            gate(earlier),
            ids(late),
            gate(later)
        ),
    )
    .label(format!("wanted at {}", gate(later)));
    for own in late.iter().skip(1).filter_map(stated) {
        diagnostic = diagnostic.also(span(own), format!("wanted at {}", gate(later)));
    }
    for own in early.iter().filter_map(stated) {
        diagnostic = diagnostic.also(span(own), format!("wanted at {}", gate(earlier)));
    }
    let read: BTreeSet<_> = early
        .iter()
        .chain(late)
        .flat_map(|place| search.asked_by(*place))
        .collect();
    let who = words::patient(plan, &search.read_by(patient, &read));
    sink.push(
        diagnostic
            .note(format!("{who}: passes {} and not {}", ids(early), ids(late)))
            .note("this is proved for every patient who reaches all of these milestones on one day; on different days other results may count"),
    );
}
