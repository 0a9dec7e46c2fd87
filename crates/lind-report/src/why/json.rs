//! Evidence as JSON, schema `lind.why/1`.

use lind_diagnostics::{Files, Span};
use lind_model::{Explanation, OpenKind, Plan, Truth};
use serde::Serialize;

use crate::json::line;
use crate::names;
use crate::why::Evidence;

/// The name and version of the format. The version rises when a field goes or changes its meaning; new
/// fields may come at any time.
const SCHEMA: &str = "lind.why/1";

#[derive(Serialize)]
struct WireEvidence<'a> {
    schema: &'static str,
    patient: &'a str,
    gate: &'a str,
    verdict: &'static str,
    criteria: Vec<WireCriterion<'a>>,
}

#[derive(Serialize)]
struct WireCriterion<'a> {
    id: &'a str,
    title: &'a str,
    kind: &'static str,
    outcome: &'static str,
    effect: &'static str,
    due: bool,
    gate: Option<&'a str>,
    place: WirePlace<'a>,
    evidence: WirePart<'a>,
}

#[derive(Serialize)]
pub(crate) struct WirePart<'a> {
    #[serde(skip_serializing_if = "str::is_empty")]
    label: &'a str,
    text: &'a str,
    /// `true`, `false`, `unknown`, `needs_judgement`, `pending` or `not_applicable`.
    value: &'static str,
    because: &'a str,
    facts: Vec<WireFact<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    settle: Option<&'a str>,
    boundary_sensitive: bool,
    place: WirePlace<'a>,
    parts: Vec<WirePart<'a>>,
}

#[derive(Serialize)]
struct WireFact<'a> {
    text: &'a str,
    file: &'a str,
    line: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    record: Option<&'a str>,
}

#[derive(Serialize)]
struct WirePlace<'a> {
    file: &'a str,
    line: u32,
    column: u32,
}

/// Evidence as JSON in one line without a line break at its end.
#[must_use]
pub fn evidence_json(plan: &Plan, files: &Files, evidence: &Evidence) -> String {
    let asked = evidence.verdict.gate;
    let criteria = evidence
        .explanations
        .iter()
        .filter_map(|(id, explanation)| {
            let criterion = names::criterion(plan, *id)?;
            let verdict = evidence
                .verdict
                .criteria
                .iter()
                .find(|verdict| verdict.criterion == *id)?;
            Some(WireCriterion {
                id: &criterion.id,
                title: &criterion.title,
                kind: names::kind(criterion.kind),
                outcome: verdict.outcome.word(),
                effect: verdict.effect.word(),
                due: verdict.due,
                gate: names::gate_of(plan, *id, asked).map(|gate| names::milestone(plan, gate)),
                place: place(files, criterion.span),
                evidence: part(files, explanation),
            })
        });
    line(&WireEvidence {
        schema: SCHEMA,
        patient: &evidence.patient,
        gate: names::milestone(plan, asked),
        verdict: evidence.verdict.standing.word(),
        criteria: criteria.collect(),
    })
}

pub(crate) fn part<'a>(files: &'a Files, explanation: &'a Explanation) -> WirePart<'a> {
    WirePart {
        label: &explanation.label,
        text: &explanation.text,
        value: match explanation.truth {
            Truth::True => "true",
            Truth::False => "false",
            Truth::NotApplicable => "not_applicable",
            Truth::Open(OpenKind::Unknown) => "unknown",
            Truth::Open(OpenKind::NeedsJudgement) => "needs_judgement",
            Truth::Open(OpenKind::Pending) => "pending",
        },
        because: &explanation.because,
        facts: explanation
            .facts
            .iter()
            .map(|fact| WireFact {
                text: &fact.text,
                file: &fact.file,
                line: fact.line,
                record: fact.record.as_deref(),
            })
            .collect(),
        settle: explanation.settle.as_deref(),
        boundary_sensitive: explanation.boundary_sensitive,
        place: place(files, explanation.span),
        parts: explanation
            .parts
            .iter()
            .map(|explanation| part(files, explanation))
            .collect(),
    }
}

fn place(files: &Files, span: Span) -> WirePlace<'_> {
    let position = files.line_column(span.file, span.start);
    WirePlace {
        file: files.name(span.file),
        line: position.line,
        column: position.column,
    }
}
