//! The table of dose decisions: what a design says after so many toxicities in so many patients.

use crate::frame::{Frame, WIDTH};
use crate::ink::Ink;
use crate::paper::{Hold, Paper, SMALL, Stroke, Type};
use crate::text::{clean, list, shortened, width};

/// What a design says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Go to the next higher dose.
    Escalate,
    /// Treat more patients with this dose.
    Stay,
    /// Go to the next lower dose.
    DeEscalate,
    /// Go to the next lower dose and never return: this dose is unacceptably toxic.
    DeEscalateUnacceptable,
}

const ALL: [Decision; 4] = [
    Decision::Escalate,
    Decision::Stay,
    Decision::DeEscalate,
    Decision::DeEscalateUnacceptable,
];

impl Decision {
    /// The letters that tables of designs use.
    fn letters(self) -> &'static str {
        match self {
            Self::Escalate => "E",
            Self::Stay => "S",
            Self::DeEscalate => "D",
            Self::DeEscalateUnacceptable => "DU",
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Escalate => "escalate",
            Self::Stay => "stay",
            Self::DeEscalate => "de-escalate",
            Self::DeEscalateUnacceptable => "de-escalate, dose unacceptable",
        }
    }

    fn ink(self) -> Ink {
        match self {
            Self::Escalate => Ink::Decision(0),
            Self::Stay => Ink::Decision(1),
            Self::DeEscalate => Ink::Decision(2),
            Self::DeEscalateUnacceptable => Ink::Decision(3),
        }
    }
}

/// A decision that was due in the trial.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Visited {
    /// How many patients could be judged.
    pub patients: usize,
    /// How many of them had a dose-limiting toxicity.
    pub toxicities: usize,
    /// At which dose.
    pub label: String,
}

/// The decisions of a design.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Decisions {
    /// What is shown: the name of the figure.
    pub title: String,
    /// For 1, 2, … patients the decisions after 0, 1, … toxicities; none where the design says nothing.
    pub columns: Vec<Vec<Option<Decision>>>,
    /// The decisions that were due in the trial: their cells have a frame.
    pub visited: Vec<Visited>,
}

const ROW: f64 = 24.0;
const LEFT: f64 = 62.0;

/// So many numbers of patients stand beside each other; more follow below.
const MOST_BESIDE: usize = 14;

/// Draws the table: a column for each number of patients, a row for each number of toxicities, each cell with its
/// letters; cells that the trial came to are framed.
#[must_use]
pub fn decisions(figure: &Decisions, frame: &Frame) -> String {
    let mut body = String::new();
    let paper = Paper::new(&mut body);
    let mut y = draw_legend(&paper, figure);
    for (block, columns) in figure.columns.chunks(MOST_BESIDE).enumerate() {
        let first = block * MOST_BESIDE;
        y = draw_block(&paper, figure, columns, first, y) + 8.0;
    }
    drop(paper);
    frame.around(&figure.title, &described(figure), &body, y)
}

/// The columns of one block, the first of them for `first` patients and one more. Tells where it ends.
fn draw_block(
    paper: &Paper<'_>,
    figure: &Decisions,
    columns: &[Vec<Option<Decision>>],
    first: usize,
    top: f64,
) -> f64 {
    let rows = columns.iter().map(Vec::len).max().unwrap_or(0);
    let beside = figure.columns.len().clamp(1, MOST_BESIDE);
    let cell = ((WIDTH - LEFT - 6.0) / beside as f64).min(44.0);
    let heading = Type::small().inked(Ink::Text);
    paper.text((LEFT, top + 7.0), "Patients who could be judged", heading);
    let mut y = top + 16.0;
    let center = |column: usize| LEFT + (column as f64 + 0.5) * cell;
    let bold = Type::body().held(Hold::Middle).bold();
    for column in 0..columns.len() {
        let patients = (first + column + 1).to_string();
        paper.text((center(column), y + 8.0), &patients, bold);
    }
    y += 18.0;
    for row in 0..rows {
        let middle = y + ROW / 2.0;
        if row == 0 {
            paper.text((2.0, middle), "DLTs", heading);
        }
        let set = Type::body().held(Hold::End).bold();
        paper.text((LEFT - 8.0, middle), &row.to_string(), set);
        for (column, says) in columns.iter().enumerate() {
            let (from, to) = (
                LEFT + column as f64 * cell + 0.8,
                LEFT + (column as f64 + 1.0) * cell - 0.8,
            );
            let Some(Some(decision)) = says.get(row) else {
                continue;
            };
            paper.fill((from, y + 0.8), (to, y + ROW - 0.8), decision.ink());
            let set = Type::body().held(Hold::Middle);
            paper.text((center(column), middle), decision.letters(), set);
            let is_visited = figure
                .visited
                .iter()
                .any(|visited| visited.patients == first + column + 1 && visited.toxicities == row);
            if is_visited {
                let stroke = Stroke::new(Ink::Text, 2.0);
                paper.outline((from + 1.0, y + 1.8), (to - 1.0, y + ROW - 1.8), stroke);
            }
        }
        y += ROW;
    }
    y
}

fn draw_legend(paper: &Paper<'_>, figure: &Decisions) -> f64 {
    let (mut x, mut y) = (2.0, 10.0);
    let mut entries: Vec<(Option<Decision>, &str)> = ALL
        .iter()
        .filter(|decision| {
            figure
                .columns
                .iter()
                .flatten()
                .any(|says| *says == Some(**decision))
        })
        .map(|decision| (Some(*decision), decision.words()))
        .collect();
    if !figure.visited.is_empty() {
        entries.push((None, "came up in this trial"));
    }
    for (decision, words) in entries {
        let words = shortened(words, SMALL, WIDTH - 40.0);
        let taken = 32.0 + width(&words, SMALL);
        if x > 2.0 && x + taken > WIDTH - 4.0 {
            x = 2.0;
            y += 21.0;
        }
        let (from, to) = ((x, y - 8.0), (x + 26.0, y + 8.0));
        match decision {
            Some(decision) => {
                paper.fill(from, to, decision.ink());
                let set = Type {
                    size: SMALL,
                    ..Type::body().held(Hold::Middle)
                };
                paper.text((x + 13.0, y), decision.letters(), set);
            }
            None => paper.outline(
                (x + 1.0, y - 7.0),
                (x + 25.0, y + 7.0),
                Stroke::new(Ink::Text, 2.0),
            ),
        }
        paper.text((x + 31.0, y), &words, Type::small().inked(Ink::Text));
        x += taken + 14.0;
    }
    y + 20.0
}

/// The table in sentences: for each number of patients after how many toxicities the decision changes.
fn described(figure: &Decisions) -> String {
    let mut said = Vec::new();
    for (column, says) in figure.columns.iter().enumerate().take(60) {
        let mut runs: Vec<(usize, usize, Decision)> = Vec::new();
        for (row, decision) in says.iter().enumerate() {
            let Some(decision) = decision else { continue };
            match runs.last_mut() {
                Some((_, until, last)) if last == decision && *until + 1 == row => *until = row,
                _ => runs.push((row, row, *decision)),
            }
        }
        let runs: Vec<String> = runs
            .iter()
            .map(|(from, until, decision)| {
                let rows = if from == until {
                    from.to_string()
                } else {
                    format!("{from} to {until}")
                };
                format!("{} after {rows}", decision.words())
            })
            .collect();
        if runs.is_empty() {
            continue;
        }
        let patients = crate::text::counted(column + 1, "patient", "patients");
        said.push(format!("{patients}: {}.", runs.join(", ")));
    }
    if said.is_empty() {
        said.push("No decisions.".to_owned());
    }
    if !figure.visited.is_empty() {
        let visited: Vec<String> = figure
            .visited
            .iter()
            .map(|visited| {
                format!(
                    "{} ({} of {} with a dose-limiting toxicity)",
                    clean(&visited.label),
                    visited.toxicities,
                    visited.patients
                )
            })
            .collect();
        said.push(format!("Came up in this trial: {}.", list(&visited, 40)));
    }
    said.join(" ")
}
