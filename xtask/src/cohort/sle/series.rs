//! Numbers of a series: straight lines between points, and small deviations that are always the same.

/// What a straight line between the points gives on a day; before the first and after the last it stays level.
pub(super) fn between(points: &[(i64, i64)], day: i64) -> i64 {
    let mut before: Option<(i64, i64)> = None;
    for &(at, value) in points {
        match before {
            Some((from, start)) if day < at => {
                return start + (value - start) * (day - from) / (at - from).max(1);
            }
            None if day < at => return value,
            _ => before = Some((at, value)),
        }
    }
    before.map_or(0, |(_, value)| value)
}

/// A number with a deviation of at most so many per cent, which depends on the names and the day alone.
pub(super) fn around(value: i64, per_cent: i64, person: &str, code: &str, day: i64) -> i64 {
    // FNV-1a over the names and the day.
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    let bytes = person.bytes().chain(code.bytes()).chain(day.to_le_bytes());
    for byte in bytes {
        hash ^= u64::from(byte);
        hash = hash.wrapping_mul(0x0000_0100_0000_01b3);
    }
    let share = i64::try_from((hash >> 32) % 2001).unwrap_or(1000) - 1000;
    value + value * per_cent * share / 100_000
}

/// A part of a number, in per mille.
pub(super) const fn per_mille(value: i64, share: i64) -> i64 {
    value * share / 1000
}

#[cfg(test)]
mod tests {
    use super::{around, between};

    #[test]
    fn a_line_goes_through_its_points() {
        let points = [(0, 10), (4, 2), (10, 8)];
        let line: Vec<i64> = [-3, 0, 1, 4, 7, 10, 99]
            .map(|day| between(&points, day))
            .to_vec();
        assert_eq!(line, [10, 10, 8, 2, 5, 8, 8]);
    }

    #[test]
    fn a_deviation_is_small_and_always_the_same() {
        for day in 0..200 {
            let value = around(1000, 5, "P1", "anc", day);
            assert!((950..=1050).contains(&value), "{value}");
            assert_eq!(value, around(1000, 5, "P1", "anc", day));
        }
    }
}
