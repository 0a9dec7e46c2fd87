//! Changes of values, and ranges between limits of every sort.

use lind_diagnostics::Span;
use pest::iterators::Pair;

use crate::body::selector_of;
use crate::convert::{Source, range_ends};
use crate::grammar::Rule;
use crate::tree::{
    AlsoStated, ChangeEnds, Comparator, ComparatorKind, Direction, Ends, Limit, Limits,
    LimitsOfChange, Persistence, Test, TestKind, ValueAt,
};

impl Source<'_> {
    /// `1 x ULN to 3 x ULN`, `II to III`
    pub(crate) fn range_of_limits(&mut self, pair: Pair<'_, Rule>) -> Option<(Limit, Limit, Ends)> {
        let mut limits = Vec::new();
        let mut ends = Ends {
            low: true,
            high: true,
            written: false,
        };
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::multiple | Rule::level | Rule::quantity => limits.push(self.limit(part)),
                Rule::ends => ends = range_ends(part),
                _ => {}
            }
        }
        let mut limits = limits.into_iter();
        Some((limits.next()?, limits.next()?, ends))
    }

    /// `also stated as < 25 umol/L`
    pub(crate) fn also_stated(&mut self, pair: Pair<'_, Rule>) -> Option<AlsoStated> {
        let mut comparator = None;
        let mut limit = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::comparator => comparator = Some(self.comparator(part)),
                Rule::quantity => limit = Some(self.quantity(part)),
                _ => {}
            }
        }
        Some(AlsoStated {
            comparator,
            limit: limit?,
        })
    }

    /// `falls by more than 10 % relative`, `rises by at least 3 points from … to …`
    pub(crate) fn change(&mut self, pair: Pair<'_, Rule>) -> Option<Test> {
        let span = self.span(&pair);
        let mut direction = Direction::Changes;
        let mut comparator = None;
        let mut by = None;
        let mut relative = None;
        let mut ends = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::change_verb => direction = direction_of(part.as_str()),
                Rule::comparator => comparator = Some(self.comparator(part)),
                Rule::quantity => by = Some(self.quantity(part)),
                Rule::kw_relative => relative = Some(self.span(&part)),
                Rule::change_ends => ends = self.change_ends(part),
                _ => {}
            }
        }
        Some(Test {
            kind: TestKind::Change {
                direction,
                comparator: comparator?,
                by: by?,
                relative,
                ends,
            },
            span,
        })
    }

    /// `becomes A from … to …`
    pub(crate) fn becomes(&mut self, pair: Pair<'_, Rule>) -> Option<Test> {
        let span = self.span(&pair);
        let mut test = None;
        let mut ends = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::becoming => test = self.test(part),
                Rule::change_ends => ends = self.change_ends(part),
                _ => {}
            }
        }
        Some(Test {
            kind: TestKind::Becomes {
                test: Box::new(test?),
                ends,
            },
            span,
        })
    }

    /// `edss rises within 2 years before screening, sustained for at least 6 months, by at least`
    pub(crate) fn limits_of_change(&mut self, pair: Pair<'_, Rule>, span: Span) -> Option<Limits> {
        let mut measure = None;
        let mut window = None;
        let mut comparator = None;
        let mut direction = Direction::Changes;
        let mut ends = None;
        let mut persistence = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::name => measure = Some(self.name(&part)),
                Rule::window => window = Some(self.window(part)),
                Rule::change_verb => direction = direction_of(part.as_str()),
                Rule::change_ends => ends = self.change_ends(part),
                Rule::persistence => persistence = self.persistence(part),
                Rule::comparator => comparator = Some(self.comparator(part)),
                _ => {}
            }
        }
        Some(Limits {
            selector: None,
            measure: measure?,
            window,
            comparator,
            change: Some(LimitsOfChange {
                direction,
                ends,
                persistence,
            }),
            span,
        })
    }

    /// `from the highest value within … to the latest value within …`
    fn change_ends(&mut self, pair: Pair<'_, Rule>) -> Option<ChangeEnds> {
        let span = self.span(&pair);
        let mut values = Vec::new();
        for part in pair.into_inner() {
            if part.as_rule() == Rule::value_at {
                values.extend(self.value_at(part));
            }
        }
        let mut values = values.into_iter();
        Some(ChangeEnds {
            from: values.next()?,
            to: values.next(),
            span,
        })
    }

    pub(crate) fn value_at(&mut self, pair: Pair<'_, Rule>) -> Option<ValueAt> {
        let span = self.span(&pair);
        let mut selector = None;
        let mut window = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::one_of_values => {
                    selector = Some((selector_of(part.as_str()), self.span(&part)));
                }
                Rule::window => window = Some(self.window(part)),
                _ => {}
            }
        }
        Some(ValueAt {
            selector: selector?,
            window: window?,
            span,
        })
    }

    /// `sustained for at least 6 months`, `confirmed at least 4 weeks later`
    pub(crate) fn persistence(&mut self, pair: Pair<'_, Rule>) -> Option<Persistence> {
        let whole = self.span(&pair);
        let comma = pair
            .as_str()
            .find(|c: char| c.is_ascii_alphabetic())
            .and_then(|start| u32::try_from(start).ok())
            .unwrap_or_default();
        let span = Span::new(whole.file, whole.start.saturating_add(comma), whole.end);
        let mut throughout = false;
        let mut comparator = None;
        let mut length = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::sustained_word => throughout = true,
                Rule::kw_at => {
                    comparator = Some(Comparator {
                        kind: ComparatorKind::AtLeast,
                        span: self.span(&part),
                    });
                }
                Rule::comparator => comparator = Some(self.comparator(part)),
                Rule::length => length = Some(self.length(part)),
                _ => {}
            }
        }
        Some(Persistence {
            throughout,
            comparator: comparator?,
            length: length?,
            span,
        })
    }
}

fn direction_of(verb: &str) -> Direction {
    match verb.trim() {
        "falls" => Direction::Falls,
        "rises" => Direction::Rises,
        _ => Direction::Changes,
    }
}
