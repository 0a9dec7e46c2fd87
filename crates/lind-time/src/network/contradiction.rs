//! Limits that no schedule can keep.

use super::{Network, NodeId};

/// One limit on a cycle: `to` happens at most `minutes` after `from`. If `minutes` is negative, `to`
/// happens at least that many minutes before `from`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// The event the limit counts from.
    pub from: NodeId,
    /// The event it limits.
    pub to: NodeId,
    /// The limit in minutes.
    pub minutes: i64,
    /// The tag of the constraint it comes from.
    pub tag: usize,
}

/// A cycle of limits that cannot all be kept: followed around, they say that an event happens
/// before itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contradiction {
    /// The limits, each starting at the event where the one before it ends.
    pub cycle: Vec<Step>,
}

impl Contradiction {
    /// By how many minutes the limits miss each other: what must be given up somewhere on the cycle.
    #[must_use]
    pub fn excess_minutes(&self) -> i64 {
        self.cycle
            .iter()
            .fold(0_i64, |sum, step| sum.saturating_sub(step.minutes))
    }

    /// The tags of the constraints on the cycle, each once, in the order of the cycle.
    #[must_use]
    pub fn tags(&self) -> Vec<usize> {
        let mut tags = Vec::new();
        for step in &self.cycle {
            if !tags.contains(&step.tag) {
                tags.push(step.tag);
            }
        }
        tags
    }

    /// One clause for each limit, with the events' names.
    #[must_use]
    pub fn explain(&self, network: &Network) -> Vec<String> {
        self.cycle
            .iter()
            .map(|step| {
                let (from, to) = (network.name(step.from), network.name(step.to));
                match step.minutes {
                    0 => format!("{to} is not later than {from}"),
                    late if late > 0 => format!("{to} is at most {} after {from}", length(late)),
                    early => format!("{to} is at least {} before {from}", length(-early)),
                }
            })
            .collect()
    }
}

/// Minutes in the largest unit that is whole.
fn length(minutes: i64) -> String {
    let (count, unit) = match minutes {
        _ if minutes % 1440 == 0 => (minutes / 1440, "day"),
        _ if minutes % 60 == 0 => (minutes / 60, "hour"),
        _ => (minutes, "minute"),
    };
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{plural}")
}
