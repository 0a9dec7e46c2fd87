//! Points that are added up.

use std::sync::Arc;

use lind_units::Exact;

use crate::ids::DefinitionId;
use crate::protocol::{Interval, ValueTest};

/// A sum of points lies in an interval.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PointsTest {
    /// The name of the points.
    pub name: Arc<str>,
    /// The lines that count. Those of one domain stand side by side.
    pub lines: Vec<PointsLine>,
    /// The least and the greatest sum; none where lines are left out.
    pub scale: Option<(Exact, Exact)>,
    /// The interval.
    pub interval: Interval,
    /// The same test of a sum that is recorded as such; none where lines are left out.
    pub recorded: Option<ValueTest>,
}

/// A line of points.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PointsLine {
    /// Its label, for sentences.
    pub label: Arc<str>,
    /// Of the lines of one domain the one that is worth most counts.
    pub domain: Option<u32>,
    /// What it is worth.
    pub points: Exact,
    /// What must hold.
    pub condition: DefinitionId,
}
