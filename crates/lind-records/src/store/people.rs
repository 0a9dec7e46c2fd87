//! The patients of a store, one after another.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;

use super::losses::{self, LostRow};
use super::manifest::rule;
use super::stored::{Stored, damaged};
use super::{NewColumn, PLACE};
use crate::cells::{Cells, Clock};
use crate::chart::SetAside;
use crate::patients::Rank;
use crate::person::{Kept, Person, Said};
use crate::place::{FileId, Place, Provenance, Sources};
use crate::problem::Recorder;
use crate::{Problem, Table, Tables};

/// The name of the file.
pub(super) const FILE: &str = "patients.parquet";

/// How many rows each table has of a patient, in the order of [`Table::FACTS`].
const COUNTS: [NewColumn; Table::FACTS.len()] = [
    NewColumn::integer("milestones_rows"),
    NewColumn::integer("observations_rows"),
    NewColumn::integer("conditions_rows"),
    NewColumn::integer("treatments_rows"),
    NewColumn::integer("procedures_rows"),
    NewColumn::integer("allergies_rows"),
    NewColumn::integer("adverse_events_rows"),
    NewColumn::integer("attestations_rows"),
    NewColumn::integer("visits_rows"),
    NewColumn::integer("assignments_rows"),
];

/// The columns of the file.
pub(super) fn columns() -> Vec<NewColumn> {
    let own = Table::Patients.columns();
    let mut columns: Vec<NewColumn> = own.iter().map(|name| NewColumn::text(name)).collect();
    columns.extend(PLACE);
    columns.extend(COUNTS);
    columns
}

/// The patients of a store.
pub(crate) struct StoredPeople {
    patients: Stored,
    lost: Option<Stored>,
    files: Arc<HashMap<Box<str>, FileId>>,
    names: Arc<[Arc<str>]>,
    next: Rank,
    count: u64,
}

impl StoredPeople {
    /// Opens the patients, and the records that were lost.
    pub(super) fn open(
        tables: &dyn Tables,
        (patients, lost): (u64, u64),
        files: &Arc<HashMap<Box<str>, FileId>>,
        names: &Arc<[Arc<str>]>,
    ) -> io::Result<StoredPeople> {
        let (texts, integers) = split(&columns());
        let stored = Stored::open(tables, FILE, (&texts, &integers), patients)?;
        let (texts, integers) = split(&losses::COLUMNS);
        let lost = match lost {
            0 => None,
            rows => Some(Stored::open(
                tables,
                losses::FILE,
                (&texts, &integers),
                rows,
            )?),
        };
        Ok(StoredPeople {
            patients: stored,
            lost,
            files: Arc::clone(files),
            names: Arc::clone(names),
            next: Rank(0),
            count: patients,
        })
    }

    /// How many patients there are.
    pub(crate) fn count(&self) -> usize {
        usize::try_from(self.count).unwrap_or(usize::MAX)
    }

    /// The next patient.
    pub(crate) fn next(
        &mut self,
        clock: Clock,
        recorder: &mut Recorder,
    ) -> io::Result<Option<Person>> {
        if !self.patients.step()? {
            return Ok(None);
        }
        let rank = self.next;
        self.next = Rank(rank.0.saturating_add(1));
        let patients = &self.patients;
        let lost = || damaged(&format!("row {} of {FILE} cannot be read", patients.line()));
        let text = |column| patients.text(column).ok_or_else(lost);
        let mut cells = Cells::empty();
        for column in 0..Table::Patients.columns().len() {
            cells.set(column, text(column)?);
        }
        let own = Table::Patients.columns().len();
        let (file, record) = (text(own)?, text(own + 1)?);
        let number = |column| patients.integer(column);
        let narrow = |number: Option<i64>| number.and_then(|number| u32::try_from(number).ok());
        let at = Provenance {
            table: Table::Patients,
            file: file_id(&self.files, file),
            line: narrow(number(0)).unwrap_or_default(),
            entry: narrow(number(1)).unwrap_or_default(),
        };
        let mut kept = Kept::default();
        for (place, count) in kept.counts.iter_mut().enumerate() {
            // Without it nobody's rows behind these could be told apart.
            *count = narrow(number(2 + place)).ok_or_else(lost)?;
        }
        let mut sources = Sources::new(Arc::clone(&self.names));
        sources.name(at, record);
        let said = Said::read(cells, clock);
        let mut person = Person::new(cells.text(0).into(), rank, said, at, sources);
        let place = Place {
            at,
            file,
            record,
            columns: None,
        };
        person.settle(&[], &place, recorder);
        self.patients.row += 1;
        kept.lost = self.lost_of(rank)?;
        for lost in kept
            .lost
            .extract_if(.., |lost| lost.table == Table::Patients)
        {
            person.set_aside.push(SetAside {
                table: Table::Patients,
                code: None,
                concepts: Box::default(),
                column: lost.column,
                time: None,
                problem: lost.problem,
                at: lost.at,
            });
        }
        person.kept = kept;
        Ok(Some(person))
    }

    /// The records of a patient that the source had lost.
    fn lost_of(&mut self, rank: Rank) -> io::Result<Vec<LostRow>> {
        let mut rows = Vec::new();
        let Some(lost) = &mut self.lost else {
            return Ok(rows);
        };
        while lost.step()? {
            let unreadable = || damaged(&format!("row {} of lost.parquet is none", lost.line()));
            let whose = lost.integer(0).ok_or_else(unreadable)?;
            if whose > i64::from(rank.0) {
                break;
            }
            let text = |column| lost.text(column).ok_or_else(unreadable);
            let table = Table::named(text(0)?).ok_or_else(unreadable)?;
            let named = |name: &str| {
                let mut columns = table.columns().iter();
                columns.find(|column| **column == name).copied()
            };
            let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
            let narrow = |at| {
                lost.integer(at)
                    .and_then(|number| u32::try_from(number).ok())
            };
            let line = narrow(2).unwrap_or_default();
            let row = LostRow {
                table,
                code: text(1)?.into(),
                column: named(text(2)?),
                at: Provenance {
                    table,
                    file: file_id(&self.files, text(6)?),
                    line,
                    entry: narrow(3).unwrap_or_default(),
                },
                problem: Arc::new(Problem {
                    rule: rule(text(3)?).ok_or_else(unreadable)?,
                    file: text(6)?.to_owned(),
                    line,
                    record: some(text(7)?),
                    column: some(text(5)?),
                    column_number: narrow(1),
                    message: text(4)?.to_owned(),
                }),
            };
            rows.push(row);
            lost.row += 1;
        }
        Ok(rows)
    }
}

/// The names of the columns that hold texts, and of those that hold whole numbers.
fn split(columns: &[NewColumn]) -> (Vec<&'static str>, Vec<&'static str>) {
    let (integers, texts): (Vec<&NewColumn>, Vec<&NewColumn>) =
        columns.iter().partition(|column| column.is_integer);
    let names = |columns: Vec<&NewColumn>| columns.iter().map(|column| column.name).collect();
    (names(texts), names(integers))
}

fn file_id(files: &HashMap<Box<str>, FileId>, name: &str) -> FileId {
    files.get(name).copied().unwrap_or(FileId::NONE)
}
