//! Sums of points in words.

use lind_model::Truth;
use lind_model::plan::PointsPlan;

use crate::explain::lists::settles;
use crate::explain::recorder::{Telling, Told};
use crate::explain::words::{listed, number, relation, spoken};
use crate::trace::Note;

/// `child pugh 7 points, from ascites 2 …`
pub(crate) fn points(
    plan: &PointsPlan,
    notes: &[Note<'_>],
    parts: &[Told],
    truth: Truth,
) -> Telling {
    let bounds = notes.iter().find_map(|note| match note {
        Note::Points { low, high } => Some((low, high)),
        _ => None,
    });
    let Some((low, high)) = bounds else {
        return Telling::because("its points are not added up");
    };
    let with = |wanted: &dyn Fn(Truth) -> bool| -> Vec<String> {
        plan.lines
            .iter()
            .zip(parts)
            .filter(|(_, part)| wanted(part.truth()))
            .map(|((label, _, worth), _)| format!("{} {}", spoken(label), number(worth)))
            .collect()
    };
    let holding = with(&|truth| truth == Truth::True);
    let open = with(&|truth| truth.is_open());
    let sum = if low == high {
        number(low)
    } else {
        format!("{} to {}", number(low), number(high))
    };
    let from = if holding.is_empty() {
        "from no line".to_owned()
    } else {
        format!("from {}", listed(&holding))
    };
    let mut because = format!("{} {sum} points, {from}", spoken(&plan.name));
    if !open.is_empty() {
        because = format!("{because}; open: {}", listed(&open));
    }
    let undecided = low > high || (plan.interval.contains(low) != plan.interval.contains(high));
    if let Some(recorded) = parts.get(plan.lines.len())
        && undecided
        && !truth.is_open()
    {
        because = format!("{} (as recorded; {because})", recorded.reason);
    } else if !truth.is_open() {
        let failed = truth == Truth::False;
        let below = failed
            && plan
                .interval
                .low
                .as_ref()
                .is_some_and(|(end, _)| low <= end);
        let words = relation(&plan.interval, below, failed && !below, &|limit| {
            number(limit)
        });
        because = format!("{because}: the sum {words}");
    }
    let settle = listed(&settles(parts.get(..plan.lines.len()).unwrap_or(parts)));
    Telling {
        because,
        settle: Some(settle)
            .filter(|settle| !settle.is_empty())
            .or_else(|| {
                truth
                    .is_open()
                    .then(|| format!("the lines of {}", spoken(&plan.name)))
            }),
        ..Telling::default()
    }
}
