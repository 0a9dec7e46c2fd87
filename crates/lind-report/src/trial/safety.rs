//! Safety: adverse events by worst grade, events of special interest, and shifts of grades.

use std::sync::Arc;

use lind_model::Protocol;
use lind_model::results::{CountRow, GroupResult, Results, SpecialEvent, Summed};
use lind_model::trial::{Endpoint, Statistics, Variable};

use super::deviations::StudyDaysOf;
use super::numbers::count;
use super::tables::{Notes, level_words};
use super::{Section, Table, terms};

/// Adverse events and grades.
pub(super) fn safety(protocol: &Protocol, results: &Results) -> Section {
    let mut tables = events(protocol, results);
    tables.push(special(protocol, results));
    tables.push(worst_grades(protocol, results));
    tables.push(shifts(protocol, results));
    tables.retain(|table| !table.rows.is_empty() || !table.notes.is_empty());
    Section {
        heading: "Adverse events and grades".to_owned(),
        part: Some(super::figures::Part::Safety),
        about: Vec::new(),
        tables,
    }
}

/// The endpoints that count terms or grades, with the counts of all together.
fn counted<'r>(
    protocol: &'r Protocol,
    results: &'r Results,
) -> impl Iterator<Item = (&'r Endpoint, usize, &'r GroupResult, &'r [CountRow])> {
    let endpoints = protocol.trial.endpoints.iter().enumerate();
    endpoints.filter_map(|(place, endpoint)| {
        let result = results.endpoints.get(place)?;
        let mut groups = result.groups.iter();
        let all = groups.find(|group| group.assigned.is_none())?;
        match &all.summed {
            Summed::Counts(rows) => Some((endpoint, place, all, rows.as_slice())),
            _ => None,
        }
    })
}

fn head(first: &str) -> Vec<String> {
    [
        first,
        "Any",
        "Grade 1",
        "2",
        "3",
        "4",
        "5",
        "Not graded",
        "Grade 3 or worse",
    ]
    .map(ToOwned::to_owned)
    .to_vec()
}

fn cells(term: String, row: &CountRow, known: usize, statistics: &Statistics) -> Vec<String> {
    let mut cells = vec![term, count(row.any, known, statistics)];
    cells.extend(row.by_grade.iter().map(ToString::to_string));
    cells.push(row.ungraded.to_string());
    cells.push(count(row.severe(), known, statistics));
    cells
}

/// Adverse events: each participant once a term, at the worst grade.
fn events(protocol: &Protocol, results: &Results) -> Vec<Table> {
    let statistics = &protocol.trial.statistics;
    let of_events = counted(protocol, results)
        .filter(|(endpoint, ..)| matches!(endpoint.variable, Variable::AdverseEvents(_)));
    of_events
        .flat_map(|(endpoint, place, all, rows)| {
            let mut table = Table {
                caption: format!("{} (N = {})", endpoint.title, all.size),
                head: head("Term"),
                ..Table::default()
            };
            let known = all.size.saturating_sub(all.open);
            for row in rows {
                let term = terms::event(protocol, &row.term);
                table.rows.push(cells(term, row, known, statistics));
            }
            if table.rows.is_empty() {
                table.notes.push("there was none".to_owned());
            }
            let mut notes = Notes::default();
            if let Some(result) = results.endpoints.get(place) {
                notes.of((endpoint, statistics), all, result);
            }
            table.notes.extend(notes.lines(0));
            table
                .notes
                .push("each participant is counted once a term, at the worst grade".to_owned());
            [Some(table), by_group(protocol, results, place)]
        })
        .flatten()
        .collect()
}

/// The same by dose level or arm, where the endpoint says so.
fn by_group(protocol: &Protocol, results: &Results, place: usize) -> Option<Table> {
    let statistics = &protocol.trial.statistics;
    let endpoint = protocol.trial.endpoints.get(place)?;
    let result = results.endpoints.get(place)?;
    let counts = |group: &GroupResult| match &group.summed {
        Summed::Counts(rows) => rows.clone(),
        _ => Vec::new(),
    };
    let all = result
        .groups
        .iter()
        .find(|group| group.assigned.is_none())?;
    let names = &results.assigned;
    let of_groups: Vec<(&Arc<str>, &GroupResult)> = names
        .iter()
        .filter_map(|name| {
            let mut found = result.groups.iter();
            let found = found.find(|group| group.assigned.as_ref() == Some(name))?;
            Some((name, found))
        })
        .collect();
    if of_groups.is_empty() {
        return None;
    }
    let heads = of_groups
        .iter()
        .map(|(name, group)| format!("{}, N = {}", level_words(protocol, name), group.size));
    let rows = counts(all).into_iter().map(|row| {
        let cells = of_groups.iter().map(|(_, group)| {
            let known = group.size.saturating_sub(group.open);
            let rows = counts(group);
            let own = rows.iter().find(|other| other.term == row.term);
            let any = own.map_or(0, |own| own.any);
            let severe = own.map_or(0, CountRow::severe);
            format!("{}; {severe}", count(any, known, statistics))
        });
        std::iter::once(terms::event(protocol, &row.term))
            .chain(cells)
            .collect()
    });
    Some(Table {
        caption: format!("{} by dose level or arm", endpoint.title),
        head: std::iter::once("Term".to_owned()).chain(heads).collect(),
        rows: rows.collect(),
        notes: vec!["any grade; behind it, how many at grade 3 or worse".to_owned()],
        ..Table::default()
    })
}

/// The worst grades of findings, a row for each endpoint.
fn worst_grades(protocol: &Protocol, results: &Results) -> Table {
    let statistics = &protocol.trial.statistics;
    let mut table = Table {
        caption: "Worst grades of findings".to_owned(),
        head: head("Finding"),
        ..Table::default()
    };
    table.head.insert(1, "N".to_owned());
    let mut notes = Notes::default();
    for (endpoint, place, all, rows) in counted(protocol, results) {
        if !matches!(endpoint.variable, Variable::WorstGrade(..)) {
            continue;
        }
        let known = all.size.saturating_sub(all.open);
        let nobody = CountRow {
            term: "".into(),
            any: 0,
            by_grade: [0; 5],
            ungraded: 0,
        };
        let row = rows.first().unwrap_or(&nobody);
        let mut cells = cells(endpoint.title.to_string(), row, known, statistics);
        cells.insert(1, known.to_string());
        table.rows.push(cells);
        if let Some(result) = results.endpoints.get(place) {
            notes.of((endpoint, statistics), all, result);
        }
    }
    let rows = table.rows.len();
    table.notes.extend(notes.lines(rows));
    if !table.rows.is_empty() {
        table.notes.push(
            "N: of how many it is known; each participant is counted once, at the worst grade"
                .to_owned(),
        );
    }
    table
}

/// The events of special interest, one a row.
fn special(protocol: &Protocol, results: &Results) -> Table {
    let mut table = Table {
        caption: "Adverse events of special interest".to_owned(),
        head: [
            "Event",
            "Participant",
            "Onset",
            "Worst grade",
            "Duration, days",
            "Resolved",
        ]
        .map(ToOwned::to_owned)
        .to_vec(),
        words: vec![1, 2, 5],
        ..Table::default()
    };
    for interest in &results.special {
        let set = protocol.sets.get(interest.set.index());
        let title = set.map_or_else(String::new, |set| match &set.title {
            Some(title) => title.to_string(),
            None => crate::doc::spoken(&set.name),
        });
        if interest.events.is_empty() {
            table.notes.push(format!("{title}: none"));
        }
        let rows = interest.events.iter().filter_map(|event| {
            let participant = results.participants.get(event.participant)?;
            let days = StudyDaysOf::new(protocol, participant);
            let exact = event.onset.filter(lind_time::When::is_exact_day);
            Some(vec![
                title.clone(),
                participant.id.to_string(),
                match (exact, event.onset) {
                    (Some(onset), _) => days.day(onset.first_day()),
                    (None, Some(onset)) => onset.to_string(),
                    (None, None) => "not known".to_owned(),
                },
                event
                    .worst
                    .map_or_else(|| "not graded".to_owned(), |grade| grade.to_string()),
                duration(event, results),
                match event.last {
                    Some(last) => days.day(last),
                    None => "no".to_owned(),
                },
            ])
        });
        table.rows.extend(rows);
    }
    if !table.rows.is_empty() {
        table.notes.push(
            "events on which an endpoint is computed; records that touch each other are one event, at its worst grade"
                .to_owned(),
        );
        table
            .notes
            .push("the first and the last day count into the duration".to_owned());
    }
    table
}

fn duration(event: &SpecialEvent, results: &Results) -> String {
    let Some(onset) = event.onset.filter(lind_time::When::is_exact_day) else {
        return "not known".to_owned();
    };
    let days = |last: lind_time::Day| onset.first_day().days_until(last).saturating_add(1);
    match (event.last, results.known_at) {
        (Some(last), _) => days(last).to_string(),
        (None, Some(known)) => format!("{} or more", days(known.last_day())),
        (None, None) => "not known".to_owned(),
    }
}

/// Grades at baseline against the worst ones behind it.
fn shifts(protocol: &Protocol, results: &Results) -> Table {
    let mut table = Table {
        caption: "Shifts from the grade at baseline to the worst grade".to_owned(),
        head: [
            "Finding",
            "At baseline",
            "Worst: grade 0",
            "1",
            "2",
            "3",
            "4",
            "5",
            "Cannot be told",
        ]
        .map(ToOwned::to_owned)
        .to_vec(),
        words: vec![1],
        ..Table::default()
    };
    for shift in &results.shifts {
        let grading = protocol.trial.gradings.get(shift.grading.index());
        let title = grading.map_or_else(String::new, |grading| grading.title.to_string());
        let baselines = (0..=5).map(Some).chain([None]);
        for baseline in baselines {
            let of: Vec<Option<u8>> = shift
                .of
                .iter()
                .filter(|(_, from, _)| *from == baseline)
                .map(|(_, _, worst)| *worst)
                .collect();
            if of.is_empty() {
                continue;
            }
            let having = |worst: Option<u8>| {
                let count = of.iter().filter(|it| **it == worst).count();
                count.to_string()
            };
            let mut cells = vec![
                title.clone(),
                baseline.map_or_else(
                    || "cannot be told".to_owned(),
                    |grade| format!("grade {grade}"),
                ),
            ];
            cells.extend((0..=5).map(Some).chain([None]).map(having));
            table.rows.push(cells);
        }
    }
    if !table.rows.is_empty() {
        table.notes.push(
            "each participant is counted once a finding; grade 0 is no finding that is graded"
                .to_owned(),
        );
    }
    table
}
