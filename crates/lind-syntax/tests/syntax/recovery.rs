//! One slip of the author costs at most two messages, and nothing makes the parser panic.

use std::collections::BTreeMap;

use crate::support::{Random, clean_files, edit, line_of, parse};

/// How many edits are tried; `LIND_MUTANTS=50000 cargo test --release` tries more.
fn count(otherwise: usize) -> usize {
    std::env::var("LIND_MUTANTS")
        .ok()
        .and_then(|count| count.parse().ok())
        .unwrap_or(otherwise)
}

#[test]
fn one_edit_costs_at_most_two_messages() {
    let mut histogram: BTreeMap<usize, usize> = BTreeMap::new();
    let mut worst = Vec::new();
    for (path, text) in clean_files() {
        let mut random = Random::new(1747);
        for _ in 0..count(400) {
            let (edited, what) = edit(&text, &mut random);
            let parse = parse(&edited);
            *histogram.entry(parse.diagnostics.len()).or_default() += 1;
            if parse.diagnostics.len() > 2 {
                let findings: Vec<String> = parse
                    .diagnostics
                    .iter()
                    .map(|diagnostic| line_of(&edited, diagnostic))
                    .collect();
                worst.push(format!(
                    "{}: {what}\n  {}",
                    path.display(),
                    findings.join("\n  ")
                ));
            }
        }
    }
    println!("messages an edit: {histogram:?}");
    worst.truncate(20);
    assert!(worst.is_empty(), "{}", worst.join("\n\n"));
}

#[test]
fn several_edits_never_make_the_parser_panic() {
    for (_, text) in clean_files() {
        let mut random = Random::new(1753);
        for _ in 0..count(200) {
            let mut edited = text.clone();
            for _ in 0..=random.below(6) {
                edited = edit(&edited, &mut random).0;
            }
            let parse = parse(&edited);
            assert!(parse.diagnostics.iter().all(|diagnostic| {
                usize::try_from(diagnostic.primary.span.start).unwrap() <= edited.len()
            }));
        }
    }
}
