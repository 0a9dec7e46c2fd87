//! What a rule does over many trials.

use std::collections::HashMap;

use lind_units::Exact;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore as _, SeedableRng as _};

use crate::course::{Course, Next, Rule, Stop};
use crate::design::Design;
use crate::error::DesignError;
use crate::isotonic::select_by_isotonic_regression;
use crate::table::Tally;
use crate::{MOST_EVALUABLE, MOST_LEVELS};

/// The most trials of a simulation.
pub const MOST_TRIALS: u32 = 10_000_000;

/// How fine the draws are: an integer of so many bits.
const DRAW_BITS: u32 = 62;

/// The trials that are simulated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The true share of toxicities at each level, lowest level first.
    pub rates: Vec<Exact>,
    /// The target of the trial: participants at levels above it are overdosed. A design that has a target of its own
    /// selects by that.
    pub target: Exact,
    /// The level of the first participant, counted from 0.
    pub start: usize,
    /// How many are treated before a decision. 3+3 and accelerated titration have cohorts of their own.
    pub cohort: u32,
    /// The most participants of a trial.
    pub most: u32,
    /// The most participants at a level: a trial whose rule would treat more there ends, as one with enough there.
    pub most_at_level: Option<u32>,
    /// How many trials.
    pub trials: u32,
    /// Another seed, other trials.
    pub seed: u64,
}

/// What happened at a level, in all trials together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LevelCharacteristics {
    /// In how many trials it was selected as the maximum tolerated dose.
    pub selected: u64,
    /// How many participants were treated at it.
    pub participants: u64,
    /// How many of them had a dose-limiting toxicity.
    pub dlts: u64,
}

/// What a rule does over many trials.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OperatingCharacteristics {
    /// How many trials there were.
    pub trials: u64,
    /// What happened at each level.
    pub levels: Vec<LevelCharacteristics>,
    /// How many trials selected no level.
    pub none_selected: u64,
    /// How many trials stopped because the lowest level was too toxic.
    pub too_toxic: u64,
    /// How many trials stopped because enough participants counted at a level.
    pub enough: u64,
    /// How many participants were treated at levels whose true rate is above the target.
    pub overdosed: u64,
}

impl OperatingCharacteristics {
    /// In which share of trials a level was selected.
    #[must_use]
    pub fn share_selected(&self, level: usize) -> Exact {
        quotient(self.level(level).selected, self.trials)
    }

    /// In which share no level was.
    #[must_use]
    pub fn share_none(&self) -> Exact {
        quotient(self.none_selected, self.trials)
    }

    /// In which share the lowest level was too toxic.
    #[must_use]
    pub fn share_too_toxic(&self) -> Exact {
        quotient(self.too_toxic, self.trials)
    }

    /// In which share enough participants counted at a level before the trial was full.
    #[must_use]
    pub fn share_enough(&self) -> Exact {
        quotient(self.enough, self.trials)
    }

    /// How many participants a trial treats at a level, on average.
    #[must_use]
    pub fn mean_participants(&self, level: usize) -> Exact {
        quotient(self.level(level).participants, self.trials)
    }

    /// How many of them have a toxicity, on average.
    #[must_use]
    pub fn mean_dlts(&self, level: usize) -> Exact {
        quotient(self.level(level).dlts, self.trials)
    }

    /// How many participants a trial has, on average.
    #[must_use]
    pub fn mean_size(&self) -> Exact {
        quotient(self.participants(), self.trials)
    }

    /// How many toxicities a trial has, on average.
    #[must_use]
    pub fn mean_toxicities(&self) -> Exact {
        let dlts = self.levels.iter().map(|level| level.dlts).sum();
        quotient(dlts, self.trials)
    }

    /// Which share of the participants is treated at levels above the target.
    #[must_use]
    pub fn share_overdosed(&self) -> Exact {
        quotient(self.overdosed, self.participants())
    }

    fn participants(&self) -> u64 {
        self.levels.iter().map(|level| level.participants).sum()
    }

    fn level(&self, level: usize) -> LevelCharacteristics {
        self.levels.get(level).copied().unwrap_or_default()
    }
}

fn quotient(above: u64, below: u64) -> Exact {
    Exact::from_parts(i128::from(above), i128::from(below)).unwrap_or_default()
}

impl Settings {
    fn check(&self) -> Result<(), DesignError> {
        if self.rates.is_empty() || self.rates.len() > MOST_LEVELS {
            return Err(DesignError::Levels);
        }
        if self.start >= self.rates.len() {
            return Err(DesignError::Start);
        }
        let is_share = |rate: &Exact| *rate >= Exact::zero() && *rate <= Exact::one();
        if !self.rates.iter().all(is_share) {
            return Err(DesignError::Rate);
        }
        if self.target <= Exact::zero() || self.target >= Exact::one() {
            return Err(DesignError::Target);
        }
        if self.most == 0 || self.most > MOST_EVALUABLE || self.most_at_level == Some(0) {
            return Err(DesignError::Number);
        }
        if self.cohort == 0 || self.cohort > self.most {
            return Err(DesignError::Cohort);
        }
        if self.trials == 0 || self.trials > MOST_TRIALS {
            return Err(DesignError::Trials);
        }
        Ok(())
    }
}

/// Simulates trials of a design.
///
/// Participant for participant the draws of a trial are the same for every design, so designs that are compared
/// with the same seed differ by what they do, not by chance. The draws are ChaCha with 8 rounds, one stream a trial:
/// a published stream, which stays as it is.
///
/// # Errors
/// The design or the settings make no trial.
pub fn simulate(
    design: &Design,
    settings: &Settings,
) -> Result<OperatingCharacteristics, DesignError> {
    settings.check()?;
    let rule = design.rule(settings.most)?;
    let thresholds: Option<Vec<u64>> = settings.rates.iter().map(threshold).collect();
    let mut simulation = Simulation {
        rule: &rule,
        settings,
        thresholds: thresholds.ok_or(DesignError::Rate)?,
        target: design.target().unwrap_or(&settings.target),
        selections: HashMap::new(),
        course: Course::new(settings.rates.len(), settings.start)?,
    };
    let mut seed = [0; 32];
    let (first, _) = seed.split_at_mut(8);
    first.copy_from_slice(&settings.seed.to_le_bytes());
    let mut draws = ChaCha8Rng::from_seed(seed);
    let mut found = OperatingCharacteristics {
        levels: vec![LevelCharacteristics::default(); settings.rates.len()],
        ..OperatingCharacteristics::default()
    };
    for trial in 0..u64::from(settings.trials) {
        draws.set_stream(trial);
        draws.set_word_pos(0);
        let ending = simulation.run(&mut draws);
        simulation.count(ending, &mut found);
    }
    Ok(found)
}

/// A draw below this is a toxicity.
fn threshold(rate: &Exact) -> Option<u64> {
    let whole = Exact::from_parts(1_i128 << DRAW_BITS, 1)?;
    u64::try_from(rate.mul(&whole).floor()?).ok()
}

struct Simulation<'a> {
    rule: &'a Rule,
    settings: &'a Settings,
    thresholds: Vec<u64>,
    target: &'a Exact,
    /// What isotonic regression selects, where it was asked before: trials end alike again and again.
    selections: HashMap<(Vec<Tally>, Option<usize>), Option<usize>>,
    course: Course,
}

/// How a trial ended.
enum Ending {
    /// By its rule.
    Stopped(Stop),
    /// Because it was full.
    Full,
    /// Because the level at which more would be treated was full.
    FullLevel,
}

impl Simulation<'_> {
    fn run(&mut self, draws: &mut ChaCha8Rng) -> Ending {
        self.course.tallies.fill(Tally::default());
        self.course.current = self.settings.start;
        self.course.eliminated_from = None;
        let mut left = self.settings.most;
        loop {
            let judgement = self.rule.judge(&self.course);
            self.course.eliminated_from = judgement.eliminated_from;
            let (level, until) = match judgement.next {
                Next::Stop(stop) => return Ending::Stopped(stop),
                Next::Treat { level, until } => (level, until),
            };
            let treated = self.course.tally(level).evaluable;
            let wanted = until.map_or(self.settings.cohort, |until| until.saturating_sub(treated));
            let number = wanted.clamp(1, self.settings.most).min(left);
            if number == 0 {
                return Ending::Full;
            }
            let space = self.settings.most_at_level;
            let space = space.map_or(number, |most| most.saturating_sub(treated));
            if space == 0 {
                return Ending::FullLevel;
            }
            let number = number.min(space);
            left -= number;
            let threshold = self.thresholds.get(level).copied().unwrap_or_default();
            let dlts = (0..number)
                .map(|_| u32::from(draws.next_u64() >> (64 - DRAW_BITS) < threshold))
                .sum::<u32>();
            self.course.current = level;
            if let Some(tally) = self.course.tallies.get_mut(level) {
                tally.evaluable += number;
                tally.dlts += dlts;
            }
        }
    }

    fn count(&mut self, ending: Ending, found: &mut OperatingCharacteristics) {
        found.trials += 1;
        let levels = found.levels.iter_mut().zip(&self.course.tallies);
        for ((level, tally), rate) in levels.zip(&self.settings.rates) {
            level.participants += u64::from(tally.evaluable);
            level.dlts += u64::from(tally.dlts);
            if *rate > self.settings.target {
                found.overdosed += u64::from(tally.evaluable);
            }
        }
        let selected = match ending {
            Ending::Stopped(Stop::TooToxic) => {
                found.too_toxic += 1;
                None
            }
            Ending::Stopped(Stop::Found(level)) => Some(level),
            Ending::Stopped(Stop::Enough(_)) => {
                found.enough += 1;
                self.select()
            }
            // A rule that finds its level by itself has not found it yet.
            Ending::Full | Ending::FullLevel if self.rule.finds_by_itself() => None,
            Ending::Full => self.select(),
            Ending::FullLevel => {
                found.enough += 1;
                self.select()
            }
        };
        match selected.and_then(|level| found.levels.get_mut(level)) {
            Some(level) => level.selected += 1,
            None => found.none_selected += 1,
        }
    }

    fn select(&mut self) -> Option<usize> {
        let (tallies, eliminated_from) = (&self.course.tallies, self.course.eliminated_from);
        let key = (tallies.clone(), eliminated_from);
        *self
            .selections
            .entry(key)
            .or_insert_with(|| select_by_isotonic_regression(tallies, eliminated_from, self.target))
    }
}
