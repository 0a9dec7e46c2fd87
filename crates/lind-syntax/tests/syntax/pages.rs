//! The pages of the syntax diagnostics: what they call wrong raises exactly their code, what they call
//! right raises none.

use crate::support::{line_of, parse};

/// A text too long for a page, where `…` stands for it.
const LONG: usize = 9_000;

/// The blocks of `lind` code below a heading.
fn blocks<'a>(page: &'a str, heading: &str) -> Vec<&'a str> {
    let section = page
        .split(&format!("## {heading}\n"))
        .nth(1)
        .unwrap_or_default();
    let section = section.split("\n## ").next().unwrap_or_default();
    section
        .split("```lind\n")
        .skip(1)
        .filter_map(|rest| rest.split("```").next())
        .collect()
}

fn codes(text: &str) -> Vec<&'static str> {
    parse(text)
        .diagnostics
        .iter()
        .map(|diagnostic| diagnostic.rule.code)
        .collect()
}

#[test]
fn wrong_is_wrong_and_right_is_right() {
    for rule in lind_syntax::rules::ALL {
        let (wrong, right) = (blocks(rule.page, "Wrong"), blocks(rule.page, "Right"));
        assert!(
            !wrong.is_empty() && !right.is_empty(),
            "{} needs examples",
            rule.code
        );
        for text in wrong {
            let text = if rule.code == "E0109" {
                text.replace('…', &"a".repeat(LONG))
            } else {
                text.to_owned()
            };
            assert_eq!(codes(&text), [rule.code], "what {} calls wrong", rule.code);
        }
        for text in right {
            let findings: Vec<String> = parse(text)
                .diagnostics
                .iter()
                .map(|finding| line_of(text, finding))
                .collect();
            assert!(
                findings.is_empty(),
                "what {} calls right: {findings:#?}",
                rule.code
            );
        }
    }
}

#[test]
fn what_is_right_is_laid_out() {
    for rule in lind_syntax::rules::ALL {
        for text in blocks(rule.page, "Right") {
            assert_eq!(
                lind_syntax::format(text).text,
                text,
                "what {} calls right",
                rule.code
            );
        }
    }
}

#[test]
fn every_page_has_its_sections() {
    for rule in lind_syntax::rules::ALL {
        let headings: Vec<&str> = rule
            .page
            .lines()
            .filter(|line| line.starts_with('#') && !line.starts_with("# counted"))
            .collect();
        let title = format!("# {} {}", rule.code, rule.name);
        assert_eq!(
            headings,
            [
                title.as_str(),
                "## What it means",
                "## Wrong",
                "## Right",
                "## Why it matters in a trial"
            ]
        );
    }
}
