//! Tests: a small patient in the words of the trial, and what must come out.

use lind_diagnostics::Span;

use super::{Attribute, Comparator, Name, Number, SetKind, Text};

/// `test "title"` with its lines.
#[derive(Debug, Clone, PartialEq)]
pub struct TestCase {
    /// What it shows.
    pub title: Text,
    /// The patient and the expectations, in the order of the source; in a table, what all its rows share.
    pub lines: Vec<CaseLine>,
    /// The rows, if it is a table of tests.
    pub table: Option<TestTable>,
    /// The head line.
    pub span: Span,
}

/// `test table "title"`: a test for each row, whose cells fill in the columns.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TestTable {
    /// One test a row, with the lines that all rows share.
    pub rows: Vec<TestCase>,
    /// Rows and columns that could not be used.
    pub problems: Vec<TableProblem>,
}

/// Something about a table of tests that is not as it must be.
#[derive(Debug, Clone, PartialEq)]
pub struct TableProblem {
    /// What, in a sentence.
    pub message: String,
    /// What is there, in a few words.
    pub label: String,
    /// Where.
    pub span: Span,
}

/// One line of a test.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseLine {
    /// What it says.
    pub kind: CaseLineKind,
    /// The line.
    pub span: Span,
}

/// What a line of a test says.
#[derive(Debug, Clone, PartialEq)]
pub enum CaseLineKind {
    /// `like "another test"`: begins with the patient of that test.
    Like(Text),
    /// `under reading Q3 absolute_points`
    Under {
        /// The reading.
        reading: Name,
        /// The alternative.
        alternative: Name,
    },
    /// `a woman born 1980-05-17`
    Person {
        /// `woman`, `man`, or `person` where the sex is not recorded.
        word: Name,
        /// The date of birth.
        born: Option<Name>,
    },
    /// `no record of malignancy`
    Absent(Name),
    /// `nothing is known of allergies`
    Gap(Name),
    /// `investigator answers venous_access: yes on 2025-01-18`
    Answer {
        /// Who answers.
        judge: Name,
        /// The question, or the number of a commitment.
        item: Name,
        /// Whether the answer is yes.
        yes: bool,
        /// When.
        on: Option<Name>,
    },
    /// `hemoglobin 90 g/L on 2025-01-18`
    Record(Box<CaseRecord>),
    /// `expect eligible at screening`
    ExpectStanding {
        /// `eligible`, `ineligible` or `undetermined`.
        standing: Name,
        /// The gate, if it is named.
        at: Option<Name>,
    },
    /// `expect I1, renal of I7 met at screening`
    Expect {
        /// The criteria and parts.
        parts: Vec<ExpectedPart>,
        /// The outcome: `met`, `not met`, `unknown`, …
        outcome: Name,
        /// The gate, if it is named.
        at: Option<Name>,
        /// The day, of what is asked at visits.
        on: Option<Name>,
    },
    /// `expect alt_increased grade 2 on 2024-03-01`, `grade 2 to 4`
    ExpectGrade {
        /// The gradings.
        parts: Vec<ExpectedPart>,
        /// The least grade that it can be.
        least: Number,
        /// The highest grade that it can be, if that is another.
        most: Option<Number>,
        /// The day.
        on: Option<Name>,
    },
    /// `note "…"`
    Note(Text),
    /// A line that could not be read.
    Broken,
}

/// A criterion, or a labelled part of one: `I7`, `I7b-3`, `renal of I7`.
#[derive(Debug, Clone, PartialEq)]
pub struct ExpectedPart {
    /// The number of the criterion, or the label of the part.
    pub name: Name,
    /// The criterion of the part, if it is named.
    pub of: Option<Name>,
}

/// A line of a patient's data.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseRecord {
    /// What it is about.
    pub subject: CaseSubject,
    /// A number: a measured value, or the dose of a drug.
    pub amount: Option<CaseAmount>,
    /// A level or a coded result.
    pub result: Option<Name>,
    /// When.
    pub time: Option<CaseTime>,
    /// What else is said.
    pub fields: Vec<CaseField>,
}

/// What a line of a patient's data is about.
#[derive(Debug, Clone, PartialEq)]
pub enum CaseSubject {
    /// A measure, a milestone, a formula or a set of codes.
    Named(Name),
    /// `treatment atc|L01AA01`: a code of its own.
    Code {
        /// Which table.
        kind: SetKind,
        /// The code.
        code: Name,
    },
    /// `visit day_28`: a visit that took place.
    Visit(Name),
    /// `assigned DL1`: a dose level or an arm.
    Assigned(Name),
}

impl CaseSubject {
    /// The name or the code.
    pub fn name(&self) -> &Name {
        match self {
            CaseSubject::Named(name)
            | CaseSubject::Code { code: name, .. }
            | CaseSubject::Visit(name)
            | CaseSubject::Assigned(name) => name,
        }
    }
}

/// `90 g/L`, `< 5 mg/L`, `15 mg weekly`.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseAmount {
    /// What is known of the value, if it is no plain number.
    pub comparator: Option<Comparator>,
    /// The number.
    pub number: Number,
    /// The unit.
    pub unit: Option<Name>,
    /// How often, for a dose.
    pub frequency: Option<Name>,
    /// The phrase.
    pub span: Span,
}

/// When something was.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseTime {
    /// `on`, `since`, `from` or `until`.
    pub word: Name,
    /// The one time, or the first of two; none in `until …`.
    pub from: Option<Name>,
    /// The last of two.
    pub to: Option<Name>,
    /// The phrase.
    pub span: Span,
}

/// What else a line of a patient's data says, behind a comma.
#[derive(Debug, Clone, PartialEq)]
pub enum CaseField {
    /// `limits 10 to 40`, `upper limit 40`: the limits of normal that came with the value.
    Limits {
        /// The lower limit.
        low: Option<Number>,
        /// The upper limit.
        high: Option<Number>,
        /// The phrase.
        span: Span,
    },
    /// `investigational`, `not investigational`, `perhaps investigational`
    Investigational {
        /// Whether it is; none if it is not recorded.
        yes: Option<bool>,
        /// The phrase.
        span: Span,
    },
    /// `related to treatment`, `not serious`, `judged dose-limiting`
    Judged {
        /// What was judged.
        attribute: Attribute,
        /// Whether it is so.
        yes: bool,
        /// The phrase.
        span: Span,
    },
    /// `outcome no_response`
    Word {
        /// The field.
        field: Name,
        /// Its value.
        value: Name,
    },
}
