//! What a change means for patients of whom there are data: how many stand elsewhere, and by which criteria.

use std::sync::Arc;

use crate::verdict::{Effect, Standing};

/// What a change means for the patients of a data set.
#[derive(Debug, Clone, Default)]
pub struct Cohort {
    /// How many patients were read.
    pub patients: u64,
    /// The milestone behind which somebody is enrolled, in the old version; none if none is known to be it.
    pub enrolment: Option<Arc<str>>,
    /// The gates at which patients were asked, in the order of the new version; those at which nobody was are left
    /// out.
    pub gates: Vec<CohortGate>,
    /// Everybody who is answered otherwise, if names were asked for; in the order of the data.
    pub named: Vec<CohortPatient>,
    /// How many change in a way that was proved to be impossible, and have data of a sort that the proof does not
    /// speak of; by what their data have.
    pub beyond: Vec<(Beyond, u64)>,
    /// How many records could not be used.
    pub set_aside: u64,
}

impl Cohort {
    /// How many are not enrolled and stand elsewhere.
    #[must_use]
    pub fn elsewhere(&self) -> u64 {
        let moves = self.gates.iter().flat_map(|gate| &gate.moves);
        moves.map(|own| own.patients).sum()
    }

    /// How many were asked who are enrolled.
    #[must_use]
    pub fn enrolled(&self) -> u64 {
        self.gates.iter().map(|gate| gate.enrolled.patients).sum()
    }

    /// To how many a criterion does this now, of those who stand elsewhere and of those who are enrolled; and for how
    /// many of the first it alone is the cause.
    #[must_use]
    pub fn of_criterion(&self, id: &str, from: Effect, to: Effect) -> CriterionCount {
        let mut all = CriterionCount {
            criterion: Arc::from(id),
            from,
            to,
            patients: 0,
            alone: 0,
        };
        let counts = self.gates.iter().flat_map(|gate| {
            let moves = gate.moves.iter().flat_map(|own| &own.criteria);
            moves.chain(&gate.enrolled.criteria)
        });
        for own in counts {
            if &*own.criterion == id && (own.from, own.to) == (from, to) {
                all.patients = all.patients.saturating_add(own.patients);
                all.alone = all.alone.saturating_add(own.alone);
            }
        }
        all
    }
}

/// What became of those who were asked at one gate.
#[derive(Debug, Clone)]
pub struct CohortGate {
    /// Its name in the new version.
    pub gate: Arc<str>,
    /// How many who are not enrolled stood where in the old version, and stand where in the new one:
    /// by [`Standing::ORDER`].
    pub standings: [[u64; 3]; 3],
    /// The ways in which some of them changed.
    pub moves: Vec<CohortMove>,
    /// How many stand where they stood, though a criterion answers otherwise.
    pub silent: u64,
    /// Those who are enrolled.
    pub enrolled: CohortEnrolled,
}

/// A way in which patients changed.
#[derive(Debug, Clone)]
pub struct CohortMove {
    /// Where they stood.
    pub from: Standing,
    /// Where they stand.
    pub to: Standing,
    /// How many.
    pub patients: u64,
    /// The criteria that do something else to some of them, those of most first.
    pub criteria: Vec<CriterionCount>,
}

/// Those who were enrolled under the version in force then: the new version asks nothing of them.
#[derive(Debug, Clone, Default)]
pub struct CohortEnrolled {
    /// How many.
    pub patients: u64,
    /// To how many of them a criterion of the new version would answer otherwise.
    pub otherwise: u64,
    /// Which criteria those are.
    pub criteria: Vec<CriterionCount>,
}

/// To how many a criterion does something else.
#[derive(Debug, Clone)]
pub struct CriterionCount {
    /// Its number.
    pub criterion: Arc<str>,
    /// What it did; what is not there does not stand in the way.
    pub from: Effect,
    /// What it does.
    pub to: Effect,
    /// To how many.
    pub patients: u64,
    /// How many of them stand where they stand by this change alone, all other criteria being as in the old version.
    pub alone: u64,
}

/// A patient who is answered otherwise.
#[derive(Debug, Clone)]
pub struct CohortPatient {
    /// As the data name it.
    pub patient: Arc<str>,
    /// At which gate.
    pub gate: Arc<str>,
    /// Whether enrolled.
    pub is_enrolled: bool,
    /// Where the patient stood.
    pub from: Standing,
    /// Where the patient stands.
    pub to: Standing,
    /// The criteria that do something else.
    pub criteria: Vec<Arc<str>>,
}

/// Why a proof does not speak of a patient.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Beyond {
    /// A date is known to the month or the year, to the hour, or not at all.
    Dates,
    /// A milestone on the way to the gate is not there, or they are in another order than the protocol has them.
    Course,
    /// A result is a range or a limit, cannot be counted in the unit of its measure, or is not plausible.
    Results,
    /// Two different results of one time.
    TwoResults,
    /// A record could not be used, or is not settled.
    Records,
    /// A table is not complete, or the data end on a day.
    Tables,
}

impl Beyond {
    /// The reason in words, after "whose data have".
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Dates => "dates that are not days",
            Self::Course => "milestones that are missing or in another order",
            Self::Results => "results that are not single plausible numbers",
            Self::TwoResults => "two different results of one time",
            Self::Records => "records that could not be used or are not settled",
            Self::Tables => "tables that are not complete, or that end on a day",
        }
    }

    /// The reason for programs.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Dates => "dates",
            Self::Course => "course",
            Self::Results => "results",
            Self::TwoResults => "two_results",
            Self::Records => "records",
            Self::Tables => "tables",
        }
    }
}
