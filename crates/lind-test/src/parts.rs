//! What a condition is made of.

use lind_model::NodeId;
use lind_model::plan::NodeKind;

/// The parts of a condition.
pub(crate) fn parts_of(kind: &NodeKind) -> Vec<NodeId> {
    match kind {
        NodeKind::List(_, parts) => parts.clone(),
        NodeKind::Guarded(guard, body) => guard.node.into_iter().chain([*body]).collect(),
        NodeKind::Choice(choice) => choice
            .cases
            .iter()
            .flat_map(|(when, then)| [*when, *then])
            .chain(choice.otherwise)
            .collect(),
        NodeKind::Points(points) => points.parts.clone(),
        NodeKind::PointsChange(change) => change.parts.clone(),
        NodeKind::IfUnknown { node, .. } => vec![*node],
        NodeKind::Fact(fact) => fact
            .such_that
            .iter()
            .map(|such_that| such_that.node)
            .collect(),
        NodeKind::Judged(_)
        | NodeKind::Committed(_)
        | NodeKind::Happened(..)
        | NodeKind::Age { .. }
        | NodeKind::Record(_)
        | NodeKind::Value(_)
        | NodeKind::Change(_)
        | NodeKind::Spell(_)
        | NodeKind::Settled(_)
        | NodeKind::Nothing => Vec::new(),
    }
}
