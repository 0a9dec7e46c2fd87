//! The lint for limits of which one place takes the limit itself in and another leaves it out: `less than 28
//! days` beside `within 4 weeks` for the same drug, `> 50` beside `>= 50` of the same measure.

use std::collections::BTreeMap;
use std::sync::Arc;

use lind_diagnostics::{Diagnostic, Span};
use lind_model::protocol::{
    Anchor, Condition, ConditionKind, Fact, Interval, QuantityShape, Shape, Subject, Test, Window,
};
use lind_model::{MilestoneId, SetId};
use lind_time::{Edge, Offset};
use lind_units::Exact;

use crate::analysis::Checker;
use crate::milestones::bounds;
use crate::rules;

/// What has a limit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Limited {
    /// A quantity, in the unit of its measure or formula.
    Quantity(Which, Exact),
    /// A multiple of the upper, or the lower, limit of normal.
    Multiple(Which, bool, Exact),
    /// A score.
    Score(Which, Exact),
    /// Completed years at a milestone, or at the gate.
    Age(Option<MilestoneId>, Exact),
    /// The far end of a window before a milestone, in minutes, for the records of a set.
    Days(SetId, MilestoneId, (i64, i64)),
    /// The same in half-lives.
    HalfLives(SetId, MilestoneId, Exact),
}

/// A measure or a formula, in an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Which {
    Measure(usize),
    Formula(usize),
}

impl From<Subject> for Which {
    fn from(subject: Subject) -> Self {
        match subject {
            Subject::Measure(id) => Self::Measure(id.index()),
            Subject::Formula(id) => Self::Formula(id.index()),
        }
    }
}

/// A place where a limit is stated.
#[derive(Debug, Clone)]
struct Stated {
    text: Arc<str>,
    span: Span,
    /// The limit itself belongs above it, or, of a window, to what lies farther back.
    belongs_beyond: bool,
}

/// Looks through the criteria and the terms of the file.
pub(crate) fn check(checker: &mut Checker<'_>) {
    let mut limits: BTreeMap<Limited, Vec<Stated>> = BTreeMap::new();
    let root = checker.tables.criteria.first().map(|one| one.span.file);
    for criterion in &checker.tables.criteria {
        for part in &criterion.parts {
            look(checker, part, &mut limits);
        }
    }
    for definition in checker.tables.definitions.iter().flatten() {
        if Some(definition.span.file) == root {
            look(checker, &definition.condition, &mut limits);
        }
    }
    for (limited, places) in limits {
        let Some((first, second)) = disagreeing(&places) else {
            continue;
        };
        let is_window = matches!(limited, Limited::Days(..) | Limited::HalfLives(..));
        let what = if is_window {
            "the far end of the window"
        } else {
            "the limit"
        };
        let label = |stated: &Stated| match (is_window, stated.belongs_beyond) {
            (true, true) => "leaves it out",
            (true, false) => "takes it in",
            (false, true) => "counts it above",
            (false, false) => "counts it below",
        };
        checker.sink.push(
            Diagnostic::new(
                &rules::W0624_LIMIT_ON_TWO_SIDES,
                second.span,
                format!(
                    "`{}` and `{}` do not agree on {what} itself",
                    first.text, second.text
                ),
            )
            .label(label(second))
            .also(first.span, label(first))
            .note(if is_window {
                "`less than 28 days before` leaves the 28th day out, `within 4 weeks before` takes it in"
            } else {
                "who stands exactly at the limit is on one side here and on the other there; `>=` goes with `<`, and `>` with `<=`"
            }),
        );
    }
}

/// The first place, and the first that says otherwise.
fn disagreeing(places: &[Stated]) -> Option<(&Stated, &Stated)> {
    let first = places.first()?;
    let other = places
        .iter()
        .find(|place| place.belongs_beyond != first.belongs_beyond)?;
    Some((first, other))
}

/// Collects the limits below a condition. The arms of `depending on` are alternatives of each other, which
/// may disagree.
fn look(checker: &Checker<'_>, condition: &Condition, limits: &mut BTreeMap<Limited, Vec<Stated>>) {
    let mut state = |limited: Limited, belongs_beyond: bool| {
        limits.entry(limited).or_default().push(Stated {
            text: Arc::clone(&condition.text),
            span: condition.span,
            belongs_beyond,
        });
    };
    match &condition.kind {
        ConditionKind::Value(value) => {
            let which = Which::from(value.subject);
            match &value.test {
                Test::Quantity(interval, unit) => {
                    let shape = shape_of(checker, value.subject);
                    let own = shape
                        .and_then(|shape| unit.conversion(&shape.unit, Some(&shape.analyte)).ok());
                    if let Some(own) = own {
                        ends(interval, |limit, beyond| {
                            state(Limited::Quantity(which, own.apply(limit)), beyond);
                        });
                    }
                }
                Test::Multiple { interval, upper } => ends(interval, |limit, beyond| {
                    state(Limited::Multiple(which, *upper, limit.clone()), beyond);
                }),
                Test::Score(interval) => ends(interval, |limit, beyond| {
                    state(Limited::Score(which, limit.clone()), beyond);
                }),
                Test::Reference { .. }
                | Test::Levels(_)
                | Test::Results(_)
                | Test::Tags(..)
                | Test::Own { .. } => {}
            }
        }
        ConditionKind::Age { at, interval } => ends(interval, |limit, beyond| {
            state(Limited::Age(*at, limit.clone()), beyond);
        }),
        ConditionKind::Fact(fact) => {
            if let Some((limited, beyond)) = far_end(fact) {
                state(limited, beyond);
            }
            if let Some(such_that) = &fact.such_that {
                look(checker, &such_that.condition, limits);
            }
        }
        ConditionKind::List(_, parts) => parts.iter().for_each(|part| look(checker, part, limits)),
        ConditionKind::Guarded(guard, body) => {
            if let Some(condition) = &guard.condition {
                look(checker, condition, limits);
            }
            look(checker, body, limits);
        }
        ConditionKind::At(_, body) | ConditionKind::With(_, body) => look(checker, body, limits),
        ConditionKind::Choice(choice) => {
            for case in &choice.cases {
                look(checker, &case.when, limits);
                look(checker, &case.then, limits);
            }
            if let Some(otherwise) = &choice.otherwise {
                look(checker, otherwise, limits);
            }
        }
        ConditionKind::IfUnknown(rule) => look(checker, &rule.condition, limits),
        _ => {}
    }
}

/// The shape of a quantity.
fn shape_of<'c>(checker: &'c Checker<'_>, subject: Subject) -> Option<&'c QuantityShape> {
    match subject {
        Subject::Measure(id) => match &checker.measure(id)?.shape {
            Shape::Quantity(shape) => Some(shape),
            _ => None,
        },
        Subject::Formula(id) => {
            let formula = checker.tables.formulas.get(id.index())?.as_ref()?;
            Some(&formula.result)
        }
    }
}

/// The ends of an interval, each with whether the end itself belongs above it. Exactly one value has no sides.
fn ends(interval: &Interval, mut state: impl FnMut(&Exact, bool)) {
    if let (Some((low, _)), Some((high, _))) = (&interval.low, &interval.high)
        && low == high
    {
        return;
    }
    if let Some((low, closed)) = &interval.low {
        state(low, *closed);
    }
    if let Some((high, closed)) = &interval.high {
        state(high, !closed);
    }
}

/// The far end of the window of a fact before a milestone.
fn far_end(fact: &Fact) -> Option<(Limited, bool)> {
    let set = fact.set?;
    match fact.window.as_ref()? {
        Window::Around {
            anchor: Anchor::Milestone(milestone),
            window,
            ..
        } => {
            let (offset, belongs_beyond): (Offset, bool) = match (window.from, window.to) {
                (Edge::At { offset, closed }, Edge::At { .. }) => (offset, !closed),
                (Edge::Unbounded, Edge::At { offset, closed }) => (offset, closed),
                _ => return None,
            };
            offset.is_negative().then(|| {
                let back = bounds(offset.negate());
                (Limited::Days(set, *milestone, back), belongs_beyond)
            })
        }
        Window::HalfLives {
            anchor: Anchor::Milestone(milestone),
            count,
            closed,
            beyond,
        } => Some((
            Limited::HalfLives(set, *milestone, count.clone()),
            closed == beyond,
        )),
        _ => None,
    }
}
