//! What `dataset.toml` says.

use std::collections::BTreeMap;

use lind_time::When;
use lind_units::Decimal;

/// What `dataset.toml` says, as far as it could be read.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The name of the site.
    pub site: Option<String>,
    /// The last day the data cover.
    pub cut_off: Option<When>,
    /// How many minutes the site's clocks are ahead of UTC.
    pub utc_offset_minutes: Option<i32>,
    /// The pinned versions of the code systems.
    pub terminology: BTreeMap<String, String>,
    /// Half-lives by code.
    pub half_lives: BTreeMap<String, HalfLife>,
}

/// A declared half-life.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HalfLife {
    /// The number as written.
    pub value: Decimal,
    /// The word after it: `days`, `hours`.
    pub unit: String,
    /// Where the number comes from.
    pub source: Option<String>,
}

/// Whether a row that is not there means that the fact is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Completeness {
    /// No row: the fact is not there.
    Complete,
    /// No row: nothing is known.
    Incomplete(Incompleteness),
}

/// Why a missing row says nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Incompleteness {
    /// There is no such table, or none that can be read.
    TableAbsent,
    /// `dataset.toml` says so of the table.
    DeclaredForTable,
    /// `dataset.toml` says so of the code.
    DeclaredForCode,
    /// Rows of the table are broken so that they do not tell whose they are.
    RowsOfUnknownPatients,
}
