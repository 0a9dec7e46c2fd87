//! A protocol read back in sentences, from what was checked and never from its text, so that an author can
//! hold it against the protocol on paper.

mod activities;
mod conditions;
mod doses;
mod endpoints;
mod facts;
mod markdown;
mod page;
mod schedule;
mod sections;
mod sets;
mod spells;
mod states;
mod sums;
mod text;
mod values;
mod windows;

pub use markdown::protocol_markdown;
pub use page::protocol_html;
pub use text::protocol_text;

use lind_model::Protocol;
use lind_model::protocol::{MOST_NAMED_RECORDS, NamedRecord};

/// A sentence, and those that belong below it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Said {
    text: String,
    parts: Vec<Said>,
}

impl Said {
    fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            parts: Vec::new(),
        }
    }

    fn with(text: impl Into<String>, parts: Vec<Said>) -> Self {
        Self {
            text: text.into(),
            parts,
        }
    }

    /// The same with every text turned.
    fn map(self, turn: &impl Fn(&str) -> String) -> Self {
        Self {
            text: turn(&self.text),
            parts: self.parts.into_iter().map(|part| part.map(turn)).collect(),
        }
    }

    /// The same in words: names without the signs that hold them together.
    fn spoken(self) -> Self {
        self.map(&spoken)
    }

    /// The same with words before it.
    fn after(self, words: &str) -> Self {
        Self {
            text: format!("{words} {}", self.text),
            ..self
        }
    }
}

/// A part of the page: its heading, a sentence for all of it, and its entries.
struct Section {
    heading: &'static str,
    about: &'static str,
    entries: Vec<Entry>,
}

/// One thing that a section tells: its name, and sentences below it.
struct Entry {
    head: String,
    said: Vec<Said>,
}

/// Tells of a protocol.
#[derive(Clone, Copy)]
struct Teller<'p> {
    protocol: &'p Protocol,
    /// The names of the records that have one where a condition is told.
    records: [&'p str; MOST_NAMED_RECORDS],
}

impl<'p> Teller<'p> {
    fn new(protocol: &'p Protocol) -> Self {
        Self {
            protocol,
            records: ["the record"; MOST_NAMED_RECORDS],
        }
    }

    /// Below a record that has a name.
    fn naming(mut self, record: NamedRecord, name: &'p str) -> Self {
        if let Some(place) = self.records.get_mut(usize::from(record.0)) {
            *place = name;
        }
        self
    }

    fn record(self, record: NamedRecord) -> &'p str {
        self.records
            .get(usize::from(record.0))
            .copied()
            .unwrap_or("the record")
    }
}

/// A text in which no name is written as in code: `systemic_infection` is a systemic infection.
pub(crate) fn spoken(text: &str) -> String {
    let mut words = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let joins = character == '_'
            && words.ends_with(|before: char| before.is_alphanumeric())
            && characters.peek().is_some_and(|next| next.is_alphanumeric());
        words.push(if joins { ' ' } else { character });
    }
    words
}

/// A sentence about the participant, where a condition is told without one: `has malignancy`.
fn of_participant(text: &str) -> String {
    let verbs = [
        "has ",
        "has, ",
        "does not have, ",
        "is taking, ",
        "is not taking, ",
        "does not have ",
        "is taking ",
        "is not taking ",
    ];
    if verbs.iter().any(|verb| text.starts_with(verb)) {
        format!("the participant {text}")
    } else {
        text.to_owned()
    }
}

/// `a, b or c`
fn or_list(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [rest @ .., last] => format!("{} or {last}", rest.join(", ")),
    }
}
