//! Records that the data choose: when they are.

use std::ops::ControlFlow;

use lind_model::plan::ChosenPlan;
use lind_model::protocol::{RecordEdge, Tense};
use lind_model::{ChosenId, MilestoneId, OpenKind};
use lind_time::{Tri, When};

use crate::edges::Edges;
use crate::facts::Asked;
use crate::moments::Moment;
use crate::regimens::Regimens;
use crate::rows::{End, Row};
use crate::steps::FactStep;
use crate::trace::Silent;
use crate::view::View;
use crate::windows::{Placed, Prepared};

/// When the ends of some rows are, of which one is meant.
#[derive(Clone, Copy)]
enum Ends {
    None,
    /// From the earliest second to the latest.
    Between(i64, i64),
    /// None of them is over.
    Endless,
    Unknown,
}

impl Ends {
    fn with(self, end: End, begin: Option<When>) -> Self {
        let end = match end {
            End::At(end) => Some(end),
            End::AtOnce => begin,
            End::Ongoing => {
                return match self {
                    Self::None | Self::Endless => Self::Endless,
                    Self::Between(..) | Self::Unknown => Self::Unknown,
                };
            }
            End::Sometime => None,
        };
        let Some(end) = end.map(Moment::at) else {
            return Self::Unknown;
        };
        match self {
            Self::None => Self::Between(end.first, end.last),
            Self::Between(first, last) => Self::Between(first.min(end.first), last.max(end.last)),
            Self::Endless | Self::Unknown => Self::Unknown,
        }
    }
}

impl<'c> View<'c> {
    /// When the record that the data choose is: that of the first line that finds one.
    pub(crate) fn chosen(&self, id: ChosenId) -> Placed {
        let lines = self.program.plan().chosen.get(id.index());
        let steps = self.program.chosen(id);
        let (Some(lines), Some(steps)) = (lines, steps) else {
            return Placed::Unknown;
        };
        for (line, step) in lines.iter().zip(steps) {
            match self.chosen_by(line, step) {
                Placed::Nothing => {}
                placed => return placed,
            }
        }
        Placed::Nothing
    }

    /// When the record is that a line chooses.
    fn chosen_by(&self, line: &'c ChosenPlan, step: &'c FactStep) -> Placed {
        let plan = &line.fact;
        let window = plan.window.as_ref().filter(|_| plan.tense == Tense::During);
        let prepared = window.map_or(Prepared::Everything, |window| self.prepare(window, None));
        let edges = Edges::new(self, plan);
        let mut regimens = Regimens::default();
        let mut asked = Asked {
            view: *self,
            plan,
            step,
            window: &prepared,
            edges: &edges,
            regimens: &Regimens::default(),
        };
        asked.prepare(&mut regimens, &mut Vec::new());
        asked.regimens = &regimens;
        // Of the one that is meant: the earliest and the latest second in which it can have begun.
        let mut from: Option<i64> = None;
        let mut to: Option<i64> = None;
        let mut is_sure = false;
        let mut is_undated = false;
        let _ = self.rows(step.source, |row| {
            let member = asked.membership(&row, &mut Silent).all;
            if member == Tri::No {
                return ControlFlow::Continue(());
            }
            let sure = member == Tri::Yes;
            is_sure |= sure;
            is_undated |= row.begin.is_none();
            let begin = self.moment(row.begin);
            if line.first {
                from = Some(from.map_or(begin.first, |from| from.min(begin.first)));
                if sure {
                    to = Some(to.map_or(begin.last, |to| to.min(begin.last)));
                }
            } else {
                to = Some(to.map_or(begin.last, |to| to.max(begin.last)));
                if sure {
                    from = Some(from.map_or(begin.first, |from| from.max(begin.first)));
                }
            }
            ControlFlow::Continue(())
        });
        if is_undated || asked.may_be_elsewhere(0, &mut Silent) {
            return Placed::Unknown;
        }
        let (from, to) = match (from, to, is_sure) {
            (None, None, _) => return Placed::Nothing,
            (Some(from), Some(to), true) => (from, to),
            // Perhaps there is none.
            _ => return Placed::Unknown,
        };
        let between =
            |first: i64, last: i64| When::spanning(first, last).map_or(Placed::Unknown, Placed::At);
        if line.edge == RecordEdge::Begin {
            return between(from, to);
        }
        let mut ends = Ends::None;
        let _ = self.rows(step.source, |row: Row<'c>| {
            let begin = self.moment(row.begin);
            let can_be_it = begin.first <= to && begin.last >= from;
            if can_be_it && asked.membership(&row, &mut Silent).all != Tri::No {
                ends = ends.with(row.end, row.begin);
            }
            ControlFlow::Continue(())
        });
        match ends {
            Ends::Between(first, last) => between(first, last),
            Ends::Endless => Placed::Endless,
            Ends::None | Ends::Unknown => Placed::Unknown,
        }
    }

    /// What a record that the data choose waits for, if a window of its lines leans on a milestone without
    /// a time.
    pub(crate) fn chosen_blocked(&self, id: ChosenId) -> Option<(MilestoneId, OpenKind)> {
        let lines = self.program.plan().chosen.get(id.index())?;
        lines
            .iter()
            .flat_map(|line| line.fact.windows())
            .filter_map(|window| self.blocked(window))
            .max_by_key(|(_, kind)| *kind)
    }
}
