//! `lind report`: the results of a trial.

use clap::Args;
use lind_eval::{Bindings, Context};
use lind_records::Chart;

use crate::Ending;
use crate::commands::cohort::{Cohort, CohortArguments, choice};
use crate::commands::problems;
use crate::failure::{Failure, Stop};
use crate::output::Output;
use crate::progress::Progress;
use crate::terminal::Terminal;

/// How many charts are read at a time.
const BATCH: usize = 1_000;

/// Compute the endpoints of a trial and print its tables
#[derive(Debug, Args)]
#[command(
    long_about = "\
Computes what a protocol declares beyond eligibility from the patients' data: who belongs to \
which population, what each endpoint is of each participant, and how that sums up.

Numbers are rounded and percentages are written as the protocol's `statistics` say. What cannot \
be told of a participant is counted as unknown, with the reason below its table.",
    after_help = "\
Examples:
  lind report trial.lind --patients cohort
  lind report trial.lind --patients cohort --as-of 2024-04-08
  lind report trial.lind --patients cohort --format html > report.html

Exit codes: 0 done, 1 the protocol has errors or a record was set aside, 2 the work could not be \
done."
)]
pub(crate) struct ReportArguments {
    #[command(flatten)]
    cohort: CohortArguments,
    /// Read a passage of the protocol otherwise than it chooses (may be repeated)
    #[arg(long, value_name = "READING=ALTERNATIVE", value_parser = choice)]
    reading: Vec<(String, String)>,
    /// The data are only a part of the trial, such as one centre's
    #[arg(long)]
    part: bool,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "markdown")]
    format: ReportFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum ReportFormat {
    /// Tables
    Markdown,
    /// One page with tables and figures, which loads nothing
    Html,
}

pub(crate) fn run(arguments: &ReportArguments, terminal: &Terminal) -> Result<Ending, Stop> {
    let Some(cohort) = Cohort::new(&arguments.cohort, terminal)? else {
        return Ok(Ending::Findings);
    };
    let trial = &cohort.protocol.trial;
    if trial.populations.is_empty() && trial.endpoints.is_empty() {
        return Err(Failure::new("this protocol declares nothing to report")
            .help("a report needs `population` and `endpoint`; `lind screen` tells who is eligible")
            .into());
    }
    let program = cohort.program(cohort.choices(&arguments.reading)?)?;
    let mut wanted = program.wanted();
    lind_analysis::want(&mut wanted, &cohort.protocol);

    let progress = Progress::begin("reading tables", terminal.shows_progress());
    let mut dataset = cohort.open(&wanted, problems::KEPT, terminal)?;
    progress.expect(dataset.patient_count());
    let mut charts: Vec<Chart> = Vec::new();
    loop {
        let batch = dataset
            .next_batch(BATCH)
            .map_err(|error| cohort.unreadable(&error))?;
        if batch.is_empty() {
            break;
        }
        progress.advance(batch.len());
        charts.extend(batch);
    }
    drop(progress);

    let bindings = Bindings::new(&program, &dataset);
    let context = cohort.context(Context::new(&dataset, &bindings));
    let as_of = cohort.as_of();
    let mut results = lind_analysis::analyse(&program, &context, &dataset, &charts, as_of);
    let is_whole = !arguments.part;
    results.decisions =
        lind_analysis::decisions(&program, &context, &dataset, &charts, as_of, is_whole);
    let text = match arguments.format {
        ReportFormat::Markdown => lind_report::results_markdown(&cohort.protocol, &results),
        ReportFormat::Html => lind_report::results_html(&cohort.protocol, &results),
    };
    let mut output = Output::standard();
    output.write(&text)?;
    output.finish()?;
    Ok(Ending::found(problems::tell(&cohort, &dataset, terminal)))
}
