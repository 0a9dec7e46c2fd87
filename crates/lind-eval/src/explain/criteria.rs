//! Criteria, stages and guards in words.

use lind_model::plan::{PlanCriterion, PlanGuard};
use lind_model::protocol::CriterionKind;
use lind_model::{Explanation, MilestoneId, Truth};

use crate::answers::sex;
use crate::explain::lists::settles;
use crate::explain::recorder::{Stage, Telling, Told};
use crate::explain::words::{listed, lost_of_patient, place, spoken, used};
use crate::milestones::Reached;
use crate::trace::Note;
use crate::verdict::{CriterionValue, Run};
use crate::view::View;

fn milestone_name(run: Run<'_>, id: MilestoneId) -> String {
    run.program
        .protocol()
        .milestones
        .get(id.index())
        .map_or_else(String::new, |milestone| spoken(&milestone.name))
}

/// The root of an explanation.
pub(crate) fn criterion(
    run: Run<'_>,
    plan: &PlanCriterion,
    value: CriterionValue,
    stages: Vec<ToldStage>,
    later: &[MilestoneId],
) -> Option<Told> {
    let stated = run.program.stated(plan.criterion)?;
    let (said, stages): (Vec<String>, Vec<Told>) = stages
        .into_iter()
        .map(|stage| (stage.said, stage.told))
        .unzip();
    let (because, reason) = summary(run, stated.kind, value, &stages, &said, later);
    let settle = listed(&settles(&stages));
    let boundary_sensitive = stages
        .iter()
        .any(|stage| stage.explanation.boundary_sensitive);
    let has_facts = stages.iter().any(|stage| stage.has_facts);
    // A criterion that is decided at one gate needs no level of its own for it.
    let parts = match <[Told; 1]>::try_from(stages) {
        Ok([only]) => only.explanation.parts,
        Err(stages) => stages.into_iter().map(|stage| stage.explanation).collect(),
    };
    Some(Told {
        brief: reason.clone(),
        reason,
        has_facts,
        explanation: Explanation {
            label: stated.explanation.label,
            text: stated.explanation.text,
            truth: value.truth,
            because,
            facts: Vec::new(),
            settle: Some(settle).filter(|settle| value.truth.is_open() && !settle.is_empty()),
            boundary_sensitive,
            span: stated.explanation.span,
            parts,
        },
    })
}

/// The sentence of a criterion, and its line.
fn summary(
    run: Run<'_>,
    kind: CriterionKind,
    value: CriterionValue,
    stages: &[Told],
    said: &[String],
    later: &[MilestoneId],
) -> (String, String) {
    if !value.due {
        let gates: Vec<String> = later
            .iter()
            .map(|gate| milestone_name(run, *gate))
            .collect();
        let text = format!("not due before {}", gates.join(" or "));
        return (text.clone(), text);
    }
    match (stages, said) {
        ([only], [said]) => (said.clone(), only.reason.clone()),
        _ => {
            let exclusion = kind == CriterionKind::Exclusion;
            let decisive: Vec<String> = stages
                .iter()
                .zip(said)
                .filter(|(stage, _)| match value.truth {
                    // With one of them the whole is decided, or all of them say so.
                    Truth::False if !exclusion => stage.truth() == Truth::False,
                    Truth::True if exclusion => stage.truth() == Truth::True,
                    Truth::NotApplicable => true,
                    truth => stage.truth() == truth,
                })
                .map(|(_, said)| said.clone())
                .collect();
            let text = listed(&decisive);
            (text.clone(), text)
        }
    }
}

/// What is decided at one gate.
pub(crate) struct ToldStage {
    told: Told,
    /// The reason with its gate.
    said: String,
}

/// What is decided at one gate.
pub(crate) fn stage(
    run: Run<'_>,
    plan: &PlanCriterion,
    stage: Stage<'_>,
    body: Option<Told>,
    truth: Truth,
) -> Option<ToldStage> {
    let stated = run.program.stated(plan.criterion)?;
    let gate = milestone_name(run, stage.gate);
    let has_facts = stage.guard.iter().chain(&body).any(|part| part.has_facts);
    let mut parts = Vec::new();
    let mut settle = Vec::new();
    let (text, mut reason) = match stage.reached {
        Reached::At(time) => (
            format!("at {gate} ({time})"),
            body.as_ref().map(|body| body.reason.clone()),
        ),
        without => (format!("at {gate}"), without_time(without, &gate)),
    };
    let without_time = stage.reached.time().err();
    let mut names_gate = without_time.is_some();
    if without_time.is_some() {
        settle.push(format!("the date of {gate}"));
    }
    if let Some(guard) = stage.guard {
        let decides = match guard.truth() {
            Truth::False => true,
            // A gate without a time is all there is to say, unless the guard weighs more.
            Truth::Open(kind) => match without_time {
                Some(gate) => kind > gate,
                None => truth.is_open() && body.as_ref().is_none_or(|body| !body.truth().is_open()),
            },
            Truth::True | Truth::NotApplicable => false,
        };
        if decides {
            reason = Some(guard.reason.clone());
            names_gate = false;
        }
        settle.extend(guard.explanation.settle.clone());
        parts.push(guard);
    }
    if let Some(body) = body {
        settle.extend(body.explanation.settle.clone());
        parts.push(body);
    }
    let reason = reason.unwrap_or_default();
    let settle = listed(&settle);
    let said = if names_gate {
        reason.clone()
    } else {
        format!("{text}: {reason}")
    };
    let told = Told {
        explanation: Explanation {
            label: String::new(),
            text,
            truth,
            because: reason.clone(),
            facts: Vec::new(),
            settle: Some(settle).filter(|settle| truth.is_open() && !settle.is_empty()),
            boundary_sensitive: parts.iter().any(|part| part.explanation.boundary_sensitive),
            span: stated.explanation.span,
            parts: parts.into_iter().map(|part| part.explanation).collect(),
        },
        brief: reason.clone(),
        reason,
        has_facts,
    };
    Some(ToldStage { told, said })
}

/// Why nothing is decided at a gate, if it has no time.
fn without_time(reached: Reached, gate: &str) -> Option<String> {
    match reached {
        Reached::At(_) => None,
        Reached::NotYet => Some(format!("{gate} has not been reached")),
        Reached::Unclear => Some(format!("the time of {gate} is not clear from the data")),
    }
}

/// The guard of a criterion.
pub(crate) fn guard(
    run: Run<'_>,
    plan: &PlanCriterion,
    guard: &PlanGuard,
    stage: &Stage<'_>,
    truth: Truth,
) -> Option<Told> {
    let parts = stage.parts.as_slice();
    let stated = run.program.stated(plan.criterion)?;
    let mut told = guard_sentence(run, guard, &stage.notes, parts);
    // The further condition of the guard is asked when its gate is reached, not before.
    let sex_is_open = guard
        .sex
        .is_some_and(|wanted| crate::answers::wanted_sex(wanted, run.chart).is_open());
    let awaited = !sex_is_open && truth.is_open();
    if let Some(because) = without_time(stage.reached, &milestone_name(run, stage.gate))
        && awaited
    {
        told.because = because;
    }
    Some(Told {
        reason: told.because.clone(),
        brief: told.because.clone(),
        has_facts: !told.facts.is_empty() || parts.iter().any(|part| part.has_facts),
        explanation: Explanation {
            label: String::new(),
            text: guard.text.to_string(),
            truth,
            because: told.because,
            facts: told.facts,
            settle: told.settle.filter(|_| truth.is_open()),
            boundary_sensitive: parts.iter().any(|part| part.explanation.boundary_sensitive),
            span: stated.explanation.span,
            parts: parts.iter().map(|part| part.explanation.clone()).collect(),
        },
    })
}

/// What a guard says of the patient.
fn guard_sentence(run: Run<'_>, guard: &PlanGuard, notes: &[Note<'_>], parts: &[Told]) -> Telling {
    let of_sex = notes.iter().find_map(|note| match note {
        Note::Guard { sex } => Some(*sex),
        _ => None,
    });
    // At a gate that has not been reached only the sex is decided.
    let of_sex = of_sex.unwrap_or(match guard.sex {
        Some(wanted) => crate::answers::wanted_sex(wanted, run.chart),
        None => Truth::NotApplicable,
    });
    let sex_text = || match (run.chart.sex, sex(run.chart)) {
        (Some(recorded), Some(_)) => format!("the patient is {recorded}"),
        (Some(recorded), None) => format!("the patient's sex is recorded as {recorded}"),
        (None, _) => lost_of_patient(run.chart, "sex", "the patient's sex"),
    };
    let mut facts = Vec::new();
    if of_sex != Truth::NotApplicable {
        facts.push(used(run.chart, sex_text(), run.chart.at));
    }
    let condition = parts.first();
    let (because, settle) = match (of_sex, condition) {
        (Truth::False, _) => (sex_text(), None),
        (Truth::Open(_), condition)
            if condition.is_none_or(|part| part.truth() != Truth::False) =>
        {
            let sex = format!("the patient's sex ({})", place(run.chart, run.chart.at));
            (
                sex_text(),
                Some(
                    match condition.and_then(|part| part.explanation.settle.clone()) {
                        Some(other) => format!("{sex}; {other}"),
                        None => sex,
                    },
                ),
            )
        }
        (_, Some(part)) => (part.reason.clone(), part.explanation.settle.clone()),
        (Truth::NotApplicable, None) => (String::new(), None),
        (_, None) => (sex_text(), None),
    };
    Telling {
        because,
        facts,
        settle,
        ..Telling::default()
    }
}

impl View<'_> {
    /// A part that applies only to some.
    pub(crate) fn guarded_telling(
        &self,
        guard: &PlanGuard,
        notes: &[Note<'_>],
        parts: &[Told],
        truth: Truth,
    ) -> Telling {
        let run = Run {
            program: self.program,
            context: self.context,
            chart: self.chart,
            asked: self.gate,
            times: self.times,
        };
        let (body, conditions) = match parts.split_last() {
            Some((body, conditions)) => (Some(body), conditions),
            None => (None, parts),
        };
        let told = guard_sentence(run, guard, notes, conditions);
        let by_guard = truth == Truth::NotApplicable
            || (truth.is_open() && body.is_none_or(|body| !body.truth().is_open()));
        let settle: Vec<String> = told
            .settle
            .iter()
            .cloned()
            .chain(body.and_then(|body| body.explanation.settle.clone()))
            .collect();
        let (because, brief) = match body {
            Some(body) if !by_guard => (body.reason.clone(), Some(body.brief.clone())),
            _ => (told.because, None),
        };
        Telling {
            because,
            brief,
            facts: told.facts,
            settle: Some(listed(&settle)).filter(|settle| !settle.is_empty()),
            ..Telling::default()
        }
    }
}
