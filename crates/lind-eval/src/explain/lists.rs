//! Lists of conditions in words.

use lind_model::Truth;
use lind_model::protocol::Quantifier;

use crate::explain::recorder::{Telling, Told};
use crate::explain::words::{counted, listed, spoken};

/// How long the line of a list may become that says something of each of its parts.
const LINE: usize = 110;
/// Up to so many parts that all hold are told one by one.
const FEW: usize = 3;

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
            brief: Some(only.brief.clone()),
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
        (Quantifier::All, _) => (format!("all {} hold", counted(count, "part")), None),
        (Quantifier::Any, Truth::True) | (Quantifier::None, Truth::False) => {
            (so_many(&holding, "holds", "hold"), holding.first().copied())
        }
        (Quantifier::Any | Quantifier::None, _) => {
            (format!("none of {} holds", counted(count, "part")), None)
        }
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
    let (reason, brief) = match (decisive, quantifier) {
        (Some(part), _) if others > 0 => (
            format!("{} (and {others} more)", part.reason),
            format!("{}, …", part.brief),
        ),
        (Some(part), _) => (part.reason.clone(), part.brief.clone()),
        (None, Quantifier::All) => together(&applying, each),
        (None, Quantifier::Any | Quantifier::None) => together(&applying, neither),
        (None, _) => (because.clone(), because.clone()),
    };
    let settle = listed(&settles(parts));
    Telling {
        because,
        reason: Some(reason),
        brief: Some(brief),
        settle: Some(settle).filter(|settle| !settle.is_empty()),
        ..Telling::default()
    }
}

/// The line of parts that decide together, and the same in few words.
fn together(parts: &[&Told], line: fn(&[&Told]) -> String) -> (String, String) {
    match parts {
        [] => (String::new(), String::new()),
        [only] => (only.reason.clone(), only.brief.clone()),
        [first, ..] => {
            // What was found and did not do tells more than that nothing was found.
            let telling = parts.iter().find(|part| part.has_facts).unwrap_or(first);
            (line(parts), format!("{}, …", telling.brief))
        }
    }
}

fn fits(text: &str) -> bool {
    text.chars().count() <= LINE
}

/// `neither refractory (no glucocorticoid up to 2024-05-09) nor progressive`: all by their names, and what
/// decided of those for which there is room.
fn neither(parts: &[&Told]) -> String {
    let names: Option<Vec<String>> = parts
        .iter()
        .map(|part| part.short_name().map(spoken))
        .collect();
    let Some(mut words) = names.filter(|names| fits(&negated(names))) else {
        return in_turn(parts);
    };
    for (index, part) in parts.iter().enumerate() {
        let mut longer = words.clone();
        if let Some(word) = longer.get_mut(index)
            && !part.brief.is_empty()
        {
            word.push_str(&format!(" ({})", part.brief));
        }
        if fits(&negated(&longer)) {
            words = longer;
        }
    }
    negated(&words)
}

fn negated(words: &[String]) -> String {
    match words {
        [one, other] => format!("neither {one} nor {other}"),
        [others @ .., last] => format!("none of {} and {last}", others.join(", ")),
        [] => String::new(),
    }
}

/// What decided of each part; of many, only that they hold.
fn each(parts: &[&Told]) -> String {
    if parts.len() > FEW {
        return format!("all {} hold", counted(parts.len(), "part"));
    }
    in_turn(parts)
}

/// What decided of one part after another while there is room, and how many there are more.
fn in_turn(parts: &[&Told]) -> String {
    let mut line = String::new();
    for (index, part) in parts.iter().enumerate() {
        let longer = if index == 0 {
            part.brief.clone()
        } else {
            format!("{line}; {}", part.brief)
        };
        if index > 0 && !fits(&longer) {
            let more = parts.len().saturating_sub(index);
            return format!("{line}; and {more} more");
        }
        line = longer;
    }
    line
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
