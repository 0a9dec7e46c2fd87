//! The layout pass: a text becomes a tree of logical lines by indentation. It never fails.
//!
//! A logical line is one physical line, or several when a line ends with a comma and the next one is
//! indented deeper (`use std.labs: anc,` and so on). Comments and the newlines inside a logical line are
//! replaced by as many blanks, so that every byte keeps its offset.

use std::ops::Range;

use lind_diagnostics::{Diagnostic, FileId, Span};

use crate::physical::{LONGEST, Physical, physical_lines};
use crate::rules;

/// Blocks inside blocks; far more than any protocol needs, far less than a stack can bear.
const DEEPEST: usize = 64;
/// How many lines a ragged line may look ahead to find out where it belongs.
const LOOK_AHEAD: usize = 64;

/// A file as lines.
#[derive(Debug)]
pub(crate) struct Layout {
    /// Every line of the file, blank ones and comments included.
    pub(crate) physical: Vec<Physical>,
    /// The lines of the first level with those below them.
    pub(crate) lines: Vec<Line>,
}

/// One logical line and the lines indented below it.
#[derive(Debug)]
pub(crate) struct Line {
    /// Where its first word begins.
    pub(crate) start: u32,
    /// The column of its first word.
    pub(crate) column: usize,
    /// What stands before it on its line.
    pub(crate) indentation: Span,
    /// From the first word to the last, comments and newlines blanked.
    pub(crate) text: String,
    /// It cannot be parsed and already has its message (it is too long).
    pub(crate) broken: bool,
    /// It already has a message and was repaired; if it cannot be parsed, that is no second one.
    pub(crate) suspect: bool,
    /// The message for a line whose indentation fits no list. Given out when the line is read, so that
    /// nothing is said of lines below one that was not understood.
    pub(crate) ragged: Option<Box<Diagnostic>>,
    /// For lines of the first level: somewhere in this block the indentation does not tell the structure.
    pub(crate) unsettled: bool,
    /// A comment follows upon it.
    pub(crate) comment: bool,
    /// The physical lines it is made of.
    pub(crate) physical: Range<usize>,
    /// The lines below it.
    pub(crate) children: Vec<Line>,
}

impl Line {
    /// The place of the line's text.
    pub(crate) fn span(&self, file: FileId) -> Span {
        Span::new(
            file,
            self.start,
            self.start.saturating_add(length(&self.text)),
        )
    }

    /// The first word of the line.
    pub(crate) fn first_word(&self) -> &str {
        first_word(&self.text)
    }

    /// Whether further messages about this line would be noise.
    pub(crate) fn has_message(&self) -> bool {
        self.broken || self.suspect || self.ragged.is_some()
    }
}

/// The first word of a line.
pub(crate) fn first_word(text: &str) -> &str {
    text.split(|c: char| c.is_whitespace() || c == ':')
        .next()
        .unwrap_or_default()
}

/// A text's length in bytes, as spans count.
pub(crate) fn length(text: &str) -> u32 {
    u32::try_from(text.len()).unwrap_or(u32::MAX)
}

/// Lays out a file.
pub(crate) fn lay_out(file: FileId, text: &str, diagnostics: &mut Vec<Diagnostic>) -> Layout {
    let physical = physical_lines(file, text, diagnostics);
    let logical = join_continued(file, &physical, diagnostics);
    let lines = nest(file, logical, diagnostics);
    Layout { physical, lines }
}

/// Joins a line that ends with a comma to the deeper lines after it.
fn join_continued(
    file: FileId,
    physical: &[Physical],
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Line> {
    let mut logical: Vec<Line> = Vec::new();
    let mut continues = false;
    for (index, line) in physical.iter().enumerate() {
        let Some(code) = &line.code else { continue };
        if let Some(last) = logical.last_mut()
            && (line.continues_text || continues && !line.broken && line.column > last.column)
        {
            last.physical.end = index + 1;
            last.comment = line.comment.is_some();
            last.suspect |= line.suspect;
            last.unsettled |= line.unsettled();
            continues = code.ends_with(',');
            let gap = line
                .start
                .saturating_sub(last.start.saturating_add(length(&last.text)));
            let gap = usize::try_from(gap).unwrap_or(usize::MAX);
            if last.broken {
            } else if last
                .text
                .len()
                .saturating_add(gap)
                .saturating_add(code.len())
                > LONGEST
            {
                last.broken = true;
                diagnostics.push(crate::physical::too_long(
                    file,
                    last.start,
                    "this line and the ones that continue it are",
                ));
            } else {
                last.text.push_str(&" ".repeat(gap));
                last.text.push_str(code);
            }
            continue;
        }
        continues = !line.broken && code.ends_with(',');
        // A row whose first cell is empty begins with its bar, wherever that stands: the rows are of one list.
        let above = logical.last().filter(|above| {
            line.column > above.column && begins_with_bar(code) && has_bar(&above.text)
        });
        logical.push(Line {
            start: line.start,
            column: above.map_or(line.column, |above| above.column),
            indentation: line.indentation,
            text: code.clone(),
            broken: line.broken,
            suspect: line.suspect,
            ragged: None,
            unsettled: line.unsettled(),
            comment: line.comment.is_some(),
            physical: index..index + 1,
            children: Vec::new(),
        });
    }
    logical
}

/// Whether bars divide a line: a bar between blanks, and not the one of a code or in a text.
pub(crate) fn has_bar(text: &str) -> bool {
    let mut is_text = false;
    let mut before = None;
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' if before != Some('\\') => is_text = !is_text,
            '|' if !is_text => {
                let blank = |side: Option<&char>| side.is_none_or(|side| side.is_whitespace());
                if blank(before.as_ref()) && blank(characters.peek()) {
                    return true;
                }
            }
            _ => {}
        }
        before = Some(character);
    }
    false
}

/// Whether a line is a row of a table whose first cell is empty.
fn begins_with_bar(text: &str) -> bool {
    text.strip_prefix('|')
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace))
}

/// One open level while nesting.
struct Level {
    column: usize,
    lines: Vec<Line>,
}

fn nest(file: FileId, logical: Vec<Line>, diagnostics: &mut Vec<Diagnostic>) -> Vec<Line> {
    let columns: Vec<usize> = logical.iter().map(|line| line.column).collect();
    let mut levels: Vec<Level> = vec![Level {
        column: 0,
        lines: Vec::new(),
    }];
    let mut too_deep = false;
    for (index, mut line) in logical.into_iter().enumerate() {
        // Close the levels that lie deeper than this line, down to the last one that does not.
        let mut deeper: Option<usize> = None;
        while levels.len() > 1
            && levels
                .last()
                .is_some_and(|level| line.column < level.column)
        {
            deeper = levels.last().map(|level| level.column);
            fold(&mut levels);
        }
        let current = levels.last().map_or(0, |level| level.column);
        let empty = levels.last().is_none_or(|level| level.lines.is_empty());
        if line.column < current {
            // Only the first level has no level to close: the file began with an indented line.
            set_column(&mut levels, line.column);
            line.suspect |= line.column > 0;
            line.unsettled |= line.column > 0;
        } else if empty && line.column > 0 && levels.len() == 1 {
            set_column(&mut levels, line.column);
            line.ragged = Some(Box::new(indented_start(
                file,
                &line,
                columns.get(index + 1),
            )));
        } else if current > 0 && levels.len() == 1 && line.column == current {
            // Still in the indented beginning of the file, which has its message.
            line.suspect = true;
            line.unsettled = true;
        } else if line.column > current {
            if let Some(deeper) = deeper {
                // The line stands between two open levels: nothing tells which one was meant. It is
                // taken into the deeper one; the lines after it tell whether it stands there alone.
                let alone =
                    stands_alone(&line, columns.get(index + 1..).unwrap_or_default(), deeper);
                if line.unsettled {
                    // Tabs among the blanks have their message, and this follows from them.
                    line.suspect = true;
                } else {
                    line.ragged = Some(Box::new(ragged(file, &line, (current, deeper), alone)));
                }
                let column = if alone { deeper } else { line.column };
                reopen(&mut levels, column);
            } else if levels.len() >= DEEPEST {
                if !too_deep {
                    too_deep = true;
                    diagnostics.push(
                        Diagnostic::new(
                            &rules::E0108_NESTED_TOO_DEEPLY,
                            line.span(file),
                            format!("lists are nested more than {DEEPEST} deep here"),
                        )
                        .label("not read from here on")
                        .note("name the inner lists with `define` and use their names here"),
                    );
                }
                if let Some(block) = levels.first_mut().and_then(|level| level.lines.last_mut()) {
                    block.unsettled = true;
                }
                if let Some(above) = levels.last_mut().and_then(|level| level.lines.last_mut()) {
                    // It only looks empty.
                    above.suspect = true;
                }
                continue;
            } else {
                levels.push(Level {
                    column: line.column,
                    lines: Vec::new(),
                });
            }
        }
        let unsettled = line.unsettled || line.ragged.is_some();
        if let Some(level) = levels.last_mut() {
            level.lines.push(line);
        }
        if unsettled
            && let Some(block) = levels.first_mut().and_then(|level| level.lines.last_mut())
        {
            block.unsettled = true;
        }
    }
    while levels.len() > 1 {
        fold(&mut levels);
    }
    levels.pop().map(|level| level.lines).unwrap_or_default()
}

fn set_column(levels: &mut [Level], column: usize) {
    if let Some(level) = levels.last_mut() {
        level.column = column;
    }
}

/// Hands the innermost level to the line above it.
fn fold(levels: &mut Vec<Level>) {
    if let Some(inner) = levels.pop()
        && let Some(parent) = levels.last_mut().and_then(|level| level.lines.last_mut())
    {
        parent.children = inner.lines;
    }
}

/// Takes the level that was folded away last back, at a column.
fn reopen(levels: &mut Vec<Level>, column: usize) {
    let parent = levels.last_mut().and_then(|level| level.lines.last_mut());
    let lines = parent
        .map(|parent| std::mem::take(&mut parent.children))
        .unwrap_or_default();
    levels.push(Level { column, lines });
}

/// Whether a ragged line is the one that is off, rather than the first line of its list: the lines
/// after it go on in the column of the list.
fn stands_alone(line: &Line, after: &[usize], list: usize) -> bool {
    match after.first() {
        None => true,
        Some(&next) if next == list => !opens_list(&line.text),
        Some(&next) if next < line.column => true,
        Some(&next) if next < list => false,
        Some(_) => after
            .iter()
            .take(LOOK_AHEAD)
            .find(|column| **column <= list)
            .is_none_or(|column| *column == list || *column < line.column),
    }
}

/// Whether a line looks as if it wanted lines below it. Only a guess: the parser decides.
fn opens_list(text: &str) -> bool {
    text.ends_with(':')
        || text.ends_with(" of")
        || text.starts_with("depending ")
        || text.starts_with("for ")
}

fn blanks(count: usize) -> String {
    if count == 1 {
        "1 blank".to_owned()
    } else {
        format!("{count} blanks")
    }
}

fn ragged(file: FileId, line: &Line, (outer, inner): (usize, usize), alone: bool) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        &rules::E0102_RAGGED_INDENTATION,
        line.span(file),
        "this line is indented like none of the lines above it",
    )
    .label(format!(
        "indented by {}; the lists above are indented by {outer} and {inner}",
        blanks(line.column)
    ))
    .note("indentation is structure: the lines of one list begin in the same column");
    match Some(line.indentation).filter(|_| alone) {
        Some(span) => diagnostic.suggest(
            format!("indent by {inner} blanks, into the inner list"),
            span,
            " ".repeat(inner),
        ),
        None => diagnostic,
    }
}

fn indented_start(file: FileId, line: &Line, next: Option<&usize>) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        &rules::E0102_RAGGED_INDENTATION,
        line.span(file),
        "the first line of a file begins in the first column",
    )
    .label(format!("indented by {}", blanks(line.column)))
    .note("perhaps the line above it is missing");
    // Where the whole file is indented, moving one line would not help.
    let alone = next.is_none_or(|next| *next < line.column);
    match Some(line.indentation).filter(|_| alone) {
        Some(span) => diagnostic.suggest("remove the indentation", span, ""),
        None => diagnostic,
    }
}
