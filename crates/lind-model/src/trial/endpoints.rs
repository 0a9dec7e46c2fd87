//! Populations, endpoints, and how values are summed up.

use std::sync::Arc;

use lind_diagnostics::Span;
use lind_units::Exact;

use super::Assumed;
use crate::ids::{AskedId, GradingId, PopulationId, StateId};
use crate::protocol::{Selector, Subject, Test, Window};

/// Who is counted.
#[derive(Debug, Clone)]
pub struct Population {
    /// Its name.
    pub name: Arc<str>,
    /// In words.
    pub title: Arc<str>,
    /// Who belongs to it; asked at the end of the data.
    pub asked: AskedId,
    /// Why it is supposed, if the source does not say it.
    pub assumed: Assumed,
    /// Where it is declared.
    pub span: Span,
}

/// What is computed of each participant, and how it is summed up.
#[derive(Debug, Clone)]
pub struct Endpoint {
    /// Its name.
    pub name: Arc<str>,
    /// In words.
    pub title: Arc<str>,
    /// Which rank it has.
    pub role: Role,
    /// Of whom; none means everybody in the data.
    pub population: Option<PopulationId>,
    /// What is computed.
    pub variable: Variable,
    /// How it is summed up.
    pub summary: Summary,
    /// For which groups besides all together.
    pub by: Vec<By>,
    /// In which unit lengths of time are given, if stated; days otherwise.
    pub unit: Option<TimeUnit>,
    /// How many decimals a summary has, if stated.
    pub decimals: Option<u32>,
    /// The variable as written.
    pub text: Arc<str>,
    /// Why it is supposed, if the source does not say it.
    pub assumed: Assumed,
    /// Where it is declared.
    pub span: Span,
}

/// Which rank an endpoint has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// `primary`
    Primary,
    /// `secondary`
    Secondary,
    /// `exploratory`
    Exploratory,
}

/// Numbers of a participant in the order of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Series {
    /// The values of a measure or a formula.
    Subject(Subject),
    /// A sum of points: an [`Asked`](super::Asked) condition that is a test of points, asked at every visit. Its
    /// interval is not looked at.
    Points(AskedId),
}

/// What is computed of a participant.
#[derive(Debug, Clone)]
pub enum Variable {
    /// Whether a condition holds at the end of the data.
    Whether(AskedId),
    /// Whether a state holds at a visit in a window, or at any.
    Reached(StateId, Option<Window>),
    /// A value: the highest, lowest, latest or first.
    Value {
        /// Of what.
        series: Series,
        /// Which.
        selector: Selector,
        /// When.
        window: Window,
    },
    /// The study day of such a value; the earliest where several are equal.
    DayOf {
        /// Of what.
        series: Series,
        /// Which.
        selector: Selector,
        /// When.
        window: Window,
    },
    /// The first or the last study day on which a value passes a test.
    DayWith {
        /// Of what.
        series: Series,
        /// Which test.
        test: Test,
        /// The last one.
        last: bool,
        /// When.
        window: Window,
    },
    /// The planned time of the first visit whose value passes a test.
    VisitWith {
        /// Of what.
        series: Series,
        /// Which test.
        test: Test,
        /// When.
        window: Window,
    },
    /// On how many days a value passes a test; from one value to the next the earlier one counts.
    DaysWith {
        /// Of what.
        series: Series,
        /// Which test.
        test: Test,
        /// When.
        window: Window,
    },
    /// The area under the values, by linear trapezoids.
    Area {
        /// Of what.
        series: Series,
        /// When.
        window: Window,
    },
    /// The value at every visit.
    AtVisits(Series),
    /// The value at every visit less the one at baseline.
    ChangeAtVisits(Series),
    /// The worst grade.
    WorstGrade(GradingId, Window),
    /// Every adverse event, each participant once a term at the worst grade.
    AdverseEvents(Window),
    /// The planned time of the first visit at which a state holds.
    TimeTo(StateId),
    /// How long a state held from then on, until the first visit at which it certainly does not.
    TimeIn(StateId),
}

impl Variable {
    /// The measure or formula whose values it is computed from, if it is one. A plan needs its rows, also where no
    /// condition asks for them.
    #[must_use]
    pub const fn subject(&self) -> Option<Subject> {
        match self.series() {
            Some(Series::Subject(subject)) => Some(subject),
            Some(Series::Points(_)) | None => None,
        }
    }

    /// The numbers that it is computed from, if it is.
    #[must_use]
    pub const fn series(&self) -> Option<Series> {
        match self {
            Self::Value { series, .. }
            | Self::DayOf { series, .. }
            | Self::DayWith { series, .. }
            | Self::VisitWith { series, .. }
            | Self::DaysWith { series, .. }
            | Self::Area { series, .. }
            | Self::AtVisits(series)
            | Self::ChangeAtVisits(series) => Some(*series),
            Self::Whether(_)
            | Self::Reached(..)
            | Self::WorstGrade(..)
            | Self::AdverseEvents(_)
            | Self::TimeTo(_)
            | Self::TimeIn(_) => None,
        }
    }
}

/// A unit in which lengths of time are summed up; a month is 30.4375 days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TimeUnit {
    /// `in days`
    Days,
    /// `in weeks`
    Weeks,
    /// `in months`
    Months,
}

impl TimeUnit {
    /// How many days it has.
    #[must_use]
    pub fn days(self) -> Exact {
        match self {
            Self::Days => Exact::one(),
            Self::Weeks => Exact::from_integer(7),
            Self::Months => Exact::from_scientific(304_375, -4),
        }
    }
}

/// How values are summed up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Summary {
    /// `n (%)`
    Share {
        /// With an interval.
        interval: bool,
    },
    /// `median (range)`
    MedianRange,
    /// `median (quartiles)`
    MedianQuartiles,
    /// `mean (SD)`
    MeanDeviation,
    /// `range`
    Range,
    /// A table of counts.
    Counts,
}

/// Groups for which an endpoint is summed up besides all together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum By {
    /// The dose level that was assigned.
    DoseLevel,
    /// The arm.
    Arm,
    /// Visits.
    Visit,
}

/// How numbers are written and quantiles and intervals are computed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statistics {
    /// How halves are rounded.
    pub rounding: Rounding,
    /// How quartiles are computed.
    pub quartiles: Quartiles,
    /// Which interval of a share.
    pub interval: IntervalMethod,
    /// Its level, in per cent.
    pub level: Exact,
    /// What a value below a limit of quantification counts as in an area; an area with such a value cannot be told if
    /// that is not stated.
    pub below: Option<BelowLimit>,
    /// Decimals of per cent.
    pub percent_decimals: u32,
    /// Where it is declared, if it is.
    pub span: Option<Span>,
}

impl Default for Statistics {
    fn default() -> Self {
        Self {
            rounding: Rounding::HalfUp,
            quartiles: Quartiles::Type6,
            interval: IntervalMethod::ClopperPearson,
            level: Exact::from_integer(95),
            below: None,
            percent_decimals: 0,
            span: None,
        }
    }
}

/// What a value counts as that is only known to lie below a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BelowLimit {
    /// As nothing.
    Zero,
    /// As half the limit.
    HalfTheLimit,
    /// As the limit.
    Limit,
}

/// How halves are rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Rounding {
    /// Away from zero.
    HalfUp,
    /// To the even neighbour.
    HalfEven,
}

/// How quartiles are computed (Hyndman and Fan 1996).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Quartiles {
    /// Averages at steps (SAS PCTLDEF 5).
    Type2,
    /// (n + 1) p.
    Type6,
    /// (n - 1) p + 1.
    Type7,
}

/// Which interval of a share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IntervalMethod {
    /// The exact one.
    ClopperPearson,
}
