//! States and grades as tests ask them: each is a criterion at the gate `visit`, so that what tests do with
//! criteria (outcomes, coverage, mutations) they do with these.

use std::sync::Arc;

use super::Trial;
use crate::ids::{CriterionId, GradingId, StateId};
use crate::protocol::{Criterion, CriterionKind, Protocol};

impl Trial {
    /// The criterion that a state becomes in [`Protocol::tested`], behind so many stated criteria.
    #[must_use]
    pub fn tested_state(&self, criteria: usize, state: StateId) -> CriterionId {
        CriterionId::from_index(criteria.saturating_add(state.index()))
    }

    /// The criteria that the lines of a grading become, each with its grade, the highest first.
    #[must_use]
    pub fn tested_grades(&self, criteria: usize, grading: GradingId) -> Vec<(u8, CriterionId)> {
        let before: usize = self
            .gradings
            .iter()
            .take(grading.index())
            .map(|other| other.lines.len())
            .sum();
        let first = criteria
            .saturating_add(self.states.len())
            .saturating_add(before);
        let lines = self.gradings.get(grading.index());
        let lines = lines.into_iter().flat_map(|grading| &grading.lines);
        lines
            .enumerate()
            .map(|(place, line)| (line.grade, CriterionId::from_index(first + place)))
            .collect()
    }
}

impl Protocol {
    /// The protocol as its tests ask it: behind its criteria one for each state, and one for each grade of each
    /// grading, decided at `visit`. They are due at no other gate, so no verdict changes.
    #[must_use]
    pub fn tested(&self) -> Self {
        let mut tested = self.clone();
        let Some(visit) = self.trial.visit else {
            return tested;
        };
        let states = self.trial.states.iter().map(|state| {
            (
                Arc::clone(&state.name),
                Arc::clone(&state.title),
                state.asked,
                state.span,
            )
        });
        let grades = self.trial.gradings.iter().flat_map(|grading| {
            grading.lines.iter().map(move |line| {
                (
                    Arc::from(format!("{} grade {}", grading.name, line.grade)),
                    Arc::clone(&grading.title),
                    line.asked,
                    grading.span,
                )
            })
        });
        for (id, title, asked, span) in states.chain(grades) {
            let parts = self.asked.get(asked.index());
            tested.criteria.push(Criterion {
                id,
                title,
                kind: CriterionKind::Inclusion,
                guard: None,
                gate: Some(visit),
                parts: parts
                    .map(|asked| asked.condition.clone())
                    .into_iter()
                    .collect(),
                term: None,
                allowed: Vec::new(),
                source: None,
                span,
            });
        }
        tested
    }
}
