//! `lind data map`: a mapping file, proposed from what the data hold.

use std::path::PathBuf;

use clap::Args;

use crate::Ending;
use crate::commands::data::Asked;
use crate::commands::data::suggest::Proposal;
use crate::commands::data::survey::Survey;
use crate::failure::{Failure, Stop};
use crate::output::Output;
use crate::terminal::Terminal;

/// Propose a mapping file from what the data hold
#[derive(Debug, Args)]
#[command(
    long_about = "\
Proposes a mapping file from what patients' data hold and what a protocol asks for: codes under \
other names, units, limits, milestones, and which tables are complete.

Nothing of it is applied. Each line has its evidence beside it, and what is not certain is \
commented out: read it, decide, and pass it to other commands with --mapping.",
    after_help = "\
Examples:
  lind data map export --suggest
  lind data map export --protocol trial.lind --suggest > site.toml

Exit codes: 0 done, 1 the protocol has errors, 2 the work could not be done."
)]
pub(crate) struct MapArguments {
    #[command(flatten)]
    asked: Asked,
    /// Propose a mapping file; it is printed and never applied
    #[arg(long)]
    suggest: bool,
    /// Write the proposal to a file instead of the standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(crate) fn run(arguments: &MapArguments, terminal: &Terminal) -> Result<Ending, Stop> {
    if !arguments.suggest {
        return Err(Failure::new("what is to be done with the mapping was not said")
            .help("`lind data map DATA --suggest` proposes one; `lind data check` tells what one was used for")
            .into());
    }
    let Some(survey) = Survey::take(&arguments.asked, terminal)? else {
        return Ok(Ending::Findings);
    };
    let mut output = Output::to(arguments.output.as_deref())?;
    output.write(&Proposal::of(&survey))?;
    output.finish()?;
    Ok(Ending::Clean)
}
