//! Results of measures as records of a fact.

use pest::iterators::Pair;

use crate::convert::Source;
use crate::grammar::Rule;
use crate::tree::{FactObject, Filter, FilterKind, TagRule, TestKind};

impl Source<'_> {
    /// `includes III or IV`, `is only V`
    pub(crate) fn tag_test(&mut self, pair: Pair<'_, Rule>) -> TestKind {
        let mut rule = TagRule::Includes;
        for part in pair.clone().into_inner() {
            match part.as_rule() {
                Rule::includes_none => rule = TagRule::IncludesNone,
                Rule::only_word => rule = TagRule::Only,
                _ => {}
            }
        }
        let values = self.names(pair.into_inner());
        TestKind::Tags { rule, values }
    }

    /// `with time of day 07:30 to 08:30`
    pub(crate) fn time_of_day(&mut self, pair: Pair<'_, Rule>) -> Option<Filter> {
        let span = self.span(&pair);
        let mut clocks = pair
            .into_inner()
            .filter(|part| part.as_rule() == Rule::clock)
            .map(|part| self.name(&part));
        let kind = FilterKind::TimeOfDay {
            from: clocks.next()?,
            to: clocks.next()?,
        };
        Some(Filter { kind, span })
    }

    /// `values of alt > 3 x ULN`
    pub(crate) fn values_of(&mut self, pair: Pair<'_, Rule>) -> Option<FactObject> {
        let span = self.span(&pair);
        let mut measure = None;
        let mut test = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::name => measure = Some(self.name(&part)),
                Rule::value_test => test = Some(self.test(part)?),
                _ => {}
            }
        }
        Some(FactObject::Values {
            measure: measure?,
            test,
            span,
        })
    }
}
