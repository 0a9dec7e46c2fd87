//! `lind escalate replay`: what a trial did, held against the rule of its protocol.

use clap::Args;
use lind_analysis::{NoRule, Rule};
use lind_escalation::replay::{Participant, Run, replay};
use lind_eval::{Bindings, Context, Program};
use lind_model::{Choices, Protocol};
use lind_records::Dataset;
use lind_report::Replayed;
use lind_time::Day;

use super::design::{not_declared, refused};
use crate::Ending;
use crate::commands::cohort::{Cohort, CohortArguments};
use crate::commands::problems;
use crate::failure::{Failure, Stop};
use crate::output::Output;
use crate::terminal::Terminal;

/// How many patients are read at a time.
const BATCH: usize = 256;

/// Hold what a trial did against the rule of its protocol
#[derive(Debug, Args)]
#[command(
    long_about = "\
Holds what a trial did against the escalation rule of its protocol: for each decision what was \
known, what the rule says, and what was done.

Who was assigned to which dose level stands in assignments.csv, who was treated when in \
milestones.csv, and what was decided, if it is recorded, in decisions.csv. Whether a toxicity was \
dose-limiting and who counts is asked of the patients' data, as the protocol says.",
    after_help = "\
Examples:
  lind escalate replay trial.lind --patients cohort
  lind escalate replay trial.lind --patients cohort --part
  lind escalate replay trial.lind --patients cohort --as-of 2024-01-31 --format markdown

Exit codes: 0 nothing is against the rule, 1 something is, the protocol has errors or a record was
set aside, 2 the work could not be done."
)]
pub(super) struct ReplayArguments {
    #[command(flatten)]
    cohort: CohortArguments,
    /// The data are only a part of the trial, such as one centre's
    #[arg(long)]
    part: bool,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: ReplayFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum ReplayFormat {
    /// For a terminal
    Text,
    /// One object for programs
    Json,
    /// For a page
    Markdown,
}

pub(super) fn run(arguments: &ReplayArguments, terminal: &Terminal) -> Result<Ending, Stop> {
    let Some(cohort) = Cohort::new(&arguments.cohort, terminal)? else {
        return Ok(Ending::Findings);
    };
    let rule = Rule::of(&cohort.protocol).map_err(|why| no_rule(&cohort.protocol, why))?;
    let program = cohort.program(Choices::chosen(&cohort.protocol))?;
    let mut wanted = program.wanted();
    lind_analysis::want(&mut wanted, &cohort.protocol);
    let mut dataset = cohort.open(&wanted, problems::KEPT, terminal)?;
    let read = participants(&cohort, &program, &mut dataset, &rule)?;
    let run = Run {
        recorded: rule.recorded(&dataset),
        is_whole: !arguments.part,
        as_of: read.as_of,
        participants: read.participants,
    };
    for line in &read.told {
        terminal.say(&format!("{}\n", lind_report::one_line(line)));
    }
    let conduct = rule.conduct().clone();
    let replay = replay(&conduct, &run).map_err(refused)?;
    let has_findings =
        !replay.findings.is_empty() || replay.steps.iter().any(|step| !step.findings.is_empty());
    let replayed = Replayed {
        title: cohort.title(),
        conduct,
        run,
        replay,
    };
    let mut output = Output::standard();
    output.write(&match arguments.format {
        ReplayFormat::Text => lind_report::replay_text(&replayed, terminal.style_of_reports()),
        ReplayFormat::Json => lind_report::replay_json(&replayed) + "\n",
        ReplayFormat::Markdown => lind_report::replay_markdown(&replayed),
    })?;
    output.finish()?;
    let has_problems = problems::tell(&cohort, &dataset, terminal);
    Ok(Ending::found(
        has_findings || has_problems || !read.told.is_empty(),
    ))
}

fn no_rule(protocol: &Protocol, why: NoRule) -> Failure {
    match why {
        NoRule::NotDeclared => not_declared(protocol),
        NoRule::Window => Failure::new(why.to_string())
            .help("such as `window from infusion to 28 days after infusion`"),
        NoRule::Design => Failure::new(why.to_string()),
    }
}

/// Who took part, and what cannot be used.
struct Read {
    participants: Vec<Participant>,
    told: Vec<String>,
    as_of: Option<Day>,
}

fn participants(
    cohort: &Cohort<'_>,
    program: &Program,
    dataset: &mut Dataset,
    rule: &Rule<'_>,
) -> Result<Read, Failure> {
    let mut bindings = Bindings::new(program, dataset);
    let mut read = Read {
        participants: Vec::new(),
        told: Vec::new(),
        as_of: lind_analysis::known_day(dataset, cohort.as_of()),
    };
    loop {
        let charts = dataset
            .next_batch(BATCH)
            .map_err(|error| cohort.unreadable(&error))?;
        if charts.is_empty() {
            break;
        }
        bindings.update(program, dataset);
        let context = cohort.context(Context::new(dataset, &bindings));
        for chart in &charts {
            match rule.participant(program, &context, dataset, chart, read.as_of) {
                Ok(participant) => read.participants.extend(participant),
                Err(told) => read.told.push(told),
            }
        }
    }
    if read.participants.iter().all(|one| one.treated.is_none()) {
        read.told.push(rule.nobody_treated());
    }
    Ok(read)
}
