//! Findings for the forges that show them beside a change: annotations of GitHub, code quality of GitLab, and JUnit
//! reports, which nearly all of them read.

use std::fmt::Write as _;

use lind_diagnostics::{Files, Severity, xml_text};
use serde_json::json;

use crate::reported::{Reported, worst_first};

/// How many annotations of one weight GitHub shows for a step (actions/toolkit, "limitations of annotations").
const MOST_ANNOTATIONS: usize = 10;

/// Commands that GitHub Actions turns into annotations, what weighs most first, and as many as are shown; what is left
/// out is counted in a last one.
#[must_use]
pub fn to_github(files: &Files, reported: &[Reported<'_>]) -> String {
    let mut text = String::new();
    let mut left_out = 0;
    for severity in [Severity::Error, Severity::Warning, Severity::Note] {
        let word = match severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "notice",
        };
        let of_it: Vec<_> = reported
            .iter()
            .filter(|own| own.diagnostic.severity == severity)
            .collect();
        // One place of the notes is kept for how many there are more.
        let most = match severity {
            Severity::Note => MOST_ANNOTATIONS - 1,
            _ => MOST_ANNOTATIONS,
        };
        left_out += of_it.len().saturating_sub(most);
        for own in of_it.into_iter().take(most) {
            let diagnostic = own.diagnostic;
            let span = diagnostic.primary.span;
            let start = files.line_column(span.file, span.start);
            let end = files.line_column(span.file, span.end);
            let mut message = diagnostic.message.clone();
            for note in &diagnostic.notes {
                message.push('\n');
                message.push_str(note);
            }
            let _ = writeln!(
                text,
                "::{word} file={},line={},endLine={},col={},title={}::{}",
                property(files.name(span.file)),
                start.line,
                end.line,
                start.column,
                property(&format!(
                    "{} {}",
                    diagnostic.rule.code, diagnostic.rule.name
                )),
                data(&message)
            );
        }
    }
    if left_out > 0 {
        let _ = writeln!(
            text,
            "::notice title=lind::{left_out} more findings are not shown here; the log of this step has the count of all"
        );
    }
    text
}

/// The text of a command of GitHub Actions.
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// A property of a command of GitHub Actions.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// A code quality report of GitLab: a list of issues as Code Climate defines them.
#[must_use]
pub fn to_gitlab(files: &Files, reported: &[Reported<'_>]) -> String {
    let issues: Vec<_> = worst_first(reported)
        .into_iter()
        .map(|own| {
            let diagnostic = own.diagnostic;
            let span = diagnostic.primary.span;
            let position = files.line_column(span.file, span.start);
            json!({
                "description": diagnostic.message,
                "check_name": format!("{} {}", diagnostic.rule.code, diagnostic.rule.name),
                "fingerprint": own.fingerprint(files),
                "severity": match diagnostic.severity {
                    Severity::Error => "critical",
                    Severity::Warning => "minor",
                    Severity::Note => "info",
                },
                "location": {
                    "path": files.name(span.file),
                    "lines": { "begin": position.line },
                },
            })
        })
        .collect();
    json!(issues).to_string()
}

/// A JUnit report: each finding is a case; errors are failures, what weighs less passes and says so.
#[must_use]
pub fn to_junit(files: &Files, reported: &[Reported<'_>], suite: &str) -> String {
    let failures = reported
        .iter()
        .filter(|own| own.diagnostic.severity == Severity::Error)
        .count();
    // A report without any case is taken for one that was not written.
    let tests = reported.len().max(1);
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let suite = xml_text(suite);
    let _ = writeln!(
        text,
        "<testsuites name=\"{suite}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\">\n  \
         <testsuite name=\"{suite}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" skipped=\"0\">"
    );
    if reported.is_empty() {
        let _ = writeln!(
            text,
            "    <testcase classname=\"{suite}\" name=\"nothing found\"/>"
        );
    }
    for own in worst_first(reported) {
        let diagnostic = own.diagnostic;
        let span = diagnostic.primary.span;
        let position = files.line_column(span.file, span.start);
        let place = format!("{}:{}", files.name(span.file), position.line);
        let mut said = diagnostic.message.clone();
        for note in &diagnostic.notes {
            said.push('\n');
            said.push_str(note);
        }
        let name = format!(
            "{} {} {}",
            diagnostic.rule.code, diagnostic.rule.name, own.subject
        );
        let _ = write!(
            text,
            "    <testcase classname=\"{}\" name=\"{}\" file=\"{}\" line=\"{}\">",
            suite,
            xml_text(name.trim_end()),
            xml_text(files.name(span.file)),
            position.line
        );
        let _ = match diagnostic.severity {
            Severity::Error => write!(
                text,
                "<failure message=\"{}\" type=\"{}\">{}</failure>",
                xml_text(&diagnostic.message),
                diagnostic.rule.name,
                xml_text(&format!("{place}\n{said}"))
            ),
            Severity::Warning | Severity::Note => write!(
                text,
                "<system-out>{}</system-out>",
                xml_text(&format!("{place}\n{}: {said}", diagnostic.severity))
            ),
        };
        text.push_str("</testcase>\n");
    }
    text.push_str("  </testsuite>\n</testsuites>\n");
    text
}
