//! `lind trace`: which line of a public text each criterion states.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use clap::Args;
use lind_report::Traced;
use lind_trace::{CannotRead, LARGEST, Registry};

use crate::Ending;
use crate::failure::{Failure, Stop};
use crate::findings::Checked;
use crate::output::Output;
use crate::sources::Place;
use crate::terminal::Terminal;

/// Say which line of a public registry text each criterion states, and which is missing
#[derive(Debug, Args)]
#[command(
    long_about = "\
Says of each line of a public registry text which criteria state it, and what of it they do not \
have: stated, partly stated, unstated (the protocol says that the record is silent on it), or missing.

The text is the JSON of ClinicalTrials.gov (API version 2), a page or a text with headings for \
inclusion and exclusion criteria, or an abstract that says in a sentence who was eligible. Numbers \
are compared with their units, exactly. With an earlier text, each line that has changed while its \
criterion has not is a finding.",
    after_help = "\
Examples:
  lind trace trial.lind --registry NCT01234567.json
  lind trace trial.lind --registry today.json --earlier last-year.json
  lind trace trial.lind --registry page.txt --format json

Exit codes: 0 every line is stated or unstated, 1 a line is missing, is stated in part, or has
changed and its criterion has not, or the protocol has errors, 2 the work could not be done."
)]
pub(crate) struct TraceArguments {
    /// The protocol, or `-` for the standard input
    #[arg(value_name = "PROTOCOL")]
    protocol: PathBuf,
    /// The public text: JSON of ClinicalTrials.gov, a page, or an abstract
    #[arg(long, value_name = "FILE")]
    registry: PathBuf,
    /// An earlier version of the text
    #[arg(long, value_name = "FILE")]
    earlier: Option<PathBuf>,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: TraceFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum TraceFormat {
    /// Each line with the criteria that state it, and what of it they do not have
    Text,
    /// One object, schema lind.trace/1
    Json,
}

pub(crate) fn run(arguments: &TraceArguments, terminal: &Terminal) -> Result<Ending, Stop> {
    let registry = registry(&arguments.registry)?;
    let earlier = arguments
        .earlier
        .as_deref()
        .map(self::registry)
        .transpose()?;
    let place = Place::of(&arguments.protocol);
    let checked = Checked::one(&place)?;
    checked.tell(terminal);
    let Some(protocol) = checked.protocol(&place)? else {
        return Ok(Ending::Findings);
    };
    let trace = lind_trace::trace(&protocol, &registry, earlier.as_ref());
    let name = Place::of(&arguments.registry).name();
    let earlier_name = arguments.earlier.as_deref();
    let earlier_name = earlier_name.map(|path| Place::of(path).name());
    let traced = Traced {
        protocol: &protocol,
        registry: (&name, registry.form.words()),
        earlier: earlier_name.as_deref(),
        other_trial: registry
            .trial
            .as_deref()
            .filter(|trial| *trial != &*protocol.id && protocol.id.starts_with("NCT")),
        trace: &trace,
    };
    let mut output = Output::standard();
    match arguments.format {
        TraceFormat::Text => {
            output.write(&lind_report::trace_text(
                &traced,
                terminal.style_of_reports(),
            ))?;
        }
        TraceFormat::Json => {
            output.write(&lind_report::trace_json(&traced))?;
            output.write("\n")?;
        }
    }
    output.finish()?;
    Ok(Ending::found(trace.has_findings()))
}

/// Reads a public text.
fn registry(path: &Path) -> Result<Registry, Failure> {
    let name = Place::of(path).name();
    let text = text(path, &name)?;
    Registry::read(&text).map_err(|error| {
        let failure = Failure::new(format!("`{name}` holds no criteria that can be read"))
            .because(error.to_string());
        match error {
            CannotRead::NoCriteria => failure.help(
                "a text needs the headings `Inclusion Criteria` and `Exclusion Criteria`, or a sentence such as \
                 `Eligible patients were …`",
            ),
            CannotRead::NotJson(_) | CannotRead::NoEligibility(_) => failure.help(
                "save the study as the API of ClinicalTrials.gov gives it, version 2: \
                 https://clinicaltrials.gov/api/v2/studies/NCT…",
            ),
            _ => failure,
        }
    })
}

fn text(path: &Path, name: &str) -> Result<String, Failure> {
    let cannot = || format!("`{name}` cannot be read");
    let mut bytes = Vec::new();
    let most = u64::try_from(LARGEST).unwrap_or(u64::MAX);
    File::open(path)
        .and_then(|file| {
            if file.metadata()?.is_dir() {
                return Err(std::io::ErrorKind::IsADirectory.into());
            }
            file.take(most.saturating_add(1)).read_to_end(&mut bytes)
        })
        .map_err(|error| Failure::new(cannot()).because_of(&error))?;
    if bytes.len() > LARGEST {
        return Err(Failure::new(cannot()).because(CannotRead::TooLarge.to_string()));
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Failure::new(format!("`{name}` is not a text in UTF-8"))
            .because(format!("byte {at} (counted from 0) cannot stand there"))
            .help("save the file with the encoding UTF-8")
    })
}
