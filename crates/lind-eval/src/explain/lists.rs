//! Lists of conditions in words.

use lind_model::Truth;
use lind_model::protocol::Quantifier;

use crate::explain::recorder::{Telling, Told};
use crate::explain::words::{counted, listed};

/// What would settle the open ones of some parts.
pub(crate) fn settles(parts: &[Told]) -> Vec<String> {
    parts
        .iter()
        .filter(|part| part.truth().is_open())
        .filter_map(|part| part.explanation.settle.clone())
        .collect()
}

/// A list of conditions.
pub(crate) fn list(quantifier: Quantifier, parts: &[Told], truth: Truth) -> Telling {
    let applying: Vec<&Told> = parts
        .iter()
        .filter(|part| part.truth() != Truth::NotApplicable)
        .collect();
    let count = applying.len();
    if let ([only], Quantifier::All | Quantifier::Any) = (parts, quantifier) {
        // A name, or a list of one.
        return Telling {
            because: only.explanation.because.clone(),
            reason: Some(only.reason.clone()),
            settle: only.explanation.settle.clone(),
            ..Telling::default()
        };
    }
    if truth == Truth::NotApplicable {
        let reason = parts
            .first()
            .map_or_else(|| "it has no parts".to_owned(), |part| part.reason.clone());
        return Telling {
            because: "none of its parts applies".to_owned(),
            reason: Some(reason),
            ..Telling::default()
        };
    }
    let with = |wanted: &dyn Fn(Truth) -> bool| -> Vec<&Told> {
        applying
            .iter()
            .filter(|part| wanted(part.truth()))
            .copied()
            .collect()
    };
    let holding = with(&|part| part == Truth::True);
    let failing = with(&|part| part == Truth::False);
    let open = with(&|part| part.is_open());
    let names = |parts: &[&Told]| {
        let names: Vec<String> = parts.iter().map(|part| part.name().to_owned()).collect();
        listed(&names)
    };
    let so_many = |parts: &[&Told], one: &str, several: &str| {
        let verb = if parts.len() == 1 { one } else { several };
        format!(
            "{} of {} {verb}: {}",
            parts.len(),
            counted(count, "part"),
            names(parts)
        )
    };
    let (because, decisive) = match (quantifier, truth) {
        (_, Truth::Open(kind)) => (
            so_many(&open, "is open", "are open"),
            // What is chased first is what makes the whole open.
            applying
                .iter()
                .find(|part| part.truth() == Truth::Open(kind))
                .copied(),
        ),
        (Quantifier::All, Truth::False) => (
            so_many(&failing, "does not hold", "do not hold"),
            failing.first().copied(),
        ),
        (Quantifier::All, _) => (
            format!("all {} hold", counted(count, "part")),
            sole(&applying),
        ),
        (Quantifier::Any, Truth::True) | (Quantifier::None, Truth::False) => {
            (so_many(&holding, "holds", "hold"), holding.first().copied())
        }
        (Quantifier::Any | Quantifier::None, _) => (
            format!("none of {} holds", counted(count, "part")),
            sole(&applying),
        ),
        (Quantifier::AtLeast(_) | Quantifier::AtMost(_) | Quantifier::Exactly(_), _) => (
            format!(
                "{} of {} hold, {} open, where {} must hold",
                holding.len(),
                counted(count, "part"),
                open.len(),
                wanted(quantifier),
            ),
            None,
        ),
    };
    let others = match (quantifier, truth) {
        (Quantifier::All, Truth::False) => failing.len(),
        (Quantifier::Any, Truth::True) | (Quantifier::None, Truth::False) => holding.len(),
        _ => 1,
    }
    .saturating_sub(1);
    let reason = decisive.map_or_else(
        || because.clone(),
        |part| {
            if others > 0 {
                format!("{} (and {others} more)", part.reason)
            } else {
                part.reason.clone()
            }
        },
    );
    let settle = listed(&settles(parts));
    Telling {
        because,
        reason: Some(reason),
        settle: Some(settle).filter(|settle| !settle.is_empty()),
        ..Telling::default()
    }
}

fn sole<'t>(parts: &[&'t Told]) -> Option<&'t Told> {
    match parts {
        [only] => Some(only),
        _ => None,
    }
}

fn wanted(quantifier: Quantifier) -> String {
    match quantifier {
        Quantifier::All => "all".to_owned(),
        Quantifier::Any => "any".to_owned(),
        Quantifier::None => "none".to_owned(),
        Quantifier::AtLeast(n) => format!("at least {n}"),
        Quantifier::AtMost(n) => format!("at most {n}"),
        Quantifier::Exactly(n) => format!("exactly {n}"),
    }
}
