//! The tests inside a protocol's file: runs them, says what they reach, and whether they would notice a change.
//!
//! The patient of a test is written as tables of patient data and read like any other, so there is no second
//! way into the evaluator; and every truth is taken from it, so there is no second semantics.
//!
//! ```
//! use lind_check::{NoModules, check};
//! use lind_diagnostics::Files;
//! use lind_model::cases::Fate;
//! use lind_test::Suite;
//!
//! let mut files = Files::new();
//! let root = files.add("trial.lind", r#"
//! protocol NCT00000000
//! milestone screening
//! inclusion I1 "Adults"
//!   at screening
//!   age is at least 18 years
//! test "eighteen today"
//!   a woman born 2007-01-20
//!   screening on 2025-01-20
//!   expect I1 met
//! "#);
//! let analysis = check(&mut files, root, &mut NoModules);
//! let protocol = analysis.protocol.expect("no error");
//! let suite = Suite::new(&protocol, &analysis.tests, &files)?;
//! assert!(suite.results()[0].passed());
//! let survivors = suite.mutations().iter().filter(|mutation| suite.try_out(mutation).fate == Fate::Survived).count();
//! assert!(survivors > 0, "nobody is seventeen");
//! # Ok::<(), lind_test::CannotTest>(())
//! ```
//!
//! # Invariants
//! - Results depend on the protocol and its tests alone; the same input gives the same order.
//! - A mutation changes the plan, never the text: nothing is parsed or checked again.
//! - A mutation that is called equivalent means the same for every patient, by proof and not by trial.
//! - Nothing panics, and nothing here touches the disk, the clock or a float.
#![forbid(unsafe_code)]

mod branches;
mod coverage;
mod expectations;
mod mutations;
mod suite;
mod tables;

pub use mutations::Mutation;
pub use suite::{CannotTest, Suite};
