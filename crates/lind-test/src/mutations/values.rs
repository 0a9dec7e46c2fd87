//! Conditions: values, changes, facts, ages.

use std::sync::Arc;

use lind_model::plan::{
    ChangePlan, FactPlan, FilterPlan, NodeKind, Plan, PointsPlan, RecordPlan, RecordQuestionPlan,
    SamplePlan, ValuePlan,
};
use lind_model::protocol::{
    ChangeMode, Counted, Direction, Evidence, Frequency, Interval, RecordEdge, Selector, Shape,
    Steady, Subject, Tense, Test, Window,
};
use lind_units::Exact;

use crate::mutations::intervals::{Scale, intervals};
use crate::mutations::windows::{lastings, lengths_of, windows};
use crate::mutations::{Variant, becomes, choices, lists};

/// Nobody is older.
const OLDEST: i64 = 150;

/// Other conditions in place of one.
pub(super) fn variants(plan: &Plan, kind: &NodeKind) -> Vec<Variant> {
    match kind {
        NodeKind::List(quantifier, parts) => lists::list(plan, *quantifier, parts),
        NodeKind::Guarded(guard, body) => lists::guarded(guard, *body),
        NodeKind::Age { at, interval } => {
            let years = Scale {
                first: Exact::zero(),
                last: Exact::from_integer(OLDEST),
                step: Exact::one(),
            };
            let changed = intervals(interval, Some(&years.step), Some(&years), "years");
            changed
                .into_iter()
                .map(|changed| Variant {
                    is_equivalent: changed.is_equivalent,
                    ..Variant::new(
                        changed.change,
                        NodeKind::Age {
                            at: *at,
                            interval: changed.interval,
                        },
                    )
                })
                .collect()
        }
        NodeKind::Fact(fact) => facts(plan, fact),
        NodeKind::Record(record) => records(plan, record),
        NodeKind::Value(value) => values(plan, value),
        NodeKind::Change(change) => changes(plan, change),
        NodeKind::Points(points) => sums(points),
        NodeKind::Choice(choice) => choices::choice(plan, choice),
        NodeKind::IfUnknown { node, met, why } => choices::if_unknown(*node, *met, why),
        NodeKind::Settled(met) => choices::settled(*met),
        // A question has no limit, and nothing in it could be otherwise.
        NodeKind::Judged(_)
        | NodeKind::Committed(_)
        | NodeKind::Happened(_)
        | NodeKind::Nothing => Vec::new(),
    }
}

fn values(plan: &Plan, value: &ValuePlan) -> Vec<Variant> {
    let kind = |value: ValuePlan| NodeKind::Value(Box::new(value));
    let mut variants = Vec::new();
    for (change, test, is_equivalent) in tests(plan, value.subject, &value.test) {
        variants.push(Variant {
            is_equivalent,
            ..Variant::new(
                change,
                kind(ValuePlan {
                    test,
                    ..value.clone()
                }),
            )
        });
    }
    let selector = match value.selector {
        Selector::Highest => Some(Selector::Lowest),
        Selector::Lowest => Some(Selector::Highest),
        Selector::Any => Some(Selector::Every),
        Selector::Every => Some(Selector::Any),
        Selector::First => Some(Selector::Latest),
        Selector::Latest | Selector::Worst => None,
    };
    if let Some(selector) = selector {
        let change = becomes(selector_word(value.selector), selector_word(selector));
        let other = ValuePlan {
            selector,
            ..value.clone()
        };
        variants.push(Variant::new(change, kind(other)));
    }
    for (change, window) in own_window(plan, value.window.as_ref()) {
        let other = ValuePlan {
            window: Some(window),
            ..value.clone()
        };
        variants.push(Variant::new(change, kind(other)));
    }
    if !value.provenance.is_empty() {
        let other = ValuePlan {
            provenance: Vec::new(),
            ..value.clone()
        };
        let change = "the source of the values is left out".to_owned();
        variants.push(Variant::new(change, kind(other)));
    }
    if let Some(evidence) = &value.evidence {
        for least in [
            evidence.least.saturating_add(1),
            evidence.least.saturating_sub(1),
        ] {
            // One value there must always be.
            if least == 0 {
                continue;
            }
            let other = ValuePlan {
                evidence: Some(Evidence {
                    least,
                    ..evidence.clone()
                }),
                ..value.clone()
            };
            let words = |count: u32| format!("at least {count} values");
            variants.push(Variant::new(
                becomes(&words(evidence.least), &words(least)),
                kind(other),
            ));
        }
    }
    for (change, samples) in samples(plan, &value.samples) {
        let other = ValuePlan {
            samples,
            ..value.clone()
        };
        variants.push(Variant::new(change, kind(other)));
    }
    variants
}

/// Another limit of a sum of points.
fn sums(points: &PointsPlan) -> Vec<Variant> {
    // A recorded sum would be tested with the limit as it was.
    let lines = points.parts.get(..points.lines.len()).unwrap_or_default();
    intervals(&points.interval, Some(&Exact::one()), None, "points")
        .into_iter()
        .map(|changed| {
            Variant::new(
                changed.change,
                NodeKind::Points(Box::new(PointsPlan {
                    interval: changed.interval,
                    parts: lines.to_vec(),
                    ..points.clone()
                })),
            )
        })
        .collect()
}

fn selector_word(selector: Selector) -> &'static str {
    match selector {
        Selector::Latest => "latest",
        Selector::First => "first",
        Selector::Highest => "highest",
        Selector::Lowest => "lowest",
        Selector::Worst => "worst",
        Selector::Any => "any",
        Selector::Every => "every",
    }
}

fn own_window(plan: &Plan, window: Option<&Window>) -> Vec<(String, Window)> {
    window.map_or_else(Vec::new, |window| windows(plan, window))
}

/// Sample rules with one left out, or its window changed.
fn samples(plan: &Plan, samples: &[SamplePlan]) -> Vec<(String, Vec<SamplePlan>)> {
    let mut others = Vec::new();
    for (index, rule) in samples.iter().enumerate() {
        let mut rest = samples.to_vec();
        rest.remove(index);
        others.push((format!("`{}` is left out", rule.text), rest));
        for (change, window) in windows(plan, &rule.window) {
            let mut changed = samples.to_vec();
            if let Some(place) = changed.get_mut(index) {
                place.window = window;
            }
            others.push((format!("around the sample, {change}"), changed));
        }
    }
    others
}

/// Tests in place of one; whether each is proven to mean the same.
fn tests(plan: &Plan, subject: Subject, test: &Test) -> Vec<(String, Test, bool)> {
    let shape = match subject {
        Subject::Measure(id) => plan.protocol.measures.get(id.index()),
        Subject::Formula(_) => None,
    }
    .map(|measure| &measure.shape);
    match test {
        Test::Quantity(interval, unit) => {
            let written = match unit.written() {
                "1" => "",
                written => written,
            };
            intervals(interval, None, None, written)
                .into_iter()
                .map(|changed| {
                    let test = Test::Quantity(changed.interval, unit.clone());
                    (changed.change, test, false)
                })
                .collect()
        }
        Test::Multiple { interval, upper } => {
            // Factors are written as whole numbers and meant as what they are: a tenth is a step.
            let step = Exact::from_ratio(1, 10);
            let unit = if *upper { "x ULN" } else { "x LLN" };
            intervals(interval, step.as_ref(), None, unit)
                .into_iter()
                .map(|changed| {
                    let test = Test::Multiple {
                        interval: changed.interval,
                        upper: *upper,
                    };
                    (changed.change, test, false)
                })
                .collect()
        }
        Test::Score(interval) => {
            let scale = match shape {
                Some(Shape::Score {
                    lowest,
                    highest,
                    step: Some(step),
                }) => Some(Scale {
                    first: lowest.to_exact(),
                    last: highest.to_exact(),
                    step: step.to_exact(),
                }),
                _ => None,
            };
            let step = scale.as_ref().map(|scale| scale.step.clone());
            intervals(interval, step.as_ref(), scale.as_ref(), "points")
                .into_iter()
                .map(|changed| {
                    (
                        changed.change,
                        Test::Score(changed.interval),
                        changed.is_equivalent,
                    )
                })
                .collect()
        }
        Test::Reference { outside } => {
            let words = |outside: bool| if outside { "outside" } else { "within" };
            let change = becomes(words(*outside), words(!outside));
            vec![(change, Test::Reference { outside: !outside }, false)]
        }
        Test::Levels(levels) => levels_of(shape, levels),
        Test::Results(results) => results_of(shape, results),
    }
}

/// Each level of the test left out, and its neighbours on the scale taken in.
fn levels_of(shape: Option<&Shape>, levels: &[usize]) -> Vec<(String, Test, bool)> {
    let Some(Shape::Ordinal(names)) = shape else {
        return Vec::new();
    };
    let words = |levels: &[usize]| {
        let names: Vec<&str> = levels
            .iter()
            .filter_map(|level| names.get(*level).map(|name| &**name))
            .collect();
        format!("is {}", names.join(" or "))
    };
    let mut others: Vec<Vec<usize>> = Vec::new();
    if levels.len() > 1 {
        for index in 0..levels.len() {
            let mut rest = levels.to_vec();
            rest.remove(index);
            others.push(rest);
        }
    }
    for level in 0..names.len() {
        let is_neighbour = levels.iter().any(|own| own.abs_diff(level) == 1);
        if is_neighbour && !levels.contains(&level) {
            let mut more = levels.to_vec();
            more.push(level);
            more.sort_unstable();
            others.push(more);
        }
    }
    others
        .into_iter()
        .map(|other| {
            let change = becomes(&words(levels), &words(&other));
            (change, Test::Levels(other), false)
        })
        .collect()
}

/// All other results in place of those of the test.
fn results_of(shape: Option<&Shape>, results: &[Arc<str>]) -> Vec<(String, Test, bool)> {
    let Some(Shape::Coded(all)) = shape else {
        return Vec::new();
    };
    let rest: Vec<Arc<str>> = all
        .iter()
        .filter(|result| !results.contains(result))
        .cloned()
        .collect();
    let change = becomes(
        &format!("is {}", results.join(" or ")),
        &format!("is {}", rest.join(" or ")),
    );
    vec![(change, Test::Results(rest), false)]
}

fn changes(plan: &Plan, change: &ChangePlan) -> Vec<Variant> {
    let kind = |change: ChangePlan| NodeKind::Change(Box::new(change));
    let unit = match &change.mode {
        ChangeMode::Relative => "% relative".to_owned(),
        ChangeMode::Absolute(unit) => unit.written().to_owned(),
        ChangeMode::Points => "points".to_owned(),
    };
    let mut variants: Vec<Variant> = intervals(&change.by, None, None, &unit)
        .into_iter()
        .map(|changed| {
            let other = ChangePlan {
                by: changed.interval,
                ..change.clone()
            };
            Variant::new(changed.change, kind(other))
        })
        .collect();
    let directions: &[Direction] = match change.direction {
        Direction::Falls => &[Direction::Rises, Direction::Changes],
        Direction::Rises => &[Direction::Falls, Direction::Changes],
        Direction::Changes => &[Direction::Falls, Direction::Rises],
    };
    for direction in directions {
        let other = ChangePlan {
            direction: *direction,
            ..change.clone()
        };
        let words = becomes(direction_word(change.direction), direction_word(*direction));
        variants.push(Variant::new(words, kind(other)));
    }
    for (words, window) in windows(plan, &change.window) {
        let other = ChangePlan {
            window,
            ..change.clone()
        };
        variants.push(Variant::new(words, kind(other)));
    }
    for (words, samples) in samples(plan, &change.samples) {
        let other = ChangePlan {
            samples,
            ..change.clone()
        };
        variants.push(Variant::new(words, kind(other)));
    }
    variants
}

fn direction_word(direction: Direction) -> &'static str {
    match direction {
        Direction::Falls => "falls",
        Direction::Rises => "rises",
        Direction::Changes => "changes",
    }
}

fn facts(plan: &Plan, fact: &FactPlan) -> Vec<Variant> {
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
        variants.push(Variant::new(change, kind(other)));
    }
    for (change, frequency) in frequencies(fact.frequency) {
        let other = FactPlan {
            frequency,
            ..fact.clone()
        };
        variants.push(Variant::new(change, kind(other)));
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
    variants
}

/// What is said of a record that has a name: another limit, or the opposite.
fn records(plan: &Plan, record: &RecordPlan) -> Vec<Variant> {
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
        Counted::Different => others.push(("`different` is left out".to_owned(), plain)),
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
        FilterPlan::Field(_, values) => format!("with {}", values.join(" or ")),
        FilterPlan::Dose { .. } => "with dose".to_owned(),
        FilterPlan::TotalDose { .. } => "with total dose".to_owned(),
        FilterPlan::Stretch { lasting, .. } => format!("for {}", lasting.length),
        FilterPlan::Steady(steady) if steady.may_fall => "dose not raised".to_owned(),
        FilterPlan::Steady(_) => "dose stable".to_owned(),
        FilterPlan::Lasting(lasting) => format!("for {}", lasting.length),
        FilterPlan::InTotal(lasting) => format!("for {} in total", lasting.length),
        FilterPlan::DiseaseFree(lasting) => format!("disease-free for {}", lasting.length),
        FilterPlan::Edge(RecordEdge::Begin, _) => "begun".to_owned(),
        FilterPlan::Edge(RecordEdge::End, _) => "ended".to_owned(),
    }
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
        FilterPlan::Field(..) => Vec::new(),
        FilterPlan::Dose {
            interval,
            unit,
            equivalence,
        } => doses(interval, unit.written())
            .into_iter()
            .map(|(change, interval)| {
                let filter = FilterPlan::Dose {
                    interval,
                    unit: unit.clone(),
                    equivalence: *equivalence,
                };
                (change, filter)
            })
            .collect(),
        FilterPlan::TotalDose {
            interval,
            unit,
            equivalence,
        } => doses(interval, unit.written())
            .into_iter()
            .map(|(change, interval)| {
                let filter = FilterPlan::TotalDose {
                    interval,
                    unit: unit.clone(),
                    equivalence: *equivalence,
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
        FilterPlan::Lasting(lasting) => of_lasting(*lasting, FilterPlan::Lasting),
        FilterPlan::InTotal(lasting) => of_lasting(*lasting, FilterPlan::InTotal),
        FilterPlan::DiseaseFree(lasting) => of_lasting(*lasting, FilterPlan::DiseaseFree),
        FilterPlan::Edge(edge, window) => windows(plan, window)
            .into_iter()
            .map(|(change, window)| (change, FilterPlan::Edge(*edge, window)))
            .collect(),
    }
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
