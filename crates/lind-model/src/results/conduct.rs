//! How a trial was conducted: what was not as planned, and what came of the visits.

use std::sync::Arc;

use lind_escalation::replay::{Conduct, Replay, Run};
use lind_time::{Day, When};
use lind_units::Exact;

use crate::ids::{GradingId, MilestoneId, SetId, VisitId};
use crate::trial::{Deviation, VisitDays};

/// Something of a participant that is not as planned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProtocolDeviation {
    /// Of whom: the place among the participants.
    pub participant: usize,
    /// What.
    pub what: NotAsPlanned,
}

/// What is not as planned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotAsPlanned {
    /// A visit, or what was to be done at it.
    Visit {
        /// Which visit.
        visit: VisitId,
        /// On which days it was planned.
        planned: VisitDays,
        /// On which days it took place; none if it did not.
        on: Option<(Day, Day)>,
        /// What deviates.
        deviation: Deviation,
    },
    /// A visit between those that are planned.
    Unscheduled {
        /// Which visit.
        visit: VisitId,
        /// On which days.
        on: (Day, Day),
    },
    /// Less of a drug was given than was planned.
    Dose {
        /// Which drug.
        drug: SetId,
        /// How much was given in all.
        given: Exact,
        /// How much was planned in all.
        planned: Exact,
        /// The unit of both, as the protocol writes it.
        unit: Arc<str>,
        /// The assigned dose level, if that is what was planned.
        level: Option<Arc<str>>,
        /// When it was first given; none if it was not.
        on: Option<When>,
    },
    /// A dose cannot be held against the planned one.
    DoseNotKnown {
        /// Which drug.
        drug: SetId,
        /// When it was first given.
        on: Option<When>,
    },
    /// An adverse event was judged dose-limiting, and began outside of the window in which that counts.
    Toxicity {
        /// Its term in the data.
        term: Arc<str>,
        /// Its grade, if one is recorded.
        grade: Option<u8>,
        /// When it began.
        onset: When,
        /// The first and the last day of the window, as far as they are known.
        window: (Option<Day>, Option<Day>),
    },
    /// A milestone was reached before another one that comes first.
    Order {
        /// Which milestone.
        milestone: MilestoneId,
        /// When it was reached.
        on: When,
        /// Which comes first.
        first: MilestoneId,
        /// When that was reached.
        first_on: When,
    },
}

/// The dose decisions of a trial, held against its rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DoseDecisions {
    /// How the trial is to be conducted.
    pub conduct: Conduct,
    /// What it did.
    pub run: Run,
    /// The two held against each other.
    pub replay: Replay,
    /// Who could not be counted, and why, in a sentence each.
    pub told: Vec<String>,
}

/// What came of a visit, counted over all participants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attendance {
    /// Which visit.
    pub visit: VisitId,
    /// Of how many it took place.
    pub took_place: usize,
    /// Of how many before its first allowed day.
    pub early: usize,
    /// Of how many after its last allowed day.
    pub late: usize,
    /// Of how many it is over and did not take place.
    pub missed: usize,
    /// How many assessments were planned where it took place.
    pub planned: usize,
    /// How many of them were done.
    pub done: usize,
    /// How many were done in part.
    pub in_part: usize,
    /// How many were not done.
    pub not_done: usize,
    /// Of how many that cannot be told.
    pub open: usize,
}

/// Adverse events of special interest: those of a set on which the protocol computes an endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpecialInterest {
    /// Of which set.
    pub set: SetId,
    /// The events, by participant, then by time.
    pub events: Vec<SpecialEvent>,
}

/// An adverse event of a set. Records of the set that touch each other are one event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpecialEvent {
    /// Of whom: the place among the participants.
    pub participant: usize,
    /// When it began, if that is recorded.
    pub onset: Option<When>,
    /// Its last day; none while it goes on, or where none is recorded.
    pub last: Option<Day>,
    /// Its worst grade, if one is recorded.
    pub worst: Option<u8>,
}

/// The grades of a finding at baseline and at their worst behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shift {
    /// Which grading.
    pub grading: GradingId,
    /// Of each participant, by the place: the grade at baseline and the worst one behind it; none where it cannot be
    /// told.
    pub of: Vec<(usize, Option<u8>, Option<u8>)>,
}
