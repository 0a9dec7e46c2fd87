//! Where a visit lies to a window: certainly inside, perhaps, or certainly outside.
//!
//! Days that are counted from one milestone are compared as they are written, months with months; all others by the
//! bounds that the temporal network proves, in which a month is 28 to 31 days. What nothing bounds is taken for inside:
//! an order that a protocol does not state is no mistake of its endpoints.

use std::cell::RefCell;
use std::collections::BTreeMap;

use lind_model::protocol::{AlternativeContent, Anchor, MonthRule, Window};
use lind_model::trial::{VisitAnchor, VisitTime};
use lind_model::{MilestoneId, VisitId};
use lind_time::{Edge, Grain, Offset, OffsetClass};

use crate::analysis::Checker;
use crate::milestones::bounds;

const MINUTES_A_DAY: i64 = 1440;

/// Where a visit lies to a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lies {
    /// It can be inside on the day that it is planned on, or nothing says otherwise.
    Inside,
    /// Only if something more holds.
    Perhaps(Only),
    /// It cannot be inside.
    Outside(Side),
}

/// What must hold for a visit to lie in a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Only {
    /// It takes place earlier than planned.
    Earlier,
    /// It takes place later than planned.
    Later,
    /// Months are long, or short.
    Months,
    /// It takes place on the very day from or up to which the window reaches, though it is before or after that.
    SameDay,
    /// Somebody thinks of an unscheduled visit.
    Unscheduled,
}

/// On which side of a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Before,
    After,
}

/// How a visit lies to the end of a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ToEnd {
    /// Its planned day is not before the end.
    Reaches,
    /// Whether it is depends on how long months are.
    Months,
    /// Only if it takes place later than planned.
    Later,
    /// It is over before the end.
    Short,
    /// Nothing says when it is.
    Unknown,
}

/// A day that is counted from a milestone.
#[derive(Debug, Clone, Copy)]
struct Point {
    months: i64,
    days: i64,
}

/// The planned day of a visit, the first and the last allowed one, counted from one milestone.
struct Days {
    planned: Point,
    earliest: Point,
    latest: Point,
}

/// Compares visits with windows.
pub(super) struct Reach<'c, 'a> {
    checker: &'c Checker<'a>,
    months: MonthRule,
    /// Days that so many months have; computing them takes a while.
    lengths: RefCell<BTreeMap<i64, (i64, i64)>>,
}

impl<'c, 'a> Reach<'c, 'a> {
    pub(super) fn new(checker: &'c Checker<'a>) -> Self {
        let mut readings = checker.tables.readings.iter().flatten();
        let months =
            readings.find_map(
                |reading| match reading.alternatives.get(reading.chosen)?.content {
                    AlternativeContent::Months(rule) => Some(rule),
                    _ => None,
                },
            );
        Self {
            checker,
            months: months.unwrap_or(MonthRule::Calendar),
            lengths: RefCell::default(),
        }
    }

    /// Where a visit lies to all of these windows together.
    pub(super) fn lies(&self, visit: VisitId, windows: &[Window]) -> Lies {
        let time = self.checker.tables.trial.visits.get(visit.index());
        if time.is_none_or(|visit| matches!(visit.time, VisitTime::Unscheduled)) {
            return Lies::Perhaps(Only::Unscheduled);
        }
        all(windows.iter().map(|window| self.in_window(visit, window)))
    }

    fn in_window(&self, visit: VisitId, window: &Window) -> Lies {
        match window {
            Window::Around {
                anchor: Anchor::Milestone(milestone),
                window,
                ..
            } => {
                let strict = window.effective_grain() == Grain::Day;
                all([
                    self.from(visit, *milestone, window.from, strict),
                    self.to(visit, *milestone, window.to, strict),
                ])
            }
            Window::Between {
                from: Anchor::Milestone(from),
                to: Anchor::Milestone(to),
            } => {
                let day = Edge::closed(Offset::Days { days: 0 });
                all([
                    self.from(visit, *from, day, true),
                    self.to(visit, *to, day, true),
                ])
            }
            Window::Both(one, other) => {
                all([self.in_window(visit, one), self.in_window(visit, other)])
            }
            Window::Either(one, other) => {
                match (self.in_window(visit, one), self.in_window(visit, other)) {
                    (Lies::Inside, _) | (_, Lies::Inside) => Lies::Inside,
                    (Lies::Outside(_), lies) | (lies, _) => lies,
                }
            }
            Window::Around { .. } | Window::Between { .. } | Window::HalfLives { .. } => {
                Lies::Inside
            }
        }
    }

    /// Where a visit lies to the beginning of a window.
    fn from(&self, visit: VisitId, milestone: MilestoneId, edge: Edge, by_day: bool) -> Lies {
        let Edge::At { offset, closed } = edge else {
            return Lies::Inside;
        };
        let behind = i64::from(!closed && by_day);
        if let (Some(days), Some(limit)) = (self.direct(visit, milestone), self.point(offset)) {
            let planned = self.days_between(limit, days.planned);
            return if planned.0 >= behind {
                Lies::Inside
            } else if self.days_between(limit, days.latest).1 < behind {
                Lies::Outside(Side::Before)
            } else if planned.1 >= behind {
                Lies::Perhaps(Only::Months)
            } else {
                Lies::Perhaps(Only::Later)
            };
        }
        let (Some(most), Some(limit)) = (self.distance(visit, milestone).1, edge_days(offset))
        else {
            return Lies::Inside;
        };
        if ceiling(most) < limit.0.saturating_add(behind) {
            Lies::Outside(Side::Before)
        } else if closed && most < limit.0.saturating_mul(MINUTES_A_DAY) && by_day {
            Lies::Perhaps(Only::SameDay)
        } else {
            Lies::Inside
        }
    }

    /// Where a visit lies to the end of a window.
    fn to(&self, visit: VisitId, milestone: MilestoneId, edge: Edge, by_day: bool) -> Lies {
        let Edge::At { offset, closed } = edge else {
            return Lies::Inside;
        };
        let behind = i64::from(!closed && by_day);
        if let (Some(days), Some(limit)) = (self.direct(visit, milestone), self.point(offset)) {
            let planned = self.days_between(days.planned, limit);
            return if planned.0 >= behind {
                Lies::Inside
            } else if self.days_between(days.earliest, limit).1 < behind {
                Lies::Outside(Side::After)
            } else if planned.1 >= behind {
                Lies::Perhaps(Only::Months)
            } else {
                Lies::Perhaps(Only::Earlier)
            };
        }
        let (Some(least), Some(limit)) = (self.distance(visit, milestone).0, edge_days(offset))
        else {
            return Lies::Inside;
        };
        if least.div_euclid(MINUTES_A_DAY) > limit.1.saturating_sub(behind) {
            Lies::Outside(Side::After)
        } else if closed && least > limit.1.saturating_mul(MINUTES_A_DAY) && by_day {
            Lies::Perhaps(Only::SameDay)
        } else {
            Lies::Inside
        }
    }

    /// How a visit lies to the end of a window: so far from a milestone.
    pub(super) fn to_end(&self, visit: VisitId, milestone: MilestoneId, edge: Edge) -> ToEnd {
        let Edge::At { offset, closed } = edge else {
            return ToEnd::Reaches;
        };
        // Where the end itself is left out, the day before it is the last.
        let short = i64::from(!closed);
        if let (Some(days), Some(limit)) = (self.direct(visit, milestone), self.point(offset)) {
            let planned = self.days_between(limit, days.planned);
            return if planned.0.saturating_add(short) >= 0 {
                ToEnd::Reaches
            } else if planned.1.saturating_add(short) >= 0 {
                ToEnd::Months
            } else if self
                .days_between(limit, days.latest)
                .1
                .saturating_add(short)
                >= 0
            {
                ToEnd::Later
            } else {
                ToEnd::Short
            };
        }
        let Some(most) = self.distance(visit, milestone).1 else {
            return ToEnd::Unknown;
        };
        match edge_days(offset) {
            Some(limit) if ceiling(most).saturating_add(short) < limit.0 => ToEnd::Short,
            _ => ToEnd::Reaches,
        }
    }

    /// How many days a visit is later than a milestone, at most, if anything says so.
    pub(super) fn latest_day(&self, visit: VisitId, milestone: MilestoneId) -> Option<i64> {
        let start = Point { months: 0, days: 0 };
        match self.direct(visit, milestone) {
            Some(days) => Some(self.days_between(start, days.latest).1),
            None => self.distance(visit, milestone).1.map(ceiling),
        }
    }

    /// The days of a visit that is counted from this very milestone.
    fn direct(&self, visit: VisitId, milestone: MilestoneId) -> Option<Days> {
        let trial = &self.checker.tables.trial;
        let VisitTime::Planned {
            anchor,
            offset,
            earlier,
            later,
        } = &trial.visits.get(visit.index())?.time
        else {
            return None;
        };
        let root = match anchor {
            VisitAnchor::Milestone(id) => *id,
            VisitAnchor::Visit(id) => trial.visits.get(id.index())?.milestone?,
        };
        if self.moment(root) != self.moment(milestone) {
            return None;
        }
        let planned = self.point(*offset)?;
        Some(Days {
            planned,
            earliest: planned.plus(self.point(earlier.negate())?),
            latest: planned.plus(self.point(*later)?),
        })
    }

    /// The milestone that the data know, of several names for one moment.
    fn moment(&self, milestone: MilestoneId) -> MilestoneId {
        let declared = self.checker.milestone(milestone);
        declared.and_then(|own| own.same_as).unwrap_or(milestone)
    }

    /// By how many minutes a visit is later than a milestone, at least and at most, as far as the protocol limits that.
    fn distance(&self, visit: VisitId, milestone: MilestoneId) -> (Option<i64>, Option<i64>) {
        let Some((solved, events)) = self.checker.distances.as_ref() else {
            return (None, None);
        };
        let nodes = &self.checker.tables.timetable.nodes;
        match (events.get(milestone.index()), nodes.get(visit.index())) {
            (Some(from), Some(to)) => solved.bounds(*from, *to),
            _ => (None, None),
        }
    }

    fn point(&self, offset: Offset) -> Option<Point> {
        match self.months.apply(offset) {
            Offset::Days { days } => Some(Point { months: 0, days }),
            Offset::Calendar { months } => Some(Point { months, days: 0 }),
            Offset::Clock { .. } => None,
        }
    }

    /// How many days lie between two days that are counted from the same one, at least and at most.
    fn days_between(&self, first: Point, second: Point) -> (i64, i64) {
        let months = second.months.saturating_sub(first.months);
        let days = second.days.saturating_sub(first.days);
        let (least, most) = if months == 0 {
            (0, 0)
        } else {
            let mut lengths = self.lengths.borrow_mut();
            *lengths
                .entry(months)
                .or_insert_with(|| Offset::Calendar { months }.day_bounds())
        };
        (least.saturating_add(days), most.saturating_add(days))
    }
}

impl Point {
    fn plus(self, other: Self) -> Self {
        Self {
            months: self.months.saturating_add(other.months),
            days: self.days.saturating_add(other.days),
        }
    }
}

/// Where something lies that must lie in several windows.
fn all(lies: impl IntoIterator<Item = Lies>) -> Lies {
    let mut found = Lies::Inside;
    for one in lies {
        match one {
            Lies::Outside(_) => return one,
            Lies::Perhaps(_) if found == Lies::Inside => found = one,
            Lies::Perhaps(_) | Lies::Inside => {}
        }
    }
    found
}

/// Minutes as days, a begun day counting as a whole one.
fn ceiling(minutes: i64) -> i64 {
    minutes
        .saturating_neg()
        .div_euclid(MINUTES_A_DAY)
        .saturating_neg()
}

/// The days of the calendar on which an end can lie, counted from that of its anchor. An end by the hour lies a day
/// earlier or later, as the time of day of its anchor has it.
fn edge_days(offset: Offset) -> Option<(i64, i64)> {
    let (least, most) = bounds(offset);
    let days = (least.div_euclid(MINUTES_A_DAY), ceiling(most));
    Some(if offset.class() == OffsetClass::Clock {
        (days.0.checked_sub(1)?, days.1.checked_add(1)?)
    } else {
        days
    })
}
