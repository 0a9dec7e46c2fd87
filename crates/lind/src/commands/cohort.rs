//! What `screen`, `why` and `readings` share: a protocol, patients, and what is assumed of the run.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use lind_diagnostics::closest;
use lind_eval::{Context, Program};
use lind_model::{Choices, MilestoneId, Plan, Protocol, ReadingId};
use lind_records::{Dataset, MappingFile, ReadError, Wanted};
use lind_time::When;

use crate::commands::place::DataPlace;
use crate::failure::Failure;
use crate::findings::Checked;
use crate::sources::Place;
use crate::targets::Target;
use crate::terminal::Terminal;

/// The protocol and the patients.
#[derive(Debug, Args)]
pub(crate) struct CohortArguments {
    /// The protocol; `-` is the standard input
    #[arg(value_name = "PROTOCOL")]
    protocol: PathBuf,
    /// The patients: a folder, or a zip archive of one, with tables (patients.csv, observations.csv,
    /// …), FHIR, OMOP or SDTM data; or one file of FHIR
    #[arg(long, value_name = "DATA")]
    patients: PathBuf,
    /// Read this mapping file in place of the folder's dataset.toml
    #[arg(long, value_name = "FILE")]
    mapping: Option<PathBuf>,
    /// Leave out what is later, as if it were not known yet
    #[arg(long, value_name = "DATE", value_parser = time)]
    as_of: Option<When>,
    /// Take a milestone as reached on a date where the data do not have it (may be repeated)
    #[arg(long, value_name = "MILESTONE=DATE", value_parser = assumption)]
    assume: Vec<(String, When)>,
}

impl CohortArguments {
    /// Those of another command.
    pub(crate) fn of(
        protocol: &Path,
        patients: &Path,
        mapping: Option<&Path>,
        as_of: Option<When>,
    ) -> Self {
        Self {
            protocol: protocol.to_owned(),
            patients: patients.to_owned(),
            mapping: mapping.map(Path::to_owned),
            as_of,
            assume: Vec::new(),
        }
    }

    /// Fails if a file that is to be written is the protocol or one of the patients' files.
    pub(crate) fn are_not(&self, target: &Target<'_>) -> Result<(), Failure> {
        if let Place::File(path) = Place::of(&self.protocol) {
            target.is_not(&path, "the protocol")?;
        }
        if let Some(mapping) = &self.mapping {
            target.is_not(mapping, "the mapping file")?;
        }
        target.is_not_in(&self.patients)
    }
}

/// The mapping file, whose problems are told under the path that was given.
pub(crate) fn mapping(path: &Path) -> Result<MappingFile, Failure> {
    // One byte more than is read of a mapping, so that it is seen to be too large.
    const MOST: u64 = (1 << 20) + 1;
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(MOST).read_to_end(&mut bytes));
    read.map_err(|error| {
        Failure::new(format!(
            "the mapping file `{}` cannot be read",
            path.display()
        ))
        .because_of(&error)
    })?;
    Ok(MappingFile {
        name: path.display().to_string(),
        bytes,
    })
}

pub(crate) fn time(text: &str) -> Result<When, String> {
    When::parse(text).map_err(|error| error.to_string())
}

pub(crate) fn assumption(text: &str) -> Result<(String, When), String> {
    let (milestone, date) = text
        .split_once('=')
        .ok_or("expected MILESTONE=DATE, such as infusion=2025-06-01")?;
    Ok((milestone.trim().to_owned(), time(date.trim())?))
}

/// `Q9=a_y`
pub(crate) fn choice(text: &str) -> Result<(String, String), String> {
    let (reading, alternative) = text
        .split_once('=')
        .ok_or("expected READING=ALTERNATIVE, such as Q9=a_y")?;
    Ok((reading.trim().to_owned(), alternative.trim().to_owned()))
}

/// A protocol that can be run, and where its patients are.
#[derive(Debug)]
pub(crate) struct Cohort<'a> {
    arguments: &'a CohortArguments,
    pub(crate) checked: Checked,
    pub(crate) protocol: Arc<Protocol>,
    pub(crate) assumed: Vec<(MilestoneId, When)>,
}

impl<'a> Cohort<'a> {
    /// Reads and checks the protocol. None if it has errors, which have been told.
    pub(crate) fn new(
        arguments: &'a CohortArguments,
        terminal: &Terminal,
    ) -> Result<Option<Self>, Failure> {
        let place = Place::of(&arguments.protocol);
        let checked = Checked::one(&place)?;
        checked.tell(terminal);
        let Some(protocol) = checked.protocol(&place)? else {
            return Ok(None);
        };
        if protocol.criteria.is_empty() {
            return Err(
                Failure::new(format!("`{}` has no criteria", place.name())).help(
                    "without `inclusion`, `exclusion` or `commitment` there is nothing to decide",
                ),
            );
        }
        let mut cohort = Self {
            arguments,
            checked,
            protocol,
            assumed: Vec::new(),
        };
        for (name, time) in &arguments.assume {
            let id = cohort.milestone(name)?;
            cohort.assumed.push((id, *time));
        }
        Ok(Some(cohort))
    }

    /// Fails if a file that is to be written is a module of the protocol.
    pub(crate) fn uses_not(&self, target: &Target<'_>) -> Result<(), Failure> {
        let mut files = self.checked.files.iter();
        files.try_for_each(|(_, name)| target.is_not(Path::new(name), "a file of the protocol"))
    }

    /// A milestone by its name.
    pub(crate) fn milestone(&self, name: &str) -> Result<MilestoneId, Failure> {
        let names = self
            .protocol
            .milestones
            .iter()
            .map(|milestone| &*milestone.name);
        position(name, names, "milestone").map(MilestoneId::from_index)
    }

    /// A reading by its name.
    pub(crate) fn reading(&self, name: &str) -> Result<ReadingId, Failure> {
        let names = self.protocol.readings.iter().map(|reading| &*reading.name);
        position(name, names, "reading").map(ReadingId::from_index)
    }

    /// The readings that the protocol chooses, but for those that were chosen otherwise.
    pub(crate) fn choices(&self, otherwise: &[(String, String)]) -> Result<Choices, Failure> {
        let mut choices = Choices::chosen(&self.protocol);
        for (name, alternative) in otherwise {
            let id = self.reading(name)?;
            let alternatives = self.protocol.readings.get(id.index());
            let names = alternatives
                .iter()
                .flat_map(|reading| &reading.alternatives)
                .map(|alternative| &*alternative.name);
            let what = format!("alternative in {name} called");
            choices = choices.with(id, position(alternative, names, &what)?);
        }
        Ok(choices)
    }

    /// The protocol under a choice of readings, ready to run.
    pub(crate) fn program(&self, choices: Choices) -> Result<Program, Failure> {
        let plan = Plan::lower(&self.protocol, choices).map_err(|too_large| {
            Failure::new("the protocol is too large to be run").because(too_large.to_string())
        })?;
        Ok(Program::new(plan))
    }

    /// Where the patients are.
    fn place(&self) -> DataPlace<'_> {
        DataPlace {
            data: &self.arguments.patients,
            mapping: self.arguments.mapping.as_deref(),
            as_of: self.arguments.as_of,
        }
    }

    /// Opens the patients' tables.
    pub(crate) fn open(
        &self,
        wanted: &Wanted,
        listed_per_rule: usize,
        terminal: &Terminal,
    ) -> Result<Dataset, Failure> {
        self.place().open(wanted, listed_per_rule, terminal)
    }

    /// A table that could not be read to its end.
    pub(crate) fn unreadable(&self, error: &ReadError) -> Failure {
        self.place().unreadable(error)
    }

    /// What is wrong with the data, in a line that begins with its place.
    pub(crate) fn problem_line(&self, problem: &lind_records::Problem) -> String {
        self.place().problem_line(problem)
    }

    /// Until when the data are to be read, if that was said.
    pub(crate) fn as_of(&self) -> Option<When> {
        self.arguments.as_of
    }

    /// What is assumed of the run.
    pub(crate) fn context<'c>(&'c self, context: Context<'c>) -> Context<'c> {
        let context = context.assuming(&self.assumed);
        match self.arguments.as_of {
            Some(time) => context.as_of(time),
            None => context,
        }
    }

    /// What this run is about, for people.
    pub(crate) fn title(&self) -> String {
        let protocol = &self.protocol;
        let mut title = format!("{} {}", protocol.id, protocol.title);
        match (&protocol.version, protocol.dated) {
            (Some(version), Some(day)) => title.push_str(&format!(" (version {version} of {day})")),
            (Some(version), None) => title.push_str(&format!(" (version {version})")),
            (None, _) => {}
        }
        lind_report::one_line(&title)
    }

    /// What is not as the protocol and the data say it, for people.
    pub(crate) fn assumptions(&self, choices: &Choices) -> Vec<String> {
        let mut assumptions = Vec::new();
        if let Some(time) = self.arguments.as_of {
            assumptions.push(format!("as of {time}"));
        }
        for (name, time) in &self.arguments.assume {
            assumptions.push(format!("{name} on {time} where the data do not say"));
        }
        for (index, reading) in self.protocol.readings.iter().enumerate() {
            let choice = choices.of(ReadingId::from_index(index));
            let name = |index: usize| {
                let alternative = reading.alternatives.get(index);
                alternative.map_or("", |alternative| &alternative.name)
            };
            if choice != reading.chosen {
                assumptions.push(format!(
                    "{} read as {} instead of {}",
                    reading.name,
                    name(choice),
                    name(reading.chosen)
                ));
            }
        }
        assumptions
            .iter()
            .map(|assumption| lind_report::one_line(assumption))
            .collect()
    }
}

/// The place of a name among others.
pub(crate) fn position<'n>(
    name: &str,
    names: impl Iterator<Item = &'n str>,
    what: &str,
) -> Result<usize, Failure> {
    let names: Vec<&str> = names.collect();
    names
        .iter()
        .position(|other| *other == name)
        .ok_or_else(|| unknown(name, &names, what))
}

/// There is no such patient; which one may have been meant, but never a list of them.
pub(crate) fn unknown_patient<'n>(name: &str, names: impl Iterator<Item = &'n str>) -> Failure {
    let failure = Failure::new(format!("there is no patient `{name}`"));
    match closest(name, names) {
        Some(near) => failure.help(format!("`{near}` is near")),
        None => failure.help("the names are those in the column `patient` of patients.csv"),
    }
}

/// There is no such name; what was meant, or what there is.
pub(crate) fn unknown(name: &str, names: &[&str], what: &str) -> Failure {
    const MOST: usize = 12;
    let mut help: Vec<String> = Vec::new();
    if let Some(near) = closest(name, names.iter().copied()) {
        help.push(format!("`{near}` is near"));
    }
    match names.len().saturating_sub(MOST) {
        _ if names.is_empty() => help.push("there is none at all".to_owned()),
        0 => help.push(format!("there are {}", names.join(", "))),
        more => {
            let first: Vec<&str> = names.iter().take(MOST).copied().collect();
            help.push(format!("there are {} and {more} more", first.join(", ")));
        }
    }
    Failure::new(format!("there is no {what} `{name}`")).help(help.join("; "))
}
