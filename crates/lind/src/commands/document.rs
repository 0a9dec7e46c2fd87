//! `lind doc`: a protocol read back in sentences.

use std::path::PathBuf;

use clap::Args;

use crate::Ending;
use crate::failure::Stop;
use crate::findings::Checked;
use crate::output::Output;
use crate::sources::Place;
use crate::terminal::Terminal;

/// Read a protocol back in sentences
#[derive(Debug, Args)]
#[command(
    long_about = "\
Reads a protocol back in sentences, to be held against the protocol on paper.

What is printed is what Lind understood: each criterion with its gate, its windows with both \
ends, which value counts where the text does not say, exceptions and conditions in their order, \
definitions, and readings with the chosen alternative.",
    after_help = "\
Examples:
  lind doc trial.lind
  lind doc trial.lind --format markdown > trial.md
  lind doc trial.lind --format html > trial.html

Exit codes: 0 done, 1 the protocol has errors, 2 it cannot be read."
)]
pub(crate) struct DocumentArguments {
    /// The protocol; `-` is the standard input
    #[arg(value_name = "PROTOCOL")]
    protocol: PathBuf,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: DocumentFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum DocumentFormat {
    /// For a terminal
    Text,
    /// For a page among others
    Markdown,
    /// A page of its own, which loads nothing: for a browser, and for paper
    Html,
}

pub(crate) fn run(arguments: &DocumentArguments, terminal: &Terminal) -> Result<Ending, Stop> {
    let place = Place::of(&arguments.protocol);
    let checked = Checked::one(&place)?;
    checked.tell(terminal);
    let Some(protocol) = checked.protocol(&place)? else {
        return Ok(Ending::Findings);
    };
    let mut output = Output::standard();
    output.write(&match arguments.format {
        DocumentFormat::Text => lind_report::protocol_text(&protocol, terminal.style_of_reports()),
        DocumentFormat::Markdown => lind_report::protocol_markdown(&protocol),
        DocumentFormat::Html => lind_report::protocol_html(&protocol),
    })?;
    output.finish()?;
    Ok(Ending::Clean)
}
