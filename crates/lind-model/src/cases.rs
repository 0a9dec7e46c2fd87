//! Tests inside a protocol's file: a small patient, what is expected, and what came out.
//!
//! A [`TestCase`] comes from the checker; its patient is a list of rows as they would stand in the tables of
//! patient data, so that it is read like any other. A [`CaseResult`], [`Coverage`] and [`Mutant`] come from
//! the run of the tests, and reports print them.

use std::sync::Arc;

use lind_diagnostics::Span;

use crate::ids::{CriterionId, MilestoneId, ReadingId};
use crate::plan::NeededTable;
use crate::protocol::FactTable;
use crate::verdict::{Explanation, Outcome, Standing};

/// A test: a patient and what is expected.
#[derive(Debug, Clone)]
pub struct TestCase {
    /// What it shows.
    pub title: Arc<str>,
    /// Readings that it puts otherwise than the protocol, with the alternative.
    pub readings: Vec<(ReadingId, usize)>,
    /// The patient.
    pub patient: CasePatient,
    /// What is expected.
    pub expectations: Vec<Expectation>,
    /// Where its title stands.
    pub span: Span,
}

/// The patient of a test.
#[derive(Debug, Clone)]
pub struct CasePatient {
    /// The sex as the tables write it; none if it is not recorded.
    pub sex: Option<&'static str>,
    /// The date of birth as written.
    pub born: Option<Arc<str>>,
    /// Where that is said, or where the test begins.
    pub span: Span,
    /// The rows of the tables.
    pub rows: Vec<CaseRow>,
    /// What is not known, besides the rows: without a gap, a row that is not there is a fact that is not so.
    pub gaps: Vec<CaseGap>,
}

/// A row of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseRow {
    /// Which table.
    pub table: NeededTable,
    /// What it is about: the name of a measure, set, milestone or question, or a code.
    pub about: Arc<str>,
    /// The other columns, by the names that the tables give them.
    pub cells: Vec<(&'static str, Arc<str>)>,
    /// Where it is said.
    pub span: Span,
}

/// A table, or a code in it, of which not everything is known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct CaseGap {
    /// Which table.
    pub table: FactTable,
    /// Which name or code; none for the whole table.
    pub about: Option<Arc<str>>,
}

/// Something that must come out.
#[derive(Debug, Clone)]
pub struct Expectation {
    /// What.
    pub expected: Expected,
    /// At which gate; none for the furthest that the patient has reached.
    pub gate: Option<MilestoneId>,
    /// Where it is said.
    pub span: Span,
}

/// What must come out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expected {
    /// The patient stands so.
    Standing(Standing),
    /// A criterion, or a labelled part of it, has this outcome.
    Outcome {
        /// The criterion.
        criterion: CriterionId,
        /// The label of the part; none for the whole.
        part: Option<Arc<str>>,
        /// The outcome.
        outcome: Outcome,
    },
}

/// What came of one test.
#[derive(Debug, Clone)]
pub struct CaseResult {
    /// Which of the protocol's tests.
    pub case: usize,
    /// The expectations that were not met.
    pub failures: Vec<CaseFailure>,
    /// Lines of the patient that could not be used, each with a sentence.
    pub problems: Vec<(Span, String)>,
}

impl CaseResult {
    /// Whether everything came out as expected.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.failures.is_empty() && self.problems.is_empty()
    }
}

/// An expectation that was not met.
#[derive(Debug, Clone)]
pub struct CaseFailure {
    /// Which of the test's expectations.
    pub expectation: usize,
    /// The gate at which it was asked.
    pub gate: MilestoneId,
    /// What came out instead.
    pub found: Found,
    /// Why, in one line; empty if there is nothing to tell.
    pub reason: String,
    /// Why, as a tree; none for the standing of a patient.
    pub explanation: Option<Explanation>,
}

/// What came out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// The patient stands so, because of these criteria.
    Standing(Standing, Vec<(CriterionId, Outcome)>),
    /// The outcome of a criterion or a part; more than one if parts of one label differ.
    Outcomes(Vec<Outcome>),
}

/// Which outcomes the tests have reached.
#[derive(Debug, Clone, Default)]
pub struct Coverage {
    /// The criteria in the order of the source, each followed by its labelled parts and its conditions.
    pub places: Vec<CoveredPlace>,
}

/// A criterion, or a part of one, and how many tests reached which outcome of it.
#[derive(Debug, Clone)]
pub struct CoveredPlace {
    /// The criterion.
    pub criterion: CriterionId,
    /// How deep below the criterion; zero for the criterion itself.
    pub depth: usize,
    /// The number of the criterion or the label of the part; empty for a condition without one.
    pub label: Arc<str>,
    /// What it says.
    pub text: Arc<str>,
    /// Whether it is a single condition, rather than a list.
    pub is_single: bool,
    /// Where it stands.
    pub span: Span,
    /// Tests in which it was met.
    pub met: u32,
    /// Tests in which it was not met.
    pub not_met: u32,
    /// Tests in which it was open: unknown, awaiting a judgement or pending.
    pub open: u32,
    /// Tests in which it did not apply.
    pub not_applicable: u32,
}

impl CoveredPlace {
    /// What no test has reached, of the two answers that every condition has.
    #[must_use]
    pub const fn missing(&self) -> Option<&'static str> {
        match (self.met > 0, self.not_met > 0) {
            (true, true) => None,
            (false, true) => Some("met"),
            (true, false) => Some("not met"),
            (false, false) => Some("decided"),
        }
    }
}

/// A small change of the protocol that a test should notice.
#[derive(Debug, Clone)]
pub struct Mutant {
    /// Where the changed condition stands.
    pub span: Span,
    /// What was changed, in words.
    pub change: String,
    /// What became of it.
    pub fate: Fate,
}

/// What became of a mutant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// A test failed: the first, by its place among the tests.
    Killed(usize),
    /// No test noticed.
    Survived,
    /// It means the same as the protocol, so that no test can notice.
    Equivalent,
}
