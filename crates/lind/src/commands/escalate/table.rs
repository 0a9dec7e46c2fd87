//! `lind escalate table`: what a design decides after so many toxicities among so many.

use clap::Args;
use lind_report::DesignTable;

use super::EscalateFormat;
use super::design::{DesignArguments, refused, whole};
use crate::Ending;
use crate::failure::Stop;
use crate::output::Output;
use crate::terminal::Terminal;

/// What a design decides after so many toxicities among so many
#[derive(Debug, Args)]
#[command(
    long_about = "\
Prints what a design decides after so many dose-limiting toxicities among so many participants \
at a level: for each number of participants the numbers of toxicities that lead to each decision. \
The design is named, or it is the one of a protocol, with each amendment of it.",
    after_help = "\
Examples:
  lind escalate table trial.lind
  lind escalate table --design boin --target 30%
  lind escalate table --design mtpi-2 --target 25% --below 5% --above 10% --up-to 18
  lind escalate table --design 3+3 --format markdown
  lind escalate table --design boin --design 3+3 --target 30% --format html > decisions.html

Exit codes: 0 done, 1 the protocol has errors, 2 the parameters make no design."
)]
pub(super) struct TableArguments {
    #[command(flatten)]
    design: DesignArguments,
    /// Up to how many participants at a level
    #[arg(long, value_name = "N", default_value = "12", value_parser = whole::<u32>)]
    up_to: u32,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: EscalateFormat,
}

pub(super) fn run(arguments: &TableArguments, terminal: &Terminal) -> Result<Ending, Stop> {
    let Some(asked) = arguments.design.designs(terminal)? else {
        return Ok(Ending::Findings);
    };
    let mut decided = Vec::new();
    for (from, design) in &asked.designs {
        decided.push((
            from,
            design,
            design.table(arguments.up_to).map_err(refused)?,
        ));
    }
    let tables: Vec<_> = decided
        .iter()
        .map(|(from, design, table)| DesignTable {
            from: **from,
            design,
            table,
        })
        .collect();
    let style = terminal.style_of_reports();
    let mut output = Output::standard();
    if arguments.format == EscalateFormat::Html {
        output.write(&lind_report::escalation_tables_html(&tables))?;
        output.finish()?;
        return Ok(Ending::Clean);
    }
    for (place, table) in tables.iter().enumerate() {
        output.write(&match arguments.format {
            EscalateFormat::Json => lind_report::escalation_table_json(table) + "\n",
            EscalateFormat::Markdown => lind_report::escalation_table_markdown(table),
            EscalateFormat::Text | EscalateFormat::Html => {
                lind_report::escalation_table_text(table, style)
            }
        })?;
        let is_last = place + 1 == tables.len();
        let blank = !is_last && arguments.format != EscalateFormat::Json;
        output.write(if blank { "\n" } else { "" })?;
    }
    output.finish()?;
    Ok(Ending::Clean)
}
