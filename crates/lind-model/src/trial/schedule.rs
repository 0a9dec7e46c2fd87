//! Study days, assessments, timelines and visits.

use std::sync::Arc;

use lind_diagnostics::Span;
use lind_time::{Offset, StudyDays};

use super::Assumed;
use crate::ids::{AskedId, AssessmentId, MilestoneId, TimelineId, VisitId};
use crate::protocol::{Sex, Subject, Window};

/// How study days are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StudyDayCount {
    /// From which milestone.
    pub anchor: MilestoneId,
    /// Whether its day is day 0 or day 1.
    pub count: StudyDays,
    /// Where it is declared.
    pub span: Span,
}

/// What is measured or done together.
#[derive(Debug, Clone)]
pub struct Assessment {
    /// Its name.
    pub name: Arc<str>,
    /// In words.
    pub title: Arc<str>,
    /// Measures and formulas, in the order of the source; sums of points count through the measures that they lean
    /// on. Empty for what is done and gives no value.
    pub subjects: Vec<Subject>,
    /// Names as written, for the table of activities.
    pub names: Vec<Arc<str>>,
    /// Where it is declared.
    pub span: Span,
}

/// A part of the schedule.
#[derive(Debug, Clone)]
pub struct Timeline {
    /// Its name.
    pub name: Arc<str>,
    /// In words.
    pub title: Arc<str>,
    /// Why it is supposed, if the source does not say it.
    pub assumed: Assumed,
    /// Where it is declared.
    pub span: Span,
}

/// A visit.
#[derive(Debug, Clone)]
pub struct Visit {
    /// Its name.
    pub name: Arc<str>,
    /// In words.
    pub title: Arc<str>,
    /// The timeline that it belongs to, if any.
    pub timeline: Option<TimelineId>,
    /// When it is planned.
    pub time: VisitTime,
    /// What is assessed.
    pub planned: Vec<Planned>,
    /// Why it is supposed, if the source does not say it.
    pub assumed: Assumed,
    /// Where it is declared.
    pub span: Span,
}

/// When a visit is planned.
#[derive(Debug, Clone)]
pub enum VisitTime {
    /// At a time, with how much earlier and later it may be.
    Planned {
        /// What it is counted from.
        anchor: VisitAnchor,
        /// How far from it; negative before it.
        offset: Offset,
        /// How much earlier it may be.
        earlier: Offset,
        /// How much later it may be.
        later: Offset,
    },
    /// On any day of a window.
    Span(Window),
    /// At any time.
    Unscheduled,
}

/// What a visit is counted from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VisitAnchor {
    /// A milestone.
    Milestone(MilestoneId),
    /// The day on which another visit took place.
    Visit(VisitId),
}

/// An assessment of a visit.
#[derive(Debug, Clone)]
pub struct Planned {
    /// Which.
    pub assessment: AssessmentId,
    /// Only for one sex.
    pub sex: Option<Sex>,
    /// Only for whom this holds.
    pub only: Option<AskedId>,
    /// The condition as written, if there is one.
    pub text: Option<Arc<str>>,
    /// Where it is declared.
    pub span: Span,
}
