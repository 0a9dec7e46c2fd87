//! What `diff` and `amend` share: patients of whom there are data, asked about by both versions.

use std::path::PathBuf;

use clap::Args;
use lind_amend::Version;
use lind_amend::cohort::{Answered, Cohorts, Counts, Wishes};
use lind_eval::{Bindings, Context};
use lind_model::difference::{Cohort, Difference};
use lind_model::{MilestoneId, Protocol};
use lind_time::When;
use rayon::prelude::*;

use crate::commands::cohort::{assumption, position, time, unknown};
use crate::commands::place::DataPlace;
use crate::commands::problems;
use crate::commands::screen::{BATCH, workers};
use crate::failure::{Failure, Stop};
use crate::progress::Progress;
use crate::targets::Target;
use crate::terminal::Terminal;

/// The patients, and who of them is asked where.
#[derive(Debug, Args)]
pub(crate) struct PatientsArguments {
    /// Ask both versions about these patients too: what `lind screen` reads
    #[arg(long, value_name = "DATA", help_heading = "Patients")]
    patients: Option<PathBuf>,
    /// Read this mapping file in place of the folder's dataset.toml
    #[arg(
        long,
        value_name = "FILE",
        requires = "patients",
        help_heading = "Patients"
    )]
    mapping: Option<PathBuf>,
    /// Leave out what is later, as if it were not known yet
    #[arg(long, value_name = "DATE", value_parser = time, requires = "patients", help_heading = "Patients")]
    as_of: Option<When>,
    /// Take a milestone as reached on a date where the data do not have it (may be repeated)
    #[arg(long, value_name = "MILESTONE=DATE", value_parser = assumption, requires = "patients", help_heading = "Patients")]
    assume: Vec<(String, When)>,
    /// A gate at which everybody is asked (may be repeated) [default: the furthest each has reached]
    #[arg(
        long,
        value_name = "GATE",
        requires = "patients",
        help_heading = "Patients"
    )]
    at: Vec<String>,
    /// The milestone behind which somebody is enrolled [default: the one that is called enrolment,
    /// randomisation or registration]
    #[arg(
        long,
        value_name = "MILESTONE",
        requires = "patients",
        help_heading = "Patients"
    )]
    enrolled: Option<String>,
    /// Name those who are answered otherwise
    #[arg(long, requires = "patients", help_heading = "Patients")]
    show_ids: bool,
    /// How many processors to use [default: all]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..), requires = "patients", help_heading = "Patients")]
    jobs: Option<u16>,
}

/// What came of the patients.
pub(crate) struct PatientsAsked {
    pub(crate) cohort: Cohort,
    /// Whether something is wrong with the data, which was told.
    pub(crate) has_problems: bool,
}

impl PatientsArguments {
    /// Fails if a file that is to be written is one of the patients' files.
    pub(crate) fn are_not(&self, target: &Target<'_>) -> Result<(), Failure> {
        if let Some(mapping) = &self.mapping {
            target.is_not(mapping, "the mapping file")?;
        }
        match &self.patients {
            Some(patients) => target.is_not_in(patients),
            None => Ok(()),
        }
    }

    /// Asks both versions about everybody, in one pass over the data. None if there are no patients.
    pub(crate) fn ask(
        &self,
        versions: [&Version; 2],
        difference: &Difference,
        terminal: &Terminal,
    ) -> Result<Option<PatientsAsked>, Stop> {
        let Some(data) = &self.patients else {
            return Ok(None);
        };
        let protocols = versions.map(|version| &*version.protocol);
        let wishes = self.wishes(protocols)?;
        let assumed = self.assumed(protocols)?;
        let cohorts = Cohorts::new(versions, difference, &wishes)
            .map_err(|error| Stop::of_versions(&error))?;
        let place = DataPlace {
            data,
            mapping: self.mapping.as_deref(),
            as_of: self.as_of,
        };
        let progress = Progress::begin("reading tables", terminal.shows_progress());
        let mut dataset = place.open(&cohorts.wanted(), problems::KEPT, terminal)?;
        progress.expect(dataset.patient_count());
        let is_complete = cohorts.is_complete(&dataset);
        let [old, new] = cohorts.programs();
        let [mut of_old, mut of_new] = [old, new].map(|own| Bindings::new(own, &dataset));
        let workers = workers(self.jobs)?;
        let mut counts = Counts::new();
        loop {
            let charts = dataset
                .next_batch(BATCH)
                .map_err(|error| place.unreadable(&error))?;
            if charts.is_empty() {
                break;
            }
            of_old.update(old, &dataset);
            of_new.update(new, &dataset);
            let [assumed_old, assumed_new] = &assumed;
            let contexts =
                [(&of_old, assumed_old), (&of_new, assumed_new)].map(|(bindings, assumed)| {
                    let context = Context::new(&dataset, bindings).assuming(assumed);
                    match self.as_of {
                        Some(time) => context.as_of(time),
                        None => context,
                    }
                });
            let [old_context, new_context] = &contexts;
            let answered: Vec<Answered> = workers.install(|| {
                let charts = charts.par_iter();
                let answered =
                    charts.map(|chart| cohorts.ask([old_context, new_context], chart, is_complete));
                answered.collect()
            });
            progress.advance(answered.len());
            for own in answered {
                counts.add(&cohorts, own).map_err(|error| {
                    Stop::of_engine(
                        "the patients contradict what was proved",
                        &error,
                        "please report this with both versions, if they are public, and without the data",
                    )
                })?;
            }
        }
        drop(progress);
        let cohort = counts.end(&cohorts, problems::set_aside(&dataset));
        let has_problems =
            problems::tell_of(&dataset, |problem| place.problem_line(problem), terminal);
        Ok(Some(PatientsAsked {
            cohort,
            has_problems,
        }))
    }

    fn wishes(&self, [old, new]: [&Protocol; 2]) -> Result<Wishes, Failure> {
        let names = |protocol| milestones(protocol).into_iter();
        let at = self.at.iter().map(|name| {
            let one = position(name, names(old), "milestone of the old version called")?;
            let other = position(name, names(new), "milestone of the new version called")?;
            Ok([one, other].map(MilestoneId::from_index))
        });
        let enrolment = self.enrolled.as_deref().map(|name| {
            let place = position(name, names(old), "milestone of the old version called")?;
            Ok::<_, Failure>(MilestoneId::from_index(place))
        });
        Ok(Wishes {
            at: at.collect::<Result<_, Failure>>()?,
            enrolment: enrolment.transpose()?,
            names: self.show_ids,
        })
    }

    /// What is assumed in each version; a milestone need only be in one of them.
    fn assumed(&self, protocols: [&Protocol; 2]) -> Result<[Vec<(MilestoneId, When)>; 2], Failure> {
        let names = protocols.map(milestones);
        for (name, _) in &self.assume {
            if !names.iter().any(|own| own.contains(&name.as_str())) {
                let mut all: Vec<&str> = names.iter().flatten().copied().collect();
                all.sort_unstable();
                all.dedup();
                return Err(unknown(name, &all, "milestone"));
            }
        }
        Ok(names.map(|own| {
            let assume = self.assume.iter();
            let assumed = assume.filter_map(|(name, time)| {
                let place = own.iter().position(|other| other == name)?;
                Some((MilestoneId::from_index(place), *time))
            });
            assumed.collect()
        }))
    }
}

fn milestones(protocol: &Protocol) -> Vec<&str> {
    let milestones = protocol.milestones.iter();
    milestones.map(|milestone| &*milestone.name).collect()
}
