//! Records that have a name (section 6, "Records with a name").

use lind_model::Truth;
use lind_model::protocol::{
    Fact, FactField, FactTable, Filter, MOST_NAMED_RECORDS, NamedRecord, RecordEdge,
    RecordQuestion, RecordTest, Window,
};
use lind_time::Tri;

use super::windows::Here;
use super::{Clauses, Gate, Run};
use crate::chart::{Record, has_word_of, tri};
use crate::time::Time;
use crate::window::End;

/// The records that have a name, by their places in the chart.
pub(super) type Named = [Option<usize>; MOST_NAMED_RECORDS];

/// When an anchor is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Placed {
    At(Time),
    /// After everything that is known.
    Endless,
    /// There is certainly no record that it could be.
    Nothing,
    Unknown,
}

impl<'a> Run<'a> {
    fn named(&self, name: NamedRecord, records: &Named) -> Option<&Record> {
        let place = records.get(usize::from(name.0)).copied().flatten()?;
        self.chart.facts.get(place)
    }

    /// When a record that has a name began or ended.
    pub(super) fn edge(&self, name: NamedRecord, edge: RecordEdge, records: &Named) -> Placed {
        let Some(record) = self.named(name, records) else {
            return Placed::Unknown;
        };
        let recorded = |time: Option<Time>| time.map_or(Placed::Unknown, Placed::At);
        match (edge, self.span(record).end) {
            (RecordEdge::Begin, _) | (RecordEdge::End, End::AtOnce) => recorded(record.begin),
            (RecordEdge::End, End::NotOver) => Placed::Endless,
            (RecordEdge::End, End::At(_)) => recorded(record.end),
        }
    }

    /// Whether a record begins or ends in a window, for every beginning and end that it can have.
    pub(super) fn edge_in(
        &self,
        record: &Record,
        edge: RecordEdge,
        window: &Window,
        gate: Gate,
    ) -> Tri {
        let span = self.span(record);
        let begin = span.begin;
        let mut at = begin;
        match (edge, span.end) {
            (RecordEdge::End, End::NotOver) => return Tri::No,
            (_, End::AtOnce) | (RecordEdge::Begin, End::NotOver) => {}
            // No end comes before the beginning.
            (_, End::At(end)) if end.last < begin.first => return Tri::Maybe,
            (RecordEdge::Begin, End::At(end)) => at.last = begin.last.min(end.last),
            (RecordEdge::End, End::At(end)) => {
                at = end;
                at.first = end.first.max(begin.first);
            }
        }
        self.time_in(window, at, Here::at(gate))
            .and(self.known(at, gate))
    }

    /// What the condition below the name says of a record.
    pub(super) fn body(
        &self,
        fact: &'a Fact,
        record: &Record,
        clauses: &Clauses<'a>,
        gate: Gate,
    ) -> Truth {
        let Some(such_that) = &fact.such_that else {
            return Truth::NotApplicable;
        };
        let mut inside = gate;
        let place = self
            .chart
            .facts
            .iter()
            .position(|other| std::ptr::eq(other, record));
        if let Some(slot) = inside.records.get_mut(usize::from(such_that.record.0)) {
            *slot = place;
        }
        self.condition(&such_that.condition, clauses, inside, None)
    }

    /// Whether something is true of a record that has a name.
    pub(super) fn of_record(&self, test: &RecordTest, gate: Gate) -> Truth {
        let Some(record) = self.named(test.record, &gate.records) else {
            return Truth::from_tri(Tri::Maybe);
        };
        if let RecordQuestion::Filter(Filter::Edge(_, window)) = &test.question
            && let Some(open) = self.not_anchored([window])
        {
            return open;
        }
        let holds = match &test.question {
            RecordQuestion::Member(set) => self.is_in_set(record, *set),
            RecordQuestion::Filter(filter) => self.passes_filter(record, filter, gate),
            RecordQuestion::Shares(field, other) => match self.named(*other, &gate.records) {
                Some(other) => shares(record, other, *field),
                None => Tri::Maybe,
            },
            RecordQuestion::Same(other) => {
                let place =
                    |name: NamedRecord| gate.records.get(usize::from(name.0)).copied().flatten();
                tri(place(test.record) == place(*other))
            }
        };
        let truth = Truth::from_tri(holds);
        if test.negated { truth.not() } else { truth }
    }
}

/// Whether a field of two records has the same word.
fn shares(one: &Record, other: &Record, field: FactField) -> Tri {
    let is_event = |record: &Record| record.table == FactTable::AdverseEvents;
    if field == FactField::Term && is_event(one) && is_event(other) {
        let system = |record: &Record| {
            record
                .code
                .split_once('|')
                .map(|(system, _)| system.to_owned())
        };
        return match (one.code == other.code, system(one) == system(other)) {
            (true, _) => Tri::Yes,
            (false, true) => Tri::No,
            // A name and a code, or codes of two systems.
            (false, false) => Tri::Maybe,
        };
    }
    match (has_word_of(one, field), has_word_of(other, field)) {
        (Some(one), Some(other)) => tri(one == other),
        _ => Tri::Maybe,
    }
}

/// Whether no record that is asked for fails.
pub(super) fn every(rows: &[(Tri, Truth)], may_lack_rows: bool) -> Truth {
    let unknown = Truth::from_tri(Tri::Maybe);
    let passes = |body: Truth| matches!(body, Truth::True | Truth::NotApplicable);
    let sure = || rows.iter().filter(|(member, _)| *member == Tri::Yes);
    let maybe = || rows.iter().filter(|(member, _)| *member == Tri::Maybe);
    if sure().any(|(_, body)| *body == Truth::False) {
        return Truth::False;
    }
    let mut open = may_lack_rows || maybe().any(|(_, body)| !passes(*body));
    if sure().count() == 0 {
        open = open || maybe().count() > 0;
        return if open { unknown } else { Truth::NotApplicable };
    }
    let mut value = sure().fold(Truth::True, |value, (_, body)| value.and(*body));
    if open {
        value = value.and(unknown);
    }
    value
}
