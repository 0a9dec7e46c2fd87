//! Documents that are tests: blocks that say what is run, and a block `console` with what is printed.
#![allow(
    clippy::unwrap_used,
    clippy::string_slice,
    reason = "tests fail by panicking"
)]

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// The root of the tree.
pub(crate) fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.ancestors().nth(2).unwrap().to_owned()
}

/// The documents of a folder below the tests, in their order.
pub(crate) fn all(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests")
        .join(folder);
    let entries = fs::read_dir(&folder).unwrap();
    let mut documents: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    documents.sort();
    assert!(documents.len() >= 8, "there are {} cases", documents.len());
    documents
}

/// Where the text of a block stands, between the line that opens it and the next that closes it.
pub(crate) fn block(document: &str, kind: &str) -> Option<Range<usize>> {
    let opening = format!("```{kind}\n");
    let start = document.find(&opening)? + opening.len();
    let end = start + document[start..].find("```\n")?;
    Some(start..end)
}

/// The text behind a word at the beginning of a line, between backquotes.
pub(crate) fn named<'d>(document: &'d str, word: &str) -> Option<&'d str> {
    let line = document.lines().find(|line| line.starts_with(word))?;
    line.split('`').nth(1)
}

/// What was printed, if it is not what stands in the document; `BLESS=1` writes it there.
pub(crate) fn wrong(path: &Path, document: &str, printed: &str) -> Option<String> {
    let expected = block(document, "console").unwrap();
    if document[expected.clone()] == *printed {
        return None;
    }
    if std::env::var_os("BLESS").is_none() {
        return Some(format!("{}:\n{printed}", path.display()));
    }
    let mut blessed = document.to_owned();
    blessed.replace_range(expected, printed);
    fs::write(path, blessed).unwrap();
    None
}
