//! Readings: their outline (which alternatives, of what sort, which one is chosen), and their contents.

use std::sync::Arc;

use lind_diagnostics::{Diagnostic, Span};
use lind_model::protocol::{Alternative, AlternativeContent, Definition, MonthRule, Reading};
use lind_syntax::tree::{self, Entry, EntryKind, Item, Take};

use crate::analysis::Checker;
use crate::blocks::Place;
use crate::clauses::selector;
use crate::modules::Module;
use crate::rules;

/// What a reading's alternatives are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sort {
    Label,
    Condition,
    Selector,
    Months,
}

impl Sort {
    pub(crate) fn words(self) -> &'static str {
        match self {
            Sort::Label => "labels",
            Sort::Condition => "conditions",
            Sort::Selector => "choices of a value",
            Sort::Months => "lengths of months",
        }
    }
}

/// What is known of a reading before any condition is read.
#[derive(Debug, Clone)]
pub(crate) struct Outline {
    /// Where its name is declared.
    pub(crate) declared: Span,
    /// The names of its alternatives.
    pub(crate) alternatives: Vec<tree::Name>,
    /// What they are.
    pub(crate) sort: Sort,
    /// It has no alternatives, or one of its lines could not be read and may be one. That has its own message,
    /// and where the reading is used nothing more is said.
    pub(crate) unreadable: bool,
}

/// The entries of a reading that are alternatives.
fn alternatives(reading: &tree::Reading) -> impl Iterator<Item = (&Entry, &tree::EntryLabel)> {
    reading
        .body
        .iter()
        .filter_map(|entry| entry.label.as_ref().map(|label| (entry, label)))
}

fn sort_of(entry: &Entry) -> Option<Sort> {
    let content = match (&entry.kind, entry.children.as_slice()) {
        (EntryKind::Empty, [only]) => &only.kind,
        (kind, _) => kind,
    };
    match content {
        EntryKind::Wording(_) => Some(Sort::Label),
        EntryKind::Take(Take::Selector(..)) => Some(Sort::Selector),
        EntryKind::Months(_) => Some(Sort::Months),
        EntryKind::Broken => None,
        _ => Some(Sort::Condition),
    }
}

impl Checker<'_> {
    /// Reads the outlines of a module's readings.
    pub(crate) fn outlines(&mut self, module: &Module) {
        for item in &module.tree.items {
            let Item::Reading(reading) = item else {
                continue;
            };
            let mut names: Vec<tree::Name> = Vec::new();
            let mut sort: Option<(Sort, Span)> = None;
            for (entry, label) in alternatives(reading) {
                if let Some(first) = names.iter().find(|name| name.text == label.name.text) {
                    self.sink.push(
                        Diagnostic::new(
                            &rules::E0504_WRONG_ALTERNATIVE,
                            label.name.span,
                            format!("`{}` is an alternative already", label.name.text),
                        )
                        .label("named again")
                        .also(first.span, "first named here"),
                    );
                }
                names.push(label.name.clone());
                let Some(own) = sort_of(entry) else { continue };
                match sort {
                    None => sort = Some((own, entry.span)),
                    Some((first, place)) if first != own => self.sink.push(
                        Diagnostic::new(
                            &rules::E0510_MIXED_ALTERNATIVES,
                            entry.span,
                            "the alternatives of a reading are of one sort",
                        )
                        .label(format!("among {}", own.words()))
                        .also(place, format!("among {}", first.words())),
                    ),
                    Some(_) => {}
                }
            }
            let broken = |entry: &Entry| entry.kind == EntryKind::Broken;
            self.tables.outlines.push(Outline {
                declared: reading.name.span,
                unreadable: names.is_empty() || reading.body.iter().any(broken),
                alternatives: names,
                sort: sort.map_or(Sort::Label, |(sort, _)| sort),
            });
        }
    }

    /// Reads the definitions and readings of a module.
    pub(crate) fn definitions_and_readings(&mut self, module: &Module) {
        for item in &module.tree.items {
            match item {
                Item::Define(define) => {
                    let condition = self.block(&define.body, Place::Term, define.span);
                    self.tables.definitions.push(condition.map(|condition| {
                        Definition {
                            name: Arc::from(define.name.text.as_str()),
                            title: define
                                .title
                                .as_ref()
                                .map(|text| Arc::from(text.value.as_str())),
                            condition,
                            span: define.name.span,
                        }
                    }));
                }
                Item::State(state) => {
                    let term = self.state_term(state);
                    self.tables.definitions.push(term);
                }
                Item::Points(points) => self.points_terms(points),
                Item::Reading(reading) => {
                    let elaborated = self.reading(reading);
                    self.tables.readings.push(elaborated);
                }
                _ => {}
            }
        }
    }

    fn reading(&mut self, reading: &tree::Reading) -> Option<Reading> {
        let mut table = Vec::new();
        for (entry, label) in alternatives(reading) {
            self.in_reading = true;
            table.push(self.alternative(entry, label));
            self.in_reading = false;
        }
        let mut chosen: Option<(usize, Option<Arc<str>>, Span)> = None;
        let mut named = false;
        for entry in &reading.body {
            match (&entry.label, &entry.kind) {
                (Some(_), _) | (None, EntryKind::Note(_) | EntryKind::Source(_)) => {}
                (None, EntryKind::Broken) => named = true,
                (
                    None,
                    EntryKind::Chosen {
                        alternative,
                        reason,
                    },
                ) => {
                    named = true;
                    if let Some((_, _, first)) = &chosen {
                        self.sink.push(
                            Diagnostic::new(
                                &rules::E0504_WRONG_ALTERNATIVE,
                                entry.span,
                                "this reading has chosen already",
                            )
                            .label("second choice")
                            .also(*first, "first choice"),
                        );
                        continue;
                    }
                    let place = alternatives(reading)
                        .position(|(_, label)| label.name.text == alternative.text);
                    match place {
                        Some(place) => {
                            chosen = Some((
                                place,
                                reason.as_ref().map(|text| Arc::from(text.value.as_str())),
                                entry.span,
                            ))
                        }
                        None if reading
                            .body
                            .iter()
                            .any(|entry| entry.kind == EntryKind::Broken) => {}
                        None => {
                            let names: Vec<&str> = alternatives(reading)
                                .map(|(_, label)| label.name.text.as_str())
                                .collect();
                            self.unknown_alternative(
                                alternative,
                                &names,
                                reading.name.span,
                                &reading.name.text,
                            );
                        }
                    }
                }
                (None, _) => self.sink.push(
                    Diagnostic::new(
                        &rules::E0509_MISPLACED_CLAUSE,
                        entry.span,
                        "an alternative begins with its name and a colon",
                    )
                    .label("no name")
                    .suggest(
                        "name it",
                        Span::new(entry.span.file, entry.span.start, entry.span.start),
                        "name: ",
                    ),
                ),
            }
        }
        let broken = reading
            .body
            .iter()
            .any(|entry| entry.kind == EntryKind::Broken);
        if table.is_empty() && (broken || reading.body.is_empty()) {
            return None;
        }
        if table.is_empty() {
            self.sink.push(
                Diagnostic::new(
                    &rules::E0504_WRONG_ALTERNATIVE,
                    reading.span,
                    format!("the reading `{}` has no alternatives", reading.name.text),
                )
                .label("needs at least two"),
            );
            return None;
        }
        if let ([only], false) = (alternatives(reading).collect::<Vec<_>>().as_slice(), broken) {
            self.sink.push(
                Diagnostic::new(
                    &rules::E0504_WRONG_ALTERNATIVE,
                    only.1.name.span,
                    format!(
                        "the reading `{}` has no other alternative",
                        reading.name.text
                    ),
                )
                .label("the only one")
                .note("a reading chooses among at least two; what can be read in one way is a `define`"),
            );
        }
        let Some((chosen, reason, _)) = chosen else {
            if !named && !reading.body.iter().any(chooses) {
                let first = reading
                    .body
                    .iter()
                    .find_map(|entry| entry.label.as_ref())
                    .map(|label| label.name.text.clone())
                    .unwrap_or_default();
                let names: Vec<String> = alternatives(reading)
                    .map(|(_, label)| format!("`{}`", label.name.text))
                    .collect();
                let end = reading.body.last().map_or(reading.span, deepest).end;
                self.sink.push(
                    Diagnostic::new(&rules::E0503_READING_WITHOUT_CHOICE, reading.name.span, format!("the reading `{}` does not choose", reading.name.text))
                        .label(format!("one of {}", names.join(", ")))
                        .note("a protocol is run under one reading; the others can then be compared with `lind readings`; the choice is the author's")
                        .suggest("choose one, with a reason", Span::new(reading.span.file, end, end), format!("\n  chosen {first} \"because …\"")),
                );
            }
            return None;
        };
        Some(Reading {
            name: Arc::from(reading.name.text.as_str()),
            question: Arc::from(reading.question.value.as_str()),
            alternatives: table.into_iter().collect::<Option<Vec<_>>>()?,
            chosen,
            reason,
            span: reading.name.span,
        })
    }

    pub(crate) fn unknown_alternative(
        &mut self,
        name: &tree::Name,
        names: &[&str],
        declared: Span,
        reading: &str,
    ) {
        // A reading without alternatives has its own message.
        if names.is_empty() {
            return;
        }
        // Where one is unknown in several places, the first one tells.
        if !self
            .unknown_alternatives
            .insert((declared, name.text.clone()))
        {
            return;
        }
        let mut diagnostic = Diagnostic::new(
            &rules::E0504_WRONG_ALTERNATIVE,
            name.span,
            format!("`{}` is no alternative of `{reading}`", name.text),
        )
        .label("unknown alternative")
        .also(
            declared,
            format!(
                "its alternatives: {}",
                names
                    .iter()
                    .map(|name| format!("`{name}`"))
                    .collect::<Vec<_>>()
                    .join(", ")
            ),
        );
        if let Some(near) = lind_diagnostics::closest(&name.text, names.iter().copied()) {
            diagnostic = diagnostic.suggest(format!("write `{near}`"), name.span, near);
        }
        self.sink.push(diagnostic);
    }

    fn alternative(&mut self, entry: &Entry, label: &tree::EntryLabel) -> Option<Alternative> {
        let mut title = label
            .title
            .as_ref()
            .map(|text| Arc::from(text.value.as_str()));
        let content = match sort_of(entry)? {
            Sort::Label => {
                if let EntryKind::Wording(text) = &entry.kind {
                    title = title.or_else(|| Some(Arc::from(text.value.as_str())));
                }
                AlternativeContent::Label
            }
            Sort::Selector => match &entry.kind {
                EntryKind::Take(Take::Selector(word, None)) => {
                    AlternativeContent::Selector(selector(*word))
                }
                _ => {
                    self.sink.push(
                        Diagnostic::new(
                            &rules::E0509_MISPLACED_CLAUSE,
                            entry.span,
                            "an alternative that chooses a value names no window",
                        )
                        .label("write `take the latest value`"),
                    );
                    return None;
                }
            },
            Sort::Months => match &entry.kind {
                EntryKind::Months(rule) => AlternativeContent::Months(self.month_rule(rule)?),
                _ => return None,
            },
            Sort::Condition => {
                // The label belongs to the alternative, not to the condition.
                let bare = Entry {
                    label: None,
                    ..entry.clone()
                };
                let lines = if bare.kind == EntryKind::Empty {
                    bare.children
                } else {
                    vec![bare]
                };
                AlternativeContent::Condition(self.block(&lines, Place::Term, entry.span)?)
            }
        };
        Some(Alternative {
            name: Arc::from(label.name.text.as_str()),
            title,
            content,
        })
    }

    fn month_rule(&mut self, rule: &tree::MonthRule) -> Option<MonthRule> {
        match rule {
            tree::MonthRule::Calendar => Some(MonthRule::Calendar),
            tree::MonthRule::Fixed { month, year } => {
                let (month, year) = (self.whole_number(month), self.whole_number(year));
                Some(MonthRule::Fixed {
                    month: i64::from(month?),
                    year: i64::from(year?),
                })
            }
        }
    }
}

/// Whether a choice stands somewhere below an entry, where it is misplaced.
fn chooses(entry: &Entry) -> bool {
    matches!(entry.kind, EntryKind::Chosen { .. }) || entry.children.iter().any(chooses)
}

/// The last line below an entry.
fn deepest(entry: &Entry) -> Span {
    entry.children.last().map_or(entry.span, deepest)
}
