//! `lind escalate simulate`: what designs do over many trials.

use clap::Args;
use lind_escalation::{Settings, simulate};
use lind_model::Protocol;
use lind_report::{Simulated, Simulations};

use super::EscalateFormat;
use super::design::{DesignArguments, Share, refused, rule_of, whole};
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
same chance. The design is named, or it is the one of a protocol, with its cohorts, its start and the \
most participants that it allows.

BOIN, mTPI-2, mTPI and i3+3 select by isotonic regression, 3+3 and accelerated titration by their \
own rule. Moderate toxicities, which accelerated titration heeds, are not simulated.

The same seed gives the same figures on every machine.",
    after_help = "\
Examples:
  lind escalate simulate --design boin --target 30% --rates 5%,10%,30%,50%
  lind escalate simulate --design boin --design i3+3 --design 3+3 --target 30% \\
      --rates 5%,10%,30%,50% --cohort 3 --most 30 --trials 10000 --seed 1
  lind escalate simulate trial.lind --rates 2%,5%,10%,30%,50%

Exit codes: 0 done, 1 the protocol has errors, 2 the parameters make no trial."
)]
pub(super) struct SimulateArguments {
    #[command(flatten)]
    design: DesignArguments,
    /// The true share of toxicities at each level, lowest level first
    #[arg(long, value_name = "SHARES", required = true, value_delimiter = ',')]
    rates: Vec<Share>,
    /// How many participants are treated before a decision [default: the most that the protocol says, or 3]
    #[arg(long, value_name = "N", value_parser = whole::<u32>)]
    cohort: Option<u32>,
    /// The most participants of a trial [default: as the protocol says, or 30]
    #[arg(long, value_name = "N", value_parser = whole::<u32>)]
    most: Option<u32>,
    /// The level of the first participant, 1 being the lowest [default: as the protocol says, or 1]
    #[arg(long, value_name = "LEVEL", value_parser = whole::<usize>)]
    start: Option<usize>,
    /// How many trials
    #[arg(long, value_name = "N", default_value = "10000", value_parser = whole::<u32>)]
    trials: u32,
    /// Another seed, other trials
    #[arg(long, value_name = "NUMBER", default_value = "1", value_parser = whole::<u64>)]
    seed: u64,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: EscalateFormat,
}

pub(super) fn run(arguments: &SimulateArguments, terminal: &Terminal) -> Result<Ending, Stop> {
    let Some(mut asked) = arguments.design.designs(terminal)? else {
        return Ok(Ending::Findings);
    };
    let usual = match &asked.protocol {
        Some(protocol) => Usual::of(protocol, arguments.rates.len())?,
        None => Usual::default(),
    };
    if asked.protocol.is_some() && asked.designs.len() > 1 {
        // An amendment holds from a day, and simulated trials have no days.
        asked.designs.drain(..asked.designs.len() - 1);
        if let Some((Some(day), design)) = asked.designs.first() {
            let name = design.name();
            terminal.say(&format!("{name} as it holds from {day} on is simulated\n"));
        }
    }
    let own = asked.designs.iter().find_map(|(_, design)| design.target());
    let target = match (&asked.protocol, own) {
        (Some(_), Some(own)) => own.clone(),
        _ => arguments.design.needed_target()?.0,
    };
    let start = match arguments.start {
        None => usual.start,
        Some(level) => level
            .checked_sub(1)
            .ok_or_else(|| Failure::new("there is no level 0").help("the lowest level is 1"))?,
    };
    let settings = Settings {
        rates: arguments.rates.iter().map(|rate| rate.0.clone()).collect(),
        target,
        start,
        cohort: arguments.cohort.unwrap_or(usual.cohort),
        most: arguments.most.unwrap_or(usual.most),
        most_at_level: usual.most_at_level,
        trials: arguments.trials,
        seed: arguments.seed,
    };
    let mut designs = Vec::new();
    for (_, design) in asked.designs {
        let found = simulate(&design, &settings).map_err(refused)?;
        designs.push(Simulated { design, found });
    }
    let simulations = Simulations {
        settings,
        names: usual.names,
        designs,
    };
    let mut output = Output::standard();
    let style = terminal.style_of_reports();
    output.write(&match arguments.format {
        EscalateFormat::Text => lind_report::simulation_text(&simulations, style),
        EscalateFormat::Json => lind_report::simulation_json(&simulations) + "\n",
        EscalateFormat::Markdown => lind_report::simulation_markdown(&simulations),
        EscalateFormat::Html => lind_report::simulation_html(&simulations),
    })?;
    output.finish()?;
    Ok(Ending::Clean)
}

/// What holds where an argument does not say otherwise.
struct Usual {
    start: usize,
    cohort: u32,
    most: u32,
    most_at_level: Option<u32>,
    /// The names of the dose levels.
    names: Vec<String>,
}

impl Default for Usual {
    fn default() -> Self {
        Self {
            start: 0,
            cohort: 3,
            most: 30,
            most_at_level: None,
            names: Vec::new(),
        }
    }
}

impl Usual {
    /// What a protocol says, which has as many dose levels as there are rates.
    fn of(protocol: &Protocol, rates: usize) -> Result<Self, Failure> {
        let (rule, levels) = rule_of(protocol)?;
        let usual = Self::default();
        let names: Vec<String> = levels
            .levels
            .iter()
            .map(|level| level.name.to_string())
            .collect();
        if names.len() != rates {
            return Err(Failure::new(format!(
                "`{}` has {} dose levels, and {rates} {} given",
                protocol.id,
                names.len(),
                if rates == 1 { "rate is" } else { "rates are" },
            ))
            .help(format!("one rate for each of {}", names.join(", "))));
        }
        let start = levels.levels.iter().position(|level| level.start);
        Ok(Self {
            start: start.unwrap_or(usual.start),
            cohort: rule.cohorts.map_or(usual.cohort, |cohorts| cohorts.most),
            most: rule.most_in_all.unwrap_or(usual.most),
            most_at_level: rule.most_at_level,
            names,
        })
    }
}
