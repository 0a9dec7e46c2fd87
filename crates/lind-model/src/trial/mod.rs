//! What a protocol says beyond eligibility: when each thing happens, how doses go up, how findings are graded,
//! what holds at a visit, and what is counted at the end.
//!
//! These are plain declarations. Wherever one of them needs a truth, it names an [`Asked`] condition of the
//! protocol, which is lowered and evaluated as every other condition is. The design is told in
//! `docs/language/trial.md`.

mod calendar;
mod doses;
mod endpoints;
mod gradings;
mod schedule;
mod tested;

use std::sync::Arc;

use crate::ids::MilestoneId;
use crate::protocol::Condition;

pub use calendar::{Assessed, Course, Deviation, VisitDays};
pub use doses::{
    Arm, Cohorts, Day1, DoseBasis, DoseLevel, DoseLevels, Dosing, DosingDays, Escalation,
    PlannedDose, Stagger, TreatmentPlan,
};
pub use endpoints::{
    BelowLimit, By, Endpoint, IntervalMethod, Population, Quartiles, Role, Rounding, Series,
    Statistics, Summary, TimeUnit, Variable,
};
pub use gradings::{GradeLine, Grading, Scale, State};
pub use schedule::{Assessment, Planned, StudyDayCount, Timeline, Visit, VisitAnchor, VisitTime};

/// What a protocol says beyond eligibility.
#[derive(Debug, Clone, Default)]
pub struct Trial {
    /// `visit`: the day at hand, where anything is asked at visits.
    pub visit: Option<MilestoneId>,
    /// The end of the data, where populations and endpoints are asked, if there are any.
    pub end_of_data: Option<MilestoneId>,
    /// The last day of the visit at hand: the same as `visit`, unless it is bound to another.
    pub visit_end: Option<MilestoneId>,
    /// `previous_visit`: the visit before it.
    pub previous_visit: Option<MilestoneId>,
    /// The last day of that visit: the same as `previous_visit`, unless it is bound to another.
    pub previous_visit_end: Option<MilestoneId>,
    /// `baseline`, if the protocol declares it.
    pub baseline: Option<MilestoneId>,
    /// How study days are counted, if stated.
    pub study_days: Option<StudyDayCount>,
    /// What is measured or done together.
    pub assessments: Vec<Assessment>,
    /// The timelines, in the order of the source.
    pub timelines: Vec<Timeline>,
    /// The visits, in the order of the source.
    pub visits: Vec<Visit>,
    /// The arms.
    pub arms: Vec<Arm>,
    /// What is given when.
    pub treatment_plans: Vec<TreatmentPlan>,
    /// The dose levels, lowest first.
    pub dose_levels: Option<DoseLevels>,
    /// Which rule moves between them.
    pub escalation: Option<Escalation>,
    /// By which scale toxicity is graded, if stated.
    pub toxicity_scale: Option<Scale>,
    /// How findings are graded.
    pub gradings: Vec<Grading>,
    /// What may hold at a visit.
    pub states: Vec<State>,
    /// Who is counted.
    pub populations: Vec<Population>,
    /// What is computed of each, and how it is summed up.
    pub endpoints: Vec<Endpoint>,
    /// Rounding, quartiles, intervals.
    pub statistics: Statistics,
}

impl Trial {
    /// Whether a milestone has the time that it is bound to when it is asked, and none of the data.
    #[must_use]
    pub fn is_of_the_day(&self, milestone: MilestoneId) -> bool {
        [
            self.visit,
            self.visit_end,
            self.previous_visit,
            self.previous_visit_end,
        ]
        .contains(&Some(milestone))
    }

    /// The milestone up to which everything is known at a gate: of a visit, its last day.
    #[must_use]
    pub fn known_until(&self, gate: MilestoneId) -> MilestoneId {
        if self.visit == Some(gate) {
            self.visit_end.unwrap_or(gate)
        } else {
            gate
        }
    }
}

/// A condition that is asked outside the criteria, at a gate.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Where it is asked; [`Trial::visit`] for what is asked at every visit or day.
    pub gate: MilestoneId,
    /// The condition.
    pub condition: Condition,
}

/// A value that somebody supposes because the source does not say it, with the reason.
pub type Assumed = Option<Arc<str>>;
