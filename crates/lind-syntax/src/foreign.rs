//! Files that are no Lind at all: a table of data, a page of a registry, a program.
//!
//! Each of their lines would get a message, and none of these would say what is wrong.

use lind_diagnostics::{Diagnostic, FileId, Span, closest};

use crate::grammar::{Rule, reads_well};
use crate::layout::{Line, length};
use crate::place::Place;
use crate::rules;

/// A file with fewer lines gets a message for each.
const FEWEST: usize = 6;
/// Lines that are tried out.
const TRIED: usize = 100;

/// The message for a file without anything of Lind in it; none if a line of it begins an item, or looks as if it
/// was meant to, or reads as a part of one.
pub(crate) fn foreign(file: FileId, lines: &[Line]) -> Option<Diagnostic> {
    let declares = |line: &Line| {
        Place::Top.words().contains(&line.first_word()) && reads_well(Rule::top_line, &line.text)
    };
    let first = lines.first()?;
    let mut budget = TRIED;
    if lines.iter().any(declares) || any_of_lind(lines, &mut budget) || TRIED - budget < FEWEST {
        return None;
    }
    let written = first.text.lines().next().unwrap_or_default().trim_end();
    let end = first.start.saturating_add(length(written));
    Some(
        Diagnostic::new(
            &rules::E0103_UNREADABLE_LINE,
            Span::new(file, first.start, end),
            "this is no Lind file",
        )
        .label("neither this line nor any below it begins an item of a protocol")
        .note("a protocol begins with `protocol` and its number; its criteria begin with `inclusion` and `exclusion`"),
    )
}

/// Whether a line, or one below it, has anything of Lind.
fn any_of_lind(lines: &[Line], budget: &mut usize) -> bool {
    for line in lines {
        if *budget == 0 {
            return false;
        }
        *budget -= 1;
        if is_of_lind(&line.text) || any_of_lind(&line.children, budget) {
            return true;
        }
    }
    false
}

fn is_of_lind(text: &str) -> bool {
    // Bullets and numbers of lists have their own message.
    let text = text.trim_start_matches(|c: char| !c.is_alphabetic());
    let words: Vec<&str> = text.split([' ', '\t', ':']).take(3).collect();
    let first = words.first().copied().unwrap_or_default();
    if Place::Top.words().contains(&first) {
        return true;
    }
    // A capital or a misspelt word is a slip; a page that speaks of its inclusion criteria is none.
    let rest = text.strip_prefix(first).unwrap_or_default();
    let lower = first.to_lowercase();
    if let Some(near) = closest(&lower, Place::Top.words().iter().copied()).or_else(|| {
        Place::Top
            .words()
            .iter()
            .copied()
            .find(|word| *word == lower)
    }) && reads_well(Rule::top_line, &format!("{near}{rest}"))
    {
        return true;
    }
    // Names with `or` between them are a condition, and a word with a number and a unit is a dose; both stand in
    // any text.
    let is_test = |word: &str| matches!(word, "has" | "is" | "of" | "within");
    let tests = text.contains(['<', '>', '=', '≤', '≥']) || text.split(' ').any(is_test);
    words.len() == 3
        && (tests && reads_well(Rule::body_line, text)
            || Place::Fields.words().contains(&first) && reads_well(Rule::field_line, text))
}
