//! Washout tables: rows of drugs, each with the time that it must have been left off.

use lind_diagnostics::{Diagnostic, Span};
use lind_model::SetId;
use lind_model::protocol::{Condition, ConditionKind, FactTable, Quantifier};
use lind_syntax::tree::{
    self, Comparator, ComparatorKind, Connective, Entry, EntryKind, Except, Excepted, FactObject,
    Name, Side, Single, SingleKind, Tense, WashoutRow, WindowKind,
};

use crate::analysis::Checker;
use crate::choices::Polarity;
use crate::rules;

impl Checker<'_> {
    /// `washout before baseline`: any of its rows, each a fact with its own window.
    pub(crate) fn washout(
        &mut self,
        anchor: &tree::Anchor,
        below: &[Entry],
        head: Span,
    ) -> Option<Condition> {
        if self.polarity == Polarity::MustHold {
            self.sink.push(
                Diagnostic::new(
                    &rules::E0551_WASHOUT_MUST_HOLD,
                    head,
                    "a washout table holds for those who took something too recently; here they alone would pass",
                )
                .label("must hold here")
                .note("state it as an exclusion, or write `none of` above it"),
            );
            return None;
        }
        let mut whole = true;
        let mut parts = Vec::new();
        let mut above: Vec<(Name, SetId)> = Vec::new();
        for entry in below {
            let row = match &entry.kind {
                EntryKind::WashoutRow(row) => row,
                EntryKind::Broken => {
                    whole = false;
                    continue;
                }
                EntryKind::Note(_) => continue,
                _ => {
                    self.misplaced(
                        entry.span,
                        "below a washout stand its rows, each with the time for a drug: `rituximab: 12 months`",
                    );
                    whole = false;
                    continue;
                }
            };
            let part = self.washout_row(row, anchor, entry, &mut above);
            whole &= part.is_some();
            parts.extend(part);
        }
        let list = ConditionKind::List(Quantifier::Any, parts);
        Some(self.condition_at(list, head)).filter(|_| whole)
    }

    fn washout_row(
        &mut self,
        row: &WashoutRow,
        anchor: &tree::Anchor,
        entry: &Entry,
        above: &mut Vec<(Name, SetId)>,
    ) -> Option<Condition> {
        let mut sets = Vec::with_capacity(row.names.len());
        for name in &row.names {
            sets.push(self.find_set(name).map(|id| (name.clone(), id)));
        }
        let sets = sets.into_iter().collect::<Option<Vec<_>>>()?;
        let table = self
            .tables
            .sets
            .get(sets.first()?.1.index())?
            .as_ref()?
            .table;
        let verb = match table {
            FactTable::Conditions
            | FactTable::Allergies
            | FactTable::Results
            | FactTable::AdverseEvents => "had",
            FactTable::Treatments => "received",
            FactTable::Procedures => "undergone",
        };
        if row.other.is_none() {
            self.washout_overlap(&sets, above);
        }
        let before = (Side::Before { strictly: false }, row.reach);
        let kind = if row.within {
            WindowKind::Within {
                lengths: row.lengths.clone(),
                side: Some(before),
                anchor: Some(anchor.clone()),
            }
        } else {
            // A washout of 28 days is over when 28 days have passed.
            WindowKind::Beyond {
                comparator: Comparator {
                    kind: ComparatorKind::LessThan,
                    span: row.reach,
                },
                lengths: row.lengths.clone(),
                side: before,
                anchor: anchor.clone(),
            }
        };
        let exceptions = match row.other {
            None => Vec::new(),
            Some(span) => above
                .iter()
                .map(|(name, _)| Except {
                    of: Excepted::Members {
                        name: Name {
                            text: name.text.clone(),
                            span,
                        },
                        disease_free: None,
                    },
                    replacement: None,
                    span,
                })
                .collect(),
        };
        let fact = tree::Fact {
            tense: Tense::During,
            verb: Some(Name {
                text: verb.to_owned(),
                span: row.of,
            }),
            count: None,
            object: FactObject::Sets {
                names: row.names.clone(),
                span: row.of,
            },
            filters: Vec::new(),
            exceptions,
            window: Some(tree::Window {
                kind,
                by_day: None,
                as_known: None,
                also_stated: None,
                span: row.reach,
            }),
            apart: None,
            called: None,
        };
        let condition = tree::Condition {
            parts: vec![Single {
                kind: SingleKind::Fact(fact),
                span: entry.span,
            }],
            connectives: Vec::<Connective>::new(),
            unless: None,
            span: entry.span,
        };
        let mut checked = self.condition(&condition, &entry.children);
        if let Some(checked) = &mut checked {
            // Said in full, with the strictness that a table leaves out.
            let of = self.files.slice(row.of);
            let lengths = self.files.slice(row.reach);
            let lengths = ["within ", "less than ", "< ", "below "]
                .iter()
                .find_map(|word| lengths.strip_prefix(word))
                .unwrap_or(lengths);
            let anchor = match anchor {
                tree::Anchor::Named(name) => name.text.as_str(),
                _ => "the sample",
            };
            let reach = if row.within { "within" } else { "less than" };
            checked.text = format!("has {verb} {of} {reach} {lengths} before {anchor}").into();
        }
        above.extend(sets);
        checked
    }

    /// A set that includes what a row above names would be asked for twice, with two times.
    fn washout_overlap(&mut self, sets: &[(Name, SetId)], above: &[(Name, SetId)]) {
        for (name, id) in sets {
            let Some(Some(set)) = self.tables.sets.get(id.index()) else {
                continue;
            };
            let twice = above.iter().find(|(_, other)| {
                self.tables
                    .sets
                    .get(other.index())
                    .and_then(Option::as_ref)
                    .is_some_and(|other| set.codes.contains(&other.name))
            });
            let Some((other, _)) = twice else { continue };
            let (set, other, place) = (&name.text, &other.text, other.span);
            let start = Span::new(name.span.file, name.span.start, name.span.start);
            self.sink.push(
                Diagnostic::new(
                    &rules::W0615_WASHOUT_ROWS_OVERLAP,
                    name.span,
                    format!("`{set}` includes `{other}`, which has a time of its own"),
                )
                .label("both times hold for it")
                .also(place, "the row above")
                .suggest(
                    format!("write `any other {set}`, if the row above is meant to hold alone"),
                    start,
                    "any other ",
                ),
            );
            return;
        }
    }
}
