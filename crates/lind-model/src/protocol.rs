//! The typed, resolved protocol.
//!
//! A condition is built from few ideas: *records* of a table, *selected* by code set, fields and window,
//! then either asked whether one exists ([`Fact`]) or reduced to a value that is tested ([`ValueTest`],
//! [`ChangeTest`]); and connectives over such conditions. Names were resolved to ids, quantities to exact
//! numbers in a resolved unit.

mod change;

use std::sync::Arc;

use lind_diagnostics::Span;
use lind_time::{Day, Offset};

pub use crate::arithmetic::Arithmetic;
pub use crate::choices::{Cap, Case, Choice, IfUnknown, Override, Permission};
use crate::ids::{DefinitionId, JudgementId, MilestoneId, ReadingId, SetId};
use crate::names::Names;
use crate::trial::{Asked, Trial};

pub use crate::points::{PointsChange, PointsLine, PointsTest};
pub use change::{ChangeMode, ChangeTest, Compared, Direction, Persistence, ValueAt};

mod amendments;
mod chosen;
mod declared;
mod facts;
mod records;
mod spells;
mod values;
mod windows;

pub use amendments::{Amendment, AmendmentReason, Claim, ClaimKind, ClaimSubject};
pub use chosen::{Chosen, ChosenLine};
pub use declared::{
    About, CodeSet, Equivalence, EquivalenceRow, FactTable, Formula, FormulaCase, FormulaInput,
    HalfLife, Judgement, Measure, QuantityShape, Sex, Shape,
};
pub use facts::{Fact, Filter, Lasting, Steady, Tense};
pub use spells::{Spell, SpellCount};
pub use values::{
    Comparison, Evidence, Interval, Provenance, ResultField, Subject, Test, ValueTest,
};
pub use windows::{Anchor, Window};

pub use records::{
    Counted, FactField, Frequency, MOST_NAMED_RECORDS, MemberException, NamedRecord, RecordEdge,
    RecordQuestion, RecordTest, SuchThat, TagRule, TimeOfDay,
};

/// A checked protocol.
#[derive(Debug, Clone)]
pub struct Protocol {
    /// Its identifier, such as a registry number.
    pub id: Arc<str>,
    /// Its title.
    pub title: Arc<str>,
    /// Its version, if stated.
    pub version: Option<Arc<str>>,
    /// The date of its version, if stated.
    pub dated: Option<Day>,
    /// What else its head says.
    pub about: About,
    /// Its milestones, in an order that the network allows (earlier first).
    pub milestones: Vec<Milestone>,
    /// Things that the source does not say, with the reason.
    pub unstated: Vec<(Arc<str>, Arc<str>)>,
    /// Measures that are used.
    pub measures: Vec<Measure>,
    /// Formulas that are used.
    pub formulas: Vec<Formula>,
    /// Code sets that are used.
    pub sets: Vec<CodeSet>,
    /// Records that the data choose, as anchors.
    pub chosen: Vec<Chosen>,
    /// Names under which records may be given, those of sets that are not used included.
    pub names: Names,
    /// Questions to people.
    pub judgements: Vec<Judgement>,
    /// Half-lives of all drugs that the protocol or a library it uses states.
    pub half_lives: Vec<HalfLife>,
    /// Codes of treatments that are given once: without an end, they end when they begin.
    pub given_once: Vec<Arc<str>>,
    /// Tables of equivalent doses that are used.
    pub equivalences: Vec<Equivalence>,
    /// Defined terms.
    pub definitions: Vec<Definition>,
    /// Questions of interpretation.
    pub readings: Vec<Reading>,
    /// Criteria and commitments in the order of the source.
    pub criteria: Vec<Criterion>,
    /// Which criteria count as met, or as not met, for some.
    pub overrides: Vec<Override>,
    /// How many participants may be of a sort. This is about the trial, and changes no verdict.
    pub caps: Vec<Cap>,
    /// Conditions that are asked outside the criteria: by visits, grades, states, populations, endpoints.
    pub asked: Vec<Asked>,
    /// What it says beyond eligibility.
    pub trial: Trial,
    /// What its author says of the step from each older version, in the order of the source.
    pub amendments: Vec<Amendment>,
}

/// A named event of the trial.
#[derive(Debug, Clone)]
pub struct Milestone {
    /// Its name.
    pub name: Arc<str>,
    /// What it is.
    pub title: Option<Arc<str>>,
    /// Whether its time of day is recorded.
    pub timed: bool,
    /// The milestones that are proven not to be later than this one, itself included.
    pub not_later: Vec<MilestoneId>,
    /// Those of them that are proven to be at least a day earlier, so that they are not on one day with this one.
    pub days_earlier: Vec<MilestoneId>,
    /// Which values count at this gate when a criterion names no window.
    pub values: Option<Window>,
    /// Another milestone whose time is its own; that one is no such alias itself.
    pub same_as: Option<MilestoneId>,
    /// Where it is declared.
    pub span: Span,
}

/// A defined term.
#[derive(Debug, Clone)]
pub struct Definition {
    /// Its name.
    pub name: Arc<str>,
    /// In words.
    pub title: Option<Arc<str>>,
    /// What it means.
    pub condition: Condition,
    /// Where it is declared.
    pub span: Span,
}

/// A question of interpretation.
#[derive(Debug, Clone)]
pub struct Reading {
    /// Its name.
    pub name: Arc<str>,
    /// The question.
    pub question: Arc<str>,
    /// The alternatives.
    pub alternatives: Vec<Alternative>,
    /// The index of the chosen one.
    pub chosen: usize,
    /// Why it was chosen.
    pub reason: Option<Arc<str>>,
    /// Where it is declared.
    pub span: Span,
}

/// One alternative of a reading.
#[derive(Debug, Clone)]
pub struct Alternative {
    /// Its name.
    pub name: Arc<str>,
    /// In words.
    pub title: Option<Arc<str>>,
    /// What it means.
    pub content: AlternativeContent,
}

/// What an alternative stands for.
#[derive(Debug, Clone)]
pub enum AlternativeContent {
    /// Only a label: the places that depend on the reading say what it means there.
    Label,
    /// A condition, used by `as read in`.
    Condition(Condition),
    /// Which of several values counts, used by `take values as read in`.
    Selector(Selector),
    /// How long months and years are, for the whole protocol.
    Months(MonthRule),
}

/// How long months and years are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MonthRule {
    /// Calendar arithmetic, clamped to the end of the month.
    Calendar,
    /// Fixed lengths.
    Fixed {
        /// Days in a month.
        month: i64,
        /// Days in a year.
        year: i64,
    },
}

impl MonthRule {
    /// The offset as this rule counts it.
    #[must_use]
    pub fn apply(self, offset: Offset) -> Offset {
        match (self, offset) {
            (Self::Fixed { month, year }, Offset::Calendar { months }) => {
                let days = (months / 12)
                    .saturating_mul(year)
                    .saturating_add((months % 12).saturating_mul(month));
                Offset::Days { days }
            }
            _ => offset,
        }
    }
}

/// Which list a criterion belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CriterionKind {
    /// Must hold.
    Inclusion,
    /// States the excluded state; must not hold.
    Exclusion,
    /// An obligation that is attested.
    Commitment,
}

/// A criterion or commitment.
#[derive(Debug, Clone)]
pub struct Criterion {
    /// Its number.
    pub id: Arc<str>,
    /// Its title.
    pub title: Arc<str>,
    /// Which list.
    pub kind: CriterionKind,
    /// To whom it applies.
    pub guard: Option<Guard>,
    /// The gate of the parts that name none.
    pub gate: Option<MilestoneId>,
    /// Its parts, all of which count: an inclusion needs all of them, an exclusion excludes by any.
    pub parts: Vec<Condition>,
    /// For a commitment: from when until when.
    pub term: Option<Term>,
    /// What it allows.
    pub allowed: Vec<Permission>,
    /// Where the public text states it.
    pub source: Option<Arc<str>>,
    /// Where it is declared (the head line).
    pub span: Span,
}

/// From when until when a commitment holds.
#[derive(Debug, Clone)]
pub struct Term {
    /// The milestone at which it begins and at which it is attested.
    pub from: MilestoneId,
    /// The milestone at or after which it ends.
    pub until: MilestoneId,
    /// How long after it.
    pub after: Option<Offset>,
}

/// To whom something applies.
#[derive(Debug, Clone)]
pub struct Guard {
    /// Only one sex.
    pub sex: Option<Sex>,
    /// A further condition.
    pub condition: Option<Box<Condition>>,
    /// As written.
    pub text: Arc<str>,
}

/// A condition.
#[derive(Debug, Clone)]
pub struct Condition {
    /// What it says.
    pub kind: ConditionKind,
    /// Its label, if any.
    pub label: Option<Label>,
    /// As written, for explanations.
    pub text: Arc<str>,
    /// Where it stands.
    pub span: Span,
}

impl Condition {
    /// Whether a part of a criterion names a gate of its own somewhere where it may.
    #[must_use]
    pub fn names_a_gate(&self) -> bool {
        match &self.kind {
            ConditionKind::At(..) => true,
            ConditionKind::Depending(_, parts) | ConditionKind::List(Quantifier::All, parts) => {
                parts.iter().any(Self::names_a_gate)
            }
            ConditionKind::With(_, inner) => inner.names_a_gate(),
            _ => false,
        }
    }
}

/// A label of a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The label.
    pub name: Arc<str>,
    /// In words.
    pub title: Option<Arc<str>>,
}

/// How many parts of a list must hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantifier {
    /// All of them.
    All,
    /// At least one.
    Any,
    /// None of them.
    None,
    /// At least so many.
    AtLeast(u32),
    /// At most so many.
    AtMost(u32),
    /// Exactly so many.
    Exactly(u32),
}

/// What a condition says.
#[derive(Debug, Clone)]
pub enum ConditionKind {
    /// A list.
    List(Quantifier, Vec<Condition>),
    /// Applies only to some.
    Guarded(Guard, Box<Condition>),
    /// Decided at another gate. Only as a part of a criterion, or in an arm of `depending on` there.
    At(MilestoneId, Box<Condition>),
    /// One arm for each alternative of the reading, in its order.
    Depending(ReadingId, Vec<Condition>),
    /// The condition of the chosen alternative.
    AsRead(ReadingId),
    /// A defined term.
    Defined(DefinitionId),
    /// A person answers.
    Judged(JudgementId),
    /// A milestone has been reached, in a window if there is one.
    Happened(MilestoneId, Option<Window>),
    /// Completed years of age at a milestone (or at the gate) lie in an interval.
    Age {
        /// The milestone; none for the gate.
        at: Option<MilestoneId>,
        /// The interval, in completed years.
        interval: Interval,
    },
    /// Records exist.
    Fact(Box<Fact>),
    /// Something is true of a record that has a name. Only below that name.
    Record(Box<RecordTest>),
    /// A value passes a test.
    Value(Box<ValueTest>),
    /// A sum of points lies in an interval.
    Points(Box<PointsTest>),
    /// A value has changed.
    Change(Box<ChangeTest>),
    /// What is inside is read with other samples or another selector.
    With(Box<Usage>, Box<Condition>),
    /// Which rule applies to this person.
    Choice(Box<Choice>),
    /// What the protocol lays down where the data leave the condition unknown.
    IfUnknown(Box<IfUnknown>),
    /// Counts as met, or as not met, without being asked.
    Settled(bool),
    /// Nothing is asked (an arm that only sets clauses); neutral.
    Nothing,
    /// A sum of points has changed.
    PointsChange(Box<PointsChange>),
    /// A value passes a test on so many days.
    Spell(Box<Spell>),
}

/// Clauses that govern the values below them.
#[derive(Debug, Clone, Default)]
pub struct Usage {
    /// Which of several values counts, where a test does not say.
    pub take: Option<Take>,
    /// Which values count, where a test names no window.
    pub window: Option<Window>,
    /// Samples that may not be used. In `depending on` the rule may differ from arm to arm.
    pub samples: Vec<SampleRule>,
}

/// `take …`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Take {
    /// A stated selector.
    Selector(Selector),
    /// The selector of the chosen alternative.
    AsRead(ReadingId),
}

/// A sample may not be used if one of these was given in the window around it.
#[derive(Debug, Clone)]
pub struct SampleRule {
    /// The rule holds only under this alternative of a reading.
    pub only_under: Option<(ReadingId, usize)>,
    /// The code sets.
    pub without: Vec<SetId>,
    /// When, around the sample.
    pub window: Window,
    /// As written.
    pub text: Arc<str>,
}

/// Which of several values counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Selector {
    /// The one with the latest time.
    Latest,
    /// The one with the earliest time.
    First,
    /// The greatest.
    Highest,
    /// The least.
    Lowest,
    /// Highest or lowest, as the measure declares.
    Worst,
    /// At least one.
    Any,
    /// Every one, and at least one.
    Every,
    /// The mean of all of them. Only of quantities and scores that are measured.
    Mean,
}
