//! Every page of a lint tells the truth: its `Wrong` raises the code and nothing else, its `Right` raises nothing, and
//! the checker has nothing to say of either. The pages are what `lind explain` prints, so this is the documentation, run.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

use std::fmt::Write;

use lind_amend::{Version, lint};
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
    let block = parts.next().and_then(|part| part.split_once("\n```"));
    match (block, parts.next()) {
        (Some((block, _)), None) => Ok(block),
        (None, _) => Err(format!("has no block of Lind below `{heading}`")),
        (_, Some(_)) => Err(format!("has several blocks of Lind below `{heading}`")),
    }
}

/// What a block raises, and how that reads; first what the checker has to say.
fn run(block: &str) -> Result<(Vec<Diagnostic>, String), String> {
    let mut files = Files::new();
    let root = files.add("example.lind", format!("{block}\n"));
    let analysis = check(&mut files, root, &mut NoModules);
    let text = |found: &[Diagnostic]| -> String {
        let texts = found.iter();
        texts
            .map(|diagnostic| to_text(&files, diagnostic, Style::default()))
            .collect()
    };
    if !analysis.diagnostics.is_empty() {
        return Err(text(&analysis.diagnostics));
    }
    let version = Version {
        protocol: analysis.protocol.expect("no error"),
        tests: analysis.tests,
    };
    let lints = lint(&version, &analysis.diagnostics).map_err(|error| error.to_string())?;
    let said = text(&lints.diagnostics);
    Ok((lints.diagnostics, said))
}

fn problems(rule: &Rule) -> Vec<String> {
    let mut problems = Vec::new();
    let title = format!("# {} {}\n", rule.code, rule.name);
    if !rule.page.starts_with(&title) {
        problems.push(format!("does not begin with `{}`", title.trim_end()));
    }
    for heading in ["Wrong", "Right"] {
        match block(rule.page, heading).and_then(run) {
            Err(problem) => problems.push(format!("`{heading}`: {problem}")),
            Ok((found, text)) => {
                let is_true = match heading {
                    "Wrong" => found.len() == 1 && found.iter().all(|own| own.rule == rule),
                    _ => found.is_empty(),
                };
                if !is_true {
                    problems.push(format!(
                        "`{heading}` raises {} findings:\n{text}",
                        found.len()
                    ));
                }
            }
        }
    }
    problems
}

#[test]
fn the_pages_of_the_lints_are_true() {
    let mut report = String::new();
    for rule in lind_amend::rules::ALL {
        for problem in problems(rule) {
            writeln!(report, "{} {}: {problem}", rule.code, rule.name).unwrap();
        }
    }
    assert!(report.is_empty(), "{report}");
}
