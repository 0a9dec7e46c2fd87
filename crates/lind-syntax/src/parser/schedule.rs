//! The lines below assessments, timelines and visits.

use super::{Block, Parser};
use crate::layout::Line;
use crate::place::Place;
use crate::schedule::TimelineLine;
use crate::tree::{Assessment, AssessmentLine, Timeline, VisitLine, VisitLineKind};

impl<'l> Parser<'l, '_> {
    pub(super) fn assessment(&mut self, line: &'l Line, assessment: &mut Assessment) {
        let mut block = Block::below(line);
        for child in &line.children {
            let parsed = self.line(child, Place::Assessment, &mut block, |source, pair| {
                source.assessment_line(pair)
            });
            let broken = || AssessmentLine::Broken(child.span(self.file));
            assessment.lines.push(parsed.unwrap_or_else(broken));
            self.nothing_below_if_read(child, Place::Assessment);
        }
    }

    pub(super) fn timeline(&mut self, line: &'l Line, timeline: &mut Timeline) {
        if line.children.is_empty() {
            self.empty(line, "nothing stands below this line");
        }
        let mut block = Block::below(line);
        for child in &line.children {
            let parsed = self.line(child, Place::Timeline, &mut block, |source, pair| {
                source.timeline_line(pair)
            });
            match parsed {
                Some(TimelineLine::Visit(mut visit)) => {
                    visit.lines = self.visit_lines(child, &mut Block::below(child));
                    timeline.visits.push(visit);
                }
                Some(TimelineLine::Line(line)) => {
                    timeline.lines.push(line);
                    self.nothing_below_if_read(child, Place::Timeline);
                }
                None => {
                    timeline.lines.push(VisitLine {
                        kind: VisitLineKind::Broken,
                        span: child.span(self.file),
                    });
                    // What stands below a visit whose head cannot be read is wrong for itself.
                    let mut quiet = Block {
                        lines: &child.children,
                        misplaced: true,
                    };
                    self.visit_lines(child, &mut quiet);
                }
            }
        }
    }

    pub(super) fn visit_lines(&mut self, line: &'l Line, block: &mut Block<'l>) -> Vec<VisitLine> {
        let mut lines = Vec::with_capacity(line.children.len());
        for child in &line.children {
            let parsed = self.line(child, Place::Visit, block, |source, pair| {
                source.visit_line(pair)
            });
            let broken = || VisitLine {
                kind: VisitLineKind::Broken,
                span: child.span(self.file),
            };
            lines.push(parsed.unwrap_or_else(broken));
            self.nothing_below_if_read(child, Place::Visit);
        }
        lines
    }

    /// The lines below a head of the schedule that could not be read.
    pub(super) fn below_broken_schedule(&mut self, line: &'l Line, place: Place) {
        let mut quiet = Block {
            lines: &line.children,
            misplaced: true,
        };
        match place {
            Place::Visit => {
                self.visit_lines(line, &mut quiet);
            }
            Place::Assessment => {
                for child in &line.children {
                    self.line(child, Place::Assessment, &mut quiet, |source, pair| {
                        source.assessment_line(pair)
                    });
                }
            }
            _ => {
                for child in &line.children {
                    self.line(child, Place::Timeline, &mut quiet, |source, pair| {
                        source.timeline_line(pair)
                    });
                    let mut quiet = Block {
                        lines: &child.children,
                        misplaced: true,
                    };
                    self.visit_lines(child, &mut quiet);
                }
            }
        }
    }
}
