//! What a trial came to: plain data that was computed from charts, and that reports write down.
//!
//! Everything here is by index: participants in the order in which they were read, populations, endpoints, states and
//! visits in the order of [`Trial`](crate::Trial).

mod conduct;

use std::sync::Arc;

use lind_time::When;
use lind_units::Exact;

use crate::ids::{CriterionId, GradingId, MilestoneId, StateId, VisitId};
use crate::logic::Truth;
use crate::trial::Series;
use crate::verdict::Standing;

pub use conduct::{
    Attendance, DoseDecisions, NotAsPlanned, ProtocolDeviation, Shift, SpecialEvent,
    SpecialInterest,
};

/// What a trial came to.
#[derive(Debug, Clone)]
pub struct Results {
    /// What is later than this is not known.
    pub known_at: Option<When>,
    /// The participants.
    pub participants: Vec<Participant>,
    /// The dose levels and arms that they were assigned: those of the protocol in its order, then others.
    pub assigned: Vec<Arc<str>>,
    /// Who belongs to each population.
    pub populations: Vec<Members>,
    /// What each endpoint came to.
    pub endpoints: Vec<EndpointResult>,
    /// What held at which visit, a list for each state.
    pub states: Vec<Vec<StateCourse>>,
    /// The values that endpoints are computed from, in the order of time: one for each series.
    pub curves: Vec<Curve>,
    /// What is not as planned, of the participants in their order, of each in the order of time.
    pub deviations: Vec<ProtocolDeviation>,
    /// What came of the visits, in the order in which they are planned.
    pub attendance: Vec<Attendance>,
    /// The adverse events of special interest, by set in the order of the endpoints.
    pub special: Vec<SpecialInterest>,
    /// The shifts of the gradings of which an endpoint asks the worst grade.
    pub shifts: Vec<Shift>,
    /// The dose decisions held against their rule, or why they cannot be; none where there is no rule, or nobody asked.
    pub decisions: Option<Result<DoseDecisions, Arc<str>>>,
}

/// A participant.
#[derive(Debug, Clone)]
pub struct Participant {
    /// As named in the data.
    pub id: Arc<str>,
    /// The dose level or the arm that was assigned, by its name.
    pub assigned: Option<Arc<str>>,
    /// The place of the dose level among those of the protocol, if it is one.
    pub level: Option<usize>,
    /// When each milestone of the protocol was reached, if it was.
    pub milestones: Vec<Option<When>>,
    /// The visits that took place, the earliest first.
    pub visits: Vec<ActualVisit>,
    /// What the criteria came to at the furthest gate that was reached; none if no gate was.
    pub eligibility: Option<Eligibility>,
}

/// What the criteria of a participant came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Eligibility {
    /// At which gate.
    pub gate: MilestoneId,
    /// Whether the participant is eligible there.
    pub standing: Standing,
    /// The criteria that keep the participant out.
    pub failed: Vec<CriterionId>,
}

/// A visit that took place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActualVisit {
    /// Its name in the data.
    pub name: Arc<str>,
    /// The visit of the schedule, if it is one.
    pub visit: Option<VisitId>,
    /// Its first day.
    pub first: When,
    /// Its last day.
    pub last: When,
}

/// The values of a series of all participants.
#[derive(Debug, Clone)]
pub struct Curve {
    /// Of what.
    pub series: Series,
    /// The values of each participant, by their place; of those who have any.
    pub of: Vec<(usize, Vec<CurvePoint>)>,
}

/// A value on a study day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CurvePoint {
    /// The day, counted from that of the milestone from which study days are counted, which is 0 here.
    pub days: i64,
    /// The visit on whose days it lies, if it is one of the schedule.
    pub visit: Option<VisitId>,
    /// The least number that it can be; none where it has no bound.
    pub low: Option<Exact>,
    /// The greatest number that it can be.
    pub high: Option<Exact>,
    /// The laboratory's limits for that sample, in the unit of the measure.
    pub limits: (Option<Exact>, Option<Exact>),
}

/// Who belongs to a population.
#[derive(Debug, Clone)]
pub struct Members {
    /// Whether each participant does, in their order.
    pub of: Vec<Truth>,
    /// Why it is not known, of each of whom it is not.
    pub open: Vec<(usize, Arc<str>)>,
}

impl Members {
    /// How many certainly belong to it.
    #[must_use]
    pub fn count(&self) -> usize {
        self.of
            .iter()
            .filter(|truth| **truth == Truth::True)
            .count()
    }

    /// Whether a participant certainly belongs to it.
    #[must_use]
    pub fn has(&self, participant: usize) -> bool {
        self.of.get(participant) == Some(&Truth::True)
    }
}

/// What a state came to at the visits of a participant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateCourse {
    /// Which state.
    pub state: StateId,
    /// At each visit that took place, in the order of [`Participant::visits`].
    pub at: Vec<Truth>,
}

/// What an endpoint came to.
#[derive(Debug, Clone)]
pub struct EndpointResult {
    /// The value of each participant of the population, by their place.
    pub values: Vec<(usize, Computed)>,
    /// How the values are summed up: of all together, then of each group.
    pub groups: Vec<GroupResult>,
}

/// The value of a participant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Computed {
    /// Yes or no.
    Truth(Truth),
    /// A number.
    Number(Exact),
    /// At least so much: it was still going on when the data ended.
    AtLeast(Exact),
    /// There is no value, and none is missing: it never came to that.
    Never,
    /// It cannot be told, and why.
    Open(Arc<str>),
    /// A number at each visit, or why there is none.
    AtVisits(Vec<(VisitId, Result<Exact, Arc<str>>)>),
    /// Between which grades the worst one lies.
    Grade {
        /// Of which grading.
        grading: GradingId,
        /// The least.
        least: u8,
        /// The highest.
        most: u8,
    },
    /// The terms of adverse events, each with its worst grade, if one is known.
    Events(Vec<(Arc<str>, Option<u8>)>),
}

/// The values of some participants, summed up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupResult {
    /// Of which dose level or arm; none for all together.
    pub assigned: Option<Arc<str>>,
    /// At which visit; none for values that have none.
    pub visit: Option<VisitId>,
    /// How many participants there are.
    pub size: usize,
    /// Of how many the value cannot be told.
    pub open: usize,
    /// The sum.
    pub summed: Summed,
}

/// Values summed up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Summed {
    /// How many of those of whom it is known.
    Share {
        /// Of whom it holds.
        yes: usize,
        /// Of whom it is known.
        known: usize,
        /// The exact interval of the share, as fractions of 1.
        interval: Option<(Exact, Exact)>,
    },
    /// Numbers; none if there is no value.
    Numbers(Option<Numbers>),
    /// A row for each term, the most frequent first.
    Counts(Vec<CountRow>),
}

/// Numbers summed up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Numbers {
    /// How many.
    pub count: usize,
    /// Of how many only a lower bound is known, because it was still going on.
    pub going_on: usize,
    /// The middle one; of an even number, the mean of the two in the middle.
    pub median: Exact,
    /// The least.
    pub least: Exact,
    /// The greatest.
    pub greatest: Exact,
    /// The lower and the upper quartile; none of fewer than two values.
    pub quartiles: Option<(Exact, Exact)>,
    /// The mean.
    pub mean: Exact,
    /// The variance with n - 1; none of fewer than two values.
    pub variance: Option<Exact>,
}

/// How many participants had a term or a grade.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountRow {
    /// The term, or the grading.
    pub term: Arc<str>,
    /// How many had it.
    pub any: usize,
    /// How many had it at each grade, from 1 to 5, each participant once at the worst.
    pub by_grade: [usize; 5],
    /// How many had it without a grade.
    pub ungraded: usize,
}

impl CountRow {
    /// How many had it at grade 3 or worse.
    #[must_use]
    pub fn severe(&self) -> usize {
        self.by_grade.iter().skip(2).sum()
    }
}
