//! Charts that are kept ready: writing them, and opening them again.

use std::sync::Arc;

use super::{Dataset, Presence, file_of};
use crate::cells::{Clock, Names};
use crate::decisions::Decisions;
use crate::error::ReadError;
use crate::feed::{Context, Feed};
use crate::header::Columns;
use crate::patients::Patients;
use crate::person::People;
use crate::problem::Recorder;
use crate::store::{self, IngestError, KeptPresence, WriteError, Writing};
use crate::{Form, Settings, Table, Tables, Wanted, sdtm};

impl Dataset {
    /// Opens charts that are kept ready.
    pub(super) fn of_store(
        tables: &dyn Tables,
        (wanted, looked_for): (&Wanted, Wanted),
        settings: Settings,
        clock: Clock,
        mut recorder: Recorder,
    ) -> Result<Dataset, ReadError> {
        let opened = store::open(tables, &looked_for, &mut recorder)?;
        let there = tables.names();
        let files = Table::ALL.map(|table| {
            let is_csv = there.iter().any(|name| name == table.file());
            match table {
                Table::Decisions if is_csv => table.file().into(),
                _ => table.parquet_file().into(),
            }
        });
        let presence = |kept: KeptPresence| match kept {
            KeptPresence::Absent => Presence::Absent,
            KeptPresence::Unreadable => Presence::Unreadable,
            KeptPresence::Readable {
                lacks_rows,
                is_complete,
            } => Presence::Readable {
                lacks_rows,
                in_order: true,
                is_complete,
            },
        };
        let mut names = Names {
            symbols: wanted.symbols.clone(),
            ..Names::default()
        };
        if opened.source == Some(Form::Sdtm) {
            names.units.read_as(&sdtm::UNITS);
        }
        let told = settings.mapping.told(&names.uses);
        for (rule, told) in told {
            if let Some(rows) = opened.uses.get(&told.says) {
                names.uses.count_rows(rule, *rows);
            }
        }
        let mut dataset = Dataset {
            form: Form::Charts,
            kept_from: opened.source,
            wanted: wanted.clone(),
            milestones: looked_for.book(Table::Milestones),
            looked_for,
            settings,
            clock,
            patients: Patients::default(),
            people: People::Stored(Box::new(opened.people)),
            feeds: opened.feeds,
            presence: opened
                .presence
                .into_iter()
                .map(|(table, kept)| (table, presence(kept)))
                .collect(),
            names,
            recorder,
            tallies: opened.tallies,
            files: Arc::new(files),
            source_files: opened.files,
            decisions: Decisions::default(),
            parts: None,
            is_over: false,
        };
        dataset.read_decisions(tables)?;
        Ok(dataset)
    }

    /// Writes all that is known of the next patient; whether there is one.
    pub(crate) fn write_next(&mut self, writing: &mut Writing) -> Result<bool, IngestError> {
        let person = loop {
            match self.next_person()? {
                Some(person) => break person,
                None if self.read_part()? => {}
                None => {
                    self.end_parts();
                    self.check_all_was_read();
                    return Ok(false);
                }
            }
        };
        let mut counts = Vec::new();
        for table in Table::FACTS {
            let Some(feed) = self.feeds.get_mut(&table) else {
                counts.push(0);
                continue;
            };
            let mut context = Context {
                patients: &self.patients,
                clock: self.clock,
                names: &mut self.names,
                tally: self.tallies.entry(table).or_default(),
                recorder: &mut self.recorder,
                mapping: &self.settings.mapping,
            };
            let written = writing.table(table, feed, &person, &mut context, &mut counts);
            written.map_err(|error| match error {
                WriteError::Write(cause) => IngestError::Write(cause),
                WriteError::Read(cause) => {
                    ReadError::new(&file_of(&self.files, table), cause).into()
                }
            })?;
        }
        writing
            .patient(&person, &counts)
            .map_err(IngestError::Write)?;
        Ok(true)
    }

    /// Where the columns of a table stand in its file, if it has one of its own.
    pub(crate) fn columns_of(&self, table: Table) -> Option<&Columns> {
        self.feeds.get(&table).and_then(Feed::columns)
    }

    /// The name of the file of one of Lind's own tables.
    pub(crate) fn file_of(&self, table: Table) -> String {
        file_of(&self.files, table).to_string()
    }

    /// The names of the files that rows come from, in the order of their numbers.
    pub(crate) fn file_names(&self) -> Vec<String> {
        self.source_files.iter().map(ToString::to_string).collect()
    }

    /// Whether the source had a table.
    pub(crate) fn kept_presence(&self, table: Table) -> KeptPresence {
        match self.presence.get(&table) {
            None | Some(Presence::Absent) => KeptPresence::Absent,
            Some(Presence::Unreadable) => KeptPresence::Unreadable,
            Some(Presence::Readable {
                lacks_rows,
                is_complete,
                ..
            }) => KeptPresence::Readable {
                lacks_rows: *lacks_rows,
                is_complete: *is_complete,
            },
        }
    }
}
