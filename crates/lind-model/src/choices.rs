//! Choices: which rule applies to this person, and what is laid down about criteria and the trial.

use std::sync::Arc;

use lind_diagnostics::Span;
use lind_units::Exact;

use crate::ids::{CriterionId, MilestoneId, SetId};
use crate::protocol::Condition;

/// Criteria that count as met, or as not met, for some.
#[derive(Debug, Clone)]
pub struct Override {
    /// Its number.
    pub id: Arc<str>,
    /// Its title.
    pub title: Arc<str>,
    /// For whom.
    pub when: Condition,
    /// Which criteria.
    pub criteria: Vec<CriterionId>,
    /// What they count as.
    pub met: bool,
    /// Where it is declared.
    pub span: Span,
}

/// At most so many participants may be of a sort.
#[derive(Debug, Clone)]
pub struct Cap {
    /// Its number.
    pub id: Arc<str>,
    /// Its title.
    pub title: Arc<str>,
    /// At which gate participants are counted.
    pub gate: MilestoneId,
    /// Of which sort they are.
    pub condition: Condition,
    /// How many there may be, in per cent.
    pub at_most: Exact,
    /// Where it is declared.
    pub span: Span,
}

/// Something that a criterion allows. It has no truth value.
#[derive(Debug, Clone)]
pub struct Permission {
    /// In words, or the title of the set.
    pub text: Arc<str>,
    /// The set that is allowed, if it is one.
    pub set: Option<SetId>,
    /// Where it is said.
    pub span: Span,
}

/// Conditions in order, each with a consequence, and a consequence otherwise.
#[derive(Debug, Clone)]
pub struct Choice {
    /// The first whose condition holds decides.
    pub cases: Vec<Case>,
    /// What holds where no condition does; without it nothing applies then.
    pub otherwise: Option<Condition>,
}

/// A case of a choice.
#[derive(Debug, Clone)]
pub struct Case {
    /// For whom.
    pub when: Condition,
    /// What holds for them.
    pub then: Condition,
}

/// What holds where a condition is unknown.
#[derive(Debug, Clone)]
pub struct IfUnknown {
    /// The condition.
    pub condition: Condition,
    /// What it counts as then.
    pub met: bool,
    /// Why.
    pub why: Arc<str>,
}
