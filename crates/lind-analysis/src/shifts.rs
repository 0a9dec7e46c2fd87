//! Shifts of grades: how a finding was graded at baseline, and at its worst behind it.

use lind_eval::{GradeOfDay, Scratch};
use lind_model::protocol::Window;
use lind_model::results::{Members, Shift};
use lind_model::trial::Variable;
use lind_model::{GradingId, PopulationId};
use lind_time::Tri;

use crate::Asking;

/// The shifts of each grading of the protocol; none where no baseline is declared.
pub(crate) fn shifts(
    asking: &[Asking<'_>],
    populations: &[Members],
    scratch: &mut Scratch,
) -> Vec<Shift> {
    let Some(first) = asking.first() else {
        return Vec::new();
    };
    let trial = first.trial();
    if trial.baseline.is_none() {
        return Vec::new();
    }
    (0..trial.gradings.len())
        .map(GradingId::from_index)
        .filter_map(|grading| {
            let (population, after) = first.after_baseline(grading)?;
            let belongs = |place: usize| {
                population.is_none_or(|population| {
                    let members = populations.get(population.index());
                    members.is_some_and(|members| members.has(place))
                })
            };
            let of = asking
                .iter()
                .enumerate()
                .filter(|(place, _)| belongs(*place))
                .map(|(place, one)| {
                    (
                        place,
                        one.baseline_grade(grading, scratch),
                        one.worst_of(grading, &after, scratch),
                    )
                })
                .collect();
            Some(Shift { grading, of })
        })
        .collect()
}

impl Asking<'_> {
    /// Of whom and in which window the worst grade is asked: as an endpoint says, and only where one does.
    fn after_baseline(&self, grading: GradingId) -> Option<(Option<PopulationId>, Window)> {
        self.trial()
            .endpoints
            .iter()
            .find_map(|endpoint| match &endpoint.variable {
                Variable::WorstGrade(of, window) if *of == grading => {
                    Some((endpoint.population, window.clone()))
                }
                _ => None,
            })
    }

    /// The grade of the last day with a value among the values of the baseline.
    fn baseline_grade(&self, grading: GradingId, scratch: &mut Scratch) -> Option<u8> {
        let window = self.baseline_window()?;
        let days = self.grades_within(grading, &window, scratch).ok()?;
        if days.iter().any(|day| day.counts != Tri::Yes) {
            return None;
        }
        certain(days.last()?)
    }

    /// The worst grade of a window, if it is certain.
    fn worst_of(&self, grading: GradingId, window: &Window, scratch: &mut Scratch) -> Option<u8> {
        let days = self.grades_within(grading, window, scratch).ok()?;
        let least = days
            .iter()
            .filter(|day| day.counts == Tri::Yes)
            .map(|day| day.grades.least)
            .max()?;
        let most = days.iter().map(|day| day.grades.most).max()?;
        // What is still to come may be worse.
        let may_rise = least < self.highest_grade(grading) && self.must_have_ended(window).is_err();
        (least == most && !may_rise).then_some(least)
    }
}

fn certain(day: &GradeOfDay) -> Option<u8> {
    (day.grades.least == day.grades.most).then_some(day.grades.least)
}
