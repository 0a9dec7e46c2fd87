//! A set of tables, read patient by patient.

use std::fmt;
use std::io;

use lind_time::When;

use crate::{
    Chart, Completeness, ConceptId, Dictionary, HalfLife, Incompleteness, Problems, Settings,
    Symbols, Table, Tables, Units, Wanted,
};

/// How to read.
#[derive(Clone, Debug)]
pub struct Options {
    /// What is later is left out, as if it were not known yet.
    pub as_of: Option<When>,
    /// How many problems of each kind are listed; the rest are counted.
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
pub struct Dataset {
    dictionary: Dictionary,
    units: Units,
    symbols: Symbols,
    problems: Problems,
    settings: Settings,
}

impl Dataset {
    /// Reads `dataset.toml`, the headers and the order of the rows.
    ///
    /// # Errors
    /// The tables cannot be used at all.
    pub fn open(
        tables: &dyn Tables,
        wanted: &Wanted,
        options: Options,
    ) -> Result<Dataset, OpenError> {
        let _ = (tables, options);
        Ok(Dataset {
            dictionary: Dictionary::default(),
            units: Units::default(),
            symbols: wanted.symbols.clone(),
            problems: Problems::default(),
            settings: Settings::default(),
        })
    }

    /// The charts, in the order of `patients`.
    pub fn charts(&mut self) -> impl Iterator<Item = Result<Chart, ReadError>> {
        std::iter::from_fn(|| self.next_chart().transpose())
    }

    /// The next chart; none after the last.
    ///
    /// # Errors
    /// A file cannot be read any further. There are no more charts then.
    pub fn next_chart(&mut self) -> Result<Option<Chart>, ReadError> {
        Ok(None)
    }

    /// The next charts, at most `count`; none after the last.
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

    /// The codes seen until now.
    #[must_use]
    pub fn dictionary(&self) -> &Dictionary {
        &self.dictionary
    }

    /// The units seen until now.
    #[must_use]
    pub fn units(&self) -> &Units {
        &self.units
    }

    /// The words seen until now.
    #[must_use]
    pub fn symbols(&self) -> &Symbols {
        &self.symbols
    }

    /// What was found wrong until now.
    #[must_use]
    pub fn problems(&self) -> &Problems {
        &self.problems
    }

    /// What `dataset.toml` says.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// How many rows were read until now.
    #[must_use]
    pub fn rows_read(&self) -> u64 {
        0
    }

    /// Whether the table is there and can be read.
    #[must_use]
    pub fn is_present(&self, table: Table) -> bool {
        let _ = table;
        false
    }

    /// Whether a missing row of this code (or of all codes that begin so: `icd10|C*`) means that
    /// the fact is not there.
    #[must_use]
    pub fn complete(&self, table: Table, code: &str) -> Completeness {
        let _ = (table, code);
        Completeness::Incomplete(Incompleteness::TableAbsent)
    }

    /// [`Dataset::complete`] for everything that counts for a concept.
    #[must_use]
    pub fn complete_for(&self, table: Table, concept: ConceptId) -> Completeness {
        let _ = (table, concept);
        Completeness::Incomplete(Incompleteness::TableAbsent)
    }

    /// The declared half-life of a substance.
    #[must_use]
    pub fn half_life(&self, code: &str) -> Option<&HalfLife> {
        self.settings.half_lives.get(code)
    }
}

/// Why the tables cannot be used at all.
#[derive(Debug)]
#[non_exhaustive]
pub enum OpenError {
    /// There is no `patients.csv`.
    NoPatients {
        /// The files that are there.
        found: Vec<String>,
    },
    /// A file cannot be read.
    Read(ReadError),
}

impl fmt::Display for OpenError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            OpenError::NoPatients { found } => write!(
                formatter,
                "this folder is no set of Lind tables: patients.csv is missing; found: {}",
                found.join(", ")
            ),
            OpenError::Read(error) => error.fmt(formatter),
        }
    }
}

impl std::error::Error for OpenError {}

/// A file cannot be read any further.
#[derive(Debug)]
pub struct ReadError {
    /// The name of the file.
    pub file: String,
    /// What the system says.
    pub cause: io::Error,
}

impl fmt::Display for ReadError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} cannot be read: {}", self.file, self.cause)
    }
}

impl std::error::Error for ReadError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.cause)
    }
}
