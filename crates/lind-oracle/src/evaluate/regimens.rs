//! What several rows come to together: steady doses, total doses, stretches with gaps (section 6), day by
//! day.

use lind_model::protocol::{Fact, Filter, Interval, Lasting, Steady, Tense};
use lind_time::{Offset, Tri};
use lind_units::{Exact, Unit};

use super::facts::{certain_days, is_rate, per_day, possible_days, times_a_day};
use super::periods::holds;
use super::records::Placed;
use super::windows::Here;
use super::{Gate, Run};
use crate::calendar::FAR;
use crate::chart::{Record, word};
use crate::reals::lies_in;
use crate::time::{DAY, Time, all_some_none};
use crate::window::{End, counted, shifted};

/// A row of a sum: whether it is one, from when until when, and its daily dose.
struct Part {
    member: Tri,
    begin: (i64, i64),
    end: (i64, i64),
    /// It is over at some time.
    ends: bool,
    dose: Option<Exact>,
}

/// What is known of a day.
#[derive(Debug, Clone)]
struct DayDose {
    low: Exact,
    /// None: without limit.
    high: Option<Exact>,
    taken: Tri,
    /// The rows that certainly and those that possibly go on.
    certain: Vec<usize>,
    possible: Vec<usize>,
}

impl Part {
    /// Whether it goes on on a day, but for handing over.
    fn is_on(&self, day: i64) -> Tri {
        let sure = self.begin.1 <= day && day <= self.end.0;
        let (from, to) = if self.begin.0 <= self.end.1 {
            (self.begin.0, self.end.1)
        } else {
            // It ends before it begins: at some time between the two.
            (self.end.0, self.begin.1)
        };
        let maybe = from <= day && day <= to;
        let on = match (sure, maybe) {
            (true, _) => Tri::Yes,
            (false, true) => Tri::Maybe,
            (false, false) => Tri::No,
        };
        on.and(self.member)
    }

    /// Whether it ends on a day on which another row begins, having begun before.
    fn hands_over(&self, day: i64, others: &[&Part]) -> Tri {
        if !self.ends {
            return Tri::No;
        }
        let is = |(first, last): (i64, i64)| {
            if first == day && last == day {
                Tri::Yes
            } else if first <= day && day <= last {
                Tri::Maybe
            } else {
                Tri::No
            }
        };
        let began = if self.begin.1 < day {
            Tri::Yes
        } else if self.begin.0 < day {
            Tri::Maybe
        } else {
            Tri::No
        };
        let mut taken_over = Tri::No;
        for other in others {
            taken_over = taken_over.or(is(other.begin).and(other.member));
        }
        is(self.end).and(began).and(taken_over)
    }
}

impl Run<'_> {
    /// Whether a row is of what a fact names: its fields, no exception, known by the gate.
    fn is_named(&self, fact: &Fact, row: &Record, gate: Gate) -> Tri {
        let is_field = |filter: &Filter| matches!(filter, Filter::Field(..) | Filter::Grade(..));
        self.passes_those(fact, is_field, row, gate)
    }

    /// Whether a row may carry on a stretch of a fact: it is of what the fact names, in the dose and the line that
    /// are asked.
    fn carries_on(&self, fact: &Fact, row: &Record, gate: Gate) -> Tri {
        let is_asked = |filter: &Filter| {
            matches!(
                filter,
                Filter::Field(..) | Filter::Grade(..) | Filter::Dose { .. } | Filter::Line(..)
            )
        };
        self.passes_those(fact, is_asked, row, gate)
    }

    /// Whether a row matches at any time, of the filters asking some.
    fn passes_those(
        &self,
        fact: &Fact,
        is_asked: impl Fn(&Filter) -> bool,
        row: &Record,
        gate: Gate,
    ) -> Tri {
        let asked = Fact {
            filters: fact
                .filters
                .iter()
                .filter(|filter| is_asked(filter))
                .cloned()
                .collect(),
            tense: Tense::Ever,
            window: None,
            ..fact.clone()
        };
        self.membership(&asked, row, gate)
    }

    fn part(&self, row: &Record, member: Tri, dose: Option<Exact>) -> Part {
        let span = self.span(row);
        let mut begin = span.begin.units(DAY);
        let (end, ends) = match span.end {
            End::AtOnce => (begin, true),
            End::At(end) => {
                let end = end.units(DAY);
                let first = if begin.0 <= end.1 {
                    end.0.max(begin.0)
                } else {
                    end.0
                };
                ((first, end.1), true)
            }
            End::NotOver => ((FAR, FAR), false),
        };
        if begin.0 <= end.1 {
            // It does not begin after it has ended.
            begin.1 = begin.1.min(end.1);
        }
        Part {
            member,
            begin,
            end,
            ends,
            dose: dose.filter(|dose| *dose >= Exact::zero()),
        }
    }

    /// The dose of a day.
    fn on_day(parts: &[Part], day: i64) -> DayDose {
        let mut found = DayDose {
            low: Exact::zero(),
            high: Some(Exact::zero()),
            taken: Tri::No,
            certain: Vec::new(),
            possible: Vec::new(),
        };
        for (place, part) in parts.iter().enumerate() {
            let others: Vec<&Part> = parts
                .iter()
                .enumerate()
                .filter(|(other, _)| *other != place)
                .map(|(_, other)| other)
                .collect();
            let on = part.is_on(day).and(part.hands_over(day, &others).negate());
            found.taken = found.taken.or(on);
            if on == Tri::Yes {
                found.certain.push(place);
                if let Some(dose) = &part.dose {
                    found.low = found.low.add(dose);
                }
            }
            if on != Tri::No {
                found.possible.push(place);
                found.high = match (found.high, &part.dose) {
                    (Some(high), Some(dose)) => Some(high.add(dose)),
                    _ => None,
                };
            }
        }
        found
    }

    /// The rows of a steady dose: those of one code, or all of the fact as equivalents.
    fn steady_parts(&self, fact: &Fact, steady: &Steady, row: &Record, gate: Gate) -> Vec<Part> {
        let rows: Vec<&Record> = self
            .rows(fact)
            .into_iter()
            .filter(|other| steady.equivalence.is_some() || other.code == row.code)
            .collect();
        let named = |row: &Record| self.is_named(fact, row, gate);
        if let Some(id) = steady.equivalence {
            let first = self
                .protocol
                .equivalences
                .get(id.index())
                .and_then(|table| table.rows.first())
                .and_then(|row| per_day(&row.unit));
            return rows
                .into_iter()
                .map(|row| {
                    let dose = first
                        .as_ref()
                        .and_then(|unit| self.daily_dose(row, unit, Some(id)));
                    self.part(row, named(row), dose)
                })
                .collect();
        }
        let plain: Vec<Option<(Exact, Unit, String)>> =
            rows.iter().map(|row| plain_dose(row)).collect();
        let first = plain.iter().flatten().next();
        let mut doses: Vec<Option<Exact>> = Vec::new();
        let mut comparable = true;
        for dose in &plain {
            let (Some((dose, unit, written)), Some((_, first, as_written))) = (dose, first) else {
                doses.push(None);
                continue;
            };
            let converted = if written == as_written {
                Some(dose.clone())
            } else {
                per_day(unit)
                    .zip(per_day(first))
                    .and_then(|(unit, first)| unit.convert(dose, &first, None).ok())
            };
            comparable &= converted.is_some();
            doses.push(converted);
        }
        rows.into_iter()
            .zip(doses)
            .map(|(row, dose)| self.part(row, named(row), dose.filter(|_| comparable)))
            .collect()
    }

    /// Whether the dose of a row's drug was the same on every day of the window, or did not rise.
    pub(super) fn is_steady(&self, fact: &Fact, steady: &Steady, row: &Record, gate: Gate) -> Tri {
        if self.may_lack_rows(fact, gate) {
            return Tri::Maybe;
        }
        let parts = self.steady_parts(fact, steady, row, gate);
        let days: Vec<(Tri, DayDose)> = self
            .days_of_window(&steady.window, steady.and_day_before, gate)
            .into_iter()
            .map(|(day, asked)| (asked, Self::on_day(&parts, day)))
            .collect();
        if days.is_empty() {
            return Tri::Maybe;
        }
        let all: Vec<&DayDose> = days.iter().map(|(_, day)| day).collect();
        let sure: Vec<&DayDose> = days
            .iter()
            .filter(|(asked, _)| *asked == Tri::Yes)
            .map(|(_, day)| day)
            .collect();
        let yes = if steady.may_fall {
            never_rises(&all)
        } else {
            stays(&all)
        };
        if yes {
            return Tri::Yes;
        }
        let no = if steady.may_fall {
            rises(&sure)
        } else {
            differs(&sure)
        };
        if no { Tri::No } else { Tri::Maybe }
    }

    /// The days that are, or may be, in a window, up to the gate.
    fn days_of_window(
        &self,
        window: &lind_model::protocol::Window,
        and_day_before: bool,
        gate: Gate,
    ) -> Vec<(i64, Tri)> {
        let (first_gate, last_gate) = gate.time.units(DAY);
        let lies = |day: i64| {
            let time = Time {
                first: day * DAY,
                last: (day + 1) * DAY - 1,
                to_the_minute: false,
            };
            let by_gate = if day <= first_gate {
                Tri::Yes
            } else if day <= last_gate {
                Tri::Maybe
            } else {
                Tri::No
            };
            self.time_in(window, time, Here::at(gate)).and(by_gate)
        };
        let mut days = Vec::new();
        for day in self.first_day_of(window, gate, last_gate)..=last_gate {
            let mut asked = lies(day);
            if and_day_before {
                asked = asked.or(lies(day + 1));
            }
            if asked != Tri::No {
                days.push((day, asked));
            }
        }
        days
    }

    /// A day before which nothing lies in a window.
    fn first_day_of(&self, window: &lind_model::protocol::Window, at: Gate, gate: i64) -> i64 {
        let first = match window {
            lind_model::protocol::Window::Around { anchor, window, .. } => {
                match (self.anchor(*anchor, Here::at(at)), window.from) {
                    (Placed::At(anchor), lind_time::Edge::At { offset, .. }) => {
                        let offset = counted(self.months(), offset);
                        shifted(anchor.units(DAY).0, offset, DAY)
                    }
                    _ => gate - 1000,
                }
            }
            _ => gate - 1000,
        };
        (first - 3).max(0)
    }

    /// Whether the doses of all rows together lie in an interval on a day that is asked.
    pub(super) fn total_dose(
        &self,
        fact: &Fact,
        interval: &Interval,
        unit: &Unit,
        equivalence: Option<lind_model::EquivalenceId>,
        gate: Gate,
    ) -> Tri {
        let lacks = self.may_lack_rows(fact, gate);
        let whenever = Fact {
            tense: Tense::Ever,
            window: None,
            ..fact.clone()
        };
        let parts: Vec<Part> = self
            .rows(fact)
            .into_iter()
            .map(|row| {
                let member = self.filtered(fact, &whenever, row, gate);
                self.part(row, member, self.daily_dose(row, unit, equivalence))
            })
            .collect();
        let on = |day: i64| {
            let dose = Self::on_day(&parts, day);
            let taken = if lacks {
                dose.taken.or(Tri::Maybe)
            } else {
                dose.taken
            };
            let high = dose.high.filter(|_| !lacks);
            taken.and(between(&dose.low, high.as_ref(), interval))
        };
        let (first, last) = gate.time.units(DAY);
        match (fact.tense, &fact.window) {
            (Tense::Now, _) => {
                let answers: Vec<Tri> = (first..=last).map(on).collect();
                match answers.split_first() {
                    Some((one, others)) if others.iter().all(|other| other == one) => *one,
                    _ => Tri::Maybe,
                }
            }
            (Tense::During, Some(window)) => {
                let mut any = Tri::No;
                for (day, asked) in self.days_of_window(window, false, gate) {
                    any = any.or(asked.and(on(day)));
                }
                any
            }
            _ => {
                let mut any = Tri::No;
                // The days on which something can change, and those around them.
                let mut days: Vec<i64> = vec![first, last, 0];
                for part in &parts {
                    for day in [part.begin.0, part.begin.1, part.end.0, part.end.1] {
                        days.extend([day - 1, day, day + 1]);
                    }
                }
                for day in days {
                    let asked = if day < 0 || day > last {
                        Tri::No
                    } else if day <= first {
                        Tri::Yes
                    } else {
                        Tri::Maybe
                    };
                    any = any.or(asked.and(on(day.clamp(0, last))));
                }
                any
            }
        }
    }

    /// Whether the stretch of a row, with all that hang together with it, lasted so long.
    pub(super) fn stretch_lasts(
        &self,
        fact: &Fact,
        row: &Record,
        lasting: Lasting,
        gap: Offset,
        gate: Gate,
    ) -> Tri {
        let months = self.months();
        let (length, gap) = (counted(months, lasting.length), counted(months, gap));
        let (first_gate, last_gate) = gate.time.units(DAY);
        let (mut sure, mut maybe) = (Vec::new(), Vec::new());
        for other in self.rows(fact) {
            let member = self.carries_on(fact, other, gate);
            let span = self.span(other);
            if member == Tri::Yes {
                sure.extend(certain_days(span, first_gate));
            }
            if member != Tri::No {
                maybe.extend(possible_days(span, last_gate));
            }
        }
        let own = self.part(row, Tri::Yes, None);
        let own_end = (own.end.0.min(first_gate), own.end.1.min(last_gate));
        let span = self.span(row);
        let certain = certain_days(span, first_gate)
            .filter(|_| self.carries_on(fact, row, gate) == Tri::Yes)
            .map(|days| hanging_together(days, &sure, gap));
        let possible =
            possible_days(span, last_gate).map(|days| hanging_together(days, &maybe, gap));
        let begin = (
            possible.map_or(own.begin.0, |days| days.0.min(own.begin.0)),
            certain.map_or(own.begin.1, |days| days.0),
        );
        let end = (
            certain.map_or(own_end.0, |days| days.1),
            possible.map_or(own_end.1, |days| days.1.max(own_end.1)),
        );
        if begin.0 > end.1 {
            return Tri::Maybe;
        }
        // The comparison changes once along either range, so their ends tell.
        let mut answers = Vec::new();
        for begin in [begin.0, begin.1] {
            for end in [end.0, end.1] {
                answers.push((end, shifted(begin, length, DAY)));
            }
        }
        let least = answers.iter().map(|(end, enough)| end - enough).min();
        let most = answers.iter().map(|(end, enough)| end - enough).max();
        let (Some(least), Some(most)) = (least, most) else {
            return Tri::Maybe;
        };
        // Every difference between the two may be the true one.
        let tried = if least < 0 && 0 < most {
            vec![least, 0, most]
        } else {
            vec![least, most]
        };
        all_some_none(
            tried
                .into_iter()
                .map(|difference| holds(lasting.comparison, &difference, &0)),
        )
    }

    /// Whether a row matches but for its time and the sum of doses.
    fn filtered(&self, fact: &Fact, whenever: &Fact, row: &Record, gate: Gate) -> Tri {
        let mut member = self.membership(
            &Fact {
                filters: Vec::new(),
                ..whenever.clone()
            },
            row,
            gate,
        );
        for filter in &fact.filters {
            member = member.and(self.passes(fact, filter, row, gate));
        }
        member
    }
}

/// The daily dose in the unit that is written, with the text of the unit.
fn plain_dose(row: &Record) -> Option<(Exact, Unit, String)> {
    let dose = row.dose.as_ref()?.to_exact();
    let unit = row.unit.as_ref()?;
    let frequency = word(row.row.text("frequency")).replace([' ', '-'], "_");
    let daily = match (is_rate(unit), frequency.is_empty()) {
        (true, true) => dose,
        (false, false) => dose.mul(&times_a_day(&frequency)?),
        _ => return None,
    };
    Some((daily, unit.clone(), row.row.text("unit").to_owned()))
}

/// The days that hang together with some days: everything that is no further away than the gap from
/// something that hangs together with them.
fn hanging_together(mut days: (i64, i64), others: &[(i64, i64)], gap: Offset) -> (i64, i64) {
    loop {
        let mut grown = days;
        for (first, last) in others {
            let near =
                *first <= shifted(grown.1, gap, DAY) + 1 && grown.0 <= shifted(*last, gap, DAY) + 1;
            if near {
                grown = (grown.0.min(*first), grown.1.max(*last));
            }
        }
        if grown == days {
            return days;
        }
        days = grown;
    }
}

/// Whether a dose between two bounds lies in an interval.
fn between(low: &Exact, high: Option<&Exact>, interval: &Interval) -> Tri {
    let Some(high) = high else {
        // Any dose from `low` on.
        let never = interval
            .high
            .as_ref()
            .is_some_and(|(end, closed)| low > end || (!closed && low == end));
        return match (lies_in(low, interval) && interval.high.is_none(), never) {
            (true, _) => Tri::Yes,
            (false, true) => Tri::No,
            (false, false) => Tri::Maybe,
        };
    };
    let mut tried = vec![low.clone(), high.clone()];
    // The ends of the interval, and what lies just beside them.
    let half = Exact::from_ratio(1, 2).unwrap_or_default();
    for (end, _) in interval.low.iter().chain(&interval.high) {
        for other in [low, high] {
            tried.push(end.add(other).mul(&half));
        }
        tried.push(end.clone());
    }
    if let (Some((a, _)), Some((b, _))) = (&interval.low, &interval.high) {
        tried.push(a.add(b).mul(&half));
    }
    all_some_none(
        tried
            .iter()
            .filter(|dose| low <= dose && *dose <= high)
            .map(|dose| lies_in(dose, interval)),
    )
}

fn known(day: &DayDose) -> Option<&Exact> {
    day.high.as_ref().filter(|high| **high == day.low)
}

/// Whether the same is taken on every day: the same known dose, or the same rows.
fn stays(days: &[&DayDose]) -> bool {
    let Some(first) = days.first() else {
        return false;
    };
    let taken = days.iter().all(|day| day.taken == Tri::Yes);
    let same_dose = days
        .iter()
        .all(|day| known(day).is_some() && known(day) == known(first));
    let same_rows = days
        .iter()
        .all(|day| day.certain == first.certain && day.possible == first.certain);
    taken && (same_dose || same_rows)
}

/// Whether nothing is more on a later day: no known dose, or no row that was not there on the first.
fn never_rises(days: &[&DayDose]) -> bool {
    let Some(first) = days.first() else {
        return false;
    };
    let known_doses: Option<Vec<&Exact>> = days.iter().map(|day| known(day)).collect();
    let falls = known_doses.is_some_and(|doses| {
        let later = doses.iter().skip(1);
        doses.iter().zip(later).all(|(one, next)| one >= next)
    });
    let all_there = days
        .iter()
        .all(|day| day.possible.iter().all(|row| first.certain.contains(row)));
    falls || all_there
}

/// Whether two days certainly differ, or nothing is taken on one.
fn differs(days: &[&DayDose]) -> bool {
    days.iter().any(|day| day.taken == Tri::No)
        || days.iter().any(|one| {
            days.iter()
                .any(|other| other.high.as_ref().is_some_and(|high| one.low > *high))
        })
}

/// Whether certainly more is taken on a day than on an earlier one.
fn rises(days: &[&DayDose]) -> bool {
    days.iter().enumerate().any(|(place, earlier)| {
        days.iter().skip(place + 1).any(|later| {
            earlier.high.as_ref().is_some_and(|high| later.low > *high)
                || (earlier.taken == Tri::No && later.taken == Tri::Yes)
        })
    })
}
