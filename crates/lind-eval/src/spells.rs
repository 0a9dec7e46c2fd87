//! Spells: on how many days, and on how many in a row, a value passes a test.

use lind_model::plan::SpellPlan;
use lind_model::protocol::{Interval, Spell, SpellCount, Window};
use lind_model::{OpenKind, Truth};
use lind_time::Tri;
use lind_units::Exact;

use crate::candidates::{Candidate, Candidates, Rules};
use crate::facts::waits;
use crate::moments::{Moment, tri};
use crate::nodes::Walk;
use crate::numbers::lie_between;
use crate::own::reference;
use crate::steps::ValueStep;
use crate::trace::{Note, Spelled, Trace};
use crate::values::{Bound, Question, Side};
use crate::view::View;
use crate::windows::{Placed, Prepared};

const SECONDS_PER_DAY: i64 = 86_400;

/// The most days that are looked at one by one; a longer window is not counted.
const MOST_DAYS: i64 = 36_525;

/// A number of days, between two bounds, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct DayCount {
    /// At least so many.
    pub least: i64,
    /// At most so many.
    pub most: i64,
}

/// One day of a window, while its values are gathered, and then what it says.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Day {
    /// A value of that day certainly counts.
    sure: bool,
    /// A value may be of that day.
    perhaps: bool,
    /// What the lower bound of the test says of the value that counts, and the upper one.
    low: Tri,
    high: Tri,
    /// It may pass; it may fail.
    passes: bool,
    fails: bool,
}

impl Day {
    const fn outcome(&self) -> Tri {
        tri(!self.fails, !self.passes)
    }
}

/// Which value of a day counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Counts {
    Highest,
    Lowest,
    /// They must agree.
    All,
}

/// The days of a window that may lie in it, from the first to the last, counted from 1970.
pub(crate) fn days_of(view: &View<'_>, window: &Window) -> Option<(i64, i64)> {
    let (first, last) = hull(view, window)?;
    let (_, gate) = view.gate_moment().days();
    let mut last = last?.min(gate);
    if let Some(death) = view.chart.death {
        last = last.min(Moment::at(death).days().1);
    }
    let first = first?;
    let count = last.checked_sub(first)?.checked_add(1)?;
    (1..=MOST_DAYS).contains(&count).then_some((first, last))
}

/// The first and the last day that may lie in a window; without an end where it has none, and none at all where
/// its anchors do not tell.
pub(crate) fn hull(view: &View<'_>, window: &Window) -> Option<(Option<i64>, Option<i64>)> {
    let gate = Some(i64::MAX);
    match view.prepare(window, None) {
        Prepared::Around(resolved) => {
            let hull = resolved.hull()?;
            let day = |second: i64| second.div_euclid(SECONDS_PER_DAY);
            Some((
                hull.start.map(|start| day(start.seconds())),
                // What has no end goes on up to the gate.
                hull.end
                    .map_or(gate, |end| Some(day(end.seconds().saturating_sub(1)))),
            ))
        }
        Prepared::Between(Placed::At(from), to) => {
            let last = match to {
                Placed::At(to) => Moment::at(to).days().1,
                Placed::Endless => i64::MAX,
                Placed::Nothing | Placed::Unknown => return None,
            };
            Some((Some(Moment::at(from).days().0), Some(last)))
        }
        Prepared::Both(a, b) => {
            let ((first, last), (other_first, other_last)) = (hull(view, a)?, hull(view, b)?);
            Some((first.max(other_first), last.min(other_last)))
        }
        _ => None,
    }
}

impl<'c, T: Trace<'c>> Walk<'_, 'c, T> {
    /// Whether a value passes its test on as many days.
    pub(crate) fn spell(&mut self, plan: &'c SpellPlan, step: &'c ValueStep) -> Truth {
        let rules = Rules {
            plans: &plan.samples,
            sources: &step.samples,
        };
        let spell = &plan.spell;
        if let Some(kind) = self.blocked(&[Some(&spell.window), spell.test.window()], rules) {
            return waits(kind);
        }
        let Some(count) = self.days_with(plan, step) else {
            return Truth::Open(OpenKind::Unknown);
        };
        let end = |days: i64| Some((Exact::from_integer(days), true));
        let days = Interval {
            low: end(count.least),
            high: end(count.most),
        };
        let (low, high) = (spell.days.low.as_ref(), spell.days.high.as_ref());
        let outcome = lie_between(&days, low, high);
        let enough = spell
            .evidence
            .is_none_or(|least| has_enough(&self.scratch.spell, least));
        // One day shows that it was so; that none was is more than silence only if there are enough.
        match outcome {
            Tri::Yes if spell.counted == SpellCount::WithValue && !enough => {
                Truth::Open(OpenKind::Unknown)
            }
            outcome => Truth::from_tri(outcome),
        }
    }

    /// On how many days it passes; none if no value certainly counts, or the window has no known days.
    pub(crate) fn days_with(
        &mut self,
        plan: &'c SpellPlan,
        step: &'c ValueStep,
    ) -> Option<DayCount> {
        let view = self.view;
        let spell = &plan.spell;
        self.trace.note(|| Note::Window(Some(&spell.window)));
        let measure = view.program.measure(spell.measure)?;
        let declared = view
            .program
            .protocol()
            .measures
            .get(spell.measure.index())?;
        let (first, last) = days_of(&view, &spell.window)?;
        let prepared = view.prepare(&spell.window, None);
        let candidates = Candidates {
            view,
            concept: measure.concept,
            specimen: measure.specimen,
            window: &prepared,
            rules: Rules {
                plans: &plan.samples,
                sources: &step.samples,
            },
            provenance: &step.provenance,
            time_of_day: None,
            evidence: None,
            repeats_count: false,
        };
        let reference = reference(&spell.test, measure, &candidates, self.trace);
        let question =
            Question::of(&spell.test, &step.test, measure).of_reference(reference.as_ref());
        let counts = match declared.worst_is_highest {
            Some(true) => Counts::Highest,
            Some(false) => Counts::Lowest,
            None => Counts::All,
        };
        let mut days = std::mem::take(&mut self.scratch.spell);
        days.clear();
        let nothing = |highest: bool| match (counts, highest) {
            // `any` begins with No, `every` with Yes.
            (Counts::Highest, true) | (Counts::Lowest, false) => Tri::No,
            (Counts::Highest, false) | (Counts::Lowest, true) => Tri::Yes,
            // Of those that must agree: whether every one passes, and whether any does.
            (Counts::All, true) => Tri::Yes,
            (Counts::All, false) => Tri::No,
        };
        let blank = Day {
            sure: false,
            perhaps: false,
            low: nothing(true),
            high: nothing(false),
            passes: false,
            fails: false,
        };
        days.extend((first..=last).map(|_| blank));
        gather(
            &candidates,
            &question,
            counts,
            (first, last),
            &mut days,
            self.trace,
        );
        let sure = settle(
            &view,
            spell,
            &question,
            counts,
            (&prepared, first),
            &mut days,
        );
        let count = sure.then(|| counted(spell, &days));
        if T::ON {
            let with_value = days.iter().filter(|day| day.sure).count();
            let open = days
                .iter()
                .filter(|day| day.outcome() == Tri::Maybe)
                .count();
            let stretch = match spell.counted {
                SpellCount::Longest { recovery } => {
                    let possible = count.is_some_and(|count| count.least == 0);
                    longest(&days, recovery, possible).1
                }
                _ => None,
            };
            let found = Spelled {
                count,
                days: days.len(),
                with_value,
                open,
                stretch: stretch
                    .map(|(from, to)| (from.saturating_add(first), to.saturating_add(first))),
            };
            self.trace.note(|| Note::Spell(found));
        }
        self.scratch.spell = days;
        count
    }
}

/// What the values say of each day.
fn gather<'c, T: Trace<'c>>(
    candidates: &Candidates<'_, 'c>,
    question: &Question<'_>,
    counts: Counts,
    (first, last): (i64, i64),
    days: &mut [Day],
    trace: &mut T,
) {
    let view = candidates.view;
    let mut add = |from: i64, to: i64, membership: Tri, low: Tri, high: Tri| {
        let membership = if from == to {
            membership
        } else {
            membership.and(Tri::Maybe)
        };
        let place = |day: i64| usize::try_from(day.saturating_sub(first)).unwrap_or(usize::MAX);
        let (begin, end) = (from.max(first), to.min(last));
        if begin > end {
            return;
        }
        for day in days
            .iter_mut()
            .take(place(end).saturating_add(1))
            .skip(place(begin))
        {
            day.sure |= membership == Tri::Yes;
            day.perhaps |= membership == Tri::Maybe;
            let any = |sum: Tri, outcome: Tri| sum.or(membership.and(outcome));
            let every = |sum: Tri, outcome: Tri| sum.and((!membership).or(outcome));
            (day.low, day.high) = match counts {
                Counts::Highest => (any(day.low, low), every(day.high, high)),
                Counts::Lowest => (every(day.low, low), any(day.high, high)),
                Counts::All => (day.low.and(low.and(high)), day.high.or(low.and(high))),
            };
        }
    };
    for row in candidates.rows() {
        let moment = candidates.moment(row);
        let place = candidates.place(row, moment, trace);
        let candidate = Candidate { row, moment, place };
        let membership = place.membership();
        if membership == Tri::No {
            trace.note(|| Note::Outside(candidate));
            continue;
        }
        let half = |side: Side| view.judge(&question.only(side), row).outcome;
        let judged = view.judge(question, row);
        trace.note(|| Note::Candidate {
            candidate,
            judged,
            decides: true,
        });
        let (from, to) = moment.days();
        add(from, to, membership, half(Side::Low), half(Side::High));
    }
    for (row, moment) in candidates.set_aside() {
        trace.note(|| Note::SetAside(row));
        let (from, to) = if row.time.is_some() {
            moment.days()
        } else {
            (first, last)
        };
        // Whether it counts is not known either.
        add(from, to, Tri::Maybe, Tri::Maybe, Tri::Maybe);
    }
}

/// What each day says, those without a value included; whether a value certainly counts at all.
fn settle(
    view: &View<'_>,
    spell: &Spell,
    question: &Question<'_>,
    counts: Counts,
    (window, first): (&Prepared<'_>, i64),
    days: &mut [Day],
) -> bool {
    let (low, high) = question.bounds().unwrap_or((None, None));
    let both = |low: Option<&Bound>, high: Option<&Bound>, day: &Day| match (counts, low, high) {
        (Counts::All, ..) => tri(day.low == Tri::Yes, day.high == Tri::No),
        (_, Some(_), Some(_)) => day.low.and(day.high),
        (_, Some(_), None) => day.low,
        (_, None, Some(_)) => day.high,
        (_, None, None) => Tri::Maybe,
    };
    let mut any = false;
    // What the last day with a value says, as long as days without one count as it does.
    let mut before: Option<(bool, bool)> = None;
    let mut place = 0;
    while let Some(day) = days.get(place).copied() {
        let (passes, fails) = if day.sure {
            any = true;
            let outcome = both(low, high, &day);
            let says = (outcome != Tri::No, outcome != Tri::Yes);
            let rest = days.get(place.saturating_add(1)..).unwrap_or_default();
            let gap = rest.iter().take_while(|day| !day.sure).count();
            let fills = u32::try_from(gap).is_ok_and(|gap| gap <= spell.gap);
            before = fills.then_some(says);
            says
        } else {
            if day.perhaps {
                before = None;
            }
            match (spell.counted, before) {
                // Only days with a value are counted.
                (SpellCount::WithValue, _) if !day.perhaps => (false, true),
                (_, Some(says)) => says,
                (_, None) => (true, true),
            }
        };
        if let Some(day) = days.get_mut(place) {
            (day.passes, day.fails) = (passes, fails);
        }
        place = place.saturating_add(1);
    }
    for (place, day) in (first..).zip(days.iter_mut()) {
        let moment = Moment::of_day(place);
        let alive = view
            .chart
            .death
            .map_or(Tri::Yes, |death| !Moment::at(death).day_before(moment));
        let inside = view
            .contains(window, moment, None)
            .and(view.known(moment))
            .and(alive);
        day.passes &= inside != Tri::No;
        day.fails |= inside != Tri::Yes;
    }
    any
}

fn counted(spell: &Spell, days: &[Day]) -> DayCount {
    let sum = |counts: fn(&Day) -> bool| {
        i64::try_from(days.iter().filter(|day| counts(day)).count()).unwrap_or(i64::MAX)
    };
    match spell.counted {
        SpellCount::Longest { recovery } => DayCount {
            least: longest(days, recovery, false).0,
            most: longest(days, recovery, true).0,
        },
        SpellCount::Total | SpellCount::WithValue => DayCount {
            least: sum(|day| !day.fails),
            most: sum(|day| day.passes),
        },
    }
}

/// The longest stretch of days that pass, or that may, and its first and last day. It ends where so many days in
/// a row do not.
fn longest(days: &[Day], recovery: u32, possible: bool) -> (i64, Option<(i64, i64)>) {
    let mut best: Option<(i64, i64)> = None;
    let mut begun: Option<i64> = None;
    let mut failing = 0_u32;
    let length = |(from, to): (i64, i64)| to.saturating_sub(from).saturating_add(1);
    for (place, day) in (0_i64..).zip(days) {
        let passes = if possible { day.passes } else { !day.fails };
        if passes {
            let from = *begun.get_or_insert(place);
            failing = 0;
            if best.is_none_or(|best| length((from, place)) > length(best)) {
                best = Some((from, place));
            }
        } else {
            failing = failing.saturating_add(1);
            if failing >= recovery.max(1) {
                begun = None;
            }
        }
    }
    (best.map_or(0, length), best)
}

/// Whether enough days have a value that certainly counts.
pub(crate) fn has_enough(days: &[Day], least: u32) -> bool {
    let sure = days.iter().filter(|day| day.sure).count();
    u32::try_from(sure).is_ok_and(|sure| sure >= least)
}
