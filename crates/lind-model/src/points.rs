//! Points that are added up.

use std::sync::Arc;

use lind_units::Exact;

use crate::ids::{DefinitionId, MeasureId};
use crate::protocol::{Direction, Interval, ValueAt, ValueTest};

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

/// A sum of points has changed by so much between two times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PointsChange {
    /// The name of the points.
    pub name: Arc<str>,
    /// The lines that count. Those of one domain stand side by side.
    pub lines: Vec<PointsLine>,
    /// The least and the greatest sum; none where lines are left out.
    pub scale: Option<(Exact, Exact)>,
    /// The sum that may be recorded as such; none where lines are left out.
    pub recorded: Option<MeasureId>,
    /// Which values decide the lines of the first sum: the latest or the first of a window.
    pub from: ValueAt,
    /// Which values decide those of the second.
    pub to: ValueAt,
    /// Which way.
    pub direction: Direction,
    /// By how much, positive.
    pub by: Interval,
    /// In per cent of the first sum, rather than in points.
    pub relative: bool,
}
