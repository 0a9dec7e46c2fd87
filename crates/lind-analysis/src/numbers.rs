//! Exact statistics of a list of numbers.

use lind_model::results::Numbers;
use lind_model::trial::Quartiles;
use lind_units::Exact;

/// Sums numbers up; none of no number. `going_on` of them are only known to be at least so much.
pub(crate) fn summed(
    mut values: Vec<Exact>,
    going_on: usize,
    quartiles: Quartiles,
) -> Option<Numbers> {
    values.sort();
    let (least, greatest) = (values.first()?.clone(), values.last()?.clone());
    let count = values.len();
    let number = whole(count);
    let sum = values.iter().fold(Exact::zero(), |sum, one| sum.add(one));
    let mean = sum.checked_div(&number)?;
    let variance = (count > 1).then(|| {
        let squares = values.iter().fold(Exact::zero(), |sum, one| {
            let away = one.sub(&mean);
            sum.add(&away.mul(&away))
        });
        squares.checked_div(&whole(count - 1)).unwrap_or_default()
    });
    let median = middle(&values)?;
    let quarters = (count > 1)
        .then(|| {
            let quarter = Exact::from_ratio(1, 4)?;
            let three = Exact::from_ratio(3, 4)?;
            Some((
                quantile(&values, &quarter, quartiles)?,
                quantile(&values, &three, quartiles)?,
            ))
        })
        .flatten();
    Some(Numbers {
        count,
        going_on,
        median,
        least,
        greatest,
        quartiles: quarters,
        mean,
        variance,
    })
}

fn whole(count: usize) -> Exact {
    Exact::from_integer(i64::try_from(count).unwrap_or(i64::MAX))
}

/// The middle one of sorted numbers; of an even number, the mean of the two in the middle.
fn middle(sorted: &[Exact]) -> Option<Exact> {
    let half = sorted.len() / 2;
    let upper = sorted.get(half)?;
    if sorted.len() % 2 == 1 {
        return Some(upper.clone());
    }
    let lower = sorted.get(half.checked_sub(1)?)?;
    lower.add(upper).checked_div(&Exact::from_integer(2))
}

/// A quantile of sorted numbers (Hyndman and Fan 1996).
fn quantile(sorted: &[Exact], share: &Exact, rule: Quartiles) -> Option<Exact> {
    let count = whole(sorted.len());
    let place = match rule {
        Quartiles::Type2 => count.mul(share),
        Quartiles::Type6 => count.add(&Exact::one()).mul(share),
        Quartiles::Type7 => count.sub(&Exact::one()).mul(share).add(&Exact::one()),
    };
    let floor = place.floor()?;
    let part = place.sub(&Exact::from_integer(floor));
    let at = |place: i64| {
        let index = usize::try_from(place.max(1) - 1).unwrap_or(0);
        sorted.get(index.min(sorted.len().saturating_sub(1)))
    };
    let (low, high) = (at(floor)?, at(floor.saturating_add(1))?);
    match rule {
        // At a step the mean of both sides, between two steps the next one.
        Quartiles::Type2 if part.is_zero() => low.add(high).checked_div(&Exact::from_integer(2)),
        Quartiles::Type2 => Some(high.clone()),
        Quartiles::Type6 | Quartiles::Type7 => Some(low.add(&high.sub(low).mul(&part))),
    }
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::indexing_slicing,
        reason = "tests fail by panicking"
    )]

    use super::*;

    fn exact(numbers: &[i64]) -> Vec<Exact> {
        numbers
            .iter()
            .map(|one| Exact::from_integer(*one))
            .collect()
    }

    #[test]
    fn the_published_medians_of_eight_are_means_of_the_two_in_the_middle() {
        let days = summed(exact(&[9, 11, 8, 10, 9, 15, 22, 9]), 0, Quartiles::Type6).unwrap();
        assert_eq!(days.median.to_decimal_text(2), "9.5");
        assert_eq!(days.least, Exact::from_integer(8));
        assert_eq!(days.greatest, Exact::from_integer(22));
    }

    /// The quartiles of 1 to 8 by the three rules, as R's `quantile(1:8, c(.25, .75), type = …)` gives them.
    #[test]
    fn quartiles_of_eight_differ_by_rule() {
        let of = |rule| {
            let numbers = summed(exact(&[1, 2, 3, 4, 5, 6, 7, 8]), 0, rule).unwrap();
            let (low, high) = numbers.quartiles.unwrap();
            (low.to_decimal_text(2), high.to_decimal_text(2))
        };
        assert_eq!(of(Quartiles::Type2), ("2.5".into(), "6.5".into()));
        assert_eq!(of(Quartiles::Type6), ("2.25".into(), "6.75".into()));
        assert_eq!(of(Quartiles::Type7), ("2.75".into(), "6.25".into()));
    }

    #[test]
    fn one_number_has_no_quartiles_and_no_variance() {
        let numbers = summed(exact(&[5]), 0, Quartiles::Type6).unwrap();
        assert_eq!((numbers.quartiles, numbers.variance), (None, None));
        assert!(summed(Vec::new(), 0, Quartiles::Type6).is_none());
    }

    #[test]
    fn the_variance_is_that_of_a_sample() {
        let numbers = summed(exact(&[2, 4, 4, 4, 5, 5, 7, 9]), 0, Quartiles::Type7).unwrap();
        assert_eq!(numbers.mean, Exact::from_integer(5));
        assert_eq!(numbers.variance.unwrap(), Exact::from_ratio(32, 7).unwrap());
    }
}
