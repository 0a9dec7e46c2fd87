//! Bars of counts: adverse events by worst grade.

use crate::frame::{Frame, WIDTH};
use crate::ink::Ink;
use crate::legend::{self, Entry, Sample};
use crate::paper::{BODY, Hold, Paper, SMALL, Stroke, Type};
use crate::plot::fitting;
use crate::scale::{Axis, Extent};
use crate::text::{clean, width, wrapped};

/// One bar.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Bar {
    /// What is counted: an adverse event.
    pub label: String,
    /// How many, for each part of [`Bars::parts`]; parts that are not given are 0.
    pub counts: Vec<u64>,
}

/// Bars, each with parts in the same order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Bars {
    /// What is shown: the name of the figure.
    pub title: String,
    /// What is counted: `Patients`.
    pub counted: String,
    /// The parts, the mildest first: `Grade 1`, …
    pub parts: Vec<String>,
    /// The bars, from above.
    pub bars: Vec<Bar>,
    /// How many there are in all: the axis reaches it, so that a bar shows its share.
    pub of: Option<u64>,
}

const BAR: f64 = 18.0;

/// Draws the bars; each part holds its count, each bar ends with its sum.
#[must_use]
pub fn bars(figure: &Bars, frame: &Frame) -> String {
    let mut body = String::new();
    let paper = Paper::new(&mut body);
    let entries: Vec<Entry> = figure
        .parts
        .iter()
        .enumerate()
        .map(|(place, part)| Entry::new(Sample::Swatch(Ink::Grade(place)), part))
        .collect();
    let top = legend::draw(&paper, &entries, 2.0, 2.0) + 4.0;
    let sums = figure.bars.iter().map(sum);
    let most = sums.clone().chain(figure.of).max().unwrap_or(0).max(1);
    let axis = Axis {
        reaches: Some((0.0, most as f64)),
        ..Axis::default()
    };
    let x = Extent::of(&axis, std::iter::empty());
    let widest = figure
        .bars
        .iter()
        .map(|bar| width(&clean(&bar.label), BODY))
        .fold(0.0, f64::max);
    let left = widest.clamp(30.0, 190.0) + 10.0;
    let right = WIDTH - 34.0;
    let place = |count: f64| left + (count - x.low) / (x.high - x.low) * (right - left);

    let labels: Vec<Vec<String>> = figure
        .bars
        .iter()
        .map(|bar| wrapped(&clean(&bar.label), BODY, left - 10.0, 2))
        .collect();
    let heights = labels.iter().map(|lines| lines.len().max(1) as f64 * 14.0);
    let rows: Vec<f64> = heights.map(|height| height.max(BAR) + 7.0).collect();
    let bottom = top + rows.iter().sum::<f64>().max(BAR);
    for tick in fitting(x, right - left) {
        // People come whole.
        if tick.fract() != 0.0 {
            continue;
        }
        let at = place(tick);
        paper.line(&[(at, top), (at, bottom)], Stroke::new(Ink::Grid, 0.8));
        let set = Type::small().held(Hold::Middle);
        paper.text((at, bottom + 10.0), &x.told(tick), set);
    }
    let mut y = top;
    for ((bar, lines), row) in figure.bars.iter().zip(&labels).zip(&rows) {
        let middle = y + row / 2.0;
        for (line, text) in lines.iter().enumerate() {
            let up = (line as f64 - (lines.len() as f64 - 1.0) / 2.0) * 14.0;
            let set = Type::body().held(Hold::End);
            paper.text((left - 6.0, middle + up), text, set);
        }
        draw_bar(&paper, bar, middle, &place);
        y += row;
    }
    paper.line(&[(left, top), (left, bottom)], Stroke::new(Ink::Axis, 1.0));
    paper.axis_title(
        (f64::midpoint(left, right), bottom + 27.0),
        &clean(&figure.counted),
    );
    drop(paper);
    frame.around(&figure.title, &described(figure), &body, bottom + 40.0)
}

fn sum(bar: &Bar) -> u64 {
    bar.counts
        .iter()
        .fold(0, |sum, count| sum.saturating_add(*count))
}

fn draw_bar(paper: &Paper<'_>, bar: &Bar, middle: f64, place: &impl Fn(f64) -> f64) {
    let (high, low) = (middle - BAR / 2.0, middle + BAR / 2.0);
    let mut before: u64 = 0;
    for (part, count) in bar
        .counts
        .iter()
        .enumerate()
        .filter(|(_, count)| **count > 0)
    {
        let until = before.saturating_add(*count);
        let (from, to) = (place(before as f64), place(until as f64));
        paper.fill((from, high), (to, low), Ink::Grade(part));
        paper.outline((from, high), (to, low), Stroke::new(Ink::Axis, 0.6));
        let text = count.to_string();
        if width(&text, SMALL) + 4.0 <= to - from {
            let set = Type::small().inked(Ink::OnGrade(part)).held(Hold::Middle);
            paper.text((f64::midpoint(from, to), middle), &text, set);
        }
        before = until;
    }
    let at = (place(before as f64) + 6.0, middle);
    paper.text(at, &before.to_string(), Type::body().bold().haloed());
}

/// The bars in sentences.
fn described(figure: &Bars) -> String {
    let mut said = vec![format!("Bars of counts: {}.", clean(&figure.counted))];
    if let Some(of) = figure.of {
        said.push(format!("{of} in all."));
    }
    for bar in figure.bars.iter().take(60) {
        let parts: Vec<String> = figure
            .parts
            .iter()
            .zip(&bar.counts)
            .filter(|(_, count)| **count > 0)
            .map(|(part, count)| format!("{}: {count}", clean(part)))
            .collect();
        let parts = if parts.is_empty() {
            String::new()
        } else {
            format!(" ({})", parts.join(", "))
        };
        said.push(format!("{}: {}{parts}.", clean(&bar.label), sum(bar)));
    }
    if figure.bars.is_empty() {
        said.push("Nothing was counted.".to_owned());
    }
    said.join(" ")
}
