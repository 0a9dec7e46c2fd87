//! Columns: lines of one kind, one directly below the other, begin their parts in the same column.

use std::collections::HashMap;

use super::shape::{Kind, Shape, Token, join};
use crate::layout::{Layout, Line};

/// A label that is wider than this stands by itself: it moves no column, and no column moves it.
const WIDEST_LABEL: usize = 40;
/// Between the columns of milestones, which no colon ends.
const GAP: &str = "  ";
/// What stands between the name of a milestone and its title may be this wide to make a column.
const WIDEST_RELATION: usize = 30;

/// A line that is ready to be written.
#[derive(Debug)]
pub(super) struct Laid {
    /// What stands in columns, filled up with blanks.
    prefix: String,
    /// What follows.
    rest: Vec<Token>,
    /// All its words.
    tokens: Vec<Token>,
}

impl Laid {
    fn plain(shape: &Shape) -> Self {
        Self {
            prefix: String::new(),
            rest: shape.tokens.clone(),
            tokens: shape.tokens.clone(),
        }
    }

    /// The words that begin in a stretch of the line.
    pub(super) fn part(&self, from: u32, to: u32) -> String {
        let inside = |token: &&Token| u32::try_from(token.at).is_ok_and(|at| from <= at && at < to);
        join(
            &self
                .tokens
                .iter()
                .filter(inside)
                .cloned()
                .collect::<Vec<_>>(),
        )
    }

    /// The line, broken behind commas if it is wider than `width`; the lines after the first one have
    /// `indent` columns less.
    pub(super) fn wrapped(&self, width: usize, indent: usize) -> Vec<String> {
        let whole = format!("{}{}", self.prefix, join(&self.rest));
        if columns(&whole) <= width {
            return vec![whole];
        }
        let mut lines = Vec::new();
        let mut line = self.prefix.clone();
        let mut begun = false;
        for part in self.rest.split_inclusive(|token| token.text == ",") {
            let part = join(part);
            let room = if lines.is_empty() {
                width
            } else {
                width.saturating_sub(indent)
            };
            if begun && columns(&line) + 1 + columns(&part) > room {
                lines.push(std::mem::take(&mut line));
            } else if begun {
                line.push(' ');
            }
            line.push_str(&part);
            begun = true;
        }
        lines.push(line);
        lines
    }
}

/// How many columns a text fills.
fn columns(text: &str) -> usize {
    text.chars().count()
}

/// Lays out the lines of one list. Lines without a shape are left as they are.
pub(super) fn lay_out(
    lines: &[Line],
    layout: &Layout,
    shapes: &HashMap<u32, Shape>,
) -> Vec<Option<Laid>> {
    let shaped: Vec<Option<&Shape>> = lines.iter().map(|line| shapes.get(&line.start)).collect();
    let mut laid = Vec::with_capacity(lines.len());
    while laid.len() < lines.len() {
        let from = laid.len();
        let count = run(
            lines.get(from..).unwrap_or_default(),
            shaped.get(from..).unwrap_or_default(),
            layout,
        );
        let run = shaped.get(from..from + count).unwrap_or_default();
        let kind = run
            .iter()
            .flatten()
            .map(|shape| shape.kind)
            .find(|kind| *kind != Kind::Phrase);
        match kind {
            Some(Kind::Plain) | None => laid.extend(run.iter().map(|shape| shape.map(Laid::plain))),
            Some(Kind::Milestone) => laid.extend(milestones(run)),
            Some(Kind::Table) => laid.extend(table(run)),
            Some(_) => laid.extend(labelled(run)),
        }
    }
    laid
}

/// How many lines from the first one on share their columns; at least one.
fn run(lines: &[Line], shapes: &[Option<&Shape>], layout: &Layout) -> usize {
    let mut common = None;
    let mut above: Option<&Line> = None;
    let mut count = 0;
    for (line, shape) in lines.iter().zip(shapes) {
        // A line with a list of its own is read as a heading, not as a row. A line that cannot be read
        // is of no kind: its neighbours keep their columns while it is being written.
        let kind = shape.map(|shape| {
            if holds_no_list(line) {
                shape.kind
            } else {
                Kind::Plain
            }
        });
        let Some(joined) = join_kinds(common, kind) else {
            break;
        };
        let alone = joined == Some(Kind::Plain);
        if above.is_some_and(|above| alone || !adjoins(above, line, layout)) {
            break;
        }
        common = joined;
        above = Some(line);
        count += 1;
        if alone {
            break;
        }
    }
    count.max(1)
}

/// The kind of a run that a line joins; none if it does not.
#[expect(
    clippy::option_option,
    reason = "the inner one is a run without a kind yet"
)]
fn join_kinds(run: Option<Kind>, line: Option<Kind>) -> Option<Option<Kind>> {
    match (run, line) {
        (kind, None) | (None, kind) => Some(kind),
        (Some(Kind::Field | Kind::Phrase), Some(Kind::Field))
        | (Some(Kind::Field), Some(Kind::Phrase)) => Some(Some(Kind::Field)),
        (Some(run), Some(line)) => (run == line).then_some(Some(run)),
    }
}

/// Whether only exceptions stand below a line, or what values count at a milestone.
fn holds_no_list(line: &Line) -> bool {
    let belongs = |child: &Line| matches!(child.first_word(), "except" | "values" | "if");
    line.children
        .iter()
        .all(|child| belongs(child) && child.children.is_empty())
}

/// Whether nothing stands between a line and the next one of its list but what belongs to it: no blank
/// line and no comment.
fn adjoins(above: &Line, line: &Line, layout: &Layout) -> bool {
    let between = layout
        .physical
        .get(above.physical.start..line.physical.start)
        .unwrap_or_default();
    between.iter().all(|physical| physical.code.is_some())
}

/// Labels with their contents, fields with their values: one column, and one more for titles.
fn labelled(run: &[Option<&Shape>]) -> Vec<Option<Laid>> {
    let parts: Vec<Option<(Vec<Token>, Vec<Token>)>> = run
        .iter()
        .map(|shape| {
            let shape = (*shape)?;
            let at = *shape.columns.first()?;
            Some((
                shape.tokens.get(..at)?.to_vec(),
                shape.tokens.get(at..)?.to_vec(),
            ))
        })
        .collect();
    let label = |label: &[Token], names: usize| match label {
        // A label with a title: `I7a "renal function":`
        [name, title @ ..]
            if title
                .first()
                .is_some_and(|title| title.text.starts_with('"')) =>
        {
            format!("{:names$} {}", name.text, join(title))
        }
        label => join(label),
    };
    let narrow = |text: &str| columns(text) <= WIDEST_LABEL;
    let labels = || parts.iter().flatten().map(|(label, _)| label.as_slice());
    let titled = labels().filter_map(|tokens| match tokens {
        [name, title, ..] if title.text.starts_with('"') && narrow(&label(tokens, 0)) => {
            Some(columns(&name.text))
        }
        _ => None,
    });
    let names = titled.max().unwrap_or(0);
    let widest = labels()
        .map(|tokens| label(tokens, names))
        .filter(|text| narrow(text))
        .map(|text| columns(&text))
        .max()
        .unwrap_or(0);
    parts
        .iter()
        .zip(run)
        .map(|(part, shape)| {
            let shape = (*shape)?;
            let Some((before, rest)) = part else {
                return Some(Laid::plain(shape));
            };
            let text = label(before, names);
            let text = if narrow(&text) {
                text
            } else {
                label(before, 0)
            };
            Some(Laid {
                prefix: format!("{text:widest$} "),
                rest: rest.clone(),
                tokens: shape.tokens.clone(),
            })
        })
        .collect()
}

/// Rows of a table: every bar stands below that of the row above.
fn table(run: &[Option<&Shape>]) -> Vec<Option<Laid>> {
    let cells = |shape: &Shape| -> Vec<String> {
        let bars = shape.columns.iter().copied();
        let ends: Vec<usize> = bars.chain([shape.tokens.len()]).collect();
        let mut begin = 0;
        ends.into_iter()
            .map(|end| {
                let cell = shape.tokens.get(begin..end).unwrap_or_default();
                begin = end + 1;
                join(cell)
            })
            .collect()
    };
    let rows: Vec<Option<Vec<String>>> = run.iter().map(|shape| shape.map(cells)).collect();
    let mut widths: Vec<usize> = Vec::new();
    for row in rows.iter().flatten() {
        for (index, cell) in row.iter().enumerate() {
            match widths.get_mut(index) {
                Some(width) => *width = (*width).max(columns(cell)),
                None => widths.push(columns(cell)),
            }
        }
    }
    rows.into_iter()
        .zip(run)
        .map(|(row, shape)| {
            let (row, shape) = (row?, (*shape)?);
            let filled: Vec<String> = row
                .iter()
                .zip(&widths)
                .map(|(cell, width)| format!("{cell:width$}"))
                .collect();
            Some(Laid {
                prefix: filled.join(" | ").trim_end().to_owned(),
                rest: Vec::new(),
                tokens: shape.tokens.clone(),
            })
        })
        .collect()
}

/// Milestones: the name, the order to other milestones, the title.
fn milestones(run: &[Option<&Shape>]) -> Vec<Option<Laid>> {
    let part = |shape: &Shape, from: usize, to: usize| {
        join(shape.tokens.get(from..to).unwrap_or_default())
    };
    let parts: Vec<Option<[String; 3]>> = run
        .iter()
        .map(|shape| {
            let shape = (*shape)?;
            let [relations, title] = *shape.columns.as_slice() else {
                return None;
            };
            Some([
                part(shape, 0, relations),
                part(shape, relations, title),
                part(shape, title, shape.tokens.len()),
            ])
        })
        .collect();
    let widest = |column: usize, limit: usize| {
        let widths = parts
            .iter()
            .flatten()
            .filter_map(|parts| parts.get(column))
            .map(|text| columns(text));
        widths.filter(|width| *width <= limit).max().unwrap_or(0)
    };
    let names = widest(0, WIDEST_LABEL);
    // Without a title there is nothing to align behind the relation.
    let relations = widest(1, WIDEST_RELATION);
    parts
        .into_iter()
        .zip(run)
        .map(|(parts, shape)| {
            let shape = (*shape)?;
            let Some([name, relation, title]) = parts else {
                return Some(Laid::plain(shape));
            };
            // An empty column before the title is filled up, too.
            let relation = format!("{relation:relations$}");
            let gap = if relation.is_empty() { "" } else { GAP };
            let line = format!("{name:names$}{GAP}{relation}{gap}{title}")
                .trim_end()
                .to_owned();
            Some(Laid {
                prefix: line,
                rest: Vec::new(),
                tokens: shape.tokens.clone(),
            })
        })
        .collect()
}
