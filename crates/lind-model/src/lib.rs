//! The waist of Lind: what a checked protocol is, the plan that runs it, and what a verdict says.
//!
//! Everything upstream (syntax, checker) ends in a [`Protocol`]; everything downstream (evaluation, SQL,
//! amendments, reports) begins with one, or with the [`Plan`] that is lowered from it.
//!
//! ```
//! use lind_model::{OpenKind, Truth};
//! // One definite failure decides; an open part does not.
//! assert_eq!(Truth::False.and(Truth::Open(OpenKind::Unknown)), Truth::False);
//! assert_eq!(Truth::True.and(Truth::Open(OpenKind::Unknown)), Truth::Open(OpenKind::Unknown));
//! ```
//!
//! # Invariants
//! - A [`Protocol`] has no holes: every name is resolved, every unit is commensurable, every window is
//!   possible, every gate is ordered. Only the checker builds one from source.
//! - Readings are resolved when a [`Plan`] is lowered, never while it runs.
//! - The truth tables stand in [`logic`] alone.
//! - Nothing here knows a syntax tree, a patient's file, a disk or a clock.
#![forbid(unsafe_code)]

mod arithmetic;
pub mod boundary;
pub mod cases;
mod choices;
pub mod difference;
pub mod ids;
pub mod logic;
pub mod lower;
mod names;
pub mod plan;
mod points;
pub mod protocol;
pub mod results;
pub mod trace;
pub mod trial;
mod uses;
pub mod verdict;

pub use cases::TestCase;
pub use difference::Difference;
pub use ids::{
    ArmId, AskedId, AssessmentId, ChosenId, CriterionId, DefinitionId, EquivalenceId, FormulaId,
    GradingId, JudgementId, MeasureId, MilestoneId, NodeId, PopulationId, ReadingId, SetId,
    StateId, TimelineId, VisitId,
};
pub use logic::{OpenKind, Truth};
pub use lower::Choices;
pub use names::{Names, NamesOfSet, RecordName};
pub use plan::Plan;
pub use protocol::Protocol;
pub use results::Results;
pub use trace::Trace;
pub use trial::Trial;
pub use uses::Uses;
pub use verdict::{CriterionVerdict, Effect, Explanation, Outcome, Standing, Verdict};
