//! Grammar, tolerant parser, syntax tree and formatter of Lind.
//!
//! A file is first laid out as a tree of logical lines by indentation, which never fails; then each line
//! is parsed alone with the rule of its place. A broken line is an island: it gets its own message at its
//! own place, and its neighbours stay whole.
//!
//! ```
//! let mut files = lind_diagnostics::Files::default();
//! let file = files.add("example.lind", "protocol NCT0001\n  title \"An example\"\n");
//! let parse = lind_syntax::parse(file, files.text(file));
//! assert!(parse.diagnostics.is_empty());
//! assert_eq!(parse.tree.items.len(), 1);
//! ```
//!
//! # Invariants
//! - Parsing never fails and never panics: any text gives a tree and a list of diagnostics.
//! - One slip (a character, a word, a line, an indentation) costs at most two syntax errors.
//!   Held by a test over random edits.
//! - Formatting changes blanks and line breaks only, keeps the tree, and does so once.
//! - No text overflows the stack: nesting is bounded before it is walked through.
//! - The types of pest go no further than this crate; no grammar rule is named in a message.
//! - Nothing here knows what a name means, and nothing reads a disk.
#![forbid(unsafe_code)]

mod amendments;
mod anchors;
mod body;
mod cases;
mod changes;
mod clauses;
mod convert;
mod endpoints;
mod escalation;
mod events;
mod expected;
mod facts;
mod fields;
mod foreign;
mod format;
mod grammar;
mod heads;
mod layout;
mod measured;
mod misplaced;
mod parser;
mod physical;
mod place;
mod results;
pub mod rules;
mod scan;
mod schedule;
mod slips;
mod spells;
mod states;
pub mod tree;
mod windows;

pub use format::{Formatted, format};
pub use parser::{Parse, parse};
