//! What a store says of itself.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Problem, Tally, rules};

/// The name of the file in which a store says what it is.
pub const FILE: &str = "charts.json";

/// What is written and read. A reader takes no other.
pub(super) const VERSION: &str = "lind.charts/1";

/// What a store says of itself.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Manifest {
    pub(super) schema: String,
    /// The form of the source, by its word in `dataset.toml`.
    pub(super) form: String,
    pub(super) patients: u64,
    /// The names of the files that rows come from.
    pub(super) files: Vec<String>,
    /// By the name of the table.
    pub(super) tables: BTreeMap<String, KeptTable>,
    /// How many records of known patients were lost.
    pub(super) lost: u64,
    /// For how many rows each rule of the mapping was used that decides what a record of the source is a
    /// row of: by what it says.
    #[serde(default)]
    pub(super) uses: BTreeMap<String, u64>,
    /// What was wrong with the source before any row was decoded: how often, by code.
    pub(super) counts: BTreeMap<String, u64>,
    /// The first of each.
    pub(super) problems: Vec<KeptProblem>,
}

/// What a store says of a table.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct KeptTable {
    /// Whether the source had it.
    pub(super) presence: KeptPresence,
    /// How many rows of it are in the store.
    pub(super) rows: u64,
    /// What became of the rows of the source before any was decoded.
    pub(super) tally: KeptTally,
    /// The file of the source, if the table had one of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) header: Option<KeptHeader>,
}

/// Where the columns of a table stood in its file.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct KeptHeader {
    pub(super) file: String,
    pub(super) width: usize,
    pub(super) positions: Vec<Option<usize>>,
}

/// Whether a source had a table.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub(crate) enum KeptPresence {
    #[default]
    Absent,
    Unreadable,
    Readable {
        lacks_rows: bool,
        is_complete: bool,
    },
}

/// A [`Tally`].
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(super) struct KeptTally {
    read: u64,
    used: u64,
    not_wanted: u64,
    set_aside: u64,
    withdrawn: u64,
    later: u64,
    duplicates: u64,
}

impl From<Tally> for KeptTally {
    fn from(tally: Tally) -> Self {
        KeptTally {
            read: tally.read,
            used: tally.used,
            not_wanted: tally.not_wanted,
            set_aside: tally.set_aside,
            withdrawn: tally.withdrawn,
            later: tally.later,
            duplicates: tally.duplicates,
        }
    }
}

impl From<KeptTally> for Tally {
    fn from(kept: KeptTally) -> Self {
        Tally {
            read: kept.read,
            used: kept.used,
            not_wanted: kept.not_wanted,
            // Everything is read of a source that is kept.
            out_of_reach: 0,
            set_aside: kept.set_aside,
            withdrawn: kept.withdrawn,
            later: kept.later,
            duplicates: kept.duplicates,
        }
    }
}

/// A [`Problem`].
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct KeptProblem {
    rule: String,
    file: String,
    line: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    record: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    column: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    column_number: Option<u32>,
    message: String,
}

impl From<&Problem> for KeptProblem {
    fn from(problem: &Problem) -> Self {
        KeptProblem {
            rule: problem.rule.code.to_owned(),
            file: problem.file.clone(),
            line: problem.line,
            record: problem.record.clone(),
            column: problem.column.clone(),
            column_number: problem.column_number,
            message: problem.message.clone(),
        }
    }
}

impl KeptProblem {
    /// The problem; none: its rule is of another version.
    pub(crate) fn problem(self) -> Option<Problem> {
        Some(Problem {
            rule: rule(&self.rule)?,
            file: self.file,
            line: self.line,
            record: self.record,
            column: self.column,
            column_number: self.column_number,
            message: self.message,
        })
    }
}

/// The rule of a code.
pub(super) fn rule(code: &str) -> Option<&'static lind_diagnostics::Rule> {
    rules::ALL.iter().find(|rule| rule.code == code).copied()
}
