//! The tables of a report.

use std::sync::Arc;

use lind_model::results::{EndpointResult, GroupResult, Results, Summed};
use lind_model::trial::{Endpoint, IntervalMethod, Role, Statistics, Variable};
use lind_model::{CriterionId, Protocol, Standing, Truth};

use lind_units::read_aloud;

use super::figures::Part;
use super::numbers::cell;
use super::units::titled;
use super::{Section, Table};

/// Who took part, by dose level.
pub(super) fn participants(protocol: &Protocol, results: &Results) -> Section {
    let groups = &results.assigned;
    let mut table = Table {
        caption: "Participants of each population".to_owned(),
        head: ["Population".to_owned(), "All".to_owned()]
            .into_iter()
            .chain(groups.iter().map(|group| level_words(protocol, group)))
            .collect(),
        ..Table::default()
    };
    let populations = protocol.trial.populations.iter();
    for (population, members) in populations.zip(&results.populations) {
        let mut row = vec![population.title.to_string(), members.count().to_string()];
        for group in groups {
            let count = results
                .participants
                .iter()
                .enumerate()
                .filter(|(place, it)| it.assigned.as_ref() == Some(group) && members.has(*place))
                .count();
            row.push(count.to_string());
        }
        table.rows.push(row);
        let open = members
            .of
            .iter()
            .filter(|truth| matches!(truth, Truth::Open(_)))
            .count();
        if open > 0 {
            table.notes.push(format!(
                "{}: of {open} it cannot be told whether they belong to it",
                population.title
            ));
        }
        if let Some(why) = &population.assumed {
            table
                .notes
                .push(format!("{}: assumed, {why}", population.title));
        }
    }
    let mut tables = vec![
        table,
        kept_out(protocol, results),
        who_failed(protocol, results),
    ];
    tables.retain(|table| !table.rows.is_empty());
    Section {
        heading: "Participants".to_owned(),
        part: Some(Part::Participants),
        about: Vec::new(),
        tables,
    }
}

/// Which criteria kept people out, and how many.
fn kept_out(protocol: &Protocol, results: &Results) -> Table {
    let failed = |id: CriterionId| {
        results
            .participants
            .iter()
            .filter_map(|it| it.eligibility.as_ref())
            .filter(|it| it.failed.contains(&id))
            .count()
    };
    let mut table = Table {
        caption: "Criteria that kept people out".to_owned(),
        head: vec!["Criterion".to_owned(), "Participants".to_owned()],
        ..Table::default()
    };
    for (index, criterion) in protocol.criteria.iter().enumerate() {
        let count = failed(CriterionId::from_index(index));
        if count > 0 {
            table.rows.push(vec![
                format!("{} {}", criterion.id, criterion.title),
                count.to_string(),
            ]);
        }
    }
    let standing = |wanted: Standing| {
        let all = results.participants.iter();
        all.filter(|it| {
            it.eligibility
                .as_ref()
                .is_some_and(|eligibility| eligibility.standing == wanted)
        })
        .count()
    };
    if !table.rows.is_empty() {
        table.notes.push(format!(
            "asked at the furthest gate that each has reached: {} eligible, {} ineligible, {} undetermined; whoever fails several criteria is counted at each",
            standing(Standing::Eligible),
            standing(Standing::Ineligible),
            standing(Standing::Undetermined)
        ));
    }
    table
}

/// Who failed which criteria, and at which gate.
fn who_failed(protocol: &Protocol, results: &Results) -> Table {
    let mut table = Table {
        caption: "Who failed which criterion".to_owned(),
        head: ["Participant", "Asked at", "Criterion"]
            .map(ToOwned::to_owned)
            .to_vec(),
        words: vec![1, 2],
        ..Table::default()
    };
    for participant in &results.participants {
        let Some(eligibility) = &participant.eligibility else {
            continue;
        };
        let gate = protocol.milestones.get(eligibility.gate.index());
        for failed in &eligibility.failed {
            let Some(criterion) = protocol.criteria.get(failed.index()) else {
                continue;
            };
            table.rows.push(vec![
                participant.id.to_string(),
                gate.map_or_else(String::new, |gate| crate::doc::spoken(&gate.name)),
                format!("{} {}", criterion.id, criterion.title),
            ]);
        }
    }
    table
}

/// A dose level with its dose, or an arm.
pub(super) fn level_words(protocol: &Protocol, name: &Arc<str>) -> String {
    let levels = protocol.trial.dose_levels.iter().flat_map(|it| &it.levels);
    let level = levels.into_iter().find(|level| level.name == *name);
    level.map_or_else(
        || name.to_string(),
        |level| format!("{name} ({})", read_aloud(&level.text)),
    )
}

/// What each endpoint came to, but for values at visits and counts of events, which have tables of their own.
pub(super) fn endpoints(protocol: &Protocol, results: &Results) -> Section {
    let groups = &results.assigned;
    let mut tables = Vec::new();
    for (role, words) in [
        (Role::Primary, "Primary endpoints"),
        (Role::Secondary, "Secondary endpoints"),
        (Role::Exploratory, "Exploratory endpoints"),
    ] {
        let mut table = Table {
            caption: words.to_owned(),
            head: vec!["Endpoint".to_owned(), "N".to_owned(), "All".to_owned()],
            ..Table::default()
        };
        let of_role: Vec<(&Endpoint, &EndpointResult)> = protocol
            .trial
            .endpoints
            .iter()
            .zip(&results.endpoints)
            .filter(|(endpoint, _)| endpoint.role == role && has_one_cell(endpoint))
            .collect();
        let by_group = of_role.iter().any(|(endpoint, _)| !endpoint.by.is_empty());
        if by_group {
            table
                .head
                .extend(groups.iter().map(|group| level_words(protocol, group)));
        }
        let statistics = &protocol.trial.statistics;
        let mut notes = Notes::default();
        for (endpoint, result) in of_role {
            let all = result.groups.first();
            let mut row = vec![
                titled(protocol, endpoint),
                all.map_or_else(String::new, |all| all.size.to_string()),
                all.map_or_else(String::new, |all| cell(&all.summed, endpoint, statistics)),
            ];
            if by_group {
                for group in groups {
                    let found = result
                        .groups
                        .iter()
                        .find(|it| it.assigned.as_ref() == Some(group));
                    row.push(
                        found.map_or_else(String::new, |it| cell(&it.summed, endpoint, statistics)),
                    );
                }
            }
            table.rows.push(row);
            if let Some(all) = all {
                notes.of((endpoint, statistics), all, result);
            }
        }
        if !table.rows.is_empty() {
            let rows = table.rows.len();
            table.notes.extend(notes.lines(rows));
            tables.push(table);
        }
    }
    Section {
        heading: "Endpoints".to_owned(),
        part: Some(Part::Endpoints),
        about: Vec::new(),
        tables,
    }
}

fn has_one_cell(endpoint: &Endpoint) -> bool {
    !matches!(
        endpoint.variable,
        Variable::AtVisits(_)
            | Variable::ChangeAtVisits(_)
            | Variable::AdverseEvents(_)
            | Variable::WorstGrade(..)
    )
}

/// What has to be said of the rows of a table, each reason once with all rows that it is of.
#[derive(Default)]
pub(super) struct Notes(Vec<(String, Vec<String>)>);

impl Notes {
    fn add(&mut self, title: &str, reason: String) {
        match self.0.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, titles)) => titles.push(title.to_owned()),
            None => self.0.push((reason, vec![title.to_owned()])),
        }
    }

    /// The notes of a table with so many rows; what is of all of them names none.
    pub(super) fn lines(self, rows: usize) -> impl Iterator<Item = String> {
        self.0.into_iter().map(move |(reason, titles)| {
            if titles.len() == rows && rows > 1 {
                format!("all: {reason}")
            } else {
                format!("{}: {reason}", titles.join("; "))
            }
        })
    }

    /// What has to be said of an endpoint: who is left out and why, what never came, what is supposed.
    pub(super) fn of(
        &mut self,
        (endpoint, statistics): (&Endpoint, &Statistics),
        all: &GroupResult,
        result: &EndpointResult,
    ) {
        use lind_model::results::Computed;
        let title = &endpoint.title;
        if all.open > 0 {
            let whys: std::collections::BTreeSet<&str> = result
                .values
                .iter()
                .filter_map(|(_, value)| match value {
                    Computed::Open(why) => Some(&**why),
                    _ => None,
                })
                .collect();
            let because = if whys.is_empty() {
                String::new()
            } else {
                format!(": {}", whys.into_iter().collect::<Vec<_>>().join("; "))
            };
            self.add(title, format!("of {} it cannot be told{because}", all.open));
        }
        let values = result.values.iter();
        let never = values.filter(|(_, value)| *value == Computed::Never);
        let never = never.count();
        if never > 0 {
            self.add(title, format!("in {never} it did not come to that"));
        }
        if let Summed::Share {
            interval: Some(_), ..
        } = all.summed
        {
            let IntervalMethod::ClopperPearson = statistics.interval;
            self.add(
                title,
                format!(
                    "with the exact {} % interval of Clopper and Pearson",
                    statistics.level
                ),
            );
        }
        if let Some(why) = &endpoint.assumed {
            self.add(title, format!("assumed, {why}"));
        }
    }
}

/// Values at visits, a table for each endpoint.
pub(super) fn at_visits(protocol: &Protocol, results: &Results) -> Section {
    let statistics = &protocol.trial.statistics;
    let mut tables = Vec::new();
    for (endpoint, result) in protocol.trial.endpoints.iter().zip(&results.endpoints) {
        let of_visits: Vec<&GroupResult> = result
            .groups
            .iter()
            .filter(|group| group.visit.is_some() && group.assigned.is_none())
            .collect();
        if of_visits.is_empty() {
            continue;
        }
        let mut table = Table {
            caption: titled(protocol, endpoint),
            head: vec!["Visit".to_owned(), "Values".to_owned(), "All".to_owned()],
            ..Table::default()
        };
        for group in of_visits {
            let visit = group
                .visit
                .and_then(|visit| protocol.trial.visits.get(visit.index()));
            let values = match &group.summed {
                Summed::Numbers(Some(numbers)) => numbers.count,
                _ => 0,
            };
            table.rows.push(vec![
                visit.map_or_else(String::new, |visit| visit.title.to_string()),
                format!("{values} of {}", group.size),
                cell(&group.summed, endpoint, statistics),
            ]);
        }
        if let Some(why) = &endpoint.assumed {
            table.notes.push(format!("assumed, {why}"));
        }
        tables.push(table);
    }
    Section {
        heading: "Values at visits".to_owned(),
        part: Some(Part::Visits),
        about: Vec::new(),
        tables,
    }
}
