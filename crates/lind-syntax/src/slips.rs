//! Slips that people make in a line, each recognised by trying the repair: what is proposed can be read.

mod choices;
mod conditions;
mod events;
mod everyday;
mod marks;
mod phrases;
mod titles;
mod words;

use std::collections::BTreeSet;
use std::ops::Range;

use pest::iterators::Pair;

use crate::grammar::{Failure, Rule, reads_well};
use crate::place::Place;

/// The names that a file knows: those it declares, those it takes from the library, and those of several
/// words that other lines of it use.
pub(crate) type Names<'t> = BTreeSet<&'t str>;

/// What goes out of a line, and what comes in.
type Edit = (Range<usize>, String);

/// A slip that was recognised. All ranges are bytes of the line.
pub(crate) struct Slip {
    pub(crate) at: Range<usize>,
    pub(crate) message: String,
    pub(crate) label: String,
    pub(crate) note: Option<&'static str>,
    pub(crate) title: String,
    pub(crate) edits: Vec<Edit>,
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

    fn repair(mut self, title: impl Into<String>, edits: Vec<Edit>) -> Self {
        self.title = title.into();
        self.edits = edits;
        self
    }

    fn safe(mut self) -> Self {
        self.keeps_meaning = true;
        self
    }
}

/// The names that the lines of a file declare, take from the library, or use.
pub(crate) fn names_of<'t>(lines: impl Iterator<Item = &'t str>) -> Names<'t> {
    let mut names = Names::new();
    for line in lines {
        let words: Vec<&str> = tokens(line)
            .into_iter()
            .filter_map(|token| line.get(token))
            .collect();
        match words.as_slice() {
            ["use", _, taken @ ..] => {
                names.extend(taken.iter().copied().filter(|word| is_name(word)))
            }
            [head, declared, ..] if Place::below(head).is_some() && is_name(declared) => {
                names.insert(declared);
            }
            _ => {}
        }
        let joined = |word: &&str| word.contains('_') && is_name(word);
        names.extend(words.iter().copied().filter(joined));
    }
    names
}

/// Whether a word could be a name.
fn is_name(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_alphabetic())
        && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// What was most likely meant by a line that was refused, if a small repair makes it readable.
pub(crate) fn slip(place: Place, text: &str, failure: &Failure, names: &Names<'_>) -> Option<Slip> {
    let line = Refused::new(place, text, failure, names);
    line.sign()
        .or_else(|| line.other_quotes())
        .or_else(|| line.last_mark())
        .or_else(|| line.strange_letter())
        .or_else(|| line.decimal_comma())
        .or_else(|| line.leading_point())
        .or_else(|| line.open_bracket())
        .or_else(|| line.number_missing())
        .or_else(|| line.nobody_named())
        .or_else(|| line.unless_elsewhere())
        .or_else(|| line.not_a_word_of_a_field())
        .or_else(|| line.grades())
        .or_else(|| line.outcome_behind_gate())
        .or_else(|| line.words_of_choices())
        .or_else(|| line.phrase())
        .or_else(|| line.text_elsewhere())
        .or_else(|| line.misspelt_relation())
        .or_else(|| line.unquoted_text())
        .or_else(|| line.misspelt())
        .or_else(|| line.missing_colon())
        .or_else(|| line.two_words())
        .or_else(|| line.missing_comparison())
}

/// The same for slips that the beginning of a line shows: a bullet, a capital.
pub(crate) fn slip_at_start(place: Place, text: &str, failure: &Failure) -> Option<Slip> {
    let names = Names::new();
    let line = Refused::new(place, text, failure, &names);
    line.bullet().or_else(|| line.capitals())
}

/// The same for a line that was read, if a unit in it took in words of the language that were misspelt:
/// `50 mL/min wihtin 7 days before screening`.
pub(crate) fn slip_in_unit(place: Place, text: &str, pair: Pair<'_, Rule>) -> Option<Slip> {
    let crowded = |unit: &Pair<'_, Rule>| {
        let written = unit.as_str();
        unit.as_rule() == Rule::unit
            && (written.contains(' ') && !written.starts_with(['x', '×'])
                || written.starts_with(|c: char| c == '-' || !c.is_ascii())
                || written.contains("^^"))
    };
    let unit = pair.into_inner().flatten().find(crowded)?;
    let unit = unit.as_span().start()..unit.as_span().end();
    let names = Names::new();
    let failure = Failure {
        at: unit.start,
        tried: Vec::new(),
    };
    let line = Refused::new(place, text, &failure, &names);
    line.doubled_power(&unit)
        .or_else(|| line.mark_in_unit(&unit))
        .or_else(|| line.capitals())
        .or_else(|| line.misspelt_in(&unit))
}

/// A line that its rule refused.
struct Refused<'t> {
    place: Place,
    text: &'t str,
    /// Where it stopped being readable.
    at: usize,
    /// Its words and quoted texts.
    tokens: Vec<Range<usize>>,
    /// The names its file knows.
    names: &'t Names<'t>,
}

/// Whether a word is one of those that lines are made of.
pub(crate) fn is_word(word: &str) -> bool {
    words::WORDS.contains(&word)
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

impl<'t> Refused<'t> {
    fn new(place: Place, text: &'t str, failure: &Failure, names: &'t Names<'t>) -> Self {
        Self {
            place,
            text,
            at: failure.at.min(text.len()),
            tokens: tokens(text),
            names,
        }
    }

    fn word(&self, range: &Range<usize>) -> &str {
        self.text.get(range.clone()).unwrap_or_default()
    }

    /// Whether the line can be read with some edits made. They must not overlap and be in order.
    fn reads(&self, edits: &[Edit]) -> bool {
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
