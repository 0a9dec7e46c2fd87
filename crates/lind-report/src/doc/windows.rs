//! Windows and lengths of time in full.

use lind_model::protocol::{Anchor, Comparison, Lasting, RecordEdge, Window};

use crate::doc::Teller;

impl Teller<'_> {
    /// A window with both ends: `from 14 days before screening to screening, both included`.
    pub(super) fn window(self, window: &Window) -> String {
        if let Some(days) = self.days_of_a_visit(window) {
            return days.to_owned();
        }
        match window {
            Window::Around {
                anchor,
                window,
                as_known,
            } => {
                let said = window
                    .to_string()
                    .replace("the anchor", &self.anchor(*anchor));
                let known = if *as_known { ", as far as known" } else { "" };
                format!("{said}{known}")
            }
            Window::Between { from, to } => format!(
                "from the day of {} to the day of {}, both included",
                self.anchor(*from),
                self.anchor(*to)
            ),
            Window::HalfLives {
                anchor,
                count,
                closed,
                beyond,
            } => {
                let comparison = match (beyond, closed) {
                    (false, true) => "at most",
                    (false, false) => "less than",
                    (true, true) => "at least",
                    (true, false) => "more than",
                };
                let anchor = self.anchor(*anchor);
                format!("last given {comparison} {count} half-lives of the drug before {anchor}")
            }
            Window::Either(a, b) => {
                format!(
                    "in at least one of two windows: {}; or {}",
                    self.window(a),
                    self.window(b)
                )
            }
            Window::Both(a, b) => {
                format!(
                    "in both of two windows: {}; and {}",
                    self.window(a),
                    self.window(b)
                )
            }
        }
    }

    pub(super) fn anchor(self, anchor: Anchor) -> String {
        match anchor {
            Anchor::Milestone(id) => self.milestone(id).to_owned(),
            Anchor::Sample => "the sample".to_owned(),
            Anchor::Date(day) => day.to_string(),
            Anchor::Chosen(id) => {
                let chosen = self.protocol.chosen.get(id.index());
                chosen.map_or_else(String::new, |chosen| chosen.name.to_string())
            }
            Anchor::Record(record, RecordEdge::Begin) => {
                format!("the beginning of {}", self.record(record))
            }
            Anchor::Record(record, RecordEdge::End) => {
                format!("the end of {}", self.record(record))
            }
        }
    }
}

/// `at least 6 months`
pub(super) fn lasting(lasting: Lasting) -> String {
    format!("{} {}", comparison(lasting.comparison), lasting.length)
}

fn comparison(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::AtLeast => "at least",
        Comparison::AtMost => "at most",
        Comparison::MoreThan => "more than",
        Comparison::LessThan => "less than",
        Comparison::Equal => "exactly",
    }
}
