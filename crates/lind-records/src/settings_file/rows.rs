//! `[units]` and `[ranges]`: which units are meant, and which limits hold.

use std::ops::Range;

use lind_units::{Decimal, Unit};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Entry, Reading, in_file_order, kind};
use crate::Sex;
use crate::codes::Pattern;
use crate::excerpt::{is_plain, quoted};
use crate::mapping::{RangeRule, UnitRule};
use crate::rules;

impl Reading<'_> {
    pub(super) fn units(&mut self, entry: Entry<'_>) {
        for (key, span, value) in self.section(entry).map_or(Vec::new(), in_file_order) {
            let Some(table) = value.get_ref().as_table() else {
                self.unit_rule(None, (&key, &span, value));
                continue;
            };
            let Some(pattern) = self.pattern(&key, &span) else {
                continue;
            };
            for (spelling, span, value) in in_file_order(table) {
                self.unit_rule(Some(&pattern), (&spelling, &span, value));
            }
        }
    }

    /// `"gm/dl" = "g/dL"`
    fn unit_rule(&mut self, code: Option<&Pattern>, (key, span, value): Entry<'_>) {
        let spelling = key.trim();
        let Some(unit) = self.text(key, value) else {
            return;
        };
        let Some(meant) = self.unit(key, &unit, &value.span()) else {
            return;
        };
        let wrong = match (code, Unit::parse(spelling)) {
            (None, _) if spelling.is_empty() => Some(
                "rows without a unit have this unit only if they are of one code; write it below \
                 [units.\"system|code\"]"
                    .to_owned(),
            ),
            // In UCUM the letter is another unit altogether (`C` is the coulomb), which is hardly
            // in the data; but grams are in all data.
            (None, Ok(known)) if known != meant && known.conversion(&meant, None).is_ok() => {
                Some(format!(
                    "{} is a unit itself, which {} converts into; that a laboratory writes the one \
                     for the other is said of a code, below [units.\"system|code\"]",
                    quoted(spelling),
                    quoted(&unit)
                ))
            }
            _ if spelling == unit.trim() => {
                Some(format!("{} is read as itself anyway", quoted(spelling)))
            }
            _ => None,
        };
        if let Some(message) = wrong {
            self.problem(&rules::D0767_MAPPED_UNIT, span, Some(key), message);
            return;
        }
        let same = |rule: &UnitRule| rule.code.as_ref() == code && *rule.spelling == *spelling;
        if let Some(at) = self.mapping.units.iter().position(same) {
            let known = self.mapping.units.get(at);
            let (is_other, id) = match known {
                Some(known) => (*known.unit != *unit.trim(), known.id),
                None => return,
            };
            if is_other {
                let line = self.mapping.line(id);
                self.contradiction(key, span, "this unit", line);
                self.mapping.units.remove(at);
            }
            return;
        }
        let line = self.line(span);
        let id = self.mapping.number(line);
        self.mapping.units.push(UnitRule {
            id,
            code: code.cloned(),
            spelling: spelling.into(),
            unit: unit.trim().into(),
        });
    }

    fn unit(&mut self, key: &str, text: &str, span: &Range<usize>) -> Option<Unit> {
        match Unit::parse(text.trim()) {
            Ok(unit) => Some(unit),
            Err(error) => {
                let meant = error.suggestion.as_ref().filter(|_| is_plain(text));
                let hint =
                    meant.map_or(String::new(), |meant| format!("; did you mean `{meant}`?"));
                let message = format!("{} is no known unit{hint}", quoted(text));
                self.problem(&rules::D0767_MAPPED_UNIT, span, Some(key), message);
                None
            }
        }
    }

    pub(super) fn ranges(&mut self, entry: Entry<'_>) {
        for (code, span, value) in self.section(entry).map_or(Vec::new(), in_file_order) {
            let Some(pattern) = self.pattern(&code, &span) else {
                continue;
            };
            match value.get_ref() {
                DeValue::Table(table) => self.range(&pattern, &code, &span, table),
                DeValue::Array(list) => {
                    for item in list.iter() {
                        match item.get_ref() {
                            DeValue::Table(table) => {
                                self.range(&pattern, &code, &item.span(), table);
                            }
                            other => self.no_range(&code, &item.span(), other),
                        }
                    }
                }
                other => self.no_range(&code, &span, other),
            }
        }
    }

    fn no_range(&mut self, code: &str, span: &Range<usize>, value: &DeValue<'_>) {
        let message = format!(
            "the limits of {} must be a section with `low`, `high` and `unit`, not {}",
            quoted(code),
            kind(value)
        );
        self.wrong(code, span, message);
    }

    fn range(&mut self, pattern: &Pattern, code: &str, span: &Range<usize>, table: &DeTable<'_>) {
        let (mut low, mut high, mut unit, mut sex) = (None, None, None, None);
        let mut is_whole = true;
        for (key, at, value) in &in_file_order(table) {
            let value: &Spanned<DeValue<'_>> = value;
            let read = match key.as_str() {
                "low" => {
                    low = self.number(key, value);
                    low.is_some()
                }
                "high" => {
                    high = self.number(key, value);
                    high.is_some()
                }
                "unit" => {
                    let text = self.text(key, value);
                    unit = text.and_then(|text| self.unit(key, &text, &value.span()));
                    unit.is_some()
                }
                "sex" => {
                    sex = self.one_of(key, value, &[("female", Sex::Female), ("male", Sex::Male)]);
                    sex.is_some()
                }
                _ => {
                    let of = format!("the limits of {}", quoted(code));
                    self.unknown(key, at, &of, ["low", "high", "unit", "sex"]);
                    true
                }
            };
            is_whole &= read;
        }
        if !is_whole {
            return;
        }
        let message = match (low, high) {
            (None, None) => format!(
                "the limits of {} have neither `low` nor `high`",
                quoted(code)
            ),
            (Some(low), Some(high)) if Decimal::compare_value(&low, &high).is_gt() => {
                format!("the lower limit {low} is above the upper limit {high}")
            }
            _ => {
                let line = self.line(span);
                let same = |rule: &RangeRule| rule.code == *pattern && rule.sex == sex;
                if let Some(at) = self.mapping.ranges.iter().position(same) {
                    let known = self.mapping.ranges.get(at).map(|rule| rule.id);
                    let known = known.map_or(line, |rule| self.mapping.line(rule));
                    self.contradiction(code, span, "these limits", known);
                    self.mapping.ranges.remove(at);
                    return;
                }
                let id = self.mapping.number(line);
                self.mapping.ranges.push(RangeRule {
                    id,
                    code: pattern.clone(),
                    low,
                    high,
                    unit,
                    sex,
                });
                return;
            }
        };
        self.wrong(code, span, message);
    }
}
