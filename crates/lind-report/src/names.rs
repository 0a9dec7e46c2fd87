//! What the ids of a plan are called.

use lind_model::protocol::{Criterion, CriterionKind};
use lind_model::{CriterionId, MilestoneId, Plan};

/// The name of a milestone.
pub(crate) fn milestone(plan: &Plan, id: MilestoneId) -> &str {
    plan.protocol
        .milestones
        .get(id.index())
        .map_or("", |milestone| &milestone.name)
}

/// A criterion of the protocol; ids of a verdict are in range for its plan.
pub(crate) fn criterion(plan: &Plan, id: CriterionId) -> Option<&Criterion> {
    plan.protocol.criteria.get(id.index())
}

/// The number of a criterion.
pub(crate) fn criterion_id(plan: &Plan, id: CriterionId) -> &str {
    criterion(plan, id).map_or("", |criterion| &criterion.id)
}

/// The word for the list that a criterion stands in.
pub(crate) fn kind(kind: CriterionKind) -> &'static str {
    match kind {
        CriterionKind::Inclusion => "inclusion",
        CriterionKind::Exclusion => "exclusion",
        CriterionKind::Commitment => "commitment",
    }
}

/// The gate at which a criterion is decided for somebody asked at `asked`: of several, the latest that is
/// due; if none is due, the first to come.
pub(crate) fn gate_of(plan: &Plan, id: CriterionId, asked: MilestoneId) -> Option<MilestoneId> {
    let stages = plan
        .criteria
        .iter()
        .find(|criterion| criterion.criterion == id)
        .map(|criterion| criterion.stages.as_slice())
        .unwrap_or_default();
    let not_later = plan
        .protocol
        .milestones
        .get(asked.index())
        .map(|asked| asked.not_later.as_slice())
        .unwrap_or_default();
    stages
        .iter()
        .rev()
        .find(|stage| not_later.contains(&stage.gate))
        .or(stages.first())
        .map(|stage| stage.gate)
}

/// Names in a list that is not endless: `E3, E9, E11 and 4 more`.
pub(crate) fn listed<'n>(names: impl IntoIterator<Item = &'n str>, most: usize) -> String {
    let names: Vec<&str> = names.into_iter().collect();
    let shown: Vec<&str> = names.iter().take(most).copied().collect();
    let shown = shown.join(", ");
    match names.len().saturating_sub(most) {
        0 => shown,
        left => format!("{shown} and {left} more"),
    }
}

/// A count with its noun: `1 patient`, `3 patients`.
pub(crate) fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
