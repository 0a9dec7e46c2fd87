//! What is wrong with the data.

use std::collections::BTreeMap;
use std::sync::Arc;

use lind_diagnostics::Rule;

/// One thing that is wrong with the data, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What it is.
    pub rule: &'static Rule,
    /// The name of the file.
    pub file: String,
    /// The line in the file, from 1.
    pub line: u32,
    /// The name of the column, or of the key in `dataset.toml`.
    pub column: Option<String>,
    /// Which column of the file it is, from 1.
    pub column_number: Option<u32>,
    /// A sentence. It shows at most the offending field, cut to 40 characters.
    pub message: String,
}

/// What is wrong with the data: how much, and the first of each kind.
#[derive(Clone, Debug, Default)]
pub struct Problems {
    pub(crate) counts: BTreeMap<&'static Rule, u64>,
    pub(crate) listed: Vec<Arc<Problem>>,
}

impl Problems {
    /// How often each rule was broken, by code.
    pub fn counts(&self) -> impl Iterator<Item = (&'static Rule, u64)> {
        self.counts.iter().map(|(rule, count)| (*rule, *count))
    }

    /// The first problems of each kind, by file, line and column.
    #[must_use]
    pub fn listed(&self) -> &[Arc<Problem>] {
        &self.listed
    }

    /// All of them, whether listed or not.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.counts.values().sum()
    }
}
