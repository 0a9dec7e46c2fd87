//! Random pairs of versions, and what z3 says of them: every answer of the engine is held against one that was found
//! without it.
//!
//! The pairs stand in `independent_answers/pairs.txt`, written by `benches/amend/compare.py`: what both versions
//! declare, what each says, and all that is possible. What is not listed there is impossible.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests fail by panicking"
)]

use std::collections::BTreeSet;

use lind_amend::{Version, compare};
use lind_check::{NoModules, check};
use lind_diagnostics::Files;
use lind_model::Difference;
use lind_model::difference::Status;

/// A pair, with what is possible of it.
struct Pair<'t> {
    name: &'t str,
    versions: [String; 2],
    possible: BTreeSet<&'t str>,
}

fn pairs(text: &str) -> Vec<Pair<'_>> {
    text.split("=== pair ")
        .skip(1)
        .map(|pair| {
            let (name, rest) = pair.split_once('\n').expect("a name");
            let (both, rest) = rest.split_once("--- old\n").expect("an old version");
            let (old, rest) = rest.split_once("--- new\n").expect("a new version");
            let (new, answers) = rest.split_once("--- possible\n").expect("answers");
            Pair {
                name,
                versions: [format!("{both}{old}"), format!("{both}{new}")],
                possible: answers.lines().filter(|line| !line.is_empty()).collect(),
            }
        })
        .collect()
}

fn version(text: &str) -> Version {
    let mut files = Files::new();
    let root = files.add("trial.lind", text);
    let analysis = check(&mut files, root, &mut NoModules);
    Version {
        protocol: analysis
            .protocol
            .unwrap_or_else(|| panic!("this is no protocol:\n{text}")),
        tests: analysis.tests,
    }
}

/// What the engine says to be possible, in the words of the file; what it leaves undecided says so.
fn said(difference: &Difference) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut tell = |question: String, status: &Status| match status {
        Status::Witnessed(_) => {
            found.insert(question);
        }
        Status::Undecided(_) => {
            found.insert(format!("{question}: undecided"));
        }
        Status::Impossible => {}
    };
    for own in &difference.transitions {
        let (from, to) = (own.from.word(), own.to.word());
        tell(format!("{from} to {to}"), &own.status);
    }
    for criterion in &difference.criteria {
        let Some(effects) = criterion.change.effects() else {
            continue;
        };
        for (from, to, status) in &effects.alone {
            let (id, from, to) = (&criterion.id, from.word(), to.word());
            tell(format!("{id}: {from} to {to}"), status);
        }
        tell(format!("{}: in context", criterion.id), &effects.in_context);
    }
    found
}

#[test]
fn the_engine_says_what_z3_says() {
    let pairs = pairs(include_str!("independent_answers/pairs.txt"));
    assert!(pairs.len() >= 150, "{} pairs", pairs.len());
    let mut wrong = Vec::new();
    for pair in &pairs {
        let [old, new] = &pair.versions;
        let difference = compare(&version(old), &version(new))
            .unwrap_or_else(|error| panic!("pair {}: {error}", pair.name));
        let said = said(&difference);
        let possible: BTreeSet<String> =
            pair.possible.iter().map(|own| (*own).to_owned()).collect();
        if said != possible {
            wrong.push(format!(
                "pair {}\n  only the engine: {:?}\n  only z3: {:?}",
                pair.name,
                said.difference(&possible).collect::<Vec<_>>(),
                possible.difference(&said).collect::<Vec<_>>(),
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
