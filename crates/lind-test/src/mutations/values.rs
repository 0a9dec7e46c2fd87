//! Conditions: values, changes, ages.

use std::sync::Arc;

use lind_model::plan::{NodeKind, Plan, SamplePlan, ValuePlan};
use lind_model::protocol::{Evidence, Selector, Shape, Subject, TagRule, Test, Window};
use lind_units::Exact;

use crate::mutations::changes::{changes, values as values_at};
use crate::mutations::equivalent::{plausible, same_between};
use crate::mutations::facts::times_of_day;
use crate::mutations::intervals::{Scale, intervals};
use crate::mutations::windows::windows;
use crate::mutations::{Variant, becomes, choices, facts, lists, points, spells};

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
        NodeKind::Fact(fact) => facts::facts(plan, fact),
        NodeKind::Record(record) => facts::records(plan, record),
        NodeKind::Value(value) => values(plan, value),
        NodeKind::Change(change) => changes(plan, change),
        NodeKind::Points(points) => points::sums(points),
        NodeKind::PointsChange(change) => points::changes(change),
        NodeKind::Spell(found) => spells::spells(plan, found),
        NodeKind::Choice(choice) => choices::choice(plan, choice),
        NodeKind::IfUnknown { node, met, why } => choices::if_unknown(*node, *met, why),
        NodeKind::Settled(met) => choices::settled(*met),
        // A question has no limit: nobody asks it, and it counts as answered.
        NodeKind::Judged(_) => unasked("the answer", &[true, false]),
        NodeKind::Committed(_) => unasked("the attestation", &[true, false]),
        // What has not taken place is never so, but still to come.
        NodeKind::Happened(milestone, window) => {
            let mut variants = unasked("the moment", &[true]);
            for (change, window) in own_window(plan, window.as_ref()) {
                let kind = NodeKind::Happened(*milestone, Some(window));
                variants.push(Variant::new(change, kind));
            }
            variants
        }
        NodeKind::Nothing => Vec::new(),
    }
}

/// Whatever the data say, it counts as met, or as not met.
fn unasked(what: &str, met: &[bool]) -> Vec<Variant> {
    let variant = |met: &bool| {
        let not = if *met { "" } else { "not " };
        let change = format!("whatever {what} is, it counts as {not}met");
        Variant::new(change, NodeKind::Settled(*met))
    };
    met.iter().map(variant).collect()
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
        Selector::Mean => Some(Selector::Latest),
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
    if let Some(time) = value.time_of_day {
        let others = times_of_day(time)
            .into_iter()
            .map(|(change, time)| (change, Some(time)));
        let left_out = ("`with time of day` is left out".to_owned(), None);
        for (change, time_of_day) in others.chain([left_out]) {
            let other = ValuePlan {
                time_of_day,
                ..value.clone()
            };
            variants.push(Variant::new(change, kind(other)));
        }
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

pub(super) fn selector_word(selector: Selector) -> &'static str {
    match selector {
        Selector::Latest => "latest",
        Selector::First => "first",
        Selector::Highest => "highest",
        Selector::Lowest => "lowest",
        Selector::Worst => "worst",
        Selector::Any => "any",
        Selector::Every => "every",
        Selector::Mean => "mean",
    }
}

pub(super) fn own_window(plan: &Plan, window: Option<&Window>) -> Vec<(String, Window)> {
    window.map_or_else(Vec::new, |window| windows(plan, window))
}

/// Sample rules with one left out, or its window changed.
pub(super) fn samples(plan: &Plan, samples: &[SamplePlan]) -> Vec<(String, Vec<SamplePlan>)> {
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
pub(super) fn tests(plan: &Plan, subject: Subject, test: &Test) -> Vec<(String, Test, bool)> {
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
            let real = plausible(plan, subject, unit);
            intervals(interval, None, None, written)
                .into_iter()
                .map(|changed| {
                    let is_same = real
                        .as_ref()
                        .is_some_and(|real| same_between(real, interval, &changed.interval));
                    let test = Test::Quantity(changed.interval, unit.clone());
                    (changed.change, test, is_same)
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
        Test::Own {
            interval,
            reference,
        } => {
            let step = Exact::from_ratio(1, 10);
            let others = intervals(interval, step.as_ref(), None, "x the earlier value");
            let factors = others.into_iter().map(|changed| {
                let test = Test::Own {
                    interval: changed.interval,
                    reference: reference.clone(),
                };
                (changed.change, test, false)
            });
            let references = values_at(plan, reference)
                .into_iter()
                .map(|(words, other)| {
                    let test = Test::Own {
                        interval: interval.clone(),
                        reference: Box::new(other),
                    };
                    (words, test, false)
                });
            factors.chain(references).collect()
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
            let bounds = match shape {
                Some(Shape::Score {
                    lowest, highest, ..
                }) => Some((lowest.to_exact(), highest.to_exact())),
                _ => None,
            };
            let step = scale.as_ref().map(|scale| scale.step.clone());
            intervals(interval, step.as_ref(), scale.as_ref(), "points")
                .into_iter()
                .map(|changed| {
                    let is_same = bounds
                        .as_ref()
                        .is_some_and(|bounds| same_between(bounds, interval, &changed.interval));
                    let test = Test::Score(changed.interval);
                    (changed.change, test, changed.is_equivalent || is_same)
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
        Test::Tags(rule, tags) => tags_of(*rule, tags),
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

/// Another question about the same tags, and one tag fewer.
fn tags_of(rule: TagRule, tags: &[Arc<str>]) -> Vec<(String, Test, bool)> {
    let word = |rule| match rule {
        TagRule::Includes => "includes",
        TagRule::IncludesNone => "includes none of",
        TagRule::Only => "is only",
    };
    let rules = [TagRule::Includes, TagRule::IncludesNone, TagRule::Only];
    let mut others: Vec<(String, Test, bool)> = rules
        .into_iter()
        .filter(|other| *other != rule)
        .map(|other| {
            let change = becomes(word(rule), word(other));
            (change, Test::Tags(other, tags.to_vec()), false)
        })
        .collect();
    if tags.len() > 1 {
        others.extend(tags.iter().map(|left_out| {
            let rest = tags.iter().filter(|tag| *tag != left_out);
            let change = format!("`{left_out}` is left out");
            (change, Test::Tags(rule, rest.cloned().collect()), false)
        }));
    }
    others
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
