//! Where the drawing library puts its ink: SVG elements whose colours are classes.
//!
//! The library's own SVG backend writes colours and whole pixels into every element. This one, at the place the
//! library offers for it, writes classes and tenths of a unit.

use std::convert::Infallible;
use std::fmt::Write as _;

use plotters_backend::text_anchor::{HPos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind,
    FontStyle,
};

use crate::ink::{Wash, classes};
use crate::text::escape;

/// A step of the library's whole numbers, in units of the figure.
pub(crate) const STEP: f64 = 0.1;

/// Writes elements into a text.
pub(crate) struct Elements<'a> {
    body: &'a mut String,
    size: (u32, u32),
}

impl<'a> Elements<'a> {
    /// Over an area of `size` steps.
    pub(crate) fn new(body: &'a mut String, size: (u32, u32)) -> Self {
        Self { body, size }
    }

    fn shape(&mut self, tag: &str, role: &str, color: BackendColor) {
        let (class, wash) = classes(color.rgb);
        let role = match (role, wash) {
            ("full", Wash::Open) => "open",
            _ => role,
        };
        // Writing to a string cannot fail.
        let _ = write!(self.body, "<{tag} class=\"{role} {class}\"");
    }

    fn length(&mut self, name: &str, steps: i32) {
        let _ = write!(self.body, " {name}=\"{}\"", units(steps));
    }

    fn stroke_width(&mut self, steps: u32) {
        self.length("stroke-width", i32::try_from(steps).unwrap_or(10));
    }

    fn points(&mut self, points: impl IntoIterator<Item = BackendCoord>) {
        self.body.push_str(" points=\"");
        for (place, (x, y)) in points.into_iter().enumerate() {
            if place > 0 {
                self.body.push(' ');
            }
            let _ = write!(self.body, "{},{}", units(x), units(y));
        }
        self.body.push('"');
    }

    fn end(&mut self) {
        self.body.push_str("/>\n");
    }
}

/// Steps as units with at most one digit after the point, without a number that is not exact on the way.
fn units(steps: i32) -> String {
    let sign = if steps < 0 { "-" } else { "" };
    let (whole, tenth) = (steps.unsigned_abs() / 10, steps.unsigned_abs() % 10);
    if tenth == 0 {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}.{tenth}")
    }
}

type Done = Result<(), DrawingErrorKind<Infallible>>;

impl DrawingBackend for Elements<'_> {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        self.size
    }

    fn ensure_prepared(&mut self) -> Done {
        Ok(())
    }

    fn present(&mut self) -> Done {
        Ok(())
    }

    fn draw_pixel(&mut self, point: BackendCoord, color: BackendColor) -> Done {
        self.draw_rect(point, (point.0 + 1, point.1 + 1), &color, true)
    }

    fn draw_line<S: BackendStyle>(
        &mut self,
        from: BackendCoord,
        to: BackendCoord,
        style: &S,
    ) -> Done {
        self.draw_path([from, to], style)
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        upper_left: BackendCoord,
        bottom_right: BackendCoord,
        style: &S,
        fill: bool,
    ) -> Done {
        self.shape("rect", if fill { "full" } else { "line" }, style.color());
        self.length("x", upper_left.0.min(bottom_right.0));
        self.length("y", upper_left.1.min(bottom_right.1));
        self.length("width", upper_left.0.abs_diff(bottom_right.0).cast_signed());
        self.length(
            "height",
            upper_left.1.abs_diff(bottom_right.1).cast_signed(),
        );
        if !fill {
            self.stroke_width(style.stroke_width());
        }
        self.end();
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Done {
        self.shape("polyline", "line", style.color());
        self.stroke_width(style.stroke_width());
        self.points(path);
        self.end();
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        center: BackendCoord,
        radius: u32,
        style: &S,
        fill: bool,
    ) -> Done {
        self.shape("circle", if fill { "full" } else { "line" }, style.color());
        self.length("cx", center.0);
        self.length("cy", center.1);
        self.length("r", i32::try_from(radius).unwrap_or(0));
        self.end();
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        vertices: I,
        style: &S,
    ) -> Done {
        self.shape("polygon", "full", style.color());
        self.points(vertices);
        self.end();
        Ok(())
    }

    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, at: BackendCoord) -> Done {
        let (class, wash) = classes(style.color().rgb);
        let mut role = class;
        if matches!(style.style(), FontStyle::Bold) {
            role.push_str(" bold");
        }
        if wash == Wash::Halo {
            role.push_str(" halo");
        }
        let size = style.size();
        let anchor = style.anchor();
        // From the anchor down to the line on which the letters stand.
        let down = match anchor.v_pos {
            VPos::Top => 0.80,
            VPos::Center => 0.35,
            VPos::Bottom => -0.22,
        };
        let steps = |value: f64| value.round() as i32;
        let _ = write!(self.body, "<text class=\"{role}\"");
        self.length("x", at.0);
        self.length("y", at.1.saturating_add(steps(size * down)));
        self.length("font-size", steps(size));
        match anchor.h_pos {
            HPos::Left => {}
            HPos::Center => self.body.push_str(" text-anchor=\"middle\""),
            HPos::Right => self.body.push_str(" text-anchor=\"end\""),
        }
        self.body.push('>');
        escape(text, self.body);
        self.body.push_str("</text>\n");
        Ok(())
    }
}
