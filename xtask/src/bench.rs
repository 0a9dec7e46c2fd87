//! `cargo xtask bench`: builds what is measured as it is shipped, and measures it.

use std::io;
use std::path::Path;
use std::process::Command;

/// Runs the benchmarks with their options; whether they could be run.
///
/// The measuring itself is another crate, `lind-bench`, because it uses the whole workspace: this
/// one must also work where the workspace does not build.
///
/// # Errors
/// If cargo cannot be run.
pub fn run(root: &Path, options: &[&str]) -> io::Result<bool> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let built = Command::new(&cargo)
        .args([
            "build",
            "--quiet",
            "--release",
            "-p",
            "lind",
            "-p",
            "lind-bench",
        ])
        .current_dir(root)
        .status()?;
    if !built.success() {
        return Ok(false);
    }
    let measured = Command::new(&cargo)
        .args(["run", "--quiet", "--release", "-p", "lind-bench", "--"])
        .args(options)
        .current_dir(root)
        .status()?;
    Ok(measured.success())
}
