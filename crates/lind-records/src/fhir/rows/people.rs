//! Patients, and their part in a trial.

use super::patient_of;
use crate::Table;
use crate::fhir::draft::{Draft, write_time};
use crate::fhir::elements::text;
use crate::fhir::out::Out;
use crate::fhir::resources::{Consent, Patient, ResearchSubject};
use crate::fhir::scope::{Scope, Whose};
use crate::fhir::systems;
use crate::rules;

const SEX: usize = Table::Patients.column("sex");
const BIRTH: usize = Table::Patients.column("birth_date");
const DEATH: usize = Table::Patients.column("death_date");
const MILESTONE: usize = Table::Milestones.column("milestone");
const MILESTONE_TIME: usize = Table::Milestones.column("time");
const MILESTONE_STATUS: usize = Table::Milestones.column("status");
const ASSIGNED: usize = Table::Assignments.column("assigned");
const ASSIGNED_TIME: usize = Table::Assignments.column("time");
const ASSIGNED_STATUS: usize = Table::Assignments.column("status");

/// The system of dates that are elements of resources: `fhir|Consent.dateTime`.
const ELEMENT: &str = "fhir";

/// A patient's own record, under a name that the caller found.
pub(in crate::fhir) fn patient(
    patient: &Patient<'_>,
    name: &str,
    scope: &Scope<'_>,
    out: &mut Out<'_>,
) {
    let row = out.draft.begin(Table::Patients, name);
    row.set(SEX, text(&patient.gender));
    row.set(BIRTH, text(&patient.birth_date));
    match text(&patient.deceased_date_time) {
        "" if patient.deceased_boolean == Some(true) => {
            // Some time after the birth; nobody says when.
            row.write(DEATH, |out| {
                let birth = text(&patient.birth_date);
                out.push_str(if birth.is_empty() { "0001" } else { birth });
                out.push('/');
            });
        }
        death => {
            row.set(DEATH, death);
        }
    }
    out.row(scope.origin);
    let replaced = patient
        .link
        .iter()
        .find(|link| text(&link.r#type) == "replaced-by");
    if let Some(link) = replaced {
        let other = match scope.whose(&link.other, &[]) {
            Whose::Patient(other) => other.into_owned(),
            _ => "another".to_owned(),
        };
        out.sink.remark(
            &rules::D0794_REPLACED_PATIENT,
            &scope.origin,
            format!(
                "this record of {} was replaced by the one of {}; the two are read as two patients",
                crate::excerpt::quoted(name),
                crate::excerpt::quoted(&other)
            ),
        );
    }
}

/// Taking part in a trial: an arm, and when it began and ended.
pub(in crate::fhir) fn research_subject(
    subject: &ResearchSubject<'_>,
    scope: &Scope<'_>,
    out: &mut Out<'_>,
) {
    let patient = patient_of!(
        "ResearchSubject",
        &subject.individual,
        &subject.contained,
        scope,
        out
    );
    let (start, end) = subject
        .period
        .as_ref()
        .map_or(("", ""), |period| (text(&period.start), text(&period.end)));
    let status = text(&subject.status);
    let arm = text(&subject.assigned_arm);
    if !arm.is_empty() {
        let row = out.draft.begin(Table::Assignments, &patient);
        row.set(ASSIGNED, arm).set(ASSIGNED_TIME, start);
        row.set(ASSIGNED_STATUS, status)
            .extensions(&subject.extension);
        out.row(scope.origin);
    }
    for (element, time) in [
        ("ResearchSubject.period.start", start),
        ("ResearchSubject.period.end", end),
    ] {
        if time.is_empty() {
            continue;
        }
        let row = out.draft.begin(Table::Milestones, &patient);
        row.write(MILESTONE, |out| systems::write_next(out, ELEMENT, element));
        row.set(MILESTONE_TIME, time).set(MILESTONE_STATUS, status);
        out.row(scope.origin);
    }
    if arm.is_empty() && start.is_empty() && end.is_empty() {
        out.sink
            .unread("ResearchSubject", "without an arm or a period");
    }
}

/// A consent.
pub(in crate::fhir) fn consent(consent: &Consent<'_>, scope: &Scope<'_>, out: &mut Out<'_>) {
    let patient = patient_of!("Consent", &consent.patient, &consent.contained, scope, out);
    let whose = (Table::Milestones, &*patient);
    let row: &mut Draft = out.draft.begin(Table::Milestones, &patient);
    row.write(MILESTONE, |out| {
        systems::write_next(out, ELEMENT, "Consent.dateTime");
        for concept in consent.scope.iter().chain(&consent.category) {
            systems::write_codes(out, concept);
        }
    });
    row.set(MILESTONE_TIME, text(&consent.date_time));
    let denies = consent
        .provision
        .as_ref()
        .is_some_and(|provision| text(&provision.r#type) == "deny");
    match text(&consent.status) {
        // It was given, and what came of it later does not undo that.
        "active" | "inactive" if !denies => {
            row.extensions(&consent.extension);
        }
        "entered-in-error" | "draft" | "proposed" | "rejected" | "active" | "inactive" => {
            row.set(MILESTONE_STATUS, "cancelled");
        }
        "" => return out.without_status(whose, scope.origin),
        other => return out.unknown_status(whose, scope.origin, other),
    }
    out.row(scope.origin);
}

/// What is planned: no fact yet, and perhaps a milestone.
pub(in crate::fhir) fn planned(
    patient: &str,
    write_codes: impl FnOnce(&mut String),
    write_when: impl FnOnce(&mut String),
    scope: &Scope<'_>,
    out: &mut Out<'_>,
) {
    let row = out.draft.begin(Table::Milestones, patient);
    row.write(MILESTONE, write_codes)
        .write(MILESTONE_TIME, write_when);
    out.row(scope.origin);
}

/// A procedure that is planned.
pub(in crate::fhir) fn planned_procedure(
    procedure: &crate::fhir::resources::Procedure<'_>,
    patient: &str,
    scope: &Scope<'_>,
    out: &mut Out<'_>,
) {
    planned(
        patient,
        |out| {
            if let Some(code) = &procedure.code {
                systems::write_codes(out, code);
            }
        },
        |out| {
            write_time(
                out,
                &procedure.performed_date_time,
                &procedure.performed_period,
            )
        },
        scope,
        out,
    );
}
