//! Lists and guards.

use lind_model::NodeId;
use lind_model::plan::{NodeKind, Plan, PlanGuard};
use lind_model::protocol::Quantifier;

use crate::mutations::{Variant, becomes, other_sex};

/// The words that open a list.
fn words(quantifier: Quantifier) -> String {
    match quantifier {
        Quantifier::All => "all of".to_owned(),
        Quantifier::Any => "any of".to_owned(),
        Quantifier::None => "none of".to_owned(),
        Quantifier::AtLeast(n) => format!("at least {n} of"),
        Quantifier::AtMost(n) => format!("at most {n} of"),
        Quantifier::Exactly(n) => format!("exactly {n} of"),
    }
}

/// Another quantifier, and each part left out. A list of one part is a name put in place: it has no words of
/// its own, but for `none of`.
pub(super) fn list(plan: &Plan, quantifier: Quantifier, parts: &[NodeId]) -> Vec<Variant> {
    let others: Vec<Quantifier> = match quantifier {
        Quantifier::All | Quantifier::Any if parts.len() < 2 => Vec::new(),
        Quantifier::All => vec![Quantifier::Any],
        Quantifier::Any => vec![Quantifier::All],
        Quantifier::None => vec![Quantifier::Any],
        counted @ (Quantifier::AtLeast(_) | Quantifier::AtMost(_) | Quantifier::Exactly(_)) => {
            counts(counted)
        }
    };
    let mut variants: Vec<Variant> = others
        .into_iter()
        .map(|other| {
            let change = becomes(&words(quantifier), &words(other));
            let is_equivalent = same_list(quantifier, other, parts.len());
            Variant {
                is_equivalent,
                ..Variant::new(change, NodeKind::List(other, parts.to_vec()))
            }
        })
        .collect();
    if parts.len() > 1 {
        for (index, part) in parts.iter().enumerate() {
            let Some(node) = plan.node(*part) else {
                continue;
            };
            let name = match &node.label {
                Some(label) => format!("`{}`", label.name),
                // Lists look alike.
                None if matches!(node.kind, NodeKind::List(..)) => format!("part {}", index + 1),
                None => format!("`{}`", node.text),
            };
            let mut rest = parts.to_vec();
            rest.remove(index);
            // The same condition twice is the same once, but for a count.
            let is_counted = matches!(
                quantifier,
                Quantifier::AtLeast(_) | Quantifier::AtMost(_) | Quantifier::Exactly(_)
            );
            variants.push(Variant {
                is_equivalent: !is_counted && (rest.contains(part) || asks_nothing(plan, *part)),
                ..Variant::new(
                    format!("{name} is left out"),
                    NodeKind::List(quantifier, rest),
                )
            });
        }
    }
    variants
}

/// Whether a part only says how others are read, so that it never applies.
fn asks_nothing(plan: &Plan, part: NodeId) -> bool {
    match plan.node(part).map(|node| &node.kind) {
        Some(NodeKind::Nothing) => true,
        Some(NodeKind::List(Quantifier::All, parts)) => match parts.as_slice() {
            // A part stands before what it is a part of.
            [only] => *only < part && asks_nothing(plan, *only),
            parts => parts.is_empty(),
        },
        _ => false,
    }
}

/// One more and one fewer of what is counted.
pub(super) fn counts(quantifier: Quantifier) -> Vec<Quantifier> {
    match quantifier {
        Quantifier::All | Quantifier::Any | Quantifier::None => Vec::new(),
        Quantifier::AtLeast(n) => neighbours(n).map(Quantifier::AtLeast).collect(),
        Quantifier::AtMost(n) => neighbours(n).map(Quantifier::AtMost).collect(),
        Quantifier::Exactly(n) => neighbours(n).map(Quantifier::Exactly).collect(),
    }
}

/// `at least 2`
pub(super) fn count_words(quantifier: Quantifier) -> String {
    let words = words(quantifier);
    words
        .strip_suffix(" of")
        .map_or(words.clone(), str::to_owned)
}

fn neighbours(n: u32) -> impl Iterator<Item = u32> {
    n.checked_sub(1).into_iter().chain(n.checked_add(1))
}

/// Whether two quantifiers say the same of a list of so many parts.
fn same_list(one: Quantifier, other: Quantifier, parts: usize) -> bool {
    let parts = u32::try_from(parts).unwrap_or(u32::MAX);
    match (one, other) {
        (Quantifier::AtLeast(a), Quantifier::AtLeast(b)) => a > parts && b > parts,
        (Quantifier::AtMost(a), Quantifier::AtMost(b)) => a >= parts && b >= parts,
        (Quantifier::Exactly(a), Quantifier::Exactly(b)) => a > parts && b > parts,
        _ => false,
    }
}

/// What a guard guards, for everybody, and for the others.
pub(super) fn guarded(guard: &PlanGuard, body: NodeId) -> Vec<Variant> {
    let mut variants = vec![Variant::new(
        format!("`{}` is left out", guard.text),
        NodeKind::List(Quantifier::All, vec![body]),
    )];
    variants.extend(
        other_sex(guard)
            .map(|(change, other)| Variant::new(change, NodeKind::Guarded(other, body))),
    );
    variants
}
