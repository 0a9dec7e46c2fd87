//! The numbers under which the reader hands out what a plan looks for.
//!
//! They are counted along the tables of the protocol, not of the plan, so that every plan of one protocol
//! (one for each choice of readings) asks for the same thing by the same number and can share a chart.

use lind_model::plan::{ConceptKind, NeededTable};
use lind_model::protocol::{FactTable, Protocol};
use lind_model::{EquivalenceId, MeasureId};
use lind_records::{ConceptId, Table};

/// Where each family of concepts begins.
#[derive(Debug, Clone)]
pub(crate) struct Concepts {
    milestones: u32,
    measures: u32,
    formulas: u32,
    sets: u32,
    any: u32,
    half_lives: u32,
    given_once: u32,
    judgements: u32,
    commitments: u32,
    /// Where the drugs of each equivalence begin; one more entry than there are equivalences.
    equivalents: Vec<u32>,
}

const FACT_TABLES: u32 = 6;

fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

impl Concepts {
    /// The numbers of a protocol, counted from `first` on, so that those of another one can stand before them.
    pub(crate) fn of(protocol: &Protocol, first: usize) -> Self {
        let mut next: u32 = count(first);
        let mut family = |length: u32| {
            let begin = next;
            next = next.saturating_add(length);
            begin
        };
        let milestones = family(count(protocol.milestones.len()));
        let measures = family(count(protocol.measures.len()));
        let formulas = family(count(protocol.formulas.len()));
        let sets = family(count(protocol.sets.len()));
        let any = family(FACT_TABLES);
        let half_lives = family(count(protocol.half_lives.len()));
        let given_once = family(1);
        let judgements = family(count(protocol.judgements.len()));
        let commitments = family(count(protocol.criteria.len()));
        let mut equivalents: Vec<u32> = protocol
            .equivalences
            .iter()
            .map(|table| family(count(table.rows.len())))
            .collect();
        equivalents.push(family(0));
        Self {
            milestones,
            measures,
            formulas,
            sets,
            any,
            half_lives,
            given_once,
            judgements,
            commitments,
            equivalents,
        }
    }

    /// The number behind all of these.
    pub(crate) fn end(&self) -> usize {
        self.equivalents.last().map_or(0, |end| *end as usize)
    }

    pub(crate) fn id(&self, kind: ConceptKind) -> ConceptId {
        let at = |begin: u32, index: u32| ConceptId(begin.saturating_add(index));
        match kind {
            ConceptKind::Milestone(id) => at(self.milestones, id.0),
            ConceptKind::Measure(id) => at(self.measures, id.0),
            ConceptKind::Formula(id) => at(self.formulas, id.0),
            ConceptKind::Set(id) => at(self.sets, id.0),
            ConceptKind::Any(table) => at(self.any, fact_table_index(table)),
            ConceptKind::HalfLife(index) => at(self.half_lives, index),
            ConceptKind::GivenOnce => at(self.given_once, 0),
            ConceptKind::Judgement(id) => at(self.judgements, id.0),
            ConceptKind::Commitment(id) => at(self.commitments, id.0),
            ConceptKind::Equivalent(id, row) => at(
                self.equivalents
                    .get(id.index())
                    .copied()
                    .unwrap_or(u32::MAX),
                row,
            ),
        }
    }

    pub(crate) fn measure(&self, id: MeasureId) -> ConceptId {
        self.id(ConceptKind::Measure(id))
    }

    /// Which half-life of the protocol a concept is.
    pub(crate) fn half_life(&self, concept: ConceptId) -> Option<usize> {
        (self.half_lives..self.given_once)
            .contains(&concept.0)
            .then(|| (concept.0 - self.half_lives) as usize)
    }

    /// Which drug of an equivalence a concept is.
    pub(crate) fn equivalent(&self, table: EquivalenceId, concept: ConceptId) -> Option<usize> {
        let begin = *self.equivalents.get(table.index())?;
        let end = *self.equivalents.get(table.index().saturating_add(1))?;
        (begin..end)
            .contains(&concept.0)
            .then(|| (concept.0 - begin) as usize)
    }
}

const fn fact_table_index(table: FactTable) -> u32 {
    match table {
        FactTable::Conditions => 0,
        FactTable::Treatments => 1,
        FactTable::Procedures => 2,
        FactTable::Allergies => 3,
        FactTable::Results => 4,
        FactTable::AdverseEvents => 5,
    }
}

/// The reader's table of a table of facts.
pub(crate) const fn fact_table(table: FactTable) -> Table {
    match table {
        FactTable::Conditions => Table::Conditions,
        FactTable::Treatments => Table::Treatments,
        FactTable::Procedures => Table::Procedures,
        FactTable::Allergies => Table::Allergies,
        FactTable::Results => Table::Observations,
        FactTable::AdverseEvents => Table::AdverseEvents,
    }
}

/// The reader's table of a table that a plan needs.
pub(crate) const fn needed_table(table: NeededTable) -> Table {
    match table {
        NeededTable::Milestones => Table::Milestones,
        NeededTable::Observations => Table::Observations,
        NeededTable::Facts(table) => fact_table(table),
        NeededTable::Attestations => Table::Attestations,
        NeededTable::Visits => Table::Visits,
        NeededTable::Assignments => Table::Assignments,
    }
}
