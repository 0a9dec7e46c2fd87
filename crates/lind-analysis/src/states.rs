//! What holds at the visits of a participant: states, grades, sums of points.

use std::sync::Arc;

use lind_eval::{GradeOfDay, Scratch, VisitAtHand, grades_within, state_at, sum_at};
use lind_model::protocol::Window;
use lind_model::results::{ActualVisit, Computed, Participant, StateCourse};
use lind_model::trial::{Series, State, Trial, VisitTime};
use lind_model::{AskedId, GradingId, OpenKind, StateId, Truth};
use lind_time::{Tri, When};
use lind_units::Exact;

use crate::variables::certain;
use crate::{Asking, waiting};

/// What each state came to at the visits of each participant.
pub(crate) fn courses(
    asking: &[Asking<'_>],
    participants: &[Participant],
    scratch: &mut Scratch,
) -> Vec<Vec<StateCourse>> {
    let Some(first) = asking.first() else {
        return Vec::new();
    };
    let trial = first.trial();
    let mut courses = Vec::with_capacity(trial.states.len());
    for (place, state) in trial.states.iter().enumerate() {
        let id = StateId::from_index(place);
        let of = asking.iter().zip(participants).map(|(one, participant)| {
            let at = one.held_at(id, state, &participant.visits, scratch);
            StateCourse { state: id, at }
        });
        courses.push(of.collect());
    }
    courses
}

/// Whether a state is asked at a visit: at any that is none of the schedule, and at those that have its assessment.
fn is_asked(trial: &Trial, state: &State, visit: &ActualVisit) -> bool {
    let (Some(with), Some(planned)) = (state.with, visit.visit) else {
        return true;
    };
    let planned = trial.visits.get(planned.index());
    planned.is_some_and(|visit| {
        visit
            .planned
            .iter()
            .any(|planned| planned.assessment == with)
    })
}

impl Asking<'_> {
    /// What a state came to at each visit. The visit before one is the planned one before it at which the state was asked.
    fn held_at(
        &self,
        id: StateId,
        state: &State,
        visits: &[ActualVisit],
        scratch: &mut Scratch,
    ) -> Vec<Truth> {
        let is_asked: Vec<bool> = visits
            .iter()
            .map(|visit| is_asked(self.trial(), state, visit))
            .collect();
        let mut before: Option<&ActualVisit> = None;
        let mut asked = Vec::with_capacity(visits.len());
        for (visit, _) in visits.iter().zip(&is_asked).filter(|(_, asked)| **asked) {
            asked.push(VisitAtHand {
                first: visit.first,
                last: visit.last,
                previous: before.map(|before| (before.first, before.last)),
            });
            if visit.visit.is_some() {
                before = Some(visit);
            }
        }
        let held = state_at(self.program, self.context, self.chart, id, &asked, scratch);
        let mut held = held.into_iter();
        visits
            .iter()
            .zip(is_asked)
            .map(|(visit, is_asked)| {
                if !is_asked {
                    return Truth::NotApplicable;
                }
                match held.next().unwrap_or(Truth::Open(OpenKind::Unknown)) {
                    // Nothing has to be assessed at an unscheduled visit, so nothing is missing there.
                    Truth::Open(_) if self.is_unscheduled(visit) => Truth::NotApplicable,
                    truth => truth,
                }
            })
            .collect()
    }

    /// Whether nothing had to be assessed at a visit.
    pub(crate) fn is_unscheduled(&self, visit: &ActualVisit) -> bool {
        let planned = visit
            .visit
            .and_then(|visit| self.trial().visits.get(visit.index()));
        planned.is_none_or(|visit| matches!(visit.time, VisitTime::Unscheduled))
    }

    fn course<'s>(
        &self,
        state: StateId,
        states: &[&'s StateCourse],
    ) -> Result<&'s StateCourse, Arc<str>> {
        let found = states.iter().find(|course| course.state == state);
        found
            .copied()
            .ok_or_else(|| Arc::from("the state is not asked"))
    }

    /// Whether a state holds at a visit, in a window if there is one.
    pub(crate) fn reached(
        &self,
        state: StateId,
        window: Option<&Window>,
        participant: &Participant,
        states: &[&StateCourse],
    ) -> Computed {
        let Ok(course) = self.course(state, states) else {
            return Computed::Truth(Truth::Open(OpenKind::Unknown));
        };
        let mut holds = Truth::False;
        for (visit, truth) in participant.visits.iter().zip(&course.at) {
            let inside = match window {
                None => Tri::Yes,
                Some(window) => match self.lies_within(window, Some(visit.first)) {
                    Ok(inside) => inside,
                    Err(kind) => return Computed::Truth(Truth::Open(kind)),
                },
            };
            let truth = match (inside, truth) {
                (Tri::No, _) | (_, Truth::NotApplicable) => Truth::False,
                (Tri::Maybe, Truth::True) => Truth::Open(OpenKind::Unknown),
                (_, truth) => *truth,
            };
            holds = holds.or(truth);
        }
        Computed::Truth(holds)
    }

    /// The planned time of the first visit at which a state holds.
    pub(crate) fn time_to(
        &self,
        state: StateId,
        participant: &Participant,
        states: &[&StateCourse],
    ) -> Result<Computed, Arc<str>> {
        let course = self.course(state, states)?;
        for (visit, truth) in participant.visits.iter().zip(&course.at) {
            match certain(*truth) {
                Tri::Yes => {
                    if let Some(planned) = visit.visit.and_then(|visit| self.planned_days(visit)) {
                        return Ok(Computed::Number(planned));
                    }
                }
                // An earlier visit may have been the first.
                Tri::Maybe => {
                    return Err(Arc::from(format!("at {} it cannot be told", visit.name)));
                }
                Tri::No => {}
            }
        }
        Ok(Computed::Never)
    }

    /// How long a state held from the first visit at which it does until the first at which it certainly does not.
    pub(crate) fn time_in(
        &self,
        state: StateId,
        participant: &Participant,
        states: &[&StateCourse],
    ) -> Result<Computed, Arc<str>> {
        let course = self.course(state, states)?;
        let mut began: Option<When> = None;
        let mut last_held: Option<When> = None;
        for (visit, truth) in participant.visits.iter().zip(&course.at) {
            match (began, certain(*truth)) {
                (None, Tri::Yes) => {
                    began = Some(visit.first);
                    last_held = began;
                }
                (None, Tri::Maybe) => {
                    return Err(Arc::from(format!("at {} it cannot be told", visit.name)));
                }
                (Some(_), Tri::Yes) => last_held = Some(visit.first),
                (Some(began), Tri::No) if *truth == Truth::False => {
                    return Ok(Computed::Number(days_between(began, visit.first)));
                }
                _ => {}
            }
        }
        Ok(match (began, last_held) {
            (Some(began), Some(last)) => Computed::AtLeast(days_between(began, last)),
            _ => Computed::Never,
        })
    }

    /// The grades of the days of a window, or what the window waits for.
    pub(crate) fn grades_within(
        &self,
        grading: GradingId,
        window: &Window,
        scratch: &mut Scratch,
    ) -> Result<Vec<GradeOfDay>, OpenKind> {
        let (program, context, chart) = (self.program, self.context, self.chart);
        grades_within(
            program,
            context,
            chart,
            grading,
            window,
            self.known_at,
            scratch,
        )
    }

    /// The worst grade of a grading on the days of a window.
    pub(crate) fn worst_grade(
        &self,
        grading: GradingId,
        window: &Window,
        scratch: &mut Scratch,
    ) -> Result<Computed, Arc<str>> {
        let days = self
            .grades_within(grading, window, scratch)
            .map_err(|kind| Arc::<str>::from(waiting(kind)))?;
        let ended = self.must_have_ended(window);
        if days.is_empty() {
            ended?;
            return Err(Arc::from("nothing was measured"));
        }
        let highest = self.highest_grade(grading);
        // What is still to come may be worse.
        let (mut least, mut most) = (0, if ended.is_ok() { 0 } else { highest });
        for day in days {
            if day.counts == Tri::Yes {
                least = least.max(day.grades.least);
            }
            most = most.max(day.grades.most);
        }
        Ok(Computed::Grade {
            grading,
            least,
            most,
        })
    }

    /// The highest grade that a grading has.
    pub(crate) fn highest_grade(&self, grading: GradingId) -> u8 {
        let declared = self.trial().gradings.get(grading.index());
        let lines = declared.into_iter().flat_map(|grading| &grading.lines);
        lines.map(|line| line.grade).max().unwrap_or(0)
    }

    /// The sum of points at a visit.
    pub(crate) fn sum_at(
        &self,
        asked: AskedId,
        first: When,
        last: When,
        scratch: &mut Scratch,
    ) -> Result<Exact, Arc<str>> {
        let visit = VisitAtHand {
            first,
            last,
            previous: None,
        };
        match sum_at(
            self.program,
            self.context,
            self.chart,
            asked,
            &visit,
            scratch,
        ) {
            Some((low, high)) if low == high => Ok(low),
            Some((low, high)) => Err(Arc::from(format!(
                "an item is missing: the sum lies between {low} and {high}"
            ))),
            None => Err(Arc::from("not assessed")),
        }
    }

    /// The value at baseline: the latest one among the values of that milestone; of a sum of points, that of the
    /// latest visit on which it can be told.
    pub(crate) fn at_baseline(
        &self,
        series: Series,
        participant: &Participant,
        scratch: &mut Scratch,
    ) -> Result<Exact, Arc<str>> {
        let window = self
            .baseline_window()
            .ok_or_else(|| Arc::<str>::from("the protocol declares no baseline"))?;
        match series {
            Series::Points(asked) => {
                let mut latest = Err(Arc::from("not assessed at baseline"));
                for visit in &participant.visits {
                    let inside = self
                        .lies_within(&window, Some(visit.first))
                        .map_err(|kind| Arc::<str>::from(waiting(kind)))?;
                    if inside == Tri::Yes
                        && let Ok(sum) = self.sum_at(asked, visit.first, visit.last, scratch)
                    {
                        latest = Ok(sum);
                    }
                }
                latest
            }
            Series::Subject(_) => {
                let placed = self.in_window(series, &window)?;
                let last = placed
                    .last()
                    .ok_or_else(|| Arc::<str>::from("not measured at baseline"))?;
                last.value
                    .exact()
                    .cloned()
                    .ok_or_else(|| Arc::from("the value at baseline is no exact number"))
            }
        }
    }
}

fn days_between(first: When, last: When) -> Exact {
    Exact::from_integer(first.first_day().days_until(last.first_day()))
}
