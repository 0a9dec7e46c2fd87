//! What one version of a protocol means that another does not, with a patient who shows it.
//!
//! How it knows, and what its words promise, stands in `docs/amendments.md`.
//!
//! ```
//! use lind_amend::{Version, compare};
//! use lind_check::{NoModules, check};
//! use lind_diagnostics::Files;
//! use lind_model::Standing;
//! use lind_model::difference::Status;
//!
//! let version = |oldest: u32| {
//!     let mut files = Files::new();
//!     let text = format!(
//!         "protocol NCT00000000\n\nmilestone screening\n\n\
//!          inclusion I1 \"Of age\"\n  at screening\n  age is 18 to {oldest} years\n"
//!     );
//!     let root = files.add("trial.lind", text);
//!     let analysis = check(&mut files, root, &mut NoModules);
//!     Version { protocol: analysis.protocol.expect("no error"), tests: analysis.tests }
//! };
//! let difference = compare(&version(65), &version(70))?;
//! for transition in &difference.transitions {
//!     let opens = (transition.from, transition.to) == (Standing::Ineligible, Standing::Eligible);
//!     match &transition.status {
//!         Status::Witnessed(witness) => assert!(opens && witness.born.is_some()),
//!         Status::Impossible => assert!(!opens),
//!         Status::Undecided(_) => unreachable!("age is exact"),
//!     }
//! }
//! # Ok::<(), lind_amend::CannotCompare>(())
//! ```
//!
//! # Invariants
//! - No condition and no connective is decided here: answers come from the interpreter, tables from the model.
//! - What is called impossible is so for every patient of the universe; what is witnessed was asked of the
//!   interpreter in both versions; a witness on whom it disagrees is an error, never a result.
//! - Whoever is made up is made up: no row of a witness is of a real person.
//! - The same two versions give the same difference, and nothing here touches the disk, the clock or a float.
#![forbid(unsafe_code)]

mod amounts;
mod answered;
mod answers;
mod boundary;
mod bounds;
mod calendar;
mod cases;
pub mod cohort;
mod compare;
mod extent;
mod formula;
pub mod gate;
mod lints;
mod meaning;
mod parts;
mod patient;
mod questions;
pub mod rules;
mod search;
mod sketch;
mod slices;
mod solver;
mod universe;
mod words;

use std::fmt;

pub use boundary::boundary_cases;
pub use compare::{Version, compare};
pub use lints::{Lints, lint};
pub use parts::{PAIR_RULES, compare_parts};

/// Two versions could not be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CannotCompare {
    /// A version is too large to be run.
    TooLarge(String),
    /// A version has no criteria.
    NoCriteria,
    /// Made-up patients could not be read.
    Patients {
        /// Why.
        because: String,
    },
    /// The interpreter disagrees with the engine: an error of Lind.
    Disagreement {
        /// In what.
        what: String,
    },
}

impl fmt::Display for CannotCompare {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge(because) => formatter.write_str(because),
            Self::NoCriteria => formatter.write_str("a version has no criteria to compare"),
            Self::Patients { because } => {
                write!(
                    formatter,
                    "patients that were made up could not be read: {because}"
                )
            }
            Self::Disagreement { what } => write!(
                formatter,
                "the engine and the interpreter disagree, which is an error of Lind: {what}"
            ),
        }
    }
}

impl std::error::Error for CannotCompare {}
