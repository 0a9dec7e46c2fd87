//! Boundary examples of the standard library: protocols that use its definitions and sums of points, each with
//! tests that pass.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "tests fail by panicking"
)]

use std::path::Path;
use std::process::Command;

#[test]
fn what_the_library_defines_is_decided_at_its_boundaries() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/library");
    for command in ["check", "test"] {
        let output = Command::new(env!("CARGO_BIN_EXE_lind"))
            .args([command, "--quiet"])
            .arg(&examples)
            .output()
            .expect("the command runs");
        let printed = String::from_utf8(output.stdout).unwrap();
        let problems = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{command}:\n{printed}{problems}");
        assert!(!printed.contains("warning"), "{command}:\n{printed}");
    }
}
