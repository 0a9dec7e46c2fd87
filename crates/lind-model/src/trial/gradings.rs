//! Grades of findings, and states that hold at a visit.

use std::sync::Arc;

use lind_diagnostics::Span;

use super::Assumed;
use crate::ids::{AskedId, AssessmentId, DefinitionId, MilestoneId};

/// How a finding is graded: the highest grade of which a line holds, else grade 0.
#[derive(Debug, Clone)]
pub struct Grading {
    /// Its name.
    pub name: Arc<str>,
    /// In words.
    pub title: Arc<str>,
    /// The scale that it belongs to: `CTCAE`.
    pub scale: Arc<str>,
    /// The version of the scale, if stated.
    pub version: Option<Arc<str>>,
    /// Its lines; each is asked on every day that has one of its values.
    pub lines: Vec<GradeLine>,
    /// Its source.
    pub source: Option<Arc<str>>,
    /// What of it was not checked against its source.
    pub unverified: Option<Arc<str>>,
    /// Where it is declared.
    pub span: Span,
}

/// A scale of grades.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scale {
    /// The scale: `CTCAE`.
    pub name: Arc<str>,
    /// Its version, if stated.
    pub version: Option<Arc<str>>,
    /// Where that is said.
    pub span: Span,
}

/// A grade and what must hold for it.
#[derive(Debug, Clone)]
pub struct GradeLine {
    /// The grade, 1 to 5.
    pub grade: u8,
    /// What must hold.
    pub asked: AskedId,
}

/// What may hold at a visit.
#[derive(Debug, Clone)]
pub struct State {
    /// Its name.
    pub name: Arc<str>,
    /// In words.
    pub title: Arc<str>,
    /// Of the visits of the schedule, it is asked at those that have this assessment.
    pub with: Option<AssessmentId>,
    /// It is asked at visits after this milestone.
    pub after: Option<MilestoneId>,
    /// What must hold, asked at every visit.
    pub asked: AskedId,
    /// The same as a term, under which other conditions name it.
    pub term: DefinitionId,
    /// Why it is supposed, if the source does not say it.
    pub assumed: Assumed,
    /// Its source.
    pub source: Option<Arc<str>>,
    /// What of it was not checked against its source.
    pub unverified: Option<Arc<str>>,
    /// Where it is declared.
    pub span: Span,
}
