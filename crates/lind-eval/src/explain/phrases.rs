//! Windows as explicit dates.

use lind_model::ChosenId;
use lind_model::protocol::{Anchor, Window};
use lind_time::{Instant, Precision, ResolvedWindow, When};

use crate::explain::words::{number, on, spoken};
use crate::moments::Moment;
use crate::view::View;
use crate::windows::{HalfLives, Placed, Prepared};

impl View<'_> {
    /// Where values or rows were looked for, as it stands in a sentence: `between 2024-05-01 and
    /// 2024-05-20, both included`. Nothing after the gate counts.
    pub(crate) fn phrase(&self, window: Option<&Window>) -> String {
        let Some(window) = window else {
            return format!("up to {}", self.time);
        };
        let phrase = self.prepared_phrase(&self.prepare(window, None));
        match window {
            Window::Around {
                anchor: Anchor::Chosen(id),
                ..
            } => match self.chosen(*id) {
                Placed::At(time) => {
                    format!("{phrase} (around {} on {time})", self.chosen_name(*id))
                }
                Placed::Unknown => {
                    format!("around {}, whose date is not known", self.chosen_name(*id))
                }
                Placed::Nothing | Placed::Endless => phrase,
            },
            _ => phrase,
        }
    }

    /// The name of a record that the data choose.
    fn chosen_name(&self, id: ChosenId) -> String {
        let chosen = self.program.protocol().chosen.get(id.index());
        chosen.map_or_else(String::new, |chosen| spoken(&chosen.name))
    }

    fn prepared_phrase(&self, window: &Prepared<'_>) -> String {
        match window {
            Prepared::Everything => format!("up to {}", self.time),
            Prepared::Around(resolved) => self.around(resolved),
            Prepared::Between(Placed::At(from), Placed::At(to)) => self.between(*from, *to),
            Prepared::Between(Placed::At(from), Placed::Endless) => format!("since {from}"),
            Prepared::Between(..) => "at a time that is not known".to_owned(),
            Prepared::Endless { unbounded: true } => format!("up to {}", self.time),
            Prepared::Endless { unbounded: false } => {
                "around the end of what is not over".to_owned()
            }
            Prepared::HalfLives(half_lives) => half_lives_phrase(half_lives),
            Prepared::Either(a, b) => {
                format!("{} or {}", self.phrase(Some(a)), self.phrase(Some(b)))
            }
            Prepared::Both(a, b) => {
                format!("{} and {}", self.phrase(Some(a)), self.phrase(Some(b)))
            }
            Prepared::Nothing(id) => {
                format!("around {}, of which there is none", self.chosen_name(*id))
            }
            Prepared::Nowhere => "around a time that is not recorded".to_owned(),
        }
    }

    fn around(&self, resolved: &ResolvedWindow) -> String {
        let Some(hull) = resolved.hull() else {
            return "at no time at all".to_owned();
        };
        if resolved.certain() != Some(hull) {
            // The anchor is not known to the day.
            return format!("in the window ({resolved})");
        }
        let precision = resolved.grain().precision();
        let unit = |instant: Instant| When::from_instant(instant, precision);
        let gate =
            unit(Instant::from_seconds(Moment::at(self.time).last).unwrap_or(self.time.start()));
        let start = hull.start.map(unit);
        let end = hull
            .end
            .and_then(|end| end.checked_add_seconds(-1))
            .map(unit)
            .filter(|end| end.start() <= gate.start())
            .unwrap_or(gate);
        match start {
            None => format!("up to {end}"),
            Some(start) if start == end => on(&start),
            // The whole window lies after the gate.
            Some(start) if start.start() > end.start() => format!("from {start} on"),
            Some(start) => format!("between {start} and {end}, both included"),
        }
    }

    fn between(&self, from: When, to: When) -> String {
        let known = from.precision() >= Precision::Day && to.precision() >= Precision::Day;
        if !known {
            return format!("from {from} to {to}, both included");
        }
        let (from, to) = (from.first_day(), to.last_day().min(self.time.last_day()));
        if from == to {
            format!("on {from}")
        } else {
            format!("between {from} and {to}, both included")
        }
    }

    /// Whether the place of a time in a window hangs on the rule for month ends.
    pub(crate) fn boundary_sensitive(&self, window: Option<&Window>, time: Option<&When>) -> bool {
        let (Some(window), Some(time)) = (window, time) else {
            return false;
        };
        match self.prepare(window, None) {
            Prepared::Around(resolved) => resolved.boundary_sensitive_for(time),
            Prepared::Either(a, b) | Prepared::Both(a, b) => {
                self.boundary_sensitive(Some(a), Some(time))
                    || self.boundary_sensitive(Some(b), Some(time))
            }
            _ => false,
        }
    }

    /// The same for something that lasts.
    pub(crate) fn boundary_sensitive_for_lasting(
        &self,
        window: Option<&Window>,
        begin: Option<&When>,
        end: Option<&When>,
    ) -> bool {
        let Some(window) = window else { return false };
        match self.prepare(window, None) {
            Prepared::Around(resolved) => resolved.boundary_sensitive_for_lasting(begin, end),
            Prepared::Either(a, b) | Prepared::Both(a, b) => {
                self.boundary_sensitive_for_lasting(Some(a), begin, end)
                    || self.boundary_sensitive_for_lasting(Some(b), begin, end)
            }
            _ => false,
        }
    }
}

fn half_lives_phrase(window: &HalfLives<'_>) -> String {
    let count = number(window.count);
    let relation = match (window.beyond, window.closed) {
        (false, true) => "at most",
        (false, false) => "less than",
        (true, true) => "at least",
        (true, false) => "more than",
    };
    format!("{relation} {count} half-lives before {}", window.anchor)
}
