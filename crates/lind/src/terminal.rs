//! What stands around the run: colours, width, how much to say.

use std::io::{self, IsTerminal, Write};

use anstream::{AutoStream, ColorChoice};
use miette::{GraphicalReportHandler, GraphicalTheme};

use crate::arguments::{ColorWhen, GlobalArguments};
use crate::failure::Failure;

/// The width of everything that does not go to a terminal.
const USUAL_WIDTH: usize = 80;
/// Nobody reads lines that are longer.
const WIDEST: usize = 120;

/// What stands around the run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terminal {
    /// Whether results are coloured.
    pub(crate) colors_results: bool,
    /// Whether messages are coloured.
    pub(crate) colors_messages: bool,
    /// How many columns there are for results.
    pub(crate) width: usize,
    /// Say only what was asked for.
    pub(crate) is_quiet: bool,
    /// Whether somebody sees the messages as they come.
    pub(crate) is_watched: bool,
}

impl Terminal {
    /// Looks around: what was asked for, then the environment, then what the streams are.
    pub(crate) fn of(global: &GlobalArguments) -> Self {
        let asked = match global.color {
            ColorWhen::Auto => ColorChoice::Auto,
            ColorWhen::Always => ColorChoice::Always,
            ColorWhen::Never => ColorChoice::Never,
        };
        asked.write_global();
        let is_watched = io::stderr().is_terminal() && std::env::var_os("CI").is_none();
        Self {
            colors_results: AutoStream::choice(&io::stdout()) != ColorChoice::Never,
            colors_messages: AutoStream::choice(&io::stderr()) != ColorChoice::Never,
            width: width(),
            is_quiet: global.quiet,
            is_watched,
        }
    }

    /// Whether to show how far a long run has come.
    pub(crate) fn shows_progress(&self) -> bool {
        self.is_watched && !self.is_quiet
    }

    /// How tables and trees look.
    pub(crate) fn style_of_reports(&self) -> lind_report::Style {
        lind_report::Style {
            color: self.colors_results,
            width: self.width,
        }
    }

    /// How sources are shown among the results.
    pub(crate) fn style_of_results(&self) -> lind_render::Style {
        lind_render::Style {
            color: self.colors_results,
            width: self.width,
            ascii: false,
        }
    }

    /// How sources are shown among the messages.
    pub(crate) fn style_of_messages(&self) -> lind_render::Style {
        lind_render::Style {
            color: self.colors_messages,
            ..self.style_of_results()
        }
    }

    /// Says something about the run. If nobody can hear it, nothing is lost but the message.
    pub(crate) fn say(&self, text: &str) {
        let _ = io::stderr().lock().write_all(text.as_bytes());
    }

    /// Says why the work could not be done: one report for each thing that failed.
    pub(crate) fn report(&self, failure: &Failure) {
        let theme = if self.colors_messages {
            GraphicalTheme::unicode()
        } else {
            GraphicalTheme::unicode_nocolor()
        };
        let handler = GraphicalReportHandler::new_themed(theme)
            .with_links(false)
            .with_width(USUAL_WIDTH);
        for failure in std::iter::once(failure).chain(failure.others()) {
            let mut text = String::new();
            if handler.render_report(&mut text, failure).is_err() {
                text = format!("{failure}\n");
            }
            for line in text
                .lines()
                .map(str::trim_end)
                .filter(|line| !line.is_empty())
            {
                self.say(&format!("{line}\n"));
            }
        }
    }
}

/// The width of the terminal that shows the results.
fn width() -> usize {
    terminal_size::terminal_size_of(io::stdout())
        .map_or(USUAL_WIDTH, |(width, _)| usize::from(width.0))
        .clamp(40, WIDEST)
}
