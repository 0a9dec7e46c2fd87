//! The numbers of a chart in the order of time, and which times lie in a window: what is computed of a participant
//! outside conditions begins here. Windows are the protocol's; months are counted as the plan counts them.

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
use crate::values::Fault;
use crate::view::View;
use crate::windows::Prepared;

/// The results of a measure that may lie in a window.
#[derive(Debug, Clone, Default)]
pub struct MeasuredSeries {
    /// Those that could be read, the earliest first; those without a time stand first.
    pub values: Vec<MeasuredValue>,
    /// Whether others may lie in it: rows that were set aside, or whose coding nobody has told. What is computed from
    /// the values is then not certain.
    pub may_lack_values: bool,
}

/// A result of a measure, as a number in the measure's own unit.
#[derive(Debug, Clone)]
pub struct MeasuredValue {
    /// When, as well as it is known.
    pub when: Option<When>,
    /// Whether it certainly lies in the window; it may if not.
    pub certainly_inside: bool,
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

/// The results of a measure in a window that are known by a time; in no window, all of them.
///
/// # Errors
/// What the window waits for, if it leans on a milestone without a time.
pub fn series(
    program: &Program,
    context: &Context<'_>,
    chart: &Chart,
    measure: MeasureId,
    window: Option<&Window>,
    known_at: When,
) -> Result<MeasuredSeries, OpenKind> {
    let Some(step) = program.measure(measure) else {
        return Ok(MeasuredSeries::default());
    };
    let view = view(program, context, chart, known_at);
    let window = window.map(|window| program.plan().window(window));
    let prepared = match &window {
        Some(window) => prepare(&view, window)?,
        None => Prepared::Everything,
    };
    let inside = |time: Option<When>| {
        let moment = view.moment(time);
        view.contains(&prepared, moment, None)
            .and(view.known(moment))
    };
    let question = step.numbers();
    let values = view
        .results(step.concept, step.specimen)
        .map(|row| (row, inside(row.time)))
        .filter(|(_, inside)| *inside != Tri::No)
        .map(|(row, inside)| MeasuredValue {
            when: row.time,
            certainly_inside: inside == Tri::Yes,
            number: view.numbers(&question, row).map_err(Unusable::of),
            beyond: row.comparator.map(|comparator| match comparator {
                Comparator::Below | Comparator::AtMost => Beyond::Below,
                Comparator::Above | Comparator::AtLeast => Beyond::Above,
            }),
            lower_limit: view.limit(row, row.low, step.own),
            upper_limit: view.limit(row, row.high, step.own),
            at: row.at,
        })
        .collect();
    let gap = context.bindings.gap(step.concept).is_some();
    let mut aside = chart.set_aside_of(Table::Observations, step.concept);
    Ok(MeasuredSeries {
        values,
        may_lack_values: gap || aside.any(|row| inside(row.time) != Tri::No),
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
    let window = program.plan().window(window);
    let prepared = prepare(&view, &window)?;
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
    let window = program.plan().window(window);
    let prepared = prepare(&view, &window)?;
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
        times: None,
    }
}

/// A window of the plan, ready to be asked; or what it waits for.
fn prepare<'w>(view: &View<'_>, window: &'w Window) -> Result<Prepared<'w>, OpenKind> {
    match view.blocked(window) {
        Some((_, kind)) => Err(kind),
        None => Ok(view.prepare(window, None)),
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
        let limit = limit?;
        match (own, row.unit) {
            (Some(target), Some(unit)) => {
                let conversion = self.context.conversion(self.program, target, unit)?;
                Some(conversion.apply_decimal(&limit))
            }
            // A score has no unit.
            (None, _) => Some(limit.to_exact()),
            (Some(_), None) => None,
        }
    }
}
