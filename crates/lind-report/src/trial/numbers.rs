//! Numbers as reports print them: rounded as the protocol states, never by a float.

use lind_model::results::{Numbers, Summed};
use lind_model::trial::{Endpoint, Rounding, Statistics, Summary};
use lind_units::Exact;

/// Digits behind the point of a number that has no stated number of them and does not end.
const DIGITS: u32 = 2;
/// A number that ends within so many digits is printed whole.
const MOST_DIGITS: usize = 6;

/// A number with so many decimals.
pub(super) fn rounded(number: &Exact, decimals: u32, rounding: Rounding) -> String {
    let digits = usize::try_from(decimals).unwrap_or(0);
    match rounding {
        Rounding::HalfUp => number.rounded_text(digits),
        Rounding::HalfEven => half_even(number, decimals),
    }
}

/// Half to the even neighbour.
fn half_even(number: &Exact, decimals: u32) -> String {
    let digits = usize::try_from(decimals).unwrap_or(0);
    let exponent = i32::try_from(decimals).unwrap_or(0);
    let scaled = number.abs().mul(&Exact::from_scientific(1, exponent));
    let half = Exact::from_scientific(5, -1);
    let is_tie = scaled
        .floor()
        .is_some_and(|floor| scaled.sub(&Exact::from_integer(floor)) == half);
    let is_even = scaled.floor().is_some_and(|floor| floor % 2 == 0);
    if is_tie && is_even {
        // Toward zero: the half that rounding would add is taken away first.
        let unit = Exact::from_scientific(5, -1 - exponent);
        let down = number.abs().sub(&unit);
        let text = down.rounded_text(digits);
        return if number.signum() < 0 && !down.is_zero() {
            format!("-{text}")
        } else {
            text
        };
    }
    number.rounded_text(digits)
}

/// A number with the decimals that the endpoint states, or else as many as it has.
pub(super) fn number(number: &Exact, decimals: Option<u32>, statistics: &Statistics) -> String {
    match decimals {
        Some(decimals) => rounded(number, decimals, statistics.rounding),
        None => {
            let whole = number.to_decimal_text(MOST_DIGITS);
            let reads_back =
                lind_units::Decimal::parse(&whole).is_ok_and(|read| read.to_exact() == *number);
            if reads_back {
                whole
            } else {
                rounded(number, DIGITS, statistics.rounding)
            }
        }
    }
}

/// From one number to another: `8-22`, and `-8 to -2` where a minus sign would be read as a dash.
fn range(
    least: &Exact,
    greatest: &Exact,
    decimals: Option<u32>,
    statistics: &Statistics,
) -> String {
    let (low, high) = (
        number(least, decimals, statistics),
        number(greatest, decimals, statistics),
    );
    if least.signum() < 0 || greatest.signum() < 0 {
        format!("{low} to {high}")
    } else {
        format!("{low}-{high}")
    }
}

/// A share in per cent.
pub(super) fn percent(part: usize, whole: usize, statistics: &Statistics) -> Option<String> {
    let (part, whole) = (i64::try_from(part).ok()?, i64::try_from(whole).ok()?);
    let share = Exact::from_ratio(part, whole)?.mul(&Exact::from_integer(100));
    Some(format!(
        "{} %",
        rounded(&share, statistics.percent_decimals, statistics.rounding)
    ))
}

/// `5 (63 %)`
pub(super) fn count(part: usize, whole: usize, statistics: &Statistics) -> String {
    match percent(part, whole, statistics) {
        Some(percent) => format!("{part} ({percent})"),
        None => part.to_string(),
    }
}

/// What a sum says, in one cell.
pub(super) fn cell(summed: &Summed, endpoint: &Endpoint, statistics: &Statistics) -> String {
    match summed {
        Summed::Share {
            yes,
            known,
            interval,
        } => {
            let text = count(*yes, *known, statistics);
            match interval {
                Some((low, high)) => {
                    let hundred = Exact::from_integer(100);
                    let end = |end: &Exact| rounded(&end.mul(&hundred), 1, statistics.rounding);
                    format!("{text}, {} to {} %", end(low), end(high))
                }
                None => text,
            }
        }
        Summed::Numbers(None) => "no value".to_owned(),
        Summed::Numbers(Some(numbers)) => of_numbers(numbers, endpoint, statistics),
        Summed::Counts(rows) => match rows.as_slice() {
            [] => "none".to_owned(),
            rows => format!("{} terms", rows.len()),
        },
    }
}

fn of_numbers(numbers: &Numbers, endpoint: &Endpoint, statistics: &Statistics) -> String {
    let decimals = endpoint.decimals;
    let one = |value: &Exact| number(value, decimals, statistics);
    let mut text = match endpoint.summary {
        // A range of one value says nothing.
        Summary::MedianRange | Summary::Range if numbers.count == 1 => one(&numbers.median),
        Summary::MedianRange => format!(
            "{} ({})",
            one(&numbers.median),
            range(&numbers.least, &numbers.greatest, decimals, statistics)
        ),
        Summary::Range => range(&numbers.least, &numbers.greatest, decimals, statistics),
        Summary::MedianQuartiles => match &numbers.quartiles {
            Some((low, high)) => format!(
                "{} ({})",
                one(&numbers.median),
                range(low, high, decimals, statistics)
            ),
            None => one(&numbers.median),
        },
        Summary::MeanDeviation => match &numbers.variance {
            Some(variance) => format!(
                "{} ({})",
                one(&numbers.mean),
                deviation(variance, decimals.unwrap_or(DIGITS), statistics)
            ),
            None => one(&numbers.mean),
        },
        Summary::Share { .. } | Summary::Counts => String::new(),
    };
    if numbers.going_on > 0 {
        text.push_str(&format!(", {} still going on", numbers.going_on));
    }
    text
}

/// The root of a variance, to so many decimals: the number whose square is nearest.
fn deviation(variance: &Exact, decimals: u32, statistics: &Statistics) -> String {
    // Two digits more than are printed, by halving: the square decides exactly on which side the root lies.
    let exponent = i32::try_from(decimals).unwrap_or(0).saturating_add(2);
    let step = Exact::from_scientific(1, -exponent);
    let (mut low, mut high) = (Exact::zero(), variance.clone().max(Exact::one()));
    let two = Exact::from_integer(2);
    for _ in 0..200 {
        if high.sub(&low) <= step {
            break;
        }
        let Some(middle) = low.add(&high).checked_div(&two) else {
            break;
        };
        if middle.mul(&middle) <= *variance {
            low = middle;
        } else {
            high = middle;
        }
    }
    rounded(&low, decimals, statistics.rounding)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use super::*;

    #[test]
    fn five_of_eight_is_63_per_cent_half_up_and_62_half_even() {
        let mut statistics = Statistics::default();
        assert_eq!(count(5, 8, &statistics), "5 (63 %)");
        assert_eq!(count(7, 8, &statistics), "7 (88 %)");
        statistics.rounding = Rounding::HalfEven;
        assert_eq!(count(5, 8, &statistics), "5 (62 %)");
        assert_eq!(count(7, 8, &statistics), "7 (88 %)");
        assert_eq!(count(0, 0, &statistics), "0");
    }

    #[test]
    fn a_number_that_ends_is_printed_whole() {
        let statistics = Statistics::default();
        let median = Exact::from_ratio(163_533, 2).unwrap();
        assert_eq!(number(&median, None, &statistics), "81766.5");
        let third = Exact::from_ratio(1, 3).unwrap();
        assert_eq!(number(&third, None, &statistics), "0.33");
    }

    #[test]
    fn a_range_with_a_minus_is_said_in_words() {
        let statistics = Statistics::default();
        let exact = Exact::from_integer;
        assert_eq!(range(&exact(8), &exact(22), None, &statistics), "8-22");
        assert_eq!(
            range(&exact(-12), &exact(-4), None, &statistics),
            "-12 to -4"
        );
    }

    #[test]
    fn the_deviation_is_the_root_of_the_variance() {
        let statistics = Statistics::default();
        let variance = Exact::from_ratio(32, 7).unwrap();
        assert_eq!(deviation(&variance, 2, &statistics), "2.14");
        assert_eq!(deviation(&Exact::from_integer(4), 1, &statistics), "2.0");
        assert_eq!(deviation(&Exact::zero(), 1, &statistics), "0.0");
    }
}
