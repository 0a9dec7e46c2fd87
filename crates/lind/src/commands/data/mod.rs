//! `lind data`: what patients' data hold, and what they have to be told.

mod cdisc;
mod check;
mod coverage;
mod ingest;
mod map;
mod suggest;
mod survey;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use lind_time::When;

use crate::Ending;
use crate::failure::Stop;
use crate::terminal::Terminal;

/// Look into patients' data: what they hold, what is wrong with them, what a protocol lacks
#[derive(Debug, Args)]
#[command(
    long_about = "\
Looks into patients' data before a protocol runs on them: what they hold, what is wrong with them \
and where, and what of a protocol they can decide; proposes a mapping file for what they do not say \
themselves; and keeps them ready for many runs.",
    after_help = "\
Examples:
  lind data check export
  lind data check export --protocol trial.lind --mapping site.toml --format html > data.html
  lind data map export --protocol trial.lind --suggest > site.toml
  lind data ingest export --mapping site.toml -o charts

Exit codes: 0 nothing found, 1 the data have problems, 2 the work could not be done."
)]
pub(crate) struct DataArguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    Check(check::CheckArguments),
    Map(map::MapArguments),
    Ingest(ingest::IngestArguments),
}

/// Which data are looked into, and for which protocol.
#[derive(Debug, Args)]
pub(crate) struct Asked {
    /// The patients' data: a folder, or a zip archive of one, with tables, FHIR, OMOP or SDTM data;
    /// or one file of FHIR
    #[arg(value_name = "DATA")]
    data: PathBuf,
    /// The protocol that is to run on them
    #[arg(long, value_name = "PROTOCOL")]
    protocol: Option<PathBuf>,
    /// Read this mapping file in place of the folder's dataset.toml
    #[arg(long, value_name = "FILE")]
    mapping: Option<PathBuf>,
    /// Leave out what is later, as if it were not known yet
    #[arg(long, value_name = "DATE", value_parser = super::cohort::time)]
    as_of: Option<When>,
}

pub(crate) fn run(arguments: &DataArguments, terminal: &Terminal) -> Result<Ending, Stop> {
    match &arguments.what {
        What::Check(arguments) => check::run(arguments, terminal),
        What::Map(arguments) => map::run(arguments, terminal),
        What::Ingest(arguments) => ingest::run(arguments, terminal),
    }
}
