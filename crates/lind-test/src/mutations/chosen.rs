//! Records that the data choose: the first in place of the latest, another window, a line left out.

use lind_model::plan::{ChosenPlan, FactPlan, Plan};

use crate::mutations::becomes;
use crate::mutations::windows::windows;

/// Lines in place of those that choose a record, each with what is changed.
pub(super) fn lines(plan: &Plan, lines: &[ChosenPlan]) -> Vec<(String, Vec<ChosenPlan>)> {
    let mut changed = Vec::new();
    for (place, line) in lines.iter().enumerate() {
        let with = |other: ChosenPlan| {
            let mut lines = lines.to_vec();
            if let Some(line) = lines.get_mut(place) {
                *line = other;
            }
            lines
        };
        let word = |first: bool| if first { "the first" } else { "the latest" };
        let other = ChosenPlan {
            first: !line.first,
            ..line.clone()
        };
        changed.push((becomes(word(line.first), word(other.first)), with(other)));
        if lines.len() > 1 {
            let mut rest = lines.to_vec();
            rest.remove(place);
            changed.push((format!("line {} is left out", place + 1), rest));
        }
        let Some(window) = &line.fact.window else {
            continue;
        };
        for (change, window) in windows(plan, window) {
            let fact = FactPlan {
                window: Some(window),
                ..line.fact.clone()
            };
            changed.push((
                change,
                with(ChosenPlan {
                    fact,
                    ..line.clone()
                }),
            ));
        }
    }
    changed
}
