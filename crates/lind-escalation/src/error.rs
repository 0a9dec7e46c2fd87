//! What is wrong with a design, an interval or a table.

use core::fmt;

use crate::simulate::MOST_TRIALS;
use crate::{Decision, MOST_EVALUABLE, MOST_LEVELS};

/// Why a design or a simulation has no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DesignError {
    /// The target share of dose-limiting toxicities is not between 0 and 1.
    Target,
    /// The share that is too low is not between 0 and the target.
    TooLow,
    /// The share that is too toxic is not between the target and 1.
    TooToxic,
    /// The equivalence interval around the target has no length, or reaches beyond 0 or 1.
    Interval,
    /// The probability above which a level is eliminated is not between 0 and 1.
    CutOff,
    /// The offset of the extra rule for the lowest level is not between 0 and the cut-off.
    Offset,
    /// Counts beyond [`MOST_EVALUABLE`], or none.
    Number,
    /// No trial to simulate, or more than [`MOST_TRIALS`].
    Trials,
    /// A decision that gets less cautious with more toxicities.
    NotMonotone {
        /// How many count.
        evaluable: u32,
        /// From how many toxicities on.
        dlts: u32,
    },
    /// No dose level, or more than [`MOST_LEVELS`].
    Levels,
    /// The start is above the highest level, or a level that is not there.
    Start,
    /// A true rate that is not between 0 and 1.
    Rate,
    /// A cohort of nobody, or one larger than the trial.
    Cohort,
    /// No design holds from the beginning, or the days are not in their order.
    Designs,
    /// A participant or a decision at a level that is not there.
    UnknownLevel,
}

impl fmt::Display for DesignError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Target => formatter.write_str("the target is not between 0 % and 100 %"),
            Self::TooLow => {
                formatter.write_str("the share that is too low is not between 0 % and the target")
            }
            Self::TooToxic => formatter
                .write_str("the share that is too toxic is not between the target and 100 %"),
            Self::Interval => formatter.write_str(
                "the interval around the target is empty or reaches beyond 0 % or 100 %",
            ),
            Self::CutOff => formatter
                .write_str("the probability that eliminates a level is not between 0 % and 100 %"),
            Self::Offset => formatter
                .write_str("the offset of the extra rule is not between 0 and the probability that eliminates a level"),
            Self::Number => write!(
                formatter,
                "the number of participants is not between 1 and {MOST_EVALUABLE}"
            ),
            Self::Trials => write!(
                formatter,
                "the number of trials is not between 1 and {MOST_TRIALS}"
            ),
            Self::NotMonotone { evaluable, dlts } => write!(
                formatter,
                "with {evaluable} participants the decision gets less cautious at {dlts} toxicities"
            ),
            Self::Levels => write!(
                formatter,
                "the number of dose levels is not between 1 and {MOST_LEVELS}"
            ),
            Self::Start => formatter.write_str("the trial starts at a level that is not there"),
            Self::Rate => formatter.write_str("a rate is not between 0 % and 100 %"),
            Self::Cohort => {
                formatter.write_str("a cohort has nobody, or more than the trial may have")
            }
            Self::Designs => {
                formatter.write_str("no design holds from the beginning, or their days are not in order")
            }
            Self::UnknownLevel => formatter.write_str("a dose level is named that is not there"),
        }
    }
}

impl core::error::Error for DesignError {}

/// What is wrong with a decision table that somebody wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TableFault {
    /// There is no line at all.
    Empty,
    /// More toxicities than participants, or more participants than [`MOST_EVALUABLE`], or none.
    Impossible {
        /// How many count.
        evaluable: u32,
        /// How many toxicities the line names.
        dlts: u32,
    },
    /// No line says what to do.
    Gap {
        /// How many count.
        evaluable: u32,
        /// The first number of toxicities without a line.
        from: u32,
        /// The last one.
        to: u32,
    },
    /// Two lines say different things.
    Overlap {
        /// How many count.
        evaluable: u32,
        /// With how many toxicities.
        dlts: u32,
        /// What the earlier line says.
        first: Decision,
        /// What the later line says.
        second: Decision,
    },
    /// More toxicities among as many, and the decision is less cautious.
    LessCautious {
        /// How many count.
        evaluable: u32,
        /// With how many toxicities.
        dlts: u32,
    },
    /// As many toxicities among more, and the decision is more cautious.
    MoreCautious {
        /// How many toxicities.
        dlts: u32,
        /// Among so many it is less cautious.
        fewer: u32,
        /// Among so many it is more cautious.
        more: u32,
    },
}

impl TableFault {
    /// The row that it is about: how many count there; none if it is about the whole table.
    #[must_use]
    pub fn evaluable(&self) -> Option<u32> {
        match self {
            Self::Empty => None,
            Self::Impossible { evaluable, .. }
            | Self::Gap { evaluable, .. }
            | Self::Overlap { evaluable, .. }
            | Self::LessCautious { evaluable, .. } => Some(*evaluable),
            Self::MoreCautious { more, .. } => Some(*more),
        }
    }
}

impl fmt::Display for TableFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => formatter.write_str("the table has no line"),
            Self::Impossible { evaluable, dlts } => {
                write!(
                    formatter,
                    "{dlts} toxicities among {evaluable} cannot be decided on"
                )
            }
            Self::Gap {
                evaluable,
                from,
                to,
            } if from == to => {
                write!(formatter, "no line says what to do with {from}/{evaluable}")
            }
            Self::Gap {
                evaluable,
                from,
                to,
            } => write!(
                formatter,
                "no line says what to do with {from}/{evaluable} to {to}/{evaluable}"
            ),
            Self::Overlap {
                evaluable,
                dlts,
                first,
                second,
            } => write!(
                formatter,
                "two lines are about {dlts}/{evaluable}: {first}, and {second}"
            ),
            Self::LessCautious { evaluable, dlts } => write!(
                formatter,
                "{dlts}/{evaluable} is decided less cautiously than {}/{evaluable}",
                dlts.saturating_sub(1)
            ),
            Self::MoreCautious { dlts, fewer, more } => write!(
                formatter,
                "{dlts}/{more} is decided more cautiously than {dlts}/{fewer}"
            ),
        }
    }
}

impl core::error::Error for TableFault {}
