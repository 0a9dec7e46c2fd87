//! Records that the data choose (section 3, "Records that the data choose").

use lind_model::ChosenId;
use lind_model::protocol::{ChosenLine, RecordEdge};
use lind_time::Tri;

use super::records::Placed;
use super::{Gate, Run};
use crate::chart::Record;
use crate::time::Time;
use crate::window::End;

impl Run<'_> {
    /// When a record that the data choose is.
    pub(super) fn chosen(&self, id: ChosenId, gate: Gate) -> Placed {
        let Some(chosen) = self.protocol.chosen.get(id.index()) else {
            return Placed::Unknown;
        };
        let mut lines = chosen.lines.iter().map(|line| self.chosen_by(line, gate));
        lines
            .find(|placed| *placed != Placed::Nothing)
            .unwrap_or(Placed::Nothing)
    }

    fn chosen_by(&self, line: &ChosenLine, gate: Gate) -> Placed {
        if self.may_lack_rows(&line.fact, gate) {
            return Placed::Unknown;
        }
        let rows: Vec<(&Record, Tri)> = self
            .rows(&line.fact)
            .into_iter()
            .map(|row| (row, self.membership(&line.fact, row, gate)))
            .filter(|(_, member)| *member != Tri::No)
            .collect();
        if rows.is_empty() {
            return Placed::Nothing;
        }
        if rows.iter().any(|(row, _)| row.begin.is_none()) {
            return Placed::Unknown;
        }
        let begins = |row: &Record| self.chart.time(row.begin);
        let of = |sure: bool| {
            rows.iter()
                .filter(move |(_, member)| !sure || *member == Tri::Yes)
                .map(|(row, _)| (*row, begins(row)))
        };
        // The chosen one begins as late as every sure one, or as early.
        let (from, to) = if line.first {
            let from = of(false).map(|(_, begin)| begin.first).min();
            (from, of(true).map(|(_, begin)| begin.last).min())
        } else {
            let to = of(false).map(|(_, begin)| begin.last).max();
            (of(true).map(|(_, begin)| begin.first).max(), to)
        };
        let (Some(from), Some(to)) = (from, to) else {
            // Perhaps there is none.
            return Placed::Unknown;
        };
        let between = |first: i64, last: i64| {
            Placed::At(Time {
                first,
                last,
                to_the_minute: false,
            })
        };
        if line.edge == RecordEdge::Begin {
            return between(from, to);
        }
        let ends: Vec<Placed> = of(false)
            .filter(|(_, begin)| begin.last >= from && begin.first <= to)
            .map(|(row, _)| match (self.span(row).end, row.begin, row.end) {
                (End::NotOver, ..) => Placed::Endless,
                (End::AtOnce, Some(time), _) | (End::At(_), _, Some(time)) => Placed::At(time),
                (End::AtOnce, None, _) | (End::At(_), _, None) => Placed::Unknown,
            })
            .collect();
        if !ends.is_empty() && ends.iter().all(|end| *end == Placed::Endless) {
            return Placed::Endless;
        }
        let mut times = Vec::new();
        for end in ends {
            match end {
                Placed::At(time) => times.push(time),
                _ => return Placed::Unknown,
            }
        }
        let first = times.iter().map(|time| time.first).min();
        let last = times.iter().map(|time| time.last).max();
        match (first, last) {
            (Some(first), Some(last)) => between(first, last),
            _ => Placed::Unknown,
        }
    }
}
