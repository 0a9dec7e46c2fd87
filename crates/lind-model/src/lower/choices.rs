//! A choice of readings.

use super::MOST_NODES;
use crate::ids::ReadingId;
use crate::protocol::{AlternativeContent, MonthRule, Protocol};

/// One alternative for each reading of a protocol.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Choices(Vec<usize>);

impl Choices {
    /// The alternatives that the protocol chooses.
    #[must_use]
    pub fn chosen(protocol: &Protocol) -> Self {
        Self(
            protocol
                .readings
                .iter()
                .map(|reading| reading.chosen)
                .collect(),
        )
    }

    /// The same choices but for one reading.
    #[must_use]
    pub fn with(&self, reading: ReadingId, alternative: usize) -> Self {
        let mut choices = self.0.clone();
        if let Some(choice) = choices.get_mut(reading.index()) {
            *choice = alternative;
        }
        Self(choices)
    }

    /// How long months and years are of a protocol that is read so.
    #[must_use]
    pub fn months(&self, protocol: &Protocol) -> MonthRule {
        protocol
            .readings
            .iter()
            .enumerate()
            .find_map(|(index, reading)| {
                let alternative = reading
                    .alternatives
                    .get(self.of(ReadingId::from_index(index)))?;
                match alternative.content {
                    AlternativeContent::Months(rule) => Some(rule),
                    _ => None,
                }
            })
            .unwrap_or(MonthRule::Calendar)
    }

    /// The alternative of a reading.
    #[must_use]
    pub fn of(&self, reading: ReadingId) -> usize {
        self.0.get(reading.index()).copied().unwrap_or_default()
    }
}

/// A plan could not be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLarge;

impl std::fmt::Display for TooLarge {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            formatter,
            "the definitions of this protocol, put in place of their names, give more than {MOST_NODES} conditions"
        )
    }
}

impl std::error::Error for TooLarge {}
