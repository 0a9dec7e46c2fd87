//! What is asked of adverse events: their grade, and what was judged of them.

use pest::iterators::Pair;

use crate::convert::Source;
use crate::grammar::Rule;
use crate::tree::{Attribute, FactObject, Filter, FilterKind, GradeLimit, SetKind};

impl Source<'_> {
    /// `any serious adverse event`: what is asked, and that it is serious.
    pub(crate) fn adverse_events(&mut self, pair: &Pair<'_, Rule>) -> (FactObject, Option<Filter>) {
        let span = self.span(pair);
        let is_serious = pair
            .as_str()
            .split_whitespace()
            .any(|word| word == "serious");
        let kind = FilterKind::Judged {
            attribute: Attribute::Serious,
            negated: false,
        };
        let object = FactObject::Any {
            investigational: false,
            kind: SetKind::Event,
            span,
        };
        (object, is_serious.then_some(Filter { kind, span }))
    }

    /// `grade at least 3`, `grade 3 to 4`, `grade 3 or 4`
    pub(crate) fn grade(&mut self, pair: Pair<'_, Rule>) -> Option<FilterKind> {
        let mut comparator = None;
        let mut is_range = false;
        let mut numbers = Vec::new();
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::comparator => comparator = Some(self.comparator(part)),
                Rule::kw_to => is_range = true,
                Rule::number => numbers.push(self.number(&part)),
                _ => {}
            }
        }
        let limit = match (comparator, numbers.as_slice()) {
            (Some(comparator), [number]) => GradeLimit::Compare(comparator, number.clone()),
            (None, [low, high]) if is_range => GradeLimit::Between(low.clone(), high.clone()),
            (None, [_, ..]) => GradeLimit::OneOf(numbers),
            _ => return None,
        };
        Some(FilterKind::Grade(limit))
    }

    /// `related to treatment`, `not serious`, `judged dose-limiting`
    pub(crate) fn judged_of_event(&mut self, pair: Pair<'_, Rule>) -> Option<FilterKind> {
        let mut negated = false;
        let mut attribute = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::kw_not => negated = true,
                Rule::related_words => attribute = Some(Attribute::Related),
                Rule::serious_word => attribute = Some(Attribute::Serious),
                Rule::limiting_word => attribute = Some(Attribute::DoseLimiting),
                _ => {}
            }
        }
        Some(FilterKind::Judged {
            attribute: attribute?,
            negated,
        })
    }
}
