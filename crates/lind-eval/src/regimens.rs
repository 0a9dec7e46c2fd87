//! What rows of one fact come to together, day by day: steady doses, total doses, stretches with gaps.
//!
//! Of a day it is known which rows certainly went on and which possibly did, so its dose lies between two
//! bounds. Everything is decided from these bounds.

use std::ops::ControlFlow;

use lind_model::plan::FilterPlan;
use lind_model::protocol::{Interval, Tense};
use lind_records::{CodeId, UnitId};
use lind_time::{MonthEnd, Offset, Tri};
use lind_units::{Exact, Unit};

use crate::doses::times_a_day;
use crate::durations::{lasted_between, later};
use crate::facts::{Asked, Doubt};
use crate::moments::{Moment, tri};
use crate::rows::{Extent, Fields, Row};
use crate::steps::{DoseStep, FilterStep, is_rate, per_day};
use crate::totals::{certain_days, possible_days};
use crate::trace::{Note, Silent, Trace};
use crate::view::View;
use crate::windows::{Placed, Prepared};

const SECONDS_PER_DAY: i64 = 86_400;
/// Before and after every day that is asked.
const EVER_BEFORE: i64 = i64::MIN / 4;
const EVER_AFTER: i64 = i64::MAX / 4;

/// A first and a last day, both included.
type Days = (i64, i64);

/// A row with the days on which it went on.
#[derive(Debug)]
pub(crate) struct Entry {
    code: CodeId,
    member: Tri,
    begin: Days,
    /// None: it is not over.
    end: Option<Days>,
    certain: Option<Days>,
    possible: Option<Days>,
    /// The dose a day, in a unit that all entries of a sum share; none if it is not known.
    dose: Option<Exact>,
    unit: Option<UnitId>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Change {
    CertainBegins,
    CertainEnds,
    PossibleBegins,
    PossibleEnds,
}

/// Memory for what rows come to together; used again from fact to fact.
#[derive(Debug, Default)]
pub(crate) struct Regimens {
    entries: Vec<Entry>,
    events: Vec<(i64, usize, Change)>,
    /// By filter and code: whether the dose was steady.
    steady: Vec<(usize, CodeId, Tri)>,
    /// By filter: stretches that certainly went on, and those that possibly did.
    stretches: Vec<(usize, bool, Days)>,
}

/// What is taken on a day.
struct Sum {
    low: Exact,
    high: Exact,
    /// How many rows of unknown dose possibly went on.
    unknown: usize,
    certain: usize,
    possible: usize,
}

impl Sum {
    const fn nothing(zero: Exact, other: Exact) -> Self {
        Self {
            low: zero,
            high: other,
            unknown: 0,
            certain: 0,
            possible: 0,
        }
    }

    /// The most that it can be; none if there is no most.
    fn most(&self) -> Option<&Exact> {
        (self.unknown == 0).then_some(&self.high)
    }

    fn known(&self) -> Option<&Exact> {
        self.most().filter(|most| **most == self.low)
    }

    fn change(&mut self, entry: &Entry, change: Change) {
        match change {
            Change::CertainBegins => {
                self.certain += 1;
                if let Some(dose) = &entry.dose {
                    self.low = self.low.add(dose);
                }
            }
            Change::CertainEnds => {
                self.certain = self.certain.saturating_sub(1);
                if let Some(dose) = &entry.dose {
                    self.low = self.low.sub(dose);
                }
            }
            Change::PossibleBegins => {
                self.possible += 1;
                match &entry.dose {
                    Some(dose) => self.high = self.high.add(dose),
                    None => self.unknown += 1,
                }
            }
            Change::PossibleEnds => {
                self.possible = self.possible.saturating_sub(1);
                match &entry.dose {
                    Some(dose) => self.high = self.high.sub(dose),
                    None => self.unknown = self.unknown.saturating_sub(1),
                }
            }
        }
    }
}

/// The days on which something may have begun, no later than it ended, and those on which it may have ended;
/// none if it is not over.
fn known_days(extent: &Extent) -> (Days, Option<Days>) {
    let (first, last) = extent.begin.days();
    let end = extent.end().map(Moment::days);
    match end {
        Some((_, ended)) if first <= ended => ((first, last.min(ended)), end),
        _ => ((first, last), end),
    }
}

/// Visits the stretches of days on which the same rows go on, in order.
fn sweep(
    entries: &[Entry],
    events: &mut Vec<(i64, usize, Change)>,
    mut visit: impl FnMut(Days, &Sum),
) {
    events.clear();
    for (index, entry) in entries.iter().enumerate() {
        if let Some((first, last)) = entry.certain {
            events.push((first, index, Change::CertainBegins));
            events.push((last.saturating_add(1), index, Change::CertainEnds));
        }
        if let Some((first, last)) = entry.possible {
            events.push((first, index, Change::PossibleBegins));
            events.push((last.saturating_add(1), index, Change::PossibleEnds));
        }
    }
    events.sort_unstable();
    let mut sum = Sum::nothing(Exact::zero(), Exact::zero());
    let mut since = EVER_BEFORE;
    for (day, index, change) in events.iter() {
        if *day > since {
            visit((since, day.saturating_sub(1)), &sum);
            since = *day;
        }
        if let Some(entry) = entries.get(*index) {
            sum.change(entry, *change);
        }
    }
    visit((since, EVER_AFTER), &sum);
}

const fn meet(a: Days, b: Days) -> bool {
    a.0 <= b.1 && b.0 <= a.1
}

fn within(inner: Days, outer: Option<Days>) -> bool {
    outer.is_some_and(|outer| outer.0 <= inner.0 && inner.1 <= outer.1)
}

/// Takes the last day from a row if another row of the sum begins on it: the one hands over to the other.
fn hand_over(entries: &mut [Entry]) {
    for index in 0..entries.len() {
        let Some(entry) = entries.get(index) else {
            continue;
        };
        let Some(end) = entry.end else { continue };
        let others = || {
            entries
                .iter()
                .enumerate()
                .filter(move |(other, _)| *other != index)
                .map(|(_, other)| other)
        };
        let may = entry.certain.is_some_and(|(_, last)| {
            last == end.0
                && entry.begin.0 < last
                && others().any(|other| {
                    other.member != Tri::No && other.begin.0 <= last && last <= other.begin.1
                })
        });
        let does = entry.possible.is_some_and(|(_, last)| {
            end == (last, last)
                && entry.begin.1 < last
                && others().any(|other| other.member == Tri::Yes && other.begin == (last, last))
        });
        let shorten = |days: Option<Days>| {
            days.map(|(first, last)| (first, last.saturating_sub(1)))
                .filter(|(first, last)| first <= last)
        };
        if let Some(entry) = entries.get_mut(index) {
            if may {
                entry.certain = shorten(entry.certain);
            }
            if does {
                entry.possible = shorten(entry.possible);
            }
        }
    }
}

/// The days on which a dose is asked to be steady.
#[derive(Clone, Copy)]
struct Stretch {
    certain: Option<Days>,
    possible: Option<Days>,
}

/// Whether the dose stayed the same, or did not rise.
fn steady(
    entries: &[Entry],
    events: &mut Vec<(i64, usize, Change)>,
    days: Stretch,
    may_fall: bool,
) -> Tri {
    let Some(possible) = days.possible else {
        return Tri::Maybe;
    };
    let mut known = true;
    let mut before: Option<Exact> = None;
    let mut differs = false;
    let mut least_most: Option<Exact> = None;
    let mut greatest_low: Option<Exact> = None;
    let mut was_nothing = false;
    sweep(entries, events, |stretch, sum| {
        if meet(stretch, possible) {
            known &= may_fall || sum.certain > 0;
            match sum.known() {
                Some(dose) => {
                    known &= before
                        .as_ref()
                        .is_none_or(|before| before == dose || (may_fall && dose < before));
                    before = Some(dose.clone());
                }
                None => known = false,
            }
        }
        if days.certain.is_some_and(|certain| meet(stretch, certain)) {
            let nothing = sum.possible == 0;
            if may_fall {
                let rises = least_most.as_ref().is_some_and(|most| sum.low > *most);
                differs |= rises || (was_nothing && sum.certain > 0);
            } else {
                differs |= nothing;
                if greatest_low.as_ref().is_none_or(|low| sum.low > *low) {
                    greatest_low = Some(sum.low.clone());
                }
            }
            was_nothing |= nothing;
            if let Some(most) = sum.most()
                && least_most.as_ref().is_none_or(|least| most < least)
            {
                least_most = Some(most.clone());
            }
        }
    });
    if let (false, Some(low), Some(most)) = (may_fall, &greatest_low, &least_most) {
        differs |= low > most;
    }
    // Whatever the doses are: nothing begins, and nothing ends where that counts.
    let mut meeting = entries
        .iter()
        .filter(|entry| entry.possible.is_some_and(|days| meet(days, possible)))
        .peekable();
    let same_rows = if may_fall {
        meeting.all(|entry| within((possible.0, possible.0), entry.certain))
    } else {
        meeting.peek().is_some() && meeting.all(|entry| within(possible, entry.certain))
    };
    tri(known || same_rows, differs)
}

/// Merges days that are no further apart than the gap; `days` is sorted.
fn merge(days: &mut Vec<Days>, gap: Offset, mut visit: impl FnMut(Days)) {
    days.sort_unstable();
    let mut open: Option<Days> = None;
    for (first, last) in days.drain(..) {
        open = Some(match open {
            Some((begin, end)) if first <= later(end, gap, MonthEnd::LastDay).saturating_add(1) => {
                (begin, end.max(last))
            }
            Some(done) => {
                visit(done);
                (first, last)
            }
            None => (first, last),
        });
    }
    if let Some(done) = open {
        visit(done);
    }
}

impl Regimens {
    pub(crate) fn clear(&mut self) {
        self.entries.clear();
        self.steady.clear();
        self.stretches.clear();
    }

    fn of_code(&self, filter: usize, code: CodeId) -> Tri {
        self.steady
            .iter()
            .find(|(of, other, _)| *of == filter && *other == code)
            .map_or(Tri::Maybe, |(_, _, one)| *one)
    }

    fn stretch(&self, filter: usize, certain: bool, days: Option<Days>) -> Option<Days> {
        let (first, _) = days?;
        self.stretches
            .iter()
            .find(|(of, sure, (begin, end))| {
                *of == filter && *sure == certain && *begin <= first && first <= *end
            })
            .map(|(_, _, days)| *days)
    }
}

impl<'c> Asked<'_, 'c> {
    /// Decides what is asked of rows together, before each row is asked.
    pub(crate) fn prepare(&self, regimens: &mut Regimens, days: &mut Vec<Days>) {
        regimens.clear();
        for (index, (filter, step)) in self.plan.filters.iter().zip(&self.step.filters).enumerate()
        {
            match (filter, step) {
                (FilterPlan::Stretch { gap, .. }, _) => {
                    self.stretches(index, *gap, regimens, days);
                }
                (FilterPlan::Steady(plan), FilterStep::Steady(dose)) => {
                    let window = self.view.prepare(&plan.window, None);
                    let days = self.days(&window, plan.and_day_before);
                    let lacks = self.may_be_elsewhere(0, &mut Silent);
                    self.collect(regimens, |row, member| match dose {
                        Some(dose) => (self.view.daily_dose(row, dose).ok(), member),
                        None => (self.plain_dose(row), member),
                    });
                    let Regimens {
                        entries,
                        events,
                        steady: answers,
                        ..
                    } = regimens;
                    let mut decide = |group: &mut [Entry], code: CodeId| {
                        let one = if lacks {
                            Tri::Maybe
                        } else {
                            hand_over(group);
                            steady(group, events, days, plan.may_fall)
                        };
                        answers.push((index, code, one));
                    };
                    if dose.is_some() {
                        // All drugs count as one.
                        let codes: usize = entries.len();
                        let first = entries.first().map(|entry| entry.code);
                        if let Some(code) = first {
                            decide(entries, code);
                        }
                        let one = answers.last().map_or(Tri::Maybe, |(_, _, one)| *one);
                        for place in 1..codes {
                            if let Some(entry) = entries.get(place) {
                                answers.push((index, entry.code, one));
                            }
                        }
                    } else {
                        entries.sort_by_key(|entry| entry.code);
                        for group in entries.chunk_by_mut(|a, b| a.code == b.code) {
                            self.in_one_unit(group);
                            if let Some(code) = group.first().map(|entry| entry.code) {
                                decide(group, code);
                            }
                        }
                    }
                    answers.dedup();
                }
                _ => {}
            }
        }
    }

    /// The rows with the days on which they go on.
    fn collect(
        &self,
        regimens: &mut Regimens,
        mut dose: impl FnMut(&Row<'c>, Tri) -> (Option<Exact>, Tri),
    ) {
        regimens.entries.clear();
        let _ = self.view.rows(self.step.source, |row| {
            let extent = self.view.extent(&row);
            let (dose, member) = dose(&row, self.identity(&row));
            let (begin, end) = known_days(&extent);
            let (first, last) = end.unwrap_or((EVER_AFTER, EVER_AFTER));
            let certain = (member == Tri::Yes && begin.1 <= first).then_some((begin.1, first));
            // A row that ends before it begins went on at some time between the two.
            let possible = if begin.0 <= last {
                (begin.0, last)
            } else {
                (first, begin.1)
            };
            let unit = match row.fields {
                Fields::Treatment(treatment) => treatment.unit,
                _ => None,
            };
            regimens.entries.push(Entry {
                code: row.code,
                member,
                begin,
                end,
                certain,
                possible: (member != Tri::No).then_some(possible),
                // What is not positive is no dose that could be added up.
                dose: dose.filter(|dose| dose.signum() >= 0),
                unit,
            });
            ControlFlow::Continue(())
        });
    }

    /// Whether a row is of what the fact names, whenever it was and however long: its fields, that it is no
    /// exception, that it is known by the gate.
    fn identity(&self, row: &Row<'c>) -> Tri {
        let extent = self.view.extent(row);
        let mut member = self.view.known(extent.begin);
        let _ = self.each_field(row, &extent, &mut |_, one| {
            member = member.and(one);
            true
        });
        member
    }

    /// The same, with the daily dose and the line that are asked: a stretch on 10 mg holds no day on 5 mg.
    fn identity_in_a_stretch(&self, row: &Row<'c>) -> Tri {
        let extent = self.view.extent(row);
        let mut member = self.identity(row);
        for (filter, step) in self.plan.filters.iter().zip(&self.step.filters) {
            if let FilterPlan::Dose { .. } | FilterPlan::Line(..) = filter
                && let Some((_, one)) = self.view.filter(row, &extent, filter, step)
            {
                member = member.and(one);
            }
        }
        member
    }

    /// The dose a day, in the unit in which it is recorded.
    fn plain_dose(&self, row: &Row<'_>) -> Option<Exact> {
        let Fields::Treatment(treatment) = row.fields else {
            return None;
        };
        let context = self.view.context;
        let unit = context.units.get(treatment.unit?)?;
        let times = match (treatment.frequency, is_rate(unit)) {
            (None, true) => Exact::one(),
            (Some(frequency), false) => times_a_day(context.symbols.text(frequency))?,
            _ => return None,
        };
        Some(treatment.dose?.to_exact().mul(&times))
    }

    /// Brings the doses of a group into one unit; if they have none in common, none is known.
    fn in_one_unit(&self, group: &mut [Entry]) {
        let first = group
            .iter()
            .find(|entry| entry.dose.is_some())
            .and_then(|entry| entry.unit);
        let Some(first) = first else { return };
        if group
            .iter()
            .all(|entry| entry.dose.is_none() || entry.unit == Some(first))
        {
            return;
        }
        let daily = |unit: UnitId| -> Option<Unit> { per_day(self.view.context.units.get(unit)?) };
        let target = daily(first);
        let convert = |entry: &Entry| -> Option<Exact> {
            let unit = daily(entry.unit?)?;
            unit.convert(entry.dose.as_ref()?, target.as_ref()?, None)
                .ok()
        };
        let comparable = group
            .iter()
            .all(|entry| entry.dose.is_none() || convert(entry).is_some());
        for entry in group {
            entry.dose = if comparable { convert(entry) } else { None };
        }
    }

    fn stretches(&self, index: usize, gap: Offset, regimens: &mut Regimens, days: &mut Vec<Days>) {
        let gate = (self.view.time.first_day(), self.view.time.last_day());
        for sure in [true, false] {
            days.clear();
            let _ = self.view.rows(self.step.source, |row| {
                let extent = self.view.extent(&row);
                let counted = match (sure, self.identity_in_a_stretch(&row)) {
                    (true, Tri::Yes) => certain_days(&extent, gate.0),
                    (false, Tri::Yes | Tri::Maybe) => possible_days(&extent, gate.1),
                    _ => None,
                };
                days.extend(counted);
                ControlFlow::Continue(())
            });
            merge(days, gap, |stretch| {
                regimens.stretches.push((index, sure, stretch));
            });
        }
    }

    /// Whether the stretch of a row lasted so long.
    pub(crate) fn stretch_lasted(&self, index: usize, row: &Row<'c>) -> Tri {
        let Some(FilterPlan::Stretch { lasting, .. }) = self.plan.filters.get(index) else {
            return Tri::Maybe;
        };
        let extent = self.view.extent(row);
        let gate = self.view.gate_moment().days();
        let (own_begin, own_end) = known_days(&extent);
        let own_end = own_end.map_or(gate, |(first, last)| (first.min(gate.0), last.min(gate.1)));
        let certain = certain_days(&extent, self.view.time.first_day())
            .filter(|_| self.identity_in_a_stretch(row) == Tri::Yes);
        let certain = self.regimens.stretch(index, true, certain);
        let possible = possible_days(&extent, self.view.time.last_day());
        let possible = self.regimens.stretch(index, false, possible);
        let begin = (
            possible.map_or(own_begin.0, |days| days.0.min(own_begin.0)),
            certain.map_or(own_begin.1, |days| days.0),
        );
        let end = (
            certain.map_or(own_end.0, |days| days.1),
            possible.map_or(own_end.1, |days| days.1.max(own_end.1)),
        );
        lasted_between(begin, end, *lasting, MonthEnd::LastDay)
    }

    /// Whether the dose of a row's drug was steady.
    pub(crate) fn was_steady(&self, index: usize, row: &Row<'_>) -> Tri {
        self.regimens.of_code(index, row.code)
    }

    /// The days of a window up to the gate.
    fn days(&self, window: &Prepared<'_>, and_day_before: bool) -> Stretch {
        let gate = self.view.gate_moment().days();
        let clipped = |days: Option<Days>, gate: i64| {
            days.map(|(first, last)| (first, last.min(gate)))
                .filter(|(first, last)| first <= last)
                .map(|(first, last)| (first - i64::from(and_day_before), last))
        };
        let (certain, possible) = match window {
            Prepared::Around(resolved) => (
                resolved.certain().map(days_of),
                resolved.hull().map(days_of),
            ),
            Prepared::Between(Placed::At(from), Placed::At(to)) => {
                let (from, to) = (Moment::at(*from).days(), Moment::at(*to).days());
                (Some((from.1, to.0)), Some((from.0, to.1)))
            }
            Prepared::Everything => {
                let ever = Some((EVER_BEFORE, EVER_AFTER));
                (ever, ever)
            }
            Prepared::Nothing(_) => (None, None),
            _ => (None, Some((EVER_BEFORE, EVER_AFTER))),
        };
        Stretch {
            certain: clipped(certain, gate.0),
            possible: clipped(possible, gate.1),
        }
    }

    /// Whether some day of a stretch may lie in the window of the fact. (An uncertain anchor can leave days
    /// out between those that may.)
    fn may_meet(&self, stretch: Days) -> bool {
        let (_, gate) = self.view.gate_moment().days();
        match self.window {
            Prepared::Around(resolved) => resolved
                .possible()
                .map(days_of)
                .any(|(first, last)| meet(stretch, (first, last.min(gate))) && first <= gate),
            _ => true,
        }
    }

    /// Whether the daily doses of all rows together lie in an interval, on a day that is asked.
    pub(crate) fn total_dose<T: Trace<'c>>(
        &self,
        interval: &Interval,
        dose: &DoseStep,
        regimens: &mut Regimens,
        trace: &mut T,
    ) -> Tri {
        let lacks = self.may_be_elsewhere(0, trace);
        self.collect(regimens, |row, _| {
            let extent = self.view.extent(row);
            let mut member = self.view.known(extent.begin);
            let _ = self.each_condition(row, &extent, &mut |doubt, one| {
                if doubt != Doubt::Time {
                    member = member.and(one);
                }
                true
            });
            (self.view.daily_dose(row, dose).ok(), member)
        });
        if T::ON {
            let _ = self.view.rows(self.step.source, |row| {
                let membership = self.membership(&row, trace).all;
                trace.note(|| Note::Row { row, membership });
                ControlFlow::Continue(())
            });
        }
        let Regimens {
            entries, events, ..
        } = regimens;
        hand_over(entries);
        let gate = self.view.gate_moment().days();
        let now = self.plan.tense == Tense::Now;
        let days = self.days(self.window, false);
        let mut common: Option<Tri> = None;
        let mut any = Tri::No;
        sweep(entries, events, |stretch, sum| {
            let asked = if now { Some(gate) } else { days.possible };
            let Some(asked) = asked.filter(|asked| meet(stretch, *asked)) else {
                return;
            };
            if !now && !self.may_meet(stretch) {
                return;
            }
            let one = lies_in(sum, interval, lacks);
            common = Some(match common {
                Some(other) if other != one => Tri::Maybe,
                _ => one,
            });
            let surely = days.certain.is_some_and(|certain| meet(stretch, certain));
            any = any.or(one.and(if surely { Tri::Yes } else { Tri::Maybe }));
            trace.note(|| Note::TotalDose {
                from: stretch.0.max(asked.0),
                to: stretch.1.min(asked.1),
                least: sum.low.clone(),
                most: sum.most().filter(|_| !lacks).cloned(),
                outcome: one,
            });
        });
        if now {
            common.unwrap_or(Tri::Maybe)
        } else {
            any
        }
    }
}

/// Whether something is taken whose sum lies in an interval.
fn lies_in(sum: &Sum, interval: &Interval, lacks: bool) -> Tri {
    let taken = tri(sum.certain > 0, sum.possible == 0 && !lacks);
    let most = sum.most().filter(|_| !lacks);
    let always = interval.contains(&sum.low)
        && most.map_or(interval.high.is_none(), |most| interval.contains(most));
    let above = interval
        .high
        .as_ref()
        .is_some_and(|(high, closed)| sum.low > *high || (!closed && sum.low == *high));
    let below = match (&interval.low, most) {
        (Some((low, closed)), Some(most)) => most < low || (!closed && most == low),
        _ => false,
    };
    taken.and(tri(always, above || below))
}

/// The civil days of an interval of instants.
fn days_of(interval: lind_time::Interval) -> Days {
    (
        interval.start.map_or(EVER_BEFORE, |start| {
            start.seconds().div_euclid(SECONDS_PER_DAY)
        }),
        interval.end.map_or(EVER_AFTER, |end| {
            (end.seconds() - 1).div_euclid(SECONDS_PER_DAY)
        }),
    )
}

impl View<'_> {
    /// A day by its number.
    pub(crate) fn day_text(day: i64) -> String {
        i32::try_from(day)
            .ok()
            .and_then(|_| lind_time::Day::from_number(day))
            .map_or_else(|| "the beginning".to_owned(), |day| day.to_string())
    }
}
