//! The command as people run it.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::failure::Failure;
use crate::passes::peak_in;
use crate::{GATE, PROTOCOL, root};

/// One run of the command.
pub(crate) struct Run {
    pub(crate) seconds: f64,
    /// The most memory that was seen, in KiB; 0 if the system does not tell.
    pub(crate) peak: u64,
}

/// `lind check PROTOCOL`, from nothing to the end of the process, in seconds.
pub(crate) fn check(lind: &Path, rounds: usize) -> Result<Vec<f64>, Failure> {
    let arguments = ["check", PROTOCOL];
    // The first run brings the program into the memory of the system.
    run(lind, &arguments)?;
    (0..rounds.max(1) * 4)
        .map(|_| {
            let started = Instant::now();
            let ended = start(lind, &arguments)?.wait()?;
            let seconds = started.elapsed().as_secs_f64();
            succeeded(ended.success(), &arguments).map(|()| seconds)
        })
        .collect()
}

/// `lind screen PROTOCOL --patients FOLDER`, with reasons and a file of results, on all processors.
pub(crate) fn screen(lind: &Path, folder: &Path, rounds: usize) -> Result<Vec<Run>, Failure> {
    let output = folder.with_extension("verdicts.json");
    let (folder, output) = (folder.to_string_lossy(), output.to_string_lossy());
    let arguments = [
        "screen",
        PROTOCOL,
        "--patients",
        &*folder,
        "--at",
        GATE,
        "--format",
        "json",
        "--output",
        &*output,
    ];
    (0..rounds).map(|_| run(lind, &arguments)).collect()
}

fn start(lind: &Path, arguments: &[&str]) -> Result<Child, Failure> {
    Command::new(lind)
        .args(arguments)
        .current_dir(root())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| Failure::new(format!("{} does not start: {error}", lind.display())))
}

fn succeeded(success: bool, arguments: &[&str]) -> Result<(), Failure> {
    if success {
        return Ok(());
    }
    Err(Failure::new(format!(
        "`lind {}` failed",
        arguments.join(" ")
    )))
}

fn run(lind: &Path, arguments: &[&str]) -> Result<Run, Failure> {
    let started = Instant::now();
    let mut child = start(lind, arguments)?;
    let (success, peak) = watch(&mut child)?;
    let seconds = started.elapsed().as_secs_f64();
    succeeded(success, arguments).map(|()| Run { seconds, peak })
}

/// Waits, and looks at the memory from time to time; the system keeps the peak until then.
fn watch(child: &mut Child) -> Result<(bool, u64), Failure> {
    let path = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok((status.success(), peak));
        }
        let status = std::fs::read_to_string(&path).unwrap_or_default();
        peak = peak.max(peak_in(&status).unwrap_or(0));
        std::thread::sleep(Duration::from_millis(10));
    }
}
