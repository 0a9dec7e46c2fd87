//! Age in completed years.

use crate::when::When;

/// The least and the greatest age, in completed calendar years, at `at` of a person born at `birth`.
///
/// Age is counted by birthdays, never by dividing days. A person born on 29 February turns a year
/// older on 1 March in common years. Both ends are reached by some pair of days that the data allow
/// and in which the birth is not after `at`; if there is no such pair, both are negative.
#[must_use]
pub fn age_completed_years(birth: &When, at: &When) -> (i64, i64) {
    let youngest = birth.last_day().completed_years_until(at.first_day());
    let oldest = birth.first_day().completed_years_until(at.last_day());
    if oldest >= 0 {
        (youngest.max(0), oldest)
    } else {
        (youngest, oldest)
    }
}
