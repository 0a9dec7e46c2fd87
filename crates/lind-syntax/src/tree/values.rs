//! Tests of values, quantities, lengths and windows.

use lind_diagnostics::Span;

use super::{Filter, Name, Number, OwnMultiple, Selector, Spell};

/// A test or a change of a measured value.
#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    /// Which value, if said.
    pub selector: Option<(Selector, Span)>,
    /// The measure or formula.
    pub measure: Name,
    /// `without alopecia or fever`: lines of points that do not count.
    pub without: Vec<Name>,
    /// `with source central_laboratory`
    pub provenance: Vec<Provenance>,
    /// `with time of day 07:30 to 08:30`
    pub times_of_day: Vec<Filter>,
    /// The windows written (at most one is allowed; the checker says so).
    pub windows: Vec<Window>,
    /// The test.
    pub test: Test,
    /// `also stated as 25 umol/L`
    pub also_stated: Option<AlsoStated>,
    /// `with at least 2 values within 1 year before baseline`
    pub evidence: Option<Evidence>,
    /// `sustained for at least 6 months`
    pub persistence: Option<Persistence>,
    /// Where `never` was written before the test.
    pub never: Option<Span>,
    /// `for at least 14 days` (at most one is allowed; the checker says so).
    pub spells: Vec<Spell>,
}

/// The same limit in another unit: `also stated as < 25 umol/L`.
#[derive(Debug, Clone, PartialEq)]
pub struct AlsoStated {
    /// The comparison, if it is stated again.
    pub comparator: Option<Comparator>,
    /// The limit.
    pub limit: Quantity,
}

/// Where results come from: `with source central_laboratory or reference_laboratory`.
#[derive(Debug, Clone, PartialEq)]
pub struct Provenance {
    /// `source`, `method` or `specimen`.
    pub field: Name,
    /// One of these.
    pub values: Vec<Name>,
    /// The phrase.
    pub span: Span,
}

/// How many values there must be, so that a test of all of them says something.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    /// How many.
    pub least: Number,
    /// When, if not where the test looks.
    pub window: Option<Window>,
    /// The phrase.
    pub span: Span,
}

/// What is asked of the tags that a result carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TagRule {
    /// `includes`
    Includes,
    /// `includes none of`
    IncludesNone,
    /// `is only`
    Only,
}

/// Where a value lies to its reference range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReferenceRange {
    /// `is within the reference range`
    Within,
    /// `is outside the reference range`
    Outside,
    /// `is above the reference range`
    Above,
    /// `is below the reference range`
    Below,
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
    /// `includes III or IV`, `includes none of III_C`, `is only V`: of a result that carries several
    Tags {
        /// What is asked of them.
        rule: TagRule,
        /// Which.
        values: Vec<Name>,
    },
    /// `is within the reference range`
    Reference {
        /// Where.
        place: ReferenceRange,
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
        /// `from the highest value … to the latest value …`
        ends: Option<ChangeEnds>,
    },
    /// `becomes A from … to …`
    Becomes {
        /// What the second value passes, and the first does not.
        test: Box<Test>,
        /// `from the latest value … to the latest value …`
        ends: Option<ChangeEnds>,
    },
}

/// From which value to which one a change is counted.
#[derive(Debug, Clone, PartialEq)]
pub struct ChangeEnds {
    /// The one that is changed.
    pub from: ValueAt,
    /// What it is changed to, if said.
    pub to: Option<ValueAt>,
    /// The phrase.
    pub span: Span,
}

/// `the highest value within 6 to 12 months before screening`
#[derive(Debug, Clone, PartialEq)]
pub struct ValueAt {
    /// Which value, and where that stands.
    pub selector: (Selector, Span),
    /// Of which.
    pub window: Window,
    /// The phrase.
    pub span: Span,
}

/// For how long a change must last.
#[derive(Debug, Clone, PartialEq)]
pub struct Persistence {
    /// `sustained` was written, rather than `confirmed`.
    pub throughout: bool,
    /// The comparison.
    pub comparator: Comparator,
    /// How long.
    pub length: Length,
    /// The phrase.
    pub span: Span,
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
    /// `II`: a level of a scale.
    Level(Name),
    /// `3 x baseline`, `3 x the latest value within 28 days before infusion`: of the patient's own value.
    Own(OwnMultiple),
}

impl Limit {
    /// Where the limit stands.
    pub fn span(&self) -> Span {
        match self {
            Limit::Quantity(quantity) => quantity.span,
            Limit::Multiple { span, .. } => *span,
            Limit::Level(name) => name.span,
            Limit::Own(multiple) => multiple.span,
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

impl Quantity {
    /// What stands here if it is the name of a level: `2`, `3a`.
    pub fn as_level(&self) -> String {
        let unit = self.unit.as_ref().map_or("", |unit| unit.text.trim());
        format!("{}{unit}", self.number.text)
    }
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
    /// `2005-03-01`: the characters as written.
    Date(Name),
    /// `the beginning of C`, `the end of C`: of a record that has a name.
    Edge {
        /// The end rather than the beginning.
        end: bool,
        /// The record.
        record: Name,
    },
    /// `the latest alemtuzumab`, `the end of the first relapse with severity severe`
    Chosen {
        /// The end rather than the beginning.
        end: bool,
        /// The first rather than the latest.
        first: bool,
        /// The set of codes.
        name: Name,
        /// What the fields of the record must be.
        filters: Vec<Filter>,
        /// The phrase.
        span: Span,
    },
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
    /// `from 5 days before infusion to 28 days after infusion`
    Stretch(Box<WindowPoint>, Box<WindowPoint>),
    /// `on day 14`, `from day 0 to day 28`; without a last day `from day 0 on`
    StudyDays(super::StudyDay, Option<super::StudyDay>),
    /// `from consent on`, `since consent`
    FromOn(Anchor),
    /// `on the day of X`
    OnDay(Anchor),
    /// `on or before X`
    OnOrBefore(Anchor),
    /// `on or after X`
    OnOrAfter(Anchor),
    /// `during C`: from the beginning of a record to its end.
    During(Name),
    /// `before X`
    Before(Anchor),
    /// `after X`
    After(Anchor),
    /// `at baseline`: what counts at a milestone.
    At(Name),
}

/// An end of a window that has a distance of its own, or none.
#[derive(Debug, Clone, PartialEq)]
pub struct WindowPoint {
    /// How far from the anchor, and whether before it.
    pub distance: Option<(Length, bool)>,
    /// From what it is counted.
    pub anchor: Anchor,
}
