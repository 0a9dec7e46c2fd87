//! Rules, the order of findings, and fixes.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs,
    reason = "tests fail by panicking"
)]

use lind_diagnostics::{
    Applicability, Diagnostic, Edit, FileId, Fix, Rule, Severity, Sink, Span, apply_fixes,
    compatible_fixes,
};
use proptest::prelude::*;

static E0398_FIRST: Rule = Rule::declare("E0398", "first", Severity::Error, "first", "# First");
static E0399_SECOND: Rule = Rule::declare("E0399", "second", Severity::Error, "second", "# Second");
static W0699_WARNING: Rule = Rule::declare(
    "W0699",
    "a-warning",
    Severity::Warning,
    "a warning",
    "# Warning",
);

fn at(file: u32, start: u32, end: u32) -> Span {
    Span::new(FileId::from_index(file), start, end)
}

fn declare(code: &'static str, name: &'static str, severity: Severity) -> bool {
    std::panic::catch_unwind(|| Rule::declare(code, name, severity, "summary", "page")).is_ok()
}

#[test]
fn a_wrong_declaration_does_not_build() {
    assert!(declare("E0301", "unit-mismatch", Severity::Error));
    assert!(declare("D0701", "bad-date", Severity::Warning));
    for (code, name, severity) in [
        ("E301", "unit-mismatch", Severity::Error),
        ("E03011", "unit-mismatch", Severity::Error),
        ("X0301", "unit-mismatch", Severity::Error),
        ("W0601", "unused", Severity::Error),
        ("E0301", "unit-mismatch", Severity::Warning),
        ("E0301", "UnitMismatch", Severity::Error),
        ("E0301", "unit--mismatch", Severity::Error),
        ("E0301", "-unit", Severity::Error),
        ("E0301", "unit-", Severity::Error),
        ("E0301", "", Severity::Error),
    ] {
        assert!(!declare(code, name, severity), "{code} {name}");
    }
}

#[test]
fn a_diagnostic_takes_its_weight_from_its_rule() {
    let found = Diagnostic::new(&W0699_WARNING, at(0, 1, 2), "message")
        .label("here")
        .also(at(1, 3, 4), "there")
        .note("because");
    assert_eq!(found.severity, Severity::Warning);
    let spans: Vec<Span> = found.labels().map(|label| label.span).collect();
    assert_eq!(spans, [at(0, 1, 2), at(1, 3, 4)]);
    assert_eq!(format!("{:?}", found.rule), "Rule(W0699 a-warning)");
}

#[test]
fn findings_come_by_file_place_and_code_and_each_once() {
    let last = Diagnostic::new(&E0398_FIRST, at(1, 0, 1), "in the second file");
    let middle = Diagnostic::new(&E0399_SECOND, at(0, 5, 6), "higher code");
    let early = Diagnostic::new(&E0398_FIRST, at(0, 5, 9), "lower code");
    let other = Diagnostic::new(&E0398_FIRST, at(0, 5, 9), "lower code").note("with a note");
    let first = Diagnostic::new(&E0399_SECOND, at(0, 2, 3), "earlier place");

    let mut sink = Sink::new();
    for found in [&last, &middle, &early, &other, &first, &early, &last] {
        sink.push(found.clone());
    }
    assert_eq!(sink.len(), 7);
    assert_eq!(sink.into_sorted(), [first, early, other, middle, last]);
}

#[test]
fn only_errors_are_errors() {
    let mut sink = Sink::new();
    assert!(sink.is_empty() && !sink.has_errors());
    sink.push(Diagnostic::new(&W0699_WARNING, at(0, 0, 0), "a warning"));
    assert!(!sink.has_errors());
    sink.extend([Diagnostic::new(&E0398_FIRST, at(0, 0, 0), "an error")]);
    assert!(sink.has_errors());
    assert_eq!(sink.iter().count(), 2);
}

fn fix(edits: &[(Span, &str)]) -> Fix {
    Fix {
        title: "change".to_owned(),
        edits: edits
            .iter()
            .map(|&(span, text)| Edit::new(span, text))
            .collect(),
        applicability: Applicability::Safe,
    }
}

fn applied(text: &str, fixes: &[Fix]) -> String {
    apply_fixes(
        text,
        &fixes.iter().collect::<Vec<_>>(),
        FileId::from_index(0),
    )
}

#[test]
fn fixes_replace_insert_and_delete() {
    let fixes = [
        fix(&[(at(0, 17, 21), "g/L")]),
        fix(&[(at(0, 0, 0), "  ")]),
        fix(&[(at(0, 10, 11), "")]),
    ];
    assert_eq!(
        applied("hemoglobin  >= 9 g/dL", &fixes),
        "  hemoglobin >= 9 g/L"
    );
    assert_eq!(applied("unchanged", &[]), "unchanged");
}

#[test]
fn the_first_of_two_overlapping_fixes_is_made() {
    let fixes = [
        fix(&[(at(0, 1, 3), "X")]),
        fix(&[(at(0, 2, 4), "Y"), (at(0, 5, 6), "Y")]),
        fix(&[(at(0, 5, 6), "Z")]),
    ];
    assert_eq!(applied("abcdef", &fixes), "aXdeZ");
}

#[test]
fn a_fix_over_two_files_is_taken_or_left_in_both() {
    let clash = fix(&[(at(1, 0, 1), "X")]);
    let both = fix(&[(at(0, 0, 1), "Y"), (at(1, 0, 1), "Y")]);
    assert_eq!(applied("abc", &[clash.clone(), both.clone()]), "abc");
    assert_eq!(applied("abc", &[both, clash]), "Ybc");
}

#[test]
fn insertions_at_one_place_are_a_clash_and_beside_a_replacement_are_not() {
    let insertion = fix(&[(at(0, 1, 1), "X")]);
    let replacement = fix(&[(at(0, 1, 2), "Y")]);
    assert_eq!(
        applied("abc", &[insertion.clone(), insertion.clone()]),
        "aXbc"
    );
    assert_eq!(
        applied("abc", &[replacement.clone(), insertion.clone()]),
        "aXYc"
    );
    let behind = fix(&[(at(0, 2, 2), "Z")]);
    assert_eq!(applied("abc", &[replacement, insertion, behind]), "aXYZc");
    let inside = fix(&[(at(0, 0, 3), "-"), (at(0, 1, 1), "X")]);
    assert_eq!(applied("abc", &[inside]), "abc");
}

#[test]
fn a_fix_that_does_not_fit_the_text_is_not_made() {
    let behind = fix(&[(at(0, 0, 1), "X"), (at(0, 90, 91), "Y")]);
    let inside_a_character = fix(&[(at(0, 1, 2), "X")]);
    assert_eq!(applied("µg", &[behind, inside_a_character]), "µg");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    /// Fixed texts are the old text with the chosen replacements in place, whatever was offered.
    #[test]
    fn what_no_fix_touches_stays(
        offered in prop::collection::vec(prop::collection::vec((0_u32..40, 0_u32..6), 1..3), 0..12),
    ) {
        let text = "abcdefghijklmnopqrstuvwxyz0123456789ABCD";
        let fixes: Vec<Fix> = offered
            .iter()
            .map(|edits| {
                let edits: Vec<_> = edits
                    .iter()
                    .map(|&(start, length)| (at(0, start, (start + length).min(40)), "#"))
                    .collect();
                fix(&edits)
            })
            .collect();
        let offered: Vec<&Fix> = fixes.iter().collect();
        let made = compatible_fixes(&offered);
        let edits: Vec<Span> = made.iter().flat_map(|fix| &fix.edits).map(|edit| edit.span).collect();
        let kept: String = text
            .char_indices()
            .filter(|&(at, _)| !edits.iter().any(|span| span.contains(at as u32)))
            .map(|(_, character)| character)
            .collect();

        let fixed = apply_fixes(text, &offered, FileId::from_index(0));
        prop_assert_eq!(fixed.matches('#').count(), edits.len());
        prop_assert_eq!(fixed.replace('#', ""), kept);
        prop_assert!(offered.is_empty() || !made.is_empty() || offered.iter().all(|fix| fix.edits.len() > 1));
    }
}
