//! How many records, and what is said of one of them.

use std::sync::Arc;

use super::{Condition, Filter, Lasting, Quantifier};
use crate::ids::SetId;

/// The most names of records that nest, so that the search through records stays short.
pub const MOST_NAMED_RECORDS: usize = 4;

/// The name of a record, by how many named records stand around it: the outermost is 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NamedRecord(pub u8);

/// What must be true of each record: `called C, such that …`.
#[derive(Debug, Clone)]
pub struct SuchThat {
    /// The name by which the condition speaks of the record.
    pub record: NamedRecord,
    /// As written.
    pub name: Arc<str>,
    /// What must be true.
    pub condition: Box<Condition>,
}

/// Two are the same where they stand in one place: what conditions say is not compared.
impl PartialEq for SuchThat {
    fn eq(&self, other: &Self) -> bool {
        self.record == other.record && self.condition.span == other.condition.span
    }
}

impl Eq for SuchThat {}

/// A condition on a record that has a name.
#[derive(Debug, Clone)]
pub struct RecordTest {
    /// The record.
    pub record: NamedRecord,
    /// It must not be so.
    pub negated: bool,
    /// What is asked.
    pub question: RecordQuestion,
}

/// What is asked of a record that has a name.
#[derive(Debug, Clone)]
pub enum RecordQuestion {
    /// Its code is in the set: `C is biologic`.
    Member(SetId),
    /// A field, the daily dose, or how long it lasted.
    Filter(Filter),
    /// A field has the same word as that of another record: `C has the same body_site as D`.
    Shares(FactField, NamedRecord),
    /// It is another record: `C is D`.
    Same(NamedRecord),
}

/// How many records must match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frequency {
    /// One of the three that count; or all: every one.
    pub quantifier: Quantifier,
    /// What counts as one.
    pub counted: Counted,
}

/// What counts as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// Every record.
    Records,
    /// Every member of the set, however often it is recorded: `different`.
    Different,
    /// Every line of treatment, however many drugs it is made of: `lines of`.
    Lines,
    /// As many records as there are of which every two begin so far apart; the comparison is `>=` or `>`.
    Apart(Lasting),
    /// The longest run of results that count with no other result of the measure between them.
    Consecutive,
}

/// What is asked of the tags that a result carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TagRule {
    /// `includes III or IV`: at least one of these.
    Includes,
    /// `includes none of III_C, IV_S_C`: none of these.
    IncludesNone,
    /// `is only V`: nothing but these.
    Only,
}

/// A time of day, in minutes since midnight, both included. Where it ends before it begins, it passes
/// midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TimeOfDay {
    /// The first minute.
    pub from: u16,
    /// The last minute.
    pub to: u16,
}

impl TimeOfDay {
    /// Whether a minute of the day belongs to it.
    #[must_use]
    pub const fn contains(self, minute: u16) -> bool {
        if self.from <= self.to {
            self.from <= minute && minute <= self.to
        } else {
            self.from <= minute || minute <= self.to
        }
    }
}

impl std::fmt::Display for TimeOfDay {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (from, to) = (self.from, self.to);
        write!(
            formatter,
            "{:02}:{:02} to {:02}:{:02}",
            from / 60,
            from % 60,
            to / 60,
            to % 60
        )
    }
}

/// An end of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RecordEdge {
    /// When it began.
    Begin,
    /// When it ended; one that is not over ends after everything that is known.
    End,
}

/// A member of the set that does not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberException {
    /// The members.
    pub set: SetId,
    /// Only if it has been over for so long.
    pub disease_free: Option<Lasting>,
    /// As written.
    pub text: Arc<str>,
}

/// A field of a record of facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FactField {
    /// `severity`
    Severity,
    /// `outcome`
    Outcome,
    /// `status`
    Status,
    /// `body_site`
    BodySite,
    /// `route`
    Route,
    /// `indication`
    Indication,
    /// `source`, of a result
    Source,
    /// `method`, of a result
    Method,
    /// `specimen`, of a result
    Specimen,
    /// `scale`, by which an adverse event is graded
    Scale,
    /// `term` of an adverse event; only to be compared with that of another
    Term,
    /// `grade` of an adverse event; only to be compared with that of another
    Grade,
    /// `related`, of an adverse event: `yes` or `no`
    Related,
    /// `serious`, of an adverse event: `yes` or `no`
    Serious,
    /// `dlt`, of an adverse event: `yes` or `no`
    DoseLimiting,
}

impl FactField {
    /// What it holds, in words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Severity => "severity",
            Self::Outcome => "outcome",
            Self::Status => "status",
            Self::BodySite => "body site",
            Self::Route => "route",
            Self::Indication => "indication",
            Self::Source => "source",
            Self::Method => "method",
            Self::Specimen => "specimen",
            Self::Scale => "scale",
            Self::Term => "term",
            Self::Grade => "grade",
            Self::Related => "relation to treatment",
            Self::Serious => "seriousness",
            Self::DoseLimiting => "judgement as dose-limiting",
        }
    }
}
