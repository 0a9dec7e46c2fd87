//! What would be different if the protocol were read another way.

mod json;
mod text;

use std::sync::Arc;

use lind_model::protocol::Reading;
use lind_model::{CriterionId, MilestoneId, Plan, ReadingId, Standing, Verdict};

pub use json::readings_json;
pub use text::readings_text;

/// What would be different if one reading were another alternative.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherReading {
    /// Which reading.
    pub reading: ReadingId,
    /// The index of the other alternative.
    pub alternative: usize,
    /// Who stands elsewhere, in the order of the patients.
    pub flips: Vec<Flip>,
    /// For how many patients and gates a criterion has another effect, but the patient stands where it stood.
    pub silent: u64,
}

/// A patient who stands elsewhere under another reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flip {
    /// The patient as the data name it.
    pub patient: Arc<str>,
    /// At which gate.
    pub gate: MilestoneId,
    /// Where the patient stands under the chosen reading.
    pub from: Standing,
    /// Where the patient stands under the other one.
    pub to: Standing,
    /// The criteria whose effect is another one.
    pub criteria: Vec<CriterionId>,
}

impl Flip {
    /// Whether another patient changes in the same way.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        (self.gate, self.from, self.to) == (other.gate, other.from, other.to)
            && self.criteria == other.criteria
    }
}

impl OtherReading {
    /// No difference yet.
    #[must_use]
    pub fn new(reading: ReadingId, alternative: usize) -> Self {
        Self {
            reading,
            alternative,
            flips: Vec::new(),
            silent: 0,
        }
    }

    /// Compares the verdicts of the chosen reading and of the other one for a patient at a gate.
    pub fn compare(&mut self, patient: &Arc<str>, chosen: &Verdict, other: &Verdict) {
        // Every plan of a protocol has all its criteria, in the order of the source.
        let criteria: Vec<CriterionId> = chosen
            .criteria
            .iter()
            .zip(&other.criteria)
            .filter(|(chosen, other)| {
                (chosen.due, chosen.effect) != (other.due, other.effect)
                    && (chosen.due || other.due)
            })
            .map(|(chosen, _)| chosen.criterion)
            .collect();
        if chosen.standing != other.standing {
            self.flips.push(Flip {
                patient: Arc::clone(patient),
                gate: chosen.gate,
                from: chosen.standing,
                to: other.standing,
                criteria,
            });
        } else if !criteria.is_empty() {
            self.silent += 1;
        }
    }
}

/// All readings of a protocol, with what another choice would change, and what was compared.
#[derive(Clone, Debug)]
pub struct Readings<'p> {
    /// The plan under the chosen readings.
    pub plan: &'p Plan,
    /// The readings that were asked for; none means all.
    pub shown: Vec<ReadingId>,
    /// Each alternative of them that was not chosen, by reading.
    pub others: Vec<OtherReading>,
    /// How many patients there are.
    pub patients: u64,
}

impl Readings<'_> {
    /// The readings that are shown, with their ids.
    pub(crate) fn shown(&self) -> impl Iterator<Item = (ReadingId, &Reading)> {
        self.plan
            .protocol
            .readings
            .iter()
            .enumerate()
            .map(|(index, reading)| (ReadingId::from_index(index), reading))
            .filter(|(id, _)| self.shown.is_empty() || self.shown.contains(id))
    }
}
