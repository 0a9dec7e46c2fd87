//! What is asked at visits: the day at hand is bound, and nothing is remembered from one day to the next.

use lind_model::{AskedId, Explanation, MilestoneId, OpenKind, StateId, Trial, Truth};
use lind_records::Chart;
use lind_time::{Precision, Tri, When};
use lind_units::Exact;

use crate::context::Context;
use crate::explain::{explain_asked, reason_asked};
use crate::program::Program;
use crate::scratch::Scratch;
use crate::verdict::{ask, sum_of_points};

/// A visit, or a day: what `visit` and `previous_visit` stand for while something is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VisitAtHand {
    /// Its first day.
    pub first: When,
    /// Its last day, by which everything is known.
    pub last: When,
    /// The first and the last day of the visit before it, if there was one.
    pub previous: Option<(When, When)>,
}

impl VisitAtHand {
    /// A visit of one day, with none before it.
    #[must_use]
    pub const fn day(day: When) -> Self {
        Self {
            first: day,
            last: day,
            previous: None,
        }
    }

    /// The same with the visit before it.
    #[must_use]
    pub const fn after(self, first: When, last: When) -> Self {
        Self {
            previous: Some((first, last)),
            ..self
        }
    }
}

/// The milestones that a visit binds, for [`Context::assuming`].
#[must_use]
pub fn bound(trial: &Trial, visit: &VisitAtHand) -> Vec<(MilestoneId, When)> {
    let previous = visit.previous;
    let pairs = [
        (trial.visit, Some(visit.first)),
        (trial.visit_end, Some(visit.last)),
        (trial.previous_visit, previous.map(|(first, _)| first)),
        (trial.previous_visit_end, previous.map(|(_, last)| last)),
    ];
    pairs
        .into_iter()
        .filter_map(|(milestone, time)| Some((milestone?, time?)))
        .collect()
}

/// Does something with a context in which a visit is at hand.
fn at<R>(
    program: &Program,
    context: &Context<'_>,
    visit: &VisitAtHand,
    ask: impl FnOnce(&Context<'_>) -> R,
) -> R {
    let mut assumed = bound(&program.protocol().trial, visit);
    assumed.extend(context.all_assumed().iter().copied());
    let context = context.assuming(&assumed);
    ask(&context)
}

/// What an asked condition comes to at a visit.
#[must_use]
pub fn ask_at(
    program: &Program,
    context: &Context<'_>,
    chart: &Chart,
    asked: AskedId,
    visit: &VisitAtHand,
    scratch: &mut Scratch,
) -> Truth {
    at(program, context, visit, |context| {
        ask(program, context, chart, asked, scratch)
    })
}

/// Between which numbers a sum of points lies at a visit: of an asked condition that is a test of points. Its interval
/// plays no part. None where nothing is left of the scale.
#[must_use]
pub fn sum_at(
    program: &Program,
    context: &Context<'_>,
    chart: &Chart,
    asked: AskedId,
    visit: &VisitAtHand,
    scratch: &mut Scratch,
) -> Option<(Exact, Exact)> {
    at(program, context, visit, |context| {
        sum_of_points(program, context, chart, asked, scratch)
    })
}

/// Why an asked condition comes to that at a visit, as a tree.
#[must_use]
pub fn explain_at(
    program: &Program,
    context: &Context<'_>,
    chart: &Chart,
    asked: AskedId,
    visit: &VisitAtHand,
) -> Option<Explanation> {
    at(program, context, visit, |context| {
        explain_asked(program, context, chart, asked)
    })
}

/// The same in one line.
#[must_use]
pub fn reason_at(
    program: &Program,
    context: &Context<'_>,
    chart: &Chart,
    asked: AskedId,
    visit: &VisitAtHand,
) -> String {
    at(program, context, visit, |context| {
        reason_asked(program, context, chart, asked)
    })
}

/// Whether a state holds at each of some visits. Each is asked alone: what came out at one visit plays no part at
/// the next. A state that is asked after a milestone does not apply to a visit that was not certainly after it,
/// and is pending while that milestone has not been reached.
#[must_use]
pub fn state_at(
    program: &Program,
    context: &Context<'_>,
    chart: &Chart,
    state: StateId,
    visits: &[VisitAtHand],
    scratch: &mut Scratch,
) -> Vec<Truth> {
    let Some(declared) = program.protocol().trial.states.get(state.index()) else {
        return vec![Truth::Open(OpenKind::Unknown); visits.len()];
    };
    let after = declared
        .after
        .map(|after| crate::milestones::reached(program, context, chart, after).time());
    visits
        .iter()
        .map(|visit| match after {
            Some(Err(kind)) => Truth::Open(kind),
            Some(Ok(after)) => match after.before_at(&visit.first, Precision::Day) {
                Tri::Yes => ask_at(program, context, chart, declared.asked, visit, scratch),
                Tri::Maybe => Truth::Open(OpenKind::Unknown),
                Tri::No => Truth::NotApplicable,
            },
            None => ask_at(program, context, chart, declared.asked, visit, scratch),
        })
        .collect()
}
