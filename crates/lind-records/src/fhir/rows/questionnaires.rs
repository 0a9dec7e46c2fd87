//! Answered questionnaires: scores, and what a person attests.

use std::borrow::Cow;

use super::patient_of;
use crate::Table;
use crate::fhir::draft::Draft;
use crate::fhir::elements::{Extension, Number, text};
use crate::fhir::out::Out;
use crate::fhir::resources::{Answer, Item, QuestionnaireResponse};
use crate::fhir::scope::Scope;
use crate::fhir::systems;

const CODE: usize = Table::Observations.column("code");
const TIME: usize = Table::Observations.column("time");
const VALUE: usize = Table::Observations.column("value");
const UNIT: usize = Table::Observations.column("unit");
const COMPARATOR: usize = Table::Observations.column("comparator");
const RESULT: usize = Table::Observations.column("result");
const STATUS: usize = Table::Observations.column("status");
const ITEM: usize = Table::Attestations.column("item");
const ANSWER: usize = Table::Attestations.column("answer");
const ATTESTED: usize = Table::Attestations.column("time");
const BY: usize = Table::Attestations.column("by");
const ATTESTED_STATUS: usize = Table::Attestations.column("status");

/// The questionnaire whose items are criteria and attested terms.
const ATTESTATIONS: &str = "urn:lind:attestations";

/// The extension that says what a coded answer counts.
const ORDINAL: &[&str] = &[
    "http://hl7.org/fhir/StructureDefinition/ordinalValue",
    "http://hl7.org/fhir/StructureDefinition/itemWeight",
];

struct Sheet<'r, 'a> {
    extension: &'r [Extension<'a>],
    patient: Cow<'r, str>,
    questionnaire: &'r str,
    /// As the table of observations words it.
    status: &'r str,
    time: &'r str,
    by: &'r str,
}

/// An answered questionnaire: a row for each answer.
pub(in crate::fhir) fn questionnaire_response(
    response: &QuestionnaireResponse<'_>,
    scope: &Scope<'_>,
    out: &mut Out<'_>,
) {
    let contained = &response.contained;
    let patient = patient_of!(
        "QuestionnaireResponse",
        &response.subject,
        contained,
        scope,
        out
    );
    let canonical = text(&response.questionnaire);
    let (questionnaire, _) = canonical.split_once('|').unwrap_or((canonical, ""));
    let table = if questionnaire == ATTESTATIONS {
        Table::Attestations
    } else {
        Table::Observations
    };
    let status = match text(&response.status) {
        "completed" => "final",
        "in-progress" | "stopped" => "preliminary",
        status @ ("amended" | "entered-in-error") => status,
        "" => {
            out.draft.begin(table, &patient);
            return out.without_status((table, &patient), scope.origin);
        }
        other => {
            out.draft.begin(table, &patient);
            return out.unknown_status((table, &patient), scope.origin, other);
        }
    };
    let by = response
        .author
        .as_ref()
        .map_or("", |author| match text(&author.display) {
            "" => text(&author.reference),
            display => display,
        });
    let sheet = Sheet {
        extension: &response.extension,
        patient,
        questionnaire,
        status,
        time: text(&response.authored),
        by,
    };
    if !items(&response.item, &sheet, scope, out) {
        out.sink.unread("QuestionnaireResponse", "without answers");
    }
}

/// Hands over the answers; whether there is any.
fn items(items: &[Item<'_>], sheet: &Sheet<'_, '_>, scope: &Scope<'_>, out: &mut Out<'_>) -> bool {
    let mut any = false;
    for item in items {
        for answer in &item.answer {
            any = true;
            row(text(&item.link_id), answer, sheet, scope, out);
            self::items(&answer.item, sheet, scope, out);
        }
        any |= self::items(&item.item, sheet, scope, out);
    }
    any
}

fn row(
    link: &str,
    answer: &Answer<'_>,
    sheet: &Sheet<'_, '_>,
    scope: &Scope<'_>,
    out: &mut Out<'_>,
) {
    if sheet.questionnaire == ATTESTATIONS {
        let row = out.draft.begin(Table::Attestations, &sheet.patient);
        row.set(ITEM, link)
            .set(ATTESTED, sheet.time)
            .set(BY, sheet.by);
        let coded = answer
            .value_coding
            .as_ref()
            .map_or("", |coding| text(&coding.code));
        row.set(
            ANSWER,
            match (answer.value_boolean, coded) {
                (Some(true), _) | (None, "Y") => "yes",
                (Some(false), _) | (None, "N") => "no",
                (None, "") => text(&answer.value_string),
                (None, coded) => coded,
            },
        );
        row.extensions(sheet.extension);
        match sheet.status {
            "preliminary" => {
                let whose = (Table::Attestations, &*sheet.patient);
                return out.not_settled(whose, scope.origin, "status", "in-progress");
            }
            "entered-in-error" => {
                row.set(ATTESTED_STATUS, sheet.status);
            }
            _ => {}
        }
    } else {
        let row = out.draft.begin(Table::Observations, &sheet.patient);
        row.write(CODE, |out| {
            systems::write_next(out, sheet.questionnaire, link)
        });
        row.set(TIME, sheet.time).set(STATUS, sheet.status);
        write_answer(row, answer);
        row.extensions(sheet.extension);
    }
    out.row(scope.origin);
}

fn write_answer(row: &mut Draft, answer: &Answer<'_>) {
    if let Some(number) = answer.value_decimal.or(answer.value_integer) {
        row.set(VALUE, number.digits());
    } else if let Some(quantity) = &answer.value_quantity {
        row.set(VALUE, quantity.value.map_or("", Number::digits));
        row.set(COMPARATOR, text(&quantity.comparator));
        row.write(UNIT, |out| systems::write_unit(out, quantity));
    } else if let Some(coding) = &answer.value_coding {
        let counts = coding
            .extension
            .iter()
            .find(|extension| ORDINAL.contains(&text(&extension.url)));
        if let Some(counts) = counts {
            row.set(VALUE, counts.value());
        }
        match systems::word(coding, systems::RESULTS) {
            Some(word) => row.set(RESULT, word),
            None => row.write(RESULT, |out| systems::write_coding(out, coding)),
        };
    } else if let Some(truth) = answer.value_boolean {
        row.set(RESULT, if truth { "yes" } else { "no" });
    } else {
        let texts = [
            &answer.value_string,
            &answer.value_date,
            &answer.value_date_time,
        ];
        let stated = texts.into_iter().find_map(Option::as_ref);
        row.set(RESULT, stated.map_or("", |stated| stated.trimmed()));
    }
}
