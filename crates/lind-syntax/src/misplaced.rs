//! Lines that are well written, but stand where their kind does not belong.

use lind_diagnostics::{Applicability, Diagnostic, FileId, Span, closest};

use crate::grammar::{Rule, parse_line};
use crate::layout::{Line, length};
use crate::parser::shift_to;
use crate::place::Place;
use crate::rules;

/// Where a misplaced line belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Home {
    /// In the first column.
    Top,
    /// Below a head with fields.
    Fields,
    /// Below `equivalence`.
    Row,
    /// Below `formula`.
    Formula,
    /// Below a criterion or another head with a body.
    Body,
    /// Behind the comma of a list.
    List,
}

/// Where a line that was refused by the rule of its place would be read, if anywhere.
///
/// A misspelt first word is no misplaced line: what is near to a word of the place stays there.
pub(crate) fn home(line: &Line, siblings: &[Line], place: Place) -> Option<Home> {
    let word = line.first_word();
    let words = place.words();
    if words.contains(&word) {
        return None;
    }
    let known_elsewhere = [Place::Top, Place::Fields, Place::Formula, Place::Body]
        .iter()
        .any(|other| other.likely_words().contains(&word));
    if is_part_of_list(&line.text) {
        return Some(Home::List);
    }
    if !known_elsewhere && closest(word, words.iter().copied()).is_some() {
        return None;
    }
    let reads = |rule: Rule| parse_line(rule, &line.text).is_ok();
    if Place::Top.words().contains(&word) {
        return reads(Rule::top_line).then_some(Home::Top);
    }
    if Place::Fields.words().contains(&word) && place != Place::Formula && reads(Rule::field_line) {
        return Some(Home::Fields);
    }
    if Place::Formula.words().contains(&word) && reads(Rule::formula_line) {
        return Some(Home::Formula);
    }
    // A single word, or two, could be anything.
    if place != Place::Body
        && (known_elsewhere || line.text.split_whitespace().count() > 2)
        && reads(Rule::body_line)
    {
        return Some(Home::Body);
    }
    (place == Place::Body
        && is_row(line)
        && siblings.iter().filter(|sibling| is_row(sibling)).count() >= 3)
        .then_some(Home::Row)
}

/// `snomed|77386006, snomed|72892002` or `bcg_vaccine,`: words with commas and nothing else.
fn is_part_of_list(text: &str) -> bool {
    text.contains(',')
        && text
            .trim_end_matches(',')
            .split(',')
            .all(|part| part.split_whitespace().count() == 1)
}

/// Whether a line could stand in a table of doses. One such line in a criterion more likely lacks its
/// comparison; a whole list of them is a table.
fn is_row(line: &Line) -> bool {
    !Place::Fields.words().contains(&line.first_word())
        && parse_line(Rule::field_line, &line.text).is_ok()
}

impl Home {
    /// The message for the first of a block of misplaced lines.
    pub(crate) fn message(self, file: FileId, line: &Line, place: Place) -> Diagnostic {
        let word = line.first_word();
        let span = Span::new(file, line.start, line.start.saturating_add(length(word)));
        let (message, label) = match self {
            Home::Top => (
                format!("`{word}` begins an item of its own, but stands below another one"),
                "belongs in the first column",
            ),
            Home::Fields => (
                format!("`{word}` is a field, but stands where no fields are"),
                "belongs below `protocol`, `measure` or another head",
            ),
            Home::Row => (
                format!("`{word}` looks like a row of a dose table, but no table is here"),
                "belongs below `equivalence`",
            ),
            Home::Formula => (
                format!("`{word}` looks like a line of a formula, but no formula is here"),
                "belongs below `formula`",
            ),
            Home::List => (
                "this line looks like the end of a list, but no list is above it".to_owned(),
                "belongs behind a line that ends with a comma, indented deeper",
            ),
            Home::Body if place == Place::Top => (
                "this line belongs to a criterion or a definition, but stands in the first column"
                    .to_owned(),
                "belongs below a head, indented by two blanks",
            ),
            Home::Body => (
                "this line belongs to a criterion or a definition, but none is here".to_owned(),
                "belongs below `inclusion`, `exclusion`, `define` or `reading`",
            ),
        };
        let span = if matches!(self, Home::Body | Home::List) {
            line.span(file)
        } else {
            span
        };
        let diagnostic = Diagnostic::new(&rules::E0114_MISPLACED_LINE, span, message).label(label);
        match self {
            Home::Top => {
                let mut edits = Vec::new();
                let block = std::slice::from_ref(line);
                match shift_to(block, line.column, 0, &mut edits) {
                    true => diagnostic.fix_edits(
                        "remove the indentation",
                        edits,
                        Applicability::NeedsReview,
                    ),
                    false => diagnostic,
                }
            }
            Home::Body if place == Place::Top && line.children.is_empty() => {
                diagnostic.suggest("indent it by two blanks", Span::at(file, line.start), "  ")
            }
            Home::List => diagnostic,
            _ => diagnostic.note("perhaps the head above this line is missing"),
        }
    }
}
