//! The rules of the house that neither the compiler nor clippy knows, held against the tree: which
//! crate may use which, who owns an external crate, that every diagnostic is declared once,
//! documented and emitted, that files stay small and free of leftovers. Also the documents that
//! are generated from the sources, and the cohorts of invented patients.
//!
//! **Invariants**
//! * The tables in `docs/architecture.md` are the authority; nothing is repeated in code that
//!   stands there.
//! * Reads the sources as text and uses no crate of the workspace, so that it can judge a tree
//!   that does not build.
//! * Only `cargo xtask docs` and `cargo xtask cohort` write.
#![forbid(unsafe_code)]

use std::fmt;
use std::io;

pub mod bench;
pub mod cohort;
pub mod declarations;
pub mod docs;
pub mod edges;
pub mod forms;
pub mod grammar;
pub mod manifests;
pub mod pages;
pub mod sizes;
mod table;
mod tree;
pub mod words;

pub use tree::Tree;

/// Whether the CI fails because of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// It does.
    Failure,
    /// It goes on; somebody should look.
    Warning,
}

/// One thing that is not as the rules want it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The file, by its path from the root of the workspace.
    pub path: String,
    /// The line, from 1, if there is one.
    pub line: Option<usize>,
    /// Whether the CI fails because of it.
    pub weight: Weight,
    /// What is wrong, and what to do.
    pub text: String,
}

impl Finding {
    /// A finding that fails the CI, about a whole file.
    #[must_use]
    pub fn failure(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            line: None,
            weight: Weight::Failure,
            text: text.into(),
        }
    }

    /// A finding that does not fail the CI, about a whole file.
    #[must_use]
    pub fn warning(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            weight: Weight::Warning,
            ..Self::failure(path, text)
        }
    }

    /// The same finding at a line, from 1.
    #[must_use]
    pub fn at(self, line: usize) -> Self {
        Self {
            line: Some(line),
            ..self
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.path)?;
        if let Some(line) = self.line {
            write!(formatter, ":{line}")?;
        }
        let weight = match self.weight {
            Weight::Failure => "failure",
            Weight::Warning => "warning",
        };
        write!(formatter, ": {weight}: {}", self.text)
    }
}

/// Everything that is not tidy, by file and line.
///
/// # Errors
/// If the tree cannot be read, or cargo cannot tell about the workspace.
pub fn tidy(tree: &Tree) -> io::Result<Vec<Finding>> {
    let mut findings = Vec::new();
    findings.extend(edges::check(tree, &edges::metadata(tree)?)?);
    findings.extend(manifests::check(tree)?);
    findings.extend(sizes::check(tree)?);
    findings.extend(pages::check(tree)?);
    findings.extend(words::check(tree)?);
    findings.sort();
    Ok(findings)
}
