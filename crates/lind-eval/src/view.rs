//! What every part of the evaluation looks at: one chart at one gate.

use lind_model::{MilestoneId, OpenKind};
use lind_records::Chart;
use lind_time::When;

use crate::context::Context;
use crate::milestones::{Reached, reached};
use crate::moments::Moment;
use crate::program::Program;
use crate::records::Records;
use crate::times::Times;

/// One chart at one gate.
#[derive(Clone, Copy)]
pub(crate) struct View<'c> {
    pub(crate) program: &'c Program,
    pub(crate) context: &'c Context<'c>,
    pub(crate) chart: &'c Chart,
    pub(crate) gate: MilestoneId,
    /// The gate's time: everything is read as of it.
    pub(crate) time: When,
    /// The records that have a name here.
    pub(crate) records: Records<'c>,
    /// What was found of the milestones; none: it is not kept.
    pub(crate) times: Option<&'c Times>,
}

impl View<'_> {
    pub(crate) fn reached(&self, milestone: MilestoneId) -> Reached {
        let look = || reached(self.program, self.context, self.chart, milestone);
        match self.times {
            Some(times) => times.reached(milestone, look),
            None => look(),
        }
    }

    /// A time of the chart, which may be missing.
    pub(crate) fn moment(&self, when: Option<When>) -> Moment {
        Moment::of(when, self.context.horizon)
    }

    pub(crate) fn gate_moment(&self) -> Moment {
        Moment::at(self.time)
    }

    /// Whether a record of this time is known by the gate.
    pub(crate) fn known(&self, moment: Moment) -> lind_time::Tri {
        crate::moments::known_by(moment, &self.time)
    }

    /// The time of a milestone that a condition leans on, or what it waits for.
    pub(crate) fn anchor(&self, milestone: MilestoneId) -> Result<When, OpenKind> {
        self.reached(milestone).time()
    }
}
