//! Windows, with months counted by the rule of the plan.

use crate::plan::Plan;
use crate::protocol::{MonthRule, Window};

impl Plan {
    /// A window of the protocol, with months and years counted as this plan counts them.
    #[must_use]
    pub fn window(&self, window: &Window) -> Window {
        counted(self.choices.months(&self.protocol), window)
    }
}

pub(super) fn counted(months: MonthRule, window: &Window) -> Window {
    match window {
        Window::Around {
            anchor,
            window,
            as_known,
        } => {
            let edge = |edge: lind_time::Edge| match edge {
                lind_time::Edge::Unbounded => edge,
                lind_time::Edge::At { offset, closed } => lind_time::Edge::At {
                    offset: months.apply(offset),
                    closed,
                },
            };
            let window = lind_time::Window {
                from: edge(window.from),
                to: edge(window.to),
                grain: window.grain,
            };
            Window::Around {
                anchor: *anchor,
                window,
                as_known: *as_known,
            }
        }
        Window::Either(a, b) => {
            Window::Either(Box::new(counted(months, a)), Box::new(counted(months, b)))
        }
        Window::Both(a, b) => {
            Window::Both(Box::new(counted(months, a)), Box::new(counted(months, b)))
        }
        Window::Between { .. } | Window::HalfLives { .. } => window.clone(),
    }
}
