//! One slip of the author costs at most two messages, and nothing makes the parser panic.

use std::collections::BTreeMap;

use crate::support::{Random, clean_files, count, edit, line_of, parse};

#[test]
fn one_edit_costs_at_most_two_messages() {
    let files = clean_files();
    let mut random = Random::new(1747);
    let mut histogram: BTreeMap<usize, usize> = BTreeMap::new();
    let mut worst = Vec::new();
    for _ in 0..count(300) {
        let (path, text) = &files[random.below(files.len())];
        let (edited, what) = edit(text, &mut random);
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
    println!("messages an edit: {histogram:?}");
    worst.truncate(20);
    assert!(worst.is_empty(), "{}", worst.join("\n\n"));
}

#[test]
fn several_edits_never_make_the_parser_panic() {
    let files = clean_files();
    let mut random = Random::new(1753);
    for _ in 0..count(300) {
        let mut edited = files[random.below(files.len())].1.clone();
        for _ in 0..=random.below(6) {
            edited = edit(&edited, &mut random).0;
        }
        let length = u32::try_from(edited.len()).unwrap();
        let parse = parse(&edited);
        assert!(
            parse
                .diagnostics
                .iter()
                .all(|diagnostic| diagnostic.primary.span.start <= length)
        );
    }
}
