//! Adverse events.

use super::patient_of;
use crate::Table;
use crate::fhir::elements::text;
use crate::fhir::out::Out;
use crate::fhir::resources::AdverseEvent;
use crate::fhir::scope::Scope;
use crate::fhir::systems;

const TERM: usize = Table::AdverseEvents.column("term");
const ONSET: usize = Table::AdverseEvents.column("onset");
const RELATED: usize = Table::AdverseEvents.column("related");
const SERIOUS: usize = Table::AdverseEvents.column("serious");
const STATUS: usize = Table::AdverseEvents.column("status");

/// An adverse event.
pub(in crate::fhir) fn adverse_event(
    event: &AdverseEvent<'_>,
    scope: &Scope<'_>,
    out: &mut Out<'_>,
) {
    let patient = patient_of!("AdverseEvent", &event.subject, &event.contained, scope, out);
    let row = out.draft.begin(Table::AdverseEvents, &patient);
    if let Some(term) = &event.event {
        row.write(TERM, |out| systems::write_codes(out, term));
    }
    row.write(ONSET, |out| {
        out.push_str(text(&event.date));
        let detected = text(&event.detected);
        if out.is_empty() && !detected.is_empty() {
            out.push('/');
            out.push_str(detected);
        }
    });
    let mut causes = event
        .suspect_entity
        .iter()
        .flat_map(|suspect| &suspect.causality);
    if let (Some(cause), None) = (causes.next(), causes.next())
        && let Some(assessment) = &cause.assessment
    {
        row.write(RELATED, |out| {
            let code = assessment
                .coding
                .first()
                .map_or("", |coding| text(&coding.code));
            match code.to_ascii_lowercase().as_str() {
                "probably-likely" => out.push_str("probable"),
                "certain" | "possible" | "unlikely" => out.push_str(&code.to_ascii_lowercase()),
                _ => systems::write_word(out, assessment, &[]),
            }
        });
    }
    let is_serious = event.seriousness.iter().flat_map(|concept| &concept.coding);
    for coding in is_serious {
        match text(&coding.code).to_ascii_lowercase().as_str() {
            "serious" => {
                row.set(SERIOUS, "yes");
            }
            "non-serious" => {
                row.set(SERIOUS, "no");
            }
            _ => {}
        }
    }
    row.extensions(&event.extension);
    match text(&event.actuality) {
        "actual" => {}
        // It might have happened, and did not.
        "potential" => {
            row.set(STATUS, "cancelled");
        }
        "" => {
            return out.without_status((Table::AdverseEvents, &patient), scope.origin);
        }
        other => {
            return out.unknown_status((Table::AdverseEvents, &patient), scope.origin, other);
        }
    }
    out.row(scope.origin);
}
