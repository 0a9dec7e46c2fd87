//! What came of the tests inside a protocol's file.

mod coverage;
mod json;
mod junit;
mod mutants;
mod text;

use lind_diagnostics::{Files, Span};
use lind_model::cases::{CaseFailure, CaseResult, Coverage, Expected, Found, Mutant, TestCase};
use lind_model::{CriterionId, Effect, Plan, Standing};

pub use coverage::coverage_text;
pub use json::tests_json;
pub use junit::junit_xml;
pub use mutants::mutants_text;
pub use text::tests_text;

use crate::names;
use crate::plain::one_line;

/// The tests of one file and what came of them.
#[derive(Debug, Clone, Copy)]
pub struct TestReport<'a> {
    /// The protocol, as it chooses its readings.
    pub plan: &'a Plan,
    /// The texts that places lie in.
    pub files: &'a Files,
    /// The name of the file.
    pub file: &'a str,
    /// The tests.
    pub tests: &'a [TestCase],
    /// What came of each of them, in their order.
    pub results: &'a [CaseResult],
    /// What the tests reach, if that was asked for.
    pub coverage: Option<&'a Coverage>,
    /// What became of each mutation, if that was asked for.
    pub mutants: Option<&'a [Mutant]>,
}

impl<'a> TestReport<'a> {
    /// How many tests failed.
    #[must_use]
    pub fn failed(&self) -> usize {
        self.results
            .iter()
            .filter(|result| !result.passed())
            .count()
    }

    fn pairs(&self) -> impl Iterator<Item = (&'a TestCase, &'a CaseResult)> + use<'a> {
        let tests = self.tests;
        self.results
            .iter()
            .filter_map(move |result| Some((tests.get(result.case)?, result)))
    }

    /// `trial.lind:12`
    fn place(&self, span: Span) -> String {
        let line = self.files.line_column(span.file, span.start).line;
        format!("{}:{line}", one_line(self.files.name(span.file)))
    }

    fn failure(&self, test: &TestCase, failure: &CaseFailure) -> Option<Failed> {
        let expectation = test.expectations.get(failure.expectation)?;
        let gate = names::milestone(self.plan, failure.gate);
        let subject = match &expectation.expected {
            Expected::Standing(_) => "the patient".to_owned(),
            Expected::Outcome {
                criterion, part, ..
            } => self.part(*criterion, part.as_deref()),
            Expected::Grade { grading, .. } => {
                let gradings = &self.plan.protocol.trial.gradings;
                let grading = gradings.get(grading.index());
                one_line(grading.map_or("", |grading| &grading.name))
            }
        };
        let expected = match &expectation.expected {
            Expected::Standing(standing) => standing.word().to_owned(),
            Expected::Outcome { outcome, .. } => spoken(outcome.word()),
            Expected::Grade { least, most, .. } => grades(*least, *most),
        };
        let (found, because) = match &failure.found {
            Found::Standing(standing, decisive) => {
                let ids = decisive
                    .iter()
                    .map(|(criterion, _)| names::criterion_id(self.plan, *criterion));
                let listed = one_line(&names::listed(ids, 8));
                let verb = match (standing, decisive.len()) {
                    (_, 0) => "",
                    (Standing::Ineligible, 1) => " fails",
                    (Standing::Ineligible, _) => " fail",
                    (_, 1) => " is open",
                    (_, _) => " are open",
                };
                let because = format!("{listed}{verb}");
                (standing.word().to_owned(), because)
            }
            Found::Outcomes(outcomes) => {
                let words: Vec<String> = outcomes
                    .iter()
                    .map(|outcome| spoken(outcome.word()))
                    .collect();
                (words.join(" and "), one_line(&failure.reason))
            }
            Found::Grades(least, most) => (grades(*least, *most), one_line(&failure.reason)),
        };
        Some(Failed {
            place: self.place(expectation.span),
            span: expectation.span,
            subject,
            expected,
            found,
            when: match expectation.day {
                Some(day) => format!("on {day}"),
                None => format!("at {gate}"),
            },
            gate: gate.to_owned(),
            because,
        })
    }

    /// `I7`, `renal of I7`
    fn part(&self, criterion: CriterionId, part: Option<&str>) -> String {
        let id = names::criterion_id(self.plan, criterion);
        match part {
            Some(part) => one_line(&format!("{part} of {id}")),
            None => one_line(id),
        }
    }
}

/// `grade 2`, `grade 0 to 3`
fn grades(least: u8, most: u8) -> String {
    if least == most {
        format!("grade {least}")
    } else {
        format!("grade {least} to {most}")
    }
}

/// A failed expectation in words.
struct Failed {
    place: String,
    span: Span,
    subject: String,
    expected: String,
    found: String,
    /// `at screening`, `on 2024-03-01`
    when: String,
    gate: String,
    because: String,
}

impl Failed {
    /// `I7 is met at screening, expected not met`
    fn sentence(&self) -> String {
        format!(
            "{} is {} {}, expected {}",
            self.subject, self.found, self.when, self.expected
        )
    }
}

fn spoken(word: &str) -> String {
    word.replace('_', " ")
}

/// A share in whole per cent, rounded down, so that 100 means all.
fn per_cent(part: usize, whole: usize) -> usize {
    part.saturating_mul(100).checked_div(whole).unwrap_or(100)
}

/// What a passing or failing test looks like.
const fn effect(passed: bool) -> Effect {
    if passed { Effect::Pass } else { Effect::Fail }
}
