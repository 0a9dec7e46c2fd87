//! Windows of time relative to an anchor.

use std::fmt;

use crate::offset::{Offset, OffsetClass};
use crate::resolved::ResolvedWindow;
use crate::when::{Precision, When};

/// One end of a window, relative to its anchor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Edge {
    /// The window has no end on this side.
    Unbounded,
    /// The window ends at the anchor plus an offset.
    At {
        /// From the anchor; negative before it.
        offset: Offset,
        /// Whether that time itself is in the window.
        closed: bool,
    },
}

impl Edge {
    /// The end at `offset` from the anchor, that time included.
    #[must_use]
    pub fn closed(offset: Offset) -> Edge {
        Edge::At {
            offset,
            closed: true,
        }
    }

    /// The end at `offset` from the anchor, that time excluded.
    #[must_use]
    pub fn open(offset: Offset) -> Edge {
        Edge::At {
            offset,
            closed: false,
        }
    }

    /// Its offset from the anchor; `None` if it is unbounded.
    #[must_use]
    pub fn offset(self) -> Option<Offset> {
        match self {
            Edge::Unbounded => None,
            Edge::At { offset, .. } => Some(offset),
        }
    }
}

/// The unit in which a window compares times. Coarser is less than finer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grain {
    /// Civil days: the time of day does not count.
    Day,
    /// Civil minutes: seconds do not count.
    Minute,
    /// Civil seconds: only for offsets that are no whole minutes.
    Second,
}

impl Grain {
    /// The grain an offset asks for: days for days and months, minutes for hours and minutes,
    /// seconds for what is no whole number of minutes.
    #[must_use]
    pub fn of(offset: Offset) -> Grain {
        match offset {
            Offset::Clock { seconds } if seconds % 60 != 0 => Grain::Second,
            Offset::Clock { .. } => Grain::Minute,
            Offset::Days { .. } | Offset::Calendar { .. } => Grain::Day,
        }
    }

    /// The precision at which a time falls in one unit of this grain.
    #[must_use]
    pub fn precision(self) -> Precision {
        match self {
            Grain::Day => Precision::Day,
            Grain::Minute => Precision::Minute,
            Grain::Second => Precision::Second,
        }
    }

    /// Seconds in one unit.
    pub(crate) fn seconds(self) -> i64 {
        match self {
            Grain::Day => 86_400,
            Grain::Minute => 60,
            Grain::Second => 1,
        }
    }
}

/// A window of time relative to an anchor: both ends, open or closed, and the grain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Window {
    /// The earlier end.
    pub from: Edge,
    /// The later end.
    pub to: Edge,
    /// The unit in which times are compared.
    pub grain: Grain,
}

impl Window {
    /// A window with these ends, at the finest grain one of them asks for.
    #[must_use]
    pub fn between(from: Edge, to: Edge) -> Window {
        let grain = |edge: Edge| edge.offset().map_or(Grain::Day, Grain::of);
        Window {
            from,
            to,
            grain: grain(from).max(grain(to)),
        }
    }

    /// `within 14 days before E`: from E - 14 d to E, both in; `strictly` takes E itself out.
    #[must_use]
    pub fn within_before(offset: Offset, strictly: bool) -> Window {
        let length = offset.magnitude();
        Window::between(
            Edge::closed(length.negate()),
            Edge::At {
                offset: length.zero(),
                closed: !strictly,
            },
        )
    }

    /// `within 48 hours after E`: from E to E + 48 h, both in; `strictly` takes E itself out.
    #[must_use]
    pub fn within_after(offset: Offset, strictly: bool) -> Window {
        let length = offset.magnitude();
        Window::between(
            Edge::At {
                offset: length.zero(),
                closed: !strictly,
            },
            Edge::closed(length),
        )
    }

    /// `within 7 days either side of E`: from E - 7 d to E + 7 d, both in.
    #[must_use]
    pub fn either_side(offset: Offset) -> Window {
        let length = offset.magnitude();
        Window::between(Edge::closed(length.negate()), Edge::closed(length))
    }

    /// `at least 4 weeks before E`: any time up to E - 28 d, that day in.
    #[must_use]
    pub fn at_least_before(offset: Offset) -> Window {
        Window::between(Edge::Unbounded, Edge::closed(offset.magnitude().negate()))
    }

    /// `more than 4 weeks before E`: any time earlier than E - 28 d.
    #[must_use]
    pub fn more_than_before(offset: Offset) -> Window {
        Window::between(Edge::Unbounded, Edge::open(offset.magnitude().negate()))
    }

    /// `at least 4 weeks after E`: any time from E + 28 d on, that day in.
    #[must_use]
    pub fn at_least_after(offset: Offset) -> Window {
        Window::between(Edge::closed(offset.magnitude()), Edge::Unbounded)
    }

    /// `more than 4 weeks after E`: any time later than E + 28 d.
    #[must_use]
    pub fn more_than_after(offset: Offset) -> Window {
        Window::between(Edge::open(offset.magnitude()), Edge::Unbounded)
    }

    /// `day 28 +/- 3 days`: from E + 28 d - 3 d to E + 28 d + 3 d, both in.
    ///
    /// `None` if the offsets are of different classes: they cannot be added.
    #[must_use]
    pub fn around(offset: Offset, tolerance: Offset) -> Option<Window> {
        let tolerance = tolerance.magnitude();
        Some(Window::between(
            Edge::closed(offset.checked_add(tolerance.negate())?),
            Edge::closed(offset.checked_add(tolerance)?),
        ))
    }

    /// `by E`: any time up to the day of E, that day in.
    #[must_use]
    pub fn up_to_and_including_anchor() -> Window {
        Window::between(Edge::Unbounded, Edge::closed(Offset::days(0)))
    }

    /// `before E`: any time up to the day before E.
    #[must_use]
    pub fn before_anchor() -> Window {
        Window::between(Edge::Unbounded, Edge::open(Offset::days(0)))
    }

    /// `on the day of E`.
    #[must_use]
    pub fn on_anchor() -> Window {
        Window::either_side(Offset::days(0))
    }

    /// `from E on`: the day of E and any time later.
    #[must_use]
    pub fn from_anchor_on() -> Window {
        Window::between(Edge::closed(Offset::days(0)), Edge::Unbounded)
    }

    /// `after E`: any time from the day after E.
    #[must_use]
    pub fn after_anchor() -> Window {
        Window::between(Edge::open(Offset::days(0)), Edge::Unbounded)
    }

    /// The same window in civil days, for dates without times of day ("48 hours at day grain" is 2 days).
    ///
    /// `None` if an end is no whole number of 24 hours: rounding it would be a guess.
    #[must_use]
    pub fn at_day_grain(self) -> Option<Window> {
        let convert = |edge: Edge| match edge {
            Edge::At {
                offset: Offset::Clock { seconds },
                closed,
            } => (seconds % 86_400 == 0).then_some(Edge::At {
                offset: Offset::Days {
                    days: seconds / 86_400,
                },
                closed,
            }),
            other => Some(other),
        };
        Some(Window::between(convert(self.from)?, convert(self.to)?))
    }

    /// The grain in which this window is resolved: its own, or finer if an end asks for it, so that
    /// no hour of an offset is ever cut off.
    #[must_use]
    pub fn effective_grain(&self) -> Grain {
        Window::between(self.from, self.to).grain.max(self.grain)
    }

    /// The same question for times that are known not to lie after the anchor: an end at or after
    /// the anchor is dropped, since it cannot decide anything.
    ///
    /// With two dates without times of day, `within 48 hours before E` cannot say whether a time on
    /// the day of E lies before E. If that is known from elsewhere, this window says `Yes` for 0 and
    /// 1 day before, `Maybe` for 2 and `No` for 3.
    #[must_use]
    pub fn given_not_after_anchor(self) -> Window {
        match self.to {
            Edge::At { offset, closed } if offset.is_positive() || (offset.is_zero() && closed) => {
                Window {
                    to: Edge::Unbounded,
                    ..self
                }
            }
            _ => self,
        }
    }

    /// The same question for times that are known not to lie before the anchor.
    #[must_use]
    pub fn given_not_before_anchor(self) -> Window {
        match self.from {
            Edge::At { offset, closed } if offset.is_negative() || (offset.is_zero() && closed) => {
                Window {
                    from: Edge::Unbounded,
                    ..self
                }
            }
            _ => self,
        }
    }

    /// Whether an end is an offset of this class.
    #[must_use]
    pub fn uses(&self, class: OffsetClass) -> bool {
        [self.from, self.to]
            .into_iter()
            .filter_map(Edge::offset)
            .any(|offset| offset.class() == class)
    }

    /// The window around one anchor.
    #[must_use]
    pub fn resolve(&self, anchor: &When) -> ResolvedWindow {
        ResolvedWindow::new(self, anchor)
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let end = |edge: Edge| match edge {
            Edge::Unbounded => None,
            Edge::At { offset, closed } => {
                let place = if offset.is_zero() {
                    "the anchor".to_owned()
                } else if offset.is_negative() {
                    format!("{} before the anchor", offset.magnitude())
                } else {
                    format!("{offset} after the anchor")
                };
                Some((place, closed))
            }
        };
        match (end(self.from), end(self.to)) {
            (Some((place, true)), Some(_)) if self.from == self.to => match self.grain {
                Grain::Day => write!(f, "on the day of {place}"),
                Grain::Minute | Grain::Second => write!(f, "at {place}"),
            },
            (None, None) => f.write_str("any time"),
            (Some((place, true)), None) => write!(f, "from {place} on"),
            (Some((place, false)), None) => write!(f, "later than {place}"),
            (None, Some((place, true))) => write!(f, "up to and including {place}"),
            (None, Some((place, false))) => write!(f, "earlier than {place}"),
            (Some((from, from_in)), Some((to, to_in))) => {
                let included = match (from_in, to_in) {
                    (true, true) => "both included",
                    (false, false) => "both excluded",
                    (true, false) => "the end excluded",
                    (false, true) => "the start excluded",
                };
                write!(f, "from {from} to {to}, {included}")
            }
        }
    }
}
