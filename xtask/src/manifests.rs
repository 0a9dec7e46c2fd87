//! The manifests: every version stands once, in the workspace's, and the lock file is there.

use std::collections::BTreeSet;
use std::io;

use crate::{Finding, Tree};

/// A dependency as written in a manifest: its line, from 1, its name, and what it is set to.
struct Entry<'a> {
    line: usize,
    name: &'a str,
    value: &'a str,
}

/// Checks the manifests of the workspace.
///
/// # Errors
/// If a manifest cannot be read.
pub fn check(tree: &Tree) -> io::Result<Vec<Finding>> {
    let mut findings = Vec::new();
    if !tree.contains("Cargo.lock") {
        findings.push(Finding::failure(
            "Cargo.lock",
            "the lock file is not in the tree: builds must not depend on the day",
        ));
    }

    let mut used = BTreeSet::new();
    // The fuzz targets are no members: they need libFuzzer, and a lock file of their own.
    let members = |path: &&str| path.ends_with("/Cargo.toml") && !path.starts_with("fuzz/");
    for path in tree.paths().filter(members) {
        let manifest = tree.read(path)?.unwrap_or_default();
        for entry in entries(&manifest, "dependencies]") {
            used.insert(entry.name.to_owned());
            if !inherits(&entry) {
                let text = format!(
                    "`{}` has a version of its own: write `{}.workspace = true`",
                    entry.name, entry.name
                );
                findings.push(Finding::failure(path, text).at(entry.line));
            }
        }
        // The libraries are pure; a list of what they may not call holds them to it.
        if let Some(folder) = path.strip_suffix("/Cargo.toml")
            && tree.contains(&format!("{folder}/src/lib.rs"))
            && folder.starts_with("crates/")
            && !tree.contains(&format!("{folder}/clippy.toml"))
        {
            findings.push(Finding::warning(
                path,
                "the library has no clippy.toml that keeps it from the disk, the environment and \
                 the clock",
            ));
        }
    }

    let workspace = tree.read("Cargo.toml")?.unwrap_or_default();
    for entry in entries(&workspace, "[workspace.dependencies]") {
        if !used.contains(entry.name) {
            let text = format!("no crate uses `{}`", entry.name);
            findings.push(Finding::warning("Cargo.toml", text).at(entry.line));
        }
    }
    Ok(findings)
}

/// The entries of the sections whose header ends so, one a line as they are written here.
fn entries<'a>(manifest: &'a str, header_end: &str) -> Vec<Entry<'a>> {
    let mut entries = Vec::new();
    let mut in_section = false;
    for (index, line) in manifest.lines().enumerate() {
        if line.starts_with('[') {
            in_section = line.trim_end().ends_with(header_end);
        } else if in_section
            && !line.starts_with('#')
            && let Some((key, value)) = line.split_once('=')
        {
            let (name, _) = key.split_once('.').unwrap_or((key, ""));
            entries.push(Entry {
                line: index + 1,
                name: name.trim(),
                value: line.get(name.len()..).unwrap_or(value),
            });
        }
    }
    entries
}

fn inherits(entry: &Entry<'_>) -> bool {
    let compact: String = entry
        .value
        .chars()
        .filter(|character| !character.is_whitespace())
        .collect();
    compact.contains("workspace=true")
}
