//! Equations that hold for all numbers and units.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

use core::cmp::Ordering;

use dashu_int::IBig;
use lind_units::{Decimal, Exact, Unit};
use proptest::prelude::*;

fn unit(text: &str) -> Unit {
    Unit::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn decimal(text: &str) -> Decimal {
    Decimal::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// The same quantity in two units, for 2,000 decimals: the value in the first is never above or
/// below its own conversion into the second. In floats 98 to 1,409 of 2,000 are.
#[test]
fn a_value_on_a_threshold_is_on_it_in_every_unit() {
    let mut wrong = 0;
    for (left, right) in [
        ("ug/h", "ug/d"),
        ("mg/min", "mg/h"),
        ("mL/s", "mL/min"),
        ("ukat/L", "U/L"),
        ("10*9/L", "/uL"),
        ("g/L", "g/dL"),
        ("Cel", "[degF]"),
        ("[tsp_us]", "mL"),
    ] {
        let (left, right) = (unit(left), unit(right));
        let there = left.conversion(&right, None).unwrap();
        let back = right.conversion(&left, None).unwrap();
        for step in 1..=2_000_i64 {
            let value = decimal(&format!("{}.{:03}", step / 7, step * 13 % 1_000));
            let converted = there.apply_decimal(&value);
            let returned = back.apply(&converted);
            let on_threshold = there.compare(&value, &converted) == Ordering::Equal
                && returned == value.to_exact()
                && back.apply(&converted).cmp(&value.to_exact()) == Ordering::Equal;
            wrong += u32::from(!on_threshold);
        }
    }
    assert_eq!(wrong, 0);
}

/// A fraction of unbounded integers that is never reduced: slow and obvious.
#[derive(Clone, Debug)]
struct Naive {
    above: IBig,
    below: IBig,
}

impl Naive {
    fn of(above: i128, below: i128) -> Self {
        Self {
            above: above.into(),
            below: below.into(),
        }
    }

    fn add(&self, other: &Self) -> Self {
        Self {
            above: &self.above * &other.below + &other.above * &self.below,
            below: &self.below * &other.below,
        }
    }

    fn mul(&self, other: &Self) -> Self {
        Self {
            above: &self.above * &other.above,
            below: &self.below * &other.below,
        }
    }

    fn positive(self) -> Self {
        if self.below < IBig::ZERO {
            Self {
                above: -self.above,
                below: -self.below,
            }
        } else {
            self
        }
    }

    fn cmp(&self, other: &Self) -> Ordering {
        let (left, right) = (self.clone().positive(), other.clone().positive());
        (left.above * right.below).cmp(&(right.above * left.below))
    }

    /// Rounded half away from zero to a number of digits.
    fn rounded(&self, digits: usize) -> String {
        let value = self.clone().positive();
        let negative = value.above < IBig::ZERO;
        let magnitude = if negative { -value.above } else { value.above };
        let scaled = magnitude * IBig::from(10).pow(digits) * 2 + &value.below;
        let quotient: IBig = scaled / (value.below * 2);
        let text = format!("{:0>width$}", quotient.to_string(), width = digits + 1);
        let (integer, fraction) = text.split_at(text.len() - digits);
        let sign = if negative && quotient != IBig::ZERO {
            "-"
        } else {
            ""
        };
        let point = if digits > 0 { "." } else { "" };
        format!("{sign}{integer}{point}{fraction}")
    }
}

/// Small, large and extreme integers, so that both paths and the border between them are met.
fn integer() -> impl Strategy<Value = i128> {
    prop_oneof![
        -1_000_i128..1_000,
        any::<i64>().prop_map(i128::from),
        any::<i128>(),
        Just(i128::MAX),
        Just(i128::MIN),
        Just(i128::MIN + 1),
        (0_u32..38).prop_map(|power| 10_i128.pow(power)),
    ]
}

fn fraction() -> impl Strategy<Value = (Exact, Naive)> {
    (
        integer(),
        integer().prop_filter("not zero", |below| *below != 0),
    )
        .prop_map(|(above, below)| {
            (
                Exact::from_parts(above, below).expect("not zero"),
                Naive::of(above, below),
            )
        })
}

fn same(exact: &Exact, naive: &Naive) -> bool {
    (0..4).all(|digits| exact.rounded_text(digits * 15) == naive.rounded(digits * 15))
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 256,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn exact_numbers_follow_a_naive_model((a, x) in fraction(), (b, y) in fraction()) {
        prop_assert!(same(&a, &x));
        prop_assert!(same(&a.add(&b), &x.add(&y)));
        prop_assert!(same(&a.mul(&b), &x.mul(&y)));
        prop_assert!(same(&a.mul(&b).mul(&b), &x.mul(&y).mul(&y)));
        prop_assert_eq!(a.cmp(&b), x.cmp(&y));
        prop_assert_eq!(a == b, x.cmp(&y) == Ordering::Equal);
        prop_assert_eq!(a.signum(), match x.cmp(&Naive::of(0, 1)) {
            Ordering::Less => -1,
            Ordering::Equal => 0,
            Ordering::Greater => 1,
        });
    }

    #[test]
    fn exact_numbers_are_a_field((a, _) in fraction(), (b, _) in fraction(), (c, _) in fraction()) {
        prop_assert_eq!(a.add(&b), b.add(&a));
        prop_assert_eq!(a.mul(&b), b.mul(&a));
        prop_assert_eq!(a.add(&b).add(&c), a.add(&b.add(&c)));
        prop_assert_eq!(a.mul(&b.add(&c)), a.mul(&b).add(&a.mul(&c)));
        prop_assert_eq!(a.sub(&b).add(&b), a.clone());
        prop_assert_eq!(a.neg().neg(), a.clone());
        prop_assert_eq!(a.abs().signum(), a.signum().abs());
        if let Some(quotient) = a.checked_div(&b) {
            prop_assert_eq!(quotient.mul(&b), a.clone());
        } else {
            prop_assert!(b.is_zero());
        }
        if let Some(floor) = a.floor() {
            let floor = Exact::from_integer(floor);
            prop_assert!(floor <= a && a < floor.add(&Exact::one()));
        }
    }

    #[test]
    fn big_numbers_come_back_small((a, _) in fraction(), (b, _) in fraction()) {
        // However far a sum goes, the way back ends in the same representation.
        let far = a.mul(&Exact::from_scientific(1, 60)).add(&b);
        let back = far.sub(&b).mul(&Exact::from_scientific(1, -60));
        prop_assert_eq!(&back, &a);
        prop_assert_eq!(back.small_parts().is_some(), a.small_parts().is_some());
    }

    #[test]
    fn a_cut_decimal_is_a_prefix_of_the_number((a, _) in fraction(), digits in 0_usize..30) {
        let text = a.to_decimal_text(digits);
        match text.strip_suffix('…') {
            None => {
                let (integer, fraction) = text.split_once('.').unwrap_or((&text, ""));
                prop_assert!(fraction.len() <= digits);
                prop_assert!(!integer.is_empty());
                prop_assert_eq!(text.clone(), a.rounded_text(fraction.len()));
            }
            Some(cut) => {
                // Within one unit of the last digit, towards zero.
                let longer = a.abs().to_decimal_text(digits + 40);
                prop_assert!(longer.starts_with(cut.trim_start_matches('-')));
            }
        }
    }

    #[test]
    fn decimals_print_as_written(text in "-?(0|[1-9][0-9]{0,17})(\\.[0-9]{1,18})?(e-?[1-9])?") {
        let value = Decimal::parse(&text).expect("a number");
        let negative_zero = text.starts_with('-') && value.mantissa() == 0;
        prop_assert_eq!(value.to_string(), if negative_zero { text.trim_start_matches('-').to_owned() } else { text });
        prop_assert!(value.same_value(&Decimal::parse(&value.to_string()).expect("a number")));
    }

    #[test]
    fn decimals_compare_by_value(left in "-?[0-9]{1,12}(\\.[0-9]{1,8})?", right in "-?[0-9]{1,12}(\\.[0-9]{1,8})?") {
        let (left, right) = (Decimal::parse(&left).expect("a number"), Decimal::parse(&right).expect("a number"));
        prop_assert_eq!(left.compare_value(&right), left.to_exact().cmp(&right.to_exact()));
    }

    #[test]
    fn conversions_go_there_and_back(
        group in 0_usize..GROUPS.len(),
        from in any::<prop::sample::Index>(),
        via in any::<prop::sample::Index>(),
        to in any::<prop::sample::Index>(),
        value in "-?[0-9]{1,9}(\\.[0-9]{1,9})?",
    ) {
        let group: &[&str] = GROUPS.get(group).expect("a group");
        let (from, via, to) = (unit(from.get::<&str>(group)), unit(via.get::<&str>(group)), unit(to.get::<&str>(group)));
        let value = decimal(&value);
        let there = from.conversion(&via, None).expect("commensurable");
        let back = via.conversion(&from, None).expect("commensurable");
        prop_assert_eq!(back.apply(&there.apply_decimal(&value)), value.to_exact());
        // A detour makes no difference.
        let direct = from.conversion(&to, None).expect("commensurable");
        let onward = via.conversion(&to, None).expect("commensurable");
        prop_assert_eq!(onward.apply(&there.apply_decimal(&value)), direct.apply_decimal(&value));
        // Comparing across is comparing the values.
        let limit = onward.apply(&there.apply_decimal(&decimal("1.5")));
        prop_assert_eq!(
            direct.compare(&value, &limit),
            value.compare_value(&decimal("1.5")),
        );
    }
}

/// Units that convert into each other.
const GROUPS: &[&[&str]] = &[
    &["g/dL", "g/L", "mg/mL", "kg/m3", "ug/uL", "mg/dL"],
    &["ukat/L", "U/L", "nkat/mL", "mol/(s.L)", "mU/mL", "kat/m3"],
    &["s", "min", "h", "d", "wk"],
    &["Cel", "[degF]", "K"],
    &["m", "[in_i]", "[ft_us]", "[nmi_i]", "[pnt]"],
    &["mm[Hg]", "kPa", "[psi]", "atm", "cm[H2O]"],
    &["10*9/L", "/uL", "10*3/mm3", "10*6/mL"],
    &["%", "1", "[ppth]", "[car_Au]", "[ppm]"],
    &["deg", "rad", "'", "gon", "circ"],
];
