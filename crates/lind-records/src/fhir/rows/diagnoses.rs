//! Diagnoses and allergies.

use super::patient_of;
use crate::Table;
use crate::at_age::AtAge;
use crate::fhir::draft::{Draft, write_time};
use crate::fhir::elements::{Concept, Period, Quantity, Text, text};
use crate::fhir::out::Out;
use crate::fhir::resources::{AllergyIntolerance, Condition};
use crate::fhir::scope::Scope;
use crate::fhir::systems;
use crate::rules;

const CODE: usize = Table::Conditions.column("code");
const ONSET: usize = Table::Conditions.column("onset");
const ABATEMENT: usize = Table::Conditions.column("abatement");
const STATUS: usize = Table::Conditions.column("status");
const SEVERITY: usize = Table::Conditions.column("severity");
const BODY_SITE: usize = Table::Conditions.column("body_site");
const ALLERGY_CODE: usize = Table::Allergies.column("code");
const ALLERGY_SEVERITY: usize = Table::Allergies.column("severity");
const ALLERGY_ONSET: usize = Table::Allergies.column("onset");
const ALLERGY_STATUS: usize = Table::Allergies.column("status");

/// Where the words of the two statuses stand; those of R3 and R4 end alike.
const CLINICAL: &str = "-clinical";
const VERIFICATION: &str = "";

/// A diagnosis.
pub(in crate::fhir) fn condition(condition: &Condition<'_>, scope: &Scope<'_>, out: &mut Out<'_>) {
    let patient = patient_of!(
        "Condition",
        &condition.subject,
        &condition.contained,
        scope,
        out
    );
    let whose = (Table::Conditions, &*patient);
    let row = out.draft.begin(Table::Conditions, &patient);
    write_codes(row, CODE, &condition.code);
    let recorded = &condition.recorded_date;
    row.write(ONSET, |out| {
        write_onset(
            out,
            &condition.onset_date_time,
            &condition.onset_period,
            &condition.onset_age,
            recorded,
        );
    });
    row.write(ABATEMENT, |out| {
        write_time(
            out,
            &condition.abatement_date_time,
            &condition.abatement_period,
        );
        write_age(out, &condition.abatement_age);
    });
    if let Some(severity) = &condition.severity {
        let word = severity
            .coding
            .iter()
            .find_map(|coding| systems::word(coding, systems::SEVERITIES));
        row.set(SEVERITY, word.unwrap_or_default());
    }
    if let [site] = condition.body_site.as_slice() {
        row.write(BODY_SITE, |out| {
            systems::write_word(out, site, systems::SITES)
        });
    }
    let has_ended = condition.abatement_age.is_some()
        || condition.abatement_range.is_some()
        || condition.abatement_string.is_some();
    let clinical = systems::code_in(&condition.clinical_status, CLINICAL);
    let verification = systems::code_in(&condition.verification_status, VERIFICATION);
    let status = match (verification, clinical) {
        ("unconfirmed" | "provisional" | "differential", _) => "provisional",
        ("refuted" | "entered-in-error", _) => verification,
        ("" | "confirmed", "active" | "recurrence" | "relapse") => "active",
        ("" | "confirmed", "remission") => "remission",
        // What is inactive is in remission or resolved: it is over in either case.
        ("" | "confirmed", "inactive" | "resolved") => "resolved",
        ("" | "confirmed", "") if has_ended => "resolved",
        ("" | "confirmed", "") => "",
        ("" | "confirmed", other) | (other, _) => {
            row.extensions(&condition.extension);
            return out.unknown_status(whose, scope.origin, other);
        }
    };
    row.set(STATUS, status).extensions(&condition.extension);
    out.row(scope.origin);
}

/// An allergy.
pub(in crate::fhir) fn allergy(
    allergy: &AllergyIntolerance<'_>,
    scope: &Scope<'_>,
    out: &mut Out<'_>,
) {
    let contained = &allergy.contained;
    let patient = patient_of!(
        "AllergyIntolerance",
        &allergy.patient,
        contained,
        scope,
        out
    );
    let whose = (Table::Allergies, &*patient);
    let row = out.draft.begin(Table::Allergies, &patient);
    write_codes(row, ALLERGY_CODE, &allergy.code);
    if row.cell(ALLERGY_CODE).is_empty() {
        row.write(ALLERGY_CODE, |out| {
            for reaction in &allergy.reaction {
                if let Some(substance) = &reaction.substance {
                    systems::write_codes(out, substance);
                }
            }
        });
    }
    let gravest = ["severe", "moderate", "mild"].into_iter().find(|severity| {
        let mut reactions = allergy.reaction.iter();
        reactions.any(|reaction| text(&reaction.severity) == *severity)
    });
    row.set(ALLERGY_SEVERITY, gravest.unwrap_or_default());
    row.write(ALLERGY_ONSET, |out| {
        let recorded = &allergy.recorded_date;
        write_onset(
            out,
            &allergy.onset_date_time,
            &allergy.onset_period,
            &allergy.onset_age,
            recorded,
        );
    });
    row.extensions(&allergy.extension);
    let clinical = systems::code_in(&allergy.clinical_status, CLINICAL);
    let verification = systems::code_in(&allergy.verification_status, VERIFICATION);
    match (verification, clinical) {
        ("refuted" | "entered-in-error", _) => {
            row.set(ALLERGY_STATUS, verification);
        }
        // Whether somebody is allergic is open then: the table has no word for it.
        ("unconfirmed", _) => {
            return not_settled(whose, scope, ("verificationStatus", verification), out);
        }
        (_, "inactive" | "resolved") => {
            return not_settled(whose, scope, ("clinicalStatus", clinical), out);
        }
        ("" | "confirmed" | "presumed", "" | "active") => {}
        ("" | "confirmed" | "presumed", other) | (other, _) => {
            return out.unknown_status(whose, scope.origin, other);
        }
    }
    out.row(scope.origin);
}

fn not_settled(
    whose: (Table, &str),
    scope: &Scope<'_>,
    (element, status): (&'static str, &str),
    out: &mut Out<'_>,
) {
    let status = crate::excerpt::quoted(status);
    out.unusable(
        whose,
        scope.origin,
        (&rules::D0751_NOT_FINAL, element),
        format!("the allergy is {status}: whether the patient is allergic is not settled"),
    );
}

fn write_codes(row: &mut Draft, column: usize, code: &Option<Concept<'_>>) {
    if let Some(code) = code {
        row.write(column, |out| systems::write_codes(out, code));
    }
}

/// When it began; where that is not said, some time before it was recorded.
fn write_onset(
    out: &mut String,
    time: &Option<Text<'_>>,
    period: &Option<Period<'_>>,
    age: &Option<Box<Quantity<'_>>>,
    recorded: &Option<Text<'_>>,
) {
    write_time(out, time, period);
    write_age(out, age);
    let recorded = text(recorded);
    if out.is_empty() && !recorded.is_empty() {
        out.push('/');
        out.push_str(recorded);
    }
}

/// Writes at which age it was, if no time is stated. An age with a sign before it is none.
fn write_age(out: &mut String, age: &Option<Box<Quantity<'_>>>) {
    let Some(age) = age.as_ref().filter(|_| out.is_empty()) else {
        return;
    };
    let Some(number) = age.value.filter(|_| text(&age.comparator).is_empty()) else {
        return;
    };
    let mut unit = String::new();
    systems::write_unit(&mut unit, age);
    if let Some(age) = AtAge::of(number.digits(), &unit) {
        out.push_str(&age.to_string());
    }
}
