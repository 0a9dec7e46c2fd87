//! The Lind command: arguments, files, terminals and exit codes. What a protocol means is decided in the
//! libraries; this crate brings texts to them and carries their answers out.
//!
//! # Invariants
//! - Results go to the standard output, everything about the run to the standard error.
//! - Exit codes: 0 nothing found, 1 findings, 2 the work could not be done, 101 a bug in Lind.
//! - Findings in protocols and data are never turned into failures of the tool, nor the other way round.
//! - Nothing from a file or an argument acts on the terminal.
//! - A file is written whole or not at all.
#![forbid(unsafe_code)]

mod arguments;
mod commands;
mod configuration;
mod failure;
mod findings;
mod folder;
mod modules;
mod new_folder;
mod output;
mod panics;
mod progress;
mod revision;
mod sources;
mod targets;
mod terminal;

use std::process::ExitCode;

use clap::Parser;

use crate::failure::Stop;

/// How a run ended that did its work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    /// Nothing was found that somebody must look at.
    Clean,
    /// Something was found.
    Findings,
}

impl Ending {
    fn found(anything: bool) -> Self {
        if anything {
            Self::Findings
        } else {
            Self::Clean
        }
    }
}

/// Room for whatever nests: a tree of conditions is as deep as the definitions of a protocol. It is reserved,
/// not used.
const STACK: usize = 256 << 20;

fn main() -> ExitCode {
    panics::install();
    let arguments = arguments::Arguments::parse();
    let run = std::thread::Builder::new()
        .stack_size(STACK)
        .spawn(move || run(arguments))
        .map(std::thread::JoinHandle::join);
    match run {
        Ok(Ok(code)) => code,
        // The hook has said what there is to say.
        Ok(Err(_panic)) => ExitCode::from(101),
        Err(error) => {
            eprintln!("lind cannot begin its work: {error}");
            ExitCode::from(2)
        }
    }
}

fn run(arguments: arguments::Arguments) -> ExitCode {
    let terminal = terminal::Terminal::of(&arguments.global);
    match commands::run(arguments.command, &terminal) {
        Ok(Ending::Clean) => ExitCode::SUCCESS,
        Ok(Ending::Findings) => ExitCode::from(1),
        // Whoever reads our output has seen enough.
        Err(Stop::NobodyReads) => ExitCode::SUCCESS,
        Err(Stop::Failed(failure)) => {
            terminal.report(&failure);
            ExitCode::from(2)
        }
        Err(Stop::Bug(failure)) => {
            terminal.report(&failure);
            ExitCode::from(101)
        }
    }
}
