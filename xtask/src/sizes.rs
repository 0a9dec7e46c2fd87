//! Files that one can read in one go.

use std::io;

use crate::tree::is_rust;
use crate::{Finding, Tree};

/// More lines than this are a warning.
pub const WARN_ABOVE: usize = 600;

/// More lines than this are a failure.
pub const FAIL_ABOVE: usize = 1000;

/// Generated files, which nobody reads from top to bottom.
const GENERATED: &[&str] = &[];

/// Checks the length of every Rust file but tests and generated ones.
///
/// # Errors
/// If a file cannot be read.
pub fn check(tree: &Tree) -> io::Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for path in tree.paths().filter(|path| is_rust(path)) {
        if is_test(path) || GENERATED.contains(&path) {
            continue;
        }
        let lines = tree.read(path)?.unwrap_or_default().lines().count();
        let text = format!("{lines} lines: split it by topic");
        if lines > FAIL_ABOVE {
            findings.push(Finding::failure(path, text));
        } else if lines > WARN_ABOVE {
            findings.push(Finding::warning(path, text));
        }
    }
    Ok(findings)
}

fn is_test(path: &str) -> bool {
    path.split('/')
        .any(|part| part == "tests" || part == "tests.rs")
}
