//! What a fix would change, as lines that go out and lines that come in.

use std::collections::BTreeMap;

use lind_diagnostics::{Applicability, Edit, FileId, Files, Fix, Span};

use crate::line::ShownLine;
use crate::sanitize;
use crate::short::and_more;
use crate::style::{Layout, MESSAGE_LIMIT, NAME_LIMIT};
use crate::wrap::wrap;

/// The most lines that are shown of what goes out or comes in at one place.
const LINES_SHOWN: usize = 6;

/// The most places of a fix that are shown.
const PLACES_SHOWN: usize = 8;

/// A fix as a note: what it does, and the lines before and after. `home` is the file the
/// diagnostic is about; lines of others come under their file's name.
pub(crate) fn to_note(files: &Files, fix: &Fix, home: FileId, layout: &Layout) -> String {
    let kind = match fix.applicability {
        Applicability::Safe => "fix",
        Applicability::NeedsReview => "fix, for review",
    };
    let title = sanitize::one_line(&fix.title, MESSAGE_LIMIT, layout.ellipsis);
    let mut note = wrap(&format!("{kind}: {title}"), layout.note_columns);

    let places = places(files, &fix.edits);
    let mut file = home;
    for place in places.iter().take(PLACES_SHOWN) {
        if place.file != file {
            file = place.file;
            let name = sanitize::one_line(files.name(file), NAME_LIMIT, layout.ellipsis);
            note.push_str(&format!("\nin {name}:"));
        }
        place.push_lines(files, &mut note, layout);
    }
    if let Some(left_out @ 1..) = places.len().checked_sub(PLACES_SHOWN) {
        note.push('\n');
        note.push_str(&and_more(left_out));
    }
    note
}

/// Neighbouring whole lines of a file, and the edits in them.
struct ChangedLines<'a> {
    file: FileId,
    first: u32,
    last: u32,
    edits: Vec<&'a Edit>,
}

/// The edits by the lines they touch, in the order of the files.
fn places<'a>(files: &Files, edits: &'a [Edit]) -> Vec<ChangedLines<'a>> {
    let mut sorted: BTreeMap<(FileId, u32, u32), &Edit> = BTreeMap::new();
    for edit in edits {
        let Span { file, start, end } = edit.span;
        sorted.insert((file, start, end), edit);
    }
    let mut places: Vec<ChangedLines<'_>> = Vec::new();
    for ((file, start, end), edit) in sorted {
        let first = files.line_column(file, start).line;
        let last = files.line_column(file, end.max(start)).line;
        match places.last_mut() {
            Some(place) if place.file == file && first <= place.last => {
                place.last = place.last.max(last);
                place.edits.push(edit);
            }
            _ => places.push(ChangedLines {
                file,
                first,
                last,
                edits: vec![edit],
            }),
        }
    }
    places
}

impl ChangedLines<'_> {
    fn push_lines(&self, files: &Files, note: &mut String, layout: &Layout) {
        let before = self.before(files);
        let after = self.after(files);
        let before: Vec<&str> = before.lines().collect();
        let after: Vec<&str> = after.lines().collect();

        // Lines that stay are not shown: an insertion between two lines touches the second one.
        let same_ahead = common(before.iter(), after.iter());
        let rest = |lines: &[&str]| lines.len() - same_ahead;
        let same_behind = common(before.iter().rev(), after.iter().rev())
            .min(rest(&before))
            .min(rest(&after));
        let changed = |lines: Vec<&str>| -> Vec<String> {
            let kept = lines.len() - same_behind;
            lines
                .into_iter()
                .take(kept)
                .skip(same_ahead)
                .map(str::to_owned)
                .collect()
        };
        let (before, after) = (changed(before), changed(after));

        push_side(note, '-', &before, &after, layout);
        push_side(note, '+', &after, &before, layout);
    }

    /// The lines as they are.
    fn before(&self, files: &Files) -> String {
        files.slice(self.span(files)).to_owned()
    }

    /// The lines with the edits made.
    fn after(&self, files: &Files) -> String {
        let span = self.span(files);
        let mut text = String::new();
        let mut copied = span.start;
        for edit in &self.edits {
            if edit.span.start < copied {
                continue;
            }
            text.push_str(files.slice(Span::new(self.file, copied, edit.span.start)));
            text.push_str(&edit.replacement);
            copied = edit.span.end.max(edit.span.start);
        }
        text.push_str(files.slice(Span::new(self.file, copied, span.end.max(copied))));
        text
    }

    fn span(&self, files: &Files) -> Span {
        let end = Span::at(self.file, u32::MAX);
        let first = files.line(self.file, self.first).unwrap_or(end);
        let last = files.line(self.file, self.last).unwrap_or(end);
        first.join(last)
    }
}

fn common<'a>(
    left: impl Iterator<Item = &'a &'a str>,
    right: impl Iterator<Item = &'a &'a str>,
) -> usize {
    left.zip(right)
        .take_while(|(left, right)| left == right)
        .count()
}

/// Appends the lines of one side, each cut to where it differs from its partner on the other.
fn push_side(note: &mut String, sign: char, lines: &[String], others: &[String], layout: &Layout) {
    for (index, line) in lines.iter().take(LINES_SHOWN).enumerate() {
        let other = others.get(index).map_or("", String::as_str);
        let places = differing(line, other);
        let columns = layout.note_columns.saturating_sub(4).max(20);
        let shown = ShownLine::new(line, &places, columns, layout.ellipsis);
        note.push_str(&format!("\n  {sign} {}", shown.text));
    }
    if let Some(left_out @ 1..) = lines.len().checked_sub(LINES_SHOWN) {
        note.push_str(&format!("\n  {sign} {} (+{left_out})", layout.ellipsis));
    }
}

/// Where the part of `line` that `other` does not share begins and ends.
fn differing(line: &str, other: &str) -> [usize; 2] {
    let bytes = |(left, _): (char, char)| left.len_utf8();
    let start: usize = line
        .chars()
        .zip(other.chars())
        .take_while(|(left, right)| left == right)
        .map(bytes)
        .sum();
    let behind: usize = line
        .chars()
        .rev()
        .zip(other.chars().rev())
        .take_while(|(left, right)| left == right)
        .map(bytes)
        .sum();
    [start, line.len().saturating_sub(behind).max(start)]
}
