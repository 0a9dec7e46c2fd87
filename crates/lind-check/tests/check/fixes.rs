//! A fix is a fix: the text it makes no longer raises the finding, and raises nothing new.

use lind_diagnostics::{Diagnostic, Severity, apply_fixes};

use crate::support::{Checked, cases, check_file, check_text};

/// Findings of one weight without their places, which a fix may shift.
fn findings(checked: &Checked, severity: Severity) -> Vec<(&'static str, String)> {
    let mut findings: Vec<_> = checked
        .diagnostics()
        .iter()
        .filter(|diagnostic| diagnostic.severity == severity)
        .map(|diagnostic| (diagnostic.rule.code, diagnostic.message.clone()))
        .collect();
    findings.sort();
    findings
}

/// What is wrong with the fix of a finding, if anything.
fn problem(checked: &Checked, diagnostic: &Diagnostic, folder: &std::path::Path) -> Option<String> {
    let fix = diagnostic.fix.as_ref()?;
    if fix.edits.iter().any(|edit| edit.span.file != checked.root) {
        return None;
    }
    let text = checked.files.text(checked.root);
    let fixed = apply_fixes(text, &[fix], checked.root);
    if fixed == text {
        return Some("changes nothing".to_owned());
    }
    let again = check_text(checked.files.name(checked.root), &fixed, folder);
    let before = findings(checked, diagnostic.severity);
    let after = findings(&again, diagnostic.severity);
    let own = (diagnostic.rule.code, diagnostic.message.clone());
    let count =
        |findings: &[(&str, String)]| findings.iter().filter(|other| **other == own).count();
    if count(&after) >= count(&before) {
        return Some(format!("leaves the finding as it is:\n{}", again.text()));
    }
    // A line that can be read again may show what was hidden behind the finding; that is no new one, and
    // only the case can tell. What the fixed place itself raises is.
    let raised = again.diagnostics().iter().find(|other| {
        other.severity == Severity::Error
            && !before.contains(&(other.rule.code, other.message.clone()))
            && fix.edits.iter().any(|edit| {
                let end = edit.span.start + u32::try_from(edit.replacement.len()).unwrap();
                other.primary.span.start <= end && edit.span.start <= other.primary.span.end
            })
    });
    raised.map(|raised| format!("raises {}: {}", raised.rule.code, raised.message))
}

#[test]
fn every_fix_mends_what_it_is_offered_for() {
    let mut problems = Vec::new();
    let mut tried = 0;
    for path in cases() {
        let checked = check_file(&path);
        for diagnostic in checked.diagnostics() {
            tried += usize::from(diagnostic.fix.is_some());
            if let Some(problem) = problem(&checked, diagnostic, path.parent().unwrap()) {
                problems.push(format!(
                    "{}: the fix of {} ({}) {problem}",
                    path.display(),
                    diagnostic.rule.code,
                    diagnostic.message
                ));
            }
        }
    }
    assert!(tried > 0);
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
