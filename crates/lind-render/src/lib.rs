//! Diagnostics as people and programs read them: text with the sources for a terminal, one line
//! for grep, JSON, SARIF, and what the forges show beside a change. The only user of codespan-reporting.
//!
//! ```
//! use lind_diagnostics::{Diagnostic, Files, Rule, Severity, Span};
//! use lind_render::{Style, summary_line, to_short, to_text};
//!
//! static E0399_EXAMPLE: Rule = Rule::declare(
//!     "E0399", "example", Severity::Error, "an example", "# E0399",
//! );
//!
//! let mut files = Files::new();
//! let file = files.add("trial.lind", "hemoglobin >= 90 g/dL\n");
//! let limit = Span::new(file, 14, 21);
//! let found = Diagnostic::new(&E0399_EXAMPLE, limit, "nobody has `90 g/dL`")
//!     .label("plausible are 2 to 25 g/dL")
//!     .suggest("write `90 g/L`", limit, "90 g/L");
//!
//! assert_eq!(
//!     to_text(&files, &found, Style::default()),
//!     "\
//! error[E0399]: nobody has `90 g/dL`
//!   ┌─ trial.lind:1:15
//!   │
//! 1 │ hemoglobin >= 90 g/dL
//!   │               ^^^^^^^ plausible are 2 to 25 g/dL
//!   │
//!   = fix, for review: write `90 g/L`
//!       - hemoglobin >= 90 g/dL
//!       + hemoglobin >= 90 g/L
//!
//! ",
//! );
//! assert_eq!(
//!     to_short(&files, &found),
//!     "trial.lind:1:15: error[E0399]: nobody has `90 g/dL`",
//! );
//! assert_eq!(summary_line(&[found]), "1 error in 1 file");
//! ```
//!
//! **Invariants**
//! * Knows diagnostics and nothing else of the workspace. Asks neither the environment nor the
//!   terminal: the same values give the same bytes.
//! * No control character and no mark of reading direction leaves this crate, wherever it came
//!   from: source, message, data, file name. (Line breaks that structure the text do, and colour
//!   sequences if they were asked for.)
//! * The text of a diagnostic is short however long the lines of its sources are.
//! * JSON loses nothing: what is cut or replaced for people is whole and exact for programs.
//! * Every function is total: spans outside the text, or inside a character, are shown at the
//!   nearest place that exists.
#![forbid(unsafe_code)]

mod ansi;
mod excerpt;
mod fix;
mod forges;
mod json;
mod line;
mod reported;
mod sanitize;
mod sarif;
mod short;
mod style;
mod text;
mod wrap;

pub use forges::{to_github, to_gitlab, to_junit};
pub use json::to_json;
pub use reported::Reported;
pub use sarif::to_sarif;
pub use short::{summary_line, to_short};
pub use style::Style;
pub use text::to_text;
