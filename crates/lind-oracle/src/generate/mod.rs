//! Random protocols and random charts for them, biased to where answers change.

mod anchors;
mod charts;
mod conditions;
mod dates;
mod facts;
mod interests;
mod library;
mod protocols;
mod random;
mod recorded;
mod results;
mod selections;
mod spells;
mod sums;
mod visits;
mod windows;

use lind_model::{Choices, Protocol};

pub use charts::{Case, chart};
pub use library::units_of;
pub use protocols::{choices, protocol};
pub use random::Random;

/// A protocol, choices among its readings, and a chart to ask it about.
#[derive(Debug, Clone)]
pub struct Pair {
    /// The protocol.
    pub protocol: Protocol,
    /// The choices.
    pub choices: Choices,
    /// The chart and the gate.
    pub case: Case,
}

impl Pair {
    /// The pair of a seed.
    #[must_use]
    pub fn of(seed: u64) -> Self {
        let mut random = Random::new(seed);
        let protocol = protocol(&mut random);
        let choices = choices(&protocol, &mut random);
        let case = chart(&protocol, &mut random);
        Self {
            protocol,
            choices,
            case,
        }
    }
}
