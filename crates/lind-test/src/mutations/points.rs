//! Sums of points: the limit, each line left out, and what it is worth.

use lind_model::plan::{NodeKind, PointsChangePlan, PointsPlan};
use lind_model::protocol::Direction;
use lind_units::Exact;

use crate::mutations::changes::direction_word;
use crate::mutations::intervals::intervals;
use crate::mutations::{Variant, becomes};

/// Another limit, a line less, a line that is worth a point more.
pub(super) fn sums(points: &PointsPlan) -> Vec<Variant> {
    // A recorded sum would be tested with the limit as it was.
    let lines = points.parts.get(..points.lines.len()).unwrap_or_default();
    let kind = |points: PointsPlan| NodeKind::Points(Box::new(points));
    let mut variants: Vec<Variant> =
        intervals(&points.interval, Some(&Exact::one()), None, "points")
            .into_iter()
            .map(|changed| {
                let other = PointsPlan {
                    interval: changed.interval,
                    parts: lines.to_vec(),
                    ..points.clone()
                };
                Variant::new(changed.change, kind(other))
            })
            .collect();
    for (index, (name, _, worth)) in points.lines.iter().enumerate() {
        let mut rest = points.clone();
        rest.lines.remove(index);
        rest.parts.remove(index);
        variants.push(Variant::new(
            format!("the line `{name}` is left out"),
            kind(rest),
        ));
        let mut more = points.clone();
        if let Some((_, _, place)) = more.lines.get_mut(index) {
            *place = place.add(&Exact::one());
        }
        let words = |worth: &Exact| format!("{} points", worth.to_decimal_text(4));
        let change = becomes(&words(worth), &words(&worth.add(&Exact::one())));
        variants.push(Variant::new(
            format!("in the line `{name}`, {change}"),
            kind(more),
        ));
    }
    variants
}

/// Another amount, another direction, a line less, a line that is worth a point more.
pub(super) fn changes(change: &PointsChangePlan) -> Vec<Variant> {
    let kind = |change: PointsChangePlan| NodeKind::PointsChange(Box::new(change));
    let unit = if change.relative {
        "% relative"
    } else {
        "points"
    };
    let step = (!change.relative).then(Exact::one);
    let mut variants: Vec<Variant> = intervals(&change.by, step.as_ref(), None, unit)
        .into_iter()
        .map(|changed| {
            let other = PointsChangePlan {
                by: changed.interval,
                ..change.clone()
            };
            Variant::new(changed.change, kind(other))
        })
        .collect();
    for direction in [Direction::Falls, Direction::Rises, Direction::Changes] {
        if direction != change.direction {
            let other = PointsChangePlan {
                direction,
                ..change.clone()
            };
            let words = becomes(direction_word(change.direction), direction_word(direction));
            variants.push(Variant::new(words, kind(other)));
        }
    }
    let count = change.lines.len();
    for (index, (name, _, worth)) in change.lines.iter().enumerate() {
        let mut rest = change.clone();
        rest.lines.remove(index);
        if index.saturating_add(count) < rest.parts.len() {
            rest.parts.remove(index.saturating_add(count));
            rest.parts.remove(index);
        }
        variants.push(Variant::new(
            format!("the line `{name}` is left out"),
            kind(rest),
        ));
        let mut more = change.clone();
        if let Some((_, _, place)) = more.lines.get_mut(index) {
            *place = place.add(&Exact::one());
        }
        let words = |worth: &Exact| format!("{} points", worth.to_decimal_text(4));
        let other = becomes(&words(worth), &words(&worth.add(&Exact::one())));
        variants.push(Variant::new(
            format!("in the line `{name}`, {other}"),
            kind(more),
        ));
    }
    variants
}
