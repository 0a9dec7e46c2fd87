//! When tables cannot be used at all.

use std::io;
use std::sync::Arc;

use thiserror::Error;

use crate::Problem;
use crate::excerpt::list;

/// Why the tables cannot be used at all.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum OpenError {
    /// There is no `patients.csv`.
    #[error("this folder is no set of Lind tables: patients.csv is missing; found: {}",
        if found.is_empty() { "no files".to_owned() } else { list(found, 10) })]
    NoPatients {
        /// The files that are there.
        found: Vec<String>,
    },
    /// `patients` or `dataset.toml` is there and cannot be used.
    #[error("{}", unusable(problems))]
    Unusable {
        /// Why, by place.
        problems: Vec<Arc<Problem>>,
    },
    /// A file cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
}

/// A file cannot be read, or not any further.
#[derive(Debug, Error)]
#[error("{file} cannot be read")]
pub struct ReadError {
    /// The name of the file.
    pub file: String,
    /// What the system says.
    #[source]
    pub cause: io::Error,
}

impl ReadError {
    pub(crate) fn new(file: &str, cause: io::Error) -> Self {
        ReadError {
            file: file.to_owned(),
            cause,
        }
    }
}

fn unusable(problems: &[Arc<Problem>]) -> String {
    problems
        .iter()
        .find(|problem| problem.rule.severity == lind_diagnostics::Severity::Error)
        .map_or_else(
            || "the tables cannot be used".to_owned(),
            |problem| format!("{}:{}: {}", problem.file, problem.line, problem.message),
        )
}
