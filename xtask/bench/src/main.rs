//! `cargo xtask bench`: how fast Lind is on this machine, against what the machine can do.
//!
//! It invents patients once and keeps them, measures in rounds that take turns (so that a busy
//! machine is busy for all), and prints medians with their ranges. What is compared with a limit
//! is compared within the same round. docs/benchmarks.md says what each line means.
#![forbid(unsafe_code)]

use std::path::{Path, PathBuf};
use std::process::ExitCode;

mod amend;
mod calendar;
mod command;
mod corpus;
mod failure;
mod fhir;
mod passes;
mod population;
mod protocol;
mod random;
mod report;
mod statistics;

use failure::Failure;
use passes::Pass;

const USAGE: &str = "\
usage: cargo xtask bench [--patients N] [--rounds N]
       cargo xtask bench corpus

  --patients N   how many patients are invented [default: 100000]
  --rounds N     how often each pass is run [default: 3]
  corpus         only the protocols that come with Lind: checked, and their tests run
";

/// How much is measured.
struct Size {
    patients: u32,
    rounds: usize,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments.as_slice() {
        // A pass runs in a process of its own, so that its memory is its own.
        ["pass", pass, folder] => Pass::named(pass)
            .ok_or_else(|| Failure::new(format!("there is no pass `{pass}`")))
            .and_then(|pass| passes::run(pass, Path::new(folder)))
            .map(|measured| println!("{measured}")),
        // The same of another protocol, at one of its gates.
        ["pass", pass, folder, protocol, gate] => Pass::named(pass)
            .ok_or_else(|| Failure::new(format!("there is no pass `{pass}`")))
            .and_then(|pass| {
                let program = protocol::program_of(Path::new(protocol))?;
                passes::run_with(pass, Path::new(folder), &program, gate)
            })
            .map(|measured| println!("{measured}")),
        // What comes out for each patient, to be compared with what others say.
        ["fhir", "verdicts", file, protocol, mapping] => {
            fhir::verdicts(Path::new(file), Path::new(protocol), Path::new(mapping))
        }
        ["fhir", what, file, protocol, mapping] => fhir::run(
            what,
            Path::new(file),
            Path::new(protocol),
            Path::new(mapping),
        )
        .map(|(measured, clock)| println!("{measured} {clock}")),
        // What an amendment means, step by step.
        ["amend", old, new, rounds] => {
            let rounds = rounds.parse().unwrap_or(1);
            amend::measure(Path::new(old), Path::new(new), rounds)
                .map(|[check, lower, compare]| println!("{check} {lower} {compare}"))
        }
        ["corpus"] => corpus::measure(3).map(|trials| report::corpus(&trials)),
        options => match size(options) {
            Some(size) => all(&size),
            None => {
                eprint!("{USAGE}");
                return ExitCode::from(2);
            }
        },
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::from(2)
        }
    }
}

fn size(options: &[&str]) -> Option<Size> {
    let mut size = Size {
        patients: 100_000,
        rounds: 3,
    };
    let mut options = options.iter();
    while let Some(option) = options.next() {
        let value = options.next()?;
        match *option {
            "--patients" => size.patients = value.parse().ok().filter(|count| *count > 0)?,
            "--rounds" => size.rounds = value.parse().ok().filter(|count| *count > 0)?,
            _ => return None,
        }
    }
    Some(size)
}

fn all(size: &Size) -> Result<(), Failure> {
    let program = std::env::current_exe()?;
    let release = program.parent().unwrap_or(Path::new("."));
    let folder = release
        .parent()
        .unwrap_or(release)
        .join("bench")
        .join(population::folder_name(size.patients));
    let population = population::prepare(&folder, size.patients)?;
    report::head(&population);

    let lind = release.join(format!("lind{}", std::env::consts::EXE_SUFFIX));
    report::checking(
        &protocol::measure(size.rounds)?,
        &command::check(&lind, size.rounds)?,
    );

    report::corpus(&corpus::measure(size.rounds)?);

    let mut rounds = Vec::new();
    for _ in 0..size.rounds {
        rounds.push(passes::round(&program, &folder)?);
    }
    report::screening(&population, &rounds);
    report::command(&population, &command::screen(&lind, &folder, size.rounds)?);
    Ok(())
}

/// The root of the tree.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The protocol that is measured.
const PROTOCOL: &str = "protocols/ssc-nct06414135.lind";

/// The gate at which everybody is asked: every criterion is due.
const GATE: &str = "ld_start";
