//! A slow, obvious evaluator: `docs/language/semantics.md` once more, straight on a [`Protocol`].
//!
//! It is never shipped. Random protocols and charts ([`generate`]) are given to it and to the
//! interpreter; where the two disagree, one of them is wrong, or the page is.
//!
//! ```
//! use lind_oracle::{PlainTable, Row};
//!
//! let row = Row::new(PlainTable::Observations, "hemoglobin")
//!     .with("time", "2024-05")
//!     .with("value", "90")
//!     .with("unit", "g/L");
//! assert_eq!(row.text("value"), "90");
//! assert_eq!(row.text("specimen"), "");
//! ```
//!
//! # Invariants
//! - It works on the protocol itself: readings are looked up and terms are followed while it runs, so that
//!   a mistake of lowering shows.
//! - It reads plain text ([`Patient`]), has its own calendar, and decides a comparison of times by trying
//!   instants: all of a short interval, those at which an answer can change of a long one.
//! - It shares with the interpreter the tables of `lind_model::logic`, exact arithmetic and the factors
//!   between units, and nothing else.
//! - What is random comes from a seed: the same seed gives the same protocol and the same chart.
#![forbid(unsafe_code)]

mod calendar;
mod chart;
mod evaluate;
pub mod generate;
mod irrational;
mod minimise;
mod reals;
mod tables;
mod time;
mod window;

use lind_model::{AskedId, Choices, MilestoneId, Protocol, Truth, Verdict};

pub use evaluate::{CriterionTruth, SORTS_OF_CONDITIONS, Tally};
pub use minimise::minimise;
pub use tables::{Patient, PlainDataset, PlainTable, Row, written, written_together};

/// What a protocol says of a patient at a gate, under one choice of its readings.
#[must_use]
pub fn verdict(
    protocol: &Protocol,
    choices: &Choices,
    patient: &Patient,
    dataset: &PlainDataset,
    gate: MilestoneId,
) -> Verdict {
    evaluate::Run::new(protocol, choices, patient, dataset).verdict(gate)
}

/// The same with the days that milestones of the day at hand are bound to.
#[must_use]
pub fn verdict_on(
    protocol: &Protocol,
    choices: &Choices,
    patient: &Patient,
    dataset: &PlainDataset,
    gate: MilestoneId,
    bound: &[(MilestoneId, String)],
) -> Verdict {
    let run = evaluate::Run::new(protocol, choices, patient, dataset);
    run.on(bound).verdict(gate)
}

/// What each asked condition of a protocol comes to, at its own gate.
#[must_use]
pub fn asked_on(
    protocol: &Protocol,
    choices: &Choices,
    patient: &Patient,
    dataset: &PlainDataset,
    bound: &[(MilestoneId, String)],
) -> Vec<Truth> {
    let run = evaluate::Run::new(protocol, choices, patient, dataset).on(bound);
    (0..protocol.asked.len())
        .map(|place| run.asked_outside(AskedId::from_index(place)))
        .collect()
}

/// The value of each criterion at a gate, in the order of the protocol.
#[must_use]
pub fn truths(
    protocol: &Protocol,
    choices: &Choices,
    patient: &Patient,
    dataset: &PlainDataset,
    gate: MilestoneId,
) -> Vec<CriterionTruth> {
    evaluate::Run::new(protocol, choices, patient, dataset).truths(gate)
}

/// How often each sort of condition had each outcome while a verdict was made.
#[must_use]
pub fn tally(
    protocol: &Protocol,
    choices: &Choices,
    patient: &Patient,
    dataset: &PlainDataset,
    gate: MilestoneId,
) -> Tally {
    let run = evaluate::Run::new(protocol, choices, patient, dataset);
    run.truths(gate);
    for place in 0..protocol.asked.len() {
        run.asked_outside(AskedId::from_index(place));
    }
    run.tally()
}
