//! When the milestones of a made-up patient are.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use lind_model::MilestoneId;
use lind_model::plan::Plan;
use lind_model::protocol::{Anchor, Window};
use lind_records::Table;
use lind_time::{Day, Edge, When};

use crate::patient::{Examples, Patient, Row};
use crate::questions::{Side, is_due};

/// When the milestones are, up to the gate that is asked.
#[derive(Debug, Clone)]
pub(crate) struct Calendar {
    days: BTreeMap<Arc<str>, Day>,
    rows: Vec<Row>,
    /// The day of the gate.
    pub(crate) gate: Day,
    /// Whether only those are asked about whose milestones are on these days.
    pub(crate) is_fixed: bool,
}

/// Which milestones fall on one day: each of some against the next of them.
///
/// Milestones that follow each other may fall on one day, or days may lie between them. No patient of the one sort
/// answers for those of the other: what ends on the day of both ends on or before the first and not before the second.
#[derive(Debug, Clone, Default)]
pub(crate) struct Arrangement {
    /// The milestones, in their order.
    moments: Vec<Arc<str>>,
    /// Whether each but the first falls on the day of the one before it.
    is_same_day: Vec<bool>,
}

impl Arrangement {
    /// Every arrangement of milestones that follow each other in this order. Of so many that there are too many, none.
    pub(crate) fn all(moments: &[Arc<str>], most_steps: usize) -> Option<Vec<Self>> {
        let steps = moments.len().saturating_sub(1);
        (steps <= most_steps).then(|| {
            (0..1_usize << steps)
                .map(|which| Self {
                    moments: moments.to_vec(),
                    is_same_day: (0..steps).map(|step| which >> step & 1 == 1).collect(),
                })
                .collect()
        })
    }

    /// The days of milestones in their order, with these as arranged; the last one stays.
    fn apply(&self, names: &[Arc<str>], days: &mut [Day]) {
        let mut gaps: Vec<i64> = days
            .windows(2)
            .map(|pair| match pair {
                [one, other] => one.days_until(*other),
                _ => 0,
            })
            .collect();
        let place = |moment: &Arc<str>| names.iter().position(|name| name == moment);
        for (pair, is_same_day) in self.moments.windows(2).zip(&self.is_same_day) {
            let [one, other] = pair else { continue };
            let (Some(from), Some(to)) = (place(one), place(other)) else {
                continue;
            };
            let Some(between) = gaps.get_mut(from..to) else {
                continue;
            };
            if *is_same_day {
                between.fill(0);
            } else {
                // At least one day lies between them.
                let missing = 2 - between.iter().sum::<i64>();
                if let Some(last) = between.last_mut() {
                    *last += missing.max(0);
                }
            }
        }
        let mut later = days.last().copied();
        for (day, gap) in days.iter_mut().rev().skip(1).zip(gaps.iter().rev()) {
            later = later.and_then(|later| later.add_days(-gap));
            *day = later.unwrap_or(*day);
        }
    }
}

impl Calendar {
    /// The gate on a day. What comes before it is when it is for a patient of a test who got so far, since that is
    /// how the trial goes; or else a day earlier each.
    pub(crate) fn new(sides: [&Side; 2], gate: Day, examples: &Examples<'_>) -> Self {
        Self::arranged(sides, gate, examples, &Arrangement::default())
    }

    /// The same with some milestones arranged.
    pub(crate) fn arranged(
        sides: [&Side; 2],
        gate: Day,
        examples: &Examples<'_>,
        arrangement: &Arrangement,
    ) -> Self {
        let mut order: Vec<(Arc<str>, Row)> = Vec::new();
        for side in sides {
            let mut place = 0;
            for (index, milestone) in side.plan.protocol.milestones.iter().enumerate() {
                let id = MilestoneId::from_index(index);
                let trial = &side.plan.protocol.trial;
                if milestone.same_as.is_some()
                    || trial.is_of_the_day(id)
                    || !is_due(&side.plan, id, side.gate)
                {
                    continue;
                }
                if let Some(known) = order.iter().position(|(name, _)| *name == milestone.name) {
                    place = known.saturating_add(1);
                    continue;
                }
                let row = if trial.visit_of(id).is_some() {
                    Row::new(Table::Visits, &*milestone.name).with("start", "")
                } else {
                    let time = if milestone.timed { "T09:00" } else { "" };
                    Row::new(Table::Milestones, &*milestone.name).with("time", time)
                };
                order.insert(place.min(order.len()), (Arc::clone(&milestone.name), row));
                place = place.saturating_add(1);
            }
        }
        let count = i64::try_from(order.len()).unwrap_or(0);
        let mut days = BTreeMap::new();
        let mut rows = Vec::with_capacity(order.len());
        let names: Vec<Arc<str>> = order.iter().map(|(name, _)| Arc::clone(name)).collect();
        let of_example = examples.iter().find_map(|example| {
            let days: Option<Vec<Day>> = order
                .iter()
                .map(|(_, row)| {
                    let own = example
                        .rows
                        .iter()
                        .find(|own| own.table == row.table && own.about() == row.about())?;
                    let text = match row.table {
                        Table::Visits => own.text("start"),
                        _ => own.text("time"),
                    };
                    Some(When::parse(text).ok()?.first_day())
                })
                .collect();
            days.filter(|days| days.is_sorted() && days.last() == Some(&gate))
        });
        let mut of_order: Vec<Day> = of_example.unwrap_or_else(|| {
            (1..=count)
                .map(|place| gate.add_days(place - count).unwrap_or(gate))
                .collect()
        });
        arrangement.apply(&names, &mut of_order);
        for ((name, mut row), day) in order.into_iter().zip(of_order) {
            for (column, text) in &mut row.cells {
                if matches!(*column, "time" | "start") {
                    *text = format!("{day}{text}");
                }
            }
            rows.push(row);
            days.insert(name, day);
        }
        Self {
            days,
            rows,
            gate,
            is_fixed: false,
        }
    }

    /// Everything up to the gate on one day, and nobody else asked about.
    pub(crate) fn of_one_day(side: &Side, day: Day) -> Self {
        let mut calendar = Self::new([side, side], day, &Examples::none());
        for own in calendar.days.values_mut() {
            *own = day;
        }
        for row in &mut calendar.rows {
            for (column, text) in &mut row.cells {
                if matches!(*column, "time" | "start") {
                    let time = text.get(10..).unwrap_or_default();
                    *text = format!("{day}{time}");
                }
            }
        }
        calendar.is_fixed = true;
        calendar
    }

    /// Some milestones, in their order on this calendar.
    pub(crate) fn in_order(&self, moments: &BTreeSet<&str>) -> Vec<Arc<str>> {
        let own = self.rows.iter().map(Row::about);
        own.filter(|name| moments.contains(name))
            .map(Arc::from)
            .collect()
    }

    /// The same so many days later.
    fn later(&self, by: i64) -> Option<Self> {
        let days = self.days.iter();
        let days = days.map(|(name, day)| Some((Arc::clone(name), day.add_days(by)?)));
        Some(Self {
            days: days.collect::<Option<_>>()?,
            rows: Vec::new(),
            gate: self.gate.add_days(by)?,
            is_fixed: self.is_fixed,
        })
    }

    /// Gates on which windows of both versions reach differently far: one for each order in which their ends may come,
    /// since a month is shorter or longer than so many days. The first is that of this calendar.
    pub(crate) fn gates(&self, windows: &[(&Plan, &Window)]) -> Vec<Day> {
        if windows.is_empty() {
            return vec![self.gate];
        }
        let mut different: Vec<(&Plan, &Window)> = Vec::new();
        for (plan, window) in windows {
            let is_known = |own: &(&Plan, &Window)| std::ptr::eq(own.0, *plan) && own.1 == *window;
            if !different.iter().any(is_known) {
                different.push((plan, window));
            }
        }
        let mut seen: BTreeSet<Vec<std::cmp::Ordering>> = BTreeSet::new();
        let mut found = Vec::new();
        // Four years: with a leap day.
        for by in 0..1461 {
            let Some(calendar) = self.later(by) else {
                break;
            };
            let cuts: Vec<Day> = different
                .iter()
                .flat_map(|(plan, window)| calendar.cuts(plan, window).unwrap_or_default())
                .collect();
            let order: Vec<std::cmp::Ordering> = cuts
                .iter()
                .enumerate()
                .flat_map(|(place, one)| cuts.iter().skip(place).map(move |other| one.cmp(other)))
                .collect();
            if seen.insert(order) {
                found.push(calendar.gate);
            }
            if found.len() == MOST_GATES {
                break;
            }
        }
        found
    }

    /// The patient of whom nothing is known but when the milestones were.
    pub(crate) fn patient(&self) -> Patient {
        Patient {
            rows: self.rows.clone(),
            ..Patient::default()
        }
    }

    pub(crate) fn first(&self) -> Day {
        self.days.values().min().copied().unwrap_or(self.gate)
    }

    /// The name of a milestone, or of the one whose time it has.
    pub(crate) fn name<'p>(&self, plan: &'p Plan, id: MilestoneId) -> Option<&'p str> {
        let milestones = &plan.protocol.milestones;
        let stated = milestones.get(id.index())?;
        let own = stated.same_as.and_then(|same| milestones.get(same.index()));
        Some(&own.unwrap_or(stated).name)
    }

    /// When a milestone is; none if it does not come before the gate.
    pub(crate) fn day(&self, plan: &Plan, id: MilestoneId) -> Option<Day> {
        self.days.get(self.name(plan, id)?).copied()
    }

    /// The day of a gate and the day after it: what is later is not known there.
    pub(crate) fn around(&self, plan: &Plan, gate: MilestoneId) -> Vec<Day> {
        let day = self.day(plan, gate);
        let after = day.and_then(|day| day.add_days(1));
        day.into_iter().chain(after).collect()
    }

    fn anchor(&self, plan: &Plan, anchor: &Anchor) -> Option<Day> {
        match anchor {
            Anchor::Milestone(id) => self.day(plan, *id),
            Anchor::Date(day) => Some(*day),
            Anchor::Sample | Anchor::Record(..) | Anchor::Chosen(_) => None,
        }
    }

    /// The days on which something begins to be in a window, or ceases to be. None if that depends on more than days.
    pub(crate) fn cuts(&self, plan: &Plan, window: &Window) -> Option<Vec<Day>> {
        match window {
            Window::Around { .. } | Window::Between { .. } => {
                let (start, end) = self.reach(plan, window)?;
                Some([start, end].into_iter().flatten().collect())
            }
            Window::Either(a, b) | Window::Both(a, b) => {
                let mut cuts = self.cuts(plan, a)?;
                cuts.extend(self.cuts(plan, b)?);
                Some(cuts)
            }
            Window::HalfLives { .. } => None,
        }
    }

    /// From which day a window reaches, and from which on no longer. None if that depends on more than days, or if it
    /// is more than one stretch.
    pub(crate) fn reach(&self, plan: &Plan, window: &Window) -> Option<(Option<Day>, Option<Day>)> {
        match window {
            Window::Around { anchor, window, .. } => {
                let resolved = window.resolve(&When::from_day(self.anchor(plan, anchor)?));
                let certain = resolved.certain()?;
                if resolved.grain() != lind_time::Grain::Day {
                    return None;
                }
                let start = certain.start.map(lind_time::Instant::day);
                Some((start, certain.end.map(lind_time::Instant::day)))
            }
            Window::Between { from, to } => Some((
                Some(self.anchor(plan, from)?),
                Some(self.anchor(plan, to)?.add_days(1)?),
            )),
            Window::Either(..) | Window::Both(..) | Window::HalfLives { .. } => None,
        }
    }

    /// The slices into which days cut the time up to the gate: in each, a day that stands for all of them; older first.
    pub(crate) fn slices(&self, cuts: Vec<Day>) -> Vec<Day> {
        let slices = self.slices_with_room(cuts).into_iter();
        slices.map(|(day, _)| day).collect()
    }

    /// The same, each with another day of the slice, if it has one.
    pub(crate) fn slices_with_room(&self, mut cuts: Vec<Day>) -> Vec<(Day, Option<Day>)> {
        cuts.retain(|cut| *cut <= self.gate);
        cuts.sort_unstable();
        cuts.dedup();
        let mut slices = Vec::with_capacity(cuts.len().saturating_add(1));
        let mut after = cuts.iter();
        // What is older than everything has no beginning.
        let endless = |day: Day| (day, day.add_days(-1));
        if let Some(first) = cuts.first() {
            slices.extend(first.add_days(-30).map(endless));
        }
        after.next();
        for cut in &cuts {
            let last = after
                .next()
                .and_then(|next| next.add_days(-1))
                .unwrap_or(self.gate);
            // In the middle: neither end is nearer to a limit.
            let middle = cut.add_days(cut.days_until(last) / 2);
            let other = middle.and_then(|day| day.add_days(1));
            slices.extend(middle.map(|day| (day, other.filter(|other| *other <= last))));
        }
        if cuts.is_empty() {
            slices.extend(self.gate.add_days(-7).map(endless));
        }
        slices
    }
}

/// How many gates are tried.
const MOST_GATES: usize = 5;

/// In which classes of length windows are counted: in calendar months, and in days or less.
pub(crate) fn classes(window: &Window) -> (bool, bool) {
    match window {
        Window::Around { window, .. } => {
            let mut found = (false, false);
            for edge in [window.from, window.to] {
                match edge {
                    Edge::At { offset, .. } if offset.is_zero() => {}
                    Edge::At { offset, .. } => {
                        let months = offset.class() == lind_time::OffsetClass::Calendar;
                        found.0 |= months;
                        found.1 |= !months;
                    }
                    Edge::Unbounded => {}
                }
            }
            found
        }
        Window::Either(a, b) | Window::Both(a, b) => {
            let (a, b) = (classes(a), classes(b));
            (a.0 || b.0, a.1 || b.1)
        }
        Window::Between { .. } | Window::HalfLives { .. } => (false, false),
    }
}

/// Whether a window reaches so and so far from what it leans on, rather than from one moment to another.
pub(crate) fn has_length(window: &Window) -> bool {
    let (months, days) = classes(window);
    months || days || matches!(window, Window::HalfLives { .. })
}
