//! "Did you mean …?"

/// The candidate that was most likely meant by `word`, if one is near enough.
///
/// Near means a Damerau-Levenshtein distance of at most a third of the longer word (at least one, at most
/// three), ignoring case, or one word being a part of the other. Ties go to the first candidate, so the
/// answer does not depend on anything but the order given.
///
/// ```
/// use lind_diagnostics::closest;
/// assert_eq!(closest("exclution", ["inclusion", "exclusion"]), Some("exclusion"));
/// assert_eq!(closest("xyz", ["inclusion", "exclusion"]), None);
/// ```
pub fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = word.to_lowercase();
    let mut best: Option<(usize, &'a str)> = None;
    for candidate in candidates {
        let other = candidate.to_lowercase();
        let longer = lower.chars().count().max(other.chars().count());
        let distance = strsim::damerau_levenshtein(&lower, &other);
        let contained = lower.len() >= 3
            && (other.contains(&lower) || (other.len() >= 3 && lower.contains(&other)));
        let rank = if distance <= (longer / 3).clamp(1, 3) {
            distance
        } else if contained {
            4
        } else {
            continue;
        };
        if best.is_none_or(|(least, _)| rank < least) {
            best = Some((rank, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}
