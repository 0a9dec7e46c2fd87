//! Memory that is used again from chart to chart.

use lind_model::Truth;
use lind_units::Exact;

use crate::regimens::Regimens;

/// Memory that evaluation uses again from chart to chart, so that it allocates nothing once it is warm.
/// One for each thread.
#[derive(Debug, Default)]
pub struct Scratch {
    /// Values of shared conditions, with the chart they belong to.
    memory: Vec<(u64, Truth)>,
    chart: u64,
    /// When gates were reached, with the chart they belong to.
    gates: Vec<(u64, crate::milestones::Reached)>,
    /// When the milestones of the chart were.
    pub(crate) times: crate::times::Times,
    /// Days on which something was so, for sums of lengths.
    pub(crate) days: Vec<(i64, i64)>,
    /// Rows that are counted.
    pub(crate) counted: Vec<crate::counts::Row>,
    /// What rows of a fact come to together.
    pub(crate) regimens: Regimens,
    /// Results that may follow each other.
    pub(crate) runs: Vec<crate::runs::Neighbour>,
    /// The same for the sum of their doses.
    pub(crate) total: Regimens,
    /// The days of a window, while those are counted on which a value passes a test.
    pub(crate) spell: Vec<crate::spells::Day>,
    /// The inputs of a formula.
    pub(crate) inputs: Vec<Exact>,
    /// The values of a measure, while a change that lasts is looked for.
    pub(crate) lasting: crate::sustained::Memory,
    /// Between which days the sample of each measured input lies.
    pub(crate) sampled: Vec<(i64, i64)>,
}

impl Scratch {
    /// Empty.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Forgets the values of the last chart.
    pub(crate) fn begin(&mut self, slots: usize, gates: usize) {
        // 0 is no chart.
        self.chart = self.chart.wrapping_add(1).max(1);
        if self.memory.len() < slots {
            self.memory.resize(slots, (0, Truth::NotApplicable));
        }
        if self.gates.len() < gates {
            let none = (0, crate::milestones::Reached::NotYet);
            self.gates.resize(gates, none);
        }
    }

    /// When a gate was reached, which is asked once for each chart.
    pub(crate) fn gate(
        &mut self,
        gate: lind_model::MilestoneId,
        reached: impl FnOnce() -> crate::milestones::Reached,
    ) -> crate::milestones::Reached {
        match self.gates.get(gate.index()) {
            Some((chart, reached)) if *chart == self.chart => *reached,
            _ => {
                let reached = reached();
                if let Some(place) = self.gates.get_mut(gate.index()) {
                    *place = (self.chart, reached);
                }
                reached
            }
        }
    }

    pub(crate) fn recall(&self, slot: usize) -> Option<Truth> {
        self.memory
            .get(slot)
            .filter(|(chart, _)| *chart == self.chart)
            .map(|(_, truth)| *truth)
    }

    pub(crate) fn remember(&mut self, slot: usize, truth: Truth) {
        if let Some(place) = self.memory.get_mut(slot) {
            *place = (self.chart, truth);
        }
    }
}
