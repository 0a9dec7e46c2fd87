//! `lind fmt`: one layout for all protocols.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;
use lind_diagnostics::{Files, Severity};
use similar::{ChangeTag, TextDiff};

use crate::Ending;
use crate::failure::{Failure, Stop};
use crate::output::{Output, replace};
use crate::sources::{self, Place};
use crate::terminal::Terminal;

/// Lay out protocols in the one way
#[derive(Debug, Args)]
#[command(
    long_about = "\
Lays out protocols in the one way: indentation, spaces, columns. What a protocol says stays \
the same to the last patient. A file is replaced whole or not at all.",
    after_help = "\
Examples:
  lind fmt                        every protocol below this folder
  lind fmt --check --diff         change nothing, show what would change, exit with 1 if anything
  lind fmt - < draft.lind         from the standard input to the standard output

Exit codes: 0 done (or, with --check, nothing to do), 1 --check found something, 2 a file cannot be
read or written."
)]
pub(crate) struct FormatArguments {
    /// Protocols, or folders with protocols [default: this folder]; `-` is the standard input
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Change nothing; exit with 1 if anything would change
    #[arg(long)]
    check: bool,
    /// Change nothing; show what would change
    #[arg(long)]
    diff: bool,
}

pub(crate) fn run(arguments: &FormatArguments, terminal: &Terminal) -> Result<Ending, Stop> {
    let (places, mut failures) = sources::find(&arguments.paths);
    let mut output = Output::standard();
    let mut changed: usize = 0;
    let changes_nothing = arguments.check || arguments.diff;
    for place in &places {
        let text = match place.read() {
            Ok(text) => text,
            Err(failure) => {
                failures.push(failure);
                continue;
            }
        };
        let formatted = lind_syntax::format(&text);
        let (laid_out, differs) = (formatted.text, formatted.changed);
        changed += usize::from(differs);
        if !terminal.is_quiet && has_unreadable_lines(place, &text) {
            let name = lind_report::one_line(&place.name());
            terminal.say(&format!(
                "{name}: lines that cannot be read stay as they are (`lind check` tells which)\n"
            ));
        }
        if arguments.diff && differs {
            output.write(&difference(
                place,
                &text,
                &laid_out,
                terminal.colors_results,
            ))?;
        } else if arguments.check && differs {
            output.write(&format!("{}\n", lind_report::one_line(&place.name())))?;
        }
        match place {
            Place::StandardInput if !changes_nothing => output.write(&laid_out)?,
            Place::File(path) if !changes_nothing && differs => {
                if let Err(failure) = replace(path, &laid_out) {
                    failures.push(failure);
                }
            }
            _ => {}
        }
    }
    output.finish()?;
    if let Some(failure) = Failure::all(failures) {
        return Err(failure.into());
    }
    if !terminal.is_quiet && places != [Place::StandardInput] {
        let files = if places.len() == 1 { "file" } else { "files" };
        let change = if changes_nothing {
            "would change"
        } else {
            "changed"
        };
        terminal.say(&format!("{changed} of {} {files} {change}\n", places.len()));
    }
    Ok(Ending::found(arguments.check && changed > 0))
}

fn has_unreadable_lines(place: &Place, text: &str) -> bool {
    let mut files = Files::new();
    let file = files.add(place.name(), text);
    lind_syntax::parse(file, text)
        .diagnostics
        .iter()
        .any(|diagnostic| diagnostic.severity == Severity::Error)
}

/// The lines that change, with three lines around them.
fn difference(place: &Place, old: &str, new: &str, has_color: bool) -> String {
    let name = lind_report::one_line(&place.name());
    let mut text = format!("--- {name}\n+++ {name}, laid out\n");
    let diff = TextDiff::from_lines(old, new);
    for hunk in diff.unified_diff().context_radius(3).iter_hunks() {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{}", hunk.header());
        for change in hunk.iter_changes() {
            let (sign, color) = match change.tag() {
                ChangeTag::Delete => ('-', "\u{1b}[31m"),
                ChangeTag::Insert => ('+', "\u{1b}[32m"),
                ChangeTag::Equal => (' ', ""),
            };
            let line = lind_report::one_line(change.value());
            let _ = if has_color && !color.is_empty() {
                writeln!(text, "{color}{sign}{line}\u{1b}[0m")
            } else {
                writeln!(text, "{sign}{line}")
            };
        }
    }
    text
}
