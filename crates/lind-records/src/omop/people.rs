//! Who the patients are, and when they died.

use std::collections::BTreeMap;

use super::sheet::{Layout, Row, Sheet, name};
use super::times::{birth, together};
use crate::defect::Defect;
use crate::found::{Found, Lost, Origin};
use crate::intake::Intake;
use crate::place::FileId;
use crate::{ReadError, Table, Tables, rules};

const PERSON: Layout = Layout {
    table: "person",
    columns: &[
        "person_id",
        "gender_concept_id",
        "year_of_birth",
        "month_of_birth",
        "day_of_birth",
        "birth_datetime",
    ],
    needed: 1,
    tables: &[Table::Patients],
};

const DEATH: Layout = Layout {
    table: "death",
    columns: &["person_id", "death_date", "death_datetime"],
    needed: 1,
    tables: &[Table::Patients],
};

const SEX: usize = Table::Patients.column("sex");
const BIRTH: usize = Table::Patients.column("birth_date");
const DIED: usize = Table::Patients.column("death_date");

/// What the rows of `death` say of one patient.
struct Died {
    time: String,
    file: FileId,
    line: u32,
    is_of_person: bool,
}

/// Reads `death`, and `person` with it: in OMOP a death stands in a table of its own.
pub(super) fn read(
    tables: &dyn Tables,
    person: &[String],
    death: &[String],
    intake: &mut Intake,
) -> Result<(), ReadError> {
    intake.present(Table::Patients, true);
    let mut deaths: BTreeMap<String, Died> = BTreeMap::new();
    for file in death {
        let Some(mut sheet) = Sheet::open(tables, file, &DEATH, intake)? else {
            continue;
        };
        while let Some(row) = sheet.next()? {
            match row {
                Row::Whole => add_death(&sheet, &mut deaths),
                Row::Broken(breakage) => {
                    let defect = Defect::broken(breakage, Table::Patients, None);
                    let named = name(sheet.cell(0));
                    // Whoever died here is not known to have died.
                    let patient = Some(named).filter(|named| {
                        breakage.leaves_fields() && super::sheet::number(named).is_some()
                    });
                    intake.lost(&Lost {
                        tables: &[Table::Patients],
                        patient,
                        codes: "",
                        rule: defect.rule,
                        column: None,
                        message: defect.message,
                        origin: sheet.origin(""),
                    });
                }
            }
        }
    }
    for file in person {
        let Some(mut sheet) = Sheet::open(tables, file, &PERSON, intake)? else {
            continue;
        };
        while let Some(row) = sheet.next()? {
            match row {
                Row::Whole => add_person(&sheet, &mut deaths, intake),
                Row::Broken(breakage) => {
                    let defect = Defect::broken(breakage, Table::Patients, None);
                    let named = name(sheet.cell(0));
                    // Nobody is left out because the rest of his row cannot be read.
                    let is_name = super::sheet::number(named).is_some();
                    intake.lost(&Lost {
                        tables: &[Table::Patients],
                        patient: Some(named).filter(|_| is_name),
                        codes: "",
                        rule: defect.rule,
                        column: None,
                        message: defect.message,
                        origin: sheet.origin(""),
                    });
                }
            }
        }
    }
    for (patient, died) in deaths.iter().filter(|(_, died)| !died.is_of_person) {
        intake.lost(&Lost {
            tables: &[Table::Patients],
            patient: Some(patient),
            codes: "",
            rule: &rules::D0720_UNKNOWN_PATIENT,
            column: Some("person_id"),
            message: "the death of somebody who has no row in the table person".to_owned(),
            origin: Origin {
                file: died.file,
                line: died.line,
                entry: 0,
                record: "",
            },
        });
    }
    Ok(())
}

fn add_death(sheet: &Sheet, deaths: &mut BTreeMap<String, Died>) {
    let patient = name(sheet.cell(0));
    let mut time = together(sheet.cell(1), sheet.cell(2)).into_owned();
    if time.is_empty() {
        // Dead, and nothing says since when: no time, and no sign of life.
        time = "a death without a date".to_owned();
    }
    match deaths.get_mut(patient) {
        None => {
            let died = Died {
                time,
                file: sheet.file,
                line: sheet.line(),
                is_of_person: false,
            };
            deaths.insert(patient.to_owned(), died);
        }
        // He died on one of the two, so between them.
        Some(died) if died.time != time => {
            let (first, last) = if died.time < time {
                (died.time.as_str(), time.as_str())
            } else {
                (time.as_str(), died.time.as_str())
            };
            died.time = if first.contains('/') || last.contains('/') {
                format!("{first} or {last}")
            } else {
                format!("{first}/{last}")
            };
        }
        Some(_) => {}
    }
}

fn add_person(sheet: &Sheet, deaths: &mut BTreeMap<String, Died>, intake: &mut Intake) {
    let patient = name(sheet.cell(0));
    let born = birth(sheet.cell(2), sheet.cell(3), sheet.cell(4), sheet.cell(5));
    let record = format!("person/{patient}");
    let died = deaths.get_mut(patient);
    let died = died.map_or("", |died| {
        died.is_of_person = true;
        &died.time
    });
    let mut found = Found::new(Table::Patients, patient, sheet.origin(&record));
    found.set(SEX, sex(sheet)).set(BIRTH, &born).set(DIED, died);
    intake.row(&found);
}

/// The concepts of the vocabulary Gender.
fn sex(sheet: &Sheet) -> &'static str {
    match sheet.id(1) {
        Some(8507) => "male",
        Some(8532) => "female",
        Some(8521 | 8570) => "other",
        Some(8551) => "unknown",
        _ => "",
    }
}
