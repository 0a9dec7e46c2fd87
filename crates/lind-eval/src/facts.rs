//! Whether records exist.

use std::ops::ControlFlow;

use lind_model::plan::{FactPlan, FilterPlan};
use lind_model::protocol::{FactField, Lasting, RecordEdge, Tense};
use lind_model::{OpenKind, Truth};
use lind_records::{CodeId, ConceptId, SetAside};
use lind_time::{Day, MonthEnd, Tri};

use crate::durations::{lasted, over_for};
use crate::edges::Edges;
use crate::events;
use crate::moments::Moment;
use crate::regimens::Regimens;
use crate::rows::{End, Extent, Field, Fields, Row};
use crate::scratch::Scratch;
use crate::steps::{FactStep, FilterStep, Word};
use crate::totals::{certain_days, compare_total, covered, possible_days};
use crate::trace::{Note, Trace};
use crate::values::Fault;
use crate::view::View;
use crate::windows::Prepared;

/// What about a row is not certain, or keeps it from counting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Doubt {
    /// Whether what it is recorded as is of the set.
    Name,
    /// Whether it was so at the time that is asked.
    Time,
    /// A field.
    Field(FactField),
    /// The line of treatment.
    Line,
    /// The grade.
    Grade,
    /// The daily dose.
    Dose,
    /// Whether it stayed the same.
    Steady,
    /// How long it lasted.
    Length,
    /// For how long it has been over.
    Over,
    /// When it began or ended.
    Edge(RecordEdge),
    /// Whether it is investigational.
    Investigational,
    /// Whether the diagnosis will stand.
    Provisional,
    /// It is a member that does not count, or may be one.
    Exception,
    /// Its sample.
    Sample,
    /// Whether its value passes, and why that is not known.
    Value(Option<Fault>),
}

/// Whether a row counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Membership {
    /// Whatever its value is.
    pub(crate) measured: Tri,
    /// Whether its value passes; yes where no value is asked for.
    pub(crate) value: Tri,
    /// Both.
    pub(crate) all: Tri,
}

/// A fact that is asked.
pub(crate) struct Asked<'p, 'c> {
    pub(crate) view: View<'c>,
    pub(crate) plan: &'c FactPlan,
    pub(crate) step: &'c FactStep,
    pub(crate) window: &'p Prepared<'p>,
    /// The windows of the beginnings and ends that are asked for.
    pub(crate) edges: &'p Edges<'p>,
    /// What rows come to together.
    pub(crate) regimens: &'p Regimens,
}

impl<'c> View<'c> {
    /// What a filter says of a row, and what it looks at; none if it is a filter of rows together.
    pub(crate) fn filter(
        &self,
        row: &Row<'c>,
        extent: &Extent,
        filter: &FilterPlan,
        step: &FilterStep,
    ) -> Option<(Doubt, Tri)> {
        let gate = self.gate_moment();
        match (filter, step) {
            (FilterPlan::Field(field, values), step) => {
                let words = match step {
                    FilterStep::Words(words) => words.as_slice(),
                    _ => &[],
                };
                let is = self.field_is(row.field(*field), values, words);
                Some((Doubt::Field(*field), is))
            }
            (FilterPlan::Dose { interval, .. }, FilterStep::Dose(dose)) => {
                Some((Doubt::Dose, self.dose_lies_in(row, dose, interval)))
            }
            (FilterPlan::Line(least, most), _) => Some((
                Doubt::Line,
                row.line().map_or(Tri::Maybe, |line| {
                    Tri::from(line >= *least && most.is_none_or(|most| line <= most))
                }),
            )),
            (FilterPlan::Grade(least, most), _) => Some((
                Doubt::Grade,
                row.grade().map_or(Tri::Maybe, |grade| {
                    Tri::from(*least <= grade && grade <= *most)
                }),
            )),
            (FilterPlan::Lasting(length), _) => Some((
                Doubt::Length,
                lasted(extent, *length, gate, MonthEnd::LastDay),
            )),
            (FilterPlan::DiseaseFree(length), _) => Some((
                Doubt::Over,
                over_for(extent, *length, gate, MonthEnd::LastDay),
            )),
            (FilterPlan::TimeOfDay(time), _) => Some((Doubt::Time, extent.begin.is_at(*time))),
            (FilterPlan::Value { measure, test }, FilterStep::Test(step)) => {
                let Fields::Result(result) = row.fields else {
                    return Some((Doubt::Value(None), Tri::Maybe));
                };
                let judged = self.judge_result(*measure, test, step, result);
                Some((Doubt::Value(judged.fault), judged.outcome))
            }
            (
                FilterPlan::Dose { .. }
                | FilterPlan::Value { .. }
                | FilterPlan::InTotal(_)
                | FilterPlan::TotalDose { .. }
                | FilterPlan::Steady(_)
                | FilterPlan::Edge(..)
                | FilterPlan::Stretch { .. },
                _,
            ) => None,
        }
    }

    /// Whether a code is one of a concept; perhaps, for a name that stands for more.
    pub(crate) fn has_code(&self, code: CodeId, concept: ConceptId) -> Tri {
        let concepts = self.context.dictionary.concepts(code);
        if concepts.binary_search(&concept).is_err() {
            Tri::No
        } else if self.context.is_certain(self.program, code, concept) {
            Tri::Yes
        } else {
            Tri::Maybe
        }
    }

    fn field_is(&self, field: Field, values: &[std::sync::Arc<str>], words: &[Word]) -> Tri {
        match field {
            Field::Missing => Tri::Maybe,
            Field::Word(word) => Tri::from(
                values
                    .iter()
                    .any(|value| value.trim().eq_ignore_ascii_case(word)),
            ),
            Field::Symbol(symbol) => {
                Tri::from(words.iter().any(|word| self.context.is_word(symbol, *word)))
            }
            Field::Relation(symbol) => match events::relation(self.context.symbols.text(symbol)) {
                Some(related) => {
                    Tri::from(values.iter().any(|value| (**value == *"yes") == related))
                }
                None => Tri::Maybe,
            },
            // These are compared with each other, and with no word.
            Field::Grade(_) | Field::Term(_) => Tri::Maybe,
        }
    }
}

impl<'c> Asked<'_, 'c> {
    /// Which member of the set a code is: the first that has it, or else the code itself. None: it is a name
    /// that may be of several.
    pub(crate) fn member(&self, code: CodeId) -> Option<u64> {
        let mut perhaps = false;
        for (member, place) in self.step.members.iter().zip(0_u64..) {
            match self.view.has_code(code, *member) {
                Tri::Yes => return Some(place),
                Tri::Maybe => perhaps = true,
                Tri::No => {}
            }
        }
        (!perhaps).then_some(u64::from(code.0) | 1 << 32)
    }

    /// Whether a row may be missing: it was set aside, or the table does not hold everything. `measured` is
    /// how many rows certainly count, whatever their values are.
    pub(crate) fn may_be_elsewhere<T: Trace<'c>>(&self, measured: u32, trace: &mut T) -> bool {
        let source = self.step.source;
        let mut elsewhere = self.says_nothing(measured, trace);
        for row in self.set_aside() {
            trace.note(|| Note::SetAside(row));
            elsewhere = true;
        }
        if let Some(gap) = self.view.context.bindings.gap(source.concept)
            && !self.is_enough(measured)
        {
            trace.note(|| Note::Gap(source.table, gap));
            elsewhere = true;
        }
        elsewhere
    }

    /// The rows that were set aside and may count.
    fn set_aside(&self) -> impl Iterator<Item = &'c SetAside> {
        let source = self.step.source;
        self.view
            .chart
            .set_aside_of(source.table, source.concept)
            .filter(|row| self.set_aside_counts(row))
    }

    /// Visits the times of the rows that were set aside and may count.
    pub(crate) fn each_set_aside(&self, mut visit: impl FnMut(Moment)) {
        for row in self.set_aside() {
            visit(self.view.moment(row.time));
        }
    }

    /// Whether a row that was set aside may count: unless its time is known and says no.
    fn set_aside_counts(&self, row: &SetAside) -> bool {
        let view = &self.view;
        let known = match row.time {
            Some(time) => view.known(Moment::at(time)),
            None => Tri::Maybe,
        };
        let time = match self.plan.tense {
            Tense::Now | Tense::Ever => known,
            Tense::During => known.and(view.set_aside_overlaps(row, self.window, None)),
        };
        time != Tri::No
    }

    /// Whether a row counts.
    pub(crate) fn membership<T: Trace<'c>>(&self, row: &Row<'c>, trace: &mut T) -> Membership {
        let extent = self.view.extent(row);
        let mut measured = Tri::Yes;
        let mut add = |doubt: Doubt, one: Tri| {
            if one != Tri::Yes {
                trace.note(|| Note::Doubt(doubt, one));
            }
            measured = measured.and(one);
            measured != Tri::No || T::ON
        };
        let _ = self.each_condition(row, &extent, &mut add);
        let Fields::Result(result) = row.fields else {
            return Membership {
                measured,
                value: Tri::Yes,
                all: measured,
            };
        };
        self.membership_of_result(result, row, &extent, measured, trace)
    }

    /// Hands the conditions on a row to `add` until it has heard enough.
    pub(crate) fn each_condition(
        &self,
        row: &Row<'c>,
        extent: &Extent,
        add: &mut impl FnMut(Doubt, Tri) -> bool,
    ) -> Option<()> {
        add(Doubt::Time, self.at_its_time(row, extent)).then_some(())?;
        self.each_field(row, extent, add)?;
        let mut next = |doubt: Doubt, one: Tri| add(doubt, one).then_some(());
        let filters = self.plan.filters.iter().zip(&self.step.filters);
        let mut edges = 0;
        for (index, (filter, step)) in filters.enumerate() {
            match filter {
                // The value of a result is asked behind everything else.
                FilterPlan::Field(..) | FilterPlan::Grade(..) | FilterPlan::Value { .. } => {}
                FilterPlan::Edge(edge, window) => {
                    let view = &self.view;
                    let lies = self.edges.lies_in(view, edges, *edge, window, extent);
                    edges += 1;
                    next(Doubt::Edge(*edge), lies)?;
                }
                FilterPlan::Steady(_) => next(Doubt::Steady, self.was_steady(index, row))?,
                FilterPlan::Stretch { .. } => {
                    next(Doubt::Length, self.stretch_lasted(index, row))?;
                }
                _ => {
                    if let Some((doubt, one)) = self.view.filter(row, extent, filter, step) {
                        next(doubt, one)?;
                    }
                }
            }
        }
        Some(())
    }

    /// Hands the conditions on what a row is, whenever it was and however long, to `add`.
    pub(crate) fn each_field(
        &self,
        row: &Row<'c>,
        extent: &Extent,
        add: &mut impl FnMut(Doubt, Tri) -> bool,
    ) -> Option<()> {
        let mut next = |doubt: Doubt, one: Tri| add(doubt, one).then_some(());
        if self.plan.set.is_some() {
            next(
                Doubt::Name,
                self.view.has_code(row.code, self.step.source.concept),
            )?;
        }
        if row.is_provisional() {
            next(Doubt::Provisional, Tri::Maybe)?;
        }
        if self.plan.investigational {
            let marked = row.investigational().map_or(Tri::Maybe, Tri::from);
            next(Doubt::Investigational, marked)?;
        }
        for (filter, step) in self.plan.filters.iter().zip(&self.step.filters) {
            if let FilterPlan::Field(..) | FilterPlan::Grade(..) = filter
                && let Some((doubt, one)) = self.view.filter(row, extent, filter, step)
            {
                next(doubt, one)?;
            }
        }
        let gate = self.view.gate_moment();
        for ((_, disease_free), concept) in self.plan.exceptions.iter().zip(&self.step.exceptions) {
            let is_member = self.view.has_code(row.code, *concept);
            if is_member != Tri::No {
                let over = disease_free.map_or(Tri::Yes, |lasting: Lasting| {
                    over_for(extent, lasting, gate, MonthEnd::LastDay)
                });
                next(Doubt::Exception, !is_member.and(over))?;
            }
        }
        Some(())
    }

    /// Whether a row was so when it is asked.
    fn at_its_time(&self, row: &Row<'c>, extent: &Extent) -> Tri {
        let view = &self.view;
        let begun = view.known(extent.begin);
        match self.plan.tense {
            Tense::Ever => begun,
            Tense::Now => begun.and(self.not_over(extent)),
            Tense::During => begun.and(view.overlaps(self.window, extent, Some(row.code), None)),
        }
    }

    /// Whether a row was not over before the gate's day.
    fn not_over(&self, extent: &Extent) -> Tri {
        let gate = self.view.gate_moment();
        match (extent.end, extent.end()) {
            // It was over at some time; whether by the gate is not known.
            (End::Sometime, _) => Tri::Maybe,
            (_, Some(end)) => !end.day_before(gate),
            (_, None) => Tri::Yes,
        }
    }

    /// Whether the rows together lasted so long.
    pub(crate) fn total<T: Trace<'c>>(
        &self,
        lasting: Lasting,
        scratch: &mut Scratch,
        trace: &mut T,
    ) -> Tri {
        let elsewhere = self.may_be_elsewhere(0, trace);
        let mut days = std::mem::take(&mut scratch.days);
        let mut sum = |possible: bool, gate: Day, trace: &mut T| {
            days.clear();
            let _ = self.view.rows(self.step.source, |row| {
                let extent = self.view.extent(&row);
                let mut membership = Tri::Yes;
                let _ = self.each_condition(&row, &extent, &mut |_, one| {
                    membership = membership.and(one);
                    membership != Tri::No
                });
                let counted = match (possible, membership) {
                    (false, Tri::Yes) => certain_days(&extent, gate),
                    (true, Tri::Yes | Tri::Maybe) => possible_days(&extent, gate),
                    _ => None,
                };
                days.extend(counted);
                if possible {
                    trace.note(|| Note::Row { row, membership });
                }
                ControlFlow::Continue(())
            });
            covered(&mut days)
        };
        // What it is on each day that the gate may be; a gate of a known day has one.
        let mut common: Option<Tri> = None;
        let mut gate = Some(self.view.time.first_day());
        while let Some(day) = gate {
            let least = sum(false, day, trace);
            let most = if elsewhere {
                i64::MAX
            } else {
                sum(true, day, trace)
            };
            trace.note(|| Note::Total { least, most });
            let one = compare_total(least, most, lasting, day);
            common = Some(match common {
                Some(other) if other != one => Tri::Maybe,
                _ => one,
            });
            gate = day
                .add_days(1)
                .filter(|next| *next <= self.view.time.last_day());
        }
        scratch.days = days;
        common.unwrap_or(Tri::Maybe)
    }
}

/// A fact whose window cannot be placed yet.
pub(crate) const fn waits(kind: OpenKind) -> Truth {
    Truth::Open(kind)
}
