//! One JSON object a patient, schema `lind.screen/1`.

use lind_model::Plan;
use serde::Serialize;

use crate::json::line;
use crate::names;
use crate::screen::Screened;

/// The name and version of the format. The version rises when a field goes or changes its meaning; new
/// fields may come at any time.
const SCHEMA: &str = "lind.screen/1";

#[derive(Serialize)]
struct WirePatient<'a> {
    schema: &'static str,
    patient: &'a str,
    gate: &'a str,
    verdict: &'static str,
    criteria: Vec<WireCriterion<'a>>,
}

#[derive(Serialize)]
struct WireCriterion<'a> {
    id: &'a str,
    kind: &'static str,
    outcome: &'static str,
    effect: &'static str,
    /// Why it does not pass; empty if it passes, so that every criterion has the same keys.
    reason: &'a str,
    /// Whether any part of it is decided at this gate or before.
    due: bool,
    /// The gate at which it is decided; null if nothing of it is ever decided.
    gate: Option<&'a str>,
}

/// What a plan says of a patient, as JSON in one line without a line break at its end.
#[must_use]
pub fn json_line(plan: &Plan, screened: &Screened) -> String {
    let asked = screened.verdict.gate;
    let criteria = screened.verdict.criteria.iter().filter_map(|verdict| {
        let criterion = names::criterion(plan, verdict.criterion)?;
        Some(WireCriterion {
            id: &criterion.id,
            kind: names::kind(criterion.kind),
            outcome: verdict.outcome.word(),
            effect: verdict.effect.word(),
            reason: screened.reason(verdict.criterion).unwrap_or_default(),
            due: verdict.due,
            gate: names::gate_of(plan, verdict.criterion, asked)
                .map(|gate| names::milestone(plan, gate)),
        })
    });
    line(&WirePatient {
        schema: SCHEMA,
        patient: &screened.patient,
        gate: names::milestone(plan, asked),
        verdict: screened.verdict.standing.word(),
        criteria: criteria.collect(),
    })
}
