//! The files that the rules are about.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The sources below a folder: what git tracks there, or every file if it is no checkout.
#[derive(Clone, Debug)]
pub struct Tree {
    root: PathBuf,
    paths: Vec<String>,
}

impl Tree {
    /// Lists the files of a folder.
    ///
    /// In a checkout these are the tracked files that are still there: work in progress that was
    /// never added is nobody else's business yet.
    ///
    /// # Errors
    /// If the folder cannot be read.
    pub fn open(root: &Path) -> io::Result<Self> {
        let root = root.canonicalize().map_err(|error| named(root, &error))?;
        let mut paths = if root.join(".git").exists() {
            tracked(&root)?
        } else {
            let mut paths = Vec::new();
            walk(&root, "", &mut paths)?;
            paths
        };
        paths.retain(|path| root.join(path).is_file());
        paths.sort();
        Ok(Self { root, paths })
    }

    /// The folder.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The files, by their paths from the root with `/` between folders, in order.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.paths.iter().map(String::as_str)
    }

    /// Whether a file is there.
    #[must_use]
    pub fn contains(&self, path: &str) -> bool {
        self.paths
            .binary_search_by(|other| other.as_str().cmp(path))
            .is_ok()
    }

    /// The text of a file; `None` if it is not text.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn read(&self, path: &str) -> io::Result<Option<String>> {
        let path = self.root.join(path);
        let bytes = fs::read(&path).map_err(|error| named(&path, &error))?;
        Ok(String::from_utf8(bytes).ok())
    }

    /// The Rust files of the shipped and developers' crates that are compiled into them, not
    /// their tests: `crates/*/src/**.rs`, with the crate's name.
    pub fn crate_sources(&self) -> impl Iterator<Item = (&str, &str)> {
        self.paths().filter_map(|path| {
            let (name, rest) = path.strip_prefix("crates/")?.split_once('/')?;
            let is_source = rest.starts_with("src/") && is_rust(path);
            is_source.then_some((name, path))
        })
    }
}

/// Whether a path names a Rust file.
pub(crate) fn is_rust(path: &str) -> bool {
    Path::new(path)
        .extension()
        .is_some_and(|extension| extension == "rs")
}

fn tracked(root: &Path) -> io::Result<Vec<String>> {
    let output = Command::new("git")
        .args(["ls-files", "-z"])
        .current_dir(root)
        .output()?;
    if !output.status.success() {
        return Err(io::Error::other(format!(
            "git ls-files: {}",
            String::from_utf8_lossy(&output.stderr)
        )));
    }
    let list = String::from_utf8_lossy(&output.stdout);
    Ok(list
        .split('\0')
        .filter(|path| !path.is_empty())
        .map(str::to_owned)
        .collect())
}

fn walk(root: &Path, folder: &str, paths: &mut Vec<String>) -> io::Result<()> {
    let path = root.join(folder);
    for entry in fs::read_dir(&path).map_err(|error| named(&path, &error))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if folder.is_empty() {
            name
        } else {
            format!("{folder}/{name}")
        };
        if !entry.file_type()?.is_dir() {
            paths.push(path);
        } else if path != "target" && path != ".git" {
            walk(root, &path, paths)?;
        }
    }
    Ok(())
}

fn named(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}
