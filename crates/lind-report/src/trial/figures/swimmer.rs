//! The swimmer plot: when states began and how long they lasted.
#![allow(
    clippy::disallowed_types,
    reason = "coordinates of ink: a float places it, and decides nothing"
)]

use std::sync::Arc;

use lind_figures::{Event, Frame, Group, Lane, Stretch, Swimmer};
use lind_model::results::{Results, StateCourse};
use lind_model::trial::{State, Variable};
use lind_model::{Protocol, StateId, Truth};

use super::{Figure, Part, days, whole};
use crate::trial::tables::level_words;
use crate::trial::terms;

/// The states that an endpoint asks for, or all where none does: a library's own states stand behind those that a
/// protocol declares with them.
fn shown<'r>(
    protocol: &'r Protocol,
    results: &'r Results,
) -> impl Iterator<Item = (&'r State, &'r Vec<StateCourse>)> {
    let asked = |id: StateId| {
        protocol
            .trial
            .endpoints
            .iter()
            .any(|endpoint| match endpoint.variable {
                Variable::Reached(state, _) | Variable::TimeTo(state) | Variable::TimeIn(state) => {
                    state == id
                }
                _ => false,
            })
    };
    let count = protocol.trial.states.len();
    let any = (0..count).any(|place| asked(StateId::from_index(place)));
    let states = protocol.trial.states.iter().zip(&results.states);
    states
        .enumerate()
        .filter(move |(place, _)| !any || asked(StateId::from_index(*place)))
        .map(|(_, shown)| shown)
}

/// States: when each began, and how long it lasted.
pub(super) fn swimmer(protocol: &Protocol, results: &Results) -> Option<Figure> {
    let trial = &protocol.trial;
    if trial.states.is_empty() {
        return None;
    }
    let anchor = trial.study_days?.anchor;
    let lane = |place: usize| -> Option<Lane> {
        let participant = results.participants.get(place)?;
        let zero = (*participant.milestones.get(anchor.index())?)?.first_day();
        let day = |visit: &lind_model::results::ActualVisit| {
            whole(zero.days_until(visit.first.first_day()))
        };
        let after = participant
            .visits
            .iter()
            .filter(|visit| zero <= visit.first.first_day());
        let until = after.map(day).fold(0.0, f64::max);
        let mut stretches = Vec::new();
        let mut events = Vec::new();
        for (state, courses) in shown(protocol, results) {
            let course = courses.get(place)?;
            let mut open: Option<f64> = None;
            let mut is_first = true;
            for (visit, truth) in participant.visits.iter().zip(&course.at) {
                match (truth, open) {
                    (Truth::True, None) => {
                        open = Some(day(visit));
                        if is_first {
                            events.push(Event {
                                kind: format!("first {}", state.title),
                                at: day(visit),
                            });
                            is_first = false;
                        }
                    }
                    (Truth::False, Some(from)) => {
                        stretches.push(Stretch {
                            state: state.title.to_string(),
                            from,
                            until: day(visit),
                            lasts: false,
                        });
                        open = None;
                    }
                    _ => {}
                }
            }
            if let Some(from) = open {
                stretches.push(Stretch {
                    state: state.title.to_string(),
                    from,
                    until,
                    lasts: true,
                });
            }
        }
        Some(Lane {
            label: participant.id.to_string(),
            from: 0.0,
            until,
            followed: true,
            stretches,
            events,
        })
    };
    let mut drawn: Vec<Group> = Vec::new();
    let of_group = |group: Option<&Arc<str>>| -> Vec<Lane> {
        results
            .participants
            .iter()
            .enumerate()
            .filter(|(_, it)| it.assigned.as_ref() == group)
            .filter_map(|(place, _)| lane(place))
            .collect()
    };
    for group in &results.assigned {
        drawn.push(Group {
            label: terms::raised(&level_words(protocol, group)),
            lanes: of_group(Some(group)),
        });
    }
    drawn.push(Group {
        label: "not assigned".to_owned(),
        lanes: of_group(None),
    });
    drawn.retain(|group| !group.lanes.is_empty());
    if drawn.is_empty() {
        return None;
    }
    let titles: Vec<String> = shown(protocol, results)
        .map(|(state, _)| state.title.to_string())
        .collect();
    let figure = Swimmer {
        title: "States, when they began and how long they lasted".to_owned(),
        x: days(),
        groups: drawn,
        kinds: titles
            .iter()
            .map(|title| format!("first {title}"))
            .collect(),
        states: titles,
    };
    Some(Figure {
        section: Part::Endpoints,
        id: "figure-states".to_owned(),
        caption: "States: when each began, and how long it lasted".to_owned(),
        svg: lind_figures::swimmer(&figure, &Frame::inline("states")),
    })
}
