//! Populations, endpoints, and how values are summed up.

use lind_diagnostics::Span;

use super::{Condition, Entry, Name, Number, Selector, Test, Text, Window};

/// `population infused "…"`
#[derive(Debug, Clone, PartialEq)]
pub struct PopulationDeclaration {
    /// Its name.
    pub name: Name,
    /// In words.
    pub title: Option<Text>,
    /// Its condition.
    pub body: Vec<Entry>,
    /// The head line.
    pub span: Span,
}

/// `endpoint tmax "…" secondary`
#[derive(Debug, Clone, PartialEq)]
pub struct EndpointDeclaration {
    /// Its name.
    pub name: Name,
    /// In words.
    pub title: Text,
    /// `primary`, `secondary` or `exploratory`
    pub role: Name,
    /// The lines below it.
    pub lines: Vec<EndpointLine>,
    /// The head line.
    pub span: Span,
}

/// A line below an endpoint.
#[derive(Debug, Clone, PartialEq)]
pub enum EndpointLine {
    /// `source "…"`
    Source(Text),
    /// `note "…"`
    Note(Text),
    /// `assumed "…"`
    Assumed(Text),
    /// `population infused`
    Population(Name, Span),
    /// `variable …`
    Variable(Variable, Span),
    /// `summary …`
    Summary(SummaryLine, Span),
    /// A line that could not be read.
    Broken(Span),
}

/// Values of which a variable speaks.
#[derive(Debug, Clone, PartialEq)]
pub struct Valued {
    /// A measure, a formula or points.
    pub name: Name,
    /// `without alopecia`: lines of points that do not count.
    pub without: Vec<Name>,
    /// When.
    pub window: Option<Window>,
}

/// What is computed of each participant.
#[derive(Debug, Clone, PartialEq)]
pub enum Variable {
    /// A condition.
    Whether(Condition),
    /// `sri_4 at any visit`
    AtAnyVisit(Name, Option<Window>),
    /// `the highest anc from infusion to …`
    Value((Selector, Span), Valued),
    /// `the day of the highest …`
    DayOf((Selector, Span), Valued),
    /// `the first day with anc < 0.5 x 10^9/L …`
    DayWith {
        /// The last one rather than the first.
        last: bool,
        /// Of what.
        valued: Valued,
        /// The test.
        test: Test,
    },
    /// `the first visit with cd19 >= 0.01 x 10^9/L …`
    VisitWith(Valued, Test),
    /// `the number of days with …`
    DaysWith(Valued, Test),
    /// `the area under …`
    Area(Valued),
    /// `pga at every visit`
    AtVisits(Valued),
    /// `the change of pga from baseline to every visit`
    ChangeAtVisits(Valued),
    /// `the worst grade of …`
    WorstGrade(Name, Window),
    /// `every adverse event …`
    AdverseEvents(Window),
    /// `the first visit in lldas`
    VisitIn(Name),
    /// `the time in lldas`
    TimeIn(Name),
}

/// `summary median (range), by dose level`
#[derive(Debug, Clone, PartialEq)]
pub struct SummaryLine {
    /// Which summary.
    pub kind: SummaryKind,
    /// `by dose level`, `by visit`, as written.
    pub by: Vec<Name>,
    /// `in months`, as written.
    pub unit: Option<Name>,
    /// `2 decimals`
    pub decimals: Option<Number>,
}

/// How values are summed up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SummaryKind {
    /// `n (%)`
    Share {
        /// `with interval`
        interval: bool,
    },
    /// `median (range)`
    MedianRange,
    /// `median (quartiles)`
    MedianQuartiles,
    /// `mean (SD)`
    Mean,
    /// `range`
    Range,
    /// `counts`
    Counts,
}

/// `statistics`
#[derive(Debug, Clone, PartialEq)]
pub struct StatisticsDeclaration {
    /// The lines below it.
    pub lines: Vec<StatisticsLine>,
    /// The head line.
    pub span: Span,
}

/// A line below `statistics`.
#[derive(Debug, Clone, PartialEq)]
pub enum StatisticsLine {
    /// `source "…"`
    Source(Text),
    /// `note "…"`
    Note(Text),
    /// `rounding half up`; half even if true
    Rounding(bool, Span),
    /// `quartiles type 6`
    Quartiles(Number, Span),
    /// `interval Clopper-Pearson 95 %`
    Interval(Number, Span),
    /// `values below a limit count as half the limit`, as written behind `as`.
    Below(Name, Span),
    /// `percentages with 1 decimal`
    PercentDecimals(Number, Span),
    /// A line that could not be read.
    Broken(Span),
}
