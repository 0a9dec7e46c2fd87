//! Conditions on values: which value, when, from where, and its test.

use pest::iterators::Pair;

use crate::convert::Source;
use crate::grammar::Rule;
use crate::tree::{
    Comparator, ComparatorKind, Evidence, Limit, Measured, Name, Provenance, ReferenceRange, Spell,
    Test, TestKind,
};

impl Source<'_> {
    pub(crate) fn measured(&mut self, pair: Pair<'_, Rule>) -> Option<Measured> {
        let mut selector = None;
        let mut measure = None;
        let mut windows = Vec::new();
        let mut test = None;
        let mut also_stated = None;
        let mut without = Vec::new();
        let mut provenance = Vec::new();
        let mut times_of_day = Vec::new();
        let mut evidence = None;
        let mut persistence = None;
        let mut never = None;
        let mut spells: Vec<Spell> = Vec::new();
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::left_out => without = self.names(part.into_inner()),
                Rule::time_of_day => times_of_day.extend(self.time_of_day(part)),
                Rule::provenance => provenance.extend(self.provenance(part)),
                Rule::evidence => evidence = self.evidence(part),
                Rule::selector => selector = self.selector(part),
                Rule::name => measure = Some(self.name(&part)),
                Rule::at_milestone => windows.extend(self.at_milestone(part)),
                Rule::window => {
                    let window = self.window(part);
                    windows.push(window);
                }
                Rule::test => test = self.test(part),
                Rule::change => test = self.change(part),
                Rule::becomes => test = self.becomes(part),
                Rule::never => {
                    never = Some(self.span(&part));
                    test = self.test(part);
                }
                Rule::spell => spells.extend(self.spell(part)),
                Rule::spell_clause => {
                    if let Some(spell) = spells.last_mut() {
                        self.spell_clause(part, spell);
                    } else if let Some(clause) = self.lone_clause(part) {
                        spells.push(clause);
                    }
                }
                Rule::persistence => persistence = self.persistence(part),
                Rule::also_stated => also_stated = self.also_stated(part),
                _ => {}
            }
        }
        Some(Measured {
            selector,
            measure: measure?,
            without,
            provenance,
            times_of_day,
            windows,
            test: test?,
            also_stated,
            evidence,
            persistence,
            never,
            spells,
        })
    }

    /// `with source central_laboratory`
    pub(crate) fn provenance(&mut self, pair: Pair<'_, Rule>) -> Option<Provenance> {
        let span = self.span(&pair);
        let mut field = None;
        let mut values = Vec::new();
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::provenance_word => field = Some(self.name(&part)),
                Rule::name => values.push(self.name(&part)),
                _ => {}
            }
        }
        Some(Provenance {
            field: field?,
            values,
            span,
        })
    }

    /// `with at least 2 values within 1 year before baseline`
    pub(crate) fn evidence(&mut self, pair: Pair<'_, Rule>) -> Option<Evidence> {
        let span = self.span(&pair);
        let mut least = None;
        let mut window = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::number => least = Some(self.number(&part)),
                Rule::window => window = Some(self.window(part)),
                _ => {}
            }
        }
        Some(Evidence {
            least: least?,
            window,
            span,
        })
    }

    pub(crate) fn test(&mut self, pair: Pair<'_, Rule>) -> Option<Test> {
        let span = self.span(&pair);
        let mut negated = false;
        let mut comparator: Option<Comparator> = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::test_not => negated = true,
                Rule::tag_test => {
                    let kind = self.tag_test(part);
                    return Some(Test { kind, span });
                }
                Rule::reference_range => {
                    let place = match part.as_str().split_whitespace().next() {
                        Some("above") => ReferenceRange::Above,
                        Some("below") => ReferenceRange::Below,
                        Some("outside") => ReferenceRange::Outside,
                        _ => ReferenceRange::Within,
                    };
                    return Some(Test {
                        kind: TestKind::Reference { place, negated },
                        span,
                    });
                }
                Rule::comparator => comparator = Some(self.comparator(part)),
                Rule::limit | Rule::level => {
                    return Some(Test {
                        kind: TestKind::Compare(comparator?, self.limit(part)),
                        span,
                    });
                }
                Rule::range => {
                    let range = self.range(part);
                    let kind = TestKind::Between {
                        low: Limit::Quantity(range.low),
                        high: Limit::Quantity(range.high),
                        ends: range.ends,
                    };
                    return Some(Test { kind, span });
                }
                Rule::own_range => {
                    let kind = self.own_range(part)?;
                    return Some(Test { kind, span });
                }
                Rule::multiple_range | Rule::level_range => {
                    let (low, high, ends) = self.range_of_limits(part)?;
                    return Some(Test {
                        kind: TestKind::Between { low, high, ends },
                        span,
                    });
                }
                Rule::number_result => {
                    let quantities: Vec<_> = part
                        .into_inner()
                        .filter(|inner| inner.as_rule() == Rule::quantity)
                        .map(|inner| self.quantity(inner))
                        .collect();
                    let values = quantities
                        .iter()
                        .map(|quantity| Name {
                            text: quantity.as_level(),
                            span: quantity.span,
                        })
                        .collect::<Vec<_>>();
                    let kind = match <[_; 1]>::try_from(quantities) {
                        // `is 3 points` is a comparison; `is 0 or 1` is a choice of levels.
                        Ok([quantity]) if !negated => {
                            let comparator = Comparator {
                                kind: ComparatorKind::Equal,
                                span: quantity.span,
                            };
                            TestKind::Compare(comparator, Limit::Quantity(quantity))
                        }
                        _ => TestKind::OneOf { values, negated },
                    };
                    return Some(Test { kind, span });
                }
                Rule::result_name | Rule::plain_results => {
                    let values = self.names(part.into_inner());
                    return Some(Test {
                        kind: TestKind::OneOf { values, negated },
                        span,
                    });
                }
                _ => {}
            }
        }
        None
    }
}
