//! Made-up patients just inside and just outside of each criterion, for reports and for tests of what reads patients.

use std::sync::Arc;

use lind_time::Day;

use crate::difference::MadeUpRow;
use crate::verdict::{Effect, Outcome, Standing};

/// What was made for a protocol.
#[derive(Debug, Clone, Default)]
pub struct BoundaryCases {
    /// In the order of the gates, and at each gate of the criteria.
    pub cases: Vec<BoundaryCase>,
    /// What nobody can be, or nobody was found for.
    pub absent: Vec<AbsentCase>,
}

/// In what way a patient is special.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CaseSort {
    /// In none: every criterion that is due passes, and little is recorded.
    Typical,
    /// The criterion passes, and one step further it would not.
    Inside,
    /// The criterion does not pass, and one step back it would.
    Outside,
    /// What the criterion asks for is not recorded.
    Missing,
    /// The criterion passes because it does not apply to them, or because an exception holds.
    Guarded,
}

impl CaseSort {
    /// Those of a criterion.
    pub const OF_CRITERIA: [Self; 4] = [Self::Inside, Self::Outside, Self::Missing, Self::Guarded];

    /// The word in names and reports.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Typical => "typical",
            Self::Inside => "inside",
            Self::Outside => "outside",
            Self::Missing => "missing",
            Self::Guarded => "guarded",
        }
    }
}

/// A made-up patient, and what is to be expected of them.
#[derive(Debug, Clone)]
pub struct BoundaryCase {
    /// A name that says what they are for: `I3-inside-1`.
    pub name: Arc<str>,
    /// The gate that they have reached and are asked at.
    pub gate: Arc<str>,
    /// The criterion; none for somebody typical.
    pub criterion: Option<Arc<str>>,
    /// In what way they are special.
    pub sort: CaseSort,
    /// The condition of the criterion, as written.
    pub condition: Arc<str>,
    /// What is special, in words.
    pub special: String,
    /// The patient from whom this one differs in what is special alone.
    pub beside: Option<Arc<str>>,
    /// What the interpreter says of the criterion, what that does, and why, in one line; none for somebody typical.
    pub expected: Option<(Outcome, Effect, String)>,
    /// What it says at the gate.
    pub standing: Standing,
    /// The sex as tables write it.
    pub sex: Option<&'static str>,
    /// The date of birth.
    pub born: Option<Day>,
    /// Everything else that is recorded.
    pub rows: Vec<MadeUpRow>,
}

/// A patient whom there is not, and why.
#[derive(Debug, Clone)]
pub struct AbsentCase {
    /// The gate.
    pub gate: Arc<str>,
    /// The criterion; none for somebody typical.
    pub criterion: Option<Arc<str>>,
    /// In what way they would have been special.
    pub sort: CaseSort,
    /// The condition of the criterion, as written; empty for the whole criterion.
    pub condition: Arc<str>,
    /// Why there is none.
    pub why: NoPatient,
}

/// Why there is no patient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoPatient {
    /// It is proved that nobody can be so and pass these criteria besides.
    Impossible {
        /// The criteria, by their numbers; none if nobody can be so at all.
        beside: Vec<Arc<str>>,
    },
    /// Nobody was found, and nothing is proved.
    NotFound,
    /// There is nothing of the sort to be made: why, as the end of a sentence.
    Needless(&'static str),
}

impl NoPatient {
    /// The word in reports.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Impossible { .. } => "impossible",
            Self::NotFound => "not_found",
            Self::Needless(_) => "needless",
        }
    }
}
