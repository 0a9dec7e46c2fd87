//! Names: what is declared in a file, what it takes from others, and whether it is used.

use std::collections::{BTreeMap, BTreeSet};

use lind_diagnostics::{Applicability, Diagnostic, Edit, Files, Sink, Span, closest};
use lind_model::{
    AssessmentId, ChosenId, DefinitionId, EquivalenceId, FormulaId, JudgementId, MeasureId,
    MilestoneId, ReadingId, SetId, TimelineId, VisitId,
};
use lind_syntax::tree::{Item, Name};

use crate::modules::Module;
use crate::rules;

/// What a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Symbol {
    Milestone(MilestoneId),
    Measure(MeasureId),
    Formula(FormulaId),
    Set(SetId),
    Judgement(JudgementId),
    Definition(DefinitionId),
    Reading(ReadingId),
    Equivalence(EquivalenceId),
    /// A record that the data choose.
    Chosen(ChosenId),
    /// Points, by their place among all points.
    Points(usize),
    Assessment(AssessmentId),
    Timeline(TimelineId),
    /// A visit that nothing leans on; the others are milestones.
    Visit(VisitId),
    /// A grading, by its place among all gradings.
    Grading(usize),
}

impl Symbol {
    /// The sort in words, with its article.
    pub(crate) fn sort(self) -> &'static str {
        match self {
            Symbol::Milestone(_) => "a milestone",
            Symbol::Measure(_) => "a measure",
            Symbol::Formula(_) => "a formula",
            Symbol::Set(_) => "a set of codes",
            Symbol::Judgement(_) => "a judgement",
            Symbol::Definition(_) => "a defined term",
            Symbol::Reading(_) => "a reading",
            Symbol::Equivalence(_) => "a table of equivalent doses",
            Symbol::Chosen(_) => "an anchor",
            Symbol::Points(_) => "points",
            Symbol::Assessment(_) => "an assessment",
            Symbol::Timeline(_) => "a timeline",
            Symbol::Visit(_) => "a visit",
            Symbol::Grading(_) => "a grading",
        }
    }
}

/// One name in a scope.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) symbol: Symbol,
    /// Where it is declared.
    pub(crate) declared: Span,
    /// Where this file takes it from another, if it does.
    pub(crate) taken: Option<Span>,
    /// Taken by name (`use std.labs: anc`), so that an unused one is worth a word.
    pub(crate) by_name: bool,
    pub(crate) used: bool,
}

/// For how many unknown names of a file another is offered: looking for near ones takes a while.
const MOST_OFFERS: usize = 100;

/// The names of one file.
#[derive(Debug, Clone, Default)]
pub(crate) struct Scope {
    pub(crate) entries: BTreeMap<String, Entry>,
    /// Names that may be declared where something could not be read or found. That has its own message; a
    /// name is not reported a second time for it.
    lost: BTreeSet<String>,
    /// Names that are used and not declared, with the places.
    unknown: BTreeMap<String, BTreeSet<Span>>,
    /// A whole library could not be found, so that any name may come from it.
    any_lost: bool,
    /// The `use` lines with a list of names: the library, and where the list ends.
    lists: Vec<(String, Span)>,
    /// Where the last `use` line ends.
    uses_end: Option<Span>,
}

impl Scope {
    /// Finds a name and marks it as used. An unknown one is kept for [`Scope::report_unknown`].
    pub(crate) fn resolve(&mut self, name: &Name) -> Option<(Symbol, Span)> {
        if let Some(entry) = self.entries.get_mut(&name.text) {
            entry.used = true;
            return Some((entry.symbol, entry.declared));
        }
        if !self.any_lost && !self.lost.contains(&name.text) {
            let places = self.unknown.entry(name.text.clone()).or_default();
            places.insert(name.span);
        }
        None
    }

    /// Whether all of these words stand in lines that could not be read: what they declare may be there.
    pub(crate) fn is_lost(&self, words: &[&str]) -> bool {
        words.iter().all(|word| self.lost.contains(*word))
    }

    /// Reports each unknown name once, with all its places and the nearest name.
    pub(crate) fn report_unknown(&mut self, sink: &mut Sink) {
        for (index, (name, places)) in std::mem::take(&mut self.unknown).into_iter().enumerate() {
            let mut places = places.into_iter();
            let Some(first) = places.next() else { continue };
            let others: Vec<Span> = places.collect();
            if is_vague(&name) && crate::library::modules_declaring(&name).is_empty() {
                sink.push(vague(&name, first, &others));
                continue;
            }
            let mut diagnostic = Diagnostic::new(
                &rules::E0201_UNKNOWN_NAME,
                first,
                format!("`{name}` is not declared"),
            )
            .label("unknown name");
            for other in &others {
                diagnostic = diagnostic.also(*other, "here too");
            }
            let near = if index < MOST_OFFERS {
                closest(&name, self.entries.keys().map(String::as_str))
            } else {
                None
            };
            let declaring = crate::library::modules_declaring(&name);
            if let Some((module, others)) = declaring.split_first() {
                let mut note = format!(
                    "the standard library has it, in `{module}`: it is taken with `use {module}: {name}` at the top"
                );
                if !others.is_empty() {
                    let others: Vec<String> =
                        others.iter().map(|other| format!("`{other}`")).collect();
                    note.push_str(&format!("; {} has one too", others.join(" and ")));
                }
                diagnostic = diagnostic.note(note);
                let list = self.lists.iter().find(|(list, _)| list == module);
                diagnostic = match (list, self.uses_end) {
                    (Some((_, end)), _) => diagnostic.suggest(
                        format!("take `{name}` with the others"),
                        *end,
                        format!(", {name}"),
                    ),
                    (None, Some(end)) => diagnostic.suggest(
                        format!("write `use {module}: {name}`"),
                        end,
                        format!("\nuse {module}: {name}"),
                    ),
                    (None, None) => diagnostic,
                };
            }
            if let (Some(near), false) = (near, declaring.is_empty()) {
                diagnostic = diagnostic.note(format!("`{near}` is declared, and reads nearly so"));
            } else if let Some(near) = near {
                let edits = std::iter::once(first)
                    .chain(others)
                    .map(|place| Edit::new(place, near))
                    .collect();
                diagnostic = diagnostic.fix_edits(
                    format!("write `{near}`"),
                    edits,
                    Applicability::NeedsReview,
                );
            } else if declaring.is_empty() {
                diagnostic = diagnostic
                    .note("names are declared in this file, or taken from a library with `use`");
            }
            sink.push(diagnostic);
        }
    }

    /// Finds a name of one sort; another sort is reported with its declaration.
    pub(crate) fn resolve_as<T>(
        &mut self,
        name: &Name,
        wanted: &str,
        pick: impl Fn(Symbol) -> Option<T>,
        sink: &mut Sink,
    ) -> Option<T> {
        let (symbol, declared) = self.resolve(name)?;
        let picked = pick(symbol);
        if picked.is_none() {
            sink.push(
                Diagnostic::new(
                    &rules::E0202_WRONG_SORT,
                    name.span,
                    format!(
                        "`{}` is {}; {wanted} is needed here",
                        name.text,
                        symbol.sort()
                    ),
                )
                .label(format!("needs {wanted}"))
                .also(declared, format!("declared here as {}", symbol.sort())),
            );
        }
        picked
    }

    /// Finds an anchor that the data choose, if a name stands for one.
    pub(crate) fn anchor(&mut self, name: &Name) -> Option<(ChosenId, Span)> {
        let entry = self.entries.get_mut(&name.text)?;
        let Symbol::Chosen(id) = entry.symbol else {
            return None;
        };
        entry.used = true;
        Some((id, entry.declared))
    }

    /// Finds a milestone.
    pub(crate) fn milestone(&mut self, name: &Name, sink: &mut Sink) -> Option<MilestoneId> {
        self.resolve_as(
            name,
            "a milestone",
            |symbol| {
                if let Symbol::Milestone(id) = symbol {
                    Some(id)
                } else {
                    None
                }
            },
            sink,
        )
    }

    /// Finds a code set.
    pub(crate) fn set(&mut self, name: &Name, sink: &mut Sink) -> Option<SetId> {
        self.resolve_as(
            name,
            "a set of codes",
            |symbol| {
                if let Symbol::Set(id) = symbol {
                    Some(id)
                } else {
                    None
                }
            },
            sink,
        )
    }

    /// Finds a reading.
    pub(crate) fn reading(&mut self, name: &Name, sink: &mut Sink) -> Option<ReadingId> {
        self.resolve_as(
            name,
            "a reading",
            |symbol| {
                if let Symbol::Reading(id) = symbol {
                    Some(id)
                } else {
                    None
                }
            },
            sink,
        )
    }
}

/// Words that say how much, how long or how sure, each reader as it seems to them.
fn is_vague(name: &str) -> bool {
    const VAGUE: &[&str] = &[
        "abnormal",
        "active",
        "acute",
        "adequate",
        "chronic",
        "clinically_relevant",
        "clinically_significant",
        "controlled",
        "current",
        "documented",
        "excessive",
        "inadequate",
        "known",
        "major",
        "mild",
        "minor",
        "moderate",
        "poor",
        "prior",
        "progressive",
        "recent",
        "refractory",
        "relevant",
        "serious",
        "severe",
        "significant",
        "stable",
        "sufficient",
        "suspected",
        "symptomatic",
        "uncontrolled",
        "unstable",
        "well_controlled",
    ];
    VAGUE.contains(&name.to_lowercase().as_str())
}

fn vague(name: &str, first: Span, others: &[Span]) -> Diagnostic {
    let mut diagnostic = Diagnostic::new(
        &rules::E0207_VAGUE_WORD,
        first,
        format!("nothing says what counts as `{name}`"),
    )
    .label("left to the reader");
    for other in others {
        diagnostic = diagnostic.also(*other, "here too");
    }
    diagnostic.note(format!(
        "say it with a limit, a window or a field; or define it once, with `define {name}`; or put it to a person, with `judgement {name} \"…?\" by investigator`"
    ))
}

/// Hands out ids to every declaration of every module and builds the scope of each.
///
/// Ids count the declarations of one sort over all modules, in the order of loading and of the source.
pub(crate) fn scopes(files: &Files, modules: &[Module], sink: &mut Sink) -> Vec<Scope> {
    let mut counts = [0usize; 11];
    let mut scopes: Vec<Scope> = Vec::with_capacity(modules.len());
    for module in modules {
        let mut scope = Scope::default();
        for item in &module.tree.items {
            if let Item::Broken(line) = item {
                let words = files.slice(*line).split(|character: char| {
                    !(character.is_ascii_alphanumeric() || character == '_')
                });
                scope.lost.extend(words.map(str::to_owned));
            }
            let Some((name, symbol)) = declared(item, &mut counts) else {
                continue;
            };
            declare(&mut scope, name, symbol, sink);
        }
        scopes.push(scope);
    }
    let [milestones, ..] = &mut counts;
    *milestones += crate::visits::how_many(files, modules);
    crate::schedule::declare_names(files, modules, milestones, &mut scopes, sink);
    let own = scopes.clone();
    for ((module, scope), index) in modules.iter().zip(&mut scopes).zip(0usize..) {
        take(module, index, scope, &own, sink);
    }
    scopes
}

pub(crate) fn declare(scope: &mut Scope, name: &Name, symbol: Symbol, sink: &mut Sink) {
    if let Some(first) = scope.entries.get(&name.text) {
        sink.push(
            Diagnostic::new(
                &rules::E0203_DECLARED_TWICE,
                name.span,
                format!("`{}` is declared twice", name.text),
            )
            .label("declared again")
            .also(
                first.declared,
                format!("first declared here, as {}", first.symbol.sort()),
            ),
        );
        return;
    }
    let entry = Entry {
        symbol,
        declared: name.span,
        taken: None,
        by_name: false,
        used: false,
    };
    scope.entries.insert(name.text.clone(), entry);
}

fn take(module: &Module, index: usize, scope: &mut Scope, own: &[Scope], sink: &mut Sink) {
    let uses = module.tree.items.iter().filter_map(|item| {
        if let Item::Use(used) = item {
            Some(used)
        } else {
            None
        }
    });
    for (used, target) in uses.zip(&module.uses) {
        let behind = |span: Span| Span::new(span.file, span.end, span.end);
        scope.uses_end = Some(behind(used.span));
        if let Some(last) = used.names.last() {
            scope
                .lists
                .push((used.module.text.clone(), behind(last.span)));
        }
        let Some(target) = target else {
            scope.any_lost |= used.names.is_empty();
            let names = used.names.iter().map(|name| name.text.clone());
            scope.lost.extend(names);
            continue;
        };
        let Some(source) = own.get(*target).filter(|_| *target != index) else {
            continue;
        };
        let all: Vec<(String, Span)>;
        let by_name = !used.names.is_empty();
        if by_name {
            all = used
                .names
                .iter()
                .map(|name| (name.text.clone(), name.span))
                .collect();
        } else {
            all = source
                .entries
                .keys()
                .map(|name| (name.clone(), used.span))
                .collect();
            scope.lost.extend(source.lost.iter().cloned());
        }
        for (name, span) in all {
            let Some(entry) = source.entries.get(&name) else {
                if !scope.lost.insert(name.clone()) || source.lost.contains(&name) {
                    continue;
                }
                let mut diagnostic = Diagnostic::new(
                    &rules::E0205_NOT_IN_MODULE,
                    span,
                    format!("`{}` does not declare `{name}`", used.module.text),
                )
                .label("not declared there")
                .also(used.module.span, "this module");
                if let Some(other) = crate::library::module_declaring(&name) {
                    diagnostic = diagnostic.note(format!("`{other}` declares it"));
                } else if let Some(near) = closest(&name, source.entries.keys().map(String::as_str))
                {
                    diagnostic = diagnostic.suggest(format!("write `{near}`"), span, near);
                }
                sink.push(diagnostic);
                continue;
            };
            match scope.entries.get(&name) {
                Some(first) if first.symbol == entry.symbol => {
                    if by_name && first.by_name {
                        sink.push(
                            Diagnostic::new(
                                &rules::E0203_DECLARED_TWICE,
                                span,
                                format!("`{name}` is taken twice"),
                            )
                            .label("taken again")
                            .also(first.taken.unwrap_or(first.declared), "taken here already"),
                        );
                    }
                }
                Some(first) => sink.push(
                    Diagnostic::new(
                        &rules::E0203_DECLARED_TWICE,
                        span,
                        format!(
                            "`{name}` is taken from `{}`, and this file has it already",
                            used.module.text
                        ),
                    )
                    .label("taken here")
                    .also(first.taken.unwrap_or(first.declared), "declared here"),
                ),
                None => {
                    scope.entries.insert(
                        name,
                        Entry {
                            taken: Some(span),
                            by_name,
                            used: false,
                            ..entry.clone()
                        },
                    );
                }
            }
        }
    }
}

/// The name that an item declares, and its id.
pub(crate) fn declared<'t>(item: &'t Item, counts: &mut [usize; 11]) -> Option<(&'t Name, Symbol)> {
    let [
        milestones,
        measures,
        formulas,
        sets,
        judgements,
        definitions,
        readings,
        equivalences,
        points,
        anchors,
        gradings,
    ] = counts;
    let next = |count: &mut usize| {
        let index = *count;
        *count += 1;
        index
    };
    Some(match item {
        Item::Milestone(item) => (
            &item.name,
            Symbol::Milestone(MilestoneId::from_index(next(milestones))),
        ),
        Item::Measure(item) => (
            &item.name,
            Symbol::Measure(MeasureId::from_index(next(measures))),
        ),
        Item::Formula(item) => (
            &item.name,
            Symbol::Formula(FormulaId::from_index(next(formulas))),
        ),
        Item::CodeSet(item) => (&item.name, Symbol::Set(SetId::from_index(next(sets)))),
        Item::Judgement(item) => (
            &item.name,
            Symbol::Judgement(JudgementId::from_index(next(judgements))),
        ),
        Item::Define(item) => (
            &item.name,
            Symbol::Definition(DefinitionId::from_index(next(definitions))),
        ),
        Item::Reading(item) => (
            &item.name,
            Symbol::Reading(ReadingId::from_index(next(readings))),
        ),
        Item::Equivalence(item) => (
            &item.name,
            Symbol::Equivalence(EquivalenceId::from_index(next(equivalences))),
        ),
        Item::Anchor(item) => (
            &item.name,
            Symbol::Chosen(ChosenId::from_index(next(anchors))),
        ),
        Item::State(item) => (
            &item.name,
            Symbol::Definition(DefinitionId::from_index(next(definitions))),
        ),
        Item::Grading(item) => (&item.name, Symbol::Grading(next(gradings))),
        Item::Points(item) => {
            // A sum that is recorded is a measure, and each line a defined term.
            next(measures);
            for _ in crate::points::lines(item) {
                next(definitions);
            }
            (&item.name, Symbol::Points(next(points)))
        }
        _ => return None,
    })
}
