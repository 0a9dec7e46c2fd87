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
use lind_units::{Analyte, Decimal, Exact, Kind, Unit};

pub use crate::arithmetic::Arithmetic;
pub use crate::choices::{Cap, Case, Choice, IfUnknown, Override, Permission};
use crate::ids::{
    ChosenId, DefinitionId, EquivalenceId, FormulaId, JudgementId, MeasureId, MilestoneId,
    ReadingId, SetId,
};
use crate::names::Names;
use crate::trial::{Asked, Trial};

pub use crate::points::{PointsChange, PointsLine, PointsTest};
pub use change::{ChangeMode, ChangeTest, Compared, Direction, Persistence, ValueAt};

mod chosen;
mod records;
mod spells;

pub use chosen::{Chosen, ChosenLine};
pub use spells::{Spell, SpellCount};

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
    /// Which values count at this gate when a criterion names no window.
    pub values: Option<Window>,
    /// Another milestone whose time is its own; that one is no such alias itself.
    pub same_as: Option<MilestoneId>,
    /// Where it is declared.
    pub span: Span,
}

/// What is measured.
#[derive(Debug, Clone)]
pub struct Measure {
    /// Its name.
    pub name: Arc<str>,
    /// In words.
    pub title: Arc<str>,
    /// What its values are.
    pub shape: Shape,
    /// Codes under which it is recorded (`loinc|718-7`), besides its own name.
    pub codes: Vec<Arc<str>>,
    /// Only results of this specimen count.
    pub specimen: Option<Arc<str>>,
    /// Whether the time of day is recorded with its values.
    pub timed: bool,
    /// Whether the highest value is the clinically worst; none if the measure does not say.
    pub worst_is_highest: Option<bool>,
    /// Its source.
    pub source: Option<Arc<str>>,
    /// What of this entry was not checked against its source.
    pub unverified: Option<Arc<str>>,
    /// Where it is declared.
    pub span: Span,
}

/// What the values of a measure are.
#[derive(Debug, Clone)]
pub enum Shape {
    /// A quantity with a unit.
    Quantity(QuantityShape),
    /// A bounded score.
    Score {
        /// The lowest possible score.
        lowest: Decimal,
        /// The highest possible score.
        highest: Decimal,
        /// The step between scores, if stated.
        step: Option<Decimal>,
    },
    /// An ordinal scale, lowest level first.
    Ordinal(Vec<Arc<str>>),
    /// Coded results.
    Coded(Vec<Arc<str>>),
    /// Coded results of which one may carry several, in no order.
    Tags(Vec<Arc<str>>),
}

/// A measure with a unit.
#[derive(Debug, Clone)]
pub struct QuantityShape {
    /// The kind of quantity.
    pub kind: Kind,
    /// The unit in which it is stated by default.
    pub unit: Unit,
    /// What is known of the analyte: molar mass, valence, counted entity.
    pub analyte: Analyte,
    /// The name of the analyte, to tell two quantities of one kind apart.
    pub analyte_name: Option<Arc<str>>,
    /// Values outside cannot be real, in `unit`.
    pub plausible: Option<(Exact, Exact)>,
    /// Limits of protocols usually lie inside, in `unit`.
    pub usual: Option<(Exact, Exact)>,
    /// Whether results carry the laboratory's limits.
    pub has_limits: bool,
}

/// A named formula.
#[derive(Debug, Clone)]
pub struct Formula {
    /// Its name.
    pub name: Arc<str>,
    /// In words.
    pub title: Arc<str>,
    /// What it gives.
    pub result: QuantityShape,
    /// Its inputs.
    pub inputs: Vec<FormulaInput>,
    /// How many days the samples of its inputs may lie apart; none if that does not matter.
    pub together: Option<i64>,
    /// Its cases, tried in order.
    pub cases: Vec<FormulaCase>,
    /// Codes under which the computed value is recorded; such a value is used only if the inputs are missing.
    pub codes: Vec<Arc<str>>,
    /// Its source.
    pub source: Option<Arc<str>>,
    /// What of this entry was not checked against its source.
    pub unverified: Option<Arc<str>>,
    /// Where it is declared.
    pub span: Span,
}

/// An input of a formula.
#[derive(Debug, Clone)]
pub enum FormulaInput {
    /// Completed years of age at the gate.
    Age,
    /// A measure, counted in a unit.
    Measure {
        /// Which.
        measure: MeasureId,
        /// The unit in which the formula counts it.
        unit: Unit,
    },
}

/// One case of a formula.
#[derive(Debug, Clone)]
pub struct FormulaCase {
    /// For whom; none for everybody else.
    pub sex: Option<Sex>,
    /// The arithmetic.
    pub value: Arithmetic,
}

/// Sex as a guard names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sex {
    /// `for women`
    Female,
    /// `for men`
    Male,
}

/// Which table of the chart a code set speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FactTable {
    /// Diagnoses and states.
    Conditions,
    /// Drugs, vaccines, blood products.
    Treatments,
    /// Procedures and cell therapies.
    Procedures,
    /// Allergies and intolerances.
    Allergies,
    /// Results of measures. No set has codes of it: a fact names the measure.
    Results,
    /// Adverse events.
    AdverseEvents,
}

/// A named set of codes.
#[derive(Debug, Clone)]
pub struct CodeSet {
    /// Its name.
    pub name: Arc<str>,
    /// In words.
    pub title: Option<Arc<str>>,
    /// Which table.
    pub table: FactTable,
    /// Its own codes and those of all sets it includes, and the names of all of them. A trailing `*` stands
    /// for every code that begins so.
    pub codes: Vec<Arc<str>>,
    /// The sets that it includes, however deep, and that include no other: `different` counts each of them
    /// once, whichever of its codes is recorded.
    pub members: Vec<SetId>,
    /// Its source.
    pub source: Option<Arc<str>>,
    /// What of this entry was not checked against its source.
    pub unverified: Option<Arc<str>>,
    /// Where it is declared.
    pub span: Span,
}

/// How long half of a drug stays.
#[derive(Debug, Clone)]
pub struct HalfLife {
    /// The codes of the drug, its name included.
    pub codes: Vec<Arc<str>>,
    /// The shortest half-life, in seconds.
    pub shortest_seconds: Exact,
    /// The longest half-life, in seconds.
    pub longest_seconds: Exact,
    /// Whether it is stated in days or longer, so that civil days are compared.
    pub by_day: bool,
}

/// A question that a person answers.
#[derive(Debug, Clone)]
pub struct Judgement {
    /// Its name, under which the answer is recorded.
    pub name: Arc<str>,
    /// The question.
    pub title: Arc<str>,
    /// Who answers.
    pub by: Arc<str>,
    /// Where it is declared.
    pub span: Span,
}

/// Doses of several drugs that count as the same.
#[derive(Debug, Clone)]
pub struct Equivalence {
    /// Its name.
    pub name: Arc<str>,
    /// In words.
    pub title: Arc<str>,
    /// One row a drug: its codes, and the dose that counts as the same as the first row's.
    pub rows: Vec<EquivalenceRow>,
    /// Its source.
    pub source: Option<Arc<str>>,
    /// What was not checked against the source.
    pub unverified: Option<Arc<str>>,
    /// Where it is declared.
    pub span: Span,
}

/// One drug of an equivalence.
#[derive(Debug, Clone)]
pub struct EquivalenceRow {
    /// The codes of the drug, its name included.
    pub codes: Vec<Arc<str>>,
    /// The dose.
    pub dose: Exact,
    /// Its unit.
    pub unit: Unit,
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

/// The tense of a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tense {
    /// Active at the gate.
    Now,
    /// At any time up to the gate.
    Ever,
    /// Within a window.
    During,
}

/// Records of a table that match exist (or, negated, do not).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// `no`, `never`: the fact holds when nothing matches, or when so many do not.
    pub negated: bool,
    /// How many must match; none means at least one.
    pub frequency: Option<Frequency>,
    /// What must be true of each record besides.
    pub such_that: Option<SuchThat>,
    /// When.
    pub tense: Tense,
    /// Which table.
    pub table: FactTable,
    /// Which codes; none means every row of the table.
    pub set: Option<SetId>,
    /// Of which measure, for [`FactTable::Results`].
    pub measure: Option<MeasureId>,
    /// Only rows marked as investigational.
    pub investigational: bool,
    /// Conditions on the fields of a row, all of which must hold.
    pub filters: Vec<Filter>,
    /// Members that do not count.
    pub exceptions: Vec<MemberException>,
    /// The window, for [`Tense::During`].
    pub window: Option<Window>,
}

/// A condition on the fields of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filter {
    /// The field has one of these values.
    Field(FactField, Vec<Arc<str>>),
    /// The daily dose, possibly as an equivalent, lies in an interval in a unit.
    Dose {
        /// The interval.
        interval: Interval,
        /// The unit of its ends.
        unit: Unit,
        /// The equivalence.
        equivalence: Option<EquivalenceId>,
    },
    /// The number of the line of treatment lies between the two, both included; no number is above the
    /// upper one if there is none.
    Line(u8, Option<u8>),
    /// The grade of an adverse event lies between the two, both included; grades are 0 to 5.
    Grade(u8, u8),
    /// The record (clipped to the gate) lasted so long.
    Lasting(Lasting),
    /// The records together lasted so long; overlaps count once. At most one, and the fact has no other
    /// quantifier then.
    InTotal(Lasting),
    /// The record lasted so long together with those of the fact that are no further apart than a gap.
    Stretch {
        /// How long.
        lasting: Lasting,
        /// The longest time that may lie between two records.
        gap: Offset,
    },
    /// It has been over for so long at the gate.
    DiseaseFree(Lasting),
    /// Its beginning, or its end, lies in a window. What is not over has no end.
    Edge(RecordEdge, Window),
    /// The daily dose of the drug stayed the same in a window, or did not rise.
    Steady(Steady),
    /// It was at this time of the day.
    TimeOfDay(TimeOfDay),
    /// The result passes a test. At most one of a fact.
    Value {
        /// What was measured.
        measure: MeasureId,
        /// The test.
        test: Test,
    },
    /// The daily doses of all records together, possibly as equivalents, lie in an interval on a day that is
    /// asked. At most one, and the fact has no other quantifier then.
    TotalDose {
        /// The interval.
        interval: Interval,
        /// The unit of its ends.
        unit: Unit,
        /// The equivalence.
        equivalence: Option<EquivalenceId>,
    },
}

impl Filter {
    /// The window that it leans on.
    #[must_use]
    pub fn window(&self) -> Option<&Window> {
        match self {
            Self::Steady(steady) => Some(&steady.window),
            Self::Edge(_, window) => Some(window),
            _ => None,
        }
    }
}

impl Fact {
    /// The windows that it leans on: its own and those of its filters.
    pub fn windows(&self) -> impl Iterator<Item = &Window> {
        let of_filters = self.filters.iter().filter_map(Filter::window);
        self.window.iter().chain(of_filters)
    }
}

/// A daily dose that stays the same, or does not rise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Steady {
    /// It may fall.
    pub may_fall: bool,
    /// When.
    pub window: Window,
    /// The day before each day of the window belongs to it (`for more than`).
    pub and_day_before: bool,
    /// The equivalence by which the drugs of the set count as one; none if each is looked at alone.
    pub equivalence: Option<EquivalenceId>,
}

/// A comparison of a length of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lasting {
    /// The comparison.
    pub comparison: Comparison,
    /// The length.
    pub length: Offset,
}

/// The five comparisons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// `>=`
    AtLeast,
    /// `<=`
    AtMost,
    /// `>`
    MoreThan,
    /// `<`
    LessThan,
    /// `=`
    Equal,
}

/// An interval of exact numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interval {
    /// The lower end and whether it belongs.
    pub low: Option<(Exact, bool)>,
    /// The upper end and whether it belongs.
    pub high: Option<(Exact, bool)>,
}

impl Interval {
    /// The interval that a comparison with one limit describes.
    #[must_use]
    pub fn comparison(comparison: Comparison, limit: Exact) -> Self {
        match comparison {
            Comparison::AtLeast => Self {
                low: Some((limit, true)),
                high: None,
            },
            Comparison::MoreThan => Self {
                low: Some((limit, false)),
                high: None,
            },
            Comparison::AtMost => Self {
                low: None,
                high: Some((limit, true)),
            },
            Comparison::LessThan => Self {
                low: None,
                high: Some((limit, false)),
            },
            Comparison::Equal => Self {
                low: Some((limit.clone(), true)),
                high: Some((limit, true)),
            },
        }
    }

    /// Whether a number lies in it.
    #[must_use]
    pub fn contains(&self, value: &Exact) -> bool {
        let above = self
            .low
            .as_ref()
            .is_none_or(|(low, closed)| if *closed { value >= low } else { value > low });
        let below = self
            .high
            .as_ref()
            .is_none_or(|(high, closed)| if *closed { value <= high } else { value < high });
        above && below
    }
}

/// The value of a measure or formula passes a test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueTest {
    /// What is measured.
    pub subject: Subject,
    /// Which value, if said here.
    pub selector: Option<Selector>,
    /// Where the values must come from; all of these must hold.
    pub provenance: Vec<Provenance>,
    /// At which time of the day.
    pub time_of_day: Option<TimeOfDay>,
    /// When, if said here.
    pub window: Option<Window>,
    /// How many values there must be before their absence says something.
    pub evidence: Option<Evidence>,
    /// The test.
    pub test: Test,
}

/// Where results come from: a field of theirs has one of these values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provenance {
    /// The field.
    pub field: ResultField,
    /// Its values.
    pub values: Vec<Arc<str>>,
}

/// A field of a result that says where it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ResultField {
    /// `source`
    Source,
    /// `method`
    Method,
    /// `specimen`
    Specimen,
    /// `body_site`
    BodySite,
}

/// How many values there must be, so that what none or all of them show is more than silence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// How many, at different times.
    pub least: u32,
    /// When; none means the window of the test.
    pub window: Option<Window>,
}

/// A measure or a formula.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Subject {
    /// A measure.
    Measure(MeasureId),
    /// A formula.
    Formula(FormulaId),
}

/// What is asked of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    /// A quantity lies in an interval in a unit.
    Quantity(Interval, Unit),
    /// A quantity lies in an interval of multiples of the laboratory's own limit for that sample.
    Multiple {
        /// The factors.
        interval: Interval,
        /// The upper limit of normal, or the lower.
        upper: bool,
    },
    /// A quantity lies between both limits of the laboratory's own range for that sample, both included, or
    /// outside.
    Reference {
        /// Outside is asked.
        outside: bool,
    },
    /// A score lies in an interval.
    Score(Interval),
    /// A level lies between two places of its scale, both included; an excluded level is left out of the list.
    Levels(Vec<usize>),
    /// A coded result is one of these.
    Results(Vec<Arc<str>>),
    /// The tags that a result carries.
    Tags(TagRule, Vec<Arc<str>>),
    /// A quantity lies in an interval of multiples of another value of the same patient.
    Own {
        /// The factors.
        interval: Interval,
        /// The value that is multiplied.
        reference: Box<ValueAt>,
    },
}

/// When.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Window {
    /// An interval around an anchor.
    Around {
        /// What it leans on.
        anchor: Anchor,
        /// The interval.
        window: lind_time::Window,
        /// Reaches past the gate on purpose: what is known by then counts.
        as_known: bool,
    },
    /// From one anchor to another, both days included.
    Between {
        /// The first day.
        from: Anchor,
        /// The last day.
        to: Anchor,
    },
    /// So many half-lives of the drug at hand before an anchor.
    HalfLives {
        /// What it leans on.
        anchor: Anchor,
        /// How many.
        count: Exact,
        /// Whether the far end belongs.
        closed: bool,
        /// At least so long before, rather than within.
        beyond: bool,
    },
    /// In one of two windows (`within the longer of`).
    Either(Box<Window>, Box<Window>),
    /// In both of two windows (`within the shorter of`).
    Both(Box<Window>, Box<Window>),
}

/// What a window leans on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Anchor {
    /// A milestone.
    Milestone(MilestoneId),
    /// The time of the sample at hand.
    Sample,
    /// The record that has a name.
    Record(NamedRecord, RecordEdge),
    /// A day of the calendar.
    Date(Day),
    /// The record that the data choose.
    Chosen(ChosenId),
}
