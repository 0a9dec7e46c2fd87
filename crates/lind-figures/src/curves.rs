//! Curves of patients over time.

use crate::frame::{Frame, WIDTH};
use crate::legend;
use crate::paper::{Paper, SMALL, Type};
use crate::plot::{Area, Content, Looks, across, left_out, other_entries};
use crate::scale::Axis;
use crate::series::{Range, Series, Threshold, Turn};
use crate::text::{clean, counted, shortened, width};

/// One curve a patient over time.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Curves {
    /// What is shown: the name of the figure.
    pub title: String,
    /// The horizontal axis: time.
    pub x: Axis,
    /// The vertical axis: what was measured.
    pub y: Axis,
    /// The patients.
    pub series: Vec<Series>,
    /// What is normal.
    pub range: Option<Range>,
    /// Values that decide something.
    pub thresholds: Vec<Threshold>,
    /// Times at which something turns.
    pub turns: Vec<Turn>,
}

const HEIGHT: f64 = 230.0;

/// Draws the curves: each patient has a colour, a mark and dashes of its own; a missing value is a gap, a value
/// below the limit of quantification an open mark at the limit.
#[must_use]
pub fn curves(figure: &Curves, frame: &Frame) -> String {
    let content = Content {
        series: &figure.series,
        range: figure.range.as_ref(),
        thresholds: &figure.thresholds,
        turns: &figure.turns,
        y: &figure.y,
    };
    let looks = Looks::of(figure.series.iter());
    let mut body = String::new();
    let paper = Paper::new(&mut body);
    let mut entries = looks.entries();
    entries.extend(other_entries(std::iter::once(content)));
    let top = legend::draw(&paper, &entries, 2.0, 2.0) + 4.0;

    paper.text(
        (2.0, top + 6.0),
        &shortened(&figure.y.title(), SMALL, WIDTH - 8.0),
        Type::small().inked(crate::ink::Ink::Text),
    );
    let extra = if figure.turns.is_empty() { 0.0 } else { 15.0 };
    let x = across(&figure.x, figure.series.iter(), &figure.turns);
    let y = content.upwards();
    let widest = y
        .ticks(8)
        .iter()
        .map(|tick| width(&y.told(*tick), SMALL))
        .fold(12.0, f64::max);
    let area = Area {
        left: widest.min(120.0) + 9.0,
        top: top + 18.0 + extra,
        right: WIDTH - 12.0,
        bottom: top + 18.0 + extra + HEIGHT,
        numbered: true,
        labelled: true,
        mark: 3.4,
    };
    content.draw(&paper, area, x, &figure.x, &looks);
    let mut end = area.bottom + 28.0;
    paper.axis_title(
        (f64::midpoint(area.left, area.right), end),
        &figure.x.title(),
    );
    let missing = left_out(figure.series.iter(), figure.x.scale, figure.y.scale);
    let note = not_drawn(missing);
    if let Some(note) = &note {
        end += 17.0;
        paper.text((2.0, end), note, Type::small());
    }
    let mut said = vec![format!(
        "Curves of {}.",
        counted(looks.count(), "patient", "patients")
    )];
    said.extend(content.described(&figure.x));
    for turn in &figure.turns {
        said.push(format!(
            "Vertical line, {}: {}.",
            clean(&turn.label),
            crate::text::number(turn.at)
        ));
    }
    said.extend(note);
    drop(paper);
    frame.around(&figure.title, &said.join(" "), &body, end + 12.0)
}

/// What is said of readings that have no place on the axes.
pub(crate) fn not_drawn(count: usize) -> Option<String> {
    (count > 0).then(|| {
        format!(
            "{} {} no place on the axes and {} not drawn.",
            counted(count, "value", "values"),
            if count == 1 { "has" } else { "have" },
            if count == 1 { "is" } else { "are" },
        )
    })
}
