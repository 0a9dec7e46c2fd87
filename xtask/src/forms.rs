//! `cargo xtask cohort ssc --form fhir -o FOLDER`: a cohort in another form of data.

use std::io;
use std::path::Path;
use std::process::Command;

/// Writes a cohort in a form; whether it could be written.
///
/// The writing itself is another crate, `lind-forms`, whose tests use the whole workspace: this one
/// must also work where the workspace does not build.
///
/// # Errors
/// If cargo cannot be run.
pub fn write(root: &Path, cohort: &str, form: &str, folder: &str) -> io::Result<bool> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let from = root.join("tests/cohorts").join(cohort);
    let written = Command::new(&cargo)
        .args(["run", "--quiet", "--manifest-path"])
        .arg(root.join("Cargo.toml"))
        .args(["-p", "lind-forms", "--example", "write", "--", form])
        .arg(from)
        .args(["-o", folder])
        .status()?;
    Ok(written.success())
}
