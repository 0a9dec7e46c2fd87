//! The numbers of a chart in the order of time, and which times lie in a window: what is computed of a participant
//! outside conditions begins here.

use lind_model::protocol::{Interval, Window};
use lind_model::{MeasureId, MilestoneId, OpenKind};
use lind_records::{Chart, Comparator, Observation, Provenance, Table};
use lind_time::{Tri, When};
use lind_units::Exact;

use crate::context::Context;
use crate::milestones::reached;
use crate::moments::{Moment, last_second};
use crate::program::Program;
use crate::records::Records;
use crate::values::{Fault, Question};
use crate::view::View;

/// A result of a measure, as a number in the measure's own unit.
#[derive(Debug, Clone)]
pub struct MeasuredValue {
    /// When, as well as it is known.
    pub when: Option<When>,
    /// The numbers that it can be: one, or a range where it is only known to lie below or above a number.
    pub number: Result<Interval, Unusable>,
    /// Whether it is only known to lie below or above a number, and which side.
    pub beyond: Option<Beyond>,
    /// The laboratory's lower limit for this sample.
    pub lower_limit: Option<Exact>,
    /// The laboratory's upper limit for this sample.
    pub upper_limit: Option<Exact>,
    /// Where it stands.
    pub at: Provenance,
}

impl MeasuredValue {
    /// The number, if it is one exact number.
    #[must_use]
    pub fn exact(&self) -> Option<&Exact> {
        let interval = self.number.as_ref().ok()?;
        match (&interval.low, &interval.high) {
            (Some((low, true)), Some((high, true))) if low == high => Some(low),
            _ => None,
        }
    }
}

/// On which side of a number a result lies that has none of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beyond {
    /// Below it: under a limit of quantification.
    Below,
    /// Above it.
    Above,
}

/// Why a result is no number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unusable {
    /// There is no number.
    NoNumber,
    /// There is no unit.
    NoUnit,
    /// The unit does not convert.
    WrongUnit,
    /// It cannot be real.
    Implausible,
    /// It lies outside its scale, or between two of its steps.
    OffScale,
}

impl Unusable {
    /// In words, behind "the value".
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::NoNumber => "has no number",
            Self::NoUnit => "has no unit",
            Self::WrongUnit => "has a unit that does not convert",
            Self::Implausible => "cannot be real",
            Self::OffScale => "lies outside its scale",
        }
    }

    const fn of(fault: Fault) -> Self {
        match fault {
            Fault::NoUnit => Self::NoUnit,
            Fault::Unit => Self::WrongUnit,
            Fault::Implausible => Self::Implausible,
            Fault::OffScale | Fault::OffStep => Self::OffScale,
            _ => Self::NoNumber,
        }
    }
}

/// The results of a measure that are known by a time, the earliest first; those without a time stand first.
#[must_use]
pub fn measured_values(
    program: &Program,
    context: &Context<'_>,
    chart: &Chart,
    measure: MeasureId,
    known_at: When,
) -> Vec<MeasuredValue> {
    let Some(step) = program.measure(measure) else {
        return Vec::new();
    };
    let view = view(program, context, chart, known_at);
    let question = match step.own {
        Some(target) => Question::Quantity {
            low: None,
            high: None,
            target,
            plausible: step.plausible.as_ref(),
        },
        None => Question::Score {
            low: None,
            high: None,
            ends: step.plausible.as_ref(),
            step: step.step.as_ref(),
        },
    };
    view.results(step.concept, step.specimen)
        .filter(|row| view.known(view.moment(row.time)) != Tri::No)
        .map(|row| MeasuredValue {
            when: row.time,
            number: view.numbers(&question, row).map_err(Unusable::of),
            beyond: row.comparator.map(|comparator| match comparator {
                Comparator::Below | Comparator::AtMost => Beyond::Below,
                Comparator::Above | Comparator::AtLeast => Beyond::Above,
            }),
            lower_limit: view.limit(row, row.low, step.own),
            upper_limit: view.limit(row, row.high, step.own),
            at: row.at,
        })
        .collect()
}

/// Whether a row that was set aside may be a result of a measure in a window: what is computed from the others is
/// then not certain.
#[must_use]
pub fn may_lack_values(
    program: &Program,
    context: &Context<'_>,
    chart: &Chart,
    measure: MeasureId,
    window: &Window,
    known_at: When,
) -> bool {
    let view = view(program, context, chart, known_at);
    let Some(step) = program.measure(measure) else {
        return false;
    };
    let prepared = view.prepare(window, None);
    let gap = context.bindings.gap(step.concept).is_some();
    let mut aside = chart.set_aside_of(Table::Observations, step.concept);
    gap || aside.any(|row| {
        let moment = view.moment(row.time);
        view.contains(&prepared, moment, None)
            .and(view.known(moment))
            != Tri::No
    })
}

/// Whether a time lies in a window.
///
/// # Errors
/// What the window waits for, if it leans on a milestone without a time.
pub fn lies_within(
    program: &Program,
    context: &Context<'_>,
    chart: &Chart,
    window: &Window,
    when: Option<When>,
    known_at: When,
) -> Result<Tri, OpenKind> {
    let view = view(program, context, chart, known_at);
    if let Some((_, kind)) = view.blocked(window) {
        return Err(kind);
    }
    let prepared = view.prepare(window, None);
    Ok(view.contains(&prepared, view.moment(when), None))
}

/// Whether nothing after a time can lie in a window.
///
/// # Errors
/// What the window waits for, if it leans on a milestone without a time.
pub fn is_over(
    program: &Program,
    context: &Context<'_>,
    chart: &Chart,
    window: &Window,
    known_at: When,
) -> Result<bool, OpenKind> {
    let view = view(program, context, chart, known_at);
    if let Some((_, kind)) = view.blocked(window) {
        return Err(kind);
    }
    let prepared = view.prepare(window, None);
    let later = Moment {
        first: known_at.end().seconds(),
        last: last_second(None),
        when: None,
    };
    Ok(view.contains(&prepared, later, None) == Tri::No)
}

/// When a chart has reached a milestone.
///
/// # Errors
/// That it has not, or that its rows contradict each other.
pub fn milestone_time(
    program: &Program,
    context: &Context<'_>,
    chart: &Chart,
    milestone: MilestoneId,
) -> Result<When, OpenKind> {
    reached(program, context, chart, milestone).time()
}

fn view<'c>(
    program: &'c Program,
    context: &'c Context<'c>,
    chart: &'c Chart,
    known_at: When,
) -> View<'c> {
    View {
        program,
        context,
        chart,
        gate: MilestoneId(0),
        time: known_at,
        records: Records::default(),
    }
}

impl View<'_> {
    /// A limit of a sample in the measure's own unit.
    fn limit(
        &self,
        row: &Observation,
        limit: Option<lind_units::Decimal>,
        own: Option<crate::steps::Target>,
    ) -> Option<Exact> {
        let conversion = self.context.conversion(self.program, own?, row.unit?)?;
        Some(conversion.apply_decimal(&limit?))
    }
}
