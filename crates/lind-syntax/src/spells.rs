//! Days on which a value passes a test, and multiples of an earlier value.

use pest::iterators::Pair;

use crate::convert::{Source, range_ends};
use crate::grammar::Rule;
use crate::tree::{
    Ends, Limit, Name, Number, OwnMultiple, OwnReference, Spell, SpellDays, TestKind,
};

impl Source<'_> {
    /// `3 x baseline`, `3 x the latest value within 28 days before infusion`
    pub(crate) fn own_multiple(&mut self, pair: Pair<'_, Rule>) -> Limit {
        let span = self.span(&pair);
        let mut factor = Number {
            text: "1".to_owned(),
            span,
        };
        let mut reference = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::grouped | Rule::number => factor = self.number(&part),
                Rule::baseline_word => {
                    reference = Some(OwnReference::Baseline(Name {
                        text: "baseline".to_owned(),
                        span: self.span(&part),
                    }));
                }
                Rule::value_at => {
                    let value = self.value_at(part);
                    reference = value.map(|value| OwnReference::Value(Box::new(value)));
                }
                _ => {}
            }
        }
        let baseline = || {
            OwnReference::Baseline(Name {
                text: "baseline".to_owned(),
                span,
            })
        };
        Limit::Own(OwnMultiple {
            factor,
            reference: reference.unwrap_or_else(baseline),
            span,
        })
    }

    /// `1.5 to 3 x baseline`
    pub(crate) fn own_range(&mut self, pair: Pair<'_, Rule>) -> Option<TestKind> {
        let mut low = None;
        let mut high = None;
        let mut ends = Ends {
            low: true,
            high: true,
            written: false,
        };
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::grouped | Rule::number => low = Some(self.number(&part)),
                Rule::own_multiple => high = Some(self.own_multiple(part)),
                Rule::ends => ends = range_ends(part),
                _ => {}
            }
        }
        let (low, Limit::Own(high)) = (low?, high?) else {
            return None;
        };
        let low = OwnMultiple {
            span: low.span,
            factor: low,
            reference: high.reference.clone(),
        };
        Some(TestKind::Between {
            low: Limit::Own(low),
            high: Limit::Own(high),
            ends,
        })
    }

    /// `for at least 14 days in total`, `for 7 to 13 days`
    pub(crate) fn spell(&mut self, pair: Pair<'_, Rule>) -> Option<Spell> {
        let span = self.span(&pair);
        let mut comparator = None;
        let mut days = None;
        let mut in_total = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::comparator => comparator = Some(self.comparator(part)),
                Rule::length => {
                    let length = self.length(part);
                    days = comparator.map(|comparator| SpellDays::Compare(comparator, length));
                }
                Rule::spell_range => days = self.spell_range(part),
                Rule::in_total => in_total = Some(self.span(&part)),
                _ => {}
            }
        }
        Some(Spell {
            days: Some(days?),
            in_total,
            ended_by: None,
            gaps: None,
            span,
        })
    }

    fn spell_range(&mut self, pair: Pair<'_, Rule>) -> Option<SpellDays> {
        let mut low = None;
        let mut high = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::number => low = Some(self.number(&part)),
                Rule::length => high = Some(self.length(part)),
                _ => {}
            }
        }
        Some(SpellDays::Between(low?, high?))
    }

    /// `, ended by 3 days of recovery`, `, gaps up to 7 days`
    pub(crate) fn spell_clause(&mut self, pair: Pair<'_, Rule>, spell: &mut Spell) {
        for part in pair.into_inner() {
            let rule = part.as_rule();
            let length = part
                .into_inner()
                .find(|inner| inner.as_rule() == Rule::length)
                .map(|inner| self.length(inner));
            match rule {
                Rule::ended_by => spell.ended_by = length,
                Rule::filled => spell.gaps = length,
                _ => {}
            }
        }
    }

    /// A clause of days where no days were asked: `never above 500 /uL within …, gaps up to 7 days`.
    pub(crate) fn lone_clause(&mut self, pair: Pair<'_, Rule>) -> Option<Spell> {
        let mut spell = Spell {
            days: None,
            in_total: None,
            ended_by: None,
            gaps: None,
            span: self.span(&pair),
        };
        self.spell_clause(pair, &mut spell);
        Some(spell)
    }
}
