//! The syntax tree: what the author wrote, with the place of every part.
//!
//! The tree is tolerant: a line that could not be read is an [`Item::Broken`] or [`EntryKind::Broken`]
//! with its span, its neighbours stay whole. Nothing here is resolved: names are words, numbers are the
//! characters as written. Meaning belongs to the checker.

use lind_diagnostics::{FileId, Span};

mod amendments;
mod anchors;
mod body;
mod cases;
mod declarations;
mod endpoints;
mod escalation;
mod events;
mod schedule;
mod spells;
mod states;
mod values;

pub use amendments::{AmendmentClaim, AmendmentDeclaration, AmendmentLine, ClaimWord};
pub use anchors::{AnchorChoice, AnchorDeclaration, AnchorLine};
pub use body::{
    Allowed, Called, CaseLimit, Condition, Connective, ConnectiveKind, CountsAs, Entry, EntryKind,
    EntryLabel, Except, Excepted, Fact, FactCount, FactObject, Filter, FilterKind, Lasting,
    LimitCase, Limits, LimitsOfChange, MonthRule, Quantifier, RecordWhat, Replacement, Samples,
    Selector, Single, SingleKind, Steady, Take, Tense, WashoutRow,
};
pub use cases::{
    CaseAmount, CaseField, CaseLine, CaseLineKind, CaseRecord, CaseSubject, CaseTime, ExpectedPart,
    TableProblem, TestCase, TestTable,
};
pub use declarations::{
    Arithmetic, CodeSet, Equivalence, EquivalenceRow, Field, FieldKind, Formula, FormulaCase,
    FormulaInput, Function, Measure, MeasureShape, Operator, SetKind,
};
pub use endpoints::{
    EndpointDeclaration, EndpointLine, PopulationDeclaration, StatisticsDeclaration,
    StatisticsLine, SummaryKind, SummaryLine, Valued, Variable,
};
pub use escalation::{
    ArmDeclaration, BasisWord, DesignLine, DesignParameter, DesignParameterKind, Distance,
    DoseLevelsDeclaration, DosingLine, EscalationDeclaration, EscalationLine, EscalationLineKind,
    LevelDeclaration, LevelLine, PlanLine, RowAction, RowCell, TreatmentPlanDeclaration,
};
pub use events::{Attribute, GradeLimit};
pub use schedule::{
    Assessment, AssessmentItem, AssessmentLine, EverySo, Margin, SeriesNumbers, SeriesPoint,
    StudyDay, StudyDays, Timeline, UntilEnd, Visit, VisitLine, VisitLineKind, VisitPoint,
    VisitPointKind, VisitTime,
};
pub use spells::{OwnMultiple, OwnReference, Spell, SpellDays};
pub use states::{GradedBy, Grading, Scale, State};
pub use values::{
    AlsoStated, Anchor, ChangeEnds, Comparator, ComparatorKind, Direction, Ends, Evidence, Length,
    LengthUnit, Lengths, Limit, Measured, Persistence, Provenance, Quantity, Range, ReferenceRange,
    Side, TagRule, Test, TestKind, ValueAt, Window, WindowKind, WindowPoint,
};

/// One source file.
#[derive(Debug, Clone, PartialEq)]
pub struct Tree {
    /// The file that was parsed.
    pub file: FileId,
    /// The top-level items in the order of the source.
    pub items: Vec<Item>,
}

/// A word that names something, with its place.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Name {
    /// The characters as written.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

/// A quoted text, without its quotes and with `\"` and `\\` resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// The characters between the quotes.
    pub value: String,
    /// Where it stands, quotes included.
    pub span: Span,
}

/// A number as written (`1.80` keeps its zero; thousands separators are already refused and removed).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number {
    /// The digits as written.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

/// A top-level item.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    /// `protocol NCT06414135` with its fields.
    Protocol(Head),
    /// `library std.labs` with its fields.
    Library(Head),
    /// `use std.labs: anc, alc`.
    Use(Use),
    /// `milestone screening from consent on`.
    Milestone(Milestone),
    /// `unstated dose_levels "not in the public record"`.
    Unstated(Unstated),
    /// `define refractory` with a body of conditions.
    Define(Define),
    /// `reading Q1 "…"` with its alternatives.
    Reading(Reading),
    /// `inclusion I1 "…"` or `exclusion E1 "…"`.
    Criterion(Criterion),
    /// `commitment I9a "…" from enrolment until 2 years after end_of_study`.
    Commitment(Commitment),
    /// `override O1 "…"` with what it overrides.
    Override(Rule),
    /// `enrolment cap P1 "…"` with its share and its condition.
    Cap(Rule),
    /// `judgement unsuitable "…" by investigator`.
    Judgement(Judgement),
    /// `measure`, `score` or `ordinal`.
    Measure(Measure),
    /// `condition`, `treatment`, `procedure`, `allergy` or `event`: a set of codes.
    CodeSet(CodeSet),
    /// `points child_pugh "Child-Pugh" 5 to 15`.
    Points(Points),
    /// `formula creatinine_clearance "…" as VRat in mL/min`.
    Formula(Formula),
    /// `anchor index_biopsy "…"` with the ways to choose it.
    Anchor(AnchorDeclaration),
    /// `equivalence prednisone_equivalent "…"`.
    Equivalence(Equivalence),
    /// `test "title"`: a small patient and what is expected.
    Test(TestCase),
    /// `population infused "…"` with its condition.
    Population(PopulationDeclaration),
    /// `endpoint tmax "…" secondary` with its lines.
    Endpoint(EndpointDeclaration),
    /// `statistics` with its lines.
    Statistics(StatisticsDeclaration),
    /// `study day of infusion is 0`
    StudyDays(StudyDays),
    /// `assessment blood_count "Blood count"` with what is measured.
    Assessment(Assessment),
    /// `timeline screening "Screening"` with its visits.
    Timeline(Timeline),
    /// A visit of no timeline.
    Visit(Box<Visit>),
    /// `arm relma_cel_arm "…"`
    Arm(ArmDeclaration),
    /// `treatment plan lymphodepletion "…"` with its lines.
    TreatmentPlan(TreatmentPlanDeclaration),
    /// `dose levels of relma_cel in total` with its lines.
    DoseLevels(DoseLevelsDeclaration),
    /// `escalation "…" of relma_cel` with its lines.
    Escalation(EscalationDeclaration),
    /// `state sri_4 "…"` with when it is asked and its condition.
    State(State),
    /// `grading alt_increased "…" of CTCAE version "5.0"` with its grades.
    Grading(Grading),
    /// `toxicity is graded by CTCAE version "5.0"`
    GradedBy(GradedBy),
    /// `amendment of version "1.0"` with its lines.
    Amendment(AmendmentDeclaration),
    /// A top line that could not be read; its children were skipped.
    Broken(Span),
}

/// `protocol` or `library`: an identifier and fields.
#[derive(Debug, Clone, PartialEq)]
pub struct Head {
    /// The registry number or the dotted path.
    pub name: Name,
    /// The fields below the head.
    pub fields: Vec<Field>,
    /// The whole head line.
    pub span: Span,
}

/// `use module: names`; without names every public name of the module.
#[derive(Debug, Clone, PartialEq)]
pub struct Use {
    /// The dotted path of the module.
    pub module: Name,
    /// The names taken; empty means all of them.
    pub names: Vec<Name>,
    /// The whole line.
    pub span: Span,
}

/// A named event of the trial and its order to others.
#[derive(Debug, Clone, PartialEq)]
pub struct Milestone {
    /// Its name.
    pub name: Name,
    /// How it stands to other milestones.
    pub relations: Vec<Relation>,
    /// Whether its time of day is recorded.
    pub with_time: Option<Span>,
    /// What it is, in words.
    pub title: Option<Text>,
    /// Fields below it (`values from consent on`).
    pub fields: Vec<Field>,
    /// The whole line.
    pub span: Span,
}

/// One order relation of a milestone.
#[derive(Debug, Clone, PartialEq)]
pub struct Relation {
    /// Which relation.
    pub kind: RelationKind,
    /// The other milestone.
    pub other: Name,
    /// The phrase.
    pub span: Span,
}

/// The relations that may stand between two milestones.
#[derive(Debug, Clone, PartialEq)]
pub enum RelationKind {
    /// `is X`: another name for the same moment.
    Is,
    /// `from X on`: not before X.
    FromOn,
    /// `after X`: strictly later.
    After,
    /// `before X`: strictly earlier.
    Before,
    /// `within N after X`, `at most N after X`; `before` when `earlier`.
    AtMost {
        /// The longest distance.
        length: Length,
        /// Whether this milestone precedes the other.
        earlier: bool,
    },
    /// `at least N after X`.
    AtLeast {
        /// The shortest distance.
        length: Length,
        /// Whether this milestone precedes the other.
        earlier: bool,
    },
    /// `3 to 5 days after X`.
    Between {
        /// The shortest distance, in the unit of `longest`.
        shortest: Number,
        /// The longest distance.
        longest: Length,
        /// Whether this milestone precedes the other.
        earlier: bool,
    },
}

/// Things that the source does not say.
#[derive(Debug, Clone, PartialEq)]
pub struct Unstated {
    /// The topics.
    pub names: Vec<Name>,
    /// Why they are not stated.
    pub reason: Text,
    /// The whole line.
    pub span: Span,
}

/// A defined term.
#[derive(Debug, Clone, PartialEq)]
pub struct Define {
    /// Its name.
    pub name: Name,
    /// What it means, in words.
    pub title: Option<Text>,
    /// Its conditions.
    pub body: Vec<Entry>,
    /// The head line.
    pub span: Span,
}

/// Points that are added up.
#[derive(Debug, Clone, PartialEq)]
pub struct Points {
    /// Their name.
    pub name: Name,
    /// In words.
    pub title: Text,
    /// The least sum.
    pub lowest: Number,
    /// The greatest sum.
    pub highest: Number,
    /// Lines with their points, domains, codes.
    pub body: Vec<Entry>,
    /// The head line.
    pub span: Span,
}

/// A question of interpretation with its alternatives.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// Its name (`Q3`).
    pub name: Name,
    /// The question.
    pub question: Text,
    /// Alternatives, the choice, notes.
    pub body: Vec<Entry>,
    /// The head line.
    pub span: Span,
}

/// Which list a criterion belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Polarity {
    /// Must hold.
    Inclusion,
    /// States the excluded state; must not hold.
    Exclusion,
}

/// An inclusion or exclusion criterion.
#[derive(Debug, Clone, PartialEq)]
pub struct Criterion {
    /// Inclusion or exclusion.
    pub polarity: Polarity,
    /// Its number (`I7`).
    pub id: Name,
    /// Its title.
    pub title: Text,
    /// To whom it applies.
    pub population: Option<Population>,
    /// Clauses and conditions.
    pub body: Vec<Entry>,
    /// The head line.
    pub span: Span,
}

/// A rule about criteria or about the trial: a number, a title and a body.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// Its number.
    pub id: Name,
    /// Its title.
    pub title: Text,
    /// What it says.
    pub body: Vec<Entry>,
    /// The head line.
    pub span: Span,
}

/// An obligation over a span of time.
#[derive(Debug, Clone, PartialEq)]
pub struct Commitment {
    /// Its number (`I9a`).
    pub id: Name,
    /// What is committed to.
    pub title: Text,
    /// To whom it applies.
    pub population: Option<Population>,
    /// From when until when, if it stands on the head line.
    pub term: Option<Term>,
    /// Clauses.
    pub body: Vec<Entry>,
    /// The head line.
    pub span: Span,
}

/// `from enrolment until 2 years after end_of_study`.
#[derive(Debug, Clone, PartialEq)]
pub struct Term {
    /// The milestone at which it begins.
    pub from: Name,
    /// A length after the last milestone, if any.
    pub length: Option<Length>,
    /// The milestone at or after which it ends.
    pub until: Name,
    /// The phrase.
    pub span: Span,
}

/// A question that a person answers.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgement {
    /// Its name.
    pub name: Name,
    /// The question, in words.
    pub title: Text,
    /// Who answers (`investigator`, `participant`, `physician`, `sponsor`).
    pub by: Name,
    /// Fields below it.
    pub fields: Vec<Field>,
    /// The head line.
    pub span: Span,
}

/// `for women with childbearing_potential`.
#[derive(Debug, Clone, PartialEq)]
pub struct Population {
    /// `women`, `men` or `participants`.
    pub people: Name,
    /// A further condition, by name.
    pub with: Option<Name>,
    /// The phrase.
    pub span: Span,
}
