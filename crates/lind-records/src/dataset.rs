//! A set of tables, read patient by patient.

mod aimed;
mod asked;
mod complete;
mod kept;
mod maker;
mod mapped;
mod opening;
mod portions;

pub use maker::ChartMaker;
pub use portions::{Findings, Portion, PortionReader};

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::sync::Arc;

use lind_time::When;

use self::opening::{limit, read_settings};
use self::portions::Parts;
use crate::cells::{Clock, Names};
use crate::chart::MilestoneRow;
use crate::chosen::Chosen;
use crate::codes::CodeBook;
use crate::decisions::{self, Decisions};
use crate::error::{OpenError, ReadError};
use crate::excerpt::quoted;
use crate::feed::{Context, Feed};
use crate::found_people::FoundPeople;
use crate::gather::{gather, timeline, without_conflicts};
use crate::header::Columns;
use crate::in_utf8::InUtf8;
use crate::intake::{Intake, Presented, Taken};
use crate::mapping::{MappingFile, Settling};
use crate::patients::Patients;
use crate::person::{self, AlongPatients, People, Person};
use crate::place::FileId;
use crate::problem::Recorder;
use crate::records::Records;
use crate::settings::Bundles;
use crate::spill::Spill;
use crate::survey::{self, Survey};
use crate::{
    Chart, Encoding, Form, Problem, Settings, Table, Tables, Tally, Timeline, Wanted, fhir, files,
    omop, rules, sdtm,
};

/// How to read.
#[derive(Clone, Debug)]
pub struct Options {
    /// What is later is left out, as if it were not known yet.
    pub as_of: Option<When>,
    /// How many problems of each kind are listed; all are counted.
    pub listed_per_rule: usize,
    /// Is read in place of the folder's `dataset.toml`.
    pub mapping: Option<MappingFile>,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            as_of: None,
            listed_per_rule: 100,
            mapping: None,
        }
    }
}

/// A set of tables, read patient by patient.
///
/// Charts that are kept ready ([`ingest`](crate::ingest)) are read once, and nothing is held of them
/// but one chart. Lind's own tables are read twice: once when they are opened, for their order and
/// their broken rows, and once for what they say. What is held in memory are the names of the patients and one chart;
/// and, of a table whose rows do not stand in the order of `patients`, the rows that are wanted.
pub struct Dataset {
    form: Form,
    /// Of charts kept ready: in which form they came.
    kept_from: Option<Form>,
    /// What is wanted.
    wanted: Wanted,
    /// What is looked for: what is wanted, where the mapping file says that it is.
    looked_for: Wanted,
    /// The names of milestones.
    milestones: CodeBook,
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
    /// The names of the files that rows come from.
    source_files: Arc<[Arc<str>]>,
    decisions: Decisions,
    /// The parts of the data that are whole by themselves; none: the data are read as one.
    parts: Option<Box<Parts>>,
    /// After the last chart, or an error, there are no more: they would lack rows.
    is_over: bool,
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
        Dataset::open_spilling(tables, wanted, options, None)
    }

    /// As [`Dataset::open`]; rows that come before their patient does wait in a temporary file, if there
    /// is one.
    pub(crate) fn open_spilling(
        tables: &dyn Tables,
        wanted: &Wanted,
        options: Options,
        spill: Option<&Spill>,
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
        let settings = read_settings(tables, options.mapping, &mut recorder)?;
        let looked_for = settings.mapping.applied_to(wanted);
        settings
            .mapping
            .tell_slips(wanted, &looked_for, &mut recorder);
        let clock = Clock {
            site_offset: settings.utc_offset_minutes,
            limit: limit(options.as_of, &settings, &mut recorder),
        };
        let form = match (Form::told_by(&tables.names()), settings.form) {
            // What was said of the source is said of what it became no more.
            (Form::Charts, _) => Form::Charts,
            (told, said) => said.unwrap_or(told),
        };
        let mut dataset = match form {
            Form::Tables => {
                if settings.bundles.is_some() {
                    portions::tell_unused(&settings, &mut recorder);
                }
                let wanted = (wanted, looked_for);
                let in_utf8 = InUtf8(tables);
                let tables = match settings.encoding {
                    Some(Encoding::Windows1252) => &in_utf8,
                    _ => tables,
                };
                Dataset::open_tables(tables, wanted, settings, (clock, spill), recorder)?
            }
            Form::Charts => {
                let wanted = (wanted, looked_for);
                Dataset::of_store(tables, wanted, settings, clock, recorder)?
            }
            Form::Fhir if settings.bundles == Some(Bundles::Whole) => {
                let wanted = (wanted, looked_for);
                Dataset::open_parts(tables, wanted, settings, clock, recorder)?
            }
            _ => {
                if form != Form::Fhir && settings.bundles.is_some() {
                    portions::tell_unused(&settings, &mut recorder);
                }
                let mut intake = Intake::new(&looked_for, &settings.mapping, clock, recorder);
                intake.chosen = Chosen::told(&settings);
                if let Some(spill) = spill {
                    intake.spill_to(spill);
                }
                match form {
                    Form::Tables | Form::Charts => {}
                    Form::Fhir => intake = fhir::read(tables, intake)?,
                    Form::Omop => omop::read(tables, &settings, &mut intake)?,
                    Form::Sdtm => sdtm::read(tables, &settings, &mut intake)?,
                }
                Dataset::of_taken(intake.finish(), (wanted, looked_for), settings, clock)
            }
        };
        dataset.form = form;
        Ok(dataset)
    }

    /// The rows of a source of another form.
    fn of_taken(
        taken: Taken,
        (wanted, looked_for): (&Wanted, Wanted),
        settings: Settings,
        clock: Clock,
    ) -> Dataset {
        let presence = |presented: Presented| Presence::Readable {
            lacks_rows: presented.lacks_rows,
            in_order: false,
            is_complete: presented.is_complete,
        };
        Dataset {
            form: Form::Tables,
            kept_from: None,
            wanted: wanted.clone(),
            milestones: looked_for.book(Table::Milestones),
            looked_for,
            settings,
            clock,
            patients: taken.patients,
            source_files: Arc::clone(&taken.files),
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
            decisions: Decisions::default(),
            parts: None,
            is_over: false,
        }
    }

    fn open_tables(
        tables: &dyn Tables,
        (wanted, looked_for): (&Wanted, Wanted),
        settings: Settings,
        (clock, spill): (Clock, Option<&Spill>),
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
            kept_from: None,
            wanted: wanted.clone(),
            milestones: looked_for.book(Table::Milestones),
            looked_for,
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
            source_files: Arc::clone(&files),
            files,
            decisions: Decisions::default(),
            parts: None,
            is_over: false,
        };
        for table in Table::FACTS {
            dataset.open_facts(tables, table, spill)?;
        }
        dataset.read_decisions(tables)?;
        Ok(dataset)
    }

    fn open_facts(
        &mut self,
        tables: &dyn Tables,
        table: Table,
        spill: Option<&Spill>,
    ) -> Result<(), ReadError> {
        let codes = self.looked_for.book(table);
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
                mapping: &self.settings.mapping,
            };
            Feed::held(table, readable.columns, codes, records, spill, &mut context)
                .map_err(read_error)?
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
        if self.is_over {
            return Ok(None);
        }
        let chart = match self.read_chart() {
            Ok(None) => self.chart_of_next_part(),
            chart => chart,
        };
        self.is_over = !matches!(chart, Ok(Some(_)));
        if matches!(chart, Ok(None)) {
            self.end();
        }
        chart
    }

    /// Says what is known when all was read.
    fn end(&mut self) {
        self.end_parts();
        self.check_all_was_read();
        self.tell_unused();
    }

    /// The next patient of the part at hand, before any row is read.
    fn next_person(&mut self) -> Result<Option<Person>, ReadError> {
        let person = self.people.next(
            &self.patients,
            self.clock,
            self.tallies.entry(Table::Patients).or_default(),
            &mut self.recorder,
        );
        person.map_err(|cause| ReadError::new(&file_of(&self.files, Table::Patients), cause))
    }

    fn read_chart(&mut self) -> Result<Option<Chart>, ReadError> {
        let Some(mut person) = self.next_person()? else {
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
                    mapping: &self.settings.mapping,
                };
                let $rows = gather(self.feeds.get_mut(&table), &mut person, &mut context)
                    .map_err(|cause| ReadError::new(&file_of(&self.files, table), cause))?;
                let $context = &mut context;
                $finish
            }};
            ($table:expr) => {
                rows!($table, |rows, context| timeline(rows, context.names))
            };
        }

        let milestones: Vec<MilestoneRow> = rows!(Table::Milestones, |rows, _context| rows);
        // Milestones may be taken from them too, under other names.
        let named = match self.settings.mapping.milestones.is_empty() && !self.is_sieved() {
            true => Timeline::default(),
            false => timeline(milestones.clone(), &self.names),
        };
        self.aim(&named, &person);
        let observations = rows!(Table::Observations);
        let conditions = rows!(Table::Conditions);
        let treatments = rows!(Table::Treatments);
        let procedures = rows!(Table::Procedures);
        let allergies = rows!(Table::Allergies);
        let adverse_events = rows!(Table::AdverseEvents);
        let attestations = rows!(Table::Attestations);
        let visits = rows!(Table::Visits);
        let assignments = rows!(Table::Assignments);

        let mut derived = Vec::new();
        let mapping = Arc::clone(&self.settings.mapping);
        for (place, rule) in mapping.milestones.iter().enumerate() {
            let mut settling = Settling::default();
            for table in &rule.from {
                match table {
                    Table::Milestones => settling.add(rule, place, &named),
                    Table::Observations => settling.add(rule, place, &observations),
                    Table::Conditions => settling.add(rule, place, &conditions),
                    Table::Treatments => settling.add(rule, place, &treatments),
                    Table::Procedures => settling.add(rule, place, &procedures),
                    Table::Allergies => settling.add(rule, place, &allergies),
                    Table::AdverseEvents => settling.add(rule, place, &adverse_events),
                    Table::Attestations => settling.add(rule, place, &attestations),
                    Table::Visits => settling.add(rule, place, &visits),
                    Table::Assignments => settling.add(rule, place, &assignments),
                    Table::Patients | Table::Decisions => {}
                }
            }
            settling.add_lost(rule, place, &person.set_aside);
            derived.extend(self.settled(rule, &settling, &mut person));
        }
        let milestones = {
            let mut context = Context {
                patients: &self.patients,
                clock: self.clock,
                names: &mut self.names,
                tally: self.tallies.entry(Table::Milestones).or_default(),
                recorder: &mut self.recorder,
                mapping: &mapping,
            };
            let feed = self.feeds.get(&Table::Milestones);
            let rows = without_conflicts(milestones, derived, &mut person, feed, &mut context);
            timeline(rows, &self.names)
        };
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
            by_mapping: person.by_mapping,
        }))
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
