//! What the marks and lines mean, above a drawing, where it lies over no curve.

use crate::frame::WIDTH;
use crate::ink::{Ink, Wash};
use crate::paper::{MARKS, Paper, SMALL, Stroke, Type};
use crate::text::{clean, shortened, shortened_name, width};

/// How a thing looks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Sample {
    /// A line with a mark, of the series with this number.
    Series { number: usize, marked: bool },
    /// A filled box.
    Swatch(Ink),
    /// A threshold, the first, the second …
    Threshold(usize),
    /// A dotted line that stands.
    Dotted,
    /// A mark.
    Mark { number: usize, ink: Ink, wash: Wash },
    /// An arrow to the right.
    Arrow,
}

/// A thing and its name.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Entry {
    pub(crate) sample: Sample,
    pub(crate) label: String,
    /// What follows the label and is never cut: a value with its unit.
    pub(crate) tail: String,
}

impl Entry {
    pub(crate) fn new(sample: Sample, label: &str) -> Self {
        Self {
            sample,
            label: clean(label),
            tail: String::new(),
        }
    }

    pub(crate) fn with(self, tail: &str) -> Self {
        Self {
            tail: shortened(&clean(tail), SMALL, 160.0),
            ..self
        }
    }

    /// The words, as much of them as there is room for.
    fn told(&self, room: f64) -> String {
        let tail = if self.tail.is_empty() {
            String::new()
        } else {
            format!(" {}", self.tail)
        };
        let room = room - width(&tail, SMALL);
        let label = match self.sample {
            Sample::Series { .. } => shortened_name(&self.label, SMALL, room),
            _ => shortened(&self.label, SMALL, room),
        };
        format!("{label}{tail}")
    }
}

const SAMPLE: f64 = 24.0;
const GAP: f64 = 14.0;
const ROW: f64 = 17.0;

/// Draws the entries in rows from `top` on, and tells where they end.
pub(crate) fn draw(paper: &Paper<'_>, entries: &[Entry], left: f64, top: f64) -> f64 {
    if entries.is_empty() {
        return top;
    }
    let room = WIDTH - left - 4.0;
    let mut x = left;
    let mut y = top + ROW / 2.0;
    for entry in entries {
        let label = entry.told(room - SAMPLE - 6.0);
        let taken = SAMPLE + 6.0 + width(&label, SMALL);
        if x > left && x + taken > left + room {
            x = left;
            y += ROW;
        }
        sample(paper, entry.sample, x, y);
        paper.text(
            (x + SAMPLE + 5.0, y),
            &label,
            Type::small().inked(Ink::Text),
        );
        x += taken + GAP;
    }
    y + ROW / 2.0 + 4.0
}

fn sample(paper: &Paper<'_>, sample: Sample, x: f64, y: f64) {
    let middle = (x + SAMPLE / 2.0, y);
    match sample {
        Sample::Series { number, marked } => {
            paper.line(&[(x, y), (x + SAMPLE, y)], series_stroke(number, 1.6));
            if marked {
                paper.mark(
                    middle,
                    series_mark(number),
                    3.4,
                    Ink::Series(number),
                    Wash::Full,
                );
            }
        }
        Sample::Swatch(ink) => {
            paper.fill((x + 2.0, y - 5.0), (x + SAMPLE - 2.0, y + 5.0), ink);
            paper.outline(
                (x + 2.0, y - 5.0),
                (x + SAMPLE - 2.0, y + 5.0),
                Stroke::new(Ink::Axis, 0.5),
            );
        }
        Sample::Threshold(number) => {
            paper.line(&[(x, y), (x + SAMPLE, y)], threshold_stroke(number));
        }
        Sample::Dotted => paper.line(
            &[(middle.0, y - 6.0), (middle.0, y + 6.0)],
            Stroke {
                ink: Ink::Faint,
                dash: 2,
                width: 1.2,
            },
        ),
        Sample::Mark { number, ink, wash } => paper.mark(middle, number, 4.2, ink, wash),
        Sample::Arrow => arrow(paper, (x + 4.0, y), 14.0),
    }
}

/// A line to the right that ends in a head.
pub(crate) fn arrow(paper: &Paper<'_>, from: (f64, f64), length: f64) {
    let (x, y) = from;
    paper.line(
        &[(x, y), (x + length - 5.0, y)],
        Stroke::new(Ink::Text, 1.4),
    );
    paper.polygon(
        &[
            (x + length - 6.0, y - 4.0),
            (x + length + 1.0, y),
            (x + length - 6.0, y + 4.0),
        ],
        Ink::Text,
        Wash::Full,
    );
}

/// The mark of a series: where the colours come again, they meet other marks.
pub(crate) fn series_mark(number: usize) -> usize {
    number + number / MARKS
}

/// The line of the first, the second … threshold.
pub(crate) fn threshold_stroke(number: usize) -> Stroke {
    Stroke {
        ink: Ink::Limit,
        dash: 1 + number % 3,
        width: 1.2,
    }
}

/// The line of a series: its dashes change when the colours come again, and sooner for the eye that sees no
/// colours.
pub(crate) fn series_stroke(number: usize, width: f64) -> Stroke {
    Stroke {
        ink: Ink::Series(number),
        dash: (number + number / 8) % 6,
        width,
    }
}
