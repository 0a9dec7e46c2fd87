//! `lind completions`: what a shell needs to complete the command.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use crate::Ending;
use crate::arguments;
use crate::failure::Stop;
use crate::output::Output;

/// Print completions for a shell
#[derive(Debug, Args)]
#[command(
    long_about = "\
Prints what a shell needs to complete commands, options and file names.",
    after_help = "\
Examples:
  lind completions bash > ~/.local/share/bash-completion/completions/lind
  lind completions zsh  > ~/.zfunc/_lind
  lind completions fish > ~/.config/fish/completions/lind.fish"
)]
pub(crate) struct CompletionsArguments {
    /// The shell
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

pub(crate) fn run(arguments: &CompletionsArguments) -> Result<Ending, Stop> {
    let mut script = Vec::new();
    let mut command = arguments::Arguments::command();
    clap_complete::generate(arguments.shell, &mut command, "lind", &mut script);
    let mut output = Output::standard();
    output.write(&String::from_utf8_lossy(&script))?;
    output.finish()?;
    Ok(Ending::Clean)
}
