//! The dose of a drug: what was given at once, what the directions say, or what was supplied over the
//! days that it was for.

use lind_units::{Decimal, Exact, Unit};

use super::clinical::{CONCEPT, Fact};
use super::concepts::Concepts;
use crate::intake::Intake;
use crate::rules;
use crate::words::same_word;

/// Of a drug exposure.
const QUANTITY: usize = 11;
const DAYS_SUPPLY: usize = 12;
const SIG: usize = 15;

/// How much is taken.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Dose {
    pub(super) amount: String,
    pub(super) unit: String,
    /// Empty: it is said in the unit, or it was once.
    pub(super) frequency: String,
}

/// Words for how often a drug is taken, as directions have them.
const FREQUENCIES: [&str; 15] = [
    "daily",
    "once_daily",
    "qd",
    "od",
    "twice_daily",
    "bid",
    "three_times_daily",
    "tid",
    "four_times_daily",
    "qid",
    "every_other_day",
    "qod",
    "weekly",
    "once_weekly",
    "every_2_weeks",
];

/// The dose of a row; none: it is not said.
pub(super) fn dose(
    fact: &Fact<'_>,
    was_given: bool,
    concepts: &Concepts,
    intake: &mut Intake,
) -> Option<Dose> {
    if let Some(given) = given(fact, was_given, concepts) {
        return Some(given);
    }
    // So many tablets tell less than what was supplied does, and more than nothing.
    let (told, counted) = match directed(fact.cell(SIG)) {
        Some(dose) if is_counted(&dose.unit) => (None, Some(dose)),
        told => (told, None),
    };
    let told = told.or_else(|| from_supply(fact, was_given, concepts, intake));
    told.or(counted)
}

/// Whether a unit is of pieces: `{tablet}`.
fn is_counted(unit: &str) -> bool {
    Unit::parse(unit).is_ok_and(|unit| unit.code().contains('{'))
}

/// What was supplied, over the days that it was for; if the mapping says that this is the dose.
fn from_supply(
    fact: &Fact<'_>,
    was_given: bool,
    concepts: &Concepts,
    intake: &mut Intake,
) -> Option<Dose> {
    let rule = fact.supply.filter(|_| !was_given)?;
    let (amount, unit) = strength(fact, concepts)?;
    let quantity = Decimal::parse(fact.cell(QUANTITY)).ok()?;
    let days = Decimal::parse(fact.cell(DAYS_SUPPLY)).ok()?;
    let zero = Decimal::from_integer(0);
    let is_above_zero = |number: &Decimal| number.compare_value(&zero).is_gt();
    if !(is_above_zero(&amount) && is_above_zero(&quantity) && is_above_zero(&days)) {
        return None;
    }
    let all = amount.to_exact().mul(&quantity.to_exact());
    let dose = supplied(&all, &days, unit);
    match dose {
        Some(_) => intake.names.uses.count(rule),
        None => {
            let message = "what was supplied for a day is no decimal number; the row is used without \
                           its dose";
            let origin = fact.sheet.origin(&fact.record);
            intake.remark_at(&rules::D0788_LEFT_OUT, &origin, message.to_owned());
        }
    }
    dose
}

/// What one piece of a product with one ingredient holds, in a unit of UCUM.
fn strength<'c>(fact: &Fact<'_>, concepts: &'c Concepts) -> Option<(Decimal, &'c str)> {
    let strength = concepts.strength(fact.id(CONCEPT))?;
    let unit = concepts.get(strength.unit)?;
    let amount = Decimal::parse(&strength.amount).ok()?;
    (&*unit.system == "ucum").then_some((amount, &*unit.code))
}

/// The dose that was given, where one of a product with one ingredient was given.
fn given(fact: &Fact<'_>, was_given: bool, concepts: &Concepts) -> Option<Dose> {
    let one = Decimal::from_integer(1);
    let is_one = Decimal::parse(fact.cell(QUANTITY))
        .is_ok_and(|quantity| quantity.compare_value(&one).is_eq());
    let strength = concepts
        .strength(fact.id(CONCEPT))
        .filter(|_| was_given && is_one)?;
    let unit = concepts.get(strength.unit)?;
    (&*unit.system == "ucum").then(|| Dose {
        amount: strength.amount.to_string(),
        unit: unit.code.to_string(),
        frequency: String::new(),
    })
}

/// `500 mg twice daily`. Of any other directions no dose is made.
fn directed(sig: &str) -> Option<Dose> {
    let (amount, rest) = sig.trim().split_once(' ')?;
    let rest = rest.trim_start();
    let (unit, frequency) = rest.split_once(' ').unwrap_or((rest, ""));
    let frequency = frequency.trim();
    let mut known = FREQUENCIES.iter();
    let is_known = frequency.is_empty() || known.any(|known| same_word(frequency, known));
    let is_dose = Decimal::parse(amount).is_ok() && Unit::parse(unit).is_ok();
    (is_dose && is_known).then(|| Dose {
        amount: amount.to_owned(),
        unit: unit.to_owned(),
        frequency: frequency.to_owned(),
    })
}

/// All of it over so many days: in a day where that is a decimal number, else in so many days.
fn supplied(all: &Exact, days: &Decimal, unit: &str) -> Option<Dose> {
    let a_day = all.checked_div(&days.to_exact())?;
    let of = |amount: String, unit: String| {
        Unit::parse(&unit).is_ok().then(|| Dose {
            amount,
            unit,
            frequency: String::new(),
        })
    };
    if let Some(amount) = decimal(&a_day) {
        return of(amount, format!("{unit}/d"));
    }
    of(decimal(all)?, format!("{unit}/({days}.d)"))
}

/// A number as a decimal, if it is one of few digits.
fn decimal(number: &Exact) -> Option<String> {
    const MOST_PLACES: u32 = 12;
    let (numerator, denominator) = number.small_parts()?;
    let places = (0..=MOST_PLACES).find(|places| {
        let scale = 10_i128.checked_pow(*places);
        scale.and_then(|scale| scale.checked_rem(denominator)) == Some(0)
    })?;
    let scale = 10_i128.checked_pow(places)?.checked_div(denominator)?;
    let digits = numerator.checked_mul(scale)?.to_string();
    let places = usize::try_from(places).ok()?;
    if places == 0 {
        return Some(digits);
    }
    let padded = format!("{digits:0>width$}", width = places + 1);
    let (whole, rest) = padded.split_at_checked(padded.len().checked_sub(places)?)?;
    Some(format!("{whole}.{rest}"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use super::{Dose, directed, is_counted, supplied};
    use lind_units::Decimal;

    fn of(amount: &str, unit: &str, frequency: &str) -> Option<Dose> {
        Some(Dose {
            amount: amount.to_owned(),
            unit: unit.to_owned(),
            frequency: frequency.to_owned(),
        })
    }

    #[test]
    fn directions_are_a_dose_if_they_are_nothing_else() {
        for (sig, dose) in [
            ("500 mg twice daily", of("500", "mg", "twice daily")),
            (" 10  mg  QD ", of("10", "mg", "QD")),
            ("15 mg/d", of("15", "mg/d", "")),
            ("10 mg when needed", None),
            ("take 1 tablet daily", None),
            ("2 tablets daily", of("2", "tablets", "daily")),
            ("1 spoon daily", None),
            ("mg", None),
            ("", None),
        ] {
            assert_eq!(directed(sig), dose, "{sig}");
        }
    }

    #[test]
    fn tablets_are_counted_and_milligrams_are_not() {
        assert!(is_counted("tablets"));
        assert!(!is_counted("mg"));
    }

    #[test]
    fn what_was_supplied_is_exact() {
        let number = |text: &str| Decimal::parse(text).unwrap();
        for (amount, quantity, days, dose) in [
            ("500", "60", "30", of("1000", "mg/d", "")),
            ("5", "30", "60", of("2.5", "mg/d", "")),
            ("0.5", "1", "8", of("0.0625", "mg/d", "")),
            ("20", "90", "28", of("1800", "mg/(28.d)", "")),
        ] {
            let all = number(amount).to_exact().mul(&number(quantity).to_exact());
            assert_eq!(supplied(&all, &number(days), "mg"), dose, "{amount}");
        }
    }
}
