//! From the text of the protocol to a program.

use std::path::Path;
use std::time::Instant;

use lind_check::NoModules;
use lind_diagnostics::Files;
use lind_eval::Program;
use lind_model::{Choices, Plan};

use crate::failure::Failure;
use crate::{PROTOCOL, root};

/// How long each step takes, in seconds, round by round.
pub(crate) struct Steps {
    /// Parsing and checking, with the modules of the library that it uses.
    pub(crate) check: Vec<f64>,
    /// Resolving readings, putting terms in place, preparing to run.
    pub(crate) lower: Vec<f64>,
    /// Lines of the protocol.
    pub(crate) lines: usize,
}

/// The program of the protocol, with the readings that it chooses.
pub(crate) fn program() -> Result<Program, Failure> {
    program_of(&root().join(PROTOCOL))
}

/// The program of another protocol, which uses no modules but the standard ones.
pub(crate) fn program_of(path: &Path) -> Result<Program, Failure> {
    let (plan, ..) = lowered(&std::fs::read_to_string(path)?)?;
    Ok(Program::new(plan))
}

fn lowered(text: &str) -> Result<(Plan, f64, f64), Failure> {
    let started = Instant::now();
    let mut files = Files::default();
    let file = files.add(PROTOCOL, text);
    let analysis = lind_check::check(&mut files, file, &mut NoModules);
    let protocol = analysis
        .protocol
        .ok_or_else(|| Failure::new(format!("{PROTOCOL} has errors: run `lind check`")))?;
    let checked = started.elapsed().as_secs_f64();
    let plan = Plan::lower(&protocol, Choices::chosen(&protocol))?;
    Ok((plan, checked, started.elapsed().as_secs_f64() - checked))
}

/// Measures in this process, after a first time that warms everything up.
pub(crate) fn measure(rounds: usize) -> Result<Steps, Failure> {
    let text = std::fs::read_to_string(root().join(PROTOCOL))?;
    let mut steps = Steps {
        check: Vec::new(),
        lower: Vec::new(),
        lines: text.lines().count(),
    };
    lowered(&text)?;
    for _ in 0..rounds.max(1) * 4 {
        let (plan, check, lower) = lowered(&text)?;
        let started = Instant::now();
        let program = Program::new(plan);
        let prepare = started.elapsed().as_secs_f64();
        drop(program);
        steps.check.push(check);
        steps.lower.push(lower + prepare);
    }
    Ok(steps)
}
