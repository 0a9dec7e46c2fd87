//! The commands, each with its arguments and its work.

pub(crate) mod amend;
pub(crate) mod cases;
pub(crate) mod check;
mod cohort;
pub(crate) mod completions;
pub(crate) mod data;
pub(crate) mod diff;
pub(crate) mod document;
pub(crate) mod escalate;
pub(crate) mod explain;
pub(crate) mod format;
pub(crate) mod lint;
pub(crate) mod names;
mod patients_asked;
mod place;
mod problems;
pub(crate) mod readings;
pub(crate) mod report;
pub(crate) mod screen;
pub(crate) mod test;
pub(crate) mod trace;
pub(crate) mod visits;
pub(crate) mod why;

use crate::Ending;
use crate::arguments::Command;
use crate::failure::Stop;
use crate::terminal::Terminal;

/// Does what was asked.
pub(crate) fn run(command: Command, terminal: &Terminal) -> Result<Ending, Stop> {
    match command {
        Command::Check(arguments) => check::run(&arguments, terminal),
        Command::Lint(arguments) => lint::run(&arguments, terminal),
        Command::Fmt(arguments) => format::run(&arguments, terminal),
        Command::Screen(arguments) => screen::run(&arguments, terminal),
        Command::Why(arguments) => why::run(&arguments, terminal),
        Command::Readings(arguments) => readings::run(&arguments, terminal),
        Command::Amend(arguments) => amend::run(&arguments, terminal),
        Command::Diff(arguments) => diff::run(&arguments, terminal),
        Command::Cases(arguments) => cases::run(&arguments, terminal),
        Command::Trace(arguments) => trace::run(&arguments, terminal),
        Command::Report(arguments) => report::run(&arguments, terminal),
        Command::Test(arguments) => test::run(&arguments, terminal),
        Command::Doc(arguments) => document::run(&arguments, terminal),
        Command::Escalate(arguments) => escalate::run(&arguments, terminal),
        Command::Explain(arguments) => explain::run(&arguments, terminal),
        Command::Data(arguments) => data::run(&arguments, terminal),
        Command::Visits(arguments) => visits::run(&arguments, terminal),
        Command::Names(arguments) => names::run(&arguments, terminal),
        Command::Completions(arguments) => completions::run(&arguments),
    }
}
