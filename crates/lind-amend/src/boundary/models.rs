//! Patients to begin with, where the limits of a protocol alone do not show enough: so many records that their number
//! counts, and results at a time of the day.

use std::collections::BTreeMap;
use std::sync::Arc;

use lind_model::plan::{FactPlan, NodeKind, Plan};
use lind_model::protocol::{Counted, Interval, Measure, Quantifier, Shape, Subject, Test};
use lind_records::Table;
use lind_units::Exact;

use super::explore::{step, written};
use crate::calendar::Calendar;
use crate::patient::{Patient, Row, fact_table};
use crate::questions::{Question, Questions, Side, Which};

/// How far apart records lie that are counted, in days.
const APART: [i64; 2] = [10, 40];

/// The most records that are made of one thing.
const MOST_RECORDS: u32 = 12;

/// The most patients that are made for one measure.
const MOST_OF_MEASURE: usize = 64;

/// Patients who have what is counted, and results at times of the day.
pub(super) fn models(side: &Side, questions: &Questions, calendar: &Calendar) -> Vec<Patient> {
    let plan = &side.plan;
    let mut found = Vec::new();
    let mut timed: BTreeMap<&str, Vec<Vec<Row>>> = BTreeMap::new();
    for question in &questions.all {
        let place = question.nodes.get(Which::New.index()).copied().flatten();
        let Some((node, gate)) = place else { continue };
        match plan.node(node).map(|node| &node.kind) {
            Some(NodeKind::Fact(fact)) => {
                found.extend(
                    APART
                        .iter()
                        .filter_map(|apart| counted(plan, question, fact, calendar, *apart)),
                );
            }
            Some(NodeKind::Value(value)) => {
                let Subject::Measure(measure) = value.subject else {
                    continue;
                };
                let Some(measure) = plan.protocol.measures.get(measure.index()) else {
                    continue;
                };
                let milestone = plan.protocol.milestones.get(gate.index());
                let is_timed = milestone.is_some_and(|milestone| milestone.timed);
                let day = calendar.day(plan, gate).unwrap_or(calendar.gate);
                let time = if is_timed {
                    day.add_days(-1).map(|day| format!("{day}T12:00"))
                } else {
                    Some(day.to_string())
                };
                let rows = values(measure, &value.test);
                let on = |row: Row| Some(row.with("time", time.clone()?));
                let rows: Vec<Row> = rows.into_iter().filter_map(on).collect();
                timed.entry(&measure.name).or_default().push(rows);
            }
            _ => {}
        }
    }
    for lists in timed.values() {
        let is_timed = |row: &Row| row.text("time").contains('T');
        if lists.iter().flatten().any(is_timed) {
            found.extend(together(lists));
        }
    }
    found
}

/// One result of each list, in every way; a list may also have none.
fn together(lists: &[Vec<Row>]) -> Vec<Patient> {
    let mut found = vec![Patient::nothing()];
    for list in lists {
        let mut more = Vec::new();
        for patient in &found {
            for row in list {
                let mut other = patient.clone();
                other.rows.push(row.clone());
                more.push(other);
            }
        }
        found.extend(more);
        found.truncate(MOST_OF_MEASURE);
    }
    found.retain(|patient| !patient.rows.is_empty());
    found
}

/// Somebody with as many records as are asked for.
fn counted(
    plan: &Plan,
    question: &Question,
    fact: &FactPlan,
    calendar: &Calendar,
    apart: i64,
) -> Option<Patient> {
    let frequency = fact.frequency?;
    let count = match frequency.quantifier {
        Quantifier::AtLeast(count) | Quantifier::Exactly(count) => count,
        Quantifier::AtMost(count) => count.saturating_add(1),
        Quantifier::All | Quantifier::Any | Quantifier::None => 1,
    };
    if count > MOST_RECORDS {
        return None;
    }
    let table = fact_table(fact.table);
    let codes = codes(plan, question, fact, table, frequency.counted);
    let mut rows = Vec::new();
    let days = (1..=i64::from(count)).map(|place| calendar.gate.add_days(-apart * place));
    for (place, day) in days.enumerate() {
        let day = day?.to_string();
        let code = codes.get(place % codes.len().max(1))?;
        let row = Row::new(table, &**code);
        rows.push(match table {
            Table::Conditions => row.with("onset", &day).with("abatement", &day),
            Table::Treatments => row
                .with("investigational", "no")
                .with("start", &day)
                .with("end", &day)
                .with("line", (place + 1).to_string()),
            Table::AdverseEvents => row.with("onset", &day).with("end", &day),
            Table::Allergies => row.with("onset", &day),
            Table::Observations => {
                let measure = plan.protocol.measures.get(fact.measure?.index())?;
                let test = fact.filters.iter().find_map(|filter| match filter {
                    lind_model::plan::FilterPlan::Value { test, .. } => Some(test),
                    _ => None,
                });
                values(measure, test?).first()?.clone().with("time", &day)
            }
            _ => row.with("time", &day),
        });
    }
    Some(Patient {
        rows,
        ..Patient::nothing()
    })
}

/// Codes of what is counted; where different things count, one of each.
fn codes(
    plan: &Plan,
    question: &Question,
    fact: &FactPlan,
    table: Table,
    counted: Counted,
) -> Vec<Arc<str>> {
    let whole = |code: &Arc<str>| Arc::from(code.trim_end_matches('*'));
    let sets = &plan.protocol.sets;
    let set = fact.set.and_then(|set| sets.get(set.index()));
    let members = set.filter(|_| counted == Counted::Different);
    let of_members: Vec<Arc<str>> = members
        .into_iter()
        .flat_map(|set| &set.members)
        .filter_map(|member| sets.get(member.index())?.codes.first())
        .map(whole)
        .collect();
    if !of_members.is_empty() {
        return of_members;
    }
    let own = set.and_then(|set| set.codes.first()).map(whole);
    let read = question.reads.codes.iter();
    let any = read.filter(|(own, _)| *own == table).map(|(_, code)| code);
    own.into_iter().chain(any.map(whole)).take(1).collect()
}

/// Results on and beside the limits of a test, without their time.
fn values(measure: &Measure, test: &Test) -> Vec<Row> {
    let code = measure
        .codes
        .iter()
        .find(|code| code.contains('|') && !code.ends_with('*'));
    let about = code.unwrap_or(&measure.name);
    let mut row = Row::new(Table::Observations, &**about);
    if let Some(specimen) = &measure.specimen {
        row = row.with("specimen", &**specimen);
    }
    let ends = |interval: &Interval| -> Vec<Exact> {
        let ends = [&interval.low, &interval.high].into_iter().flatten();
        ends.map(|(end, _)| end.clone()).collect()
    };
    let around = |end: &Exact, step: &Exact, unit: &str| -> Vec<Row> {
        [end.clone(), end.sub(step), end.add(step)]
            .iter()
            .filter_map(written)
            .map(|value| row.clone().with("value", value).with("unit", unit))
            .collect()
    };
    match (&measure.shape, test) {
        (Shape::Quantity(_), Test::Quantity(interval, unit)) => ends(interval)
            .iter()
            .flat_map(|end| around(end, &step(end), unit.code()))
            .collect(),
        (Shape::Score { step, .. }, Test::Score(interval)) => {
            let step = step
                .as_ref()
                .map_or_else(|| Exact::from_integer(1), lind_units::Decimal::to_exact);
            let ends = ends(interval);
            let rows = ends.iter().flat_map(|end| around(end, &step, "{score}"));
            rows.collect()
        }
        (Shape::Ordinal(words) | Shape::Coded(words), _) => words
            .iter()
            .map(|word| row.clone().with("result", &**word))
            .collect(),
        _ => Vec::new(),
    }
}
