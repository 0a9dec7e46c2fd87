//! What one diagnostic code means.

use std::cmp::Ordering;
use std::fmt;

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The protocol or the data is wrong; nothing is decided from it.
    Error,
    /// Probably not what was meant; the rest goes on.
    Warning,
    /// Worth knowing; nothing is wrong.
    Note,
}

impl Severity {
    /// The word that messages and machine formats use: `error`, `warning`, `note`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.word())
    }
}

/// What one code means. Declared once, with [`rules!`](crate::rules).
///
/// The code is the identity: it is never given to another meaning, and two rules are equal if
/// their codes are. The name is a readable alias.
#[derive(Clone, Copy)]
pub struct Rule {
    /// The identity, such as `E0301`.
    pub code: &'static str,
    /// The readable alias, such as `unit-mismatch`.
    pub name: &'static str,
    /// How much a finding weighs unless the diagnostic says otherwise.
    pub severity: Severity,
    /// One line that says what is wrong, for lists of rules.
    pub summary: &'static str,
    /// The whole page in Markdown, for `lind explain`.
    pub page: &'static str,
}

impl Rule {
    /// A rule, checked while it compiles: the code is a letter (`E` error, `W` warning, `D` data)
    /// and four digits, its letter fits the severity, the name is in lower case with hyphens, and
    /// no text is empty.
    ///
    /// # Panics
    /// If one of these is not so. [`rules!`](crate::rules) calls this while the program compiles,
    /// so that a wrong declaration does not build.
    #[must_use]
    pub const fn declare(
        code: &'static str,
        name: &'static str,
        severity: Severity,
        summary: &'static str,
        page: &'static str,
    ) -> Self {
        assert!(
            is_code(code, severity),
            "a code is E (errors), W (warnings) or D (data) and four digits"
        );
        assert!(is_name(name), "a name is lower-case words with hyphens");
        assert!(!summary.is_empty(), "a rule needs a summary");
        assert!(!page.is_empty(), "a rule needs a page");
        Self {
            code,
            name,
            severity,
            summary,
            page,
        }
    }
}

const fn is_code(code: &str, severity: Severity) -> bool {
    let [letter, digits @ ..] = code.as_bytes() else {
        return false;
    };
    let fits = match letter {
        b'E' => matches!(severity, Severity::Error),
        b'W' => matches!(severity, Severity::Warning),
        b'D' => true,
        _ => false,
    };
    let [a, b, c, d] = digits else {
        return false;
    };
    fits && a.is_ascii_digit() && b.is_ascii_digit() && c.is_ascii_digit() && d.is_ascii_digit()
}

const fn is_name(name: &str) -> bool {
    let mut rest = name.as_bytes();
    // A hyphen may neither begin nor end a name, nor follow another one.
    let mut after_hyphen = true;
    while let [byte, tail @ ..] = rest {
        match byte {
            b'a'..=b'z' | b'0'..=b'9' => after_hyphen = false,
            b'-' if !after_hyphen => after_hyphen = true,
            _ => return false,
        }
        rest = tail;
    }
    !after_hyphen
}

impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        self.code == other.code
    }
}

impl Eq for Rule {}

impl PartialOrd for Rule {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Rule {
    fn cmp(&self, other: &Self) -> Ordering {
        self.code.cmp(other.code)
    }
}

// The page is left out: it would drown every failing assertion.
impl fmt::Debug for Rule {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Rule({} {})", self.code, self.name)
    }
}

/// Declares the rules of a crate, each once, and the list of them all.
///
/// ```text
/// lind_diagnostics::rules! {
///     E0301_UNIT_MISMATCH: error "E0301" "unit-mismatch"
///         "two quantities that measure different things are compared";
///     W0601_UNUSED_NAME: warning "W0601" "unused-name"
///         "a name is defined and never used";
/// }
/// ```
///
/// makes `pub static E0301_UNIT_MISMATCH: Rule` and the others, and `pub const ALL: &[&Rule]` in
/// the order written. The page of a rule is read from `docs/diagnostics/<code>-<name>.md` while
/// the crate compiles, so a rule without a page does not build. The macro expects the crate to
/// stand two folders below the root of the workspace.
#[macro_export]
macro_rules! rules {
    ($($identifier:ident: $severity:ident $code:literal $name:literal $summary:literal;)+) => {
        $(
            #[doc = concat!("`", $code, "` (", $name, "): ", $summary, ".")]
            pub static $identifier: $crate::Rule = $crate::Rule::declare(
                $code,
                $name,
                $crate::rules!(@severity $severity),
                $summary,
                include_str!(concat!(
                    env!("CARGO_MANIFEST_DIR"),
                    "/../../docs/diagnostics/",
                    $code,
                    "-",
                    $name,
                    ".md"
                )),
            );
        )+

        /// Every rule of this crate, in the order of declaration.
        pub const ALL: &[&$crate::Rule] = &[$(&$identifier),+];
    };
    (@severity error) => { $crate::Severity::Error };
    (@severity warning) => { $crate::Severity::Warning };
    (@severity note) => { $crate::Severity::Note };
}
