//! `lind visits`: the calendar of one participant.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use lind_analysis::Scheduled;
use lind_eval::{Bindings, Context, Program};
use lind_model::trial::Course;
use lind_model::{Choices, MilestoneId, Plan, Protocol};
use lind_records::{Dataset, Options};
use lind_report::Calendar;
use lind_time::When;

use crate::Ending;
use crate::commands::cohort::{self, position, unknown_patient};
use crate::failure::{Failure, Stop};
use crate::findings::Checked;
use crate::output::Output;
use crate::sources::Place;
use crate::terminal::Terminal;

/// Print the calendar of a participant: when each visit is planned, and what came of it
#[derive(Debug, Args)]
#[command(
    long_about = "\
Prints the calendar of a participant: the planned day of each visit and the days on which it may \
take place.

With --anchor, an example: the visits that are counted from these dates. With --patients and \
--patient, a participant of the data: the visits that took place, and what deviates from the \
schedule, in words.",
    after_help = "\
Examples:
  lind visits trial.lind --anchor infusion=2024-03-01
  lind visits trial.lind --patients cohort --patient P07
  lind visits trial.lind --patients cohort --patient P07 --format json

Exit codes: 0 done, 1 the protocol has errors, or something deviates from the schedule, 2 the work \
could not be done."
)]
pub(crate) struct VisitsArguments {
    /// The protocol; `-` is the standard input
    #[arg(value_name = "PROTOCOL")]
    protocol: PathBuf,
    /// A milestone or a visit and its date (may be repeated)
    #[arg(long, value_name = "NAME=DATE", value_parser = dated)]
    anchor: Vec<(String, When)>,
    /// The patients: a folder with their data, or a zip archive of one
    #[arg(long, value_name = "DATA", requires = "patient")]
    patients: Option<PathBuf>,
    /// Read this mapping file in place of the folder's dataset.toml
    #[arg(long, value_name = "FILE", requires = "patients")]
    mapping: Option<PathBuf>,
    /// The patient
    #[arg(long, value_name = "ID", requires = "patients")]
    patient: Option<String>,
    /// Leave out what is later, as if it were not known yet
    #[arg(long, value_name = "DATE", value_parser = time, requires = "patients")]
    as_of: Option<When>,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: VisitsFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum VisitsFormat {
    /// A table
    Text,
    /// One object, schema lind.visits/1
    Json,
}

fn time(text: &str) -> Result<When, String> {
    When::parse(text).map_err(|error| error.to_string())
}

fn dated(text: &str) -> Result<(String, When), String> {
    let (name, date) = text
        .split_once('=')
        .ok_or("expected NAME=DATE, such as infusion=2024-03-01")?;
    Ok((name.trim().to_owned(), time(date.trim())?))
}

pub(crate) fn run(arguments: &VisitsArguments, terminal: &Terminal) -> Result<Ending, Stop> {
    let place = Place::of(&arguments.protocol);
    let checked = Checked::one(&place)?;
    checked.tell(terminal);
    let Some(protocol) = checked.protocol(&place)? else {
        return Ok(Ending::Findings);
    };
    if protocol.trial.visits.is_empty() {
        let failure = Failure::new(format!("`{}` has no visits", place.name()));
        return Err(failure
            .help("visits are declared with `timeline`, `visit` and `visits`")
            .into());
    }
    let mut course = Course::default();
    for (name, time) in &arguments.anchor {
        anchored(&protocol, &mut course, name, *time)?;
    }
    let months = Choices::chosen(&protocol).months(&protocol);
    let mut calendar = match (&arguments.patients, &arguments.patient) {
        (Some(folder), Some(patient)) => {
            let data = (folder.as_path(), arguments.mapping.as_deref());
            of_patient(&protocol, course, data, patient, arguments.as_of)?
        }
        _ => Calendar {
            patient: None,
            course,
            days: Vec::new(),
            deviations: Vec::new(),
        },
    };
    calendar.days = protocol.trial.calendar(&calendar.course, months);
    let mut output = Output::standard();
    output.write(&match arguments.format {
        VisitsFormat::Text => {
            lind_report::calendar_text(&protocol, &calendar, terminal.style_of_reports())
        }
        VisitsFormat::Json => format!("{}\n", lind_report::calendar_json(&protocol, &calendar)),
    })?;
    output.finish()?;
    Ok(Ending::found(!calendar.deviations.is_empty()))
}

/// Takes a date for a milestone, or for a visit.
fn anchored(
    protocol: &Protocol,
    course: &mut Course,
    name: &str,
    time: When,
) -> Result<(), Failure> {
    if let Some(visit) = protocol.trial.visit_named(name) {
        course.visits.push((visit, time, None));
        return Ok(());
    }
    let names = protocol.milestones.iter().map(|milestone| &*milestone.name);
    let id = position(name, names, "milestone or visit")?;
    course.reached.push((MilestoneId::from_index(id), time));
    Ok(())
}

fn of_patient(
    protocol: &Arc<Protocol>,
    known: Course,
    (folder, mapping): (&Path, Option<&Path>),
    patient: &str,
    as_of: Option<When>,
) -> Result<Calendar, Stop> {
    let plan = Plan::lower(protocol, Choices::chosen(protocol)).map_err(|too_large| {
        Failure::new("the protocol is too large to be run").because(too_large.to_string())
    })?;
    let program = Program::new(plan);
    let mut wanted = program.wanted();
    lind_analysis::want(&mut wanted, protocol);
    let tables = crate::folder::open_patients(folder)?;
    let options = Options {
        as_of,
        listed_per_rule: 0,
        mapping: mapping.map(cohort::mapping).transpose()?,
    };
    let shown = folder.display();
    let unreadable = |error: &dyn std::fmt::Display| {
        Failure::new(format!("the patients in `{shown}` cannot be read")).because(error.to_string())
    };
    let mut dataset =
        Dataset::open(&*tables, &wanted, options).map_err(|error| unreadable(&error))?;
    let mut names = Vec::new();
    let chart = loop {
        match dataset.next_chart().map_err(|error| unreadable(&error))? {
            Some(chart) if *chart.patient == *patient => break chart,
            Some(chart) => names.push(chart.patient),
            None => {
                return Err(unknown_patient(patient, names.iter().map(|name| &**name)).into());
            }
        }
    };
    let bindings = Bindings::new(&program, &dataset);
    let context = Context::new(&dataset, &bindings);
    let context = match as_of {
        Some(time) => context.as_of(time),
        None => context,
    };
    let known_until = lind_analysis::known_at(&dataset, std::slice::from_ref(&chart), as_of);
    let scheduled = Scheduled::new(&program, &context, &dataset, &chart);
    let course = scheduled.course(known_until.map(|time| time.last_day()), known);
    let deviations = scheduled.deviations(&course);
    Ok(Calendar {
        patient: Some(patient.to_owned()),
        course,
        days: Vec::new(),
        deviations,
    })
}
