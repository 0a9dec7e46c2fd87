//! Who the patient is, and what people answered.

use std::collections::BTreeSet;

use lind_model::plan::NodeKind;
use lind_records::Table;
use lind_time::Day;

use super::{Cases, Joined, Made};
use crate::patient::{Patient, Row};
use crate::questions::{QuestionId, Sort};

/// The oldest patient, in completed years.
const OLDEST: i64 = 110;

/// The age that is tried first.
const USUAL: i64 = 45;

/// Sex and age: every age in years that a limit tells from another, with and without a birthday between the
/// milestones.
pub(super) fn cases(made: &Made<'_>, questions: &[QuestionId]) -> Cases {
    let sort = |wanted: Sort| {
        questions
            .iter()
            .filter_map(|id| made.questions.get(*id))
            .any(|question| question.sort == wanted || (wanted == Sort::Age && question.reads.age))
    };
    let sexes: Vec<Option<&'static str>> = if sort(Sort::Sex) {
        vec![Some("female"), Some("male"), Some("other"), None]
    } else {
        vec![None]
    };
    let born = if sort(Sort::Age) {
        births(made, questions)
    } else {
        vec![None]
    };
    let mut cases = Vec::with_capacity(sexes.len().saturating_mul(born.len()));
    for sex in &sexes {
        for born in &born {
            cases.push(Patient {
                sex: *sex,
                born: *born,
                rows: Vec::new(),
            });
        }
    }
    // With one moment at which age is counted, the age then is all there is.
    let moments: BTreeSet<&str> = questions
        .iter()
        .flat_map(|id| made.nodes(*id))
        .filter_map(|(plan, kind, gate)| match kind {
            NodeKind::Age { at, .. } => made.calendar.name(plan, at.unwrap_or(gate)),
            _ => None,
        })
        .collect();
    Cases {
        cases,
        joined: Joined::OneOf,
        places: Vec::new(),
        exact: moments.len() <= 1,
    }
}

/// Dates of birth that tell all limits of age apart; the usual age first, and none.
pub(super) fn births(made: &Made<'_>, questions: &[QuestionId]) -> Vec<Option<Day>> {
    let mut ages: BTreeSet<i64> = BTreeSet::from([0, USUAL, OLDEST]);
    for id in questions {
        for (_, kind, _) in made.nodes(*id) {
            if let NodeKind::Age { interval, .. } = kind {
                for (end, _) in [&interval.low, &interval.high].into_iter().flatten() {
                    let Some(age) = end.floor() else { continue };
                    ages.extend([age - 1, age, age + 1]);
                }
            }
        }
    }
    ages.retain(|age| (0..=OLDEST).contains(age));
    let mut order: Vec<i64> = ages.into_iter().collect();
    order.sort_by_key(|age| (age - USUAL).abs());
    let first = made.calendar.first();
    let mut born = Vec::new();
    for age in order {
        let birthday = first.add_months(-12 * age, lind_time::MonthEnd::LastDay);
        if let Some((day, _)) = birthday {
            // Half a year after the birthday, on it, and the day before it.
            born.extend(day.add_days(-180).map(Some));
            born.push(Some(day));
            born.extend(day.add_days(1).map(Some));
        }
    }
    born.push(None);
    born
}

/// How many gates a question to a person may be asked at.
const MOST_GATES: usize = 4;

/// A question to a person: yes, no, or no answer, as it stands at each gate at which it is asked. None if several
/// questions have one name.
pub(super) fn answers(made: &Made<'_>, questions: &[QuestionId]) -> Option<Cases> {
    let id = questions.first()?;
    let question = made.questions.get(*id)?;
    let mut items = question.reads.codes.iter();
    let (_, item) = items.next()?;
    // What is answered after one gate is known at a later one.
    let mut days: BTreeSet<Day> = BTreeSet::new();
    for (plan, _, gate) in questions.iter().flat_map(|id| made.nodes(*id)) {
        days.insert(made.calendar.day(plan, gate)?);
    }
    // With one gate it does not matter when it was answered.
    if days.len() <= 1 {
        days = BTreeSet::from([made.calendar.first()]);
    }
    let mut exact = items.next().is_none() && days.len() <= MOST_GATES;
    exact &= days.len() <= 1 || made.moments(questions).is_some();
    let given = |answer: &str, day: &Day| {
        Row::new(Table::Attestations, &**item)
            .with("answer", answer)
            .with("time", day.to_string())
    };
    let mut cases = vec![Patient::nothing()];
    for day in days.iter().take(MOST_GATES) {
        cases = ["yes", "no", ""]
            .into_iter()
            .flat_map(|answer| {
                cases.iter().map(move |case| {
                    let mut case = case.clone();
                    case.rows
                        .extend((!answer.is_empty()).then(|| given(answer, day)));
                    case
                })
            })
            .collect();
    }
    Some(Cases {
        cases,
        joined: Joined::OneOf,
        places: Vec::new(),
        exact,
    })
}
