//! Arms, what is given when, dose levels, and the rule that moves between them.

use std::sync::Arc;

use lind_diagnostics::Span;
use lind_escalation::Design;
use lind_escalation::replay::UnderDosed;
use lind_time::{Day, Offset};
use lind_units::{Exact, Unit};

use super::Assumed;
use crate::ids::{ArmId, AskedId, PopulationId, SetId};
use crate::protocol::Window;

/// A group of participants that is treated alike.
#[derive(Debug, Clone)]
pub struct Arm {
    /// Its name.
    pub name: Arc<str>,
    /// In words.
    pub title: Arc<str>,
    /// Where it is declared.
    pub span: Span,
}

/// What is given when.
#[derive(Debug, Clone)]
pub struct TreatmentPlan {
    /// Its name.
    pub name: Arc<str>,
    /// In words.
    pub title: Arc<str>,
    /// Only in these arms; empty for all.
    pub arms: Vec<ArmId>,
    /// One line a drug.
    pub lines: Vec<Dosing>,
    /// By how much less than planned, in per cent, a dose still counts as given as planned; none if it is not said.
    pub tolerance: Option<Exact>,
    /// Why it is supposed, if the source does not say it.
    pub assumed: Assumed,
    /// Where it is declared.
    pub span: Span,
}

impl TreatmentPlan {
    /// By how much less than planned, in per cent, a dose counts as given as planned where no plan says it: what is
    /// short by less is a matter of weighing and counting.
    pub const USUAL_TOLERANCE: i64 = 5;

    /// By how much less than planned, in per cent, a dose still counts as given as planned.
    #[must_use]
    pub fn tolerated(&self) -> Exact {
        let usual = || Exact::from_integer(Self::USUAL_TOLERANCE);
        self.tolerance.clone().unwrap_or_else(usual)
    }
}

/// A drug, its dose and its days.
#[derive(Debug, Clone)]
pub struct Dosing {
    /// Which drug.
    pub drug: SetId,
    /// How much at a time.
    pub dose: PlannedDose,
    /// How often a day it is given.
    pub times_a_day: u32,
    /// On which days; none where the source does not say.
    pub days: Option<DosingDays>,
    /// As written.
    pub text: Arc<str>,
    /// Where it stands.
    pub span: Span,
}

/// How much is given at a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlannedDose {
    /// A stated amount.
    Amount {
        /// The amount.
        amount: Exact,
        /// Its unit, without what it is counted by.
        unit: Unit,
        /// What it is counted by.
        basis: DoseBasis,
    },
    /// The dose of the participant's dose level.
    Level,
}

/// What a dose is counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DoseBasis {
    /// One amount for everybody.
    Total,
    /// By body weight.
    PerKilogram,
    /// By body surface.
    PerSquareMetre,
}

/// On which days a drug is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DosingDays {
    /// Study days, in their order.
    Days(Vec<i64>),
    /// Days of each cycle, counted from 1.
    Cycle {
        /// How long a cycle is.
        length: Offset,
        /// The days of a cycle, in their order.
        days: Vec<Day1>,
        /// How many cycles, if stated.
        cycles: Option<u32>,
    },
}

/// A day of a cycle, counted from 1.
pub type Day1 = u32;

/// The dose levels of a product, lowest first.
#[derive(Debug, Clone)]
pub struct DoseLevels {
    /// The product.
    pub product: SetId,
    /// What the doses are counted by.
    pub basis: DoseBasis,
    /// The levels in their order.
    pub levels: Vec<DoseLevel>,
    /// Why they are supposed, if the source does not say them.
    pub assumed: Assumed,
    /// Where they are declared.
    pub span: Span,
}

/// A dose level.
#[derive(Debug, Clone)]
pub struct DoseLevel {
    /// Its name.
    pub name: Arc<str>,
    /// In words, if stated.
    pub title: Option<Arc<str>>,
    /// The doses that belong to it; more than one where the source leaves a choice (`100 or 150 x 10^6`).
    pub doses: Vec<Exact>,
    /// Their unit.
    pub unit: Unit,
    /// The dose as written.
    pub text: Arc<str>,
    /// The trial begins here.
    pub start: bool,
    /// Only used when a lower dose than the start is needed.
    pub back_up: bool,
    /// No level above it is used, though it may be declared.
    pub highest: bool,
    /// Where it stands.
    pub span: Span,
}

/// Which rule moves between dose levels.
#[derive(Debug, Clone)]
pub struct Escalation {
    /// In words.
    pub title: Arc<str>,
    /// The product whose dose levels it moves between.
    pub product: SetId,
    /// The design, with the day from which it holds; the first holds from the beginning.
    pub designs: Vec<(Option<Day>, Design)>,
    /// How many participants are treated before a decision.
    pub cohorts: Option<Cohorts>,
    /// In which time toxicities count.
    pub window: Option<Window>,
    /// What counts as a dose-limiting toxicity.
    pub toxicity: Option<AskedId>,
    /// Who counts.
    pub evaluable: Option<PopulationId>,
    /// Where a participant counts whose dose was not the assigned one.
    pub other_doses: UnderDosed,
    /// How far apart participants are treated.
    pub stagger: Stagger,
    /// At most so many at a level.
    pub most_at_level: Option<u32>,
    /// At most so many in all.
    pub most_in_all: Option<u32>,
    /// Why it is supposed, if the source does not say it.
    pub assumed: Assumed,
    /// Where it is declared.
    pub span: Span,
}

/// How many participants are treated before a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cohorts {
    /// At least.
    pub least: u32,
    /// At most.
    pub most: u32,
}

/// How far apart participants are treated.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stagger {
    /// Between the first and the second participant of a level.
    pub first_of_level: Option<Offset>,
    /// Between any two.
    pub others: Option<Offset>,
    /// A level opens after the window of the last participant below.
    pub after_window: bool,
}
