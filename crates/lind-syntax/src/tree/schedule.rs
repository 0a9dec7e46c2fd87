//! Study days, assessments, timelines and visits.

use lind_diagnostics::Span;

use super::{Anchor, Condition, Length, Name, Number, Population, Text, Window};

/// `study day of infusion is 0`: how days are counted.
#[derive(Debug, Clone, PartialEq)]
pub struct StudyDays {
    /// The milestone that they are counted from.
    pub of: Name,
    /// The number of its day: 0 or 1.
    pub first: Number,
    /// The whole line.
    pub span: Span,
}

/// `day 14`
#[derive(Debug, Clone, PartialEq)]
pub struct StudyDay {
    /// Its number.
    pub number: Number,
    /// The phrase.
    pub span: Span,
}

/// What is measured or done together.
#[derive(Debug, Clone, PartialEq)]
pub struct Assessment {
    /// Its name.
    pub name: Name,
    /// In words.
    pub title: Text,
    /// The lines below it.
    pub lines: Vec<AssessmentLine>,
    /// The head line.
    pub span: Span,
}

/// A line below an assessment.
#[derive(Debug, Clone, PartialEq)]
pub enum AssessmentLine {
    /// What is measured or done.
    Items(Vec<AssessmentItem>),
    /// `source "…"`, `note "…"`
    Remark,
    /// A line that could not be read.
    Broken(Span),
}

/// Something that is measured or done.
#[derive(Debug, Clone, PartialEq)]
pub enum AssessmentItem {
    /// A measure, a formula, a sum of points.
    Named(Name),
    /// Something that gives no value of the library: `"12-lead ECG"`.
    Words(Text),
}

/// A part of the schedule.
#[derive(Debug, Clone, PartialEq)]
pub struct Timeline {
    /// Its name.
    pub name: Name,
    /// In words.
    pub title: Text,
    /// What is said of all its visits.
    pub lines: Vec<VisitLine>,
    /// Its visits.
    pub visits: Vec<Visit>,
    /// The head line.
    pub span: Span,
}

/// A visit, or several that are written as one.
#[derive(Debug, Clone, PartialEq)]
pub struct Visit {
    /// Its name; of several, the word that their names begin with. Only an unscheduled visit may have none.
    pub name: Option<Name>,
    /// In words; of several, what their titles begin with.
    pub title: Text,
    /// When it is planned.
    pub time: VisitTime,
    /// How much earlier and later it may be.
    pub margin: Option<Margin>,
    /// The lines below it.
    pub lines: Vec<VisitLine>,
    /// The head line.
    pub span: Span,
}

/// When a visit is planned.
#[derive(Debug, Clone, PartialEq)]
pub enum VisitTime {
    /// `on day 14`
    Day(StudyDay),
    /// `at 3 months after infusion`, `on the day of infusion`
    At(VisitPoint),
    /// `from 42 days before ld_start to 1 day before ld_start`: any day of it.
    Span(Box<VisitPoint>, Box<VisitPoint>),
    /// `within 7 days after withdrawal`, `3 to 5 days after infusion`: any day of it.
    Window(Box<Window>),
    /// `on days 1, 3, 5`, `at weeks 2, 4 after infusion`
    Listed {
        /// `days`, `weeks`, `months`, `years`
        unit: Name,
        /// The numbers.
        numbers: Vec<SeriesNumbers>,
        /// What they are counted from; none: study days.
        after: Option<Anchor>,
    },
    /// `every 1 month from month 2 to month 6 after infusion`
    Every(Box<EverySo>),
    /// `on days 1, 8 of cycles 1 to 4 every 21 days from infusion`
    Cycles {
        /// The days of a cycle.
        days: Vec<SeriesNumbers>,
        /// The first cycle.
        first: Number,
        /// The last cycle.
        last: Number,
        /// How long a cycle is.
        length: Length,
        /// The first day of the first cycle.
        from: Anchor,
    },
    /// `unscheduled visit`
    Unscheduled,
}

/// `every 3 months from month 9 after infusion until first of month 24, withdrawal`
#[derive(Debug, Clone, PartialEq)]
pub struct EverySo {
    /// From one to the next.
    pub step: Length,
    /// The first.
    pub first: SeriesPoint,
    /// The last, if it is said with `to`.
    pub last: Option<SeriesPoint>,
    /// What they are counted from; none: study days.
    pub after: Option<Anchor>,
    /// What ends them.
    pub until: Vec<UntilEnd>,
}

/// `3`, `0 to 10`
#[derive(Debug, Clone, PartialEq)]
pub struct SeriesNumbers {
    /// The first.
    pub first: Number,
    /// The last, if they are a range.
    pub last: Option<Number>,
    /// The phrase.
    pub span: Span,
}

/// `month 6`
#[derive(Debug, Clone, PartialEq)]
pub struct SeriesPoint {
    /// `day`, `week`, `month`, `year`
    pub unit: Name,
    /// Which.
    pub number: Number,
    /// The phrase.
    pub span: Span,
}

/// What ends visits.
#[derive(Debug, Clone, PartialEq)]
pub enum UntilEnd {
    /// `month 24`
    Point(SeriesPoint),
    /// A milestone.
    Milestone(Name),
}

/// A day that a visit is planned on, or an end of its days.
#[derive(Debug, Clone, PartialEq)]
pub struct VisitPoint {
    /// What it is.
    pub kind: VisitPointKind,
    /// The phrase.
    pub span: Span,
}

/// What such a day is.
#[derive(Debug, Clone, PartialEq)]
pub enum VisitPointKind {
    /// `day 0`
    Day(StudyDay),
    /// `42 days before ld_start`
    Offset {
        /// How far.
        length: Length,
        /// Before, rather than after.
        before: bool,
        /// From what.
        anchor: Anchor,
    },
    /// `the day of infusion`, `infusion`
    Anchor(Anchor),
}

/// `3 days either side`, `1 day before to 3 days after`
#[derive(Debug, Clone, PartialEq)]
pub struct Margin {
    /// How much earlier.
    pub earlier: Option<Length>,
    /// How much later.
    pub later: Option<Length>,
    /// The phrase.
    pub span: Span,
}

/// A line below a visit or a timeline.
#[derive(Debug, Clone, PartialEq)]
pub struct VisitLine {
    /// What it says.
    pub kind: VisitLineKind,
    /// The line.
    pub span: Span,
}

/// What a line below a visit says.
#[derive(Debug, Clone, PartialEq)]
pub enum VisitLineKind {
    /// `blood_count, serum_pregnancy for women`
    Planned {
        /// The assessments.
        assessments: Vec<Name>,
        /// Only for these.
        population: Option<Population>,
        /// Only if this holds.
        condition: Option<Condition>,
    },
    /// `until first of withdrawal, death`
    Until(Vec<Name>),
    /// `assumed "why"`
    Assumed(Text),
    /// `source "…"`, `note "…"`
    Remark,
    /// A line that could not be read.
    Broken,
}
