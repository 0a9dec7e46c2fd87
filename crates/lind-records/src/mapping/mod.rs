//! What the mapping file says of the data beyond what stands in them: which codes are which, which
//! units are meant, which limits hold, which record is which milestone.
//!
//! A rule of the mapping is numbered by its place in [`Mapping`], so that its uses can be counted.

mod codes;
mod milestones;
mod moved;
mod rows;
mod slips;
mod uses;

use std::collections::BTreeMap;
use std::sync::Arc;

use lind_units::{Decimal, Unit};

pub(crate) use codes::{Mapped, Renaming};
pub(crate) use milestones::{Edge, MilestoneRule, Settled, Settling, Take, WITH_END};
pub(crate) use moved::{ColumnRule, MoveRule};
pub(crate) use rows::CodeRules;
pub use uses::MappingUse;
pub(crate) use uses::Uses;

use crate::Sex;
use crate::codes::Pattern;

/// A file that is read in place of the `dataset.toml` of the folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MappingFile {
    /// The name under which its problems are told.
    pub name: String,
    /// What stands in it.
    pub bytes: Vec<u8>,
}

/// What the mapping file says of the data.
#[derive(Clone, Debug, Default)]
pub(crate) struct Mapping {
    /// The name of the file.
    pub(crate) file: Arc<str>,
    /// By the name of a system in lower case.
    pub(crate) systems: BTreeMap<String, SystemRule>,
    pub(crate) codes: Vec<CodeRule>,
    pub(crate) units: Vec<UnitRule>,
    pub(crate) ranges: Vec<RangeRule>,
    pub(crate) milestones: Vec<MilestoneRule>,
    pub(crate) moves: Vec<MoveRule>,
    pub(crate) columns: Vec<ColumnRule>,
    /// What was supplied of a drug, over the days that it was for, is its dose.
    pub(crate) supply: Option<RuleId>,
    /// The line of each rule.
    pub(crate) lines: Vec<u32>,
}

/// Which rule it is: its place in [`Mapping::lines`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct RuleId(pub(crate) usize);

/// A code system under another name.
#[derive(Clone, Debug)]
pub(crate) struct SystemRule {
    pub(crate) id: RuleId,
    /// In lower case.
    pub(crate) other: String,
}

/// Rows of a code count as others too.
#[derive(Clone, Debug)]
pub(crate) struct CodeRule {
    pub(crate) id: RuleId,
    pub(crate) code: Pattern,
    pub(crate) others: Vec<Arc<str>>,
}

/// How a spelling is read where a unit stands.
#[derive(Clone, Debug)]
pub(crate) struct UnitRule {
    pub(crate) id: RuleId,
    /// Of which codes; none: of all.
    pub(crate) code: Option<Pattern>,
    /// As it stands in the data; empty: no unit stands there.
    pub(crate) spelling: Arc<str>,
    pub(crate) unit: Arc<str>,
}

/// The limits of rows that have none.
#[derive(Clone, Debug)]
pub(crate) struct RangeRule {
    pub(crate) id: RuleId,
    pub(crate) code: Pattern,
    pub(crate) low: Option<Decimal>,
    pub(crate) high: Option<Decimal>,
    /// None: for rows without a unit.
    pub(crate) unit: Option<Unit>,
    /// None: for everybody.
    pub(crate) sex: Option<Sex>,
}

impl Mapping {
    /// Gives a rule on this line its number.
    pub(crate) fn number(&mut self, line: u32) -> RuleId {
        self.lines.push(line);
        RuleId(self.lines.len() - 1)
    }

    pub(crate) fn line(&self, rule: RuleId) -> u32 {
        self.lines.get(rule.0).copied().unwrap_or(1)
    }

    /// A code in the system that its own is another name for.
    pub(crate) fn renamed(&self, folded: &str) -> Option<(String, RuleId)> {
        let (system, code) = folded.split_once('|')?;
        let rule = self.systems.get(system)?;
        Some((format!("{}|{code}", rule.other), rule.id))
    }
}
