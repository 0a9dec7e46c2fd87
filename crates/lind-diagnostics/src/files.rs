//! The texts that spans point into, with their lines.

use std::sync::{Arc, OnceLock};

use crate::{FileId, Span};

/// Every text of one run: protocols, the library, tables of patient data.
///
/// Texts are only ever added, so a [`FileId`] stays valid. Every look-up is total: an id that was
/// never given out reads as an empty text without a name, and an offset behind the end reads as
/// the end.
///
/// Offsets are 32 bits wide; a reader must refuse texts of 4 GiB and more. What lies behind that
/// limit cannot be pointed at.
#[derive(Clone, Debug, Default)]
pub struct Files {
    files: Vec<File>,
}

#[derive(Clone, Debug)]
struct File {
    name: String,
    text: Arc<str>,
    /// Where each line begins. Filled at the first question, since most texts of a large run (the
    /// patients' tables) are never pointed at.
    line_starts: OnceLock<Vec<u32>>,
}

impl File {
    fn line_starts(&self) -> &[u32] {
        self.line_starts.get_or_init(|| {
            std::iter::once(0)
                .chain(
                    self.text
                        .match_indices('\n')
                        .filter_map(|(newline, _)| u32::try_from(newline + 1).ok()),
                )
                .collect()
        })
    }

    /// The end of the text, or the last offset that can be named.
    fn len(&self) -> u32 {
        u32::try_from(self.text.len()).unwrap_or(u32::MAX)
    }
}

/// A place in a text as people and editors count it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The line, from 1. A line ends with LF or CR LF.
    pub line: u32,
    /// The column in characters (Unicode scalar values), from 1.
    pub column: u32,
    /// The column in UTF-16 code units, from 1: what editors count unless told otherwise.
    pub utf16: u32,
}

impl Files {
    /// No texts yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes in a text under the name that messages will show, and returns its id.
    ///
    /// The same name may come twice (two versions of one protocol); the ids tell them apart.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<Arc<str>>) -> FileId {
        let id = FileId::from_index(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        self.files.push(File {
            name: name.into(),
            text: text.into(),
            line_starts: OnceLock::new(),
        });
        id
    }

    fn get(&self, id: FileId) -> Option<&File> {
        self.files.get(usize::try_from(id.index()).ok()?)
    }

    /// The name the text was added under.
    #[must_use]
    pub fn name(&self, id: FileId) -> &str {
        self.get(id).map_or("", |file| &file.name)
    }

    /// The whole text.
    #[must_use]
    pub fn text(&self, id: FileId) -> &str {
        self.get(id).map_or("", |file| &file.text)
    }

    /// The text under a span.
    ///
    /// What lies outside the text is left out, and an end inside a character is moved back to its
    /// beginning, so that every span has a text.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        let text = self.text(span.file);
        let start = floor_character(text, span.start);
        let end = floor_character(text, span.end);
        text.get(start..end).unwrap_or("")
    }

    /// Where an offset stands.
    #[must_use]
    pub fn line_column(&self, id: FileId, offset: u32) -> Position {
        let Some(file) = self.get(id) else {
            return Position {
                line: 1,
                column: 1,
                utf16: 1,
            };
        };
        let offset = offset.min(file.len());
        let starts = file.line_starts();
        // The first line begins at 0, so at least one start is not behind the offset.
        let line = starts.partition_point(|&start| start <= offset);
        let start = starts.get(line.saturating_sub(1)).copied().unwrap_or(0);
        let before = self.slice(Span::new(id, start, offset));
        let saturate = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        Position {
            line: saturate(line),
            column: saturate(before.chars().count()).saturating_add(1),
            utf16: saturate(before.chars().map(char::len_utf16).sum()).saturating_add(1),
        }
    }

    /// How many lines the text has; an empty text has one.
    #[must_use]
    pub fn line_count(&self, id: FileId) -> u32 {
        self.get(id).map_or(1, |file| {
            u32::try_from(file.line_starts().len()).unwrap_or(u32::MAX)
        })
    }

    /// The `line`th line, from 1, without its line break; `None` if there is no such line.
    #[must_use]
    pub fn line(&self, id: FileId, line: u32) -> Option<Span> {
        let file = self.get(id)?;
        let starts = file.line_starts();
        let index = usize::try_from(line.checked_sub(1)?).ok()?;
        let start = *starts.get(index)?;
        let next = starts.get(index + 1).copied().unwrap_or(file.len());
        let whole = self.slice(Span::new(id, start, next));
        let bare = whole
            .strip_suffix('\n')
            .map_or(whole, |cut| cut.strip_suffix('\r').unwrap_or(cut));
        let length = u32::try_from(bare.len()).unwrap_or(u32::MAX);
        Some(Span::new(id, start, start.saturating_add(length)))
    }

    /// Every text in the order of adding: its id and its name.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &str)> {
        (0_u32..)
            .map(FileId::from_index)
            .zip(self.files.iter().map(|file| file.name.as_str()))
    }
}

/// The last character boundary at or before `offset`, which may lie behind the end.
fn floor_character(text: &str, offset: u32) -> usize {
    let mut offset = usize::try_from(offset)
        .unwrap_or(usize::MAX)
        .min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}
