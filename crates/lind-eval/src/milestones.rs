//! Whether and when a chart has reached a milestone.

use lind_model::plan::ConceptKind;
use lind_model::{MilestoneId, OpenKind};
use lind_records::{Chart, ConceptId, Table};
use lind_time::When;

use crate::context::Context;
use crate::program::Program;

/// Whether and when a chart has reached a milestone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reached {
    /// At this time.
    At(When),
    /// The chart does not hold it.
    NotYet,
    /// Its rows contradict each other, or one of them could not be read.
    Unclear,
}

impl Reached {
    /// The time, or what a condition that leans on it waits for.
    pub(crate) const fn time(self) -> Result<When, OpenKind> {
        match self {
            Self::At(time) => Ok(time),
            Self::NotYet => Err(OpenKind::Pending),
            Self::Unclear => Err(OpenKind::Unknown),
        }
    }
}

/// Whether and when a gate was reached, up to which everything is known: of a visit, its last day.
pub(crate) fn gate_reached(
    program: &Program,
    context: &Context<'_>,
    chart: &Chart,
    gate: MilestoneId,
) -> Reached {
    let until = program.protocol().trial.known_until(gate);
    reached(program, context, chart, until)
}

pub(crate) fn reached(
    program: &Program,
    context: &Context<'_>,
    chart: &Chart,
    milestone: MilestoneId,
) -> Reached {
    let protocol = program.protocol();
    let declared = protocol.milestones.get(milestone.index());
    let same_as = declared.and_then(|own| own.same_as);
    // What is bound for the day at hand goes before what data say under that name.
    if (same_as.is_some() || protocol.trial.is_of_the_day(milestone))
        && let Some(time) = context.assumed(milestone)
    {
        return Reached::At(time);
    }
    let milestone = same_as.unwrap_or(milestone);
    if protocol.trial.is_of_the_day(milestone)
        && let Some(time) = context.assumed(milestone)
    {
        return Reached::At(time);
    }
    let concept = program.concept(ConceptKind::Milestone(milestone));
    if program.is_visit(milestone) {
        return visited(context, chart, milestone, concept);
    }
    // A row that was set aside may have named another time.
    if chart
        .set_aside_of(Table::Milestones, concept)
        .next()
        .is_some()
    {
        return Reached::Unclear;
    }
    let mut rows = chart.milestones_of(concept);
    match rows.next() {
        Some(row) => {
            if rows.any(|other| other.time != row.time) {
                Reached::Unclear
            } else {
                Reached::At(row.time)
            }
        }
        None => context
            .assumed(milestone)
            .map_or(Reached::NotYet, Reached::At),
    }
}

/// Whether and when a visit took place.
fn visited(
    context: &Context<'_>,
    chart: &Chart,
    milestone: MilestoneId,
    concept: ConceptId,
) -> Reached {
    // A row that was set aside may have been the visit.
    if chart.set_aside_of(Table::Visits, concept).next().is_some() {
        return Reached::Unclear;
    }
    let mut rows = chart.visits_of(concept);
    match (rows.next(), context.assumed(milestone)) {
        (Some(row), _) if rows.any(|other| other.start != row.start) => Reached::Unclear,
        (Some(row), _) => Reached::At(row.start),
        (None, Some(assumed)) => Reached::At(assumed),
        // Where visits are not recorded completely, one without a row may have taken place.
        (None, None) if context.bindings.gap(concept).is_some() => Reached::Unclear,
        (None, None) => Reached::NotYet,
    }
}
