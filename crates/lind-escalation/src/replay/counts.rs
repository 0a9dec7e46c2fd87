//! Who counts where, and what is known on a day.

use lind_time::Day;

use super::{Conduct, Dlt, Known, Participant, Received, UnderDosed};
use crate::course::Course;
use crate::error::DesignError;
use crate::table::Tally;

/// A participant as the rule sees it.
pub(super) struct Counted<'a> {
    pub(super) participant: &'a Participant,
    /// The day of treatment.
    pub(super) day: Day,
    /// The last day of the window.
    pub(super) window_end: Day,
    /// Where the participant counts, if anywhere.
    pub(super) level: Option<usize>,
    /// The first day on which a toxicity within the window was there.
    pub(super) dlt: Option<Day>,
}

impl<'a> Counted<'a> {
    /// None for those who were not treated.
    pub(super) fn of(conduct: &Conduct, participant: &'a Participant) -> Option<Self> {
        let day = participant.treated?;
        let window_end = day.add_days(i64::from(conduct.window)).unwrap_or(Day::MAX);
        let level = match (participant.received, conduct.under_dosed) {
            (Received::AsAssigned, _)
            | (Received::Level(_) | Received::Less, UnderDosed::AsAssigned) => {
                Some(participant.assigned)
            }
            (Received::Level(level), _) if level == participant.assigned => Some(level),
            (Received::Level(level), UnderDosed::AsReceived) => Some(level),
            (Received::Level(_) | Received::Less, _) => None,
        };
        let dlt = match participant.dlt {
            Dlt::On(at) | Dlt::NotCounted(at) => (day..=window_end).contains(&at).then_some(at),
            Dlt::None | Dlt::Pending => None,
        };
        Some(Self {
            participant,
            day,
            window_end,
            level: level.filter(|_| participant.not_evaluable.is_none()),
            dlt,
        })
    }

    /// The level that the participant was treated at, whether or not it counts there.
    pub(super) fn used(&self) -> usize {
        self.participant.assigned
    }

    /// What is known of the participant at a moment.
    pub(super) fn at(&self, moment: Moment) -> State {
        let day = moment.day;
        if self.level.is_none() {
            return State::NotCounted;
        }
        if self.dlt.is_some_and(|dlt| moment.knows(dlt)) {
            return State::Toxic;
        }
        if self.window_end >= day || self.participant.dlt == Dlt::Pending {
            return State::Pending;
        }
        State::Free
    }
}

/// When something is decided.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment {
    pub(super) day: Day,
    /// Whether what happened on the day is known: at a recorded decision it is, at a treatment it is not.
    pub(super) at_its_end: bool,
}

impl Moment {
    fn knows(self, day: Day) -> bool {
        day < self.day || (self.at_its_end && day == self.day)
    }
}

/// What is known of a participant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// Does not count.
    NotCounted,
    /// Not known yet.
    Pending,
    /// Had a toxicity.
    Toxic,
    /// Had none in the whole window.
    Free,
}

/// What is known of each level at a moment, from these participants.
pub(super) fn known(conduct: &Conduct, treated: &[Counted<'_>], moment: Moment) -> Vec<Known> {
    let mut known = vec![Known::default(); conduct.levels.len()];
    for counted in treated {
        let level = counted.level.unwrap_or(counted.used());
        let Some(known) = known.get_mut(level) else {
            continue;
        };
        match counted.at(moment) {
            State::NotCounted => known.not_counted += 1,
            State::Pending => known.pending += 1,
            State::Toxic => {
                known.tally.evaluable += 1;
                known.tally.dlts += 1;
            }
            State::Free => known.tally.evaluable += 1,
        }
    }
    known
}

/// Where the trial stands at a moment, before its rule has looked at the level at hand.
pub(super) fn course(
    conduct: &Conduct,
    known: &[Known],
    treated: &[Counted<'_>],
    current: usize,
    moment: Moment,
) -> Result<Course, DesignError> {
    let mut course = Course::new(conduct.levels.len(), conduct.start)?;
    course.tallies = known
        .iter()
        .map(|known| known.tally)
        .collect::<Vec<Tally>>();
    course.current = current;
    course.highest = conduct.highest;
    let moderate = treated.iter().filter(|counted| {
        let within = counted.day..=counted.window_end;
        let at = counted.participant.moderate;
        counted.level.is_some() && at.is_some_and(|at| within.contains(&at) && moment.knows(at))
    });
    course.moderate = u32::try_from(moderate.count()).unwrap_or(u32::MAX);
    Ok(course)
}
