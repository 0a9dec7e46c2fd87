//! Sources with their places marked: `hemoglobin >= «90 g/dL»`.

use lind_diagnostics::{Files, Rule, Severity, Span};

/// A rule for tests; its page is never shown.
pub(crate) static E0399_EXAMPLE: Rule =
    Rule::declare("E0399", "example", Severity::Error, "an example", "# E0399");

/// A warning for tests.
pub(crate) static W0699_EXAMPLE: Rule = Rule::declare(
    "W0699",
    "example",
    Severity::Warning,
    "an example",
    "# W0699",
);

/// The sources without their marks, and the marked places in order.
pub(crate) fn marked(sources: &[(&str, &str)]) -> (Files, Vec<Span>) {
    let mut files = Files::new();
    let mut spans = Vec::new();
    for (name, source) in sources {
        let mut text = String::new();
        let mut open = Vec::new();
        let mut found = Vec::new();
        for character in source.chars() {
            match character {
                '«' => {
                    open.push((found.len(), text.len() as u32));
                    found.push((0, 0));
                }
                '»' => {
                    let (index, start) = open.pop().expect("a mark is opened before it is closed");
                    found[index] = (start, text.len() as u32);
                }
                _ => text.push(character),
            }
        }
        assert!(open.is_empty(), "every mark is closed");
        let file = files.add(*name, text);
        spans.extend(
            found
                .into_iter()
                .map(|(start, end)| Span::new(file, start, end)),
        );
    }
    (files, spans)
}
