//! Results of measures as records of a fact.

use lind_model::MeasureId;
use lind_model::plan::FilterPlan;
use lind_model::protocol::{FactTable, Quantifier, TagRule, Test};
use lind_records::Observation;
use lind_time::Tri;
use lind_units::Decimal;

use crate::candidates::Rules;
use crate::facts::{Asked, Doubt, Membership};
use crate::moments::tri;
use crate::rows::{Extent, Row};
use crate::steps::{TestStep, Word};
use crate::trace::{Note, Trace};
use crate::values::{Fault, Judged, Question};
use crate::view::View;

impl View<'_> {
    /// What is asked of the tags of one result, which are joined by `+`.
    pub(crate) fn judge_tags(
        &self,
        row: &Observation,
        rule: TagRule,
        asked: &[Word],
        declared: &[(Word, Option<Decimal>)],
    ) -> Judged {
        let Some(result) = row.result else {
            return Judged {
                outcome: Tri::Maybe,
                fault: Some(Fault::NoResult),
            };
        };
        // Symbols are written with underscores for blanks.
        let tags = self.context.symbols.text(result).split('+');
        let (mut one_of_these, mut another, mut unreadable) = (false, false, false);
        for tag in tags.map(|tag| tag.trim_matches('_')) {
            let is = |word: Word| {
                let symbol = self.context.bindings.word(word);
                symbol.is_some_and(|symbol| self.context.symbols.text(symbol) == tag)
            };
            if asked.iter().any(|word| is(*word)) {
                one_of_these = true;
            } else if declared.iter().any(|(word, _)| is(*word)) {
                another = true;
            } else {
                unreadable = true;
            }
        }
        let includes = tri(one_of_these, !unreadable);
        let outcome = match rule {
            TagRule::Includes => includes,
            TagRule::IncludesNone => !includes,
            TagRule::Only => tri(!another && !unreadable, another),
        };
        Judged {
            outcome,
            fault: (outcome == Tri::Maybe).then_some(Fault::NoResult),
        }
    }

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
