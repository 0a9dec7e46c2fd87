//! One layout for every file. Only blanks and line breaks are written anew, never another character.
//!
//! The formatter works line by line: what cannot be read is left as it was written, and a block whose
//! indentation does not tell its structure is not touched at all, so a file that is half broken is
//! formatted as far as it goes. `docs/language/layout.md` tells the layout to people.

mod columns;
mod shape;

use std::collections::HashMap;

use lind_diagnostics::FileId;

use crate::layout::{Layout, Line, lay_out};
use crate::parser::Parser;
use crate::physical::Physical;
use crate::scan::unseen;
use columns::Laid;
use shape::Shape;

/// Blanks a level.
const INDENT: usize = 2;
/// The column that lists are wrapped at, where they can be.
const WIDTH: usize = 100;

/// A text in the one layout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Formatted {
    /// The whole text.
    pub text: String,
    /// Whether it differs from the text that was given.
    pub changed: bool,
}

/// Lays a file out. Never fails, and never changes what the file says: its tree stays the same, up to
/// the places of its parts.
///
/// ```
/// let untidy = "measure alt  \"Alanine transaminase\"\n    kind CCnc\n    unit   U/L # per litre\n";
/// let formatted = lind_syntax::format(untidy);
/// assert!(formatted.changed);
/// assert_eq!(
///     formatted.text,
///     "measure alt \"Alanine transaminase\"\n  kind CCnc\n  unit U/L  # per litre\n"
/// );
/// ```
pub fn format(text: &str) -> Formatted {
    // Spans of this run go nowhere, so any file will do.
    let file = FileId::from_index(0);
    let mut findings = Vec::new();
    let layout = lay_out(file, text, &mut findings);
    let mut shapes: HashMap<u32, Shape> = HashMap::new();
    let mut watch = |line: &Line, place, pair: pest::iterators::Pair<'_, crate::grammar::Rule>| {
        shapes.extend(Shape::of(line, place, pair).map(|shape| (line.start, shape)));
    };
    Parser::new(file, &layout.lines, findings)
        .watched(&mut watch)
        .items(&layout.lines);

    let mut plan = Plan {
        shapes,
        lines: Vec::new(),
        as_is: vec![false; layout.physical.len()],
    };
    plan.blocks(&layout);
    let formatted = Writer::new(text, &layout, &plan).write();
    if !seen(&formatted).eq(seen(text)) {
        // A protocol must not lose a character, whatever is wrong with this formatter.
        return Formatted {
            text: text.to_owned(),
            changed: false,
        };
    }
    Formatted {
        changed: formatted != text,
        text: formatted,
    }
}

/// The characters of a text that can be seen.
fn seen(text: &str) -> impl Iterator<Item = char> {
    text.chars()
        .filter(|c| !c.is_whitespace() && unseen(*c).is_none())
}

/// A logical line and how it will be written.
struct Planned<'l> {
    line: &'l Line,
    /// The line it stands below.
    parent: Option<usize>,
    /// The column it will begin in.
    column: usize,
    /// Its words and columns; none if it is left as it was written.
    laid: Option<Laid>,
}

/// What is decided before anything is written.
struct Plan<'l> {
    shapes: HashMap<u32, Shape>,
    /// The logical lines in the order of the source.
    lines: Vec<Planned<'l>>,
    /// The physical lines that are left alone, indentation and all.
    as_is: Vec<bool>,
}

impl<'l> Plan<'l> {
    fn blocks(&mut self, layout: &'l Layout) {
        let settled: Vec<bool> = layout
            .lines
            .iter()
            .map(|line| !line.unsettled && !self.breaks_over_lines(line))
            .collect();
        let mut index = 0;
        while let (Some(line), Some(is_settled)) = (layout.lines.get(index), settled.get(index)) {
            if *is_settled {
                // Neighbours are laid out together, since their columns depend on each other.
                let count = settled
                    .iter()
                    .skip(index)
                    .take_while(|settled| **settled)
                    .count();
                self.siblings(
                    layout.lines.get(index..index + count).unwrap_or_default(),
                    layout,
                    0,
                    None,
                );
                index += count;
            } else {
                // Up to the next block, with lines that were too deep to be laid out at all.
                let end = layout
                    .lines
                    .get(index + 1)
                    .map_or(layout.physical.len(), |next| next.physical.start);
                let block = layout
                    .physical
                    .get(line.physical.start..end)
                    .unwrap_or_default();
                let count = block
                    .iter()
                    .rposition(|physical| physical.code.is_some())
                    .map_or(0, |last| last + 1);
                self.as_is
                    .iter_mut()
                    .skip(line.physical.start)
                    .take(count)
                    .for_each(|as_is| *as_is = true);
                self.leave(line, None);
                index += 1;
            }
        }
    }

    /// Whether a line that cannot be read goes on over several lines. What the author meant by them is
    /// unknown, so moving them could lose their structure.
    fn breaks_over_lines(&self, line: &Line) -> bool {
        line.physical.len() > 1 && !self.shapes.contains_key(&line.start)
            || line
                .children
                .iter()
                .any(|child| self.breaks_over_lines(child))
    }

    /// Plans a block that is left as it is.
    fn leave(&mut self, line: &'l Line, parent: Option<usize>) {
        let index = self.lines.len();
        self.lines.push(Planned {
            line,
            parent,
            column: line.column,
            laid: None,
        });
        for child in &line.children {
            self.leave(child, Some(index));
        }
    }

    /// Plans the lines of one list with everything below them.
    fn siblings(
        &mut self,
        lines: &'l [Line],
        layout: &Layout,
        column: usize,
        parent: Option<usize>,
    ) {
        let laid = columns::lay_out(lines, layout, &self.shapes);
        for (line, laid) in lines.iter().zip(laid) {
            let index = self.lines.len();
            self.lines.push(Planned {
                line,
                parent,
                column,
                laid,
            });
            self.siblings(&line.children, layout, column + INDENT, Some(index));
        }
    }
}

impl Plan<'_> {
    /// The column of a comment on a line of its own: that of the line below it, or of the innermost
    /// list above it that the comment is indented into.
    fn comment_column(
        &self,
        written: usize,
        above: Option<usize>,
        below: Option<&Planned<'_>>,
    ) -> usize {
        let below = below.map_or((0, 0), |planned| (planned.line.column, planned.column));
        let mut open = vec![below];
        let mut above = above.and_then(|above| self.lines.get(above));
        while let Some(planned) = above {
            open.push((planned.line.column, planned.column));
            above = planned.parent.and_then(|parent| self.lines.get(parent));
        }
        let innermost = open
            .iter()
            .filter(|(column, _)| *column <= written)
            .max_by_key(|(column, _)| *column);
        innermost.map_or(0, |(_, column)| *column).max(below.1)
    }
}

/// Writes the text.
struct Writer<'a> {
    text: &'a str,
    layout: &'a Layout,
    plan: &'a Plan<'a>,
    out: String,
    line_end: &'static str,
    /// A blank line is due before the next line.
    blank_due: bool,
}

impl<'a> Writer<'a> {
    fn new(text: &'a str, layout: &'a Layout, plan: &'a Plan<'a>) -> Self {
        // A file keeps the line ends of its first line.
        let line_end = if text
            .find('\n')
            .is_some_and(|at| text.get(..at).is_some_and(|line| line.ends_with('\r')))
        {
            "\r\n"
        } else {
            "\n"
        };
        Self {
            text,
            layout,
            plan,
            out: String::with_capacity(text.len()),
            line_end,
            blank_due: false,
        }
    }

    fn write(mut self) -> String {
        let mut index = 0;
        let mut next = 0;
        while let Some(physical) = self.layout.physical.get(index) {
            let own = self
                .plan
                .lines
                .get(next)
                .filter(|planned| planned.line.physical.start == index);
            let above = next.checked_sub(1);
            next += usize::from(own.is_some());
            let as_is = |index: usize| self.plan.as_is.get(index) == Some(&true);
            let before_as_is = || {
                self.plan
                    .lines
                    .get(next)
                    .is_some_and(|below| as_is(below.line.physical.start))
            };
            if self
                .layout
                .physical
                .get(index + 1)
                .is_some_and(|below| below.continues_text)
            {
                // A text goes on in the next line: the blanks at the end of this one are part of it.
                self.text_line(self.slice(physical.indentation.start, physical.end));
            } else if as_is(index)
                || own.is_none() && (physical.hidden_indentation || before_as_is())
            {
                self.line(self.slice(physical.indentation.start, end_of(physical)), 0);
            } else if let Some(planned) = own {
                self.planned(planned);
                index = planned.line.physical.end;
                continue;
            } else if physical.comment.is_some() {
                let column =
                    self.plan
                        .comment_column(physical.column, above, self.plan.lines.get(next));
                self.line(self.slice(physical.start, end_of(physical)), column);
            } else {
                self.line("", 0);
            }
            index += 1;
        }
        self.out
    }

    fn slice(&self, start: u32, end: u32) -> &'a str {
        let offset = |at: u32| usize::try_from(at).unwrap_or(usize::MAX);
        self.text
            .get(offset(start)..offset(end))
            .unwrap_or_default()
    }

    /// Writes a logical line with its comments.
    fn planned(
        &mut self,
        Planned {
            line, column, laid, ..
        }: &Planned<'_>,
    ) {
        let physical = self
            .layout
            .physical
            .get(line.physical.clone())
            .unwrap_or_default();
        let Some(last) = physical.last() else { return };
        match laid {
            None => self.line(self.slice(line.start, end_of(last)), *column),
            Some(laid) if keeps_lines(physical) => {
                for (index, physical) in physical.iter().enumerate() {
                    let column = if index == 0 { *column } else { column + INDENT };
                    let from = physical.start.saturating_sub(line.start);
                    let to = physical.written.end.saturating_sub(line.start);
                    let text = if physical.code.is_some() {
                        laid.part(from, to)
                    } else {
                        String::new()
                    };
                    self.line(&self.with_comment(text, physical), column);
                }
            }
            Some(laid) => {
                let mut lines = laid.wrapped(WIDTH.saturating_sub(*column), INDENT);
                let end = lines.pop().unwrap_or_default();
                let mut column = *column;
                let first = column;
                for text in lines {
                    self.line(&text, column);
                    column = first + INDENT;
                }
                self.line(&self.with_comment(end, last), column);
            }
        }
    }

    fn with_comment(&self, mut text: String, physical: &Physical) -> String {
        if let Some(comment) = physical.comment {
            if !text.is_empty() {
                text.push_str("  ");
            }
            text.push_str(self.slice(comment.start, comment.end));
        }
        text
    }

    /// Writes a line with the blanks at its end.
    fn text_line(&mut self, text: &str) {
        self.line(text, 0);
        let end = text.trim_end().len();
        if self.out.ends_with(self.line_end) {
            self.out.truncate(self.out.len() - self.line_end.len());
            self.out.push_str(text.get(end..).unwrap_or_default());
            self.out.push_str(self.line_end);
        }
    }

    /// Writes one line at a column. Of several blank lines, one is written, and none at the ends.
    fn line(&mut self, text: &str, column: usize) {
        let text = text.trim_end();
        if text.is_empty() {
            self.blank_due = !self.out.is_empty();
            return;
        }
        if std::mem::take(&mut self.blank_due) {
            self.out.push_str(self.line_end);
        }
        self.out.extend(std::iter::repeat_n(' ', column));
        self.out.push_str(text);
        self.out.push_str(self.line_end);
    }
}

/// Where the last character of a line stands that is no blank.
fn end_of(physical: &Physical) -> u32 {
    physical.comment.unwrap_or(physical.written).end
}

/// Whether a list over several lines keeps them: a comment or a blank line between its parts shows that
/// the author grouped them.
fn keeps_lines(lines: &[Physical]) -> bool {
    lines.len() > 1
        && lines
            .iter()
            .rev()
            .skip(1)
            .any(|physical| physical.comment.is_some() || physical.code.is_none())
}
