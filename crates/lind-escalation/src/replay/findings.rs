//! What may be wrong with a run, in words.

use lind_time::Day;

use super::{Action, Conduct};
use crate::table::{Decision, Tally};

/// Something that the rule or the conduct of a trial forbids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What.
    pub violation: Violation,
    /// About whom, in the order of treatment.
    pub participants: Vec<String>,
    /// On which day.
    pub day: Day,
    /// Who decided so, and why, if it is recorded.
    pub explained: Option<(String, String)>,
    /// Whether participants who are not in the data could make up for it.
    pub can_be_made_up_for: bool,
}

/// What is forbidden.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Violation {
    /// The first participant was not treated at the start level.
    WrongStart {
        /// Where instead.
        level: usize,
    },
    /// A level was left out.
    SkippedLevel {
        /// From which level.
        from: usize,
        /// To which.
        to: usize,
    },
    /// A level above the highest that may be used.
    AboveHighest {
        /// Which.
        level: usize,
    },
    /// The dose went up, or a new cohort began, while windows were open.
    OpenWindows {
        /// At which level.
        level: usize,
        /// Whether the dose went up.
        escalated: bool,
    },
    /// The dose went up before enough participants counted.
    CohortTooSmall {
        /// At which level.
        level: usize,
        /// How many counted.
        counted: u32,
        /// How many are needed.
        needed: u32,
    },
    /// More participants than may count at a level, or in all.
    TooMany {
        /// At which level; none for all.
        level: Option<usize>,
        /// How many may count.
        most: u32,
    },
    /// The dose went up, or stayed, though the rule says otherwise.
    AgainstRule {
        /// At which level.
        level: usize,
        /// With which counts.
        tally: Tally,
        /// What the rule says.
        says: Decision,
        /// To which level instead.
        to: usize,
    },
    /// Somebody was treated at a level that was eliminated before.
    EliminatedLevel {
        /// At which level.
        level: usize,
        /// The lowest eliminated level.
        eliminated_from: usize,
    },
    /// Somebody was treated though the lowest level was too toxic.
    AfterStop {
        /// At which level.
        level: usize,
    },
    /// A toxicity outside the window was counted.
    DltOutsideWindow {
        /// When it was.
        dlt: Day,
        /// The first day of the window.
        from: Day,
        /// The last one.
        to: Day,
    },
    /// A toxicity inside the window was not counted.
    DltMissed {
        /// When it was.
        dlt: Day,
        /// The first day of the window.
        from: Day,
        /// The last one.
        to: Day,
    },
    /// A decision was recorded with other counts than the data have.
    WrongDenominator {
        /// At which level.
        level: usize,
        /// The counts that were recorded.
        stated: Tally,
        /// The counts of the data.
        counted: Tally,
        /// How many were treated there and do not count, or are not known about yet.
        others: u32,
    },
    /// What followed is not what was decided.
    NotAsDecided {
        /// What was.
        decided: Action,
        /// Where somebody was treated next.
        to: usize,
    },
    /// Somebody was treated too soon after somebody else.
    TooSoon {
        /// How many days lie between.
        days: i64,
        /// How many must.
        least: u32,
        /// Whether they are the first two of a level.
        first_of_level: bool,
    },
    /// Somebody replaces a participant who counts, or who is not there.
    WrongReplacement {
        /// Who is replaced.
        replaced: String,
    },
}

impl Violation {
    /// Its name, for programs.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::WrongStart { .. } => "wrong-start",
            Self::SkippedLevel { .. } => "skipped-level",
            Self::AboveHighest { .. } => "above-highest",
            Self::OpenWindows { .. } => "open-windows",
            Self::CohortTooSmall { .. } => "cohort-too-small",
            Self::TooMany { .. } => "too-many",
            Self::AgainstRule { .. } => "against-rule",
            Self::EliminatedLevel { .. } => "eliminated-level",
            Self::AfterStop { .. } => "after-stop",
            Self::DltOutsideWindow { .. } => "dlt-outside-window",
            Self::DltMissed { .. } => "dlt-missed",
            Self::WrongDenominator { .. } => "wrong-denominator",
            Self::NotAsDecided { .. } => "not-as-decided",
            Self::TooSoon { .. } => "too-soon",
            Self::WrongReplacement { .. } => "wrong-replacement",
        }
    }
}

impl Finding {
    /// The finding in one sentence, without a full stop. It quotes names of levels and participants as they are.
    #[must_use]
    pub fn sentence(&self, conduct: &Conduct) -> String {
        let name = |level: usize| conduct.level(level);
        let who = self.participants.join(", ");
        match &self.violation {
            Violation::WrongStart { level } => format!(
                "{who} is the first and is treated at level {}, and the trial starts at {}",
                name(*level),
                name(conduct.start)
            ),
            Violation::SkippedLevel { from, to } => {
                let between: Vec<&str> = (from + 1..*to).map(name).collect();
                format!(
                    "from level {} to {}, and {} is left out",
                    name(*from),
                    name(*to),
                    between.join(", ")
                )
            }
            Violation::AboveHighest { level } => format!(
                "level {} is above {}, the highest that may be used",
                name(*level),
                name(conduct.highest)
            ),
            Violation::OpenWindows { level, escalated } => {
                let verb = if self.participants.len() == 1 {
                    "is"
                } else {
                    "are"
                };
                let what = if *escalated {
                    "the dose goes up"
                } else {
                    "another cohort begins"
                };
                format!(
                    "{what} from level {} while {who} {verb} still observed",
                    name(*level)
                )
            }
            Violation::CohortTooSmall {
                level,
                counted,
                needed,
            } => {
                let (people, verb) = match counted {
                    1 => ("participant", "counts"),
                    _ => ("participants", "count"),
                };
                let are = if *needed == 1 { "is" } else { "are" };
                format!(
                    "{counted} {people} {verb} at level {}, and {needed} {are} needed before the next level",
                    name(*level)
                )
            }
            Violation::TooMany { level, most } => {
                let place = match level {
                    Some(level) => format!("at level {}", name(*level)),
                    None => "in all".to_owned(),
                };
                format!("{who} is one more than the {most} that may count {place}")
            }
            Violation::AgainstRule {
                level,
                tally,
                says,
                to,
            } => format!(
                "{tally} at level {} means to {says}, and the next is treated at {}",
                name(*level),
                name(*to)
            ),
            Violation::EliminatedLevel {
                level,
                eliminated_from,
            } => format!(
                "{who} is treated at level {}, and level {} and above were eliminated before",
                name(*level),
                name(*eliminated_from)
            ),
            Violation::AfterStop { level } => format!(
                "{who} is treated at level {}, and the trial had stopped: the lowest level is too toxic",
                name(*level)
            ),
            Violation::DltOutsideWindow { dlt, from, to } => {
                format!(
                    "the toxicity of {who} on {dlt} is counted, and the window is {from} to {to}"
                )
            }
            Violation::DltMissed { dlt, from, to } => format!(
                "the toxicity of {who} on {dlt} is not counted, and it lies in the window {from} to {to}"
            ),
            Violation::WrongDenominator {
                level,
                stated,
                counted,
                others,
            } => {
                let more = match others {
                    0 => String::new(),
                    others => format!("; {others} treated there did not count by then"),
                };
                format!(
                    "the decision is recorded with {stated} at level {}, and the data have {counted}{more}",
                    name(*level)
                )
            }
            Violation::NotAsDecided { decided, to } => format!(
                "it was decided to {decided}, and {who} is treated next, at level {}",
                name(*to)
            ),
            Violation::TooSoon {
                days,
                least,
                first_of_level,
            } => {
                let whom = if *first_of_level {
                    "the first two of a level"
                } else {
                    "two participants"
                };
                let (first, second) = match self.participants.as_slice() {
                    [first, second] => (first.as_str(), second.as_str()),
                    _ => (who.as_str(), "the next"),
                };
                let unit = if *days == 1 { "day" } else { "days" };
                format!(
                    "{second} is treated {days} {unit} after {first}, and at least {least} must lie between {whom}"
                )
            }
            Violation::WrongReplacement { replaced } => {
                format!("{who} replaces {replaced}, who counts or is not there")
            }
        }
    }
}
