//! Results of measures as records of a fact.

use lind_model::MeasureId;
use lind_model::plan::FilterPlan;
use lind_model::protocol::{FactTable, Quantifier, Test};
use lind_records::Observation;
use lind_time::Tri;

use crate::candidates::Rules;
use crate::facts::{Asked, Doubt, Membership};
use crate::rows::{Extent, Row};
use crate::steps::TestStep;
use crate::trace::{Note, Trace};
use crate::values::{Fault, Judged, Question};
use crate::view::View;

impl View<'_> {
    /// What a test of the values of a measure says of one result.
    pub(crate) fn judge_result(
        &self,
        measure: MeasureId,
        test: &Test,
        step: &TestStep,
        result: &Observation,
    ) -> Judged {
        match self.program.measure(measure) {
            Some(measure) => self.judge(&Question::of(test, step, measure), result),
            None => Judged {
                outcome: Tri::Maybe,
                fault: Some(Fault::NoTest),
            },
        }
    }
}

impl<'c> Asked<'_, 'c> {
    /// Whether a result counts, given what everything but its sample and its value says.
    pub(crate) fn membership_of_result<T: Trace<'c>>(
        &self,
        result: &'c Observation,
        row: &Row<'c>,
        extent: &Extent,
        mut measured: Tri,
        trace: &mut T,
    ) -> Membership {
        let rules = Rules {
            plans: &self.plan.samples,
            sources: &self.step.samples,
        };
        if measured != Tri::No || T::ON {
            let usable = rules.usable(&self.view, result, extent.begin, trace);
            if usable != Tri::Yes {
                trace.note(|| Note::Doubt(Doubt::Sample, usable));
            }
            measured = measured.and(usable);
        }
        let mut value = Tri::Yes;
        let filters = self.plan.filters.iter().zip(&self.step.filters);
        for (filter, step) in filters {
            let decided = measured == Tri::No || value == Tri::No;
            if !matches!(filter, FilterPlan::Value { .. }) || (decided && !T::ON) {
                continue;
            }
            if let Some((doubt, one)) = self.view.filter(row, extent, filter, step) {
                if one != Tri::Yes {
                    trace.note(|| Note::Doubt(doubt, one));
                }
                value = value.and(one);
            }
        }
        Membership {
            measured,
            value,
            all: measured.and(value),
        }
    }

    /// Whether more is asked of results than that they are there.
    fn is_about_values(&self) -> bool {
        let mut filters = self.plan.filters.iter();
        self.plan.table == FactTable::Results
            && (self.plan.such_that.is_some()
                || filters.any(|filter| matches!(filter, FilterPlan::Value { .. })))
    }

    /// Where nothing was measured, nothing is said of values.
    pub(crate) fn says_nothing<T: Trace<'c>>(&self, measured: u32, trace: &mut T) -> bool {
        let nothing = measured == 0 && self.is_about_values();
        if nothing {
            trace.note(|| Note::Evidence { count: 0, least: 1 });
        }
        nothing
    }

    /// Whether so many results were measured that those that may be missing do not matter.
    pub(crate) fn is_enough(&self, measured: u32) -> bool {
        let wanted = match self.plan.frequency.map(|frequency| frequency.quantifier) {
            Some(Quantifier::AtLeast(n) | Quantifier::AtMost(n) | Quantifier::Exactly(n)) => n,
            _ => 1,
        };
        self.is_about_values() && measured >= wanted.max(1)
    }
}
