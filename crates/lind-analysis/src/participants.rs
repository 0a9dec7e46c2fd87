//! Who took part: levels, milestones, visits, and until when anything is known.

use std::sync::Arc;

use lind_eval::{evaluate, milestone_time};
use lind_model::results::{ActualVisit, Eligibility, Participant};
use lind_model::{Effect, MilestoneId};
use lind_records::{Chart, Dataset};
use lind_time::When;

use crate::Asking;

/// After which time nothing is known: the earlier of the cut-off of the data and the date that is asked, or else the
/// latest time of any row. None if no row has a time.
#[must_use]
pub fn known_at(dataset: &Dataset, charts: &[Chart], as_of: Option<When>) -> Option<When> {
    match (as_of, dataset.settings().cut_off) {
        (Some(asked), Some(cut_off)) if cut_off.end() <= asked.end() => Some(cut_off),
        (Some(asked), _) => Some(asked),
        (None, Some(cut_off)) => Some(cut_off),
        (None, None) => charts
            .iter()
            .flat_map(times)
            .max_by_key(|time| (time.end(), time.start())),
    }
}

/// All times of a chart.
fn times(chart: &Chart) -> impl Iterator<Item = When> + '_ {
    let milestones = chart.milestones.iter().map(|row| row.time);
    let observations = chart.observations.iter().filter_map(|row| row.time);
    let treatments = chart
        .treatments
        .iter()
        .flat_map(|row| row.start.into_iter().chain(row.end));
    let events = chart
        .adverse_events
        .iter()
        .flat_map(|row| row.onset.into_iter().chain(row.end));
    let visits = chart.visits.iter().map(|row| row.end.unwrap_or(row.start));
    milestones
        .chain(observations)
        .chain(treatments)
        .chain(events)
        .chain(visits)
}

impl Asking<'_> {
    pub(crate) fn participant(&self, dataset: &Dataset) -> Participant {
        let protocol = &self.program.plan().protocol;
        let name = |code| -> Arc<str> { Arc::from(dataset.dictionary().meant(code)) };
        let assigned = self
            .chart
            .assignments
            .iter()
            .next_back()
            .map(|row| name(row.code));
        let level = assigned.as_ref().and_then(|assigned| {
            let levels = &protocol.trial.dose_levels.as_ref()?.levels;
            levels.iter().position(|level| level.name == *assigned)
        });
        let mut visits: Vec<ActualVisit> = self
            .chart
            .visits
            .iter()
            .map(|row| {
                let name = name(row.code);
                ActualVisit {
                    visit: protocol
                        .trial
                        .visits
                        .iter()
                        .position(|visit| visit.name == name)
                        .map(lind_model::VisitId::from_index),
                    name,
                    first: row.start,
                    last: row.end.unwrap_or(row.start),
                }
            })
            .collect();
        visits.sort_by(|a, b| {
            let key = |visit: &ActualVisit| (visit.first.start(), visit.last.end());
            key(a).cmp(&key(b)).then_with(|| a.name.cmp(&b.name))
        });
        Participant {
            id: Arc::clone(&self.chart.patient),
            assigned,
            level,
            milestones: (0..protocol.milestones.len())
                .map(|index| {
                    let id = MilestoneId::from_index(index);
                    milestone_time(self.program, self.context, self.chart, id).ok()
                })
                .collect(),
            visits,
            eligibility: self.eligibility(),
        }
    }

    /// What the criteria come to at the furthest gate that was reached.
    fn eligibility(&self) -> Option<Eligibility> {
        let gate = self.program.gate_reached(self.chart, self.context)?;
        let verdict = evaluate(self.program, self.context, self.chart, gate);
        let failed = verdict
            .criteria
            .iter()
            .filter(|criterion| criterion.due && criterion.effect == Effect::Fail);
        Some(Eligibility {
            gate,
            standing: verdict.standing,
            failed: failed.map(|criterion| criterion.criterion).collect(),
        })
    }
}
