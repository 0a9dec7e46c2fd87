//! A sheet to draw on, in units of the figure: lines, boxes, marks and texts. All of it goes through the drawing
//! library to our backend.

use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, IntoDrawingArea as _};
use plotters::element::{Circle, PathElement, Polygon, Rectangle};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color as _, FontDesc, FontFamily, FontStyle, ShapeStyle, TextStyle};

use crate::backend::{Elements, STEP};
use crate::frame::WIDTH;
use crate::ink::{Ink, Wash, color};
use crate::text::shortened;

/// The type that is read.
pub(crate) const BODY: f64 = 12.5;
/// The type of ticks and explanations.
pub(crate) const SMALL: f64 = 11.5;

/// No figure is taller, in units; a cohort that needs more is cut by the eye first.
const TALLEST: f64 = 200_000.0;

/// A place on the sheet: to the right, and down.
pub(crate) type Place = (f64, f64);

/// A line's ink, dashes and width.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stroke {
    pub(crate) ink: Ink,
    pub(crate) dash: usize,
    pub(crate) width: f64,
}

impl Stroke {
    pub(crate) fn new(ink: Ink, width: f64) -> Self {
        Self {
            ink,
            dash: 0,
            width,
        }
    }
}

/// Which part of a text stands at its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hold {
    Start,
    Middle,
    End,
}

/// How a text is set.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Type {
    pub(crate) size: f64,
    pub(crate) ink: Ink,
    pub(crate) bold: bool,
    pub(crate) hold: Hold,
    pub(crate) wash: Wash,
}

impl Type {
    /// To be read.
    pub(crate) fn body() -> Self {
        Self {
            size: BODY,
            ink: Ink::Text,
            bold: false,
            hold: Hold::Start,
            wash: Wash::Full,
        }
    }

    /// Ticks and explanations.
    pub(crate) fn small() -> Self {
        Self {
            size: SMALL,
            ink: Ink::Faint,
            ..Self::body()
        }
    }

    pub(crate) fn bold(self) -> Self {
        Self { bold: true, ..self }
    }

    pub(crate) fn held(self, hold: Hold) -> Self {
        Self { hold, ..self }
    }

    pub(crate) fn inked(self, ink: Ink) -> Self {
        Self { ink, ..self }
    }

    pub(crate) fn haloed(self) -> Self {
        Self {
            wash: Wash::Halo,
            ..self
        }
    }
}

/// The shapes of marks, told apart without colour.
pub(crate) const MARKS: usize = 8;

pub(crate) struct Paper<'a> {
    area: DrawingArea<Elements<'a>, Shift>,
}

impl<'a> Paper<'a> {
    pub(crate) fn new(body: &'a mut String) -> Self {
        let size = ((WIDTH / STEP) as u32, (TALLEST / STEP) as u32);
        Self {
            area: Elements::new(body, size).into_drawing_area(),
        }
    }

    /// The area as the drawing library knows it, for its own coordinates.
    pub(crate) fn area(&self) -> &DrawingArea<Elements<'a>, Shift> {
        &self.area
    }

    pub(crate) fn line(&self, points: &[Place], stroke: Stroke) {
        let style = shape(stroke.ink, stroke.dash, Wash::Full, stroke.width, false);
        let points: Vec<(i32, i32)> = points.iter().copied().map(steps).collect();
        // Nothing that writes to a string can fail.
        let _ = self.area.draw(&PathElement::new(points, style));
    }

    pub(crate) fn fill(&self, from: Place, to: Place, ink: Ink) {
        let style = shape(ink, 0, Wash::Full, 1.0, true);
        let _ = self
            .area
            .draw(&Rectangle::new([steps(from), steps(to)], style));
    }

    pub(crate) fn outline(&self, from: Place, to: Place, stroke: Stroke) {
        let style = shape(stroke.ink, stroke.dash, Wash::Full, stroke.width, false);
        let _ = self
            .area
            .draw(&Rectangle::new([steps(from), steps(to)], style));
    }

    pub(crate) fn polygon(&self, points: &[Place], ink: Ink, wash: Wash) {
        let points: Vec<(i32, i32)> = points.iter().copied().map(steps).collect();
        let _ = self
            .area
            .draw(&Polygon::new(points, shape(ink, 0, wash, 1.0, true)));
    }

    /// A mark around a place: the shapes are told apart without colour.
    pub(crate) fn mark(&self, at: Place, number: usize, radius: f64, ink: Ink, wash: Wash) {
        if number.is_multiple_of(MARKS) {
            let style = shape(ink, 0, wash, 1.0, true);
            let radius = (radius / STEP).round() as i32;
            let _ = self.area.draw(&Circle::new(steps(at), radius, style));
            return;
        }
        let corners = corners(number % MARKS);
        let points: Vec<Place> = corners
            .iter()
            .map(|(x, y)| (at.0 + x * radius, at.1 + y * radius))
            .collect();
        self.polygon(&points, ink, wash);
    }

    /// The title of a horizontal axis, around a place in the middle of it, with as much of it as the sheet holds.
    pub(crate) fn axis_title(&self, (x, y): Place, title: &str) {
        let room = 2.0 * x.min(WIDTH - x) - 4.0;
        let set = Type::small().inked(Ink::Text).held(Hold::Middle);
        self.text((x, y), &shortened(title, SMALL, room), set);
    }

    pub(crate) fn text(&self, at: Place, text: &str, set: Type) {
        if text.is_empty() {
            return;
        }
        let weight = if set.bold {
            FontStyle::Bold
        } else {
            FontStyle::Normal
        };
        let style = TextStyle {
            font: FontDesc::new(FontFamily::SansSerif, set.size / STEP, weight),
            color: color(set.ink, 0, set.wash).to_backend_color(),
            pos: Pos::new(
                match set.hold {
                    Hold::Start => HPos::Left,
                    Hold::Middle => HPos::Center,
                    Hold::End => HPos::Right,
                },
                VPos::Center,
            ),
        };
        let _ = self.area.draw_text(text, &style, steps(at));
    }
}

fn shape(ink: Ink, dash: usize, wash: Wash, width: f64, filled: bool) -> ShapeStyle {
    ShapeStyle {
        color: color(ink, dash, wash).to_rgba(),
        filled,
        stroke_width: (width / STEP).round() as u32,
    }
}

/// A place in the whole numbers of the library. What is far outside ends at the edge of the sheet.
pub(crate) fn steps(place: Place) -> (i32, i32) {
    let step = |value: f64| (value / STEP).round().clamp(-1e8, 1e8) as i32;
    (step(place.0), step(place.1))
}

/// The corners of a mark, in radii from its middle. The circle has none.
fn corners(number: usize) -> &'static [Place] {
    match number {
        1 => &[(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)],
        2 => &[(0.0, -1.2), (1.1, 0.8), (-1.1, 0.8)],
        3 => &[(0.0, -1.3), (1.1, 0.0), (0.0, 1.3), (-1.1, 0.0)],
        4 => &[(0.0, 1.2), (1.1, -0.8), (-1.1, -0.8)],
        5 => &[
            (-0.4, -1.2),
            (0.4, -1.2),
            (0.4, -0.4),
            (1.2, -0.4),
            (1.2, 0.4),
            (0.4, 0.4),
            (0.4, 1.2),
            (-0.4, 1.2),
            (-0.4, 0.4),
            (-1.2, 0.4),
            (-1.2, -0.4),
            (-0.4, -0.4),
        ],
        6 => &[
            (0.0, -0.6),
            (0.7, -1.3),
            (1.3, -0.7),
            (0.6, 0.0),
            (1.3, 0.7),
            (0.7, 1.3),
            (0.0, 0.6),
            (-0.7, 1.3),
            (-1.3, 0.7),
            (-0.6, 0.0),
            (-1.3, -0.7),
            (-0.7, -1.3),
        ],
        _ => &[
            (0.0, -1.4),
            (0.4, -0.45),
            (1.35, -0.4),
            (0.6, 0.2),
            (0.85, 1.15),
            (0.0, 0.6),
            (-0.85, 1.15),
            (-0.6, 0.2),
            (-1.35, -0.4),
            (-0.4, -0.45),
        ],
    }
}
