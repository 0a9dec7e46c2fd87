//! Where a trial stands, and what its rule does next.

use crate::MOST_LEVELS;
use crate::design::{AcceleratedTitration, Design, ThreePlusThree};
use crate::error::DesignError;
use crate::table::{Decision, DecisionTable, Tally};

/// Where a trial stands: the counts at each level and the level at hand. Levels are counted from 0, lowest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Course {
    /// The counts at each level.
    pub tallies: Vec<Tally>,
    /// The level at hand.
    pub current: usize,
    /// The highest level that may be used.
    pub highest: usize,
    /// This level and those above are eliminated.
    pub eliminated_from: Option<usize>,
    /// How many moderate toxicities there were in all; accelerated titration counts them.
    pub moderate: u32,
}

impl Course {
    /// A trial that has not begun.
    ///
    /// # Errors
    /// There is no level, too many, or the start is not one of them.
    pub fn new(levels: usize, start: usize) -> Result<Self, DesignError> {
        if levels == 0 || levels > MOST_LEVELS {
            return Err(DesignError::Levels);
        }
        if start >= levels {
            return Err(DesignError::Start);
        }
        Ok(Self {
            tallies: vec![Tally::default(); levels],
            current: start,
            highest: levels - 1,
            eliminated_from: None,
            moderate: 0,
        })
    }

    /// The counts at a level; nobody where there is no such level.
    #[must_use]
    pub fn tally(&self, level: usize) -> Tally {
        self.tallies.get(level).copied().unwrap_or_default()
    }

    /// Whether a level may still be used.
    #[must_use]
    pub fn is_open(&self, level: usize) -> bool {
        level <= self.highest && self.eliminated_from.is_none_or(|from| level < from)
    }

    fn eliminate(&mut self, level: usize) {
        let from = self.eliminated_from.map_or(level, |from| from.min(level));
        self.eliminated_from = Some(from);
    }
}

/// What a rule says of a trial.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// What the counts at the level at hand say.
    pub decision: Decision,
    /// What follows from it, with the other levels in view.
    pub next: Next,
    /// This level and those above are eliminated from now on.
    pub eliminated_from: Option<usize>,
}

/// What follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// More participants.
    Treat {
        /// At this level.
        level: usize,
        /// Until so many count there; none where any cohort will do.
        until: Option<u32>,
    },
    /// No more.
    Stop(Stop),
}

/// Why no more participants are treated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// The lowest level is too toxic.
    TooToxic,
    /// This level is the maximum tolerated dose by the rule itself.
    Found(usize),
    /// Enough participants count at this level.
    Enough(usize),
}

/// A design made ready for a trial of a certain size.
#[derive(Clone, Debug)]
pub struct Rule {
    table: DecisionTable,
    /// For each number of participants from 1 on: from how many toxicities on the trial stops at the lowest level.
    lowest_stops: Vec<Option<u32>>,
    stops_at: Option<u32>,
    kind: Kind,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Interval,
    ThreePlusThree(ThreePlusThree),
    Accelerated(AcceleratedTitration),
}

impl Design {
    /// The design made ready for a trial with at most so many participants at a level.
    ///
    /// # Errors
    /// As for [`Design::table`].
    pub fn rule(&self, most: u32) -> Result<Rule, DesignError> {
        let (table, lowest_stops) = self.table_and_stops(most)?;
        Ok(Rule {
            table,
            lowest_stops,
            stops_at: self.safety().and_then(|safety| safety.stops_at),
            kind: match self {
                Self::ThreePlusThree(variant) => Kind::ThreePlusThree(*variant),
                Self::AcceleratedTitration(variant) => Kind::Accelerated(*variant),
                Self::Boin(_)
                | Self::Mtpi2(_)
                | Self::Mtpi(_)
                | Self::I3Plus3(_)
                | Self::Table(_) => Kind::Interval,
            },
        })
    }
}

impl Rule {
    /// The decision table that the rule reads.
    #[must_use]
    pub fn table(&self) -> &DecisionTable {
        &self.table
    }

    /// How many must count before the dose may go up: 3 for 3+3, 1 where single participants will do.
    #[must_use]
    pub fn least_to_escalate(&self) -> u32 {
        let rows = self.table.rows().iter();
        let mut rows = rows.filter(|row| row.escalate_up_to.is_some());
        match self.kind {
            Kind::Accelerated(_) => 1,
            Kind::Interval | Kind::ThreePlusThree(_) => rows.next().map_or(1, |row| row.evaluable),
        }
    }

    /// Whether the rule itself says which level is the maximum tolerated dose.
    pub(crate) fn finds_by_itself(&self) -> bool {
        !matches!(self.kind, Kind::Interval)
    }

    /// What the counts at a level say. Beyond the last row of the table: what its last row says of as great a share;
    /// for a number that a table by hand leaves out: to stay.
    #[must_use]
    pub fn decision(&self, tally: Tally) -> Decision {
        self.table.decision(tally).unwrap_or(Decision::Stay)
    }

    /// What to do next.
    #[must_use]
    pub fn judge(&self, course: &Course) -> Judgement {
        match self.kind {
            Kind::Interval => self.judge_interval(course),
            Kind::ThreePlusThree(variant) => self.judge_three_plus_three(course, variant),
            Kind::Accelerated(variant) => {
                let is_over = course.moderate >= variant.moderate
                    || course.tallies.iter().any(|tally| tally.dlts > 0);
                if is_over {
                    return self.judge_three_plus_three(course, variant.then);
                }
                self.judge_single(course, variant.then)
            }
        }
    }

    fn judge_interval(&self, course: &Course) -> Judgement {
        let tally = course.tally(course.current);
        let decision = self.decision(tally);
        let mut after = course.clone_bounds();
        let stops = tally
            .evaluable
            .checked_sub(1)
            .and_then(|place| self.lowest_stops.get(place as usize).copied())
            .flatten();
        let is_unsafe = course.current == 0 && stops.is_some_and(|from| tally.dlts >= from);
        let next = match decision {
            Decision::Eliminate => {
                after.eliminate(course.current);
                match course.current.checked_sub(1) {
                    Some(level) => treat(level),
                    None => Next::Stop(Stop::TooToxic),
                }
            }
            _ if is_unsafe => {
                after.eliminate(0);
                Next::Stop(Stop::TooToxic)
            }
            Decision::DeEscalate => treat(course.current.saturating_sub(1)),
            Decision::Escalate if course.is_open(course.current + 1) => treat(course.current + 1),
            Decision::Escalate | Decision::Stay => treat(course.current),
        };
        let has_enough = self
            .stops_at
            .is_some_and(|enough| tally.evaluable >= enough);
        Judgement {
            decision,
            next: if has_enough && next == treat(course.current) {
                Next::Stop(Stop::Enough(course.current))
            } else {
                next
            },
            eliminated_from: after.eliminated_from,
        }
    }

    fn judge_three_plus_three(&self, course: &Course, variant: ThreePlusThree) -> Judgement {
        let tally = course.tally(course.current);
        let decision = self.decision(tally);
        let mut after = course.clone_bounds();
        let next = match decision {
            Decision::Eliminate | Decision::DeEscalate => {
                after.eliminate(course.current);
                step_down(course, after.eliminated_from.unwrap_or(0), variant)
            }
            Decision::Escalate if course.is_open(course.current + 1) => {
                until_whole(course, course.current + 1)
            }
            // Nowhere to go up to: the level is the one, once enough have been treated.
            Decision::Escalate if tally.evaluable >= 6 || !variant.six_at_mtd => {
                Next::Stop(Stop::Found(course.current))
            }
            Decision::Escalate | Decision::Stay => until_whole(course, course.current),
        };
        Judgement {
            decision,
            next,
            eliminated_from: after.eliminated_from,
        }
    }

    /// One participant at a level, as long as nobody has had a toxicity.
    fn judge_single(&self, course: &Course, then: ThreePlusThree) -> Judgement {
        let tally = course.tally(course.current);
        let one_more = |level: usize| Next::Treat {
            level,
            until: Some(course.tally(level).evaluable + 1),
        };
        if tally.evaluable == 0 {
            return Judgement {
                decision: Decision::Stay,
                next: one_more(course.current),
                eliminated_from: course.eliminated_from,
            };
        }
        if course.is_open(course.current + 1) {
            return Judgement {
                decision: Decision::Escalate,
                next: one_more(course.current + 1),
                eliminated_from: course.eliminated_from,
            };
        }
        self.judge_three_plus_three(course, then)
    }
}

impl Course {
    /// A course that carries the eliminated levels only.
    fn clone_bounds(&self) -> Self {
        Self {
            tallies: Vec::new(),
            current: self.current,
            highest: self.highest,
            eliminated_from: self.eliminated_from,
            moderate: self.moderate,
        }
    }
}

fn treat(level: usize) -> Next {
    Next::Treat { level, until: None }
}

/// Until three count at a level, or six if three do already.
fn until_whole(course: &Course, level: usize) -> Next {
    let until = match course.tally(level).evaluable {
        0..=2 => 3,
        3..=5 => 6,
        // Everybody who was planned has been treated: one more, where somebody asks.
        more => more.saturating_add(1),
    };
    Next::Treat {
        level,
        until: Some(until),
    }
}

/// 3+3 below the eliminated levels.
fn step_down(course: &Course, eliminated_from: usize, variant: ThreePlusThree) -> Next {
    let Some(level) = eliminated_from.checked_sub(1) else {
        return Next::Stop(Stop::TooToxic);
    };
    let tally = course.tally(level);
    if !variant.de_escalates {
        // Without going down again, a level that nobody was treated at cannot be the one.
        return Next::Stop(if tally.evaluable == 0 {
            Stop::TooToxic
        } else {
            Stop::Found(level)
        });
    }
    let is_whole = match tally.evaluable {
        0..=2 => false,
        3..=5 => tally.dlts == 0 && !variant.six_at_mtd,
        _ => true,
    };
    if is_whole {
        Next::Stop(Stop::Found(level))
    } else {
        until_whole(course, level)
    }
}
