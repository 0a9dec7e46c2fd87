//! The tables of facts: what they have in common.
//!
//! The first seven columns of every layout are the same: the row, the patient, the concept, the
//! source concept, the source value, the date and the time.

use std::collections::HashSet;
use std::sync::Arc;

use super::concepts::Concepts;
use super::links::Links;
use super::sheet::{Layout, Row, Sheet, name, number};
use super::times::together;
use super::told::Told;
use crate::defect::Defect;
use crate::found::{Found, Lost};
use crate::intake::{Intake, Said};
use crate::mapping::RuleId;
use crate::{ReadError, Table, Tables};

pub(super) const ROW: usize = 0;
pub(super) const PERSON: usize = 1;
pub(super) const CONCEPT: usize = 2;
pub(super) const SOURCE_CONCEPT: usize = 3;
pub(super) const SOURCE_VALUE: usize = 4;
pub(super) const DATE: usize = 5;
pub(super) const MOMENT: usize = 6;

/// A table of facts.
pub(super) struct Facts {
    pub(super) layout: Layout,
    /// Further columns that hold concepts.
    pub(super) concepts: &'static [usize],
    pub(super) is_drug: bool,
    /// Hands over a row.
    pub(super) take: fn(&Fact<'_>, &Concepts, &mut Intake),
}

/// A row of a table of facts, with what is the same in all of them.
pub(super) struct Fact<'s> {
    pub(super) sheet: &'s Sheet,
    pub(super) patient: &'s str,
    pub(super) codes: Arc<str>,
    pub(super) time: String,
    /// `measurement/17`
    pub(super) record: String,
    /// The line of the mapping by which the dose is what was supplied.
    pub(super) supply: Option<RuleId>,
    /// What observations about it say.
    pub(super) said: &'s [Said],
    /// What the sample was that it was measured in.
    pub(super) specimen: &'s str,
}

impl<'s> Fact<'s> {
    /// A row of one of Lind's tables that says what this one does.
    pub(super) fn found<'f>(&'f self, table: Table, time: usize) -> Found<'f> {
        let mut found = Found::new(table, self.patient, self.sheet.origin(&self.record));
        found.set(crate::table::CODE, &self.codes);
        found.set(time, &self.time);
        found
    }

    /// Hands over a row of the record, with what observations about it say.
    pub(super) fn hand_over(&self, found: &Found<'_>, intake: &mut Intake) {
        intake.row_saying(found, self.said);
    }

    pub(super) fn cell(&self, column: usize) -> &'s str {
        self.sheet.cell(column)
    }

    pub(super) fn id(&self, column: usize) -> Option<i64> {
        self.sheet.id(column)
    }
}

/// The concepts that a file uses, those of its drugs apart.
pub(super) fn used(
    tables: &dyn Tables,
    file: &str,
    facts: &Facts,
    used: &mut HashSet<i64>,
    drugs: &mut HashSet<i64>,
) -> Result<(), ReadError> {
    // What is wrong with the file is told when its rows are read.
    let Some(mut sheet) = Sheet::peek(tables, file, &facts.layout)? else {
        return Ok(());
    };
    let mut columns = vec![CONCEPT, SOURCE_CONCEPT];
    columns.extend(facts.concepts);
    sheet.only(&columns);
    while sheet.next()?.is_some() {
        for column in &columns {
            used.extend(sheet.id(*column));
        }
        if facts.is_drug {
            drugs.extend(sheet.id(CONCEPT));
            drugs.extend(sheet.id(SOURCE_CONCEPT));
        }
    }
    Ok(())
}

/// Reads a file.
pub(super) fn read(
    tables: &dyn Tables,
    file: &str,
    facts: &Facts,
    concepts: &mut Concepts,
    links: &mut Links,
    told: &mut Told,
    intake: &mut Intake,
) -> Result<(), ReadError> {
    let Some(mut sheet) = Sheet::open(tables, file, &facts.layout, intake)? else {
        return Ok(());
    };
    while let Some(row) = sheet.next()? {
        match row {
            // What it says stands in the row of the record that it is about.
            Row::Whole if links.is_about(&sheet, facts, concepts) => {}
            Row::Whole => {
                let codes = codes(&sheet, facts.is_drug, concepts);
                tell(&sheet, concepts, told);
                let time = together(sheet.cell(DATE), sheet.cell(MOMENT)).into_owned();
                let specimen = links.specimen(&sheet, facts, concepts);
                let supply = links.supply();
                let fact = Fact {
                    supply,
                    said: links.of(facts.layout.table, sheet.id(ROW)),
                    specimen: &specimen,
                    patient: name(sheet.cell(PERSON)),
                    codes,
                    time,
                    record: format!("{}/{}", facts.layout.table, name(sheet.cell(ROW))),
                    sheet: &sheet,
                };
                (facts.take)(&fact, concepts, intake);
            }
            Row::Broken(breakage) => {
                let defect = Defect::broken(breakage, Table::Observations, None);
                let leaves_fields = breakage.leaves_fields();
                let patient = name(sheet.cell(PERSON));
                let is_placed = intake.knows(patient) && (leaves_fields || begins_well(&sheet));
                let has_codes = leaves_fields
                    && [CONCEPT, SOURCE_CONCEPT, SOURCE_VALUE]
                        .iter()
                        .all(|column| !breakage.is_in(sheet.position(*column)));
                let codes = if has_codes {
                    codes(&sheet, facts.is_drug, concepts)
                } else {
                    Arc::default()
                };
                intake.lost(&Lost {
                    tables: links.tables_of(facts),
                    patient: Some(patient).filter(|_| is_placed),
                    codes: &codes,
                    rule: defect.rule,
                    column: None,
                    message: defect.message,
                    origin: sheet.origin(""),
                });
            }
        }
    }
    Ok(())
}

/// Of a row with too few or too many fields: whether its beginning, up to the date, is what it
/// should be, so that what slipped stands behind it.
fn begins_well(sheet: &Sheet) -> bool {
    let numbers = [ROW, PERSON, CONCEPT];
    let leads = |column: usize| sheet.position(column) < sheet.position(DATE);
    let date = sheet.cell(DATE);
    let is_date = date.len() >= 8
        && date
            .bytes()
            .all(|byte| byte.is_ascii_digit() || b"-: T.".contains(&byte));
    is_date
        && numbers
            .iter()
            .all(|column| leads(*column) && number(sheet.cell(*column)).is_some())
}

/// All codes of a row; what the source wrote where there is no concept.
pub(super) fn codes(sheet: &Sheet, is_drug: bool, concepts: &mut Concepts) -> Arc<str> {
    let (standard, source) = (sheet.id(CONCEPT), sheet.id(SOURCE_CONCEPT));
    if standard.is_none() && source.is_none() {
        return match sheet.cell(SOURCE_VALUE) {
            "" => Arc::default(),
            value => format!("omop_source|{value}").into(),
        };
    }
    concepts.codes(standard, source, is_drug)
}

fn tell(sheet: &Sheet, concepts: &Concepts, told: &mut Told) {
    match sheet.id(CONCEPT) {
        None => told.without_concept(&sheet.name, sheet.cell(SOURCE_VALUE)),
        Some(id) if concepts.are_given && concepts.get(Some(id)).is_none() => {
            told.unknown(&sheet.name, id);
        }
        Some(_) => {}
    }
}
