//! Inks: what a line or a shape is, not which colour it has. The one place where inks become colours is the
//! stylesheet.

use plotters::style::RGBColor;

/// How many colours of series there are before they come again.
const SERIES: usize = 8;
/// How many colours of states there are before they come again.
const STATES: usize = 6;
/// How many kinds of dashes there are before they come again.
const DASHES: usize = 6;
/// How many shades there are for grades, the lightest first.
const GRADES: usize = 5;

/// What a line, a shape or a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ink {
    /// What is read first.
    Text,
    /// Explanations, ticks.
    Faint,
    /// Axes and the outlines of boxes.
    Axis,
    /// Lines that lead the eye.
    Grid,
    /// A normal range, a follow-up.
    Band,
    /// A threshold.
    Limit,
    /// What lies below everything.
    Paper,
    /// A patient.
    Series(usize),
    /// A state of patients: states differ in how light they are, too.
    State(usize),
    /// A grade from 0 (the lightest).
    Grade(usize),
    /// A text on a grade.
    OnGrade(usize),
    /// A decision: escalate, stay, de-escalate, de-escalate and never return.
    Decision(usize),
}

/// How a shape takes its ink.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Wash {
    /// Filled with it.
    #[default]
    Full,
    /// Its outline has it, and the paper shows inside.
    Open,
    /// A text with paper around its letters, legible above lines.
    Halo,
}

/// The drawing library knows colours, so an ink travels through it as one: its kind, its dashes and its wash.
pub(crate) fn color(ink: Ink, dash: usize, wash: Wash) -> RGBColor {
    let kind = match ink {
        Ink::Text => 0,
        Ink::Faint => 1,
        Ink::Axis => 2,
        Ink::Grid => 3,
        Ink::Band => 4,
        Ink::Limit => 5,
        Ink::Paper => 6,
        Ink::Series(number) => 16 + small(number, SERIES),
        Ink::Grade(number) => 32 + small(number, GRADES),
        Ink::OnGrade(number) => 48 + small(number, GRADES),
        Ink::State(number) => 80 + small(number, STATES),
        Ink::Decision(number) => 64 + small(number, 4),
    };
    let wash = match wash {
        Wash::Full => 0,
        Wash::Open => 1,
        Wash::Halo => 2,
    };
    RGBColor(kind, small(dash, DASHES), wash)
}

fn small(number: usize, most: usize) -> u8 {
    u8::try_from(number % most).unwrap_or(0)
}

/// The classes of what travelled as a colour.
pub(crate) fn classes(rgb: (u8, u8, u8)) -> (String, Wash) {
    let (kind, dash, wash) = rgb;
    let mut class = match kind {
        0 => "ink".to_owned(),
        1 => "faint".to_owned(),
        2 => "axis".to_owned(),
        3 => "grid".to_owned(),
        4 => "band".to_owned(),
        5 => "limit".to_owned(),
        16..32 => format!("s{}", kind - 16),
        32..48 => format!("g{}", kind - 32),
        48..64 => format!("on{}", kind - 48),
        64..80 => format!("d{}", kind - 64),
        80..96 => format!("t{}", kind - 80),
        _ => "paper".to_owned(),
    };
    if dash > 0 {
        class.push_str(&format!(" dash{dash}"));
    }
    let wash = match wash {
        1 => Wash::Open,
        2 => Wash::Halo,
        _ => Wash::Full,
    };
    (class, wash)
}

/// The stylesheet of all figures, for the head of a page that has figures: the colours of light and dark screens
/// and of paper, the fonts of the system. Each colour is a custom property (`--figure-s0`, …) that a page may set
/// on an element around its figures.
#[must_use]
pub fn stylesheet() -> &'static str {
    STYLESHEET
}

const STYLESHEET: &str = include_str!("figures.css");
