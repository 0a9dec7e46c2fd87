//! Of which patients of a data set a proof speaks.

use lind_eval::{Context, Program};
use lind_model::MilestoneId;
use lind_model::difference::Beyond;
use lind_model::plan::ConceptKind;
use lind_model::protocol::{Measure, Shape};
use lind_records::{Chart, Completeness, Dataset, Observation};
use lind_time::{Precision, When};

use super::Cohorts;
use crate::patient::table_of;

/// Whether whatever is not in the tables did not happen, and nothing is declared that made-up patients do not have.
pub(super) fn is_complete(programs: &[Program; 2], dataset: &Dataset) -> bool {
    let settings = dataset.settings();
    settings.cut_off.is_none()
        && settings.half_lives.is_empty()
        && programs.iter().all(|program| {
            let mut needs = program.plan().needs.iter();
            needs.all(|concept| {
                let id = program.concept(concept.kind);
                let of_it = dataset.complete_for(table_of(concept.table), id);
                matches!(of_it, Completeness::Complete)
            })
        })
}

/// Why a proof about the gates does not speak of a patient; none if it does.
pub(super) fn beyond(
    cohorts: &Cohorts<'_>,
    contexts: [&Context<'_>; 2],
    chart: &Chart,
    gates: [MilestoneId; 2],
    is_complete: bool,
) -> Option<Beyond> {
    if !is_complete || contexts.iter().any(|context| context.has_horizon()) {
        return Some(Beyond::Tables);
    }
    let unsettled = chart.conditions.iter().any(|row| row.provisional);
    if !chart.set_aside.is_empty() || unsettled || chart.death.is_some() {
        return Some(Beyond::Records);
    }
    if !dates(chart).all(|time| time.precision() == Precision::Day && !time.is_span()) {
        return Some(Beyond::Dates);
    }
    let has_time = |time: Option<When>| time.is_some();
    let timed = chart.observations.iter().all(|row| has_time(row.time))
        && chart.conditions.iter().all(|row| has_time(row.onset))
        && chart.treatments.iter().all(|row| has_time(row.start))
        && chart.procedures.iter().all(|row| has_time(row.time))
        && chart.adverse_events.iter().all(|row| has_time(row.onset));
    if !timed {
        return Some(Beyond::Dates);
    }
    let sides = || cohorts.programs.iter().zip(contexts).zip(gates);
    for ((program, context), gate) in sides() {
        if !follows(program, context, chart, gate) {
            return Some(Beyond::Course);
        }
    }
    for ((program, context), _) in sides() {
        let measures = program.plan().protocol.measures.iter().enumerate();
        for (place, measure) in measures {
            let id = ConceptKind::Measure(lind_model::MeasureId::from_index(place));
            let rows: Vec<&Observation> = chart.observations_of(program.concept(id)).collect();
            if !rows.iter().all(|row| is_plain(row, measure, context)) {
                return Some(Beyond::Results);
            }
            let mut pairs = rows.windows(2);
            let same = |one: &Observation, other: &Observation| {
                (&one.value, one.unit, one.result) == (&other.value, other.unit, other.result)
            };
            if pairs.any(|pair| match pair {
                [one, other] => one.time == other.time && !same(one, other),
                _ => false,
            }) {
                return Some(Beyond::TwoResults);
            }
        }
    }
    None
}

/// All times of a chart.
fn dates(chart: &Chart) -> impl Iterator<Item = When> {
    let observations = chart.observations.iter().filter_map(|row| row.time);
    let conditions = chart.conditions.iter();
    let conditions = conditions.flat_map(|row| [row.onset, row.abatement]);
    let treatments = chart.treatments.iter().flat_map(|row| [row.start, row.end]);
    let events = chart.adverse_events.iter();
    let events = events.flat_map(|row| [row.onset, row.end]);
    let others = conditions.chain(treatments).chain(events).flatten();
    let milestones = chart.milestones.iter().map(|row| row.time);
    let visits = chart.visits.iter();
    let visits = visits.flat_map(|row| [Some(row.start), row.end]).flatten();
    observations
        .chain(others)
        .chain(milestones)
        .chain(visits)
        .chain(chart.procedures.iter().filter_map(|row| row.time))
        .chain(chart.allergies.iter().filter_map(|row| row.onset))
        .chain(chart.attestations.iter().filter_map(|row| row.time))
        .chain(chart.assignments.iter().map(|row| row.time))
        .chain(chart.birth)
}

/// Whether all milestones on the way to a gate were reached, none before one that it does not come before.
fn follows(program: &Program, context: &Context<'_>, chart: &Chart, gate: MilestoneId) -> bool {
    let milestones = &program.plan().protocol.milestones;
    let Some(own) = milestones.get(gate.index()) else {
        return false;
    };
    let reached = |id: MilestoneId| program.reached_at(id, chart, context);
    own.not_later.iter().all(|id| {
        let (Some(stated), Some(time)) = (milestones.get(id.index()), reached(*id)) else {
            return false;
        };
        let before = stated.not_later.iter().filter_map(|other| reached(*other));
        let mut before = before.map(|other| other.first_day());
        before.all(|other| other <= time.first_day())
    })
}

/// Whether a result is one plausible number or word.
fn is_plain(row: &Observation, measure: &Measure, context: &Context<'_>) -> bool {
    if row.comparator.is_some() || row.to.is_some() {
        return false;
    }
    let Some(value) = &row.value else {
        return row.result.is_some();
    };
    match &measure.shape {
        Shape::Quantity(shape) => {
            let unit = row.unit.and_then(|unit| context.unit(unit));
            let Some(unit) = unit else {
                return false;
            };
            let Ok(conversion) = unit.conversion(&shape.unit, Some(&shape.analyte)) else {
                return false;
            };
            let value = conversion.apply_decimal(value);
            let limits = shape.plausible.as_ref();
            limits.is_none_or(|(least, most)| value >= *least && value <= *most)
        }
        Shape::Score {
            lowest, highest, ..
        } => {
            let value = value.to_exact();
            value >= lowest.to_exact() && value <= highest.to_exact()
        }
        _ => true,
    }
}
