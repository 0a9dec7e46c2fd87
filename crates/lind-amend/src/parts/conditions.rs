//! Conditions in words, as far as two versions differ.

use lind_model::protocol::{Condition, ConditionKind, Quantifier};
use lind_model::{AskedId, Protocol};

use super::words::spoken;

/// How long a condition may be to be shown in full, in bytes.
const IN_FULL: usize = 160;

/// What two versions of a condition say: in full, or where that is long, what only one of them says.
pub(super) fn two_conditions(
    protocols: [&Protocol; 2],
    conditions: [Option<&Condition>; 2],
) -> [String; 2] {
    let [old, new] = conditions;
    let [old_protocol, new_protocol] = protocols;
    let (Some(old), Some(new)) = (old, new) else {
        let full = |protocol, own: Option<&Condition>| {
            own.map_or_else(|| "not stated".to_owned(), |own| said(protocol, own))
        };
        return [full(old_protocol, old), full(new_protocol, new)];
    };
    let mut at = [old, new];
    let mut full = [said(old_protocol, old), said(new_protocol, new)];
    if is_same(&full) {
        // The same name, so what it stands for is otherwise.
        at = [
            behind_name(old_protocol, old),
            behind_name(new_protocol, new),
        ];
        let [old, new] = at;
        full = [said(old_protocol, old), said(new_protocol, new)];
    }
    if is_same(&full) || full.iter().all(|text| text.len() <= IN_FULL) {
        return full;
    }
    let [old, new] = at;
    let (old_leaves, new_leaves) = (leaves(old_protocol, old), leaves(new_protocol, new));
    let only = |own: &[String], other: &[String]| {
        let mut only = Vec::new();
        for leaf in own {
            if !other.contains(leaf) && !only.contains(leaf) {
                only.push(leaf.clone());
            }
        }
        only
    };
    let of_old = only(&old_leaves, &new_leaves);
    let of_new = only(&new_leaves, &old_leaves);
    if of_old.is_empty() && of_new.is_empty() {
        return full;
    }
    [of_old, of_new].map(|only| {
        if only.is_empty() {
            "… (nothing besides)".to_owned()
        } else {
            format!("… {}", only.join("; "))
        }
    })
}

/// A condition that is asked outside the criteria, if there is one.
pub(super) fn asked_condition(protocol: &Protocol, id: Option<AskedId>) -> Option<&Condition> {
    let asked = protocol.asked.get(id?.index())?;
    Some(&asked.condition)
}

fn is_same([old, new]: &[String; 2]) -> bool {
    old == new
}

/// What a name stands for, where a condition is only a name.
pub(super) fn behind_name<'p>(protocol: &'p Protocol, condition: &'p Condition) -> &'p Condition {
    match &condition.kind {
        ConditionKind::Defined(id) => {
            let defined = protocol.definitions.get(id.index());
            defined.map_or(condition, |defined| &defined.condition)
        }
        _ => condition,
    }
}

/// A condition in one line.
pub(super) fn said(protocol: &Protocol, condition: &Condition) -> String {
    match &condition.kind {
        ConditionKind::List(quantifier, parts) => match parts.as_slice() {
            [one] if matches!(quantifier, Quantifier::All | Quantifier::Any) => said(protocol, one),
            parts => {
                let parts: Vec<String> = parts.iter().map(|part| said(protocol, part)).collect();
                format!("{} ({})", quantified(*quantifier), parts.join("; "))
            }
        },
        ConditionKind::Guarded(guard, inner) => {
            format!("{}: {}", spoken(&guard.text), said(protocol, inner))
        }
        ConditionKind::At(gate, inner) => {
            let gate = protocol.milestones.get(gate.index());
            let gate = gate.map_or_else(String::new, |gate| spoken(&gate.name));
            format!("at {gate}: {}", said(protocol, inner))
        }
        ConditionKind::Depending(reading, arms) => {
            let reading = protocol.readings.get(reading.index());
            let arm = reading.and_then(|reading| arms.get(reading.chosen));
            arm.map_or_else(String::new, |arm| said(protocol, arm))
        }
        ConditionKind::With(_, inner) => said(protocol, inner),
        ConditionKind::Choice(choice) => {
            let mut parts: Vec<String> = choice
                .cases
                .iter()
                .map(|case| {
                    format!(
                        "if {}: {}",
                        said(protocol, &case.when),
                        said(protocol, &case.then)
                    )
                })
                .collect();
            let otherwise = choice.otherwise.as_ref();
            parts.extend(otherwise.map(|other| format!("otherwise {}", said(protocol, other))));
            parts.join("; ")
        }
        ConditionKind::IfUnknown(rule) => format!(
            "{}, which counts as {} if unknown",
            said(protocol, &rule.condition),
            if rule.met { "met" } else { "not met" }
        ),
        _ => spoken(&condition.text),
    }
}

fn quantified(quantifier: Quantifier) -> String {
    match quantifier {
        Quantifier::All => "all of".to_owned(),
        Quantifier::Any => "any of".to_owned(),
        Quantifier::None => "none of".to_owned(),
        Quantifier::AtLeast(count) => format!("at least {count} of"),
        Quantifier::AtMost(count) => format!("at most {count} of"),
        Quantifier::Exactly(count) => format!("exactly {count} of"),
    }
}

/// What a condition asks, piece by piece.
fn leaves(protocol: &Protocol, condition: &Condition) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![condition];
    while let Some(next) = open.pop() {
        match &next.kind {
            ConditionKind::List(_, parts) => open.extend(parts.iter().rev()),
            _ => found.push(said(protocol, next)),
        }
    }
    found
}
