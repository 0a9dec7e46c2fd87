//! `lind data check`: what data hold, and what is wrong with them.

use std::path::PathBuf;

use clap::Args;
use lind_diagnostics::Severity;

use crate::Ending;
use crate::commands::data::Asked;
use crate::commands::data::survey::Survey;
use crate::failure::Stop;
use crate::output::Output;
use crate::terminal::Terminal;

/// Say what data hold, what is wrong with them, and what of a protocol they can decide
#[derive(Debug, Args)]
#[command(
    long_about = "\
Says what patients' data hold: facts by kind, codes, units, dates, what is missing; every kind of \
problem with its count and its first places; for how many rows each line of the mapping file was \
used. With --protocol also for how many patients each criterion is decided, why it is not for the \
others, and from which codes and units each measure comes.",
    after_help = "\
Examples:
  lind data check export
  lind data check export --protocol trial.lind
  lind data check export --protocol trial.lind --mapping site.toml --format html > data.html

Exit codes: 0 nothing found, 1 the protocol has errors or the data have problems, 2 the work could \
not be done."
)]
pub(crate) struct CheckArguments {
    #[command(flatten)]
    asked: Asked,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: CheckFormat,
    /// Write the results to a file instead of the standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum CheckFormat {
    /// Tables
    Text,
    /// One object, schema lind.data-check/1
    Json,
    /// One page, which loads nothing
    Html,
}

pub(crate) fn run(arguments: &CheckArguments, terminal: &Terminal) -> Result<Ending, Stop> {
    let Some(survey) = Survey::take(&arguments.asked, terminal)? else {
        return Ok(Ending::Findings);
    };
    let check = survey.check();
    let style = match arguments.output {
        Some(_) => lind_report::Style::default(),
        None => terminal.style_of_reports(),
    };
    let text = match arguments.format {
        CheckFormat::Text => lind_report::data_check_text(&check, style),
        CheckFormat::Json => lind_report::data_check_json(&check),
        CheckFormat::Html => lind_report::data_check_html(&check),
    };
    let mut output = Output::to(arguments.output.as_deref())?;
    output.write(&text)?;
    output.finish()?;
    let mut counts = survey.dataset.problems().counts();
    Ok(Ending::found(
        counts.any(|(rule, _)| rule.severity == Severity::Error),
    ))
}
