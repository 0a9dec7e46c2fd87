//! Procedures, vaccinations and visits.

use super::{patient_of, people};
use crate::Table;
use crate::fhir::draft::write_time;
use crate::fhir::elements::text;
use crate::fhir::out::Out;
use crate::fhir::resources::{Encounter, Immunization, Procedure};
use crate::fhir::scope::Scope;
use crate::fhir::systems;

const CODE: usize = Table::Procedures.column("code");
const TIME: usize = Table::Procedures.column("time");
const BODY_SITE: usize = Table::Procedures.column("body_site");
const STATUS: usize = Table::Procedures.column("status");
const START: usize = Table::Treatments.column("start");
const END: usize = Table::Treatments.column("end");
const DOSE: usize = Table::Treatments.column("dose");
const UNIT: usize = Table::Treatments.column("unit");
const ROUTE: usize = Table::Treatments.column("route");
const TREATMENT_STATUS: usize = Table::Treatments.column("status");
const VISIT: usize = Table::Visits.column("visit");
const VISIT_START: usize = Table::Visits.column("start");
const VISIT_END: usize = Table::Visits.column("end");
const VISIT_STATUS: usize = Table::Visits.column("status");

/// A procedure. What is planned is none yet.
pub(in crate::fhir) fn procedure(procedure: &Procedure<'_>, scope: &Scope<'_>, out: &mut Out<'_>) {
    let contained = &procedure.contained;
    let patient = patient_of!("Procedure", &procedure.subject, contained, scope, out);
    let whose = (Table::Procedures, &*patient);
    let status = text(&procedure.status);
    if status == "preparation" {
        return people::planned_procedure(procedure, &patient, scope, out);
    }
    let row = out.draft.begin(Table::Procedures, &patient);
    if let Some(code) = &procedure.code {
        row.write(CODE, |out| systems::write_codes(out, code));
    }
    row.write(TIME, |out| {
        write_time(
            out,
            &procedure.performed_date_time,
            &procedure.performed_period,
        );
    });
    if let [site] = procedure.body_site.as_slice() {
        row.write(BODY_SITE, |out| {
            systems::write_word(out, site, systems::SITES)
        });
    }
    row.extensions(&procedure.extension);
    match status {
        // It was begun, whatever came of it.
        "in-progress" | "on-hold" | "stopped" | "completed" => {}
        "not-done" => {
            row.set(STATUS, "cancelled");
        }
        "entered-in-error" => {
            row.set(STATUS, status);
        }
        "unknown" => return out.not_settled(whose, scope.origin, "status", status),
        "" => return out.without_status(whose, scope.origin),
        other => return out.unknown_status(whose, scope.origin, other),
    }
    out.row(scope.origin);
}

/// A vaccination: something that was done, and a drug that was given.
pub(in crate::fhir) fn immunization(
    vaccination: &Immunization<'_>,
    scope: &Scope<'_>,
    out: &mut Out<'_>,
) {
    let contained = &vaccination.contained;
    let patient = patient_of!("Immunization", &vaccination.patient, contained, scope, out);
    let status = text(&vaccination.status);
    let time = text(&vaccination.occurrence_date_time);
    for table in [Table::Procedures, Table::Treatments] {
        let row = out.draft.begin(table, &patient);
        if let Some(code) = &vaccination.vaccine_code {
            row.write(CODE, |out| systems::write_codes(out, code));
        }
        let status_column = if table == Table::Procedures {
            row.set(TIME, time);
            if let Some(site) = &vaccination.site {
                row.write(BODY_SITE, |out| {
                    systems::write_word(out, site, systems::SITES)
                });
            }
            STATUS
        } else {
            // It is over as soon as it is given.
            row.set(START, time)
                .set(END, if time.is_empty() { "ended" } else { time });
            if let Some(dose) = &vaccination.dose_quantity {
                row.set(DOSE, dose.value.map_or("", |value| value.digits()));
                row.write(UNIT, |out| systems::write_unit(out, dose));
            }
            if let Some(route) = &vaccination.route {
                row.write(ROUTE, |out| {
                    systems::write_word(out, route, systems::ROUTES)
                });
            }
            TREATMENT_STATUS
        };
        row.extensions(&vaccination.extension);
        match status {
            "completed" => {}
            "not-done" => {
                row.set(status_column, "cancelled");
            }
            "entered-in-error" => {
                row.set(status_column, status);
            }
            "" => {
                out.without_status((table, &patient), scope.origin);
                continue;
            }
            other => {
                out.unknown_status((table, &patient), scope.origin, other);
                continue;
            }
        }
        out.row(scope.origin);
    }
}

/// A visit, if it has a code by which a protocol can name it.
pub(in crate::fhir) fn encounter(encounter: &Encounter<'_>, scope: &Scope<'_>, out: &mut Out<'_>) {
    let contained = &encounter.contained;
    let patient = patient_of!("Encounter", &encounter.subject, contained, scope, out);
    let whose = (Table::Visits, &*patient);
    let row = out.draft.begin(Table::Visits, &patient);
    row.write(VISIT, |out| {
        for concept in encounter.r#type.iter().chain(&encounter.service_type) {
            systems::write_codes(out, concept);
        }
    });
    if row.cell(VISIT).is_empty() {
        out.sink.unread("Encounter", "without a type");
        return;
    }
    if let Some(period) = &encounter.period {
        row.set(VISIT_START, text(&period.start))
            .set(VISIT_END, text(&period.end));
    }
    row.extensions(&encounter.extension);
    match text(&encounter.status) {
        "arrived" | "triaged" | "in-progress" | "onleave" | "finished" => {}
        // It has not taken place, or never will.
        "planned" | "cancelled" => {
            row.set(VISIT_STATUS, "cancelled");
        }
        "entered-in-error" => {
            row.set(VISIT_STATUS, "entered-in-error");
        }
        "unknown" => return out.not_settled(whose, scope.origin, "status", "unknown"),
        "" => return out.without_status(whose, scope.origin),
        other => return out.unknown_status(whose, scope.origin, other),
    }
    out.row(scope.origin);
}
