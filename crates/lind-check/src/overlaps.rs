//! Lints that hold parts of a protocol against each other: what can never apply, what says nothing new.

use lind_diagnostics::Diagnostic;
use lind_model::protocol::{
    AlternativeContent, Anchor, Comparison, Condition, ConditionKind, Criterion, CriterionKind,
    Fact, Frequency, Quantifier, Selector, Window,
};
use lind_model::{MilestoneId, SetId};
use lind_time::Edge;

use crate::analysis::Checker;
use crate::circles::walk;
use crate::milestones::bounds;
use crate::rules;
use crate::special::{exclude_each_other, implies, members_of, same};

/// Looks through all criteria.
pub(crate) fn check(checker: &mut Checker<'_>) {
    let criteria: Vec<Criterion> = checker.tables.criteria.clone();
    for criterion in &criteria {
        for part in &criterion.parts {
            dead_exceptions(checker, part, criterion.gate);
            walk(part, &mut |condition, _| {
                exhaustive_arms(checker, condition)
            });
        }
    }
    redundant(checker, &criteria);
    excluded_already(checker, &criteria);
    pointless_permissions(checker, &criteria);
}

/// An exception for what has been over for longer than the window reaches back can never apply.
fn dead_exceptions(checker: &mut Checker<'_>, part: &Condition, gate: Option<MilestoneId>) {
    walk(part, &mut |condition, _| {
        let gate = match &part.kind {
            ConditionKind::At(own, _) => Some(*own),
            _ => gate,
        };
        let ConditionKind::Fact(fact) = &condition.kind else {
            return;
        };
        let (Some(gate), Some(reach)) = (gate, fact.window.as_ref().and_then(reach_back)) else {
            return;
        };
        if reach.0 != gate {
            return;
        }
        for except in &fact.exceptions {
            let Some(over) = except.disease_free else {
                continue;
            };
            let longer = matches!(over.comparison, Comparison::AtLeast | Comparison::MoreThan)
                && bounds(over.length).0 > reach.1;
            if longer {
                checker.sink.push(
                    Diagnostic::new(
                        &rules::W0611_DEAD_EXCEPTION,
                        condition.span,
                        format!("the exception `{}` can never apply", except.text),
                    )
                    .label("its window reaches back less far than the exception asks")
                    .note("what lies in the window has not been over for so long; make the window longer, or the exception shorter"),
                );
            }
        }
    });
}

/// The anchor of a window that ends there, and how many minutes it reaches back at most.
fn reach_back(window: &Window) -> Option<(MilestoneId, i64)> {
    match window {
        Window::Around {
            anchor: Anchor::Milestone(milestone),
            window,
            ..
        } => match window.from {
            Edge::At { offset, .. } if offset.is_negative() => {
                Some((*milestone, bounds(offset.negate()).1))
            }
            _ => None,
        },
        _ => None,
    }
}

/// `exactly 1 of` beside `at least 2 of` the same parts is `at least 1 of` them.
fn exhaustive_arms(checker: &mut Checker<'_>, condition: &Condition) {
    let ConditionKind::List(Quantifier::Any, arms) = &condition.kind else {
        return;
    };
    let counted = |arm: &Condition| match &arm.kind {
        ConditionKind::List(quantifier, parts) => {
            let most = u32::try_from(parts.len()).unwrap_or(u32::MAX);
            let range = match quantifier {
                Quantifier::All => (most, most),
                Quantifier::Any => (1, most),
                Quantifier::None => (0, 0),
                Quantifier::AtLeast(n) => (*n, most),
                Quantifier::AtMost(n) => (0, *n),
                Quantifier::Exactly(n) => (*n, *n),
            };
            Some((range, parts.clone(), most))
        }
        // `exactly 1 different X` beside `at least 2 different X`
        ConditionKind::Fact(fact) => {
            let frequency = fact.frequency?;
            let most = u32::MAX;
            let range = match frequency.quantifier {
                Quantifier::AtLeast(n) => (n, most),
                Quantifier::AtMost(n) => (0, n),
                Quantifier::Exactly(n) => (n, n),
                Quantifier::All | Quantifier::Any | Quantifier::None => return None,
            };
            let counted = Frequency {
                quantifier: Quantifier::Any,
                ..frequency
            };
            let plain = Condition {
                kind: ConditionKind::Fact(Box::new(Fact {
                    frequency: Some(counted),
                    ..(**fact).clone()
                })),
                ..arm.clone()
            };
            Some((range, vec![plain.clone(), plain], most))
        }
        _ => None,
    };
    for (place, second) in arms.iter().enumerate() {
        let Some((range, parts, most)) = counted(second) else {
            continue;
        };
        for first in arms.iter().take(place) {
            let Some((other, others, _)) = counted(first) else {
                continue;
            };
            let same_parts = parts.len() > 1
                && parts.len() == others.len()
                && parts
                    .iter()
                    .zip(&others)
                    .all(|(one, other)| same(one, other));
            let adjoin =
                range.0 == other.1.saturating_add(1) || other.0 == range.1.saturating_add(1);
            if !same_parts || !adjoin {
                continue;
            }
            let least = range.0.min(other.0);
            let whole = range.1.max(other.1) == most;
            if !whole {
                continue;
            }
            let together = if least == 0 {
                "always so".to_owned()
            } else {
                format!("`at least {least} of` these")
            };
            checker.sink.push(
                Diagnostic::new(
                    &rules::W0613_EXHAUSTIVE_ARMS,
                    second.span,
                    format!("these two alternatives together are {together}"),
                )
                .label("one alternative")
                .also(first.span, "the other")
                .note("if something else is asked of either, it belongs below that alternative"),
            );
        }
    }
}

/// How many criteria are held against each other; of more, the lint says nothing.
const MOST_CRITERIA: usize = 500;

/// A criterion that another one implies, at the same gate and for everybody; each is told of once.
fn redundant(checker: &mut Checker<'_>, criteria: &[Criterion]) {
    let plain: Vec<(&Criterion, &Condition)> = criteria
        .iter()
        .filter(|criterion| criterion.guard.is_none() && criterion.term.is_none())
        .filter_map(|criterion| match criterion.parts.as_slice() {
            [part] if !names_a_gate(part) => Some((criterion, part)),
            _ => None,
        })
        .collect();
    if plain.len() > MOST_CRITERIA {
        return;
    }
    for (place, (other, wider)) in plain.iter().enumerate() {
        let implied_by = |(other_place, (one, part)): (usize, &(&Criterion, &Condition))| {
            if place == other_place || one.kind != other.kind || one.gate != other.gate {
                return false;
            }
            // Whoever passes `one` passes `other`.
            let (strict, loose) = match one.kind {
                CriterionKind::Inclusion => (*part, *wider),
                CriterionKind::Exclusion => (*wider, *part),
                CriterionKind::Commitment => return false,
            };
            // Of two that say the same, the second says nothing new.
            implies(&checker.tables, strict, loose)
                && (other_place < place || !implies(&checker.tables, loose, strict))
        };
        let Some((_, (one, _))) = plain.iter().enumerate().find(|pair| implied_by(*pair)) else {
            continue;
        };
        checker.sink.push(
            Diagnostic::new(
                &rules::W0614_REDUNDANT_CRITERION,
                other.span,
                format!("whoever passes `{}` passes `{}`", one.id, other.id),
            )
            .label("says nothing new")
            .also(one.span, "asks as much, or more"),
        );
    }
}

/// A part of an exclusion that an inclusion at the same gate leaves nobody for.
fn excluded_already(checker: &mut Checker<'_>, criteria: &[Criterion]) {
    if criteria.len() > MOST_CRITERIA {
        return;
    }
    let for_everybody = |criterion: &&Criterion| criterion.guard.is_none();
    let of_kind = |kind: CriterionKind| {
        criteria
            .iter()
            .filter(for_everybody)
            .filter(move |criterion| criterion.kind == kind)
            .flat_map(|criterion| {
                let parts = criterion.parts.iter();
                let gated = parts.flat_map(|part| match &part.kind {
                    ConditionKind::At(gate, inner) => vec![(Some(*gate), &**inner)],
                    _ => vec![(criterion.gate, part)],
                });
                gated.map(move |(gate, part)| (criterion, gate, part))
            })
            .collect::<Vec<_>>()
    };
    let required: Vec<_> = of_kind(CriterionKind::Inclusion)
        .into_iter()
        .map(|(criterion, gate, part)| (criterion, gate, with_latest(part)))
        .collect();
    let mut found = Vec::new();
    for (criterion, gate, part) in of_kind(CriterionKind::Exclusion) {
        let alternatives = match &part.kind {
            ConditionKind::List(Quantifier::Any, parts) => parts.iter().collect(),
            _ => vec![part],
        };
        for alternative in alternatives {
            let alternative = with_latest(alternative);
            let by = required.iter().find(|(_, at, required)| {
                *at == gate && exclude_each_other(required, &alternative)
            });
            if let Some((inclusion, _, required)) = by {
                found.push((criterion, alternative.span, *inclusion, required.span));
            }
        }
    }
    for (exclusion, span, inclusion, required) in found {
        checker.sink.push(
            Diagnostic::new(
                &rules::W0614_REDUNDANT_CRITERION,
                span,
                format!(
                    "whoever passes `{}` is not excluded by this part of `{}`",
                    inclusion.id, exclusion.id
                ),
            )
            .label("says nothing new")
            .also(required, "nobody is left for it")
            .note(
                "the same limit in both lists is changed in one of them only by the next amendment",
            ),
        );
    }
}

/// A value without a clause around it is the latest.
fn with_latest(condition: &Condition) -> Condition {
    let mut condition = condition.clone();
    match &mut condition.kind {
        ConditionKind::Value(value) => {
            value.selector = value.selector.or(Some(Selector::Latest));
        }
        ConditionKind::List(_, parts) => {
            for part in parts {
                *part = with_latest(part);
            }
        }
        _ => {}
    }
    condition
}

fn names_a_gate(condition: &Condition) -> bool {
    let mut found = false;
    walk(condition, &mut |condition, _| {
        found |= matches!(condition.kind, ConditionKind::At(..));
    });
    found
}

/// A permission for what nothing forbids.
fn pointless_permissions(checker: &mut Checker<'_>, criteria: &[Criterion]) {
    let mut read: Vec<(Option<SetId>, lind_model::protocol::FactTable)> = Vec::new();
    let mut note = |fact: &Fact| read.push((fact.set, fact.table));
    let mut rules_of_samples = Vec::new();
    let mut look = |condition: &Condition| {
        walk(condition, &mut |condition, _| match &condition.kind {
            ConditionKind::Fact(fact) => note(fact),
            ConditionKind::With(usage, _) => {
                let sets = usage.samples.iter().flat_map(|rule| rule.without.iter());
                rules_of_samples.extend(sets.copied());
            }
            _ => {}
        });
    };
    for criterion in criteria {
        criterion.parts.iter().for_each(&mut look);
        let guard = criterion.guard.as_ref();
        if let Some(condition) = guard.and_then(|guard| guard.condition.as_ref()) {
            look(condition);
        }
    }
    for definition in checker.tables.definitions.iter().flatten() {
        look(&definition.condition);
    }
    let alternatives = checker.tables.readings.iter().flatten();
    for alternative in alternatives.flat_map(|reading| &reading.alternatives) {
        if let AlternativeContent::Condition(condition) = &alternative.content {
            look(condition);
        }
    }
    let touches = |one: SetId, other: SetId| {
        members_of(&checker.tables, one, other) || members_of(&checker.tables, other, one)
    };
    let mut pointless = Vec::new();
    for criterion in criteria {
        for permission in &criterion.allowed {
            let Some(set) = permission.set else { continue };
            let table = checker
                .tables
                .sets
                .get(set.index())
                .and_then(Option::as_ref)
                .map(|set| set.table);
            let forbidden = read.iter().any(|(read, of)| match read {
                Some(read) => touches(*read, set),
                None => Some(*of) == table,
            }) || rules_of_samples.iter().any(|read| touches(*read, set));
            if !forbidden {
                let name = checker
                    .tables
                    .sets
                    .get(set.index())
                    .and_then(Option::as_ref)
                    .map(|set| set.name.clone());
                pointless.push((permission.span, name.unwrap_or_default()));
            }
        }
    }
    for (span, name) in pointless {
        checker.sink.push(
            Diagnostic::new(
                &rules::W0612_POINTLESS_PERMISSION,
                span,
                format!("nothing in this protocol forbids `{name}`"),
            )
            .label("allowed, and by nothing forbidden")
            .note("a permission answers a rule that could be read otherwise; perhaps that rule is missing"),
        );
    }
}
