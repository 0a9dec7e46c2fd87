//! Code sets: codes, what they include, half-lives.

use std::collections::BTreeSet;
use std::sync::Arc;

use lind_diagnostics::Diagnostic;
use lind_model::protocol::{CodeSet, FactTable, HalfLife};
use lind_syntax::tree::{self, FieldKind, Item, Name};
use lind_time::{Offset, OffsetClass};
use lind_units::Exact;

use crate::analysis::Checker;
use crate::declarations::{Common, fact_table, table_words};
use crate::modules::Module;
use crate::rules;

impl Checker<'_> {
    /// Code sets, with the codes of all sets that they include.
    pub(crate) fn sets(&mut self, modules: &[Module]) {
        struct Raw {
            includes: Vec<usize>,
            own: Vec<Arc<str>>,
            set: Option<CodeSet>,
            half_life: Option<HalfLife>,
            once: bool,
            table: FactTable,
            name: Name,
        }
        let mut raw: Vec<Raw> = Vec::new();
        for (index, module) in modules.iter().enumerate() {
            self.module = index;
            for item in &module.tree.items {
                let Item::CodeSet(set) = item else { continue };
                let table = fact_table(set.kind);
                let mut common = Common::default();
                let mut includes = Vec::new();
                let mut half_life = None;
                let mut once = false;
                for field in &set.fields {
                    if common.take(field) {
                        continue;
                    }
                    match &field.kind {
                        FieldKind::Includes(names) => {
                            for name in names {
                                includes
                                    .extend(self.find_set(name).map(|id| (id.index(), name.span)));
                            }
                        }
                        FieldKind::HalfLife {
                            shortest,
                            longest,
                            unit,
                        } if table == FactTable::Treatments => {
                            half_life = self.half_life(shortest, longest.as_ref(), unit);
                        }
                        FieldKind::GivenOnce if table == FactTable::Treatments => once = true,
                        _ => self.misplaced_field(field.span, "the declaration of a set of codes"),
                    }
                }
                let mut own: Vec<Arc<str>> = vec![Arc::from(set.name.text.as_str())];
                own.extend(common.codes.iter().map(Arc::clone));
                raw.push(Raw {
                    includes: includes.iter().map(|(id, _)| *id).collect(),
                    own,
                    half_life,
                    once,
                    table,
                    name: set.name.clone(),
                    set: Some(CodeSet {
                        name: Arc::from(set.name.text.as_str()),
                        title: set
                            .title
                            .as_ref()
                            .map(|text| Arc::from(text.value.as_str())),
                        table,
                        codes: Vec::new(),
                        source: common.source,
                        unverified: common.unverified,
                        span: set.name.span,
                    }),
                });
            }
        }
        // Close over the included sets; a circle is reported once, where it closes.
        let mut closed: Vec<Option<CodeSet>> = Vec::with_capacity(raw.len());
        for start in 0..raw.len() {
            let mut seen = BTreeSet::from([start]);
            let mut queue = vec![start];
            let mut codes: BTreeSet<Arc<str>> = BTreeSet::new();
            let Some(first) = raw.get(start) else {
                continue;
            };
            while let Some(next) = queue.pop() {
                let Some(entry) = raw.get(next) else { continue };
                codes.extend(entry.own.iter().map(Arc::clone));
                if entry.table != first.table {
                    self.sink.push(
                        Diagnostic::new(
                            &rules::E0202_WRONG_SORT,
                            first.name.span,
                            format!("`{}` includes a set of another table", first.name.text),
                        )
                        .label(format!("codes of {}", table_words(first.table)))
                        .also(
                            entry.name.span,
                            format!("codes of {}", table_words(entry.table)),
                        ),
                    );
                }
                for included in &entry.includes {
                    if *included == start {
                        self.sink.push(
                            Diagnostic::new(
                                &rules::E0206_CIRCULAR_DEFINITION,
                                first.name.span,
                                format!("`{}` includes itself", first.name.text),
                            )
                            .label("includes itself, directly or through others")
                            .also(entry.name.span, "includes it here"),
                        );
                    } else if seen.insert(*included) {
                        queue.push(*included);
                    }
                }
            }
            let set = first.set.as_ref().map(|set| CodeSet {
                codes: codes.into_iter().collect(),
                ..set.clone()
            });
            closed.push(set);
        }
        for (entry, set) in raw.iter().zip(&closed) {
            let Some(set) = set else { continue };
            if let Some(half_life) = &entry.half_life {
                self.tables.half_lives.push(HalfLife {
                    codes: set.codes.clone(),
                    ..half_life.clone()
                });
            }
            if entry.once {
                self.tables
                    .given_once
                    .extend(set.codes.iter().map(Arc::clone));
            }
        }
        self.tables.sets = closed;
    }

    fn half_life(
        &mut self,
        shortest: &tree::Number,
        longest: Option<&tree::Number>,
        word: &Name,
    ) -> Option<HalfLife> {
        let Some(unit) = Offset::parse_unit(&word.text).and_then(|unit| unit.times(1)) else {
            self.wrong(
                word.span,
                format!("`{}` is no unit of time", word.text),
                "write hours, days or weeks",
            );
            return None;
        };
        let seconds = match unit {
            Offset::Clock { seconds } => seconds,
            Offset::Days { days } => days.saturating_mul(86_400),
            Offset::Calendar { .. } => {
                self.wrong(
                    word.span,
                    "a half-life is stated in hours, days or weeks",
                    "months and years have no fixed length",
                );
                return None;
            }
        };
        let short = self.decimal(shortest)?.to_exact();
        let long = match longest {
            Some(number) => self.decimal(number)?.to_exact(),
            None => short.clone(),
        };
        if short > long || short.signum() <= 0 {
            self.wrong(
                shortest.span,
                "a half-life is positive, and its shortest comes first",
                "cannot be",
            );
            return None;
        }
        let factor = Exact::from_integer(seconds);
        Some(HalfLife {
            codes: Vec::new(),
            shortest_seconds: short.mul(&factor),
            longest_seconds: long.mul(&factor),
            by_day: unit.class() != OffsetClass::Clock,
        })
    }
}
