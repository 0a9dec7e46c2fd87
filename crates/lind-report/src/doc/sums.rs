//! Sums of points in sentences.

use lind_model::protocol::{Direction, PointsChange, PointsLine, PointsTest, Selector, ValueAt};

use crate::doc::values::{Within, interval};
use crate::doc::{Said, Teller};

impl<'p> Teller<'p> {
    /// A sum of points, line by line.
    pub(super) fn points(self, points: &PointsTest, within: &Within<'p>) -> Said {
        let recorded = if points.recorded.is_some() {
            "; a sum that is recorded decides where lines are open"
        } else {
            ""
        };
        let head = format!(
            "the sum of these points of {}, the highest of each domain alone, is {}{}{recorded}:",
            points.name,
            interval(&points.interval, "points"),
            self.of_lines(within),
        );
        Said::with(head, self.lines(&points.lines))
    }

    /// A change of a sum, and its lines.
    pub(super) fn points_change(self, change: &PointsChange, within: &Within<'p>) -> Said {
        let verb = match change.direction {
            Direction::Falls => "falls",
            Direction::Rises => "rises",
            Direction::Changes => "rises or falls",
        };
        let by = if change.relative {
            format!("{} of the first sum", interval(&change.by, "%"))
        } else {
            interval(&change.by, "points")
        };
        let recorded = if change.recorded.is_some() {
            "; a sum that is recorded counts where lines leave one open"
        } else {
            ""
        };
        let end = |at: &ValueAt| {
            let which = match at.selector {
                Selector::First => "first",
                _ => "latest",
            };
            format!("that of the {which} results {}", self.window(&at.window))
        };
        let head = format!(
            "the sum of these points of {}, the highest of each domain alone, {verb} by {by} from {} to {}{}{recorded}:",
            change.name,
            end(&change.from),
            end(&change.to),
            self.samples(within),
        );
        Said::with(head, self.lines(&change.lines))
    }

    fn lines(self, lines: &[PointsLine]) -> Vec<Said> {
        let told = lines.iter().map(|line| {
            let term = self.protocol.definitions.get(line.condition.index());
            let domain = match line.domain {
                Some(place) => format!(", in domain {}", place.saturating_add(1)),
                None => String::new(),
            };
            Said::new(format!(
                "{} for {}{domain}",
                line.points.to_decimal_text(4),
                term.map_or("", |term| &term.name)
            ))
        });
        told.collect()
    }
}
