//! What Lind has to say about a text: the texts themselves, places in them, and findings as plain
//! values with a code, labels on every side, an explanation and, where one can be computed, a fix.
//! Every phase produces these values; no phase prints them.
//!
//! ```
//! use lind_diagnostics::{Diagnostic, Files, Rule, Severity, Sink, Span};
//!
//! static E0399_EXAMPLE: Rule = Rule::declare(
//!     "E0399", "example", Severity::Error, "an example", "# E0399",
//! );
//!
//! let mut files = Files::new();
//! let file = files.add("trial.lind", "hemoglobin >= 90 g/dL\n");
//! let limit = Span::new(file, 14, 21);
//!
//! let mut sink = Sink::new();
//! sink.push(
//!     Diagnostic::new(&E0399_EXAMPLE, limit, "`90 g/dL` is ten times what a person can have")
//!         .label("a plausible value is 2 to 25 g/dL")
//!         .suggest("write `90 g/L`", limit, "90 g/L"),
//! );
//!
//! assert!(sink.has_errors());
//! assert_eq!(files.slice(limit), "90 g/dL");
//! assert_eq!(files.line_column(file, limit.start).column, 15);
//! ```
//!
//! **Invariants**
//! * Knows no phase, no renderer and no other crate of the workspace.
//! * A span is a half-open range of bytes in one text. Every function is total on every span: what
//!   lies outside a text, or inside a character, is moved to the nearest place that exists.
//! * A code means one thing for ever; it is declared once, with its page.
//! * The sorted list depends on the findings alone, not on the order they were made in.
//! * A fix is made whole or not at all, and never over another one.
#![forbid(unsafe_code)]

mod diagnostic;
mod files;
mod fixes;
mod rule;
mod shown;
mod similar;
mod sink;
mod span;

pub use diagnostic::{Applicability, Diagnostic, Edit, Fix, Label};
pub use files::{Files, Position};
pub use fixes::{apply_fixes, compatible_fixes};
pub use rule::{Rule, Severity};
pub use shown::{is_active, xml_text};
pub use similar::closest;
pub use sink::Sink;
pub use span::{FileId, Span};
