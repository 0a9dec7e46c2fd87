//! What `dataset.toml` says.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use lind_time::When;
use lind_units::Decimal;

use crate::codes::{Pattern, fold};
use crate::mapping::Mapping;
use crate::{Form, Table};

/// What `dataset.toml` says, as far as it can be used.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// In which form the data come; none: the names of the files tell.
    pub form: Option<Form>,
    /// How the texts are written; none: UTF-8, or what the files say themselves.
    pub encoding: Option<Encoding>,
    /// What a bundle of FHIR holds; none: perhaps a part of what is known of its patients.
    pub bundles: Option<Bundles>,
    /// The line on which that is said.
    pub(crate) bundles_line: u32,
    /// The name of the site.
    pub site: Option<String>,
    /// The last day the data cover.
    pub cut_off: Option<When>,
    /// How many minutes the site's clocks are ahead of UTC.
    pub utc_offset_minutes: Option<i32>,
    /// The pinned versions of the code systems.
    pub terminology: BTreeMap<String, String>,
    /// Half-lives by the code of the substance, whose system is in lower case;
    /// [`Settings::half_life`] finds a code however its system is written.
    pub half_lives: BTreeMap<String, HalfLife>,
    pub(crate) tables: BTreeMap<Table, Declared>,
    /// Tables that a section with a slip in its name may be about.
    pub(crate) doubted: BTreeSet<Table>,
    /// What is said of codes, units, limits and milestones.
    pub(crate) mapping: Arc<Mapping>,
}

/// What a bundle of FHIR holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bundles {
    /// Perhaps a part of what is known of its patients: the rest stands elsewhere.
    Parts,
    /// All that is known of its patients, and of nobody else.
    Whole,
}

impl Bundles {
    /// Each with the word for it in `dataset.toml`.
    pub const WORDS: [(&'static str, Bundles); 2] =
        [("parts", Bundles::Parts), ("whole", Bundles::Whole)];
}

/// How the texts of a source are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Encoding {
    /// In UTF-8.
    #[default]
    Utf8,
    /// In the code page of Western European Windows, of which every byte is a character.
    Windows1252,
}

impl Encoding {
    /// The encoding that a name stands for; capitals do not matter.
    #[must_use]
    pub fn named(name: &str) -> Option<Encoding> {
        match name.to_ascii_lowercase().as_str() {
            "utf-8" | "utf8" => Some(Encoding::Utf8),
            "windows-1252" | "cp1252" | "wlatin1" | "latin1" | "iso-8859-1" => {
                Some(Encoding::Windows1252)
            }
            _ => None,
        }
    }
}

/// What is declared of a table.
#[derive(Clone, Debug, Default)]
pub(crate) struct Declared {
    pub(crate) complete: Option<bool>,
    pub(crate) codes: Vec<(Pattern, bool)>,
    /// Which records of the source are its rows; none: those that the reader takes by itself.
    pub(crate) sources: Option<Vec<String>>,
}

/// A declared half-life.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HalfLife {
    /// The number as written; above zero.
    pub value: Decimal,
    /// `minutes`, `hours`, `days` or `weeks`.
    pub unit: &'static str,
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
    /// The source has no say about what it leaves out, and `dataset.toml` says nothing.
    NotDeclared,
    /// There is no such table.
    TableAbsent,
    /// There is such a table and it cannot be read.
    TableUnreadable,
    /// `dataset.toml` says so of the table.
    DeclaredForTable,
    /// `dataset.toml` says so of the code, or of a part of the codes.
    DeclaredForCode,
    /// Rows of the table are broken so that they do not tell whose they are, or none of its rows
    /// is of a patient who is known.
    RowsOfUnknownPatients,
}

impl Settings {
    /// The declared half-life of a substance.
    #[must_use]
    pub fn half_life(&self, code: &str) -> Option<&HalfLife> {
        self.half_lives.get(&fold(code))
    }

    /// Which records of the source are rows of a table, as `sources` in its section says: for FHIR
    /// types of resources, for OMOP tables, for SDTM domains. None: nothing is said.
    #[must_use]
    pub fn sources(&self, table: Table) -> Option<&[String]> {
        self.tables.get(&table)?.sources.as_deref()
    }

    /// What is declared of these codes: the declaration that fits them most closely decides,
    /// unless one about a part of them says that this part is not complete. None: nothing is
    /// declared.
    pub(crate) fn declared(&self, table: Table, asked: &Pattern) -> Option<Completeness> {
        if self.doubted.contains(&table) {
            return Some(Completeness::Incomplete(Incompleteness::DeclaredForTable));
        }
        let declared = self.tables.get(&table)?;
        let parts_missing = declared
            .codes
            .iter()
            .any(|(pattern, complete)| !complete && pattern != asked && asked.covers(pattern));
        let by_code = declared
            .codes
            .iter()
            .filter(|(pattern, _)| pattern.covers(asked))
            .max_by_key(|(pattern, _)| pattern.precision())
            .map(|(_, complete)| *complete);
        match (by_code, declared.complete) {
            _ if parts_missing => Some(Completeness::Incomplete(Incompleteness::DeclaredForCode)),
            (Some(false), _) => Some(Completeness::Incomplete(Incompleteness::DeclaredForCode)),
            (None, Some(false)) => Some(Completeness::Incomplete(Incompleteness::DeclaredForTable)),
            (Some(true), _) | (None, Some(true)) => Some(Completeness::Complete),
            (None, None) => None,
        }
    }
}
