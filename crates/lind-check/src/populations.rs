//! Populations, and the names by which lines of an endpoint speak of the trial.

use std::sync::Arc;

use lind_diagnostics::{Diagnostic, closest};
use lind_model::trial::Population;
use lind_model::{GradingId, PopulationId, StateId};
use lind_syntax::tree::{EntryKind, Name, PopulationDeclaration};

use crate::analysis::Checker;
use crate::blocks::Place;
use crate::choices::Polarity;
use crate::endpoints::words;
use crate::rules;
use crate::scope::Symbol;

impl Checker<'_> {
    pub(crate) fn population(&mut self, declared: &PopulationDeclaration) -> Option<()> {
        let gate = self.tables.trial.end_of_data;
        let mut assumed = None;
        let mut body = Vec::with_capacity(declared.body.len());
        for entry in &declared.body {
            match &entry.kind {
                EntryKind::Assumed(text) => assumed = Some(words(text)),
                EntryKind::Source(_) | EntryKind::Note(_) => {}
                _ => body.push(entry.clone()),
            }
        }
        if body.is_empty() && !declared.body.is_empty() {
            self.incomplete(
                declared.name.span,
                format!("`{}` does not say who belongs to it", declared.name.text),
                "needs a condition",
            );
            return None;
        }
        if let Some(first) = self.named_population(&declared.name.text) {
            let span = self.tables.trial.populations.get(first).map(|it| it.span);
            self.twice(&declared.name, span);
        }
        let condition = self.under_polarity(Polarity::Undetermined, |checker| {
            checker.block(&body, Place::Term, declared.span)
        });
        let asked = self.ask_at(gate?, condition?);
        self.tables.trial.populations.push(Population {
            name: Arc::from(declared.name.text.as_str()),
            title: declared
                .title
                .as_ref()
                .map_or_else(|| Arc::from(declared.name.text.as_str()), words),
            asked,
            assumed,
            span: declared.name.span,
        });
        Some(())
    }

    pub(crate) fn named_population(&self, name: &str) -> Option<usize> {
        let populations = &self.tables.trial.populations;
        populations.iter().position(|it| *it.name == *name)
    }

    pub(crate) fn population_of(&mut self, name: &Name) -> Option<PopulationId> {
        if let Some(index) = self.named_population(&name.text) {
            return Some(PopulationId::from_index(index));
        }
        if self.tables.broken_populations.contains(&name.text) {
            return None;
        }
        let names: Vec<Arc<str>> = self
            .tables
            .trial
            .populations
            .iter()
            .map(|it| Arc::clone(&it.name))
            .collect();
        self.not_of_the_trial(name, "population", &names);
        None
    }

    pub(crate) fn not_of_the_trial(&mut self, name: &Name, what: &str, names: &[Arc<str>]) {
        let mut diagnostic = Diagnostic::new(
            &rules::E0643_NOT_OF_THE_TRIAL,
            name.span,
            format!("`{}` is no {what} of this protocol", name.text),
        )
        .label(format!("no {what} has this name"));
        if let Some(near) = closest(&name.text, names.iter().map(|it| &**it)) {
            diagnostic = diagnostic.suggest(format!("write `{near}`"), name.span, near);
        }
        self.sink.push(diagnostic);
    }

    /// Whether a name is declared and could not be read. That has its own message.
    pub(crate) fn is_broken(&self, name: &Name) -> bool {
        let entry = self
            .scopes
            .get(self.module)
            .and_then(|scope| scope.entries.get(&name.text));
        match entry.map(|entry| entry.symbol) {
            Some(Symbol::Definition(id)) => {
                let definition = self.tables.definitions.get(id.index());
                definition.is_none_or(Option::is_none)
            }
            Some(Symbol::Grading(_)) => true,
            _ => false,
        }
    }

    /// A name is used, whatever it stands for.
    pub(crate) fn is_named(&mut self, name: &Name) {
        let scope = self.scopes.get_mut(self.module);
        if let Some(entry) = scope.and_then(|scope| scope.entries.get_mut(&name.text)) {
            entry.used = true;
        }
    }

    pub(crate) fn state_of(&mut self, name: &Name) -> Option<StateId> {
        self.is_named(name);
        let states = &self.tables.trial.states;
        if let Some(index) = states.iter().position(|it| *it.name == *name.text) {
            return Some(StateId::from_index(index));
        }
        let names: Vec<Arc<str>> = states.iter().map(|it| Arc::clone(&it.name)).collect();
        if self.is_broken(name) {
            return None;
        }
        self.not_of_the_trial(name, "state", &names);
        None
    }

    pub(crate) fn grading_of(&mut self, name: &Name) -> Option<GradingId> {
        self.is_named(name);
        let gradings = &self.tables.trial.gradings;
        if let Some(index) = gradings.iter().position(|it| *it.name == *name.text) {
            return Some(GradingId::from_index(index));
        }
        let names: Vec<Arc<str>> = gradings.iter().map(|it| Arc::clone(&it.name)).collect();
        if self.is_broken(name) {
            return None;
        }
        self.not_of_the_trial(name, "grading", &names);
        None
    }
}
