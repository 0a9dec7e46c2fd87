//! Adverse events of special interest: those of sets on which an endpoint is computed.

use lind_model::plan::{ConceptKind, NodeKind};
use lind_model::protocol::{FactTable, Window};
use lind_model::results::{SpecialEvent, SpecialInterest};
use lind_model::trial::Variable;
use lind_model::{Plan, SetId};
use lind_records::AdverseEvent;
use lind_time::{Day, Tri, When};

use crate::Asking;

/// How many conditions of an endpoint are looked at; far more than any has.
const MOST: usize = 10_000;

/// The events of special interest, set for set in the order of the endpoints, of the participants in their order.
pub(crate) fn special_events(asking: &[Asking<'_>]) -> Vec<SpecialInterest> {
    let Some(first) = asking.first() else {
        return Vec::new();
    };
    let sets = sets(first.program.plan()).into_iter();
    sets.map(|(set, windows)| SpecialInterest {
        set,
        events: asking
            .iter()
            .enumerate()
            .flat_map(|(place, one)| one.events_of(place, set, &windows))
            .collect(),
    })
    .collect()
}

/// The sets of adverse events that endpoints ask for, with the windows in which they do; none where one has no window.
fn sets(plan: &Plan) -> Vec<(SetId, Vec<Window>)> {
    let mut found: Vec<(SetId, Vec<Window>, bool)> = Vec::new();
    for endpoint in &plan.protocol.trial.endpoints {
        let Variable::Whether(asked) = endpoint.variable else {
            continue;
        };
        let mut nodes: Vec<_> = plan
            .asked
            .get(asked.index())
            .map(|stage| stage.node)
            .into_iter()
            .collect();
        let mut seen = 0;
        while let Some(node) = nodes.pop().and_then(|id| plan.node(id)) {
            seen += 1;
            if seen > MOST {
                break;
            }
            nodes.extend(node.kind.parts());
            let NodeKind::Fact(fact) = &node.kind else {
                continue;
            };
            let (FactTable::AdverseEvents, Some(set)) = (fact.table, fact.set) else {
                continue;
            };
            let place = match found.iter().position(|(known, ..)| *known == set) {
                Some(place) => place,
                None => {
                    found.push((set, Vec::new(), false));
                    found.len() - 1
                }
            };
            if let Some((_, windows, always)) = found.get_mut(place) {
                windows.extend(fact.window.clone());
                *always |= fact.window.is_none();
            }
        }
    }
    found
        .into_iter()
        .map(|(set, windows, always)| (set, if always { Vec::new() } else { windows }))
        .collect()
}

impl Asking<'_> {
    /// The events of a set of which a record may have begun in one of some windows, each with all records that touch
    /// it, those before the window included.
    fn events_of(&self, participant: usize, set: SetId, windows: &[Window]) -> Vec<SpecialEvent> {
        let counts = |event: &AdverseEvent| {
            windows.is_empty()
                || windows.iter().any(|window| {
                    let inside = self.lies_within(window, event.onset);
                    matches!(inside, Ok(Tri::Yes | Tri::Maybe))
                })
        };
        let rows = self
            .chart
            .adverse_events_of(self.program.concept(ConceptKind::Set(set)));
        let mut found: Vec<(SpecialEvent, bool)> = Vec::new();
        // The rows stand in the order of their onset, those without one first.
        for row in rows {
            let last = row.end.filter(When::is_exact_day).map(|end| end.last_day());
            let here = counts(row);
            let touching = found.last_mut();
            if let Some((event, counts)) = touching.filter(|(event, _)| touches(event, row.onset)) {
                *counts |= here;
                event.last = event.last.zip(last).map(|(one, other)| one.max(other));
                event.worst = event.worst.max(row.grade);
                continue;
            }
            let event = SpecialEvent {
                participant,
                onset: row.onset,
                last,
                worst: row.grade,
            };
            found.push((event, here));
        }
        let counted = found.into_iter().filter(|(_, counts)| *counts);
        counted.map(|(event, _)| event).collect()
    }
}

/// Whether what begins then belongs to an event: on the day after its last one at the latest.
fn touches(event: &SpecialEvent, onset: Option<When>) -> bool {
    let day = |time: Option<When>| -> Option<Day> {
        time.filter(When::is_exact_day).map(|time| time.first_day())
    };
    match (day(event.onset), event.last, day(onset)) {
        (Some(_), Some(last), Some(onset)) => last.days_until(onset) <= 1,
        (Some(_), None, Some(_)) => true,
        _ => false,
    }
}
