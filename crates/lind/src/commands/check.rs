//! `lind check`: what is wrong with protocols.

use std::path::PathBuf;

use clap::Args;
use lind_diagnostics::Severity;

use crate::Ending;
use crate::failure::{Failure, Stop};
use crate::findings::{Checked, FindingsFormat};
use crate::output::Output;
use crate::sources;
use crate::terminal::Terminal;

/// Check protocols: names, units, time windows, structure
#[derive(Debug, Args)]
#[command(
    long_about = "\
Checks protocols: names, units, time windows and structure.

Every finding names its place, says what is wrong and, where that can be computed, what to \
write instead. `lind explain CODE` tells the story behind a code. Modules of the library \
(`use std.labs: …`) are built in; others are files beside the one that uses them \
(`use common.labs: …` is `common/labs.lind`).",
    after_help = "\
Examples:
  lind check                                       every protocol below this folder
  lind check trial.lind --format short             one line a finding
  lind check trial.lind --unverified               and what of it nobody has verified
  lind check protocols --format json > found.json  for programs
  cat trial.lind | lind check -                    from the standard input

Exit codes: 0 no errors, 1 errors (or warnings, with --deny-warnings), 2 a file cannot be read."
)]
pub(crate) struct CheckArguments {
    /// Protocols, or folders with protocols [default: this folder]; `-` is the standard input
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// How to show findings
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: FindingsFormat,
    /// Tell too what the criteria lean on that is marked `unverified`, and which of their sets have no codes
    #[arg(long)]
    unverified: bool,
    /// Exit with 1 for warnings too
    #[arg(long)]
    deny_warnings: bool,
}

pub(crate) fn run(arguments: &CheckArguments, terminal: &Terminal) -> Result<Ending, Stop> {
    let (places, mut failures) = sources::find(&arguments.paths);
    let (mut checked, unreadable) = Checked::all(&places);
    if arguments.unverified {
        checked.add_reliance();
    }
    failures.extend(unreadable);

    let mut output = Output::standard();
    // With nothing read there is nothing that could be called clean.
    if checked.count > 0 {
        checked.show(arguments.format, terminal, &mut output)?;
        if !terminal.is_quiet {
            let files = if checked.count == 1 { "file" } else { "files" };
            let found = lind_render::summary_line(&checked.diagnostics);
            let summary = format!("{} {files} checked: {found}\n", checked.count);
            match arguments.format {
                FindingsFormat::Text => output.write(&summary)?,
                // Nothing but findings goes to the programs that read these.
                FindingsFormat::Short => terminal.say(&summary),
                FindingsFormat::Json | FindingsFormat::Sarif => {}
            }
        }
    }
    output.finish()?;

    if let Some(failure) = Failure::all(failures) {
        return Err(failure.into());
    }
    let has_warnings = checked.count_of(Severity::Warning) > 0;
    let has_errors = checked.count_of(Severity::Error) > 0;
    Ok(Ending::found(
        has_errors || (arguments.deny_warnings && has_warnings),
    ))
}
