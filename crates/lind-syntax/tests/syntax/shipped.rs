//! Every shipped file parses without a finding.

use crate::support::{clean_files, line_of, parse};

#[test]
fn shipped_files_parse_without_findings() {
    for (path, text) in clean_files() {
        let findings: Vec<String> = parse(&text)
            .diagnostics
            .iter()
            .map(|diagnostic| line_of(&text, diagnostic))
            .collect();
        assert!(
            findings.is_empty(),
            "{}:\n{}",
            path.display(),
            findings.join("\n")
        );
    }
}
