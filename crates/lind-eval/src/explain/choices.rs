//! Choices in words.

use lind_model::plan::ChoicePlan;
use lind_model::protocol::Label;
use lind_model::{Explanation, OpenKind, Truth};

use crate::explain::lists::settles;
use crate::explain::recorder::{Telling, Told};
use crate::explain::words::listed;

/// The parts of a choice as they were visited: each condition with the consequence that may apply under
/// it, if it may hold, and what holds otherwise.
struct Branches<P> {
    /// Each condition, with its consequence if that may apply.
    cases: Vec<(P, Option<P>)>,
    otherwise: Option<P>,
}

impl<P> Branches<P> {
    fn of(choice: &ChoicePlan, parts: impl IntoIterator<Item = P>, truth: fn(&P) -> Truth) -> Self {
        let mut parts = parts.into_iter();
        let mut cases = Vec::with_capacity(choice.cases.len());
        let mut decided = false;
        for _ in &choice.cases {
            let Some(when) = parts.next().filter(|_| !decided) else {
                break;
            };
            let value = truth(&when);
            let may_hold = value == Truth::True || value.is_open();
            decided = value == Truth::True;
            let then = if may_hold { parts.next() } else { None };
            cases.push((when, then));
        }
        Self {
            cases,
            otherwise: if decided { None } else { parts.next() },
        }
    }
}

/// A choice.
pub(crate) fn choice(choice: &ChoicePlan, parts: &[Told], truth: Truth) -> Telling {
    let branches = Branches::of(choice, parts, |part| part.truth());
    let open: Vec<&Told> = branches
        .cases
        .iter()
        .map(|(when, _)| *when)
        .filter(|when| when.truth().is_open())
        .collect();
    let mut said = Vec::with_capacity(branches.cases.len() + 1);
    for (when, then) in &branches.cases {
        if let Some(then) = then {
            said.push((Some(*when), *then));
        }
    }
    if let Some(otherwise) = branches.otherwise {
        said.insert(0, (None, otherwise));
    }
    let with_facts = |because: String, settle: Vec<String>| {
        let mut facts = Vec::new();
        for (_, part) in &said {
            for fact in &part.explanation.facts {
                if !facts.contains(fact) {
                    facts.push(fact.clone());
                }
            }
        }
        let mut once: Vec<String> = Vec::with_capacity(settle.len());
        for what in settle {
            if !once.contains(&what) {
                once.push(what);
            }
        }
        let settle = listed(&once);
        Telling {
            because,
            facts,
            settle: Some(settle).filter(|settle| !settle.is_empty()),
            ..Telling::default()
        }
    };
    let reasons = |parts: &[&Told]| {
        let reasons: Vec<String> = parts.iter().map(|part| part.reason.clone()).collect();
        listed(&reasons)
    };
    let settle = |asked: &[&Told]| {
        let conditions: Vec<Told> = asked.iter().map(|part| (*part).clone()).collect();
        settles(&conditions)
    };
    match said.as_slice() {
        // No condition holds, and nothing holds otherwise.
        [] => {
            let conditions: Vec<&Told> = branches.cases.iter().map(|(when, _)| *when).collect();
            Telling::because(reasons(&conditions))
        }
        [(None, only)] if open.is_empty() => with_facts(only.reason.clone(), settle(&[*only])),
        [(Some(when), only)] if open.is_empty() => {
            let because = if choice.otherwise.is_none() {
                only.reason.clone()
            } else {
                format!("{} ({})", only.reason, when.name())
            };
            with_facts(because, settle(&[*only]))
        }
        [(_, first), others @ ..] => {
            if !truth.is_open() {
                return with_facts(first.reason.clone(), Vec::new());
            }
            let mut instead: Vec<String> = Vec::new();
            for (when, other) in others {
                if other.reason == first.reason {
                    continue;
                }
                let name = when.map_or("", |when| when.name());
                let is_sentence = when
                    .is_some_and(|when| when.explanation.label.is_empty() && name.contains(' '));
                let word = if is_sentence { "if" } else { "with" };
                instead.push(format!("{word} {name}, {}", other.reason));
            }
            let open =
                if instead.is_empty() && others.iter().any(|(_, part)| part.truth().is_open()) {
                    // Whichever applies, the same is missing.
                    Vec::new()
                } else {
                    open
                };
            let but = if instead.is_empty() {
                String::new()
            } else {
                format!(", but {}", listed(&instead))
            };
            let mut asked = open.clone();
            asked.extend(
                said.iter()
                    .map(|(_, part)| *part)
                    .filter(|part| part.truth() == truth),
            );
            let open = match open.as_slice() {
                [] => String::new(),
                open => format!("; open is: {}", reasons(open)),
            };
            with_facts(format!("{}{but}{open}", first.reason), settle(&asked))
        }
    }
}

/// The parts that are shown: the conditions, and what holds; what alone applies, and has no label, is told
/// in the line of the choice itself.
pub(crate) fn parts(choice: &ChoicePlan, parts: Vec<Told>) -> Vec<Explanation> {
    let branches = Branches::of(choice, parts, |part| part.truth());
    let mut shown = Vec::new();
    let mut applying = Vec::new();
    for (when, then) in branches.cases {
        shown.push(when.explanation);
        applying.extend(then);
    }
    applying.extend(branches.otherwise);
    match <[Told; 1]>::try_from(applying) {
        Ok([only]) if only.explanation.label.is_empty() => shown.extend(only.explanation.parts),
        Ok([only]) => shown.push(only.explanation),
        Err(several) => shown.extend(several.into_iter().map(|part| part.explanation)),
    }
    shown
}

/// What the protocol lays down for missing data.
pub(crate) fn if_unknown(met: bool, why: &str, parts: &[Told], truth: Truth) -> Telling {
    let Some(part) = parts.first() else {
        return Telling::default();
    };
    let mut telling = Telling {
        because: part.reason.clone(),
        settle: part.explanation.settle.clone(),
        ..Telling::default()
    };
    if part.truth() == Truth::Open(OpenKind::Unknown) && !truth.is_open() {
        telling.because = format!("{}: {why} ({})", counts_as(met), part.reason);
    }
    telling
}

/// What is not asked.
pub(crate) fn settled(met: bool, label: Option<&Label>) -> Telling {
    Telling::because(match label {
        Some(rule) => format!("{} by {}", counts_as(met), rule.name),
        None => counts_as(met).to_owned(),
    })
}

fn counts_as(met: bool) -> &'static str {
    if met {
        "counts as met"
    } else {
        "counts as not met"
    }
}
