//! Choices, and what holds where data are missing.

use std::sync::Arc;

use lind_model::NodeId;
use lind_model::plan::{ChoicePlan, NodeKind, Plan};
use lind_model::protocol::Quantifier;

use crate::mutations::{Variant, becomes};

/// Each case left out, and what holds otherwise.
pub(super) fn choice(plan: &Plan, choice: &ChoicePlan) -> Vec<Variant> {
    let mut variants = Vec::new();
    for (index, (when, _)) in choice.cases.iter().enumerate() {
        let mut rest = choice.clone();
        rest.cases.remove(index);
        let kind = match (rest.cases.is_empty(), rest.otherwise) {
            (true, Some(otherwise)) => NodeKind::List(Quantifier::All, vec![otherwise]),
            (true, None) => NodeKind::Nothing,
            (false, _) => NodeKind::Choice(rest),
        };
        let words = plan.node(*when).map_or("", |node| &node.text);
        variants.push(Variant::new(
            format!("the case `{words}` is left out"),
            kind,
        ));
    }
    if choice.otherwise.is_some() {
        let rest = ChoicePlan {
            otherwise: None,
            ..choice.clone()
        };
        let change = "what holds otherwise is left out".to_owned();
        variants.push(Variant::new(change, NodeKind::Choice(rest)));
    }
    variants
}

/// The other answer where data are missing, and none.
pub(super) fn if_unknown(node: NodeId, met: bool, why: &Arc<str>) -> Vec<Variant> {
    let other = NodeKind::IfUnknown {
        node,
        met: !met,
        why: Arc::clone(why),
    };
    let plain = NodeKind::List(Quantifier::All, vec![node]);
    vec![
        Variant::new(becomes(words(met), words(!met)), other),
        Variant::new("`if unknown` is left out".to_owned(), plain),
    ]
}

/// The other answer.
pub(super) fn settled(met: bool) -> Vec<Variant> {
    vec![Variant::new(
        becomes(words(met), words(!met)),
        NodeKind::Settled(!met),
    )]
}

fn words(met: bool) -> &'static str {
    if met {
        "counts as met"
    } else {
        "counts as not met"
    }
}
