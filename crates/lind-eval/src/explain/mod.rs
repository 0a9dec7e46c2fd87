//! Why a criterion has its value: the same evaluation, recorded.

mod changes;
mod choices;
mod compared;
mod criteria;
mod edges;
mod events;
mod facts;
mod formulas;
mod half_lives;
mod lists;
mod people;
mod phrases;
mod points;
mod recorder;
mod records;
mod results;
mod sentences;
mod spells;
mod values;
mod words;

use lind_model::plan::PlanCriterion;
use lind_model::{AskedId, CriterionId, Explanation, MilestoneId};
use lind_records::Chart;

use crate::context::Context;
use crate::explain::recorder::{Recorder, Told};
use crate::program::Program;
use crate::scratch::Scratch;
use crate::times::Times;
use crate::verdict::{Run, begin};

/// Why a criterion has its value at a gate: a tree along the conditions of the protocol, with the facts that
/// were used, the windows as dates, and what would settle an open part.
///
/// It is made by the same evaluation that gives the verdict; its root has the value of the criterion. A
/// criterion that the plan does not have gives nothing.
#[must_use]
pub fn explain(
    program: &Program,
    context: &Context<'_>,
    chart: &Chart,
    gate: MilestoneId,
    criterion: CriterionId,
) -> Option<Explanation> {
    told(program, context, chart, gate, criterion).map(|told| told.explanation)
}

/// Why a criterion has its value at a gate, in one line: `hemoglobin 85 g/L on 2024-05-02 is below 90 g/L`.
///
/// Empty for a criterion that the plan does not have.
#[must_use]
pub fn reason(
    program: &Program,
    context: &Context<'_>,
    chart: &Chart,
    gate: MilestoneId,
    criterion: CriterionId,
) -> String {
    told(program, context, chart, gate, criterion).map_or_else(String::new, |told| told.reason)
}

/// Why an asked condition has its value, as [`explain`] tells it of a criterion; with the day at hand bound as
/// for [`crate::ask_at`].
#[must_use]
pub fn explain_asked(
    program: &Program,
    context: &Context<'_>,
    chart: &Chart,
    asked: AskedId,
) -> Option<Explanation> {
    asked_told(program, context, chart, asked).map(|told| told.explanation)
}

/// Why an asked condition has its value, in one line.
#[must_use]
pub fn reason_asked(
    program: &Program,
    context: &Context<'_>,
    chart: &Chart,
    asked: AskedId,
) -> String {
    asked_told(program, context, chart, asked).map_or_else(String::new, |told| told.reason)
}

fn asked_told(
    program: &Program,
    context: &Context<'_>,
    chart: &Chart,
    asked: AskedId,
) -> Option<Told> {
    let plan = program.asked.get(asked.index())?;
    let gate = plan.stages.first()?.gate;
    recorded(program, context, chart, gate, plan)
}

fn told(
    program: &Program,
    context: &Context<'_>,
    chart: &Chart,
    gate: MilestoneId,
    criterion: CriterionId,
) -> Option<Told> {
    let plan = program
        .plan()
        .criteria
        .iter()
        .find(|plan| plan.criterion == criterion)?;
    recorded(program, context, chart, gate, plan)
}

/// The evaluation that gives the value, recorded.
fn recorded(
    program: &Program,
    context: &Context<'_>,
    chart: &Chart,
    gate: MilestoneId,
    plan: &PlanCriterion,
) -> Option<Told> {
    let times = Times::new(program.protocol().milestones.len());
    let run = Run {
        program,
        context,
        chart,
        asked: gate,
        times: Some(&times),
    };
    let mut scratch = Scratch::new();
    begin(program, &mut scratch);
    let mut recorder = Recorder::new(run, plan);
    let value = run.criterion(plan, &mut scratch, &mut recorder);
    recorder.finish(value)
}
