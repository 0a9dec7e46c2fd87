//! What a plan says of a patient.

use lind_diagnostics::Span;
use lind_units::Exact;

use crate::ids::{CriterionId, MilestoneId};
use crate::logic::{OpenKind, Truth};
use crate::protocol::{Cap, CriterionKind};

/// The outcome of a criterion: the value of what it states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// What it states is so. For an exclusion this is the excluded state.
    Met,
    /// What it states is not so.
    NotMet,
    /// Data are missing, imprecise, contradictory or set aside.
    Unknown,
    /// A person must answer.
    NeedsJudgement,
    /// Its guard is false.
    NotApplicable,
    /// Its gate has not been reached.
    Pending,
}

impl Outcome {
    /// The outcome of a value.
    #[must_use]
    pub const fn of(truth: Truth) -> Self {
        match truth {
            Truth::True => Self::Met,
            Truth::False => Self::NotMet,
            Truth::NotApplicable => Self::NotApplicable,
            Truth::Open(OpenKind::Unknown) => Self::Unknown,
            Truth::Open(OpenKind::NeedsJudgement) => Self::NeedsJudgement,
            Truth::Open(OpenKind::Pending) => Self::Pending,
        }
    }

    /// The word in reports and JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::NotMet => "not_met",
            Self::Unknown => "unknown",
            Self::NeedsJudgement => "needs_judgement",
            Self::NotApplicable => "not_applicable",
            Self::Pending => "pending",
        }
    }

    /// What the outcome does to the patient, given the list the criterion stands in.
    #[must_use]
    pub const fn effect(self, kind: CriterionKind) -> Effect {
        match (self, kind) {
            (Self::NotApplicable, _)
            | (Self::Met, CriterionKind::Inclusion | CriterionKind::Commitment)
            | (Self::NotMet, CriterionKind::Exclusion) => Effect::Pass,
            (Self::Met, CriterionKind::Exclusion)
            | (Self::NotMet, CriterionKind::Inclusion | CriterionKind::Commitment) => Effect::Fail,
            (Self::Unknown | Self::NeedsJudgement | Self::Pending, _) => Effect::Open,
        }
    }
}

/// What a criterion does to the patient's standing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Effect {
    /// It does not stand in the way.
    Pass,
    /// It makes the patient ineligible.
    Fail,
    /// It keeps the patient undetermined.
    Open,
}

impl Effect {
    /// The word in reports and JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Open => "open",
        }
    }
}

/// Where a patient stands at a gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Standing {
    /// Every criterion that is due passes.
    Eligible,
    /// At least one criterion that is due fails.
    Ineligible,
    /// None fails, at least one is open.
    Undetermined,
}

impl Standing {
    /// All of them, in the order in which tables show them.
    pub const ORDER: [Self; 3] = [Self::Eligible, Self::Ineligible, Self::Undetermined];

    /// The place among [`Standing::ORDER`].
    #[must_use]
    pub const fn place(self) -> usize {
        match self {
            Self::Eligible => 0,
            Self::Ineligible => 1,
            Self::Undetermined => 2,
        }
    }

    /// The standing that effects make: one definite failure decides, else one open criterion keeps it open.
    #[must_use]
    pub fn of(effects: impl IntoIterator<Item = Effect>) -> Self {
        let mut standing = Self::Eligible;
        for effect in effects {
            match effect {
                Effect::Fail => return Self::Ineligible,
                Effect::Open => standing = Self::Undetermined,
                Effect::Pass => {}
            }
        }
        standing
    }

    /// The word in reports and JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Eligible => "eligible",
            Self::Ineligible => "ineligible",
            Self::Undetermined => "undetermined",
        }
    }
}

/// How a count stands against an enrolment cap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CapStanding {
    /// Not more than there may be, whatever the open ones come to.
    Within,
    /// More, if the open ones are of the sort.
    MayBeOver,
    /// More.
    Over,
}

impl CapStanding {
    /// For reports.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Within => "within the cap",
            Self::MayBeOver => "may be over the cap",
            Self::Over => "over the cap",
        }
    }
}

impl Cap {
    /// How so many of the sort, and so many of whom it is open, among all stand against the cap.
    #[must_use]
    pub fn standing(&self, counted: u64, open: u64, all: u64) -> CapStanding {
        let number = |count: u64| Exact::from_integer(i64::try_from(count).unwrap_or(i64::MAX));
        let most = self.at_most.mul(&number(all));
        let over = |count: u64| number(count).mul(&Exact::from_integer(100)) > most;
        if over(counted) {
            CapStanding::Over
        } else if over(counted.saturating_add(open)) {
            CapStanding::MayBeOver
        } else {
            CapStanding::Within
        }
    }
}

/// What one criterion says of a patient at a gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CriterionVerdict {
    /// Which criterion.
    pub criterion: CriterionId,
    /// Its outcome.
    pub outcome: Outcome,
    /// What that does.
    pub effect: Effect,
    /// Whether any part of it is decided at this gate or before; what is not due does not count yet.
    pub due: bool,
}

/// What a protocol says of a patient at a gate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The gate.
    pub gate: MilestoneId,
    /// Where the patient stands.
    pub standing: Standing,
    /// All criteria in the order of the source.
    pub criteria: Vec<CriterionVerdict>,
}

/// Why a condition has its value: a tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// The label of the part, if it has one, else empty.
    pub label: String,
    /// The condition as written.
    pub text: String,
    /// Its value.
    pub truth: Truth,
    /// What decided, in a sentence: the value and its limit in one unit, the window as explicit dates.
    pub because: String,
    /// The facts that were used.
    pub facts: Vec<FactUsed>,
    /// What would settle it, if it is open.
    pub settle: Option<String>,
    /// Whether a decision hangs on the rule for month ends (1.24 % of dates at most).
    pub boundary_sensitive: bool,
    /// Where the condition stands.
    pub span: Span,
    /// The parts.
    pub parts: Vec<Explanation>,
}

/// A fact of the chart that decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactUsed {
    /// The fact in words: what, how much, when.
    pub text: String,
    /// The file of the patient's data.
    pub file: String,
    /// The line or the row in that file, counted from 1.
    pub line: u32,
    /// The record in that place, if it has a name of its own: `Observation/f001`.
    pub record: Option<String>,
}
