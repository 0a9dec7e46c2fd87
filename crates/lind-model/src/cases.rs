//! Tests inside a protocol's file: a small patient, what is expected, and what came out.
//!
//! A [`TestCase`] comes from the checker; its patient is a list of rows as they would stand in the tables of
//! patient data, so that it is read like any other. A [`CaseResult`], [`Coverage`] and [`Mutant`] come from
//! the run of the tests, and reports print them.

use std::sync::Arc;

use lind_diagnostics::Span;
use lind_time::Day;

use crate::ids::{CriterionId, GradingId, MilestoneId, ReadingId};
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
    /// On which day, of what is asked at visits.
    pub day: Option<Day>,
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
    /// A finding has one of these grades: the least and the highest that its grading leaves open.
    Grade {
        /// The grading.
        grading: GradingId,
        /// The criteria that its grades are in [`crate::Protocol::tested`], the highest first.
        grades: Vec<(u8, CriterionId)>,
        /// The least grade.
        least: u8,
        /// The highest grade.
        most: u8,
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
    /// The least and the highest grade.
    Grades(u8, u8),
}

/// Which outcomes the tests have reached.
#[derive(Debug, Clone, Default)]
pub struct Coverage {
    /// The criteria in the order of the source, each followed by its branches and conditions.
    pub places: Vec<CoveredPlace>,
    /// The readings in the order of the source, each alternative with how many tests ask it.
    pub readings: Vec<CoveredReading>,
}

/// An alternative of a reading, and how many tests are asked under it.
#[derive(Debug, Clone)]
pub struct CoveredReading {
    /// The reading.
    pub reading: ReadingId,
    /// Which of its alternatives.
    pub alternative: usize,
    /// Whether the protocol chooses it.
    pub is_chosen: bool,
    /// How many tests are asked under it.
    pub tests: u32,
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
    /// Which branch it is: `if`, `unless`, `otherwise`; empty for a plain part.
    pub role: Arc<str>,
    /// What it says.
    pub text: Arc<str>,
    /// The alternatives that put it in place, if the protocol chooses others.
    pub under: Vec<(ReadingId, usize)>,
    /// Where it stands.
    pub span: Span,
    /// In how many tests it had which answer.
    pub tests: Answers<u32>,
    /// Which answers it can have, so that a test should reach them.
    pub possible: Answers<bool>,
}

/// Something for each answer that a condition can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Answers<T> {
    /// Met.
    pub met: T,
    /// Not met.
    pub not_met: T,
    /// Unknown, or awaiting a judgement or a moment.
    pub open: T,
    /// Not applicable.
    pub not_applicable: T,
}

impl<T: Copy> Answers<T> {
    /// The answers with their words, in the order of reports.
    #[must_use]
    pub const fn listed(self) -> [(&'static str, T); 4] {
        [
            ("met", self.met),
            ("not met", self.not_met),
            ("open", self.open),
            ("not applicable", self.not_applicable),
        ]
    }
}

impl CoveredPlace {
    /// The answers that it can have, each with whether a test has reached it.
    pub fn answers(&self) -> impl Iterator<Item = (&'static str, bool)> + use<> {
        let tests = self.tests.listed();
        self.possible
            .listed()
            .into_iter()
            .zip(tests)
            .filter(|((_, possible), _)| *possible)
            .map(|((word, _), (_, tests))| (word, tests > 0))
    }

    /// The answers that it can have and that no test has reached.
    #[must_use]
    pub fn missing(&self) -> Vec<&'static str> {
        let missing = self.answers().filter(|(_, reached)| !reached);
        missing.map(|(word, _)| word).collect()
    }

    /// Whether any test has asked it.
    #[must_use]
    pub fn is_asked(&self) -> bool {
        self.tests.listed().iter().any(|(_, tests)| *tests > 0)
    }
}

/// A small change of the protocol that a test should notice.
#[derive(Debug, Clone)]
pub struct Mutant {
    /// Where the changed condition stands.
    pub span: Span,
    /// The criteria that lean on it.
    pub criteria: Vec<CriterionId>,
    /// The condition as it is written.
    pub line: Arc<str>,
    /// What was changed, in words.
    pub change: String,
    /// The condition as it would be written, where the change stands in it word by word.
    pub turned: Option<String>,
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
