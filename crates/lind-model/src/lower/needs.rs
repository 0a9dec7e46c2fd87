//! What a plan reads of a chart, gathered while it is made.

use std::sync::Arc;

use super::Lowering;
use crate::ids::EquivalenceId;
use crate::plan::{Concept, ConceptKind, NeededTable};
use crate::protocol::{FactTable, FormulaInput, Subject};

impl Lowering<'_> {
    /// Every drug of an equivalence.
    pub(super) fn need_equivalence(&mut self, equivalence: Option<EquivalenceId>) {
        let Some(id) = equivalence else { return };
        let rows = self
            .protocol
            .equivalences
            .get(id.index())
            .map_or(0, |table| table.rows.len());
        for row in 0..rows {
            self.need(ConceptKind::Equivalent(
                id,
                u32::try_from(row).unwrap_or(u32::MAX),
            ));
        }
    }

    pub(super) fn need_subject(&mut self, subject: Subject) {
        match subject {
            Subject::Measure(measure) => self.need(ConceptKind::Measure(measure)),
            Subject::Formula(formula) => {
                self.need(ConceptKind::Formula(formula));
                let inputs = self
                    .protocol
                    .formulas
                    .get(formula.index())
                    .map(|formula| formula.inputs.clone())
                    .unwrap_or_default();
                for input in inputs {
                    if let FormulaInput::Measure { measure, .. } = input {
                        self.need(ConceptKind::Measure(measure));
                    }
                }
            }
        }
    }

    pub(super) fn need(&mut self, kind: ConceptKind) {
        let protocol = self.protocol;
        self.needs.entry(kind).or_insert_with(|| {
            let (table, codes) = match kind {
                ConceptKind::Measure(id) => (
                    NeededTable::Observations,
                    protocol
                        .measures
                        .get(id.index())
                        .map(|measure| named(&measure.name, &measure.codes)),
                ),
                ConceptKind::Formula(id) => (
                    NeededTable::Observations,
                    protocol
                        .formulas
                        .get(id.index())
                        .map(|formula| named(&formula.name, &formula.codes)),
                ),
                ConceptKind::Set(id) => {
                    let set = protocol.sets.get(id.index());
                    (
                        NeededTable::Facts(set.map_or(FactTable::Conditions, |set| set.table)),
                        set.map(|set| set.codes.clone()),
                    )
                }
                ConceptKind::Any(table) => (NeededTable::Facts(table), None),
                ConceptKind::HalfLife(index) => (
                    NeededTable::Facts(FactTable::Treatments),
                    protocol
                        .half_lives
                        .get(index as usize)
                        .map(|half_life| half_life.codes.clone()),
                ),
                ConceptKind::Equivalent(id, row) => {
                    let table = protocol.equivalences.get(id.index());
                    (
                        NeededTable::Facts(FactTable::Treatments),
                        table
                            .and_then(|table| table.rows.get(row as usize))
                            .map(|row| row.codes.clone()),
                    )
                }
                ConceptKind::GivenOnce => (
                    NeededTable::Facts(FactTable::Treatments),
                    Some(protocol.given_once.clone()),
                ),
                ConceptKind::Milestone(id) => (
                    match protocol.trial.visit_of(id) {
                        Some(_) => NeededTable::Visits,
                        None => NeededTable::Milestones,
                    },
                    protocol
                        .milestones
                        .get(id.index())
                        .map(|milestone| vec![Arc::clone(&milestone.name)]),
                ),
                ConceptKind::Judgement(id) => (
                    NeededTable::Attestations,
                    protocol
                        .judgements
                        .get(id.index())
                        .map(|judgement| vec![Arc::clone(&judgement.name)]),
                ),
                ConceptKind::Commitment(id) => (
                    NeededTable::Attestations,
                    protocol
                        .criteria
                        .get(id.index())
                        .map(|criterion| vec![Arc::clone(&criterion.id)]),
                ),
            };
            let mut codes = codes.unwrap_or_default();
            let mut perhaps = Vec::new();
            if let NeededTable::Facts(table) = table {
                let names = protocol.names.of_set(table, &codes);
                codes.extend(names.surely);
                // What a drug is like is said of the whole of it.
                if let ConceptKind::Set(_) = kind {
                    perhaps = names.perhaps;
                }
            }
            Concept {
                kind,
                table,
                codes,
                perhaps,
            }
        });
    }
}

fn named(name: &Arc<str>, codes: &[Arc<str>]) -> Vec<Arc<str>> {
    std::iter::once(name).chain(codes).map(Arc::clone).collect()
}
