//! What one version of a protocol means that another does not.

mod amendment;
mod cohort;
mod json;
mod parts;
mod text;

use lind_model::difference::{Change, Cohort, Difference, Effects, Status};
use lind_model::{Effect, Protocol, Standing};

pub use amendment::{
    FindingRow, amendment_json, amendment_markdown, new_protocol_json, new_protocol_markdown,
};
pub use json::difference_json;
pub use text::difference_text;

/// Two versions, and what was found.
#[derive(Clone, Copy, Debug)]
pub struct Compared<'d> {
    /// The old version.
    pub old: &'d Protocol,
    /// The new version.
    pub new: &'d Protocol,
    /// What was found.
    pub difference: &'d Difference,
    /// What it means for patients of whom there are data, if they were asked about.
    pub cohort: Option<&'d Cohort>,
    /// Whether counts below five are told in a comment that others may read.
    pub small_counts: bool,
}

impl Compared<'_> {
    /// That what was compared are two protocols, by their numbers; none if they are versions of one.
    fn two_protocols(&self) -> Option<String> {
        let (old, new) = (&self.old.id, &self.new.id);
        (old != new).then(|| {
            format!("These are two protocols, {old} and {new}, and not two versions of one.")
        })
    }
}

/// What is not compared, so that nobody takes silence for an answer.
const NOT_COMPARED: &str = "Sources, notes and tests are not compared.";

/// What nobody should take the result for.
const NO_DETERMINATION: &str =
    "This is not a determination that the amendment is or is not substantial.";

/// What is known, in a word.
const fn status_word(status: &Status) -> &'static str {
    match status {
        Status::Impossible => "proved",
        Status::Witnessed(_) => "witnessed",
        Status::Undecided(_) => "undecided",
    }
}

/// What it means that patients go from one standing to another.
const fn transition_words(from: Standing, to: Standing) -> &'static str {
    match (from, to) {
        (Standing::Ineligible, Standing::Eligible) => "the protocol opens",
        (Standing::Eligible, Standing::Ineligible) => "the protocol closes",
        (Standing::Eligible, Standing::Undetermined) => "newer or more evidence is wanted",
        (Standing::Undetermined, Standing::Eligible) => "less evidence is wanted",
        (Standing::Undetermined, _) => "what was open is decided against",
        (Standing::Ineligible, _) => "what was decided against is open",
        (Standing::Eligible, Standing::Eligible) => "nothing changes",
    }
}

/// The same of a criterion.
const fn effect_words(from: Effect, to: Effect) -> &'static str {
    match (from, to) {
        (Effect::Fail, Effect::Pass) => "opens",
        (Effect::Pass, Effect::Fail) => "closes",
        (Effect::Pass, _) => "wants newer or more evidence",
        (Effect::Open, Effect::Pass) => "wants less evidence",
        (Effect::Open, _) => "decides against what it left open",
        (Effect::Fail, _) => "leaves open what it decided against",
    }
}

/// What became of a criterion, in a word.
fn change_word(change: &Change) -> &'static str {
    match change {
        Change::Same => "same",
        Change::Added(_) => "added",
        Change::Removed(_) => "removed",
        Change::Changed(effects) if effects.is_same() => "reworded",
        Change::Changed(_) => "changed",
    }
}

/// What a change does, each once, what is witnessed first.
fn directions(effects: &Effects) -> Vec<(&'static str, bool)> {
    let mut found: Vec<(&'static str, bool)> = Vec::new();
    for (from, to, status) in &effects.alone {
        let own = (
            effect_words(*from, *to),
            matches!(status, Status::Witnessed(_)),
        );
        if !found.contains(&own) {
            found.push(own);
        }
    }
    found.sort_by_key(|(_, witnessed)| !witnessed);
    found
}
