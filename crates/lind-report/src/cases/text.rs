//! Results of tests for people.

use crate::cases::{TestReport, effect};
use crate::columns::wrap;
use crate::names::counted;
use crate::plain::one_line;
use crate::style::Style;
use crate::why::explanation_tree;

/// Each test in a line; a failed one with what was expected, what came out, and why. `only_failures` leaves
/// out the tests that passed.
#[must_use]
pub fn tests_text(report: &TestReport<'_>, only_failures: bool, style: Style) -> String {
    let mut text = String::new();
    for (test, result) in report.pairs() {
        let passed = result.passed();
        if passed && only_failures {
            continue;
        }
        let mark = style.effect(effect(passed), if passed { "✓" } else { "✗" });
        hanging(
            &mut text,
            &format!("{mark} "),
            "  ",
            &one_line(&test.title),
            style,
        );
        for (span, problem) in &result.problems {
            let said = format!(
                "{}: this line cannot be used: {problem}",
                report.place(*span)
            );
            hanging(&mut text, "  ", "    ", &one_line(&said), style);
        }
        for failure in &result.failures {
            let Some(failed) = report.failure(test, failure) else {
                continue;
            };
            let said = format!("{}: {}", failed.place, failed.sentence());
            hanging(&mut text, "  ", "    ", &said, style);
            match &failure.explanation {
                Some(explanation) => {
                    let narrower = Style {
                        width: style.columns().saturating_sub(4),
                        ..style
                    };
                    for line in explanation_tree(explanation, narrower).lines() {
                        text.push_str(format!("    {line}").trim_end());
                        text.push('\n');
                    }
                }
                None if failed.because.is_empty() => {}
                None => hanging(&mut text, "    ", "    ", &failed.because, style),
            }
        }
    }
    let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
    let failed = report.failed();
    let passed = report.results.len().saturating_sub(failed);
    let file = one_line(report.file);
    let summary = if report.results.is_empty() {
        format!("{file}: no tests")
    } else {
        let tests = counted(count(report.results.len()), "test", "tests");
        format!("{file}: {tests}: {passed} passed, {failed} failed")
    };
    text.push_str(&style.effect(effect(failed == 0), &summary));
    text.push('\n');
    text
}

/// A text with its first line after one beginning and the others after another, all as wide as `hanging`.
pub(super) fn hanging(text: &mut String, first: &str, hanging: &str, said: &str, style: Style) {
    let columns = style.columns().saturating_sub(hanging.len());
    for (index, line) in wrap(said, columns).iter().enumerate() {
        text.push_str(if index == 0 { first } else { hanging });
        text.push_str(line);
        text.push('\n');
    }
}
