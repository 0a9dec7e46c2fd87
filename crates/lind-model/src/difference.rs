//! What one version of a protocol means that another does not: what a comparison found, for reports.

mod cohort;
mod parts;

use std::sync::Arc;

use lind_diagnostics::Span;
use lind_time::Day;

pub use cohort::{
    Beyond, Cohort, CohortEnrolled, CohortGate, CohortMove, CohortPatient, CriterionCount,
};
pub use parts::{Category, PairRule, PartChange, PartDifference, PartSide};

use crate::protocol::CriterionKind;
use crate::verdict::{Effect, Standing};

/// What one version means that the other does not.
#[derive(Debug, Clone)]
pub struct Difference {
    /// The gate at which verdicts are compared, in the old and in the new version.
    pub gates: [Arc<str>; 2],
    /// How patients change, for every two standings that differ.
    pub transitions: Vec<Transition>,
    /// The criteria of both versions, in the order of the new one; those that were removed come last.
    pub criteria: Vec<CriterionDifference>,
    /// What else the versions say otherwise, by category and in the order of the rules.
    pub parts: Vec<PartDifference>,
}

impl Difference {
    /// The categories in which the versions mean something else, in their order.
    #[must_use]
    pub fn categories(&self) -> Vec<Category> {
        let differs = |category: &Category| {
            self.parts
                .iter()
                .any(|part| part.rule.category == *category && part.rule.change.is_of_meaning())
        };
        Category::ALL.into_iter().filter(differs).collect()
    }

    /// Whether it is proved that nobody stands elsewhere, and nothing else that the versions say means something
    /// else.
    #[must_use]
    pub fn is_same(&self) -> bool {
        let mut transitions = self.transitions.iter();
        transitions.all(|own| matches!(own.status, Status::Impossible))
            && self.categories().is_empty()
    }
}

/// Whether patients change from one standing to another.
#[derive(Debug, Clone)]
pub struct Transition {
    /// Where they stand in the old version.
    pub from: Standing,
    /// Where they stand in the new version.
    pub to: Standing,
    /// Whether any do.
    pub status: Status,
}

/// What is known of whether there is such a patient.
#[derive(Debug, Clone)]
pub enum Status {
    /// There is none.
    Impossible,
    /// There is one: here.
    Witnessed(Box<Witness>),
    /// Neither; these conditions are the cause.
    Undecided(Vec<Arc<str>>),
}

impl Status {
    /// The witness, if there is one.
    #[must_use]
    pub fn witness(&self) -> Option<&Witness> {
        match self {
            Self::Witnessed(witness) => Some(witness),
            Self::Impossible | Self::Undecided(_) => None,
        }
    }
}

/// A made-up patient on whom the versions differ.
#[derive(Debug, Clone)]
pub struct Witness {
    /// The sex as tables write it.
    pub sex: Option<&'static str>,
    /// The date of birth.
    pub born: Option<Day>,
    /// Everything that is recorded.
    pub rows: Vec<MadeUpRow>,
    /// The criteria that do something else to them now.
    pub because: Vec<Because>,
}

/// A row of a table about a made-up patient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MadeUpRow {
    /// The name of the table.
    pub table: &'static str,
    /// The record in words, by the names that the protocol has.
    pub said: String,
    /// The cells by their columns; the first is what the row is about.
    pub cells: Vec<(&'static str, String)>,
    /// Whether a criterion that does something else now reads it.
    pub matters: bool,
}

/// A criterion that does something else to a patient now.
#[derive(Debug, Clone)]
pub struct Because {
    /// Its number.
    pub criterion: Arc<str>,
    /// What it does in the old version, and why; none if it is not there.
    pub old: Option<(Effect, String)>,
    /// The same in the new version.
    pub new: Option<(Effect, String)>,
}

/// What became of a criterion.
#[derive(Debug, Clone)]
pub struct CriterionDifference {
    /// Its number.
    pub id: Arc<str>,
    /// Its title in the new version, or else in the old.
    pub title: Arc<str>,
    /// Which list it stands in.
    pub kind: CriterionKind,
    /// What became of it.
    pub change: Change,
    /// Where it stands, in the old and in the new version.
    pub spans: [Option<Span>; 2],
    /// What its meaning in each version is known by, in every run of Lind: if it asks something else, this differs.
    pub fingerprints: [Option<u64>; 2],
    /// What it says in the old version alone, and in the new one alone, condition by condition.
    pub texts: [Vec<Arc<str>>; 2],
}

/// What became of a criterion.
#[derive(Debug, Clone)]
pub enum Change {
    /// Nothing: it asks the same.
    Same,
    /// It is there now and was not.
    Added(Effects),
    /// It was there and is not.
    Removed(Effects),
    /// It asks something else.
    Changed(Effects),
}

impl Change {
    /// What it does to patients now that it did not.
    #[must_use]
    pub fn effects(&self) -> Option<&Effects> {
        match self {
            Self::Same => None,
            Self::Added(effects) | Self::Removed(effects) | Self::Changed(effects) => Some(effects),
        }
    }
}

/// What the change of one criterion does.
#[derive(Debug, Clone)]
pub struct Effects {
    /// By itself: from one effect to another; what is impossible is left out.
    pub alone: Vec<(Effect, Effect, Status)>,
    /// Whether it changes the standing of anybody, all other criteria being as in the old version.
    pub in_context: Status,
}

impl Effects {
    /// Whether it was proved to do the same to everybody.
    #[must_use]
    pub fn is_same(&self) -> bool {
        self.alone.is_empty()
    }

    /// Whether what it does by itself is proved to be without effect on where anybody stands.
    #[must_use]
    pub fn is_masked(&self) -> bool {
        !self.alone.is_empty() && matches!(self.in_context, Status::Impossible)
    }
}
