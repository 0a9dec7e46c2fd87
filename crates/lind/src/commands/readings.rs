//! `lind readings`: what would be different if the protocol were read another way.

use clap::Args;
use lind_eval::{Bindings, Context, Program, evaluate};
use lind_model::{Choices, MilestoneId, ReadingId, Verdict};
use lind_records::Chart;
use lind_report::{OtherReading, Readings};
use rayon::prelude::*;

use crate::Ending;
use crate::commands::cohort::{Cohort, CohortArguments};
use crate::commands::problems;
use crate::commands::screen::{BATCH, furthest_gate, workers};
use crate::failure::{Failure, Stop};
use crate::output::Output;
use crate::progress::Progress;
use crate::terminal::Terminal;

/// Show which patients would stand elsewhere if the protocol were read another way
#[derive(Debug, Args)]
#[command(
    long_about = "\
Shows which patients would stand elsewhere if the protocol were read another way.

Where a protocol can be read in several ways, a `reading` names the alternatives and the chosen \
one. Each other alternative is put in place, one at a time, and every patient is asked again: \
who changes from what to what, at which gate and by which criterion.",
    after_help = "\
Examples:
  lind readings trial.lind --patients cohort
  lind readings trial.lind --patients cohort --reading Q9 --at screening --at enrolment
  lind readings trial.lind --patients cohort --format json

Exit codes: 0 done (even if patients change), 1 the protocol has errors or a record was set
aside, 2 the work could not be done."
)]
pub(crate) struct ReadingsArguments {
    #[command(flatten)]
    cohort: CohortArguments,
    /// Only this reading (may be repeated) [default: all]
    #[arg(long, value_name = "READING")]
    reading: Vec<String>,
    /// The gate at which patients are asked (may be repeated) [default: the furthest each has reached]
    #[arg(long, value_name = "GATE")]
    at: Vec<String>,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: ReadingsFormat,
    /// How many processors to use [default: all]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    jobs: Option<u16>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum ReadingsFormat {
    /// Each reading with who changes, and a table of all
    Text,
    /// One object, schema lind.readings/1
    Json,
}

/// The protocol with one reading put otherwise.
struct Otherwise {
    program: Program,
    bindings: Bindings,
    found: OtherReading,
}

pub(crate) fn run(arguments: &ReadingsArguments, terminal: &Terminal) -> Result<Ending, Stop> {
    let Some(cohort) = Cohort::new(&arguments.cohort, terminal)? else {
        return Ok(Ending::Findings);
    };
    let gates: Vec<MilestoneId> = arguments
        .at
        .iter()
        .map(|name| cohort.milestone(name))
        .collect::<Result<_, _>>()?;
    let asked: Vec<ReadingId> = arguments
        .reading
        .iter()
        .map(|name| cohort.reading(name))
        .collect::<Result<_, _>>()?;
    let chosen = cohort.program(Choices::chosen(&cohort.protocol))?;
    let others = others(&cohort, &asked)?;

    let progress = Progress::begin("reading tables", terminal.shows_progress());
    let programs = others.iter().map(|(_, program)| program);
    let wanted = Program::wanted_by(std::iter::once(&chosen).chain(programs));
    let mut dataset = cohort.open(&wanted, problems::KEPT, terminal)?;
    progress.expect(dataset.patient_count());
    let mut bindings = Bindings::new(&chosen, &dataset);
    let mut others: Vec<Otherwise> = others
        .into_iter()
        .map(|(found, program)| Otherwise {
            bindings: Bindings::new(&program, &dataset),
            program,
            found,
        })
        .collect();
    let workers = workers(arguments.jobs)?;
    let mut patients: u64 = 0;
    loop {
        let charts = dataset
            .next_batch(BATCH)
            .map_err(|error| cohort.unreadable(&error))?;
        if charts.is_empty() {
            break;
        }
        bindings.update(&chosen, &dataset);
        let context = cohort.context(Context::new(&dataset, &bindings));
        let verdicts: Vec<Vec<Verdict>> = workers.install(|| {
            let charts = charts.par_iter();
            charts
                .map(|chart| verdicts(&chosen, &context, chart, &gates))
                .collect()
        });
        for other in &mut others {
            other.bindings.update(&other.program, &dataset);
        }
        let mut runs: Vec<_> = others
            .iter_mut()
            .map(|other| {
                let context = cohort.context(Context::new(&dataset, &other.bindings));
                (&other.program, context, &mut other.found)
            })
            .collect();
        workers.install(|| {
            runs.par_iter_mut().for_each(|(program, context, found)| {
                for (chart, verdicts) in charts.iter().zip(&verdicts) {
                    for verdict in verdicts {
                        let otherwise = evaluate(program, context, chart, verdict.gate);
                        found.compare(&chart.patient, verdict, &otherwise);
                    }
                }
            });
        });
        patients += u64::try_from(charts.len()).unwrap_or(u64::MAX);
        progress.advance(charts.len());
    }
    drop(progress);

    let readings = Readings {
        plan: chosen.plan(),
        shown: asked,
        others: others.into_iter().map(|other| other.found).collect(),
        patients,
    };
    let mut output = Output::standard();
    match arguments.format {
        ReadingsFormat::Text => {
            output.write(&lind_report::readings_text(
                &readings,
                terminal.style_of_reports(),
            ))?;
        }
        ReadingsFormat::Json => {
            output.write(&lind_report::readings_json(&readings))?;
            output.write("\n")?;
        }
    }
    output.finish()?;
    let has_problems = problems::tell(&cohort, &dataset, terminal);
    Ok(Ending::found(has_problems))
}

/// Every alternative that was not chosen, of the readings that were asked for or of all.
fn others(
    cohort: &Cohort<'_>,
    asked: &[ReadingId],
) -> Result<Vec<(OtherReading, Program)>, Failure> {
    let chosen = Choices::chosen(&cohort.protocol);
    let mut others = Vec::new();
    for (index, reading) in cohort.protocol.readings.iter().enumerate() {
        let id = ReadingId::from_index(index);
        if !asked.is_empty() && !asked.contains(&id) {
            continue;
        }
        for alternative in 0..reading.alternatives.len() {
            if alternative != reading.chosen {
                let program = cohort.program(chosen.with(id, alternative))?;
                others.push((OtherReading::new(id, alternative), program));
            }
        }
    }
    Ok(others)
}

/// A patient at each gate that was asked for, or at the furthest that was reached.
fn verdicts(
    program: &Program,
    context: &Context<'_>,
    chart: &Chart,
    gates: &[MilestoneId],
) -> Vec<Verdict> {
    if gates.is_empty() {
        let gate = furthest_gate(program, context, chart);
        return vec![evaluate(program, context, chart, gate)];
    }
    gates
        .iter()
        .map(|gate| evaluate(program, context, chart, *gate))
        .collect()
}
