//! Every page of a finding of the gate tells the truth: the new version under `Wrong` raises its code, the one under
//! `Right` does not. Both sections hold the old version, the new one, and perhaps what was accepted, or settings.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

use lind_amend::gate::{Acceptance, Gate, GateFinding, Policy, rules};
use lind_amend::{Version, compare};
use lind_check::{NoModules, check};
use lind_diagnostics::{Files, Rule, Span};

/// The blocks of one language below a heading of a page.
fn blocks<'p>(page: &'p str, heading: &str, language: &str) -> Vec<&'p str> {
    let (_, rest) = page
        .split_once(&format!("\n## {heading}\n"))
        .unwrap_or_else(|| panic!("no section `{heading}`"));
    let section = rest.split("\n## ").next().unwrap_or(rest);
    let fence = format!("```{language}\n");
    let mut parts = section.split(fence.as_str());
    parts.next();
    parts
        .map(|part| part.split("```").next().unwrap_or(part))
        .collect()
}

fn version(text: &str) -> (Version, Span) {
    let mut files = Files::new();
    let root = files.add("trial.lind", text);
    let analysis = check(&mut files, root, &mut NoModules);
    let told: Vec<&str> = analysis
        .diagnostics
        .iter()
        .map(|own| own.message.as_str())
        .collect();
    let protocol = analysis
        .protocol
        .unwrap_or_else(|| panic!("a version has errors: {told:?}\n{text}"));
    let version = Version {
        protocol,
        tests: analysis.tests,
    };
    (version, Span::new(root, 0, 8))
}

/// The acceptances of a page, in the words in which they are written there.
fn acceptances(blocks: &[&str], span: Span) -> Vec<Acceptance> {
    let field = |block: &str, name: &str| {
        let line = block
            .lines()
            .find_map(|line| line.strip_prefix(&format!("{name} = \"")))
            .unwrap_or_else(|| panic!("no `{name}`"));
        line.trim_end_matches('"').to_owned()
    };
    blocks
        .iter()
        .map(|block| Acceptance {
            finding: field(block, "finding"),
            about: field(block, "about"),
            meaning: field(block, "meaning"),
            because: field(block, "because"),
            by: field(block, "by"),
            span,
        })
        .collect()
}

/// The settings of a page: which criteria stand for safety.
fn policy(blocks: &[&str], span: Span) -> Policy {
    let lines = blocks.iter().flat_map(|block| block.lines());
    let numbers = lines.filter_map(|line| line.strip_prefix("safety = [\"")?.strip_suffix("\"]"));
    let safety: Vec<String> = numbers.map(str::to_owned).collect();
    Policy {
        named: safety
            .iter()
            .map(|id| ("safety", id.clone(), span))
            .collect(),
        safety: safety.into_iter().collect(),
        ..Policy::default()
    }
}

fn found(page: &str, heading: &str) -> Vec<GateFinding> {
    let versions = blocks(page, heading, "lind");
    let [old, new] = versions.as_slice() else {
        panic!("`{heading}` holds {} versions", versions.len());
    };
    let ((old, _), (new, head)) = (version(old), version(new));
    let difference = compare(&old, &new).expect("the versions can be compared");
    let (accepted, settings): (Vec<&str>, Vec<&str>) = blocks(page, heading, "toml")
        .into_iter()
        .partition(|block| block.contains("[[accept]]"));
    let accepted = acceptances(&accepted, head);
    let policy = policy(&settings, head);
    Gate {
        old: &old.protocol,
        new: &new.protocol,
        difference: &difference,
        policy: &policy,
        acceptances: &accepted,
        head,
        cohort: None,
        small_counts: false,
    }
    .findings()
}

fn listed(found: &[GateFinding]) -> String {
    let lines: Vec<String> = found
        .iter()
        .map(|own| {
            let diagnostic = &own.diagnostic;
            let (severity, code) = (diagnostic.severity, diagnostic.rule.code);
            let (message, meaning) = (&diagnostic.message, &own.meaning);
            format!("  {severity} {code}: {message} [{meaning}]")
        })
        .collect();
    lines.join("\n")
}

#[test]
fn the_pages_of_the_gate_are_true() {
    let mut problems = String::new();
    for rule in rules::ALL {
        let raises = |found: &[GateFinding], rule: &Rule| {
            found.iter().any(|own| own.diagnostic.rule == rule)
        };
        let wrong = found(rule.page, "Wrong");
        if !raises(&wrong, rule) {
            problems.push_str(&format!(
                "{}: `Wrong` does not raise it:\n{}\n",
                rule.code,
                listed(&wrong)
            ));
        }
        let right = found(rule.page, "Right");
        if raises(&right, rule) {
            problems.push_str(&format!(
                "{}: `Right` raises it:\n{}\n",
                rule.code,
                listed(&right)
            ));
        }
    }
    assert!(problems.is_empty(), "{problems}");
}
