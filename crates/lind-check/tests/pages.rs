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
use std::ops::Range;

use lind_check::rules::{W0606_UNVERIFIED, W0608_SET_WITHOUT_CODES};
use lind_check::{NoModules, check, reliance};
use lind_diagnostics::{Diagnostic, Files, Rule, Severity};
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

/// Puts in the lines that `# … and so on` stands for: the line above it, counted up to the line below it.
fn written_out(block: &str) -> String {
    let lines: Vec<&str> = block.lines().collect();
    let mut text = String::new();
    for (place, line) in lines.iter().enumerate() {
        if !line.trim_start().starts_with("# … and so on") {
            writeln!(text, "{line}").unwrap();
            continue;
        }
        let (first, last) = (numbers(lines[place - 1]), numbers(lines[place + 1]));
        for step in 1..last[0].1 - first[0].1 {
            let mut counted = String::new();
            let mut copied = 0;
            for (span, number) in &first {
                counted.push_str(&lines[place - 1][copied..span.start]);
                write!(counted, "{}", number + step).unwrap();
                copied = span.end;
            }
            writeln!(text, "{counted}{}", &lines[place - 1][copied..]).unwrap();
        }
    }
    text
}

/// The whole numbers of a line, with their places.
fn numbers(line: &str) -> Vec<(Range<usize>, usize)> {
    let mut found: Vec<(Range<usize>, usize)> = Vec::new();
    for (place, character) in line.char_indices() {
        let Some(digit) = character.to_digit(10) else {
            continue;
        };
        let digit = usize::try_from(digit).unwrap();
        match found.last_mut() {
            Some((span, number)) if span.end == place => {
                span.end += 1;
                *number = *number * 10 + digit;
            }
            _ => found.push((place..place + 1, digit)),
        }
    }
    found
}

/// What a block raises, and how that reads.
fn run(block: &str, rule: &Rule) -> (Vec<Diagnostic>, String) {
    let mut files = Files::new();
    let root = files.add("example.lind", written_out(block));
    let analysis = check(&mut files, root, &mut NoModules);
    let mut found = analysis.diagnostics;
    // These are told only to those who ask.
    if (rule == &W0606_UNVERIFIED || rule == &W0608_SET_WITHOUT_CODES)
        && let Some(protocol) = &analysis.protocol
    {
        found.extend(reliance(protocol));
    }
    let text = found
        .iter()
        .map(|diagnostic| to_text(&files, diagnostic, Style::default()))
        .collect();
    (found, text)
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
            let (found, text) = run(block, rule);
            if found.is_empty() || found.iter().any(|diagnostic| diagnostic.rule != rule) {
                problems.push(format!("`Wrong` does not raise this code alone:\n{text}"));
            }
        }
    }
    match block(rule.page, "Right") {
        Err(problem) => problems.push(problem),
        Ok(block) => {
            let (found, text) = run(block, rule);
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

/// The parser's own tests hold its pages to their codes. Here it is held that its findings are not said once
/// more by the checker, and that what its pages call right has a meaning.
#[test]
fn the_pages_of_the_parser_raise_nothing_of_the_checker() {
    let mut report = String::new();
    for rule in lind_syntax::rules::ALL {
        for heading in ["Wrong", "Right"] {
            let Ok(block) = block(rule.page, heading) else {
                continue;
            };
            let (found, text) = run(block, rule);
            let further = found.iter().any(|diagnostic| {
                let of_parser = diagnostic.rule.code.starts_with("E01");
                diagnostic.severity == Severity::Error && !(of_parser && heading == "Wrong")
            });
            if further {
                writeln!(report, "{} {heading}:\n{text}", rule.code).unwrap();
            }
        }
    }
    assert!(report.is_empty(), "{report}");
}
