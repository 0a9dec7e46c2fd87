//! Clauses of a body: what governs, replaces or counts the conditions beside them.

use lind_diagnostics::Span;
use pest::iterators::Pair;

use crate::body::{counts_as_met, selector_of};
use crate::convert::Source;
use crate::grammar::Rule;
use crate::tree::{
    CaseLimit, CountsAs, EntryKind, Except, Excepted, LimitCase, Limits, MonthRule, Number,
    Quantifier, Replacement, Samples, Selector, Take,
};

impl Source<'_> {
    pub(crate) fn take(&mut self, pair: Pair<'_, Rule>) -> EntryKind {
        let mut as_read = None;
        let mut selector = None;
        let mut window = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::name => as_read = Some(self.name(&part)),
                Rule::selector_word => selector = Some(selector_of(part.as_str())),
                Rule::window => window = Some(self.window(part)),
                _ => {}
            }
        }
        match (as_read, selector) {
            (Some(name), _) => EntryKind::Take(Take::AsRead(name, window)),
            (None, Some(selector)) => EntryKind::Take(Take::Selector(selector, window)),
            (None, None) => EntryKind::Broken,
        }
    }

    pub(crate) fn samples(&mut self, pair: Pair<'_, Rule>, span: Span) -> EntryKind {
        let mut without = Vec::new();
        let mut window = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::name => without.push(self.name(&part)),
                Rule::window => window = Some(self.window(part)),
                _ => {}
            }
        }
        window.map_or(EntryKind::Broken, |window| {
            EntryKind::Take(Take::Samples(Samples {
                without,
                window,
                span,
            }))
        })
    }

    pub(crate) fn except(&mut self, pair: Pair<'_, Rule>) -> Option<Except> {
        let span = self.span(&pair);
        let mut of = None;
        let mut name = None;
        let mut disease_free = None;
        let mut replacement = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::except_when => {
                    let condition = part
                        .into_inner()
                        .find(|inner| inner.as_rule() == Rule::condition);
                    of = condition.map(|condition| Excepted::When(self.condition(condition)));
                }
                Rule::except_with => {
                    of = self
                        .names(part.into_inner())
                        .into_iter()
                        .next()
                        .map(Excepted::With);
                }
                Rule::name => name = Some(self.name(&part)),
                Rule::disease_free => disease_free = Some(self.lasting(part)),
                Rule::replacement => replacement = self.replacement(part),
                _ => {}
            }
        }
        let members = || {
            Some(Excepted::Members {
                name: name?,
                disease_free,
            })
        };
        Some(Except {
            of: of.or_else(members)?,
            replacement,
            span,
        })
    }

    pub(crate) fn replacement(&mut self, pair: Pair<'_, Rule>) -> Option<Replacement> {
        let part = pair.into_inner().next()?;
        match part.as_rule() {
            Rule::window => Some(Replacement::Window(self.window(part))),
            Rule::test => self.test(part).map(Replacement::Test),
            Rule::condition => Some(Replacement::Condition(self.condition(part))),
            _ => None,
        }
    }

    pub(crate) fn limits(&mut self, pair: Pair<'_, Rule>) -> Option<Limits> {
        let span = self.span(&pair);
        let pair = pair.into_inner().next()?;
        if pair.as_rule() == Rule::change_opener {
            return self.limits_of_change(pair, span);
        }
        let mut selector = None;
        let mut measure = None;
        let mut window = None;
        let mut comparator = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::selector => selector = self.selector(part),
                Rule::name => measure = Some(self.name(&part)),
                Rule::window => window = Some(self.window(part)),
                Rule::comparator => comparator = Some(self.comparator(part)),
                _ => {}
            }
        }
        Some(Limits {
            selector,
            measure: measure?,
            window,
            comparator,
            change: None,
            span,
        })
    }

    pub(crate) fn counts(&mut self, pair: Pair<'_, Rule>) -> Option<CountsAs> {
        let met = counts_as_met(pair.clone());
        let mut when = None;
        let mut criteria = Vec::new();
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::condition => when = Some(self.condition(part)),
                Rule::label_name => criteria.push(self.name(&part)),
                _ => {}
            }
        }
        Some(CountsAs {
            when: when?,
            criteria,
            met,
        })
    }

    pub(crate) fn selector(&mut self, pair: Pair<'_, Rule>) -> Option<(Selector, Span)> {
        let span = self.span(&pair);
        let word = pair
            .into_inner()
            .find(|inner| matches!(inner.as_rule(), Rule::selector_word | Rule::mean_of))?;
        Some((selector_of(word.as_str()), span))
    }

    pub(crate) fn limit_case(&mut self, pair: Pair<'_, Rule>) -> Option<LimitCase> {
        let mut limit = None;
        let mut relative = None;
        let mut when = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::kw_relative => relative = Some(self.span(&part)),
                Rule::limit | Rule::level => limit = Some(CaseLimit::One(self.limit(part))),
                Rule::range => limit = Some(CaseLimit::Range(self.range(part))),
                Rule::condition => when = Some(self.condition(part)),
                _ => {}
            }
        }
        let limit = limit?;
        let span = match &limit {
            CaseLimit::One(limit) => limit.span(),
            CaseLimit::Range(range) => range.span,
        };
        Some(LimitCase {
            limit,
            relative,
            when,
            span,
        })
    }

    pub(crate) fn quantifier(&mut self, pair: Pair<'_, Rule>) -> Option<Quantifier> {
        let inner = pair.into_inner().next()?;
        match inner.as_rule() {
            Rule::all_of => Some(Quantifier::All),
            Rule::any_of => Some(Quantifier::Any),
            Rule::none_of => Some(Quantifier::None),
            _ => self.count(inner),
        }
    }

    /// `at least 2`, `at most 2`, `exactly 2`, with what stands behind them.
    pub(crate) fn count(&mut self, pair: Pair<'_, Rule>) -> Option<Quantifier> {
        let mut word = Rule::kw_least;
        let mut number = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                rule @ (Rule::kw_least | Rule::kw_most | Rule::kw_exactly) => word = rule,
                Rule::number => number = Some(self.number(&part)),
                _ => {}
            }
        }
        let number = number?;
        Some(match word {
            Rule::kw_most => Quantifier::AtMost(number),
            Rule::kw_exactly => Quantifier::Exactly(number),
            _ => Quantifier::AtLeast(number),
        })
    }

    pub(crate) fn month_rule(&mut self, pair: Pair<'_, Rule>) -> EntryKind {
        let Some(inner) = pair.into_inner().next() else {
            return EntryKind::Broken;
        };
        if inner.as_rule() == Rule::calendar_rule {
            return EntryKind::Months(MonthRule::Calendar);
        }
        let numbers: Vec<Number> = inner.into_inner().map(|part| self.number(&part)).collect();
        match <[Number; 2]>::try_from(numbers) {
            Ok([month, year]) => EntryKind::Months(MonthRule::Fixed { month, year }),
            Err(_) => EntryKind::Broken,
        }
    }
}
