//! How much time lies between two times.

use crate::when::When;

/// The least and the greatest number of civil days from `from` to `to`; negative backwards.
#[must_use]
pub fn elapsed_days(from: &When, to: &When) -> (i64, i64) {
    (
        from.last_day().days_until(to.first_day()),
        from.first_day().days_until(to.last_day()),
    )
}

/// The least and the greatest number of seconds from `from` to `to`; negative backwards.
///
/// For lengths that are compared with half-lives: the exact range, with nothing rounded.
#[must_use]
pub fn elapsed_seconds_range(from: &When, to: &When) -> (i64, i64) {
    let last = |when: &When| when.end().seconds() - 1;
    (
        to.start().seconds() - last(from),
        last(to) - from.start().seconds(),
    )
}
