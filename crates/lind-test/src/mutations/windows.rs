//! Windows: each end open in place of closed or the reverse, and a unit longer or shorter.

use lind_model::plan::Plan;
use lind_model::protocol::{Anchor, Comparison, Lasting, Window};
use lind_time::{Edge, Offset};
use lind_units::Exact;

use crate::mutations::becomes;

/// Windows in place of one, each with what is changed.
pub(super) fn windows(plan: &Plan, window: &Window) -> Vec<(String, Window)> {
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
            let name = anchor_name(plan, *anchor);
            let begins = edges(from, &name)
                .into_iter()
                .map(|(change, from)| (change, around(from, to)));
            let ends = edges(to, &name)
                .into_iter()
                .map(|(change, to)| (change, around(from, to)));
            let sides = other_side(from, to)
                .map(|(from, to)| (becomes("before", "after"), around(from, to)))
                .or_else(|| {
                    let (to, from) = other_side(to, from)?;
                    Some((becomes("after", "before"), around(from, to)))
                });
            begins.chain(ends).chain(sides).collect()
        }
        // Two moments, both included: there is no length that could be another, but either can be left out.
        Window::Between { from, to } => {
            let around = |anchor: &Anchor, window: lind_time::Window| Window::Around {
                anchor: *anchor,
                window,
                as_known: true,
            };
            let up_to = lind_time::Window::up_to_and_including_anchor();
            let on = lind_time::Window::from_anchor_on();
            let mut others = vec![(
                format!("`from {}` is left out", anchor_name(plan, *from)),
                around(to, up_to),
            )];
            // Nothing later than a gate is read there anyway.
            let is_gate = matches!(to, Anchor::Milestone(id) if plan.gates.contains(id));
            if !is_gate {
                let change = format!("`to {}` is left out", anchor_name(plan, *to));
                others.push((change, around(from, on)));
            }
            others
        }
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
            [
                with(count.clone(), !closed),
                with(count.add(&Exact::one()), *closed),
                with(count.sub(&Exact::one()), *closed),
            ]
            .into_iter()
            .map(|other| (becomes(&half_lives(window), &half_lives(&other)), other))
            .collect()
        }
        Window::Either(a, b) => {
            let both = Window::Both(a.clone(), b.clone());
            let change = becomes("the longer of", "the shorter of");
            std::iter::once((change, both))
                .chain(one_of(windows(plan, a), |a| Window::Either(a, b.clone())))
                .chain(one_of(windows(plan, b), |b| Window::Either(a.clone(), b)))
                .collect()
        }
        Window::Both(a, b) => {
            let either = Window::Either(a.clone(), b.clone());
            let change = becomes("the shorter of", "the longer of");
            std::iter::once((change, either))
                .chain(one_of(windows(plan, a), |a| Window::Both(a, b.clone())))
                .chain(one_of(windows(plan, b), |b| Window::Both(a.clone(), b)))
                .collect()
        }
    }
}

fn one_of(
    changed: Vec<(String, Window)>,
    join: impl Fn(Box<Window>) -> Window,
) -> impl Iterator<Item = (String, Window)> {
    changed
        .into_iter()
        .map(move |(change, window)| (change, join(Box::new(window))))
}

/// The ends on the other side of the anchor, of a window that reaches back from it.
fn other_side(from: Edge, to: Edge) -> Option<(Edge, Edge)> {
    let (
        Edge::At { offset, closed },
        Edge::At {
            offset: end,
            closed: end_closed,
        },
    ) = (from, to)
    else {
        return None;
    };
    let is_other = offset.is_negative() && end.is_zero() || offset.is_positive() && end.is_zero();
    is_other.then(|| {
        let mirrored = Edge::At {
            offset: offset.negate(),
            closed,
        };
        let end = Edge::At {
            offset: end,
            closed: end_closed,
        };
        (end, mirrored)
    })
}

/// Other ends in place of one. The end at the anchor itself is only opened or closed: moving it would look
/// past what the window leans on.
fn edges(edge: Edge, anchor: &str) -> Vec<(String, Edge)> {
    let Edge::At { offset, closed } = edge else {
        return Vec::new();
    };
    let place = |offset: Offset| match offset {
        zero if zero.is_zero() => anchor.to_owned(),
        before if before.is_negative() => format!("{} before {anchor}", before.magnitude()),
        after => format!("{after} after {anchor}"),
    };
    let word = if closed { "excluded" } else { "included" };
    let mut edges = vec![(
        format!("`{}` itself is {word}", place(offset)),
        Edge::At {
            offset,
            closed: !closed,
        },
    )];
    if !offset.is_zero() {
        edges.extend(lengths(offset).into_iter().map(|other| {
            let change = becomes(&place(offset), &place(other));
            let edge = Edge::At {
                offset: other,
                closed,
            };
            (change, edge)
        }));
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

/// A length in place of another, with what is changed.
pub(super) fn lengths_of(length: Offset) -> Vec<(String, Offset)> {
    lengths(length)
        .into_iter()
        .map(|other| (becomes(&length.to_string(), &other.to_string()), other))
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
    .map(|other| {
        (
            becomes(&lasting_words(lasting), &lasting_words(other)),
            other,
        )
    })
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

/// A window of half-lives, without its anchor.
fn half_lives(window: &Window) -> String {
    let Window::HalfLives {
        count,
        closed,
        beyond,
        ..
    } = window
    else {
        return String::new();
    };
    let comparison = match (beyond, closed) {
        (false, true) => "at most",
        (false, false) => "less than",
        (true, true) => "at least",
        (true, false) => "more than",
    };
    format!("{comparison} {count} half-lives")
}

fn anchor_name(plan: &Plan, anchor: Anchor) -> String {
    match anchor {
        Anchor::Milestone(id) => plan
            .protocol
            .milestones
            .get(id.index())
            .map_or_else(String::new, |milestone| milestone.name.to_string()),
        Anchor::Sample => "the sample".to_owned(),
        Anchor::Record(..) => "the record".to_owned(),
        Anchor::Date(day) => day.to_string(),
        Anchor::Chosen(id) => plan
            .protocol
            .chosen
            .get(id.index())
            .map_or_else(String::new, |chosen| chosen.name.to_string()),
    }
}
