//! Charts of patients whose rows a program hands over, one patient after another.

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::sync::Arc;

use super::{Dataset, Presence};
use crate::cells::{Clock, Names};
use crate::decisions::Decisions;
use crate::error::ReadError;
use crate::found::{Found, Origin};
use crate::found_people::FoundPeople;
use crate::intake::Intake;
use crate::patients::Patients;
use crate::person::People;
use crate::place::FileId;
use crate::problem::Recorder;
use crate::{Chart, Form, Settings, Table, Wanted};

/// The name of the one patient at hand.
const PATIENT: &str = "patient";

/// Makes charts of rows that a program hands over, as if they stood in Lind's own tables: the same code looks codes up,
/// reads units and times and sets aside what cannot be read. Every table is there, so that what is not in it is not so.
///
/// ```
/// use lind_records::{ChartMaker, ConceptId, Table, Wanted};
///
/// let mut wanted = Wanted::new();
/// wanted.add_code(Table::Observations, ConceptId(0), "hemoglobin");
/// let mut maker = ChartMaker::new(&wanted);
/// let result = [("code", "hemoglobin"), ("value", "11.2"), ("unit", "g/dL"), ("time", "2025-06-16")];
/// let chart = maker.chart(&[("sex", "female")], [(Table::Observations, result)])?;
/// assert_eq!(chart.observations.iter().count(), 1);
/// # Ok::<(), lind_records::ReadError>(())
/// ```
pub struct ChartMaker {
    dataset: Dataset,
    intake: Intake,
    files: Arc<[Arc<str>]>,
}

impl ChartMaker {
    /// Charts with what is wanted of their rows.
    #[must_use]
    pub fn new(wanted: &Wanted) -> Self {
        let settings = Settings::default();
        let looked_for = settings.mapping.applied_to(wanted);
        let clock = Clock::default();
        let recorder = Recorder::new(0);
        let mut intake = Intake::new(&looked_for, &settings.mapping, clock, recorder.of_parts());
        intake.take_by_part();
        let feeds = std::mem::take(&mut intake.feeds);
        let files = Table::ALL.map(|table| Arc::from(table.file()));
        let files: Arc<[Arc<str>]> = Arc::from(files);
        let presence = |table| {
            let presence = Presence::Readable {
                lacks_rows: false,
                in_order: false,
                is_complete: true,
            };
            (table, presence)
        };
        let dataset = Dataset {
            form: Form::Tables,
            kept_from: None,
            wanted: wanted.clone(),
            milestones: looked_for.book(Table::Milestones),
            looked_for,
            settings,
            clock,
            patients: Patients::default(),
            people: People::Found(FoundPeople::new(Vec::new(), Arc::clone(&files))),
            feeds,
            presence: Table::FACTS.into_iter().map(presence).collect(),
            names: Names {
                symbols: wanted.symbols.clone(),
                ..Names::default()
            },
            recorder,
            tallies: BTreeMap::new(),
            files: Arc::clone(&files),
            source_files: Arc::clone(&files),
            decisions: Decisions::default(),
            parts: None,
            is_over: false,
        };
        Self {
            dataset,
            intake,
            files,
        }
    }

    /// The chart of a patient: what their own row of `patients` says, and their rows of other tables. Cells of columns
    /// that a table does not have are left out.
    ///
    /// # Errors
    /// None that is known: nothing is read from anywhere.
    pub fn chart<'r, C>(
        &mut self,
        person: &[(&'r str, &'r str)],
        rows: impl IntoIterator<Item = (Table, C)>,
    ) -> Result<Chart, ReadError>
    where
        C: IntoIterator<Item = (&'r str, &'r str)>,
    {
        self.dataset.lend(&mut self.intake);
        self.intake.begin_part();
        self.take(Table::Patients, person.iter().copied(), 2);
        // Behind the header, as in a file.
        for ((table, cells), line) in rows.into_iter().zip(2..) {
            self.take(table, cells, line);
        }
        let people = self.intake.finish_part(&self.files);
        self.dataset.lend(&mut self.intake);
        self.dataset.people = People::Found(FoundPeople::new(people, Arc::clone(&self.files)));
        let chart = self.dataset.read_chart()?;
        chart.ok_or_else(|| {
            let cause = io::Error::new(io::ErrorKind::InvalidData, "nobody was handed over");
            ReadError::new(Table::Patients.file(), cause)
        })
    }

    fn take<'r>(
        &mut self,
        table: Table,
        cells: impl IntoIterator<Item = (&'r str, &'r str)>,
        line: u32,
    ) {
        let origin = Origin {
            file: FileId::of(table),
            line,
            entry: 0,
            record: "",
        };
        let mut found = Found::new(table, PATIENT, origin);
        for (column, text) in cells {
            let place = table.columns().iter().position(|own| *own == column);
            if let Some(place) = place.filter(|place| *place > 0) {
                found.set(place, text);
            }
        }
        self.intake.row(&found);
    }

    /// The units, codes and words that were met until now.
    #[must_use]
    pub const fn dataset(&self) -> &Dataset {
        &self.dataset
    }
}

impl fmt::Debug for ChartMaker {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("ChartMaker").finish_non_exhaustive()
    }
}
