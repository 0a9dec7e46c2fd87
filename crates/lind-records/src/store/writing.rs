//! Writing a store.

use std::collections::BTreeMap;
use std::io::{self, Read};

use thiserror::Error;

use super::losses::{self, LostRow};
use super::manifest::{self, KeptHeader, KeptProblem, KeptTable, Manifest, VERSION};
use super::{NewCell, NewColumn, PLACE, RowWriter, Store, people};
use crate::codes::Lookup;
use crate::defect::Defect;
use crate::feed::{Context, Feed, Item};
use crate::header::Columns;
use crate::person::Person;
use crate::place::{Place, Provenance};
use crate::spill::Spill;
use crate::table::{CODE, MOST_COLUMNS, PATIENT};
use crate::{
    ConceptId, Dataset, OpenError, Options, Problems, ReadError, Table, Tables, Tally, Wanted,
    settings_file,
};

/// Why data could not be ingested.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum IngestError {
    /// They cannot be used at all.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// A file cannot be read any further.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The store cannot be written.
    #[error("the charts cannot be written")]
    Write(#[source] io::Error),
    /// They are charts that were ingested already.
    #[error("these are charts already, which `lind data ingest` has written")]
    IsStore,
}

/// What was ingested.
#[derive(Clone, Debug)]
pub struct Ingested {
    /// How many patients.
    pub patients: u64,
    /// How many rows each table has; those that have none are left out.
    pub rows: Vec<(Table, u64)>,
    /// How many records of these patients were lost, and are kept as lost.
    pub lost: u64,
    /// What was wrong with the source, before any row was decoded.
    pub problems: Problems,
}

/// Reads data of any form, and writes them as a store: every row in the order of the patients, as
/// text, with its place.
///
/// # Errors
/// The data cannot be read, or the store cannot be written; then the store is no store.
pub fn ingest(
    tables: &dyn Tables,
    options: Options,
    store: &mut dyn Store,
) -> Result<Ingested, IngestError> {
    let spill = store.scratch().map(Spill::new);
    let ingested = ingest_through(spill.as_ref(), tables, options, store);
    // Rows that were lost in it are missing, whatever came of it.
    match spill.and_then(|spill| spill.failure()) {
        Some(failure) => Err(IngestError::Write(failure)),
        None => ingested,
    }
}

fn ingest_through(
    spill: Option<&Spill>,
    tables: &dyn Tables,
    options: Options,
    store: &mut dyn Store,
) -> Result<Ingested, IngestError> {
    let mapping = options.mapping.as_ref();
    let mapping = mapping.map(|mapping| mapping.bytes.clone());
    let wanted = Wanted::everything(ConceptId(0));
    let mut dataset = Dataset::open_spilling(tables, &wanted, options, spill)?;
    if dataset.form() == crate::Form::Charts {
        return Err(IngestError::IsStore);
    }
    // Opening has refused one that is too large.
    let settings = match mapping {
        Some(mapping) => Some(mapping),
        None => bytes_of(tables, settings_file::FILE)?,
    };
    let mut writing = Writing::begin(store).map_err(IngestError::Write)?;
    while dataset.write_next(&mut writing)? {}
    let decisions = dataset.file_of(Table::Decisions);
    if let Some(bytes) = bytes_of(tables, &decisions)? {
        store.file(&decisions, &bytes).map_err(IngestError::Write)?;
    }
    if let Some(settings) = settings {
        store
            .file(settings_file::FILE, &settings)
            .map_err(IngestError::Write)?;
    }
    let problems = dataset.problems().clone();
    let ingested = Ingested {
        patients: writing.patients,
        rows: Table::FACTS
            .into_iter()
            .zip(writing.rows.iter().copied())
            .filter(|(_, rows)| *rows > 0)
            .collect(),
        lost: writing.lost,
        problems,
    };
    let manifest = writing
        .finish(&dataset, &decisions)
        .and_then(|manifest| Ok(serde_json::to_vec_pretty(&manifest)?))
        .map_err(IngestError::Write)?;
    // Written last: a folder without it is no store.
    store
        .file(manifest::FILE, &manifest)
        .map_err(IngestError::Write)?;
    Ok(ingested)
}

fn bytes_of(tables: &dyn Tables, file: &str) -> Result<Option<Vec<u8>>, ReadError> {
    let failed = |cause| ReadError::new(file, cause);
    let Some(mut source) = tables.open(file).map_err(failed)? else {
        return Ok(None);
    };
    let mut bytes = Vec::new();
    source.read_to_end(&mut bytes).map_err(failed)?;
    Ok(Some(bytes))
}

/// A store that is being written.
pub(crate) struct Writing {
    patients_file: Box<dyn RowWriter>,
    lost_file: Box<dyn RowWriter>,
    tables: Vec<Box<dyn RowWriter>>,
    patients: u64,
    rows: [u64; Table::FACTS.len()],
    lost: u64,
    /// The rows of one patient and table.
    held: Held,
}

/// Rows as texts.
#[derive(Default)]
struct Held {
    text: String,
    rows: Vec<HeldRow>,
}

struct HeldRow {
    at: Provenance,
    file: String,
    /// Where its cells end, and behind them the name of its record.
    start: usize,
    ends: [usize; MOST_COLUMNS + 1],
}

impl Writing {
    fn begin(store: &mut dyn Store) -> io::Result<Self> {
        let mut tables = Vec::new();
        for table in Table::FACTS {
            let names = table.columns().iter();
            let mut columns: Vec<NewColumn> = names.map(|name| NewColumn::text(name)).collect();
            columns.extend(PLACE);
            tables.push(store.table(&table.parquet_file(), &columns)?);
        }
        Ok(Writing {
            patients_file: store.table(people::FILE, &people::columns())?,
            lost_file: store.table(losses::FILE, &losses::COLUMNS)?,
            tables,
            patients: 0,
            rows: [0; Table::FACTS.len()],
            lost: 0,
            held: Held::default(),
        })
    }

    /// Writes what a table has of a patient.
    pub(crate) fn table(
        &mut self,
        table: Table,
        feed: &mut Feed,
        person: &Person,
        context: &mut Context<'_>,
        counts: &mut Vec<i64>,
    ) -> Result<(), WriteError> {
        let held = &mut self.held;
        held.text.clear();
        held.rows.clear();
        let mut lost: Vec<LostRow> = Vec::new();
        feed.rows_of(person.whose(), context, |place, item, context| match item {
            Item::Row { cells, .. } => {
                context.tally.used += 1;
                held.add(place, (0..table.columns().len()).map(|at| cells.text(at)));
            }
            Item::Broken { breakage, lookup } => {
                let defect = Defect::broken(breakage, table, place.columns);
                let column = defect.column_name(table);
                lost.push(LostRow {
                    table,
                    code: code_of(lookup.as_ref(), context),
                    column,
                    at: place.at,
                    problem: std::sync::Arc::new(defect.at(place)),
                });
            }
            Item::Lost {
                problem,
                lookup,
                column,
            } => {
                lost.push(LostRow {
                    table,
                    code: code_of(lookup.as_ref(), context),
                    column,
                    at: place.at,
                    problem,
                });
            }
        })
        .map_err(WriteError::Read)?;
        let at = table.place_in_facts().unwrap_or_default();
        let count = held.rows.len();
        counts.push(i64::try_from(count).unwrap_or(i64::MAX));
        if let (Some(file), Some(rows)) = (self.tables.get_mut(at), self.rows.get_mut(at)) {
            *rows += u64::try_from(count).unwrap_or(0);
            let columns = table.columns().len();
            held.write(&person.patient, columns, &mut **file)
                .map_err(WriteError::Write)?;
        }
        for lost in &lost {
            self.lost(lost).map_err(WriteError::Write)?;
        }
        Ok(())
    }

    fn lost(&mut self, lost: &LostRow) -> io::Result<()> {
        let problem = &lost.problem;
        let row = i64::try_from(self.patients).unwrap_or(i64::MAX);
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let (record, column) = (text(&problem.record), text(&problem.column));
        self.lost_file.row(&[
            NewCell::Integer(row),
            NewCell::Text(lost.table.name()),
            NewCell::Text(&lost.code),
            NewCell::Text(lost.column.unwrap_or_default()),
            NewCell::Text(problem.rule.code),
            NewCell::Text(&problem.message),
            NewCell::Text(&column),
            match problem.column_number {
                Some(number) => NewCell::Integer(number.into()),
                None => NewCell::Empty,
            },
            NewCell::Text(&problem.file),
            NewCell::Integer(lost.at.line.into()),
            NewCell::Integer(lost.at.entry.into()),
            NewCell::Text(&record),
        ])?;
        self.lost += 1;
        Ok(())
    }

    /// Writes a patient, behind the rows of all tables.
    pub(crate) fn patient(&mut self, person: &Person, counts: &[i64]) -> io::Result<()> {
        for set_aside in &person.set_aside {
            self.lost(&LostRow {
                table: Table::Patients,
                code: Box::default(),
                column: set_aside.column,
                at: set_aside.at,
                problem: std::sync::Arc::clone(&set_aside.problem),
            })?;
        }
        let [sex, birth, death] = person.as_texts();
        let at = person.at;
        let mut cells = vec![
            NewCell::Text(&person.patient),
            NewCell::Text(sex),
            NewCell::Text(birth),
            NewCell::Text(death),
            NewCell::Text(person.sources.file(at)),
            NewCell::Integer(at.line.into()),
            NewCell::Integer(at.entry.into()),
            NewCell::Text(person.own_record()),
        ];
        cells.extend(counts.iter().map(|count| NewCell::Integer(*count)));
        self.patients_file.row(&cells)?;
        self.patients += 1;
        Ok(())
    }

    fn finish(self, dataset: &Dataset, decisions: &str) -> io::Result<Manifest> {
        self.patients_file.finish()?;
        self.lost_file.finish()?;
        for table in self.tables {
            table.finish()?;
        }
        let mut tables = BTreeMap::new();
        for table in Table::ALL {
            let at = table.place_in_facts();
            let rows = at.and_then(|at| self.rows.get(at).copied()).unwrap_or(0);
            let mut tally = dataset.tally(table);
            if table != Table::Patients {
                // Their fate is decided by whoever reads the store.
                tally.used = 0;
            }
            if table == Table::Decisions {
                // They are read again.
                tally = Tally::default();
            }
            let kept = KeptTable {
                presence: dataset.kept_presence(table),
                rows,
                tally: tally.into(),
                header: dataset.columns_of(table).map(header),
            };
            tables.insert(table.name().to_owned(), kept);
        }
        // Both are read again with the store.
        let is_read_again =
            |file: &str| file == &*dataset.settings().mapping.file || file == decisions;
        let problems = dataset.problems();
        let mut counts: BTreeMap<String, u64> = problems
            .counts()
            .map(|(rule, count)| (rule.code.to_owned(), count))
            .collect();
        let mut listed = Vec::new();
        for problem in problems.listed() {
            if !is_read_again(&problem.file) {
                listed.push(KeptProblem::from(&*problem));
            } else if let Some(count) = counts.get_mut(problem.rule.code) {
                *count = count.saturating_sub(1);
            }
        }
        counts.retain(|_, count| *count > 0);
        Ok(Manifest {
            schema: VERSION.to_owned(),
            form: dataset.form().word().to_owned(),
            patients: self.patients,
            files: dataset.file_names(),
            tables,
            lost: self.lost,
            // No row was decoded, so none of the other rules was used.
            uses: dataset
                .mapping_uses()
                .into_iter()
                .filter(|told| told.rows > 0)
                .map(|told| (told.says, told.rows))
                .collect(),
            counts,
            problems: listed,
        })
    }
}

/// The code of a record that was lost, if that much could be read.
fn code_of(lookup: Option<&Lookup>, context: &Context<'_>) -> Box<str> {
    match lookup {
        Some(Lookup::Wanted(code)) => context.names.dictionary.text(*code).into(),
        _ => Box::default(),
    }
}

fn header(columns: &Columns) -> KeptHeader {
    KeptHeader {
        file: columns.file().to_owned(),
        width: columns.width(),
        positions: columns.positions().to_vec(),
    }
}

impl Held {
    fn add<'t>(&mut self, place: &Place<'t>, cells: impl Iterator<Item = &'t str>) {
        let start = self.text.len();
        let mut ends = [start; MOST_COLUMNS + 1];
        let cells = cells.chain([place.record]);
        for (end, cell) in ends.iter_mut().zip(cells) {
            self.text.push_str(cell);
            *end = self.text.len();
        }
        self.rows.push(HeldRow {
            at: place.at,
            file: place.file.to_owned(),
            start,
            ends,
        });
    }

    fn cell(&self, row: &HeldRow, at: usize) -> &str {
        let start = match at.checked_sub(1) {
            Some(before) => row.ends.get(before).copied(),
            None => Some(row.start),
        };
        let end = row.ends.get(at).copied();
        start
            .zip(end)
            .and_then(|(start, end)| self.text.get(start..end))
            .unwrap_or_default()
    }

    /// Writes the rows by time, so that most are in order when their charts are made.
    fn write(&self, patient: &str, columns: usize, file: &mut dyn RowWriter) -> io::Result<()> {
        let mut rows: Vec<&HeldRow> = self.rows.iter().collect();
        let table = rows.first().map(|row| row.at.table);
        let time = table.map_or(CODE, Table::time_column);
        rows.sort_by(|one, other| {
            let key = |row| (self.cell(row, time), self.cell(row, CODE));
            key(one).cmp(&key(other))
        });
        for row in rows {
            let mut cells = vec![NewCell::Text(patient)];
            let own = (PATIENT + 1..columns).map(|at| NewCell::Text(self.cell(row, at)));
            cells.extend(own);
            cells.extend([
                NewCell::Text(&row.file),
                NewCell::Integer(row.at.line.into()),
                NewCell::Integer(row.at.entry.into()),
                NewCell::Text(self.cell(row, columns)),
            ]);
            file.row(&cells)?;
        }
        Ok(())
    }
}

/// Why a patient could not be written.
pub(crate) enum WriteError {
    Read(io::Error),
    Write(io::Error),
}
