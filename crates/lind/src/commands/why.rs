//! `lind why`: the evidence behind a verdict.

use clap::Args;
use lind_eval::{Bindings, Context, Program, evaluate, explain};
use lind_model::{CriterionId, Effect, Verdict};
use lind_records::{Chart, Dataset};
use lind_report::Evidence;

use crate::Ending;
use crate::commands::cohort::{Cohort, CohortArguments, choice, position, unknown_patient};
use crate::commands::screen::furthest_gate;
use crate::failure::Stop;
use crate::output::Output;
use crate::progress::Progress;
use crate::terminal::Terminal;

/// How many names are kept to say which one was meant.
const NAMES_KEPT: usize = 100_000;

/// Show the evidence behind a patient's verdict, as a tree
#[derive(Debug, Args)]
#[command(
    long_about = "\
Shows the evidence behind a patient's verdict: for each condition its value, the facts that \
were used with file and line, the windows as dates, and what would settle what is open.

Without --criterion, the criteria that fail or are open are shown as trees and the others in a \
line each.",
    after_help = "\
Examples:
  lind why trial.lind --patients cohort --patient P07
  lind why trial.lind --patients cohort --patient P07 --criterion I7 --at screening
  lind why trial.lind --patients cohort --patient P07 --format json

Exit codes: 0 done, 1 the protocol has errors or a record of the patient was set aside, 2 the
work could not be done."
)]
pub(crate) struct WhyArguments {
    #[command(flatten)]
    cohort: CohortArguments,
    /// The patient
    #[arg(long, value_name = "ID")]
    patient: String,
    /// Only this criterion (may be repeated) [default: all]
    #[arg(long, value_name = "ID")]
    criterion: Vec<String>,
    /// The gate [default: the furthest that the patient has reached]
    #[arg(long, value_name = "GATE")]
    at: Option<String>,
    /// Read a passage of the protocol otherwise than it chooses (may be repeated)
    #[arg(long, value_name = "READING=ALTERNATIVE", value_parser = choice)]
    reading: Vec<(String, String)>,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: WhyFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum WhyFormat {
    /// Trees
    Text,
    /// One object, schema lind.why/1
    Json,
}

pub(crate) fn run(arguments: &WhyArguments, terminal: &Terminal) -> Result<Ending, Stop> {
    let Some(cohort) = Cohort::new(&arguments.cohort, terminal)? else {
        return Ok(Ending::Findings);
    };
    let at = arguments.at.as_deref();
    let at = at.map(|name| cohort.milestone(name)).transpose()?;
    let mut asked = Vec::new();
    for name in &arguments.criterion {
        let ids = cohort
            .protocol
            .criteria
            .iter()
            .map(|criterion| &*criterion.id);
        asked.push(CriterionId::from_index(position(name, ids, "criterion")?));
    }
    let choices = cohort.choices(&arguments.reading)?;
    let assumptions = cohort.assumptions(&choices);
    let program = cohort.program(choices)?;

    let progress = Progress::begin("reading tables", terminal.shows_progress());
    let mut dataset = cohort.open(&program.wanted(), 0, terminal)?;
    progress.expect(dataset.patient_count());
    let chart = find(&cohort, &mut dataset, &arguments.patient, &progress)?;
    drop(progress);

    let bindings = Bindings::new(&program, &dataset);
    let context = cohort.context(Context::new(&dataset, &bindings));
    let gate = at.unwrap_or_else(|| furthest_gate(&program, &context, &chart));
    let verdict = evaluate(&program, &context, &chart, gate);
    let explanations = shown(arguments, &asked, &verdict)
        .into_iter()
        .filter_map(|id| Some((id, explain(&program, &context, &chart, gate, id)?)))
        .collect();
    let evidence = Evidence {
        patient: chart.patient.clone(),
        verdict,
        explanations,
    };

    let mut output = Output::standard();
    match arguments.format {
        WhyFormat::Json => {
            let files = &cohort.checked.files;
            output.write(&lind_report::evidence_json(
                program.plan(),
                files,
                &evidence,
            ))?;
            output.write("\n")?;
        }
        WhyFormat::Text => {
            let is_whole = asked.is_empty();
            let text = to_text(
                &cohort,
                &program,
                &evidence,
                &assumptions,
                is_whole,
                terminal,
            );
            output.write(&text)?;
        }
    }
    output.finish()?;
    Ok(tell_set_aside(&cohort, &chart, terminal))
}

/// Reads charts until the patient's comes up.
fn find(
    cohort: &Cohort<'_>,
    dataset: &mut Dataset,
    patient: &str,
    progress: &Progress,
) -> Result<Chart, Stop> {
    let mut names = Vec::new();
    while let Some(chart) = dataset
        .next_chart()
        .map_err(|error| cohort.unreadable(&error))?
    {
        progress.advance(1);
        if *chart.patient == *patient {
            return Ok(chart);
        }
        if names.len() < NAMES_KEPT {
            names.push(chart.patient);
        }
    }
    Err(unknown_patient(patient, names.iter().map(|name| &**name)).into())
}

/// The criteria whose evidence is shown: those that were asked for; else, for people, those that keep the
/// patient out, and for programs all.
fn shown(arguments: &WhyArguments, asked: &[CriterionId], verdict: &Verdict) -> Vec<CriterionId> {
    if !asked.is_empty() {
        return asked.to_vec();
    }
    verdict
        .criteria
        .iter()
        .filter(|criterion| {
            arguments.format == WhyFormat::Json
                || (criterion.due && criterion.effect != Effect::Pass)
        })
        .map(|criterion| criterion.criterion)
        .collect()
}

fn to_text(
    cohort: &Cohort<'_>,
    program: &Program,
    evidence: &Evidence,
    assumptions: &[String],
    is_whole: bool,
    terminal: &Terminal,
) -> String {
    let plan = program.plan();
    let style = terminal.style_of_reports();
    let verdict = &evidence.verdict;
    let mut text = lind_report::evidence_head(plan, &evidence.patient, verdict, style);
    for assumption in assumptions {
        text.push_str(assumption);
        text.push('\n');
    }
    for (id, explanation) in &evidence.explanations {
        text.push('\n');
        let files = &cohort.checked.files;
        text.push_str(&lind_report::evidence_tree(
            plan,
            files,
            verdict,
            *id,
            explanation,
            style,
        ));
    }
    if is_whole {
        text.push('\n');
        for criterion in &verdict.criteria {
            text.push_str(&lind_report::evidence_line(plan, criterion, style));
        }
    }
    if !evidence.explanations.is_empty() {
        text.push('\n');
        text.push_str(&lind_report::evidence_legend(style));
    }
    text
}

/// Tells which records of the patient could not be used.
fn tell_set_aside(cohort: &Cohort<'_>, chart: &Chart, terminal: &Terminal) -> Ending {
    let mut text = String::new();
    for row in &chart.set_aside {
        text.push_str(&cohort.problem_line(&row.problem));
    }
    match chart.set_aside.len() {
        0 => {}
        1 => text.push_str("1 record of this patient was set aside\n"),
        count => text.push_str(&format!("{count} records of this patient were set aside\n")),
    }
    terminal.say(&text);
    Ending::found(!chart.set_aside.is_empty())
}
