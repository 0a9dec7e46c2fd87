//! The way of a participant through the schedule, from the rows of a chart.

use std::cell::RefCell;

use lind_eval::{Context, Program, Scratch, VisitAtHand, ask_at};
use lind_model::protocol::{Sex, Subject};
use lind_model::trial::{Assessed, Course, Deviation, Planned};
use lind_model::{MilestoneId, OpenKind, Truth, VisitId};
use lind_records::{Chart, Completeness, Dataset, Sex as RecordedSex, Table};
use lind_time::{Day, Tri, When};

use crate::rows;

/// A chart held against the schedule.
#[derive(Clone, Copy)]
pub struct Scheduled<'c> {
    program: &'c Program,
    context: &'c Context<'c>,
    dataset: &'c Dataset,
    chart: &'c Chart,
}

impl<'c> Scheduled<'c> {
    /// A chart whose reader was told what [`want`](crate::want) names.
    #[must_use]
    pub const fn new(
        program: &'c Program,
        context: &'c Context<'c>,
        dataset: &'c Dataset,
        chart: &'c Chart,
    ) -> Self {
        Self {
            program,
            context,
            dataset,
            chart,
        }
    }

    /// What the chart tells of the way through the schedule until a day. What is known besides stands in `known`.
    #[must_use]
    pub fn course(&self, known_until: Option<Day>, known: Course) -> Course {
        let protocol = &self.program.plan().protocol;
        let trial = &protocol.trial;
        let mut course = known;
        for (index, milestone) in protocol.milestones.iter().enumerate() {
            let id = MilestoneId::from_index(index);
            if trial.visit_of(id).is_none()
                && let Some(time) = self.reached(milestone.same_as.unwrap_or(id))
            {
                course.reached.push((id, time));
            }
        }
        let mut is_complete = true;
        for (index, visit) in trial.visits.iter().enumerate() {
            let id = VisitId::from_index(index);
            let rows = self.chart.visits.iter();
            for row in rows.filter(|row| self.dataset.dictionary().meant(row.code) == &*visit.name)
            {
                course.visits.push((id, row.start, row.end));
            }
            is_complete &=
                self.dataset.complete(Table::Visits, &visit.name) == Completeness::Complete;
        }
        let mut set_aside = self.chart.set_aside.iter();
        is_complete &= !set_aside.any(|row| row.table == Table::Visits);
        course.visits_complete = is_complete;
        // Of the dead nothing more is expected.
        let death = self.chart.death.map(|time| time.first_day());
        course.known_until = match (known_until, death) {
            (Some(known), Some(death)) => Some(known.min(death)),
            (known, _) => known,
        };
        course
    }

    /// When a milestone was reached, by its rows; none where they contradict each other.
    fn reached(&self, id: MilestoneId) -> Option<When> {
        let name = &self
            .program
            .plan()
            .protocol
            .milestones
            .get(id.index())?
            .name;
        let rows = self.chart.milestones_of(rows::EVERY_ROW);
        let mut rows = rows.filter(|row| self.dataset.dictionary().meant(row.code) == &**name);
        let first = rows.next()?.time;
        rows.all(|row| row.time == first).then_some(first)
    }

    /// What deviates from the schedule.
    #[must_use]
    pub fn deviations(&self, course: &Course) -> Vec<(VisitId, Deviation)> {
        let scratch = RefCell::new(Scratch::new());
        let plan = self.program.plan();
        plan.protocol.trial.deviations(
            course,
            plan.choices.months(&plan.protocol),
            |visit, planned| self.applies(course, visit, planned, &mut scratch.borrow_mut()),
            |subjects, from, to| self.done(subjects, from, to),
        )
    }

    /// What came of each assessment that was planned at a visit that took place.
    #[must_use]
    pub fn assessed(&self, course: &Course) -> Vec<Assessed> {
        let scratch = RefCell::new(Scratch::new());
        let plan = self.program.plan();
        plan.protocol.trial.assessed(
            course,
            plan.choices.months(&plan.protocol),
            |visit, planned| self.applies(course, visit, planned, &mut scratch.borrow_mut()),
            |subjects, from, to| self.done(subjects, from, to),
        )
    }

    /// Whether something is planned for this participant at a visit that took place.
    fn applies(
        &self,
        course: &Course,
        visit: VisitId,
        planned: &Planned,
        scratch: &mut Scratch,
    ) -> Truth {
        let sex = match (planned.sex, self.chart.sex) {
            (None, _)
            | (Some(Sex::Female), Some(RecordedSex::Female))
            | (Some(Sex::Male), Some(RecordedSex::Male)) => Truth::True,
            (Some(_), Some(RecordedSex::Female | RecordedSex::Male)) => Truth::False,
            (Some(_), _) => Truth::Open(OpenKind::Unknown),
        };
        let only = match (planned.only, course.took_place(visit)) {
            (None, _) => Truth::True,
            (Some(asked), Some((start, end))) => {
                let visit = VisitAtHand {
                    first: start,
                    last: end.unwrap_or(start),
                    previous: None,
                };
                ask_at(
                    self.program,
                    self.context,
                    self.chart,
                    asked,
                    &visit,
                    scratch,
                )
            }
            (Some(_), None) => Truth::Open(OpenKind::Pending),
        };
        sex.and(only)
    }

    /// Whether any of some subjects has a result between two days.
    fn done(&self, subjects: &[Subject], from: Day, to: Day) -> Tri {
        let mut measures = subjects
            .iter()
            .filter_map(|subject| match subject {
                Subject::Measure(id) => Some(rows::measure(*id)),
                Subject::Formula(_) => None,
            })
            .peekable();
        if measures.peek().is_none() {
            return Tri::Maybe;
        }
        let mut found = Tri::No;
        for concept in measures {
            for row in self.chart.observations_of(concept) {
                match row.time {
                    Some(time) if time.last_day() < from || time.first_day() > to => {}
                    Some(time) if time.first_day() >= from && time.last_day() <= to => {
                        return Tri::Yes;
                    }
                    _ => found = Tri::Maybe,
                }
            }
            let mut lost = self.chart.set_aside_of(Table::Observations, concept);
            let complete = self.dataset.complete_for(Table::Observations, concept);
            if lost.next().is_some() || complete != Completeness::Complete {
                found = Tri::Maybe;
            }
        }
        found
    }
}
