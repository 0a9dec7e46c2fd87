//! Results of tests in the form that build servers read.

use lind_diagnostics::xml_text;

use crate::cases::TestReport;

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
            xml_text(report.file),
            report.results.len(),
            report.failed()
        ));
        for (test, result) in report.pairs() {
            let position = report.files.line_column(test.span.file, test.span.start);
            let head = format!(
                "    <testcase classname=\"{}\" name=\"{}\" file=\"{}\" line=\"{}\"",
                xml_text(&report.plan.protocol.id),
                xml_text(&test.title),
                xml_text(report.file),
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
                    xml_text(&message),
                    xml_text(&because)
                ));
            }
            text.push_str("    </testcase>\n");
        }
        text.push_str("  </testsuite>\n");
    }
    text.push_str("</testsuites>\n");
    text
}
