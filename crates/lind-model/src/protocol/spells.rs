//! Days on which a value passes a test.

use super::{Interval, Provenance, Test, Window};
use crate::ids::MeasureId;

/// A value passes a test on so many days of a window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spell {
    /// What is measured: a quantity or a score.
    pub measure: MeasureId,
    /// Where the values must come from.
    pub provenance: Vec<Provenance>,
    /// When; around milestones or dates, with a first day.
    pub window: Window,
    /// The test that the worst value of a day passes.
    pub test: Test,
    /// Which days are counted.
    pub counted: SpellCount,
    /// Gaps of at most so many days without a value count as the value before them; days of longer ones are open.
    pub gap: u32,
    /// On so many days with a value there must be one, before a count that fails says something.
    pub evidence: Option<u32>,
    /// How many days.
    pub days: Interval,
}

/// Which days are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SpellCount {
    /// Those of the longest stretch, from its first day that passes to its last.
    Longest {
        /// It ends where so many days in a row do not pass, at least one.
        recovery: u32,
    },
    /// All that pass.
    Total,
    /// All that pass on which something was measured.
    WithValue,
}

impl Test {
    /// The window in which it looks for another value.
    #[must_use]
    pub fn window(&self) -> Option<&Window> {
        match self {
            Self::Own { reference, .. } => Some(&reference.window),
            _ => None,
        }
    }
}
