//! Windows, and what they are counted from.

use lind_time::Day;
use lind_units::Exact;

use super::{NamedRecord, RecordEdge};
use crate::ids::{ChosenId, MilestoneId};

/// When.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Window {
    /// An interval around an anchor.
    Around {
        /// What it leans on.
        anchor: Anchor,
        /// The interval.
        window: lind_time::Window,
        /// Reaches past the gate on purpose: what is known by then counts.
        as_known: bool,
    },
    /// From one anchor to another, both days included.
    Between {
        /// The first day.
        from: Anchor,
        /// The last day.
        to: Anchor,
    },
    /// So many half-lives of the drug at hand before an anchor.
    HalfLives {
        /// What it leans on.
        anchor: Anchor,
        /// How many.
        count: Exact,
        /// Whether the far end belongs.
        closed: bool,
        /// At least so long before, rather than within.
        beyond: bool,
    },
    /// In one of two windows (`within the longer of`).
    Either(Box<Window>, Box<Window>),
    /// In both of two windows (`within the shorter of`).
    Both(Box<Window>, Box<Window>),
}

/// What a window leans on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Anchor {
    /// A milestone.
    Milestone(MilestoneId),
    /// The time of the sample at hand.
    Sample,
    /// The record that has a name.
    Record(NamedRecord, RecordEdge),
    /// A day of the calendar.
    Date(Day),
    /// The record that the data choose.
    Chosen(ChosenId),
}
