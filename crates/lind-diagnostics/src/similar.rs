//! "Did you mean …?"

/// The most differences that still count as a slip.
const MOST: usize = 3;

/// The candidate that was most likely meant by `word`, if one is near enough.
///
/// Near means a Damerau-Levenshtein distance of at most a third of the longer word (at least one,
/// at most three), ignoring case, or one word being a part of the other. Ties go to the first
/// candidate, so the answer does not depend on anything but the order given.
///
/// ```
/// use lind_diagnostics::closest;
/// assert_eq!(closest("exclution", ["inclusion", "exclusion"]), Some("exclusion"));
/// assert_eq!(closest("xyz", ["inclusion", "exclusion"]), None);
/// ```
#[must_use]
pub fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = word.to_lowercase();
    let mut best: Option<(usize, &'a str)> = None;
    for candidate in candidates {
        let Some(rank) = rank(&lower, &candidate.to_lowercase()) else {
            continue;
        };
        if best.is_none_or(|(least, _)| rank < least) {
            best = Some((rank, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// How near two words are, the nearest first; `None` if they are not near.
fn rank(left: &str, right: &str) -> Option<usize> {
    let (left_length, right_length) = (left.chars().count(), right.chars().count());
    let longer = left_length.max(right_length);
    // The distance is at least the difference in length. Asking first keeps a word of a million
    // characters from being compared letter by letter.
    if left_length.abs_diff(right_length) <= MOST {
        let distance = strsim::damerau_levenshtein(left, right);
        if distance <= (longer / 3).clamp(1, MOST) {
            return Some(distance);
        }
    }
    let part = |inner: &str, outer: &str| inner.len() >= 3 && outer.contains(inner);
    (part(left, right) || part(right, left)).then_some(MOST + 1)
}

#[cfg(test)]
mod tests {
    use super::closest;

    #[test]
    fn slips_parts_and_case_are_near() {
        assert_eq!(closest("creatinin", ["creatinine"]), Some("creatinine"));
        assert_eq!(closest("ANC", ["alc", "anc"]), Some("anc"));
        assert_eq!(
            closest("bilirubin", ["total_bilirubin"]),
            Some("total_bilirubin")
        );
        assert_eq!(closest("mg", ["kg", "mL"]), Some("kg"));
    }

    #[test]
    fn a_slip_is_nearer_than_a_part_and_ties_go_to_the_first() {
        assert_eq!(closest("alt", ["salt_intake", "ast"]), Some("ast"));
        assert_eq!(closest("xlt", ["alt", "blt"]), Some("alt"));
    }

    #[test]
    fn strangers_are_not_near() {
        assert_eq!(closest("", ["alt"]), None);
        assert_eq!(closest("x", ["alt"]), None);
        assert_eq!(closest("alt", []), None);
        assert_eq!(closest(&"a".repeat(1_000_000), ["alt", "ast"]), None);
    }
}
