//! `lind diff`: what a new version of a protocol means that the old one does not.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use lind_amend::{Version, compare};
use lind_model::Protocol;
use lind_report::Compared;

use crate::Ending;
use crate::commands::patients_asked::PatientsArguments;
use crate::failure::Stop;
use crate::findings::Checked;
use crate::output::Output;
use crate::sources::Place;
use crate::terminal::Terminal;

/// Say who becomes eligible by a new version of a protocol, and what else changes
#[derive(Debug, Args)]
#[command(
    long_about = "\
Says who becomes eligible by a new version of a protocol, who no longer is, by which criterion, \
and what else changes.

Texts are not compared, but what they mean: for each way in which a patient may change, a made-up \
patient is shown who does, as the interpreter answers in both versions; or it is proved that there \
is none; or it is said on which conditions the answer hangs. Criteria are matched by their numbers, \
and asked at the last gate that both versions have, with the readings that each has chosen.

Doses, toxicity and escalation, endpoints, the schedule and other matters are compared thing by thing, \
each by a rule with a name; what is only put in other words is told last.

With --patients both versions are asked about real patients as well: how many stand elsewhere, and by \
which criteria. Whoever is enrolled already is counted apart, since the version in force then counts.",
    after_help = "\
Examples:
  lind diff trial-v1.lind trial-v2.lind
  lind diff trial-v1.lind trial-v2.lind --format json
  lind diff trial-v1.lind trial-v2.lind --exit-code
  lind diff trial-v1.lind trial-v2.lind --patients cohort

Exit codes: 0 compared, 1 a version has errors or a record was set aside (or, with --exit-code,
somebody stands elsewhere or may, or something else changed its meaning), 2 the work could not be
done, 101 the engine and the interpreter disagree."
)]
pub(crate) struct DiffArguments {
    /// The old version
    #[arg(value_name = "OLD")]
    old: PathBuf,
    /// The new version; one of the two may be `-`, the standard input
    #[arg(value_name = "NEW")]
    new: PathBuf,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: DiffFormat,
    /// Exit with 1 unless it is proved that nobody stands elsewhere, and nothing else changed
    #[arg(long)]
    exit_code: bool,
    #[command(flatten)]
    patients: PatientsArguments,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum DiffFormat {
    /// Who changes, with a made-up patient each, what became of each criterion, and what else changed
    Text,
    /// One object, schema lind.diff/1
    Json,
}

pub(crate) fn run(arguments: &DiffArguments, terminal: &Terminal) -> Result<Ending, Stop> {
    let old = version(&arguments.old, terminal)?;
    let new = version(&arguments.new, terminal)?;
    let (Some(old), Some(new)) = (old, new) else {
        return Ok(Ending::Findings);
    };
    let difference = compare(&old, &new).map_err(|error| Stop::of_versions(&error))?;
    let asked = arguments
        .patients
        .ask([&old, &new], &difference, terminal)?;
    let compared = Compared {
        old: &old.protocol,
        new: &new.protocol,
        difference: &difference,
        cohort: asked.as_ref().map(|asked| &asked.cohort),
        small_counts: true,
    };
    let mut output = Output::standard();
    match arguments.format {
        DiffFormat::Text => output.write(&lind_report::difference_text(
            &compared,
            terminal.style_of_reports(),
        ))?,
        DiffFormat::Json => {
            output.write(&lind_report::difference_json(&compared))?;
            output.write("\n")?;
        }
    }
    output.finish()?;
    let has_problems = asked.is_some_and(|asked| asked.has_problems);
    Ok(Ending::found(
        has_problems || arguments.exit_code && !difference.is_same(),
    ))
}

/// Reads a version. None if it has errors, which are told.
fn version(path: &Path, terminal: &Terminal) -> Result<Option<Version>, Stop> {
    let place = Place::of(path);
    let mut checked = Checked::one(&place)?;
    checked.tell(terminal);
    let tests = checked.tests.drain(..).next().unwrap_or_default();
    let protocol: Option<Arc<Protocol>> = checked.protocol(&place)?;
    Ok(protocol.map(|protocol| Version { protocol, tests }))
}
