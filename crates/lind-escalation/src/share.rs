//! Shares as people write them.

use lind_units::{Decimal, Exact};

use crate::ratio;

/// A share written in per cent, with the sign: `30%`, `2.5 %`; none for anything else.
///
/// A number without the sign may be a share or per cent, and is not guessed.
///
/// ```
/// use lind_escalation::{parse_percent, percent_text};
///
/// assert_eq!(parse_percent("2.5 %").expect("a share").to_string(), "0.025");
/// assert_eq!(parse_percent("0.3"), None);
/// assert_eq!(percent_text(&parse_percent("30%").expect("a share")), "30 %");
/// ```
#[must_use]
pub fn parse_percent(text: &str) -> Option<Exact> {
    let number = text.trim().strip_suffix('%')?.trim_end();
    let number = Decimal::parse(number).ok()?.to_exact();
    Some(number.mul(&ratio(1, 100)))
}

/// A share in per cent, exactly if it takes at most four fraction digits.
#[must_use]
pub fn percent_text(share: &Exact) -> String {
    format!("{} %", share.mul(&ratio(100, 1)).to_decimal_text(4))
}
