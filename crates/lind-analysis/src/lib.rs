//! What a trial came to: who belongs to which population, what each endpoint is of each participant, and how that
//! sums up. Every truth and every value is asked of `lind-eval`; here they are put side by side.
//!
//! ```
//! use lind_analysis::analyse;
//! use lind_eval::{Bindings, Context, Program};
//! use lind_records::{Chart, Dataset};
//!
//! /// How many endpoints there are results of.
//! fn results(program: &Program, dataset: &Dataset, charts: &[Chart]) -> usize {
//!     let bindings = Bindings::new(program, dataset);
//!     let context = Context::new(dataset, &bindings);
//!     analyse(program, &context, dataset, charts, None).endpoints.len()
//! }
//! ```
//!
//! # Invariants
//! - Everything is computed from the rows of the charts; nothing is stored, rounded or guessed on the way. Numbers are
//!   rounded where they are written.
//! - What cannot be told of a participant is open with its reason, and counted as open; it is neither yes nor no, and
//!   no zero.
//! - Results of two measures never meet: a series is of one measure, in its own unit.
//! - The same charts in the same order give the same results; their order decides nothing but the order of rows.
//! - Knows no syntax, disk, clock or thread.
#![forbid(unsafe_code)]

mod conditions;
mod curves;
mod decisions;
mod deviations;
mod events;
mod numbers;
mod participants;
mod rows;
mod schedule;
mod series;
mod shifts;
mod special;
mod states;
mod summaries;
mod tests_of_values;
mod variables;

use std::sync::Arc;

use lind_eval::{Context, Program, Scratch, ask};
use lind_model::protocol::{Anchor, Window};
use lind_model::results::{EndpointResult, Members, Results};
use lind_model::trial::Trial;
use lind_model::{AskedId, MilestoneId, OpenKind, Truth};
use lind_records::{Chart, Dataset};
use lind_time::{Tri, When};

pub use decisions::{NoRule, Rule, decisions, known_day};
pub use participants::known_at;
pub use rows::want;
pub use schedule::Scheduled;

/// One participant, asked at the end of the data.
#[derive(Clone, Copy)]
pub(crate) struct Asking<'c> {
    pub(crate) program: &'c Program,
    pub(crate) context: &'c Context<'c>,
    pub(crate) chart: &'c Chart,
    /// Nothing after it is known.
    pub(crate) known_at: When,
}

impl Asking<'_> {
    pub(crate) fn trial(&self) -> &Trial {
        &self.program.plan().protocol.trial
    }

    pub(crate) fn ask(&self, asked: AskedId, scratch: &mut Scratch) -> Truth {
        ask(self.program, self.context, self.chart, asked, scratch)
    }

    /// Whether a time lies in a window, or what the window waits for.
    pub(crate) fn lies_within(&self, window: &Window, when: Option<When>) -> Result<Tri, OpenKind> {
        let (program, context, chart) = (self.program, self.context, self.chart);
        lind_eval::lies_within(program, context, chart, window, when, self.known_at)
    }

    /// The window of the values of the baseline: those up to it, if the protocol does not say which; none if no
    /// baseline is declared.
    pub(crate) fn baseline_window(&self) -> Option<Window> {
        let protocol = &self.program.plan().protocol;
        let baseline = protocol.trial.baseline?;
        let milestone = protocol.milestones.get(baseline.index())?;
        Some(milestone.values.clone().unwrap_or(Window::Around {
            anchor: Anchor::Milestone(baseline),
            window: lind_time::Window::up_to_and_including_anchor(),
            as_known: true,
        }))
    }
}

/// Computes everything that a protocol declares beyond eligibility, of some charts.
///
/// `known_at` is the time after which nothing is known; none takes the cut-off of the data, or else the latest time
/// of any row.
#[must_use]
pub fn analyse(
    program: &Program,
    context: &Context<'_>,
    dataset: &Dataset,
    charts: &[Chart],
    as_of: Option<When>,
) -> Results {
    let protocol = Arc::clone(&program.plan().protocol);
    let trial = &protocol.trial;
    let end = known_at(dataset, charts, as_of);
    let mut results = Results {
        known_at: end,
        participants: Vec::with_capacity(charts.len()),
        assigned: Vec::new(),
        populations: Vec::with_capacity(trial.populations.len()),
        endpoints: Vec::with_capacity(trial.endpoints.len()),
        states: Vec::new(),
        curves: Vec::new(),
        deviations: Vec::new(),
        attendance: Vec::new(),
        special: Vec::new(),
        shifts: Vec::new(),
        decisions: None,
    };
    let Some(end) = end else {
        // Without a single time nothing can be asked.
        return results;
    };
    let mut bound: Vec<(MilestoneId, When)> =
        trial.end_of_data.map(|id| (id, end)).into_iter().collect();
    bound.extend(context.all_assumed().iter().copied());
    let context = context.assuming(&bound);
    let mut scratch = Scratch::new();
    let asking: Vec<Asking<'_>> = charts
        .iter()
        .map(|chart| Asking {
            program,
            context: &context,
            chart,
            known_at: end,
        })
        .collect();
    for one in &asking {
        results.participants.push(one.participant(dataset));
    }
    results.assigned = summaries::assigned(trial, &results.participants);
    for population in &trial.populations {
        results
            .populations
            .push(members(&asking, population.asked, &mut scratch));
    }
    results.states = states::courses(&asking, &results.participants, &mut scratch);
    results.curves = curves::curves(&asking, &results.participants, &mut scratch);
    (results.deviations, results.attendance) =
        deviations::conduct(&asking, &results.participants, dataset);
    results.special = special::special_events(&asking);
    results.shifts = shifts::shifts(&asking, &results.populations, &mut scratch);
    for endpoint in &trial.endpoints {
        let of: Vec<usize> = (0..asking.len())
            .filter(|place| {
                endpoint.population.is_none_or(|population| {
                    results
                        .populations
                        .get(population.index())
                        .is_some_and(|members| members.has(*place))
                })
            })
            .collect();
        let mut values = Vec::with_capacity(of.len());
        for place in of {
            let (Some(one), Some(participant)) =
                (asking.get(place), results.participants.get(place))
            else {
                continue;
            };
            let states = results
                .states
                .iter()
                .filter_map(|of_state| of_state.get(place));
            let states: Vec<_> = states.collect();
            let value = one.variable(
                &endpoint.variable,
                participant,
                &states,
                dataset,
                &mut scratch,
            );
            values.push((place, value));
        }
        let groups = summaries::groups(
            trial,
            endpoint,
            &results.participants,
            &results.assigned,
            &values,
        );
        results.endpoints.push(EndpointResult { values, groups });
    }
    results
}

fn members(asking: &[Asking<'_>], asked: AskedId, scratch: &mut Scratch) -> Members {
    let of: Vec<Truth> = asking
        .iter()
        .map(|one| match one.ask(asked, scratch) {
            // What has not taken place by the end of the data has not taken place.
            Truth::Open(OpenKind::Pending) => Truth::False,
            truth => truth,
        })
        .collect();
    let open = of
        .iter()
        .enumerate()
        .filter_map(|(place, truth)| match truth {
            Truth::Open(kind) => Some((place, Arc::from(waiting(*kind)))),
            _ => None,
        })
        .collect();
    Members { of, open }
}

/// What an open answer waits for, in words.
pub(crate) const fn waiting(kind: OpenKind) -> &'static str {
    match kind {
        OpenKind::Unknown => "the data do not tell",
        OpenKind::NeedsJudgement => "a person has to answer",
        OpenKind::Pending => "what it leans on has not taken place",
    }
}
