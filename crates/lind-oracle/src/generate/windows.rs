//! Random offsets, windows and lengths.

use lind_model::MilestoneId;
use lind_model::protocol::{Anchor, Comparison, Lasting, Window};
use lind_time::{Edge, Grain, Offset};
use lind_units::Exact;

use super::random::Random;

/// Which windows may be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Around milestones.
    Plain,
    /// Around the sample at hand.
    AroundSample,
    /// Half-lives too.
    OfDrug,
}

/// A length of civil days or months.
pub(crate) fn calendar_length(random: &mut Random) -> Offset {
    match random.below(10) {
        0..=4 => Offset::Days {
            days: random.any(7, &[1, 2, 3, 14, 28, 30, 60]),
        },
        5..=7 => Offset::Calendar {
            months: random.any(1, &[2, 3, 6, 12]),
        },
        _ => Offset::Calendar {
            months: random.any(12, &[24, 60]),
        },
    }
}

/// Any length.
fn length(random: &mut Random) -> Offset {
    if random.percent(15) {
        let hours = random.any(24, &[1, 6, 36, 48, 72]);
        Offset::Clock {
            seconds: hours * 3600,
        }
    } else {
        calendar_length(random)
    }
}

/// `for more than L`: records begin and end on days, so it is no length of hours.
pub(crate) fn lasting(random: &mut Random) -> Lasting {
    let comparison = if random.percent(8) {
        Comparison::Equal
    } else {
        random.comparison()
    };
    let length = match (comparison, calendar_length(random)) {
        // Some days lie exactly so many months after no day, which only trying them all can tell.
        (Comparison::Equal, Offset::Calendar { .. }) => Offset::Days { days: 30 },
        (_, length) => length,
    };
    Lasting { comparison, length }
}

/// A window around something.
pub(crate) fn around(random: &mut Random) -> lind_time::Window {
    use lind_time::Window;
    let length = length(random);
    let strictly = random.percent(30);
    match random.below(20).saturating_sub(6) {
        0..=3 => Window::within_before(length, strictly),
        4 => Window::within_after(length, strictly),
        5 => Window::either_side(length),
        6 => Window::at_least_before(length),
        7 => Window::more_than_before(length),
        8 => random.any(
            Window::at_least_after(length),
            &[Window::more_than_after(length)],
        ),
        9 => {
            let tolerance = match length {
                Offset::Clock { .. } => Offset::hours(2),
                Offset::Days { .. } => Offset::days(3),
                Offset::Calendar { .. } => Offset::months(1),
            };
            let wide = Window::either_side(length);
            let offset = random.any(length, &[length.negate()]);
            Window::around(offset, tolerance).unwrap_or(wide)
        }
        10 => random.any(
            Window::up_to_and_including_anchor(),
            &[Window::before_anchor()],
        ),
        11 => random.any(
            Window::on_anchor(),
            &[Window::from_anchor_on(), Window::after_anchor()],
        ),
        12 => {
            // Ends of two classes, either of them open; the later one is shorter than any length.
            let edge = |random: &mut Random, offset| {
                random.any(Edge::closed(offset), &[Edge::open(offset)])
            };
            let from = edge(random, length.negate());
            let near = random.any(Offset::hours(0), &[Offset::days(0), Offset::hours(-1)]);
            let to = edge(random, near);
            Window::between(from, to)
        }
        _ => {
            let mut window = Window::within_before(length, strictly);
            window = window.at_day_grain().unwrap_or(window);
            if random.percent(20) {
                window.grain = Grain::Minute;
            }
            window
        }
    }
}

/// An anchor: rather early, so that it does not lie after the gate.
fn milestone(random: &mut Random, milestones: usize) -> MilestoneId {
    let (one, other) = (random.below(milestones), random.below(milestones));
    MilestoneId::from_index(one.min(other))
}

/// A window on one of the milestones.
pub(crate) fn window(random: &mut Random, milestones: usize, kind: Kind, depth: usize) -> Window {
    let choice = random.below(100);
    if kind == Kind::OfDrug && choice < 35 {
        return Window::HalfLives {
            anchor: Anchor::Milestone(milestone(random, milestones)),
            count: random
                .any(Some(5), &[Some(2), Some(3), None])
                .map_or_else(|| super::library::number("2.5"), Exact::from_integer),
            closed: random.percent(50),
            beyond: random.percent(25),
        };
    }
    if depth > 0 && choice >= 90 {
        let one = Box::new(window(random, milestones, kind, depth - 1));
        let other = Box::new(window(random, milestones, kind, depth - 1));
        return if random.percent(50) {
            Window::Either(one, other)
        } else {
            Window::Both(one, other)
        };
    }
    if kind != Kind::AroundSample && (80..90).contains(&choice) {
        let from = milestone(random, milestones);
        let to = milestone(random, milestones);
        return Window::Between {
            // The checker lets only windows pass that can hold something.
            from: Anchor::Milestone(from.min(to)),
            to: Anchor::Milestone(from.max(to)),
        };
    }
    let anchor = if kind == Kind::AroundSample && random.percent(85) {
        Anchor::Sample
    } else {
        Anchor::Milestone(milestone(random, milestones))
    };
    Window::Around {
        anchor,
        window: around(random),
        as_known: random.percent(20),
    }
}
