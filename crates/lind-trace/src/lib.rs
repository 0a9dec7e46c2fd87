//! Which line of a public registry text each criterion of a protocol states, and which lines nobody states.
//!
//! How a line finds its criterion, and what the words of the result promise, stands in `docs/trace.md`.
//!
//! ```
//! use lind_check::{NoModules, check};
//! use lind_diagnostics::Files;
//! use lind_model::trace::LineStatus;
//! use lind_trace::{Registry, trace};
//!
//! let mut files = Files::new();
//! let text = "protocol NCT00000000\n\nmilestone screening\n\n\
//!             inclusion I1 \"Of age\"\n  at screening\n  age is 18 to 65 years\n";
//! let root = files.add("trial.lind", text.to_owned());
//! let analysis = check(&mut files, root, &mut NoModules);
//! let protocol = analysis.protocol.expect("no error");
//!
//! let registry = Registry::read("Inclusion Criteria:\n\n* aged 18 to 65 years\n* able to walk 6 minutes\n")?;
//! let trace = trace(&protocol, &registry, None);
//! let statuses: Vec<LineStatus> = trace.lines.iter().map(|line| line.status).collect();
//! assert_eq!(statuses, [LineStatus::Stated, LineStatus::Missing]);
//! # Ok::<(), lind_trace::CannotRead>(())
//! ```
//!
//! # Invariants
//! - A line is called stated only if every number of it stands, with its unit, in a criterion that answers to it.
//! - What is found depends on the protocol and the texts alone: no order of a hash map, no clock, no float.
//! - Every text ends in a registry or in [`CannotRead`]; nothing panics, and limits bound the work.
//! - Nothing is taken for a protocol's meaning: what a condition asks is the interpreter's to say.
#![forbid(unsafe_code)]

mod answers;
mod bullets;
mod changes;
mod fields;
mod numbers;
mod registry;
mod said;
mod stated;
mod units;
mod words;

use std::collections::BTreeSet;

use lind_model::trace::Trace;
use lind_model::{CriterionId, Protocol};

pub use registry::{CannotRead, Form, LARGEST, MOST_LINES, MOST_TEXT, Registry};

/// Holds a protocol against a public text, and against an earlier one if there is one.
#[must_use]
pub fn trace(protocol: &Protocol, registry: &Registry, earlier: Option<&Registry>) -> Trace {
    let answers = answers::Answers::of(protocol);
    let lines = answers.lines(&registry.lines);
    let changes = earlier.map(|earlier| {
        let before = answers.lines(&earlier.lines);
        changes::changes(&answers, &before, &lines)
    });
    let stating: BTreeSet<CriterionId> = lines
        .iter()
        .flat_map(|line| line.criteria.iter().copied())
        .collect();
    let all = (0..protocol.criteria.len()).map(CriterionId::from_index);
    Trace {
        alone: all.filter(|id| !stating.contains(id)).collect(),
        lines,
        changes,
    }
}
