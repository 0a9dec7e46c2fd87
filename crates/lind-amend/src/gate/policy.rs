//! How much findings weigh, and what people accepted.

use std::collections::{BTreeMap, BTreeSet};

use lind_diagnostics::{Rule, Severity, Span};

/// How much findings weigh.
#[derive(Debug, Clone, Default)]
pub struct Policy {
    /// By the name of a rule: how much its findings weigh in place of what they weigh by themselves.
    pub severities: BTreeMap<String, Severity>,
    /// Inclusion criteria that stand for the safety of participants, by number.
    pub safety: BTreeSet<String>,
    /// Exclusion criteria that do not, by number.
    pub not_safety: BTreeSet<String>,
    /// Where each of these numbers stands: the name of the setting, the number, and its place.
    pub named: Vec<(&'static str, String, Span)>,
}

impl Policy {
    /// Whether a criterion stands for the safety of participants: an exclusion does unless it is said not to,
    /// an inclusion if it is said to.
    #[must_use]
    pub fn is_safety(&self, id: &str, is_exclusion: bool) -> bool {
        if is_exclusion {
            !self.not_safety.contains(id)
        } else {
            self.safety.contains(id)
        }
    }

    /// How much the findings of a rule weigh, if that was said. What an author says wrongly of an amendment stays an
    /// error.
    #[must_use]
    pub fn severity(&self, rule: &Rule) -> Option<Severity> {
        if rule.severity == Severity::Error {
            return None;
        }
        self.severities.get(rule.name).copied()
    }
}

/// A finding that a person accepted, with the reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acceptance {
    /// The name of the rule, or its code.
    pub finding: String,
    /// The number of the criterion, or the word.
    pub about: String,
    /// What the meaning of the change was known by.
    pub meaning: String,
    /// Why.
    pub because: String,
    /// Who.
    pub by: String,
    /// Where it stands.
    pub span: Span,
}

impl Acceptance {
    /// Whether it is of a finding, by the name of its rule or by the code, whatever the finding means now.
    #[must_use]
    pub fn is_about(&self, rule: &Rule, subject: &str) -> bool {
        (self.finding == rule.name || self.finding == rule.code) && self.about == subject
    }

    /// Whether it is of a finding as it is now.
    #[must_use]
    pub fn is_of(&self, rule: &Rule, subject: &str, meaning: &str) -> bool {
        self.is_about(rule, subject) && self.meaning == meaning
    }
}
