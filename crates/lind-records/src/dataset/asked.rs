//! What a data set tells of itself.

use super::{Dataset, Presence};
use crate::person::People;
use crate::{CodeId, Dictionary, Form, HalfLife, Problems, Settings, Symbols, Table, Tally, Units};

impl Dataset {
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

    /// Texts that stand where a unit should and are none, each with the code of its rows and how many
    /// rows have it.
    pub fn unknown_units(&self) -> impl Iterator<Item = (CodeId, &str, u64)> {
        let unknown = self.names.unknown_units.iter();
        unknown.map(|((code, text), rows)| (*code, &**text, *rows))
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

    /// Of charts kept ready: in which form the data came that were ingested. None: these are no such
    /// charts.
    #[must_use]
    pub fn kept_from(&self) -> Option<Form> {
        self.kept_from
    }

    /// What `dataset.toml` says.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// How many patients there are; of bundles that are whole by themselves: how many were met until
    /// now.
    #[must_use]
    pub fn patient_count(&self) -> usize {
        match (&self.parts, &self.people) {
            (Some(parts), _) => parts.patient_count(),
            (None, People::Stored(stored)) => stored.count(),
            (None, _) => self.patients.len(),
        }
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

    /// The declared half-life of a substance.
    #[must_use]
    pub fn half_life(&self, code: &str) -> Option<&HalfLife> {
        self.settings.half_life(code)
    }
}
