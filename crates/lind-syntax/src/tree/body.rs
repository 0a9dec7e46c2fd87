//! Bodies: lines of clauses and conditions.

use lind_diagnostics::Span;

use super::{
    Anchor, Attribute, ChangeEnds, Comparator, Direction, GradeLimit, Length, Lengths, Limit,
    Measured, Name, Number, Persistence, Population, Quantity, Range, SetKind, Side, Term, Test,
    Text, Window,
};

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
    /// `for women with childbearing_potential`, with the rest of the line or the lines below.
    For {
        /// For whom.
        population: Population,
        /// What follows the colon.
        then: Option<Box<EntryKind>>,
    },
    /// `if hcv_antibody is positive:`, with the rest of the line or the lines below.
    If {
        /// For whom.
        condition: Condition,
        /// What follows the colon.
        then: Option<Box<EntryKind>>,
    },
    /// `if unknown: counts as met "why"`
    IfUnknown {
        /// What the condition counts as.
        met: bool,
        /// Why.
        why: Text,
    },
    /// `if not measured: ck_mb > 1 x ULN`, below a test of a measure: what is asked instead.
    IfNotMeasured(Condition),
    /// `platelets is at least`; the limits stand below.
    Limits(Limits),
    /// `70 x 10^9/L when plasma_cells < 50 %`, `50 x 10^9/L otherwise`
    LimitCase(LimitCase),
    /// `allowed "growth factor support"`, `allowed growth_factor`
    Allowed(Allowed),
    /// `when has imnm: I2, I3 count as met`
    CountsAs(CountsAs),
    /// `at most 50 % of participants`
    Share(Number),
    /// `all of`, `any of`, `none of`, `at least 2 of`.
    List(Quantifier),
    /// `washout before baseline`; the rows stand below.
    Washout(Anchor),
    /// `infliximab or adalimumab: 60 days`
    WashoutRow(WashoutRow),
    /// `from enrolment until 2 years after end_of_study`
    Term(Term),
    /// `months and years by the calendar`, `a month is 30 days, a year is 365 days`
    Months(MonthRule),
    /// `domain kidney`: of the lines below it, the highest counts.
    Domain(Name),
    /// `code loinc|1234-5`, of points that are recorded as a sum.
    Codes(Vec<Name>),
    /// `unverified "…"`
    Unverified(Text),
    /// `assumed "…"`: supposed, because the source does not say it.
    Assumed(Text),
    /// A text in quotes: an alternative that only says its meaning.
    Wording(Text),
    /// A condition.
    Condition(Condition),
    /// `at visits with lupus_activity after infusion`, of a state.
    AtVisits {
        /// The assessment that the schedule has at the visits at which it is asked.
        with: Option<Name>,
        /// The milestone after which it is asked.
        after: Option<Name>,
    },
    /// `grade 4: alt > 20 x ULN`, with the rest of the line or the lines below.
    Grade {
        /// The grade.
        number: Number,
        /// What follows the colon.
        then: Option<Box<EntryKind>>,
    },
    /// A line that could not be read.
    Broken,
}

/// A row of a washout table.
#[derive(Debug, Clone, PartialEq)]
pub struct WashoutRow {
    /// `any other`: without what the rows above name.
    pub other: Option<Span>,
    /// The sets.
    pub names: Vec<Name>,
    /// `within` was written, so that the last day of the washout belongs to it.
    pub within: bool,
    /// How long.
    pub lengths: Lengths,
    /// What stands before the colon.
    pub of: Span,
    /// What stands behind it.
    pub reach: Span,
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
    /// Their mean.
    Mean,
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

/// What a criterion allows.
#[derive(Debug, Clone, PartialEq)]
pub enum Allowed {
    /// In words.
    Words(Text),
    /// A set of codes.
    Set(Name),
}

/// What criteria count as, for some.
#[derive(Debug, Clone, PartialEq)]
pub struct CountsAs {
    /// For whom.
    pub when: Condition,
    /// Their numbers.
    pub criteria: Vec<Name>,
    /// As met, or as not met.
    pub met: bool,
}

/// A test whose limits stand below it.
#[derive(Debug, Clone, PartialEq)]
pub struct Limits {
    /// Which value, if said.
    pub selector: Option<(Selector, Span)>,
    /// The measure or formula.
    pub measure: Name,
    /// The window, if written.
    pub window: Option<Window>,
    /// The comparison; without one, the limits are ranges.
    pub comparator: Option<Comparator>,
    /// If the limits say by how much a value changes.
    pub change: Option<LimitsOfChange>,
    /// The phrase.
    pub span: Span,
}

/// A change whose amounts stand below it.
#[derive(Debug, Clone, PartialEq)]
pub struct LimitsOfChange {
    /// The direction.
    pub direction: Direction,
    /// `from the highest value … to the latest value …`
    pub ends: Option<ChangeEnds>,
    /// `sustained for at least 6 months`
    pub persistence: Option<Persistence>,
}

/// A limit for some.
#[derive(Debug, Clone, PartialEq)]
pub struct LimitCase {
    /// The limit.
    pub limit: CaseLimit,
    /// `relative` was written.
    pub relative: Option<Span>,
    /// For whom; none for everybody else.
    pub when: Option<Condition>,
    /// Where the limit itself stands.
    pub span: Span,
}

/// What a case limits to.
#[derive(Debug, Clone, PartialEq)]
pub enum CaseLimit {
    /// `70 x 10^9/L`
    One(Limit),
    /// `70 to 100 x 10^9/L`
    Range(Range),
}

/// An exception to the line above it.
#[derive(Debug, Clone, PartialEq)]
pub struct Except {
    /// Whom or what it concerns.
    pub of: Excepted,
    /// What replaces the line above.
    pub replacement: Option<Replacement>,
    /// The phrase.
    pub span: Span,
}

/// Whom or what an exception concerns.
#[derive(Debug, Clone, PartialEq)]
pub enum Excepted {
    /// `except breast_cancer disease-free for more than 2 years`: these members.
    Members {
        /// Which.
        name: Name,
        /// Only those that have been disease-free.
        disease_free: Option<Lasting>,
    },
    /// `except with gilbert_syndrome`: whoever has it.
    With(Name),
    /// `except when …`: of whom this holds.
    When(Condition),
}

/// What an exception puts in place.
#[derive(Debug, Clone, PartialEq)]
pub enum Replacement {
    /// Another limit or result.
    Test(Test),
    /// Another window.
    Window(Window),
    /// Something else altogether.
    Condition(Condition),
}

/// A condition on one line: singles joined by `and` or by `or`.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    /// The parts.
    pub parts: Vec<Single>,
    /// The words between them, one fewer than the parts.
    pub connectives: Vec<Connective>,
    /// What stands behind `unless`.
    pub unless: Option<Box<Condition>>,
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
    /// `consent has taken place`, `consent has taken place before 2005-03-01`
    Happened(Name, Option<Window>),
    /// `has ever had malignancy …`
    Fact(Fact),
    /// `C has severity severe`, `C lasted at least 3 months`
    Record {
        /// The name of the record.
        record: Name,
        /// What is said of it.
        what: RecordWhat,
    },
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
    /// `had`, `received`, `undergone` or `taking`, if written.
    pub verb: Option<Name>,
    /// How many there must be, if said.
    pub count: Option<FactCount>,
    /// What the fact is about.
    pub object: FactObject,
    /// Conditions on the fields of the record.
    pub filters: Vec<Filter>,
    /// Members that do not count.
    pub exceptions: Vec<Except>,
    /// When.
    pub window: Option<Window>,
    /// `at least 30 days apart`
    pub apart: Option<Lasting>,
    /// `called C, such that`; what is said of it stands below.
    pub called: Option<Called>,
}

/// `called C, such that`
#[derive(Debug, Clone, PartialEq)]
pub struct Called {
    /// The name of the record.
    pub name: Name,
    /// The phrase.
    pub span: Span,
}

/// What is said of a record that has a name.
#[derive(Debug, Clone, PartialEq)]
pub enum RecordWhat {
    /// `has severity severe`, `has dose <= 15 mg/day`, `lasted at least 3 months`
    Filter(Filter),
    /// `has the same body_site as D`
    Shares {
        /// The field.
        field: Name,
        /// The other record.
        other: Name,
    },
}

/// `at least 2 different`
#[derive(Debug, Clone, PartialEq)]
pub struct FactCount {
    /// `at least`, `at most` or `exactly` so many.
    pub quantifier: Quantifier,
    /// Members of the set are counted, not records.
    pub different: Option<Span>,
    /// Results are counted that follow each other with no other between them.
    pub consecutive: Option<Span>,
    /// Lines of treatment are counted, not records.
    pub lines: Option<Span>,
    /// The phrase.
    pub span: Span,
}

/// What a fact is about.
#[derive(Debug, Clone, PartialEq)]
pub enum FactObject {
    /// Code sets, by name: what is in one of them.
    Sets {
        /// The names; there is at least one.
        names: Vec<Name>,
        /// The phrase.
        span: Span,
    },
    /// `values of alt > 3 x ULN`: results of a measure.
    Values {
        /// The measure.
        measure: Name,
        /// What they must pass, if anything.
        test: Option<Test>,
        /// The phrase.
        span: Span,
    },
    /// `any treatment`, `any investigational treatment`, `any procedure`, `any adverse event`.
    Any {
        /// Only those marked as investigational.
        investigational: bool,
        /// Of which table.
        kind: SetKind,
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
    /// `with time of day 07:30 to 08:30`
    TimeOfDay {
        /// From when.
        from: Name,
        /// Until when.
        to: Name,
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
    /// `with total dose <= 80 mg/wk as prednisone_equivalent`
    TotalDose {
        /// The comparison.
        comparator: Comparator,
        /// The limit.
        limit: Quantity,
        /// The equivalence table.
        equivalent: Option<Name>,
    },
    /// `with line >= 2`, `with line 1`
    Line {
        /// The comparison.
        comparator: Comparator,
        /// The number of the line, 1 for the first.
        number: Number,
    },
    /// `with grade at least 3`, `with grade 3 to 4`, `with grade 4`
    Grade(GradeLimit),
    /// `related to treatment`, `not serious`, `judged dose-limiting`
    Judged {
        /// What was judged.
        attribute: Attribute,
        /// `not`
        negated: bool,
    },
    /// `with dose unchanged for at least 4 weeks before baseline`
    Steady(Steady),
    /// `for more than 6 months`, `for more than 6 months in total`, `for at least 3 months, gaps up to 7 days`
    Lasting(Lasting),
    /// `disease-free for more than 2 years`
    DiseaseFree(Lasting),
    /// `begun within 6 months before screening`, `ended at least 4 weeks before screening`; of a record with a
    /// name `began …`, `ended …`
    Edge {
        /// The end is meant rather than the beginning.
        end: bool,
        /// When.
        window: Window,
    },
}

/// A dose that stays the same before a milestone, or does not rise.
#[derive(Debug, Clone, PartialEq)]
pub struct Steady {
    /// `not increased` was written, rather than `unchanged`.
    pub may_fall: bool,
    /// The comparison.
    pub comparator: Comparator,
    /// How long.
    pub length: Length,
    /// On which side of the anchor.
    pub side: (Side, Span),
    /// Before what.
    pub anchor: Anchor,
    /// The equivalence table.
    pub equivalent: Option<Name>,
    /// From the comparison to the anchor.
    pub span: Span,
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
    /// `gaps up to 7 days`: records that are no further apart count as one.
    pub gaps: Option<Length>,
    /// The phrase.
    pub span: Span,
}
