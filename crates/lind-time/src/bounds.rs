//! What a window can say before there is any data.

use crate::day::Day;
use crate::instant::SECONDS_PER_DAY;
use crate::offset::Offset;
use crate::resolved::ResolvedWindow;
use crate::tri::Tri;
use crate::when::When;
use crate::window::{Edge, Window};

/// Which of the lengths a month can have.
#[derive(Clone, Copy)]
enum Bounds {
    Narrow,
    Wide,
}

/// A window with months as short as they can be and as long: what is in the first is in whatever
/// the month, what is not in the second is not.
struct ByDays {
    narrow: ResolvedWindow,
    wide: ResolvedWindow,
}

impl ByDays {
    fn new(window: Window) -> ByDays {
        let anchor = When::from_day(Day::EPOCH);
        ByDays {
            narrow: window.in_days(Bounds::Narrow).resolve(&anchor),
            wide: window.in_days(Bounds::Wide).resolve(&anchor),
        }
    }

    fn answer(&self, days: i64) -> Tri {
        let far = if days < 0 { Day::MIN } else { Day::MAX };
        let time = When::from_day(Day::EPOCH.add_days(days).unwrap_or(far));
        Tri::from_extremes(
            self.narrow.contains(&time) == Tri::Yes,
            self.wide.contains(&time) == Tri::No,
        )
    }
}

impl Window {
    /// The answer for two dates without times of day, `days` civil days from the anchor to the other
    /// (negative before it), as far as it is the same for all dates.
    ///
    /// `within 48 hours either side`: `Yes` for 0 and 1, `Maybe` for 2, `No` for 3. Months answer
    /// `Maybe` where it depends on the month.
    #[must_use]
    pub fn by_day_difference(&self, days: i64) -> Tri {
        ByDays::new(*self).answer(days)
    }

    /// The day differences for which [`Window::by_day_difference`] is `Maybe`, in order: what two
    /// dates without times of day cannot decide, or what depends on the month.
    #[must_use]
    pub fn undecided_day_differences(&self) -> Vec<i64> {
        let by_days = ByDays::new(*self);
        let mut found: Vec<i64> = [self.from, self.to]
            .into_iter()
            .filter_map(Edge::offset)
            .map(Offset::day_bounds)
            .flat_map(|(low, high)| low.saturating_sub(1)..=high.saturating_add(1))
            .filter(|days| by_days.answer(*days) == Tri::Maybe)
            .collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Sound limits, in minutes from the anchor, for a [`Network`](crate::network::Network): no
    /// time in the window is outside them. A civil day is 1440 minutes, months have the bounds of
    /// [`Offset::day_bounds`], `None` is no limit.
    ///
    /// At day grain they limit the distance of two days, that is of their midnights.
    #[must_use]
    pub fn limits_in_minutes(&self) -> (Option<i64>, Option<i64>) {
        let wide = self.in_days(Bounds::Wide);
        let step = self.effective_grain().seconds();
        let seconds = |edge: Edge, inwards: i64| match edge {
            Edge::Unbounded => None,
            Edge::At { offset, closed } => {
                let seconds = match offset {
                    Offset::Clock { seconds } => seconds,
                    Offset::Days { days } => days.saturating_mul(SECONDS_PER_DAY),
                    Offset::Calendar { .. } => return None,
                };
                Some(if closed {
                    seconds
                } else {
                    seconds.saturating_add(inwards)
                })
            }
        };
        (
            seconds(wide.from, step).map(|seconds| seconds.div_euclid(60)),
            seconds(wide.to, -step).map(|seconds| -(seconds.saturating_neg().div_euclid(60))),
        )
    }

    /// The same window with months as numbers of days: the least it can be or the most.
    fn in_days(self, bounds: Bounds) -> Window {
        let days = |edge: Edge, later: bool| match edge {
            Edge::At {
                offset: offset @ Offset::Calendar { .. },
                closed,
            } => {
                let (low, high) = offset.day_bounds();
                let days = if later { high } else { low };
                Edge::At {
                    offset: Offset::Days { days },
                    closed,
                }
            }
            other => other,
        };
        let narrow = matches!(bounds, Bounds::Narrow);
        Window {
            from: days(self.from, narrow),
            to: days(self.to, !narrow),
            grain: self.grain,
        }
    }
}
