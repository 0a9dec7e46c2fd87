//! The day at hand: the milestones `visit` and `previous_visit`, which no protocol declares, and `baseline`, which
//! libraries may lean on. Also milestones that are another name for the same moment.

use std::sync::Arc;

use lind_diagnostics::{Diagnostic, Files, Span};
use lind_model::MilestoneId;
use lind_model::protocol::{Anchor, Milestone, Window};
use lind_syntax::tree::{self, Item, Measured, Name, RelationKind, TestKind, WindowKind};

use crate::analysis::Checker;
use crate::modules::{FileHead, Module, head};
use crate::rules;
use crate::scope::{Entry, Symbol};

/// The day at hand.
const VISIT: &str = "visit";
/// The visit before it.
const PREVIOUS: &str = "previous_visit";
/// Which values the patient is compared with.
const BASELINE: &str = "baseline";

/// The names that stand for the day at hand.
const OF_THE_DAY: [&str; 2] = [VISIT, PREVIOUS];

/// The milestones that are made because something is asked at visits, by their ids.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Made {
    pub(crate) visit: Option<MilestoneId>,
    visit_end: Option<MilestoneId>,
    pub(crate) previous: Option<MilestoneId>,
    previous_end: Option<MilestoneId>,
    /// `baseline`, where the root declares none.
    pub(crate) baseline: Option<MilestoneId>,
}

impl Made {
    /// The same after the milestones were put in an order.
    pub(crate) fn renumbered(self, order: &[MilestoneId]) -> Self {
        let place = |id: Option<MilestoneId>| {
            let id = id?;
            let place = order.iter().position(|other| *other == id)?;
            Some(MilestoneId::from_index(place))
        };
        Self {
            visit: place(self.visit),
            visit_end: place(self.visit_end),
            previous: place(self.previous),
            previous_end: place(self.previous_end),
            baseline: place(self.baseline),
        }
    }
}

/// Whether something is asked at visits because of an item; then the milestones of the day at hand are made.
fn asks_at_visits(item: &Item) -> Option<Span> {
    match item {
        Item::State(state) => Some(state.name.span),
        Item::Grading(grading) => Some(grading.name.span),
        Item::Population(population) => Some(population.name.span),
        Item::Endpoint(endpoint) => Some(endpoint.name.span),
        _ => None,
    }
}

fn first_asked(files: &Files, modules: &[Module]) -> Option<Span> {
    let mut items = modules.iter().flat_map(|module| &module.tree.items);
    items
        .find_map(asks_at_visits)
        .or_else(|| first_term_of_a_library(files, modules))
}

/// A term of a library that leans on a name that the library does not declare: the day at hand, or a baseline.
fn first_term_of_a_library(files: &Files, modules: &[Module]) -> Option<Span> {
    fn mentions(files: &Files, entries: &[tree::Entry]) -> bool {
        entries.iter().any(|entry| {
            let mut words = files
                .slice(entry.span)
                .split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
            words.any(|word| matches!(word, VISIT | PREVIOUS | BASELINE))
                || mentions(files, &entry.children)
        })
    }
    let is_protocol = |module: &&Module| {
        let mut items = module.tree.items.iter();
        items.any(|item| matches!(item, Item::Protocol(_)))
    };
    let libraries = modules.iter().filter(|module| !is_protocol(module));
    let mut items = libraries.flat_map(|module| &module.tree.items);
    items.find_map(|item| match item {
        Item::Define(term) if mentions(files, &term.body) => Some(term.name.span),
        _ => None,
    })
}

/// Whether a library may lean on a baseline that the root does not declare.
fn makes_baseline(files: &Files, modules: &[Module]) -> bool {
    let mut items = modules.iter().flat_map(|module| &module.tree.items);
    let mut own = modules
        .first()
        .into_iter()
        .flat_map(|module| &module.tree.items);
    let is_asked = items.any(|item| matches!(item, Item::State(_) | Item::Grading(_)))
        || first_term_of_a_library(files, modules).is_some();
    is_asked && !own.any(|item| matches!(item, Item::Milestone(own) if own.name.text == BASELINE))
}

/// How many milestones are made: their ids follow those of the declared ones.
pub(crate) fn how_many(files: &Files, modules: &[Module]) -> usize {
    match first_asked(files, modules) {
        Some(_) => 4 + usize::from(makes_baseline(files, modules)),
        None => 0,
    }
}

/// A milestone that nobody wrote.
fn made(name: &str, title: &str, span: Span) -> tree::Milestone {
    tree::Milestone {
        name: Name {
            text: name.to_owned(),
            span,
        },
        relations: Vec::new(),
        with_time: None,
        title: Some(tree::Text {
            value: title.to_owned(),
            span,
        }),
        fields: Vec::new(),
        span,
    }
}

impl Checker<'_> {
    /// The milestones that are made, behind the `declared` ones, and their names in every file.
    pub(crate) fn day_at_hand(
        &mut self,
        modules: &[Module],
        declared: usize,
    ) -> (Vec<tree::Milestone>, Made) {
        self.no_names_of_the_day(modules);
        let Some(span) = first_asked(self.files, modules) else {
            return (Vec::new(), Made::default());
        };
        let mut milestones = vec![
            made(VISIT, "the day at hand", span),
            made(
                "last day of the visit",
                "the last day of the visit at hand",
                span,
            ),
            made(PREVIOUS, "the visit before the one at hand", span),
            made(
                "last day of the previous visit",
                "the last day of the visit before the one at hand",
                span,
            ),
        ];
        let makes_baseline = makes_baseline(self.files, modules);
        if makes_baseline {
            milestones.push(made(BASELINE, "what the patient is compared with", span));
        }
        let own = self
            .scopes
            .first()
            .and_then(|scope| scope.entries.get(BASELINE));
        let own = own.map(|entry| entry.symbol);
        let id = |place: usize| Some(MilestoneId::from_index(declared + place));
        let found = Made {
            visit: id(0),
            visit_end: id(1),
            previous: id(2),
            previous_end: id(3),
            baseline: id(4).filter(|_| makes_baseline),
        };
        let baseline = match own {
            Some(symbol @ Symbol::Milestone(_)) => Some(symbol),
            Some(_) => None,
            None => found.baseline.map(Symbol::Milestone),
        };
        let names = [
            (VISIT, found.visit.map(Symbol::Milestone)),
            (PREVIOUS, found.previous.map(Symbol::Milestone)),
            (BASELINE, baseline),
        ];
        for scope in &mut self.scopes {
            for (name, symbol) in names {
                let Some(symbol) = symbol else { continue };
                scope.entries.entry(name.to_owned()).or_insert(Entry {
                    symbol,
                    declared: span,
                    taken: None,
                    by_name: false,
                    used: true,
                });
            }
        }
        (milestones, found)
    }

    /// Refuses declarations under the names of the day at hand.
    fn no_names_of_the_day(&mut self, modules: &[Module]) {
        for item in modules.iter().flat_map(|module| &module.tree.items) {
            let Item::Milestone(milestone) = item else {
                continue;
            };
            if OF_THE_DAY.contains(&milestone.name.text.as_str()) {
                self.sink.push(
                    Diagnostic::new(
                        &rules::E0621_NAME_OF_THE_DAY,
                        milestone.name.span,
                        format!(
                            "`{}` stands for the day at hand, and is not declared",
                            milestone.name.text
                        ),
                    )
                    .label("a name of the language")
                    .note("a state is asked at every visit, and `visit` is whichever it is asked at; a milestone is one moment, and needs a name of its own"),
                );
            }
        }
    }

    /// Puts the made milestones where the trial knows them, with the values that count there.
    pub(crate) fn settle_the_day(&mut self, made: Made) {
        let window = |from: MilestoneId, to: MilestoneId| Window::Between {
            from: Anchor::Milestone(from),
            to: Anchor::Milestone(to),
        };
        let pairs = [
            (made.visit, made.visit_end),
            (made.previous, made.previous_end),
        ];
        for (first, last) in pairs {
            let (Some(first), Some(last)) = (first, last) else {
                continue;
            };
            if let Some(Some(milestone)) = self.tables.milestones.get_mut(first.index()) {
                milestone.values = Some(window(first, last));
            }
            if let Some(Some(milestone)) = self.tables.milestones.get_mut(last.index()) {
                milestone.same_as = Some(first);
            }
        }
        let trial = &mut self.tables.trial;
        trial.visit = made.visit;
        trial.visit_end = made.visit_end;
        trial.previous_visit = made.previous;
        trial.previous_visit_end = made.previous_end;
        self.made_baseline = made.baseline;
        let entry = self
            .scopes
            .first()
            .and_then(|scope| scope.entries.get(BASELINE));
        // A baseline that was made is none of the protocol's: whoever leans on it is told so.
        if let Some(Symbol::Milestone(id)) = entry.map(|entry| entry.symbol)
            && self.made_baseline != Some(id)
        {
            self.tables.trial.baseline = Some(id);
        }
    }

    /// Milestones that are another name for the same moment: each gets the one that it is.
    pub(crate) fn same_moments(
        &mut self,
        declared: &[(usize, &tree::Milestone)],
        order: &[MilestoneId],
    ) {
        let mut named: Vec<Option<(MilestoneId, Span)>> = vec![None; order.len()];
        for (new, old) in order.iter().enumerate() {
            let Some((module, milestone)) = declared.get(old.index()) else {
                continue;
            };
            self.module = *module;
            let mut of = milestone
                .relations
                .iter()
                .filter(|relation| relation.kind == RelationKind::Is);
            let Some(first) = of.next() else { continue };
            if let Some(second) = of.next() {
                self.sink.push(
                    Diagnostic::new(
                        &rules::E0620_SAME_MOMENT,
                        second.span,
                        format!("`{}` is said to be two milestones", milestone.name.text),
                    )
                    .label("second milestone")
                    .also(first.span, "first milestone"),
                );
                continue;
            }
            let other = self.find_milestone(&first.other);
            if let (Some(other), Some(place)) = (other, named.get_mut(new)) {
                *place = Some((other, first.span));
            }
        }
        let mut in_circle = false;
        for new in 0..named.len() {
            let mut at = named.get(new).copied().flatten();
            let Some((_, span)) = at else { continue };
            let mut last = None;
            let mut steps = 0;
            while let Some((next, _)) = at {
                last = Some(next);
                steps += 1;
                if steps > named.len() {
                    last = None;
                    break;
                }
                at = named.get(next.index()).copied().flatten();
            }
            let name = self
                .milestone(MilestoneId::from_index(new))
                .map(|own| Arc::clone(&own.name));
            match last {
                Some(last) if last.index() != new => {
                    let (timed, values) = self
                        .milestone(last)
                        .map(|last| (last.timed, last.values.clone()))
                        .unwrap_or_default();
                    if let Some(Some(own)) = self.tables.milestones.get_mut(new) {
                        own.same_as = Some(last);
                        own.timed = timed;
                        own.values = own.values.take().or(values);
                    }
                }
                // The others of a circle say the same.
                _ if std::mem::replace(&mut in_circle, true) => {}
                _ => self.sink.push(
                    Diagnostic::new(
                        &rules::E0620_SAME_MOMENT,
                        span,
                        format!("`{}` is only another name for itself", name.unwrap_or_default()),
                    )
                    .label("leads back to where it began")
                    .note("of milestones that are one moment, one is recorded in the data; the others are names for it"),
                ),
            }
        }
    }

    /// The window of the values that count at a milestone: those that it declares, else all up to it.
    pub(crate) fn window_of_values(&self, milestone: MilestoneId) -> Window {
        let declared = self.milestone(milestone).and_then(|own| own.values.clone());
        declared.unwrap_or(Window::Around {
            anchor: Anchor::Milestone(milestone),
            window: lind_time::Window::up_to_and_including_anchor(),
            as_known: false,
        })
    }

    /// `from baseline to visit`, of a change: from the value that counts at one milestone to the one that counts
    /// at the day at hand. Any other window of a change is the one in which both values lie.
    pub(crate) fn to_the_visit(&self, measured: &Measured) -> Option<Measured> {
        let mut changed = measured.clone();
        let (TestKind::Change { ends, .. } | TestKind::Becomes { ends, .. }) =
            &mut changed.test.kind
        else {
            return None;
        };
        let ([window], None) = (measured.windows.as_slice(), &ends) else {
            return None;
        };
        let WindowKind::FromTo(tree::Anchor::Named(from), tree::Anchor::Named(to)) = &window.kind
        else {
            return None;
        };
        let scope = self.scopes.get(self.module)?;
        let milestone = |name: &Name| match scope.entries.get(&name.text)?.symbol {
            Symbol::Milestone(id) => Some(id),
            _ => None,
        };
        let (_, to_id) = (milestone(from)?, milestone(to)?);
        if self.tables.trial.visit != Some(to_id) {
            return None;
        }
        let value = |name: &Name| tree::ValueAt {
            selector: (tree::Selector::Latest, name.span),
            window: tree::Window {
                kind: WindowKind::At(name.clone()),
                by_day: None,
                as_known: None,
                also_stated: None,
                span: name.span,
            },
            span: name.span,
        };
        *ends = Some(tree::ChangeEnds {
            from: value(from),
            to: Some(value(to)),
            span: window.span,
        });
        changed.windows.clear();
        Some(changed)
    }

    /// Whether the root is a protocol, whose patients have a day at hand; a library is only written down.
    pub(crate) fn root_is_protocol(&mut self, modules: &[Module]) -> bool {
        let mut quiet = lind_diagnostics::Sink::new();
        let of_root = modules.first().and_then(|module| head(module, &mut quiet));
        matches!(of_root, Some(FileHead::Protocol(_)))
    }

    /// The milestones that a protocol declares, in words, for a note: `ld_start` or the first one.
    pub(crate) fn likely_baseline(&self) -> Arc<str> {
        let own = |milestone: &&Milestone| {
            milestone.same_as.is_none()
                && !OF_THE_DAY.contains(&&*milestone.name)
                && &*milestone.name != BASELINE
        };
        let milestones = || self.tables.milestones.iter().flatten().filter(own);
        milestones()
            .find(|milestone| matches!(&*milestone.name, "ld_start" | "infusion" | "randomisation"))
            .or_else(|| milestones().next())
            .map_or_else(|| Arc::from("infusion"), |own| Arc::clone(&own.name))
    }
}
