//! What must not stay behind in a tree that is shown to others.

use std::io;

use crate::{Finding, Tree};

/// Something that is looked for.
struct Word {
    text: &'static str,
    /// Whether letters may come before or behind it.
    part: bool,
    why: &'static str,
}

const fn word(text: &'static str, why: &'static str) -> Word {
    Word {
        text,
        part: false,
        why,
    }
}

const fn part(text: &'static str, why: &'static str) -> Word {
    Word {
        text,
        part: true,
        why,
    }
}

const UNFINISHED: &str = "finish it, or say in an issue what is missing";
const PLACE: &str = "a path of one machine; write it from the root of the tree";
const HOST: &str = "packages come from wherever the reader's cargo is told to get them";
const MAKING: &str = "the tree says what the software is, not how it was written";

// Each is written in two halves, so that this file may stay in the tree.
const WORDS: &[Word] = &[
    part(concat!("todo", "!("), UNFINISHED),
    part(concat!("unimplemented", "!("), UNFINISHED),
    part(
        concat!("#[ign", "ore"),
        "a test that does not run tests nothing",
    ),
    word(concat!("FIX", "ME"), UNFINISHED),
    word(concat!("X", "XX"), UNFINISHED),
    word(concat!("TO", "DO"), UNFINISHED),
    part(concat!("/wo", "rk/"), PLACE),
    part(concat!("/ro", "ot/"), PLACE),
    part(concat!("/Us", "ers/"), PLACE),
    word(concat!("crates", ".io"), HOST),
    word(concat!("pypi", ".org"), HOST),
    word(concat!("npmjs", ".org"), HOST),
    word(concat!("npmjs", ".com"), HOST),
    word(concat!("Cla", "ude"), MAKING),
    word(concat!("Anthro", "pic"), MAKING),
    word(concat!("Chat", "GPT"), MAKING),
    word(concat!("Open", "AI"), MAKING),
    word(concat!("Co", "pilot"), MAKING),
    word(concat!("language ", "model"), MAKING),
    word(concat!("AI ", "assistant"), MAKING),
    word(concat!("sub", "agent"), MAKING),
    word(concat!("this ", "session"), MAKING),
];

/// Texts of others, kept as they are.
const KEPT: &[&str] = &["/data/", "/conformance/"];

/// Looks for leftovers in every text of the tree.
///
/// Lock files are left out, since cargo writes them, and so are texts of others.
///
/// # Errors
/// If a file cannot be read.
pub fn check(tree: &Tree) -> io::Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for path in tree.paths() {
        if path.ends_with(".lock") || KEPT.iter().any(|folder| path.contains(folder)) {
            continue;
        }
        let Some(text) = tree.read(path)? else {
            continue;
        };
        for (index, line) in text.lines().enumerate() {
            for word in WORDS {
                if stands_in(line, word) {
                    let text = format!("`{}`: {}", word.text, word.why);
                    findings.push(Finding::failure(path, text).at(index + 1));
                }
            }
        }
    }
    Ok(findings)
}

fn stands_in(line: &str, word: &Word) -> bool {
    line.match_indices(word.text).any(|(start, _)| {
        let before = line.get(..start).unwrap_or("");
        let behind = line.get(start + word.text.len()..).unwrap_or("");
        word.part
            || (!before.ends_with(char::is_alphanumeric)
                && !behind.starts_with(char::is_alphanumeric))
    })
}
