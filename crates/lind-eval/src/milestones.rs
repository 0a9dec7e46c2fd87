//! Whether and when a chart has reached a milestone.

use lind_model::plan::ConceptKind;
use lind_model::{MilestoneId, OpenKind};
use lind_records::{Chart, Table};
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

pub(crate) fn reached(
    program: &Program,
    context: &Context<'_>,
    chart: &Chart,
    milestone: MilestoneId,
) -> Reached {
    let concept = program.concept(ConceptKind::Milestone(milestone));
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
