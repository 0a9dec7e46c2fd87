//! Facts and what is said of records.

use std::sync::Arc;

use lind_model::EquivalenceId;
use lind_model::plan::{FactPlan, FilterPlan, NodeKind, Plan, RecordPlan, RecordQuestionPlan};
use lind_model::protocol::{
    Counted, FactField, Frequency, Interval, Quantifier, RecordEdge, Steady, Subject, Tense,
    TimeOfDay,
};
use lind_units::Unit;

use crate::mutations::equivalent::{never_ends, same_count};
use crate::mutations::intervals::intervals;
use crate::mutations::values::{own_window, tests};
use crate::mutations::windows::{lastings, lengths_of, windows};
use crate::mutations::{Variant, becomes, lists};

/// Another count, another tense, fewer filters and exceptions, another window.
pub(super) fn facts(plan: &Plan, fact: &FactPlan) -> Vec<Variant> {
    let kind = |fact: FactPlan| NodeKind::Fact(Box::new(fact));
    let mut variants = Vec::new();
    let has = |negated: bool| if negated { "has no" } else { "has" };
    variants.push(Variant::new(
        becomes(has(fact.negated), has(!fact.negated)),
        kind(FactPlan {
            negated: !fact.negated,
            ..fact.clone()
        }),
    ));
    let tense = match fact.tense {
        Tense::Now => Some((Tense::Ever, becomes("now", "ever"))),
        Tense::Ever => Some((Tense::Now, becomes("ever", "now"))),
        Tense::During => None,
    };
    if let Some((tense, change)) = tense {
        let other = FactPlan {
            tense,
            ..fact.clone()
        };
        variants.push(Variant::new(change, kind(other)).equivalent_if(never_ends(fact)));
    }
    for (change, frequency) in frequencies(fact.frequency) {
        let is_same = fact
            .frequency
            .zip(frequency)
            .is_some_and(|(one, other)| same_count(one, other));
        let other = FactPlan {
            frequency,
            ..fact.clone()
        };
        variants.push(Variant::new(change, kind(other)).equivalent_if(is_same));
    }
    if let Some(such_that) = &fact.such_that {
        let other = FactPlan {
            such_that: None,
            ..fact.clone()
        };
        let change = format!("what is said of {} is left out", such_that.name);
        // Of everything it is asked whether nothing is true of it.
        let is_every = fact
            .frequency
            .is_some_and(|frequency| frequency.quantifier == Quantifier::All);
        if !is_every {
            variants.push(Variant::new(change, kind(other)));
        }
    }
    if fact.investigational {
        let other = FactPlan {
            investigational: false,
            ..fact.clone()
        };
        let change = "`investigational` is left out".to_owned();
        variants.push(Variant::new(change, kind(other)));
    }
    for (index, filter) in fact.filters.iter().enumerate() {
        let mut rest = fact.clone();
        rest.filters.remove(index);
        let change = format!("`{}` is left out", filter_word(filter));
        variants.push(Variant::new(change, kind(rest)));
        for (change, filter) in filters(plan, filter) {
            let mut other = fact.clone();
            if let Some(place) = other.filters.get_mut(index) {
                *place = filter;
            }
            variants.push(Variant::new(change, kind(other)));
        }
    }
    for (index, (set, disease_free)) in fact.exceptions.iter().enumerate() {
        let name = plan
            .protocol
            .sets
            .get(set.index())
            .map_or("", |set| &set.name);
        let mut rest = fact.clone();
        rest.exceptions.remove(index);
        variants.push(Variant::new(
            format!("`except {name}` is left out"),
            kind(rest),
        ));
        let Some(lasting) = disease_free else {
            continue;
        };
        let mut always = fact.clone();
        if let Some(exception) = always.exceptions.get_mut(index) {
            exception.1 = None;
        }
        variants.push(Variant::new(
            format!("of `except {name}`, `disease-free` is left out"),
            kind(always),
        ));
        for (change, lasting) in lastings(*lasting) {
            let mut other = fact.clone();
            if let Some(exception) = other.exceptions.get_mut(index) {
                exception.1 = Some(lasting);
            }
            variants.push(Variant::new(
                format!("of `except {name}`, {change}"),
                kind(other),
            ));
        }
    }
    for (change, window) in own_window(plan, fact.window.as_ref()) {
        let other = FactPlan {
            window: Some(window),
            ..fact.clone()
        };
        variants.push(Variant::new(change, kind(other)));
    }
    if fact.tense == Tense::During {
        let other = FactPlan {
            tense: Tense::Ever,
            window: None,
            ..fact.clone()
        };
        variants.push(Variant::new(
            "the window is left out".to_owned(),
            kind(other),
        ));
    }
    variants
}

/// What is said of a record that has a name: another limit, or the opposite.
pub(super) fn records(plan: &Plan, record: &RecordPlan) -> Vec<Variant> {
    let kind = |record: RecordPlan| NodeKind::Record(Box::new(record));
    match &record.question {
        RecordQuestionPlan::Filter(filter) => filters(plan, filter)
            .into_iter()
            .map(|(change, filter)| {
                let question = RecordQuestionPlan::Filter(filter);
                let other = RecordPlan {
                    question,
                    ..record.clone()
                };
                Variant::new(change, kind(other))
            })
            .collect(),
        RecordQuestionPlan::Member(_)
        | RecordQuestionPlan::Shares(..)
        | RecordQuestionPlan::Same(_) => {
            let words = |negated| if negated { "is not so" } else { "is so" };
            let other = RecordPlan {
                negated: !record.negated,
                ..record.clone()
            };
            let change = becomes(words(record.negated), words(other.negated));
            vec![Variant::new(change, kind(other))]
        }
    }
}

/// How many records are asked for: one more, one fewer, counted otherwise.
fn frequencies(frequency: Option<Frequency>) -> Vec<(String, Option<Frequency>)> {
    let Some(own) = frequency else {
        return Vec::new();
    };
    let mut others: Vec<(String, Option<Frequency>)> = lists::counts(own.quantifier)
        .into_iter()
        .map(|quantifier| {
            let change = becomes(
                &lists::count_words(own.quantifier),
                &lists::count_words(quantifier),
            );
            (change, Some(Frequency { quantifier, ..own }))
        })
        .collect();
    let plain = Some(Frequency {
        counted: Counted::Records,
        ..own
    });
    match own.counted {
        Counted::Records => {}
        Counted::Lines => others.push(("`lines of` is left out".to_owned(), plain)),
        Counted::Different => others.push(("`different` is left out".to_owned(), plain)),
        Counted::Consecutive => others.push(("`consecutive` is left out".to_owned(), plain)),
        Counted::Apart(lasting) => {
            others.push((format!("`{} apart` is left out", lasting.length), plain));
            others.extend(lastings(lasting).into_iter().map(|(change, lasting)| {
                let counted = Counted::Apart(lasting);
                (change, Some(Frequency { counted, ..own }))
            }));
        }
    }
    others
}

fn filter_word(filter: &FilterPlan) -> String {
    match filter {
        FilterPlan::Field(
            field @ (FactField::Related | FactField::Serious | FactField::DoseLimiting),
            values,
        ) => attribute(*field, is_yes(values)).to_owned(),
        FilterPlan::Grade(least, most) => format!("with {}", grade_range(*least, *most)),
        FilterPlan::Field(_, values) => format!("with {}", values.join(" or ")),
        FilterPlan::Value { .. } => "the test of the value".to_owned(),
        FilterPlan::Line(..) => "with line".to_owned(),
        FilterPlan::TimeOfDay(time) => format!("with time of day {time}"),
        FilterPlan::Dose { .. } => "with dose".to_owned(),
        FilterPlan::TotalDose { .. } => "with total dose".to_owned(),
        FilterPlan::Stretch { lasting, .. } => format!("for {}", lasting.length),
        FilterPlan::Steady(steady) if steady.may_fall => "dose not raised".to_owned(),
        FilterPlan::Steady(_) => "dose stable".to_owned(),
        FilterPlan::Lasting(lasting) => format!("for {}", lasting.length),
        FilterPlan::InTotal(lasting) => format!("for {} in total", lasting.length),
        FilterPlan::Edge(RecordEdge::Begin, _) => "begun".to_owned(),
        FilterPlan::Edge(RecordEdge::End, _) => "ended".to_owned(),
        FilterPlan::DiseaseFree(lasting) => format!("disease-free for {}", lasting.length),
    }
}

/// Either end a minute earlier or later.
pub(super) fn times_of_day(own: TimeOfDay) -> Vec<(String, TimeOfDay)> {
    let moved = |minute: u16, by: i32| -> u16 {
        let minute = (i32::from(minute) + by).rem_euclid(1_440);
        u16::try_from(minute).unwrap_or_default()
    };
    [(-1, 0), (1, 0), (0, -1), (0, 1)]
        .into_iter()
        .map(|(from, to)| {
            let other = TimeOfDay {
                from: moved(own.from, from),
                to: moved(own.to, to),
            };
            (becomes(&own.to_string(), &other.to_string()), other)
        })
        .collect()
}

/// Filters in place of one.
fn filters(plan: &Plan, filter: &FilterPlan) -> Vec<(String, FilterPlan)> {
    match filter {
        FilterPlan::Field(field, values) if values.len() > 1 => (0..values.len())
            .filter_map(|index| {
                let mut rest = values.clone();
                let value = rest.get(index).cloned()?;
                rest.remove(index);
                Some((
                    format!("`{value}` is left out"),
                    FilterPlan::Field(*field, rest),
                ))
            })
            .collect(),
        FilterPlan::Field(
            field @ (FactField::Related | FactField::Serious | FactField::DoseLimiting),
            values,
        ) => {
            let yes = is_yes(values);
            let change = becomes(attribute(*field, yes), attribute(*field, !yes));
            let turned = if yes { "no" } else { "yes" };
            vec![(change, FilterPlan::Field(*field, vec![Arc::from(turned)]))]
        }
        FilterPlan::Field(..) => Vec::new(),
        FilterPlan::Grade(least, most) => grades(*least, *most),
        FilterPlan::TimeOfDay(time) => times_of_day(*time)
            .into_iter()
            .map(|(change, time)| (change, FilterPlan::TimeOfDay(time)))
            .collect(),
        FilterPlan::Value { measure, test } => tests(plan, Subject::Measure(*measure), test)
            .into_iter()
            .map(|(change, test, _)| {
                let measure = *measure;
                (change, FilterPlan::Value { measure, test })
            })
            .collect(),
        FilterPlan::Line(least, most) => lines(*least, *most),
        FilterPlan::Dose {
            interval,
            unit,
            equivalence,
        } => other_doses(plan, interval, unit, *equivalence)
            .map(|(change, interval, equivalence)| {
                let filter = FilterPlan::Dose {
                    interval,
                    unit: unit.clone(),
                    equivalence,
                };
                (change, filter)
            })
            .collect(),
        FilterPlan::TotalDose {
            interval,
            unit,
            equivalence,
        } => other_doses(plan, interval, unit, *equivalence)
            .map(|(change, interval, equivalence)| {
                let filter = FilterPlan::TotalDose {
                    interval,
                    unit: unit.clone(),
                    equivalence,
                };
                (change, filter)
            })
            .collect(),
        FilterPlan::Stretch { lasting, gap } => {
            let gap = *gap;
            let lengths = of_lasting(*lasting, |lasting| FilterPlan::Stretch { lasting, gap });
            let gaps = lengths_of(gap).into_iter().map(|(change, gap)| {
                let lasting = *lasting;
                (change, FilterPlan::Stretch { lasting, gap })
            });
            lengths.into_iter().chain(gaps).collect()
        }
        FilterPlan::Steady(steady) => {
            let other = Steady {
                may_fall: !steady.may_fall,
                ..steady.clone()
            };
            let change = if steady.may_fall {
                becomes("not raised", "stable")
            } else {
                becomes("stable", "not raised")
            };
            let moved = windows(plan, &steady.window)
                .into_iter()
                .map(|(change, window)| {
                    let other = Steady {
                        window,
                        ..steady.clone()
                    };
                    (change, FilterPlan::Steady(other))
                });
            std::iter::once((change, FilterPlan::Steady(other)))
                .chain(moved)
                .collect()
        }
        FilterPlan::Edge(edge, window) => windows(plan, window)
            .into_iter()
            .map(|(change, window)| (change, FilterPlan::Edge(*edge, window)))
            .collect(),
        FilterPlan::Lasting(lasting) => of_lasting(*lasting, FilterPlan::Lasting),
        FilterPlan::InTotal(lasting) => of_lasting(*lasting, FilterPlan::InTotal),
        FilterPlan::DiseaseFree(lasting) => of_lasting(*lasting, FilterPlan::DiseaseFree),
    }
}

/// The same limit, without converting other drugs.
fn unconverted(
    plan: &Plan,
    interval: &Interval,
    equivalence: Option<EquivalenceId>,
) -> Option<(String, Interval, Option<EquivalenceId>)> {
    let table = plan.protocol.equivalences.get(equivalence?.index())?;
    let change = format!("`as {}` is left out", table.name);
    Some((change, interval.clone(), None))
}

/// Other limits of a dose, and the same limit without its conversion.
fn other_doses(
    plan: &Plan,
    interval: &Interval,
    unit: &Unit,
    equivalence: Option<EquivalenceId>,
) -> impl Iterator<Item = (String, Interval, Option<EquivalenceId>)> {
    doses(interval, unit.written())
        .into_iter()
        .map(move |(change, interval)| (change, interval, equivalence))
        .chain(unconverted(plan, interval, equivalence))
}

fn doses(interval: &Interval, unit: &str) -> Vec<(String, Interval)> {
    intervals(interval, None, None, unit)
        .into_iter()
        .map(|changed| (changed.change, changed.interval))
        .collect()
}

fn of_lasting(
    lasting: lind_model::protocol::Lasting,
    filter: impl Fn(lind_model::protocol::Lasting) -> FilterPlan,
) -> Vec<(String, FilterPlan)> {
    lastings(lasting)
        .into_iter()
        .map(|(change, lasting)| (change, filter(lasting)))
        .collect()
}

/// Other lines of treatment.
fn lines(least: u8, most: Option<u8>) -> Vec<(String, FilterPlan)> {
    let mut others = Vec::new();
    let range = |least: u8, most: Option<u8>| match most {
        Some(most) if most == least => format!("line {least}"),
        Some(most) => format!("line {least} to {most}"),
        None => format!("line {least} or later"),
    };
    let own = range(least, most);
    let mut other = |low: u8, high: Option<u8>| {
        others.push((
            becomes(&own, &range(low, high)),
            FilterPlan::Line(low, high),
        ));
    };
    other(
        least.saturating_add(1),
        most.map(|most| most.max(least.saturating_add(1))),
    );
    if least > 1 {
        other(least - 1, most);
    }
    if let Some(most) = most {
        other(least, Some(most.saturating_add(1)));
    }
    others
}

fn is_yes(values: &[Arc<str>]) -> bool {
    values.iter().any(|value| **value == *"yes")
}

/// What somebody judged of an adverse event, in the words of the language.
fn attribute(field: FactField, yes: bool) -> &'static str {
    match (field, yes) {
        (FactField::Serious, true) => "serious",
        (FactField::Serious, false) => "not serious",
        (FactField::DoseLimiting, true) => "judged dose-limiting",
        (FactField::DoseLimiting, false) => "judged not dose-limiting",
        (_, true) => "related to treatment",
        (_, false) => "not related to treatment",
    }
}

fn grade_range(least: u8, most: u8) -> String {
    match (least, most) {
        (least, most) if least == most => format!("grade {least}"),
        (least, HIGHEST_GRADE) => format!("grade at least {least}"),
        (0, most) => format!("grade at most {most}"),
        (least, most) => format!("grade {least} to {most}"),
    }
}

/// The highest grade there is.
const HIGHEST_GRADE: u8 = 5;

/// Grades whose either end is one higher or lower.
fn grades(least: u8, most: u8) -> Vec<(String, FilterPlan)> {
    let own = grade_range(least, most);
    let mut others = Vec::new();
    let mut other = |low: u8, high: u8| {
        let change = becomes(&own, &grade_range(low, high));
        others.push((change, FilterPlan::Grade(low, high)));
    };
    if least > 0 {
        other(least - 1, most);
    }
    if least < most && least > 0 {
        other(least + 1, most);
    }
    if most < HIGHEST_GRADE {
        other(least, most + 1);
    }
    if least < most && most < HIGHEST_GRADE {
        other(least, most - 1);
    }
    others
}
