//! The values of participants, summed up.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use lind_escalation::clopper_pearson;
use lind_model::results::{Computed, CountRow, GroupResult, Participant, Summed};
use lind_model::trial::{By, Endpoint, Summary, Trial};
use lind_model::{Truth, VisitId};
use lind_units::Exact;

use crate::numbers::summed;

/// To how many digits of a share the ends of an interval are computed.
const INTERVAL_DIGITS: u32 = 8;

/// The sums of an endpoint: of all together, then of each group.
pub(crate) fn groups(
    trial: &Trial,
    endpoint: &Endpoint,
    participants: &[Participant],
    assigned: &[Arc<str>],
    values: &[(usize, Computed)],
) -> Vec<GroupResult> {
    let mut groups: Vec<Option<Arc<str>>> = vec![None];
    if endpoint
        .by
        .iter()
        .any(|by| matches!(by, By::DoseLevel | By::Arm))
    {
        let has_values = |name: &&Arc<str>| {
            let mut of = values
                .iter()
                .filter_map(|(place, _)| participants.get(*place));
            of.any(|participant| participant.assigned.as_ref() == Some(name))
        };
        groups.extend(assigned.iter().filter(has_values).cloned().map(Some));
    }
    let visits = visits(trial, values);
    let mut results = Vec::new();
    for assigned in groups {
        let of: Vec<&Computed> = values
            .iter()
            .filter(|(place, _)| {
                assigned.is_none()
                    || participants
                        .get(*place)
                        .is_some_and(|participant| participant.assigned == assigned)
            })
            .map(|(_, value)| value)
            .collect();
        if visits.is_empty() {
            results.push(group(trial, endpoint, assigned.clone(), None, &of));
        } else {
            for visit in &visits {
                let at: Vec<Computed> = of.iter().map(|value| at_visit(value, *visit)).collect();
                let at: Vec<&Computed> = at.iter().collect();
                results.push(group(trial, endpoint, assigned.clone(), Some(*visit), &at));
            }
        }
    }
    results
}

/// The dose levels and arms that participants were assigned: those of the protocol in its order, then others.
pub(crate) fn assigned(trial: &Trial, participants: &[Participant]) -> Vec<Arc<str>> {
    let levels = trial.dose_levels.iter().flat_map(|it| &it.levels);
    let declared = levels
        .map(|level| &level.name)
        .chain(trial.arms.iter().map(|arm| &arm.name));
    let is_of = |name: &Arc<str>| {
        participants
            .iter()
            .any(|it| it.assigned.as_ref() == Some(name))
    };
    let mut names: Vec<Arc<str>> = declared.filter(|name| is_of(name)).cloned().collect();
    let others: BTreeSet<&Arc<str>> = participants
        .iter()
        .filter_map(|it| it.assigned.as_ref())
        .filter(|name| !names.contains(name))
        .collect();
    let others: Vec<Arc<str>> = others.into_iter().cloned().collect();
    names.extend(others);
    names
}

/// The visits at which there are values, in the order of the schedule.
fn visits(trial: &Trial, values: &[(usize, Computed)]) -> Vec<VisitId> {
    let mut visits: Vec<VisitId> = values
        .iter()
        .filter_map(|(_, value)| match value {
            Computed::AtVisits(at) => Some(at.iter().map(|(visit, _)| *visit)),
            _ => None,
        })
        .flatten()
        .collect();
    visits.sort();
    visits.dedup();
    let order = |visit: &VisitId| trial.visits.get(visit.index()).map(|_| visit.index());
    visits.sort_by_key(order);
    visits
}

/// The value at one visit.
fn at_visit(value: &Computed, visit: VisitId) -> Computed {
    match value {
        Computed::AtVisits(at) => match at.iter().find(|(other, _)| *other == visit) {
            Some((_, Ok(number))) => Computed::Number(number.clone()),
            Some((_, Err(why))) => Computed::Open(Arc::clone(why)),
            None => Computed::Open(Arc::from("the visit did not take place")),
        },
        other => other.clone(),
    }
}

fn group(
    trial: &Trial,
    endpoint: &Endpoint,
    assigned: Option<Arc<str>>,
    visit: Option<VisitId>,
    of: &[&Computed],
) -> GroupResult {
    let open = of.iter().filter(|value| is_open(value)).count();
    let summed = match endpoint.summary {
        Summary::Share { interval } => share(trial, of, interval),
        Summary::Counts => Summed::Counts(counts(trial, of)),
        Summary::MedianRange
        | Summary::MedianQuartiles
        | Summary::MeanDeviation
        | Summary::Range => numbers(trial, endpoint, of),
    };
    GroupResult {
        assigned,
        visit,
        size: of.len(),
        open,
        summed,
    }
}

fn is_open(value: &Computed) -> bool {
    match value {
        Computed::Open(_) | Computed::Truth(Truth::Open(_)) => true,
        Computed::Grade { least, most, .. } => least != most,
        _ => false,
    }
}

fn share(trial: &Trial, of: &[&Computed], interval: bool) -> Summed {
    let count = |truth: fn(&Truth) -> bool| {
        of.iter()
            .filter(|value| matches!(value, Computed::Truth(it) if truth(it)))
            .count()
    };
    let yes = count(|truth| *truth == Truth::True);
    let no = count(|truth| matches!(truth, Truth::False | Truth::NotApplicable));
    let known = yes + no;
    let confidence = trial.statistics.level.mul(&Exact::from_scientific(1, -2));
    let interval = interval
        .then(|| {
            let (yes, known) = (u32::try_from(yes).ok()?, u32::try_from(known).ok()?);
            let exact = clopper_pearson(yes, known, &confidence, INTERVAL_DIGITS).ok()?;
            Some((exact.lower.rounded, exact.upper.rounded))
        })
        .flatten();
    Summed::Share {
        yes,
        known,
        interval,
    }
}

fn numbers(trial: &Trial, endpoint: &Endpoint, of: &[&Computed]) -> Summed {
    let unit = endpoint.unit.map(lind_model::trial::TimeUnit::days);
    let turned = |number: &Exact| match &unit {
        Some(days) => number.checked_div(days).unwrap_or_default(),
        None => number.clone(),
    };
    let mut going_on = 0;
    let mut values = Vec::new();
    for value in of {
        match value {
            Computed::Number(number) => values.push(turned(number)),
            Computed::AtLeast(number) => {
                going_on += 1;
                values.push(turned(number));
            }
            _ => {}
        }
    }
    Summed::Numbers(summed(values, going_on, trial.statistics.quartiles))
}

fn counts(trial: &Trial, of: &[&Computed]) -> Vec<CountRow> {
    let mut rows: BTreeMap<Arc<str>, CountRow> = BTreeMap::new();
    let mut add = |term: &Arc<str>, grade: Option<u8>| {
        let row = rows.entry(Arc::clone(term)).or_insert_with(|| CountRow {
            term: Arc::clone(term),
            any: 0,
            by_grade: [0; 5],
            ungraded: 0,
        });
        match grade {
            Some(0) => {}
            Some(grade) => {
                row.any += 1;
                if let Some(count) = row.by_grade.get_mut(usize::from(grade) - 1) {
                    *count += 1;
                }
            }
            None => {
                row.any += 1;
                row.ungraded += 1;
            }
        }
    };
    for value in of {
        match value {
            Computed::Events(events) => {
                for (term, grade) in events {
                    add(term, *grade);
                }
            }
            Computed::Grade {
                grading,
                least,
                most,
            } if least == most => {
                if let Some(grading) = trial.gradings.get(grading.index()) {
                    add(&grading.title, Some(*least));
                }
            }
            _ => {}
        }
    }
    let mut rows: Vec<CountRow> = rows.into_values().collect();
    rows.sort_by(|a, b| b.any.cmp(&a.any).then_with(|| a.term.cmp(&b.term)));
    rows
}
