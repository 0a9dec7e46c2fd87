//! Slips that people make in a line, each recognised by trying the repair: what is proposed can be read.

mod marks;
mod words;

use std::ops::Range;

use crate::grammar::{Failure, reads_well};
use crate::place::Place;

/// A slip that was recognised. All ranges are bytes of the line.
pub(crate) struct Slip {
    pub(crate) at: Range<usize>,
    pub(crate) message: String,
    pub(crate) label: String,
    pub(crate) note: Option<&'static str>,
    pub(crate) title: String,
    pub(crate) edits: Vec<(Range<usize>, String)>,
    /// The repair leaves no doubt about what was meant.
    pub(crate) keeps_meaning: bool,
}

impl Slip {
    fn new(at: Range<usize>, message: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            at,
            message: message.into(),
            label: label.into(),
            note: None,
            title: String::new(),
            edits: Vec::new(),
            keeps_meaning: false,
        }
    }

    fn note(mut self, note: &'static str) -> Self {
        self.note = Some(note);
        self
    }

    fn repair(mut self, title: impl Into<String>, edits: Vec<(Range<usize>, String)>) -> Self {
        self.title = title.into();
        self.edits = edits;
        self
    }

    fn safe(mut self) -> Self {
        self.keeps_meaning = true;
        self
    }
}

/// What was most likely meant by a line that was refused, if a small repair makes it readable.
pub(crate) fn slip(place: Place, text: &str, failure: &Failure) -> Option<Slip> {
    let line = Refused {
        place,
        text,
        at: failure.at.min(text.len()),
        tokens: tokens(text),
    };
    line.bullet()
        .or_else(|| line.sign())
        .or_else(|| line.other_quotes())
        .or_else(|| line.capitals())
        .or_else(|| line.last_mark())
        .or_else(|| line.strange_letter())
        .or_else(|| line.decimal_comma())
        .or_else(|| line.number_missing())
        .or_else(|| line.unquoted_text())
        .or_else(|| line.misspelt())
        .or_else(|| line.missing_colon())
        .or_else(|| line.two_words())
        .or_else(|| line.missing_comparison())
}

/// A line that its rule refused.
struct Refused<'t> {
    place: Place,
    text: &'t str,
    /// Where it stopped being readable.
    at: usize,
    /// Its words and quoted texts.
    tokens: Vec<Range<usize>>,
}

/// The words and quoted texts of a line. A colon behind a word is not part of it.
fn tokens(text: &str) -> Vec<Range<usize>> {
    let mut tokens: Vec<Range<usize>> = Vec::new();
    let mut open: Option<usize> = None;
    let mut in_text = false;
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match (in_text, c) {
            (true, _) if escaped => escaped = false,
            (true, '\\') => escaped = true,
            (true, '"') => {
                in_text = false;
                tokens.extend(open.take().map(|start| start..at + 1));
            }
            (true, _) => {}
            (false, '"') => {
                tokens.extend(open.take().map(|start| start..at));
                open = Some(at);
                in_text = true;
            }
            (false, c) if c.is_whitespace() || c == ',' || c == ':' => {
                tokens.extend(open.take().map(|start| start..at))
            }
            (false, _) => open = open.or(Some(at)),
        }
    }
    tokens.extend(open.map(|start| start..text.len()));
    tokens
}

impl Refused<'_> {
    fn word(&self, range: &Range<usize>) -> &str {
        self.text.get(range.clone()).unwrap_or_default()
    }

    /// Whether the line can be read with some edits made. They must not overlap and be in order.
    fn reads(&self, edits: &[(Range<usize>, String)]) -> bool {
        let mut repaired = String::with_capacity(self.text.len() + 16);
        let mut copied = 0;
        for (range, replacement) in edits {
            repaired.push_str(self.text.get(copied..range.start).unwrap_or_default());
            repaired.push_str(replacement);
            copied = range.end;
        }
        repaired.push_str(self.text.get(copied..).unwrap_or_default());
        reads_well(self.place.rule(), &repaired)
    }

    /// The index of the token at which reading stopped; the number of tokens at the end of the line.
    fn failed_token(&self) -> usize {
        self.tokens
            .iter()
            .position(|token| token.end > self.at)
            .unwrap_or(self.tokens.len())
    }
}
