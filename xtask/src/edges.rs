//! Which crate uses which: what cargo knows, against the tables of `docs/architecture.md`.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::process::Command;

use serde_json::Value;

use crate::table::{self, Row};
use crate::{Finding, Tree};

/// Where the tables stand.
pub const DOCUMENT: &str = "docs/architecture.md";

/// What cargo tells about the workspace, as JSON.
///
/// # Errors
/// If cargo cannot be run, or fails.
pub fn metadata(tree: &Tree) -> io::Result<Value> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args([
            "metadata",
            "--no-deps",
            "--offline",
            "--format-version",
            "1",
        ])
        .current_dir(tree.root())
        .output()?;
    if !output.status.success() {
        return Err(io::Error::other(format!(
            "cargo metadata: {}",
            String::from_utf8_lossy(&output.stderr)
        )));
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// One entry of a crate's manifest.
struct Dependency<'a> {
    user: &'a str,
    used: &'a str,
    /// Of the workspace, not from outside.
    is_ours: bool,
    /// For tests only.
    is_dev: bool,
}

/// Compares the dependencies of each crate with the tables.
///
/// A dependency that no table allows is a failure. What a table allows and nothing uses is a
/// warning: the table then draws a line that is not there.
///
/// Tests are freer, since nothing of theirs is shipped: they may use every library of the
/// workspace and every external crate that has an entry.
///
/// # Errors
/// If the document cannot be read, or `metadata` is not what cargo prints.
pub fn check(tree: &Tree, metadata: &Value) -> io::Result<Vec<Finding>> {
    if !tree.contains(DOCUMENT) {
        return Ok(vec![Finding::failure(DOCUMENT, "there is no such file")]);
    }
    let document = tree.read(DOCUMENT)?.unwrap_or_default();
    let mut findings = Vec::new();
    let mut rows = |name: &str| {
        table::rows(&document, name).unwrap_or_else(|| {
            let text = format!("there is no table marked `<!-- tidy: {name} -->`");
            findings.push(Finding::failure(DOCUMENT, text));
            Vec::new()
        })
    };
    let crates = rows("crates");
    let external = rows("dependencies");

    let packages = metadata
        .get("packages")
        .and_then(Value::as_array)
        .ok_or_else(|| io::Error::other("cargo metadata: no packages"))?;
    let members: BTreeSet<&str> = packages.iter().filter_map(name).collect();
    let dependencies: Vec<Dependency<'_>> = packages.iter().flat_map(dependencies).collect();

    findings.extend(check_members(&members, &crates));
    findings.extend(check_ours(&dependencies, &crates));
    findings.extend(check_external(&dependencies, &external));
    Ok(findings)
}

fn name(value: &Value) -> Option<&str> {
    value.get("name")?.as_str()
}

fn dependencies(package: &Value) -> Vec<Dependency<'_>> {
    let Some(user) = name(package) else {
        return Vec::new();
    };
    package
        .get("dependencies")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|dependency| {
            Some(Dependency {
                user,
                used: name(dependency)?,
                is_ours: dependency.get("path").is_some_and(Value::is_string),
                is_dev: dependency.get("kind").and_then(Value::as_str) == Some("dev"),
            })
        })
        .collect()
}

/// A row's crate, and what its second names column allows.
fn entries(rows: &[Row], column: usize) -> BTreeMap<String, (usize, BTreeSet<String>)> {
    let mut entries = BTreeMap::new();
    for row in rows {
        for name in row.names(0) {
            entries.insert(name, (row.line, row.names(column).into_iter().collect()));
        }
    }
    entries
}

fn check_members(members: &BTreeSet<&str>, crates: &[Row]) -> Vec<Finding> {
    let entries = entries(crates, 2);
    let missing = members
        .iter()
        .filter(|member| !entries.contains_key(**member))
        .map(|member| {
            Finding::failure(
                DOCUMENT,
                format!("the table of crates has no row for `{member}`"),
            )
        });
    let gone = entries
        .iter()
        .filter(|(name, _)| !members.contains(name.as_str()))
        .map(|(name, (line, _))| {
            Finding::failure(
                DOCUMENT,
                format!("the table of crates has a row for `{name}`, which does not exist"),
            )
            .at(*line)
        });
    missing.chain(gone).collect()
}

fn check_ours(dependencies: &[Dependency<'_>], crates: &[Row]) -> Vec<Finding> {
    let entries = entries(crates, 2);
    let mut findings = Vec::new();
    for edge in dependencies.iter().filter(|edge| edge.is_ours) {
        let allowed = entries
            .get(edge.user)
            .is_some_and(|(_, allowed)| allowed.contains(edge.used));
        if edge.is_dev {
            if edge.used == "xtask" || edge.used == "lind" {
                findings.push(Finding::failure(
                    manifest(edge.user),
                    format!("tests use libraries, not `{}`", edge.used),
                ));
            }
        } else if !allowed {
            findings.push(Finding::failure(
                manifest(edge.user),
                format!(
                    "`{}` may not use `{}`: the table of crates in {DOCUMENT} does not allow it",
                    edge.user, edge.used
                ),
            ));
        }
    }
    for (user, (line, allowed)) in &entries {
        for used in allowed {
            let exists = dependencies
                .iter()
                .any(|edge| edge.user == user && edge.used == used && !edge.is_dev);
            if !exists {
                let text = format!("`{user}` does not use `{used}`: take it out of its row");
                findings.push(Finding::warning(DOCUMENT, text).at(*line));
            }
        }
    }
    findings
}

fn check_external(dependencies: &[Dependency<'_>], external: &[Row]) -> Vec<Finding> {
    let entries = entries(external, 1);
    let mut findings = Vec::new();
    for edge in dependencies.iter().filter(|edge| !edge.is_ours) {
        let text = match entries.get(edge.used) {
            None => format!(
                "`{}` has no row in the table of external crates in {DOCUMENT}",
                edge.used
            ),
            Some((_, owners)) if !edge.is_dev && !owners.contains(edge.user) => format!(
                "`{}` may not use `{}`: it is not among its owners in {DOCUMENT}",
                edge.user, edge.used
            ),
            Some(_) => continue,
        };
        findings.push(Finding::failure(manifest(edge.user), text));
    }
    for (used, (line, owners)) in &entries {
        for owner in owners {
            let uses = dependencies
                .iter()
                .any(|edge| edge.user == owner && edge.used == used && !edge.is_dev);
            if !uses {
                let text = format!("`{owner}` does not use `{used}`");
                findings.push(Finding::warning(DOCUMENT, text).at(*line));
            }
        }
    }
    findings
}

fn manifest(member: &str) -> String {
    match member {
        "xtask" => "xtask/Cargo.toml".to_owned(),
        "lind-bench" => "xtask/bench/Cargo.toml".to_owned(),
        _ => format!("crates/{member}/Cargo.toml"),
    }
}
