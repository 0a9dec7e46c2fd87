//! Results of measures as records (section 6, "Results").

use lind_model::protocol::{Fact, FactTable, Filter, Measure, Quantifier, SampleRule, Test};
use lind_model::{MeasureId, Truth};
use lind_time::Tri;

use super::counts::largest;
use super::one_value::passes;
use super::values::Recorded;
use super::{Clauses, Gate, Run};
use crate::PlainTable;
use crate::chart::{Record, is_complete, is_one_of, word};
use crate::time::Time;

impl<'a> Run<'a> {
    fn measure_of(&self, fact: &Fact) -> Option<&'a Measure> {
        self.protocol.measures.get(fact.measure?.index())
    }

    /// The results of the measure that a fact names.
    pub(super) fn results(&self, fact: &Fact) -> Vec<&Record> {
        let Some(measure) = self.measure_of(fact) else {
            return Vec::new();
        };
        let names = names_of(measure);
        let specimen = Recorded::of(measure).specimen.map(word);
        self.chart
            .facts
            .iter()
            .filter(|row| row.table == FactTable::Results && is_one_of(&row.code, &names))
            .filter(|row| {
                let written = word(row.row.text("specimen"));
                written.is_empty() || specimen.as_ref().is_none_or(|wanted| *wanted == written)
            })
            .collect()
    }

    /// The rules for samples that hold for a fact.
    pub(super) fn rules_of(&self, fact: &Fact, clauses: &Clauses<'a>) -> Vec<&'a SampleRule> {
        match fact.table {
            FactTable::Results => clauses.samples.clone(),
            _ => Vec::new(),
        }
    }

    /// Whether the sample of a result may be used.
    pub(super) fn may_be_used(
        &self,
        fact: &Fact,
        row: &Record,
        clauses: &Clauses<'a>,
        gate: Gate,
    ) -> Tri {
        let rules = self.rules_of(fact, clauses);
        rules.into_iter().fold(Tri::Yes, |usable, rule| {
            usable.and(self.is_usable(rule, row.begin, gate))
        })
    }

    /// Whether a result passes the test of a fact.
    pub(super) fn has_the_value(&self, fact: &Fact, row: &Record) -> Tri {
        let mut passes = Tri::Yes;
        for filter in &fact.filters {
            if let Filter::Value { measure, test } = filter {
                passes = passes.and(self.value_is(*measure, test, row));
            }
        }
        passes
    }

    /// Whether a result passes a test.
    pub(super) fn value_is(&self, measure: MeasureId, test: &Test, row: &Record) -> Tri {
        match (self.protocol.measures.get(measure.index()), &row.result) {
            (Some(measure), Some(result)) => passes(&measure.shape, test, result),
            _ => Tri::Maybe,
        }
    }

    /// Whether there may be a result that matches besides those that can be read, where so many were
    /// measured.
    pub(super) fn may_lack_results(&self, fact: &Fact, measured: u32, gate: Gate) -> bool {
        let tested = fact
            .filters
            .iter()
            .any(|filter| matches!(filter, Filter::Value { .. }));
        let about_values = tested || fact.such_that.is_some();
        let enough = match fact.frequency.map(|frequency| frequency.quantifier) {
            Some(Quantifier::AtLeast(n) | Quantifier::AtMost(n) | Quantifier::Exactly(n)) => {
                measured >= n && measured > 0
            }
            _ => measured > 0,
        };
        let names = self.measure_of(fact).map(names_of).unwrap_or_default();
        if about_values && measured == 0 {
            return true;
        }
        let complete = is_complete(self.dataset, PlainTable::Observations, Some(&names));
        if !(complete || about_values && enough) {
            return true;
        }
        self.chart
            .aside
            .iter()
            .filter(|row| row.may_be_one_of(PlainTable::Observations, &names))
            .any(|row| !self.is_excluded_by_time(fact, row, gate))
    }
}

/// A result that may be there.
struct Neighbour {
    time: Time,
    is_there: Tri,
    /// Whether it passes, if it is there.
    passes: Truth,
}

impl Run<'_> {
    /// How long the longest run of results is that follow each other, at least and at most.
    pub(super) fn longest_run(
        &self,
        fact: &Fact,
        rows: &[(&Record, Tri, Truth)],
        clauses: &Clauses<'_>,
        gate: Gate,
    ) -> (usize, usize) {
        let mut all: Vec<Neighbour> = Vec::new();
        for (row, _, body) in rows {
            let usable = clauses.samples.iter().fold(Tri::Yes, |usable, rule| {
                usable.and(self.is_usable(rule, row.begin, gate))
            });
            all.push(Neighbour {
                time: self.chart.time(row.begin),
                is_there: self.membership(fact, row, gate).and(usable),
                passes: Truth::from_tri(self.has_the_value(fact, row)).and(*body),
            });
        }
        let names = self.measure_of(fact).map(names_of).unwrap_or_default();
        for row in &self.chart.aside {
            if row.may_be_one_of(PlainTable::Observations, &names)
                && !self.is_excluded_by_time(fact, row, gate)
            {
                all.push(Neighbour {
                    time: self.chart.time(row.time),
                    is_there: Tri::Maybe,
                    passes: Truth::from_tri(Tri::Maybe),
                });
            }
        }
        all.retain(|one| one.is_there != Tri::No);
        let earlier = |a: &Neighbour, b: &Neighbour| a.time.is_before(b.time) == Tri::Yes;
        let counts = |sure: bool| -> Vec<&Neighbour> {
            all.iter()
                .filter(|one| match sure {
                    true => one.is_there == Tri::Yes && one.passes == Truth::True,
                    false => one.passes != Truth::False,
                })
                .collect()
        };
        let never_between = |a: &Neighbour, b: &Neighbour| {
            all.iter()
                .filter(|other| other.passes != Truth::True)
                .all(|other| {
                    (earlier(other, a) && earlier(other, b))
                        || (earlier(a, other) && earlier(b, other))
                })
        };
        let not_always_between = |a: &Neighbour, b: &Neighbour| {
            !all.iter()
                .filter(|other| other.is_there == Tri::Yes && other.passes == Truth::False)
                .any(|other| {
                    (earlier(a, other) && earlier(other, b))
                        || (earlier(b, other) && earlier(other, a))
                })
        };
        (
            largest(&counts(true), never_between),
            largest(&counts(false), not_always_between),
        )
    }
}

fn names_of(measure: &Measure) -> Vec<&str> {
    let recorded = Recorded::of(measure);
    std::iter::once(recorded.name)
        .chain(recorded.codes.iter().map(|code| &**code))
        .collect()
}
