//! Cohorts: invented patients whose verdicts were written down before any program saw them.
//!
//! A cohort is a folder of Lind tables below `tests/cohorts`, with `expected/verdicts.csv` in it: in a
//! folder of its own, because `lind` tells of tables it does not know.
//! The generator writes both from one list: each patient is a typical one with a few changes, and
//! what a reader of the protocol says about them stands next to the changes. Nothing here reads a
//! protocol or runs one; a cohort that took its expectations from the interpreter would only say
//! that the interpreter has not changed.
//!
//! **Invariants**
//! * The same source writes the same bytes.
//! * No two patients of a cohort have the same name, and no two expectations contradict.

use std::collections::BTreeSet;
use std::fs;
use std::io;

use crate::{Finding, Tree};

mod expected;
mod patient;
mod sle;
mod ssc;
mod tables;

use patient::Patient;

/// A file of a cohort: its name, seen from the cohort's folder, and its text.
struct File {
    name: &'static str,
    text: String,
}

/// Where the cohort of NCT06414135 stands.
const SSC: &str = "tests/cohorts/ssc";

/// Where the cohort of NCT05765006 stands.
const SLE: &str = "tests/cohorts/sle";

/// Writes the cohort of NCT06414135.
///
/// # Errors
/// If a file cannot be written, or the list of patients contradicts itself.
pub fn write_ssc(tree: &Tree) -> io::Result<()> {
    write(tree, SSC, files(&ssc::patients(), ssc::DATASET)?)
}

/// Finds the files of the cohort of NCT06414135 that are not what would be written.
///
/// # Errors
/// If a file cannot be read, or the list of patients contradicts itself.
pub fn check_ssc(tree: &Tree) -> io::Result<Vec<Finding>> {
    check(tree, SSC, "ssc", files(&ssc::patients(), ssc::DATASET)?)
}

/// Writes the cohort of NCT05765006, and tells the published results that come out of it.
///
/// # Errors
/// If a file cannot be written, or the published results do not come out.
pub fn write_sle(tree: &Tree) -> io::Result<String> {
    let (files, published) = sle::files()?;
    write(tree, SLE, files)?;
    Ok(published)
}

/// Finds the files of the cohort of NCT05765006 that are not what would be written.
///
/// # Errors
/// If a file cannot be read, or the published results do not come out.
pub fn check_sle(tree: &Tree) -> io::Result<Vec<Finding>> {
    check(tree, SLE, "sle", sle::files()?.0)
}

fn write(tree: &Tree, folder: &str, files: Vec<File>) -> io::Result<()> {
    let folder = tree.root().join(folder);
    fs::create_dir_all(folder.join("expected"))?;
    for file in files {
        fs::write(folder.join(file.name), file.text)?;
    }
    Ok(())
}

fn check(tree: &Tree, folder: &str, task: &str, files: Vec<File>) -> io::Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for file in files {
        let path = format!("{folder}/{}", file.name);
        let current = match fs::read_to_string(tree.root().join(&path)) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(error),
        };
        if current != file.text {
            findings.push(Finding::failure(
                path,
                format!("is not up to date: run `cargo xtask cohort {task}`"),
            ));
        }
    }
    Ok(findings)
}

fn files(patients: &[Patient], dataset: &str) -> io::Result<Vec<File>> {
    let mut names = BTreeSet::new();
    for patient in patients {
        if !names.insert(patient.id) {
            return Err(io::Error::other(format!(
                "two patients are called {}",
                patient.id
            )));
        }
    }
    let mut files = tables::write(patients);
    files.push(File {
        name: "dataset.toml",
        text: dataset.to_owned(),
    });
    files.push(File {
        name: "expected/verdicts.csv",
        text: expected::write(patients)?,
    });
    Ok(files)
}
