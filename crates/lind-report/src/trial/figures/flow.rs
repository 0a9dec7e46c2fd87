//! The flow of participants.

use lind_figures::{Flow, Frame, Level, Reason, Stage};
use lind_model::results::{Members, Results};
use lind_model::{CriterionId, Protocol};

use super::{Figure, Part, count};
use crate::trial::tables::level_words;
use crate::trial::terms;

/// The flow of participants: populations of which some are not assigned, then a column a dose level.
pub(super) fn flow(protocol: &Protocol, results: &Results) -> Option<Figure> {
    let groups = &results.assigned;
    let populations: Vec<_> = protocol
        .trial
        .populations
        .iter()
        .zip(&results.populations)
        .collect();
    if populations.is_empty() {
        return None;
    }
    let assigned = |place: usize| {
        results
            .participants
            .get(place)
            .is_some_and(|it| it.assigned.is_some())
    };
    // Up to the first population that consists of assigned participants, all go one way.
    let joint = populations
        .iter()
        .position(|(_, members)| {
            members.count() > 0
                && (0..members.of.len()).all(|place| !members.has(place) || assigned(place))
        })
        .map_or(populations.len(), |place| place + 1);
    let mut before: Option<usize> = None;
    let mut last: Option<&Members> = None;
    let mut stages = Vec::new();
    for (population, members) in populations.iter().take(joint) {
        let here = members.count();
        let left = before
            .and_then(|before| before.checked_sub(here))
            .filter(|left| *left > 0);
        stages.push(Stage {
            label: population.title.to_string(),
            count: count(here),
            left: match (left, last) {
                (Some(left), Some(last)) => {
                    reasons(protocol, results, (last, members), &population.title, left)
                }
                _ => Vec::new(),
            },
        });
        before = Some(here);
        last = Some(members);
    }
    let levels = groups
        .iter()
        .map(|group| {
            let of_group: Vec<usize> = results
                .participants
                .iter()
                .enumerate()
                .filter(|(_, it)| it.assigned.as_ref() == Some(group))
                .map(|(place, _)| place)
                .collect();
            let assigned = Stage {
                label: "Assigned".to_owned(),
                count: count(of_group.len()),
                left: Vec::new(),
            };
            let further = populations.iter().skip(joint).map(|(population, members)| {
                let here = of_group.iter().filter(|place| members.has(**place)).count();
                Stage {
                    label: population.title.to_string(),
                    count: count(here),
                    left: Vec::new(),
                }
            });
            Level {
                label: terms::raised(&level_words(protocol, group)),
                stages: std::iter::once(assigned).chain(further).collect(),
            }
        })
        .collect();
    let figure = Flow {
        title: "Flow of participants".to_owned(),
        stages,
        levels,
    };
    Some(Figure {
        section: Part::Participants,
        id: "figure-flow".to_owned(),
        caption: "Flow of participants".to_owned(),
        svg: lind_figures::flow(&figure, &Frame::inline("flow")),
    })
}

/// Why some of a population are not of the next one: the first criterion that each of them failed, if one did.
fn reasons(
    protocol: &Protocol,
    results: &Results,
    (before, here): (&Members, &Members),
    title: &str,
    left: usize,
) -> Vec<Reason> {
    let first_failed = |place: usize| -> Option<CriterionId> {
        let eligibility = results.participants.get(place)?.eligibility.as_ref()?;
        eligibility.failed.first().copied()
    };
    let who = (0..before.of.len()).filter(|place| before.has(*place) && !here.has(*place));
    let failed: Vec<CriterionId> = who.filter_map(first_failed).collect();
    let of_criteria = protocol.criteria.iter().enumerate();
    let mut reasons: Vec<Reason> = of_criteria
        .filter_map(|(index, criterion)| {
            let id = CriterionId::from_index(index);
            let here = failed.iter().filter(|failed| **failed == id).count();
            (here > 0).then(|| Reason {
                label: format!("{} {}", criterion.id, criterion.title),
                count: count(here),
            })
        })
        .collect();
    let rest = left.saturating_sub(failed.len());
    if rest > 0 {
        reasons.push(Reason {
            label: format!("not {}", title.to_lowercase()),
            count: count(rest),
        });
    }
    reasons
}
