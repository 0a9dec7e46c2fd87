//! `lind screen`: who is eligible, and why not.

use std::collections::BTreeSet;
use std::io::IsTerminal;
use std::path::PathBuf;

use clap::Args;
use lind_eval::{Bindings, Context, Program, Scratch, counted_by_caps, evaluate_into, reason};
use lind_model::{Effect, MilestoneId, Standing, Truth, Verdict};
use lind_records::{Chart, Dataset};
use lind_report::{Screened, Style, Tally, TextTable};
use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::Ending;
use crate::commands::cohort::{Cohort, CohortArguments, choice, unknown_patient};
use crate::commands::problems;
use crate::failure::{Failure, Stop};
use crate::output::Output;
use crate::progress::Progress;
use crate::targets::Target;
use crate::terminal::Terminal;

mod portions;

/// How many patients are held at a time. Output must not depend on how many processors there are, so
/// neither does this.
pub(crate) const BATCH: usize = 1024;

/// Room for a worker's explanations.
const WORKER_STACK: usize = 16 << 20;

/// Say for each patient who is eligible, who is not, and what is missing
#[derive(Debug, Args)]
#[command(
    long_about = "\
Says for each patient who is eligible, who is not and why, and what is missing.

Patients come from a folder of tables in CSV or of FHIR or SDTM data, or from one file of FHIR. Each patient is taken to the furthest gate that \
was reached, or to the gate that --at names. A patient is eligible if every criterion that is \
due passes, ineligible if one fails, and undetermined if none fails and one is open: missing \
data never make anybody eligible. A record that cannot be used is set aside, told and counted; \
the criteria that needed it stay open.",
    after_help = "\
Examples:
  lind screen trial.lind --patients cohort
  lind screen trial.lind --patients cohort --at screening --as-of 2025-06-30
  lind screen trial.lind --patients cohort --format csv --output verdicts.csv
  lind screen trial.lind --patients cohort --reading Q9=a_y --patient P07

Exit codes: 0 done (even if nobody is eligible), 1 the protocol has errors or a record was set
aside, 2 the work could not be done."
)]
pub(crate) struct ScreenArguments {
    #[command(flatten)]
    cohort: CohortArguments,
    /// The gate at which all patients are asked [default: the furthest each has reached]
    #[arg(long, value_name = "GATE")]
    at: Option<String>,
    /// Read a passage of the protocol otherwise than it chooses (may be repeated)
    #[arg(long, value_name = "READING=ALTERNATIVE", value_parser = choice)]
    reading: Vec<(String, String)>,
    /// Only this patient (may be repeated)
    #[arg(long, value_name = "ID")]
    patient: Vec<String>,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: ScreenFormat,
    /// How many processors to use [default: all]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    jobs: Option<u16>,
    /// Write the results to a file instead of the standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Write every problem of the data to a file, as CSV; without it the first of each kind are told
    #[arg(long, value_name = "FILE")]
    problems: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum ScreenFormat {
    /// A table, and what keeps patients out
    Text,
    /// One object a patient and line, schema lind.screen/1
    Json,
    /// One row for each patient and criterion
    Csv,
    /// Tables for a page
    Markdown,
}

impl ScreenArguments {
    /// Whether results scroll by on a terminal.
    fn shows_results(&self) -> bool {
        self.output.is_none() && std::io::stdout().is_terminal()
    }

    /// The files that are written.
    fn targets(&self) -> Vec<Target<'_>> {
        let named = [("--output", &self.output), ("--problems", &self.problems)];
        let named = named.into_iter();
        named
            .filter_map(|(option, path)| {
                let path = path.as_deref()?;
                Some(Target { option, path })
            })
            .collect()
    }
}

pub(crate) fn run(arguments: &ScreenArguments, terminal: &Terminal) -> Result<Ending, Stop> {
    let targets = arguments.targets();
    for target in &targets {
        arguments.cohort.are_not(target)?;
    }
    if let [output, problems] = targets.as_slice() {
        problems.is_apart_from(output)?;
    }
    let Some(cohort) = Cohort::new(&arguments.cohort, terminal)? else {
        return Ok(Ending::Findings);
    };
    for target in &targets {
        cohort.uses_not(target)?;
    }
    let at = arguments.at.as_deref();
    let at = at.map(|name| cohort.milestone(name)).transpose()?;
    let program = cohort.program(cohort.choices(&arguments.reading)?)?;

    // Results that scroll by show how far the work has come.
    let scrolls = arguments.shows_results();
    let progress = Progress::begin("reading tables", terminal.shows_progress() && !scrolls);
    let kept = match arguments.problems {
        Some(_) => problems::ALL_KEPT,
        None => problems::KEPT,
    };
    let mut dataset = cohort.open(
        &program.wanted_for_verdicts(!cohort.assumed.is_empty()),
        kept,
        terminal,
    )?;
    progress.expect(dataset.patient_count());

    let mut screening = Screening {
        arguments,
        cohort: &cohort,
        program: &program,
        at,
        page: Page::new(arguments, terminal),
        output: Output::to(arguments.output.as_deref())?,
        workers: workers(arguments.jobs)?,
        tally: Tally::default(),
        seen: BTreeSet::new(),
        first: Vec::new(),
    };
    screening.begin()?;
    if !screening.in_portions(&mut dataset, &progress)? {
        screening.in_order(&mut dataset, &progress)?;
    }
    drop(progress);
    screening.end(&dataset)?;
    if let Some(path) = &arguments.problems {
        problems::write(&dataset, path)?;
    }
    let has_problems = problems::tell(&cohort, &dataset, terminal);
    Ok(Ending::found(has_problems))
}

/// A run over all patients.
struct Screening<'a> {
    arguments: &'a ScreenArguments,
    cohort: &'a Cohort<'a>,
    program: &'a Program,
    at: Option<MilestoneId>,
    page: Page,
    output: Output,
    workers: ThreadPool,
    tally: Tally,
    /// The names of all patients, if some were asked for by name.
    seen: BTreeSet<String>,
    /// Those who wait for the text table to be laid out.
    first: Vec<Screened>,
}

/// What came of a patient.
struct Judged {
    screened: Screened,
    /// As it is written; empty in a text table, which is laid out for the first patients.
    row: String,
    caps: Vec<Truth>,
}

/// Judges patients, on any thread.
#[derive(Clone, Copy)]
struct Judge<'a> {
    program: &'a Program,
    page: &'a Page,
    at: Option<MilestoneId>,
}

impl Judge<'_> {
    fn judge(&self, context: &Context<'_>, chart: &Chart, scratch: &mut Scratch) -> Judged {
        let screened = screen(self.program, context, chart, self.at, scratch);
        let verdict = &screened.verdict;
        let caps = if verdict.standing == Standing::Eligible {
            counted_by_caps(self.program, context, chart, verdict.gate, scratch)
        } else {
            Vec::new()
        };
        Judged {
            row: self.page.row(self.program, &screened),
            screened,
            caps,
        }
    }
}

impl Screening<'_> {
    /// Reads the charts one by one, and judges a batch of them at a time.
    fn in_order(&mut self, dataset: &mut Dataset, progress: &Progress) -> Result<(), Stop> {
        let mut bindings = Bindings::new(self.program, dataset);
        loop {
            let charts = dataset
                .next_batch(BATCH)
                .map_err(|error| self.cohort.unreadable(&error))?;
            if charts.is_empty() {
                return Ok(());
            }
            bindings.update(self.program, dataset);
            let context = self.cohort.context(Context::new(dataset, &bindings));
            self.batch(&charts, &context)?;
            progress.advance(charts.len());
        }
    }

    /// Who can judge a patient on any thread.
    fn judge(&self) -> Judge<'_> {
        Judge {
            program: self.program,
            page: &self.page,
            at: self.at,
        }
    }

    fn begin(&mut self) -> Result<(), Stop> {
        let choices = &self.program.plan().choices;
        let gate = match &self.arguments.at {
            Some(name) => format!("all patients at {}", lind_report::one_line(name)),
            None => "each patient at the furthest gate reached".to_owned(),
        };
        let mut said = vec![gate];
        said.extend(self.cohort.assumptions(choices));
        let title = self.cohort.title();
        self.output
            .write(&self.page.begin(&title, &said.join("; ")))
    }

    /// Evaluates charts in parallel, and writes and counts them in their order.
    fn batch(&mut self, charts: &[Chart], context: &Context<'_>) -> Result<(), Stop> {
        let wanted: BTreeSet<&str> = self.arguments.patient.iter().map(String::as_str).collect();
        if !wanted.is_empty() {
            let names = charts.iter().map(|chart| chart.patient.to_string());
            self.seen.extend(names);
        }
        let charts: Vec<&Chart> = charts
            .iter()
            .filter(|chart| wanted.is_empty() || wanted.contains(&*chart.patient))
            .collect();
        if charts.is_empty() {
            return Ok(());
        }
        let names = charts.iter().map(|chart| &*chart.patient);
        let head = self.page.first_patients(self.program, names);
        self.output.write(&head)?;
        let judge = self.judge();
        let done: Vec<Judged> = self.workers.install(|| {
            charts
                .par_iter()
                .map_init(Scratch::new, |scratch, chart| {
                    judge.judge(context, chart, scratch)
                })
                .collect()
        });
        for judged in done {
            self.tally.add(&judged.screened.verdict);
            self.tally.add_caps(&judged.caps);
            self.output.write(&judged.row)?;
        }
        self.output.flush()
    }

    fn end(mut self, dataset: &Dataset) -> Result<(), Stop> {
        let missing: Vec<Failure> = self
            .arguments
            .patient
            .iter()
            .filter(|name| !self.seen.contains(*name))
            .map(|name| unknown_patient(name, self.seen.iter().map(String::as_str)))
            .collect();
        let set_aside = problems::set_aside(dataset);
        let end = self.page.end(self.program, &self.tally, set_aside);
        self.output.write(&end)?;
        self.output.finish()?;
        match Failure::all(missing) {
            Some(failure) => Err(failure.into()),
            None => Ok(()),
        }
    }
}

/// One patient, with the reason for every criterion that does not pass.
fn screen(
    program: &Program,
    context: &Context<'_>,
    chart: &Chart,
    at: Option<MilestoneId>,
    scratch: &mut Scratch,
) -> Screened {
    let gate = at.unwrap_or_else(|| furthest_gate(program, context, chart));
    let mut verdict = Verdict {
        gate,
        standing: Standing::Undetermined,
        criteria: Vec::new(),
    };
    evaluate_into(program, context, chart, gate, scratch, &mut verdict);
    let reasons = verdict
        .criteria
        .iter()
        .filter(|criterion| criterion.effect != Effect::Pass)
        .map(|criterion| {
            let reason = reason(program, context, chart, gate, criterion.criterion);
            (criterion.criterion, reason)
        })
        .collect();
    Screened {
        patient: chart.patient.clone(),
        verdict,
        reasons,
    }
}

/// The furthest gate that a patient has reached; the first one for those who have reached none.
pub(crate) fn furthest_gate(
    program: &Program,
    context: &Context<'_>,
    chart: &Chart,
) -> MilestoneId {
    program
        .gate_reached(chart, context)
        .or_else(|| program.plan().gates.first().copied())
        .unwrap_or(MilestoneId(0))
}

/// Patients in one of the formats.
struct Page {
    format: ScreenFormat,
    style: Style,
    /// Whether a terminal shows it, which must not act on what the data say.
    is_shown: bool,
    /// The layout of the text table, once the first patients are known.
    table: Option<TextTable>,
}

impl Page {
    fn new(arguments: &ScreenArguments, terminal: &Terminal) -> Self {
        let style = if arguments.output.is_some() {
            // A file looks the same from wherever it was written.
            Style::default()
        } else {
            terminal.style_of_reports()
        };
        Self {
            format: arguments.format,
            style,
            is_shown: arguments.shows_results(),
            table: None,
        }
    }

    fn begin(&self, title: &str, said: &str) -> String {
        match self.format {
            ScreenFormat::Text => TextTable::title(title, said, self.style),
            ScreenFormat::Json => String::new(),
            ScreenFormat::Csv => lind_report::csv_header(),
            ScreenFormat::Markdown => lind_report::markdown_head(title, said),
        }
    }

    /// Lays the table out for the first patients, and gives its head.
    fn first_patients<'p>(
        &mut self,
        program: &Program,
        names: impl Iterator<Item = &'p str>,
    ) -> String {
        if self.format != ScreenFormat::Text || self.table.is_some() {
            return String::new();
        }
        let table = TextTable::new(program.plan(), names, self.style);
        self.table = Some(table);
        table.head()
    }

    fn row(&self, program: &Program, screened: &Screened) -> String {
        let plan = program.plan();
        match self.format {
            ScreenFormat::Text => {
                let table = self.table.as_ref();
                table.map_or_else(String::new, |table| table.row(plan, screened))
            }
            ScreenFormat::Json => lind_report::json_line(plan, screened) + "\n",
            ScreenFormat::Csv => self.table_of_data(lind_report::csv_rows(plan, screened)),
            ScreenFormat::Markdown => lind_report::markdown_row(plan, screened),
        }
    }

    /// Rows that give the data as they are, made harmless where a terminal shows them.
    fn table_of_data(&self, rows: String) -> String {
        if self.is_shown {
            lind_report::visible(&rows)
        } else {
            rows
        }
    }

    fn end(&self, program: &Program, tally: &Tally, set_aside: u64) -> String {
        let plan = program.plan();
        let sentence = problems::sentence(set_aside);
        match self.format {
            ScreenFormat::Text => {
                let blank = if self.table.is_some() { "\n" } else { "" };
                format!("{blank}{}{sentence}", tally.to_text(plan, self.style))
            }
            ScreenFormat::Json | ScreenFormat::Csv => String::new(),
            ScreenFormat::Markdown => {
                format!("{}{sentence}", lind_report::markdown_tally(plan, tally))
            }
        }
    }
}

/// As many workers as were asked for, or as there are processors.
pub(crate) fn workers(jobs: Option<u16>) -> Result<ThreadPool, Failure> {
    ThreadPoolBuilder::new()
        .num_threads(jobs.map_or(0, usize::from))
        .stack_size(WORKER_STACK)
        .build()
        .map_err(|error| {
            Failure::new("the work cannot be spread over processors").because(error.to_string())
        })
}

#[cfg(test)]
mod tests {
    use super::{Page, ScreenFormat};
    use lind_report::Style;

    #[test]
    fn a_terminal_does_not_act_on_a_table_of_data_and_a_file_gets_them_as_they_are() {
        let mut page = Page {
            format: ScreenFormat::Csv,
            style: Style::default(),
            is_shown: true,
            table: None,
        };
        let rows = "P\u{1b}[2J07,eligible\n\u{202e}P08,eligible\n";
        let shown = "P<U+001B>[2J07,eligible\n<U+202E>P08,eligible\n";
        assert_eq!(page.table_of_data(rows.to_owned()), shown);
        page.is_shown = false;
        assert_eq!(page.table_of_data(rows.to_owned()), rows);
    }
}
