//! Facts and tests of values, in the terms of the plan.

use std::sync::Arc;

use super::{Lowering, TooLarge, counts_half_lives};
use crate::ids::SetId;
use crate::plan::{
    ConceptKind, FactPlan, FilterPlan, RecordPlan, RecordQuestionPlan, SuchThatPlan, ValuePlan,
};
use crate::protocol::{
    Counted, Evidence, Fact, FactTable, Filter, Frequency, Lasting, RecordQuestion, RecordTest,
    Selector, Steady, ValueTest,
};

impl Lowering<'_> {
    pub(super) fn lasting(&self, lasting: Lasting) -> Lasting {
        Lasting {
            comparison: lasting.comparison,
            length: self.months.apply(lasting.length),
        }
    }

    pub(super) fn filter(&mut self, filter: &Filter) -> FilterPlan {
        match filter {
            Filter::Field(field, values) => FilterPlan::Field(*field, values.clone()),
            Filter::Dose {
                interval,
                unit,
                equivalence,
            } => {
                self.need_equivalence(*equivalence);
                FilterPlan::Dose {
                    interval: interval.clone(),
                    unit: unit.clone(),
                    equivalence: *equivalence,
                }
            }
            Filter::TimeOfDay(time) => FilterPlan::TimeOfDay(*time),
            Filter::Value { measure, test } => {
                self.need(ConceptKind::Measure(*measure));
                FilterPlan::Value {
                    measure: *measure,
                    test: test.clone(),
                }
            }
            Filter::Line(least, most) => FilterPlan::Line(*least, *most),
            Filter::Grade(least, most) => FilterPlan::Grade(*least, *most),
            Filter::Lasting(lasting) => FilterPlan::Lasting(self.lasting(*lasting)),
            Filter::InTotal(lasting) => FilterPlan::InTotal(self.lasting(*lasting)),
            Filter::Stretch { lasting, gap } => FilterPlan::Stretch {
                lasting: self.lasting(*lasting),
                gap: self.months.apply(*gap),
            },
            Filter::DiseaseFree(lasting) => FilterPlan::DiseaseFree(self.lasting(*lasting)),
            Filter::Edge(edge, window) => FilterPlan::Edge(*edge, self.window(window)),
            Filter::Steady(steady) => {
                self.need_equivalence(steady.equivalence);
                FilterPlan::Steady(Steady {
                    window: self.window(&steady.window),
                    ..steady.clone()
                })
            }
            Filter::TotalDose {
                interval,
                unit,
                equivalence,
            } => {
                self.need_equivalence(*equivalence);
                FilterPlan::TotalDose {
                    interval: interval.clone(),
                    unit: unit.clone(),
                    equivalence: *equivalence,
                }
            }
        }
    }

    pub(super) fn record(&mut self, test: &RecordTest) -> RecordPlan {
        let question = match &test.question {
            RecordQuestion::Member(set) => {
                self.need(ConceptKind::Set(*set));
                RecordQuestionPlan::Member(*set)
            }
            RecordQuestion::Filter(filter) => RecordQuestionPlan::Filter(self.filter(filter)),
            RecordQuestion::Shares(field, other) => RecordQuestionPlan::Shares(*field, *other),
            RecordQuestion::Same(other) => RecordQuestionPlan::Same(*other),
        };
        RecordPlan {
            record: test.record,
            negated: test.negated,
            question,
        }
    }

    pub(super) fn fact(&mut self, fact: &Fact, context: usize) -> Result<FactPlan, TooLarge> {
        let such_that = match &fact.such_that {
            Some(such_that) => Some(SuchThatPlan {
                record: such_that.record,
                name: Arc::clone(&such_that.name),
                node: self.condition(&such_that.condition, context, None)?,
            }),
            None => None,
        };
        let filters: Vec<FilterPlan> = fact
            .filters
            .iter()
            .map(|filter| self.filter(filter))
            .collect();
        let exceptions: Vec<(SetId, Option<Lasting>)> = fact
            .exceptions
            .iter()
            .map(|except| {
                (
                    except.set,
                    except.disease_free.map(|lasting| self.lasting(lasting)),
                )
            })
            .collect();
        for (set, _) in &exceptions {
            self.need(ConceptKind::Set(*set));
        }
        let window = fact.window.as_ref().map(|window| self.window(window));
        if window.as_ref().is_some_and(counts_half_lives) {
            for index in 0..self.protocol.half_lives.len() {
                self.need(ConceptKind::HalfLife(
                    u32::try_from(index).unwrap_or(u32::MAX),
                ));
            }
        }
        let frequency = fact.frequency.map(|frequency| Frequency {
            counted: match frequency.counted {
                Counted::Apart(lasting) => Counted::Apart(self.lasting(lasting)),
                counted => counted,
            },
            ..frequency
        });
        if frequency.is_some_and(|frequency| frequency.counted == Counted::Different) {
            let protocol = Arc::clone(self.protocol);
            let set = fact.set.and_then(|set| protocol.sets.get(set.index()));
            for member in set.map_or(&[][..], |set| &set.members) {
                self.need(ConceptKind::Set(*member));
            }
        }
        let samples = self
            .contexts
            .get(context)
            .filter(|_| fact.table == FactTable::Results)
            .map(|context| context.samples.clone())
            .unwrap_or_default();
        let plan = FactPlan {
            negated: fact.negated,
            frequency,
            such_that,
            tense: fact.tense,
            table: fact.table,
            set: fact.set,
            measure: fact.measure,
            samples,
            investigational: fact.investigational,
            filters,
            exceptions,
            window,
        };
        self.need(plan.concept());
        self.need(ConceptKind::GivenOnce);
        Ok(plan)
    }

    pub(super) fn value(&mut self, test: &ValueTest, context: usize) -> ValuePlan {
        self.need_subject(test.subject);
        let inherited = self.contexts.get(context).cloned().unwrap_or_default();
        let window = test
            .window
            .as_ref()
            .map(|window| self.window(window))
            .or(inherited.window);
        ValuePlan {
            subject: test.subject,
            selector: test
                .selector
                .or(inherited.selector)
                .unwrap_or(Selector::Latest),
            provenance: test.provenance.clone(),
            time_of_day: test.time_of_day,
            evidence: test.evidence.as_ref().map(|evidence| Evidence {
                least: evidence.least,
                window: evidence.window.as_ref().map(|window| self.window(window)),
            }),
            window,
            samples: inherited.samples,
            test: self.test(&test.test),
        }
    }
}
