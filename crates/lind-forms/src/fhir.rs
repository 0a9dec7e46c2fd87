//! FHIR R4: a bundle a patient.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::codes::{self, NAMES, parts, quoted, section};
use crate::sheets::{Row, Sheets, cell};
use crate::{File, Written, fhir_rows};

/// Columns for which FHIR has no element: they stand in extensions, as the reader knows them.
const EXTENSION: &str = "urn:lind:column:";

/// Stands around a number until the text is whole; in no text of a table.
const NUMBER: &str = "\u{1}number\u{1}";

/// The code system of the milestones of a protocol.
pub(crate) const MILESTONES: &str = "urn:lind:milestone";

/// The tables that there are resources for.
const TABLES: [&str; 10] = [
    "milestones",
    "observations",
    "conditions",
    "treatments",
    "procedures",
    "allergies",
    "adverse_events",
    "attestations",
    "visits",
    "assignments",
];

/// The systems that FHIR has an address for.
const SYSTEMS: [(&str, &str); 8] = [
    ("name", NAMES),
    ("loinc", "http://loinc.org"),
    ("snomed", "http://snomed.info/sct"),
    ("icd10", "http://hl7.org/fhir/sid/icd-10"),
    ("rxnorm", "http://www.nlm.nih.gov/research/umls/rxnorm"),
    ("atc", "http://www.whocc.no/atc"),
    ("orpha", "http://www.orpha.net"),
    ("meddra", "https://www.meddra.org"),
];

pub(crate) fn write(sheets: &Sheets) -> Written {
    let mut written = Written {
        left_out: vec!["decisions"],
        ..Written::default()
    };
    let ids = ids(sheets);
    let tables = fhir_rows::ALL.map(|(table, write)| (sheets.by_patient(table), write));
    for ((patient, row), id) in sheets.patients().zip(&ids) {
        let text = bundle(&tables, (patient, id), row);
        written.files.push(File {
            name: format!("{id}.json"),
            text: unquoted(&text),
        });
        written.patients.push((id.clone(), patient.to_owned()));
    }
    written.files.push(File {
        name: "dataset.toml".to_owned(),
        text: settings(sheets),
    });
    written
}

/// A number keeps its zeros only as a text, which loses its quotes here.
fn unquoted(text: &str) -> String {
    // As JSON writes it within a text.
    const WRITTEN: &str = "\\u0001number\\u0001";
    text.replace(&format!("\"{WRITTEN}"), "")
        .replace(&format!("{WRITTEN}\""), "")
}

/// The ids of the patients: their names with what an id may hold, if that leaves them apart.
fn ids(sheets: &Sheets) -> Vec<String> {
    let named = |patient: &str| {
        let id = patient.replace('_', "-");
        let is_id = (1..=64).contains(&id.len())
            && id
                .chars()
                .all(|one| one.is_ascii_alphanumeric() || one == '-' || one == '.');
        is_id.then_some(id)
    };
    let ids: Option<Vec<String>> = sheets
        .patients()
        .map(|(patient, _)| named(patient))
        .collect();
    let apart = ids.filter(|ids| ids.iter().collect::<BTreeSet<_>>().len() == ids.len());
    apart.unwrap_or_else(|| {
        let count = sheets.patients().count();
        (1..=count).map(|number| format!("p{number}")).collect()
    })
}

/// The mapping: which tables are complete, which procedure is which milestone, which systems are
/// the site's own.
fn settings(sheets: &Sheets) -> String {
    let mut text = sheets.settings.clone();
    let codes = TABLES.into_iter().flat_map(|table| sheets.rows(table));
    let own: BTreeSet<&str> = codes
        .flat_map(|row| [cell(row, "code"), cell(row, "term")])
        .map(|code| parts(code).0)
        .filter(|system| SYSTEMS.iter().all(|(known, _)| known != system))
        .collect();
    let own: Vec<String> = own
        .into_iter()
        .map(|system| format!("{} = {}", quoted(&address(system)), quoted(system)))
        .collect();
    text.push_str(&section("systems", &own));
    for table in TABLES {
        if sheets.has(table) {
            text.push_str(&format!("\n[{table}]\ncomplete = true\n"));
        }
    }
    for name in sheets.milestones() {
        let code = format!("{MILESTONES}|{name}");
        text.push_str(&codes::milestone(name, "procedures", &code));
    }
    text
}

fn address(system: &str) -> String {
    let known = SYSTEMS.iter().find(|(known, _)| *known == system);
    known.map_or_else(
        || format!("urn:lind:system:{system}"),
        |(_, address)| (*address).to_owned(),
    )
}

/// The rows of a table by patient, and what writes them.
type Table<'s> = (BTreeMap<&'s str, Vec<&'s Row>>, fhir_rows::Write);

fn bundle(tables: &[Table<'_>], (patient, id): (&str, &str), row: &Row) -> String {
    let mut resources = vec![person(patient, id, row)];
    for (rows, write) in tables {
        for row in rows.get(patient).into_iter().flatten() {
            let mut resource = Resource::default();
            let kind = write(row, &mut resource);
            let whose = match kind {
                "AllergyIntolerance" => "patient",
                "ResearchSubject" => "individual",
                _ => "subject",
            };
            let reference = json!({ "reference": format!("Patient/{id}") });
            resources.push(resource.finish(kind, resources.len(), (whose, reference)));
        }
    }
    let entries: Vec<String> = resources
        .into_iter()
        .map(|resource| json!({ "resource": resource }).to_string())
        .collect();
    // A resource a line, so that a line leads to one.
    format!(
        "{{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":[\n{}\n]}}\n",
        entries.join(",\n")
    )
}

fn person(patient: &str, id: &str, row: &Row) -> Value {
    let mut person = Resource::default();
    person.text("gender", cell(row, "sex"));
    person.text("birthDate", cell(row, "birth_date"));
    person.text("deceasedDateTime", cell(row, "death_date"));
    let name = json!([{ "system": "urn:lind:patient", "value": patient }]);
    person.0.insert("resourceType".to_owned(), json!("Patient"));
    person.0.insert("id".to_owned(), json!(id));
    person.0.insert("identifier".to_owned(), name);
    Value::Object(person.0)
}

/// A resource that is being written.
#[derive(Default)]
pub(crate) struct Resource(pub(crate) Map<String, Value>);

impl Resource {
    /// An element that is a text, if there is one.
    pub(crate) fn text(&mut self, element: &str, text: &str) {
        if !text.is_empty() {
            self.0.insert(element.to_owned(), json!(text));
        }
    }

    /// An element that is a code.
    pub(crate) fn concept(&mut self, element: &str, code: &str) {
        if !code.is_empty() {
            self.0.insert(element.to_owned(), concept(code));
        }
    }

    /// An element that is a word of Lind's.
    pub(crate) fn word(&mut self, element: &str, word: &str) {
        if !word.is_empty() {
            self.0.insert(element.to_owned(), own(word));
        }
    }

    pub(crate) fn set(&mut self, element: &str, value: Value) {
        self.0.insert(element.to_owned(), value);
    }

    /// An element that is a time. FHIR demands a zone and seconds of a time of day, and the row tells
    /// neither; so the element tells the day, and an extension the time of day. A time between two is
    /// in the extension alone.
    pub(crate) fn time(&mut self, element: &str, row: &Row, column: &str) {
        let time = cell(row, column);
        let day = time.split_once(['T', ' ']).map_or(time, |(day, _)| day);
        if !time.contains('/') {
            self.text(element, day);
        }
        if day != time || time.contains('/') {
            self.column(column, time);
        }
    }

    /// A column that FHIR has no element for.
    pub(crate) fn column(&mut self, column: &str, text: &str) {
        if text.is_empty() {
            return;
        }
        let said = json!({ "url": format!("{EXTENSION}{column}"), "valueString": text });
        let extensions = self.0.entry("extension").or_insert_with(|| json!([]));
        if let Some(extensions) = extensions.as_array_mut() {
            extensions.push(said);
        }
    }

    /// Columns that FHIR has no element for.
    pub(crate) fn columns(&mut self, row: &Row, columns: &[&str]) {
        for column in columns {
            self.column(column, cell(row, column));
        }
    }

    fn finish(mut self, kind: &str, number: usize, (whose, reference): (&str, Value)) -> Value {
        self.text("resourceType", kind);
        self.text("id", &format!("{}-{number}", kind.to_lowercase()));
        self.set(whose, reference);
        Value::Object(self.0)
    }
}

/// A code, with its system.
pub(crate) fn concept(code: &str) -> Value {
    let (system, code) = parts(code);
    coded(&address(system), code)
}

/// One code of a system, by the system's address.
pub(crate) fn coded(address: &str, code: &str) -> Value {
    json!({ "coding": [{ "system": address, "code": code }] })
}

/// A word of Lind's own.
pub(crate) fn own(word: &str) -> Value {
    coded(NAMES, word)
}

/// A number in a unit; nothing if it is not written as JSON writes numbers.
pub(crate) fn quantity(number: &str, unit: &str) -> Option<Map<String, Value>> {
    let is_number = serde_json::from_str::<serde_json::Number>(number).is_ok();
    if !is_number {
        return None;
    }
    let mut quantity = Map::new();
    quantity.insert(
        "value".to_owned(),
        json!(format!("{NUMBER}{number}{NUMBER}")),
    );
    if !unit.is_empty() {
        quantity.insert("unit".to_owned(), json!(unit));
    }
    Some(quantity)
}
