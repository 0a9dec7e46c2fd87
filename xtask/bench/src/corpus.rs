//! Every protocol that comes with Lind: how long it takes to check it, and to run its tests.

use std::path::{Path, PathBuf};
use std::time::Instant;

use lind_check::NoModules;
use lind_diagnostics::Files;
use lind_test::Suite;

use crate::failure::Failure;
use crate::root;
use crate::statistics::Spread;

/// What was measured of one protocol.
pub(crate) struct Trial {
    /// The name of its file.
    pub(crate) name: String,
    /// Lines of the file.
    pub(crate) lines: usize,
    /// Criteria and commitments.
    pub(crate) criteria: usize,
    /// Tests inside the file.
    pub(crate) tests: usize,
    /// Parsing and checking, with the modules of the library that it uses, in seconds.
    pub(crate) check: Spread,
    /// Lowering it and running all its tests, in seconds.
    pub(crate) run: Spread,
}

/// The protocols, sorted by name.
fn files() -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for folder in ["protocols", "protocols/corpus"] {
        for entry in std::fs::read_dir(root().join(folder))? {
            let path = entry?.path();
            if path
                .extension()
                .is_some_and(|extension| extension == "lind")
            {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

/// Measures all of them in this process.
pub(crate) fn measure(rounds: usize) -> Result<Vec<Trial>, Failure> {
    files()?.iter().map(|path| trial(path, rounds)).collect()
}

fn trial(path: &Path, rounds: usize) -> Result<Trial, Failure> {
    let text = std::fs::read_to_string(path)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let (mut check, mut run) = (Vec::new(), Vec::new());
    let (mut criteria, mut tests) = (0, 0);
    // The first time warms everything up, and is not counted.
    for round in 0..=rounds.max(1) * 4 {
        let started = Instant::now();
        let mut files = Files::default();
        let file = files.add(name.as_ref(), text.as_str());
        let analysis = lind_check::check(&mut files, file, &mut NoModules);
        let checked = started.elapsed().as_secs_f64();
        let protocol = analysis
            .protocol
            .ok_or_else(|| Failure::new(format!("{name} has errors: run `lind check`")))?;

        let started = Instant::now();
        let suite = Suite::new(&protocol, &analysis.tests, &files).map_err(|_| {
            Failure::new(format!("the tests of {name} cannot run: run `lind test`"))
        })?;
        let results = suite.results();
        let ran = started.elapsed().as_secs_f64();
        if results.iter().any(|result| !result.passed()) {
            return Err(Failure::new(format!(
                "a test of {name} fails: run `lind test`"
            )));
        }
        (criteria, tests) = (protocol.criteria.len(), results.len());
        if round > 0 {
            check.push(checked);
            run.push(ran);
        }
    }
    Ok(Trial {
        name: name.into_owned(),
        lines: text.lines().count(),
        criteria,
        tests,
        check: Spread::of(check),
        run: Spread::of(run),
    })
}
