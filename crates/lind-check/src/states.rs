//! States: what may hold at a visit.

use std::sync::Arc;

use lind_model::protocol::{Condition, ConditionKind, Definition};
use lind_model::trial::{Asked, State};
use lind_model::{AskedId, AssessmentId, DefinitionId, MilestoneId};
use lind_syntax::tree::{self, Entry, EntryKind, Item};

use crate::analysis::Checker;
use crate::blocks::Place;
use crate::modules::Module;

/// What stands below a state besides its condition.
#[derive(Default)]
struct Said {
    with: Option<AssessmentId>,
    after: Option<MilestoneId>,
    assumed: Option<Arc<str>>,
    source: Option<Arc<str>>,
    unverified: Option<Arc<str>>,
}

impl Checker<'_> {
    /// The term that a state is for other conditions.
    pub(crate) fn state_term(&mut self, state: &tree::State) -> Option<Definition> {
        let condition: Vec<Entry> = state
            .body
            .iter()
            .filter(|entry| !is_clause(&entry.kind))
            .cloned()
            .collect();
        if condition.is_empty() && !state.body.is_empty() {
            let gathered = self.gather(&condition, Place::Term);
            return self
                .one(gathered, state.span)
                .map(|condition| self.term(state, condition));
        }
        let condition = self.block(&condition, Place::Term, state.span)?;
        Some(self.term(state, condition))
    }

    fn term(&self, state: &tree::State, condition: Condition) -> Definition {
        Definition {
            name: Arc::from(state.name.text.as_str()),
            title: Some(Arc::from(state.title.value.as_str())),
            condition,
            span: state.name.span,
        }
    }

    /// The states of a module, once every term is known.
    pub(crate) fn states(&mut self, module: &Module) {
        for item in &module.tree.items {
            let Item::State(state) = item else { continue };
            let said = self.said_of_state(state);
            let place = self.tables.definitions.iter().position(|term| {
                term.as_ref()
                    .is_some_and(|term| term.span == state.name.span)
            });
            let (Some(place), Some(visit)) = (place, self.tables.trial.visit) else {
                continue;
            };
            let term = DefinitionId::from_index(place);
            let condition = self.condition_at(ConditionKind::Defined(term), state.name.span);
            let asked = self.ask(visit, condition);
            self.tables.trial.states.push(State {
                name: Arc::from(state.name.text.as_str()),
                title: Arc::from(state.title.value.as_str()),
                with: said.with,
                after: said.after,
                asked,
                term,
                assumed: said.assumed,
                source: said.source,
                unverified: said.unverified,
                span: state.name.span,
            });
        }
    }

    /// The states and gradings of the protocol itself are used by being there: they are asked at every visit. Those that
    /// it takes by name from a library are taken for something.
    pub(crate) fn states_are_used(&mut self) {
        let states = self.tables.trial.states.iter().map(|state| state.span);
        let gradings = self
            .tables
            .trial
            .gradings
            .iter()
            .map(|grading| grading.span);
        let spans: Vec<_> = states.chain(gradings).collect();
        for entry in self
            .scopes
            .iter_mut()
            .flat_map(|scope| scope.entries.values_mut())
        {
            entry.used |= entry.taken.is_none() && spans.contains(&entry.declared);
        }
    }

    /// Asks a condition outside the criteria.
    pub(crate) fn ask(&mut self, gate: MilestoneId, condition: Condition) -> AskedId {
        let id = AskedId::from_index(self.tables.asked.len());
        self.tables.asked.push(Asked { gate, condition });
        id
    }

    fn said_of_state(&mut self, state: &tree::State) -> Said {
        let mut said = Said::default();
        let mut is_asked = None;
        for entry in &state.body {
            match &entry.kind {
                EntryKind::AtVisits { with, after } => {
                    if is_asked.replace(entry.span).is_some() {
                        self.misplaced(entry.span, "when it is asked is said already");
                    }
                    said.with = with.as_ref().and_then(|name| self.find_assessment(name));
                    said.after = after.as_ref().and_then(|name| self.find_milestone(name));
                }
                EntryKind::Assumed(text) => said.assumed = Some(Arc::from(text.value.as_str())),
                EntryKind::Source(text) => said.source = Some(Arc::from(text.value.as_str())),
                EntryKind::Unverified(text) => {
                    said.unverified = Some(Arc::from(text.value.as_str()));
                }
                _ => {}
            }
        }
        said
    }
}

/// Whether a line says something about a state rather than what holds.
fn is_clause(kind: &EntryKind) -> bool {
    matches!(
        kind,
        EntryKind::AtVisits { .. }
            | EntryKind::Assumed(_)
            | EntryKind::Source(_)
            | EntryKind::Unverified(_)
            | EntryKind::Note(_)
    )
}
