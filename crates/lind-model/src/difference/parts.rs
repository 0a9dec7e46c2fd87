//! What two versions say of the parts of a trial beyond eligibility, pair by pair: doses, toxicity, endpoints, the
//! schedule, and the rest.

use std::sync::Arc;

use lind_diagnostics::Span;

/// Which part of a trial a difference is about, in the order in which an amendment is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Category {
    /// Dose levels, treatment plans and arms.
    Dose,
    /// What counts as a dose-limiting toxicity, how it is graded, and which rule moves between doses.
    Toxicity,
    /// Endpoints, populations, states and statistics.
    Endpoint,
    /// Visits, assessments, timelines and study days.
    Schedule,
    /// Everything else.
    Other,
}

impl Category {
    /// All of them, in their order.
    pub const ALL: [Self; 5] = [
        Self::Dose,
        Self::Toxicity,
        Self::Endpoint,
        Self::Schedule,
        Self::Other,
    ];

    /// Its word in formats for programs.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Dose => "dose",
            Self::Toxicity => "toxicity",
            Self::Endpoint => "endpoint",
            Self::Schedule => "schedule",
            Self::Other => "other",
        }
    }

    /// What it is about, for people.
    #[must_use]
    pub const fn heading(self) -> &'static str {
        match self {
            Self::Dose => "doses",
            Self::Toxicity => "toxicity and escalation",
            Self::Endpoint => "endpoints",
            Self::Schedule => "the schedule",
            Self::Other => "other matters",
        }
    }
}

/// What became of a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PartChange {
    /// It is there now and was not.
    Added,
    /// It was there and is not.
    Removed,
    /// It says something else.
    Changed,
    /// It has another name, which by itself means nothing.
    Renamed,
    /// It has other words, which by themselves mean nothing.
    Reworded,
}

impl PartChange {
    /// Its word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
            Self::Renamed => "renamed",
            Self::Reworded => "reworded",
        }
    }

    /// Whether the versions mean something else.
    #[must_use]
    pub const fn is_of_meaning(self) -> bool {
        match self {
            Self::Added | Self::Removed | Self::Changed => true,
            Self::Renamed | Self::Reworded => false,
        }
    }
}

/// A rule that compares what both versions say of one thing.
#[derive(Debug, PartialEq, Eq)]
pub struct PairRule {
    /// Its name, which stays as it is: `visit-window-narrowed`.
    pub id: &'static str,
    /// Which part of a trial it is about.
    pub category: Category,
    /// What it finds.
    pub change: PartChange,
    /// What sort of thing it is about: `visit`.
    pub thing: &'static str,
    /// What of the thing, in a few words: `window narrowed`.
    pub said: &'static str,
    /// What it compares, in a sentence.
    pub purpose: &'static str,
}

/// A difference that a rule found.
#[derive(Debug, Clone)]
pub struct PartDifference {
    /// The rule.
    pub rule: &'static PairRule,
    /// The name of the thing, in the new version if it is there.
    pub id: Arc<str>,
    /// Its title, in the new version if it is there.
    pub title: Arc<str>,
    /// What the old version says; none if the thing is not there.
    pub old: Option<PartSide>,
    /// The same of the new version.
    pub new: Option<PartSide>,
}

/// What one version says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartSide {
    /// In words that can be read aloud.
    pub words: String,
    /// Where it says so, if it is a place of that version.
    pub span: Option<Span>,
}

impl PartSide {
    /// These words, said at this place.
    #[must_use]
    pub fn of(words: &str, span: Option<Span>) -> Self {
        Self {
            words: words.to_owned(),
            span,
        }
    }
}
