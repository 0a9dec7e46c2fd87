//! What an amendment means: how long each step of `lind diff` takes once the program has started.

use std::path::Path;
use std::time::Instant;

use lind_amend::{Version, compare};
use lind_check::NoModules;
use lind_diagnostics::Files;
use lind_model::{Choices, Plan};

use crate::failure::Failure;
use crate::statistics::Spread;

/// How long is measured at most, in seconds, once everything was measured once.
const LONG_ENOUGH: f64 = 3.0;

/// Parsing and checking both versions, lowering both, and comparing them (which lowers them again): medians, in seconds.
pub(crate) fn measure(old: &Path, new: &Path, rounds: usize) -> Result<[f64; 3], Failure> {
    let texts = [std::fs::read_to_string(old)?, std::fs::read_to_string(new)?];
    let (mut check, mut lower, mut compared) = (Vec::new(), Vec::new(), Vec::new());
    let began = Instant::now();
    // The first round warms everything up, unless it takes so long that this does not matter.
    for round in 0..=rounds.max(1) {
        let started = Instant::now();
        let [old, new] = &texts;
        let (old, new) = (version(old)?, version(new)?);
        let checked = started.elapsed().as_secs_f64();
        for version in [&old, &new] {
            drop(Plan::lower(
                &version.protocol,
                Choices::chosen(&version.protocol),
            )?);
        }
        let lowered = started.elapsed().as_secs_f64();
        drop(compare(&old, &new).map_err(|error| Failure::new(error.to_string()))?);
        let done = started.elapsed().as_secs_f64();
        let is_over = began.elapsed().as_secs_f64() > LONG_ENOUGH;
        if round > 0 || is_over {
            check.push(checked);
            lower.push(lowered - checked);
            compared.push(done - lowered);
        }
        if is_over {
            break;
        }
    }
    Ok([check, lower, compared].map(|times| Spread::of(times).median))
}

fn version(text: &str) -> Result<Version, Failure> {
    let mut files = Files::default();
    let file = files.add("protocol.lind", text);
    let analysis = lind_check::check(&mut files, file, &mut NoModules);
    let protocol = analysis
        .protocol
        .ok_or_else(|| Failure::new("a version has errors: run `lind check`"))?;
    Ok(Version {
        protocol,
        tests: analysis.tests,
    })
}
