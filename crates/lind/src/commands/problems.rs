//! Telling what is wrong with the data.

use lind_diagnostics::{Rule, Severity};
use lind_records::{Dataset, Table};

use crate::commands::cohort::Cohort;
use crate::terminal::Terminal;

/// How many problems of each kind are told; all are counted.
pub(crate) const LISTED: usize = 5;

/// How many records could not be used.
pub(crate) fn set_aside(dataset: &Dataset) -> u64 {
    let tables = Table::ALL.into_iter();
    tables.map(|table| dataset.tally(table).set_aside).sum()
}

/// How many records could not be used, as the last line of a report; empty if there are none.
pub(crate) fn sentence(set_aside: u64) -> String {
    match set_aside {
        0 => String::new(),
        1 => "\n1 record was set aside; what it would have decided is open.\n".to_owned(),
        _ => {
            format!("\n{set_aside} records were set aside; what they would have decided is open.\n")
        }
    }
}

/// Tells the first problems of each kind and how many there are. Gives whether one of them is a finding: a
/// record that was set aside, or a table or a setting that could not be used.
pub(crate) fn tell(cohort: &Cohort<'_>, dataset: &Dataset, terminal: &Terminal) -> bool {
    let problems = dataset.problems();
    let mut text = String::new();
    for problem in problems.listed() {
        if problem.rule.severity != Severity::Note || !terminal.is_quiet {
            text.push_str(&cohort.problem_line(&problem));
        }
    }
    let listed = u64::try_from(LISTED).unwrap_or(u64::MAX);
    for (rule, count) in problems.counts() {
        if count > listed {
            let more = count - listed;
            text.push_str(&format!(
                "and {more} more of {}: {}\n",
                rule.code, rule.summary
            ));
        }
    }
    let set_aside = set_aside(dataset);
    if set_aside > 0 {
        text.push_str(&format!(
            "{set_aside} of {} records set aside\n",
            dataset.rows_read()
        ));
    }
    terminal.say(&text);
    let is_error = |rule: &Rule| rule.severity == Severity::Error;
    set_aside > 0 || problems.counts().any(|(rule, _)| is_error(rule))
}
