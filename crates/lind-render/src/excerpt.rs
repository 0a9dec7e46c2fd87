//! What of the sources a diagnostic shows: a few lines of each file, harmless and cut to size, in
//! the form that codespan-reporting reads.
//!
//! codespan-reporting prints source lines as they are and whole. It is therefore never given the
//! sources, only these excerpts, and labels moved to where their text stands in them.

use std::collections::BTreeMap;
use std::ops::Range;

use codespan_reporting::diagnostic::Label as Marker;
use codespan_reporting::files;
use lind_diagnostics::{FileId, Files, Label, Position, Span};

use crate::line::ShownLine;
use crate::sanitize;
use crate::style::{Layout, NAME_LIMIT};

/// Lines shown at the beginning and at the end of a stretch of several lines.
///
/// codespan-reporting is told the same numbers.
pub(crate) const CONTEXT_BEHIND_START: u32 = 3;
pub(crate) const CONTEXT_BEFORE_END: u32 = 1;

/// The excerpts of all files a diagnostic points into, in the order it names them.
pub(crate) struct Excerpts {
    files: Vec<Excerpt>,
}

struct Excerpt {
    file: FileId,
    name: String,
    text: String,
    lines: Vec<ExcerptLine>,
    /// Where the beginnings of the labels really stand, by their offset in the excerpt.
    positions: BTreeMap<usize, Position>,
}

struct ExcerptLine {
    /// Where the line begins in the excerpt's text.
    start: usize,
    /// Its number in the file; of the line before it, if it only stands for a gap.
    number: u32,
    /// Where it begins in the file, and how its bytes moved. `None` for a gap.
    shown: Option<(u32, ShownLine)>,
}

/// A label's place: both ends, and the lines they stand in.
struct Place {
    span: Span,
    first: u32,
    last: u32,
}

impl Place {
    /// The place of a label, inside the text and without the line break it may end with: "to the
    /// end of the line" is meant, not "to the beginning of the next".
    fn new(files: &Files, label: &Label) -> Self {
        let span = label.span;
        let length = u32::try_from(files.text(span.file).len()).unwrap_or(u32::MAX);
        let start = span.start.min(length);
        let covered = files.slice(Span::new(span.file, start, span.end));
        let kept = covered.trim_end_matches(['\n', '\r']);
        let end = start.saturating_add(u32::try_from(kept.len()).unwrap_or(u32::MAX));
        Self {
            span: Span::new(span.file, start, end),
            first: files.line_column(span.file, start).line,
            last: files.line_column(span.file, end).line,
        }
    }
}

impl Excerpts {
    /// The excerpts for the labels, and the labels as codespan-reporting wants them. `labels`
    /// begins with the primary one.
    pub(crate) fn new(
        files: &Files,
        labels: &[&Label],
        layout: &Layout,
    ) -> (Self, Vec<Marker<usize>>) {
        let places: Vec<Place> = labels
            .iter()
            .map(|label| Place::new(files, label))
            .collect();

        let mut excerpts = Self { files: Vec::new() };
        for place in &places {
            let known = |excerpt: &Excerpt| excerpt.file == place.span.file;
            if !excerpts.files.iter().any(known) {
                excerpts
                    .files
                    .push(Excerpt::new(files, place.span.file, &places, layout));
            }
        }

        let mut markers = Vec::new();
        for (index, (place, label)) in places.iter().zip(labels).enumerate() {
            let Some(excerpt) = excerpts
                .files
                .iter()
                .position(|excerpt| excerpt.file == place.span.file)
            else {
                continue;
            };
            let range = excerpts
                .files
                .get(excerpt)
                .map_or(0..0, |excerpt| excerpt.range(place));
            let marker = if index == 0 {
                Marker::primary(excerpt, range)
            } else {
                Marker::secondary(excerpt, range)
            };
            markers.push(marker.with_message(layout.label(&label.text)));
        }
        (excerpts, markers)
    }

    fn get(&self, index: usize) -> Result<&Excerpt, files::Error> {
        self.files.get(index).ok_or(files::Error::FileMissing)
    }
}

impl Excerpt {
    fn new(files: &Files, file: FileId, places: &[Place], layout: &Layout) -> Self {
        let mut excerpt = Self {
            file,
            name: sanitize::one_line(files.name(file), NAME_LIMIT, layout.ellipsis),
            text: String::new(),
            lines: Vec::new(),
            positions: BTreeMap::new(),
        };
        let here = || places.iter().filter(|place| place.span.file == file);

        let mut previous: Option<u32> = None;
        for (number, offsets) in lines_to_show(here()) {
            match previous.map(|previous| number - previous) {
                // codespan-reporting marks a gap where line numbers jump, and shows the line in
                // between if there is only one. Two empty lines stand for a gap.
                Some(gap) if gap > 2 => {
                    for _ in 0..2 {
                        excerpt.push_line(previous.unwrap_or(number), None);
                    }
                }
                Some(2) => excerpt.push_source_line(files, number - 1, &[], layout),
                _ => {}
            }
            excerpt.push_source_line(files, number, &offsets, layout);
            previous = Some(number);
        }

        for place in here() {
            let position = files.line_column(file, place.span.start);
            excerpt
                .positions
                .insert(excerpt.range(place).start, position);
        }
        excerpt
    }

    fn push_source_line(&mut self, files: &Files, number: u32, offsets: &[u32], layout: &Layout) {
        // A file that was never added reads as one empty line.
        let span = files
            .line(self.file, number)
            .unwrap_or(Span::at(self.file, 0));
        let in_line: Vec<usize> = offsets
            .iter()
            .filter_map(|offset| usize::try_from(offset.saturating_sub(span.start)).ok())
            .collect();
        let line = ShownLine::new(files.slice(span), &in_line, layout.columns, layout.ellipsis);
        self.push_line(number, Some((span.start, line)));
    }

    fn push_line(&mut self, number: u32, shown: Option<(u32, ShownLine)>) {
        let start = self.text.len();
        if let Some((_, line)) = &shown {
            self.text.push_str(&line.text);
            // Something to point at when a label stands behind the last character.
            self.text.push(' ');
        }
        self.text.push('\n');
        self.lines.push(ExcerptLine {
            start,
            number,
            shown,
        });
    }

    /// Where a place stands in the excerpt.
    fn range(&self, place: &Place) -> Range<usize> {
        let start = self.offset(place.first, place.span.start);
        let end = self.offset(place.last, place.span.end);
        start..end.max(start)
    }

    fn offset(&self, number: u32, offset: u32) -> usize {
        self.lines
            .iter()
            .filter(|line| line.number == number)
            .find_map(|line| {
                let (file_start, shown) = line.shown.as_ref()?;
                let in_line = usize::try_from(offset.saturating_sub(*file_start)).ok()?;
                Some(line.start + shown.position(in_line))
            })
            .unwrap_or(0)
    }
}

/// Which lines to show, and which of their bytes must be seen.
fn lines_to_show<'a>(places: impl Iterator<Item = &'a Place>) -> BTreeMap<u32, Vec<u32>> {
    let mut lines: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for place in places {
        let head = place.first..=place.last.min(place.first + CONTEXT_BEHIND_START);
        let tail = place
            .first
            .max(place.last - CONTEXT_BEFORE_END.min(place.last))..=place.last;
        for number in head.chain(tail) {
            lines.entry(number).or_default();
        }
        lines.entry(place.first).or_default().push(place.span.start);
        lines.entry(place.last).or_default().push(place.span.end);
    }
    lines
}

impl<'a> files::Files<'a> for Excerpts {
    type FileId = usize;
    type Name = &'a str;
    type Source = &'a str;

    fn name(&'a self, id: usize) -> Result<&'a str, files::Error> {
        Ok(&self.get(id)?.name)
    }

    fn source(&'a self, id: usize) -> Result<&'a str, files::Error> {
        Ok(&self.get(id)?.text)
    }

    fn line_index(&'a self, id: usize, byte_index: usize) -> Result<usize, files::Error> {
        let lines = &self.get(id)?.lines;
        Ok(lines
            .partition_point(|line| line.start <= byte_index)
            .saturating_sub(1))
    }

    fn line_number(&'a self, id: usize, line_index: usize) -> Result<usize, files::Error> {
        let number = self.get(id)?.lines.get(line_index).map(|line| line.number);
        Ok(number
            .and_then(|number| usize::try_from(number).ok())
            .unwrap_or(1))
    }

    fn column_number(
        &'a self,
        id: usize,
        _line_index: usize,
        byte_index: usize,
    ) -> Result<usize, files::Error> {
        let position = self.get(id)?.positions.get(&byte_index);
        Ok(position
            .and_then(|position| usize::try_from(position.column).ok())
            .unwrap_or(1))
    }

    fn line_range(&'a self, id: usize, line_index: usize) -> Result<Range<usize>, files::Error> {
        let excerpt = self.get(id)?;
        let line = excerpt
            .lines
            .get(line_index)
            .ok_or(files::Error::LineTooLarge {
                given: line_index,
                max: excerpt.lines.len(),
            })?;
        let next = excerpt.lines.get(line_index + 1);
        Ok(line.start..next.map_or(excerpt.text.len(), |next| next.start))
    }
}
