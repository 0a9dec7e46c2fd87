//! Pair rules on every protocol that comes with Lind: a version does not differ from itself, what one order of two
//! versions says the other says the other way round, and the documentation lists the rules as they are.
//!
//! `BLESS=1` writes the list into `docs/amendments.md`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "tests fail by panicking"
)]
#![allow(
    clippy::disallowed_methods,
    reason = "protocols and the documentation are read from disk"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use lind_amend::{PAIR_RULES, compare_parts};
use lind_check::{NoModules, check};
use lind_diagnostics::Files;
use lind_model::Protocol;
use lind_model::difference::{Category, PartChange, PartDifference};

fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.ancestors().nth(2).unwrap().to_owned()
}

/// Every protocol of the tree, by its path.
fn protocols() -> Vec<(String, Arc<Protocol>)> {
    let mut paths: Vec<PathBuf> = Vec::new();
    for folder in ["protocols", "protocols/history", "protocols/corpus"] {
        let entries = fs::read_dir(root().join(folder)).unwrap();
        let files = entries.map(|entry| entry.unwrap().path());
        paths.extend(files.filter(|path| path.extension().is_some_and(|end| end == "lind")));
    }
    paths.sort();
    let read = |path: PathBuf| {
        let mut files = Files::new();
        let name = path.display().to_string();
        let file = files.add(name.as_str(), fs::read_to_string(path).unwrap());
        let analysis = check(&mut files, file, &mut NoModules);
        (name, analysis.protocol.expect("no error"))
    };
    paths.into_iter().map(read).collect()
}

/// What a rule finds the other way round.
fn turned(rule: &str) -> String {
    for (one, other) in [
        ("-added", "-removed"),
        ("-removed", "-added"),
        ("-widened", "-narrowed"),
        ("-narrowed", "-widened"),
    ] {
        if let Some(begin) = rule.strip_suffix(one) {
            return format!("{begin}{other}");
        }
    }
    rule.to_owned()
}

/// A difference as the rule and both sides of it.
type Told = (String, Option<String>, Option<String>);

fn told(parts: &[PartDifference], is_turned: bool) -> Vec<Told> {
    let words = |side: &Option<lind_model::difference::PartSide>| {
        side.as_ref().map(|side| side.words.clone())
    };
    let mut told: Vec<Told> = parts
        .iter()
        .map(|part| match is_turned {
            true => (turned(part.rule.id), words(&part.new), words(&part.old)),
            false => (part.rule.id.to_owned(), words(&part.old), words(&part.new)),
        })
        .collect();
    told.sort();
    told
}

#[test]
fn no_protocol_differs_from_itself_and_two_differ_the_same_both_ways() {
    let protocols = protocols();
    assert!(
        protocols.len() > 12,
        "there are {} protocols",
        protocols.len()
    );
    let mut found = 0;
    for (place, (name, protocol)) in protocols.iter().enumerate() {
        // Read a second time, so that no identity of objects helps.
        let again = Arc::new(Protocol::clone(protocol));
        let same = compare_parts(protocol, &again).unwrap();
        assert!(same.is_empty(), "{name}: {:?}", told(&same, false));
        let (other_name, other) = &protocols[(place + 1) % protocols.len()];
        let there = compare_parts(protocol, other).unwrap();
        let back = compare_parts(other, protocol).unwrap();
        assert_eq!(
            told(&there, false),
            told(&back, true),
            "{name} and {other_name}"
        );
        found += there.len();
    }
    assert!(found > 100, "{found} differences");
}

#[test]
fn each_side_is_there_where_the_rule_says_so() {
    let protocols = protocols();
    for (place, (name, protocol)) in protocols.iter().enumerate() {
        let (_, other) = &protocols[(place + 1) % protocols.len()];
        for part in compare_parts(protocol, other).unwrap() {
            let sides = (part.old.is_some(), part.new.is_some());
            let wanted = match part.rule.change {
                PartChange::Added => (false, true),
                PartChange::Removed => (true, false),
                _ => (true, true),
            };
            assert_eq!(sides, wanted, "{name}: {}", part.rule.id);
            if let (Some(old), Some(new)) = (&part.old, &part.new) {
                let says_why = old.words.contains("mean something else");
                assert!(
                    old.words != new.words || says_why,
                    "{name}: {} says {} twice",
                    part.rule.id,
                    old.words
                );
            }
        }
    }
}

#[test]
fn names_of_rules_are_plain_and_of_one_rule_each() {
    let mut ids: Vec<&str> = PAIR_RULES.iter().map(|rule| rule.id).collect();
    let in_order: Vec<Category> = PAIR_RULES.iter().map(|rule| rule.category).collect();
    assert!(in_order.is_sorted(), "rules stand by category");
    for id in &ids {
        assert!(
            id.bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte == b'-'),
            "{id}"
        );
        assert!(
            ids.contains(&turned(id).as_str()),
            "{id} has no rule for the other way round"
        );
    }
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count, "a name stands twice");
}

/// The list of rules as it stands in the documentation.
fn list() -> String {
    let mut text = String::new();
    for category in Category::ALL {
        text.push_str(&format!(
            "\n| `{}` | change | what is compared |\n|---|---|---|\n",
            category.word()
        ));
        for rule in PAIR_RULES.iter().filter(|rule| rule.category == category) {
            text.push_str(&format!(
                "| `{}` | {} | {} |\n",
                rule.id,
                rule.change.word(),
                rule.purpose
            ));
        }
    }
    text
}

#[test]
fn the_documentation_lists_every_rule() {
    const BEGIN: &str = "<!-- pair rules -->\n";
    const END: &str = "\n<!-- end of pair rules -->";
    let path = root().join("docs/amendments.md");
    let page = fs::read_to_string(&path).unwrap();
    let begin = page.find(BEGIN).expect("the list begins") + BEGIN.len();
    let end = begin + page[begin..].find(END).expect("the list ends");
    if std::env::var_os("BLESS").is_some() {
        let blessed = format!("{}{}{}", &page[..begin], list(), &page[end..]);
        fs::write(&path, blessed).unwrap();
        return;
    }
    assert_eq!(
        &page[begin..end],
        list(),
        "BLESS=1 writes the list as it is"
    );
}
