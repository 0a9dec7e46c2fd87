//! Study days, assessments, timelines and visits.

use std::sync::Arc;

use lind_diagnostics::Span;
use lind_time::{Offset, StudyDays};

use super::{Assumed, Trial};
use crate::ids::{AskedId, AssessmentId, MilestoneId, TimelineId, VisitId};
use crate::protocol::{Anchor, Sex, Subject, Window};

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
    /// Of each name, which of the subjects are its own: one of them tells that it was done. Empty for words.
    pub items: Vec<Vec<Subject>>,
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
    /// It is no longer planned once one of these has been reached.
    pub until: Vec<MilestoneId>,
    /// The milestone that it is, where anything leans on it. Its time is that of the row in `visits`.
    pub milestone: Option<MilestoneId>,
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

impl Trial {
    /// The visit that a milestone is, if it is one.
    #[must_use]
    pub fn visit_of(&self, milestone: MilestoneId) -> Option<VisitId> {
        self.visits
            .iter()
            .position(|visit| visit.milestone == Some(milestone))
            .map(VisitId::from_index)
    }

    /// The visit of a name.
    #[must_use]
    pub fn visit_named(&self, name: &str) -> Option<VisitId> {
        self.visits
            .iter()
            .position(|visit| *visit.name == *name)
            .map(VisitId::from_index)
    }

    /// The visits at which a measure or a formula is assessed, for some or for all, in the order of the source. Each
    /// has its days in [`Visit::time`].
    pub fn supplied(&self, subject: Subject) -> impl Iterator<Item = VisitId> {
        let of: Vec<AssessmentId> = self
            .assessments
            .iter()
            .enumerate()
            .filter(|(_, assessment)| assessment.subjects.contains(&subject))
            .map(|(index, _)| AssessmentId::from_index(index))
            .collect();
        self.visits
            .iter()
            .enumerate()
            .filter(move |(_, visit)| {
                visit
                    .planned
                    .iter()
                    .any(|planned| of.contains(&planned.assessment))
            })
            .map(|(index, _)| VisitId::from_index(index))
    }

    /// The visits in the order in which they are planned: those of the earlier milestones first, and of one milestone
    /// those that are nearer to the beginning. Unscheduled visits stand last.
    #[must_use]
    pub fn planned_order(&self) -> Vec<VisitId> {
        let mut order: Vec<(PlannedPlace, VisitId)> = (0..self.visits.len())
            .map(VisitId::from_index)
            .map(|id| (self.place(id), id))
            .collect();
        order.sort();
        order.into_iter().map(|(_, id)| id).collect()
    }

    /// Where a visit stands among the others.
    fn place(&self, id: VisitId) -> PlannedPlace {
        let mut twice_days: i64 = 0;
        let mut at = id;
        // No chain of visits is longer than there are visits.
        for _ in 0..=self.visits.len() {
            let Some(visit) = self.visits.get(at.index()) else {
                break;
            };
            let (anchor, offset) = match &visit.time {
                VisitTime::Planned { anchor, offset, .. } => (*anchor, Some(*offset)),
                VisitTime::Span(window) => match first_edge(window) {
                    Some((milestone, offset)) => (VisitAnchor::Milestone(milestone), offset),
                    None => break,
                },
                VisitTime::Unscheduled => break,
            };
            if let Some(offset) = offset {
                let (least, most) = offset.day_bounds();
                twice_days = twice_days.saturating_add(least).saturating_add(most);
            }
            let leant_on = match anchor {
                VisitAnchor::Visit(other) => Some(other),
                VisitAnchor::Milestone(milestone) => self.visit_of(milestone),
            };
            match (leant_on, anchor) {
                (Some(other), _) => at = other,
                (None, VisitAnchor::Milestone(milestone)) => {
                    return PlannedPlace {
                        root: Some(milestone).into(),
                        twice_days,
                    };
                }
                (None, VisitAnchor::Visit(_)) => break,
            }
        }
        PlannedPlace {
            root: Root(None),
            twice_days,
        }
    }
}

/// Where a visit stands among the others: first by what it is counted from in the end, then by how far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct PlannedPlace {
    root: Root,
    /// Twice the days, so that a month of 28 to 31 days lies in the middle of them.
    twice_days: i64,
}

/// A milestone; none stands behind all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Root(Option<MilestoneId>);

impl From<Option<MilestoneId>> for Root {
    fn from(milestone: Option<MilestoneId>) -> Self {
        Self(milestone)
    }
}

impl PartialOrd for Root {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Root {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let key = |root: &Self| (root.0.is_none(), root.0);
        key(self).cmp(&key(other))
    }
}

/// The milestone that a window leans on first, and how far from it the window begins.
pub(super) fn first_edge(window: &Window) -> Option<(MilestoneId, Option<Offset>)> {
    let milestone = |anchor: &Anchor| match anchor {
        Anchor::Milestone(id) => Some(*id),
        _ => None,
    };
    match window {
        Window::Around { anchor, window, .. } => Some((
            milestone(anchor)?,
            window.from.offset().or(window.to.offset()),
        )),
        Window::Between { from, .. } => Some((milestone(from)?, None)),
        Window::Both(first, _) | Window::Either(first, _) => first_edge(first),
        Window::HalfLives { .. } => None,
    }
}
