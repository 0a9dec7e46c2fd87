//! Files as they were in a revision that git knows, without touching the working tree.

use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::failure::Failure;

/// Whether git knows a revision of this name where a file stands.
pub(crate) fn is_known(revision: &str, path: &Path) -> bool {
    let tree = format!("{revision}^{{tree}}");
    is_name(revision)
        && asked(path, ["rev-parse", "--verify", "--quiet", &tree])
            .is_some_and(|own| own.status.success())
}

/// Whether git knows a revision and that revision does not have a file. What git cannot say is not so.
pub(crate) fn lacks(revision: &str, path: &Path) -> bool {
    let Some(name) = path.file_name().and_then(OsStr::to_str) else {
        return false;
    };
    is_known(revision, path)
        && asked(path, ["ls-tree", "--name-only", revision, "--", name])
            .is_some_and(|own| own.status.success() && own.stdout.is_empty())
}

/// What git answers in the folder of a file; none if it could not be started.
fn asked<const N: usize>(path: &Path, arguments: [&str; N]) -> Option<Output> {
    Command::new("git")
        .arg("-C")
        .arg(folder_of(path))
        .args(arguments)
        .stdin(Stdio::null())
        .env("LC_ALL", "C")
        .output()
        .ok()
}

/// Whether git would take a word for a revision: not for an option, or for the end of a range or a file of one.
fn is_name(revision: &str) -> bool {
    !(revision.is_empty() || revision.starts_with('-') || revision.contains(':'))
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// Reads a file of a revision.
///
/// # Errors
/// There is no git, no such revision, no such file in it, or it is too large.
pub(crate) fn read(revision: &str, path: &Path, largest: u64) -> Result<Vec<u8>, Failure> {
    let cannot = |because: &str| {
        Failure::new(format!(
            "`{}` cannot be read from the revision `{revision}`",
            path.display()
        ))
        .because(because)
    };
    if !is_name(revision) {
        return Err(cannot("this is not the name of a revision")
            .help("name a branch, a tag or a commit, such as `origin/main`"));
    }
    let Some(name) = path.file_name() else {
        return Err(cannot("it is not a file"));
    };
    let mut object = OsString::from(revision);
    object.push(":./");
    object.push(name);
    let ask = |arguments: &[&str]| {
        Command::new("git")
            .arg("-C")
            .arg(folder_of(path))
            .args(arguments)
            .arg(&object)
            .stdin(Stdio::null())
            .env("LC_ALL", "C")
            .output()
    };
    let said = |errors: &[u8]| {
        let text = String::from_utf8_lossy(errors);
        let text = text.trim().trim_start_matches("fatal: ");
        format!("git says: {text}")
    };
    let size = ask(&["cat-file", "-s"])
        .map_err(|error| cannot("git could not be started").help(error.to_string()))?;
    if !size.status.success() {
        return Err(cannot(&said(&size.stderr)).help(
            "a shallow clone lacks older revisions: fetch the branch first (`git fetch origin main`, or \
             `fetch-depth: 0` of actions/checkout)",
        ));
    }
    let bytes: Option<u64> = String::from_utf8_lossy(&size.stdout).trim().parse().ok();
    if bytes.is_none_or(|bytes| bytes > largest) {
        return Err(cannot("it is larger than any protocol"));
    }
    let shown = ask(&["cat-file", "blob"])
        .map_err(|error| cannot("git could not be started").help(error.to_string()))?;
    if !shown.status.success() {
        return Err(cannot(&said(&shown.stderr)));
    }
    Ok(shown.stdout)
}
