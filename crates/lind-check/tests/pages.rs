//! Every page of a diagnostic tells the truth: its `Wrong` raises the code and nothing else, its `Right`
//! raises nothing. The pages are what `lind explain` prints, so this is the documentation, run.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    reason = "tests fail by panicking"
)]

use std::fmt::Write;

use lind_check::{NoModules, check};
use lind_diagnostics::{Diagnostic, Files, Rule};
use lind_render::{Style, to_text};

/// The one block of Lind below a heading of a page.
fn block<'p>(page: &'p str, heading: &str) -> Result<&'p str, String> {
    let marker = format!("\n## {heading}\n");
    let (_, rest) = page
        .split_once(&marker)
        .ok_or_else(|| format!("has no section `{heading}`"))?;
    let section = rest.split("\n## ").next().unwrap_or(rest);
    let mut parts = section.split("```lind\n");
    parts.next();
    let block = parts
        .next()
        .and_then(|part| part.split_once("\n```"))
        .map(|(block, _)| block)
        .ok_or_else(|| format!("has no block of Lind below `{heading}`"))?;
    if parts.next().is_some() {
        return Err(format!("has several blocks of Lind below `{heading}`"));
    }
    Ok(block)
}

/// What a block raises, and how that reads.
fn run(block: &str) -> (Vec<Diagnostic>, String) {
    let mut files = Files::new();
    let root = files.add("example.lind", format!("{block}\n"));
    let analysis = check(&mut files, root, &mut NoModules);
    let text = analysis
        .diagnostics
        .iter()
        .map(|diagnostic| to_text(&files, diagnostic, Style::default()))
        .collect();
    (analysis.diagnostics, text)
}

fn problems(rule: &Rule) -> Vec<String> {
    let mut problems = Vec::new();
    let title = format!("# {} {}\n", rule.code, rule.name);
    if !rule.page.starts_with(&title) {
        problems.push(format!("does not begin with `{}`", title.trim_end()));
    }
    match block(rule.page, "Wrong") {
        Err(problem) => problems.push(problem),
        Ok(block) => {
            let (found, text) = run(block);
            if found.is_empty() || found.iter().any(|diagnostic| diagnostic.rule != rule) {
                problems.push(format!("`Wrong` does not raise this code alone:\n{text}"));
            }
        }
    }
    match block(rule.page, "Right") {
        Err(problem) => problems.push(problem),
        Ok(block) => {
            let (found, text) = run(block);
            if !found.is_empty() {
                problems.push(format!("`Right` is not clean:\n{text}"));
            }
        }
    }
    problems
}

fn report(rules: &[&Rule]) -> String {
    let mut report = String::new();
    for rule in rules {
        for problem in problems(rule) {
            writeln!(report, "{} {}: {problem}", rule.code, rule.name).unwrap();
        }
    }
    report
}

#[test]
fn the_pages_of_the_checker_are_true() {
    let report = report(lind_check::rules::ALL);
    assert!(report.is_empty(), "{report}");
}

/// The parser cannot see whether the rest of a file has a meaning, so its pages are run here too.
#[test]
fn the_pages_of_the_parser_are_true() {
    let written: Vec<&Rule> = lind_syntax::rules::ALL
        .iter()
        .copied()
        .filter(|rule| rule.page.contains("\n## "))
        .collect();
    let report = report(&written);
    assert!(report.is_empty(), "{report}");
}
