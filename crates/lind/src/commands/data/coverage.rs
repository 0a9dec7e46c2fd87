//! What of a protocol the data can decide.

use std::collections::BTreeMap;

use lind_eval::{Context, Program, Scratch, evaluate_into, reason, series};
use lind_model::plan::{ConceptKind, NeededTable};
use lind_model::protocol::{FactTable, Shape};
use lind_model::{MilestoneId, Outcome, Standing, Verdict};
use lind_records::{Chart, ConceptId, Dataset, Fact, Table};
use lind_report::{Coverage, CriterionCoverage, Need};
use lind_time::When;

use crate::commands::screen::furthest_gate;

/// How many reasons of a criterion are kept apart.
const MOST_REASONS: usize = 50;

/// What of a protocol the data can decide, counted chart by chart.
pub(super) struct Covering {
    pub(super) program: Program,
    criteria: Vec<Criterion>,
    pub(super) needs: Vec<Needed>,
    scratch: Scratch,
    verdict: Verdict,
}

#[derive(Default)]
struct Criterion {
    told: CriterionCoverage,
    reasons: BTreeMap<String, (u64, String)>,
}

/// Something that criteria ask for, and what there is of it.
pub(super) struct Needed {
    pub(super) kind: ConceptKind,
    pub(super) concept: ConceptId,
    pub(super) table: Table,
    pub(super) name: String,
    pub(super) patients: u64,
    usable: u64,
    faults: BTreeMap<&'static str, u64>,
    units: BTreeMap<String, u64>,
    codes: BTreeMap<String, u64>,
}

impl Covering {
    pub(super) fn new(program: Program) -> Self {
        let plan = program.plan();
        let criteria = plan.criteria.iter().map(|criterion| {
            let stated = plan.protocol.criteria.get(criterion.criterion.index());
            Criterion {
                told: CriterionCoverage {
                    id: stated.map_or_else(String::new, |stated| stated.id.to_string()),
                    title: stated.map_or_else(String::new, |stated| stated.title.to_string()),
                    ..CriterionCoverage::default()
                },
                ..Criterion::default()
            }
        });
        let criteria = criteria.collect();
        let needs = plan.needs.iter().filter_map(|concept| {
            Some(Needed {
                kind: concept.kind,
                concept: program.concept(concept.kind),
                table: table_of(concept.table),
                name: name_of(&program, concept.kind)?,
                patients: 0,
                usable: 0,
                faults: BTreeMap::new(),
                units: BTreeMap::new(),
                codes: BTreeMap::new(),
            })
        });
        let needs = needs.collect();
        Self {
            criteria,
            needs,
            program,
            scratch: Scratch::new(),
            verdict: Verdict {
                gate: MilestoneId(0),
                standing: Standing::Undetermined,
                criteria: Vec::new(),
            },
        }
    }

    /// Counts a chart.
    pub(super) fn add(&mut self, chart: &Chart, context: &Context<'_>, dataset: &Dataset) {
        let gate = furthest_gate(&self.program, context, chart);
        evaluate_into(
            &self.program,
            context,
            chart,
            gate,
            &mut self.scratch,
            &mut self.verdict,
        );
        for (criterion, found) in self.criteria.iter_mut().zip(&self.verdict.criteria) {
            let told = &mut criterion.told;
            let count = match found.outcome {
                Outcome::Met => &mut told.met,
                Outcome::NotMet | Outcome::NotApplicable => &mut told.not_met,
                Outcome::Unknown => &mut told.unknown,
                Outcome::NeedsJudgement => &mut told.needs_judgement,
                Outcome::Pending => &mut told.pending,
            };
            *count += 1;
            if !matches!(found.outcome, Outcome::Unknown | Outcome::NeedsJudgement) {
                continue;
            }
            let why = reason(&self.program, context, chart, gate, found.criterion);
            let why = without_numbers(&why);
            if criterion.reasons.len() < MOST_REASONS || criterion.reasons.contains_key(&why) {
                let patient = || (0, chart.patient.to_string());
                criterion.reasons.entry(why).or_insert_with(patient).0 += 1;
            }
        }
        for need in &mut self.needs {
            need.add(&self.program, chart, context, dataset);
        }
    }

    /// Everything that was counted.
    pub(super) fn told(&self) -> Coverage {
        let protocol = &self.program.plan().protocol;
        Coverage {
            protocol: protocol.id.to_string(),
            criteria: self.criteria.iter().map(Criterion::told).collect(),
            needs: self.needs.iter().map(Needed::told).collect(),
        }
    }
}

impl Criterion {
    fn told(&self) -> CriterionCoverage {
        let mut reasons: Vec<(String, u64, String)> = self
            .reasons
            .iter()
            .map(|(reason, (count, patient))| (reason.clone(), *count, patient.clone()))
            .collect();
        reasons.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
        CriterionCoverage {
            reasons,
            ..self.told.clone()
        }
    }
}

impl Needed {
    fn add(&mut self, program: &Program, chart: &Chart, context: &Context<'_>, dataset: &Dataset) {
        let concept = self.concept;
        let codes = &mut self.codes;
        let mut rows = 0_u64;
        let mut count = |row: &dyn Fact| {
            rows += 1;
            let code = dataset.dictionary().text(row.code());
            match codes.get_mut(code) {
                Some(count) => *count += 1,
                None => {
                    codes.insert(code.to_owned(), 1);
                }
            }
        };
        match self.table {
            Table::Milestones => chart.milestones_of(concept).for_each(|row| count(row)),
            Table::Observations => chart.observations_of(concept).for_each(|row| count(row)),
            Table::Conditions => chart.conditions_of(concept).for_each(|row| count(row)),
            Table::Treatments => chart.treatments_of(concept).for_each(|row| count(row)),
            Table::Procedures => chart.procedures_of(concept).for_each(|row| count(row)),
            Table::Allergies => chart.allergies_of(concept).for_each(|row| count(row)),
            Table::AdverseEvents => chart.adverse_events_of(concept).for_each(|row| count(row)),
            Table::Attestations => chart.attestations_of(concept).for_each(|row| count(row)),
            Table::Visits => chart.visits_of(concept).for_each(|row| count(row)),
            Table::Assignments => chart.assignments_of(concept).for_each(|row| count(row)),
            Table::Patients | Table::Decisions => {}
        }
        if rows == 0 {
            return;
        }
        self.patients += 1;
        let (ConceptKind::Measure(measure), true) = (self.kind, self.has_numbers(program)) else {
            self.usable += 1;
            return;
        };
        for row in chart.observations_of(concept) {
            if row.value.is_some() {
                let unit = row.unit.and_then(|unit| dataset.units().get(unit));
                let unit = unit.map_or("", |unit| unit.written());
                match self.units.get_mut(unit) {
                    Some(count) => *count += 1,
                    None => {
                        self.units.insert(unit.to_owned(), 1);
                    }
                }
            }
        }
        // Whatever the time: what cannot be used at a gate is the criterion's matter.
        let Ok(whenever) = When::parse("9999-12-31") else {
            return;
        };
        let Ok(values) = series(program, context, chart, measure, None, whenever) else {
            return;
        };
        let mut is_usable = false;
        for value in &values.values {
            match &value.number {
                Ok(_) => is_usable = true,
                Err(fault) => *self.faults.entry(fault.words()).or_default() += 1,
            }
        }
        self.usable += u64::from(is_usable);
    }

    fn has_numbers(&self, program: &Program) -> bool {
        let ConceptKind::Measure(id) = self.kind else {
            return false;
        };
        let measure = program.plan().protocol.measures.get(id.index());
        measure.is_some_and(|measure| {
            matches!(measure.shape, Shape::Quantity(_) | Shape::Score { .. })
        })
    }

    fn told(&self) -> Need {
        let sorted = |counts: &BTreeMap<String, u64>| {
            let mut counts: Vec<(String, u64)> = counts
                .iter()
                .map(|(what, count)| (what.clone(), *count))
                .collect();
            counts.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
            counts
        };
        Need {
            kind: word(self.kind),
            name: self.name.clone(),
            table: self.table.name(),
            patients: self.patients,
            usable: self.usable,
            faults: self
                .faults
                .iter()
                .map(|(fault, count)| ((*fault).to_owned(), *count))
                .collect(),
            units: sorted(&self.units),
            codes: sorted(&self.codes),
        }
    }
}

fn table_of(table: NeededTable) -> Table {
    match table {
        NeededTable::Milestones => Table::Milestones,
        NeededTable::Observations | NeededTable::Facts(FactTable::Results) => Table::Observations,
        NeededTable::Facts(FactTable::Conditions) => Table::Conditions,
        NeededTable::Facts(FactTable::Treatments) => Table::Treatments,
        NeededTable::Facts(FactTable::Procedures) => Table::Procedures,
        NeededTable::Facts(FactTable::Allergies) => Table::Allergies,
        NeededTable::Facts(FactTable::AdverseEvents) => Table::AdverseEvents,
        NeededTable::Attestations => Table::Attestations,
        NeededTable::Visits => Table::Visits,
        NeededTable::Assignments => Table::Assignments,
    }
}

fn word(kind: ConceptKind) -> &'static str {
    match kind {
        ConceptKind::Measure(_) => "measure",
        ConceptKind::Formula(_) => "formula",
        ConceptKind::Set(_) => "set",
        ConceptKind::Milestone(_) => "milestone",
        ConceptKind::Judgement(_) => "judgement",
        ConceptKind::Commitment(_) => "commitment",
        _ => "record",
    }
}

/// The name of something that is asked for under one; a row of any code has none.
fn name_of(program: &Program, kind: ConceptKind) -> Option<String> {
    let protocol = &program.plan().protocol;
    Some(match kind {
        ConceptKind::Measure(id) => protocol.measures.get(id.index())?.name.to_string(),
        ConceptKind::Formula(id) => protocol.formulas.get(id.index())?.name.to_string(),
        ConceptKind::Set(id) => protocol.sets.get(id.index())?.name.to_string(),
        ConceptKind::Milestone(id) => protocol.milestones.get(id.index())?.name.to_string(),
        ConceptKind::Judgement(id) => protocol.judgements.get(id.index())?.name.to_string(),
        ConceptKind::Commitment(id) => protocol.criteria.get(id.index())?.id.to_string(),
        _ => return None,
    })
}

/// A reason without what differs from patient to patient.
fn without_numbers(reason: &str) -> String {
    let mut general = String::new();
    let mut characters = reason.chars().peekable();
    let mut before = ' ';
    while let Some(character) = characters.next() {
        // `cd4` and `icd10` are names.
        if character.is_ascii_digit() && !before.is_alphanumeric() && before != '_' {
            general.push('…');
            let is_part =
                |next: &char| next.is_ascii_digit() || matches!(next, '.' | '-' | ':' | 'T');
            let mut last = character;
            while let Some(next) = characters.next_if(is_part) {
                last = next;
            }
            if matches!(last, '.' | ':') {
                general.push(last);
            }
            before = '…';
        } else {
            general.push(character);
            before = character;
        }
    }
    general
}

#[cfg(test)]
mod tests {
    use super::without_numbers;

    #[test]
    fn a_reason_is_the_same_for_two_patients_whose_dates_and_numbers_differ() {
        assert_eq!(
            without_numbers("hemoglobin 85.5 g/L on 2024-05-02: cd4 in icd10|E80."),
            "hemoglobin … g/L on …: cd4 in icd10|E80."
        );
    }
}
