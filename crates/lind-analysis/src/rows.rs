//! Which rows the analysis reads besides those that the plan needs, and under which numbers.

use lind_model::protocol::{Anchor, Subject, Window};
use lind_model::trial::PlannedDose;
use lind_model::{MeasureId, Protocol, SetId};
use lind_records::{ConceptId, Table, Wanted};

/// Rows that are read whatever their codes are; no program counts so far.
pub(crate) const EVERY_ROW: ConceptId = ConceptId(u32::MAX);
/// From here on measures are numbered, far above what a plan needs.
const MEASURES: u32 = 1 << 30;
/// From here on drugs are numbered.
const DRUGS: u32 = 1 << 31;

/// The number of a measure.
pub(crate) fn measure(id: MeasureId) -> ConceptId {
    ConceptId(MEASURES.saturating_add(id.0))
}

/// The number of a drug.
pub(crate) fn drug(id: SetId) -> ConceptId {
    ConceptId(DRUGS.saturating_add(id.0))
}

/// What the reader must deliver besides what the program asks for: every visit, assignment and adverse event, every
/// milestone, what is assessed at visits, and the drugs that are given.
pub fn want(wanted: &mut Wanted, protocol: &Protocol) {
    for table in [Table::Visits, Table::Assignments, Table::AdverseEvents] {
        wanted.add_any(table, EVERY_ROW);
    }
    for milestone in &protocol.milestones {
        wanted.add_code(Table::Milestones, EVERY_ROW, &milestone.name);
    }
    let trial = &protocol.trial;
    for assessment in &trial.assessments {
        for subject in &assessment.subjects {
            let Subject::Measure(id) = subject else {
                continue;
            };
            let Some(declared) = protocol.measures.get(id.index()) else {
                continue;
            };
            for code in std::iter::once(&declared.name).chain(&declared.codes) {
                wanted.add_code(Table::Observations, measure(*id), code);
            }
        }
    }
    let plans = trial.treatment_plans.iter().flat_map(|plan| &plan.lines);
    let given = plans.filter_map(|line| match line.dose {
        PlannedDose::Level => trial.dose_levels.as_ref().map(|levels| levels.product),
        PlannedDose::Amount { .. } => Some(line.drug),
    });
    for id in given {
        let codes = protocol.sets.get(id.index());
        for code in codes.into_iter().flat_map(|set| &set.codes) {
            wanted.add_code(Table::Treatments, drug(id), code);
        }
    }
}

/// The milestone that a window leans on, if it is one.
pub(crate) fn anchor(window: &Window) -> Option<(lind_model::MilestoneId, &lind_time::Window)> {
    match window {
        Window::Around {
            anchor: Anchor::Milestone(milestone),
            window,
            ..
        } => Some((*milestone, window)),
        _ => None,
    }
}
