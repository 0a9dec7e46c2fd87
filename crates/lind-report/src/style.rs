//! How text for people looks.

use lind_model::{Effect, Standing};

/// How text for people looks.
///
/// The command decides it from its arguments and its surroundings; this crate asks nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Whether to use colours, as ANSI sequences.
    pub color: bool,
    /// How many columns there are; fewer than 40 count as 40.
    pub width: usize,
}

impl Default for Style {
    /// Without colours, 80 columns wide: the same bytes everywhere.
    fn default() -> Self {
        Self {
            color: false,
            width: 80,
        }
    }
}

impl Style {
    pub(crate) fn columns(self) -> usize {
        self.width.max(40)
    }

    fn paint(self, codes: &str, text: &str) -> String {
        if self.color {
            format!("\u{1b}[{codes}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }

    pub(crate) fn bold(self, text: &str) -> String {
        self.paint("1", text)
    }

    pub(crate) fn faint(self, text: &str) -> String {
        self.paint("2", text)
    }

    pub(crate) fn standing(self, standing: Standing, text: &str) -> String {
        let codes = match standing {
            Standing::Eligible => "32",
            Standing::Ineligible => "31",
            Standing::Undetermined => "33",
        };
        self.paint(codes, text)
    }

    pub(crate) fn effect(self, effect: Effect, text: &str) -> String {
        let codes = match effect {
            Effect::Pass => "32",
            Effect::Fail => "31",
            Effect::Open => "33",
        };
        self.paint(codes, text)
    }
}
