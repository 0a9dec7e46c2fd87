//! What a program that collects findings is told of each.

use lind_diagnostics::{Diagnostic, Files, Severity};

/// A finding with what is known of it beside the diagnostic.
#[derive(Clone, Copy, Debug)]
pub struct Reported<'r> {
    /// What was found, and where.
    pub diagnostic: &'r Diagnostic,
    /// What it is about, such as the number of a criterion; may be empty.
    pub subject: &'r str,
    /// What the meaning is known by that the finding is about, whatever lines move; may be empty.
    pub meaning: &'r str,
    /// Why a person accepted it.
    pub accepted: Option<&'r str>,
}

impl Reported<'_> {
    /// What tells the finding from all others of the same protocol, and stays the same while its meaning does.
    pub(crate) fn fingerprint(&self, files: &Files) -> String {
        let diagnostic = self.diagnostic;
        if self.meaning.is_empty() {
            let name = files.name(diagnostic.primary.span.file);
            let text = files.slice(diagnostic.primary.span);
            return format!(
                "{}/{}/{name}/{:08x}",
                diagnostic.rule.code,
                self.subject,
                crc32fast::hash(text.as_bytes())
            );
        }
        format!("{}/{}/{}", diagnostic.rule.code, self.subject, self.meaning)
    }
}

/// The findings, what weighs most first; of one weight in the order in which they were found.
pub(crate) fn worst_first<'r, 'd>(all: &'r [Reported<'d>]) -> Vec<&'r Reported<'d>> {
    let mut order: Vec<&Reported<'_>> = all.iter().collect();
    order.sort_by_key(|own| match own.diagnostic.severity {
        Severity::Error => 0,
        Severity::Warning => 1,
        Severity::Note => 2,
    });
    order
}
