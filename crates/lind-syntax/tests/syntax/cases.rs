//! Each file in `tests/cases` with what is said about it. `INSTA_UPDATE=always cargo test` writes anew what
//! is said.

use std::fmt::Write as _;

use lind_diagnostics::{Applicability, Diagnostic, FileId, Files, Span, apply_fixes};

use crate::support::{Random, clean_files, count, crate_folder, edit, lind_files, parse};

/// What is said about a text, one finding a paragraph.
fn said(text: &str) -> String {
    let mut files = Files::new();
    let file = files.add("case.lind", text);
    let place = |span: Span| {
        let at = files.line_column(file, span.start);
        format!("{}:{}", at.line, at.column)
    };
    let mut said = String::new();
    for diagnostic in &parse(text).diagnostics {
        let marked = files
            .slice(diagnostic.primary.span)
            .lines()
            .next()
            .unwrap_or_default();
        writeln!(
            said,
            "{} {} {} | {} [{marked}]",
            place(diagnostic.primary.span),
            diagnostic.rule.code,
            diagnostic.message,
            diagnostic.primary.text
        )
        .unwrap();
        for label in &diagnostic.secondary {
            writeln!(said, "  also {} {}", place(label.span), label.text).unwrap();
        }
        for note in &diagnostic.notes {
            writeln!(said, "  note: {note}").unwrap();
        }
        if let Some(fix) = &diagnostic.fix {
            let weight = match fix.applicability {
                Applicability::Safe => "fix",
                Applicability::NeedsReview => "fix, for review",
            };
            let first = fix.edits.iter().map(|edit| edit.span.start).min().unwrap();
            let line = files.line_column(file, first).line;
            let fixed = apply_fixes(text, &[fix], file);
            let fixed = fixed
                .lines()
                .nth(usize::try_from(line).unwrap() - 1)
                .unwrap_or_default();
            writeln!(said, "  {weight}: {} => {fixed}", fix.title).unwrap();
        }
    }
    if said.is_empty() {
        "nothing\n".to_owned()
    } else {
        said
    }
}

#[test]
fn every_case_says_what_it_said_before() {
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::glob!("../cases", "*.lind", |path| {
            let text = std::fs::read_to_string(path).unwrap();
            insta::assert_snapshot!(said(&text));
        });
    });
}

#[test]
fn a_file_with_six_errors_gives_six_messages() {
    let path = crate_folder().join("tests/cases/six-independent-errors.lind");
    let text = std::fs::read_to_string(path).unwrap();
    let lines: Vec<u32> = {
        let mut files = Files::new();
        let file = files.add("case.lind", text.as_str());
        parse(&text)
            .diagnostics
            .iter()
            .map(|d| files.line_column(file, d.primary.span.start).line)
            .collect()
    };
    assert_eq!(lines, [2, 6, 13, 14, 15, 18]);
}

/// Whether a finding is still there after a fix: the same code, the same message.
fn still_there(diagnostic: &Diagnostic, fixed: &str) -> bool {
    parse(fixed)
        .diagnostics
        .iter()
        .filter(|other| same(other, diagnostic))
        .count()
        > 0
}

fn same(left: &Diagnostic, right: &Diagnostic) -> bool {
    left.rule == right.rule
        && left.message == right.message
        && left.primary.span.start == right.primary.span.start
}

#[test]
fn a_fix_mends_what_it_says_and_breaks_nothing() {
    for (path, text) in lind_files(&crate_folder().join("tests/cases")) {
        let findings = parse(&text).diagnostics;
        for diagnostic in &findings {
            let Some(fix) = &diagnostic.fix else { continue };
            let fixed = apply_fixes(&text, &[fix], FileId::from_index(0));
            let left = parse(&fixed).diagnostics;
            let name = path.file_name().unwrap().to_string_lossy();
            assert!(
                !still_there(diagnostic, &fixed),
                "{name}: {} is not mended by: {}",
                diagnostic.message,
                fix.title
            );
            assert!(
                left.len() <= findings.len(),
                "{name}: {}: {} leaves {left:#?}",
                diagnostic.message,
                fix.title
            );
        }
    }
}

#[test]
fn a_fix_of_a_random_slip_never_makes_it_worse() {
    let files = clean_files();
    let mut random = Random::new(1796);
    for _ in 0..count(200) {
        let (path, text) = &files[random.below(files.len())];
        let (edited, what) = edit(text, &mut random);
        let findings = parse(&edited).diagnostics;
        for fix in findings
            .iter()
            .filter_map(|diagnostic| diagnostic.fix.as_ref())
        {
            let fixed = apply_fixes(&edited, &[fix], FileId::from_index(0));
            let left = parse(&fixed).diagnostics;
            let path = path.display();
            let worse = left.len() > findings.len().max(1);
            assert!(!worse, "{path}: {what}: {} leaves {left:#?}", fix.title);
        }
    }
}

#[test]
fn windows_line_ends_are_fine() {
    for (path, text) in lind_files(&crate_folder().join("tests/cases")) {
        let windows = text.replace('\n', "\r\n");
        let codes = |text: &str| {
            parse(text)
                .diagnostics
                .iter()
                .map(|d| d.rule.code)
                .collect::<Vec<_>>()
        };
        assert_eq!(codes(&windows), codes(&text), "{}", path.display());
    }
}

/// What a message says outside of backticks.
fn own_words(text: &str) -> String {
    text.split('`').step_by(2).collect()
}

fn speaks_plainly(diagnostic: &Diagnostic) -> Result<(), String> {
    let labels = diagnostic.labels().map(|label| &label.text);
    let titles = diagnostic.fix.iter().map(|fix| &fix.title);
    for text in std::iter::once(&diagnostic.message)
        .chain(labels)
        .chain(&diagnostic.notes)
        .chain(titles)
    {
        let words = own_words(text);
        let program = [
            "::",
            "Rule",
            "Some(",
            "None",
            "EOI",
            "SOI",
            "kw",
            "token",
            "parse",
            "syntax",
            "identifier",
            "invalid",
            "you",
            "please",
        ];
        let is_program = |word: &&str| words.split_whitespace().any(|own| own == *word);
        if words.contains('_') || program.iter().any(is_program) {
            return Err(format!("speaks of the program: {text}"));
        }
        if text.contains(['\n', '\r']) || text.ends_with('.') && !text.ends_with("..") {
            return Err(format!(
                "is no single sentence without a full stop: {text:?}"
            ));
        }
        if text.matches('`').count() % 2 == 1 {
            return Err(format!("has a backtick too many: {text}"));
        }
    }
    if diagnostic.message.is_empty() || diagnostic.primary.text.is_empty() {
        return Err(format!("says nothing: {diagnostic:?}"));
    }
    Ok(())
}

#[test]
fn messages_speak_of_the_trial_and_not_of_the_program() {
    let mut texts: Vec<String> = lind_files(&crate_folder().join("tests/cases"))
        .into_iter()
        .map(|(_, text)| text)
        .collect();
    let files = clean_files();
    let mut random = Random::new(1662);
    for _ in 0..count(200) {
        texts.push(edit(&files[random.below(files.len())].1, &mut random).0);
    }
    for text in texts {
        for diagnostic in parse(&text).diagnostics {
            speaks_plainly(&diagnostic)
                .unwrap_or_else(|why| panic!("{}: {why}", diagnostic.rule.code));
        }
    }
}
