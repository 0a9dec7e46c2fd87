//! OMOP CDM 5.4 as CSV: the tables of facts, and the concepts that they use.

use std::collections::{BTreeMap, BTreeSet};

use crate::codes::{self, parts, quoted, section};
use crate::sheets::{PLACED, Row, Sheets, cell};
use crate::{File, Written};

/// The system of what the tables have columns for and OMOP none: observations about a record.
const COLUMNS: &str = "urn:lind:column";

/// The system of the milestones of a protocol.
const MILESTONES: &str = "urn:lind:milestone";

/// The system that marks rows which are of another table for Lind.
const TABLE: &str = "urn:lind:table";

/// The first number of a concept of one's own.
const FIRST_CONCEPT: u64 = 2_000_000_001;

/// It was written into a form of the trial.
const CASE_REPORT_FORM: &str = "32809";

/// Words for how often that `sig` may say.
const FREQUENCIES: [&str; 15] = [
    "daily",
    "once daily",
    "qd",
    "od",
    "twice daily",
    "bid",
    "three times daily",
    "tid",
    "four times daily",
    "qid",
    "every other day",
    "qod",
    "weekly",
    "once weekly",
    "every 2 weeks",
];

pub(crate) fn write(sheets: &Sheets) -> Written {
    let mut database = Database::default();
    let mut written = Written {
        left_out: vec!["assignments", "decisions"],
        ..Written::default()
    };
    let names: Vec<&str> = sheets.patients().map(|(patient, _)| patient).collect();
    for (number, patient) in (1_u64..).zip(&names) {
        database.people.insert((*patient).to_owned(), number);
        written
            .patients
            .push((number.to_string(), (*patient).to_owned()));
    }
    for (patient, row) in sheets.patients() {
        database.person(patient, row);
    }
    type Write = fn(&mut Database, &Row);
    let facts: [(&str, Write); 9] = [
        ("milestones", Database::milestone),
        ("observations", Database::measurement),
        ("conditions", Database::condition),
        ("treatments", Database::drug),
        ("procedures", Database::procedure),
        ("allergies", Database::allergy),
        ("adverse_events", Database::adverse_event),
        ("attestations", Database::attestation),
        ("visits", Database::visit),
    ];
    for (table, write) in facts {
        for row in sheets.rows(table) {
            write(&mut database, row);
        }
    }
    written.files = database.files();
    written.files.push(File {
        name: "dataset.toml".to_owned(),
        text: database.settings(sheets),
    });
    written
}

/// A row of one of OMOP's tables, by column.
type Cells = BTreeMap<String, String>;

/// A database while it is filled.
#[derive(Default)]
struct Database {
    people: BTreeMap<String, u64>,
    tables: BTreeMap<&'static str, Vec<Cells>>,
    /// By system and code.
    concepts: BTreeMap<(String, String), u64>,
    /// Columns that observations about records fill.
    columns: BTreeSet<String>,
}

/// A record that is being written.
struct Record {
    table: &'static str,
    /// What its columns begin with: `condition`.
    stem: &'static str,
    cells: Cells,
    /// What observations about it are to say, by column.
    said: Vec<(String, String)>,
}

impl Record {
    fn set(&mut self, column: &str, text: &str) {
        if !text.is_empty() {
            self.cells.insert(column.to_owned(), text.to_owned());
        }
    }

    /// What OMOP has no column for.
    fn say(&mut self, column: &str, text: &str) {
        if !text.is_empty() {
            self.said.push((column.to_owned(), text.to_owned()));
        }
    }

    /// A time, in a column of dates and one of times of day. One that is no day is said beside, and the
    /// column has the first day that it may be.
    fn time(&mut self, date: &str, moment: &str, row: &Row, column: &str) {
        let time = cell(row, column);
        if time.contains('/') || time.len() < 10 {
            self.say(column, time);
            let first = time.split('/').find(|time| !time.is_empty());
            let first = first.unwrap_or_default();
            let day = match first.len() {
                4 => format!("{first}-01-01"),
                7 => format!("{first}-01"),
                _ => first.split('T').next().unwrap_or_default().to_owned(),
            };
            self.set(date, &day);
            return;
        }
        let (day, clock) = time.split_once(['T', ' ']).unwrap_or((time, ""));
        self.set(date, day);
        if clock.len() == 8 {
            self.set(moment, &format!("{day} {clock}"));
        } else if !clock.is_empty() {
            // A database has seconds wherever it has a time of day.
            self.set(moment, &format!("{day} {clock}:00"));
            self.say(column, time);
        }
    }
}

impl Database {
    /// The concept of a code.
    fn concept(&mut self, system: &str, code: &str) -> String {
        let next = FIRST_CONCEPT + self.concepts.len() as u64;
        let key = (system.to_owned(), code.to_owned());
        self.concepts.entry(key).or_insert(next).to_string()
    }

    /// The concept of what a row of Lind's is about.
    fn about(&mut self, code: &str) -> String {
        match parts(code) {
            ("name", name) => self.concept(codes::NAMES, name),
            (system, code) => self.concept(system, code),
        }
    }

    /// A record of a patient about something.
    fn record(
        &mut self,
        (table, stem): (&'static str, &'static str),
        row: &Row,
        concept: String,
    ) -> Record {
        let person = self.people.get(cell(row, "patient"));
        let mut record = Record {
            table,
            stem,
            cells: Cells::new(),
            said: Vec::new(),
        };
        record.set("person_id", &person.map_or(String::new(), u64::to_string));
        record.set(&format!("{stem}_concept_id"), &concept);
        record.set(&format!("{stem}_type_concept_id"), CASE_REPORT_FORM);
        record
    }

    /// Adds a record, and the observations about it.
    fn add(&mut self, mut record: Record) {
        let rows = self.tables.entry(record.table).or_default();
        let id = (rows.len() + 1).to_string();
        record.set(&format!("{}_id", record.table), &id);
        let date = ["_date", "_start_date", "_exposure_start_date"];
        let date = date
            .into_iter()
            .find_map(|ending| record.cells.get(&format!("{}{ending}", record.stem)));
        let date = date.cloned().unwrap_or_default();
        let person = record.cells.get("person_id").cloned().unwrap_or_default();
        rows.push(record.cells);
        for (name, text) in record.said {
            let concept = self.concept(COLUMNS, &name);
            let field = self.concept("CDM", &format!("{0}.{0}_id", record.table));
            self.columns.insert(name);
            let rows = self.tables.entry("observation").or_default();
            let mut cells = Cells::new();
            for (column, text) in [
                ("observation_id", (rows.len() + 1).to_string()),
                ("person_id", person.clone()),
                ("observation_concept_id", concept),
                ("observation_date", date.clone()),
                ("observation_type_concept_id", CASE_REPORT_FORM.to_owned()),
                ("value_as_string", text),
                ("observation_event_id", id.clone()),
                ("obs_event_field_concept_id", field),
            ] {
                cells.insert(column.to_owned(), text);
            }
            rows.push(cells);
        }
    }

    fn person(&mut self, patient: &str, row: &Row) {
        let id = self
            .people
            .get(patient)
            .map_or(String::new(), u64::to_string);
        let sex = match cell(row, "sex") {
            "male" => "8507",
            "female" => "8532",
            "other" => "8521",
            "unknown" => "8551",
            _ => "0",
        };
        let mut born = cell(row, "birth_date").split('-');
        let mut cells = Cells::new();
        for (column, text) in [
            ("person_id", id.as_str()),
            ("gender_concept_id", sex),
            ("year_of_birth", born.next().unwrap_or_default()),
            ("month_of_birth", born.next().unwrap_or_default()),
            ("day_of_birth", born.next().unwrap_or_default()),
            ("race_concept_id", "0"),
            ("ethnicity_concept_id", "0"),
            ("person_source_value", patient),
        ] {
            cells.insert(column.to_owned(), text.to_owned());
        }
        self.tables.entry("person").or_default().push(cells);
        if let Some(died) = row.get("death_date") {
            let mut cells = Cells::new();
            cells.insert("person_id".to_owned(), id);
            cells.insert("death_date".to_owned(), died.clone());
            self.tables.entry("death").or_default().push(cells);
        }
    }

    /// A milestone is something that was observed; the mapping says which observation is which.
    fn milestone(&mut self, row: &Row) {
        let concept = self.concept(MILESTONES, cell(row, "milestone"));
        let mut record = self.record(("observation", "observation"), row, concept);
        record.time("observation_date", "observation_datetime", row, "time");
        self.add(record);
    }

    fn measurement(&mut self, row: &Row) {
        let concept = self.about(cell(row, "code"));
        let mut record = self.record(("measurement", "measurement"), row, concept);
        record.time("measurement_date", "measurement_datetime", row, "time");
        let (value, result) = (cell(row, "value"), cell(row, "result"));
        let is_titre = value.contains(':');
        if is_titre {
            record.set("value_source_value", value);
        } else {
            record.set("value_as_number", value);
        }
        if value.is_empty() && !result.is_empty() {
            let word = self.concept(codes::NAMES, result);
            record.set("value_as_concept_id", &word);
        } else {
            record.say("result", result);
        }
        let operator = match cell(row, "comparator") {
            "<" => "4171756",
            "<=" => "4171754",
            ">" => "4172704",
            ">=" => "4171755",
            _ => "",
        };
        record.set("operator_concept_id", operator);
        if is_titre || value.is_empty() {
            record.say("unit", cell(row, "unit"));
        } else {
            record.set("unit_source_value", cell(row, "unit"));
        }
        record.set("range_low", cell(row, "low"));
        record.set("range_high", cell(row, "high"));
        for column in ["method", "source", "body_site", "status"] {
            record.say(column, cell(row, column));
        }
        if let Some(specimen) = row.get("specimen") {
            let concept = self.concept(codes::NAMES, specimen);
            let mut sample = self.record(("specimen", "specimen"), row, concept);
            let date = record.cells.get("measurement_date");
            sample.set("specimen_date", date.map_or("", String::as_str));
            let samples = self.tables.entry("specimen").or_default();
            let id = (samples.len() + 1).to_string();
            sample.set("specimen_id", &id);
            samples.push(sample.cells);
            let field = self.concept("CDM", "specimen.specimen_id");
            record.set("measurement_event_id", &id);
            record.set("meas_event_field_concept_id", &field);
        }
        self.add(record);
    }

    fn condition(&mut self, row: &Row) {
        let concept = self.about(cell(row, "code"));
        let mut record = self.diagnosis(row, concept, "abatement");
        match cell(row, "status") {
            "resolved" => record.set("condition_status_concept_id", "32906"),
            status => record.set("condition_status_source_value", status),
        }
        record.say("severity", cell(row, "severity"));
        record.say("body_site", cell(row, "body_site"));
        self.add(record);
    }

    fn diagnosis(&mut self, row: &Row, concept: String, end: &str) -> Record {
        let mut record = self.record(("condition_occurrence", "condition"), row, concept);
        record.time(
            "condition_start_date",
            "condition_start_datetime",
            row,
            "onset",
        );
        record.time("condition_end_date", "condition_end_datetime", row, end);
        record
    }

    /// A diagnosis that is marked as a row of another table.
    fn marked(&mut self, row: &Row, code: &str, table: &str, end: &str) -> Record {
        let concept = self.about(code);
        let mark = self.concept(TABLE, table);
        let mut record = self.diagnosis(row, concept, end);
        record.set("condition_source_concept_id", &mark);
        record
    }

    fn allergy(&mut self, row: &Row) {
        let mut record = self.marked(row, cell(row, "code"), "allergies", "");
        record.say("severity", cell(row, "severity"));
        self.add(record);
    }

    fn adverse_event(&mut self, row: &Row) {
        let mut record = self.marked(row, cell(row, "term"), "adverse_events", "end");
        for column in ["scale", "grade", "related", "serious", "dlt"] {
            record.say(column, cell(row, column));
        }
        self.add(record);
    }

    fn drug(&mut self, row: &Row) {
        let concept = self.about(cell(row, "code"));
        let mut record = self.record(("drug_exposure", "drug"), row, concept);
        let (start, moment) = ("drug_exposure_start_date", "drug_exposure_start_datetime");
        record.time(start, moment, row, "start");
        let began = record.cells.get(start).cloned().unwrap_or_default();
        // Every exposure must have an end; one on the day of the start says nothing.
        let end = "drug_exposure_end_date";
        match cell(row, "end") {
            "" => {
                record.say("end", "ongoing");
                record.set(end, &began);
            }
            "unknown" => record.set(end, &began),
            word @ ("ongoing" | "ended") => {
                record.say("end", word);
                record.set(end, &began);
            }
            _ => {
                record.time(end, "drug_exposure_end_datetime", row, "end");
                let ended = record.cells.get(end).cloned().unwrap_or_default();
                record.set("verbatim_end_date", &ended);
            }
        }
        let (dose, unit, frequency) =
            (cell(row, "dose"), cell(row, "unit"), cell(row, "frequency"));
        let often = frequency.replace(['_', '-'], " ");
        let is_plain = !dose.is_empty()
            && !unit.is_empty()
            && (often.is_empty() || FREQUENCIES.contains(&often.as_str()));
        if is_plain {
            record.set("sig", format!("{dose} {unit} {often}").trim());
        } else {
            record.say("dose", dose);
            record.say("unit", unit);
            record.say("frequency", frequency);
        }
        record.set("route_source_value", cell(row, "route"));
        for column in ["indication", "outcome", "line", "investigational"] {
            record.say(column, cell(row, column));
        }
        self.add(record);
    }

    fn procedure(&mut self, row: &Row) {
        let concept = self.about(cell(row, "code"));
        let mut record = self.record(("procedure_occurrence", "procedure"), row, concept);
        record.time("procedure_date", "procedure_datetime", row, "time");
        record.say("body_site", cell(row, "body_site"));
        self.add(record);
    }

    fn attestation(&mut self, row: &Row) {
        let concept = self.about(cell(row, "item"));
        let mark = self.concept(TABLE, "attestations");
        let mut record = self.record(("observation", "observation"), row, concept);
        record.set("observation_source_concept_id", &mark);
        record.time("observation_date", "observation_datetime", row, "time");
        let answer = cell(row, "answer");
        let answer = self.concept(codes::NAMES, answer);
        record.set("value_as_concept_id", &answer);
        record.say("by", cell(row, "by"));
        self.add(record);
    }

    fn visit(&mut self, row: &Row) {
        let concept = self.about(cell(row, "visit"));
        let mut record = self.record(("visit_occurrence", "visit"), row, concept);
        record.time("visit_start_date", "visit_start_datetime", row, "start");
        record.time("visit_end_date", "visit_end_datetime", row, "end");
        self.add(record);
    }

    fn files(&self) -> Vec<File> {
        let mut files: Vec<File> = self
            .tables
            .iter()
            .map(|(table, rows)| {
                let columns: BTreeSet<&str> = rows
                    .iter()
                    .flat_map(Cells::keys)
                    .map(String::as_str)
                    .collect();
                let first = format!("{table}_id");
                let mut header: Vec<&str> = columns.into_iter().collect();
                header.sort_by_key(|column| (*column != first, *column != "person_id"));
                let cells = |row: &Cells| {
                    let cells = header.iter();
                    cells
                        .map(|column| row.get(*column).cloned().unwrap_or_default())
                        .collect()
                };
                let rows: Vec<Vec<String>> = rows.iter().map(cells).collect();
                codes::csv(table, &header, &rows)
            })
            .collect();
        let header = [
            "concept_id",
            "concept_name",
            "domain_id",
            "vocabulary_id",
            "concept_class_id",
            "concept_code",
        ];
        let mut concepts: Vec<(&(String, String), &u64)> = self.concepts.iter().collect();
        concepts.sort_by_key(|(_, id)| **id);
        let concepts: Vec<Vec<String>> = concepts
            .into_iter()
            .map(|((system, code), id)| {
                let vocabulary = vocabulary(system);
                ["", code, "Observation", vocabulary, "Undefined", code]
                    .into_iter()
                    .enumerate()
                    .map(|(at, text)| {
                        if at == 0 {
                            id.to_string()
                        } else {
                            text.to_owned()
                        }
                    })
                    .collect()
            })
            .collect();
        files.push(codes::csv("concept", &header, &concepts));
        files
    }

    fn settings(&self, sheets: &Sheets) -> String {
        let mut text = sheets.settings.clone();
        let columns: Vec<String> = self
            .columns
            .iter()
            .map(|column| {
                format!(
                    "{} = {}",
                    quoted(&format!("{COLUMNS}|{column}")),
                    quoted(column)
                )
            })
            .collect();
        text.push_str(&section("columns", &columns));
        for table in PLACED {
            if !sheets.has(table) {
                continue;
            }
            text.push_str(&format!("\n[{table}]\ncomplete = true\n"));
            let source = match table {
                "allergies" | "adverse_events" => "conditions",
                "attestations" => "observations",
                _ => continue,
            };
            if !sheets.rows(table).is_empty() {
                text.push_str(&format!("from.{source} = \"{TABLE}|{table}\"\n"));
            }
        }
        for name in sheets.milestones() {
            let code = format!("{MILESTONES}|{name}");
            text.push_str(&codes::milestone(name, "observations", &code));
        }
        text
    }
}

/// A system as OMOP names it.
fn vocabulary(system: &str) -> &str {
    match system {
        "loinc" => "LOINC",
        "snomed" => "SNOMED",
        "icd10" => "ICD10",
        "atc" => "ATC",
        "rxnorm" => "RxNorm",
        other => other,
    }
}
