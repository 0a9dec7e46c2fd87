//! Which line of a public text each criterion states: what a trace found, for reports.

use std::sync::Arc;

use crate::ids::CriterionId;

/// What a text and a protocol say of each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace {
    /// The lines of the text, in its order.
    pub lines: Vec<TracedLine>,
    /// Criteria that no line states, in the order of the protocol.
    pub alone: Vec<CriterionId>,
    /// What became of the lines of an earlier text; none if there is none.
    pub changes: Option<Vec<LineChange>>,
}

impl Trace {
    /// How many lines stand so.
    #[must_use]
    pub fn count(&self, status: LineStatus) -> usize {
        let lines = self.lines.iter();
        lines.filter(|line| line.status == status).count()
    }

    /// Whether somebody must look at it: a line is missing or stated in part, or has changed and its criterion
    /// has not.
    #[must_use]
    pub fn has_findings(&self) -> bool {
        let mut changes = self.changes.iter().flatten();
        self.count(LineStatus::Partly) > 0
            || self.count(LineStatus::Missing) > 0
            || changes.any(|change| change.follows == Follows::Earlier)
    }
}

/// A line of a public text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegistryLine {
    /// Its number in its list, such as `inclusion 4.1`, or the name of a field, such as `minimum age`.
    pub number: Arc<str>,
    /// Where it stands.
    pub list: LineList,
    /// What it says, without marks of lists.
    pub text: Arc<str>,
    /// On which line of its file it begins, counted from 1; none where a file has no lines of its own.
    pub row: Option<usize>,
}

/// Where a line of a public text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LineList {
    /// Among the inclusion criteria.
    Inclusion,
    /// Among the exclusion criteria.
    Exclusion,
    /// In a sentence that says who was eligible.
    Sentence,
    /// The least age.
    MinimumAge,
    /// The greatest age.
    MaximumAge,
    /// Which sexes.
    Sex,
}

/// A line, and what of it the protocol states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TracedLine {
    /// The line.
    pub line: RegistryLine,
    /// How much of it is stated.
    pub status: LineStatus,
    /// By which criteria, the nearest first.
    pub criteria: Vec<CriterionId>,
    /// How the first of them was found.
    pub found_by: Option<FoundBy>,
    /// The topic that the protocol calls unstated, and its reason.
    pub unstated: Option<(Arc<str>, Arc<str>)>,
    /// Numbers, with their units, that the criteria do not have.
    pub numbers: Vec<NumberNotFound>,
    /// Members of a list that the criteria do not name.
    pub items: Vec<Arc<str>>,
    /// Other words that the criteria do not have. They may say the same in their own.
    pub words: Vec<Arc<str>>,
    /// What was taken for the same and is not written so.
    pub notes: Vec<Arc<str>>,
}

/// How much of a line is stated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LineStatus {
    /// Its numbers, their units and most of its words stand in the criteria.
    Stated,
    /// A criterion answers to it, and a number, a member of a list or most of its words are not there.
    Partly,
    /// No criterion answers to it, and the protocol says that its topic is unstated.
    Unstated,
    /// Nothing answers to it.
    Missing,
}

impl LineStatus {
    /// In words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Stated => "stated",
            Self::Partly => "partly stated",
            Self::Unstated => "unstated",
            Self::Missing => "missing",
        }
    }
}

/// How a line found its criterion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FoundBy {
    /// The criterion quotes it as its source.
    Quote,
    /// The criterion names its number as its source.
    Number,
    /// They share words and numbers.
    Words,
}

impl FoundBy {
    /// In a word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Quote => "quote",
            Self::Number => "number",
            Self::Words => "words",
        }
    }
}

/// A number of a line that the criteria do not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberNotFound {
    /// As the line says it, with its comparison and its unit.
    pub said: Arc<str>,
    /// What the criterion says at the same place, if there is one.
    pub instead: Option<Arc<str>>,
}

/// What became of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineChange {
    /// The line in the earlier text; none if it was added.
    pub earlier: Option<RegistryLine>,
    /// The line in the later text; none if it was taken away.
    pub later: Option<RegistryLine>,
    /// The criteria that it is about.
    pub criteria: Vec<CriterionId>,
    /// Numbers and words that only the earlier line has.
    pub only_earlier: Vec<Arc<str>>,
    /// Numbers and words that only the later line has.
    pub only_later: Vec<Arc<str>>,
    /// Which of the two the criteria state.
    pub follows: Follows,
}

/// Which of two texts a criterion states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Follows {
    /// The later one.
    Later,
    /// Only the earlier one: the line has changed, and the criterion has not.
    Earlier,
    /// What has changed stands in no criterion, or in both.
    Undecided,
}

impl Follows {
    /// In a word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Later => "later",
            Self::Earlier => "earlier",
            Self::Undecided => "undecided",
        }
    }
}
