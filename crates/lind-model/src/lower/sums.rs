//! Sums of points at two times: the lines are lowered once for each, read with the values of that time.

use std::sync::Arc;

use crate::ids::NodeId;
use crate::plan::{ConceptKind, PointsChangePlan};
use crate::points::PointsLine;
use crate::protocol::{PointsChange, ValueAt};

use super::{Lowering, TooLarge};

impl Lowering<'_> {
    pub(super) fn points_change(
        &mut self,
        change: &PointsChange,
        context: usize,
    ) -> Result<PointsChangePlan, TooLarge> {
        let (from, to) = (self.value_at(&change.from), self.value_at(&change.to));
        let mut parts = Vec::with_capacity(change.lines.len().saturating_mul(2));
        for end in [&from, &to] {
            self.lines_at(&change.lines, end, context, &mut parts)?;
        }
        if let Some(measure) = change.recorded {
            self.need(ConceptKind::Measure(measure));
        }
        let lines = change.lines.iter();
        Ok(PointsChangePlan {
            name: Arc::clone(&change.name),
            parts,
            lines: lines
                .map(|line| (Arc::clone(&line.label), line.domain, line.points.clone()))
                .collect(),
            scale: change.scale.clone(),
            recorded: change.recorded,
            from,
            to,
            samples: self.samples_of(context),
            direction: change.direction,
            by: change.by.clone(),
            relative: change.relative,
        })
    }

    /// The conditions of lines, decided by the values of one time.
    fn lines_at(
        &mut self,
        lines: &[PointsLine],
        end: &ValueAt,
        context: usize,
        parts: &mut Vec<NodeId>,
    ) -> Result<(), TooLarge> {
        let mut inside = self.contexts.get(context).cloned().unwrap_or_default();
        inside.selector = Some(end.selector);
        inside.window = Some(end.window.clone());
        self.contexts.push(inside);
        let inside = self.contexts.len() - 1;
        for line in lines {
            // The checker made sure that every line has a condition.
            parts.extend(self.defined(line.condition, inside)?);
        }
        Ok(())
    }
}
