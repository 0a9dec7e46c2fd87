//! The lines below `treatment plan`, `dose levels` and `escalation`.

use super::{Block, Parser};
use crate::layout::Line;
use crate::place::Place;
use crate::tree::{EscalationLine, EscalationLineKind, Item, LevelLine, PlanLine};

impl<'l> Parser<'l, '_> {
    /// Reads the lines below what says how doses are given.
    pub(super) fn below_doses(&mut self, line: &'l Line, item: &mut Item) {
        let mut block = Block::below(line);
        if line.children.is_empty() {
            self.empty(line, "nothing stands below this line");
        }
        for child in &line.children {
            let span = child.span(self.file);
            match item {
                Item::TreatmentPlan(plan) => {
                    let parsed = self.line(child, Place::Plan, &mut block, |source, pair| {
                        source.plan_line(pair)
                    });
                    plan.lines.push(parsed.unwrap_or(PlanLine::Broken(span)));
                    self.nothing_below_if_read(child, Place::Plan);
                }
                Item::DoseLevels(levels) => {
                    let parsed = self.line(child, Place::Levels, &mut block, |source, pair| {
                        source.level_line(pair)
                    });
                    levels.lines.push(parsed.unwrap_or(LevelLine::Broken(span)));
                    self.nothing_below_if_read(child, Place::Levels);
                }
                Item::Escalation(escalation) => {
                    let parsed = self.line(child, Place::Escalation, &mut block, |source, pair| {
                        source.escalation_line(pair)
                    });
                    escalation.lines.push(parsed.unwrap_or(EscalationLine {
                        kind: EscalationLineKind::Broken,
                        span,
                    }));
                    self.nothing_below_if_read(child, Place::Escalation);
                }
                _ => {}
            }
        }
    }
}
