//! Names, types, windows and structure: from syntax trees to a [`Protocol`](lind_model::Protocol).
//!
//! ```
//! use lind_check::{NoModules, check};
//! let mut files = lind_diagnostics::Files::default();
//! let root = files.add("example.lind", "protocol NCT0001\nmilestone screening\n");
//! let analysis = check(&mut files, root, &mut NoModules);
//! assert!(analysis.diagnostics.is_empty());
//! assert!(analysis.protocol.is_some());
//! ```
//!
//! # Invariants
//! - [`Analysis::protocol`] is there only if there is no error: no verdict can come from a file with holes.
//! - All errors of a run are found, not the first; what could not be understood raises no second error.
//! - The result does not depend on the order in which files were loaded or on any hash.
//! - No disk: modules come from the built-in library or through [`Loader`].
#![forbid(unsafe_code)]

mod alternatives;
mod amendments;
mod analysis;
mod becomes;
mod blocks;
mod boundaries;
mod cases;
mod changes;
mod choices;
mod chosen;
mod circles;
mod clauses;
mod conditions;
mod counts;
mod criteria;
mod decision_rows;
mod declarations;
mod dose_bases;
mod doses;
mod edges;
mod endpoints;
mod entries;
mod equality;
mod escalation;
mod events;
mod examples;
mod excerpts;
mod facts;
mod fallbacks;
mod field_words;
mod formulas;
mod gradings;
mod graph;
mod lasting_changes;
mod library;
mod limits;
mod lines;
mod lints;
mod lookahead;
mod measured;
mod milestones;
mod mismatches;
mod modules;
mod moments;
mod offsets;
mod overlaps;
mod own_multiples;
mod points;
mod populations;
mod quantities;
mod record_names;
mod records;
mod regimens;
mod reliance;
mod requirements;
mod results;
pub mod rules;
mod scales;
mod schedule;
mod scope;
mod sets;
mod special;
mod spells;
mod states;
mod statistics;
mod stretches;
mod sums;
mod supply;
mod times;
mod trial;
mod versions;
mod visits;
mod washout;

pub use analysis::{Analysis, check};
pub use entries::{StandardEntry, standard_entries};
pub use library::{STANDARD_MODULES, standard_module};
pub use modules::{Loader, NoModules};
pub use reliance::reliance;
