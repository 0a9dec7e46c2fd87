//! `lind test`: the tests inside protocols.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use lind_diagnostics::{Files, Severity};
use lind_model::cases::{CaseResult, Coverage, Mutant, TestCase};
use lind_model::{Plan, Protocol};
use lind_report::TestReport;
use lind_test::Suite;
use rayon::prelude::*;

use crate::Ending;
use crate::commands::screen::workers;
use crate::failure::{Failure, Stop};
use crate::findings::Checked;
use crate::output::Output;
use crate::sources;
use crate::terminal::Terminal;

/// Run the tests inside protocols
#[derive(Debug, Args)]
#[command(
    long_about = "\
Runs the tests inside protocols.

A `test` describes a small patient in the words of the protocol and says what must come out: \
which criteria are met, and whether the patient is eligible. What fails is shown with what was \
expected, what came out, and the evidence.

--coverage tells which outcomes of each criterion, labelled part and condition the tests reach, \
--mutate which small changes of the protocol (a limit, a comparison, the end of a window, a \
part of a list) no test would notice.",
    after_help = "\
Examples:
  lind test                                        every protocol below this folder
  lind test trial.lind --coverage                  what the tests do not reach
  lind test trial.lind --mutate                    what the tests would not notice
  lind test trials --format junit > tests.xml      for a build server

Exit codes: 0 all tests pass, 1 a test fails or a protocol has errors, 2 the work could not be
done. What is not reached or not noticed does not change the exit code."
)]
pub(crate) struct TestArguments {
    /// Protocols, or folders with protocols [default: this folder]; `-` is the standard input
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Say which outcomes the tests reach
    #[arg(long)]
    coverage: bool,
    /// Change the protocol in small ways and say what no test notices
    #[arg(long)]
    mutate: bool,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: TestFormat,
    /// How many processors to use [default: all]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    jobs: Option<u16>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum TestFormat {
    /// A line for each test, and what failed with its evidence
    Text,
    /// One object a file, schema lind.test/1
    Json,
    /// XML as build servers read it
    Junit,
}

/// The tests of one file, run.
struct Done {
    file: String,
    plan: Plan,
    tests: Vec<TestCase>,
    results: Vec<CaseResult>,
    coverage: Option<Coverage>,
    mutants: Option<Vec<Mutant>>,
}

pub(crate) fn run(arguments: &TestArguments, terminal: &Terminal) -> Result<Ending, Stop> {
    let (places, mut failures) = sources::find(&arguments.paths);
    let (mut checked, unreadable) = Checked::all(&places);
    failures.extend(unreadable);
    checked.tell(terminal);
    let has_errors = checked.count_of(Severity::Error) > 0;

    let tests = std::mem::take(&mut checked.tests);
    let protocols = std::mem::take(&mut checked.protocols);
    let is_one = places.len() == 1;
    let mut done = Vec::new();
    for (protocol, tests) in protocols.into_iter().zip(tests) {
        // Among many files, those without a test are no news.
        if let Some(protocol) = protocol.filter(|_| is_one || !tests.is_empty()) {
            done.push(test(
                arguments,
                &protocol,
                tests,
                &checked.files,
                has_errors,
            )?);
        }
    }
    let mut output = Output::standard();
    show(arguments, &done, &checked.files, terminal, &mut output)?;
    let is_silent = done.is_empty() && !has_errors && failures.is_empty();
    if is_silent && arguments.format == TestFormat::Text && !terminal.is_quiet {
        output.write("no tests\n")?;
    }
    output.finish()?;

    if let Some(failure) = Failure::all(failures) {
        return Err(failure.into());
    }
    let has_failed = done
        .iter()
        .any(|done| done.results.iter().any(|result| !result.passed()));
    Ok(Ending::found(has_errors || has_failed))
}

/// Runs the tests of one protocol.
fn test(
    arguments: &TestArguments,
    protocol: &Arc<Protocol>,
    tests: Vec<TestCase>,
    files: &Files,
    has_errors: bool,
) -> Result<Done, Failure> {
    let cannot = |error: lind_test::CannotTest| {
        Failure::new("the tests cannot be run").because(error.to_string())
    };
    let suite = Suite::new(protocol, &tests, files).map_err(cannot)?;
    let plan = suite
        .plan()
        .cloned()
        .ok_or_else(|| Failure::new("the protocol has no plan"))?;
    let results = suite.results();
    let passes = !has_errors && results.iter().all(CaseResult::passed);
    // Against tests that fail anyway, every change would seem to be noticed.
    let mutants = if arguments.mutate && passes {
        Some(mutants(arguments, protocol, &tests, files, &suite)?)
    } else {
        None
    };
    let name = protocol.criteria.first().map_or_else(
        || protocol.id.to_string(),
        |criterion| files.name(criterion.span.file).to_owned(),
    );
    Ok(Done {
        file: tests
            .first()
            .map_or(name, |test| files.name(test.span.file).to_owned()),
        plan,
        results,
        coverage: arguments.coverage.then(|| suite.coverage()),
        mutants,
        tests,
    })
}

/// Tries every mutation out, each processor with patients of its own.
fn mutants(
    arguments: &TestArguments,
    protocol: &Arc<Protocol>,
    tests: &[TestCase],
    files: &Files,
    suite: &Suite,
) -> Result<Vec<Mutant>, Failure> {
    let workers = workers(arguments.jobs)?;
    let mutations = suite.mutations();
    let share = mutations
        .len()
        .div_ceil(workers.current_num_threads())
        .max(1);
    let shares: Vec<Vec<Mutant>> = workers.install(|| {
        mutations
            .par_chunks(share)
            .map(|share| {
                let own = Suite::new(protocol, tests, files)?;
                Ok(share.iter().map(|mutation| own.try_out(mutation)).collect())
            })
            .collect::<Result<_, lind_test::CannotTest>>()
            .map_err(|error| Failure::new("the tests cannot be run").because(error.to_string()))
    })?;
    Ok(shares.into_iter().flatten().collect())
}

fn show(
    arguments: &TestArguments,
    done: &[Done],
    files: &Files,
    terminal: &Terminal,
    output: &mut Output,
) -> Result<(), Stop> {
    let reports: Vec<TestReport<'_>> = done
        .iter()
        .map(|done| TestReport {
            plan: &done.plan,
            files,
            file: &done.file,
            tests: &done.tests,
            results: &done.results,
            coverage: done.coverage.as_ref(),
            mutants: done.mutants.as_deref(),
        })
        .collect();
    let style = terminal.style_of_reports();
    match arguments.format {
        TestFormat::Junit => output.write(&lind_report::junit_xml(&reports))?,
        TestFormat::Json => {
            for report in &reports {
                output.write(&lind_report::tests_json(report))?;
                output.write("\n")?;
            }
        }
        TestFormat::Text => {
            for (index, report) in reports.iter().enumerate() {
                if index > 0 {
                    output.write("\n")?;
                }
                output.write(&lind_report::tests_text(report, terminal.is_quiet, style))?;
                if report.coverage.is_some() {
                    output.write("\n")?;
                    output.write(&lind_report::coverage_text(report, style))?;
                }
                if report.mutants.is_some() {
                    output.write("\n")?;
                    output.write(&lind_report::mutants_text(report, style))?;
                } else if arguments.mutate {
                    output.write("\nmutations: not tried, since a test fails\n")?;
                }
            }
        }
    }
    Ok(())
}
