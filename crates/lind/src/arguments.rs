//! What can be asked of the command.

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::commands::{
    amend, cases, check, completions, data, diff, document, escalate, explain, format, lint, names,
    readings, report, screen, test, trace, visits, why,
};

/// Lind checks clinical-trial protocols and runs them on patients.
#[derive(Debug, Parser)]
#[command(
    name = "lind",
    version,
    about = "Checks clinical-trial protocols and runs them on patients",
    long_about = "\
Checks clinical-trial protocols and runs them on patients.

A protocol is a text file (`.lind`). Lind checks its units, its time windows and its \
structure; says for each patient who is eligible, who is not and what is missing; and shows \
the evidence behind each answer.",
    after_help = "\
Examples:
  lind check trial.lind                            what is wrong with the protocol
  lind screen trial.lind --patients cohort         who is eligible, and why not
  lind why trial.lind --patients cohort --patient P07
                                                   the evidence, as a tree

Exit codes: 0 nothing found, 1 findings, 2 the work could not be done, 101 a bug in lind.
`lind help COMMAND` tells more about a command.",
    propagate_version = true,
    disable_help_subcommand = false,
    max_term_width = 100
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) global: GlobalArguments,
}

/// What holds for every command.
#[derive(Debug, Args)]
pub(crate) struct GlobalArguments {
    /// When to use colours; `auto` heeds NO_COLOR and CLICOLOR_FORCE
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        help_heading = "Global options"
    )]
    pub(crate) color: ColorWhen,
    /// Print results only: no summary, no progress
    #[arg(short, long, global = true, help_heading = "Global options")]
    pub(crate) quiet: bool,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum ColorWhen {
    Auto,
    Always,
    Never,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Check(check::CheckArguments),
    Lint(lint::LintArguments),
    Fmt(format::FormatArguments),
    Screen(screen::ScreenArguments),
    Why(why::WhyArguments),
    Readings(readings::ReadingsArguments),
    Diff(diff::DiffArguments),
    Amend(amend::AmendArguments),
    Cases(cases::CasesArguments),
    Trace(trace::TraceArguments),
    Report(report::ReportArguments),
    Test(test::TestArguments),
    Doc(document::DocumentArguments),
    Data(data::DataArguments),
    Visits(visits::VisitsArguments),
    Escalate(escalate::EscalateArguments),
    Explain(explain::ExplainArguments),
    Names(names::NamesArguments),
    Completions(completions::CompletionsArguments),
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_arguments_are_consistent() {
        super::Arguments::command().debug_assert();
    }
}
