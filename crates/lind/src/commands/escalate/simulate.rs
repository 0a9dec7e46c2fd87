//! `lind escalate simulate`: what designs do over many trials.

use clap::Args;
use lind_escalation::{Settings, simulate};
use lind_report::Simulated;

use super::EscalateFormat;
use super::design::{DesignArguments, Share, refused};
use crate::Ending;
use crate::failure::{Failure, Stop};
use crate::output::Output;
use crate::terminal::Terminal;

/// What designs do over many trials whose true rates are known
#[derive(Debug, Args)]
#[command(
    long_about = "\
Simulates trials whose true shares of dose-limiting toxicities are known, and counts what a \
design does: which level it selects, how many participants it treats where, how many toxicities \
they have. Several designs are shown side by side; participant for participant they meet the \
same chance.

BOIN, mTPI-2, mTPI and i3+3 select by isotonic regression, 3+3 and accelerated titration by their \
own rule. Moderate toxicities, which accelerated titration heeds, are not simulated.

The same seed gives the same figures on every machine.",
    after_help = "\
Examples:
  lind escalate simulate --design boin --target 30% --rates 5%,10%,30%,50%
  lind escalate simulate --design boin --design i3+3 --design 3+3 --target 30% \\
      --rates 5%,10%,30%,50% --cohort 3 --most 30 --trials 10000 --seed 1

Exit codes: 0 done, 2 the parameters make no trial."
)]
pub(super) struct SimulateArguments {
    #[command(flatten)]
    design: DesignArguments,
    /// The true share of toxicities at each level, lowest level first
    #[arg(long, value_name = "SHARES", required = true, value_delimiter = ',')]
    rates: Vec<Share>,
    /// How many participants are treated before a decision
    #[arg(long, value_name = "N", default_value_t = 3)]
    cohort: u32,
    /// The most participants of a trial
    #[arg(long, value_name = "N", default_value_t = 30)]
    most: u32,
    /// The level of the first participant, 1 being the lowest
    #[arg(long, value_name = "LEVEL", default_value_t = 1)]
    start: usize,
    /// How many trials
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    trials: u32,
    /// Another seed, other trials
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: EscalateFormat,
}

pub(super) fn run(arguments: &SimulateArguments, terminal: &Terminal) -> Result<Ending, Stop> {
    let start = arguments
        .start
        .checked_sub(1)
        .ok_or_else(|| Failure::new("there is no level 0").help("the lowest level is 1"))?;
    let settings = Settings {
        rates: arguments.rates.iter().map(|rate| rate.0.clone()).collect(),
        target: arguments.design.needed_target()?.0,
        start,
        cohort: arguments.cohort,
        most: arguments.most,
        trials: arguments.trials,
        seed: arguments.seed,
    };
    let mut simulated = Vec::new();
    for design in arguments.design.designs()? {
        let found = simulate(&design, &settings).map_err(refused)?;
        simulated.push(Simulated { design, found });
    }
    let mut output = Output::standard();
    let style = terminal.style_of_reports();
    output.write(&match arguments.format {
        EscalateFormat::Text => lind_report::simulation_text(&settings, &simulated, style),
        EscalateFormat::Json => lind_report::simulation_json(&settings, &simulated) + "\n",
        EscalateFormat::Markdown => lind_report::simulation_markdown(&settings, &simulated),
        EscalateFormat::Html => lind_report::simulation_html(&settings, &simulated),
    })?;
    output.finish()?;
    Ok(Ending::Clean)
}
