//! What people answer, what happened, and how old the patient is (section 7).

use lind_model::protocol::{Criterion, Interval, Window};
use lind_model::{JudgementId, MilestoneId, OpenKind, Truth};
use lind_time::Tri;
use lind_units::Exact;

use super::windows::Here;
use super::{Gate, Reached, Run};
use crate::PlainTable;
use crate::reals::lies_in;
use crate::time::{Time, ages, all_some_none};

/// An answer, or a row that cannot be read.
struct Answer {
    answer: Option<bool>,
    time: Time,
    known: Tri,
}

impl Run<'_> {
    pub(super) fn judged(&self, judgement: JudgementId, gate: Gate) -> Truth {
        match self.protocol.judgements.get(judgement.index()) {
            Some(judgement) => self.answered(&judgement.name, gate),
            None => Truth::Open(OpenKind::NeedsJudgement),
        }
    }

    pub(super) fn committed(&self, criterion: &Criterion, gate: Gate) -> Truth {
        self.answered(&criterion.id, gate)
    }

    /// The latest answer that is known by the gate.
    fn answered(&self, item: &str, gate: Gate) -> Truth {
        let mut answers = Vec::new();
        for row in &self.chart.attestations {
            if row.item == item {
                answers.push(Answer {
                    answer: Some(row.answer),
                    time: self.chart.time(row.time),
                    // A missing time counts as known.
                    known: row.time.map_or(Tri::Yes, |time| self.known(time, gate)),
                });
            }
        }
        for row in &self.chart.aside {
            if row.may_be_one_of(PlainTable::Attestations, &[item]) {
                let known = row.time.map_or(Tri::Maybe, |time| self.known(time, gate));
                answers.push(Answer {
                    answer: None,
                    time: self.chart.time(row.time),
                    known: known.and(Tri::Maybe),
                });
            }
        }
        answers.retain(|answer| answer.known != Tri::No);
        if answers.is_empty() {
            return Truth::Open(OpenKind::NeedsJudgement);
        }
        if !answers.iter().any(|answer| answer.known == Tri::Yes) {
            return Truth::Open(OpenKind::Unknown);
        }
        let latest = answers.iter().filter(|one| {
            !answers
                .iter()
                .any(|other| other.known == Tri::Yes && one.time.is_before(other.time) == Tri::Yes)
        });
        let possible: Vec<Option<bool>> = latest.map(|answer| answer.answer).collect();
        if possible.iter().all(|answer| *answer == Some(true)) {
            Truth::True
        } else if possible.iter().all(|answer| *answer == Some(false)) {
            Truth::False
        } else {
            Truth::Open(OpenKind::Unknown)
        }
    }

    pub(super) fn happened(&self, milestone: MilestoneId, gate: Gate) -> Truth {
        match self.reached(milestone) {
            Reached::Not => Truth::Open(OpenKind::Pending),
            Reached::Unclear => Truth::Open(OpenKind::Unknown),
            Reached::At(time) => match self.known(time, gate) {
                Tri::Yes => Truth::True,
                Tri::Maybe => Truth::Open(OpenKind::Unknown),
                Tri::No => Truth::Open(OpenKind::Pending),
            },
        }
    }

    /// Whether the time of a milestone lies in a window; true if it has none, since it is awaited then.
    pub(super) fn happened_in(&self, milestone: MilestoneId, window: &Window, gate: Gate) -> Truth {
        if let Some(open) = self.not_anchored([window]) {
            return open;
        }
        match self.reached(milestone) {
            Reached::At(time) => Truth::from_tri(self.time_in(window, time, Here::at(gate))),
            Reached::Not | Reached::Unclear => Truth::True,
        }
    }

    pub(super) fn age(&self, at: Option<MilestoneId>, interval: &Interval, gate: Gate) -> Truth {
        let time = match at.map(|milestone| self.reached(milestone)) {
            None => Ok(gate.time),
            Some(Reached::At(time)) => Ok(time),
            Some(Reached::Not) => Err(OpenKind::Pending),
            Some(Reached::Unclear) => Err(OpenKind::Unknown),
        };
        match (self.chart.birth, time) {
            (None, _) => Truth::Open(OpenKind::Unknown),
            (Some(_), Err(kind)) => Truth::Open(kind),
            (Some(birth), Ok(time)) => Truth::from_tri(all_some_none(
                ages(birth, time)
                    .iter()
                    .map(|age| lies_in(&Exact::from_integer(*age), interval)),
            )),
        }
    }
}
