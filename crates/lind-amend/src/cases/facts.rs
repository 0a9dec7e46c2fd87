//! Facts that are asked one by one: a record is there, or it is not, each sort of record by itself.

use lind_model::plan::{FactPlan, FilterPlan, NodeKind};
use lind_model::protocol::Tense;
use lind_records::Table;
use lind_time::Day;

use super::{Cases, Joined, MOST_CASES, Made, regions};
use crate::calendar::{classes, has_length};
use crate::patient::{Patient, Row, fact_table};
use crate::questions::QuestionId;

/// The cases of a family of codes. None if a question asks for more than whether a record exists.
pub(super) fn cases(made: &Made<'_>, questions: &[QuestionId]) -> Option<Cases> {
    let mut table: Option<Table> = None;
    let mut cuts: Vec<Day> = Vec::new();
    let (mut months, mut days) = (false, false);
    let mut exact = true;
    let mut lengths = false;
    for id in questions {
        for (plan, kind, gate) in made.nodes(*id) {
            let NodeKind::Fact(fact) = kind else {
                return None;
            };
            if !is_plain(fact)
                || *table.get_or_insert(fact_table(fact.table)) != fact_table(fact.table)
            {
                return None;
            }
            cuts.extend(made.calendar.around(plan, gate));
            if let Some(window) = fact.windows().next() {
                cuts.extend(made.calendar.cuts(plan, window)?);
                lengths |= has_length(window);
                let (own_months, own_days) = classes(window);
                months |= own_months;
                days |= own_days;
            }
        }
    }
    let table = table?;
    exact &= !(months && days) && made.has_one_calendar(questions, lengths);
    let codes = regions(made, questions, table);
    let slices = made.calendar.slices(cuts);
    let mut cases = vec![Patient::nothing()];
    for code in &codes {
        for row in rows(table, code, &slices) {
            cases.push(Patient::with(row));
        }
    }
    if cases.len() > MOST_CASES {
        exact = false;
        cases.truncate(MOST_CASES);
    }
    Some(Cases {
        cases,
        joined: Joined::Any,
        places: Vec::new(),
        exact,
    })
}

/// Whether a fact asks for a record by its code and its time alone.
fn is_plain(fact: &FactPlan) -> bool {
    fact.frequency.is_none()
        && fact.such_that.is_none()
        && fact.samples.is_empty()
        && fact.measure.is_none()
        && fact.set.is_some()
        && !fact.investigational
        && fact
            .filters
            .iter()
            .all(|filter| matches!(filter, FilterPlan::Edge(..)))
        && fact.exceptions.iter().all(|(_, over)| over.is_none())
        && (fact.filters.is_empty() || fact.tense != Tense::During)
}

/// A record of a code in each slice of time; of what lasts, from each slice to each later one, or without an end.
pub(super) fn rows(table: Table, code: &str, slices: &[Day]) -> Vec<Row> {
    // What is not said of a treatment would leave open whether it is investigational.
    let row = || match table {
        Table::Treatments => Row::new(table, code).with("investigational", "no"),
        _ => Row::new(table, code),
    };
    let (begin, end) = match table {
        Table::Conditions => ("onset", Some("abatement")),
        Table::Treatments => ("start", Some("end")),
        Table::AdverseEvents => ("onset", Some("end")),
        Table::Allergies => ("onset", None),
        _ => ("time", None),
    };
    let mut found = Vec::new();
    for (place, day) in slices.iter().enumerate() {
        let begun = || row().with(begin, day.to_string());
        let Some(end) = end else {
            found.push(begun());
            continue;
        };
        found.push(begun().with("status", "active"));
        for later in slices.iter().skip(place) {
            found.push(begun().with(end, later.to_string()));
        }
    }
    found
}
