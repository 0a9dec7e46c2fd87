//! Designs and their parameters as arguments.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use lind_escalation::{
    AcceleratedTitration, Boin, Design, DesignError, EquivalenceInterval, Safety, ThreePlusThree,
    parse_percent, percent_text,
};
use lind_model::Protocol;
use lind_model::trial::{DoseLevels, Escalation};
use lind_time::Day;
use lind_units::Exact;

use crate::failure::{Failure, Stop};
use crate::findings::Checked;
use crate::sources::Place;
use crate::terminal::Terminal;

/// A share, as it was written and as it is.
#[derive(Clone, Debug)]
pub(super) struct Share(pub(super) Exact);

impl std::str::FromStr for Share {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        parse_percent(text)
            .map(Self)
            .ok_or_else(|| "a share is written in per cent, with the sign: `30%`".to_owned())
    }
}

/// A whole number as an argument.
pub(super) fn whole<T: std::str::FromStr>(text: &str) -> Result<T, String> {
    text.parse()
        .map_err(|_| "a whole number is needed, not below 0 and not beyond all bounds".to_owned())
}

/// The designs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum DesignName {
    /// Three participants, and three more after one toxicity
    #[value(name = "3+3")]
    ThreePlusThree,
    /// Bayesian optimal interval design (Liu and Yuan 2015)
    Boin,
    /// Modified toxicity probability interval design 2 (Guo 2017)
    #[value(name = "mtpi-2")]
    Mtpi2,
    /// Its forerunner (Ji 2010)
    Mtpi,
    /// i3+3 (Liu, Wang and Ji 2020)
    #[value(name = "i3+3")]
    I3Plus3,
    /// Single participants until the first toxicity, then 3+3 (Simon 1997)
    Accelerated,
}

/// A design and its parameters.
#[derive(Debug, Args)]
pub(super) struct DesignArguments {
    /// A protocol, whose own rule it is then; `-` is the standard input
    #[arg(value_name = "PROTOCOL")]
    protocol: Option<PathBuf>,
    /// The design (may be repeated)
    #[arg(
        long,
        value_name = "DESIGN",
        required_unless_present = "protocol",
        conflicts_with = "protocol"
    )]
    design: Vec<DesignName>,
    /// The target share of dose-limiting toxicities, such as 30%
    #[arg(long, value_name = "SHARE")]
    pub(super) target: Option<Share>,
    /// BOIN: the highest share that is too low [default: 0.6 of the target]
    #[arg(
        long,
        value_name = "SHARE",
        conflicts_with = "protocol",
        help_heading = "Parameters"
    )]
    too_low: Option<Share>,
    /// BOIN: the lowest share that is too toxic [default: 1.4 of the target]
    #[arg(
        long,
        value_name = "SHARE",
        conflicts_with = "protocol",
        help_heading = "Parameters"
    )]
    too_toxic: Option<Share>,
    /// mTPI-2, mTPI, i3+3: how far below the target is near enough
    #[arg(
        long,
        value_name = "SHARE",
        default_value = "5%",
        conflicts_with = "protocol",
        help_heading = "Parameters"
    )]
    below: Share,
    /// mTPI-2, mTPI, i3+3: how far above it is
    #[arg(
        long,
        value_name = "SHARE",
        default_value = "5%",
        conflicts_with = "protocol",
        help_heading = "Parameters"
    )]
    above: Share,
    /// The probability of being above the target that eliminates a level
    #[arg(
        long,
        value_name = "SHARE",
        default_value = "95%",
        conflicts_with = "protocol",
        help_heading = "Parameters"
    )]
    eliminate: Share,
    /// The trial also stops at its lowest level with a probability that is so much less
    #[arg(
        long,
        value_name = "SHARE",
        conflicts_with = "protocol",
        help_heading = "Parameters"
    )]
    extra_safe: Option<Share>,
    /// The trial stops where it stays at a level with so many participants
    #[arg(
        long,
        value_name = "N",
        value_parser = whole::<u32>,
        conflicts_with = "protocol",
        help_heading = "Parameters"
    )]
    stop_at: Option<u32>,
    /// 3+3: nobody more is treated below a level that was too toxic
    #[arg(long, conflicts_with = "protocol", help_heading = "Parameters")]
    no_de_escalation: bool,
    /// 3+3: three are enough at the maximum tolerated dose, instead of six
    #[arg(long, conflicts_with = "protocol", help_heading = "Parameters")]
    three_at_mtd: bool,
}

impl DesignArguments {
    /// The designs, in the order in which they were named or in which the protocol has them. None if it has errors,
    /// which have been told.
    pub(super) fn designs(&self, terminal: &Terminal) -> Result<Option<Designs>, Stop> {
        let Some(path) = &self.protocol else {
            let named = self.design.iter().map(|name| self.design(*name));
            let designs = named.map(|design| Ok((None, design?)));
            return Ok(Some(Designs {
                protocol: None,
                designs: designs.collect::<Result<_, Failure>>()?,
            }));
        };
        let place = Place::of(path);
        let checked = Checked::one(&place)?;
        checked.tell(terminal);
        let Some(protocol) = checked.protocol(&place)? else {
            return Ok(None);
        };
        let (rule, _) = rule_of(&protocol)?;
        let designs = rule.designs.clone();
        let own = designs.iter().find_map(|(_, design)| design.target());
        if let (Some(own), Some(_)) = (own, &self.target) {
            let own = percent_text(own);
            return Err(Failure::new(format!("the target of the protocol is {own}"))
                .help("leave `--target` out, or name a design instead of the protocol")
                .into());
        }
        Ok(Some(Designs {
            protocol: Some(protocol),
            designs,
        }))
    }

    fn design(&self, name: DesignName) -> Result<Design, Failure> {
        let variant = ThreePlusThree {
            de_escalates: !self.no_de_escalation,
            six_at_mtd: !self.three_at_mtd,
        };
        let design = match name {
            DesignName::ThreePlusThree => Design::ThreePlusThree(variant),
            DesignName::Accelerated => Design::AcceleratedTitration(AcceleratedTitration {
                then: variant,
                ..AcceleratedTitration::default()
            }),
            DesignName::Boin => Design::Boin(self.boin()?),
            DesignName::Mtpi2 => Design::Mtpi2(self.interval()?),
            DesignName::Mtpi => Design::Mtpi(self.interval()?),
            DesignName::I3Plus3 => Design::I3Plus3(self.interval()?),
        };
        design.check().map_err(refused)?;
        Ok(design)
    }

    fn boin(&self) -> Result<Boin, Failure> {
        let mut boin = Boin::new(self.needed_target()?.0);
        if let Some(Share(too_low)) = &self.too_low {
            boin.too_low = too_low.clone();
        }
        if let Some(Share(too_toxic)) = &self.too_toxic {
            boin.too_toxic = too_toxic.clone();
        }
        boin.safety = self.safety();
        Ok(boin)
    }

    fn interval(&self) -> Result<EquivalenceInterval, Failure> {
        Ok(EquivalenceInterval {
            target: self.needed_target()?.0,
            below: self.below.0.clone(),
            above: self.above.0.clone(),
            safety: self.safety(),
        })
    }

    fn safety(&self) -> Safety {
        Safety {
            cut_off: self.eliminate.0.clone(),
            extra_safe: self.extra_safe.as_ref().map(|share| share.0.clone()),
            stops_at: self.stop_at,
            ..Safety::default()
        }
    }

    /// The target, which most designs cannot do without.
    pub(super) fn needed_target(&self) -> Result<Share, Failure> {
        self.target.clone().ok_or_else(|| {
            Failure::new("the target share of dose-limiting toxicities is missing")
                .help("name it: `--target 30%`")
        })
    }
}

/// Designs that were named, or those of a protocol.
pub(super) struct Designs {
    /// The protocol that has them.
    pub(super) protocol: Option<Arc<Protocol>>,
    /// Each with the day from which it holds, if a protocol says one.
    pub(super) designs: Vec<(Option<Day>, Design)>,
}

/// The rule of a protocol that moves between its dose levels.
pub(super) fn rule_of(protocol: &Protocol) -> Result<(&Escalation, &DoseLevels), Failure> {
    let trial = &protocol.trial;
    match (&trial.escalation, &trial.dose_levels) {
        (Some(rule), Some(levels)) => Ok((rule, levels)),
        _ => Err(not_declared(protocol)),
    }
}

/// A protocol without dose levels, or without a rule that moves between them.
pub(super) fn not_declared(protocol: &Protocol) -> Failure {
    Failure::new(format!(
        "`{}` has no dose levels, or no rule that moves between them",
        protocol.id
    ))
    .help("`dose levels of …` and `escalation \"…\" of …` declare them")
}

/// Parameters that make no design.
pub(super) fn refused(error: DesignError) -> Failure {
    Failure::new(error.to_string())
}
