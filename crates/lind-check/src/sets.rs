//! Code sets: codes, what they include, half-lives.

use std::sync::Arc;

use lind_diagnostics::{Diagnostic, FileId, Span};
use lind_model::protocol::{CodeSet, FactTable, HalfLife};
use lind_model::{JudgementId, RecordName, SetId};
use lind_syntax::tree::{self, FieldKind, Item, Name};
use lind_time::{Offset, OffsetClass};
use lind_units::Exact;

use crate::analysis::Checker;
use crate::declarations::{Common, fact_table, table_words};
use crate::modules::Module;
use crate::{graph, rules};

/// How many codes all sets may hold, each with everything it includes.
const MOST_CODES: usize = 1_000_000;

/// A set as it is written: its own codes, and the sets that it includes with the places that name them.
struct Written {
    includes: Vec<(usize, Span)>,
    own: Vec<Arc<str>>,
    set: CodeSet,
    half_life: Option<HalfLife>,
    once: bool,
    /// Recorded with the time of day.
    timed: bool,
    /// Who is asked about what the set does not list.
    judges: Vec<JudgementId>,
}

impl Checker<'_> {
    /// Code sets, with the codes of all sets that they include.
    pub(crate) fn sets(&mut self, modules: &[Module]) {
        let mut written = Vec::new();
        for (index, module) in modules.iter().enumerate() {
            self.module = index;
            for item in &module.tree.items {
                if let Item::CodeSet(set) = item {
                    written.push(self.set(set));
                }
            }
        }
        self.refuse_other_tables(&written);
        let closed = self.close(&written);
        for (entry, set) in written.iter().zip(&closed) {
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
        let timed = written.iter().enumerate().filter(|(_, entry)| entry.timed);
        self.tables.timed_sets = timed.map(|(index, _)| index).collect();
        self.tables.record_names = self.record_names(&written, modules);
        self.examples(&written);
    }

    /// The names of the sets of all files that do not come with Lind.
    fn record_names(&self, written: &[Written], modules: &[Module]) -> Vec<Arc<RecordName>> {
        let own_files: Vec<FileId> = modules
            .iter()
            .filter(|module| !module.is_standard())
            .map(|module| module.file)
            .collect();
        let is_code = |code: &&Arc<str>| code.contains('|');
        written
            .iter()
            .zip(&self.tables.sets)
            .filter(|(entry, _)| own_files.contains(&entry.set.span.file))
            .map(|(entry, closed)| {
                let all = closed.as_ref().map_or(&[][..], |set| &set.codes);
                Arc::new(RecordName {
                    name: Arc::clone(&entry.set.name),
                    table: entry.set.table,
                    codes: entry.own.iter().filter(is_code).map(Arc::clone).collect(),
                    includes: all
                        .iter()
                        .filter(|code| !is_code(code) && **code != entry.set.name)
                        .map(Arc::clone)
                        .collect(),
                })
            })
            .collect()
    }

    /// Sets that are lists of examples, and those that include them.
    fn examples(&mut self, written: &[Written]) {
        let edges: Vec<Vec<usize>> = written
            .iter()
            .map(|entry| entry.includes.iter().map(|(to, _)| *to).collect())
            .collect();
        // Whatever a set includes stands before it.
        for index in graph::components(&edges).into_iter().flatten() {
            let Some(entry) = written.get(index) else {
                continue;
            };
            let mut judges = entry.judges.clone();
            for (included, _) in &entry.includes {
                judges.extend(self.tables.examples.get(included).into_iter().flatten());
            }
            judges.sort_unstable();
            judges.dedup();
            if !judges.is_empty() {
                self.tables.examples.insert(index, judges);
            }
        }
    }

    fn set(&mut self, set: &tree::CodeSet) -> Written {
        let table = fact_table(set.kind);
        let mut common = Common::default();
        let mut includes = Vec::new();
        let mut half_life = None;
        let mut once = false;
        let mut timed = false;
        let mut judges = Vec::new();
        for field in &set.fields {
            if common.take(field) {
                continue;
            }
            match &field.kind {
                FieldKind::Includes(names) => {
                    for name in names {
                        includes.extend(self.find_set(name).map(|id| (id.index(), name.span)));
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
                FieldKind::Timed if table == FactTable::AdverseEvents => timed = true,
                FieldKind::Incomplete(name) => judges.extend(self.judge_of_examples(name)),
                _ => self.misplaced_field(field.span, "the declaration of a set of codes"),
            }
        }
        let mut own: Vec<Arc<str>> = vec![Arc::from(set.name.text.as_str())];
        own.extend(common.codes.iter().map(Arc::clone));
        Written {
            includes,
            own,
            half_life,
            once,
            timed,
            judges,
            set: CodeSet {
                name: Arc::from(set.name.text.as_str()),
                title: set
                    .title
                    .as_ref()
                    .map(|text| Arc::from(text.value.as_str())),
                table,
                codes: Vec::new(),
                members: Vec::new(),
                source: common.source,
                unverified: common.unverified,
                span: set.name.span,
            },
        }
    }

    /// A set of diagnoses cannot include drugs.
    fn refuse_other_tables(&mut self, written: &[Written]) {
        for entry in written {
            for (included, place) in &entry.includes {
                let Some(other) = written.get(*included) else {
                    continue;
                };
                let (own, others) = (entry.set.table, other.set.table);
                if own != others {
                    let (name, other_name) = (&entry.set.name, &other.set.name);
                    self.sink.push(
                        Diagnostic::new(
                            &rules::E0202_WRONG_SORT,
                            *place,
                            format!(
                                "`{name}` holds {}, `{other_name}` {}",
                                table_words(own),
                                table_words(others)
                            ),
                        )
                        .label(format!("codes of {}", table_words(others)))
                        .also(entry.set.span, format!("codes of {}", table_words(own))),
                    );
                }
            }
        }
    }

    /// The sets with the codes of all that they include. Those that include themselves become holes.
    fn close(&mut self, written: &[Written]) -> Vec<Option<CodeSet>> {
        let edges: Vec<Vec<usize>> = written
            .iter()
            .map(|entry| entry.includes.iter().map(|(to, _)| *to).collect())
            .collect();
        let mut closed: Vec<Option<CodeSet>> = vec![None; written.len()];
        let mut codes_in_all = 0usize;
        for part in graph::components(&edges) {
            let circle = graph::circle(&edges, &part);
            if !circle.is_empty() {
                self.report_inclusion(written, &circle);
                continue;
            }
            let Some((index, entry)) = part
                .first()
                .and_then(|index| Some((*index, written.get(*index)?)))
            else {
                continue;
            };
            let mut codes: Vec<Arc<str>> = entry.own.iter().map(Arc::clone).collect();
            let mut members: Vec<SetId> = Vec::new();
            for (included, _) in &entry.includes {
                if let Some(Some(set)) = closed.get(*included) {
                    codes.extend(set.codes.iter().map(Arc::clone));
                    if set.members.is_empty() {
                        members.push(SetId::from_index(*included));
                    }
                    members.extend_from_slice(&set.members);
                }
            }
            members.sort_unstable();
            members.dedup();
            codes.sort_unstable();
            codes.dedup();
            codes_in_all = codes_in_all.saturating_add(codes.len());
            if codes_in_all > MOST_CODES {
                self.sink.push(
                    Diagnostic::new(
                        &rules::E0514_TOO_LARGE,
                        entry.set.span,
                        format!("the sets of codes hold more than {MOST_CODES} codes"),
                    )
                    .label("one set too many")
                    .note("a set is counted with everything that it includes; codes that begin alike are written once, as in `icd10|C00*`"),
                );
                break;
            }
            if let Some(place) = closed.get_mut(index) {
                *place = Some(CodeSet {
                    codes,
                    members,
                    ..entry.set.clone()
                });
            }
        }
        closed
    }

    fn report_inclusion(&mut self, written: &[Written], circle: &[usize]) {
        let mut diagnostic: Option<Diagnostic> = None;
        let next = circle.iter().skip(1).chain(circle.first());
        for (set, next) in circle.iter().zip(next) {
            let (Some(entry), Some(other)) = (written.get(*set), written.get(*next)) else {
                continue;
            };
            let Some((_, place)) = entry.includes.iter().find(|(to, _)| to == next) else {
                continue;
            };
            let label = if set == next {
                format!("`{}` includes itself", entry.set.name)
            } else {
                format!("`{}` includes `{}`", entry.set.name, other.set.name)
            };
            diagnostic = Some(match diagnostic {
                None => Diagnostic::new(
                    &rules::E0206_CIRCULAR_DEFINITION,
                    *place,
                    format!("`{}` includes itself", entry.set.name),
                )
                .label(label),
                Some(diagnostic) => diagnostic.also(*place, label),
            });
        }
        if let Some(diagnostic) = diagnostic {
            self.sink.push(diagnostic);
        }
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
