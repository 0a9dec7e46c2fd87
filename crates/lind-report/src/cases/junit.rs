//! Results of tests in the form that build servers read.

use crate::cases::TestReport;
use crate::plain::is_active;

/// The results of some files as JUnit's XML: one suite a file.
#[must_use]
pub fn junit_xml(reports: &[TestReport<'_>]) -> String {
    let mut text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned();
    let total: usize = reports.iter().map(|report| report.results.len()).sum();
    let failed: usize = reports.iter().map(TestReport::failed).sum();
    text.push_str(&format!(
        "<testsuites name=\"lind test\" tests=\"{total}\" failures=\"{failed}\">\n"
    ));
    for report in reports {
        text.push_str(&format!(
            "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\">\n",
            escaped(report.file),
            report.results.len(),
            report.failed()
        ));
        for (test, result) in report.pairs() {
            let position = report.files.line_column(test.span.file, test.span.start);
            let head = format!(
                "    <testcase classname=\"{}\" name=\"{}\" file=\"{}\" line=\"{}\"",
                escaped(&report.plan.protocol.id),
                escaped(&test.title),
                escaped(report.file),
                position.line
            );
            text.push_str(&head);
            if result.passed() {
                text.push_str("/>\n");
                continue;
            }
            text.push_str(">\n");
            let problems = result.problems.iter().map(|(span, problem)| {
                let place = report.place(*span);
                (
                    format!("{place}: this line cannot be used"),
                    problem.clone(),
                )
            });
            let failures = result.failures.iter().filter_map(|failure| {
                let words = report.failure(test, failure)?;
                Some((
                    format!("{}: {}", words.place, words.sentence()),
                    words.because,
                ))
            });
            for (message, because) in problems.chain(failures) {
                text.push_str(&format!(
                    "      <failure message=\"{}\">{}</failure>\n",
                    escaped(&message),
                    escaped(&because)
                ));
            }
            text.push_str("    </testcase>\n");
        }
        text.push_str("  </testsuite>\n");
    }
    text.push_str("</testsuites>\n");
    text
}

/// A text in which nothing is markup. XML has no way to write control characters, so they are shown by number.
fn escaped(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => shown.push_str("&amp;"),
            '<' => shown.push_str("&lt;"),
            '>' => shown.push_str("&gt;"),
            '"' => shown.push_str("&quot;"),
            '\n' | '\t' => shown.push(' '),
            active if is_active(active) => {
                shown.push_str(&format!("U+{:04X}", u32::from(active)));
            }
            plain => shown.push(plain),
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    #[test]
    fn nothing_is_markup_and_nothing_acts() {
        assert_eq!(
            super::escaped("a < \"b\" & c\u{1b}\n"),
            "a &lt; &quot;b&quot; &amp; cU+001B "
        );
    }
}
