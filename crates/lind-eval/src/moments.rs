//! Times of a chart as intervals of civil seconds, the missing ones included.

use lind_model::protocol::TimeOfDay;
use lind_time::{Instant, Precision, Tri, When};

const SECONDS_PER_DAY: i64 = 86_400;

/// `Yes` if it holds for every case, `No` if for none.
pub(crate) const fn tri(always: bool, never: bool) -> Tri {
    match (always, never) {
        (true, _) => Tri::Yes,
        (false, true) => Tri::No,
        (false, false) => Tri::Maybe,
    }
}

/// A time of a chart: some second from `first` to `last`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Moment {
    pub(crate) first: i64,
    pub(crate) last: i64,
    /// The time as it is recorded; none if it is missing.
    pub(crate) when: Option<When>,
}

impl Moment {
    pub(crate) fn at(when: When) -> Self {
        Self {
            first: when.start().seconds(),
            last: when.end().seconds() - 1,
            when: Some(when),
        }
    }

    /// A whole day, counted from 1970.
    pub(crate) const fn of_day(day: i64) -> Self {
        let first = day.saturating_mul(SECONDS_PER_DAY);
        Self {
            first,
            last: first.saturating_add(SECONDS_PER_DAY - 1),
            when: None,
        }
    }

    /// A time that is not recorded: any, but not after the horizon.
    pub(crate) fn missing(horizon: Option<When>) -> Self {
        Self {
            first: Instant::MIN.seconds(),
            last: last_second(horizon),
            when: None,
        }
    }

    pub(crate) fn of(when: Option<When>, horizon: Option<When>) -> Self {
        when.map_or_else(|| Self::missing(horizon), Self::at)
    }

    /// The first and the last unit of so many seconds that it can fall in, counted from 1970.
    pub(crate) const fn units(self, seconds: i64) -> (i64, i64) {
        (
            self.first.div_euclid(seconds),
            self.last.div_euclid(seconds),
        )
    }

    pub(crate) const fn days(self) -> (i64, i64) {
        self.units(SECONDS_PER_DAY)
    }

    /// Whether it is at a time of the day, by the minute.
    pub(crate) fn is_at(self, time: TimeOfDay) -> Tri {
        const MINUTES_PER_DAY: i64 = 1_440;
        let (first, last) = self.units(60);
        let (mut inside, mut outside) = (false, false);
        for minute in first..=last.min(first.saturating_add(MINUTES_PER_DAY)) {
            let of_day = minute.rem_euclid(MINUTES_PER_DAY);
            let is_in = u16::try_from(of_day).is_ok_and(|minute| time.contains(minute));
            inside |= is_in;
            outside |= !is_in;
            if inside && outside {
                break;
            }
        }
        tri(!outside, !inside)
    }

    /// Whether its day is earlier than that of the other.
    pub(crate) const fn day_before(self, other: Self) -> Tri {
        let ((first, last), (other_first, other_last)) = (self.days(), other.days());
        tri(last < other_first, first >= other_last)
    }

    /// Whether it is certainly earlier, to the second.
    pub(crate) const fn surely_before(self, other: Self) -> bool {
        self.last < other.first
    }

    /// Whether it may be earlier, to the second.
    pub(crate) const fn maybe_before(self, other: Self) -> bool {
        self.first < other.last
    }
}

/// The last second that exists for the run.
pub(crate) fn last_second(horizon: Option<When>) -> i64 {
    horizon.map_or(Instant::END, |time| time.end()).seconds() - 1
}

/// Whether a record of this time is known by the gate: not after the gate's day, or, if both are known to
/// the minute, not after its minute.
pub(crate) fn known_by(moment: Moment, gate: &When) -> Tri {
    let timed = |when: &When| when.precision() >= Precision::Minute;
    let grain = if moment.when.as_ref().is_some_and(timed) && timed(gate) {
        60
    } else {
        SECONDS_PER_DAY
    };
    let (first, last) = moment.units(grain);
    let (gate_first, gate_last) = Moment::at(*gate).units(grain);
    tri(last <= gate_first, first > gate_last)
}
