//! Questions about one value with several limits: what is answered to one bounds what is answered to another.
//!
//! Whoever has a clearance of at least 45 mL/min has one of at least 30 mL/min, however a clearance is computed: this is
//! known of values of which not all cases can be listed.

use lind_model::plan::{NodeKind, Plan};
use lind_model::protocol::{ChangeMode, Compared, Interval, QuantityShape, Selector, Test};
use lind_model::{MilestoneId, Truth};
use lind_units::{Exact, Unit};

use crate::meaning::{Meaning, Meanings, Reader};
use crate::questions::QuestionId;

/// A value that is asked about, and between which limits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Limited {
    /// Which value it is: all that is asked but the limits.
    value: Meaning,
    /// The limits, in a unit that does not depend on how they are written.
    interval: Interval,
    /// Whether it is one value, so that whatever does not lie within some limits lies outside of them.
    is_one: bool,
}

/// Of one answer and another: the first is no nearer to *met* than the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Bound {
    pub(crate) less: QuestionId,
    pub(crate) more: QuestionId,
    /// Whether the opposite of the first is meant.
    not_less: bool,
    /// Whether the opposite of the second is meant.
    not_more: bool,
}

impl Bound {
    /// Whether these answers can stand together.
    pub(crate) fn allows(self, less: Truth, more: Truth) -> bool {
        let turned = |truth: Truth, is_turned: bool| if is_turned { truth.not() } else { truth };
        let place = |truth: Truth| match truth {
            Truth::False => Some(0),
            Truth::Open(_) => Some(1),
            Truth::True => Some(2),
            Truth::NotApplicable => None,
        };
        let less = place(turned(less, self.not_less));
        let more = place(turned(more, self.not_more));
        less.zip(more).is_none_or(|(less, more)| less <= more)
    }
}

/// What the limits of some questions say of each other.
pub(crate) fn bounds(limited: &[(QuestionId, &Limited)]) -> Vec<Bound> {
    let mut found = Vec::new();
    for (place, (one, first)) in limited.iter().enumerate() {
        for (other, second) in limited.iter().skip(place.saturating_add(1)) {
            if first.value != second.value {
                continue;
            }
            let mut add = |less, more, not_less, not_more| {
                found.push(Bound {
                    less,
                    more,
                    not_less,
                    not_more,
                });
            };
            let (a, b) = (&first.interval, &second.interval);
            if lies_within(a, b) {
                add(*one, *other, false, false);
            }
            if lies_within(b, a) {
                add(*other, *one, false, false);
            }
            if first.is_one && second.is_one {
                if are_apart(a, b) {
                    add(*one, *other, false, true);
                }
                if are_all(a, b) {
                    add(*one, *other, true, false);
                }
            }
        }
    }
    found
}

/// Whether all numbers of one interval belong to another.
fn lies_within(inner: &Interval, outer: &Interval) -> bool {
    let low = match (&inner.low, &outer.low) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some((inner, own)), Some((outer, its))) => {
            inner > outer || inner == outer && (*its || !*own)
        }
    };
    let high = match (&inner.high, &outer.high) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some((inner, own)), Some((outer, its))) => {
            inner < outer || inner == outer && (*its || !*own)
        }
    };
    low && high
}

/// Whether no number belongs to both.
fn are_apart(one: &Interval, other: &Interval) -> bool {
    let ends_before = |first: &Interval, second: &Interval| match (&first.high, &second.low) {
        (Some((high, closed)), Some((low, also_closed))) => {
            high < low || high == low && !(*closed && *also_closed)
        }
        _ => false,
    };
    ends_before(one, other) || ends_before(other, one)
}

/// Whether every number belongs to one of them.
fn are_all(one: &Interval, other: &Interval) -> bool {
    let meet = |lower: &Interval, upper: &Interval| match (&lower.high, &upper.low) {
        (Some((high, closed)), Some((low, also_closed))) => {
            lower.low.is_none()
                && upper.high.is_none()
                && (low < high || low == high && (*closed || *also_closed))
        }
        _ => false,
    };
    meet(one, other) || meet(other, one)
}

/// The value that a condition asks about, and its limits; none if it asks for anything else.
pub(crate) fn limited(
    reader: &mut Reader<'_>,
    plan: &Plan,
    kind: &NodeKind,
    gate: MilestoneId,
    all: &mut Meanings,
) -> Option<Limited> {
    match kind {
        NodeKind::Value(value) => {
            let (sort, interval) = match &value.test {
                Test::Quantity(interval, unit) => {
                    let shape = reader.shape(value.subject)?;
                    let interval = converted(interval, |end| {
                        unit.convert(end, &shape.unit, Some(&shape.analyte)).ok()
                    });
                    ("quantity".to_owned(), interval?)
                }
                Test::Multiple { interval, upper } => {
                    (format!("multiple {upper}"), interval.clone())
                }
                Test::Score(interval) => ("score".to_owned(), interval.clone()),
                Test::Own {
                    interval,
                    reference,
                } => (
                    format!("own {}", reader.at(reference, all)),
                    interval.clone(),
                ),
                _ => return None,
            };
            let text = reader.value(value, &sort, gate, all);
            Some(Limited {
                value: all.number(text),
                interval,
                is_one: !matches!(value.selector, Selector::Any | Selector::Every),
            })
        }
        NodeKind::Points(points) => {
            // A recorded sum is one of the parts, with limits of its own.
            let recorded = points.parts.get(points.lines.len());
            let recorded = recorded.and_then(|id| plan.node(*id));
            let recorded = match recorded {
                Some(node) => Some(limited(reader, plan, &node.kind, gate, all)?.value),
                None => None,
            };
            let text = reader.points(points, &format!("{recorded:?}"), gate);
            Some(Limited {
                value: all.number(text),
                interval: points.interval.clone(),
                is_one: true,
            })
        }
        NodeKind::Change(change) if change.lasting.is_none() => {
            let (mode, interval) = match &change.mode {
                ChangeMode::Relative => ("relative", change.by.clone()),
                ChangeMode::Points => ("points", change.by.clone()),
                ChangeMode::Absolute(unit) => {
                    let shape = reader.shape(change.subject)?;
                    ("absolute", difference(shape, unit, &change.by)?)
                }
            };
            let text = reader.change(change, mode, gate, all);
            Some(Limited {
                value: all.number(text),
                interval,
                // There may be several earlier values.
                is_one: matches!(change.between, Compared::FromTo(..)),
            })
        }
        _ => None,
    }
}

/// How much a change comes to in the unit of what is measured.
pub(crate) fn difference(shape: &QuantityShape, unit: &Unit, by: &Interval) -> Option<Interval> {
    let conversion = unit.conversion(&shape.unit, Some(&shape.analyte)).ok()?;
    converted(by, |end| Some(conversion.apply_difference(end)))
}

fn converted(interval: &Interval, convert: impl Fn(&Exact) -> Option<Exact>) -> Option<Interval> {
    let end = |end: &Option<(Exact, bool)>| match end {
        Some((value, belongs)) => convert(value).map(|value| Some((value, *belongs))),
        None => Some(None),
    };
    Some(Interval {
        low: end(&interval.low)?,
        high: end(&interval.high)?,
    })
}
