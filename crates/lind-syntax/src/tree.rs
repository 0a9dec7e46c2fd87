//! The syntax tree: what the author wrote, with the place of every part.
//!
//! The tree is tolerant: a line that could not be read is an [`Item::Broken`] or [`EntryKind::Broken`]
//! with its span, its neighbours stay whole. Nothing here is resolved: names are words, numbers are the
//! characters as written. Meaning belongs to the checker.

use lind_diagnostics::{FileId, Span};

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
    /// `judgement unsuitable "…" by investigator`.
    Judgement(Judgement),
    /// `measure`, `score` or `ordinal`.
    Measure(Measure),
    /// `condition`, `treatment`, `procedure` or `allergy`: a set of codes.
    CodeSet(CodeSet),
    /// `formula creatinine_clearance "…" as VRat in mL/min`.
    Formula(Formula),
    /// `equivalence prednisone_equivalent "…"`.
    Equivalence(Equivalence),
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

/// What is measured: a laboratory value, a score, an ordinal scale, a coded result.
#[derive(Debug, Clone, PartialEq)]
pub struct Measure {
    /// Its name.
    pub name: Name,
    /// In words.
    pub title: Text,
    /// What its head says of its shape.
    pub shape: MeasureShape,
    /// Fields below it.
    pub fields: Vec<Field>,
    /// The head line.
    pub span: Span,
}

/// The three heads a measure can have.
#[derive(Debug, Clone, PartialEq)]
pub enum MeasureShape {
    /// `measure`: a quantity or a coded result, as its fields say.
    Measure,
    /// `score … 0 to 51`.
    Score {
        /// The lowest possible score.
        lowest: Number,
        /// The highest possible score.
        highest: Number,
    },
    /// `ordinal … I < II < III < IV`.
    Ordinal {
        /// The levels, lowest first.
        levels: Vec<Name>,
    },
}

/// Which table of the chart a code set speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SetKind {
    /// Diagnoses and states.
    Condition,
    /// Drugs, vaccines, blood products.
    Treatment,
    /// Procedures and cell therapies.
    Procedure,
    /// Allergies and intolerances.
    Allergy,
}

/// A named set of codes.
#[derive(Debug, Clone, PartialEq)]
pub struct CodeSet {
    /// Which table.
    pub kind: SetKind,
    /// Its name.
    pub name: Name,
    /// In words.
    pub title: Option<Text>,
    /// Codes, included sets, half-life, source.
    pub fields: Vec<Field>,
    /// The head line.
    pub span: Span,
}

/// A named formula.
#[derive(Debug, Clone, PartialEq)]
pub struct Formula {
    /// Its name.
    pub name: Name,
    /// In words.
    pub title: Text,
    /// The kind of quantity it gives.
    pub kind: Name,
    /// The unit it gives.
    pub unit: Name,
    /// Its inputs, in the units that its cases count in.
    pub inputs: Vec<FormulaInput>,
    /// Its cases, tried in order.
    pub cases: Vec<FormulaCase>,
    /// Other fields (source, plausible range, codes).
    pub fields: Vec<Field>,
    /// The head line.
    pub span: Span,
}

/// `creatinine in mg/dL`.
#[derive(Debug, Clone, PartialEq)]
pub struct FormulaInput {
    /// The measure, or `age`.
    pub name: Name,
    /// The unit in which the formula counts it.
    pub unit: Option<Name>,
}

/// `for women: …`, `otherwise: …`, `everyone: …`.
#[derive(Debug, Clone, PartialEq)]
pub struct FormulaCase {
    /// `women`, `men`, `participants`; none for `otherwise` and `everyone`.
    pub people: Option<Name>,
    /// The arithmetic.
    pub value: Arithmetic,
    /// The line.
    pub span: Span,
}

/// Arithmetic over the inputs of a formula.
#[derive(Debug, Clone, PartialEq)]
pub enum Arithmetic {
    /// A number.
    Number(Number),
    /// An input.
    Input(Name),
    /// `a + b`, `a - b`, `a * b`, `a / b`.
    Binary {
        /// The operator.
        operator: Operator,
        /// The left side.
        left: Box<Arithmetic>,
        /// The right side.
        right: Box<Arithmetic>,
    },
    /// `smaller of (a, b)` or `greater of (a, b)`.
    Extreme {
        /// Whether the greater is taken.
        greater: bool,
        /// One side.
        left: Box<Arithmetic>,
        /// The other side.
        right: Box<Arithmetic>,
    },
}

/// The four operations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
}

/// Doses of several drugs that count as the same.
#[derive(Debug, Clone, PartialEq)]
pub struct Equivalence {
    /// Its name.
    pub name: Name,
    /// In words.
    pub title: Text,
    /// One row a drug.
    pub rows: Vec<EquivalenceRow>,
    /// Other fields (source).
    pub fields: Vec<Field>,
    /// The head line.
    pub span: Span,
}

/// `methylprednisolone 4 mg`.
#[derive(Debug, Clone, PartialEq)]
pub struct EquivalenceRow {
    /// The treatment.
    pub drug: Name,
    /// The dose that counts as the same as the others in the table.
    pub dose: Quantity,
    /// The line.
    pub span: Span,
}

/// One field below a head.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// What it says.
    pub kind: FieldKind,
    /// The line.
    pub span: Span,
}

/// The fields of heads, measures and sets.
#[derive(Debug, Clone, PartialEq)]
pub enum FieldKind {
    /// `title "…"`
    Title(Text),
    /// `version "1" dated 2024-05-09`
    Version(Text, Option<Name>),
    /// `phase 1`
    Phase(Name),
    /// `sponsor "…"`
    Sponsor(Text),
    /// `source "…"`
    Source(Text),
    /// `note "…"`
    Note(Text),
    /// `unverified "…"`: what of this entry has not been checked against its source.
    Unverified(Text),
    /// `kind MCnc of creatinine in serum`
    Kind {
        /// The kind of quantity (LOINC property).
        kind: Name,
        /// The analyte.
        analyte: Option<Name>,
        /// The specimen.
        specimen: Option<Name>,
    },
    /// `unit g/L`
    Unit(Name),
    /// `code loinc|718-7, loinc|30313-1`
    Codes(Vec<Name>),
    /// `plausible 10 to 300 g/L`
    Plausible(Range),
    /// `usual 50 to 200 g/L`: where limits of protocols usually lie.
    Usual(Range),
    /// `molar mass 113.12 g/mol`
    MolarMass(Quantity),
    /// `has reference limits`
    ReferenceLimits,
    /// `worst lowest`
    Worst {
        /// Whether the highest value is the worst.
        highest: bool,
    },
    /// `with time of day`
    Timed,
    /// `result positive, negative`
    Results(Vec<Name>),
    /// `specimen serum`
    Specimen(Name),
    /// `step 1`
    Step(Number),
    /// `includes a, b`
    Includes(Vec<Name>),
    /// `half-life 12 to 20 hours`
    HalfLife {
        /// The shortest (or only) half-life.
        shortest: Number,
        /// The longest, if a range is given.
        longest: Option<Number>,
        /// The unit of time.
        unit: Name,
    },
    /// `values from consent on`: which values count at this gate.
    Values(Window),
    /// `given once`: without an end, the treatment ends when it begins.
    GivenOnce,
    /// A field that could not be read.
    Broken,
}

/// One line of a body and the lines below it.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// `renal:` or `I7a "renal function":`.
    pub label: Option<EntryLabel>,
    /// What the line says.
    pub kind: EntryKind,
    /// The line, label included.
    pub span: Span,
    /// The lines below it.
    pub children: Vec<Entry>,
}

/// A label before a colon.
#[derive(Debug, Clone, PartialEq)]
pub struct EntryLabel {
    /// The label.
    pub name: Name,
    /// A title in quotes, if any.
    pub title: Option<Text>,
}

/// What a body line says.
#[derive(Debug, Clone, PartialEq)]
pub enum EntryKind {
    /// Only a label; the content stands below.
    Empty,
    /// `at screening`, or `at screening: …` with the rest of the line.
    At {
        /// The gate.
        gate: Name,
        /// What follows the colon.
        then: Option<Box<EntryKind>>,
    },
    /// `source "registry, line 12"`
    Source(Text),
    /// `note "…"`
    Note(Text),
    /// `take the latest value`, `take values as read in Q14`, `from samples with no …`.
    Take(Take),
    /// `except with gilbert_syndrome: <= 3 x ULN`
    Except(Except),
    /// `chosen relative "because …"`
    Chosen {
        /// The alternative.
        alternative: Name,
        /// Why.
        reason: Option<Text>,
    },
    /// `depending on Q6`; the alternatives stand below.
    Depending(Name),
    /// `for women with childbearing_potential`; what applies to them stands below.
    For(Population),
    /// `all of`, `any of`, `none of`, `at least 2 of`.
    List(Quantifier),
    /// `from enrolment until 2 years after end_of_study`
    Term(Term),
    /// `months and years by the calendar`, `a month is 30 days, a year is 365 days`
    Months(MonthRule),
    /// A text in quotes: an alternative that only says its meaning.
    Wording(Text),
    /// A condition.
    Condition(Condition),
    /// A line that could not be read.
    Broken,
}

/// How many of a list must hold.
#[derive(Debug, Clone, PartialEq)]
pub enum Quantifier {
    /// `all of`
    All,
    /// `any of`
    Any,
    /// `none of`
    None,
    /// `at least N of`
    AtLeast(Number),
    /// `at most N of`
    AtMost(Number),
    /// `exactly N of`
    Exactly(Number),
}

/// How long a month and a year are.
#[derive(Debug, Clone, PartialEq)]
pub enum MonthRule {
    /// Calendar arithmetic, clamped to the end of the month.
    Calendar,
    /// Fixed lengths in days.
    Fixed {
        /// Days in a month.
        month: Number,
        /// Days in a year.
        year: Number,
    },
}

/// Which of several values counts.
#[derive(Debug, Clone, PartialEq)]
pub enum Take {
    /// `take the latest value`
    Selector(Selector, Option<Window>),
    /// `take values as read in Q14`
    AsRead(Name, Option<Window>),
    /// `from samples with no transfusion within 7 days before the sample`
    Samples(Samples),
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
    /// The clinically worse of highest and lowest, as the measure declares.
    Worst,
    /// At least one of them.
    Any,
    /// All of them, and at least one.
    Every,
}

/// A condition on the samples whose values may be used.
#[derive(Debug, Clone, PartialEq)]
pub struct Samples {
    /// Code sets of which nothing may have been given.
    pub without: Vec<Name>,
    /// When.
    pub window: Window,
    /// The phrase.
    pub span: Span,
}

/// An exception to the line above it.
#[derive(Debug, Clone, PartialEq)]
pub struct Except {
    /// The condition or the members.
    pub name: Name,
    /// `with` was written: the exception depends on the patient, not on the member.
    pub with: bool,
    /// Only members that have been disease-free.
    pub disease_free: Option<Lasting>,
    /// The limit or the window that replaces the one above.
    pub replacement: Option<Replacement>,
    /// The phrase.
    pub span: Span,
}

/// What an exception puts in place.
#[derive(Debug, Clone, PartialEq)]
pub enum Replacement {
    /// Another limit.
    Limit(Comparator, Limit),
    /// Another window.
    Window(Window),
}

/// A condition on one line: singles joined by `and` or by `or`.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    /// The parts.
    pub parts: Vec<Single>,
    /// The words between them, one fewer than the parts.
    pub connectives: Vec<Connective>,
    /// The phrase.
    pub span: Span,
}

/// `and`, `or`, or the forbidden `and/or`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Connective {
    /// Which word.
    pub kind: ConnectiveKind,
    /// Where.
    pub span: Span,
}

/// Which connective was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConnectiveKind {
    /// `and`
    And,
    /// `or`
    Or,
    /// `and/or`, refused by the checker with both readings spelled out.
    AndOr,
}

/// One condition without connectives.
#[derive(Debug, Clone, PartialEq)]
pub struct Single {
    /// What it says.
    pub kind: SingleKind,
    /// The phrase.
    pub span: Span,
}

/// The forms of a single condition.
#[derive(Debug, Clone, PartialEq)]
pub enum SingleKind {
    /// `as read in Q3`
    AsRead(Name),
    /// `investigator judges unsuitable`
    Judged {
        /// Who.
        judge: Name,
        /// What.
        item: Name,
    },
    /// `consent has taken place`
    Happened(Name),
    /// `has ever had malignancy …`
    Fact(Fact),
    /// `age at consent is 18 to 65 years`
    Age {
        /// The milestone, if named.
        at: Option<Name>,
        /// The test.
        test: Test,
    },
    /// `latest anc within 7 days before screening >= 1000 /uL`
    Measured(Measured),
    /// A defined term.
    Term(Name),
}

/// The tense of a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tense {
    /// `has X`: active at the gate.
    Now,
    /// `has no X`
    NotNow,
    /// `has ever had X`
    Ever,
    /// `has never had X`
    Never,
    /// `has had X within …`
    During,
    /// `has had no X within …`
    NotDuring,
}

/// A fact of the chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    /// Its tense.
    pub tense: Tense,
    /// `had`, `received` or `undergone`, if written.
    pub verb: Option<Name>,
    /// What the fact is about.
    pub object: FactObject,
    /// Conditions on the fields of the record.
    pub filters: Vec<Filter>,
    /// Members that do not count.
    pub exceptions: Vec<Except>,
    /// When.
    pub window: Option<Window>,
}

/// What a fact is about.
#[derive(Debug, Clone, PartialEq)]
pub enum FactObject {
    /// A code set, by name.
    Set(Name),
    /// `any treatment`, `any investigational treatment`, `any procedure`.
    Any {
        /// Only those marked as investigational.
        investigational: bool,
        /// Procedures rather than treatments.
        procedures: bool,
        /// The phrase.
        span: Span,
    },
}

/// A condition on the fields of a record.
#[derive(Debug, Clone, PartialEq)]
pub struct Filter {
    /// What it says.
    pub kind: FilterKind,
    /// The phrase.
    pub span: Span,
}

/// The filters.
#[derive(Debug, Clone, PartialEq)]
pub enum FilterKind {
    /// `with outcome no_response or relapse`
    Field {
        /// The field.
        field: Name,
        /// The values, any of them.
        values: Vec<Name>,
    },
    /// `with dose <= 15 mg/day as prednisone_equivalent`
    Dose {
        /// The comparison.
        comparator: Comparator,
        /// The limit.
        limit: Quantity,
        /// The equivalence table.
        equivalent: Option<Name>,
    },
    /// `for more than 6 months`, `for more than 6 months in total`
    Lasting(Lasting),
    /// `disease-free for more than 2 years`
    DiseaseFree(Lasting),
}

/// How long something lasted.
#[derive(Debug, Clone, PartialEq)]
pub struct Lasting {
    /// The comparison.
    pub comparator: Comparator,
    /// The length.
    pub length: Length,
    /// `in total`: the sum over all records.
    pub in_total: Option<Span>,
    /// The phrase.
    pub span: Span,
}

/// A test or a change of a measured value.
#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    /// Which value, if said.
    pub selector: Option<(Selector, Span)>,
    /// The measure or formula.
    pub measure: Name,
    /// The windows written (at most one is allowed; the checker says so).
    pub windows: Vec<Window>,
    /// The test.
    pub test: Test,
    /// `also stated as 25 umol/L`
    pub also_stated: Option<Quantity>,
}

/// What is asked of a value.
#[derive(Debug, Clone, PartialEq)]
pub struct Test {
    /// What it says.
    pub kind: TestKind,
    /// The phrase.
    pub span: Span,
}

/// The tests.
#[derive(Debug, Clone, PartialEq)]
pub enum TestKind {
    /// `>= 50 mL/min`, `is at most 3 x ULN`
    Compare(Comparator, Limit),
    /// `is 18 to 65 years`
    Between {
        /// The lower end.
        low: Limit,
        /// The upper end.
        high: Limit,
        /// Which ends belong.
        ends: Ends,
    },
    /// `is negative`, `is not IV`, `is I or II`
    OneOf {
        /// The results or levels.
        values: Vec<Name>,
        /// `not` was written.
        negated: bool,
    },
    /// `falls by more than 10 % relative`
    Change {
        /// The direction.
        direction: Direction,
        /// The comparison.
        comparator: Comparator,
        /// By how much.
        by: Quantity,
        /// `relative` was written.
        relative: Option<Span>,
    },
}

/// Which ends of a range belong to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ends {
    /// The lower end belongs.
    pub low: bool,
    /// The upper end belongs.
    pub high: bool,
    /// Whether the source says so (`to` alone includes both).
    pub written: bool,
}

/// The direction of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// `falls`
    Falls,
    /// `rises`
    Rises,
    /// `changes`: either way
    Changes,
}

/// A comparison sign or its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Comparator {
    /// Which.
    pub kind: ComparatorKind,
    /// Where.
    pub span: Span,
}

/// The five comparisons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ComparatorKind {
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

/// A limit to compare with.
#[derive(Debug, Clone, PartialEq)]
pub enum Limit {
    /// `50 mL/min`
    Quantity(Quantity),
    /// `3 x ULN`, `ULN`
    Multiple {
        /// The factor; none means 1.
        factor: Option<Number>,
        /// Whether the upper limit is meant.
        upper: bool,
        /// `150 % of ULN` was written.
        percent: bool,
        /// The phrase.
        span: Span,
    },
}

impl Limit {
    /// Where the limit stands.
    pub fn span(&self) -> Span {
        match self {
            Limit::Quantity(quantity) => quantity.span,
            Limit::Multiple { span, .. } => *span,
        }
    }
}

/// A number with its unit, if one is written.
#[derive(Debug, Clone, PartialEq)]
pub struct Quantity {
    /// The number.
    pub number: Number,
    /// The unit as written.
    pub unit: Option<Name>,
    /// `%pt` or `percentage points` was written.
    pub percent_points: bool,
    /// The phrase.
    pub span: Span,
}

/// A range of quantities.
#[derive(Debug, Clone, PartialEq)]
pub struct Range {
    /// The lower end.
    pub low: Quantity,
    /// The upper end.
    pub high: Quantity,
    /// Which ends belong.
    pub ends: Ends,
    /// The phrase.
    pub span: Span,
}

/// A length of time.
#[derive(Debug, Clone, PartialEq)]
pub struct Length {
    /// How many.
    pub number: Number,
    /// Of what.
    pub unit: LengthUnit,
    /// The phrase.
    pub span: Span,
}

/// The unit of a length of time.
#[derive(Debug, Clone, PartialEq)]
pub enum LengthUnit {
    /// `days`, `months`, … as written.
    Word(Name),
    /// `half-lives` of the drug that was given.
    HalfLives(Span),
    /// Nothing was written.
    Missing,
}

/// A window in time.
#[derive(Debug, Clone, PartialEq)]
pub struct Window {
    /// Its form.
    pub kind: WindowKind,
    /// `by day`: compare civil days, although the length is in hours.
    pub by_day: Option<Span>,
    /// `as far as known`: the window reaches past the gate on purpose.
    pub as_known: Option<Span>,
    /// `also stated as 180 days`
    pub also_stated: Option<Length>,
    /// The phrase.
    pub span: Span,
}

/// What a window leans on.
#[derive(Debug, Clone, PartialEq)]
pub enum Anchor {
    /// A milestone.
    Named(Name),
    /// `the sample`: the time of the value at hand.
    Sample(Span),
}

/// On which side of its anchor a window lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// `before`
    Before {
        /// `strictly before`: the anchor itself does not belong.
        strictly: bool,
    },
    /// `after`
    After {
        /// `strictly after`
        strictly: bool,
    },
    /// `either side of`
    Either,
    /// `of`: the side is not said; refused by the checker.
    Of,
}

/// One or two lengths.
#[derive(Debug, Clone, PartialEq)]
pub enum Lengths {
    /// One length.
    One(Length),
    /// `the longer of 30 days and 5 half-lives`
    Longer(Length, Length),
    /// `the shorter of …`
    Shorter(Length, Length),
}

/// The forms of a window.
#[derive(Debug, Clone, PartialEq)]
pub enum WindowKind {
    /// `within 6 months before screening`; side and anchor are missing in `within the last 6 months`.
    Within {
        /// How far.
        lengths: Lengths,
        /// Which side.
        side: Option<(Side, Span)>,
        /// Of what.
        anchor: Option<Anchor>,
    },
    /// `less than 5 half-lives before enrolment`, `at least 4 weeks before ld_start`
    Beyond {
        /// The comparison.
        comparator: Comparator,
        /// How far.
        lengths: Lengths,
        /// Which side.
        side: (Side, Span),
        /// Of what.
        anchor: Anchor,
    },
    /// `10 to 14 days before infusion`
    Between {
        /// The nearer distance; without a unit it is in the unit of `far`.
        near: Length,
        /// The farther distance.
        far: Length,
        /// Which side.
        side: (Side, Span),
        /// Of what.
        anchor: Anchor,
    },
    /// `from consent to screening`
    FromTo(Anchor, Anchor),
    /// `from consent on`, `since consent`
    FromOn(Anchor),
    /// `on or before X`
    OnOrBefore(Anchor),
    /// `on or after X`
    OnOrAfter(Anchor),
    /// `before X`
    Before(Anchor),
    /// `after X`
    After(Anchor),
}
