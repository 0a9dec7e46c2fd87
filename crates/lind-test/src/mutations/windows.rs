//! Windows: each end open in place of closed or the reverse, and a unit longer or shorter.

use lind_model::plan::Plan;
use lind_model::protocol::{Anchor, Comparison, Lasting, Window};
use lind_time::{Edge, Offset};
use lind_units::Exact;

use crate::mutations::becomes;

/// Windows in place of one, each with what is changed.
pub(super) fn windows(plan: &Plan, window: &Window) -> Vec<(String, Window)> {
    others(window)
        .into_iter()
        .map(|other| (becomes(&words(plan, window), &words(plan, &other)), other))
        .collect()
}

fn others(window: &Window) -> Vec<Window> {
    match window {
        Window::Around {
            anchor,
            window,
            as_known,
        } => {
            let around = |from: Edge, to: Edge| Window::Around {
                anchor: *anchor,
                window: lind_time::Window {
                    from,
                    to,
                    grain: window.grain,
                },
                as_known: *as_known,
            };
            let (from, to) = (window.from, window.to);
            // Earlier beginnings and later ends make a window longer.
            edges(from)
                .into_iter()
                .map(|from| around(from, to))
                .chain(edges(to).into_iter().map(|to| around(from, to)))
                .collect()
        }
        Window::Between { .. } => Vec::new(),
        Window::HalfLives {
            anchor,
            count,
            closed,
            beyond,
        } => {
            let with = |count: Exact, closed: bool| Window::HalfLives {
                anchor: *anchor,
                count,
                closed,
                beyond: *beyond,
            };
            vec![
                with(count.clone(), !closed),
                with(count.add(&Exact::one()), *closed),
                with(count.sub(&Exact::one()), *closed),
            ]
        }
        Window::Either(a, b) => std::iter::once(Window::Both(a.clone(), b.clone()))
            .chain(others(a).into_iter().map(|a| Window::Either(Box::new(a), b.clone())))
            .chain(others(b).into_iter().map(|b| Window::Either(a.clone(), Box::new(b))))
            .collect(),
        Window::Both(a, b) => std::iter::once(Window::Either(a.clone(), b.clone()))
            .chain(others(a).into_iter().map(|a| Window::Both(Box::new(a), b.clone())))
            .chain(others(b).into_iter().map(|b| Window::Both(a.clone(), Box::new(b))))
            .collect(),
    }
}

/// Other ends in place of one. The end at the anchor itself is only opened or closed: moving it would look
/// past what the window leans on.
fn edges(edge: Edge) -> Vec<Edge> {
    let Edge::At { offset, closed } = edge else {
        return Vec::new();
    };
    let mut edges = vec![Edge::At {
        offset,
        closed: !closed,
    }];
    if !offset.is_zero() {
        edges.extend(lengths(offset).into_iter().map(|offset| Edge::At { offset, closed }));
    }
    edges
}

/// A unit longer and a unit shorter.
fn lengths(offset: Offset) -> Vec<Offset> {
    let unit = match offset {
        Offset::Clock { seconds } if seconds % 3_600 == 0 => Offset::Clock { seconds: 3_600 },
        Offset::Clock { .. } => Offset::Clock { seconds: 60 },
        Offset::Days { .. } => Offset::Days { days: 1 },
        Offset::Calendar { .. } => Offset::Calendar { months: 1 },
    };
    [unit, unit.negate()]
        .into_iter()
        .filter_map(|unit| offset.checked_add(unit))
        .filter(|other| !other.is_zero())
        .collect()
}

/// Lengths of records in place of one: another comparison, a unit longer or shorter.
pub(super) fn lastings(lasting: Lasting) -> Vec<(String, Lasting)> {
    let comparison = match lasting.comparison {
        Comparison::AtLeast => Comparison::MoreThan,
        Comparison::MoreThan => Comparison::AtLeast,
        Comparison::AtMost => Comparison::LessThan,
        Comparison::LessThan => Comparison::AtMost,
        Comparison::Equal => Comparison::AtLeast,
    };
    std::iter::once(Lasting {
        comparison,
        ..lasting
    })
    .chain(
        lengths(lasting.length)
            .into_iter()
            .map(|length| Lasting { length, ..lasting }),
    )
    .map(|other| (becomes(&lasting_words(lasting), &lasting_words(other)), other))
    .collect()
}

fn lasting_words(lasting: Lasting) -> String {
    let comparison = match lasting.comparison {
        Comparison::AtLeast => "at least",
        Comparison::AtMost => "at most",
        Comparison::MoreThan => "more than",
        Comparison::LessThan => "less than",
        Comparison::Equal => "exactly",
    };
    format!("{comparison} {}", lasting.length)
}

/// A window as it is printed back.
pub(super) fn words(plan: &Plan, window: &Window) -> String {
    let anchor = |anchor: &Anchor| anchor_name(plan, *anchor);
    match window {
        Window::Around {
            anchor: leans_on,
            window,
            ..
        } => window.to_string().replace("the anchor", &anchor(leans_on)),
        Window::Between { from, to } => format!("from {} to {}", anchor(from), anchor(to)),
        Window::HalfLives {
            anchor: leans_on,
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
            format!("{comparison} {count} half-lives before {}", anchor(leans_on))
        }
        Window::Either(a, b) => format!("{}; or {}", words(plan, a), words(plan, b)),
        Window::Both(a, b) => format!("{}; and {}", words(plan, a), words(plan, b)),
    }
}

fn anchor_name(plan: &Plan, anchor: Anchor) -> String {
    match anchor {
        Anchor::Milestone(id) => plan
            .protocol
            .milestones
            .get(id.index())
            .map_or_else(String::new, |milestone| milestone.name.to_string()),
        Anchor::Sample => "the sample".to_owned(),
    }
}
