//! What `docs/language/semantics.md` says, sentence by sentence.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod build;
mod data;

mod change;
mod choices;
mod explanations;
mod facts;
mod formulas;
mod logic;
mod regimens;
mod selectors;
mod series;
mod spells;
mod time;
mod values;
mod verdicts;
mod windows;
