//! What the mapping says of the rows of one code.

use std::sync::Arc;

use lind_units::{Decimal, Unit};

use super::{Mapping, RangeRule, RuleId};
use crate::Sex;

/// What the mapping says of the rows of one code, found once.
#[derive(Clone, Debug, Default)]
pub(crate) struct CodeRules {
    /// The rules by which the code is another's.
    pub(crate) by: Vec<RuleId>,
    /// The other codes that it counts as.
    pub(crate) others: Vec<Arc<str>>,
    units: Vec<(Arc<str>, Arc<str>, RuleId)>,
    ranges: Vec<RangeRule>,
}

impl CodeRules {
    /// What holds for a row with these codes; none: nothing does.
    pub(crate) fn of(
        mapping: &Mapping,
        codes: &[String],
        others: Vec<Arc<str>>,
        by: Vec<RuleId>,
    ) -> Option<Arc<CodeRules>> {
        let all = || codes.iter().map(String::as_str);
        let all = || all().chain(others.iter().map(|other| &**other));
        let mut units: Vec<(Option<(usize, bool)>, &super::UnitRule)> = Vec::new();
        for rule in &mapping.units {
            let precision = match &rule.code {
                None => None,
                Some(pattern) if all().any(|code| pattern.matches(code)) => {
                    Some(pattern.precision())
                }
                Some(_) => continue,
            };
            let known = units
                .iter_mut()
                .find(|(_, other)| other.spelling == rule.spelling);
            match known {
                // What is said of fewer codes holds.
                Some(known) if known.0 < precision => *known = (precision, rule),
                Some(_) => {}
                None => units.push((precision, rule)),
            }
        }
        let ranges: Vec<&RangeRule> = mapping
            .ranges
            .iter()
            .filter(|rule| all().any(|code| rule.code.matches(code)))
            .collect();
        let most = ranges.iter().map(|rule| rule.code.precision()).max();
        let rules = CodeRules {
            units: units
                .into_iter()
                .map(|(_, rule)| (Arc::clone(&rule.spelling), Arc::clone(&rule.unit), rule.id))
                .collect(),
            ranges: ranges
                .into_iter()
                .filter(|rule| Some(rule.code.precision()) == most)
                .cloned()
                .collect(),
            by,
            others,
        };
        let says_nothing = rules.units.is_empty()
            && rules.ranges.is_empty()
            && rules.by.is_empty()
            && rules.others.is_empty();
        (!says_nothing).then(|| Arc::new(rules))
    }

    /// How a spelling is read in rows of this code.
    pub(crate) fn unit(&self, spelling: &str) -> Option<(&str, RuleId)> {
        self.units
            .iter()
            .find(|(other, ..)| **other == *spelling)
            .map(|(_, unit, rule)| (&**unit, *rule))
    }

    /// The limits of a row of this code that has none, in the row's own unit. They are used only if
    /// they are exact decimals there.
    pub(crate) fn range(
        &self,
        unit: Option<&Unit>,
        sex: Option<Sex>,
    ) -> Option<(Option<Decimal>, Option<Decimal>, RuleId)> {
        let for_sex = |rule: &&RangeRule| rule.sex.is_some() && rule.sex == sex;
        let for_all = |rule: &&RangeRule| rule.sex.is_none();
        let in_unit = |rule: &RangeRule| {
            let (low, high) = match (&rule.unit, unit) {
                (None, None) => (rule.low, rule.high),
                (Some(of_limits), Some(unit)) if of_limits == unit => (rule.low, rule.high),
                (Some(of_limits), Some(unit)) => {
                    let conversion = of_limits.conversion(unit, None).ok()?;
                    let converted = |limit: Option<Decimal>| match limit {
                        None => Some(None),
                        Some(limit) => {
                            let text = conversion.apply_decimal(&limit).to_string();
                            Decimal::parse(&text).ok().map(Some)
                        }
                    };
                    (converted(rule.low)?, converted(rule.high)?)
                }
                _ => return None,
            };
            Some((low, high, rule.id))
        };
        let found = |of: &dyn Fn(&&RangeRule) -> bool| {
            self.ranges.iter().filter(|rule| of(rule)).find_map(in_unit)
        };
        found(&for_sex).or_else(|| found(&for_all))
    }
}
