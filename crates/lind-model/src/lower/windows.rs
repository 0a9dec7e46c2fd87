//! Windows: months counted by the rule of the plan, and what they lean on.

use crate::plan::Plan;
use crate::protocol::{Anchor, MonthRule, Window};

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

/// Whether a window counts half-lives.
#[must_use]
pub fn counts_half_lives(window: &Window) -> bool {
    match window {
        Window::HalfLives { .. } => true,
        Window::Either(a, b) | Window::Both(a, b) => counts_half_lives(a) || counts_half_lives(b),
        Window::Around { .. } | Window::Between { .. } => false,
    }
}

/// The anchors that a window leans on.
pub fn anchors(window: &Window) -> Vec<Anchor> {
    match window {
        Window::Around { anchor, .. } | Window::HalfLives { anchor, .. } => vec![*anchor],
        Window::Between { from, to } => vec![*from, *to],
        Window::Either(a, b) | Window::Both(a, b) => {
            anchors(a).into_iter().chain(anchors(b)).collect()
        }
    }
}
