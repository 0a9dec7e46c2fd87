//! A set of tables, read patient by patient.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, Read};
use std::sync::Arc;

use lind_time::When;

use crate::cells::{Clock, Names};
use crate::codes::Pattern;
use crate::decisions::{self, Decisions};
use crate::error::{OpenError, ReadError};
use crate::excerpt::quoted;
use crate::feed::{Context, Feed};
use crate::found_people::FoundPeople;
use crate::gather::{OffsetsTold, gather, timeline, without_conflicts};
use crate::header::Columns;
use crate::intake::{Intake, Presented, Taken};
use crate::patients::Patients;
use crate::person::{self, AlongPatients, People};
use crate::place::FileId;
use crate::problem::Recorder;
use crate::records::Records;
use crate::survey::{self, Survey};
use crate::{
    Chart, Completeness, ConceptId, Dictionary, Form, HalfLife, Incompleteness, Problem, Problems,
    Settings, Symbols, Table, Tables, Tally, Units, Wanted, fhir, files, omop, rules, sdtm,
    settings_file,
};

/// How to read.
#[derive(Clone, Debug)]
pub struct Options {
    /// What is later is left out, as if it were not known yet.
    pub as_of: Option<When>,
    /// How many problems of each kind are listed; all are counted.
    pub listed_per_rule: usize,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            as_of: None,
            listed_per_rule: 100,
        }
    }
}

/// A set of tables, read patient by patient.
///
/// The tables are read twice: once when they are opened, for their order and their broken rows,
/// and once for what they say. What is held in memory are the names of the patients and one chart;
/// and, of a table whose rows do not stand in the order of `patients`, the rows that are wanted.
pub struct Dataset {
    form: Form,
    wanted: Wanted,
    settings: Settings,
    clock: Clock,
    patients: Patients,
    people: People,
    feeds: BTreeMap<Table, Feed>,
    presence: BTreeMap<Table, Presence>,
    names: Names,
    recorder: Recorder,
    tallies: BTreeMap<Table, Tally>,
    /// The names of the files, of Lind's own tables in the order of [`Table::ALL`].
    files: Arc<[Arc<str>]>,
    offsets_told: OffsetsTold,
    decisions: Decisions,
    /// After an error there are no more charts: they would lack rows.
    has_failed: bool,
}

/// What is known of a table besides its rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Presence {
    Absent,
    Unreadable,
    Readable {
        lacks_rows: bool,
        in_order: bool,
        /// Whether the data themselves say that a row that is not there was not.
        is_complete: bool,
    },
}

impl Dataset {
    /// Reads `dataset.toml`, and the tables for the first time.
    ///
    /// # Errors
    /// The tables cannot be used at all: there are no patients, `dataset.toml` cannot be
    /// understood, or a file cannot be read.
    pub fn open(
        tables: &dyn Tables,
        wanted: &Wanted,
        options: Options,
    ) -> Result<Dataset, OpenError> {
        let mut recorder = Recorder::new(options.listed_per_rule);
        for (file, message) in tables.left_alone() {
            recorder.record(Problem {
                rule: &rules::D0806_ENTRY_LEFT_ALONE,
                file: quoted(&file).trim_matches('`').to_owned(),
                line: 1,
                record: None,
                column: None,
                column_number: None,
                message,
            });
        }
        files::tell_refused(&tables.refused(), &mut recorder);
        let settings = read_settings(tables, &mut recorder)?;
        let clock = Clock {
            site_offset: settings.utc_offset_minutes,
            limit: limit(options.as_of, &settings, &mut recorder),
        };
        let form = settings
            .form
            .unwrap_or_else(|| Form::told_by(&tables.names()));
        let mut dataset = match form {
            Form::Tables => Dataset::open_tables(tables, wanted, settings, clock, recorder)?,
            _ => {
                let mut intake = Intake::new(wanted, clock, recorder);
                match form {
                    Form::Tables => {}
                    Form::Fhir => fhir::read(tables, &settings, &mut intake)?,
                    Form::Omop => omop::read(tables, &settings, &mut intake)?,
                    Form::Sdtm => sdtm::read(tables, &settings, &mut intake)?,
                }
                Dataset::of_taken(intake.finish(), wanted, settings, clock)
            }
        };
        dataset.form = form;
        Ok(dataset)
    }

    /// The rows of a source of another form.
    fn of_taken(taken: Taken, wanted: &Wanted, settings: Settings, clock: Clock) -> Dataset {
        let presence = |presented: Presented| Presence::Readable {
            lacks_rows: presented.lacks_rows,
            in_order: false,
            is_complete: presented.is_complete,
        };
        Dataset {
            form: Form::Tables,
            wanted: wanted.clone(),
            settings,
            clock,
            patients: taken.patients,
            people: People::Found(FoundPeople::new(taken.people, taken.files)),
            feeds: taken.feeds,
            presence: taken
                .presented
                .into_iter()
                .map(|(table, presented)| (table, presence(presented)))
                .collect(),
            names: taken.names,
            recorder: taken.recorder,
            tallies: taken.tallies,
            files: Arc::new([]),
            offsets_told: OffsetsTold::new(),
            decisions: Decisions::default(),
            has_failed: false,
        }
    }

    fn open_tables(
        tables: &dyn Tables,
        wanted: &Wanted,
        settings: Settings,
        clock: Clock,
        mut recorder: Recorder,
    ) -> Result<Dataset, OpenError> {
        let names = tables.names();
        files::tell_unknown(&names, &mut recorder);
        let files = files::of_tables(&names, &mut recorder).ok_or_else(|| OpenError::Unusable {
            problems: recorder.problems().listed(),
        })?;
        let mut tallies = BTreeMap::new();
        let mut tally = Tally::default();
        let file = file_of(&files, Table::Patients);
        let first = open(tables, &file)?.ok_or_else(|| OpenError::NoPatients {
            found: files::shown(&names),
        })?;
        let read_error = |cause| ReadError::new(&file, cause);
        let surveyed =
            person::survey(first, clock, &mut tally, &mut recorder).map_err(read_error)?;
        let Some((columns, patients, others)) = surveyed else {
            return Err(OpenError::Unusable {
                problems: recorder.problems().listed(),
            });
        };
        tallies.insert(Table::Patients, tally);
        let mut second = open_again(tables, &file)?;
        begin_again(&mut second, &columns).map_err(read_error)?;

        let mut dataset = Dataset {
            form: Form::Tables,
            wanted: wanted.clone(),
            settings,
            clock,
            patients,
            people: People::Along(Box::new(AlongPatients::new(
                second,
                columns,
                others,
                Arc::clone(&files),
            ))),
            feeds: BTreeMap::new(),
            presence: BTreeMap::new(),
            names: Names {
                symbols: wanted.symbols.clone(),
                ..Names::default()
            },
            recorder,
            tallies,
            files,
            offsets_told: OffsetsTold::new(),
            decisions: Decisions::default(),
            has_failed: false,
        };
        for table in Table::FACTS {
            dataset.open_facts(tables, table)?;
        }
        dataset.read_decisions(tables)?;
        Ok(dataset)
    }

    fn open_facts(&mut self, tables: &dyn Tables, table: Table) -> Result<(), ReadError> {
        let codes = self.wanted.book(table);
        let tally = self.tallies.entry(table).or_default();
        let file = file_of(&self.files, table);
        let survey = match open(tables, &file)? {
            None => Survey::Absent,
            Some(records) => survey::facts(
                table,
                records,
                &self.patients,
                !codes.is_empty(),
                tally,
                &mut self.recorder,
            )
            .map_err(|cause| ReadError::new(&file, cause))?,
        };
        let readable = match survey {
            Survey::Absent => {
                self.presence.insert(table, Presence::Absent);
                return Ok(());
            }
            Survey::Unreadable => {
                self.presence.insert(table, Presence::Unreadable);
                return Ok(());
            }
            Survey::Readable(readable) => readable,
        };
        // Reading along, a row that does not tell whose it is lies between two patients who may
        // own it. In any other order it may be anybody's.
        let lacks_rows = readable.is_of_strangers || (readable.unplaced > 0 && !readable.in_order);
        self.presence.insert(
            table,
            Presence::Readable {
                lacks_rows,
                in_order: readable.in_order,
                is_complete: true,
            },
        );
        if codes.is_empty() {
            return Ok(());
        }
        let read_error = |cause| ReadError::new(&file, cause);
        let mut records = open_again(tables, &file)?;
        begin_again(&mut records, &readable.columns).map_err(read_error)?;
        let feed = if readable.in_order {
            Feed::along(table, readable.columns, codes, records, readable.misnamed)
        } else {
            let mut context = Context {
                patients: &self.patients,
                clock: self.clock,
                names: &mut self.names,
                tally,
                recorder: &mut self.recorder,
            };
            Feed::held(table, readable.columns, codes, records, &mut context).map_err(read_error)?
        };
        self.feeds.insert(table, feed);
        Ok(())
    }

    /// Decisions are few and of no patient: they are read at once.
    fn read_decisions(&mut self, tables: &dyn Tables) -> Result<(), ReadError> {
        let table = Table::Decisions;
        let tally = self.tallies.entry(table).or_default();
        let file = file_of(&self.files, table);
        let presence = match open(tables, &file)? {
            None => Presence::Absent,
            Some(records) => decisions::read(
                records,
                self.clock,
                &mut self.names,
                tally,
                &mut self.recorder,
            )
            .map_err(|cause| ReadError::new(&file, cause))?
            .map_or(Presence::Unreadable, |read| {
                self.decisions = read;
                Presence::Readable {
                    lacks_rows: false,
                    in_order: true,
                    is_complete: true,
                }
            }),
        };
        self.presence.insert(table, presence);
        Ok(())
    }

    /// What was decided of the trial's dose levels, the earliest first. Nothing, if there is no such table: then
    /// [`Dataset::is_present`] says so.
    #[must_use]
    pub fn decisions(&self) -> &Decisions {
        &self.decisions
    }

    /// The charts, in the order of `patients`.
    pub fn charts(&mut self) -> impl Iterator<Item = Result<Chart, ReadError>> {
        std::iter::from_fn(|| self.next_chart().transpose())
    }

    /// The next charts, at most `count`; none after the last. They can be judged elsewhere, at the
    /// same time, while the next ones are read.
    ///
    /// # Errors
    /// As [`Dataset::next_chart`].
    pub fn next_batch(&mut self, count: usize) -> Result<Vec<Chart>, ReadError> {
        let mut charts = Vec::new();
        while charts.len() < count {
            match self.next_chart()? {
                Some(chart) => charts.push(chart),
                None => break,
            }
        }
        Ok(charts)
    }

    /// The next chart; none after the last.
    ///
    /// # Errors
    /// A file cannot be read any further. There are no more charts then.
    pub fn next_chart(&mut self) -> Result<Option<Chart>, ReadError> {
        if self.has_failed {
            return Ok(None);
        }
        let chart = self.read_chart();
        self.has_failed = chart.is_err();
        chart
    }

    fn read_chart(&mut self) -> Result<Option<Chart>, ReadError> {
        let person = self
            .people
            .next(
                &self.patients,
                self.clock,
                self.tallies.entry(Table::Patients).or_default(),
                &mut self.recorder,
            )
            .map_err(|cause| ReadError::new(&file_of(&self.files, Table::Patients), cause))?;
        let Some(mut person) = person else {
            self.check_all_was_read();
            return Ok(None);
        };

        macro_rules! rows {
            ($table:expr, |$rows:ident, $context:ident| $finish:expr) => {{
                let table: Table = $table;
                let mut context = Context {
                    patients: &self.patients,
                    clock: self.clock,
                    names: &mut self.names,
                    tally: self.tallies.entry(table).or_default(),
                    recorder: &mut self.recorder,
                };
                let $rows = gather(
                    self.feeds.get_mut(&table),
                    &mut person,
                    &mut self.offsets_told,
                    &mut context,
                )
                .map_err(|cause| ReadError::new(&file_of(&self.files, table), cause))?;
                let $context = &mut context;
                $finish
            }};
            ($table:expr) => {
                rows!($table, |rows, context| timeline(rows, context))
            };
        }

        let milestones = rows!(Table::Milestones, |rows, context| {
            let feed = self.feeds.get(&Table::Milestones);
            let rows = without_conflicts(rows, &mut person, feed, context);
            timeline(rows, context)
        });
        let observations = rows!(Table::Observations);
        let conditions = rows!(Table::Conditions);
        let treatments = rows!(Table::Treatments);
        let procedures = rows!(Table::Procedures);
        let allergies = rows!(Table::Allergies);
        let adverse_events = rows!(Table::AdverseEvents);
        let attestations = rows!(Table::Attestations);
        let visits = rows!(Table::Visits);
        let assignments = rows!(Table::Assignments);
        Ok(Some(Chart {
            patient: person.patient,
            sex: person.sex,
            birth: person.birth,
            death: person.death,
            at: person.at,
            sources: {
                person.sources.finish();
                person.sources
            },
            milestones,
            observations,
            conditions,
            treatments,
            procedures,
            allergies,
            adverse_events,
            attestations,
            visits,
            assignments,
            set_aside: person.set_aside,
        }))
    }

    /// The codes seen until now.
    #[must_use]
    pub fn dictionary(&self) -> &Dictionary {
        &self.names.dictionary
    }

    /// The units seen until now.
    #[must_use]
    pub fn units(&self) -> &Units {
        &self.names.units
    }

    /// The words seen until now, and those that were asked for.
    #[must_use]
    pub fn symbols(&self) -> &Symbols {
        &self.names.symbols
    }

    /// What was found wrong until now. It is complete after the last chart.
    #[must_use]
    pub fn problems(&self) -> &Problems {
        self.recorder.problems()
    }

    /// In which form the data come.
    #[must_use]
    pub fn form(&self) -> Form {
        self.form
    }

    /// What `dataset.toml` says.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// How many patients there are.
    #[must_use]
    pub fn patient_count(&self) -> usize {
        self.patients.len()
    }

    /// How many rows the tables have.
    #[must_use]
    pub fn rows_read(&self) -> u64 {
        self.tallies.values().map(|tally| tally.read).sum()
    }

    /// What became of the rows of a table. It is complete after the last chart.
    #[must_use]
    pub fn tally(&self, table: Table) -> Tally {
        self.tallies.get(&table).copied().unwrap_or_default()
    }

    /// Whether the table is there and can be read.
    #[must_use]
    pub fn is_present(&self, table: Table) -> bool {
        table == Table::Patients
            || matches!(self.presence.get(&table), Some(Presence::Readable { .. }))
    }

    /// Whether the rows of a table stand in the order of `patients`, so that it is read without
    /// being held in memory.
    #[must_use]
    pub fn is_in_order(&self, table: Table) -> bool {
        table == Table::Patients
            || matches!(
                self.presence.get(&table),
                Some(Presence::Readable { in_order: true, .. })
            )
    }

    /// Whether a missing row of this code (or of all codes that begin so: `icd10|C*`) means that
    /// the fact is not there.
    #[must_use]
    pub fn complete(&self, table: Table, code: &str) -> Completeness {
        self.complete_pattern(table, &Pattern::new(code))
    }

    /// [`Dataset::complete`] for everything that counts for a concept.
    #[must_use]
    pub fn complete_for(&self, table: Table, concept: ConceptId) -> Completeness {
        self.wanted
            .patterns(table, concept)
            .iter()
            .map(|pattern| self.complete_pattern(table, pattern))
            .find(|complete| *complete != Completeness::Complete)
            .unwrap_or_else(|| self.without_declaration(table))
    }

    fn complete_pattern(&self, table: Table, pattern: &Pattern) -> Completeness {
        let declared = self.settings.declared(table, pattern);
        match (self.without_declaration(table), declared) {
            // No declaration brings back rows that cannot be read.
            (
                lost @ Completeness::Incomplete(
                    Incompleteness::TableUnreadable | Incompleteness::RowsOfUnknownPatients,
                ),
                _,
            ) => lost,
            (_, Some(declared)) => declared,
            (undeclared, None) => undeclared,
        }
    }

    fn without_declaration(&self, table: Table) -> Completeness {
        Completeness::Incomplete(match self.presence.get(&table) {
            _ if table == Table::Patients => return Completeness::Complete,
            None | Some(Presence::Absent) => Incompleteness::TableAbsent,
            Some(Presence::Unreadable) => Incompleteness::TableUnreadable,
            Some(Presence::Readable {
                lacks_rows: true, ..
            }) => Incompleteness::RowsOfUnknownPatients,
            Some(Presence::Readable {
                is_complete: false, ..
            }) => Incompleteness::NotDeclared,
            Some(Presence::Readable { .. }) => return Completeness::Complete,
        })
    }

    /// The declared half-life of a substance.
    #[must_use]
    pub fn half_life(&self, code: &str) -> Option<&HalfLife> {
        self.settings.half_life(code)
    }

    /// A file that changed between its two readings has rows whose fate is not known.
    fn check_all_was_read(&mut self) {
        for (table, tally) in &mut self.tallies {
            let missing = tally.read.abs_diff(tally.accounted_for());
            if missing > 0 {
                tally.set_aside += tally.read.saturating_sub(tally.accounted_for());
                self.recorder.record(Problem {
                    rule: &rules::D0763_CHANGED_WHILE_READ,
                    file: file_of(&self.files, *table).to_string(),
                    line: 1,
                    record: None,
                    column: None,
                    column_number: None,
                    message: format!(
                        "{table} had other rows when it was opened than when it was read: it \
                         changed while it was read"
                    ),
                });
            }
        }
    }
}

impl fmt::Debug for Dataset {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Dataset")
            .field("patients", &self.patients.len())
            .field("presence", &self.presence)
            .finish_non_exhaustive()
    }
}

/// The name of the file of one of Lind's own tables.
fn file_of(files: &[Arc<str>], table: Table) -> Arc<str> {
    let file = usize::try_from(FileId::of(table).0).ok();
    let file = file.and_then(|file| files.get(file));
    file.map_or_else(|| table.file().into(), Arc::clone)
}

fn open(tables: &dyn Tables, file: &str) -> Result<Option<Records>, ReadError> {
    Records::open(tables, file).map_err(|cause| ReadError::new(file, cause))
}

fn open_again(tables: &dyn Tables, file: &str) -> Result<Records, ReadError> {
    open(tables, file)?.ok_or_else(|| {
        let cause = io::Error::new(io::ErrorKind::NotFound, "it was there a moment ago");
        ReadError::new(file, cause)
    })
}

/// Passes over the header, which is known.
fn begin_again(records: &mut Records, columns: &Columns) -> io::Result<()> {
    records.step()?;
    records.expect_width(columns.width());
    records.only(&columns.fields());
    Ok(())
}

fn read_settings(tables: &dyn Tables, recorder: &mut Recorder) -> Result<Settings, OpenError> {
    let read_error = |cause| ReadError::new(settings_file::FILE, cause);
    let Some(file) = tables.open(settings_file::FILE).map_err(read_error)? else {
        return Ok(Settings::default());
    };
    let mut bytes = Vec::new();
    file.take(settings_file::LARGEST + 1)
        .read_to_end(&mut bytes)
        .map_err(read_error)?;
    settings_file::read(&bytes, recorder).map_err(|problem| OpenError::Unusable {
        problems: vec![problem],
    })
}

/// The earlier of the as-of date and the cut-off of the data.
fn limit(as_of: Option<When>, settings: &Settings, recorder: &mut Recorder) -> Option<When> {
    let (Some(as_of), Some(cut_off)) = (as_of, settings.cut_off) else {
        return as_of.or(settings.cut_off);
    };
    if as_of.end() <= cut_off.end() {
        return Some(as_of);
    }
    recorder.record(Problem {
        rule: &rules::D0762_AS_OF_AFTER_CUT_OFF,
        file: settings_file::FILE.to_owned(),
        line: 1,
        record: None,
        column: Some("cut_off".to_owned()),
        column_number: None,
        message: format!(
            "the data end at the cut-off {cut_off}, before the as-of date {as_of}; what happened \
             in between is not in them"
        ),
    });
    Some(cut_off)
}
