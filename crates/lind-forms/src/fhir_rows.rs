//! From a row of a table to a resource: one function for each table. It says which kind it wrote.

use serde_json::{Value, json};

use crate::fhir::{MILESTONES, Resource, coded, concept, own, quantity};
use crate::sheets::{Row, cell};

/// Writes a row into a resource, and says of which kind it is.
pub(crate) type Write = fn(&Row, &mut Resource) -> &'static str;

/// The tables and what writes their rows.
pub(crate) const ALL: [(&str, Write); 10] = [
    ("milestones", milestone),
    ("observations", observation),
    ("conditions", condition),
    ("treatments", treatment),
    ("procedures", procedure),
    ("allergies", allergy),
    ("adverse_events", adverse_event),
    ("attestations", attestation),
    ("visits", visit),
    ("assignments", assignment),
];

/// The questionnaire whose items are what somebody attests.
const ATTESTATIONS: &str = "urn:lind:attestations";

/// A milestone is something that was done; the mapping says which procedure is which.
fn milestone(row: &Row, resource: &mut Resource) -> &'static str {
    resource.set("code", coded(MILESTONES, cell(row, "milestone")));
    resource.time("performedDateTime", row, "time");
    resource.text("status", "completed");
    "Procedure"
}

fn observation(row: &Row, resource: &mut Resource) -> &'static str {
    resource.concept("code", cell(row, "code"));
    resource.time("effectiveDateTime", row, "time");
    let (value, unit, result) = (cell(row, "value"), cell(row, "unit"), cell(row, "result"));
    match quantity(value, unit) {
        Some(mut value) => {
            if let Some(comparator) = row.get("comparator") {
                value.insert("comparator".to_owned(), json!(comparator));
            }
            resource.set("valueQuantity", Value::Object(value));
            resource.column("result", result);
        }
        // A titre, or a number as no computer writes it.
        None if !value.is_empty() => {
            resource.columns(row, &["value", "unit", "comparator", "result"])
        }
        None => {
            resource.word("valueCodeableConcept", result);
            resource.column("unit", unit);
        }
    }
    let mut range = serde_json::Map::new();
    for column in ["low", "high"] {
        match quantity(cell(row, column), unit) {
            Some(limit) if resource.0.contains_key("valueQuantity") => {
                range.insert(column.to_owned(), Value::Object(limit));
            }
            _ => resource.column(column, cell(row, column)),
        }
    }
    if !range.is_empty() {
        resource.set("referenceRange", json!([range]));
    }
    if let Some(specimen) = row.get("specimen") {
        let sample = json!({ "resourceType": "Specimen", "id": "sample", "type": own(specimen) });
        resource.set("contained", json!([sample]));
        resource.set("specimen", json!({ "reference": "#sample" }));
    }
    resource.word("method", cell(row, "method"));
    resource.word("bodySite", cell(row, "body_site"));
    resource.columns(row, &["source"]);
    resource.text("status", row.get("status").map_or("final", String::as_str));
    "Observation"
}

fn condition(row: &Row, resource: &mut Resource) -> &'static str {
    resource.concept("code", cell(row, "code"));
    resource.time("onsetDateTime", row, "onset");
    resource.time("abatementDateTime", row, "abatement");
    let system = |kind: &str| format!("http://terminology.hl7.org/CodeSystem/condition-{kind}");
    match cell(row, "status") {
        "" => {}
        status @ ("active" | "remission" | "resolved") => {
            resource.set("clinicalStatus", coded(&system("clinical"), status));
        }
        status => resource.set("verificationStatus", coded(&system("ver-status"), status)),
    }
    resource.word("severity", cell(row, "severity"));
    if let Some(site) = row.get("body_site") {
        resource.set("bodySite", json!([own(site)]));
    }
    "Condition"
}

fn treatment(row: &Row, resource: &mut Resource) -> &'static str {
    resource.concept("medicationCodeableConcept", cell(row, "code"));
    let mut period = Resource::default();
    period.time("start", row, "start");
    let end = cell(row, "end");
    let is_time = end.starts_with(|first: char| first.is_ascii_digit() || first == '/');
    if is_time {
        period.time("end", row, "end");
    }
    // What the period cannot say stands beside it.
    if let Some(said) = period.0.remove("extension") {
        resource.set("extension", said);
    }
    resource.set("effectivePeriod", Value::Object(period.0));
    let status = match end {
        "" | "ongoing" => "active",
        "ended" => "stopped",
        "unknown" => "on-hold",
        _ => "completed",
    };
    resource.text("status", status);
    let mut dosage = Resource::default();
    let (dose, unit) = (cell(row, "dose"), cell(row, "unit"));
    match quantity(dose, unit) {
        Some(dose) => dosage.set("doseAndRate", json!([{ "doseQuantity": dose }])),
        None => resource.columns(row, &["dose", "unit"]),
    }
    dosage.word("route", cell(row, "route"));
    if let Some(frequency) = row.get("frequency") {
        dosage.set("timing", json!({ "code": own(frequency) }));
    }
    if !dosage.0.is_empty() {
        resource.set("dosage", json!([dosage.0]));
    }
    if let Some(indication) = row.get("indication") {
        resource.set("reasonCode", json!([own(indication)]));
    }
    resource.columns(row, &["outcome", "line", "investigational"]);
    "MedicationStatement"
}

fn procedure(row: &Row, resource: &mut Resource) -> &'static str {
    resource.concept("code", cell(row, "code"));
    resource.time("performedDateTime", row, "time");
    if let Some(site) = row.get("body_site") {
        resource.set("bodySite", json!([own(site)]));
    }
    resource.text("status", "completed");
    "Procedure"
}

fn allergy(row: &Row, resource: &mut Resource) -> &'static str {
    resource.concept("code", cell(row, "code"));
    resource.time("onsetDateTime", row, "onset");
    match cell(row, "severity") {
        // The element has no graver word.
        severity @ ("mild" | "moderate" | "severe") => {
            let unnamed = json!({ "text": "not recorded" });
            let reaction = json!([{ "manifestation": [unnamed], "severity": severity }]);
            resource.set("reaction", reaction);
        }
        severity => resource.column("severity", severity),
    }
    "AllergyIntolerance"
}

fn adverse_event(row: &Row, resource: &mut Resource) -> &'static str {
    resource.concept("event", cell(row, "term"));
    resource.time("date", row, "onset");
    resource.text("actuality", "actual");
    let system = "http://terminology.hl7.org/CodeSystem/adverse-event-seriousness";
    match cell(row, "serious") {
        "yes" => resource.set("seriousness", coded(system, "serious")),
        "no" => resource.set("seriousness", coded(system, "non-serious")),
        other => resource.column("serious", other),
    }
    if let Some(related) = row.get("related") {
        let suspect = json!({ "display": "the treatment of the trial" });
        let causality = json!([{ "assessment": own(related) }]);
        let entity = json!([{ "instance": suspect, "causality": causality }]);
        resource.set("suspectEntity", entity);
    }
    resource.columns(row, &["scale", "grade", "end", "dlt"]);
    "AdverseEvent"
}

fn attestation(row: &Row, resource: &mut Resource) -> &'static str {
    resource.text("questionnaire", ATTESTATIONS);
    resource.time("authored", row, "time");
    if let Some(by) = row.get("by") {
        resource.set("author", json!({ "display": by }));
    }
    let answer = json!([{ "valueBoolean": cell(row, "answer").eq_ignore_ascii_case("yes") }]);
    let item = json!([{ "linkId": cell(row, "item"), "answer": answer }]);
    resource.set("item", item);
    resource.text("status", "completed");
    "QuestionnaireResponse"
}

fn visit(row: &Row, resource: &mut Resource) -> &'static str {
    resource.set("type", json!([concept(cell(row, "visit"))]));
    let mut period = Resource::default();
    period.time("start", row, "start");
    period.time("end", row, "end");
    if let Some(said) = period.0.remove("extension") {
        resource.set("extension", said);
    }
    resource.set("period", Value::Object(period.0));
    let system = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
    resource.set("class", json!({ "system": system, "code": "AMB" }));
    resource.text("status", "finished");
    "Encounter"
}

fn assignment(row: &Row, resource: &mut Resource) -> &'static str {
    resource.text("assignedArm", cell(row, "assigned"));
    let mut period = Resource::default();
    period.time("start", row, "time");
    if let Some(said) = period.0.remove("extension") {
        resource.set("extension", said);
    }
    resource.set("period", Value::Object(period.0));
    resource.set("study", json!({ "display": "the trial" }));
    resource.columns(row, &["replaces"]);
    resource.text("status", "on-study");
    "ResearchSubject"
}
