//! Which line of a public text each criterion states.

mod json;
mod text;

use lind_model::trace::{Follows, LineChange, LineStatus, Trace};
use lind_model::{CriterionId, Protocol};

pub use json::trace_json;
pub use text::trace_text;

/// A protocol, the text that it is held against, and what was found.
#[derive(Clone, Copy, Debug)]
pub struct Traced<'t> {
    /// The protocol.
    pub protocol: &'t Protocol,
    /// The name of the text, and its form in words.
    pub registry: (&'t str, &'t str),
    /// The name of the earlier text, if there is one.
    pub earlier: Option<&'t str>,
    /// Which trial the text says it is of, if that is another than the protocol's.
    pub other_trial: Option<&'t str>,
    /// What was found.
    pub trace: &'t Trace,
}

/// What nobody should take the result for.
const NO_PROOF: &str = "What is called stated shares its numbers, their units and most of its words with \
                        the criterion; whether the two mean the same, a person must say.";

/// The statuses, in the order in which they are counted.
const STATUSES: [LineStatus; 4] = [
    LineStatus::Stated,
    LineStatus::Partly,
    LineStatus::Unstated,
    LineStatus::Missing,
];

/// The word for programs.
const fn status_word(status: LineStatus) -> &'static str {
    match status {
        LineStatus::Stated => "stated",
        LineStatus::Partly => "partly_stated",
        LineStatus::Unstated => "unstated",
        LineStatus::Missing => "missing",
    }
}

fn number(protocol: &Protocol, id: CriterionId) -> &str {
    let criterion = protocol.criteria.get(id.index());
    criterion.map_or("", |criterion| &criterion.id)
}

fn title(protocol: &Protocol, id: CriterionId) -> &str {
    let criterion = protocol.criteria.get(id.index());
    criterion.map_or("", |criterion| &criterion.title)
}

fn numbers<'p>(protocol: &'p Protocol, ids: &[CriterionId]) -> Vec<&'p str> {
    ids.iter().map(|id| number(protocol, *id)).collect()
}

/// What became of a line, in words that end a sentence which begins with its number.
const fn change_words(change: &LineChange) -> &'static str {
    match (&change.earlier, &change.later, change.follows) {
        (Some(_), Some(_), Follows::Earlier) => {
            "has changed, and the criterion states the earlier text"
        }
        (Some(_), Some(_), Follows::Later) => {
            "has changed, and the criterion states the later text"
        }
        (Some(_), Some(_), Follows::Undecided) => {
            "has changed; the criterion does not tell which it states"
        }
        (None, _, Follows::Later) => "is new, and is stated",
        (None, _, _) => "is new",
        (Some(_), None, Follows::Earlier) => "is gone, and a criterion still states it",
        (Some(_), None, _) => "is gone, and no criterion states it alone",
    }
}
