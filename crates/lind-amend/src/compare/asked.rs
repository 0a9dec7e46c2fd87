//! All that is asked of two versions, and what has been found out of it so far.

use lind_model::difference::{Change, Effects, Status, Transition};
use lind_model::{Effect, Standing, Verdict};

use super::criteria::{Criteria, Pair};

/// Something that is asked of two versions: whether there is such a patient.
#[derive(Debug, Clone, Copy)]
pub(super) enum Asked {
    /// Whom a criterion does another thing to, by itself.
    Alone(usize, Effect, Effect),
    /// Who stands elsewhere.
    Transition(Standing, Standing),
    /// Who stands elsewhere if one criterion alone is changed.
    InContext(usize),
}

const EFFECTS: [Effect; 3] = [Effect::Fail, Effect::Open, Effect::Pass];

impl Asked {
    /// All that is asked: of single criteria first, since little must be known of who shows that.
    pub(super) fn all(criteria: Criteria<'_>) -> Vec<Self> {
        let changed: Vec<usize> = criteria.changed().collect();
        let directions = || {
            EFFECTS
                .into_iter()
                .flat_map(|from| EFFECTS.map(|to| (from, to)))
        };
        let alone = changed.iter().flat_map(|pair| {
            let directions = directions().filter(|(from, to)| from != to);
            directions.map(|(from, to)| Self::Alone(*pair, from, to))
        });
        let transitions = ways().map(|(from, to)| Self::Transition(from, to));
        let in_context = changed.iter().copied().map(Self::InContext);
        alone.chain(transitions).chain(in_context).collect()
    }

    /// Whether somebody shows it to whom the pairs of criteria do this, in the old version and in the new one.
    pub(super) fn is_shown(self, effects: &[Vec<Effect>; 2]) -> bool {
        let [old, new] = effects;
        let does = |own: &[Effect], pair: usize| own.get(pair).copied().unwrap_or(Effect::Pass);
        let stands = |own: &[Effect]| Standing::of(own.iter().copied());
        match self {
            Self::Alone(pair, from, to) => does(old, pair) == from && does(new, pair) == to,
            Self::Transition(from, to) => stands(old) == from && stands(new) == to,
            Self::InContext(pair) => {
                let mut changed = old.clone();
                if let Some(slot) = changed.get_mut(pair) {
                    *slot = does(new, pair);
                }
                stands(old) != stands(&changed)
            }
        }
    }
}

/// What each pair of criteria does in the verdicts of both versions. What is not there, and what is not due yet, does
/// not stand in the way.
pub(super) fn effects_in(verdicts: [&Verdict; 2], pairs: &[Pair]) -> [Vec<Effect>; 2] {
    [0, 1].map(|version: usize| {
        let effect = |pair: &Pair| -> Option<Effect> {
            let place = (*pair.places.get(version)?)?;
            let own = verdicts.get(version)?.criteria.get(place)?;
            own.due.then_some(own.effect)
        };
        let effects = pairs.iter().map(effect);
        effects.map(|own| own.unwrap_or(Effect::Pass)).collect()
    })
}

/// Every way in which a patient's standing may change.
pub(super) fn ways() -> impl Iterator<Item = (Standing, Standing)> {
    let all = [
        Standing::Ineligible,
        Standing::Undetermined,
        Standing::Eligible,
    ];
    let both = all
        .into_iter()
        .flat_map(move |from| all.map(|to| (from, to)));
    both.filter(|(from, to)| from != to)
}

/// What has been found out so far, in the order of what is asked.
pub(super) struct Findings {
    pub(super) asked: Vec<Asked>,
    statuses: Vec<Option<Status>>,
}

impl Findings {
    pub(super) fn none(asked: Vec<Asked>) -> Self {
        let statuses = asked.iter().map(|_| None).collect();
        Self { asked, statuses }
    }

    /// What nobody shows as far as is known; or is not asked yet.
    pub(super) fn unseen(&self) -> Vec<usize> {
        self.those(|status| matches!(status, None | Some(Status::Impossible)))
    }

    /// What is not decided, or not asked yet.
    pub(super) fn open(&self) -> Vec<usize> {
        self.those(|status| matches!(status, None | Some(Status::Undecided(_))))
    }

    fn those(&self, wanted: impl Fn(Option<&Status>) -> bool) -> Vec<usize> {
        let own = self.statuses.iter().enumerate();
        own.filter(|(_, status)| wanted(status.as_ref()))
            .map(|(place, _)| place)
            .collect()
    }

    /// Adds what a search among other patients found: somebody is found if either found them, and nobody is left only
    /// if there is nobody in either.
    pub(super) fn join(&mut self, place: usize, status: Status) {
        let Some(slot) = self.statuses.get_mut(place) else {
            return;
        };
        let takes = match slot {
            None | Some(Status::Impossible) => true,
            Some(Status::Undecided(_)) => matches!(status, Status::Witnessed(_)),
            Some(Status::Witnessed(_)) => false,
        };
        if takes {
            *slot = Some(status);
        }
    }

    /// Takes over what another search found out about the same patients, where this one found nothing.
    pub(super) fn learn(&mut self, other: Self) {
        for (slot, status) in self.statuses.iter_mut().zip(other.statuses) {
            let is_decided = matches!(status, Some(Status::Witnessed(_) | Status::Impossible));
            if slot.is_none() || is_decided && matches!(slot, Some(Status::Undecided(_))) {
                *slot = status;
            }
        }
    }

    /// How patients change, and what each changed criterion does.
    pub(super) fn into_parts(self, criteria: Criteria<'_>) -> (Vec<Transition>, Vec<Change>) {
        let mut transitions = Vec::new();
        let mut effects: Vec<Effects> = criteria
            .pairs
            .iter()
            .map(|_| Effects {
                alone: Vec::new(),
                in_context: Status::Impossible,
            })
            .collect();
        for (asked, status) in self.asked.into_iter().zip(self.statuses) {
            let status = status.unwrap_or(Status::Undecided(Vec::new()));
            match asked {
                Asked::Transition(from, to) => transitions.push(Transition { from, to, status }),
                Asked::Alone(pair, from, to) => {
                    if let Some(own) = effects.get_mut(pair)
                        && !matches!(status, Status::Impossible)
                    {
                        own.alone.push((from, to, status));
                    }
                }
                Asked::InContext(pair) => {
                    if let Some(own) = effects.get_mut(pair) {
                        own.in_context = status;
                    }
                }
            }
        }
        let changes = criteria.pairs.iter().zip(effects).map(|(pair, effects)| {
            if pair.is_same(criteria.meant) {
                return Change::Same;
            }
            match pair.places {
                [None, _] => Change::Added(effects),
                [_, None] => Change::Removed(effects),
                _ => Change::Changed(effects),
            }
        });
        (transitions, changes.collect())
    }
}
