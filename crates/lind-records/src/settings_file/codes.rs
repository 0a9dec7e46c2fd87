//! `[systems]` and `[codes]`: codes under other names.

use std::sync::Arc;

use super::{Entry, Reading, in_file_order};
use crate::codes::{Pattern, fold};
use crate::excerpt::quoted;
use crate::mapping::{CodeRule, SystemRule};
use crate::rules;

impl Reading<'_> {
    pub(super) fn systems(&mut self, entry: Entry<'_>) {
        for (system, span, value) in self.section(entry).map_or(Vec::new(), in_file_order) {
            let Some(other) = self.text(&system, value) else {
                continue;
            };
            let (name, other) = (system.trim().to_lowercase(), other.trim().to_lowercase());
            if name.is_empty() || other.is_empty() || name.contains('|') || other.contains('|') {
                let message = format!(
                    "{} and {} must be names of code systems, as in \"icd10cm\" = \"icd10\"",
                    quoted(&system),
                    quoted(&other)
                );
                self.wrong(&system, &span, message);
                continue;
            }
            if name == other {
                let message = format!("{} is its own name", quoted(&system));
                self.wrong(&system, &span, message);
                continue;
            }
            let line = self.line(&span);
            if let Some(known) = self.mapping.systems.get(&name) {
                if known.other != other {
                    let known = self.mapping.line(known.id);
                    self.contradiction(&system, &span, "this system", known);
                    self.mapping.systems.remove(&name);
                }
                continue;
            }
            let id = self.mapping.number(line);
            self.mapping.systems.insert(name, SystemRule { id, other });
        }
    }

    pub(super) fn codes(&mut self, entry: Entry<'_>) {
        for (code, span, value) in self.section(entry).map_or(Vec::new(), in_file_order) {
            let Some(others) = self.texts(&code, value) else {
                continue;
            };
            let Some(pattern) = self.pattern(&code, &span) else {
                continue;
            };
            let mut folded: Vec<Arc<str>> = Vec::new();
            for other in &others {
                let name = fold(other);
                if name.is_empty() || name.ends_with('*') {
                    let message = format!(
                        "{} is no code and no name; write one, as in \"lbtestcd|HGB\" = \
                         \"hemoglobin\"",
                        quoted(other)
                    );
                    self.wrong(&code, &value.span(), message);
                } else if pattern.matches(&name) {
                    let message = format!("{} counts as itself anyway", quoted(other));
                    self.wrong(&code, &value.span(), message);
                } else {
                    folded.push(name.into());
                }
            }
            if folded.is_empty() {
                continue;
            }
            let line = self.line(&span);
            let id = self.mapping.number(line);
            self.mapping.codes.push(CodeRule {
                id,
                code: pattern,
                others: folded,
            });
        }
    }

    /// A code, or the beginning of codes.
    pub(super) fn pattern(&mut self, code: &str, span: &std::ops::Range<usize>) -> Option<Pattern> {
        let pattern = Pattern::new(code);
        if pattern.precision().0 == 0 {
            let message = format!(
                "{} is no code; write its system, a bar and the code, as in \"loinc|718-7\"",
                quoted(code)
            );
            self.wrong(code, span, message);
            return None;
        }
        Some(pattern)
    }

    /// Two lines that say different things of the same; `other` is the line of the first.
    pub(super) fn contradiction(
        &mut self,
        key: &str,
        span: &std::ops::Range<usize>,
        what: &str,
        other: u32,
    ) {
        let message = format!("line {other} says something else of {what}; neither is used");
        self.problem(
            &rules::D0765_MAPPING_CONTRADICTION,
            span,
            Some(key),
            message,
        );
    }
}
