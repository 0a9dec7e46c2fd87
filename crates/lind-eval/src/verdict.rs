//! From conditions to criteria, from criteria to a verdict.

use lind_model::logic::{Passing, behind};
use lind_model::plan::{NodeKind, PlanCriterion, Stage};
use lind_model::protocol::CriterionKind;
use lind_model::{
    AskedId, CriterionVerdict, Effect, MilestoneId, OpenKind, Outcome, Standing, Truth, Verdict,
};
use lind_records::Chart;
use lind_units::Exact;

use crate::answers::wanted_sex;
use crate::context::Context;
use crate::nodes::{Walk, places};
use crate::program::Program;
use crate::records::Records;
use crate::scratch::Scratch;
use crate::times::Times;
use crate::trace::{Note, Silent, Trace};
use crate::view::View;

/// What a program says of a chart at a gate.
///
/// ```
/// # use lind_eval::{Bindings, Context, Program, evaluate};
/// # use lind_model::MilestoneId;
/// # use lind_records::{Chart, Dataset};
/// fn eligible(program: &Program, dataset: &Dataset, chart: &Chart, gate: MilestoneId) -> bool {
///     let bindings = Bindings::new(program, dataset);
///     let context = Context::new(dataset, &bindings);
///     evaluate(program, &context, chart, gate).standing == lind_model::Standing::Eligible
/// }
/// ```
#[must_use]
pub fn evaluate(
    program: &Program,
    context: &Context<'_>,
    chart: &Chart,
    gate: MilestoneId,
) -> Verdict {
    let mut verdict = Verdict {
        gate,
        standing: Standing::Eligible,
        criteria: Vec::with_capacity(program.plan().criteria.len()),
    };
    evaluate_into(
        program,
        context,
        chart,
        gate,
        &mut Scratch::new(),
        &mut verdict,
    );
    verdict
}

/// As [`evaluate`], into a verdict and a scratch that are used again: once they are warm, nothing is
/// allocated.
pub fn evaluate_into(
    program: &Program,
    context: &Context<'_>,
    chart: &Chart,
    gate: MilestoneId,
    scratch: &mut Scratch,
    verdict: &mut Verdict,
) {
    verdict.gate = gate;
    verdict.criteria.clear();
    begin(program, scratch);
    let mut times = std::mem::take(&mut scratch.times);
    times.begin(program.protocol().milestones.len());
    let run = Run {
        program,
        context,
        chart,
        asked: gate,
        times: Some(&times),
    };
    for criterion in &program.plan().criteria {
        let value = run.criterion(criterion, scratch, &mut Silent);
        verdict
            .criteria
            .push(value.verdict(program.protocol(), criterion));
    }
    scratch.times = times;
    verdict.standing = Standing::of(
        verdict
            .criteria
            .iter()
            .filter(|criterion| criterion.due)
            .map(|criterion| criterion.effect),
    );
}

/// Of which of the plan's enrolment caps a participant counts, at each cap's own gate. This is no part of the
/// verdict: what is due later, or not reached, is pending.
#[must_use]
pub fn counted_by_caps(
    program: &Program,
    context: &Context<'_>,
    chart: &Chart,
    gate: MilestoneId,
    scratch: &mut Scratch,
) -> Vec<Truth> {
    begin(program, scratch);
    let run = Run {
        program,
        context,
        chart,
        asked: gate,
        times: None,
    };
    program
        .plan()
        .caps
        .iter()
        .map(|cap| {
            if !run.is_due(cap.gate) {
                return Truth::Open(OpenKind::Pending);
            }
            let reached = crate::milestones::gate_reached(program, context, chart, cap.gate);
            match reached.time() {
                Ok(time) => run
                    .walk(cap.gate, time, scratch, &mut Silent)
                    .stage(cap.node, Passing::Neither),
                Err(kind) => Truth::Open(kind),
            }
        })
        .collect()
}

/// What an asked condition says of a chart, at its own gate.
///
/// What is asked at every visit needs the day at hand: [`Context::assuming`] binds the milestone
/// `visit` to it, and nothing of a scratch is remembered from one day to the next.
#[must_use]
pub fn ask(
    program: &Program,
    context: &Context<'_>,
    chart: &Chart,
    asked: AskedId,
    scratch: &mut Scratch,
) -> Truth {
    begin(program, scratch);
    let Some(stage) = program.plan().asked.get(asked.index()) else {
        return Truth::Open(OpenKind::Unknown);
    };
    let run = Run {
        program,
        context,
        chart,
        asked: stage.gate,
        times: None,
    };
    let reached = crate::milestones::gate_reached(program, context, chart, stage.gate);
    match reached.time() {
        Ok(time) => run
            .walk(stage.gate, time, scratch, &mut Silent)
            .stage(stage.node, Passing::Neither),
        Err(kind) => Truth::Open(kind),
    }
}

/// Between which numbers a sum of points lies: of an asked condition that is a test of points, at its own gate. Its
/// interval plays no part. None where the gate has no time, or where nothing is left of the scale.
///
/// As for [`ask`], the day at hand is bound by [`Context::assuming`].
pub(crate) fn sum_of_points(
    program: &Program,
    context: &Context<'_>,
    chart: &Chart,
    asked: AskedId,
    scratch: &mut Scratch,
) -> Option<(Exact, Exact)> {
    begin(program, scratch);
    let stage = program.plan().asked.get(asked.index())?;
    let node = program.plan().node(stage.node)?;
    let NodeKind::Points(points) = &node.kind else {
        return None;
    };
    let run = Run {
        program,
        context,
        chart,
        asked: stage.gate,
        times: None,
    };
    let reached = crate::milestones::reached(program, context, chart, stage.gate);
    let time = reached.time().ok()?;
    run.walk(stage.gate, time, scratch, &mut Silent)
        .bounds_of(points)
}

/// Makes a scratch ready for a chart.
pub(crate) fn begin(program: &Program, scratch: &mut Scratch) {
    let slots = program
        .remembered()
        .saturating_mul(places(program.plan().gates.len()));
    scratch.begin(slots, program.protocol().milestones.len());
}

/// One chart, asked at one gate.
#[derive(Clone, Copy)]
pub(crate) struct Run<'c> {
    pub(crate) program: &'c Program,
    pub(crate) context: &'c Context<'c>,
    pub(crate) chart: &'c Chart,
    pub(crate) asked: MilestoneId,
    /// What was found of the milestones; none: it is not kept.
    pub(crate) times: Option<&'c Times>,
}

/// The value of a criterion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct CriterionValue {
    pub(crate) truth: Truth,
    pub(crate) due: bool,
}

impl CriterionValue {
    fn verdict(
        self,
        protocol: &lind_model::Protocol,
        criterion: &PlanCriterion,
    ) -> CriterionVerdict {
        let outcome = Outcome::of(self.truth);
        let effect = protocol
            .criteria
            .get(criterion.criterion.index())
            .map_or(Effect::Open, |stated| outcome.effect(stated.kind));
        CriterionVerdict {
            criterion: criterion.criterion,
            outcome,
            effect,
            due: self.due,
        }
    }
}

impl<'c> Run<'c> {
    pub(crate) fn kind(&self, criterion: &PlanCriterion) -> CriterionKind {
        self.program
            .protocol()
            .criteria
            .get(criterion.criterion.index())
            .map_or(CriterionKind::Inclusion, |criterion| criterion.kind)
    }

    /// Whether a gate is proven not to be later than the asked one.
    pub(crate) fn is_due(&self, gate: MilestoneId) -> bool {
        self.program
            .protocol()
            .milestones
            .get(self.asked.index())
            .is_some_and(|asked| asked.not_later.contains(&gate))
    }

    /// The value of a criterion: of its due stages, behind its guard.
    pub(crate) fn criterion<T: Trace<'c>>(
        &self,
        criterion: &'c PlanCriterion,
        scratch: &mut Scratch,
        trace: &mut T,
    ) -> CriterionValue {
        let exclusion = self.kind(criterion) == CriterionKind::Exclusion;
        let (join, settled): (fn(Truth, Truth) -> Truth, Truth) = if exclusion {
            (Truth::or, Truth::True)
        } else {
            (Truth::and, Truth::False)
        };
        let mut sum = Truth::NotApplicable;
        let mut due = false;
        for stage in &criterion.stages {
            if !self.is_due(stage.gate) {
                trace.note(|| Note::NotDue(stage.gate));
                continue;
            }
            due = true;
            let value = self.stage(criterion, stage, exclusion, scratch, trace);
            sum = join(sum, value);
            if sum == settled && !T::ON {
                break;
            }
        }
        CriterionValue {
            truth: if due {
                sum
            } else {
                Truth::Open(OpenKind::Pending)
            },
            due,
        }
    }

    /// The value of a stage whose gate has no time. The sex of its guard is decided at any time.
    fn not_reached<T: Trace<'c>>(
        &self,
        criterion: &'c PlanCriterion,
        kind: OpenKind,
        exclusion: bool,
        trace: &mut T,
    ) -> Truth {
        let open = Truth::Open(kind);
        let Some(guard) = &criterion.guard else {
            return open;
        };
        let mut value = guard.sex.map_or(Truth::NotApplicable, |wanted| {
            wanted_sex(wanted, self.chart)
        });
        if guard.node.is_some() {
            value = value.and(open);
        }
        trace.note(|| Note::GuardValue(value));
        behind(open, value, passing(exclusion))
    }

    /// A walk at a gate that was reached.
    fn walk<'w, T: Trace<'c>>(
        &self,
        gate: MilestoneId,
        time: lind_time::When,
        scratch: &'w mut Scratch,
        trace: &'w mut T,
    ) -> Walk<'w, 'c, T> {
        Walk {
            view: View {
                program: self.program,
                context: self.context,
                chart: self.chart,
                gate,
                time,
                records: Records::default(),
                times: self.times,
            },
            gate_index: self.program.gate_index(gate),
            scratch,
            trace,
        }
    }

    /// The value of what is decided at one gate, at that gate's time.
    fn stage<T: Trace<'c>>(
        &self,
        criterion: &'c PlanCriterion,
        stage: &Stage,
        exclusion: bool,
        scratch: &mut Scratch,
        trace: &mut T,
    ) -> Truth {
        let reached = scratch.gate(stage.gate, || {
            crate::milestones::gate_reached(self.program, self.context, self.chart, stage.gate)
        });
        trace.note(|| Note::Stage(stage.gate, reached));
        let time = match reached.time() {
            Ok(time) => time,
            Err(kind) => {
                let value = self.not_reached(criterion, kind, exclusion, trace);
                trace.note(|| Note::StageValue(value));
                return value;
            }
        };
        let mut walk = self.walk(stage.gate, time, scratch, &mut *trace);
        let passing = passing(exclusion);
        let guard = match &criterion.guard {
            Some(guard) => {
                let value = walk.guard(guard);
                walk.trace.note(|| Note::GuardValue(value));
                value
            }
            None => Truth::NotApplicable,
        };
        let value = if guard == Truth::False && !T::ON {
            Truth::NotApplicable
        } else {
            behind(walk.stage(stage.node, passing), guard, passing)
        };
        trace.note(|| Note::StageValue(value));
        value
    }
}

/// With which value the body of a criterion passes.
const fn passing(exclusion: bool) -> Passing {
    if exclusion {
        Passing::False
    } else {
        Passing::True
    }
}
