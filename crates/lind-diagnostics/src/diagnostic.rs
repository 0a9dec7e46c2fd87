//! One finding.

use crate::{Rule, Severity, Span};

/// One thing that is wrong with a protocol or with data, at its place.
///
/// A value, not an error: phases return what they could build beside a list of these.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[must_use = "a diagnostic that is not pushed to a sink is never seen"]
pub struct Diagnostic {
    /// What kind of finding it is.
    pub rule: &'static Rule,
    /// How much it weighs; the rule's own weight unless a configuration changed it.
    pub severity: Severity,
    /// One sentence, without a line break and without a full stop, names in backticks.
    pub message: String,
    /// Where it is.
    pub primary: Label,
    /// The other places that have part in it: the other side of a comparison, the first of two
    /// definitions.
    pub secondary: Vec<Label>,
    /// What explains it, each a sentence or two.
    pub notes: Vec<String>,
    /// How to repair it, if that can be computed.
    pub fix: Option<Fix>,
}

impl Diagnostic {
    /// A finding at a place, with the weight of its rule.
    pub fn new(rule: &'static Rule, span: Span, message: impl Into<String>) -> Self {
        Self {
            rule,
            severity: rule.severity,
            message: message.into(),
            primary: Label::new(span, ""),
            secondary: Vec::new(),
            notes: Vec::new(),
            fix: None,
        }
    }

    /// Says what the place itself is ("this is a concentration").
    pub fn label(mut self, text: impl Into<String>) -> Self {
        self.primary.text = text.into();
        self
    }

    /// Points at another place, in this file or in another.
    pub fn also(mut self, span: Span, text: impl Into<String>) -> Self {
        self.secondary.push(Label::new(span, text));
        self
    }

    /// Adds an explanation.
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.notes.push(text.into());
        self
    }

    /// Offers one replacement that keeps what the author meant; it may be applied unseen.
    pub fn fix(self, title: impl Into<String>, span: Span, replacement: impl Into<String>) -> Self {
        self.fix_edits(
            title,
            vec![Edit::new(span, replacement)],
            Applicability::Safe,
        )
    }

    /// Offers one replacement that changes or guesses the meaning; a person must agree.
    pub fn suggest(
        self,
        title: impl Into<String>,
        span: Span,
        replacement: impl Into<String>,
    ) -> Self {
        self.fix_edits(
            title,
            vec![Edit::new(span, replacement)],
            Applicability::NeedsReview,
        )
    }

    /// Offers several replacements that belong together; all are made or none.
    pub fn fix_edits(
        mut self,
        title: impl Into<String>,
        edits: Vec<Edit>,
        applicability: Applicability,
    ) -> Self {
        self.fix = Some(Fix {
            title: title.into(),
            edits,
            applicability,
        });
        self
    }

    /// The place of the finding and every other place it points at, the primary one first.
    pub fn labels(&self) -> impl Iterator<Item = &Label> {
        std::iter::once(&self.primary).chain(&self.secondary)
    }
}

/// A place with what is to be said about it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What it is; empty if the message says it all.
    pub text: String,
}

impl Label {
    /// A place with a text, which may be empty.
    #[must_use]
    pub fn new(span: Span, text: impl Into<String>) -> Self {
        Self {
            span,
            text: text.into(),
        }
    }
}

/// How to repair what a diagnostic found.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fix {
    /// What the repair does, as an order: "write `g/dL`".
    pub title: String,
    /// The replacements; all are made or none.
    pub edits: Vec<Edit>,
    /// Whether it may be applied unseen.
    pub applicability: Applicability,
}

/// One replacement in a text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edit {
    /// What goes out; an empty span inserts.
    pub span: Span,
    /// What comes in; an empty text deletes.
    pub replacement: String,
}

impl Edit {
    /// Replaces what stands at `span`.
    #[must_use]
    pub fn new(span: Span, replacement: impl Into<String>) -> Self {
        Self {
            span,
            replacement: replacement.into(),
        }
    }
}

/// Whether a fix may be applied unseen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Applicability {
    /// The text changes, the meaning does not.
    Safe,
    /// The meaning changes or is guessed: a person must agree.
    NeedsReview,
}

impl Applicability {
    /// The word that machine formats use: `safe`, `needs_review`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::NeedsReview => "needs_review",
        }
    }
}
