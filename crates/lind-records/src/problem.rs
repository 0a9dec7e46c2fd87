//! What is wrong with the data.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use lind_diagnostics::Rule;

use crate::Table;

/// One thing that is wrong with the data, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What it is.
    pub rule: &'static Rule,
    /// The name of the file.
    pub file: String,
    /// The line in the file, or the number of the row, from 1.
    pub line: u32,
    /// The record within the file, if it has a name of its own: `Observation/f001`.
    pub record: Option<String>,
    /// The name of the column, or of the key in `dataset.toml`.
    pub column: Option<String>,
    /// Which column of the file it is, from 1.
    pub column_number: Option<u32>,
    /// A sentence. It shows at most the offending field, cut to 40 characters.
    pub message: String,
}

impl Problem {
    /// By file, line, record, column and rule, so that lists do not depend on the order of reading.
    fn place(&self) -> (&str, u32, Option<&str>, u32, &'static str) {
        (
            &self.file,
            self.line,
            self.record.as_deref(),
            self.column_number.unwrap_or_default(),
            self.rule.code,
        )
    }
}

/// What is wrong with the data: how much, and the first of each kind.
#[derive(Clone, Debug, Default)]
pub struct Problems {
    kinds: BTreeMap<&'static Rule, Kind>,
}

#[derive(Clone, Debug, Default)]
struct Kind {
    count: u64,
    /// Sorted by place.
    listed: Vec<Arc<Problem>>,
}

impl Problems {
    /// How often each rule was broken, by code.
    pub fn counts(&self) -> impl Iterator<Item = (&'static Rule, u64)> {
        self.kinds.iter().map(|(rule, kind)| (*rule, kind.count))
    }

    /// The first problems of each kind, by file, line and column.
    #[must_use]
    pub fn listed(&self) -> Vec<Arc<Problem>> {
        let mut listed: Vec<_> = self
            .kinds
            .values()
            .flat_map(|kind| kind.listed.iter().cloned())
            .collect();
        listed.sort_by(|one, other| one.place().cmp(&other.place()));
        listed
    }

    /// All of them, whether listed or not.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.kinds.values().map(|kind| kind.count).sum()
    }
}

/// Something that is told where it is first met, and not again.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Once {
    /// The offsets from UTC of a column are not applied.
    Offset(Table, usize),
    /// No code of a system is looked for in a table.
    System(Table, Arc<str>),
}

/// How many systems of a table of which no code is looked for are told of.
const MOST_SYSTEMS: usize = 64;

/// Collects problems while tables are read.
#[derive(Debug)]
pub(crate) struct Recorder {
    problems: Problems,
    listed_per_rule: usize,
    told: BTreeSet<Once>,
    /// What was told for the first time, where whoever reads all parts decides whether it was; none: it
    /// is decided here.
    told_here: Option<Vec<(Once, Problem)>>,
}

/// What one part of the data adds to the problems.
#[derive(Debug, Default)]
pub(crate) struct PartProblems {
    problems: Problems,
    told: Vec<(Once, Problem)>,
}

impl Recorder {
    pub(crate) fn new(listed_per_rule: usize) -> Self {
        Recorder {
            problems: Problems::default(),
            listed_per_rule,
            told: BTreeSet::new(),
            told_here: None,
        }
    }

    /// Collects the problems of parts of the data, each by itself.
    pub(crate) fn of_parts(&self) -> Self {
        Recorder {
            told_here: Some(Vec::new()),
            ..Recorder::new(self.listed_per_rule)
        }
    }

    /// Ends a part of the data.
    pub(crate) fn take_part(&mut self) -> PartProblems {
        self.told.clear();
        PartProblems {
            problems: std::mem::take(&mut self.problems),
            told: self
                .told_here
                .as_mut()
                .map(std::mem::take)
                .unwrap_or_default(),
        }
    }

    /// Adds what a part of the data has, which stands behind all that were added before.
    pub(crate) fn add_part(&mut self, part: PartProblems) {
        for (rule, kind) in part.problems.kinds {
            let count = kind.count;
            let listed = u64::try_from(kind.listed.len()).unwrap_or(u64::MAX);
            for problem in kind.listed {
                self.record_shared(problem);
            }
            let kind = self.problems.kinds.entry(rule).or_default();
            kind.count = kind.count.saturating_add(count.saturating_sub(listed));
        }
        for (once, problem) in part.told {
            self.once(once, || problem);
        }
    }

    /// Records a problem, unless its like was recorded before.
    pub(crate) fn once(&mut self, once: Once, problem: impl FnOnce() -> Problem) {
        if self.told.contains(&once) {
            return;
        }
        if let Once::System(table, _) = &once {
            let of_table = |told: &&Once| matches!(told, Once::System(other, _) if other == table);
            if self.told.iter().filter(of_table).count() >= MOST_SYSTEMS {
                return;
            }
        }
        self.told.insert(once.clone());
        match &mut self.told_here {
            Some(told) => told.push((once, problem())),
            None => {
                self.record(problem());
            }
        }
    }

    /// Counts a problem, and keeps it if it is one of the first of its kind by place, whenever it
    /// was found.
    pub(crate) fn record(&mut self, problem: Problem) -> Arc<Problem> {
        self.record_shared(Arc::new(problem))
    }

    fn record_shared(&mut self, problem: Arc<Problem>) -> Arc<Problem> {
        let kind = self.problems.kinds.entry(problem.rule).or_default();
        kind.count = kind.count.saturating_add(1);
        let is_later = |last: &Arc<Problem>| last.place() <= problem.place();
        let full = kind.listed.len() >= self.listed_per_rule;
        if !(full && kind.listed.last().is_none_or(is_later)) {
            let at = kind
                .listed
                .partition_point(|other| other.place() <= problem.place());
            kind.listed.insert(at, Arc::clone(&problem));
            kind.listed.truncate(self.listed_per_rule);
        }
        problem
    }

    /// Counts problems that are not listed.
    pub(crate) fn count(&mut self, rule: &'static Rule, more: u64) {
        if more > 0 {
            let kind = self.problems.kinds.entry(rule).or_default();
            kind.count = kind.count.saturating_add(more);
        }
    }

    pub(crate) fn problems(&self) -> &Problems {
        &self.problems
    }
}
