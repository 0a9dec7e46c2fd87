//! On which days visits are planned for one participant, and what came of them. Plain data from plain data: who reads
//! the patients' tables hands over what they say.

use lind_time::{Day, MonthEnd, Offset, Tri, When};

use super::{Planned, Trial, VisitAnchor, VisitTime};
use crate::ids::{AssessmentId, MilestoneId, VisitId};
use crate::logic::Truth;
use crate::protocol::{Anchor, MonthRule, Subject, Window};

/// What is known of one participant's way through the schedule.
#[derive(Debug, Clone, Default)]
pub struct Course {
    /// The milestones that were reached, those that are visits excepted.
    pub reached: Vec<(MilestoneId, When)>,
    /// The visits that took place, with their last day if they took more than one.
    pub visits: Vec<(VisitId, When, Option<When>)>,
    /// Whether a visit without a row did not take place.
    pub visits_complete: bool,
    /// The last day of which the data tell, if that is known.
    pub known_until: Option<Day>,
}

/// The days of a visit for one participant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VisitDays {
    /// Its days are known.
    Known {
        /// The planned day; none for a visit on any day of a window.
        planned: Option<Day>,
        /// The first day on which it may take place; none if there is no limit.
        earliest: Option<Day>,
        /// The last day on which it may take place; none if there is no limit.
        latest: Option<Day>,
    },
    /// It is counted from a milestone that has not been reached.
    Awaits(MilestoneId),
    /// It is counted from something of which the day is not known exactly.
    Unclear,
    /// It is no longer planned, since this milestone was reached before.
    Ended(MilestoneId),
    /// It may take place at any time.
    Unscheduled,
}

/// What deviates from the schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deviation {
    /// The visit took place so many days before its first allowed day.
    Early(i64),
    /// The visit took place so many days after its last allowed day.
    Late(i64),
    /// The visit has no row, and its allowed days are over.
    Missed,
    /// The visit took place though it was no longer planned.
    AfterItsEnd(MilestoneId),
    /// The visit took place, and this assessment has no result.
    NotDone(AssessmentId),
    /// The visit took place, and this part of an assessment has no result, though others have: its place among
    /// [`Assessment::names`](super::Assessment::names).
    PartNotDone(AssessmentId, usize),
}

/// What came of an assessment that was planned at a visit that took place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assessed {
    /// At which visit.
    pub visit: VisitId,
    /// Which assessment.
    pub assessment: AssessmentId,
    /// Whether each part has a result: its place among [`Assessment::names`](super::Assessment::names). Parts that give none are left out, and
    /// there is at least one.
    pub parts: Vec<(usize, Tri)>,
}

impl Course {
    /// When a visit took place, with its last day; none if no row says so, or several say different things.
    #[must_use]
    pub fn took_place(&self, visit: VisitId) -> Option<(When, Option<When>)> {
        let mut rows = self.visits.iter().filter(|(id, ..)| *id == visit);
        let (_, start, end) = rows.next()?;
        rows.all(|(_, other, _)| other == start)
            .then_some((*start, *end))
    }

    fn time(&self, milestone: MilestoneId) -> Option<When> {
        self.reached
            .iter()
            .find(|(id, _)| *id == milestone)
            .map(|(_, time)| *time)
    }
}

impl Trial {
    /// The days of every visit for one participant, in the order in which visits are planned. A visit that is counted
    /// from another one is counted from the day on which that took place, or else from the day on which it is planned.
    #[must_use]
    pub fn calendar(&self, course: &Course, months: MonthRule) -> Vec<(VisitId, VisitDays)> {
        self.planned_order()
            .into_iter()
            .map(|id| (id, self.days(id, course, months)))
            .collect()
    }

    /// The days of a visit for one participant.
    #[must_use]
    pub fn days(&self, id: VisitId, course: &Course, months: MonthRule) -> VisitDays {
        let Some(visit) = self.visits.get(id.index()) else {
            return VisitDays::Unclear;
        };
        let days = self.planned_days(id, course, months, self.visits.len());
        let VisitDays::Known { earliest, .. } = days else {
            return days;
        };
        let ended = visit.until.iter().find(|end| {
            course
                .time(**end)
                .zip(earliest)
                .is_some_and(|(time, earliest)| time.last_day() < earliest)
        });
        ended.map_or(days, |end| VisitDays::Ended(*end))
    }

    /// `fuel` bounds how many visits are counted from each other; the checker refuses circles.
    fn planned_days(
        &self,
        id: VisitId,
        course: &Course,
        months: MonthRule,
        fuel: usize,
    ) -> VisitDays {
        let Some(visit) = self.visits.get(id.index()) else {
            return VisitDays::Unclear;
        };
        let from = |anchor: VisitAnchor| self.anchor_day(anchor, course, months, fuel);
        match &visit.time {
            VisitTime::Unscheduled => VisitDays::Unscheduled,
            VisitTime::Planned {
                anchor,
                offset,
                earlier,
                later,
            } => {
                let planned = match from(*anchor) {
                    Ok(day) => moved(day, *offset, months),
                    Err(open) => return open,
                };
                let Some(planned) = planned else {
                    return VisitDays::Unclear;
                };
                VisitDays::Known {
                    planned: Some(planned),
                    earliest: moved(planned, earlier.negate(), months),
                    latest: moved(planned, *later, months),
                }
            }
            VisitTime::Span(window) => match self.span(window, &from, months) {
                Ok((earliest, latest)) => VisitDays::Known {
                    planned: None,
                    earliest,
                    latest,
                },
                Err(open) => open,
            },
        }
    }

    fn anchor_day(
        &self,
        anchor: VisitAnchor,
        course: &Course,
        months: MonthRule,
        fuel: usize,
    ) -> Result<Day, VisitDays> {
        let visit = match anchor {
            VisitAnchor::Visit(id) => Some(id),
            VisitAnchor::Milestone(id) => self.visit_of(id),
        };
        let time = match (visit, anchor) {
            (Some(id), _) => match course.took_place(id) {
                Some((start, _)) => start,
                None if fuel == 0 => return Err(VisitDays::Unclear),
                None => {
                    return match self.planned_days(id, course, months, fuel.saturating_sub(1)) {
                        VisitDays::Known {
                            planned: Some(day), ..
                        } => Ok(day),
                        VisitDays::Known { .. } | VisitDays::Unscheduled => Err(VisitDays::Unclear),
                        open => Err(open),
                    };
                }
            },
            (None, VisitAnchor::Milestone(id)) => course.time(id).ok_or(VisitDays::Awaits(id))?,
            (None, VisitAnchor::Visit(_)) => return Err(VisitDays::Unclear),
        };
        if time.is_exact_day() {
            Ok(time.first_day())
        } else {
            Err(VisitDays::Unclear)
        }
    }

    fn span(
        &self,
        window: &Window,
        from: &impl Fn(VisitAnchor) -> Result<Day, VisitDays>,
        months: MonthRule,
    ) -> Result<(Option<Day>, Option<Day>), VisitDays> {
        let day = |anchor: &Anchor| match anchor {
            Anchor::Milestone(id) => from(VisitAnchor::Milestone(*id)),
            Anchor::Date(day) => Ok(*day),
            _ => Err(VisitDays::Unclear),
        };
        match window {
            Window::Around { anchor, window, .. } => {
                let day = day(anchor)?;
                let end = |edge: lind_time::Edge| edge.offset().map(|by| moved(day, by, months));
                let ends = (end(window.from), end(window.to));
                if matches!(ends, (Some(None), _) | (_, Some(None))) {
                    return Err(VisitDays::Unclear);
                }
                Ok((ends.0.flatten(), ends.1.flatten()))
            }
            Window::Between { from: first, to } => Ok((Some(day(first)?), Some(day(to)?))),
            Window::Both(first, second) => {
                let (first, second) = (
                    self.span(first, from, months)?,
                    self.span(second, from, months)?,
                );
                Ok((
                    first.0.max(second.0),
                    match (first.1, second.1) {
                        (Some(one), Some(other)) => Some(one.min(other)),
                        (one, other) => one.or(other),
                    },
                ))
            }
            Window::Either(..) | Window::HalfLives { .. } => Err(VisitDays::Unclear),
        }
    }

    /// What came of the assessments that were planned for this participant at the visits that took place, in the order
    /// in which visits are planned. `applies` and `done` as for [`Trial::deviations`].
    #[must_use]
    pub fn assessed(
        &self,
        course: &Course,
        months: MonthRule,
        applies: impl Fn(VisitId, &Planned) -> Truth,
        done: impl Fn(&[Subject], Day, Day) -> Tri,
    ) -> Vec<Assessed> {
        let took_place = |(id, days): (VisitId, VisitDays)| {
            let (start, end) = course.took_place(id)?;
            Some((
                id,
                days,
                (start.first_day(), end.unwrap_or(start).last_day()),
            ))
        };
        let calendar = self.calendar(course, months);
        let visits = calendar.into_iter().filter_map(took_place);
        visits
            .flat_map(|(id, days, on)| self.assessed_at(id, days, on, &applies, &done))
            .collect()
    }

    /// The same of one visit, between the first and the last day on which it took place or may do so.
    fn assessed_at(
        &self,
        id: VisitId,
        days: VisitDays,
        (first, last): (Day, Day),
        applies: &impl Fn(VisitId, &Planned) -> Truth,
        done: &impl Fn(&[Subject], Day, Day) -> Tri,
    ) -> Vec<Assessed> {
        let (from, to) = match days {
            VisitDays::Known {
                earliest, latest, ..
            } => (
                earliest.map_or(first, |day| first.min(day)),
                latest.map_or(last, |day| last.max(day)),
            ),
            // What may be done between visits is asked of nobody.
            VisitDays::Unscheduled => return Vec::new(),
            VisitDays::Ended(_) | VisitDays::Awaits(_) | VisitDays::Unclear => (first, last),
        };
        let planned = self.visits.get(id.index());
        let planned = planned.into_iter().flat_map(|visit| &visit.planned);
        let assessed = planned.filter_map(|planned| {
            let assessment = self.assessments.get(planned.assessment.index())?;
            let parts = assessment.items.iter().enumerate();
            let parts: Vec<(usize, Tri)> = parts
                .filter(|(_, subjects)| !subjects.is_empty())
                .map(|(place, subjects)| (place, done(subjects, from, to)))
                .collect();
            let counts = !parts.is_empty() && applies(id, planned) == Truth::True;
            counts.then_some(Assessed {
                visit: id,
                assessment: planned.assessment,
                parts,
            })
        });
        assessed.collect()
    }

    /// What deviates from the schedule. `applies` tells whether something is planned for this participant at a visit,
    /// `done` whether any of some subjects has a result between two days, both included.
    #[must_use]
    pub fn deviations(
        &self,
        course: &Course,
        months: MonthRule,
        applies: impl Fn(VisitId, &Planned) -> Truth,
        done: impl Fn(&[Subject], Day, Day) -> Tri,
    ) -> Vec<(VisitId, Deviation)> {
        let mut found = Vec::new();
        for (id, days) in self.calendar(course, months) {
            let Some((start, end)) = course.took_place(id) else {
                let has_rows = course.visits.iter().any(|(other, ..)| *other == id);
                let is_over = matches!((days, course.known_until), (
                    VisitDays::Known { latest: Some(latest), .. },
                    Some(known_until),
                ) if latest < known_until);
                if course.visits_complete && !has_rows && is_over {
                    found.push((id, Deviation::Missed));
                }
                continue;
            };
            let (first, last) = (start.first_day(), end.unwrap_or(start).last_day());
            match days {
                VisitDays::Known {
                    earliest, latest, ..
                } => {
                    if let Some(earliest) = earliest.filter(|day| start.last_day() < *day) {
                        let days = start.last_day().days_until(earliest);
                        found.push((id, Deviation::Early(days)));
                    }
                    if let Some(latest) = latest.filter(|day| first > *day) {
                        found.push((id, Deviation::Late(latest.days_until(first))));
                    }
                }
                VisitDays::Ended(end) => found.push((id, Deviation::AfterItsEnd(end))),
                VisitDays::Awaits(_) | VisitDays::Unclear | VisitDays::Unscheduled => {}
            }
            found.extend(
                self.assessed_at(id, days, (first, last), &applies, &done)
                    .iter()
                    .flat_map(|assessed| assessed.lacking())
                    .map(|lacks| (id, lacks)),
            );
        }
        found
    }
}

impl Assessed {
    /// Whether every part has a result.
    #[must_use]
    pub fn is_done(&self) -> Tri {
        let parts = self.parts.iter().map(|(_, done)| *done);
        parts.fold(Tri::Yes, Tri::and)
    }

    /// Whether no part has one.
    #[must_use]
    pub fn is_left_out(&self) -> bool {
        self.parts.iter().all(|(_, done)| *done == Tri::No)
    }

    /// What of it certainly has no result: all of it, or some of its parts.
    fn lacking(&self) -> Vec<Deviation> {
        if self.is_left_out() {
            return vec![Deviation::NotDone(self.assessment)];
        }
        let not_done = self.parts.iter().filter(|(_, done)| *done == Tri::No);
        not_done
            .map(|(place, _)| Deviation::PartNotDone(self.assessment, *place))
            .collect()
    }
}

/// A day so much later, as the protocol counts months; none outside of the calendar, and for hours.
fn moved(day: Day, offset: Offset, months: MonthRule) -> Option<Day> {
    match months.apply(offset) {
        Offset::Days { days } => day.add_days(days),
        Offset::Calendar { months } => day
            .add_months(months, MonthEnd::LastDay)
            .map(|(day, _)| day),
        Offset::Clock { .. } => None,
    }
}
