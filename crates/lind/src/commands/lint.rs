//! `lind lint`: what a protocol says that nobody can have meant, proved.

use std::path::PathBuf;

use clap::Args;
use lind_amend::{CannotCompare, Version};
use lind_diagnostics::{Diagnostic, Severity};

use crate::Ending;
use crate::failure::{Failure, Stop};
use crate::findings::{Checked, FindingsFormat};
use crate::output::Output;
use crate::sources;
use crate::terminal::Terminal;

/// Find criteria that contradict each other, change nothing or have drifted apart, proved
#[derive(Debug, Args)]
#[command(
    long_about = "\
Finds what a protocol says that nobody can have meant: criteria that nobody passes together, \
criteria and parts of them that change nothing for anybody, limits of an inclusion and an \
exclusion that have drifted apart.

Every finding is proved for all patients, or shown on a made-up patient about whom the interpreter \
was asked. What `lind check` finds is not told once more. Of what could not be decided, the criteria \
are named in one line. Readings are those that the protocol has chosen.",
    after_help = "\
Examples:
  lind lint                          every protocol below this folder
  lind lint trial.lind
  lind lint trial.lind --format short --deny-warnings

Exit codes: 0 no errors, 1 errors (or warnings, with --deny-warnings), 2 a file cannot be read,
101 the engine and the interpreter disagree."
)]
pub(crate) struct LintArguments {
    /// Protocols, or folders with protocols [default: this folder]; `-` is the standard input
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// How to show findings
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: FindingsFormat,
    /// Exit with 1 for warnings too
    #[arg(long)]
    deny_warnings: bool,
}

pub(crate) fn run(arguments: &LintArguments, terminal: &Terminal) -> Result<Ending, Stop> {
    let (places, mut failures) = sources::find(&arguments.paths);
    let (mut checked, unreadable) = Checked::all(&places);
    failures.extend(unreadable);
    let is_wrong = checked.count_of(Severity::Error) > 0;
    checked.tell_errors(terminal);

    let mut found: Vec<Diagnostic> = Vec::new();
    let mut undecided: Vec<String> = Vec::new();
    let mut count = 0_usize;
    let protocols = checked.protocols.iter().zip(&checked.tests);
    for (protocol, tests) in protocols {
        let Some(protocol) = protocol else { continue };
        let version = Version {
            protocol: protocol.clone(),
            tests: tests.clone(),
        };
        let lints = lind_amend::lint(&version, &checked.diagnostics).map_err(stop)?;
        count += 1;
        found.extend(lints.diagnostics);
        let ids: Vec<&str> = lints.undecided.iter().map(|id| &**id).collect();
        if !ids.is_empty() {
            undecided.push(format!("{} ({})", protocol.id, ids.join(", ")));
        }
        if !lints.is_eligibility_decided {
            undecided.push(format!("{} (whether anybody is eligible)", protocol.id));
        }
    }
    checked.replace_findings(found);

    let mut output = Output::standard();
    // With nothing looked through there is nothing that could be called clean.
    if count > 0 {
        checked.show(arguments.format, terminal, &mut output)?;
        if !terminal.is_quiet {
            let protocols = if count == 1 { "protocol" } else { "protocols" };
            let said = lind_render::summary_line(&checked.diagnostics);
            let mut summary = format!("{count} {protocols} looked through: {said}\n");
            if !undecided.is_empty() {
                summary.push_str(&format!("not decided: {}\n", undecided.join("; ")));
            }
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
    let has_errors = is_wrong || checked.count_of(Severity::Error) > 0;
    let has_warnings = checked.count_of(Severity::Warning) > 0;
    Ok(Ending::found(
        has_errors || (arguments.deny_warnings && has_warnings),
    ))
}

fn stop(error: CannotCompare) -> Stop {
    Stop::of_engine(
        "a protocol cannot be looked through",
        &error,
        "nothing was found; please report this with the protocol, if it is public",
    )
}
