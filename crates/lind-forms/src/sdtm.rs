//! SDTM: a file of CSV a domain, and the mapping that says which code is which.

use std::collections::{BTreeMap, BTreeSet};

use crate::codes::{self, parts, quoted, section};
use crate::sheets::{PLACED, Row, Sheets, cell};
use crate::{File, Written};

/// The study.
const STUDY: &str = "LIND";

/// The category of the records of MH that are allergies.
const ALLERGY: &str = "ALLERGY";

/// What the tables have columns for and SDTM no variables: qualifiers of its own.
const QUALIFIERS: [(&str, &str, &str); 6] = [
    ("MH", "MHSTATUS", "status"),
    ("CM", "CMOUTCOM", "outcome"),
    ("CM", "CMLINE", "line"),
    ("CM", "CMINVEST", "investigational"),
    ("AE", "AESCALE", "scale"),
    ("LB", "LBSTATUS", "status"),
];

pub(crate) fn write(sheets: &Sheets) -> Written {
    let mut study = Study::default();
    demographics(sheets, &mut study);
    for row in sheets.rows("milestones") {
        let named = cell(row, "milestone");
        let name = study.code(&["dsdecod", "dsterm"], named, &named.to_uppercase());
        let mut record = study.record("DS", row);
        record.set("TERM", &name).set("DECOD", &name);
        record.set("CAT", "PROTOCOL MILESTONE");
        record.set("STDTC", cell(row, "time"));
        study.add(record);
    }
    for row in sheets.rows("observations") {
        observation(row, &mut study);
    }
    for row in sheets.rows("conditions") {
        let mut record = event("MH", row, ("code", &plain(cell(row, "code"))), &mut study);
        record.set("CAT", "MEDICAL HISTORY");
        ends(&mut record, row, "abatement");
        record.set("SEV", cell(row, "severity"));
        record.set("LOC", cell(row, "body_site"));
        match (cell(row, "status"), row.contains_key("abatement")) {
            // Neither an end nor a point before or at which it was there.
            ("active", false) => record.set("ENRTPT", "ONGOING"),
            ("resolved", false) => record.set("ENRTPT", "BEFORE"),
            (status, _) => record.qualify("MHSTATUS", status),
        };
        study.add(record);
    }
    for row in sheets.rows("allergies") {
        // Under a name of its own: the same code may be a diagnosis too.
        let name = format!("{} (allergy)", plain(cell(row, "code")));
        let mut record = event("MH", row, ("code", &name), &mut study);
        record.set("CAT", ALLERGY);
        record.set("SEV", cell(row, "severity"));
        study.allergies.insert(record.get("DECOD").to_owned());
        study.add(record);
    }
    for row in sheets.rows("adverse_events") {
        let mut record = event("AE", row, ("term", &plain(cell(row, "term"))), &mut study);
        record.set("TOXGR", cell(row, "grade"));
        record.set("SER", yes_or_no(cell(row, "serious")));
        record.set("REL", cell(row, "related"));
        ends(&mut record, row, "end");
        record.qualify("AEDLT", yes_or_no(cell(row, "dlt")));
        record.qualify("AESCALE", cell(row, "scale"));
        study.add(record);
    }
    for row in sheets.rows("treatments") {
        treatment(row, &mut study);
    }
    for row in sheets.rows("procedures") {
        let named = cell(row, "code");
        let name = study.code(&["prdecod", "prtrt"], named, &plain(named));
        let mut record = study.record("PR", row);
        record.set("TRT", &name).set("DECOD", &name);
        record.set("STDTC", cell(row, "time"));
        record.set("LOC", cell(row, "body_site"));
        study.add(record);
    }
    for row in sheets.rows("attestations") {
        let item = cell(row, "item");
        let short = study.short("qstestcd", item);
        let mut record = study.record("QS", row);
        record.set("TESTCD", &short).set("TEST", item);
        record.set("CAT", "ATTESTATION");
        let answer = yes_or_no(cell(row, "answer"));
        record.set("ORRES", answer).set("STRESC", answer);
        record.set("DTC", cell(row, "time"));
        record.set("EVAL", cell(row, "by"));
        study.attested.insert(short);
        study.add(record);
    }
    for row in sheets.rows("visits") {
        let visit = cell(row, "visit");
        let name = study.code(&["visit"], visit, &visit.to_uppercase().replace('_', " "));
        let mut record = study.record("SV", row);
        record.cells.insert("VISIT".to_owned(), name);
        record.set("STDTC", cell(row, "start"));
        record.set("ENDTC", cell(row, "end"));
        study.add(record);
    }
    let settings = study.settings(sheets);
    let mut written = Written {
        files: study.files(),
        patients: sheets
            .patients()
            .map(|(patient, _)| (patient.to_owned(), patient.to_owned()))
            .collect(),
        left_out: vec!["assignments", "decisions"],
    };
    written.files.push(File {
        name: "dataset.toml".to_owned(),
        text: settings,
    });
    written
}

/// A record of a domain.
struct Record {
    domain: &'static str,
    subject: String,
    /// By the names of the variables.
    cells: BTreeMap<String, String>,
    qualifiers: Vec<(&'static str, String)>,
}

impl Record {
    /// A variable that begins with the two letters of the domain, which are not named here.
    fn set(&mut self, variable: &str, text: &str) -> &mut Self {
        if !text.is_empty() {
            let name = format!("{}{variable}", self.domain);
            self.cells.insert(name, text.to_owned());
        }
        self
    }

    fn get(&self, variable: &str) -> &str {
        let name = format!("{}{variable}", self.domain);
        self.cells.get(&name).map_or("", String::as_str)
    }

    fn qualify(&mut self, name: &'static str, text: &str) -> &mut Self {
        if !text.is_empty() {
            self.qualifiers.push((name, text.to_owned()));
        }
        self
    }
}

/// The records of a study, and what the mapping says of them.
#[derive(Default)]
struct Study {
    domains: BTreeMap<&'static str, Vec<Record>>,
    /// Short names for what has a longer one, by variable and what it is.
    shorts: BTreeMap<(&'static str, String), String>,
    /// By variable and what stands there: what it is.
    codes: BTreeMap<(&'static str, String), String>,
    /// Names of diagnoses that are allergies.
    allergies: BTreeSet<String>,
    /// Questions that somebody attests the answers to.
    attested: BTreeSet<String>,
}

impl Study {
    fn record(&self, domain: &'static str, row: &Row) -> Record {
        Record {
            domain,
            subject: cell(row, "patient").to_owned(),
            cells: BTreeMap::new(),
            qualifiers: Vec::new(),
        }
    }

    fn add(&mut self, record: Record) {
        self.domains.entry(record.domain).or_default().push(record);
    }

    /// What stands in these variables for a code, and counts as it.
    fn code(&mut self, variables: &[&'static str], code: &str, name: &str) -> String {
        for variable in variables {
            self.codes
                .insert((variable, name.to_owned()), code.to_owned());
        }
        name.to_owned()
    }

    /// The name of eight letters at most that stands for a test.
    fn short(&mut self, variable: &'static str, test: &str) -> String {
        let next = self.shorts.len() + 1;
        let short = self
            .shorts
            .entry((variable, test.to_owned()))
            .or_insert_with(|| format!("T{next:05}"))
            .clone();
        self.codes
            .insert((variable, short.clone()), test.to_owned());
        short
    }

    fn settings(&self, sheets: &Sheets) -> String {
        let mut text = sheets.settings.clone();
        let codes: Vec<String> = self
            .codes
            .iter()
            .map(|((variable, name), code)| {
                format!(
                    "{} = {}",
                    quoted(&format!("{variable}|{name}")),
                    quoted(code)
                )
            })
            .collect();
        text.push_str(&section("codes", &codes));
        let is_used = |domain: &str, name: &str| {
            self.domains.get(domain).is_some_and(|records| {
                let mut qualifiers = records.iter().flat_map(|record| &record.qualifiers);
                qualifiers.any(|(used, _)| *used == name)
            })
        };
        let columns: Vec<String> = QUALIFIERS
            .iter()
            .filter(|(domain, name, _)| is_used(domain, name))
            .map(|(domain, name, column)| format!("\"SUPP{domain}|{name}\" = {column:?}"))
            .collect();
        text.push_str(&section("columns", &columns));
        for table in PLACED {
            if !sheets.has(table) {
                continue;
            }
            text.push_str(&format!("\n[{table}]\ncomplete = true\n"));
            let (source, variable, names) = match table {
                "allergies" => ("conditions", "mhdecod", &self.allergies),
                "attestations" => ("observations", "qstestcd", &self.attested),
                _ => continue,
            };
            let names = names.iter();
            let names: Vec<String> = names
                .map(|name| quoted(&format!("{variable}|{name}")))
                .collect();
            if !names.is_empty() {
                text.push_str(&format!("from.{source} = [{}]\n", names.join(", ")));
            }
        }
        text
    }

    /// A file for each domain, and one for its qualifiers.
    fn files(&self) -> Vec<File> {
        let mut files = Vec::new();
        for (domain, records) in &self.domains {
            let variables: BTreeSet<&str> = records
                .iter()
                .flat_map(|record| record.cells.keys())
                .map(String::as_str)
                .collect();
            let sequence = format!("{domain}SEQ");
            let has_sequence = *domain != "DM";
            let mut header = vec!["STUDYID", "DOMAIN", "USUBJID"];
            header.extend(has_sequence.then_some(sequence.as_str()));
            header.extend(&variables);
            let mut rows = Vec::new();
            let mut supplement = Vec::new();
            let mut number: BTreeMap<&str, u32> = BTreeMap::new();
            for record in records {
                let number = number.entry(&record.subject).or_default();
                *number += 1;
                let number = number.to_string();
                let mut row = vec![
                    STUDY.to_owned(),
                    (*domain).to_owned(),
                    record.subject.clone(),
                ];
                row.extend(has_sequence.then(|| number.clone()));
                row.extend(variables.iter().map(|variable| {
                    let text = record.cells.get(*variable);
                    text.cloned().unwrap_or_default()
                }));
                rows.push(row);
                for (name, text) in &record.qualifiers {
                    let cells = [
                        STUDY,
                        domain,
                        &record.subject,
                        &sequence,
                        &number,
                        name,
                        text,
                    ];
                    supplement.push(cells.map(str::to_owned).to_vec());
                }
            }
            files.push(codes::csv(&domain.to_lowercase(), &header, &rows));
            if !supplement.is_empty() {
                let header = [
                    "STUDYID", "RDOMAIN", "USUBJID", "IDVAR", "IDVARVAL", "QNAM", "QVAL",
                ];
                let name = format!("supp{}", domain.to_lowercase());
                files.push(codes::csv(&name, &header, &supplement));
            }
        }
        files
    }
}

fn demographics(sheets: &Sheets, study: &mut Study) {
    for (_, row) in sheets.patients() {
        let mut record = study.record("DM", row);
        let sex = match cell(row, "sex") {
            "female" => "F",
            "male" => "M",
            "unknown" => "U",
            "other" => "UNDIFFERENTIATED",
            other => other,
        };
        for (variable, text) in [
            ("SEX", sex),
            ("BRTHDTC", cell(row, "birth_date")),
            ("DTHDTC", cell(row, "death_date")),
        ] {
            if !text.is_empty() {
                record.cells.insert(variable.to_owned(), text.to_owned());
            }
        }
        study.add(record);
    }
}

fn observation(row: &Row, study: &mut Study) {
    let code = cell(row, "code");
    let mut record = study.record("LB", row);
    match parts(code) {
        ("loinc", loinc) => {
            let short = study.short("lbtestcd", code);
            // LBLOINC says it already.
            study.codes.remove(&("lbtestcd", short.clone()));
            record.set("TESTCD", &short).set("LOINC", loinc);
        }
        _ => {
            let short = study.short("lbtestcd", code);
            record.set("TESTCD", &short);
        }
    }
    record.set("TEST", code);
    record.set("DTC", cell(row, "time"));
    let (value, result) = (cell(row, "value"), cell(row, "result"));
    let bounded = format!("{}{value}", cell(row, "comparator"));
    let is_plain = !row.contains_key("comparator") && !value.contains(':');
    let text = if result.is_empty() { &bounded } else { result };
    record.set("ORRES", text).set("STRESC", text);
    if is_plain {
        record.set("STRESN", value);
    }
    if !value.is_empty() {
        record.set("STRESU", cell(row, "unit"));
        record.set("STNRLO", cell(row, "low"));
        record.set("STNRHI", cell(row, "high"));
    }
    record.set("SPEC", cell(row, "specimen"));
    record.set("METHOD", cell(row, "method"));
    record.set("EVAL", cell(row, "source"));
    record.set("LOC", cell(row, "body_site"));
    record.qualify("LBSTATUS", cell(row, "status"));
    study.add(record);
}

/// What MH and AE have in common.
fn event(
    domain: &'static str,
    row: &Row,
    (column, name): (&str, &str),
    study: &mut Study,
) -> Record {
    let named = cell(row, column);
    let variables: [&'static str; 2] = match domain {
        "AE" => ["aedecod", "aeterm"],
        _ => ["mhdecod", "mhterm"],
    };
    let name = study.code(&variables, named, name);
    let mut record = study.record(domain, row);
    record.set("TERM", &name).set("DECOD", &name);
    record.set("STDTC", cell(row, "onset"));
    record
}

fn ends(record: &mut Record, row: &Row, column: &str) {
    record.set("ENDTC", cell(row, column));
}

fn treatment(row: &Row, study: &mut Study) {
    let named = cell(row, "code");
    let name = study.code(&["cmdecod", "cmtrt"], named, &plain(named));
    let mut record = study.record("CM", row);
    record.set("TRT", &name).set("DECOD", &name);
    record.set("STDTC", cell(row, "start"));
    match cell(row, "end") {
        "" | "ongoing" => record.set("ENRTPT", "ONGOING"),
        "ended" => record.set("ENRTPT", "BEFORE"),
        "unknown" => record.set("ENRTPT", "U"),
        time => record.set("ENDTC", time),
    };
    for (variable, column) in [
        ("DOSE", "dose"),
        ("DOSU", "unit"),
        ("DOSFRQ", "frequency"),
        ("ROUTE", "route"),
        ("INDC", "indication"),
    ] {
        record.set(variable, cell(row, column));
    }
    for (qualifier, column) in [
        ("CMOUTCOM", "outcome"),
        ("CMLINE", "line"),
        ("CMINVEST", "investigational"),
    ] {
        record.qualify(qualifier, cell(row, column));
    }
    study.add(record);
}

/// A code as a term: without the bar, which the mapping puts between a variable and what stands in
/// it.
fn plain(code: &str) -> String {
    code.replace('|', " ")
}

fn yes_or_no(word: &str) -> &str {
    match word {
        "yes" => "Y",
        "no" => "N",
        "unknown" => "",
        other => other,
    }
}
