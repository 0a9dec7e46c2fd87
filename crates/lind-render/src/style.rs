//! How diagnostics look on a terminal.

use crate::sanitize;

/// How diagnostics look on a terminal.
///
/// The command decides it from its arguments and its surroundings; this crate asks nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Whether to use colours, as ANSI sequences.
    pub color: bool,
    /// The width of the terminal in columns; fewer than 40 count as 40. Source lines are cut to it.
    /// Notes are broken at 80 columns even on a wider terminal, for the sake of reading.
    pub width: usize,
    /// Whether to draw with ASCII characters only. The text of the sources stays as it is.
    pub ascii: bool,
}

impl Default for Style {
    /// Without colours, 80 columns wide, with Unicode lines: the same bytes everywhere.
    fn default() -> Self {
        Self {
            color: false,
            width: 80,
            ascii: false,
        }
    }
}

/// The longest message, label, note and file name that is shown, in characters. They may quote
/// data, and data may be of any length.
pub(crate) const MESSAGE_LIMIT: usize = 1000;
const LABEL_LIMIT: usize = 300;
pub(crate) const NOTE_LIMIT: usize = 4000;
pub(crate) const NAME_LIMIT: usize = 300;

/// A style with its measures worked out for one diagnostic.
pub(crate) struct Layout {
    /// Columns for a source line.
    pub(crate) columns: usize,
    /// Columns for a line of a note.
    pub(crate) note_columns: usize,
    pub(crate) ellipsis: &'static str,
}

impl Layout {
    /// The measures when line numbers have up to `digits` digits.
    pub(crate) fn new(style: Style, digits: usize) -> Self {
        let width = style.width.max(40);
        // In front of a source line stand its number, a space, the border, and a space; in front
        // of a note stand as many columns.
        let gutter = digits + 3;
        Self {
            columns: width.saturating_sub(gutter).max(20),
            note_columns: width.min(80).saturating_sub(gutter).max(20),
            ellipsis: if style.ascii { "..." } else { "…" },
        }
    }

    pub(crate) fn label(&self, text: &str) -> String {
        sanitize::one_line(text, LABEL_LIMIT, self.ellipsis)
    }
}
