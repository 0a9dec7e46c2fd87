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
            "the sum of these points of {}{} is {}{}{recorded}:",
            points.name,
            of_domains(&points.lines),
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
            "the sum of these points of {}{} {verb} by {by} from {} to {}{}{recorded}:",
            change.name,
            of_domains(&change.lines),
            end(&change.from),
            end(&change.to),
            self.samples(within),
        );
        Said::with(head, self.lines(&change.lines))
    }

    /// The lines of a sum. Those that are worth the same and stand side by side are told together, but for those of a
    /// domain, of which the highest counts.
    fn lines(self, lines: &[PointsLine]) -> Vec<Said> {
        let together = |one: &PointsLine, next: &PointsLine| {
            one.points == next.points && one.domain.is_none() && next.domain.is_none()
        };
        let told = lines.chunk_by(together).map(|lines| {
            let names: Vec<&str> = lines.iter().map(|line| self.of_line(line)).collect();
            let first = lines.first();
            let points = first.map_or_else(String::new, |line| line.points.to_decimal_text(4));
            let each = if names.len() > 1 { " each" } else { "" };
            let domain = match first.and_then(|line| line.domain) {
                Some(place) => format!(", in domain {}", place.saturating_add(1)),
                None => String::new(),
            };
            Said::new(format!("{points}{each} for {}{domain}", names.join(", ")))
        });
        told.collect()
    }

    /// What a line is for: its term without the sum that it is declared in.
    fn of_line(self, line: &PointsLine) -> &'p str {
        let term = self.protocol.definitions.get(line.condition.index());
        let name = term.map_or("", |term| &*term.name);
        name.rsplit_once('.').map_or(name, |(_, own)| own)
    }
}

/// What counts of lines that share a domain, if any do.
fn of_domains(lines: &[PointsLine]) -> &'static str {
    if lines.iter().any(|line| line.domain.is_some()) {
        ", the highest of each domain alone,"
    } else {
        ""
    }
}
