//! The flow of patients through the trial, as CONSORT draws it.

use crate::frame::{Frame, WIDTH};
use crate::ink::{Ink, Wash};
use crate::paper::{BODY, Hold, Paper, SMALL, Stroke, Type};
use crate::text::{clean, wrapped, wrapped_before};

/// Why patients left, and how many.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reason {
    /// Why.
    pub label: String,
    /// How many patients.
    pub count: u64,
}

/// A step that patients of a level reached.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Stage {
    /// Which: `Infused`.
    pub label: String,
    /// How many patients reached it.
    pub count: u64,
    /// Those who did not, and why.
    pub left: Vec<Reason>,
}

/// A dose level.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Level {
    /// Which: `25 x 10^6 cells`.
    pub label: String,
    /// Its steps from assignment on.
    pub stages: Vec<Stage>,
}

/// The flow of patients.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Flow {
    /// What is shown: the name of the figure.
    pub title: String,
    /// The steps that all patients go through before levels, in order: screened, enrolled. Who left before a step
    /// is told beside the way to it.
    pub stages: Vec<Stage>,
    /// The dose levels, the lowest first.
    pub levels: Vec<Level>,
}

/// Where a box is too narrow for its words, levels stand below each other.
const MOST_BESIDE: usize = 5;
const LINE: f64 = 15.5;
const PAD: f64 = 7.0;
const DOWN: f64 = 20.0;

/// Draws the flow: boxes with counts from above, those who left beside the way, then a column a dose level.
#[must_use]
pub fn flow(figure: &Flow, frame: &Frame) -> String {
    let mut body = String::new();
    let paper = Paper::new(&mut body);
    let beside = figure.stages.iter().any(|stage| !stage.left.is_empty());
    let (left, right) = if beside { (8.0, 208.0) } else { (150.0, 370.0) };
    let middle = f64::midpoint(left, right);
    let mut y = 2.0;
    for (place, stage) in figure.stages.iter().enumerate() {
        if place > 0 {
            y = draw_left(&paper, &stage.left, (middle, y), right);
        }
        let lines = lines_of(stage, right - left - 2.0 * PAD, BODY);
        y = draw_box(&paper, (left, right), y, &lines, BODY);
    }
    let mut lowest = y;
    let count = figure.levels.len();
    if (1..=MOST_BESIDE).contains(&count) {
        lowest = draw_columns(&paper, figure, middle, y);
    } else if count > MOST_BESIDE {
        lowest = draw_rows(&paper, figure, middle, y);
    }
    drop(paper);
    frame.around(&figure.title, &described(figure), &body, lowest + 4.0)
}

/// A line of a box, and whether it is what the box is about.
type Line = (String, bool);

/// `Enrolled n = 8`: the number is seen whatever the label is.
fn lines_of(stage: &Stage, room: f64, size: f64) -> Vec<Line> {
    let count = format!("n\u{a0}=\u{a0}{}", stage.count);
    let label = clean(&stage.label);
    let one = format!("{label} {count}");
    let mut lines = wrapped(&one, size, room, 4);
    if !lines.iter().any(|line| line.contains(&count)) {
        lines = wrapped(&label, size, room, 3);
        lines.push(count);
    }
    lines.into_iter().map(|line| (line, false)).collect()
}

/// `Active infection: 1`
fn reason_lines(reason: &Reason, size: f64, room: f64) -> Vec<String> {
    let tail = format!(": {}", reason.count);
    wrapped_before(&clean(&reason.label), &tail, size, room, 3)
}

fn draw_box(
    paper: &Paper<'_>,
    (left, right): (f64, f64),
    top: f64,
    lines: &[Line],
    size: f64,
) -> f64 {
    let bottom = top + lines.len() as f64 * LINE + PAD;
    paper.fill((left, top), (right, bottom), Ink::Paper);
    paper.outline((left, top), (right, bottom), Stroke::new(Ink::Axis, 1.0));
    for (place, (line, bold)) in lines.iter().enumerate() {
        let y = top + PAD / 2.0 + (place as f64 + 0.5) * LINE;
        let set = Type {
            size,
            bold: *bold,
            ..Type::body().held(Hold::Middle)
        };
        paper.text((f64::midpoint(left, right), y), line, set);
    }
    bottom
}

/// The way down to the next box, and beside it who left. Tells where the next box begins.
fn draw_left(paper: &Paper<'_>, left: &[Reason], (x, y): (f64, f64), right: f64) -> f64 {
    if left.is_empty() {
        arrow_down(paper, x, y, y + DOWN);
        return y + DOWN;
    }
    let (from, until) = (right + 34.0, WIDTH - 4.0);
    let mut lines: Vec<String> = Vec::new();
    for reason in left {
        lines.extend(reason_lines(reason, SMALL, until - from - 2.0 * PAD));
    }
    let top = y + 10.0;
    let bottom = top + lines.len() as f64 * LINE + PAD;
    paper.outline((from, top), (until, bottom), Stroke::new(Ink::Axis, 1.0));
    for (place, line) in lines.iter().enumerate() {
        let at = (from + PAD, top + PAD / 2.0 + (place as f64 + 0.5) * LINE);
        paper.text(at, line, Type::small().inked(Ink::Text));
    }
    let middle = f64::midpoint(top, bottom);
    arrow_down(paper, x, y, bottom + 10.0);
    arrow_right(paper, x, from, middle);
    bottom + 10.0
}

fn arrow_down(paper: &Paper<'_>, x: f64, from: f64, to: f64) {
    paper.line(&[(x, from), (x, to - 4.0)], Stroke::new(Ink::Axis, 1.2));
    let head = [(x - 4.0, to - 6.0), (x + 4.0, to - 6.0), (x, to)];
    paper.polygon(&head, Ink::Axis, Wash::Full);
}

fn arrow_right(paper: &Paper<'_>, from: f64, to: f64, y: f64) {
    paper.line(&[(from, y), (to - 4.0, y)], Stroke::new(Ink::Axis, 1.2));
    let head = [(to - 6.0, y - 4.0), (to - 6.0, y + 4.0), (to, y)];
    paper.polygon(&head, Ink::Axis, Wash::Full);
}

/// The levels beside each other, each with its steps from above.
fn draw_columns(paper: &Paper<'_>, figure: &Flow, middle: f64, top: f64) -> f64 {
    let count = figure.levels.len() as f64;
    let gap = 10.0;
    let each = ((WIDTH - 8.0 - gap * (count - 1.0)) / count).min(200.0);
    let all = each * count + gap * (count - 1.0);
    let first = if count > 1.0 {
        (WIDTH - all) / 2.0
    } else {
        (middle - each / 2.0).max(4.0)
    };
    let size = if figure.levels.len() > 4 { SMALL } else { 12.0 };
    let center = |place: usize| first + place as f64 * (each + gap) + each / 2.0;
    let bus = top
        + if figure.stages.is_empty() {
            0.0
        } else {
            DOWN / 2.0
        };
    if !figure.stages.is_empty() {
        let last = center(figure.levels.len().saturating_sub(1));
        let stroke = Stroke::new(Ink::Axis, 1.2);
        paper.line(&[(middle, top), (middle, bus)], stroke);
        paper.line(
            &[(center(0).min(middle), bus), (last.max(middle), bus)],
            stroke,
        );
    }
    let mut lowest = top;
    for (place, level) in figure.levels.iter().enumerate() {
        let x = center(place);
        let (left, right) = (x - each / 2.0, x + each / 2.0);
        let room = each - 2.0 * PAD;
        let mut y = bus;
        if !figure.stages.is_empty() {
            arrow_down(paper, x, bus, bus + DOWN - 4.0);
            y = bus + DOWN - 4.0;
        }
        let mut lines: Vec<Line> = wrapped(&clean(&level.label), size * 1.06, room, 3)
            .into_iter()
            .map(|line| (line, true))
            .collect();
        for (step, stage) in level.stages.iter().enumerate() {
            if step > 0 {
                arrow_down(paper, x, y, y + DOWN - 4.0);
                y += DOWN - 4.0;
            }
            lines.extend(lines_of(stage, room, size));
            for reason in &stage.left {
                let said = reason_lines(reason, size, room);
                lines.extend(said.into_iter().map(|line| (line, false)));
            }
            y = draw_box(paper, (left, right), y, &lines, size);
            lines.clear();
        }
        if !lines.is_empty() {
            y = draw_box(paper, (left, right), y, &lines, size);
        }
        lowest = lowest.max(y);
    }
    lowest
}

/// Many levels: one box for each, below each other.
fn draw_rows(paper: &Paper<'_>, figure: &Flow, middle: f64, top: f64) -> f64 {
    let mut y = top;
    for (place, level) in figure.levels.iter().enumerate() {
        if place == 0 && !figure.stages.is_empty() {
            arrow_down(paper, middle, y, y + DOWN);
            y += DOWN;
        } else if place > 0 {
            y += 5.0;
        }
        let room = WIDTH - 8.0 - 2.0 * PAD;
        let mut lines: Vec<Line> = wrapped(&clean(&level.label), BODY * 1.06, room, 2)
            .into_iter()
            .map(|line| (line, true))
            .collect();
        let steps: Vec<String> = level
            .stages
            .iter()
            .map(|stage| format!("{}\u{a0}{}", clean(&stage.label), stage.count))
            .collect();
        let said = wrapped(&steps.join(" \u{2192} "), SMALL, room, 6);
        lines.extend(said.into_iter().map(|line| (line, false)));
        for reason in level.stages.iter().flat_map(|stage| &stage.left) {
            let said = reason_lines(reason, SMALL, room);
            lines.extend(said.into_iter().map(|line| (line, false)));
        }
        y = draw_box(paper, (4.0, WIDTH - 4.0), y, &lines, SMALL);
    }
    y
}

fn stage_said(stage: &Stage) -> String {
    let left: Vec<String> = stage
        .left
        .iter()
        .map(|reason| format!("{}: {}", clean(&reason.label), reason.count))
        .collect();
    let left = if left.is_empty() {
        String::new()
    } else {
        format!(" ({})", left.join(", "))
    };
    format!("{} {}{left}", clean(&stage.label), stage.count)
}

/// The flow in sentences.
fn described(figure: &Flow) -> String {
    let mut said = Vec::new();
    let stages: Vec<String> = figure.stages.iter().map(stage_said).collect();
    if !stages.is_empty() {
        said.push(format!("{}.", stages.join(", ")));
    }
    for level in &figure.levels {
        let stages: Vec<String> = level.stages.iter().map(stage_said).collect();
        said.push(format!("{}: {}.", clean(&level.label), stages.join(", ")));
    }
    if said.is_empty() {
        said.push("No patients.".to_owned());
    }
    said.join(" ")
}
