//! The layout pass: a text becomes a tree of logical lines by indentation. It never fails.
//!
//! A logical line is one physical line, or several when a line ends with a comma and the next one is
//! indented deeper (`use std.labs: anc,` and so on). Comments and the newlines inside a logical line are
//! replaced by as many blanks, so that every byte keeps its offset.

use lind_diagnostics::{Diagnostic, FileId, Span};

use crate::rules;

/// Blocks inside blocks; far more than any protocol needs, far less than a stack can bear.
const DEEPEST: usize = 64;
/// Bytes in one logical line.
const LONGEST: usize = 8 * 1024;

/// One logical line and the lines indented below it.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    /// Where its first word begins.
    pub(crate) start: u32,
    /// From the first word to the last, comments and newlines blanked.
    pub(crate) text: String,
    /// It already has a message of its own (an open quote, too long): do not parse it.
    pub(crate) broken: bool,
    /// The lines below it.
    pub(crate) children: Vec<Line>,
}

impl Line {
    /// The place of the line's text.
    pub(crate) fn span(&self, file: FileId) -> Span {
        Span::new(file, self.start, self.start.saturating_add(length(&self.text)))
    }

    /// The first word of the line.
    pub(crate) fn first_word(&self) -> &str {
        self.text.split(|c: char| c.is_whitespace() || c == ':').next().unwrap_or_default()
    }
}

/// A text's length in bytes, as spans count.
pub(crate) fn length(text: &str) -> u32 {
    u32::try_from(text.len()).unwrap_or(u32::MAX)
}

/// Lays out a file.
pub(crate) fn lay_out(file: FileId, text: &str, diagnostics: &mut Vec<Diagnostic>) -> Vec<Line> {
    let physical = physical_lines(file, text, diagnostics);
    let logical = join_continued(physical);
    nest(file, logical, diagnostics)
}

/// A line of the file with its comment blanked; only lines with content.
struct Physical {
    start: u32,
    column: usize,
    indentation: Span,
    text: String,
    broken: bool,
}

fn physical_lines(file: FileId, text: &str, diagnostics: &mut Vec<Diagnostic>) -> Vec<Physical> {
    let mut lines = Vec::new();
    let mut offset = 0u32;
    let mut tabs_reported = false;
    for raw in text.split_inclusive('\n') {
        let line_start = offset;
        offset = offset.saturating_add(length(raw));
        let line = raw.trim_end_matches(['\n', '\r']);
        let content = line.trim_start_matches([' ', '\t', '\u{feff}']);
        let start = line_start.saturating_add(length(line)).saturating_sub(length(content));
        let Scan { code, open_quote } = scan(content);
        if code.trim().is_empty() {
            continue;
        }
        let indentation = Span::new(file, line_start, start);
        let leading = line.strip_suffix(content).unwrap_or_default();
        let column = leading.chars().fold(0usize, |column, c| match c {
            '\t' => column / 2 * 2 + 2,
            '\u{feff}' => column,
            _ => column + 1,
        });
        if leading.contains('\t') && !tabs_reported {
            tabs_reported = true;
            diagnostics.push(
                Diagnostic::new(&rules::E0101_TAB_INDENTATION, indentation, "this line is indented with a tab")
                    .label("a tab")
                    .note("Editors show tabs in different widths, so two people would see two structures. `lind fmt` writes blanks.")
                    .fix("write blanks", indentation, " ".repeat(column)),
            );
        }
        let mut broken = false;
        if code.len() > LONGEST {
            broken = true;
            diagnostics.push(
                Diagnostic::new(&rules::E0109_LINE_TOO_LONG, Span::new(file, start, start.saturating_add(40)), format!("this line has {} bytes; a line may have {LONGEST}", code.len()))
                    .label("the line begins here"),
            );
        } else if let Some(at) = open_quote {
            broken = true;
            let place = start.saturating_add(at);
            let end = start.saturating_add(length(content.trim_end()));
            diagnostics.push(
                Diagnostic::new(&rules::E0107_UNCLOSED_QUOTE, Span::new(file, place, end), "this quoted text is not closed on its line")
                    .label("opens here")
                    .suggest("close the quote", Span::new(file, end, end), "\""),
            );
        }
        let text = if broken { String::new() } else { code.trim_end().to_owned() };
        let text = if broken && text.is_empty() { content.chars().take(200).collect::<String>().trim_end().to_owned() } else { text };
        lines.push(Physical { start, column, indentation, text, broken });
    }
    lines
}

struct Scan<'a> {
    /// The line up to its comment.
    code: &'a str,
    /// Where a quote opens that never closes.
    open_quote: Option<u32>,
}

fn scan(content: &str) -> Scan<'_> {
    let mut quote: Option<usize> = None;
    let mut escaped = false;
    for (at, c) in content.char_indices() {
        match (quote, c) {
            (Some(_), _) if escaped => escaped = false,
            (Some(_), '\\') => escaped = true,
            (Some(_), '"') => quote = None,
            (Some(_), _) => {}
            (None, '"') => quote = Some(at),
            (None, '#') => return Scan { code: content.get(..at).unwrap_or(content), open_quote: None },
            (None, _) => {}
        }
    }
    Scan { code: content, open_quote: quote.map(|at| u32::try_from(at).unwrap_or(u32::MAX)) }
}

/// Joins a line that ends with a comma to the deeper lines after it.
fn join_continued(physical: Vec<Physical>) -> Vec<Physical> {
    let mut logical: Vec<Physical> = Vec::new();
    for line in physical {
        if let Some(last) = logical.last_mut()
            && !last.broken
            && !line.broken
            && last.text.ends_with(',')
            && line.column > last.column
            && last.text.len() + line.text.len() < LONGEST
        {
            let end = last.start as usize + last.text.len();
            let gap = (line.start as usize).saturating_sub(end);
            last.text.push_str(&" ".repeat(gap));
            last.text.push_str(&line.text);
            continue;
        }
        logical.push(line);
    }
    logical
}

/// One open level while nesting.
struct Level {
    column: usize,
    lines: Vec<Line>,
}

fn nest(file: FileId, logical: Vec<Physical>, diagnostics: &mut Vec<Diagnostic>) -> Vec<Line> {
    let mut levels: Vec<Level> = vec![Level { column: 0, lines: Vec::new() }];
    let mut too_deep = false;
    for line in logical {
        // Close the levels that lie deeper than this line, down to the last one that does not.
        let mut deeper: Option<usize> = None;
        while levels.len() > 1 && levels.last().is_some_and(|level| line.column < level.column) {
            deeper = levels.last().map(|level| level.column);
            fold(&mut levels);
        }
        let current = levels.last().map_or(0, |level| level.column);
        let has_line = levels.last().is_some_and(|level| !level.lines.is_empty());
        if line.column > current {
            // The line stands between two open levels: nothing tells which one was meant.
            if let Some(deeper) = deeper {
                let nearest = if line.column - current <= deeper - line.column { current } else { deeper };
                diagnostics.push(
                    Diagnostic::new(&rules::E0102_RAGGED_INDENTATION, Span::new(file, line.start, line.start.saturating_add(length(&line.text))), "this line is indented like none of the lines above it")
                        .label(format!("{} blanks; the lists above stand at {current} and {deeper}", line.column))
                        .note("Indentation is structure: lines of one list begin in the same column.")
                        .fix(format!("indent by {nearest}"), line.indentation, " ".repeat(nearest)),
                );
                if nearest == deeper {
                    levels.push(Level { column: deeper, lines: Vec::new() });
                    reopen(&mut levels);
                }
            } else if has_line {
                if levels.len() >= DEEPEST {
                    if !too_deep {
                        too_deep = true;
                        diagnostics.push(
                            Diagnostic::new(&rules::E0108_NESTED_TOO_DEEPLY, Span::new(file, line.start, line.start.saturating_add(length(&line.text))), format!("lists are nested more than {DEEPEST} deep here"))
                                .label("not read from here on"),
                        );
                    }
                    continue;
                }
                levels.push(Level { column: line.column, lines: Vec::new() });
            } else {
                diagnostics.push(
                    Diagnostic::new(&rules::E0102_RAGGED_INDENTATION, Span::new(file, line.start, line.start.saturating_add(length(&line.text))), "the first line of a file begins in the first column")
                        .label(format!("{} blanks", line.column))
                        .fix("remove the indentation", line.indentation, ""),
                );
            }
        }
        if let Some(level) = levels.last_mut() {
            level.lines.push(Line { start: line.start, text: line.text, broken: line.broken, children: Vec::new() });
        }
    }
    while levels.len() > 1 {
        fold(&mut levels);
    }
    levels.pop().map(|level| level.lines).unwrap_or_default()
}

/// Hands the innermost level to the line above it.
fn fold(levels: &mut Vec<Level>) {
    if let Some(inner) = levels.pop()
        && let Some(parent) = levels.last_mut().and_then(|level| level.lines.last_mut())
    {
        parent.children.extend(inner.lines);
    }
}

/// After a ragged line was taken for a deeper one: the lines that were folded away come back as its level.
fn reopen(levels: &mut [Level]) {
    let count = levels.len();
    let Some((inner, outer)) = levels.split_last_mut() else { return };
    if count > 1
        && let Some(parent) = outer.last_mut().and_then(|level| level.lines.last_mut())
    {
        inner.lines = std::mem::take(&mut parent.children);
    }
}
