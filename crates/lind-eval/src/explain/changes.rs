//! Changes between two values in words.

use lind_model::Truth;
use lind_model::plan::ChangePlan;
use lind_model::protocol::{ChangeMode, Compared, Direction, Measure, Shape, Subject};
use lind_model::verdict::FactUsed;
use lind_units::Exact;

use crate::candidates::Candidate;
use crate::explain::recorder::Telling;
use crate::explain::sentences::Said;
use crate::explain::words::{asked, listed, number, on_or_undated, place, quantity, spoken, used};
use crate::trace::Note;
use crate::values::Fault;
use crate::view::View;

/// Two values that were compared.
struct Pair<'n, 'c> {
    earlier: &'n Candidate<'c>,
    later: &'n Candidate<'c>,
    difference: Option<&'n Exact>,
    outcome: lind_time::Tri,
    certain: bool,
}

impl<'c> View<'c> {
    /// Whether a value changed.
    pub(crate) fn change_telling(
        &self,
        plan: &ChangePlan,
        notes: &[Note<'c>],
        truth: Truth,
    ) -> Telling {
        let measure = match plan.subject {
            Subject::Measure(id) => self.program.protocol().measures.get(id.index()),
            Subject::Formula(_) => None,
        };
        let window = match &plan.between {
            Compared::FromTo(from, to) => {
                return self.compared_telling(plan, measure, (from, to), notes, truth);
            }
            Compared::Within(window) => window,
        };
        if let Some(lasting) = plan.lasting {
            return self.lasting_telling(plan, measure, (window, lasting), notes, truth);
        }
        let name = measure.map_or_else(String::new, |measure| spoken(&measure.name));
        let phrase = self.phrase(Some(window));
        let mut pairs: Vec<Pair<'_, 'c>> = Vec::new();
        let mut readings: Vec<(&Candidate<'c>, Option<Fault>, bool)> = Vec::new();
        let mut set_aside = None;
        let mut sensitive = false;
        for note in notes {
            match note {
                Note::Pair {
                    earlier,
                    later,
                    difference,
                    outcome,
                    certain,
                } => pairs.push(Pair {
                    earlier,
                    later,
                    difference: difference.as_ref(),
                    outcome: *outcome,
                    certain: *certain,
                }),
                Note::Reading {
                    candidate,
                    fault,
                    decides,
                } => readings.push((candidate, *fault, *decides)),
                Note::Outside(candidate) => {
                    sensitive |= self.boundary_sensitive(Some(window), candidate.row.time.as_ref());
                }
                Note::SetAside(row) => set_aside = set_aside.or(Some(row)),
                _ => {}
            }
        }
        for (candidate, ..) in &readings {
            sensitive |= self.boundary_sensitive(Some(window), candidate.row.time.as_ref());
        }
        let limit = |limit: &Exact| amount(plan, measure, limit);
        let mut telling = match truth {
            Truth::True => pairs
                .iter()
                .find(|pair| pair.certain && pair.outcome == lind_time::Tri::Yes)
                .map(|pair| self.pair_telling(plan, measure, &name, pair))
                .unwrap_or_default(),
            Truth::False => {
                let widest = pairs
                    .iter()
                    .filter(|pair| pair.difference.is_some())
                    .max_by(|a, b| a.difference.cmp(&b.difference));
                widest.map_or_else(Telling::default, |pair| {
                    self.pair_telling(plan, measure, &name, pair)
                })
            }
            _ => {
                let said = Said::number(&name, measure);
                let faulty = readings.iter().find(|(_, fault, _)| fault.is_some());
                if let Some(row) = set_aside {
                    Telling::because(self.set_aside_text(row))
                        .settled_by(format!("a correction of {}", place(self.chart, row.at)))
                } else if readings.len() < 2 {
                    let texts: Vec<String> = readings
                        .iter()
                        .map(|(candidate, ..)| self.observed(&name, measure, candidate.row))
                        .collect();
                    let only = if texts.is_empty() {
                        String::new()
                    } else {
                        format!(": only {}", listed(&texts))
                    };
                    Telling::because(format!("fewer than two values of {name} {phrase}{only}"))
                        .settled_by(format!("two values of {name} taken {phrase}"))
                } else if let Some((candidate, fault, _)) = faulty {
                    self.faulty(&said, candidate.row, *fault)
                } else {
                    let texts: Vec<String> = readings
                        .iter()
                        .map(|(candidate, ..)| self.observed(&name, measure, candidate.row))
                        .collect();
                    Telling::because(format!(
                        "it is not certain which values of {name} are compared: {}",
                        listed(&texts)
                    ))
                    .settled_by(format!("the exact times of the values of {name}"))
                }
            }
        };
        if !truth.is_open() && !telling.because.is_empty() {
            let not = if truth == Truth::False { "not " } else { "" };
            let asked = asked(&plan.by, &limit);
            telling.because = format!("{}, {not}{asked}", telling.because);
            telling.brief = telling.brief.map(|brief| format!("{brief}, {not}{asked}"));
        }
        telling.facts = facts(self, &name, &readings);
        telling.boundary_sensitive = sensitive;
        telling
    }

    /// `fvc from 2.10 L on 2024-01-10 to 1.889 L on 2024-05-01: a fall of 10.047619… %`, and in few words
    /// `fvc: a fall of 10.047619… %`.
    fn pair_telling(
        &self,
        plan: &ChangePlan,
        measure: Option<&Measure>,
        name: &str,
        pair: &Pair<'_, 'c>,
    ) -> Telling {
        let change = match plan.direction {
            Direction::Falls => "a fall",
            Direction::Rises => "a rise",
            Direction::Changes => "a change",
        };
        let by = pair.difference.map_or_else(String::new, |difference| {
            format!(": {change} of {}", amount(plan, measure, difference))
        });
        let because = format!(
            "{name} from {} {} to {} {}{by}",
            self.result(measure, pair.earlier.row),
            on_or_undated(pair.earlier.row.time),
            self.result(measure, pair.later.row),
            on_or_undated(pair.later.row.time),
        );
        Telling {
            brief: pair.difference.map(|_| format!("{name}{by}")),
            ..Telling::because(because)
        }
    }
}

pub(crate) fn facts<'c>(
    view: &View<'c>,
    name: &str,
    readings: &[(&Candidate<'c>, Option<Fault>, bool)],
) -> Vec<FactUsed> {
    readings
        .iter()
        .take(12)
        .map(|(candidate, ..)| {
            used(
                view.chart,
                view.observed(name, None, candidate.row),
                candidate.row.at,
            )
        })
        .collect()
}

/// An amount of change in what it is counted in.
pub(crate) fn amount(plan: &ChangePlan, measure: Option<&Measure>, amount: &Exact) -> String {
    let text = number(amount);
    match (&plan.mode, measure) {
        (ChangeMode::Relative, _) => format!("{text} %"),
        (ChangeMode::Absolute(unit), _) if unit.code() == "%" => {
            format!("{text} percentage points")
        }
        (ChangeMode::Absolute(unit), _) => quantity(&text, unit),
        (ChangeMode::Points, _) if text == "1" => format!("{text} point"),
        (ChangeMode::Points, _) => format!("{text} points"),
    }
}

/// A value of the measure in its own unit.
pub(crate) fn own_amount(plan: &ChangePlan, measure: Option<&Measure>, value: &Exact) -> String {
    match measure.map(|measure| &measure.shape) {
        Some(Shape::Quantity(shape)) => quantity(&number(value), &shape.unit),
        _ => match &plan.mode {
            ChangeMode::Points => amount(plan, measure, value),
            _ => number(value),
        },
    }
}
