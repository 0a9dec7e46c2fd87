//! What may have been meant by a part that is no unit.

use crate::{aliases, annotations};

/// Symbols that are often mistyped, beside the spellings of the tables.
const COMMON: &[&str] = &[
    "g", "mg", "ug", "ng", "pg", "kg", "L", "dL", "mL", "uL", "fL", "mol", "mmol", "umol", "nmol",
    "pmol", "U", "mU", "kat", "ukat", "s", "min", "h", "d", "wk", "mo", "a", "m", "cm", "mm", "um",
    "m2", "mm3", "kPa", "%", "meq", "kcal", "Gy", "mSv",
];

/// Spellings longer than this are not compared.
const LONGEST: usize = 32;

/// The known spelling nearest to a part, if one is near enough.
///
/// In a short symbol every letter counts, so it is compared with the common symbols alone.
pub(crate) fn spelling(part: &str) -> Option<String> {
    let letters = part.chars().count();
    if !(2..=LONGEST).contains(&letters) {
        return None;
    }
    let lower = part.to_lowercase();
    let others = aliases::spellings().chain(annotations::spellings().map(str::to_owned));
    COMMON
        .iter()
        .map(|candidate| ((*candidate).to_owned(), true))
        .chain(others.map(|candidate| (candidate, letters > 3)))
        .filter_map(|(candidate, may_differ)| {
            let other = candidate.to_lowercase();
            if lower == other {
                return Some((0, candidate));
            }
            let length = other.chars().count();
            let comparable = may_differ
                && length > 1
                && length.abs_diff(letters) * 3 <= letters
                && lower.chars().next() == other.chars().next();
            if !comparable {
                return None;
            }
            let distance = distance(&lower, &other);
            (distance * 3 <= letters).then_some((distance, candidate))
        })
        // Of equally near ones the first, so that the answer does not depend on chance.
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// How many letters must be inserted, removed, replaced or swapped with their neighbour.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=right.len()).collect();
    let mut previous_left = None;
    for (row, a) in left.chars().enumerate() {
        let mut current = vec![row + 1];
        let mut previous_right = None;
        for (column, b) in right.iter().copied().enumerate() {
            let at =
                |line: &[usize], place: usize| line.get(place).copied().unwrap_or(usize::MAX / 2);
            let mut best = (at(&last, column) + usize::from(a != b))
                .min(at(&last, column + 1) + 1)
                .min(at(&current, column) + 1);
            if previous_left == Some(b) && previous_right == Some(a) && column > 0 {
                best = best.min(at(&before_last, column - 1) + 1);
            }
            current.push(best);
            previous_right = Some(b);
        }
        before_last = core::mem::replace(&mut last, current);
        previous_left = Some(a);
    }
    last.last().copied().unwrap_or(0)
}
