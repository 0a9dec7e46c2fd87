//! `lind escalate`: rules that move between dose levels.

mod design;
mod replay;
mod simulate;
mod table;

use clap::{Args, Subcommand};

use crate::Ending;
use crate::failure::Stop;
use crate::terminal::Terminal;

/// Tables, simulations and replays of dose-escalation designs
#[derive(Debug, Args)]
#[command(
    long_about = "\
Tables and simulations of dose-escalation designs (3+3, BOIN, mTPI-2, mTPI, i3+3, accelerated \
titration), and what a trial did held against the rule of its protocol.

Decisions are exact: no share of toxicities is rounded before it is compared.",
    after_help = "\
Examples:
  lind escalate table --design boin --target 30%
  lind escalate simulate --design boin --design 3+3 --target 30% --rates 5%,10%,30%,50%
  lind escalate replay trial.lind --patients cohort

Exit codes: 0 done, 1 a replay found something, 2 the work could not be done."
)]
pub(crate) struct EscalateArguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    Table(table::TableArguments),
    Simulate(simulate::SimulateArguments),
    Replay(replay::ReplayArguments),
}

/// How tables are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum EscalateFormat {
    /// For a terminal
    Text,
    /// One object for programs
    Json,
    /// For a page among others
    Markdown,
    /// A page of its own, with figures, which loads nothing
    Html,
}

pub(crate) fn run(arguments: &EscalateArguments, terminal: &Terminal) -> Result<Ending, Stop> {
    match &arguments.what {
        What::Table(arguments) => table::run(arguments, terminal),
        What::Simulate(arguments) => simulate::run(arguments, terminal),
        What::Replay(arguments) => replay::run(arguments, terminal),
    }
}
