//! `lind escalate replay`: what a trial did, held against the rule of its protocol.

use clap::Args;
use lind_escalation::replay::{
    Action, Cohorts, Conduct, Dlt, Participant, Received, Recorded, Run, Stagger, replay,
};
use lind_eval::{Bindings, Context, Program, Scratch, ask};
use lind_model::protocol::{Anchor, Window};
use lind_model::trial::{DoseLevels, Escalation};
use lind_model::{AskedId, Choices, MilestoneId, Protocol, Truth};
use lind_records::{Chart, ConceptId, Dataset, Table, Wanted};
use lind_report::Replayed;
use lind_time::{Day, When};

use super::design::refused;
use crate::Ending;
use crate::commands::cohort::{Cohort, CohortArguments};
use crate::commands::problems;
use crate::failure::{Failure, Stop};
use crate::output::Output;
use crate::terminal::Terminal;

/// How many patients are read at a time.
const BATCH: usize = 256;
/// The number of the milestone that treatment is counted from, among what the reader looks for; far from those of
/// the plan.
const TREATED: ConceptId = ConceptId(u32::MAX);
/// A window longer than this is not one of days.
const LONGEST_WINDOW: i64 = 3660;

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
    let trial = &cohort.protocol.trial;
    let (Some(rule), Some(levels)) = (&trial.escalation, &trial.dose_levels) else {
        let failure = Failure::new(format!(
            "`{}` has no dose levels, or no rule that moves between them",
            cohort.protocol.id
        ));
        return Err(failure
            .help("`dose levels of …` and `escalation \"…\" of …` declare them")
            .into());
    };
    let (anchor, window) = window_of(rule)?;
    let conduct = conduct(rule, levels, window)?;
    let program = cohort.program(Choices::chosen(&cohort.protocol))?;
    let mut wanted = program.wanted();
    want(&mut wanted, &cohort.protocol, anchor, levels);
    let mut dataset = cohort.open(&wanted, problems::KEPT, terminal)?;
    let read = participants(&cohort, &program, &mut dataset, rule, &conduct, anchor)?;
    let run = Run {
        recorded: recorded(&dataset, &conduct),
        is_whole: !arguments.part,
        as_of: read.as_of,
        participants: read.participants,
    };
    for line in &read.told {
        terminal.say(&format!("{}\n", lind_report::one_line(line)));
    }
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

/// The milestone that the window leans on, and how many days it lasts.
fn window_of(rule: &Escalation) -> Result<(MilestoneId, u32), Failure> {
    let unfit = || {
        Failure::new("the window of the escalation is not a number of days after a milestone")
            .help("such as `window from infusion to 28 days after infusion`")
    };
    let Some(Window::Around {
        anchor: Anchor::Milestone(anchor),
        window,
        ..
    }) = &rule.window
    else {
        return Err(unfit());
    };
    let end = window.to.offset().ok_or_else(unfit)?;
    let (least, most) = end.day_bounds();
    if least != most || !(0..=LONGEST_WINDOW).contains(&most) {
        return Err(unfit());
    }
    let days = u32::try_from(most).map_err(|_| unfit())?;
    Ok((*anchor, days))
}

fn conduct(rule: &Escalation, levels: &DoseLevels, window: u32) -> Result<Conduct, Failure> {
    let days = |offset: Option<lind_time::Offset>| {
        let (_, days) = offset?.day_bounds();
        u32::try_from(days).ok()
    };
    let usual = Conduct::new(
        levels.levels.iter().map(|level| &*level.name),
        rule.designs
            .first()
            .map(|(_, design)| design.clone())
            .ok_or_else(|| Failure::new("the escalation has no design"))?,
        window,
    );
    let start = levels.levels.iter().position(|level| level.start);
    let highest = levels.levels.iter().position(|level| level.highest);
    Ok(Conduct {
        start: start.unwrap_or(0),
        highest: highest.unwrap_or(usual.highest),
        designs: rule.designs.clone(),
        cohorts: rule.cohorts.map_or(usual.cohorts, |cohorts| Cohorts {
            least: cohorts.least,
            most: cohorts.most,
        }),
        most_at_level: rule.most_at_level,
        most_in_all: rule.most_in_all,
        stagger: Stagger {
            first_of_level: days(rule.stagger.first_of_level),
            others: days(rule.stagger.others),
            after_window: rule.stagger.after_window,
        },
        under_dosed: rule.other_doses,
        ..usual
    })
}

/// What the reader looks for besides what the plan needs: treatment, and the assignments to each level.
fn want(wanted: &mut Wanted, protocol: &Protocol, anchor: MilestoneId, levels: &DoseLevels) {
    if let Some(milestone) = protocol.milestones.get(anchor.index()) {
        wanted.add_code(Table::Milestones, TREATED, &milestone.name);
    }
    for (place, level) in levels.levels.iter().enumerate() {
        wanted.add_code(Table::Assignments, assigned(place), &level.name);
    }
}

/// The number of a level among what the reader looks for.
fn assigned(level: usize) -> ConceptId {
    let level = u32::try_from(level).unwrap_or(u32::MAX / 2);
    ConceptId(u32::MAX - 1 - level)
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
    rule: &Escalation,
    conduct: &Conduct,
    anchor: MilestoneId,
) -> Result<Read, Failure> {
    let mut bindings = Bindings::new(program, dataset);
    let mut read = Read {
        participants: Vec::new(),
        told: Vec::new(),
        as_of: None,
    };
    loop {
        let charts = dataset
            .next_batch(BATCH)
            .map_err(|error| cohort.unreadable(&error))?;
        if charts.is_empty() {
            break;
        }
        bindings.update(program, dataset);
        let cut_off = dataset.settings().cut_off;
        let until = [cohort.as_of(), cut_off].into_iter().flatten();
        read.as_of = until.map(|time| time.last_day()).min();
        let reader = Reader {
            program,
            context: cohort.context(Context::new(dataset, &bindings)),
            assumed: &cohort.assumed,
            end: cohort.protocol.trial.end_of_data,
            rule,
            conduct,
            last: read.as_of,
        };
        for chart in &charts {
            match reader.participant(chart) {
                Ok(participant) => read.participants.extend(participant),
                Err(told) => read.told.push(told),
            }
        }
    }
    let anchor = cohort.protocol.milestones.get(anchor.index());
    let treated = read.participants.iter();
    if treated
        .filter(|participant| participant.treated.is_some())
        .count()
        == 0
    {
        let name = anchor.map_or("treatment", |milestone| &*milestone.name);
        read.told.push(format!(
            "nobody with a dose level has reached `{name}`, which milestones.csv would say"
        ));
    }
    Ok(read)
}

/// Reads charts as participants.
struct Reader<'c> {
    program: &'c Program,
    context: Context<'c>,
    /// What is taken as reached where the data do not say.
    assumed: &'c [(MilestoneId, When)],
    end: Option<MilestoneId>,
    rule: &'c Escalation,
    conduct: &'c Conduct,
    /// Until when the data reach.
    last: Option<Day>,
}

impl Reader<'_> {
    /// None for those who were never assigned to a level.
    fn participant(&self, chart: &Chart) -> Result<Option<Participant>, String> {
        let patient = &chart.patient;
        let mut days = chart.milestones_of(TREATED).map(|row| row.time);
        let first = days.next();
        if days.any(|other| Some(other) != first) {
            return Err(format!(
                "{patient} was treated on two days, and counts nowhere"
            ));
        }
        let treated = match first {
            Some(time) if time.first_day() == time.last_day() => Some(time.first_day()),
            Some(time) => {
                return Err(format!("{patient} was treated in {time}, a day is needed"));
            }
            None => None,
        };
        let rows = (0..self.conduct.levels.len()).flat_map(|level| {
            let rows = chart.assignments_of(assigned(level));
            rows.map(move |row| (level, row))
        });
        // The last assignment before treatment counts; without a treatment, the last of all.
        let known = rows.filter(|(_, row)| treated.is_none_or(|day| row.time.first_day() <= day));
        let Some((level, row)) = known.max_by_key(|(_, row)| (row.time.first_day(), row.at)) else {
            return match treated {
                Some(day) => Err(format!(
                    "{patient} was treated on {day} and assigned to no dose level before"
                )),
                None => Ok(None),
            };
        };
        let (dlt, not_evaluable) = match treated {
            Some(day) => (self.dlt(chart, day), self.not_evaluable(chart)),
            None => (Dlt::None, None),
        };
        Ok(Some(Participant {
            id: patient.to_string(),
            assigned: level,
            received: Received::AsAssigned,
            treated,
            order: 0,
            dlt,
            moderate: None,
            not_evaluable,
            replaces: row.replaces.as_ref().map(ToString::to_string),
        }))
    }

    fn ask(&self, chart: &Chart, asked: AskedId, day: Day) -> Truth {
        let end = self.end.map(|end| (end, When::from_day(day)));
        let assumed: Vec<(MilestoneId, When)> = self.assumed.iter().copied().chain(end).collect();
        let context = self.context.assuming(&assumed);
        ask(self.program, &context, chart, asked, &mut Scratch::new())
    }

    /// The first day of the window on whose evening the data say that there was a toxicity.
    fn dlt(&self, chart: &Chart, treated: Day) -> Dlt {
        let Some(asked) = self.rule.toxicity else {
            return Dlt::None;
        };
        let window = i64::from(self.conduct.window);
        let days = (0..=window).filter_map(|after| treated.add_days(after));
        let mut last = Truth::False;
        for day in days.filter(|day| self.last.is_none_or(|last| *day <= last)) {
            last = self.ask(chart, asked, day);
            if last == Truth::True {
                return Dlt::On(day);
            }
        }
        match last {
            Truth::Open(_) => Dlt::Pending,
            Truth::True | Truth::False | Truth::NotApplicable => Dlt::None,
        }
    }

    fn not_evaluable(&self, chart: &Chart) -> Option<String> {
        let protocol = &self.program.plan().protocol;
        let population = protocol
            .trial
            .populations
            .get(self.rule.evaluable?.index())?;
        let truth = self.ask(chart, population.asked, self.last.unwrap_or(Day::MAX));
        match truth {
            Truth::True => None,
            Truth::False | Truth::NotApplicable => Some(format!("not of {}", population.name)),
            Truth::Open(_) => Some(format!("not known whether of {}", population.name)),
        }
    }
}

/// The decisions that are recorded, of the levels that there are.
fn recorded(dataset: &Dataset, conduct: &Conduct) -> Vec<Recorded> {
    let level_of = |name: &str| conduct.levels.iter().position(|level| *level == name);
    let rows = dataset.decisions().rows.iter();
    rows.filter_map(|row| {
        Some(Recorded {
            day: row.time.last_day(),
            level: level_of(&row.level)?,
            action: match row.action {
                lind_records::Action::Escalate => Action::Escalate,
                lind_records::Action::Stay | lind_records::Action::Expand => Action::Stay,
                lind_records::Action::DeEscalate => Action::DeEscalate,
                lind_records::Action::Stop => Action::Stop,
            },
            stated: None,
            by: row.by.as_deref().unwrap_or_default().to_owned(),
            reason: row.reason.as_deref().unwrap_or_default().to_owned(),
        })
    })
    .collect()
}
