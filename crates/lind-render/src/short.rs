//! Diagnostics in one line, for editors and for grep, and the count of them all.

use std::collections::BTreeSet;

use lind_diagnostics::{Diagnostic, Files, Severity};

use crate::sanitize;
use crate::style::{MESSAGE_LIMIT, NAME_LIMIT};

/// A diagnostic in one line, without a line break: `trial.lind:14:3: error[E0301]: message`.
///
/// The column counts characters. Active characters are shown by their number, as in
/// [`to_text`](crate::to_text).
#[must_use]
pub fn to_short(files: &Files, diagnostic: &Diagnostic) -> String {
    let span = diagnostic.primary.span;
    let position = files.line_column(span.file, span.start);
    format!(
        "{}:{}:{}: {}[{}]: {}",
        sanitize::one_line(files.name(span.file), NAME_LIMIT, "…"),
        position.line,
        position.column,
        diagnostic.severity,
        diagnostic.rule.code,
        sanitize::one_line(&diagnostic.message, MESSAGE_LIMIT, "…"),
    )
}

/// How much was found: `2 errors, 1 warning in 3 files`, or `nothing found`.
///
/// The files are those with a finding, not all that were read.
#[must_use]
pub fn summary_line(diagnostics: &[Diagnostic]) -> String {
    let count = Count::new(diagnostics);
    let kinds: Vec<String> = [
        (count.errors, "error"),
        (count.warnings, "warning"),
        (count.notes, "note"),
    ]
    .into_iter()
    .filter(|&(number, _)| number > 0)
    .map(|(number, noun)| counted(number, noun))
    .collect();
    if kinds.is_empty() {
        return "nothing found".to_owned();
    }
    format!("{} in {}", kinds.join(", "), counted(count.files, "file"))
}

/// What is said of places that are not shown.
pub(crate) fn and_more(left_out: usize) -> String {
    format!("and {}", counted(left_out, "more place"))
}

fn counted(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}

/// How many findings of each weight there are, and in how many files.
pub(crate) struct Count {
    pub(crate) errors: usize,
    pub(crate) warnings: usize,
    pub(crate) notes: usize,
    pub(crate) files: usize,
}

impl Count {
    pub(crate) fn new(diagnostics: &[Diagnostic]) -> Self {
        let of = |severity: Severity| {
            diagnostics
                .iter()
                .filter(|diagnostic| diagnostic.severity == severity)
                .count()
        };
        let files: BTreeSet<_> = diagnostics
            .iter()
            .map(|diagnostic| diagnostic.primary.span.file)
            .collect();
        Self {
            errors: of(Severity::Error),
            warnings: of(Severity::Warning),
            notes: of(Severity::Note),
            files: files.len(),
        }
    }
}
