//! Telling what is wrong with the data.

use std::collections::BTreeMap;
use std::path::Path;

use lind_diagnostics::{Rule, Severity};
use lind_records::{Dataset, Problem, Problems, Table};
use lind_report::csv_row;

use crate::commands::cohort::Cohort;
use crate::failure::Stop;
use crate::output::Output;
use crate::terminal::Terminal;

/// How many problems of each kind are told; all are counted.
const TOLD: u64 = 5;

/// How many problems of each kind the reader keeps in order to tell them.
pub(crate) const KEPT: usize = 5;

/// How many it keeps if all of them are written into a table.
pub(crate) const ALL_KEPT: usize = usize::MAX;

/// How many are kept with charts that are kept ready.
pub(crate) const INGESTED: usize = 1_000;

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
    tell_of(dataset, |problem| cohort.problem_line(problem), terminal)
}

/// The same, each problem in a line of its own.
pub(crate) fn tell_of(
    dataset: &Dataset,
    line: impl Fn(&Problem) -> String,
    terminal: &Terminal,
) -> bool {
    let problems = dataset.problems();
    tell_listed(problems, line, terminal);
    let set_aside = set_aside(dataset);
    if set_aside > 0 {
        terminal.say(&format!(
            "{set_aside} of {} records set aside\n",
            dataset.rows_read()
        ));
    }
    let is_error = |rule: &Rule| rule.severity == Severity::Error;
    set_aside > 0 || problems.counts().any(|(rule, _)| is_error(rule))
}

/// Tells the first problems of each kind and how many there are.
pub(crate) fn tell_listed(
    problems: &Problems,
    line: impl Fn(&Problem) -> String,
    terminal: &Terminal,
) {
    let mut text = String::new();
    let mut told: BTreeMap<&str, u64> = BTreeMap::new();
    for problem in problems.listed() {
        if problem.rule.severity == Severity::Note && terminal.is_quiet {
            continue;
        }
        let told = told.entry(problem.rule.code).or_default();
        if *told < TOLD {
            *told += 1;
            text.push_str(&line(&problem));
        }
    }
    for (rule, count) in problems.counts() {
        let told = told.get(rule.code).copied().unwrap_or_default();
        if told > 0 && count > told {
            let more = count - told;
            text.push_str(&format!(
                "and {more} more of {}: {}\n",
                rule.code, rule.summary
            ));
        }
    }
    terminal.say(&text);
}

/// Writes all problems into a table, by place.
pub(crate) fn write(dataset: &Dataset, path: &Path) -> Result<(), Stop> {
    let mut output = Output::to(Some(path))?;
    output.write(&csv_row([
        "file", "line", "column", "code", "severity", "message",
    ]))?;
    for problem in dataset.problems().listed() {
        let line = problem.line.to_string();
        output.write(&csv_row([
            &problem.file,
            &line,
            problem.column.as_deref().unwrap_or_default(),
            problem.rule.code,
            problem.rule.severity.word(),
            &problem.message,
        ]))?;
    }
    output.finish()
}
