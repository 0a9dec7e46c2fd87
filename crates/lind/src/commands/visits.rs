//! `lind visits`: the calendar of one participant.

use std::path::PathBuf;

use clap::Args;
use lind_model::protocol::{AlternativeContent, MonthRule, Protocol, Sex, Subject};
use lind_model::trial::{Assessment, Course, Planned};
use lind_model::{Choices, MilestoneId, ReadingId, Truth, VisitId};
use lind_records::{
    Chart, Completeness, ConceptId, Dataset, Options, Sex as RecordedSex, Table, Wanted,
};
use lind_report::Calendar;
use lind_time::{Day, Tri, When};

use crate::Ending;
use crate::commands::cohort::{position, unknown_patient};
use crate::failure::{Failure, Stop};
use crate::findings::Checked;
use crate::folder::FolderTables;
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
    /// The folder with the patients' tables
    #[arg(long, value_name = "FOLDER", requires = "patient")]
    patients: Option<PathBuf>,
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
    let months = months(&protocol);
    let mut calendar = match (&arguments.patients, &arguments.patient) {
        (Some(folder), Some(patient)) => {
            of_patient(&protocol, course, folder, patient, arguments.as_of, months)?
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

/// How the protocol counts months.
fn months(protocol: &Protocol) -> MonthRule {
    let choices = Choices::chosen(protocol);
    protocol
        .readings
        .iter()
        .enumerate()
        .find_map(|(index, reading)| {
            let chosen = choices.of(ReadingId::from_index(index));
            match reading.alternatives.get(chosen)?.content {
                AlternativeContent::Months(rule) => Some(rule),
                _ => None,
            }
        })
        .unwrap_or(MonthRule::Calendar)
}

/// The numbers under which rows are asked for: milestones, visits, measures.
struct Numbers {
    visits: u32,
    measures: u32,
}

impl Numbers {
    fn of(protocol: &Protocol) -> Self {
        let count = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
        let visits = count(protocol.milestones.len());
        Self {
            visits,
            measures: visits.saturating_add(count(protocol.trial.visits.len())),
        }
    }

    fn visit(&self, id: VisitId) -> ConceptId {
        ConceptId(self.visits.saturating_add(id.0))
    }

    fn measure(&self, index: usize) -> ConceptId {
        ConceptId(
            self.measures
                .saturating_add(u32::try_from(index).unwrap_or(u32::MAX)),
        )
    }
}

fn wanted(protocol: &Protocol, numbers: &Numbers) -> Wanted {
    let mut wanted = Wanted::new();
    for (index, milestone) in protocol.milestones.iter().enumerate() {
        let id = ConceptId(u32::try_from(index).unwrap_or(u32::MAX));
        wanted.add_code(Table::Milestones, id, &milestone.name);
    }
    for (index, visit) in protocol.trial.visits.iter().enumerate() {
        let id = numbers.visit(VisitId::from_index(index));
        wanted.add_code(Table::Visits, id, &visit.name);
    }
    for (index, measure) in protocol.measures.iter().enumerate() {
        let id = numbers.measure(index);
        wanted.add_code(Table::Observations, id, &measure.name);
        for code in &measure.codes {
            wanted.add_code(Table::Observations, id, code);
        }
    }
    wanted
}

fn of_patient(
    protocol: &Protocol,
    mut course: Course,
    folder: &std::path::Path,
    patient: &str,
    as_of: Option<When>,
    months: MonthRule,
) -> Result<Calendar, Stop> {
    let numbers = Numbers::of(protocol);
    let tables = FolderTables::open(folder)?;
    let options = Options {
        as_of,
        listed_per_rule: 0,
    };
    let shown = folder.display();
    let unreadable = |error: &dyn std::fmt::Display| {
        Failure::new(format!("the patients in `{shown}` cannot be read")).because(error.to_string())
    };
    let mut dataset = Dataset::open(&tables, &wanted(protocol, &numbers), options)
        .map_err(|error| unreadable(&error))?;
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
    for index in 0..protocol.milestones.len() {
        let id = MilestoneId::from_index(index);
        let concept = ConceptId(id.0);
        if protocol.trial.visit_of(id).is_none()
            && let Some(row) = chart.milestones_of(concept).next()
        {
            course.reached.push((id, row.time));
        }
    }
    let mut complete = true;
    for index in 0..protocol.trial.visits.len() {
        let id = VisitId::from_index(index);
        let concept = numbers.visit(id);
        for row in chart.visits_of(concept) {
            course.visits.push((id, row.start, row.end));
        }
        complete &= dataset.complete_for(Table::Visits, concept) == Completeness::Complete
            && chart.set_aside_of(Table::Visits, concept).next().is_none();
    }
    course.visits_complete = complete;
    course.known_until = as_of
        .or(dataset.settings().cut_off)
        .map(|time| time.last_day())
        .or_else(|| last_day(&chart));
    let deviations = protocol.trial.deviations(
        &course,
        months,
        |_, planned| applies(&chart, planned),
        |assessment, from, to| done(&dataset, &chart, &numbers, assessment, from, to),
    );
    Ok(Calendar {
        patient: Some(patient.to_owned()),
        course,
        days: Vec::new(),
        deviations,
    })
}

/// The last day of which the rows of a patient tell.
fn last_day(chart: &Chart) -> Option<Day> {
    let visits = chart.visits.iter().map(|row| row.start.first_day());
    let values = chart.observations.iter().filter_map(|row| row.time);
    let milestones = chart.milestones.iter().map(|row| row.time.first_day());
    visits
        .chain(values.map(|time| time.first_day()))
        .chain(milestones)
        .max()
}

/// Whether something is planned for this participant, as far as the sex tells; a condition is left open.
fn applies(chart: &Chart, planned: &Planned) -> Truth {
    let sex = match (planned.sex, chart.sex) {
        (None, _) => Some(true),
        (Some(Sex::Female), Some(RecordedSex::Female)) => Some(true),
        (Some(Sex::Male), Some(RecordedSex::Male)) => Some(true),
        (Some(_), Some(RecordedSex::Female | RecordedSex::Male)) => Some(false),
        (Some(_), _) => None,
    };
    match sex {
        Some(true) if planned.text.is_none() => Truth::True,
        Some(false) => Truth::False,
        _ => Truth::Open(lind_model::OpenKind::Unknown),
    }
}

/// Whether an assessment has a result between two days.
fn done(
    dataset: &Dataset,
    chart: &Chart,
    numbers: &Numbers,
    assessment: &Assessment,
    from: Day,
    to: Day,
) -> Tri {
    let mut found = Tri::No;
    for subject in &assessment.subjects {
        let Subject::Measure(id) = subject else {
            continue;
        };
        let concept = numbers.measure(id.index());
        for row in chart.observations_of(concept) {
            match row.time {
                Some(time) if time.last_day() < from || time.first_day() > to => {}
                Some(time) if time.first_day() >= from && time.last_day() <= to => {
                    return Tri::Yes;
                }
                _ => found = Tri::Maybe,
            }
        }
        let lost = chart
            .set_aside_of(Table::Observations, concept)
            .next()
            .is_some();
        if lost || dataset.complete_for(Table::Observations, concept) != Completeness::Complete {
            found = Tri::Maybe;
        }
    }
    found
}
