//! Colours, in the sixteen that every terminal lets its owner choose.

use std::fmt;

use codespan_reporting::diagnostic::{LabelStyle, Severity};
use codespan_reporting::term::WriteStyle;

/// Collects text with ANSI colour sequences.
#[derive(Default)]
pub(crate) struct Colored(pub(crate) String);

impl fmt::Write for Colored {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.push_str(text);
        Ok(())
    }
}

impl Colored {
    fn set(&mut self, codes: &str) -> fmt::Result {
        fmt::Write::write_fmt(self, format_args!("\u{1b}[{codes}m"))
    }
}

fn color(severity: Severity) -> &'static str {
    match severity {
        Severity::Bug | Severity::Error => "31",
        Severity::Warning => "33",
        Severity::Note => "32",
        Severity::Help => "36",
    }
}

impl WriteStyle for Colored {
    fn set_header(&mut self, severity: Severity) -> fmt::Result {
        self.set("1")?;
        self.set(color(severity))
    }

    fn set_header_message(&mut self) -> fmt::Result {
        self.set("0")?;
        self.set("1")
    }

    fn set_line_number(&mut self) -> fmt::Result {
        self.set("36")
    }

    fn set_note_bullet(&mut self) -> fmt::Result {
        self.set("36")
    }

    fn set_source_border(&mut self) -> fmt::Result {
        self.set("36")
    }

    fn set_label(&mut self, severity: Severity, label_style: LabelStyle) -> fmt::Result {
        self.set(match label_style {
            LabelStyle::Primary => color(severity),
            LabelStyle::Secondary => "36",
        })
    }

    fn reset(&mut self) -> fmt::Result {
        self.set("0")
    }
}
