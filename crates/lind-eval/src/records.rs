//! Records that have a name, and the rows of a fact one by one.

use std::ops::ControlFlow;

use lind_model::logic::Passing;
use lind_model::plan::{FactPlan, FilterPlan, RecordPlan, RecordQuestionPlan};
use lind_model::protocol::{
    Counted, Frequency, MOST_NAMED_RECORDS, NamedRecord, Quantifier, Tense,
};
use lind_model::{OpenKind, Truth};
use lind_time::{MonthEnd, Tri};

use crate::candidates::Rules;
use crate::counts;
use crate::edges::Edges;
use crate::facts::{Asked, Doubt, Membership, waits};
use crate::nodes::Walk;
use crate::regimens::Regimens;
use crate::rows::{Field, Fields, Row};
use crate::runs::{self, Neighbour};
use crate::steps::{FactStep, FilterStep, RecordStep, Source};
use crate::trace::{Note, Trace};
use crate::view::View;
use crate::windows::Prepared;

/// The records that have a name where a condition stands.
#[derive(Clone, Copy, Default)]
pub(crate) struct Records<'c>([Option<Fields<'c>>; MOST_NAMED_RECORDS]);

impl<'c> Records<'c> {
    fn with(mut self, name: NamedRecord, fields: Fields<'c>) -> Self {
        if let Some(place) = self.0.get_mut(usize::from(name.0)) {
            *place = Some(fields);
        }
        self
    }

    fn get(&self, name: NamedRecord) -> Option<Fields<'c>> {
        self.0.get(usize::from(name.0)).copied().flatten()
    }
}

impl<'c> View<'c> {
    /// The record that has a name.
    pub(crate) fn record(&self, name: NamedRecord) -> Option<Row<'c>> {
        self.records.get(name).map(|fields| self.row_of(fields))
    }
}

/// What a row comes to: whether it is one of those that are asked for, and what is said about it besides.
#[derive(Clone, Copy)]
struct Met {
    /// Whatever its value is.
    measured: Tri,
    /// Whether its value passes.
    value: Tri,
    member: Tri,
    body: Truth,
}

impl Met {
    fn truth(self) -> Truth {
        Truth::from_tri(self.member).and(self.body)
    }
}

impl<'c, T: Trace<'c>> Walk<'_, 'c, T> {
    pub(crate) fn fact(&mut self, fact: &'c FactPlan, step: &'c FactStep) -> Truth {
        let window = fact.window.as_ref().filter(|_| fact.tense == Tense::During);
        let of_filters = fact.filters.iter().filter_map(FilterPlan::window);
        let none = Rules {
            plans: &[],
            sources: &[],
        };
        let waiting = window
            .into_iter()
            .chain(of_filters)
            .filter_map(|window| self.blocked(&[Some(window)], none))
            .max();
        let samples = Rules {
            plans: &fact.samples,
            sources: &step.samples,
        };
        if let Some(kind) = waiting.max(self.blocked(&[], samples)) {
            return waits(kind);
        }
        self.trace.note(|| Note::Window(window));
        // Of what there is no row, it does not matter when it would have counted.
        let window = window.filter(|_| T::ON || is_summed(fact) || self.view.has_any(step.source));
        let prepared = window.map_or(Prepared::Everything, |window| {
            self.view.prepare(window, None)
        });
        let edges = Edges::new(&self.view, fact);
        let mut regimens = std::mem::take(&mut self.scratch.regimens);
        let mut asked = Asked {
            view: self.view,
            plan: fact,
            step,
            window: &prepared,
            edges: &edges,
            regimens: &Regimens::default(),
        };
        asked.prepare(&mut regimens, &mut self.scratch.days);
        asked.regimens = &regimens;
        let mut filters = fact.filters.iter().zip(&step.filters);
        let sum = filters.find_map(|(filter, step)| match (filter, step) {
            (FilterPlan::InTotal(lasting), _) => {
                Some(asked.total(*lasting, self.scratch, self.trace))
            }
            (FilterPlan::TotalDose { interval, .. }, FilterStep::Dose(dose)) => {
                Some(asked.total_dose(interval, dose, &mut self.scratch.total, self.trace))
            }
            _ => None,
        });
        let truth = match (fact.frequency, sum) {
            (Some(frequency), _) if frequency.quantifier == Quantifier::All => self.every(&asked),
            (Some(frequency), _) => self.count_rows(&asked, frequency),
            (None, Some(sum)) => Truth::from_tri(sum),
            (None, None) => self.exists(&asked),
        };
        self.scratch.regimens = regimens;
        if fact.negated { truth.not() } else { truth }
    }

    /// What a row comes to.
    fn row(&mut self, asked: &Asked<'_, 'c>, row: Row<'c>) -> Met {
        let Membership {
            measured,
            value,
            all: member,
        } = asked.membership(&row, self.trace);
        self.trace.note(|| Note::Row {
            row,
            membership: member,
        });
        let body = match &asked.plan.such_that {
            Some(such_that) if member != Tri::No => {
                let outside = self.view;
                let inside = View {
                    records: outside.records.with(such_that.record, row.fields),
                    ..outside
                };
                self.trace.note(|| Note::Named(inside.records));
                let body = Walk {
                    view: inside,
                    gate_index: self.gate_index,
                    scratch: self.scratch,
                    trace: self.trace,
                }
                .node(such_that.node, Passing::Neither);
                self.trace.note(|| Note::Named(outside.records));
                self.trace.note(|| Note::Body(body));
                body
            }
            _ => Truth::NotApplicable,
        };
        Met {
            measured,
            value,
            member,
            body,
        }
    }

    fn exists(&mut self, asked: &Asked<'_, 'c>) -> Truth {
        let view = self.view;
        let mut exists = Truth::False;
        let mut measured = 0;
        let _ = view.rows(asked.step.source, |row| {
            let met = self.row(asked, row);
            measured += u32::from(met.measured == Tri::Yes);
            exists = exists.or(met.truth());
            if exists == Truth::True && !T::ON {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        });
        if exists == Truth::True && !T::ON {
            return exists;
        }
        if asked.may_be_elsewhere(measured, self.trace) {
            exists = exists.or(Truth::Open(OpenKind::Unknown));
        }
        exists
    }

    /// Whether no row fails; there must be one.
    fn every(&mut self, asked: &Asked<'_, 'c>) -> Truth {
        let view = self.view;
        let unknown = Truth::Open(OpenKind::Unknown);
        let mut every = Truth::NotApplicable;
        let mut doubtful = false;
        let mut measured = 0;
        let _ = view.rows(asked.step.source, |row| {
            let met = self.row(asked, row);
            measured += u32::from(met.measured == Tri::Yes);
            let passes = matches!(met.body, Truth::True | Truth::NotApplicable);
            every = match met.member {
                Tri::No => every,
                Tri::Yes if passes => every.and(Truth::True),
                Tri::Yes => every.and(met.body),
                Tri::Maybe => {
                    doubtful = true;
                    if passes { every } else { every.and(unknown) }
                }
            };
            if every == Truth::False && !T::ON {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        });
        if every != Truth::False && asked.may_be_elsewhere(measured, self.trace) {
            return unknown;
        }
        if every == Truth::NotApplicable && doubtful {
            // Perhaps there is none of which it could be asked.
            return unknown;
        }
        every
    }

    /// Whether so many rows count.
    fn count_rows(&mut self, asked: &Asked<'_, 'c>, frequency: Frequency) -> Truth {
        let view = self.view;
        let mut open: Option<OpenKind> = None;
        let start = self.scratch.counted.len();
        let first = self.scratch.runs.len();
        let mut measured = 0;
        let _ = view.rows(asked.step.source, |row| {
            let met = self.row(asked, row);
            measured += u32::from(met.measured == Tri::Yes);
            let counts = met.truth();
            if frequency.counted == Counted::Consecutive && met.measured != Tri::No {
                let passes = Truth::from_tri(met.value).and(met.body);
                let moment = view.moment(row.begin);
                let sure = met.measured == Tri::Yes;
                self.scratch.runs.push(Neighbour::new(moment, sure, passes));
            }
            if let Truth::Open(kind) = counts {
                open = open.max(Some(kind));
            }
            if counts != Truth::False && frequency.counted != Counted::Consecutive {
                let member = match frequency.counted {
                    Counted::Lines => row.line().map(u64::from),
                    _ => asked.member(row.code),
                };
                let row = counts::Row::new(&view.extent(&row), member, counts);
                self.scratch.counted.push(row);
            }
            ControlFlow::Continue(())
        });
        let (least, most) = if frequency.counted == Counted::Consecutive {
            asked.each_set_aside(|moment| {
                let unknown = Truth::Open(OpenKind::Unknown);
                self.scratch
                    .runs
                    .push(Neighbour::new(moment, false, unknown));
            });
            runs::bounds(self.scratch.runs.get(first..).unwrap_or_default())
        } else {
            let rows = self.scratch.counted.get_mut(start..).unwrap_or_default();
            counts::bounds(rows, frequency.counted, MonthEnd::LastDay)
        };
        self.scratch.counted.truncate(start);
        self.scratch.runs.truncate(first);
        let elsewhere = asked.may_be_elsewhere(measured, self.trace);
        let most = (!elsewhere).then_some(most);
        self.trace.note(|| Note::Counted { least, most });
        // Where every row is certain, only the dates can leave the count open.
        let open = open.filter(|_| !elsewhere).unwrap_or(OpenKind::Unknown);
        counts::compare(frequency, least, most, open)
    }

    /// Whether something is true of a record that has a name.
    pub(crate) fn record(&mut self, plan: &'c RecordPlan, step: &'c RecordStep) -> Truth {
        let Some(row) = self.view.record(plan.record) else {
            return Truth::Open(OpenKind::Unknown);
        };
        if let RecordQuestionPlan::Filter(filter) = &plan.question {
            let rules = Rules {
                plans: &[],
                sources: &[],
            };
            if let Some(kind) = self.blocked(&[filter.window()], rules) {
                return waits(kind);
            }
        }
        let view = self.view;
        let mut doubt = None;
        let holds = match &plan.question {
            RecordQuestionPlan::Member(_) => {
                doubt = Some(Doubt::Name);
                step.member
                    .map_or(Tri::No, |concept| view.has_code(row.code, concept))
            }
            RecordQuestionPlan::Filter(FilterPlan::Edge(edge, window)) => {
                doubt = Some(Doubt::Edge(*edge));
                view.edge_lies_in(&view.extent(&row), *edge, &view.prepare(window, None))
            }
            RecordQuestionPlan::Filter(filter) => {
                let extent = view.extent(&row);
                match view.filter(&row, &extent, filter, &step.filter) {
                    Some((what, holds)) => {
                        doubt = Some(what);
                        holds
                    }
                    None => Tri::Maybe,
                }
            }
            RecordQuestionPlan::Shares(field, other) => {
                doubt = Some(Doubt::Field(*field));
                match view.record(*other) {
                    Some(other) => view.shares(row.field(*field), other.field(*field)),
                    None => Tri::Maybe,
                }
            }
            RecordQuestionPlan::Same(other) => match view.records.get(*other) {
                Some(other) => Tri::from(is_same(row.fields, other)),
                None => Tri::Maybe,
            },
        };
        self.trace.note(|| Note::Row {
            row,
            membership: holds,
        });
        if let Some(doubt) = doubt {
            self.trace.note(|| Note::Doubt(doubt, holds));
        }
        let truth = Truth::from_tri(holds);
        if plan.negated { truth.not() } else { truth }
    }
}

/// Whether rows are asked for what they come to together: of none that is something too.
fn is_summed(fact: &FactPlan) -> bool {
    let sums = |filter: &FilterPlan| {
        matches!(
            filter,
            FilterPlan::InTotal(_) | FilterPlan::TotalDose { .. }
        )
    };
    fact.filters.iter().any(sums)
}

impl View<'_> {
    /// Whether there is a row of a source, or one that may be and was set aside.
    fn has_any(&self, source: Source) -> bool {
        let visited = self.rows(source, |_| ControlFlow::Break(()));
        let mut aside = self.chart.set_aside_of(source.table, source.concept);
        visited.is_break() || aside.next().is_some()
    }

    /// Whether two fields have the same word.
    fn shares(&self, one: Field, other: Field) -> Tri {
        match (one, other) {
            (Field::Word(one), Field::Word(other)) => Tri::from(one == other),
            (Field::Symbol(one), Field::Symbol(other)) => Tri::from(one == other),
            (Field::Grade(one), Field::Grade(other)) => Tri::from(one == other),
            (Field::Term(one), Field::Term(other)) => self.same_term(one, other),
            _ => Tri::Maybe,
        }
    }
}

/// Whether two records are one.
fn is_same(one: Fields<'_>, other: Fields<'_>) -> bool {
    match (one, other) {
        (Fields::Condition(one), Fields::Condition(other)) => std::ptr::eq(one, other),
        (Fields::Treatment(one), Fields::Treatment(other)) => std::ptr::eq(one, other),
        (Fields::Procedure(one), Fields::Procedure(other)) => std::ptr::eq(one, other),
        (Fields::Allergy(one), Fields::Allergy(other)) => std::ptr::eq(one, other),
        (Fields::Result(one), Fields::Result(other)) => std::ptr::eq(one, other),
        (Fields::AdverseEvent(one), Fields::AdverseEvent(other)) => std::ptr::eq(one, other),
        _ => false,
    }
}
