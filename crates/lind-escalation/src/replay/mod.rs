//! A run of a trial held against its rule: what the data said at each decision, what the rule says, what was done.
//!
//! ```
//! use lind_escalation::replay::{Conduct, Dlt, Participant, Run, Standing, replay};
//! use lind_escalation::{Design, ThreePlusThree};
//! use lind_time::Day;
//!
//! let conduct = Conduct::new(["25", "50"], Design::ThreePlusThree(ThreePlusThree::default()), 28);
//! let day = |number| Day::from_ymd(2024, 1, 1).and_then(|day| day.add_days(number)).expect("a day");
//! let treated = |id: &str, level, number| Participant::treated(id, level, day(number), Dlt::None);
//! let run = Run::whole([treated("P1", 0, 0), treated("P2", 0, 7), treated("P3", 1, 90)]);
//! let replay = replay(&conduct, &run)?;
//! assert_eq!(replay.standing, Standing::Violates);
//! assert_eq!(
//!     replay.steps[0].findings[0].sentence(&conduct),
//!     "2 participants count at level 25, and 3 are needed before the next level"
//! );
//! # Ok::<(), lind_escalation::DesignError>(())
//! ```

mod counts;
mod findings;
mod people;
mod steps;

use core::fmt;

use lind_time::Day;

use crate::course::Judgement;
use crate::design::Design;
use crate::error::DesignError;
use crate::table::Tally;
use crate::{MOST_LEVELS, course::Next};

pub use findings::{Finding, Violation};

/// How a trial is to be conducted. Levels are counted from 0, lowest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conduct {
    /// The names of the levels. Those below the start are its back-ups.
    pub levels: Vec<String>,
    /// Where the trial begins.
    pub start: usize,
    /// The highest level that may be used.
    pub highest: usize,
    /// The design, with the day from which it holds; the first holds from the beginning.
    pub designs: Vec<(Option<Day>, Design)>,
    /// How many are treated before a decision.
    pub cohorts: Cohorts,
    /// At most so many count at a level.
    pub most_at_level: Option<u32>,
    /// At most so many count in all.
    pub most_in_all: Option<u32>,
    /// Toxicities count from the day of treatment until so many days later, both included.
    pub window: u32,
    /// How far apart participants are treated.
    pub stagger: Stagger,
    /// Where a participant counts whose dose was not the assigned one.
    pub under_dosed: UnderDosed,
}

/// How many are treated before a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cohorts {
    /// At least so many count before the dose goes up.
    pub least: u32,
    /// At most so many are under observation at a level at a time.
    pub most: u32,
}

/// How far apart participants are treated, in days from treatment to treatment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stagger {
    /// Between the first and the second participant of a level.
    pub first_of_level: Option<u32>,
    /// Between any two.
    pub others: Option<u32>,
    /// A level opens after the windows of the level below.
    pub after_window: bool,
}

/// Where a participant counts whose dose was not the assigned one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UnderDosed {
    /// Not at all.
    #[default]
    NotCounted,
    /// At the assigned level.
    AsAssigned,
    /// At the level that was received, if it was one.
    AsReceived,
}

/// A participant of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Participant {
    /// Who it is. Whatever it says, nothing follows from it.
    pub id: String,
    /// The assigned level.
    pub assigned: usize,
    /// What was given.
    pub received: Received,
    /// The day of treatment; none for those who were not treated.
    pub treated: Option<Day>,
    /// Who comes first on the same day.
    pub order: u32,
    /// Whether there was a dose-limiting toxicity.
    pub dlt: Dlt,
    /// When a moderate toxicity occurred; accelerated titration counts them.
    pub moderate: Option<Day>,
    /// Why the participant does not count, if so.
    pub not_evaluable: Option<String>,
    /// Whom the participant replaces.
    pub replaces: Option<String>,
}

impl Participant {
    /// Somebody who was treated as assigned and counts.
    #[must_use]
    pub fn treated(id: impl Into<String>, level: usize, day: Day, dlt: Dlt) -> Self {
        Self {
            id: id.into(),
            assigned: level,
            received: Received::AsAssigned,
            treated: Some(day),
            order: 0,
            dlt,
            moderate: None,
            not_evaluable: None,
            replaces: None,
        }
    }
}

/// What was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Received {
    /// The dose of the assigned level.
    AsAssigned,
    /// The dose of another level.
    Level(usize),
    /// Less than assigned, and the dose of no level.
    Less,
}

/// Whether there was a dose-limiting toxicity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dlt {
    /// None in the whole window.
    None,
    /// Not known yet.
    Pending,
    /// On this day, and the trial counts it.
    On(Day),
    /// On this day, and the trial does not count it.
    NotCounted(Day),
}

/// A decision as the trial recorded it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// When.
    pub day: Day,
    /// About which level.
    pub level: usize,
    /// What was decided.
    pub action: Action,
    /// The counts on which it was decided, if they are recorded.
    pub stated: Option<Tally>,
    /// Who decided.
    pub by: String,
    /// Why.
    pub reason: String,
}

/// What was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// To the next higher level.
    Escalate,
    /// More at the same level.
    Stay,
    /// To a lower level.
    DeEscalate,
    /// No more participants.
    Stop,
}

/// What a trial did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// In any order.
    pub participants: Vec<Participant>,
    /// In any order.
    pub recorded: Vec<Recorded>,
    /// Whether these are all participants of the trial.
    pub is_whole: bool,
    /// Until when the data reach; if not stated, until all windows are closed.
    pub as_of: Option<Day>,
}

impl Run {
    /// All participants of a trial.
    #[must_use]
    pub fn whole(participants: impl IntoIterator<Item = Participant>) -> Self {
        Self {
            participants: participants.into_iter().collect(),
            recorded: Vec::new(),
            is_whole: true,
            as_of: None,
        }
    }

    /// Some participants of a trial.
    #[must_use]
    pub fn part(participants: impl IntoIterator<Item = Participant>) -> Self {
        Self {
            is_whole: false,
            ..Self::whole(participants)
        }
    }
}

impl fmt::Display for Action {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Escalate => "escalate",
            Self::Stay => "stay",
            Self::DeEscalate => "de-escalate",
            Self::Stop => "stop",
        })
    }
}

/// A run held against its rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replay {
    /// The decisions in their order, the end last.
    pub steps: Vec<Step>,
    /// What is wrong elsewhere than at a decision.
    pub findings: Vec<Finding>,
    /// All in all.
    pub standing: Standing,
}

/// A decision: another level, another cohort at the same level, or the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// On which day.
    pub day: Day,
    /// Which level it was about.
    pub level: usize,
    /// Which level was used next; none at the end.
    pub to: Option<usize>,
    /// What was known of each level on that day.
    pub known: Vec<Known>,
    /// Which of [`Conduct::designs`] held.
    pub design: usize,
    /// What the rule says.
    pub rule: Judgement,
    /// The recorded decision, if there is one: its place in [`Run::recorded`].
    pub recorded: Option<usize>,
    /// What was done, held against it.
    pub verdict: StepVerdict,
    /// What is wrong with it.
    pub findings: Vec<Finding>,
}

/// What is known of a level on a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// The counts.
    pub tally: Tally,
    /// How many were treated and are not known about yet.
    pub pending: u32,
    /// How many were treated and do not count.
    pub not_counted: u32,
}

/// What was done, held against what the rule says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepVerdict {
    /// As the rule says.
    Conforming,
    /// The rule would have allowed a higher dose or more participants.
    MoreCautious,
    /// The end came before the rule's own.
    Unfinished,
    /// The rule forbids it.
    Violation,
}

impl StepVerdict {
    /// In words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Conforming => "conforming",
            Self::MoreCautious => "more cautious than the rule",
            Self::Unfinished => "the rule would go on",
            Self::Violation => "violation",
        }
    }
}

/// All in all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The whole trial conforms.
    Conforms,
    /// The whole trial does not.
    Violates,
    /// What is known of a part of the trial is consistent with its rule.
    Consistent,
    /// It is not, unless participants who are not in the data make up for it.
    NotConsistentUnless,
    /// It is not, whoever else took part.
    NotConsistent,
}

impl Standing {
    /// In words, to be followed by the name of the design.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Conforms => "conforms to",
            Self::Violates => "violates",
            Self::Consistent => "consistent with",
            Self::NotConsistentUnless => {
                "not consistent with, unless participants not in the data make up for it,"
            }
            Self::NotConsistent => "not consistent with",
        }
    }
}

impl Conduct {
    /// A trial that begins at its lowest level and may use all, with cohorts of any size up to 6, where a level
    /// opens after the windows of the level below.
    #[must_use]
    pub fn new(
        levels: impl IntoIterator<Item = impl Into<String>>,
        design: Design,
        window: u32,
    ) -> Self {
        let levels: Vec<String> = levels.into_iter().map(Into::into).collect();
        Self {
            start: 0,
            highest: levels.len().saturating_sub(1),
            levels,
            designs: vec![(None, design)],
            cohorts: Cohorts { least: 1, most: 6 },
            most_at_level: None,
            most_in_all: None,
            window,
            stagger: Stagger {
                after_window: true,
                ..Stagger::default()
            },
            under_dosed: UnderDosed::default(),
        }
    }

    /// The name of a level.
    #[must_use]
    pub fn level(&self, level: usize) -> &str {
        self.levels.get(level).map_or("?", String::as_str)
    }

    fn check(&self, run: &Run) -> Result<(), DesignError> {
        if self.levels.is_empty() || self.levels.len() > MOST_LEVELS {
            return Err(DesignError::Levels);
        }
        if self.start > self.highest || self.highest >= self.levels.len() {
            return Err(DesignError::Start);
        }
        if self.cohorts.least == 0 || self.cohorts.least > self.cohorts.most {
            return Err(DesignError::Cohort);
        }
        let days: Vec<Option<Day>> = self.designs.iter().map(|(from, _)| *from).collect();
        let is_ordered = days.iter().zip(days.iter().skip(1)).all(|(a, b)| a < b);
        if days.first() != Some(&None) || !is_ordered {
            return Err(DesignError::Designs);
        }
        let is_level = |level: usize| level < self.levels.len();
        let is_known = |participant: &Participant| {
            let received = match participant.received {
                Received::Level(level) => level,
                Received::AsAssigned | Received::Less => participant.assigned,
            };
            is_level(participant.assigned) && is_level(received)
        };
        let mut recorded = run.recorded.iter();
        if !run.participants.iter().all(is_known)
            || !recorded.all(|recorded| is_level(recorded.level))
        {
            return Err(DesignError::UnknownLevel);
        }
        Ok(())
    }

    /// Which design holds on a day.
    fn design_on(&self, day: Day) -> usize {
        let holds = |(from, _): &(Option<Day>, Design)| from.is_none_or(|from| from <= day);
        self.designs.iter().rposition(holds).unwrap_or(0)
    }
}

/// Holds a run against its rule.
///
/// A decision is taken where somebody is treated at another level, where a cohort is complete and somebody more is
/// treated at the same level, and at the end. Its day is that of a recorded decision about the level since the last
/// treatment; else the day of the next treatment, the latest on which it can have been taken. What counts is what
/// was known by then: those whose window is over, and those who had a toxicity before.
///
/// # Errors
/// The design or the conduct makes no trial, or somebody is at a level that is not there.
pub fn replay(conduct: &Conduct, run: &Run) -> Result<Replay, DesignError> {
    conduct.check(run)?;
    steps::replay(conduct, run)
}

/// The level that follows, if one does.
pub(crate) fn level_of(next: Next) -> Option<usize> {
    match next {
        Next::Treat { level, .. } => Some(level),
        Next::Stop(_) => None,
    }
}
