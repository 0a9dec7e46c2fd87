//! Facts: whether records exist, and how long they lasted together (section 6).

use std::sync::Arc;

use lind_model::protocol::{
    Counted, Fact, FactField, FactTable, Filter, Interval, Lasting, MemberException, Quantifier,
    SampleRule, Tense, Window,
};
use lind_model::{EquivalenceId, OpenKind, SetId, Truth};
use lind_time::{Offset, Tri};
use lind_units::{Exact, Generator, Unit};

use super::periods::{has_ended, holds};
use super::records::every;
use super::values::is_at;
use super::windows::{Here, windows_of};
use super::{Clauses, Gate, Run};
use crate::PlainTable;
use crate::calendar::FAR;
use crate::chart::{Aside, Record, grade_of, has_word_of, line_of, table_of, tri, word};
use crate::reals::lies_in;
use crate::time::{DAY, Time, all_some_none, instants};
use crate::window::{End, Span, counted, shifted};

impl<'a> Run<'a> {
    pub(super) fn fact(&self, fact: &'a Fact, clauses: &Clauses<'a>, gate: Gate) -> Truth {
        let rules = self.rules_of(fact, clauses);
        let samples = rules.iter().map(|rule| &rule.window);
        if let Some(open) = self.not_anchored(windows_of(fact).into_iter().chain(samples)) {
            return open;
        }
        let mut measured = 0;
        let rows: Vec<(&Record, Tri, Truth)> = self
            .rows(fact)
            .into_iter()
            .map(|row| {
                let mut member = self.membership(fact, row, gate);
                if fact.table == FactTable::Results {
                    let counts = member.and(self.may_be_used(fact, row, clauses, gate));
                    if counts == Tri::Yes {
                        measured += 1;
                    }
                    member = counts.and(self.has_the_value(fact, row));
                }
                let body = if member == Tri::No {
                    Truth::NotApplicable
                } else {
                    self.body(fact, row, clauses, gate)
                };
                (row, member, body)
            })
            .collect();
        let truths: Vec<(&Record, Truth)> = rows
            .iter()
            .map(|(row, member, body)| (*row, Truth::from_tri(*member).and(*body)))
            .collect();
        let may_lack_rows = match fact.table {
            FactTable::Results => self.may_lack_results(fact, measured, gate),
            _ => self.may_lack_rows(fact, gate),
        };
        let total = fact.filters.iter().find_map(|filter| match filter {
            Filter::InTotal(lasting) => {
                let members: Vec<(&Record, Tri)> = rows
                    .iter()
                    .map(|(row, member, _)| (*row, *member))
                    .collect();
                Some(self.lasted_in_total(&members, *lasting, may_lack_rows, gate))
            }
            Filter::TotalDose {
                interval,
                unit,
                equivalence,
            } => Some(Truth::from_tri(self.total_dose(
                fact,
                interval,
                unit,
                *equivalence,
                gate,
            ))),
            _ => None,
        });
        let value = match (fact.frequency, total) {
            (Some(frequency), _) if frequency.quantifier == Quantifier::All => {
                let of_all: Vec<(Tri, Truth)> = rows
                    .iter()
                    .map(|(_, member, body)| (*member, *body))
                    .collect();
                every(&of_all, may_lack_rows)
            }
            (Some(frequency), _) if frequency.counted == Counted::Consecutive => {
                let bounds = self.longest_run(fact, &rows, clauses, gate);
                self.is_as_many(frequency, bounds, &truths, may_lack_rows)
            }
            (Some(frequency), _) => self.how_many(fact, frequency, &truths, may_lack_rows),
            (None, Some(value)) => value,
            (None, None) => {
                let mut exists = Truth::False;
                for (_, truth) in &truths {
                    exists = exists.or(*truth);
                }
                if may_lack_rows {
                    exists = exists.or(Truth::Open(OpenKind::Unknown));
                }
                exists
            }
        };
        if fact.negated { value.not() } else { value }
    }

    /// The codes of a set.
    pub(super) fn codes(&self, set: SetId) -> &'a [Arc<str>] {
        self.protocol
            .sets
            .get(set.index())
            .map_or(&[], |set| &set.codes)
    }

    pub(super) fn rows(&self, fact: &Fact) -> Vec<&Record> {
        if fact.table == FactTable::Results {
            return self.results(fact);
        }
        let codes = fact.set.map(|set| self.codes(set));
        self.chart
            .facts
            .iter()
            .filter(|row| row.table == fact.table)
            .filter(|row| codes.is_none_or(|codes| self.is_among(row, codes) != Tri::No))
            .collect()
    }

    /// Whether there may be a row that matches besides those that can be read.
    pub(super) fn may_lack_rows(&self, fact: &Fact, gate: Gate) -> bool {
        let codes = fact.set.map(|set| self.codes(set));
        if !self.is_complete(fact.table, codes) {
            return true;
        }
        self.chart
            .aside
            .iter()
            .filter(|row| match codes {
                Some(codes) => self.aside_may_be_among(row, fact.table, codes),
                None => row.table == table_of(fact.table),
            })
            .any(|row| !self.is_excluded_by_time(fact, row, gate))
    }

    /// Whether a row that was set aside cannot match, because its time is known.
    pub(super) fn is_excluded_by_time(&self, fact: &Fact, row: &Aside, gate: Gate) -> bool {
        let during = fact.window.as_ref();
        let window = during.filter(|_| fact.tense == Tense::During);
        self.is_outside(window, row, Here::at(gate), gate)
    }

    /// Whether a row of which at most the beginning is known lies outside a window or after the gate.
    fn is_outside(&self, window: Option<&Window>, row: &Aside, sample: Here, gate: Gate) -> bool {
        let Some(begin) = row.time else {
            return false;
        };
        let end = if matches!(row.table, PlainTable::Procedures | PlainTable::Observations) {
            End::AtOnce
        } else {
            // When it ended cannot be relied on: it may have lasted.
            End::NotOver
        };
        let outside =
            |window: &Window| self.span_in(window, Span { begin, end }, None, sample) == Tri::No;
        self.known(begin, gate) == Tri::No || window.is_some_and(outside)
    }

    /// Whether a row matches, but for the filter that adds lengths up.
    pub(super) fn membership(&self, fact: &Fact, row: &Record, gate: Gate) -> Tri {
        let mut member = self.known(self.span(row).begin, gate);
        if let Some(set) = fact.set {
            member = member.and(self.is_in_set(row, set));
        }
        for filter in &fact.filters {
            member = member.and(self.passes(fact, filter, row, gate));
        }
        for exception in &fact.exceptions {
            member = member.and(self.is_excepted(row, exception, gate).negate());
        }
        if fact.investigational {
            member = member.and(match word(row.row.text("investigational")).as_str() {
                "yes" => Tri::Yes,
                "no" => Tri::No,
                _ => Tri::Maybe,
            });
        }
        let in_time = match fact.tense {
            Tense::Now => self.is_now(row, gate),
            Tense::Ever => Tri::Yes,
            Tense::During => match &fact.window {
                Some(window) => self.span_in(window, self.span(row), Some(row), Here::at(gate)),
                None => Tri::Yes,
            },
        };
        member.and(in_time)
    }

    /// Whether a row passes a filter; those that add rows up let every row pass.
    pub(super) fn passes(&self, fact: &Fact, filter: &Filter, row: &Record, gate: Gate) -> Tri {
        match filter {
            Filter::Stretch { lasting, gap } => self.stretch_lasts(fact, row, *lasting, *gap, gate),
            Filter::Steady(steady) => self.is_steady(fact, steady, row, gate),
            // Asked behind everything else.
            Filter::Value { .. } => Tri::Yes,
            _ => self.passes_filter(row, filter, gate),
        }
    }

    /// Whether a row passes a filter of single rows.
    pub(super) fn passes_filter(&self, row: &Record, filter: &Filter, gate: Gate) -> Tri {
        match filter {
            Filter::Field(field, words) => field_is(row, *field, words),
            Filter::Dose {
                interval,
                unit,
                equivalence,
            } => self.dose_is(row, interval, unit, *equivalence),
            Filter::Line(least, most) => match line_of(row) {
                Some(line) => tri(line >= *least && most.is_none_or(|most| line <= most)),
                None => Tri::Maybe,
            },
            Filter::Grade(least, most) => match grade_of(row) {
                Some(grade) => tri(*least <= grade && grade <= *most),
                None => Tri::Maybe,
            },
            Filter::Lasting(lasting) => self.lasts(row, *lasting, gate),
            Filter::InTotal(_) | Filter::TotalDose { .. } => Tri::Yes,
            Filter::DiseaseFree(lasting) => self.over_for(row, *lasting, gate),
            Filter::Edge(edge, window) => self.edge_in(row, *edge, window, gate),
            Filter::Stretch { .. } | Filter::Steady(_) => Tri::Maybe,
            Filter::TimeOfDay(wanted) => is_at(self.span(row).begin, *wanted),
            Filter::Value { measure, test } => self.value_is(*measure, test, row),
        }
    }

    /// Whether a row that has begun is not over at the gate's day.
    fn is_now(&self, row: &Record, gate: Gate) -> Tri {
        let span = self.span(row);
        let not_over = self.end_compared(span, gate.time, DAY, |end, gate| end >= gate);
        if has_ended(row) && row.end.is_none() {
            Tri::Maybe
        } else {
            not_over
        }
    }

    fn is_excepted(&self, row: &Record, exception: &MemberException, gate: Gate) -> Tri {
        let is_member = self.is_in_set(row, exception.set);
        match exception.disease_free {
            Some(lasting) => is_member.and(self.over_for(row, lasting, gate)),
            None => is_member,
        }
    }

    /// Whether the daily dose lies in an interval.
    fn dose_is(
        &self,
        row: &Record,
        interval: &Interval,
        wanted: &Unit,
        equivalence: Option<EquivalenceId>,
    ) -> Tri {
        match self.daily_dose(row, wanted, equivalence) {
            Some(dose) => tri(lies_in(&dose, interval)),
            None => Tri::Maybe,
        }
    }

    pub(super) fn daily_dose(
        &self,
        row: &Record,
        wanted: &Unit,
        equivalence: Option<EquivalenceId>,
    ) -> Option<Exact> {
        let dose = row.dose.as_ref()?.to_exact();
        let unit = row.unit.as_ref()?;
        let frequency = word(row.row.text("frequency")).replace([' ', '-'], "_");
        let (dose, unit) = if is_rate(unit) {
            if !frequency.is_empty() {
                return None;
            }
            (dose, unit.clone())
        } else {
            (dose.mul(&times_a_day(&frequency)?), per_day(unit)?)
        };
        let Some(equivalence) = equivalence else {
            return unit.convert(&dose, wanted, None).ok();
        };
        let rows = &self.protocol.equivalences.get(equivalence.index())?.rows;
        let first = rows.first()?;
        let same = rows
            .iter()
            .find(|same| self.is_among(row, &same.codes) == Tri::Yes)?;
        let in_rows_unit = unit.convert(&dose, &per_day(&same.unit)?, None).ok()?;
        let as_first = in_rows_unit.checked_div(&same.dose)?.mul(&first.dose);
        per_day(&first.unit)?.convert(&as_first, wanted, None).ok()
    }

    /// Whether all matching rows together lasted so long, for every day that the gate can be.
    fn lasted_in_total(
        &self,
        rows: &[(&Record, Tri)],
        lasting: Lasting,
        may_lack_rows: bool,
        gate: Gate,
    ) -> Truth {
        let length = counted(self.months(), lasting.length);
        let back = match length {
            Offset::Clock { seconds } => Offset::Clock { seconds: -seconds },
            Offset::Days { days } => Offset::Days { days: -days },
            Offset::Calendar { months } => Offset::Calendar { months: -months },
        };
        let (first, last) = gate.time.units(DAY);
        let mut answers = Vec::new();
        for day in first..=last {
            // Both ends of the offset count, as both ends of a row do.
            let limit = day - shifted(day, back, DAY) + 1;
            let (mut surely, mut possibly) = (Vec::new(), Vec::new());
            for (row, member) in rows {
                let span = self.span(row);
                if *member == Tri::Yes {
                    surely.extend(certain_days(span, day));
                }
                if *member != Tri::No {
                    possibly.extend(possible_days(span, day));
                }
            }
            let least = days_in(surely);
            let most = if may_lack_rows {
                FAR
            } else {
                days_in(possibly)
            };
            // Every sum between the two may be the true one.
            for days in instants((least, most), &[limit]) {
                answers.push(holds(lasting.comparison, &days, &limit));
            }
        }
        Truth::from_tri(all_some_none(answers))
    }

    /// Whether no record of a sample rule's sets lies in its window around a sample.
    pub(super) fn is_usable(&self, rule: &SampleRule, sample: Option<Time>, gate: Gate) -> Tri {
        let mut usable = Tri::Yes;
        for set in &rule.without {
            let codes = self.codes(*set);
            let Some(declared) = self.protocol.sets.get(set.index()) else {
                continue;
            };
            if !self.is_complete(declared.table, Some(codes)) {
                usable = usable.and(Tri::Maybe);
            }
            for row in &self.chart.aside {
                if self.aside_may_be_among(row, declared.table, codes)
                    && !self.is_outside(Some(&rule.window), row, Here::around(sample, gate), gate)
                {
                    usable = usable.and(Tri::Maybe);
                }
            }
            for row in &self.chart.facts {
                let is_of = self.is_in_set(row, *set);
                if is_of != Tri::No {
                    let span = self.span(row);
                    let near =
                        self.span_in(&rule.window, span, Some(row), Here::around(sample, gate));
                    let near = near.and(self.known(span.begin, gate)).and(is_of);
                    usable = usable.and(near.negate());
                }
            }
        }
        usable
    }
}

/// Whether a unit is so much per time.
pub(super) fn is_rate(unit: &Unit) -> bool {
    unit.dimension().exponent(&Generator::Time) < 0
}

/// A unit per day, if it is not per time already.
pub(super) fn per_day(unit: &Unit) -> Option<Unit> {
    if is_rate(unit) {
        return Some(unit.clone());
    }
    Unit::parse(&format!("{}/d", unit.code())).ok()
}

/// How often a day.
pub(super) fn times_a_day(frequency: &str) -> Option<Exact> {
    let (times, days) = match frequency {
        "daily" | "once_daily" | "qd" | "od" => (1, 1),
        "twice_daily" | "bid" => (2, 1),
        "three_times_daily" | "tid" => (3, 1),
        "four_times_daily" | "qid" => (4, 1),
        "every_other_day" | "qod" => (1, 2),
        "weekly" | "once_weekly" => (1, 7),
        "every_2_weeks" => (1, 14),
        _ => return None,
    };
    Exact::from_ratio(times, days)
}

/// Whether a field of a row has one of these words.
fn field_is(row: &Record, field: FactField, words: &[Arc<str>]) -> Tri {
    match has_word_of(row, field) {
        Some(found) => tri(words.iter().any(|wanted| word(wanted) == found)),
        None => Tri::Maybe,
    }
}

/// The days, up to a gate's, on which a row certainly held.
pub(super) fn certain_days(span: Span, gate: i64) -> Option<(i64, i64)> {
    let (earliest, mut begin) = span.begin.units(DAY);
    let end = match span.end {
        End::AtOnce => earliest,
        // It does not end before it begins, nor begin after it has ended.
        End::At(end) => {
            let (first, last) = end.units(DAY);
            if earliest <= last {
                begin = begin.min(last);
            }
            first.max(earliest)
        }
        End::NotOver => gate,
    };
    (begin <= end.min(gate)).then_some((begin, end.min(gate)))
}

/// The days, up to a gate's, on which a row may have held.
pub(super) fn possible_days(span: Span, gate: i64) -> Option<(i64, i64)> {
    let (begin, _) = span.begin.units(DAY);
    let end = match span.end {
        End::AtOnce => span.begin.units(DAY).1,
        End::At(end) => end.units(DAY).1,
        End::NotOver => gate,
    };
    (begin <= end.min(gate)).then_some((begin, end.min(gate)))
}

/// How many days there are in some stretches, each day once.
fn days_in(mut stretches: Vec<(i64, i64)>) -> i64 {
    stretches.sort_unstable();
    let mut days = 0;
    let mut counted_to = i64::MIN;
    for (first, last) in stretches {
        let first = first.max(counted_to.saturating_add(1));
        if first <= last {
            days += last - first + 1;
            counted_to = last;
        }
    }
    days
}

#[cfg(test)]
mod tests {
    use super::days_in;

    #[test]
    fn days_of_several_rows_count_once() {
        assert_eq!(days_in(vec![]), 0);
        assert_eq!(days_in(vec![(5, 5)]), 1);
        assert_eq!(days_in(vec![(1, 10), (3, 4), (8, 12), (20, 21)]), 14);
        assert_eq!(days_in(vec![(1, 2), (3, 4)]), 4);
    }
}
