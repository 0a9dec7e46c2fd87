//! Numbers of a chart in the order of time, and the days of a window: what endpoints are computed from.

use lind_model::plan::{NodeKind, Plan};
use lind_model::protocol::{Interval, Window};
use lind_model::{AskedId, MeasureId, MilestoneId, NodeId, OpenKind};
use lind_records::{Chart, Comparator, Observation};
use lind_time::{Day, Tri, When};
use lind_units::Exact;

use crate::candidates::{Candidates, Rules};
use crate::context::Context;
use crate::milestones::reached;
use crate::moments::Moment;
use crate::nodes::Walk;
use crate::program::Program;
use crate::records::Records;
use crate::scratch::Scratch;
use crate::spells::{DayCount, days_of};
use crate::steps::Step;
use crate::trace::Silent;
use crate::verdict::begin;
use crate::view::View;
use crate::windows::Prepared;

/// One result of a measure, in the measure's own unit.
#[derive(Debug, Clone)]
pub struct Measured<'c> {
    /// When the sample was taken, as it is recorded.
    pub time: Option<When>,
    /// Whether it certainly lies in the window and is known by the gate; `Maybe` if it may.
    pub counts: Tri,
    /// Between which numbers it lies: one number, or an interval for `< 0.2`. None if it cannot be used: it is no
    /// number, has no unit or one that does not convert, or cannot be real.
    pub numbers: Option<Interval>,
    /// The sign before the number.
    pub comparator: Option<Comparator>,
    /// The laboratory's limits for this sample, lower and upper.
    pub limits: (Option<Exact>, Option<Exact>),
    /// The row, which says where it stands.
    pub row: &'c Observation,
}

impl Measured<'_> {
    /// The number, if it is one.
    #[must_use]
    pub fn number(&self) -> Option<&Exact> {
        match self.numbers.as_ref()? {
            Interval {
                low: Some((low, true)),
                high: Some((high, true)),
            } if low == high => Some(low),
            _ => None,
        }
    }
}

/// The results of a measure that may count.
#[derive(Debug, Clone)]
pub struct Readings<'c> {
    /// Those that can be read, the earliest first; those without a time stand first.
    pub values: Vec<Measured<'c>>,
    /// How many rows were set aside that may have counted.
    pub set_aside: usize,
}

/// The days of a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WindowDays {
    /// The first day that may lie in it.
    pub first: Day,
    /// The last day that may lie in it; not after the gate, nor after death.
    pub last: Day,
    /// Whether all of them certainly do.
    pub certain: bool,
}

/// On how many days a value passes a test, as a condition asks.
pub type SpellDays = DayCount;

/// The results of a measure in a window that may be known by a gate, in the order of time; in no window, all of
/// them. The window is counted as the plan counts months ([`Plan::window`]).
///
/// # Errors
/// What it waits for: the gate, or an anchor of the window, has no time.
pub fn series<'c>(
    program: &'c Program,
    context: &'c Context<'c>,
    chart: &'c Chart,
    gate: MilestoneId,
    measure: MeasureId,
    window: Option<&Window>,
) -> Result<Readings<'c>, OpenKind> {
    let view = view(program, context, chart, gate)?;
    let nothing = || Readings {
        values: Vec::new(),
        set_aside: 0,
    };
    let Some(step) = program.measure(measure) else {
        return Ok(nothing());
    };
    let prepared = match window {
        Some(window) => match view.blocked(window) {
            Some((_, kind)) => return Err(kind),
            None => view.prepare(window, None),
        },
        None => Prepared::Everything,
    };
    let candidates = Candidates {
        view,
        concept: step.concept,
        specimen: step.specimen,
        window: &prepared,
        rules: Rules {
            plans: &[],
            sources: &[],
        },
        provenance: &[],
        time_of_day: None,
        evidence: None,
        repeats_count: false,
    };
    let question = step.numbers();
    let in_own_unit = |row: &Observation, limit: Option<lind_units::Decimal>| {
        let limit = limit?;
        match (step.own, row.unit) {
            (Some(target), Some(unit)) => {
                let conversion = context.conversion(program, target, unit)?;
                Some(conversion.apply_decimal(&limit))
            }
            (None, _) => Some(limit.to_exact()),
            (Some(_), None) => None,
        }
    };
    let values = candidates.rows().filter_map(|row| {
        let counts = candidates
            .place(row, candidates.moment(row), &mut Silent)
            .membership();
        (counts != Tri::No).then(|| Measured {
            time: row.time,
            counts,
            numbers: view.numbers(&question, row).ok(),
            comparator: row.comparator,
            limits: (in_own_unit(row, row.low), in_own_unit(row, row.high)),
            row,
        })
    });
    Ok(Readings {
        values: values.collect(),
        set_aside: candidates.set_aside().count(),
    })
}

/// The days of a window that may be known by a gate; none if it has no first and last day that are known, or is
/// empty.
///
/// # Errors
/// What it waits for: the gate, or an anchor of the window, has no time.
pub fn window_days(
    program: &Program,
    context: &Context<'_>,
    chart: &Chart,
    gate: MilestoneId,
    window: &Window,
) -> Result<Option<WindowDays>, OpenKind> {
    let view = view(program, context, chart, gate)?;
    if let Some((_, kind)) = view.blocked(window) {
        return Err(kind);
    }
    let Some((first, last)) = days_of(&view, window) else {
        return Ok(None);
    };
    let prepared = view.prepare(window, None);
    let certain = (first..=last).all(|day| {
        let moment = Moment::of_day(day);
        view.contains(&prepared, moment, None)
            .and(view.known(moment))
            == Tri::Yes
    });
    Ok(Day::from_number(first)
        .zip(Day::from_number(last))
        .map(|(first, last)| WindowDays {
            first,
            last,
            certain,
        }))
}

/// On how many days a value passes its test, for a condition of the protocol's `asked` that counts days; none if
/// it is another condition, or nothing certainly counts.
///
/// # Errors
/// What it waits for: the gate, or an anchor of the window, has no time.
pub fn spell_days(
    program: &Program,
    context: &Context<'_>,
    chart: &Chart,
    asked: AskedId,
    scratch: &mut Scratch,
) -> Result<Option<DayCount>, OpenKind> {
    let Some(stage) = program.plan().asked.get(asked.index()) else {
        return Ok(None);
    };
    let view = view(program, context, chart, stage.gate)?;
    let Some((node, NodeKind::Spell(plan))) = innermost(program.plan(), stage.node) else {
        return Ok(None);
    };
    let Step::Spell(step) = program.step(node) else {
        return Ok(None);
    };
    if let Some((_, kind)) = view.blocked(&plan.spell.window) {
        return Err(kind);
    }
    begin(program, scratch);
    let mut walk = Walk {
        view,
        gate_index: program.gate_index(stage.gate),
        scratch,
        trace: &mut Silent,
    };
    Ok(walk.days_with(plan, step))
}

/// The condition that a name stands for, through names and lists of one.
fn innermost(plan: &Plan, mut id: NodeId) -> Option<(NodeId, &NodeKind)> {
    loop {
        let node = plan.node(id)?;
        match &node.kind {
            NodeKind::List(lind_model::protocol::Quantifier::All, parts) => {
                match parts.as_slice() {
                    // A part stands before what it is a part of.
                    [only] if *only < id => id = *only,
                    _ => return Some((id, &node.kind)),
                }
            }
            kind => return Some((id, kind)),
        }
    }
}

fn view<'c>(
    program: &'c Program,
    context: &'c Context<'c>,
    chart: &'c Chart,
    gate: MilestoneId,
) -> Result<View<'c>, OpenKind> {
    let time = reached(program, context, chart, gate).time()?;
    Ok(View {
        program,
        context,
        chart,
        gate,
        time,
        records: Records::default(),
    })
}
