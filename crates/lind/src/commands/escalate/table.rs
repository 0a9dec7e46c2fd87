//! `lind escalate table`: what a design decides after so many toxicities among so many.

use clap::Args;

use super::EscalateFormat;
use super::design::{DesignArguments, refused};
use crate::Ending;
use crate::failure::Stop;
use crate::output::Output;
use crate::terminal::Terminal;

/// What a design decides after so many toxicities among so many
#[derive(Debug, Args)]
#[command(
    long_about = "\
Prints what a design decides after so many dose-limiting toxicities among so many participants \
at a level: for each number of participants the numbers of toxicities that lead to each decision.",
    after_help = "\
Examples:
  lind escalate table --design boin --target 30%
  lind escalate table --design mtpi-2 --target 25% --below 5% --above 10% --up-to 18
  lind escalate table --design 3+3 --format markdown

Exit codes: 0 done, 2 the parameters make no design."
)]
pub(super) struct TableArguments {
    #[command(flatten)]
    design: DesignArguments,
    /// Up to how many participants at a level
    #[arg(long, value_name = "N", default_value_t = 12)]
    up_to: u32,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: EscalateFormat,
}

pub(super) fn run(arguments: &TableArguments, terminal: &Terminal) -> Result<Ending, Stop> {
    let mut output = Output::standard();
    for (place, design) in arguments.design.designs()?.iter().enumerate() {
        let table = design.table(arguments.up_to).map_err(refused)?;
        let style = terminal.style_of_reports();
        let blank = place > 0 && arguments.format != EscalateFormat::Json;
        output.write(if blank { "\n" } else { "" })?;
        output.write(&match arguments.format {
            EscalateFormat::Text => lind_report::escalation_table_text(design, &table, style),
            EscalateFormat::Json => lind_report::escalation_table_json(design, &table) + "\n",
            EscalateFormat::Markdown => lind_report::escalation_table_markdown(design, &table),
        })?;
    }
    output.finish()?;
    Ok(Ending::Clean)
}
