//! Conditions that are asked at the end of the data, some of whose windows may not have ended.

use std::sync::Arc;

use lind_eval::Scratch;
use lind_model::plan::{Node, NodeKind};
use lind_model::protocol::{Quantifier, Selector, Window};
use lind_model::results::Computed;
use lind_model::{AskedId, OpenKind, Truth};

use crate::Asking;

/// How many conditions are looked at; far more than any endpoint has.
const MOST: usize = 10_000;

impl Asking<'_> {
    /// What a condition comes to. Where one of its windows has not ended, a yes stays a yes if nothing that comes can
    /// undo it; everything else is open.
    pub(crate) fn whether(&self, asked: AskedId, scratch: &mut Scratch) -> Computed {
        let truth = self.ask(asked, scratch);
        let Some(stage) = self.program.plan().asked.get(asked.index()) else {
            return Computed::Truth(Truth::Open(OpenKind::Unknown));
        };
        let mut nodes = vec![stage.node];
        let (mut all_ended, mut only_grows) = (true, true);
        let mut seen = 0;
        while let Some(id) = nodes.pop() {
            seen += 1;
            let Some(node) = self.program.plan().node(id) else {
                continue;
            };
            if seen > MOST {
                all_ended = false;
                only_grows = false;
                break;
            }
            all_ended &= windows(node)
                .into_iter()
                .all(|window| self.must_have_ended(window).is_ok());
            only_grows &= grows(node);
            nodes.extend(node.kind.parts());
        }
        if all_ended || (truth == Truth::True && only_grows) || matches!(truth, Truth::Open(_)) {
            Computed::Truth(truth)
        } else {
            Computed::Open(Arc::from("the window has not ended"))
        }
    }
}

/// The windows in which a condition looks for something that may still come. Those around a record that has a name
/// are asked with that record.
fn windows(node: &Node) -> Vec<&Window> {
    match &node.kind {
        NodeKind::Fact(fact) => fact.windows().collect(),
        NodeKind::Value(value) => {
            let of_evidence = value.evidence.as_ref();
            let of_evidence = of_evidence.and_then(|evidence| evidence.window.as_ref());
            let windows = value.window.iter().chain(of_evidence);
            windows.chain(value.test.window()).collect()
        }
        NodeKind::Spell(plan) => std::iter::once(&plan.spell.window)
            .chain(plan.spell.test.window())
            .collect(),
        NodeKind::Change(change) => change.between.windows().collect(),
        NodeKind::PointsChange(change) => vec![&change.from.window, &change.to.window],
        NodeKind::Happened(_, window) => window.iter().collect(),
        NodeKind::List(..)
        | NodeKind::Guarded(..)
        | NodeKind::Choice(_)
        | NodeKind::IfUnknown { .. }
        | NodeKind::Points(_)
        | NodeKind::Judged(_)
        | NodeKind::Committed(_)
        | NodeKind::Age { .. }
        | NodeKind::Record(_)
        | NodeKind::Settled(_)
        | NodeKind::Nothing => Vec::new(),
    }
}

/// Whether more records can only make the condition true, never false.
fn grows(node: &Node) -> bool {
    match &node.kind {
        NodeKind::List(quantifier, _) => matches!(
            quantifier,
            Quantifier::All | Quantifier::Any | Quantifier::AtLeast(_)
        ),
        NodeKind::Fact(fact) => !fact.negated && fact.frequency.is_none(),
        NodeKind::Value(value) => value.selector == Selector::Any,
        // Days behind the last value that count as it does may not, once there is another.
        NodeKind::Spell(plan) => plan.spell.days.high.is_none() && plan.spell.gap == 0,
        NodeKind::Happened(..) | NodeKind::Age { .. } | NodeKind::Judged(_) => true,
        _ => false,
    }
}
