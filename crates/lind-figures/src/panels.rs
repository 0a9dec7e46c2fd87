//! Small multiples: many measurements of the same patients over the same time.

use crate::curves::not_drawn;
use crate::frame::{Frame, WIDTH};
use crate::ink::Ink;
use crate::legend;
use crate::paper::{Hold, Paper, SMALL, Type};
use crate::plot::{Area, Content, Looks, across, left_out, other_entries};
use crate::scale::{Axis, Extent};
use crate::series::{Range, Series, Threshold, Turn};
use crate::text::{clean, counted, shortened, width};

/// One measurement of the patients.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Panel {
    /// The vertical axis; its label is the heading of the panel.
    pub y: Axis,
    /// The patients: the same label is the same patient in every panel.
    pub series: Vec<Series>,
    /// What is normal.
    pub range: Option<Range>,
    /// Values that decide something.
    pub thresholds: Vec<Threshold>,
}

/// Panels that share a horizontal axis.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Panels {
    /// What is shown: the name of the figure.
    pub title: String,
    /// The horizontal axis of all panels: time.
    pub x: Axis,
    /// The measurements.
    pub panels: Vec<Panel>,
    /// Times at which something turns, in every panel.
    pub turns: Vec<Turn>,
}

const PANEL: f64 = 92.0;
const GAP: f64 = 12.0;

/// Draws the panels in rows of two or of three.
#[must_use]
pub fn panels(figure: &Panels, frame: &Frame) -> String {
    let all = || figure.panels.iter().flat_map(|panel| &panel.series);
    let looks = Looks::of(all());
    let x = across(&figure.x, all(), &figure.turns);
    let columns = match figure.panels.len() {
        0 | 1 => 1,
        2 | 4 => 2,
        _ => 3,
    };
    let mut body = String::new();
    let paper = Paper::new(&mut body);
    let top = draw_legend(&paper, figure, &looks);
    let cell = (WIDTH - GAP * (columns as f64 - 1.0)) / columns as f64;
    let mut end = top;
    for (row, panels) in figure.panels.chunks(columns).enumerate() {
        // A column that ends here has its numbers here.
        let below = figure.panels.len().saturating_sub((row + 1) * columns);
        let labels = panels.iter().any(|panel| two_lines(panel, cell));
        let heading = if labels { 32.0 } else { 19.0 };
        let has_numbers = below < columns;
        let left = panels
            .iter()
            .map(|panel| ticks_width(&content(panel, figure).upwards()))
            .fold(12.0, f64::max)
            .min(cell * 0.4)
            + 8.0;
        for (column, panel) in panels.iter().enumerate() {
            let from = column as f64 * (cell + GAP);
            headed(&paper, panel, (from, end), cell);
            let area = Area {
                left: from + left,
                top: end + heading,
                right: from + cell - 3.0,
                bottom: end + heading + PANEL,
                numbered: column >= below,
                labelled: false,
                mark: 2.5,
            };
            content(panel, figure).draw(&paper, area, x, &figure.x, &looks);
        }
        end += heading + PANEL + if has_numbers { 20.0 } else { 8.0 };
    }
    paper.axis_title((WIDTH / 2.0, end + 8.0), &figure.x.title());
    end += 8.0;
    let missing = figure
        .panels
        .iter()
        .map(|panel| left_out(panel.series.iter(), figure.x.scale, panel.y.scale))
        .sum();
    let note = not_drawn(missing);
    if let Some(note) = &note {
        end += 17.0;
        paper.text((2.0, end), note, Type::small());
    }
    let mut said = vec![format!(
        "{} of {}.",
        counted(figure.panels.len(), "panel", "panels"),
        counted(looks.count(), "patient", "patients")
    )];
    for panel in &figure.panels {
        said.extend(content(panel, figure).described(&figure.x));
    }
    said.extend(note);
    drop(paper);
    frame.around(&figure.title, &said.join(" "), &body, end + 12.0)
}

fn content<'a>(panel: &'a Panel, figure: &'a Panels) -> Content<'a> {
    Content {
        series: &panel.series,
        range: panel.range.as_ref(),
        thresholds: &panel.thresholds,
        turns: &figure.turns,
        y: &panel.y,
    }
}

fn draw_legend(paper: &Paper<'_>, figure: &Panels, looks: &Looks<'_>) -> f64 {
    let mut entries = looks.entries();
    let contents = figure.panels.iter().map(|panel| content(panel, figure));
    entries.extend(other_entries(contents));
    for turn in &figure.turns {
        let entry = legend::Entry::new(legend::Sample::Dotted, &turn.label);
        entries.push(entry);
    }
    legend::draw(paper, &entries, 2.0, 2.0) + 6.0
}

fn ticks_width(y: &Extent) -> f64 {
    y.ticks(4)
        .iter()
        .map(|tick| width(&y.told(*tick), SMALL))
        .fold(0.0, f64::max)
}

/// Whether the unit of a panel needs a line of its own.
fn two_lines(panel: &Panel, room: f64) -> bool {
    width(&panel.y.title(), SMALL) * 1.06 > room
}

/// The heading of a panel: what is measured, and its unit beside or below it.
fn headed(paper: &Paper<'_>, panel: &Panel, (x, y): (f64, f64), room: f64) {
    let bold = Type::small().inked(Ink::Text).bold();
    let label = clean(&panel.y.label);
    let unit = clean(&panel.y.unit);
    if two_lines(panel, room) {
        // Letters in bold are a little wider.
        paper.text((x, y + 8.0), &shortened(&label, SMALL * 1.06, room), bold);
        paper.text((x, y + 21.0), &shortened(&unit, SMALL, room), Type::small());
        return;
    }
    paper.text((x, y + 8.0), &label, bold);
    if !unit.is_empty() {
        let set = Type::small().held(Hold::End);
        paper.text((x + room - 3.0, y + 8.0), &unit, set);
    }
}
