//! The protocols that come with Lind are laid out as `lind fmt` lays them out.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::path::{Path, PathBuf};

/// The protocols below a folder.
fn protocols(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(protocols(&path));
        } else if path.extension().is_some_and(|ending| ending == "lind") {
            found.push(path);
        }
    }
    found.sort();
    found
}

#[test]
fn the_protocols_that_come_with_lind_are_formatted() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../protocols");
    let all = protocols(&folder);
    assert!(all.len() > 1, "no protocols below {}", folder.display());
    let untidy: Vec<_> = all
        .iter()
        .filter(|path| lind_syntax::format(&std::fs::read_to_string(path).unwrap()).changed)
        .map(|path| path.strip_prefix(&folder).unwrap())
        .collect();
    assert!(untidy.is_empty(), "run `lind fmt` on {untidy:?}");
}
