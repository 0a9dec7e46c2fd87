//! Random anchors: days of the calendar, and records that the data choose.

use std::sync::Arc;

use lind_model::ChosenId;
use lind_model::protocol::{
    Anchor, Chosen, ChosenLine, ConditionKind, Fact, Filter, RecordEdge, Tense, Window,
};

use super::library::nowhere;
use super::protocols::Maker;

impl Maker {
    /// The same window around a record that the data choose.
    pub(super) fn around_a_choice(&mut self, window: Window) -> Window {
        let id = ChosenId::from_index(self.random.below(self.chosen.len()));
        match window {
            Window::Around {
                window, as_known, ..
            } => Window::Around {
                anchor: Anchor::Chosen(id),
                window,
                as_known,
            },
            Window::Between { to, .. } if self.random.percent(50) => Window::Between {
                from: Anchor::Chosen(id),
                to,
            },
            Window::Between { from, .. } => Window::Between {
                from,
                to: Anchor::Chosen(id),
            },
            Window::HalfLives {
                count,
                closed,
                beyond,
                ..
            } => Window::HalfLives {
                anchor: Anchor::Chosen(id),
                count,
                closed,
                beyond,
            },
            either_or_both => either_or_both,
        }
    }

    /// A record that the data choose.
    pub(super) fn chosen(&mut self) -> Chosen {
        let lines = (0..1 + self.random.below(2))
            .map(|_| self.chosen_line())
            .collect();
        Chosen {
            name: Arc::from(format!("anchor_{}", self.chosen.len())),
            title: None,
            declared: true,
            lines,
            source: None,
            span: nowhere(),
        }
    }

    fn chosen_line(&mut self) -> ChosenLine {
        loop {
            if let ConditionKind::Fact(fact) = self.fact(0)
                && fact.tense != Tense::Now
                && fact.measure.is_none()
                && !fact
                    .filters
                    .iter()
                    .any(|filter| matches!(filter, Filter::InTotal(_) | Filter::TotalDose { .. }))
            {
                return ChosenLine {
                    first: self.random.percent(35),
                    edge: self.random.any(RecordEdge::Begin, &[RecordEdge::End]),
                    fact: Fact {
                        negated: false,
                        frequency: None,
                        such_that: None,
                        ..*fact
                    },
                };
            }
        }
    }

    /// The same window around a day of the calendar.
    pub(super) fn around_a_date(&mut self, window: Window) -> Window {
        let day = self.random.any(
            "2023-03-01",
            &["2023-01-31", "2022-12-15", "2023-04-30", "2020-02-29"],
        );
        let Ok(day) = lind_time::Day::parse(day) else {
            return window;
        };
        match window {
            Window::Around {
                window, as_known, ..
            } => Window::Around {
                anchor: Anchor::Date(day),
                window,
                as_known,
            },
            Window::Between { to, .. } => Window::Between {
                from: Anchor::Date(day),
                to,
            },
            other => other,
        }
    }
}
