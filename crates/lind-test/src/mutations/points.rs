//! Sums of points: the limit, each line left out, and what it is worth.

use lind_model::plan::{NodeKind, PointsPlan};
use lind_units::Exact;

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
