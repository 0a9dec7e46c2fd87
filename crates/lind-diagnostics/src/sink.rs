//! Where phases put what they find.

use crate::{Diagnostic, Severity};

/// Collects diagnostics while a phase goes on.
///
/// Handed to each check by reference, so that none of them stops at its first finding.
#[derive(Clone, Debug, Default)]
pub struct Sink {
    found: Vec<Diagnostic>,
}

impl Sink {
    /// Nothing found yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Keeps a finding.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.found.push(diagnostic);
    }

    /// Whether one of the findings is an error.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.found
            .iter()
            .any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// How many findings were pushed, repetitions included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.found.len()
    }

    /// Whether nothing was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// The findings in the order of pushing.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.found.iter()
    }

    /// The findings by file, place and code, each once.
    ///
    /// The order depends on nothing but the findings: checks may run in any order, or at the same
    /// time, and the output stays the same.
    #[must_use]
    pub fn into_sorted(self) -> Vec<Diagnostic> {
        let mut found = self.found;
        found.sort_by(|left, right| {
            let place = |diagnostic: &Diagnostic| {
                let span = diagnostic.primary.span;
                (span.file, span.start, diagnostic.rule.code)
            };
            place(left).cmp(&place(right)).then_with(|| left.cmp(right))
        });
        found.dedup();
        found
    }
}

impl Extend<Diagnostic> for Sink {
    fn extend<T: IntoIterator<Item = Diagnostic>>(&mut self, diagnostics: T) {
        self.found.extend(diagnostics);
    }
}
